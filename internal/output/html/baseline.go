package html

import (
	"fmt"

	"sentinel/internal/output"
	"sentinel/internal/output/figure"
	"sentinel/internal/report"
)

func against(r *report.Report) any {
	if r.Comparison == nil && r.Beside == nil {
		return nil
	}
	s := shown{}
	if r.Beside != nil {
		hours, countries := figure.HoursBeside(r), figure.CountriesBeside(r)
		hours.Subtitle, countries.Subtitle = "", ""
		s.Charts = append(s.Charts, drawn(hours, true), drawn(countries, true))
		s.Tables = append(s.Tables, besideTable(r))
	}
	if c := r.Comparison; c != nil {
		s.Text = fmt.Sprintf("%s of %s keys changed by more than chance and ordinary days do.", output.Count(int64(c.Standing)), output.Count(int64(c.Tests)))
		s.Tables = append(s.Tables, dimensionTable(c), changeTable(c))
	}
	return s
}

// besideTable sets the sums of the two captures side by side.
func besideTable(r *report.Report) Table {
	before, now := r.Beside.Summary, r.Summary
	t := Table{ID: "beside", Caption: "The two captures", Columns: append(words("Figure"), numbers("Baseline", "This capture", "Change")...)}
	count := func(name string, a, b int64) {
		t.Rows = append(t.Rows, []Cell{nameCell(name), countCell(a), countCell(b), changeCell(a, b)})
	}
	count("Flows", before.Flows, now.Flows)
	count("Hosts", before.Hosts, now.Hosts)
	count("Servers", before.Servers, now.Servers)
	t.Rows = append(t.Rows,
		[]Cell{nameCell("Uploaded"), bytesCell(before.UpBytes), bytesCell(now.UpBytes), changeCell(before.UpBytes, now.UpBytes)},
		[]Cell{nameCell("Downloaded"), bytesCell(before.DownBytes), bytesCell(now.DownBytes), changeCell(before.DownBytes, now.DownBytes)})
	return t
}

// changeCell is by how many percent a figure changed.
func changeCell(before, now int64) Cell {
	if before == 0 {
		return Cell{Text: "–"}
	}
	change := 100 * (float64(now)/float64(before) - 1)
	return numberCell(fmt.Sprintf("%+.1f %%", change), change)
}

func dimensionTable(c *report.Comparison) Table {
	t := Table{ID: "dimensions", Caption: "What is new, by the ways to divide the traffic"}
	t.Columns = append(words("What"), numbers("Before", "Now", "New", "New to be expected", "Chance of so many")...)
	for _, d := range c.Dimensions {
		t.Rows = append(t.Rows, []Cell{
			nameCell(d.Title), countCell(int64(d.KeysBefore)), countCell(int64(d.KeysAfter)), countCell(int64(d.New)),
			numberCell(fmt.Sprintf("%.1f", d.NewExpected), d.NewExpected), chanceCell(d.NewPValue),
		})
	}
	return t
}

// changeTable lists the changes that stand.
func changeTable(c *report.Comparison) Table {
	t := Table{ID: "changes", Caption: "Changes beyond chance", Folded: usual}
	t.Columns = append(words("What", "Key", "Kind"), numbers("Flows before", "Flows now", "Bytes before", "Bytes now", "Factor", "Chance")...)
	for _, d := range c.Dimensions {
		for _, change := range d.Changes {
			if !change.Stands {
				continue
			}
			if t.Total++; t.Total <= mostRows {
				t.Rows = append(t.Rows, []Cell{
					textCell(d.Title), nameCell(change.Key), textCell(string(change.Kind)), countCell(change.FlowsBefore), countCell(change.FlowsAfter),
					bytesCell(change.BytesBefore), bytesCell(change.BytesAfter), factorCell(change.Log2), chanceCell(change.PValue),
				})
			}
		}
	}
	return t
}

// factorCell prints a change given as the power of two.
func factorCell(log2 float64) Cell {
	if !report.Defined(log2) {
		return Cell{Text: "–"}
	}
	return numberCell(fmt.Sprintf("2^%+.1f", log2), log2)
}
