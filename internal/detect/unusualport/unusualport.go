// Package unusualport finds services used on ports that nobody else uses.
package unusualport

import (
	"context"
	_ "embed"
	"fmt"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
)

//go:embed unusualport.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:     "unusual-port",
	Title:  "Unusual ports",
	Finds:  "an established service on a port that nobody else uses",
	Null:   "rule: ports that at most one host in a hundred uses with success, weighed by use, place and baseline",
	Page:   page,
	Attack: []string{"T1571"},
	Params: []detect.Param{
		{Name: "min_flows", Default: 10, Min: 1, Max: 1e9, Doc: "answered flows below which a port is not judged"},
		{Name: "max_share", Default: 0.01, Min: 0, Max: 1, Doc: "share of the hosts above which a port is usual; one host always passes"},
		{Name: "min_hosts", Default: 10, Min: 1, Max: 1e9, Doc: "hosts below which, without a baseline, no port can be called unusual"},
		{Name: "max_ports", Default: 5, Min: 1, Max: 65_536, Doc: "such ports of one host above which they are taken for ports that programs agree on, as peer-to-peer and passive FTP do"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	if c.Base == nil && float64(c.Test.Network.Hosts) < c.Param("min_hosts") {
		return detect.Verdict{Void: fmt.Sprintf("%d hosts are too few to call a port unusual without a baseline", c.Test.Network.Hosts)}, nil
	}
	ports, err := read(ctx, c)
	if err != nil {
		return detect.Verdict{}, err
	}
	usual, err := portsOf(ctx, c.Base)
	if err != nil {
		return detect.Verdict{}, err
	}
	var findings []finding.Finding
	for _, uses := range byHost(ports) {
		fired := uses[:0:0]
		for _, u := range uses {
			if u.judged(c, usual) {
				fired = append(fired, u)
			}
		}
		findings = append(findings, describe(c, fired, usual)...)
	}
	return detect.Verdict{Findings: findings, Looked: fmt.Sprintf("%d ports that hardly any host uses", len(ports))}, nil
}

// judged tells whether a use is enough of one, and tells explain.
func (u *use) judged(c *detect.Case, usual map[port]bool) bool {
	fired := float64(u.answered) >= c.Param("min_flows")
	why := ""
	if fired && usual[u.port] {
		why = "the baseline has it: it weighs little"
	}
	if c.Asked(u.src) {
		c.Explain(u.src, detect.Line{What: fmt.Sprintf("%s, used by %d hosts: answered flows", u.port, u.hosts), Value: float64(u.answered),
			Threshold: c.Param("min_flows"), Fired: fired, Why: why})
	}
	return fired
}
