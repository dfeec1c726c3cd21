package csv

import (
	"net/netip"
	"strconv"
	"strings"

	"sentinel/internal/finding"
	"sentinel/internal/report"
)

// tables are those of a report, in its order.
var tables = []table{
	{"inputs", []string{"path", "format", "compression", "sha256", "flows", "first", "last", "time_counts", "records", "unit", "skipped", "lookups"}, inputs},
	{"findings", []string{
		"severity", "score", "p_value", "detector", "title", "src_ip", "dst_ip", "dst_name", "dst_port", "proto", "first", "last", "hosts", "attack",
		"explanation", "remedy", "also", "id",
	}, findings},
	{"members", []string{"finding", "host"}, members},
	{"evidence", []string{"finding", "figure", "value", "text"}, evidence},
	{"detectors", []string{"detector", "looked_at", "could_not_judge", "tests", "findings"}, detectors},
	{"changes", []string{
		"dimension", "key", "kind", "flows_before", "flows_after", "bytes_before", "bytes_after", "log2", "p_value", "stands",
	}, changes},
	{"countries", []string{"code", "name", "flows", "up_bytes", "down_bytes"}, countries},
	{"hours", []string{"hour", "flows"}, hours},
	{"week", []string{"day", "hour", "flows"}, week},
	{"timeline", []string{"start", "flows"}, timeline},
	{"hosts", talkerHeader, hosts},
	{"servers", talkerHeader, servers},
	{"ports", []string{"proto", "dst_port", "others", "flows", "up_bytes", "down_bytes"}, ports},
	{"exfiltration", append([]string{"src_ip", "down_bytes", "up_bytes", "ratio"}, placeHeader...), exfiltration},
	{"botnet", append([]string{"network", "dst_ip", "src_ips", "flows", "per_second", "first", "last"}, placeHeader...), botnet},
	{"edges", []string{"src_ip", "dst_ip", "flows", "first", "last"}, edges},
	{"silences", []string{"from", "to"}, silences},
}

var (
	placeHeader  = []string{"private", "country", "owner", "name"}
	talkerHeader = append([]string{"address", "flows", "up_bytes", "down_bytes"}, placeHeader...)
)

func place(p report.Place) []string {
	return []string{strconv.FormatBool(p.Private), p.Country, p.Owner, p.Name}
}

func inputs(r *report.Report) [][]string {
	return each(r.Inputs, func(i report.Input) []string {
		return []string{
			i.Path, i.Format, i.Compression, i.SHA256, count(i.Flows), moment(i.First), moment(i.Last), i.Clock, count(i.Records), i.Unit,
			count(i.SkippedRows()), count(i.Lookups),
		}
	})
}

func findings(r *report.Report) [][]string {
	if r.Detection == nil && len(r.Findings) == 0 {
		return nil
	}
	rows := [][]string{}
	for _, f := range r.Findings {
		rows = append(rows, []string{
			f.Severity.String(), number(f.Score), number(f.PValue), f.Detector, f.Title, address(f.SrcIP), address(f.DstIP), f.Name, port(f.DstPort), f.Proto,
			moment(f.First), moment(f.Last), strconv.Itoa(len(f.Hosts)), strings.Join(f.Attack, " "), f.Explanation, f.Remedy, strings.Join(f.Also, " "), f.ID,
		})
	}
	return rows
}

// members are the hosts that findings are about, a row each.
func members(r *report.Report) (rows [][]string) {
	for _, f := range r.Findings {
		rows = append(rows, each(f.Hosts, func(host netip.Addr) []string { return []string{f.ID, host.String()} })...)
	}
	return rows
}

func evidence(r *report.Report) (rows [][]string) {
	for _, f := range r.Findings {
		rows = append(rows, each(f.Evidence, func(e finding.Evidence) []string { return []string{f.ID, e.Name, number(e.Value), e.Text} })...)
	}
	return rows
}

