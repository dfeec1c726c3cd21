package chart

// World is a map of countries, each shaded by its value on a logarithmic scale.
type World struct {
	Title, Subtitle string
	Unit            string    // what a value counts, such as "flows"
	Countries       []Country // in any order, each code once
	Beside          []Bar     // figures that have no place on the map, such as those of private addresses
}

// Country is what one country has.
type Country struct {
	Code  string // ISO 3166-1 alpha-2, and XK for Kosovo; a code without a place is counted below the map
	Name  string
	Value float64 // negative, infinite and undefined ones are drawn as none
	Note  string  // the number as printed
}
