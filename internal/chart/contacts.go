package chart

// Contacts is single events over time, as dots; their values are on a logarithmic axis where they span more than two
// decades.
type Contacts struct {
	Title, Subtitle string
	ValueAxis       string // what a value is, such as "Bytes sent"
	Unit            Unit   // of the values
	Points          []Contact
	Undated         bool // the clock has no date: it counts from midnight of day 1
}

// Contact is one event.
type Contact struct {
	At     int64 // microseconds since the epoch, UTC
	Value  float64
	Label  string // shown where a pointer rests on it; may be empty
	Marked bool
}