func detectors(r *report.Report) [][]string {
	if r.Detection == nil {
		return nil
	}
	return each(r.Detection.Ran, func(ran report.Ran) []string {
		return []string{ran.ID, ran.Looked, ran.Void, strconv.Itoa(ran.Tests), strconv.Itoa(ran.Found)}
	})
}

func changes(r *report.Report) [][]string {
	if r.Comparison == nil {
		return nil
	}
	rows := [][]string{}
	for _, d := range r.Comparison.Dimensions {
		for _, c := range d.Changes {
			rows = append(rows, []string{
				d.ID, c.Key, string(c.Kind), count(c.FlowsBefore), count(c.FlowsAfter), count(c.BytesBefore), count(c.BytesAfter), number(c.Log2), number(c.PValue),
				strconv.FormatBool(c.Stands),
			})
		}
	}
	return rows
}

func countries(r *report.Report) [][]string {
	return each(r.Countries, func(c report.Country) []string {
		return []string{c.Code, c.Name, count(c.Flows), count(c.UpBytes), count(c.DownBytes)}
	})
}

func hours(r *report.Report) [][]string {
	return each(r.Hours, func(h report.Hour) []string { return []string{strconv.Itoa(h.Hour), count(h.Flows)} })
}

var days = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

func week(r *report.Report) (rows [][]string) {
	if r.Week == nil {
		return nil
	}
	for day, hours := range r.Week.Flows {
		for hour, flows := range hours {
			rows = append(rows, []string{days[day], strconv.Itoa(hour), count(flows)})
		}
	}
	return rows
}

func timeline(r *report.Report) (rows [][]string) {
	if r.Timeline == nil {
		return nil
	}
	for i, flows := range r.Timeline.Flows {
		rows = append(rows, []string{moment(r.Timeline.Start + int64(i)*r.Timeline.Step), count(flows)})
	}
	return rows
}

func hosts(r *report.Report) [][]string {
	if r.Talkers == nil {
		return nil
	}
	return each(r.Talkers.Hosts, talker)
}

func servers(r *report.Report) [][]string {
	if r.Talkers == nil {
		return nil
	}
	return each(r.Talkers.Servers, talker)
}

func talker(t report.Talker) []string {
	return append([]string{address(t.Address), count(t.Flows), count(t.UpBytes), count(t.DownBytes)}, place(t.Place)...)
}

func ports(r *report.Report) [][]string {
	return each(r.Ports, func(p report.Port) []string {
		row := []string{p.Proto, count(p.DstPort), "", count(p.Flows), count(p.UpBytes), count(p.DownBytes)}
		if p.Others > 0 {
			row[1], row[2] = "", strconv.Itoa(p.Others)
		}
		return row
	})
}

func exfiltration(r *report.Report) [][]string {
	if r.Exfiltration == nil {
		return nil
	}
	return each(r.Exfiltration.Hosts, func(h report.Ratio) []string {
		return append([]string{address(h.SrcIP), count(h.DownBytes), count(h.UpBytes), number(h.Ratio)}, place(h.Place)...)
	})
}

func botnet(r *report.Report) [][]string {
	if r.Botnet == nil {
		return nil
	}
	return each(r.Botnet.Destinations, func(d report.Destination) []string {
		return append([]string{
			r.Botnet.Network, address(d.DstIP), list(d.SrcIPs), count(d.Flows), number(d.PerSecond), moment(d.First), moment(d.Last),
		}, place(d.Place)...)
	})
}

func edges(r *report.Report) [][]string {
	return each(r.Edges, func(e report.Edge) []string {
		return []string{address(e.SrcIP), address(e.DstIP), count(e.Flows), moment(e.First), moment(e.Last)}
	})
}

func silences(r *report.Report) [][]string {
	if r.Quality == nil {
		return nil
	}
	return each(r.Quality.Silences, func(s report.Silence) []string { return []string{moment(s.From), moment(s.To)} })
}
