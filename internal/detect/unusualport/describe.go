package unusualport

import (
	"fmt"
	"math"
	"slices"
	"time"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

// scale scores answered flows by their decimal logarithm. An unusual port alone is an oddity.
var scale = stat.Scale{{0, 0.2}, {1, 0.3}, {2, 0.4}, {4, 0.5}}

// registered are ports of common services above 1023, which one host may well be the only one to use (IANA registry).
var registered = []int64{
	1080, 1194, 1433, 1521, 1701, 1723, 1883, 1935, 2049, 3128, 3268, 3269, 3306, 3389, 3478, 4500, 5060, 5061, 5222, 5223, 5228,
	5432, 5671, 5672, 5900, 5938, 5985, 5986, 6379, 6443, 8000, 8008, 8080, 8081, 8088, 8443, 8883, 8888, 9000, 9090, 9100, 9200, 9418, 27017, 51820,
}

// describe makes the findings about one host: one for each port, or one for all where they are many.
func describe(c *detect.Case, uses []*use, usual map[port]bool) []finding.Finding {
	var findings []finding.Finding
	for _, u := range uses {
		f := single(c, u, usual, float64(len(uses)) > c.Param("max_ports"))
		if f.Severity >= finding.Low {
			findings = append(findings, f)
		}
	}
	if float64(len(findings)) <= c.Param("max_ports") {
		return findings
	}
	slices.SortStableFunc(findings, finding.Compare)
	return []finding.Finding{joined(findings)}
}

func single(c *detect.Case, u *use, usual map[port]bool, many bool) finding.Finding {
	f := finding.Finding{
		ID:     finding.Key("unusual-port", u.src, u.port),
		PValue: math.NaN(), SrcIP: u.src, DstIP: u.main.DstIP, DstPort: u.port.number, Proto: u.port.proto, Name: u.main.Name,
		First: u.first, Last: u.last, Pairs: u.pairs,
		Title: fmt.Sprintf("%s uses %s, %s times, a port that %s", u.src, words.Destination(u.main), words.Number(float64(u.answered)), u.whom()),
		Explanation: fmt.Sprintf("%d of %d hosts use %s with success; up to %.0f %% of the hosts, but at least one, are hardly any. %s flows were answered (threshold %s), %s went up and %s down.",
			u.hosts, c.Test.Network.Hosts, u.port, 100*c.Param("max_share"), words.Number(float64(u.answered)), words.Number(c.Param("min_flows")),
			words.Bytes(float64(u.up)), words.Bytes(float64(u.down))),
		Remedy: "it stops being a finding when more hosts use the port, or the baseline has it; allow the channel if you know the service",
		Evidence: []finding.Evidence{
			{Name: "answered_flows", Value: float64(u.answered), Text: words.Number(float64(u.answered))},
			{Name: "port_hosts", Value: float64(u.hosts), Text: fmt.Sprintf("%d of %d hosts use the port", u.hosts, c.Test.Network.Hosts)},
			{Name: "destinations", Value: float64(len(u.pairs)), Text: words.Number(float64(len(u.pairs)))},
			{Name: "up_bytes", Value: float64(u.up), Text: words.Bytes(float64(u.up))},
			{Name: "down_bytes", Value: float64(u.down), Text: words.Bytes(float64(u.down))},
			{Name: "sources", Value: float64(u.main.Sources), Text: fmt.Sprintf("%d hosts contact the destination", u.main.Sources)},
		},
	}
	f.Weigh(scale.At(math.Log10(float64(max(u.answered, 1)))), weights(c, u, usual, many)...)
	return f
}

func (u *use) whom() string {
	if u.hosts <= 1 {
		return "nobody else uses"
	}
	return fmt.Sprintf("only %d hosts use", u.hosts)
}

// weights are what raises or lowers a use.
func weights(c *detect.Case, u *use, usual map[port]bool, many bool) []finding.Modifier {
	var list []finding.Modifier
	add := func(when bool, delta float64, reason string) {
		if when {
			list = append(list, finding.Modifier{Delta: delta, Reason: reason})
		}
	}
	network := c.Test.Network
	inside := network.Inside(u.main.DstIP)
	add(!inside && u.main.Sources == 1, 0.1, "no other host contacts the destination")
	add(network.Popular(u.main.Sources), -0.2, fmt.Sprintf("%d hosts contact the destination", u.main.Sources))
	add(inside, -0.2, "it is inside")
	add(u.port.number < 1024 || slices.Contains(registered, u.port.number), -0.4, "it is the port of a common service")
	add(many, -0.2, "the host uses many such ports: programs agree on them")
	add(time.Duration(u.last-u.first)*time.Microsecond >= 6*time.Hour, 0.05, "for hours")
	if c.Base != nil {
		add(usual[u.port], -0.6, "the baseline has the port")
		add(!usual[u.port], 0.15, "the baseline has not the port")
	}
	return list
}

// joined makes one finding of the ports of a host that uses many; the strongest is the first.
func joined(findings []finding.Finding) finding.Finding {
	f := findings[0]
	for _, other := range findings[1:] {
		for _, pair := range other.Pairs {
			if !slices.Contains(f.Pairs, pair) {
				f.Pairs = append(f.Pairs, pair)
			}
		}
		f.First, f.Last = min(f.First, other.First), max(f.Last, other.Last)
	}
	f.ID = finding.Key("unusual-port", f.SrcIP)
	f.Title = fmt.Sprintf("%s uses %d ports that hardly anybody else uses, most of all %s %d", f.SrcIP, len(findings), f.Proto, f.DstPort)
	f.Evidence = append(f.Evidence, finding.Evidence{Name: "ports", Value: float64(len(findings)), Text: words.Number(float64(len(findings)))})
	f.DstPort = -1
	return f
}
