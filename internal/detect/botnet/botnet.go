// Package botnet finds groups of hosts that keep to rare destinations in one rhythm.
package botnet

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"sentinel/internal/detect"
	"sentinel/internal/detect/rhythm"
	"sentinel/internal/engine"
	"sentinel/internal/finding"
)

//go:embed botnet.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:     "botnet",
	Title:  "Groups under one command",
	Finds:  "groups of hosts that contact the same rare destinations in the same rhythm",
	Null:   "the contacts of a destination's hosts are random: binomial chance of so many regular ones; destinations join by the hypergeometric chance of their hosts in common",
	Page:   page,
	Attack: []string{"T1071", "T1584.005"},
	Params: []detect.Param{
		{Name: "min_hosts", Default: 3, Min: 2, Max: 1e6, Doc: "hosts that make a group"},
		{Name: "min_contacts", Default: 8, Min: 5, Max: 1e6, Doc: "contacts of a host with a destination below which its rhythm is not judged"},
		{Name: "min_periodicity", Default: 0.5, Min: 0, Max: 1, Doc: "least periodicity of a member, 0 random to 1 clockwork"},
		{Name: "period_window", Default: 0.3, Min: 0.01, Max: 10, Doc: "how far the periods of one group may lie apart, in natural logarithms"},
		{Name: "min_devotion", Default: 0.75, Min: 0, Max: 1, Doc: "share of a destination's hosts that must keep the rhythm"},
		{Name: "max_prevalence", Default: 0.25, Min: 0, Max: 1, Doc: "share of all hosts above which a destination is everybody's"},
		{Name: "min_overlap", Default: 0.5, Min: 0, Max: 1, Doc: "hosts in common over hosts of either (Jaccard) from which two destinations are one group's"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	services, judged, err := services(ctx, c)
	if err != nil {
		return detect.Verdict{}, err
	}
	verdict := detect.Verdict{
		Tests:  len(services),
		Looked: fmt.Sprintf("%d channels of %.0f contacts or more, to %d destinations that several hosts share", judged, c.Param("min_contacts"), len(services)),
	}
	rhythmic := inRhythm(c, services)
	if rhythmic, err = onlyRare(ctx, c, rhythmic); err != nil || len(rhythmic) == 0 {
		return verdict, err
	}
	groups := join(c, rhythmic)
	if err := recognise(ctx, c, groups); err != nil {
		return verdict, err
	}
	for _, g := range groups {
		// A weak group must not take in the beacons of its members: the detector of beacons judges them one by one.
		if f := describe(c, g); f.Severity >= finding.Medium {
			verdict.Findings = append(verdict.Findings, f)
		}
	}
	return verdict, nil
}

// services reads the channels that may belong to a group, and gathers them by destination, in the order in which
// destinations first come.
func services(ctx context.Context, c *detect.Case) (list []*service, judged int, err error) {
	least := int64(c.Param("min_hosts"))
	filter := engine.ChannelFilter{
		MinFlows: int64(c.Param("min_contacts")), MinSources: least, MaxSources: most(c),
	}
	found := map[destination]*service{}
	for r, err := range c.Test.Rhythms(ctx, filter) {
		if err != nil {
			return nil, judged, err
		}
		if detect.ReportsError(r.Channel) || !detect.Scorable(r.DstIP, r.Proto, r.DstPort) || !c.Test.Judged(r.SrcIP) || c.Test.Network.Is(r.DstIP, detect.Server) {
			continue
		}
		contacts := rhythm.ContactsOf(r, time.Second)
		if len(contacts.Starts) < int(c.Param("min_contacts")) {
			continue
		}
		judged++
		to := destination{r.DstIP, r.Proto, r.DstPort}
		s := found[to]
		if s == nil {
			s = &service{destination: to, name: r.Name, sources: r.Sources}
			found[to], list = s, append(list, s)
		}
		s.add(r, contacts)
	}
	list = dropSmall(list, int(least))
	return list, judged, nil
}

// most is how many hosts may contact a destination that still counts as rare. In a network of a few hosts a group
// is a large share of them.
func most(c *detect.Case) int64 {
	return max(int64(c.Param("max_prevalence")*float64(c.Test.Network.Hosts)), int64(c.Param("min_hosts")))
}

func dropSmall(list []*service, least int) []*service {
	var kept []*service
	for _, s := range list {
		if len(s.members) >= least {
			kept = append(kept, s)
		}
	}
	return kept
}
