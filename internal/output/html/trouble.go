package html

import (
	"net/netip"
	"slices"
	"strings"

	"sentinel/internal/finding"
	"sentinel/internal/output/alert"
	"sentinel/internal/report"
)

// trouble is a host, or several with the very same findings, and why it is here.
type trouble struct {
	Hosts    []netip.Addr
	Severity finding.Severity // of the worst
	Reasons  []reason         // worst first
	More     int              // reasons left out
}

// reason is a finding in a line.
type reason struct {
	ID       string
	Link     string
	Kind     string
	Title    string
	Severity finding.Severity
}

// shownHosts is how many addresses of a group are spelled out.
const shownHosts = 8

// mostTroubles is how many rows the list has.
const mostTroubles = 100

// Shown are the addresses to spell out.
func (t trouble) Shown() []netip.Addr { return t.Hosts[:min(len(t.Hosts), shownHosts)] }

// Beyond counts the others.
func (t trouble) Beyond() int { return len(t.Hosts) - len(t.Shown()) }

// troubles groups the findings by host: those that need attention, and those that only deserve a look.
func troubles(r *report.Report) (attention, look []trouble) {
	byHost, order := map[netip.Addr][]int{}, []netip.Addr(nil)
	for i, f := range r.Findings {
		if f.Severity < finding.Medium {
			continue
		}
		for _, host := range subjects(r, f) {
			if byHost[host] == nil {
				order = append(order, host)
			}
			byHost[host] = append(byHost[host], i)
		}
	}
	for _, one := range grouped(r, byHost, order) {
		if one.Severity >= finding.High {
			attention = append(attention, one)
		} else {
			look = append(look, one)
		}
	}
	return attention, look
}

// grouped joins hosts of the same findings. Findings come most severe first, and so do hosts.
func grouped(r *report.Report, byHost map[netip.Addr][]int, order []netip.Addr) (all []trouble) {
	place := map[string]int{}
	for _, host := range order {
		var key strings.Builder
		for _, i := range byHost[host] {
			key.WriteString(r.Findings[i].ID + " ")
		}
		at, ok := place[key.String()]
		if !ok {
			at = len(all)
			place[key.String()] = at
			all = append(all, troubleOf(r, byHost[host]))
		}
		all[at].Hosts = append(all[at].Hosts, host)
	}
	return all
}

// mostReasons is how many findings of a host are named.
const mostReasons = 6

// troubleOf is the trouble that the findings at these places are.
func troubleOf(r *report.Report, places []int) trouble {
	named := places[:min(len(places), mostReasons)]
	t := trouble{Severity: r.Findings[places[0]].Severity, More: len(places) - len(named)}
	for _, i := range named {
		f := r.Findings[i]
		link := "#" + cardID(f)
		if i >= mostCards { // the most severe come first, and so do those with a card
			link = "#" + restID + "-sheet"
		}
		t.Reasons = append(t.Reasons, reason{f.ID, link, alert.RuleOf(r, f).Title, f.Title, f.Severity})
	}
	return t
}

// subjects are the hosts that a finding puts in trouble: those of the network that take part, else the one that
// others attack, else whoever did it.
func subjects(r *report.Report, f finding.Finding) []netip.Addr {
	hosts := f.Hosts
	if len(hosts) == 0 && f.SrcIP.IsValid() {
		hosts = []netip.Addr{f.SrcIP}
	}
	own := slices.DeleteFunc(slices.Clone(hosts), func(host netip.Addr) bool { return r.External(host) })
	switch {
	case len(own) > 0:
		return own
	case f.DstIP.IsValid() && !r.External(f.DstIP):
		return []netip.Addr{f.DstIP}
	}
	return hosts
}

func appendNew(list []string, text string) []string {
	if slices.Contains(list, text) {
		return list
	}
	return append(list, text)
}

// lowered is a title inside a sentence: its first letter is small unless an abbreviation begins there.
func lowered(title string) string {
	if len(title) > 1 && title[1] >= 'a' && title[1] <= 'z' {
		return strings.ToLower(title[:1]) + title[1:]
	}
	return title
}
