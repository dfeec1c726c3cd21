// Package beacon finds regular contact with one server.
package beacon

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"sentinel/internal/detect"
	"sentinel/internal/detect/rhythm"
	"sentinel/internal/engine"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

//go:embed beacon.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:     "beacon",
	Title:  "Beacons",
	Finds:  "regular contact with one server, from seconds to days apart, jittered, with contacts lost, in working hours only",
	Null:   "the gaps of a random (exponential) process of as many contacts are as alike; exact distribution of the ratio of their quartiles",
	Page:   page,
	Attack: []string{"T1071", "T1029"},
	Params: []detect.Param{
		{Name: "min_contacts", Default: 10, Min: 4, Max: 1e6, Doc: "contacts below which a channel is not judged"},
		{Name: "min_periodicity", Default: 0.5, Min: 0, Max: 1, Doc: "least periodicity, 0 random to 1 clockwork"},
		{Name: "max_chance", Default: 1e-5, Min: 0, Max: 1, Doc: "greatest chance of such gaps among random contacts, for one channel of the thousands judged"},
		{Name: "min_period", Default: 1, Min: 0, Max: 86400, Doc: "shortest period, seconds"},
		{Name: "max_prevalence", Default: 0.3, Min: 0, Max: 1, Doc: "share of the hosts above which a destination is everybody's and not judged"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	filter := engine.ChannelFilter{
		MinFlows:   int64(c.Param("min_contacts")),
		MaxSources: max(int64(c.Param("max_prevalence")*float64(c.Test.Network.Hosts)), 3),
	}
	known, err := knownChannels(ctx, c, filter)
	if err != nil {
		return detect.Verdict{}, err
	}
	verdict := detect.Verdict{}
	groups := map[groupKey]int{}
	for r, err := range c.Test.Rhythms(ctx, filter) {
		if err != nil {
			return verdict, err
		}
		if !worthJudging(c, r.Channel) {
			continue
		}
		verdict.Tests++
		candidate, ok := judgeChannel(c, r, known)
		if !ok {
			continue
		}
		key := groupOf(r.Channel)
		if at, seen := groups[key]; seen {
			verdict.Findings[at] = join(verdict.Findings[at], candidate)
			continue
		}
		groups[key] = len(verdict.Findings)
		verdict.Findings = append(verdict.Findings, candidate)
	}
	verdict.Looked = fmt.Sprintf("%d channels of %.0f contacts or more", verdict.Tests, c.Param("min_contacts"))
	return verdict, nil
}

// worthJudging leaves out what cannot be a beacon to a controller: traffic that stays on the link, reports of ICMP,
// flows from outside, and flows to the network's own servers.
func worthJudging(c *detect.Case, channel engine.Channel) bool {
	network := c.Test.Network
	return !detect.ReportsError(channel) && detect.Scorable(channel.DstIP, channel.Proto, channel.DstPort) &&
		c.Test.Judged(channel.SrcIP) && !network.Is(channel.DstIP, detect.Server)
}

// knownChannels are those of the baseline, by who and whom.
func knownChannels(ctx context.Context, c *detect.Case, filter engine.ChannelFilter) (map[finding.Pair]int64, error) {
	known := map[finding.Pair]int64{}
	if c.Base == nil {
		return known, nil
	}
	filter.MaxSources = 0
	for channel, err := range c.Base.Channels(ctx, filter) {
		if err != nil {
			return nil, err
		}
		known[finding.Pair{SrcIP: channel.SrcIP, DstIP: channel.DstIP}] += channel.Flows
	}
	return known, nil
}

func judgeChannel(c *detect.Case, r engine.Rhythm, known map[finding.Pair]int64) (finding.Finding, bool) {
	contacts := rhythm.ContactsOf(r, max(time.Duration(c.Param("min_period")*float64(time.Second)), time.Second))
	where := fmt.Sprintf("channel to %s %s %d", r.DstIP, r.Proto, r.DstPort)
	if len(contacts.Starts) < int(c.Param("min_contacts")) {
		c.Explain(r.SrcIP, detect.Line{What: where + ": contacts", Value: float64(len(contacts.Starts)), Threshold: c.Param("min_contacts"),
			Why: "too few contacts after joining flows that begin within a second"})
		return finding.Finding{}, false
	}
	measured := rhythm.Measure(contacts.Gaps(), rhythm.Resolution(r.Starts))
	fired := measured.Periodicity >= c.Param("min_periodicity") && measured.Period >= c.Param("min_period") &&
		measured.P <= c.Param("max_chance")
	if c.Asked(r.SrcIP) {
		c.Explain(r.SrcIP, detect.Line{What: where + ": periodicity", Value: measured.Periodicity, Threshold: c.Param("min_periodicity"), Fired: fired,
			Why: fmt.Sprintf("%d contacts, median gap %.1f s, chance %.2g, at most %.2g", len(contacts.Starts), measured.Period, measured.P, c.Param("max_chance"))})
	}
	if !fired {
		return finding.Finding{}, false
	}
	return describe(c, r, contacts, measured, known), true
}

// describe turns a rhythm into a finding: periodicity is what it stands on, sizes and persistence support it.
func describe(c *detect.Case, r engine.Rhythm, contacts rhythm.Contacts, measured rhythm.Rhythm, known map[finding.Pair]int64) finding.Finding {
	sizes := stat.RobustOf(contacts.Sizes, 0)
	alike := 1.0
	if sizes.Median > 0 {
		alike = max(0, 1-sizes.Sigma/1.4826/sizes.Median)
	}
	lasting := min(float64(contacts.ActiveHours())/6, 1)
	rita := RITAScore(r.Starts, contacts.Sizes, c.Test.First, c.Test.Last)
	period := duration(measured.Period)
	f := finding.Finding{
		ID:     finding.Key("beacon", r.SrcIP, r.DstIP, r.Proto, r.DstPort),
		PValue: measured.P, SrcIP: r.SrcIP, DstIP: r.DstIP, DstPort: r.DstPort, Proto: r.Proto, Name: r.Name, Exhibits: contacts.Exhibits(),
		First: r.First, Last: r.Last,
		Pairs: []finding.Pair{{SrcIP: r.SrcIP, DstIP: r.DstIP}},
		Title: fmt.Sprintf("%s contacts %s every %s, %d times", r.SrcIP, destination(r.Channel), period, len(contacts.Starts)),
		Explanation: fmt.Sprintf("Half of the gaps lie within %.0f %% of %s, over %d hours of the day; contacts without a clock behind them would "+
			"spread far wider (chance %.1g).%s", 100*measured.Jitter, period, contacts.ActiveHours(), measured.P, sleepsAndLosses(measured)),
		Remedy: "it stops being a finding when the contacts lose their period, or when many hosts contact the same server; allow the destination if you know the program",
		Evidence: []finding.Evidence{
			{Name: "contacts", Value: float64(len(contacts.Starts)), Text: fmt.Sprint(len(contacts.Starts))},
			{Name: "period_seconds", Value: measured.Period, Text: period},
			{Name: "jitter", Value: measured.Jitter, Text: fmt.Sprintf("±%.0f %%", 100*measured.Jitter)},
			{Name: "periodicity", Value: measured.Periodicity, Text: fmt.Sprintf("%.2f of 1", measured.Periodicity)},
			{Name: "size_regularity", Value: alike, Text: fmt.Sprintf("%.2f of 1, median %.0f bytes up", alike, sizes.Median)},
			{Name: "active_hours", Value: float64(contacts.ActiveHours()), Text: fmt.Sprint(contacts.ActiveHours())},
			{Name: "sources", Value: float64(r.Sources), Text: fmt.Sprintf("%d of %d hosts contact it", r.Sources, c.Test.Network.Hosts)},
			{Name: "lost", Value: measured.Lost, Text: fmt.Sprintf("%.0f %% of the contacts", 100*measured.Lost)},
			{Name: "rita_score", Value: rita, Text: fmt.Sprintf("%.2f by RITA's published formula", rita)},
		},
	}
	f.Weigh(measured.Periodicity*(0.5+0.2*alike+0.1*lasting), modifiers(c, r.Channel, known)...)
	return f
}

// usualPrevalence is the share of the hosts that makes a destination one of the network's usual ones.
const usualPrevalence = 0.08

// modifiers weigh how rare and how new a destination is.
func modifiers(c *detect.Case, channel engine.Channel, known map[finding.Pair]int64) []finding.Modifier {
	network := c.Test.Network
	var list []finding.Modifier
	usual := min(network.Prevalence(channel.Sources)/usualPrevalence, 1)
	usualNet := min(network.Prevalence(channel.NetSources)/usualPrevalence, 1)
	switch {
	case channel.NetSources == 1:
		list = append(list, finding.Modifier{Delta: 0.15, Reason: "no other host contacts it"})
	case channel.Sources > 2 && usual >= 0.75*usualNet:
		list = append(list, finding.Modifier{Delta: -0.6 * usual, Reason: fmt.Sprintf("%d hosts contact it", channel.Sources)})
	case channel.NetSources > 2:
		list = append(list, finding.Modifier{Delta: -0.45 * usualNet, Reason: fmt.Sprintf("%d hosts contact its network", channel.NetSources)})
	}
	if network.Inside(channel.DstIP) {
		list = append(list, finding.Modifier{Delta: -0.2, Reason: "it is inside"})
	}
	if c.Base == nil {
		return list
	}
	if before := known[finding.Pair{SrcIP: channel.SrcIP, DstIP: channel.DstIP}]; before > 0 {
		return append(list, finding.Modifier{Delta: -0.6, Reason: fmt.Sprintf("%d contacts in the baseline", before)})
	}
	return append(list, finding.Modifier{Delta: 0.1, Reason: "not in the baseline"})
}

func sleepsAndLosses(measured rhythm.Rhythm) string {
	text := ""
	if measured.Modes == 2 {
		text += " It has two sleep times."
	}
	if measured.Lost > 0 {
		text += fmt.Sprintf(" About %.0f %% of the contacts are missing.", 100*measured.Lost)
	}
	return text
}

func destination(channel engine.Channel) string {
	if channel.Name != "" {
		return fmt.Sprintf("%s (%s) %s %d", channel.Name, channel.DstIP, channel.Proto, channel.DstPort)
	}
	return fmt.Sprintf("%s %s %d", channel.DstIP, channel.Proto, channel.DstPort)
}

// duration prints seconds in the unit that suits them.
func duration(seconds float64) string {
	switch {
	case seconds >= 2*3600:
		return fmt.Sprintf("%.1f h", seconds/3600)
	case seconds >= 120:
		return fmt.Sprintf("%.1f min", seconds/60)
	}
	return fmt.Sprintf("%.3g s", seconds)
}
