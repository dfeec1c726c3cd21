package measure

import (
	"cmp"
	"slices"

	"sentinel/internal/engine"
	"sentinel/internal/report"
)

var exfiltration = Measure{
	ID:    "exfiltration",
	Title: "Downloads over uploads",
	Doc: "Per source the bytes down over the bytes up; the floor(n * (100 - P) / 100) hosts with the highest ratio. " +
		"It ranks heavy downloaders, as the original does under this name.",
	Attach: func(config Config, folds *Folds) func(*report.Report) {
		var ratios []report.Ratio
		folds.hosts = append(folds.hosts, func(host engine.Host) {
			ratios = append(ratios, report.Ratio{
				SrcIP: host.SrcIP, DownBytes: host.DownBytes, UpBytes: host.UpBytes,
				Ratio: float64(host.DownBytes) / float64(host.UpBytes),
			})
		})
		return func(r *report.Report) {
			ranked := len(ratios)
			slices.SortFunc(ratios, byRatio)
			ratios = ratios[:ranked*(100-config.Percentile)/100]
			for i := range ratios {
				ratios[i].Place = config.Places.Of(ratios[i].SrcIP)
			}
			r.Exfiltration = &report.Exfiltration{Percentile: config.Percentile, Ranked: ranked, Hosts: ratios}
		}
	},
}

// byRatio puts the highest ratio first; a host that moved nothing has none and comes last.
func byRatio(a, b report.Ratio) int {
	return cmp.Or(
		cmp.Compare(b.Ratio, a.Ratio), // NaN counts as less than any number
		cmp.Compare(b.DownBytes, a.DownBytes),
		a.SrcIP.Compare(b.SrcIP),
	)
}
