package finding_test

import (
	"net/netip"
	"slices"
	"testing"

	"sentinel/internal/finding"
)

func TestSeverityFollowsTheScore(t *testing.T) {
	for score, want := range map[float64]finding.Severity{
		0: finding.Info, 0.19: finding.Info, 0.2: finding.Low, 0.4: finding.Medium, 0.59: finding.Medium, 0.6: finding.High, 0.8: finding.Critical, 1: finding.Critical,
	} {
		if got := finding.SeverityOf(score); got != want {
			t.Errorf("score %v is %s, want %s", score, got, want)
		}
	}
	for severity := finding.Info; severity <= finding.Critical; severity++ {
		if got, err := finding.ParseSeverity(severity.String()); err != nil || got != severity {
			t.Errorf("%s is read as %s, error %v", severity, got, err)
		}
	}
	if _, err := finding.ParseSeverity("severe"); err == nil {
		t.Error("severe is read as a severity")
	}
}

func TestWeighClampsAndDropsWhatDoesNothing(t *testing.T) {
	var f finding.Finding
	f.Weigh(0.9, finding.Modifier{Delta: 0.3, Reason: "new"}, finding.Modifier{Reason: "nothing"})
	if f.Score != 1 || f.Severity != finding.Critical || len(f.Modifiers) != 1 {
		t.Errorf("%+v", f)
	}
	f.Weigh(0.3, finding.Modifier{Delta: -0.5, Reason: "usual"})
	if f.Score != 0 || f.Severity != finding.Info {
		t.Errorf("%+v", f)
	}
}

func TestKeyTellsPhenomenaApart(t *testing.T) {
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	first := finding.Key("beacon", a, b)
	if again := finding.Key("beacon", a, b); first != again {
		t.Error("one phenomenon has two keys")
	}
	if finding.Key("beacon", a, b) == finding.Key("beacon", b, a) || finding.Key("beacon", a) == finding.Key("exfil", a) {
		t.Error("two phenomena have one key")
	}
}

func TestUnnamed(t *testing.T) {
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	for title, want := range map[string]bool{"192.0.2.1 and 192.0.2.2 talk": false, "192.0.2.1 talks": true, "2 hosts talk": true} {
		if got := (finding.Finding{Title: title, Hosts: []netip.Addr{a, b}}).Unnamed(); got != want {
			t.Errorf("%s: %t, want %t", title, got, want)
		}
	}
}

func TestCompareIsATotalOrder(t *testing.T) {
	findings := []finding.Finding{
		{ID: "c", Detector: "scan", Severity: finding.Low, Score: 0.3},
		{ID: "b", Detector: "scan", Severity: finding.High, Score: 0.6},
		{ID: "a", Detector: "scan", Severity: finding.High, Score: 0.6},
		{ID: "d", Detector: "beacon", Severity: finding.High, Score: 0.6},
		{ID: "e", Detector: "scan", Severity: finding.High, Score: 0.7},
	}
	slices.SortFunc(findings, finding.Compare)
	order := ""
	for _, f := range findings {
		order += f.ID
	}
	if order != "edabc" {
		t.Errorf("order %s, want edabc", order)
	}
}

func TestFilters(t *testing.T) {
	host, dst := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::7")
	second := netip.MustParseAddr("192.0.2.9")
	cases := []struct {
		name    string
		filters []finding.Filter
		want    map[string]string
	}{
		{"a channel", finding.FiltersFor([]netip.Addr{host}, dst, "tcp", 443), map[string]string{
			"tshark":  "ip.addr == 192.0.2.1 and ipv6.addr == 2001:db8::7 and tcp.port == 443",
			"tcpdump": "host 192.0.2.1 and host 2001:db8::7 and tcp port 443",
			"nfdump":  "proto tcp and src ip 192.0.2.1 and dst ip 2001:db8::7 and dst port 443",
			"sql":     "SELECT * FROM flows WHERE src_ip IN ('192.0.2.1') AND dst_ip = '2001:db8::7' AND proto = 'tcp' AND dst_port = 443 ORDER BY start",
		}},
		{"a group", finding.FiltersFor([]netip.Addr{host, second}, netip.Addr{}, "", -1), map[string]string{
			"tshark":  "(ip.addr == 192.0.2.1 or ip.addr == 192.0.2.9)",
			"tcpdump": "(host 192.0.2.1 or host 192.0.2.9)",
			"nfdump":  "(src ip 192.0.2.1 or src ip 192.0.2.9)",
			"sql":     "SELECT * FROM flows WHERE src_ip IN ('192.0.2.1', '192.0.2.9') ORDER BY start",
		}},
		{"hostile protocol", finding.FiltersFor([]netip.Addr{host}, netip.Addr{}, "x' OR '1", -1), map[string]string{
			"sql": "SELECT * FROM flows WHERE src_ip IN ('192.0.2.1') AND proto = 'x'' OR ''1' ORDER BY start",
		}},
	}
	for _, c := range cases {
		for _, filter := range c.filters {
			if want, ok := c.want[filter.Tool]; ok && filter.Query != want {
				t.Errorf("%s, %s:\n%s\nwant\n%s", c.name, filter.Tool, filter.Query, want)
			}
		}
		if len(c.filters) != 4 {
			t.Errorf("%s: %d filters", c.name, len(c.filters))
		}
	}
	if finding.FiltersFor(nil, dst, "tcp", 1) != nil {
		t.Error("filters about nobody")
	}
}
