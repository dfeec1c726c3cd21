package html

import (
	"fmt"

	"sentinel/internal/output"
	"sentinel/internal/output/figure"
	"sentinel/internal/report"
)

// shown is a section of charts and tables.
type shown struct {
	Text   string
	Charts []*picture
	Tables []Table
	Aside  *Table // what a chart shows too, folded away
}

func when(r *report.Report) any {
	if r.Timeline == nil && r.Hours == nil && r.Week == nil {
		return nil
	}
	s := shown{}
	if r.Timeline != nil {
		timeline := figure.Timeline(r)
		timeline.Subtitle = "" // the headline says it for all charts
		s.Charts = append(s.Charts, drawn(timeline, true))
	}
	if r.Hours != nil {
		hours := figure.Hours(r)
		hours.Subtitle = ""
		s.Charts, s.Aside = append(s.Charts, drawn(hours, true)), hoursTable(r)
	}
	if r.Week != nil {
		week := figure.Week(r)
		week.Subtitle = ""
		s.Charts = append(s.Charts, drawn(week, true))
	}
	return s
}

func hoursTable(r *report.Report) *Table {
	t := &Table{ID: "hours", Caption: "Flows by the hour of the day in which they began, UTC", Columns: numbers("Hour", "Flows", "Share")}
	for _, hour := range r.Hours {
		t.Rows = append(t.Rows, []Cell{{Text: fmt.Sprintf("%02d", hour.Hour)}, countCell(hour.Flows), shareCell(hour.Flows, r.Summary.Flows)})
	}
	return t
}

func places(r *report.Report) any {
	if r.Countries == nil {
		return nil
	}
	t := Table{ID: "countries", Caption: "Flows by country of destination", Folded: usual}
	t.Columns = append(words("Country", "Code"), numbers("Flows", "Share", "Uploaded", "Downloaded")...)
	for _, country := range r.Countries {
		code := country.Code
		if code == "" {
			code = "–"
		}
		t.Rows = append(t.Rows, []Cell{
			nameCell(country.Name), textCell(code), countCell(country.Flows), shareCell(country.Flows, r.Summary.Flows), bytesCell(country.UpBytes), bytesCell(country.DownBytes),
		})
	}
	world := figure.World(r)
	world.Subtitle = ""
	return shown{Charts: []*picture{drawn(world, true)}, Tables: []Table{t}}
}

func talkers(r *report.Report) any {
	if r.Talkers == nil {
		return nil
	}
	return shown{Tables: []Table{
		talkerTable("hosts", "Hosts with the most traffic", "Host", r.Talkers.Hosts),
		talkerTable("servers", "Servers with the most traffic", "Server", r.Talkers.Servers),
	}}
}

func talkerTable(id, caption, kind string, list []report.Talker) Table {
	t := Table{ID: "talkers-" + id, Caption: caption, Folded: usual}
	t.Columns = append(words(kind, "Name", "Origin"), numbers("Flows", "Uploaded", "Downloaded")...)
	for _, talker := range list {
		t.Rows = append(t.Rows, []Cell{
			addressCell(talker.Address), hostCell(talker.Place), textCell(output.Origin(talker.Place)),
			countCell(talker.Flows), bytesCell(talker.UpBytes), bytesCell(talker.DownBytes),
		})
	}
	return t
}

func hostCell(place report.Place) Cell {
	if place.Name == "" {
		return Cell{Text: "–"}
	}
	return nameCell(place.Name)
}

func inside(r *report.Report) any {
	if len(r.Edges) == 0 {
		return nil
	}
	t := Table{ID: "edges", Caption: "Who opened connections to whom", Folded: usual}
	if r.EdgeCount > len(r.Edges) {
		t.Caption += fmt.Sprintf(": of %s pairs, the %s with most flows", output.Count(int64(r.EdgeCount)), output.Count(int64(len(r.Edges))))
	}
	t.Columns = append(words("From", "To"), numbers("Flows")...)
	t.Columns = append(t.Columns, words("First", "Last")...)
	for _, edge := range r.Edges {
		t.Rows = append(t.Rows, []Cell{addressCell(edge.SrcIP), addressCell(edge.DstIP), countCell(edge.Flows), timeCell(r, edge.First), timeCell(r, edge.Last)})
	}
	edges := figure.Edges(r)
	edges.Subtitle = ""
	return shown{Charts: []*picture{drawn(edges, true)}, Tables: []Table{t}}
}

func ports(r *report.Report) any {
	if r.Ports == nil {
		return nil
	}
	t := Table{ID: "port", Caption: "Flows by protocol and port of the server", Folded: usual}
	t.Columns = append(words("Protocol"), numbers("Port", "Flows", "Share", "Uploaded", "Downloaded")...)
	for _, port := range r.Ports {
		proto, number := nameCell(port.Proto), Cell{Text: fmt.Sprint(port.DstPort)}
		if port.Others > 0 {
			proto, number = textCell(output.Counted(int64(port.Others), "other")), Cell{Text: "–"}
		}
		t.Rows = append(t.Rows, []Cell{
			proto, number, countCell(port.Flows), shareCell(port.Flows, r.Summary.Flows), bytesCell(port.UpBytes), bytesCell(port.DownBytes),
		})
	}
	return shown{Tables: []Table{t}}
}
