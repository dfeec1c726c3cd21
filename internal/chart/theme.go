package chart

// Theme is a set of colours.
type Theme int

// The themes.
const (
	Light Theme = iota
	Dark
)

// Option is an option object of Apache ECharts 5, ready to be marshalled as JSON: it holds no function, and its
// numbers are formatted where that matters.
type Option map[string]any
