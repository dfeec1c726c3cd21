package inputtest

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what the readers give into the golden files")

// Golden compares what a reader gives with the file at path, in which go test -update writes it.
func Golden(t *testing.T, path string, got Result) {
	t.Helper()
	text := got.text()
	if *update {
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// text prints a result, a line for each flow, lookup and remark.
func (r Result) text() []byte {
	var b bytes.Buffer
	for i := range r.Flows {
		f := &r.Flows[i]
		fmt.Fprintf(&b, "flow %d +%d %s %s:%d -> %s:%d up %d in %d (%d) down %d in %d (%d) %s/%s %q %s by %s\n", f.Start, f.Duration, f.Proto,
			f.SrcIP, f.SrcPort, f.DstIP, f.DstPort, f.UpBytes, f.UpPackets, f.UpPayload, f.DownBytes, f.DownPackets, f.DownPayload,
			f.State, f.Service, f.Name, f.JA4, f.Opener)
	}
	for i := range r.Lookups {
		l := &r.Lookups[i]
		fmt.Fprintf(&b, "lookup %d %s asks %s for %q %s: %s %d (%d, %d bytes)\n", l.Time, l.Client, l.Server, l.Name, l.Type, l.Code, l.Answers, l.UpBytes, l.DownBytes)
	}
	fmt.Fprintf(&b, "%d %s, %s\n", r.Account.Records, r.Account.Unit, r.Account.Clock)
	for _, skip := range r.Account.Skipped {
		fmt.Fprintf(&b, "skipped %d, %s: %s\n", skip.Rows, skip.Example, skip.Reason)
	}
	for _, note := range r.Account.Notes {
		fmt.Fprintf(&b, "note %s (%s)\n", note.Text, note.Hint)
	}
	fmt.Fprintf(&b, "damage %v, error %v\n", r.Account.Damage, r.Err)
	return b.Bytes()
}

// Agreement holds how many cases agree with somebody else's answer to what the file at path says of that oracle, a
// line each: oracle, cases, cases that agree. go test -update writes it; docs/accuracy.md shows it.
func Agreement(t testing.TB, path, oracle string, cases, agree int) {
	t.Helper()
	line := fmt.Sprintf("%s\t%d\t%d", oracle, cases, agree)
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var lines []string
	for old := range strings.Lines(string(text)) {
		old = strings.TrimSuffix(old, "\n")
		if old == line {
			return
		}
		if name, _, _ := strings.Cut(old, "\t"); name != oracle {
			lines = append(lines, old)
		}
	}
	if !*update {
		t.Errorf("%s: %d of %d cases agree, which %s does not say", oracle, agree, cases, path)
		return
	}
	lines = append(lines, line)
	slices.Sort(lines)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}
