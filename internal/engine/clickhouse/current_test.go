package clickhouse

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/engine/clickhouse/servertest"
)

// pythonVariable names a python that has chdb, where python3 has not.
const pythonVariable = "SENTINEL_CHDB_PYTHON"

// named is a statement with a name; that of one with an answer begins with "ask ".
type named [2]string

// madeRows fill the tables by arithmetic, so that every engine makes the same: few addresses of both families, all
// states, names and none, volumes up to the largest.
const (
	madeFlows = `INSERT INTO stored_flows (start, duration, src_ip, dst_ip, proto, src_port, dst_port, up_bytes, down_bytes, up_packets, state, name, batch)
SELECT
    toInt64(1709251200000000 + intHash64(number) % 7200000000) AS start, toInt64(intHash64(number + 1) % 5000000),
    arrayElement(['192.0.2.1', '192.0.2.10', '192.0.2.2', '2001:db8::1', '2001:db8::a', '198.51.100.7'], intHash64(number + 2) % 6 + 1),
    arrayElement(['192.0.2.9', '198.51.100.1', '198.51.100.2', '203.0.113.200', '2001:db8::a', '2001:db8:1::1'], intHash64(number + 3) % 6 + 1),
    arrayElement(['tcp', 'udp', 'icmp'], intHash64(number + 4) % 3 + 1), toInt64(number % 60000), toInt64(intHash64(number + 5) % 4 * 53),
    toInt64(if(number % 50 = 0, 1125899906842624, intHash64(number + 6) % 300)), toInt64(if(number % 3 = 0, 0, intHash64(number + 7) % 120)),
    toInt64(intHash64(number + 8) % 40), arrayElement(['', 'established', 'refused', 'unanswered', 'reset'], intHash64(number + 9) % 5 + 1),
    arrayElement(['', 'a.example.com', 'b.example.com'], intHash64(number + 10) % 3 + 1), toUInt64(number % 5)
FROM system.numbers LIMIT 600000`
	againFlows = `INSERT INTO stored_flows SELECT * FROM stored_flows WHERE start % 1000 = 7`
	madeDNS    = `INSERT INTO stored_dns (time, client, server, name, type, code, answers, up_bytes, down_bytes, batch)
SELECT
    toInt64(1709251200000000 + intHash64(number) % 7200000000), arrayElement(['192.0.2.1', '192.0.2.10', '2001:db8::1'], intHash64(number + 1) % 3 + 1),
    '192.0.2.53', arrayElement(['example.com', 'a.example.com', 'b.a.example.com', 'example-a.com', 'com', '.', 'a\\.b.example.org'], intHash64(number + 2) % 7 + 1),
    arrayElement(['A', 'TXT', 'NULL', 'AAAA', 'TYPE65399'], intHash64(number + 3) % 5 + 1), arrayElement(['', 'NOERROR', 'NXDOMAIN'], intHash64(number + 4) % 3 + 1),
    toInt64(number % 4), toInt64(number % 100), toInt64(number % 500), toUInt64(number % 5)
FROM system.numbers LIMIT 20000`
)

// Every statement that the engine asks answers the same in a current ClickHouse as in the server of the tests.
func TestCurrentVersion(t *testing.T) {
	python := pythonWithCHDB(t)
	servers := servertest.Start(t, 1, servertest.Options{})
	answers := map[string]string{}
	current := exec.Command(python, "testdata/current.py")
	input, err := json.Marshal(append(setUp(), questions(t, "MergeTree ORDER BY (src_ip, dst_ip, proto, dst_port)")...))
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	current.Stdin, current.Stderr = bytes.NewReader(input), &complaints
	output, err := current.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, complaints.String())
	}
	if err := json.Unmarshal(output, &answers); err != nil {
		t.Fatal(err)
	}
	t.Logf("compared with ClickHouse %s", answers["version"])
	for _, question := range setUp() {
		servers.Servers[0].Exec(t, question[1])
	}
	for name, answer := range servers.Servers[0].Ask(t, questionList(t)) {
		if !strings.HasPrefix(name, "ask ") {
			continue
		}
		if answer == "" {
			t.Errorf("%s: no rows, so nothing is compared", name)
		}
		if diff := cmp.Diff(comparable(name, answer), comparable(name, answers[name])); diff != "" {
			t.Errorf("%s (-server +%s):\n%s", name, answers["version"], diff[:min(len(diff), 3000)])
		}
	}
}

// questionList is what the server is asked, in one session.
func questionList(t *testing.T) (list [][2]string) {
	for _, question := range questions(t, "Memory") {
		list = append(list, question)
	}
	return list
}

// comparable sorts the lists of rhythms and visits, which come in no particular order.
func comparable(name, answer string) []string {
	rows := strings.Split(answer, "\n")
	if name != "ask rhythms" && name != "ask visits" {
		return rows
	}
	for i, row := range rows {
		fields := strings.Split(row, "\t")
		for j, field := range fields {
			if strings.HasPrefix(field, "[") {
				items := strings.Split(strings.Trim(field, "[]"), ",")
				sort.Strings(items)
				fields[j] = strings.Join(items, ",")
			}
		}
		rows[i] = strings.Join(fields, "\t")
	}
	return rows
}

