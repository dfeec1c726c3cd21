package html_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"sentinel/internal/finding"
	"sentinel/internal/output/html"
	"sentinel/internal/output/outputtest"
	"sentinel/internal/report"
)

func TestVerdict(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*report.Report)
		want   string
	}{
		"a few hosts": {func(*report.Report) {},
			"4 hosts need attention: 192.0.2.10 (beacons); 192.0.2.11, 192.0.2.12, 192.0.2.13 (botnets); 1 more deserves a look."},
		"many hosts": {func(r *report.Report) { r.Findings[1].Hosts = many(40) },
			"41 hosts need attention: beacons, botnets; 1 more deserves a look."},
		"one host":        {func(r *report.Report) { r.Findings = r.Findings[:1] }, "1 host needs attention: 192.0.2.10 (beacons)."},
		"only to look at": {func(r *report.Report) { r.Findings = r.Findings[2:] }, "No host needs attention; 1 deserves a look. But 1 of 4 detectors could not judge."},
		"nothing": {func(r *report.Report) { r.Findings, r.Detection.Ran = r.Findings[3:], r.Detection.Ran[:2] },
			"No host needs attention: nothing stood out beyond what chance and ordinary days do."},
		"nothing of what could be judged": {func(r *report.Report) { r.Findings = r.Findings[3:] },
			"No host needs attention: nothing stood out beyond what chance and ordinary days do. But 1 of 4 detectors could not judge."},
		"no detector": {func(r *report.Report) { r.Findings, r.Detection = nil, nil }, "No detector was asked: this report holds figures, no judgement."},
		"no judgement": {func(r *report.Report) { r.Findings, r.Detection.Ran = nil, r.Detection.Ran[2:3] },
			"No detector could judge this capture; the reasons are below."},
	} {
		t.Run(name, func(t *testing.T) {
			r := outputtest.Full()
			test.change(r)
			if got := between(headline(t, r), `<p class="verdict`, "</p>"); !strings.HasSuffix(got, ">"+test.want) {
				t.Errorf("%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func many(n int) (hosts []netip.Addr) {
	for i := range n {
		hosts = append(hosts, netip.MustParseAddr(fmt.Sprintf("192.0.2.%d", 100+i)))
	}
	return hosts
}

func headline(t *testing.T, r *report.Report) string {
	t.Helper()
	text, err := html.Headline(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Who is attacked from outside is in trouble, not the attacker; a host with several findings stands once, worst first.
func TestHostsInTrouble(t *testing.T) {
	r := outputtest.Full()
	attacked := netip.MustParseAddr("192.0.2.77")
	r.Findings[2].DstIP = attacked
	again := r.Findings[1]
	again.ID, again.Hosts, again.Severity = "scan-again", []netip.Addr{netip.MustParseAddr("192.0.2.10")}, finding.High
	r.Findings = append(r.Findings[:2], again, r.Findings[2])
	tree := parsed(t, []byte(headline(t, r)))
	var hosts []string
	for _, node := range elements(tree) {
		if attribute(node, "class") == "who" {
			hosts = append(hosts, textOf(node))
		}
	}
	if got, want := strings.Join(hosts, "; "), "192.0.2.10; 192.0.2.11, 192.0.2.12, 192.0.2.13; 192.0.2.77"; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}
