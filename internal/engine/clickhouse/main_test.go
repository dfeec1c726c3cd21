package clickhouse

import (
	"flag"
	"os"
	"testing"
)

// fewChecks is how often random flows are tried, unless -rapid.checks says otherwise: each is loaded into servers.
const fewChecks = "6"

func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", fewChecks); err != nil {
		panic(err)
	}
	flag.Parse() // which may say otherwise
	os.Exit(m.Run())
}
