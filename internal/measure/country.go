package measure

import (
	"cmp"
	"slices"

	"sentinel/internal/engine"
	"sentinel/internal/geo"
	"sentinel/internal/report"
)

var countries = Measure{
	ID:    "countries",
	Title: "Connections by country",
	Doc:   "Per country of the destination the flows and bytes; private addresses and those in no database are one row without country.",
	Attach: func(config Config, folds *Folds) func(*report.Report) {
		byCode := map[string]*report.Country{}
		folds.servers = append(folds.servers, func(server engine.Server) {
			code := config.Places.Country(server.DstIP)
			country, ok := byCode[code]
			if !ok {
				country = &report.Country{Code: code, Name: geo.CountryName(code)}
				byCode[code] = country
			}
			country.Flows += server.Flows
			country.UpBytes = plus(country.UpBytes, server.UpBytes)
			country.DownBytes = plus(country.DownBytes, server.DownBytes)
		})
		return func(r *report.Report) {
			r.Countries = []report.Country{}
			for _, country := range byCode {
				r.Countries = append(r.Countries, *country)
			}
			slices.SortFunc(r.Countries, func(a, b report.Country) int {
				return cmp.Or(cmp.Compare(b.Flows, a.Flows), cmp.Compare(b.DownBytes, a.DownBytes), cmp.Compare(a.Code, b.Code))
			})
		}
	},
}
