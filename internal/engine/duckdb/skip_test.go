package duckdb

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/engine"
)

// damaged are rows of which only the first and those marked so are flows. "" is an absent value.
var damaged = []struct {
	start, src, dst, proto, port, up, down string
	reason                                 string // empty: a flow
}{
	{"1709300000", "192.0.2.1", "198.51.100.2", "tcp", "443", "320", "2200", ""},
	{"1709300001", "192.0.2.1", "198.51.100.2", "tcp", "443", "", "2200", ""},
	{"1709300002", "192.0.2.1", "198.51.100.2", "tcp", "443", "-", "-", ""},
	{"1709300003", "192.0.2.1", "198.51.100.2", "", "", "1", "2", ""},
	{"1709300004", "192.0.2.1", "198.51.100.2", "-", "-", "1", "2", ""},
	{"1709300005", "192.0.2.1", "198.51.100.2", "tcp", "443", "1125899906842624", "0", ""}, // MaxBytes
	{"", "192.0.2.1", "198.51.100.2", "tcp", "443", "1", "2", "no time"},
	{"soon", "192.0.2.1", "198.51.100.2", "tcp", "443", "1", "2", "time unreadable or out of range"},
	{"12", "192.0.2.1", "198.51.100.2", "tcp", "443", "1", "2", "time unreadable or out of range"},
	{"99999999999999999999", "192.0.2.1", "198.51.100.2", "tcp", "443", "1", "2", "time unreadable or out of range"},
	{"-1709300000", "192.0.2.1", "198.51.100.2", "tcp", "443", "1", "2", "time unreadable or out of range"},
	{"1709300000", "", "198.51.100.2", "tcp", "443", "1", "2", "no source address"},
	{"1709300000", "192.0.2.1", "", "tcp", "443", "1", "2", "no destination address"},
	{"1709300000", "host.example", "198.51.100.2", "tcp", "443", "1", "2", "source is no IP address"},
	{"1709300000", "192.0.2.256", "198.51.100.2", "tcp", "443", "1", "2", "source is no IP address"},
	{"1709300000", "192.0.2.1", "198.51.100.0/24", "tcp", "443", "1", "2", "destination is no IP address"},
	{"1709300000", "192.0.2.1", "198.51.100.2", "tcp", "443", "many", "2", "byte count unreadable"},
	{"1709300000", "192.0.2.1", "198.51.100.2", "tcp", "443", "1", "99999999999999999999", "byte count unreadable"},
	{"1709300000", "192.0.2.1", "198.51.100.2", "tcp", "443", "-1", "2", "byte count negative"},
	{"1709300000", "192.0.2.1", "198.51.100.2", "tcp", "443", "1", "1125899906842625", "byte count above 1 PiB"},
	{"1709300000", "192.0.2.1", "198.51.100.2", "tcp", "65536", "1", "2", "port unreadable or out of range"},
	{"1709300000", "192.0.2.1", "198.51.100.2", "tcp", "-1", "1", "2", "port unreadable or out of range"},
	{"1709300000", "192.0.2.1", "198.51.100.2", "tcp", "https", "1", "2", "port unreadable or out of range"},
}

var damagedFlows = []string{
	"1709300000000000 192.0.2.1 198.51.100.2 tcp 443 320 2200",
	"1709300001000000 192.0.2.1 198.51.100.2 tcp 443 0 2200",
	"1709300002000000 192.0.2.1 198.51.100.2 tcp 443 0 0",
	"1709300003000000 192.0.2.1 198.51.100.2  0 1 2",
	"1709300004000000 192.0.2.1 198.51.100.2  0 1 2",
	fmt.Sprintf("1709300005000000 192.0.2.1 198.51.100.2 tcp 443 %d 0", int64(engine.MaxBytes)),
}

// asCSV, asJSON and asParquet write the damaged rows, absent values as the format has them.
func asCSV() string {
	rows := []string{strings.Join(header, ",")}
	for _, r := range damaged {
		rows = append(rows, strings.Join([]string{r.start, r.src, r.dst, r.proto, r.port, r.up, r.down}, ","))
	}
	return lines(rows...)
}

func asJSON() string {
	var rows []string
	for _, r := range damaged {
		var members []string
		for i, value := range []string{r.start, r.src, r.dst, r.proto, r.port, r.up, r.down} {
			switch {
			case value == "" && i%2 == 0: // absent
			case value == "":
				members = append(members, fmt.Sprintf("%q: null", header[i]))
			case strings.Trim(value, "-0123456789") == "" && value != "-":
				members = append(members, fmt.Sprintf("%q: %s", header[i], value))
			default:
				members = append(members, fmt.Sprintf("%q: %q", header[i], value))
			}
		}
		rows = append(rows, "{"+strings.Join(members, ", ")+"}")
	}
	return lines(rows...)
}

