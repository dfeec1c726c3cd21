package terminal

import (
	"fmt"
	"math"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

// changesPerDimension is how many changes of a dimension are shown without details.
const changesPerDimension = 5

// comparison tells what is new, gone or changed against the baseline: what stands, a few lines a dimension.
func (p *printer) comparison() {
	c := p.report.Comparison
	if c == nil {
		return
	}
	p.heading(fmt.Sprintf("Against the baseline: %s of %s keys changed by more than chance and ordinary days do",
		output.Count(int64(c.Standing)), output.Count(int64(c.Tests))), "")
	for _, dimension := range c.Dimensions {
		p.dimension(dimension)
	}
}

func (p *printer) dimension(d report.Dimension) {
	p.detail("%s: %s before, %s now, %s of them new (the baseline lets expect %.1f%s)", d.Title, output.Count(int64(d.KeysBefore)),
		output.Count(int64(d.KeysAfter)), output.Count(int64(d.New)), d.NewExpected, surprising(d))
	limit := min(changesPerDimension, p.Rows)
	if p.Rows == 0 {
		limit = len(d.Changes)
	}
	var rows [][]string
	hidden := 0
	for _, change := range d.Changes {
		switch {
		case !change.Stands:
		case len(rows) == limit:
			hidden++
		default:
			rows = append(rows, []string{output.Printable(change.Key), string(change.Kind), amount(d, change.FlowsBefore, change.BytesBefore),
				amount(d, change.FlowsAfter, change.BytesAfter), factor(change), output.Chance(change.PValue)})
		}
	}
	if len(rows) > 0 {
		p.table([]column{{title: "  What"}, {title: "Kind"}, {title: "Before", right: true}, {title: "Now", right: true},
			{title: "Change", right: true}, {title: "Chance"}}, rows)
	}
	if hidden > 0 {
		p.detail("… and %s more; --details shows all", output.Count(int64(hidden)))
	}
}

// surprising tells the chance of so many new keys where it is small.
func surprising(d report.Dimension) string {
	if d.New == 0 || d.NewPValue > 0.05 {
		return ""
	}
	return ", " + output.Chance(d.NewPValue)
}

func amount(d report.Dimension, flows, bytes int64) string {
	if d.Unit == "bytes" {
		return output.Bytes(bytes)
	}
	return output.Count(flows)
}

// factor prints a change as a factor, beyond the median shift of all keys.
func factor(change report.Change) string {
	switch {
	case change.Kind != report.Changed:
		return string(change.Kind)
	case change.Log2 < 0:
		return fmt.Sprintf("÷ %.1f", math.Exp2(-change.Log2))
	}
	return fmt.Sprintf("× %.1f", math.Exp2(change.Log2))
}
