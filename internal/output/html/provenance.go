package html

import (
	"net/netip"
	"strconv"
	"strings"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

// judged is the section about the detectors.
type judged struct {
	*report.Detection
	Could  Table
	Void   []report.Ran
	Served []servers
}

// servers are hosts taken for something.
type servers struct {
	Role  string
	Hosts []netip.Addr
}

func detection(r *report.Report) any {
	d := r.Detection
	if d == nil {
		return nil
	}
	j := judged{Detection: d, Could: Table{ID: "detectors", Caption: "Detectors that judged"}}
	j.Could.Columns = append(words("Detector", "Finds", "Looked at"), numbers("Tests", "Findings")...)
	for _, ran := range d.Ran {
		if ran.Void != "" {
			j.Void = append(j.Void, ran)
			continue
		}
		j.Could.Rows = append(j.Could.Rows, []Cell{
			nameCell(ran.Title), {Text: output.PrintableLong(ran.Finds), Kind: "prose"}, {Text: output.PrintableLong(ran.Looked), Kind: "prose"},
			countCell(int64(ran.Tests)), countCell(int64(ran.Found)),
		})
	}
	for _, role := range []servers{{"servers", d.Servers}, {"resolvers", d.Resolvers}} {
		if len(role.Hosts) > 0 {
			j.Served = append(j.Served, role)
		}
	}
	return j
}

// source is the section about the data.
type source struct {
	*report.Report
	Captures []capture
	Made     []fact
}

// capture is one input and what it was read for.
type capture struct {
	report.Input
	Role  string
	Facts []fact
	Taken *Table // columns
	Lost  *Table // rows
}

func provenance(r *report.Report) any {
	s := source{Report: r, Made: madeOf(r.Provenance)}
	for _, input := range r.Inputs {
		s.Captures = append(s.Captures, captureOf(r, input, "Capture", len(s.Captures)))
	}
	for _, input := range r.Baseline {
		s.Captures = append(s.Captures, captureOf(r, input, "Baseline", len(s.Captures)))
	}
	return s
}

func madeOf(p report.Provenance) []fact {
	list := []fact{{"Program", "Sentinel " + output.Printable(p.Version)}, {"Engine", output.Printable(p.Engine)}}
	if p.Generated != "" {
		list = append([]fact{{"Made", moment(p.Generated)}}, list...)
	}
	for _, database := range p.Databases {
		list = append(list, fact{"Database", output.PrintableLong(database)})
	}
	for _, setting := range p.Settings {
		list = append(list, fact{"Setting " + output.Printable(setting.Name), output.PrintableLong(setting.Value)})
	}
	return list
}

func captureOf(r *report.Report, input report.Input, role string, number int) capture {
	c := capture{Input: input, Role: role, Taken: takenTable(input, number), Lost: lostTable(input, number)}
	format := output.Printable(input.Format)
	if input.Compression != "" {
		format += ", " + output.Printable(input.Compression)
	}
	c.Facts = append(c.Facts, fact{"Format", format}, fact{"Flows", output.Count(input.Flows)})
	if input.Records > 0 {
		c.Facts = append(c.Facts, fact{"Read", output.Count(input.Records) + " " + output.Printable(input.Unit)})
	}
	if input.Lookups > 0 {
		c.Facts = append(c.Facts, fact{"DNS lookups", output.Count(input.Lookups)})
	}
	if input.Flows > 0 {
		c.Facts = append(c.Facts, fact{"Time", span(r, input.First, input.Last)})
	}
	c.Facts = append(c.Facts, fact{"Clock", output.Printable(input.Clock)})
	for _, list := range []struct {
		name  string
		texts []string
	}{{"Has no", input.Absent}, {"Columns left aside", input.Ignored}} {
		if len(list.texts) > 0 {
			c.Facts = append(c.Facts, fact{list.name, output.PrintableLong(strings.Join(list.texts, ", "))})
		}
	}
	if input.Filled > 0 {
		c.Facts = append(c.Facts, fact{"Taken as 0", output.Counted(input.Filled, "flow") + " without byte counts or port"})
	}
	skipped := "none"
	if rows := input.SkippedRows(); rows > 0 {
		skipped = output.Count(rows)
	}
	c.Facts = append(c.Facts, fact{"Rows skipped", skipped})
	return c
}

func takenTable(input report.Input, number int) *Table {
	if len(input.Columns) == 0 {
		return nil
	}
	t := &Table{ID: numbered("columns", number), Caption: "Columns, and what they were taken for", Columns: words("Column", "Taken for")}
	for _, column := range input.Columns {
		field := column.Field
		if field == "" {
			field = "nothing, as --map says"
		}
		t.Rows = append(t.Rows, []Cell{nameCell(column.Name), textCell(field)})
	}
	return t
}

func lostTable(input report.Input, number int) *Table {
	if len(input.Skipped) == 0 {
		return nil
	}
	t := &Table{ID: numbered("skipped", number), Caption: "Rows that could not be used", Columns: append(words("Reason", "First of them"), numbers("Rows")...)}
	for _, skip := range input.Skipped {
		t.Rows = append(t.Rows, []Cell{{Text: output.PrintableLong(skip.Reason), Kind: "prose"}, nameCell(skip.Example), countCell(skip.Rows)})
	}
	return t
}

func numbered(name string, number int) string { return name + "-" + strconv.Itoa(number) }
