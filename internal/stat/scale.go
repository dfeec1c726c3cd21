package stat

// Knot is a point of a Scale.
type Knot struct{ X, Y float64 }

// Scale turns a figure into a score by straight lines between its knots, which rise in X. Beyond the first and
// the last knot it stays at theirs.
type Scale []Knot

// At is the score of x.
func (s Scale) At(x float64) float64 {
	if !(x > s[0].X) { // NaN too
		return s[0].Y
	}
	for i := 1; i < len(s); i++ {
		if x <= s[i].X {
			return s[i-1].Y + (x-s[i-1].X)/(s[i].X-s[i-1].X)*(s[i].Y-s[i-1].Y)
		}
	}
	return s[len(s)-1].Y
}

// Outlier scores a robust z: 0.4 from 3.5 on, which Iglewicz and Hoaglin (1993) call an outlier, 0.6 from 6, 0.8
// from 10 (DETECTION.md, 2).
var Outlier = Scale{{0, 0}, {3.5, 0.4}, {6, 0.6}, {10, 0.8}}
