package dnsvolume

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
)

// asBefore is the z of growth below which a host asks as it did, whatever its peers ask.
const asBefore = 2

func describe(c *detect.Case, a *asker, usual *usual, tests []test) finding.Finding {
	best := strongest(tests)
	f := finding.Finding{
		ID:     finding.Key("dns-volume", a.src),
		PValue: math.NaN(), SrcIP: a.src, DstIP: a.main.DstIP, DstPort: dnsPort, Proto: a.main.Proto,
		First: a.first, Last: a.last, Pairs: a.pairs,
		Title:       title(a, best),
		Explanation: explanation(c, tests),
		Remedy:      "it stops being a finding when the host asks as much as others, or asked as much in the baseline; a host that must ask much belongs on the allow-list",
		Evidence: []finding.Evidence{
			{Name: "questions", Value: float64(a.flows), Text: words.Number(float64(a.flows))},
			{Name: "up_bytes", Value: a.up, Text: words.Bytes(a.up)},
			{Name: "down_bytes", Value: a.down, Text: words.Bytes(a.down)},
			{Name: "bytes_per_question", Value: a.length(), Text: words.Bytes(a.length())},
			{Name: "busiest_hour_bytes", Value: a.peak(), Text: fmt.Sprintf("%s from %s on", words.Bytes(a.peak()), time.UnixMicro(a.busiest).UTC().Format("2006-01-02 15:04"))},
			{Name: "servers", Value: float64(a.servers), Text: fmt.Sprintf("%d answered it", a.servers)},
		},
	}
	for _, t := range tests {
		f.Evidence = append(f.Evidence, finding.Evidence{Name: "z_" + t.name, Value: t.z, Text: fmt.Sprintf("%.1f: %s", t.z, t.text)})
	}
	f.Weigh(best.score(), weights(c, a, usual, tests)...)
	return f
}

func title(a *asker, best test) string {
	asked := fmt.Sprintf("%s asked %s DNS questions, %s", a.src, words.Number(float64(a.flows)), words.Bytes(a.up))
	over := words.Number(best.over)
	switch best.name {
	case "peers", "peers_length":
		return fmt.Sprintf("%s, %s times its peers", asked, over)
	case "peers_hour":
		return fmt.Sprintf("%s; in its busiest hour %s times its peers", asked, over)
	case "growth":
		return fmt.Sprintf("%s, %s times the baseline", asked, over)
	case "growth_hour":
		return fmt.Sprintf("%s; in its busiest hour %s times the baseline", asked, over)
	}
	return fmt.Sprintf("%s; in its busiest hour %s times its usual", asked, over)
}

func explanation(c *detect.Case, tests []test) string {
	var fired []string
	for _, t := range tests {
		if t.z >= c.Param("min_z") {
			fired = append(fired, fmt.Sprintf("%s (z %.1f)", t.text, t.z))
		}
	}
	return fmt.Sprintf("Bytes of questions: %s. From z %.1f on a volume stands out.", strings.Join(fired, "; "), c.Param("min_z"))
}

// weights are what raises or lowers a volume.
func weights(c *detect.Case, a *asker, usual *usual, tests []test) []finding.Modifier {
	var list []finding.Modifier
	switch z, known := usual.longer(a); {
	case known && z >= 3.5 && strongest(tests).name != "peers_length":
		list = append(list, finding.Modifier{Delta: 0.1, Reason: fmt.Sprintf("its questions are longer than others', %s on average", words.Bytes(a.length()))})
	case known && z < 1 && !stands(tests, "growth") && !stands(tests, "growth_hour"):
		list = append(list, finding.Modifier{Delta: -0.2, Reason: "its questions are as long as others', and carry no more"})
	}
	if a.main.Sources <= 1 && c.Test.Network.Hosts > 1 {
		list = append(list, finding.Modifier{Delta: 0.1, Reason: fmt.Sprintf("no other host asks %s", a.main.DstIP)})
	}
	if a.up > a.down && a.down > 0 {
		list = append(list, finding.Modifier{Delta: 0.05, Reason: "its questions are longer than the answers"})
	}
	if best := strongest(tests); strings.HasPrefix(best.name, "growth") && tests[0].name == "peers" && tests[0].z < 1 && !stands(tests, "peers_hour") {
		list = append(list, finding.Modifier{Delta: -0.2, Reason: "it asks no more than its peers"})
	}
	for _, t := range tests {
		if t.name == "growth" && t.z < asBefore && !stands(tests, "growth_hour") {
			list = append(list, finding.Modifier{Delta: -0.6, Reason: "it asked as much in the baseline"})
		}
	}
	return list
}

// stands tells whether a test stands out.
func stands(tests []test, name string) bool {
	return slices.ContainsFunc(tests, func(t test) bool { return t.name == name && t.z >= 3.5 })
}
