package chart

import (
	"cmp"
	"slices"
)

// Pairs is two values per key side by side, such as before and after.
type Pairs struct {
	Title, Subtitle string
	CategoryAxis    string // what a pair stands for
	ValueAxis       string // what a bar's length stands for, with the unit
	Unit            Unit   // of the values
	Before, After   string // what the two are, for the legend
	Horizontal      bool   // a pair is a row, as for countries; otherwise a column, as for hours
	Pairs           []Pair // in the order of drawing
}

// Pair is the two values of one key.
type Pair struct {
	Label         string
	Before, After float64
}

// Top gives the chart of the n pairs with the largest value of either, largest first and equal ones in their old
// order, and of the rest as one pair named others, which adds them up. A rest of one pair keeps its own name.
func (c Pairs) Top(n int, others string) Pairs {
	n = max(n, 0)
	c.Pairs = slices.Clone(c.Pairs)
	slices.SortStableFunc(c.Pairs, func(a, b Pair) int { return cmp.Compare(b.larger(), a.larger()) })
	if len(c.Pairs) <= n+1 {
		return c
	}
	rest := Pair{Label: others}
	for _, p := range c.Pairs[n:] {
		rest.Before = drawn(rest.Before + drawn(p.Before))
		rest.After = drawn(rest.After + drawn(p.After))
	}
	c.Pairs = append(c.Pairs[:n], rest)
	return c
}

func (p Pair) larger() float64 { return max(drawn(p.Before), drawn(p.After)) }
