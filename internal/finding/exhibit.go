package finding

import "slices"

// ExhibitKind says what the points of an exhibit are.
type ExhibitKind string

// The kinds of exhibit.
const (
	// Contacts are moments: X microseconds since the epoch, Y bytes sent.
	Contacts ExhibitKind = "contacts"
	// Gaps are a histogram of seconds between contacts: X the lower edge of a bin, Y how many lie in it. The last
	// point closes the last bin, and its Y is 0.
	Gaps ExhibitKind = "gaps"
	// Ranking sets hosts side by side: Label who, Y how much, greatest first; those the finding is about are marked.
	Ranking ExhibitKind = "ranking"
)

// Exhibit is evidence that is better seen than read, as data.
type Exhibit struct {
	Kind   ExhibitKind
	Title  string
	XAxis  string // with the unit
	YAxis  string
	Points []Point // at most MaxPoints
}

// Point is one of them.
type Point struct {
	Label  string
	X, Y   float64
	Marked bool
}

// MaxPoints bounds an exhibit: what is drawn shows no more.
const MaxPoints = 500

// Thinned takes evenly as many of the points as an exhibit may hold, the first and the last among them.
func Thinned(points []Point) []Point {
	if len(points) <= MaxPoints {
		return points
	}
	thin := make([]Point, MaxPoints)
	for i := range thin {
		thin[i] = points[i*(len(points)-1)/(MaxPoints-1)]
	}
	return thin
}

// MostRanked is how many rows a ranking shows, besides marked ones further down.
const MostRanked = 20

// Largest ranks points by Y and keeps as many of the largest as a ranking shows, and every marked one.
func Largest(points []Point) []Point {
	ranked := slices.Clone(points)
	slices.SortStableFunc(ranked, func(a, b Point) int {
		switch {
		case a.Y > b.Y:
			return -1
		case a.Y < b.Y:
			return 1
		}
		return 0
	})
	rank := 0
	return slices.DeleteFunc(ranked, func(p Point) bool {
		rank++
		return rank > MostRanked && !p.Marked
	})
}
