package input

import (
	"cmp"
	"slices"
)

// Tally counts what could not be used, by reason. The zero value is empty.
type Tally struct{ skips map[string]*Skip }

// Add counts rows for a reason; the example of the first is kept.
func (t *Tally) Add(reason string, rows int64, example string) {
	if t.skips == nil {
		t.skips = map[string]*Skip{}
	}
	skip := t.skips[reason]
	if skip == nil {
		skip = &Skip{Reason: reason, Example: example}
		t.skips[reason] = skip
	}
	skip.Rows += rows
}

// Skips lists the reasons, the most frequent first.
func (t *Tally) Skips() []Skip {
	var list []Skip
	for _, skip := range t.skips {
		list = append(list, *skip)
	}
	slices.SortFunc(list, func(a, b Skip) int { return cmp.Or(cmp.Compare(b.Rows, a.Rows), cmp.Compare(a.Reason, b.Reason)) })
	return list
}