func asParquet(t testing.TB) string {
	var rows []string
	for _, r := range damaged {
		var values []string
		for _, value := range []string{r.start, r.src, r.dst, r.proto, r.port, r.up, r.down} {
			if value == "" {
				values = append(values, "NULL::VARCHAR")
			} else {
				values = append(values, quoteText(value))
			}
		}
		rows = append(rows, "("+strings.Join(values, ", ")+")")
	}
	return parquetOf(t, "SELECT * FROM (VALUES "+strings.Join(rows, ", ")+") AS rows("+strings.Join(header, ", ")+")")
}

func TestDamagedRowsAreTheSameInEveryFormat(t *testing.T) {
	reasons := map[string]int64{}
	for _, row := range damaged {
		if row.reason != "" {
			reasons[row.reason]++
		}
	}
	for name, content := range map[string]string{"CSV": asCSV(), "JSON": asJSON(), "Parquet": asParquet(t)} {
		t.Run(name, func(t *testing.T) {
			source, flows, err := add(t, content, Hints{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(damagedFlows, flows); diff != "" {
				t.Errorf("flows (-want +got):\n%s", diff)
			}
			got := map[string]int64{}
			for _, skip := range source.Skipped {
				got[skip.Reason] = skip.Rows
			}
			if diff := cmp.Diff(reasons, got); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
			if source.Flows != 6 || source.Filled != 4 || source.First != 1709300000e6 || source.Last != 1709300005e6 {
				t.Errorf("%d flows, %d filled, %d to %d", source.Flows, source.Filled, source.First, source.Last)
			}
		})
	}
}

func TestTypedParquetRows(t *testing.T) {
	tests := []struct {
		name, query    string
		flows, skipped []string
	}{
		{"unsigned beyond 63 bits", "SELECT 1709300000::UBIGINT AS ts, '192.0.2.1' AS src_ip, '198.51.100.2' AS dst_ip, 'tcp' AS proto, 443::USMALLINT AS port, 18446744073709551615::UBIGINT AS up_bytes, 5::UTINYINT AS down_bytes",
			nil, []string{"1 byte count unreadable"}},
		{"real numbers", "SELECT 1709300000.25::DOUBLE AS ts, '192.0.2.1' AS src_ip, '198.51.100.2' AS dst_ip, 6 AS proto, 443.0::FLOAT AS port, 320.0::DOUBLE AS up_bytes, 2200::DECIMAL(10,2) AS down_bytes",
			[]string{"1709300000250000 192.0.2.1 198.51.100.2 tcp 443 320 2200"}, nil},
		{"infinite", "SELECT unnest([1709300000, 'nan'::DOUBLE, 'inf'::DOUBLE]) AS ts, '192.0.2.1' AS src_ip, '198.51.100.2' AS dst_ip, 6 AS proto, 443 AS port, 1 AS up_bytes, 2 AS down_bytes",
			[]string{"1709300000000000 192.0.2.1 198.51.100.2 tcp 443 1 2"}, []string{"2 time unreadable or out of range"}},
		{"infinite bytes", "SELECT 1709300000 AS ts, '192.0.2.1' AS src_ip, '198.51.100.2' AS dst_ip, 6 AS proto, 443 AS port, 'inf'::DOUBLE AS up_bytes, 2 AS down_bytes",
			nil, []string{"1 byte count unreadable"}},
		{"addresses as bytes", "SELECT 1709300000 AS ts, '192.0.2.1'::BLOB AS src_ip, '198.51.100.2'::BLOB AS dst_ip, 6 AS proto, 443 AS port, 1 AS up_bytes, 2 AS down_bytes",
			[]string{"1709300000000000 192.0.2.1 198.51.100.2 tcp 443 1 2"}, nil},
		{"enumerated", "SELECT 1709300000 AS ts, '192.0.2.1' AS src_ip, '198.51.100.2' AS dst_ip, 'TCP'::ENUM('TCP', 'UDP') AS proto, 443 AS port, 1 AS up_bytes, 2 AS down_bytes",
			[]string{"1709300000000000 192.0.2.1 198.51.100.2 tcp 443 1 2"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source, flows, err := add(t, parquetOf(t, test.query), Hints{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.flows, flows); diff != "" {
				t.Errorf("flows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.skipped, skips(source)); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
		})
	}
}

// addressed is a capture of one flow from that address with that protocol.
func addressed(src, proto string) string {
	return lines(strings.Join(header, ";"), strings.Join([]string{row[0], `"` + src + `"`, row[2], `"` + proto + `"`, row[4], row[5], row[6]}, ";"))
}

func TestAddresses(t *testing.T) {
	tests := []struct{ given, want string }{
		{"192.0.2.1", "192.0.2.1"},
		{" 192.0.2.1 ", "192.0.2.1"},
		{"192.0.2.1/32", "192.0.2.1"},
		{"::ffff:192.0.2.1", "192.0.2.1"},
		{"::FFFF:C000:0201", "192.0.2.1"},
		{"2001:DB8::1", "2001:db8::1"},
		{"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
		{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"2001:db8::1/128", "2001:db8::1"},
		{"fe80::1%eth0", "fe80::1"},
		{"FE80::1%25eth0", "fe80::1"},
		{"::", "::"},
		{"0.0.0.0", "0.0.0.0"},
		{"192.0.2.01", ""},
		{"192.0.2", ""},
		{"3221225985", ""},
		{"192.0.2.1/24", ""},
		{"192.0.2.1:443", ""},
		{"[2001:db8::1]", ""},
		{"2001:db8::1::2", ""},
		{"www.example", ""},
		{"unknown", ""},
	}
	for _, test := range tests {
		t.Run(test.given, func(t *testing.T) {
			source, flows, err := add(t, addressed(test.given, "tcp"), Hints{})
			if err != nil {
				t.Fatal(err)
			}
			if test.want == "" {
				if diff := cmp.Diff([]string{"1 source is no IP address"}, skips(source)); diff != "" || len(flows) > 0 {
					t.Errorf("flows %v, skipped (-want +got):\n%s", flows, diff)
				}
				return
			}
			if diff := cmp.Diff([]string{strings.Replace(someFlow, "192.0.2.1", test.want, 1)}, flows); diff != "" {
				t.Errorf("flows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProtocols(t *testing.T) {
	for given, want := range map[string]string{
		"tcp": "tcp", "TCP": "tcp", " Udp ": "udp", "6": "tcp", "17": "udp", "1": "icmp", "58": "ipv6-icmp", "ICMP6": "ipv6-icmp",
		"icmpv6": "ipv6-icmp", "IPv6-ICMP": "ipv6-icmp", "0": "0", "255": "255", "256": "256", "-": "", "": "", "quic": "quic", "tcp;1": "tcp;1",
	} {
		t.Run(given, func(t *testing.T) {
			_, flows, err := add(t, addressed("192.0.2.1", given), Hints{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{strings.Replace(someFlow, "tcp", want, 1)}, flows); diff != "" {
				t.Errorf("flows (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBrokenLines(t *testing.T) {
	good := strings.Join(row, ",")
	object := `{"ts":1709300000.123456,"src_ip":"192.0.2.1","dst_ip":"198.51.100.2","proto":"tcp","port":443,"up_bytes":320,"down_bytes":2200}`
	tests := []struct {
		name, content string
		flows         int
		skipped       []string
	}{
		{"too few fields", lines(strings.Join(header, ","), good, "1709300000,192.0.2.1", good), 2, []string{"1 line does not have the fields of the header line 3"}},
		{"too many fields", lines(strings.Join(header, ","), good, good+",8,9", good), 2, []string{"1 line does not have the fields of the header line 3"}},
		{"not UTF-8 in a column that nobody asks for", lines(strings.Join(header, ",")+",note", good+",a", good+",\xff\xfe", good+",b"), 3, nil},
		{"comment", lines("# exported by example", strings.Join(header, ","), good, good), 2, nil},
		{"broken JSON", lines(object, `{"ts": 170930`, object), 2, []string{"1 no time"}},
		{"JSON of another kind", lines(object, `{"stats": {"uptime": 5}}`, object), 2, []string{"1 no time"}},
		{"JSON of other types", lines(object, `{"ts":1709300000.123456,"src_ip":["192.0.2.1"],"dst_ip":{"a":1},"proto":"tcp","port":443,"up_bytes":320,"down_bytes":2200}`, object), 2, []string{"1 source is no IP address"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source, flows, err := add(t, test.content, Hints{})
			if err != nil {
				t.Fatal(err)
			}
			if len(flows) != test.flows || source.Flows != int64(test.flows) {
				t.Errorf("flows %v, counted %d", flows, source.Flows)
			}
			if diff := cmp.Diff(test.skipped, skips(source)); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
		})
	}
}

// A file that fails, wherever it fails, leaves nothing behind that the next one meets.
func TestAddAfterFailure(t *testing.T) {
	ctx := context.Background()
	db := open(t)
	sound := parquetOf(t, "SELECT range AS timestamp, '192.0.2.1' AS src_ip, '198.51.100.2' AS dst_ip, 'tcp' AS proto, 443 AS port, range AS up_bytes, hash(range)::VARCHAR AS note, 1 AS down_bytes FROM range(20000)")
	damagedPage := []byte(sound)
	for i := 4; i < len(damagedPage)/2; i++ {
		damagedPage[i] ^= 0x5a
	}
	for _, bad := range []string{string(damagedPage), sound[:len(sound)/2] + "PAR1", lines("a,b", "1,2")} {
		if _, err := db.Add(ctx, capture(t, bad), Hints{}); err == nil {
			t.Fatal("no error for a damaged file")
		}
	}
	source, err := db.Add(ctx, capture(t, asCSV()), Hints{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Seal(ctx); err != nil {
		t.Fatal(err)
	}
	if flows := flowTexts(t, db); len(flows) != 6 || source.Flows != 6 {
		t.Errorf("flows %v, counted %d", flows, source.Flows)
	}
}
