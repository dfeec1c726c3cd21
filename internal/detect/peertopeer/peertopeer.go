// Package peertopeer finds internal hosts that begin to talk to internal hosts that are no servers.
package peertopeer

import (
	"context"
	_ "embed"
	"fmt"

	"sentinel/internal/detect"
)

//go:embed peertopeer.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:       "peer-to-peer",
	Title:    "New talk between hosts",
	Finds:    "internal hosts that begin to talk to internal hosts that are no servers",
	Null:     "new pairs of internal hosts come at the rate at which the baseline saw pairs for one session only (Good and Toulmin); Poisson",
	Page:     page,
	Attack:   []string{"T1021", "T1570"},
	Relative: true,
	Params: []detect.Param{
		{Name: "min_edges", Default: 2, Min: 1, Max: 1e6, Doc: "new pairs of hosts that make a group worth a finding"},
		{Name: "min_flows", Default: 1, Min: 1, Max: 1e6, Doc: "answered flows of a pair of hosts below which it does not count"},
		{Name: "max_dead", Default: 0.5, Min: 0, Max: 1, Doc: "share of a source's internal targets that may stay silent; above, it scans"},
		{Name: "session", Default: 1, Min: 0.01, Max: 24, Doc: "hours within which all flows of a pair are one session"},
		{Name: "fan_out", Default: 4, Min: 2, Max: 1e6, Doc: "new targets of one host that weigh more"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	if len(c.Test.Network.Nodes()) == 0 {
		return detect.Verdict{Void: "no address is internal: name the internal networks"}, nil
	}
	before, err := edgesOf(ctx, c, c.Base)
	if err != nil {
		return detect.Verdict{}, err
	}
	now, err := edgesOf(ctx, c, c.Test)
	if err != nil {
		return detect.Verdict{}, err
	}
	rates := ratesOf(c, before)
	fresh := now.newAgainst(before)
	verdict := detect.Verdict{
		Tests:  int(c.Test.Network.Hosts),
		Looked: fmt.Sprintf("%d pairs of internal hosts that are no servers, %d of them new", len(now.list), len(fresh)),
	}
	explain(c, fresh, rates)
	for _, g := range groupsOf(fresh, newServers(c, fresh)) {
		if len(g.edges) >= int(c.Param("min_edges")) {
			verdict.Findings = append(verdict.Findings, describe(c, g, rates))
		}
	}
	return verdict, nil
}

func explain(c *detect.Case, fresh []edge, rates rates) {
	for _, node := range c.Test.Network.Nodes() {
		if !c.Asked(node.Address) {
			continue
		}
		degree := 0
		for _, e := range fresh {
			if e.src == node.Address {
				degree++
			}
		}
		expected := rates.of(node.Address)
		c.Explain(node.Address, detect.Line{
			What: "new internal hosts that are no servers", Value: float64(degree), Threshold: c.Param("min_edges"), Fired: degree >= int(c.Param("min_edges")),
			Why: fmt.Sprintf("%.2g were to be expected of it by the baseline; a group of hosts is judged as one", expected),
		})
	}
}
