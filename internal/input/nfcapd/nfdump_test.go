package nfcapd

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
)

// run runs a program of nfdump's and gives what it writes; the test skips where it is not installed.
func run(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("no %s to compare with", name)
	}
	command := exec.Command(path, args...)
	command.Env = append(os.Environ(), "TZ=UTC")
	var out bytes.Buffer
	command.Stdout = &out
	if err := command.Run(); err != nil {
		t.Fatalf("%s %v: %v", name, args, err)
	}
	return out.Bytes()
}

// metered makes one file of nfdump from many captures.
func metered(t testing.TB) string {
	t.Helper()
	captures, err := filepath.Glob(filepath.Join(inputtest.Shared(t, "zeek-traces", "Traces"), "*.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	const enough = 15
	step := max(1, len(captures)/enough)
	for i := 0; i < len(captures); i += step {
		if _, err := exec.LookPath("nfpcapd"); err != nil {
			t.Skip("no nfpcapd to make files with")
		}
		command := exec.Command("nfpcapd", "-r", captures[i], "-w", dir, "-o", "fat")
		command.Env = append(os.Environ(), "TZ=UTC")
		_ = command.Run() // some captures are none that it reads
	}
	all := filepath.Join(t.TempDir(), "all")
	run(t, "nfdump", "-q", "-R", dir, "-w", all)
	return all
}

// writings are the ways in which nfdump writes a file.
var writings = map[string][]string{
	"plain": nil, "LZO": {"-z"}, "LZ4": {"-y"}, "bzip2": {"-j"}, "both directions": {"-b"}, "aggregated": {"-a", "-z"},
}

// TestNfdump compares every record of files that nfdump writes now with what it lists of them.
func TestNfdump(t *testing.T) {
	sources := map[string]string{
		"captures": metered(t), "sample": inputtest.Shared(t, "chrispassas-nfdump", "devtestdata", "nfcapd.sample"),
		"layout 1": inputtest.Shared(t, "slips", "dataset", "test1-malicious.nfdump"),
	}
	for from, source := range sources {
		for name, options := range writings {
			t.Run(from+", "+name, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "written")
				run(t, "nfdump", append([]string{"-q", "-r", source, "-w", path}, options...)...)
				compare(t, path)
			})
		}
	}
}

// compare compares every record of a file with what nfdump lists: all fields with its seconds, and its milliseconds.
func compare(t *testing.T, path string) {
	t.Helper()
	got, account := halves(t, path)
	if len(account.Skipped) > 0 || account.Damage != nil {
		t.Errorf("skipped %v, damage %v", account.Skipped, account.Damage)
	}
	var lines, times []string
	for _, half := range got {
		lines = append(lines, line(half))
		times = append(times, fmt.Sprintf("%d.%03d", half.Start/1e6, half.Start/1e3%1e3))
	}
	want := listed(t, bytes.NewReader(run(t, "nfdump", "-r", path, "-o", "csv")))
	if diff := cmp.Diff(want, lines); diff != "" || len(want) == 0 {
		t.Errorf("%d records (-nfdump +got):\n%.3000s", len(want), diff)
	}
	starts := strings.Fields(string(run(t, "nfdump", "-q", "-r", path, "-o", "fmt:%tsr")))
	if diff := cmp.Diff(starts, times); diff != "" {
		t.Errorf("times (-nfdump +got):\n%.3000s", diff)
	}
}

// TestPairs compares the flows that come of records with those that nfdump -b makes. It joins all records with the
// same ends whatever lies between; the flows between the same ends must add up to the same.
func TestPairs(t *testing.T) {
	for name, source := range map[string]string{
		"captures": metered(t), "layout 1": inputtest.Shared(t, "slips", "dataset", "test1-malicious.nfdump"),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "written")
			run(t, "nfdump", "-q", "-r", source, "-b", "-w", path)
			theirs, _ := halves(t, path)
			want := sums{}
			for _, half := range theirs {
				want.add(half.Flow)
			}
			ours := inputtest.ReadFile(t, Format, source, input.Settings{}).Flows
			got := sums{}
			for _, f := range ours {
				got.add(f)
			}
			if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
				t.Errorf("(-nfdump +got):\n%.4000s", diff)
			}
			t.Logf("%d flows, of nfdump -b %d", len(ours), len(theirs))
		})
	}
}

// TestTranslated: a router that translates addresses names the hosts behind it in a field of their own. With it, both
// directions of nearly all connections meet, of which nfdump -b finds few; nothing is lost.
func TestTranslated(t *testing.T) {
	path := inputtest.Shared(t, "chrispassas-nfdump", "devtestdata", "nfcapd.sample")
	records, _ := halves(t, path)
	result := inputtest.ReadFile(t, Format, path, input.Settings{})
	var want, got [2]int64
	for _, half := range records {
		want[0] += half.UpPackets + half.DownPackets
		want[1] += half.UpBytes + half.DownBytes
	}
	both := 0
	for _, f := range result.Flows {
		got[0] += f.UpPackets + f.DownPackets
		got[1] += f.UpBytes + f.DownBytes
		if f.UpPackets > 0 && f.DownPackets > 0 {
			both++
		}
	}
	if want != got {
		t.Errorf("packets and bytes are %v, of records %v", got, want)
	}
	if len(result.Flows) != 1563 || both != 1330 {
		t.Errorf("%d flows, %d of both directions", len(result.Flows), both)
	}
}

// sums are packets and bytes each way between two ends, whoever opened a flow.
type sums map[string][4]int64

func (s sums) add(f flow.Flow) {
	a, b := fmt.Sprint(f.SrcIP, " ", f.SrcPort), fmt.Sprint(f.DstIP, " ", f.DstPort)
	counts := [4]int64{f.UpPackets, f.UpBytes, f.DownPackets, f.DownBytes}
	if f.Proto == flow.ICMP || f.Proto == flow.ICMPv6 { // nfdump has the type in one port
		a, b = f.SrcIP.String(), f.DstIP.String()
	}
	if a > b {
		a, b = b, a
		counts = [4]int64{counts[2], counts[3], counts[0], counts[1]}
	}
	key := fmt.Sprint(f.Proto, " ", a, " ", b)
	sum := s[key]
	for i := range counts {
		sum[i] += counts[i]
	}
	s[key] = sum
}
