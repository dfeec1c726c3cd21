// Package dga finds hosts that ask the DNS for domains which an algorithm makes up.
package dga

import (
	"context"
	_ "embed"
	"fmt"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/detect/dnsname"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

//go:embed dga.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:     "dga",
	Title:  "Generated domains",
	Finds:  "bursts of registered domains that do not exist, with names that look made by machine",
	Null:   "every domain that a host asks for is as likely not to exist as those of its peers (binomial)",
	Page:   page,
	Attack: []string{"T1568.002"},
	Params: []detect.Param{
		{Name: "min_missing", Default: 12, Min: 2, Max: 1e9, Doc: "domains that do not exist below which a host is not judged"},
		{Name: "usual_share", Default: 0.1, Min: 0.001, Max: 1, Doc: "least share of a host's domains that may miss by typing errors and the like"},
		{Name: "min_peers", Default: 5, Min: 1, Max: 1e6, Doc: "other hosts with questions that must be there for a comparison with their share"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	now, err := read(ctx, c.Test)
	if err != nil || now.questions.Seen == 0 {
		return detect.Verdict{Void: dnsname.Void}, err
	}
	before, err := readBase(ctx, c.Base)
	if err != nil {
		return detect.Verdict{}, err
	}
	usual := max(now.usual(int(c.Param("min_peers"))), c.Param("usual_share"))
	var findings []finding.Finding
	var clients []netip.Addr
	tests, judged := 0, 0
	for _, a := range now.inOrder() {
		why := now.notJudged(c, a)
		if why == "" {
			tests++
			why = tooFew(c, a)
		}
		if why != "" {
			c.Explain(a.client, detect.Line{What: "domains that do not exist", Value: float64(a.missing), Threshold: c.Param("min_missing"), Why: why})
			continue
		}
		judged++
		f := describe(a, usual, before)
		explain(c, a, f)
		if f.Severity >= finding.Low {
			findings, clients = append(findings, f), append(clients, a.client)
		}
	}
	pairs, err := dnsname.Servers(ctx, c.Test, clients)
	for i := range findings {
		findings[i].Pairs = pairs[findings[i].SrcIP]
	}
	return detect.Verdict{Findings: findings, Tests: tests, Looked: fmt.Sprintf("%d of %d hosts with questions: those with %s domains or more that do not exist; usual share %s %%",
		judged, len(now.askers), words.Number(c.Param("min_missing")), words.Number(100*usual))}, err
}

// notJudged tells why the questions of a host say nothing.
func (q *questions) notJudged(c *detect.Case, a *asker) string {
	switch {
	case !c.Test.Judged(a.client):
		return "it is not of the network"
	case len(q.askers) > 1 && c.Test.Network.Is(a.client, detect.Resolver):
		return "it is a resolver: it asks for others"
	}
	return ""
}

// tooFew tells that a host's missing domains are too few to matter, whatever their chance; it counts as tested.
func tooFew(c *detect.Case, a *asker) string {
	if float64(a.missing) < c.Param("min_missing") {
		return "too few domains do not exist"
	}
	return ""
}

// chance is how likely so many domains or more of a host are missing, if each is with the usual chance.
func (a *asker) chance(usual float64) float64 { return stat.BinomialUpper(a.missing, a.domains, usual) }
