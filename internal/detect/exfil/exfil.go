// Package exfil finds uploads that stand out.
package exfil

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
)

//go:embed exfil.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:     "exfil",
	Title:  "Exfiltration",
	Finds:  "uploads that stand out: against the host's peers, its own hours, its baseline, and to new destinations",
	Null:   "rule: robust z of log(1 + bytes up to one network) among hosts of the same role, weighed by direction, rarity and novelty",
	Page:   page,
	Attack: []string{"T1048", "T1041", "T1567"},
	Params: []detect.Param{
		{Name: "min_bytes", Default: 1e6, Min: 1, Max: 1e15, Doc: "bytes to one network below which an upload is not judged"},
		{Name: "min_z", Default: 3.5, Min: 0, Max: 100, Doc: "least robust z, of the strongest test"},
		{Name: "min_peers", Default: 5, Min: 2, Max: 1e6, Doc: "hosts that must upload for a comparison among them"},
		{Name: "alone_bytes", Default: 1e8, Min: 1, Max: 1e15, Doc: "bytes of an upload that count by themselves where a host has too few peers"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	book, err := keepBook(ctx, c.Test, c.Param("min_bytes"))
	if err != nil {
		return detect.Verdict{}, err
	}
	looked := fmt.Sprintf("%d uploads of %s or more to one network, by %d hosts", len(book.large), words.Bytes(c.Param("min_bytes")), len(book.hosts))
	explainSmall(c, book)
	if len(book.large) == 0 {
		return detect.Verdict{Looked: looked}, nil
	}
	past, err := recall(ctx, c, book)
	if err != nil {
		return detect.Verdict{}, err
	}
	clock, err := readHours(ctx, c.Test, book)
	if err != nil {
		return detect.Verdict{}, err
	}
	peers := peersOf(book, past, int(c.Param("min_peers")))
	var findings []finding.Finding
	for _, u := range book.large {
		tests := peers.tests(u, past, c.Param("alone_bytes"))
		f := describe(c, u, tests, weights(c, book, u, past, clock))
		fired := strongest(tests).z >= c.Param("min_z") && f.Severity >= finding.Low
		explain(c, u, tests, f, fired)
		if fired {
			findings = append(findings, f)
		}
	}
	findings = group(findings)
	for i, f := range findings {
		findings[i].Exhibits = []finding.Exhibit{book.ranking(f)}
	}
	return detect.Verdict{Findings: findings, Looked: looked}, nil
}

// explain tells of every test of an upload, and what it weighs in the end.
func explain(c *detect.Case, u upload, tests []test, f finding.Finding, fired bool) {
	if !c.Asked(u.SrcIP) {
		return
	}
	where := "upload to " + words.Destination(u.Channel)
	for _, t := range tests {
		c.Explain(u.SrcIP, detect.Line{What: where + ": z, " + t.name, Value: t.z, Threshold: c.Param("min_z"), Why: words.Bytes(u.up) + ", " + t.text})
	}
	reasons := make([]string, 0, len(f.Modifiers))
	for _, m := range f.Modifiers {
		reasons = append(reasons, fmt.Sprintf("%+.2f %s", m.Delta, m.Reason))
	}
	c.Explain(u.SrcIP, detect.Line{What: where + ": score", Value: f.Score, Threshold: 0.2, Fired: fired, Why: strings.Join(reasons, "; ")})
}

// explainSmall tells of a host that uploaded nothing worth judging.
func explainSmall(c *detect.Case, book *book) {
	for src, host := range book.hosts {
		if !c.Asked(src) || slices.ContainsFunc(book.large, func(u upload) bool { return u.SrcIP == src }) {
			continue
		}
		c.Explain(src, detect.Line{What: "largest upload to one network, bytes", Value: host.most, Threshold: c.Param("min_bytes"),
			Why: "no upload to one network outside is large enough to be judged"})
	}
}
