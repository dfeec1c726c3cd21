// Package newdestination finds countries, networks and ports that the baseline does not have.
package newdestination

import (
	"context"
	_ "embed"
	"fmt"
	"net/netip"
	"strings"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/engine"
)

//go:embed newdestination.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:       "new-destination",
	Title:    "New destinations",
	Finds:    "hosts that contact countries, networks or ports that the network never contacted in the baseline, more than churn explains",
	Null:     "anything new comes at the rate of what the baseline saw in one visit only (Good and Turing); Poisson, widened by how the hosts scatter",
	Page:     page,
	Attack:   []string{"T1568"},
	Relative: true,
	Params: []detect.Param{
		{Name: "min_new", Default: 2, Min: 1, Max: 1e6, Doc: "new contacts (a host and a new country, network or port) of a group worth a finding"},
		{Name: "strong_new", Default: 4, Min: 1, Max: 1e6, Doc: "new contacts that weigh more; the least of networks, and of hosts with one new key each"},
		{Name: "prior", Default: 50, Min: 0, Max: 1e6, Doc: "pairs of host and server that the network's rate of anything new counts for beside the host's own"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	var judges []*kindJudge
	for _, kind := range kinds(c) {
		judges = append(judges, &kindJudge{kind: kind, before: newKnowledge(), now: newNews()})
	}
	err := each(ctx, c.Base, func(channel engine.Channel) {
		for _, j := range judges {
			if key, ok := j.key(c.Base, channel); ok {
				j.before.see(key, channel)
			}
		}
	})
	if err != nil {
		return detect.Verdict{}, err
	}
	err = each(ctx, c.Test, func(channel engine.Channel) {
		for _, j := range judges {
			if key, ok := j.key(c.Test, channel); ok {
				j.now.see(key, channel, j.before.keys[key] != nil)
			}
		}
	})
	return conclude(c, judges), err
}

// kindJudge judges one kind of destination.
type kindJudge struct {
	kind
	before *knowledge
	now    *news
}

func conclude(c *detect.Case, judges []*kindJudge) detect.Verdict {
	verdict := detect.Verdict{}
	told := map[netip.Addr]bool{} // hosts that a finding of an earlier kind is about
	var looked []string
	for _, j := range judges {
		expected := expectations(c, j.before, j.now)
		verdict.Tests += len(j.now.pairs)
		looked = append(looked, fmt.Sprintf("%s %s of which %d are new", words.Number(float64(len(j.now.keys))), j.plural, len(j.now.fresh())))
		explain(c, j, expected)
		for _, g := range j.groups(expected) {
			if len(g.contacts) >= g.least(c) && !g.told(told) {
				verdict.Findings = append(verdict.Findings, describe(c, g))
			}
		}
	}
	verdict.Looked = strings.Join(looked, ", ")
	return verdict
}

func explain(c *detect.Case, j *kindJudge, expected map[netip.Addr]float64) {
	count, some := 0, ""
	var host netip.Addr
	for _, contact := range j.now.fresh() {
		if !c.Asked(contact.host) {
			continue
		}
		host = contact.host
		if count++; count <= 8 {
			some += j.name(contact.key) + ", "
		}
	}
	if count == 0 {
		return
	}
	c.Explain(host, detect.Line{
		What: "new " + j.plural, Value: float64(count), Threshold: c.Param("min_new"), Fired: count >= int(c.Param("min_new")),
		Why: fmt.Sprintf("%s%s were to be expected of it", some, words.Number(expected[host])),
	})
}

// each goes through the answered channels of a scene's own hosts.
func each(ctx context.Context, scene *detect.Scene, see func(engine.Channel)) error {
	for channel, err := range scene.Channels(ctx, engine.ChannelFilter{}) {
		if err != nil {
			return err
		}
		answered := channel.Flows - channel.Failed
		if answered > 0 && scene.Judged(channel.SrcIP) && detect.Scorable(channel.DstIP, channel.Proto, channel.DstPort) {
			see(channel)
		}
	}
	return nil
}
