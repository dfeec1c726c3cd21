package alert

import (
	"sentinel/internal/finding"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// Figure is a figure behind a finding, as formats that leave room for a product's own carry it.
type Figure struct {
	Name  string   `json:"name"`
	Value *float64 `json:"value,omitempty"`
	Text  string   `json:"text"`
}

// Query is a ready-made query for another tool.
type Query struct {
	Tool  string `json:"tool"`
	Query string `json:"query"`
}

// Figures are those behind a finding.
func Figures(f finding.Finding) (figures []Figure) {
	for _, e := range f.Evidence {
		figures = append(figures, Figure{e.Name, defined(e.Value), output.PrintableLong(e.Text)})
	}
	return figures
}

// Queries are those to look further.
func Queries(f finding.Finding) (queries []Query) {
	for _, filter := range f.Filters {
		queries = append(queries, Query{filter.Tool, output.PrintableLong(filter.Query)})
	}
	return queries
}

// PValue is that of a finding; nil where a rule decided.
func PValue(f finding.Finding) *float64 { return defined(f.PValue) }

// defined is a number that JSON can carry, or nil.
func defined(value float64) *float64 {
	if !report.Defined(value) {
		return nil
	}
	return &value
}
