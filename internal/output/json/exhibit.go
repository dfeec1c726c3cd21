package json

import "sentinel/internal/finding"

// exhibit is evidence that is better seen than read; what its points are follows from its kind.
type exhibit struct {
	Kind   finding.ExhibitKind `json:"kind"`
	Title  string              `json:"title"`
	XAxis  string              `json:"x_axis"`
	YAxis  string              `json:"y_axis"`
	Points []point             `json:"points"`
}

type point struct {
	Label  string   `json:"label,omitempty"`
	X      *float64 `json:"x"`
	Y      *float64 `json:"y"`
	Marked bool     `json:"marked,omitempty"`
}

func convertExhibit(e finding.Exhibit) exhibit {
	return exhibit{e.Kind, e.Title, e.XAxis, e.YAxis, each(e.Points, func(p finding.Point) point {
		return point{p.Label, defined(p.X), defined(p.Y), p.Marked}
	})}
}
