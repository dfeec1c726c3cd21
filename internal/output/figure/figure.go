// Package figure turns sections of a report into charts.
package figure

import (
	"fmt"
	"path/filepath"

	"sentinel/internal/chart"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// mostCountries is how many countries have a bar of their own.
const mostCountries = 25

// Countries draws the flows per country of destination.
func Countries(r *report.Report) chart.Bars {
	bars := chart.Bars{
		Title: "Connections by country of destination", Subtitle: subtitle(r),
		ValueAxis: "Flows", Horizontal: true,
	}
	for _, country := range r.Countries {
		bars.Bars = append(bars.Bars, chart.Bar{
			Label: countryName(country), Value: float64(country.Flows), Note: output.Count(country.Flows), Muted: country.Code == "",
		})
	}
	rest := len(bars.Bars) - mostCountries
	return bars.Top(mostCountries, fmt.Sprintf("%d other countries", rest))
}

// Hours draws the flows per hour of the day.
func Hours(r *report.Report) chart.Bars {
	bars := chart.Bars{
		Title: "Connections by hour of the day", Subtitle: subtitle(r),
		CategoryAxis: "Hour of the day (UTC)", ValueAxis: "Flows",
	}
	for hour := range 24 {
		bars.Bars = append(bars.Bars, chart.Bar{Label: fmt.Sprintf("%02d", hour)})
	}
	for _, hour := range r.Hours {
		bars.Bars[hour.Hour].Value = float64(hour.Flows)
	}
	return bars
}

// subtitle names the captures and what they span.
func subtitle(r *report.Report) string {
	name := fmt.Sprintf("%d captures", len(r.Inputs))
	if len(r.Inputs) == 1 {
		name = filepath.Base(r.Inputs[0].Path)
	}
	return fmt.Sprintf("%s, %s, %s to %s UTC", name, output.Counted(r.Summary.Flows, "flow"), r.Time(r.Summary.First), r.Time(r.Summary.Last))
}
