package clickhouse

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/engine/clickhouse/servertest"
	"sentinel/internal/explore"
)

// What a page asks, and what a person may, a current ClickHouse answers as the server of the tests does.
func TestExploreCurrentVersion(t *testing.T) {
	python := pythonWithCHDB(t)
	questions := exploreQuestions(t)
	input, err := json.Marshal(append(setUp(), questions...))
	if err != nil {
		t.Fatal(err)
	}
	current := exec.Command(python, "testdata/current.py")
	var complaints bytes.Buffer
	current.Stdin, current.Stderr = bytes.NewReader(input), &complaints
	output, err := current.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, complaints.String())
	}
	answers := map[string]string{}
	if err := json.Unmarshal(output, &answers); err != nil {
		t.Fatal(err)
	}
	servers := servertest.Start(t, 1, servertest.Options{})
	for _, question := range setUp() {
		servers.Servers[0].Exec(t, question[1])
	}
	var list [][2]string
	for _, question := range questions {
		list = append(list, question)
	}
	for name, answer := range servers.Servers[0].Ask(t, list) {
		if !strings.HasPrefix(name, "ask ") {
			continue
		}
		if answer == "" {
			t.Errorf("%s: no rows, so nothing is compared", name)
		}
		if diff := cmp.Diff(strings.Split(answer, "\n"), strings.Split(answers[name], "\n")); diff != "" {
			t.Errorf("%s (-server +%s):\n%s", name, answers["version"], diff[:min(len(diff), 3000)])
		}
	}
}

// chosenFilters use all conditions that a filter can have, but for the country, which is one of addresses.
var chosenFilters = map[string]explore.Filter{
	"everything": explore.Everything,
	"hosts":      {DstPort: 53, Host: netip.MustParseAddr("192.0.2.1"), Network: netip.MustParsePrefix("2001:db8::/32"), Proto: "tcp"},
	"network":    {DstPort: -1, Network: netip.MustParsePrefix("192.0.2.0/29"), Name: "a.example.com", From: 1709251200_000_000, To: 1709254200_000_000},
	"channel":    {DstPort: -1, SrcIP: netip.MustParseAddr("2001:db8::a"), DstIP: netip.MustParseAddr("198.51.100.1")},
}

// exploreQuestions are all statements that a store asks, with the tables before them that a question brings.
func exploreQuestions(t *testing.T) (list []named) {
	t.Helper()
	s := &Store{window: Window{To: 1709257000_000_000}, options: ExploreOptions{Internal: prefixes("192.0.2.0/24", "2001:db8::/64")}}
	list = append(list,
		named{"seen", "CREATE TEMPORARY TABLE seen (batch UInt64)"},
		named{"fill", "INSERT INTO seen SELECT arrayJoin([toUInt64(0), toUInt64(1), toUInt64(2), toUInt64(3)])"},
		named{"addresses", "CREATE TEMPORARY TABLE addresses (address String)"},
		named{"fill", "INSERT INTO addresses SELECT arrayJoin(['198.51.100.1', '2001:db8::a', '192.0.2.9'])"})
	for name, filter := range chosenFilters {
		chosen, err := s.choose(t.Context(), filter)
		if err != nil {
			t.Fatal(err)
		}
		chosen = chosen.to([]string{"in the table"})
		chosen.of["step"] = int64(600_000_000)
		add := func(statement string, pairs ...string) {
			text := bind(exploring(statement, append(pairs, "{where}", chosen.where())...), chosen.of)
			list = append(list, named{strings.Join(append([]string{"ask", name, statement}, pairs...), " "), text})
		}
		add("totals")
		add("timeline")
		add("counts")
		add("flows", "{offset}", "3", "{limit}", "20")
		add("contacts", "{limit}", "20")
		for _, of := range dimensions {
			keys := strings.Join(of.keys, ", ")
			add("sums", "{keys}", keys, "{order}", "ORDER BY flows DESC, "+keys+" LIMIT 7")
			add("values", "{keys}", keys)
		}
	}
	for _, by := range []explore.Dimension{explore.Names, explore.Edges} {
		chosen := s.whole()
		chosen = chosen.with(dimensions[by].only(s), nil)
		list = append(list, named{"ask only " + string(by), bind(exploring("totals", "{where}", chosen.where()), chosen.of)})
	}
	for _, statement := range []string{"names", "destinations"} {
		chosen := s.whole().to([]string{"in the table"})
		list = append(list, named{"ask " + statement, "SELECT * FROM (" + bind(exploring(statement, "{where}", chosen.where()), chosen.of) + ") ORDER BY dst_ip"})
	}
	return append(list, personsQuestions(t, s)...)
}

// personsQuestions are some that a person may ask.
func personsQuestions(t *testing.T, s *Store) (list []named) {
	t.Helper()
	for _, question := range []string{
		"SELECT count(), uniqExact(src_ip) FROM flows WHERE flows.dst_port = 53",
		"SELECT f.src_ip, sum(f.up_bytes) AS up FROM flows AS f GROUP BY src_ip ORDER BY up DESC, src_ip",
		"SELECT count() FROM flows ALL INNER JOIN (SELECT DISTINCT client AS src_ip FROM dns) AS d USING (src_ip)",
		"SELECT type, count() FROM dns WHERE client IN (SELECT src_ip FROM flows) AND answers NOT IN (1, 2) GROUP BY type ORDER BY type",
		"SELECT (1, 'it''s').2, 1 > 0 ? [1] : [2], -1e-3, CAST('5' AS Int64)",
	} {
		text, err := rewrite(question, s.relations())
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, named{"ask " + question, text})
	}
	return list
}

// Every statement is asked by TestExploreCurrentVersion.
func TestAllExploreStatementsAreQuestions(t *testing.T) {
	files, err := exploreStatements.ReadDir("sql/explore")
	if err != nil {
		t.Fatal(err)
	}
	var asked strings.Builder
	for _, question := range exploreQuestions(t) {
		asked.WriteString(question[0] + " ")
	}
	for _, file := range files {
		if name := strings.TrimSuffix(file.Name(), ".sql"); !strings.Contains(asked.String(), " "+name+" ") {
			t.Errorf("nothing asks %s", name)
		}
	}
}
