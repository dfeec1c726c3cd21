package web_test

import (
	"context"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"time"

	"sentinel/internal/explore"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/report"
	"sentinel/internal/web"
)

// The network of the sample: its own addresses, and who matters.
var (
	internal = netip.MustParsePrefix("192.0.2.0/24")
	infected = netip.MustParseAddr("192.0.2.17")
	resolver = netip.MustParseAddr("192.0.2.2")
	control  = netip.MustParseAddr("203.0.113.66")
	began    = time.Date(2024, 6, 3, 0, 0, 0, 0, time.UTC)
)

// hostile are names as an enemy chooses them.
var hostile = []string{
	`<script>alert(1)</script>.example`, `"><img src=x onerror=alert(2)>`, `](javascript:alert(3))`, "\x1b[31mred\x1b[0m.example",
	"\u202egpj.example", `{b|bold}{a}{b}`, `'-alert(4)-'`, strings.Repeat("x", 10_000),
}

// sampleFlows are two days of a small network, with a beacon and hostile names.
func sampleFlows() (flows []flow.Flow) {
	for minute := range 2 * 24 * 60 {
		at := began.Add(time.Duration(minute) * time.Minute)
		hour := float64(at.Hour())
		for i := range 1 + int(2*(1-math.Cos(hour/24*2*math.Pi))) {
			client := netip.AddrFrom4([4]byte{192, 0, 2, byte(10 + (minute*7+i*3)%20)})
			server, name, port := netip.AddrFrom4([4]byte{198, 51, 100, byte(1 + (minute+i*5)%23)}), fmt.Sprintf("www%d.example.com", (minute+i)%9), uint16(443)
			switch (minute + i) % 7 {
			case 0:
				server, name, port = netip.AddrFrom4([4]byte{203, 0, 113, byte(1 + (minute+i)%11)}), "", 80
			case 1:
				server, name, port = resolver, "", 53
			case 2:
				name = hostile[minute%len(hostile)]
			}
			proto := flow.TCP
			if port == 53 {
				proto = flow.UDP
			}
			flows = append(flows, flow.Flow{
				Start: at.UnixMicro() + int64(i)*1000, Duration: 1500_000, SrcIP: client, DstIP: server, Proto: proto, SrcPort: 40000, DstPort: port,
				UpBytes: int64(400 + minute%300), DownBytes: int64(3000 + 7*(minute%900)), State: flow.Established, Service: "tls", Name: name,
			})
		}
		if minute%10 == 0 {
			flows = append(flows, flow.Flow{
				Start: at.UnixMicro() + 500, Duration: 200_000, SrcIP: infected, DstIP: control, Proto: flow.TCP, SrcPort: 50000, DstPort: 8443,
				UpBytes: 640, DownBytes: 1200, State: flow.Established, Name: "cdn.example.net",
			})
		}
	}
	return flows
}

func sampleFinding() finding.Finding {
	f := finding.Finding{
		ID: "beacon-0123456789ab", Detector: "beacon", PValue: 1e-9, SrcIP: infected, DstIP: control, DstPort: 8443, Proto: "tcp", Name: "cdn.example.net",
		Hosts: []netip.Addr{infected}, First: began.UnixMicro(), Last: began.Add(47 * time.Hour).UnixMicro(),
		Title:       "192.0.2.17 calls cdn.example.net (203.0.113.66) every 10 min",
		Explanation: "288 contacts whose gaps differ by less than a second; no person does that.",
		Evidence:    []finding.Evidence{{Name: "contacts", Value: 288, Text: "288"}, {Name: "period", Value: 600, Text: "10 min"}},
		Attack:      []string{"T1071.001"}, Remedy: "Ask who installed what on 192.0.2.17",
		Filters: finding.FiltersFor([]netip.Addr{infected}, control, "tcp", 8443),
		Pairs:   []finding.Pair{{SrcIP: infected, DstIP: control}},
	}
	f.Weigh(0.7, finding.Modifier{Delta: 0.15, Reason: "the destination is new to the network"})
	contacts := finding.Exhibit{Kind: finding.Contacts, Title: "Contacts over time", XAxis: "Time (UTC)", YAxis: "Bytes sent"}
	gaps := finding.Exhibit{Kind: finding.Gaps, Title: "Gaps between contacts", XAxis: "Seconds", YAxis: "Gaps"}
	for i := range 288 {
		contacts.Points = append(contacts.Points, finding.Point{X: float64(began.Add(time.Duration(i) * 10 * time.Minute).UnixMicro()), Y: 640})
	}
	for i := range 11 {
		gaps.Points = append(gaps.Points, finding.Point{X: 595 + float64(i), Y: float64(287 * (i / 5 % 2) * (1 - i/6))})
	}
	f.Exhibits = []finding.Exhibit{contacts, gaps}
	return f
}

