package pcap_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
	"sentinel/internal/input/pcap"
)

// TestZeek compares the flows of Zeek's test traces with the conn.log that Zeek makes of them. Where they differ by
// design, testdata/zeek_differences.tsv says why; a trace listed there that agrees is an error, too.
func TestZeek(t *testing.T) {
	root := inputtest.Shared(t, "zeek-traces")
	known := readDifferences(t, "testdata/zeek_differences.tsv")
	agree := 0
	cases := zeekCases(t, root)
	for _, c := range cases {
		want, told := readConnLog(t, filepath.Join(root, "Baseline", c.test, c.log))
		got := describeAll(readCapture(t, filepath.Join(root, "Traces", c.trace)), told)
		if known.judge(t, c.test, want, got) {
			agree++
		}
	}
	known.unused(t)
	inputtest.Agreement(t, "testdata/agreement.tsv", "zeek", len(cases), agree)
}

type zeekCase struct{ test, trace, log string }

// zeekCases are the tests of Zeek that read one trace and write one log.
func zeekCases(t *testing.T, root string) (cases []zeekCase) {
	for _, line := range readLines(t, filepath.Join(root, "TRACE_TO_CONN_BASELINE.tsv"))[1:] {
		fields := strings.Split(line, "\t")
		if fields[3] == "1" && strings.HasSuffix(fields[2], "conn.log") && fields[4] == "True" {
			cases = append(cases, zeekCase{fields[0], fields[1], fields[2]})
		}
	}
	return cases
}

// detail is how much a log of Zeek tells of a connection: some of its tests keep a few columns only.
type detail int

const (
	justNumber detail = iota // of connections
	ends                     // and states
	counts                   // of packets and bytes
)

// readConnLog gives a line per connection of Zeek, sorted.
func readConnLog(t *testing.T, path string) ([]string, detail) {
	var rows []map[string]string
	var names []string
	for _, line := range readLines(t, path) {
		switch {
		case strings.HasPrefix(line, "#fields\t"), names == nil && !strings.HasPrefix(line, "#"):
			names = strings.Split(strings.TrimPrefix(line, "#fields\t"), "\t")
		case strings.HasPrefix(line, "#"), line == "":
		default:
			row := map[string]string{}
			for i, value := range strings.Split(line, "\t") {
				if i < len(names) {
					row[unscoped.Replace(names[i])] = value
				}
			}
			rows = append(rows, row)
		}
	}
	return describeZeek(rows)
}

// unscoped gives columns their usual names again, which some tests have changed.
var unscoped = strings.NewReplacer("id_", "id.", "id*", "id.")

// describeZeek leaves out connections that are tunnels for others, of which Sentinel counts the innermost only.
func describeZeek(rows []map[string]string) (lines []string, told detail) {
	tunnels := map[string]bool{}
	for _, row := range rows {
		for parent := range strings.SplitSeq(row["tunnel_parents"], ",") {
			tunnels[parent] = parent != ""
		}
		if row["id.orig_p"] != "" && row["conn_state"] != "" {
			told = max(told, ends)
		}
		if told >= ends && number(row["orig_pkts"])+number(row["resp_pkts"]) > 0 {
			told = counts
		}
	}
	for _, row := range rows {
		if !tunnels[row["uid"]] {
			lines = append(lines, describe(zeekFlow(row), told))
		}
	}
	slices.Sort(lines)
	return lines, told
}

// zeekFlow has the states of Zeek by their classes here. What Zeek has seen of neither beginning nor end is
// established where both ends sent data.
func zeekFlow(row map[string]string) flow.Flow {
	f := flow.Flow{Proto: protoNumber(row), UpPackets: number(row["orig_pkts"]), DownPackets: number(row["resp_pkts"])}
	f.SrcIP, _ = netip.ParseAddr(row["id.orig_h"])
	f.DstIP, _ = netip.ParseAddr(row["id.resp_h"])
	f.SrcPort, f.DstPort = uint16(number(row["id.orig_p"])), uint16(number(row["id.resp_p"]))
	f.UpBytes, f.DownBytes = number(row["orig_ip_bytes"]), number(row["resp_ip_bytes"])
	f.State = zeekStates[row["conn_state"]]
	if row["conn_state"] == "OTH" && number(row["orig_bytes"]) > 0 && number(row["resp_bytes"]) > 0 {
		f.State = flow.Established
	}
	return f
}

