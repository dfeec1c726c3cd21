package dga

import (
	"fmt"
	"math"
	"strings"

	"sentinel/internal/detect"
	"sentinel/internal/detect/dnsname"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

// scale scores the domains that do not exist, by their decimal logarithm.
var scale = stat.Scale{{1, 0.25}, {1.5, 0.4}, {2, 0.5}, {3, 0.7}, {4, 0.8}}

// Labels count as made by machine below the one, as words above the other.
const (
	machineMade = 0.0
	madeOfWords = 0.45
)

func describe(a *asker, usual float64, before *questions) finding.Finding {
	mean := a.wordlike / float64(a.missing)
	f := finding.Finding{
		ID: finding.Key("dga", a.client), PValue: a.chance(usual), SrcIP: a.client, DstPort: dnsname.Port, Proto: "udp", First: a.first, Last: a.last,
		Title: fmt.Sprintf("%s asked for %d domains that do not exist, such as %s", a.client, a.missing, a.examples[0]),
		Explanation: fmt.Sprintf("%d of the %d domains that it asked for do not exist, %.0f %% of them; usual are at most %s %%. Examples: %s.",
			a.missing, a.domains, 100*a.share(), words.Number(100*usual), strings.Join(a.examples, ", ")),
		Remedy: "it stops being a finding when as few domains are missing as with others; a mail filter or a crawler belongs on the allow-list",
		Evidence: []finding.Evidence{
			{Name: "missing_domains", Value: float64(a.missing), Text: words.Number(float64(a.missing)) + " domains do not exist"},
			{Name: "domains", Value: float64(a.domains), Text: fmt.Sprintf("of %s asked for", words.Number(float64(a.domains)))},
			{Name: "usual_share", Value: usual, Text: fmt.Sprintf("%s %% are usual at most", words.Number(100*usual))},
			{Name: "wordlike", Value: mean, Text: fmt.Sprintf("%.2f a letter: words are about 0.9, random letters -0.6", mean)},
			{Name: "burst_share", Value: a.burst(), Text: fmt.Sprintf("%.0f %% of them within ten minutes", 100*a.burst())},
			{Name: "bulky_share", Value: a.unlike(), Text: fmt.Sprintf("%.0f %% of the questions for TXT, MX and the like", 100*a.unlike())},
		},
	}
	f.Weigh(scale.At(math.Log10(float64(a.missing))), weights(a, mean, before)...)
	return f
}

// unlike is the share of the questions for missing domains that are for records other than addresses.
func (a *asker) unlike() float64 { return float64(a.bulky) / float64(max(a.lookups, 1)) }

// weights are what raises or lowers a host.
func weights(a *asker, mean float64, before *questions) []finding.Modifier {
	var list []finding.Modifier
	add := func(when bool, delta float64, reason string) {
		if when {
			list = append(list, finding.Modifier{Delta: delta, Reason: reason})
		}
	}
	add(mean < machineMade, 0.2, "their labels look made by machine")
	add(mean > madeOfWords, -0.2, "their labels look like words")
	add(a.burst() >= 0.4, 0.1, "many of them within ten minutes")
	add(a.unlike() >= 0.5, -0.3, "it asks for records of mail and the like")
	if past := before.askers[a.client]; len(before.askers) > 0 {
		add(past == nil || past.missing*3 < a.missing, 0.1, "fewer did not exist in the baseline")
		add(past != nil && past.missing*3 >= a.missing, -0.6, "as many did not exist in the baseline")
	}
	return list
}

func explain(c *detect.Case, a *asker, f finding.Finding) {
	if !c.Asked(a.client) {
		return
	}
	reasons := make([]string, 0, len(f.Modifiers))
	for _, m := range f.Modifiers {
		reasons = append(reasons, fmt.Sprintf("%+.2f %s", m.Delta, m.Reason))
	}
	c.Explain(a.client, detect.Line{What: "domains that do not exist: score", Value: f.Score, Threshold: 0.2, Fired: f.Severity >= finding.Low,
		Why: fmt.Sprintf("p = %.2g; %s", f.PValue, strings.Join(reasons, "; "))})
}
