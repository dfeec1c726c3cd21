// Package dnstunnel finds information that is carried in the names that hosts ask the DNS for.
package dnstunnel

import (
	"context"
	_ "embed"
	"fmt"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/detect/dnsname"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
)

//go:embed dnstunnel.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:     "dns-tunnel",
	Title:  "DNS tunnels",
	Finds:  "information carried in the names, or in the answers, below one registered domain",
	Null:   "rule: bytes of distinct labels a day below a domain that one client or a few ask, in names that are hardly ever asked twice",
	Page:   page,
	Attack: []string{"T1071.004", "T1048"},
	Params: []detect.Param{
		{Name: "min_bytes", Default: 3_000, Min: 1, Max: 1e15, Doc: "bytes of distinct labels, and of answers that carry, below which a domain is not judged"},
		{Name: "min_names", Default: 30, Min: 1, Max: 1e9, Doc: "distinct names below which a domain is not judged"},
		{Name: "min_unique", Default: 0.25, Min: 0, Max: 1, Doc: "least share of the questions that ask for a new name"},
		{Name: "max_share", Default: 0.2, Min: 0, Max: 1, Doc: "share of the hosts that ask a domain from which on it counts as everybody's; two hosts never are"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	found, err := read(ctx, c)
	if err != nil || found.questions.Seen == 0 {
		return detect.Verdict{Void: dnsname.Void}, err
	}
	if err := found.compare(ctx, c.Base); err != nil {
		return detect.Verdict{}, err
	}
	groups := byClient(found.carriers)
	var clients []netip.Addr
	for _, carriers := range groups {
		clients = append(clients, carriers[0].Client)
	}
	pairs, err := dnsname.Servers(ctx, c.Test, clients)
	if err != nil {
		return detect.Verdict{}, err
	}
	var findings []finding.Finding
	for _, carriers := range groups {
		f, fired := describe(c, carriers)
		if f.Pairs = pairs[f.SrcIP]; fired {
			findings = append(findings, f)
		}
	}
	return detect.Verdict{Findings: findings, Looked: fmt.Sprintf("%s registered domains, %s of them with names that carry something",
		words.Number(float64(found.domains)), words.Number(float64(len(found.carriers))))}, nil
}
