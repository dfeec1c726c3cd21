package dnstunnel

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"sentinel/internal/detect"
	"sentinel/internal/detect/dnsname"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

// scale scores the bytes that a client carries a day, by their decimal logarithm.
var scale = stat.Scale{{3.3, 0.25}, {4, 0.4}, {5, 0.6}, {6, 0.75}, {7, 0.85}}

// describe makes one finding of the domains through which a client carries something: the one that weighs most speaks
// for all. It is none if that is below low.
func describe(c *detect.Case, carriers []*carrier) (f finding.Finding, fired bool) {
	var strong []*carrier
	var best finding.Finding
	for _, k := range carriers {
		f := k.weigh(c)
		k.explain(c, f)
		if f.Severity < finding.Low {
			continue
		}
		if strong = append(strong, k); len(strong) == 1 || f.Score > best.Score {
			first, last := best.First, best.Last
			if best = f; len(strong) > 1 {
				best.First, best.Last = min(f.First, first), max(f.Last, last)
			}
		}
	}
	if len(strong) > 1 {
		best.Title += fmt.Sprintf(", the first of %d such domains", len(strong))
	}
	best.SrcIP = carriers[0].Client
	return best, len(strong) > 0
}

// weigh makes the finding about one domain.
func (k *carrier) weigh(c *detect.Case) finding.Finding {
	f := finding.Finding{
		ID: finding.Key("dns-tunnel", k.Client), PValue: math.NaN(), SrcIP: k.Client, DstPort: dnsname.Port, Proto: "udp", Name: k.domain,
		First: k.First, Last: k.Last,
		Title: k.title(),
		Explanation: fmt.Sprintf("%d names below %s, %.0f %% of %d questions ask for a new one; their labels hold %s that no other name has, %s a name, for example %s.",
			k.Names, k.domain, 100*k.Unique(), k.Lookups, words.Bytes(float64(k.Information)), words.Number(k.width()), k.Example),
		Remedy: "it stops being a finding when the names below the domain are few or asked again; a service that is asked by names of hashes belongs on the allow-list",
		Evidence: []finding.Evidence{
			{Name: "information_bytes", Value: float64(k.Information), Text: words.Bytes(float64(k.Information)) + " of distinct labels"},
			{Name: "information_rate", Value: k.rate(), Text: fmt.Sprintf("%s bytes a second in %s", words.Number(k.rate()), words.Span(k.seconds()))},
			{Name: "answer_bytes", Value: k.answered(), Text: words.Bytes(k.answered()) + " carried by answers"},
			{Name: "rita_subdomains", Value: float64(k.Names), Text: fmt.Sprintf("%d distinct names, as RITA counts subdomains", k.Names)},
			{Name: "lookups", Value: float64(k.Lookups), Text: words.Number(float64(k.Lookups)) + " questions"},
			{Name: "unique_share", Value: k.Unique(), Text: fmt.Sprintf("%.0f %% of them for a new name", 100*k.Unique())},
			{Name: "bulky_share", Value: k.bulky(), Text: fmt.Sprintf("%.0f %% for TXT, NULL, CNAME and the like", 100*k.bulky())},
			{Name: "missing_share", Value: float64(k.Missing) / float64(k.Lookups), Text: fmt.Sprintf("%.0f %% of the names do not exist", 100*float64(k.Missing)/float64(k.Lookups))},
			{Name: "clients", Value: float64(k.clients), Text: fmt.Sprintf("%d clients ask the domain", k.clients)},
			{Name: "entropy_bits", Value: k.Entropy(), Text: words.Number(k.Entropy()) + " bits a letter"},
		},
	}
	f.Weigh(scale.At(math.Log10(max(k.daily(), 1))), k.weights(c)...)
	return f
}

func (k *carrier) title() string {
	if up := float64(k.Information); up >= k.answered() {
		return fmt.Sprintf("%s carries %s out in %d names below %s", k.Client, words.Bytes(up), k.Names, k.domain)
	}
	return fmt.Sprintf("%s carries %s in by answers to %d names below %s", k.Client, words.Bytes(k.answered()), k.Names, k.domain)
}

// width is how many bytes of its own a name has.
func (k *carrier) width() float64 { return float64(k.Information) / float64(k.Names) }

// rate is in bytes a second, over a second at least.
func (k *carrier) rate() float64 { return k.carried() / max(k.seconds(), 1) }

// reputation are services that are asked about files, addresses or domains by names that spell them.
var reputation = []string{
	"mcafee.com", "trellix.com", "sophosxl.net", "e5.sk", "trendmicro.com", "kaspersky-labs.com", "avast.com", "avira.com",
	"spamhaus.org", "spamhaus.net", "surbl.org", "uribl.com", "barracudacentral.org", "spamcop.net", "sorbs.net", "dnswl.org",
	"senderbase.org", "cymru.com", "abuse.ch",
}

// weights are what raises or lowers a carrier.
func (k *carrier) weights(c *detect.Case) []finding.Modifier {
	var list []finding.Modifier
	add := func(when bool, delta float64, reason string) {
		if when {
			list = append(list, finding.Modifier{Delta: delta, Reason: reason})
		}
	}
	hosts := c.Test.Network.Hosts
	share := float64(k.clients) / float64(max(hosts, 1))
	add(k.clients > 2 && share >= c.Param("max_share"), -0.5, fmt.Sprintf("%d clients ask the domain: it is everybody's", k.clients))
	add(k.clients == 1 && hosts >= 5, 0.1, "no other host asks the domain")
	add(k.Unique() >= 0.45, 0.1, "hardly any name is asked twice")
	add(k.bulky() >= 0.5, 0.15, "it asks for records that hold data")
	add(k.width() >= 40, 0.1, fmt.Sprintf("each name has %s bytes of its own", words.Number(k.width())))
	add(k.width() < 12 && k.answered() == 0, -0.2, fmt.Sprintf("a name has only %s bytes of its own", words.Number(k.width())))
	add(k.Entropy() >= 4.4, 0.05, "its labels use many letters evenly")
	add(slices.Contains(reputation, k.domain), -0.4, "it is a reputation service, asked by names of hashes or addresses")
	if k.compared {
		add(k.before < 0, 0.15, "the baseline never asks the domain")
		add(k.before >= k.daily()/3, -0.6, fmt.Sprintf("the baseline carries %s a day there", words.Bytes(k.before)))
	}
	return list
}

// explain tells what a carrier weighs.
func (k *carrier) explain(c *detect.Case, f finding.Finding) {
	if !c.Asked(k.Client) {
		return
	}
	reasons := make([]string, 0, len(f.Modifiers))
	for _, m := range f.Modifiers {
		reasons = append(reasons, fmt.Sprintf("%+.2f %s", m.Delta, m.Reason))
	}
	c.Explain(k.Client, detect.Line{What: fmt.Sprintf("names below %s: score", k.domain), Value: f.Score, Threshold: 0.2, Fired: f.Severity >= finding.Low, Why: strings.Join(reasons, "; ")})
}
