package chart

// Ranking is one value each of many, such as hosts, with some of them pointed out. The values are on a logarithmic
// axis where they span more than two decades, and then are dots; on an axis from 0 they are bars.
type Ranking struct {
	Title, Subtitle string
	CategoryAxis    string // who is ranked, such as "Host"
	ValueAxis       string // by what
	Unit            Unit   // of the values
	Rows            []Rank // in the order of drawing, largest first
}

// Rank is one of them.
type Rank struct {
	Label  string
	Value  float64
	Note   string // the number as printed; where empty, as the unit prints it
	Marked bool
}
