package eval_test

import (
	"cmp"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/detect"
	"sentinel/internal/detect/catalog"
	"sentinel/internal/detect/detecttest"
	"sentinel/internal/finding"
	"sentinel/internal/input"
	formats "sentinel/internal/input/catalog"
	"sentinel/internal/input/inputtest"
)

// updating tells whether -update was given, a flag of inputtest: then the table is written into captures.md.
func updating() bool { return flag.Lookup("update").Value.String() == "true" }

// data is where labelled captures lie that the project did not make.
const data = "../../../../shared/data"

// labelled is a capture with what its label says. Detectors are those that may say it; none means that the label
// is of what flows do not show.
type labelled struct {
	file      string
	label     string
	host      string
	detectors []string
	miss      string // why it is missed, as far as it is understood
}

func TestPublicCaptures(t *testing.T) {
	if _, err := os.Stat(data); err != nil {
		t.Skipf("the labelled captures are not at %s: docs/evaluation.md keeps its table of them", data)
	}
	var table strings.Builder
	table.WriteString("| capture | flows | label | verdict | about the labelled host | about others, at medium or above |\n| - | - | - | - | - | - |\n")
	for _, capture := range publicCaptures {
		row, found := judge(t, capture)
		table.WriteString(row)
		if expected := capture.miss == "" && len(capture.detectors) > 0; found != expected {
			t.Errorf("%s: found is %t, the table of captures says %t", capture.file, found, expected)
		}
	}
	if updating() {
		if err := os.WriteFile("captures.md", []byte(table.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// judge lets all detectors judge a capture, and writes its row of the table.
func judge(t *testing.T, capture labelled) (row string, found bool) {
	t.Helper()
	path := filepath.Join(data, capture.file)
	file, err := formats.All.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	read := inputtest.ReadFile(t, file.Format, path, input.Settings{})
	if read.Err != nil {
		t.Fatal(read.Err)
	}
	result := detecttest.Run(t, catalog.All[0], detecttest.Capture{
		Flows: read.Flows, Lookups: read.Lookups, Columns: read.Columns,
		Configure: func(c *detect.Config) { c.Detectors = catalog.All },
	})
	host := netip.MustParseAddr(capture.host)
	var about, others []string
	for _, f := range result.Findings {
		switch named := f.SrcIP == host || slices.Contains(f.Hosts, host); {
		case named:
			about = append(about, say(f))
			found = found || f.Severity >= finding.Medium && slices.Contains(capture.detectors, f.Detector)
		case f.Severity >= finding.Medium:
			others = append(others, say(f))
		}
	}
	row = fmt.Sprintf("| %s | %d | %s | %s | %s | %s |\n", strings.TrimPrefix(capture.file, "slips/dataset/"), len(read.Flows), capture.label,
		verdict(capture, found), cmp.Or(strings.Join(about, "; "), "nothing"), cmp.Or(strings.Join(others, "; "), "nothing"))
	return row, found
}

func verdict(capture labelled, found bool) string {
	switch {
	case found:
		return "found"
	case len(capture.detectors) == 0:
		return "not judged: " + capture.miss
	}
	return "missed: " + capture.miss
}

func say(f finding.Finding) string {
	return fmt.Sprintf("%s (%s, %.2f): %s", f.Detector, f.Severity, f.Score, strings.ReplaceAll(f.Title, "|", "/"))
}

var publicCaptures = []labelled{
	{"slips/dataset/test18-malicious-ctu-sme-11-win/zeek-labeled/conn.log.labeled", "Remcos RAT, 192.168.1.107 to 66.63.168.35 tcp 5888, 719 flows", "192.168.1.107", []string{"beacon", "exfil"}, ""},
	{"slips/dataset/port-scans/horizontal/conn.log", "horizontal scan of tcp 80 by 10.0.2.112", "10.0.2.112", []string{"scan"}, "10 of the 25 addresses tried did not answer, 15 are the least to be judged"},
	{"slips/dataset/port-scans/vertical/conn.log", "vertical scan of 45.33.32.156 by 192.168.1.9", "192.168.1.9", []string{"scan"}, ""},
	{"slips/dataset/test3-mixed.binetflow", "horizontal scan of tcp 3389 by 46.166.151.160", "46.166.151.160", []string{"scan"}, "its flows are single packets with data and all flags of TCP, so that nothing tells that they failed"},
	{"slips/dataset/test4-malicious.binetflow", "horizontal scan of tcp 81 by 192.168.2.12", "192.168.2.12", []string{"scan"}, ""},
	{"slips/dataset/test5-mixed.binetflow", "Simda, 10.0.2.15 (flow=Malware)", "10.0.2.15", []string{"beacon", "botnet", "dns-volume"}, "its names give it away, which flows do not show; its contacts come in bursts, few of them a second apart"},
	{"slips/dataset/test11-portscan.binetflow", "vertical scan of 14.1.11.113 by 10.8.0.69", "10.8.0.69", []string{"scan"}, ""},
	{"slips/dataset/test9-mixed-zeek-dir/conn.log", "TrickBot by its JA3 and false ARP, 10.0.2.15", "10.0.2.15", nil, "flows show neither TLS fingerprints nor ARP"},
	{"slips/dataset/test10-mixed-zeek-dir/conn.log", "horizontal scan of tcp 1337 by 192.0.2.10", "192.0.2.10", []string{"scan"}, "10 addresses, 15 are the least to be judged"},
	{"stratosphere-testing/001-zeek-scenario-malicious/labeled-conn.log", "njRAT, 192.168.1.115 to 41.108.179.197 tcp 1177", "192.168.1.115", []string{"beacon"}, ""},
	{"stratosphere-testing/002-zeek-scenario-port-scanning/conn.log", "port scans by 172.16.1.11", "172.16.1.11", []string{"scan"}, ""},
	{"stratosphere-testing/003-zeek-scenario-malicious/conn.log", "RAT, 10.8.0.61 to 147.32.83.234 tcp 1337", "10.8.0.61", []string{"exfil", "beacon", "unusual-port", "long-connection"}, ""},
	{"stratosphere-testing/005-zeek-scenario-malicious/conn.log", "Simda, 192.168.1.116", "192.168.1.116", []string{"dga", "beacon", "botnet", "dns-volume"}, ""},
	{"slips/dataset/test19-malicious-ssh/malicious-ssh-bruteforce.pcap", "SSH logins tried by 147.32.80.40", "147.32.80.40", []string{"brute-force"}, ""},
	{"slips/dataset/test-cc/test-cc-capture-1.pcap", "command and control of 147.32.80.37", "147.32.80.37", []string{"beacon"}, ""},
	{"slips/dataset/test-cc/test-cc-capture-2.pcap", "command and control of 147.32.80.37", "147.32.80.37", []string{"beacon"}, ""},
	{"slips/dataset/test6-malicious.suricata.json", "scans of 192.168.1.129 from outside", "193.46.255.92", []string{"scan"}, "seen, and low on purpose: it comes from outside, from where every network is scanned"},
	{"slips/dataset/test7-malicious.pcap", "worm on 192.168.2.16, which tries tcp 23 and 2323", "192.168.2.16", []string{"scan"}, ""},
	{"stratosphere-testing/006-zeek-scenario-ssh/conn.log", "SSH sessions, no attack named", "2001:718:2:1663::1ce", nil, "the label names none"},
}
