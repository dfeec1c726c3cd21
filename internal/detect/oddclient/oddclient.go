// Package oddclient finds clients of public servers whose timing is not human.
package oddclient

import (
	"context"
	_ "embed"
	"fmt"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
)

//go:embed oddclient.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:     "odd-client",
	Title:  "Odd clients",
	Finds:  "clients of public servers whose timing is not human: they come by the clock, read without a pause, or never sleep",
	Null:   "gaps between visits are random (exponential); the longest rest is as the other clients' (log-normal by their median and lower quartile)",
	Page:   page,
	Attack: []string{"T1595", "T1119"},
	Params: []detect.Param{
		{Name: "min_visits", Default: 30, Min: 10, Max: 1e6, Doc: "flows below which a client is not judged"},
		{Name: "min_clients", Default: 20, Min: 5, Max: 1e6, Doc: "clients that it takes to know how clients behave"},
		{Name: "min_periodicity", Default: 0.5, Min: 0.1, Max: 1, Doc: "least periodicity, 0 random to 1 clockwork"},
		{Name: "max_rest", Default: 3, Min: 0.1, Max: 12, Doc: "hours without a visit within a day, above which a client may sleep"},
		{Name: "min_night", Default: 0.5, Min: 0.05, Max: 1, Doc: "visits in the client's quietest six hours over those of an even day; many people behind one address come less by night"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	people, err := crowdOf(ctx, c, c.Test)
	if err != nil {
		return detect.Verdict{}, err
	}
	if len(people.clients) < int(c.Param("min_clients")) {
		return detect.Verdict{Looked: fmt.Sprintf("%d clients of public servers, too few to know what is usual among them", len(people.clients))}, nil
	}
	known := map[netip.Addr]bool{}
	if c.Base != nil {
		before, err := crowdOf(ctx, c, c.Base)
		if err != nil {
			return detect.Verdict{}, err
		}
		for _, odd := range before.odd(c) {
			known[odd.addr] = true
		}
	}
	odd := people.odd(c)
	for _, client := range people.clients {
		client.explain(c, people)
	}
	verdict := detect.Verdict{
		Tests:  2 * len(people.clients),
		Looked: fmt.Sprintf("%d clients of %d public servers, with %.0f visits or more", len(people.clients), people.servers, c.Param("min_visits")),
	}
	for _, group := range fleets(odd) {
		verdict.Findings = append(verdict.Findings, describe(c, people, group, known))
	}
	return verdict, nil
}

// modifiers weigh how usual it is to be odd here.
func modifiers(c *detect.Case, people *crowd, group []*client, odd int, known map[netip.Addr]bool) []finding.Modifier {
	var list []finding.Modifier
	if 10*odd >= len(people.clients) {
		list = append(list, finding.Modifier{Delta: -0.3, Reason: fmt.Sprintf("%d of %d clients are like that: the servers may be made for programs", odd, len(people.clients))})
	}
	if group[0].regular() && group[0].sleepless {
		list = append(list, finding.Modifier{Delta: 0.1, Reason: "day and night"})
	}
	if c.Base == nil {
		return list
	}
	old := 0
	for _, member := range group {
		if known[member.addr] {
			old++
		}
	}
	if 2*old >= len(group) {
		return append(list, finding.Modifier{Delta: -0.4, Reason: "odd in the baseline too"})
	}
	return append(list, finding.Modifier{Delta: 0.05, Reason: "not odd in the baseline"})
}
