package web

import (
	"fmt"
	"math"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

// comparisonView sets the capture beside its baseline.
type comparisonView struct {
	Before, After string // what was read
	Figures       []besideRow
	Pictures      []picture
	Dimensions    []changed
	Remark        string
}

type besideRow struct{ Label, Before, After string }

type changed struct {
	ID, Title, Remark string
	Rows              []changeRow
	More              int
}

type changeRow struct {
	Key, Kind, Before, After, Factor, Chance string
	Stands                                   bool
}

// mostChanges is how many changes of a dimension a page shows.
const mostChanges = 30

func showComparison(v *visit) error {
	r := v.capture.Report
	if r.Comparison == nil {
		return missing("There is nothing to compare with: sentinel serve --baseline CAPTURE sets a capture beside another.")
	}
	content := comparisonView{
		Before: captureNames(r.Baseline), After: captureNames(r.Inputs),
		Remark: fmt.Sprintf("%s of %s stand at a false discovery rate of 5 %%.", output.Counted(int64(r.Comparison.Standing), "change"), output.Counted(int64(r.Comparison.Tests), "key compared")),
	}
	if r.Beside != nil {
		content.Figures = besides(r.Beside.Summary, r.Summary)
		content.Pictures = []picture{{"By hour of the day", "/chart/hours-beside", "small", ""}, {"By country", "/chart/countries-beside", "map", ""}}
	}
	for _, d := range r.Comparison.Dimensions {
		content.Dimensions = append(content.Dimensions, changesOf(d))
	}
	return v.present("compare", v.frame("Comparison", "/compare"), lens{path: "/", filter: v.filter}, content)
}

func besides(before, after report.Summary) []besideRow {
	return []besideRow{
		{"Flows", output.Count(before.Flows), output.Count(after.Flows)},
		{"Sources", output.Count(before.Hosts), output.Count(after.Hosts)},
		{"Destinations", output.Count(before.Servers), output.Count(after.Servers)},
		{"Sent", output.Bytes(before.UpBytes), output.Bytes(after.UpBytes)},
		{"Received", output.Bytes(before.DownBytes), output.Bytes(after.DownBytes)},
	}
}

func changesOf(d report.Dimension) changed {
	c := changed{ID: d.ID, Title: d.Title, More: max(len(d.Changes)-mostChanges, 0)}
	c.Remark = fmt.Sprintf("%s before, %s now; %s new, where %s were to be expected", output.Count(int64(d.KeysBefore)), output.Count(int64(d.KeysAfter)), output.Count(int64(d.New)), output.Ratio(d.NewExpected))
	for _, change := range d.Changes[:min(len(d.Changes), mostChanges)] {
		row := changeRow{Key: output.Printable(change.Key), Kind: string(change.Kind), Stands: change.Stands, Chance: output.Chance(change.PValue)}
		row.Before, row.After = output.Count(change.FlowsBefore), output.Count(change.FlowsAfter)
		if d.Unit == "bytes" {
			row.Before, row.After = output.Bytes(change.BytesBefore), output.Bytes(change.BytesAfter)
		}
		if change.Kind == report.Changed {
			row.Factor = factor(change.Log2)
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}

// factor prints a change beyond the median shift of all keys.
func factor(log2 float64) string {
	if log2 < 0 {
		return fmt.Sprintf("÷ %.1f", math.Exp2(-log2))
	}
	return fmt.Sprintf("× %.1f", math.Exp2(log2))
}
