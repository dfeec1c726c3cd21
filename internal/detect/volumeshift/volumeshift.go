// Package volumeshift finds hosts, services and hours whose volume left the baseline.
package volumeshift

import (
	"context"
	_ "embed"
	"fmt"
	"math"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
)

//go:embed volumeshift.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:       "volume-shift",
	Title:    "Volumes that changed",
	Finds:    "hosts whose volume left the baseline further than the others' did, and services and hours whose volume did for most hosts",
	Null:     "hosts: the log ratio to the baseline scatters as all hosts' do; services and hours: as many hosts rise as fall (sign test)",
	Page:     page,
	Attack:   []string{"T1048"},
	Relative: true,
	Params: []detect.Param{
		{Name: "min_ratio", Default: 2, Min: 1, Max: 1e6, Doc: "times the baseline's volume, up or down, below which no change counts"},
		{Name: "min_z", Default: 3.5, Min: 1, Max: 100, Doc: "robust deviations from the other hosts' changes"},
		{Name: "min_bytes", Default: 1e6, Min: 0, Max: 1e15, Doc: "bytes by which a volume must have changed"},
		{Name: "min_hosts", Default: 8, Min: 4, Max: 1e6, Doc: "hosts in both captures below which changes cannot be compared"},
		{Name: "one_server", Default: 0.5, Min: 0, Max: 1, Doc: "share of a change due to one server from which on it is that server's, and weighs little"},
		{Name: "collective", Default: 0.7, Min: 0.5, Max: 1, Doc: "share of the hosts that must change the same way for a service or an hour to have changed"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	before, err := read(ctx, c.Base)
	if err != nil {
		return detect.Verdict{}, err
	}
	now, err := read(ctx, c.Test)
	if err != nil {
		return detect.Verdict{}, err
	}
	hosts := common(before, now)
	if len(hosts) < int(c.Param("min_hosts")) {
		return detect.Verdict{Void: fmt.Sprintf("only %d hosts are in both captures, fewer than %.0f", len(hosts), c.Param("min_hosts"))}, nil
	}
	verdict := detect.Verdict{}
	shifts := shiftsOf(c, hosts, before, now, &verdict)
	if err := attribute(ctx, c, shifts); err != nil {
		return verdict, err
	}
	for _, s := range shifts {
		f := describe(c, s)
		f.Exhibits = []finding.Exhibit{ranking(c, s, hosts, before, now)}
		verdict.Findings = append(verdict.Findings, f)
	}
	verdict.Findings = append(verdict.Findings, collective(c, services(c, hosts, before, now), &verdict)...)
	hours, err := hours(ctx, c)
	if err != nil {
		return verdict, err
	}
	verdict.Findings = append(verdict.Findings, collective(c, hours, &verdict)...)
	verdict.Looked = fmt.Sprintf("%d hosts in both captures, their volumes up and down, %d services and %d hours", len(hosts), len(services(c, hosts, before, now)), len(hours))
	return verdict, nil
}

// longer is how many times as long the capture is as the baseline. Captures of the same length but for the edges
// count as the same.
func longer(c *detect.Case) float64 {
	ratio := c.Test.Seconds() / c.Base.Seconds()
	if math.Abs(math.Log(ratio)) < 0.1 {
		return 1
	}
	return ratio
}
