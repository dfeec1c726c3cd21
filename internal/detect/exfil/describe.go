package exfil

import (
	"fmt"
	"math"
	"strings"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

// push is the producer-consumer ratio from which on a host gives more than it takes: mail has 0.4 (FloCon 2014).
const push = 0.4

// What weighs an upload up or down.
var (
	sizeScale   = stat.Scale{{6, -0.2}, {7, 0}, {9, 0.1}}        // of log10 of the bytes: significant is not yet important
	pcrScale    = stat.Scale{{-0.2, -0.9}, {0, -0.7}, {push, 0}} // browsing is at -0.5 and below
	growthScale = stat.Scale{{2, -0.8}, {8, 0}}                  // of an upload that the baseline has
	soleTask    = -0.55                                          // a machine with one task
	popular     = -0.5                                           // everybody's service: cloud, backup, calls
)

// weights are what raises or lowers an upload.
func weights(c *detect.Case, book *book, u upload, past *past, clock clock) []finding.Modifier {
	list := []finding.Modifier{{Delta: round(sizeScale.At(math.Log10(u.up))), Reason: words.Bytes(u.up) + " in all"}}
	if !book.oneSided {
		list = append(list, finding.Modifier{Delta: round(pcrScale.At(u.pcr())), Reason: fmt.Sprintf("it got %s back", words.Bytes(u.down))})
	}
	if past == nil && book.soleTask(c.Test.Network, u) {
		// Such a machine may well have a receiver of its own, and work by night: neither says more.
		return append(list, finding.Modifier{Delta: soleTask, Reason: "it does hardly anything else: a machine with that task, as backups have"})
	}
	list = append(list, rarity(c, u))
	if z, times := clock.burst(u); z >= 3.5 {
		list = append(list, finding.Modifier{Delta: 0.05, Reason: fmt.Sprintf("in its busiest hour it sent %s times its usual", words.Number(times))})
	}
	if clock.quiet(u) {
		list = append(list, finding.Modifier{Delta: 0.1, Reason: "while the network was quiet"})
	}
	return append(list, novelty(book, u, past)...)
}

func rarity(c *detect.Case, u upload) finding.Modifier {
	switch {
	case u.sources <= 1:
		return finding.Modifier{Delta: 0.15, Reason: "no other host contacts it"}
	case c.Test.Network.Popular(u.sources):
		return finding.Modifier{Delta: popular, Reason: fmt.Sprintf("%d hosts contact it", u.sources)}
	}
	return finding.Modifier{}
}

// novelty compares with the baseline.
func novelty(book *book, u upload, past *past) []finding.Modifier {
	if past == nil {
		return nil
	}
	var list []finding.Modifier
	if times, known := past.growth(u); known {
		list = append(list, finding.Modifier{Delta: round(growthScale.At(times)), Reason: fmt.Sprintf("it is %s times what it sent there in the baseline", words.Number(times))})
	} else if !past.networks[u.network] {
		list = append(list, finding.Modifier{Delta: 0.15, Reason: "nobody contacted it in the baseline"})
	}
	if shift, known := past.shift(book.hosts[u.SrcIP].Host); known && shift >= 0.3 && !book.oneSided {
		list = append(list, finding.Modifier{Delta: 0.05, Reason: fmt.Sprintf("the host gives more than it did: its ratio of up to down rose by %.1f", shift)})
	}
	return list
}

func describe(c *detect.Case, u upload, tests []test, weights []finding.Modifier) finding.Finding {
	best := strongest(tests)
	f := finding.Finding{
		ID:     finding.Key("exfil", u.SrcIP, u.network),
		PValue: math.NaN(), SrcIP: u.SrcIP, DstIP: u.DstIP, DstPort: u.DstPort, Proto: u.Proto, Name: u.Name,
		First: u.first, Last: u.last, Pairs: u.pairs,
		Title:       title(u, best),
		Explanation: explanation(c, u, tests),
		Remedy:      "it stops being a finding when other hosts upload as much to one network, or the baseline has the same upload; allow the destination if you know it",
		Evidence: []finding.Evidence{
			{Name: "up_bytes", Value: u.up, Text: words.Bytes(u.up)},
			{Name: "down_bytes", Value: u.down, Text: words.Bytes(u.down)},
			{Name: "producer_consumer_ratio", Value: u.pcr(), Text: fmt.Sprintf("%.2f; 1 is all up, -1 all down", u.pcr())},
			{Name: "sources", Value: float64(u.sources), Text: fmt.Sprintf("%d of %d hosts contact it", u.sources, c.Test.Network.Hosts)},
			{Name: "addresses", Value: float64(len(u.pairs)), Text: fmt.Sprintf("%d of %s", len(u.pairs), u.network)},
			{Name: "span_seconds", Value: float64(u.last-u.first) / 1e6, Text: words.Span(float64(u.last-u.first) / 1e6)},
		},
	}
	for _, t := range tests {
		f.Evidence = append(f.Evidence, finding.Evidence{Name: "z_" + t.name, Value: t.z, Text: fmt.Sprintf("%.1f: %s", t.z, t.text)})
	}
	f.Weigh(best.score(), weights...)
	return f
}

func title(u upload, best test) string {
	text := fmt.Sprintf("%s uploaded %s to %s", u.SrcIP, words.Bytes(u.up), words.Destination(u.Channel))
	if u.sources <= 1 {
		text += ", which nobody else contacts"
	}
	switch best.name {
	case "peers", "peers_before", "peers_rare", "direction":
		text += fmt.Sprintf(", %s times its peers", words.Number(best.over))
	case "growth":
		text += fmt.Sprintf(", %s times the baseline", words.Number(best.over))
	}
	return text
}

// explanation names the tests that fired, with their figures.
func explanation(c *detect.Case, u upload, tests []test) string {
	var fired []string
	for _, t := range tests {
		if t.z >= c.Param("min_z") {
			fired = append(fired, fmt.Sprintf("it is %s (z %.1f)", t.text, t.z))
		}
	}
	return fmt.Sprintf("%s within %s: %s. From z %.1f on an upload stands out.", words.Bytes(u.up),
		words.Span(float64(u.last-u.first)/1e6), strings.Join(fired, "; "), c.Param("min_z"))
}

// round keeps a modifier to the hundredth that people read.
func round(delta float64) float64 { return math.Round(100*delta) / 100 }
