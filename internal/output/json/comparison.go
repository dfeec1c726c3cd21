package json

import "sentinel/internal/report"

type comparison struct {
	Standing   int         `json:"standing"`
	Tests      int         `json:"tests"`
	Dimensions []dimension `json:"dimensions"`
}

type dimension struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Unit        string   `json:"unit"`
	KeysBefore  int      `json:"keys_before"`
	KeysAfter   int      `json:"keys_after"`
	New         int      `json:"new"`
	NewExpected float64  `json:"new_expected"`
	NewPValue   float64  `json:"new_p_value"`
	Changes     []change `json:"changes"`
}

type change struct {
	Key         string            `json:"key"`
	Kind        report.ChangeKind `json:"kind"`
	FlowsBefore int64             `json:"flows_before"`
	FlowsAfter  int64             `json:"flows_after"`
	BytesBefore int64             `json:"bytes_before"`
	BytesAfter  int64             `json:"bytes_after"`
	Log2        float64           `json:"log2"`
	PValue      float64           `json:"p_value"`
	Stands      bool              `json:"stands"`
}

func convertComparison(c *report.Comparison) *comparison {
	if c == nil {
		return nil
	}
	return &comparison{c.Standing, c.Tests, each(c.Dimensions, func(d report.Dimension) dimension {
		return dimension{
			d.ID, d.Title, d.Unit, d.KeysBefore, d.KeysAfter, d.New, d.NewExpected, d.NewPValue,
			each(d.Changes, func(c report.Change) change { return change(c) }),
		}
	})}
}
