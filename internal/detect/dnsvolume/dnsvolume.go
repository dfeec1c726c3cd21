// Package dnsvolume finds hosts whose DNS volume is out of line.
package dnsvolume

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
)

//go:embed dnsvolume.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:     "dns-volume",
	Title:  "DNS volume",
	Finds:  "DNS volume of a host out of line with its peers or its baseline, all day or in one hour (no names needed)",
	Null:   "rule: robust z of ln(1 + bytes asked) among the hosts, and of its growth since the baseline",
	Page:   page,
	Attack: []string{"T1071.004", "T1048"},
	Params: []detect.Param{
		{Name: "min_bytes", Default: 50_000, Min: 1, Max: 1e15, Doc: "bytes of questions below which a host is not judged"},
		{Name: "min_z", Default: 3.5, Min: 0, Max: 100, Doc: "least robust z, of the strongest test"},
		{Name: "min_peers", Default: 5, Min: 2, Max: 1e6, Doc: "hosts that must ask for a comparison among them"},
		{Name: "max_servers", Default: 50, Min: 1, Max: 1e9, Doc: "answering DNS servers above which a host counts as a resolver itself"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	now, err := read(ctx, c.Test, int64(c.Param("max_servers")))
	if err != nil {
		return detect.Verdict{}, err
	}
	var before *questions
	if c.Base != nil {
		if before, err = read(ctx, c.Base, int64(c.Param("max_servers"))); err != nil {
			return detect.Verdict{}, err
		}
	}
	usual := usualOf(now, before, c.Test.Seconds(), c.Base, int(c.Param("min_peers")))
	var findings []finding.Finding
	judged := 0
	for _, src := range now.order {
		a := now.askers[src]
		if reason := now.notJudged(c, a); reason != "" {
			c.Explain(src, detect.Line{What: "DNS questions, bytes", Value: a.up, Threshold: c.Param("min_bytes"), Why: reason})
			continue
		}
		judged++
		tests := usual.tests(a)
		f := describe(c, a, usual, tests)
		fired := strongest(tests).z >= c.Param("min_z") && f.Severity >= finding.Low
		explain(c, a, tests, f, fired)
		if fired {
			f.Exhibits = now.exhibits(a)
			findings = append(findings, f)
		}
	}
	return detect.Verdict{Findings: findings, Looked: fmt.Sprintf("%d hosts that asked %s or more", judged, words.Bytes(c.Param("min_bytes")))}, nil
}

// notJudged tells why the questions of a host say nothing.
func (q *questions) notJudged(c *detect.Case, a *asker) string {
	switch {
	case a.resolver:
		return "it is a resolver: it asks for others"
	case !q.oneSided && a.answered < a.flows/2:
		return "most of its questions went unanswered: that is a scan or a broken resolver, and no traffic"
	case a.up < c.Param("min_bytes"):
		return "it asked too little to be judged"
	}
	return ""
}

// explain tells of every test of a host, and what it weighs in the end.
func explain(c *detect.Case, a *asker, tests []test, f finding.Finding, fired bool) {
	if !c.Asked(a.src) {
		return
	}
	for _, t := range tests {
		c.Explain(a.src, detect.Line{What: "DNS questions: z, " + t.name, Value: t.z, Threshold: c.Param("min_z"), Why: t.text})
	}
	reasons := make([]string, 0, len(f.Modifiers))
	for _, m := range f.Modifiers {
		reasons = append(reasons, fmt.Sprintf("%+.2f %s", m.Delta, m.Reason))
	}
	c.Explain(a.src, detect.Line{What: "DNS questions: score", Value: f.Score, Threshold: 0.2, Fired: fired, Why: strings.Join(reasons, "; ")})
}
