package chart

import "strings"

// remarks say what a drawing leaves out.
type remarks []string

// more adds that n things are left out, where n is above 0.
func (r remarks) more(n int, thing string) remarks {
	switch {
	case n <= 0:
		return r
	case n == 1:
		return append(r, "1 more "+thing+" is not drawn")
	}
	return append(r, Number(float64(n))+" more "+thing+"s are not drawn")
}

func (r remarks) String() string { return strings.Join(r, "; ") }
