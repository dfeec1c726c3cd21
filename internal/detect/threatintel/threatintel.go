// Package threatintel finds contact with addresses, networks and names that lists of others report.
package threatintel

import (
	"context"
	_ "embed"
	"fmt"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/intel"
)

//go:embed threatintel.md
var page string

// Detector is the value that the catalog lists. It has no list, and so is void; New makes one that has.
var Detector = New(nil)

// New makes the detector that looks things up in a list.
func New(list *intel.List) detect.Detector {
	return detect.Detector{
		ID:     "threat-intel",
		Title:  "Listed destinations",
		Finds:  "contact with listed addresses, networks and names",
		Null:   "exact match with an entry, or with the network or the domain above it",
		Page:   page,
		Attack: []string{"T1071", "T1583"},
		Params: []detect.Param{
			{Name: "min_confidence", Default: 0, Min: 0, Max: 1, Doc: "confidence of an entry below which it does not count, where its feed tells one"},
			{Name: "stale_days", Default: 90, Min: 1, Max: 1e5, Doc: "days since the feed saw an entry last from which on it weighs less"},
			{Name: "much_bytes", Default: 25e6, Min: 0, Max: 1e15, Doc: "bytes exchanged that weigh more"},
		},
		Judge: func(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
			if list == nil || list.Entries == 0 {
				return detect.Verdict{Void: "no list given: --intel FILE"}, nil
			}
			return judge(ctx, c, list)
		},
	}
}

func judge(ctx context.Context, c *detect.Case, list *intel.List) (detect.Verdict, error) {
	contacts := map[string]*contact{}
	var order []*contact
	channels := 0
	for channel, err := range c.Test.Channels(ctx, engine.ChannelFilter{}) {
		if err != nil {
			return detect.Verdict{}, err
		}
		channels++
		entries, which := listed(c, list, channel)
		if len(entries) == 0 {
			continue
		}
		at := contacts[entries[0].String()]
		if at == nil {
			at = &contact{entries: entries, first: channel.First, last: channel.Last, incoming: which == source}
			contacts[entries[0].String()], order = at, append(order, at)
		}
		at.add(channel, which)
	}
	verdict := detect.Verdict{Looked: fmt.Sprintf("%d channels, %d entries of lists", channels, list.Entries)}
	for _, at := range order {
		verdict.Findings = append(verdict.Findings, describe(c, at))
	}
	return verdict, nil
}

// end says which end of a channel is listed.
type end int

const (
	neither end = iota
	destination
	source
)

// listed looks the ends of a channel up: the destination by name and by address, then the source.
func listed(c *detect.Case, list *intel.List, channel engine.Channel) ([]intel.Entry, end) {
	if channel.Name != "" {
		if entries := sure(c, list.Named(channel.Name)); len(entries) > 0 {
			return entries, destination
		}
	}
	if !c.Test.Network.Inside(channel.DstIP) {
		if entries := sure(c, list.Address(channel.DstIP)); len(entries) > 0 {
			return entries, destination
		}
	}
	if !c.Test.Network.Inside(channel.SrcIP) {
		return sure(c, list.Address(channel.SrcIP)), source
	}
	return nil, neither
}

// sure drops the entries of which their feeds are not sure enough.
func sure(c *detect.Case, entries []intel.Entry) []intel.Entry {
	var kept []intel.Entry
	for _, e := range entries {
		if e.Confidence < 0 || e.Confidence >= c.Param("min_confidence") {
			kept = append(kept, e)
		}
	}
	return kept
}
