package chart

// Week is a heat map of the hours of a week.
type Week struct {
	Title, Subtitle string
	ValueAxis       string         // what a value counts, such as "Flows"
	Values          [7][24]float64 // by day, Monday first, and hour, UTC
}