func hostileFinding() finding.Finding {
	f := finding.Finding{
		ID: "exfil-ba9876543210", Detector: "exfil", PValue: math.NaN(), SrcIP: netip.MustParseAddr("192.0.2.20"), DstPort: -1, Name: hostile[0],
		Hosts: []netip.Addr{netip.MustParseAddr("192.0.2.20")}, First: began.UnixMicro(), Last: began.Add(time.Hour).UnixMicro(),
		Title: "192.0.2.20 sends much to " + hostile[0] + hostile[1], Explanation: strings.Join(hostile, " "),
		Exhibits: []finding.Exhibit{{Kind: finding.Ranking, Title: "Hosts by what they send", XAxis: "Host", YAxis: "Bytes sent", Points: []finding.Point{
			{Label: hostile[1], Y: 9e8, Marked: true}, {Label: hostile[5], Y: 4e7}, {Label: "192.0.2.30", Y: 1e7},
		}}},
	}
	f.Weigh(0.5)
	return f
}

func sampleReport() *report.Report {
	r := &report.Report{
		Provenance: report.Provenance{Version: "test", Engine: "memory", Settings: []report.Setting{{Name: "--internal", Value: "192.0.2.0/24"}}},
		Inputs:     []report.Input{{Path: `day<b>.parquet`, Format: "parquet", Flows: 11809, First: began.UnixMicro(), Last: began.Add(48 * time.Hour).UnixMicro(), SHA256: strings.Repeat("ab", 32)}},
		Summary:    report.Summary{Flows: int64(len(sampleFlows())), Internal: report.Internal{Networks: []netip.Prefix{internal}}},
		Findings:   []finding.Finding{sampleFinding(), hostileFinding()},
		Countries:  []report.Country{{Code: "DE", Name: "Germany"}, {Code: "US", Name: "United States"}, {}},
		Quality:    &report.Quality{Duplicates: 3},
		Detection: &report.Detection{
			Ran:     []report.Ran{{ID: "beacon", Title: "Beacons", Finds: "regular contacts", Looked: "at 300 channels", Tests: 300, Found: 1}},
			Servers: []netip.Addr{resolver}, Resolvers: []netip.Addr{resolver}, Tests: 300, Rejected: 4,
		},
	}
	return r
}

func sampleComparison(r *report.Report) {
	r.Baseline = []report.Input{{Path: "monday.parquet", Format: "parquet"}}
	r.Hours = []report.Hour{{Hour: 3, Flows: 7}}
	r.Beside = &report.Beside{Summary: report.Summary{Flows: 9000}, Hours: []report.Hour{{Hour: 3, Flows: 5}}, Countries: []report.Country{{Code: "DE", Name: "Germany", Flows: 50}}}
	r.Comparison = &report.Comparison{Standing: 1, Tests: 20, Dimensions: []report.Dimension{{
		ID: "ports", Title: "Ports", Unit: "flows", KeysBefore: 9, KeysAfter: 10, New: 1, Changes: []report.Change{
			{Key: "8443/tcp", Kind: report.New, FlowsAfter: 288, PValue: 1e-8, Stands: true},
			{Key: "80/tcp", Kind: report.Changed, FlowsBefore: 50, FlowsAfter: 100, Log2: 1, PValue: 0.2},
		},
	}}}
}

// asker answers one question and refuses others.
type asker struct{}

func (asker) Ask(_ context.Context, question string, columns func([]string) error, row func([]any) error) error {
	if !strings.HasPrefix(question, "SELECT") {
		return fmt.Errorf("the statement does more than read: expected SELECT")
	}
	if err := columns([]string{"src_ip", "<b>flows</b>"}); err != nil {
		return err
	}
	for i := range 1500 {
		if err := row([]any{fmt.Sprintf("=192.0.2.%d", i), int64(i)}); err != nil {
			return err
		}
	}
	return nil
}

func sampleCapture() *web.Capture {
	r := sampleReport()
	sampleComparison(r)
	return &web.Capture{Report: r, Explorer: newMemory(sampleFlows()), Asker: asker{}, Explain: func(_ context.Context, host netip.Addr) ([]report.Line, error) {
		return []report.Line{
			{Detector: "scan", What: "ports of " + host.String(), Value: 2, Threshold: 15, Why: "too few"},
			{Detector: "beacon", What: "contacts", Value: 288, Threshold: 20, Fired: true, Why: "regular " + hostile[1]},
		}, nil
	}}
}

var _ explore.Explorer = (*memory)(nil)
