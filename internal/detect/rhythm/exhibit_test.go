package rhythm_test

import (
	"testing"

	"sentinel/internal/detect/rhythm"
	"sentinel/internal/finding"
)

func TestExhibitsHoldEveryGapAndNoMorePointsThanTheyMay(t *testing.T) {
	var contacts rhythm.Contacts
	at := int64(0)
	for i := range int64(2000) {
		at += 60_000_000 + i%7*1_000_000
		if i == 1000 {
			at += 8 * 3600 * 1_000_000 // a night
		}
		contacts.Starts = append(contacts.Starts, at)
		contacts.Sizes = append(contacts.Sizes, 500)
	}
	exhibits := contacts.Exhibits()
	moments, gaps := exhibits[0].Points, exhibits[1].Points
	if len(moments) != finding.MaxPoints || moments[0].X != float64(contacts.Starts[0]) || moments[len(moments)-1].X != float64(at) {
		t.Errorf("%d points, from %v to %v", len(moments), moments[0].X, moments[len(moments)-1].X)
	}
	total := 0.0
	for _, bin := range gaps {
		total += bin.Y
	}
	if total != 1999 || gaps[len(gaps)-1].Y != 0 {
		t.Errorf("%v gaps in the bins, %v after the last", total, gaps[len(gaps)-1].Y)
	}
	if widest := gaps[len(gaps)-1].X; widest > 300 {
		t.Errorf("the bins reach to %v s, so that one night hides all else", widest)
	}
}

func TestExhibitsOfOneContactHaveNoGaps(t *testing.T) {
	exhibits := rhythm.Contacts{Starts: []int64{1}, Sizes: []float64{1}}.Exhibits()
	if len(exhibits[0].Points) != 1 || exhibits[1].Points != nil {
		t.Errorf("%v", exhibits)
	}
}