func pythonWithCHDB(t *testing.T) string {
	t.Helper()
	python := os.Getenv(pythonVariable)
	if python == "" {
		python = "python3"
	}
	if err := exec.Command(python, "-c", "import chdb").Run(); err != nil {
		t.Skipf("%s has no chdb: pip install chdb in a virtual environment, and set %s to its python", python, pythonVariable)
	}
	return python
}

// setUp makes the tables and fills them.
func setUp() []named {
	here := &address{database: "default"}
	var list []named
	for _, text := range append(append(here.tableStatements(), here.viewStatements()...), madeFlows, againFlows, madeDNS,
		"INSERT INTO loads (content, schema, attempt, batches) SELECT 'a', 1, 7, [toUInt64(1), toUInt64(2), toUInt64(3)]",
		"INSERT INTO load_steps (content, schema, block, digest, batch) SELECT 'a', 1, 0, 'd', 1") {
		list = append(list, named{"set up", text})
	}
	return list
}

// questions are all statements that the engine asks, with their tables made before.
func questions(t *testing.T, scratch string) []named {
	t.Helper()
	window := values{"from": int64(1709251200000000), "to": int64(1709257000000000)}
	filter := values{
		"min_flows": int64(2), "min_up_bytes": int64(1), "min_longest": int64(0), "min_sources": int64(2), "max_sources": int64(100),
		"max_port_hosts": int64(100), "proto": "", "port": int64(0), "src": "", "dst": "",
	}
	var list []named
	add := func(name string, of ...values) {
		text := statement(strings.TrimPrefix(name, "ask "), "{scratch}", scratch)
		for _, some := range append(of, window) {
			text = bind(text, some)
		}
		if strings.Contains(text, "@") {
			t.Fatalf("%s has a value that nobody gives: %s", name, text)
		}
		list = append(list, named{name, text})
	}
	list = append(list,
		named{"seen", "CREATE TEMPORARY TABLE seen (batch UInt64)"},
		named{"fill", "INSERT INTO seen SELECT arrayJoin([toUInt64(0), toUInt64(1), toUInt64(2), toUInt64(3)])"})
	add("inside_prepare", asText(ranges(prefixes("192.0.2.0/24", "2001:db8::/64"))))
	for _, table := range prepared {
		add(table + "_prepare")
	}
	add("chosen_prepare", filter)
	for _, name := range []string{"bounds", "hosts", "servers", "minutes", "ports", "peers", "nodes", "channels", "queries", "duplicates", "loads"} {
		add("ask " + name)
	}
	add("ask visitors", values{"least": int64(2)})
	add("ask visits", values{"least": int64(2), "first_src": "192.0.2.1", "last_src": "2001:db8::1"})
	add("ask rhythms", values{
		"first_src": "192.0.2.10", "first_dst": "198.51.100.1", "first_proto": "tcp", "first_port": int64(53),
		"last_src": "2001:db8::1", "last_dst": "203.0.113.200", "last_proto": "tcp", "last_port": int64(106),
	})
	add("ask sweeps", values{"least": int64(2)})
	add("ask probes", values{"least": int64(2)})
	add("ask host_hours", values{"port": int64(53)})
	add("ask bursts", values{"least": int64(2), "buckets": int64(20)})
	add("ask steps", values{"content": "a", "schema": int64(Schema)})
	add("ask counts", values{"first": int64(0), "last": int64(1 << 60), "attempts": "[toUInt64(0), toUInt64(1)]", "blocks": int64(mostBlocks)})
	list = append(list,
		named{"ask view", "SELECT count(), sum(up_bytes) FROM flows"},
		named{"ask view of dns", "SELECT count(), sum(up_bytes) FROM dns"})
	return list
}

// Every statement is asked by TestCurrentVersion, but for those that only a server of a cluster answers.
func TestAllStatementsAreQuestions(t *testing.T) {
	files, err := statements.ReadDir("sql")
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, question := range questions(t, "Memory") {
		asked = append(asked, strings.TrimPrefix(question[0], "ask "))
	}
	for _, file := range files {
		name := strings.TrimSuffix(file.Name(), ".sql")
		if !slices.Contains(asked, name) && !strings.HasPrefix(name, "create_") && name != "servers_of_cluster" {
			t.Errorf("nothing asks %s", name)
		}
	}
}

// asText writes lists as ClickHouse does.
func asText(of values) values {
	written := values{}
	for name, value := range of {
		written[name] = "['" + strings.Join(value.([]string), "', '") + "']"
	}
	return written
}

// bind puts values into a statement, the longest names first; text that is a list stays as it is.
func bind(text string, of values) string {
	var names []string
	for name := range of {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool { return len(names[i]) > len(names[j]) })
	for _, name := range names {
		written := fmt.Sprint(of[name])
		if plain, ok := of[name].(string); ok && !strings.HasPrefix(plain, "[") {
			written = "'" + plain + "'"
		}
		text = strings.ReplaceAll(text, "@"+name, written)
	}
	return text
}
