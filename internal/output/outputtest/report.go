// Package outputtest holds reports for tests of outputs: one with all sections, and the same with hostile text in it.
package outputtest

import (
	"math"
	"net/netip"

	"sentinel/internal/finding"
	"sentinel/internal/report"
)

// start is when the captures of the reports begin: 2026-03-02 00:00 UTC, a Monday.
const start = 1_772_409_600_000_000

const minute = 60_000_000

func addr(text string) netip.Addr { return netip.MustParseAddr(text) }

func addrs(texts ...string) (list []netip.Addr) {
	for _, text := range texts {
		list = append(list, addr(text))
	}
	return list
}

// Full is a report with every section and with findings of every shape.
func Full() *report.Report {
	flows := int64(120)
	r := &report.Report{
		Provenance: report.Provenance{
			Version: "1.2.3", Engine: "DuckDB v1.5.0", Databases: []string{"countries of 2026-06-17"},
			Settings: []report.Setting{{Name: "percentile", Value: "95"}, {Name: "internal", Value: "192.0.2.0/24"}},
		},
		Inputs: []report.Input{
			{Path: "captures/day one.pcap", Format: "pcap", Compression: "gzip", SHA256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
				Flows: 1200, Records: 34_000, Unit: "packets", First: start, Last: start + 1439*minute, Clock: "microseconds since 1970",
				Columns: []report.Column{{Name: "start", Field: "time"}},
				Skipped: []report.Skip{{Reason: "cut short", Rows: 3, Example: "packet 17"}}, Notes: []report.Note{{Text: "packets were cut at 96 bytes", Hint: "capture with -s 0"}}},
			{Path: "-", Format: "csv", Flows: 34, First: start, Last: start + 10*minute, Clock: "seconds since 1970"},
		},
		Failures: []report.Failure{{Path: "broken.pcap", Reason: "first bytes are 00", Hint: "is it a capture?"}, {Path: "half.pcap", Reason: "ends in a packet", Partial: true}},
		Baseline: []report.Input{{Path: "yesterday.pcap", Format: "pcap", Flows: 1000, First: start - 1440*minute, Last: start - minute, Clock: "microseconds since 1970"}},
		Summary: report.Summary{
			Flows: 1234, Hosts: 12, Servers: 45, UpBytes: 12_345_678, DownBytes: 987_654_321, First: start, Last: start + 1439*minute,
			Internal: report.Internal{Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, Hosts: 10, Flows: &flows},
		},
		Findings: findings(),
		Detection: &report.Detection{
			Ran: []report.Ran{
				{ID: "beacon", Title: "Beacons", Finds: "regular contact with one server", Looked: "12 channels", Tests: 12, Found: 1},
				{ID: "scan", Title: "Scans", Finds: "one source that tries many hosts or ports", Looked: "40 sources", Tests: 40, Found: 2},
				{ID: "dga", Title: "Generated domains", Finds: "questions for domains made by a program", Void: "the capture has no questions to the DNS"},
				{ID: "botnet", Title: "Botnets", Finds: "hosts that act as one", Looked: "3 groups", Found: 1},
			},
			Tests: 52, Rejected: 2, Allowed: 1, ExpectedFalse: 0.05, Servers: addrs("192.0.2.2"), Resolvers: addrs("192.0.2.3"),
		},
		Comparison: comparison(),
		Notes:      []report.Note{{Text: "the capture is short", Hint: "capture a day"}},
	}
	measures(r)
	return r
}

