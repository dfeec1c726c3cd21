package pdf

import (
	"fmt"

	"sentinel/internal/output"
)

// comparison sets the capture beside its baseline.
func (d *document) comparison() {
	c := d.report.Comparison
	if c == nil {
		return
	}
	d.heading("Against the baseline")
	d.letters(regular, body, ink)
	d.paragraph(fmt.Sprintf("%s of %s keys changed by more than chance and ordinary days do.", output.Count(int64(c.Standing)), output.Count(int64(c.Tests))), 0)
	d.Ln(1.5)
	var dimensions, changes [][]string
	for _, dimension := range c.Dimensions {
		dimensions = append(dimensions, []string{
			dimension.Title, output.Count(int64(dimension.KeysBefore)), output.Count(int64(dimension.KeysAfter)), output.Count(int64(dimension.New)),
			fmt.Sprintf("%.1f", dimension.NewExpected), output.Chance(dimension.NewPValue),
		})
		for _, change := range dimension.Changes {
			if change.Stands {
				changes = append(changes, []string{
					dimension.Title, change.Key, string(change.Kind), output.Count(change.FlowsBefore), output.Count(change.FlowsAfter),
					output.Bytes(change.BytesBefore), output.Bytes(change.BytesAfter), fmt.Sprintf("%+.1f", change.Log2), output.Chance(change.PValue),
				})
			}
		}
	}
	d.table([]column{{title: "What", width: 50}, {title: "Before", width: 22, right: true}, {title: "Now", width: 22, right: true}, {title: "New", width: 22, right: true},
		{title: "New to be expected", width: 32, right: true}, {title: "Chance", width: 26}}, dimensions)
	if len(changes) > 0 {
		d.table([]column{{title: "What", width: 24}, {title: "Key", width: 40}, {title: "Kind", width: 15}, {title: "Flows before", width: 19, right: true},
			{title: "now", width: 16, right: true}, {title: "Bytes before", width: 19, right: true}, {title: "now", width: 17, right: true}, {title: "log2", width: 11, right: true},
			{title: "Chance", width: 18}}, changes)
	}
}
