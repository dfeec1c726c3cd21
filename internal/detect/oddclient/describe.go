package oddclient

import (
	"cmp"
	"fmt"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
)

// fleets groups odd clients of one kind and, where they have a period, of the same one within 5 %: programs of one make.
func fleets(odd []*client) [][]*client {
	slices.SortFunc(odd, func(a, b *client) int {
		return cmp.Or(cmp.Compare(a.kind(), b.kind()), cmp.Compare(a.period(), b.period()), a.addr.Compare(b.addr))
	})
	var groups [][]*client
	for _, each := range odd {
		last := len(groups) - 1
		if last >= 0 && alike(groups[last][len(groups[last])-1], each) {
			groups[last] = append(groups[last], each)
			continue
		}
		groups = append(groups, []*client{each})
	}
	return groups
}

// period is 0 for clients that have none.
func (one *client) period() float64 {
	if !one.clockwork {
		return 0
	}
	return one.rhythm.Period
}

func alike(a, b *client) bool { return a.kind() == b.kind() && b.period() <= 1.05*a.period() }

// describe turns a group into a finding; its first member tells the story.
func describe(c *detect.Case, people *crowd, group []*client, known map[netip.Addr]bool) finding.Finding {
	lead := slices.MaxFunc(group, func(a, b *client) int { return cmp.Or(cmp.Compare(a.visits, b.visits), b.addr.Compare(a.addr)) })
	f := finding.Finding{
		PValue: 0, SrcIP: lead.addr, DstPort: -1, First: lead.first, Last: lead.last, Hosts: []netip.Addr{lead.addr},
		Title:       title(lead, len(group)),
		Explanation: lead.explanation(c, people),
		Remedy:      "it stops being a finding when the client rests, or its visits lose their clock; allow it if it is a search engine or a monitor that you know",
		Evidence: []finding.Evidence{
			{Name: "clients", Value: float64(len(group)), Text: fmt.Sprintf("%d of %d", len(group), len(people.clients))},
			{Name: "visits", Value: float64(lead.visits), Text: fmt.Sprint(lead.visits)},
			{Name: "periodicity", Value: lead.rhythm.Periodicity, Text: fmt.Sprintf("%.2f of 1", lead.rhythm.Periodicity)},
			{Name: "period_seconds", Value: lead.rhythm.Period, Text: seconds(lead.rhythm.Period)},
			{Name: "longest_rest_hours", Value: lead.rest, Text: fmt.Sprintf("%.1f, the others' median is %.1f", lead.rest, math.Exp(people.rest.Median))},
			{Name: "night_share", Value: lead.night, Text: fmt.Sprintf("%.0f %% of an even day's visits in its quietest six hours", 100*lead.night)},
		},
	}
	for _, member := range group {
		f.PValue = max(f.PValue, member.p)
		f.First, f.Last = min(f.First, member.first), max(f.Last, member.last)
		f.Pairs = append(f.Pairs, finding.Pair{SrcIP: member.addr})
		if member != lead {
			f.Hosts = append(f.Hosts, member.addr)
		}
	}
	// The first address names a group, whoever of it has most visits today.
	f.ID = finding.Key("odd-client", lead.kind(), slices.MinFunc(f.Hosts, netip.Addr.Compare))
	f.Weigh(lead.base(c), modifiers(c, people, group, people.odds, known)...)
	return f
}

// base is medium for who never sleeps, and up to high the cleaner the clock.
func (one *client) base(c *detect.Case) float64 {
	if !one.clockwork {
		return 0.5
	}
	least := c.Param("min_periodicity")
	return 0.45 + 0.2*(one.rhythm.Periodicity-least)/max(1-least, 0.01)
}

func title(lead *client, count int) string {
	who, some := lead.addr.String(), ""
	if count > 1 {
		who = fmt.Sprintf("%d clients such as %s", count, lead.addr)
		some = " each"
	}
	switch lead.kind() {
	case "clockwork":
		return fmt.Sprintf("%s came back every %s, about %d times%s, as a program does", who, seconds(lead.rhythm.Period), lead.visits, some)
	case "restless":
		return fmt.Sprintf("%s read about %d pages%s, one every %s, without a pause to read them", who, lead.visits, some, seconds(lead.rhythm.Period))
	}
	return fmt.Sprintf("%s came at all hours, about %d times%s, and never rested more than %.1f h", who, lead.visits, some, lead.rest)
}

func (one *client) explanation(c *detect.Case, people *crowd) string {
	if one.clockwork {
		return fmt.Sprintf("Half of the gaps between its visits lie within %.0f %% of %s (periodicity %.2f, threshold %.2f); the chance of that among random visits is %.1g. "+
			"Its longest rest was %.1f h; the other clients of the same servers rest %.1f h.", 100*one.rhythm.Jitter, seconds(one.rhythm.Period), one.rhythm.Periodicity,
			c.Param("min_periodicity"), one.rhythm.P, one.rest, math.Exp(people.rest.Median))
	}
	return fmt.Sprintf("Its longest rest within the capture was %.1f h (threshold %.1f), the other clients of the same servers rest %.1f h; in its quietest six hours it came %.0f %% as often "+
		"as on average. Many people behind one address come less by night.", one.rest, c.Param("max_rest"), math.Exp(people.rest.Median), 100*one.night)
}

// seconds prints a time in the unit that suits it.
func seconds(s float64) string {
	switch {
	case s >= 2*3600:
		return fmt.Sprintf("%.1f h", s/3600)
	case s >= 120:
		return fmt.Sprintf("%.1f min", s/60)
	}
	return fmt.Sprintf("%.3g s", s)
}