func findings() []finding.Finding {
	beacon := finding.Finding{
		ID: "beacon-0a1b2c3d4e5f", Detector: "beacon", PValue: 1e-9, SrcIP: addr("192.0.2.10"), DstIP: addr("203.0.113.7"), DstPort: 443, Name: "cdn.example.com", Proto: "tcp",
		Hosts: addrs("192.0.2.10"), First: start + minute, Last: start + 900*minute,
		Title:       "192.0.2.10 contacts 203.0.113.7 every 60 s",
		Explanation: "900 contacts, 60 s apart but for 5 %; random contacts are as regular once in 1,000,000,000.",
		Evidence:    []finding.Evidence{{Name: "contacts", Value: 900, Text: "900 contacts"}, {Name: "periodicity", Value: 0.97, Text: "0.97 of 1"}, {Name: "loss", Value: math.NaN(), Text: "not known"}},
		Attack:      []string{"T1071.004", "T1029"}, Remedy: "it stops being a finding when the contacts end",
		Exhibits: []finding.Exhibit{
			{Kind: finding.Contacts, Title: "Contacts", XAxis: "Time (UTC)", YAxis: "Bytes sent", Points: []finding.Point{{X: start + minute, Y: 120}, {X: start + 2*minute, Y: 121}, {X: start + 3*minute, Y: 119}}},
			{Kind: finding.Gaps, Title: "Gaps between contacts", XAxis: "Seconds", YAxis: "Gaps", Points: []finding.Point{{X: 55, Y: 3}, {X: 60, Y: 890}, {X: 65, Y: 0}}},
		},
		Pairs: []finding.Pair{{SrcIP: addr("192.0.2.10"), DstIP: addr("203.0.113.7")}}, Also: []string{"new-destination"},
	}
	beacon.Filters = finding.FiltersFor(beacon.Hosts, beacon.DstIP, beacon.Proto, beacon.DstPort)
	beacon.Weigh(0.8, finding.Modifier{Delta: 0.1, Reason: "few hosts go there"})
	group := finding.Finding{
		ID: "botnet-00112233aabb", Detector: "botnet", PValue: math.NaN(), DstIP: addr("2001:db8:ff::1"), DstPort: 6667, Proto: "tcp", Hosts: addrs("192.0.2.11", "192.0.2.12", "192.0.2.13"),
		First: start + 5*minute, Last: start + 30*minute, Title: "3 hosts act as one", Explanation: "They contact the same server at the same times.",
		Evidence: []finding.Evidence{{Name: "hosts", Value: 3, Text: "3 hosts"}}, Attack: []string{"T1584.005"}, Remedy: "it stops when they differ",
		Exhibits: []finding.Exhibit{{Kind: finding.Ranking, Title: "Hosts", XAxis: "Flows", Points: []finding.Point{{Label: "192.0.2.11", Y: 9, Marked: true}, {Label: "192.0.2.44", Y: 1}}}},
	}
	for _, host := range group.Hosts {
		group.Pairs = append(group.Pairs, finding.Pair{SrcIP: host, DstIP: group.DstIP})
	}
	group.Weigh(0.65)
	outside := finding.Finding{
		ID: "scan-ffeeddccbbaa", Detector: "scan", PValue: 1e-5, SrcIP: addr("198.51.100.66"), DstPort: -1, Hosts: addrs("198.51.100.66"),
		First: start, Last: start + minute, Title: "198.51.100.66 tries 200 hosts", Explanation: "It tried 200 hosts, of which none answers.",
		Evidence: []finding.Evidence{{Name: "targets", Value: 200, Text: "200 targets"}}, Attack: []string{"T1595", "T1046"}, Remedy: "it stops when the scan does",
	}
	outside.Weigh(0.45)
	inside := outside
	inside.ID, inside.SrcIP, inside.Hosts, inside.DstIP, inside.Title = "scan-0123456789ab", addr("192.0.2.20"), addrs("192.0.2.20"), addr("192.0.2.21"), "192.0.2.20 tries 300 ports of 192.0.2.21"
	inside.Weigh(0.25)
	info := inside
	info.ID, info.DstIP, info.Title = "scan-ba9876543210", addr("203.0.113.200"), "192.0.2.20 tries 4 ports of 203.0.113.200"
	info.Weigh(0.1)
	return []finding.Finding{beacon, group, outside, inside, info}
}

