// Package longconnection finds connections that stay open for hours.
package longconnection

import (
	"context"
	_ "embed"
	"fmt"
	"math"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/engine"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

//go:embed longconnection.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:      "long-connection",
	Title:   "Long connections",
	Finds:   "connections open for hours, rare in the network",
	Null:    "rule: hours open, weighed by how rare and how new the destination is",
	Page:    page,
	Attack:  []string{"T1571", "T1572"},
	Columns: []string{"duration"},
	Params: []detect.Param{
		{Name: "min_hours", Default: 1, Min: 0.01, Max: 10_000, Doc: "hours open below which a connection is not judged"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	connections, err := read(ctx, c.Test, c.Param("min_hours"))
	if err != nil {
		return detect.Verdict{}, err
	}
	known, err := knownPairs(ctx, c)
	if err != nil {
		return detect.Verdict{}, err
	}
	company := companyOf(connections)
	var findings []finding.Finding
	judged := 0
	for _, l := range connections {
		if c.Asked(l.SrcIP) {
			c.Explain(l.SrcIP, detect.Line{What: "connection to " + words.Destination(l.Channel) + ": hours open", Value: l.hours,
				Threshold: c.Param("min_hours"), Fired: l.hours >= c.Param("min_hours"), Why: l.pieces()})
		}
		if l.hours < c.Param("min_hours") {
			continue
		}
		judged++
		if f := describe(c, l, company, known); f.Severity >= finding.Low {
			findings = append(findings, f)
		}
	}
	return detect.Verdict{Findings: findings, Looked: fmt.Sprintf("%d channels with a connection open for %s h or more", judged, words.Number(c.Param("min_hours")))}, nil
}

// scale scores hours as RITA does: 1, 4, 8 and 12 (DETECTION.md, 6).
var scale = stat.Scale{{0, 0}, {1, 0.2}, {4, 0.4}, {8, 0.6}, {12, 0.8}}

func describe(c *detect.Case, l connection, company company, known map[finding.Pair]bool) finding.Finding {
	share := min(l.hours*3600/c.Test.Seconds(), 1)
	f := finding.Finding{
		ID:     finding.Key("long-connection", l.SrcIP, l.DstIP, l.Proto, l.DstPort),
		PValue: math.NaN(), SrcIP: l.SrcIP, DstIP: l.DstIP, DstPort: l.DstPort, Proto: l.Proto, Name: l.Name, First: l.First, Last: l.Last,
		Pairs: []finding.Pair{{SrcIP: l.SrcIP, DstIP: l.DstIP}},
		Title: fmt.Sprintf("%s kept a connection to %s open for %s h", l.SrcIP, words.Destination(l.Channel), words.Number(l.hours)),
		Explanation: fmt.Sprintf("It was open for %.0f %% of the capture%s, and carried %s up and %s down; %d of %d hosts contact the destination. Connections of %s h and more are judged.",
			100*share, l.pieces(), words.Bytes(float64(l.UpBytes)), words.Bytes(float64(l.DownBytes)), l.Sources, c.Test.Network.Hosts, words.Number(c.Param("min_hours"))),
		Remedy: "it stops being a finding when other hosts keep such connections too, or the baseline has it; allow the destination if it is a VPN or a session that you know",
		Evidence: []finding.Evidence{
			{Name: "hours", Value: l.hours, Text: words.Number(l.hours) + " h"},
			{Name: "share_of_capture", Value: share, Text: fmt.Sprintf("%.0f %%", 100*share)},
			{Name: "up_bytes", Value: float64(l.UpBytes), Text: words.Bytes(float64(l.UpBytes))},
			{Name: "down_bytes", Value: float64(l.DownBytes), Text: words.Bytes(float64(l.DownBytes))},
			{Name: "flows", Value: float64(l.Flows), Text: words.Number(float64(l.Flows))},
			{Name: "sources", Value: float64(l.Sources), Text: fmt.Sprintf("%d of %d hosts contact it", l.Sources, c.Test.Network.Hosts)},
		},
	}
	f.Weigh(scale.At(l.hours), weights(c, l, company, known)...)
	return f
}

// weights are what raises or lowers a connection.
func weights(c *detect.Case, l connection, company company, known map[finding.Pair]bool) []finding.Modifier {
	var list []finding.Modifier
	add := func(when bool, delta float64, reason string) {
		if when {
			list = append(list, finding.Modifier{Delta: delta, Reason: reason})
		}
	}
	network, others := c.Test.Network, len(company.hosts[l.service()])-1
	switch {
	case network.Popular(l.Sources):
		add(true, -0.6, fmt.Sprintf("%d hosts contact it", l.Sources))
	case others > 0:
		add(true, -0.4, fmt.Sprintf("%d more hosts keep connections to its network open", others))
	case l.Sources == 1:
		add(true, 0.1, "no other host contacts it")
	case l.Sources > 2:
		add(true, -0.1, fmt.Sprintf("%d hosts contact it", l.Sources))
	}
	add(network.Inside(l.DstIP), -0.5, "it is inside")
	add(!network.Inside(l.DstIP) && staysOpen(l.Channel), -0.6, "VPNs, remote sessions and push services on this port stay open by design")
	if c.Base != nil {
		was := known[finding.Pair{SrcIP: l.SrcIP, DstIP: l.DstIP}]
		add(was, -0.6, "in the baseline too the host kept connections to it open")
		add(!was, 0.05, "no such connection in the baseline")
	}
	return list
}

// knownPairs are the hosts and destinations of the baseline's flows of minutes and more.
func knownPairs(ctx context.Context, c *detect.Case) (map[finding.Pair]bool, error) {
	known := map[finding.Pair]bool{}
	if c.Base == nil {
		return known, nil
	}
	for channel, err := range c.Base.Channels(ctx, engine.ChannelFilter{MinLongest: piece.Microseconds()}) {
		if err != nil {
			return nil, err
		}
		known[finding.Pair{SrcIP: channel.SrcIP, DstIP: channel.DstIP}] = true
	}
	return known, nil
}
