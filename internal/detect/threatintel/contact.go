package threatintel

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"
	"time"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/engine"
	"sentinel/internal/finding"
	"sentinel/internal/intel"
)

// contact is all that the network had to do with one listed thing.
type contact struct {
	entries     []intel.Entry // of several feeds, of one thing
	hosts       []netip.Addr  // the network's own
	others      []netip.Addr  // addresses that are listed
	pairs       []finding.Pair
	flows       int64
	answered    int64
	bytes       int64
	incoming    bool // the listed end opened the flows
	port        int64
	proto       string
	first, last int64
}

func (t *contact) add(channel engine.Channel, which end) {
	host, other := channel.SrcIP, channel.DstIP
	if which == source {
		host, other = other, host
	}
	if t.flows == 0 {
		t.port, t.proto = channel.DstPort, channel.Proto
	} else if t.port != channel.DstPort || t.proto != channel.Proto {
		t.port, t.proto = -1, ""
	}
	t.incoming = t.incoming && which == source
	t.flows, t.answered = t.flows+channel.Flows, t.answered+channel.Flows-channel.Failed
	t.bytes += channel.UpBytes + channel.DownBytes
	t.first, t.last = min(t.first, channel.First), max(t.last, channel.Last)
	if !slices.Contains(t.hosts, host) {
		t.hosts = append(t.hosts, host)
	}
	if !slices.Contains(t.others, other) {
		t.others = append(t.others, other)
	}
	if pair := (finding.Pair{SrcIP: channel.SrcIP, DstIP: channel.DstIP}); !slices.Contains(t.pairs, pair) {
		t.pairs = append(t.pairs, pair)
	}
}

func describe(c *detect.Case, t *contact) finding.Finding {
	slices.SortFunc(t.hosts, netip.Addr.Compare)
	slices.SortFunc(t.others, netip.Addr.Compare)
	entry := t.entries[0]
	f := finding.Finding{
		ID: finding.Key("threat-intel", entry.String()), PValue: math.NaN(), DstPort: t.port, Proto: t.proto,
		Hosts: t.hosts, First: t.first, Last: t.last, Pairs: t.pairs, Title: t.title(),
		Explanation: fmt.Sprintf("%s is listed by %s. %s exchanged %s with %s in %s flows, of which %s were answered.", entry, feeds(c, t.entries),
			words.Hosts(t.hosts), words.Bytes(float64(t.bytes)), words.Hosts(t.others), words.Number(float64(t.flows)), words.Number(float64(t.answered))),
		Remedy: "it stops being a finding when the list drops the entry; allow the address where the list is wrong or shared hosting stands behind it",
		Evidence: []finding.Evidence{
			{Name: "entry", Value: float64(len(t.entries)), Text: entry.String()},
			{Name: "feeds", Value: float64(len(t.entries)), Text: feeds(c, t.entries)},
			{Name: "flows", Value: float64(t.flows), Text: words.Number(float64(t.flows))},
			{Name: "answered", Value: float64(t.answered), Text: words.Number(float64(t.answered))},
			{Name: "bytes", Value: float64(t.bytes), Text: words.Bytes(float64(t.bytes))},
		},
	}
	if len(t.others) == 1 && !t.incoming {
		f.DstIP = t.others[0]
	}
	if len(t.hosts) == 1 && !t.incoming {
		f.SrcIP = t.hosts[0]
	}
	explain(c, t, f)
	f.Weigh(0.65, modifiers(c, t)...)
	return f
}

func explain(c *detect.Case, t *contact, f finding.Finding) {
	for _, host := range t.hosts {
		if c.Asked(host) {
			c.Explain(host, detect.Line{What: "contact with " + t.entries[0].String(), Value: float64(t.flows), Threshold: 1, Fired: true, Why: f.Explanation})
		}
	}
}

func (t *contact) title() string {
	entry, who := t.entries[0].String(), words.Hosts(t.hosts)
	if len(t.hosts) > 3 {
		who = fmt.Sprintf("%d hosts", len(t.hosts))
	}
	if len(t.others) == 1 && t.others[0].String() != entry {
		entry = fmt.Sprintf("%s (%s)", t.others[0], entry)
	}
	verb := "contact"
	switch {
	case t.incoming:
		return fmt.Sprintf("%s, which %s lists, contacts %s, %s times", entry, t.entries[0].Feed, who, words.Number(float64(t.flows)))
	case len(t.hosts) == 1:
		verb = "contacts"
	}
	return fmt.Sprintf("%s %s %s, which %s lists, %s times", who, verb, entry, t.entries[0].Feed, words.Number(float64(t.flows)))
}

// feeds tells which feeds list it, what they say, and how old that is.
func feeds(c *detect.Case, entries []intel.Entry) string {
	var texts []string
	for _, e := range entries {
		text := e.Feed
		if e.Label != "" {
			text += fmt.Sprintf(" as %q", e.Label)
		}
		if !e.Seen.IsZero() {
			text += fmt.Sprintf(", seen %.0f days before the capture's end", max(age(c, e), 0))
		}
		if e.Confidence >= 0 {
			text += fmt.Sprintf(", confidence %.0f %%", 100*e.Confidence)
		}
		texts = append(texts, text)
	}
	slices.Sort(texts)
	return strings.Join(slices.Compact(texts), "; ")
}

// age is the days from when the feed saw an entry last to the end of the capture.
func age(c *detect.Case, e intel.Entry) float64 {
	return time.UnixMicro(c.Test.Last).Sub(e.Seen).Hours() / 24
}

// modifiers weigh the entry that says most: the surest, and the youngest.
func modifiers(c *detect.Case, t *contact) []finding.Modifier {
	var list []finding.Modifier
	confidence, youngest := -1.0, math.Inf(1)
	feeds := map[string]bool{}
	for _, e := range t.entries {
		confidence = max(confidence, e.Confidence)
		feeds[e.Feed] = true
		if !e.Seen.IsZero() {
			youngest = min(youngest, age(c, e))
		}
	}
	switch {
	case confidence >= 0.75:
		list = append(list, finding.Modifier{Delta: 0.1, Reason: fmt.Sprintf("the list is sure of it (%.0f %%)", 100*confidence)})
	case confidence >= 0 && confidence < 0.4:
		list = append(list, finding.Modifier{Delta: -0.2, Reason: fmt.Sprintf("the list is not sure of it (%.0f %%)", 100*confidence)})
	}
	if !math.IsInf(youngest, 1) && youngest > c.Param("stale_days") {
		list = append(list, finding.Modifier{Delta: -0.2, Reason: fmt.Sprintf("the entry is %.0f days old", youngest)})
	}
	if len(feeds) > 1 {
		list = append(list, finding.Modifier{Delta: 0.1, Reason: fmt.Sprintf("%d lists have it", len(feeds))})
	}
	if t.answered > 0 && float64(t.bytes) >= c.Param("much_bytes") {
		list = append(list, finding.Modifier{Delta: 0.15, Reason: words.Bytes(float64(t.bytes)) + " were exchanged"})
	}
	if t.answered == 0 {
		list = append(list, finding.Modifier{Delta: -0.3, Reason: "nothing was answered"})
	}
	if t.incoming {
		list = append(list, finding.Modifier{Delta: -0.3, Reason: "the listed end opened the flows, as scanners of the Internet do with everybody"})
	}
	if n := int64(len(t.hosts)); !t.incoming && c.Test.Network.Hosts >= 10 && c.Test.Network.Popular(n) {
		list = append(list, finding.Modifier{Delta: -0.3, Reason: fmt.Sprintf("%d hosts contact it: shared hosting, or a wrong entry", n)})
	}
	return list
}
