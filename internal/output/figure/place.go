package figure

import (
	"fmt"

	"sentinel/internal/chart"
	"sentinel/internal/output"
	"sentinel/internal/report"
)

// World shades the countries by the flows that went to them.
func World(r *report.Report) chart.World {
	world := chart.World{Title: "Where connections went", Subtitle: subtitle(r), Unit: "flows"}
	for _, country := range r.Countries {
		note := output.Count(country.Flows)
		if country.Code == "" {
			world.Beside = append(world.Beside, chart.Bar{Label: unplaced, Value: float64(country.Flows), Note: note, Muted: true})
			continue
		}
		world.Countries = append(world.Countries, chart.Country{Code: country.Code, Name: country.Name, Value: float64(country.Flows), Note: note})
	}
	return world
}

// mostPairs is how many countries have a pair of bars of their own.
const mostPairs = 15

// CountriesBeside sets the countries beside those of the baseline, the largest of either first.
func CountriesBeside(r *report.Report) chart.Pairs {
	pairs := chart.Pairs{
		Title: "Connections by country of destination, beside the baseline", Subtitle: subtitle(r),
		ValueAxis: "Flows", Before: baseline, After: capture, Horizontal: true,
	}
	if r.Beside == nil {
		return pairs
	}
	place := map[string]int{}
	add := func(country report.Country, enter func(*chart.Pair, float64)) {
		at, ok := place[country.Code]
		if !ok {
			at = len(pairs.Pairs)
			place[country.Code] = at
			pairs.Pairs = append(pairs.Pairs, chart.Pair{Label: countryName(country)})
		}
		enter(&pairs.Pairs[at], float64(country.Flows))
	}
	for _, country := range r.Countries {
		add(country, func(p *chart.Pair, flows float64) { p.After = flows })
	}
	for _, country := range r.Beside.Countries {
		add(country, func(p *chart.Pair, flows float64) { p.Before = flows })
	}
	rest := len(pairs.Pairs) - mostPairs
	return pairs.Top(mostPairs, fmt.Sprintf("%d other countries", rest))
}

// unplaced is what destinations without a country are called.
const unplaced = "Unknown or private"

func countryName(country report.Country) string {
	if country.Code == "" {
		return unplaced
	}
	return country.Name + " (" + country.Code + ")"
}
