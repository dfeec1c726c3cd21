package chart

// Histogram is a distribution: how many values lie in each bin. Bins of growing width, each at least a tenth wider
// than the one before, lie on a logarithmic axis.
type Histogram struct {
	Title, Subtitle string
	ValueAxis       string    // what is distributed, such as "Time between contacts"
	CountAxis       string    // what is counted, such as "Contacts"
	Unit            Unit      // of the values
	Edges           []float64 // of the bins, ascending: one more than there are counts
	Counts          []float64
	Marks           []Mark // values to point out, such as the period that was found
}

// Mark is a value pointed out on an axis.
type Mark struct {
	At    float64
	Label string
}
