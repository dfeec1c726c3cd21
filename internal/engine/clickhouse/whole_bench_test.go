package clickhouse_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"sentinel/internal/engine/clickhouse/servertest"
)

// BenchmarkWhole is what somebody waits for: a file is loaded into two shards, and then the whole report of it is asked
// from them and from the file in turn, by processes of the program as it was built. SENTINEL_BENCH_CAPTURE names the file.
func BenchmarkWhole(b *testing.B) {
	capture := os.Getenv("SENTINEL_BENCH_CAPTURE")
	if capture == "" {
		b.Skip("SENTINEL_BENCH_CAPTURE names no file")
	}
	servers := servertest.Start(b, 2, servertest.Options{Dir: os.Getenv("SENTINEL_BENCH_DIR")})
	address := servers.Address("sentinel?cluster=" + servertest.Name)
	b.Setenv("SENTINEL_CLICKHOUSE_PASSWORD", servertest.Password)
	b.Setenv("SENTINEL_CLICKHOUSE_USER", servertest.User)
	for b.Loop() {
		loading := runWhole(b, servers, "load", "--quiet", "--engine", address, capture)
		loading.report(b, "load")
		embedded := runWhole(b, servers, "analyze", "--reproducible", "--format", "json", capture)
		embedded.report(b, "duckdb")
		cluster := runWhole(b, servers, "analyze", "--reproducible", "--format", "json", "--engine", address)
		cluster.report(b, "clickhouse")
		if !bytes.Equal(findingsOf(b, cluster), findingsOf(b, embedded)) {
			b.Error("the findings differ")
		}
		b.ReportMetric(cluster.clock.Seconds()/embedded.clock.Seconds(), "clickhouse/duckdb")
	}
}

// whole is what a process of the program took.
type whole struct {
	clock, client, server time.Duration
	megabytes             float64 // at most in memory
	output                []byte
}

func (w whole) report(b *testing.B, name string) {
	b.ReportMetric(w.clock.Seconds(), name+"-s")
	b.ReportMetric(w.client.Seconds(), name+"-client-s")
	b.ReportMetric(w.server.Seconds(), name+"-server-s")
	b.ReportMetric(w.megabytes, name+"-client-MB")
}

func runWhole(b *testing.B, servers *servertest.Cluster, arguments ...string) whole {
	b.Helper()
	program, err := filepath.Abs(cmp.Or(os.Getenv("SENTINEL_BENCH_PROGRAM"), "../../../bin/sentinel"))
	if err != nil {
		b.Fatal(err)
	}
	command := exec.Command(program, arguments...)
	var output, complaints bytes.Buffer
	command.Stdout, command.Stderr = &output, &complaints
	begun, server := time.Now(), servers.Processor(b)
	if err := command.Run(); err != nil {
		b.Fatal(fmt.Errorf("%v: %w: %s", arguments, err, complaints.String()))
	}
	took := whole{clock: time.Since(begun), server: servers.Processor(b) - server, output: output.Bytes()}
	took.client = command.ProcessState.UserTime() + command.ProcessState.SystemTime()
	took.megabytes = float64(command.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024
	return took
}

func findingsOf(b *testing.B, w whole) []byte {
	b.Helper()
	var report struct{ Findings json.RawMessage }
	if err := json.Unmarshal(w.output, &report); err != nil || len(report.Findings) == 0 {
		b.Fatalf("no report with findings: %v", err)
	}
	return report.Findings
}
