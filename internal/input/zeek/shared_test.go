package zeek_test

import (
	"bytes"
	"cmp"
	"io"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
	"sentinel/internal/input/zeek"
)

// manifestRow is a log of connections in a MANIFEST.md, with how many rows it has.
var manifestRow = regexp.MustCompile(`(?m)^\| (\S*/(?:zeek\.worker\.)?(?:labeled-|open_)?conn[._]?[^/ ]*) \| \d+ \| (\d+) rows \|`)

// unlike are the logs whose rows are not all flows, or were counted otherwise.
var unlike = map[string]struct {
	rows, flows int64
	damaged     bool
}{
	"rita/test_data/open_conns/closed/conn.log":             {rows: 59, flows: 59},                // its last line is empty
	"rita/test_data/truncated/conn.log":                     {rows: 59, flows: 58, damaged: true}, // cut short
	"rita/test_data/truncated/conn_top.log":                 {rows: 59, flows: 58, damaged: true},
	"rita/test_data/truncated/conn_json.log":                {rows: 3, flows: 2, damaged: true}, // of the ports of one, one is 93145
	"slips/dataset/test10-mixed-zeek-dir/conn.log":          {rows: 141, flows: 141},            // its first line is indented
	"zeek-traces/Baseline/core.tunnels.geneve-arp/conn.log": {rows: 1, flows: 1},                // its names are a row
}

// complete are the logs that have what a flow needs: some of Zeek's tests print a few columns.
var complete = regexp.MustCompile(`(?m)^\s*(#fields\t)?(.*\t)?ts\tuid\t.*\tproto\t|"ts"|^1517336042`)

// TestSharedCounts compares with the rows that others counted in logs that the project did not write.
func TestSharedCounts(t *testing.T) {
	compared := 0
	for _, folder := range []string{"slips", "stratosphere-testing", "netflowlabeler", "zat", "tenzir-vast", "rita", "zeek-traces"} {
		dir := inputtest.Shared(t, folder)
		manifest, err := os.ReadFile(filepath.Join(dir, "MANIFEST.md"))
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range manifestRow.FindAllStringSubmatch(string(manifest), -1) {
			content := decompressed(t, filepath.Join(dir, row[1]))
			if !complete.Match(content) {
				continue
			}
			compared++
			name := folder + "/" + row[1]
			want := unlike[name]
			if want.rows == 0 {
				want.rows, _ = strconv.ParseInt(row[2], 10, 64)
				want.flows = want.rows
			}
			if reason := zeek.Format.Recognise(content[:min(len(content), input.HeadSize)]); reason != "" {
				t.Errorf("%s is not recognised: %s", name, reason)
			}
			got := inputtest.Read(zeek.Format, content, input.Settings{}, 1024)
			if got.Err != nil || got.Account.Records != want.rows || int64(len(got.Flows)) != want.flows || (got.Account.Damage != nil) != want.damaged {
				t.Errorf("%s: %d rows, %d flows, error %v, want %+v; skipped %v, damage %v", name, got.Account.Records, len(got.Flows), got.Err, want,
					got.Account.Skipped, got.Account.Damage)
			}
		}
	}
	t.Logf("compared %d logs", compared)
}

// decompressed is a file, with times where Zeek's own tests have masked them.
func decompressed(t *testing.T, path string) []byte {
	t.Helper()
	file, err := input.Formats{zeek.Format}.Open(path, &zeek.Format)
	if err != nil {
		t.Fatal(err)
	}
	content, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	text, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(path, "Baseline") {
		text = bytes.ReplaceAll(text, []byte("XXXXXXXXXX.XXXXXX"), []byte("1000000000.500000"))
	}
	return text
}

// TestSharedValues compares flows with what a plain reading of the same rows gives.
func TestSharedValues(t *testing.T) {
	compared := 0
	for _, path := range []string{
		"slips/dataset/test18-malicious-ctu-sme-11-win/zeek-labeled/conn.log.labeled", "netflowlabeler/examples/conn.tab.log",
		"stratosphere-testing/001-zeek-scenario-malicious/labeled-conn.log", "zat/data/conn.log",
		"tenzir-vast/libvast_test/artifacts/logs/zeek/conn.log", "zeek-traces/Baseline/core.cisco-fabric-path/conn.log",
	} {
		content := decompressed(t, inputtest.Shared(t, strings.Split(path, "/")...))
		got := inputtest.Read(zeek.Format, content, input.Settings{}, 1024).Flows
		rows := plainly(string(content))
		if len(got) != len(rows) {
			t.Errorf("%s: %d flows of %d rows", path, len(got), len(rows))
			continue
		}
		for i, row := range rows {
			compared++
			if diff := unlikeRow(&got[i], row); diff != "" {
				t.Errorf("%s, row %d: %s differs; flow %+v, row %v", path, i, diff, got[i], row)
				break
			}
		}
	}
	t.Logf("compared %d rows", compared)
}

// plainly reads the rows of a log by the names of their fields, without those that are not set.
func plainly(content string) (rows []map[string]string) {
	var names []string
	for line := range strings.Lines(content) {
		values := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		switch {
		case values[0] == "#fields":
			names = values[1:]
		case line[0] == '#' || names == nil:
		default:
			row := map[string]string{}
			for i, name := range names {
				if values[i] != "-" && values[i] != "(empty)" {
					row[name] = values[i]
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// unlikeRow names a field in which a flow differs from its row.
func unlikeRow(f *flow.Flow, row map[string]string) string {
	seconds := func(name string) string {
		value, _ := strconv.ParseFloat(row[name], 64)
		return strconv.FormatInt(int64(math.Round(value*1e6)), 10)
	}
	number := func(name string) string { return cmp.Or(row[name], "0") }
	for name, pair := range map[string][2]string{
		"ts": {strconv.FormatInt(f.Start, 10), seconds("ts")}, "duration": {strconv.FormatInt(f.Duration, 10), seconds("duration")},
		"id.orig_h": {f.SrcIP.String(), netip.MustParseAddr(row["id.orig_h"]).String()},
		"id.resp_h": {f.DstIP.String(), netip.MustParseAddr(row["id.resp_h"]).String()},
		"id.orig_p": {strconv.Itoa(int(f.SrcPort)), row["id.orig_p"]}, "service": {f.Service, row["service"]},
		"orig_ip_bytes": {strconv.FormatInt(f.UpBytes, 10), number("orig_ip_bytes")},
		"resp_ip_bytes": {strconv.FormatInt(f.DownBytes, 10), number("resp_ip_bytes")},
		"orig_pkts":     {strconv.FormatInt(f.UpPackets, 10), number("orig_pkts")},
		"resp_pkts":     {strconv.FormatInt(f.DownPackets, 10), number("resp_pkts")},
	} {
		if pair[0] != pair[1] {
			return name
		}
	}
	if port := strconv.Itoa(int(f.DstPort)); port != row["id.resp_p"] && row["proto"] != "icmp" {
		return "id.resp_p"
	}
	return ""
}
