package zeek_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

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
