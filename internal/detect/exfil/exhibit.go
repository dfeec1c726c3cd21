package exfil

import (
	"maps"
	"net/netip"
	"slices"

	"sentinel/internal/finding"
)

// ranking sets the hosts of a finding beside the others that upload, each with the most that it sent to one network.
func (b *book) ranking(f finding.Finding) finding.Exhibit {
	about := append([]netip.Addr{f.SrcIP}, f.Hosts...)
	var points []finding.Point
	for _, address := range slices.SortedFunc(maps.Keys(b.hosts), netip.Addr.Compare) {
		if most := b.hosts[address].most; most > 0 {
			points = append(points, finding.Point{Label: address.String(), Y: most, Marked: slices.Contains(about, address)})
		}
	}
	return finding.Exhibit{
		Kind: finding.Ranking, Title: "Largest upload of each host to one network", XAxis: "Bytes", YAxis: "Host",
		Points: finding.Largest(points),
	}
}