func comparison() *report.Comparison {
	return &report.Comparison{Standing: 2, Tests: 60, Dimensions: []report.Dimension{
		{ID: "countries", Title: "Countries", Unit: "bytes", KeysBefore: 10, KeysAfter: 12, New: 2, NewExpected: 0.4, NewPValue: 0.03, Changes: []report.Change{
			{Key: "PT", Kind: report.New, FlowsAfter: 50, BytesAfter: 123_456, Log2: 5.6, PValue: 1e-6, Stands: true},
			{Key: "DE", Kind: report.Changed, FlowsBefore: 10, FlowsAfter: 40, BytesBefore: 1000, BytesAfter: 4000, Log2: 2, PValue: 1e-4, Stands: true},
			{Key: "FR", Kind: report.Gone, FlowsBefore: 3, BytesBefore: 30, Log2: -1, PValue: 0.4},
		}},
		{ID: "ports", Title: "Ports", Unit: "flows", KeysBefore: 30, KeysAfter: 30, NewPValue: 1},
	}}
}

func measures(r *report.Report) {
	public := report.Place{Country: "PT", Owner: "AS64500 Example Networks", Name: "cdn.example.com"}
	private := report.Place{Private: true, Name: "printer.example.com"}
	r.Exfiltration = &report.Exfiltration{Percentile: 95, Ranked: 12, Hosts: []report.Ratio{
		{SrcIP: addr("192.0.2.10"), DownBytes: 900_000, UpBytes: 1000, Ratio: 900, Place: private},
		{SrcIP: addr("192.0.2.11"), DownBytes: 5, Ratio: math.Inf(1), Place: private},
	}}
	r.Botnet = &report.Botnet{Network: "192.0.2.0/24", Destinations: []report.Destination{
		{DstIP: addr("192.0.2.2"), SrcIPs: addrs("192.0.2.10", "192.0.2.11"), Flows: 100, First: start, Last: start + 60*minute, PerSecond: 0.0278, Place: private},
		{DstIP: addr("192.0.2.9"), SrcIPs: addrs("192.0.2.10"), Flows: 1, First: start, Last: start, PerSecond: math.NaN(), Place: private},
	}}
	r.Countries = []report.Country{{Code: "PT", Name: "Portugal", Flows: 800, UpBytes: 10_000, DownBytes: 900_000}, {Code: "US", Name: "United States", Flows: 314, UpBytes: 5000, DownBytes: 80_000}, {Flows: 120, UpBytes: 100, DownBytes: 200}}
	r.Hours = []report.Hour{{Hour: 0, Flows: 100}, {Hour: 9, Flows: 900}, {Hour: 23, Flows: 234}}
	r.Week = &report.Week{}
	r.Week.Flows[0][9], r.Week.Flows[1][23] = 1000, 234
	r.Timeline = &report.Timeline{Start: start, Step: 60 * minute, Flows: []int64{100, 0, 900, 234}}
	r.Edges = []report.Edge{{SrcIP: addr("192.0.2.10"), DstIP: addr("192.0.2.2"), Flows: 99, First: start, Last: start + 60*minute}}
	r.Beside = &report.Beside{
		Summary:   report.Summary{Flows: 1000, Hosts: 11, Servers: 40, UpBytes: 1, DownBytes: 2, First: start - 1440*minute, Last: start - minute},
		Countries: []report.Country{{Code: "FR", Name: "France", Flows: 1000, UpBytes: 1, DownBytes: 2}},
		Hours:     []report.Hour{{Hour: 8, Flows: 1000}}, Timeline: &report.Timeline{Start: start - 1440*minute, Step: 60 * minute, Flows: []int64{1000}},
	}
	r.Talkers = &report.Talkers{
		Hosts:   []report.Talker{{Address: addr("192.0.2.10"), Flows: 900, UpBytes: 1000, DownBytes: 900_000, Place: private}},
		Servers: []report.Talker{{Address: addr("203.0.113.7"), Flows: 900, UpBytes: 1000, DownBytes: 900_000, Place: public}, {Address: addr("2001:db8:ff::1"), Flows: 9, UpBytes: 1, DownBytes: 2}},
	}
	r.Ports = []report.Port{{Proto: "tcp", DstPort: 443, Flows: 1000, UpBytes: 10, DownBytes: 1000}, {Proto: "udp", DstPort: 53, Flows: 200, UpBytes: 1, DownBytes: 2}, {Others: 7, Flows: 34, UpBytes: 3, DownBytes: 4}}
	r.Quality = &report.Quality{Duplicates: 2, Silences: []report.Silence{{From: start + 100*minute, To: start + 200*minute}}}
}
