package chart

// Timeline is values over time, in steps of equal length.
type Timeline struct {
	Title, Subtitle string
	ValueAxis       string // what a value counts, such as "Flows"
	Unit            Unit   // of the values
	Start           int64  // of the first step, in microseconds since the epoch, UTC
	Step            int64  // length of a step, in microseconds
	Values          []float64
	Behind          []float64 // a second series, drawn behind the first and in its steps, such as the baseline's; may be empty
	Name            string    // what the first series is, for the legend that a second one makes needed
	BehindName      string    // and the second
	Spans           []Span    // times that are marked, such as when a finding happened
	Undated         bool      // the clock has no date: it counts from midnight of day 1
}

// Span is a marked time, in microseconds since the epoch. A moment has From and To alike.
type Span struct {
	From, To int64
	Label    string
}
