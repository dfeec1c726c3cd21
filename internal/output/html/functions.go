package html

import (
	"fmt"
	"html/template"
	"maps"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

// functions are what the templates call: how values are shown.
var functions = template.FuncMap{
	"text":     output.Printable,
	"prose":    output.PrintableLong,
	"whole":    output.Whole,
	"count":    output.Count,
	"counted":  func(n int, thing string) string { return output.Counted(int64(n), thing) },
	"number":   func(n int) string { return output.Count(int64(n)) },
	"bytes":    output.Bytes,
	"ratio":    output.Ratio,
	"origin":   output.Origin,
	"signed":   func(delta float64) string { return fmt.Sprintf("%+.2f", delta) },
	"decimals": func(value float64) string { return fmt.Sprintf("%.1f", value) },
	"plain":    output.Figure,
	"name":     func(path string) string { return output.Printable(filepath.Base(path)) },
	"first":    func(all []trouble) []trouble { return all[:min(len(all), mostTroubles)] },
	"beyond":   func(all []trouble) int { return hostsIn(all[min(len(all), mostTroubles):]) },
	"moment":   moment,
	"class":    class,
	"span":     span,
	"hosts":    func(list []netip.Addr) string { return addresses(list, namedHosts) },
}

// Functions are the functions of the templates, for a page that shows parts of a report among its own.
func Functions() template.FuncMap { return maps.Clone(functions) }

// span prints from when to when; the day stands once where it is one.
func span(r *report.Report, first, last int64) string {
	from, to := r.Time(first), r.Time(last)
	if from == to {
		return from
	}
	if day, clock, ok := strings.Cut(to, " "); ok && !r.Undated && strings.HasPrefix(from, day+" ") {
		to = clock
	}
	return from + " to " + to
}

// anchor is a text as the id of an element.
func anchor(prefix, text string) string { return prefix + "-" + url.QueryEscape(text) }

// namedHosts is how many hosts of a group a card names.
const namedHosts = 50