var zeekStates = map[string]flow.State{
	"S0": flow.Unanswered, "S1": flow.Established, "SF": flow.Established, "REJ": flow.Refused, "S2": flow.Established,
	"S3": flow.Established, "RSTO": flow.Reset, "RSTR": flow.Reset, "RSTOS0": flow.Unanswered, "RSTRH": flow.Other,
	"SH": flow.Unanswered, "SHR": flow.Other, "OTH": flow.Other,
}

func protoNumber(row map[string]string) flow.Proto {
	if value := row["ip_proto"]; value != "" && value != "-" {
		return flow.Proto(number(value))
	}
	switch row["proto"] {
	case "tcp":
		return flow.TCP
	case "udp":
		return flow.UDP
	case "icmp":
		if strings.Contains(row["id.orig_h"], ":") {
			return flow.ICMPv6
		}
		return flow.ICMP
	}
	return 0
}

func number(text string) int64 {
	value, _ := strconv.ParseInt(text, 10, 64)
	return value
}

func describeAll(result inputtest.Result, told detail) (lines []string) {
	for _, f := range result.Flows {
		lines = append(lines, describe(f, told))
	}
	slices.Sort(lines)
	return lines
}

// describe leaves out what Zeek means differently: its second port of ICMP, the ports of SCTP, which it does not read,
// and states but for TCP.
func describe(f flow.Flow, told detail) string {
	if told == justNumber {
		return "a flow"
	}
	switch f.Proto {
	case flow.ICMP, flow.ICMPv6:
		f.DstPort = 0
	case flow.SCTP:
		f.SrcPort, f.DstPort = 0, 0
	}
	if f.Proto != flow.TCP {
		f.State = ""
	}
	text := fmt.Sprintf("%s %s %d > %s %d %s", f.Proto, f.SrcIP, f.SrcPort, f.DstIP, f.DstPort, f.State)
	if told == counts {
		text += fmt.Sprintf(": %d packets %d bytes, %d packets %d bytes", f.UpPackets, f.UpBytes, f.DownPackets, f.DownBytes)
	}
	return text
}

// differences are captures that another program is known to tell otherwise, each with the reason.
type differences struct {
	path    string
	reasons map[string]string
	seen    map[string]bool
}

func readDifferences(t *testing.T, path string) differences {
	d := differences{path, map[string]string{}, map[string]bool{}}
	for _, line := range readLines(t, path) {
		name, reason, ok := strings.Cut(line, "\t")
		if !ok || d.reasons[name] != "" {
			t.Fatalf("%s: %q has no reason, or is there twice", path, line)
		}
		d.reasons[name] = reason
	}
	return d
}

// judge tells whether both agree, and fails where they do not as is known.
func (d differences) judge(t *testing.T, name string, want, got []string) bool {
	d.seen[name] = true
	agree := slices.Equal(want, got)
	switch reason := d.reasons[name]; {
	case agree && reason != "":
		t.Errorf("%s agrees, though %s says that it does not: %s", name, d.path, reason)
	case !agree && reason == "":
		t.Errorf("%s:\n- %s\n+ %s", name, strings.Join(without(want, got), "\n- "), strings.Join(without(got, want), "\n+ "))
	}
	return agree
}

func (d differences) unused(t *testing.T) {
	for name := range d.reasons {
		if !d.seen[name] {
			t.Errorf("%s has %s, which is not compared", d.path, name)
		}
	}
}

// without gives the lines of a that b has not as often.
func without(a, b []string) (rest []string) {
	count := map[string]int{}
	for _, line := range b {
		count[line]++
	}
	for _, line := range a {
		if count[line]--; count[line] < 0 {
			rest = append(rest, line)
		}
	}
	return rest
}

func readLines(t *testing.T, path string) (lines []string) {
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	scanner := bufio.NewScanner(bytes.NewReader(content))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		lines = append(lines, scanner.Text())
	}
	return lines
}

// readCapture reads a file as the program does.
func readCapture(t *testing.T, path string) inputtest.Result {
	t.Helper()
	result := inputtest.ReadFile(t, pcap.Format, path, input.Settings{})
	if result.Err != nil {
		t.Errorf("%s: %v", path, result.Err)
	}
	return result
}
