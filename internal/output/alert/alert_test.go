package alert_test

import (
	"net/netip"
	"strings"
	"testing"

	"sentinel/internal/detect/catalog"
	"sentinel/internal/finding"
	"sentinel/internal/output/alert"
	"sentinel/internal/report"
)

// Whatever a detector names has a name here, or reports would show bare numbers.
func TestTechniquesOfTheDetectorsHaveNames(t *testing.T) {
	seen := 0
	for _, detector := range catalog.All {
		for _, technique := range alert.Techniques(finding.Finding{Attack: detector.Attack}) {
			seen++
			for _, technique := range []alert.Technique{technique, technique.Parent()} {
				if technique.Name == "" || technique.Tactic.ID == "" {
					t.Errorf("%s: technique %s has no name", detector.ID, technique.ID)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no detector names a technique")
	}
}

func TestSubTechnique(t *testing.T) {
	dns := alert.Techniques(finding.Finding{Attack: []string{"T1071.004"}})[0]
	if !dns.Sub() || dns.Parent().ID != "T1071" || dns.Parent().Sub() || dns.URL() != "https://attack.mitre.org/techniques/T1071/004" {
		t.Errorf("%+v, parent %+v, page %s", dns, dns.Parent(), dns.URL())
	}
}

func TestHostName(t *testing.T) {
	for given, want := range map[string]string{
		"www.Example.COM.": "www.example.com", "_dmarc.example.com": "_dmarc.example.com", "xn--bcher-kva.example": "xn--bcher-kva.example", "host": "host",
		"": "", "a..b": "", "-a.example": "", "a b.example": "", "<script>.example": "", "a'b.example": "", "bücher.example": "", "192.0.2.1": "", "2001:db8::1": "",
		"a\u202eb.example": "", strings.Repeat("x", 64) + ".example": "", strings.Repeat("x.", 127) + "example": "", "a.example\n": "",
	} {
		if got := alert.HostName(given); got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
}

func TestTransport(t *testing.T) {
	for given, want := range map[string]string{"tcp": "tcp", "UDP": "udp", "ipv6-icmp": "ipv6-icmp", "": "", "<b>": "", "x y": "", strings.Repeat("x", 99): ""} {
		if got := alert.Transport(finding.Finding{Proto: given}); got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
	}
}

func TestRules(t *testing.T) {
	r := &report.Report{Detection: &report.Detection{Ran: []report.Ran{{ID: "beacon", Title: "Beacons", Finds: "regular contact"}}}}
	if got := alert.RuleOf(r, finding.Finding{Detector: "beacon"}); got.Title != "Beacons" || got.Finds != "regular contact" {
		t.Errorf("%+v", got)
	}
	if got := alert.RuleOf(&report.Report{}, finding.Finding{Detector: "scan"}); got.ID != "scan" || got.Title == "" {
		t.Errorf("%+v", got)
	}
}

func TestAddresses(t *testing.T) {
	f := finding.Finding{SrcIP: netip.MustParseAddr("fe80::1%eth0"), Hosts: []netip.Addr{netip.MustParseAddr("fe80::1"), netip.MustParseAddr("192.0.2.1")}}
	if got := alert.Addresses(f); len(got) != 2 || got[0].String() != "fe80::1" || got[1].String() != "192.0.2.1" {
		t.Errorf("%v", got)
	}
	at := netip.MustParseAddr("2001:db8::")
	for range 5000 {
		at = at.Next()
		f.Hosts = append(f.Hosts, at)
	}
	if got := alert.Addresses(f); len(got) != 1000 {
		t.Errorf("%d addresses", len(got))
	}
}
