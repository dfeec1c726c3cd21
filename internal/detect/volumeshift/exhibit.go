package volumeshift

import (
	"math"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
)

// titles say what a ranking compares, by the way that bytes went and whether they became more.
var titles = map[string]map[bool]string{
	"up":   {true: "Bytes sent beyond the baseline's, by host", false: "Bytes sent less than in the baseline, by host"},
	"down": {true: "Bytes received beyond the baseline's, by host", false: "Bytes received less than in the baseline, by host"},
	"both": {true: "Bytes moved beyond the baseline's, by host", false: "Bytes moved less than in the baseline, by host"},
}

// ranking sets the change of a host beside those of the others that changed the same way.
func ranking(c *detect.Case, s *shift, hosts []netip.Addr, before, now *volumes) finding.Exhibit {
	more := s.now > s.before
	var points []finding.Point
	for _, host := range hosts {
		change := now.hosts[host].of(s.way) - before.hosts[host].times(longer(c)).of(s.way)
		if change != 0 && change > 0 == more {
			points = append(points, finding.Point{Label: host.String(), Y: math.Abs(change), Marked: host == s.host})
		}
	}
	return finding.Exhibit{Kind: finding.Ranking, Title: titles[s.way][more], XAxis: "Bytes", YAxis: "Host", Points: finding.Largest(points)}
}
