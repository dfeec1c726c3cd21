package stat

// Scale turns a figure into a score by straight lines between knots, figure and score of each, which rise in the
// figure. Beyond the first and the last knot it stays at theirs.
type Scale [][2]float64

// At is the score of x.
func (s Scale) At(x float64) float64 {
	if !(x > s[0][0]) { // NaN too
		return s[0][1]
	}
	for i := 1; i < len(s); i++ {
		if x <= s[i][0] {
			return s[i-1][1] + (x-s[i-1][0])/(s[i][0]-s[i-1][0])*(s[i][1]-s[i-1][1])
		}
	}
	return s[len(s)-1][1]
}

// Outlier scores a robust z: 0.4 from 3.5 on, which Iglewicz and Hoaglin (1993) call an outlier, 0.6 from 6, 0.8
// from 10 (DETECTION.md, 2).
var Outlier = Scale{{0, 0}, {3.5, 0.4}, {6, 0.6}, {10, 0.8}}
