package duckdb

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"sentinel/internal/input"
	"sentinel/internal/input/table"
)

// open gives an engine of one thread that is closed with the test.
func open(t testing.TB) *Database {
	t.Helper()
	db, err := Open(context.Background(), Options{Threads: 1, KeepOrder: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// tables are the formats that DuckDB reads.
var tables = input.Formats{table.Parquet, table.JSON, table.CSV}

// capture writes a file and recognises it.
func capture(t testing.TB, content string) *input.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "capture")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := tables.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// parquetOf is a Parquet file with the rows of a query.
func parquetOf(t testing.TB, query string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "made.parquet")
	if err := open(t).exec(context.Background(), "COPY ("+query+") TO "+quoteText(path)+" (FORMAT parquet)"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// add reads a capture alone, as flows of the form "start src dst proto port up down".
func add(t testing.TB, content string, hints Hints) (Source, []string, error) {
	t.Helper()
	ctx := context.Background()
	db := open(t)
	source, err := db.Add(ctx, capture(t, content), hints)
	if err != nil {
		return source, nil, err
	}
	if err := db.Seal(ctx); err != nil {
		t.Fatal(err)
	}
	return source, flowTexts(t, db), nil
}

func flowTexts(t testing.TB, db *Database) (texts []string) {
	t.Helper()
	rows, err := db.conn.QueryContext(context.Background(),
		"SELECT concat_ws(' ', start, src_ip, dst_ip, proto, dst_port, up_bytes, down_bytes) FROM flows ORDER BY start, dst_ip, dst_port, up_bytes, src_ip")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	return texts
}

func skips(source Source) (texts []string) {
	for _, skip := range source.Skipped {
		texts = append(texts, strings.TrimSpace(fmt.Sprintf("%d %s %s", skip.Rows, skip.Reason, skip.Example)))
	}
	return texts
}

func lines(lines ...string) string { return strings.Join(lines, "\n") + "\n" }

func overrides(t testing.TB, args ...string) Hints {
	t.Helper()
	columns, err := table.ParseOverrides(args)
	if err != nil {
		t.Fatal(err)
	}
	return Hints{Columns: columns}
}

// One TCP flow of 2024-03-01 13:33:20.123456 UTC, as each tool writes it.
const (
	someTime = "1709300000123456"
	someFlow = someTime + " 192.0.2.1 198.51.100.2 tcp 443 320 2200"
)

func TestTools(t *testing.T) {
	tests := []struct {
		name, content string
		hints         Hints
		want          []string
		skipped       []string
	}{
		{
			name: "original",
			content: lines("timestamp,src_ip,dst_ip,proto,port,up_bytes,down_bytes",
				"4880012,192.168.104.2,198.51.100.2,tcp,443,320,2200"),
			want: []string{"48800120000 192.168.104.2 198.51.100.2 tcp 443 320 2200"},
		},
		{
			name: "Zeek JSON, bytes of IP before those of payload",
			content: lines(`{"ts":1709300000.123456,"uid":"C1","id.orig_h":"192.0.2.1","id.orig_p":50000,"id.resp_h":"198.51.100.2","id.resp_p":443,"proto":"tcp","service":"ssl","duration":1.2,"orig_bytes":100,"resp_bytes":2000,"conn_state":"SF","orig_pkts":5,"orig_ip_bytes":320,"resp_pkts":4,"resp_ip_bytes":2200}`,
				`{"ts":1709300001.5,"uid":"C2","id.orig_h":"192.0.2.1","id.orig_p":50000,"id.resp_h":"198.51.100.2","id.resp_p":53,"proto":"udp","conn_state":"S0","orig_pkts":1,"orig_ip_bytes":60,"resp_pkts":0,"resp_ip_bytes":0}`),
			want: []string{someFlow, "1709300001500000 192.0.2.1 198.51.100.2 udp 53 60 0"},
		},
		{
			name: "zeek-cut with tabs, payload bytes unset",
			content: lines("ts\tid.orig_h\tid.resp_h\tid.resp_p\tproto\torig_bytes\tresp_bytes",
				"1709300000.123456\t192.0.2.1\t198.51.100.2\t443\ttcp\t320\t2200",
				"1709300001.000000\t192.0.2.1\t198.51.100.2\t443\ttcp\t-\t-"),
			want: []string{someFlow, "1709300001000000 192.0.2.1 198.51.100.2 tcp 443 0 0"},
		},
		{
			name: "Suricata eve: the start of the flow, not the time of logging; other events are no flows",
			content: lines(`{"timestamp":"2024-03-01T13:40:00.000000+0000","flow_id":1,"event_type":"flow","src_ip":"192.0.2.1","src_port":50000,"dest_ip":"198.51.100.2","dest_port":443,"proto":"TCP","app_proto":"tls","flow":{"pkts_toserver":5,"pkts_toclient":4,"bytes_toserver":320,"bytes_toclient":2200,"start":"2024-03-01T14:33:20.123456+0100","end":"2024-03-01T14:33:22.000000+0100","age":1,"state":"closed"},"host":"sensor.example"}`,
				`{"timestamp":"2024-03-01T13:33:21.000000+0000","flow_id":1,"event_type":"dns","src_ip":"192.0.2.1","src_port":50000,"dest_ip":"198.51.100.2","dest_port":53,"proto":"UDP","dns":{"type":"query"}}`),
			want:    []string{someFlow},
			skipped: []string{"1 no time"},
		},
		{
			name: "nfdump 1.6 CSV with its summary",
			content: lines("ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out",
				"2024-03-01 13:33:20,2024-03-01 13:33:20,0.000,192.0.2.1,198.51.100.2,50000,443,TCP,...A....,0,0,5,320,4,2200,1,2",
				"Summary", "flows,bytes,packets,avg_bps,avg_pps,avg_bpp", "1,2520,9,1,1,1"),
			want:    []string{"1709300000000000 192.0.2.1 198.51.100.2 tcp 443 320 2200"},
			skipped: []string{"3 line does not have the fields of the header line 3"},
		},
		{
			name: "AWS VPC flow log, one way, with NODATA",
			content: lines("version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status",
				"2 123456789010 eni-1 192.0.2.1 198.51.100.2 50000 443 6 5 320 1709300000 1709300060 ACCEPT OK",
				"2 123456789010 eni-1 192.0.2.1 198.51.100.2 0 0 1 5 320 1709300000 1709300060 ACCEPT OK",
				"2 123456789010 eni-1 - - - - - - - 1709300000 1709300060 - NODATA"),
			hints: overrides(t, "up_bytes=bytes", "down_bytes=-"),
			want: []string{"1709300000000000 192.0.2.1 198.51.100.2 icmp 0 320 0",
				"1709300000000000 192.0.2.1 198.51.100.2 tcp 443 320 0"},
			skipped: []string{"1 source is no IP address"},
		},
		{
			name:    "OCSF network activity",
			content: lines(`{"class_uid":4001,"time":1709300000123,"src_endpoint":{"ip":"192.0.2.1","port":50000},"dst_endpoint":{"ip":"198.51.100.2","port":443,"hostname":"www.example"},"connection_info":{"protocol_num":6,"direction":"Outbound"},"traffic":{"bytes":2520,"bytes_in":2200,"bytes_out":320,"packets":9}}`),
			want:    []string{"1709300000123000 192.0.2.1 198.51.100.2 tcp 443 320 2200"},
		},
		{
			name: "Argus binetflow, hexadecimal ports of ICMP",
			content: lines("StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,SrcBytes,DstBytes,Label",
				"2024/03/01 13:33:20.123456,0.027947,tcp,192.0.2.1,48427,  <->,198.51.100.2,443,CON,0,0,2,320,2200,",
				"2024/03/01 13:33:21.123456,0.027947,icmp,192.0.2.1,0x0303,  ->,198.51.100.2,0x2b30,URP,0,,1,70,0,"),
			want: []string{someFlow, "1709300001123456 192.0.2.1 198.51.100.2 icmp 11056 70 0"},
		},
		{
			name: "IPFIX names, milliseconds",
			content: lines("flowStartMilliseconds;sourceIPv4Address;destinationIPv4Address;protocolIdentifier;destinationTransportPort;octetDeltaCount;reverseOctetDeltaCount",
				"1709300000123;192.0.2.1;198.51.100.2;6;443;320;2200"),
			want: []string{"1709300000123000 192.0.2.1 198.51.100.2 tcp 443 320 2200"},
		},
		{
			name: "Elastic Common Schema",
			content: lines(`{"@timestamp":"2024-03-01T13:33:20.123456Z","source":{"ip":"192.0.2.1","port":1,"bytes":320},"destination":{"ip":"198.51.100.2","port":443,"bytes":2200,"domain":"www.example"},"network":{"transport":"tcp","protocol":"tls"},"host":{"name":"sensor"}}`,
				`{"@timestamp":"2024-03-01T13:33:20.123456Z","source":{"ip":"192.0.2.1","port":1,"bytes":320},"destination":{"ip":"198.51.100.2","port":443,"bytes":2200},"network":{"transport":"tcp"}}`),
			want: []string{someFlow, someFlow},
		},
		{
			name:    "three levels deep by --map",
			content: lines(`{"e":{"t":1709300000,"a":{"ip":"192.0.2.1","b":320},"b":{"ip":"198.51.100.2","b":2200,"p":443}},"proto":"tcp"}`),
			hints:   overrides(t, "start=e.t", "src_ip=e.a.ip", "dst_ip=e.b.ip", "up_bytes=e.a.b", "down_bytes=e.b.b", "dst_port=e.b.p"),
			want:    []string{"1709300000000000 192.0.2.1 198.51.100.2 tcp 443 320 2200"},
		},
		{
			name: "turned round by --map",
			content: lines("timestamp,src_ip,dst_ip,proto,port,up_bytes,down_bytes",
				"1,198.51.100.2,192.0.2.1,tcp,443,2200,320"),
			hints: overrides(t, "src_ip=dst_ip", "dst_ip=src_ip", "up_bytes=down_bytes", "down_bytes=up_bytes"),
			want:  []string{"10000 192.0.2.1 198.51.100.2 tcp 443 320 2200"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source, got, err := add(t, test.content, test.hints)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("flows (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.skipped, skips(source)); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
		})
	}
}

// header and row are a table of flows, to be delimited and wrapped in every way.
var (
	header = []string{"ts", "src_ip", "dst_ip", "proto", "port", "up_bytes", "down_bytes"}
	row    = []string{"1709300000.123456", "192.0.2.1", "198.51.100.2", "tcp", "443", "320", "2200"}
)

func delimited(delimiter string) string {
	return lines(strings.Join(header, delimiter), strings.Join(row, delimiter))
}

func TestShapes(t *testing.T) {
	object := `{"ts":1709300000.123456,"src_ip":"192.0.2.1","dst_ip":"198.51.100.2","proto":"tcp","port":443,"up_bytes":320,"down_bytes":2200}`
	pretty := "{\n" + strings.ReplaceAll(strings.Trim(object, "{}"), ",", ",\n  ") + "\n}"
	query := `SELECT 1709300000.123456 AS ts, '192.0.2.1' AS src_ip, '198.51.100.2' AS dst_ip, 'tcp' AS proto, 443 AS port, 320 AS up_bytes, 2200 AS down_bytes`
	noHeader := overrides(t, "start=column0", "src_ip=column1", "dst_ip=column2", "proto=column3", "dst_port=column4", "up_bytes=column5", "down_bytes=column6")
	tests := []struct {
		name, content string
		hints         Hints
		flows         int
	}{
		{"comma", delimited(","), Hints{}, 1},
		{"semicolon", delimited(";"), Hints{}, 1},
		{"tab", delimited("\t"), Hints{}, 1},
		{"pipe", delimited("|"), Hints{}, 1},
		{"space", delimited(" "), Hints{}, 1},
		{"CRLF", strings.ReplaceAll(delimited(","), "\n", "\r\n"), Hints{}, 1},
		{"no newline at the end", strings.TrimSuffix(delimited(","), "\n"), Hints{}, 1},
		{"byte order mark", "\xef\xbb\xbf" + delimited(","), Hints{}, 1},
		{"quoted", `"` + strings.Join(header, `","`) + "\"\n\"" + strings.Join(row, `","`) + "\"\n", Hints{}, 1},
		{"blanks around", lines(strings.Join(header, ", "), strings.Join(row, ", ")), Hints{}, 1},
		{"capitals and marks in names", strings.Replace(delimited(","), "src_ip,dst_ip", "Src IP,DST-IP", 1), Hints{}, 1},
		{"no header", lines(strings.Join(row, ","), strings.Join(row, ",")), noHeader, 2},
		{"pandas index", lines(","+strings.Join(header, ","), "0,"+strings.Join(row, ",")), Hints{}, 1},
		{"quoted field with newline and comma", lines(strings.Join(header, ",")+",note", strings.Join(row, ",")+",\"one,\ntwo \"\"x\"\"\"", strings.Join(row, ",")+",b"), Hints{}, 2},
		{"same name twice", lines(strings.Join(header, ",")+",ts", strings.Join(row, ",")+",7"), Hints{}, 1},
		{"quotes in names", lines(strings.Join(header, ",")+`,it's,"a""b"`, strings.Join(row, ",")+",7,8"), Hints{}, 1},
		{"gzip", gzipped(t, delimited(",")), Hints{}, 1},
		{"zstd", zstandard(t, delimited(",")), Hints{}, 1},
		{"NDJSON", lines(object, object), Hints{}, 2},
		{"NDJSON without newline at the end", object + "\n" + object, Hints{}, 2},
		{"NDJSON with blank lines", object + "\n\n" + object + "\n", Hints{}, 2},
		{"one object on many lines", pretty, Hints{}, 1},
		{"objects on many lines", pretty + "\n" + pretty, Hints{}, 2},
		{"array on a line", "[" + object + "," + object + "]", Hints{}, 2},
		{"array, one element a line", "[\n" + object + ",\n" + object + ",\n" + object + "\n]\n", Hints{}, 3},
		{"array, one element a line, comma first", "[" + object + "\n," + object + "\n]\n", Hints{}, 2},
		{"array on many lines", "[" + pretty + ",\n" + pretty + "]", Hints{}, 2},
		{"JSON with byte order mark", "\xef\xbb\xbf" + object + "\n", Hints{}, 1},
		{"JSON in gzip", gzipped(t, lines(object, object)), Hints{}, 2},
		{"JSON array in zstd", zstandard(t, "[\n"+object+",\n"+object+"\n]\n"), Hints{}, 2},
		{"Parquet", parquetOf(t, query), Hints{}, 1},
		{"Parquet in gzip", gzipped(t, parquetOf(t, query)), Hints{}, 1},
		{"Parquet in zstd", zstandard(t, parquetOf(t, query)), Hints{}, 1},
		{"Parquet with pandas index", parquetOf(t, "SELECT *, 0 AS __index_level_0__, 1 AS \"index\" FROM ("+query+")"), Hints{}, 1},
		{"Parquet with structs", parquetOf(t, `SELECT 1709300000.123456 AS ts, {ip: '192.0.2.1', bytes: 320} AS source, {ip: '198.51.100.2', bytes: 2200, port: 443} AS destination, 'tcp' AS proto`), Hints{}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source, got, err := add(t, test.content, test.hints)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for range test.flows {
				want = append(want, someFlow)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("flows (-want +got):\n%s", diff)
			}
			if source.Flows != int64(test.flows) || len(source.Skipped) > 0 {
				t.Errorf("%d flows, skipped %v", source.Flows, skips(source))
			}
		})
	}
}

func TestIgnored(t *testing.T) {
	source, _, err := add(t, lines(strings.Join(header, ",")+",index,vlan,__index_level_0__", strings.Join(row, ",")+",0,7,0"), Hints{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"vlan"}, source.Ignored); diff != "" {
		t.Errorf("ignored (-want +got):\n%s", diff)
	}
}

func gzipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func zstandard(t testing.TB, text string) string {
	t.Helper()
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoder.EncodeAll([]byte(text), nil))
}

func TestRefusedColumns(t *testing.T) {
	rest := ",proto,port,up_bytes,down_bytes"
	tests := []struct {
		name, content string
		hints         Hints
		err, hint     string
	}{
		{"missing", lines("ts,source_adress,dst_ip"+rest, "1709300000,192.0.2.1,198.51.100.2,tcp,443,1,2"), Hints{},
			"no column for src_ip", "it has ts, source_adress, dst_ip, proto, port, up_bytes, down_bytes; if one of them is meant, say so: --map src_ip=source_adress"},
		{"unknown name in --map", delimited(","), overrides(t, "src_ip=scr_ip"),
			"--map src_ip=scr_ip: no such column", "it has ts, src_ip, dst_ip, proto, port, up_bytes, down_bytes; for scr_ip the nearest is src_ip"},
		{"text cannot be absent", delimited(","), overrides(t, "src_ip=-"), "--map src_ip=-: no such column", "it has ts, "},
		{"no header", lines(strings.Join(row, ","), strings.Join(row, ",")), Hints{}, "no column for start, src_ip, dst_ip, proto, dst_port, up_bytes, down_bytes", "it has column0, column1"},
		{"one column", lines("hello", "world"), Hints{}, "no column for start", "it does not look like a table of flows"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := add(t, test.content, test.hints)
			wantError(t, err, test.err, test.hint)
		})
	}
}

func wantError(t *testing.T, err error, text, hint string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Fatalf("error %v, expected %q", err, text)
	}
	var hinted interface{ Hint() string }
	if !errors.As(err, &hinted) || !strings.Contains(hinted.Hint(), hint) {
		t.Errorf("error %v has no hint %q (it is %v)", err, hint, hinted)
	}
}
