// Package bruteforce finds hosts that try password after password at a login service.
package bruteforce

import (
	"context"
	_ "embed"
	"fmt"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
)

//go:embed bruteforce.md
var page string

// Detector is the value that the catalog lists.
var Detector = detect.Detector{
	ID:     "brute-force",
	Title:  "Brute force",
	Finds:  "many short, alike connections to a login service, at one address or sprayed over many, and the one that then stays",
	Null:   "rule: connections of one size, more within half an hour than people and pollers make",
	Page:   page,
	Attack: []string{"T1110"},
	Params: []detect.Param{
		{Name: "min_attempts", Default: 20, Min: 5, Max: 1e6, Doc: "alike connections within half an hour, from which on they may be attempts"},
		{Name: "max_bytes", Default: 10_000, Min: 100, Max: 1e9, Doc: "bytes either way above which a connection is no failed attempt"},
		{Name: "max_spread", Default: 0.3, Min: 0.01, Max: 2, Doc: "how much larger the largest of alike connections is than the smallest, as a share"},
		{Name: "min_alike", Default: 0.7, Min: 0.1, Max: 1, Doc: "share of the host's connections to the service meanwhile that must be alike"},
		{Name: "success_factor", Default: 4, Min: 1.5, Max: 1000, Doc: "times the size of an attempt from which on a later connection is one that got in"},
	},
	Judge: judge,
}

func judge(ctx context.Context, c *detect.Case) (detect.Verdict, error) {
	verdict := detect.Verdict{}
	services, err := servicesOf(ctx, c)
	if err != nil {
		return verdict, err
	}
	users := 0
	for _, service := range services {
		found, looked, err := judgeService(ctx, c, service)
		if err != nil {
			return verdict, err
		}
		users += looked
		verdict.Findings = append(verdict.Findings, found...)
	}
	verdict.Looked = fmt.Sprintf("%d hosts with %.0f connections or more to one of %d login services in use", users, c.Param("min_attempts"), len(services))
	return verdict, nil
}

// judgeService judges all who use a service much.
func judgeService(ctx context.Context, c *detect.Case, service login) (findings []finding.Finding, looked int, err error) {
	users, err := usersOf(ctx, c.Test, service, c.Param("min_attempts"))
	if err != nil || len(users) == 0 {
		return nil, 0, err
	}
	before := map[netip.Addr]int64{}
	if c.Base != nil {
		if before, err = usersOf(ctx, c.Base, service, 1); err != nil {
			return nil, 0, err
		}
	}
	noise := crowd{service: service}
	err = eachUser(ctx, c.Test, service, users, func(src netip.Addr, all []connection) {
		e, ok := episodeOf(c, src, service, all)
		if !ok {
			return
		}
		e.peers = equals(users, src, int64(len(e.attempts)))
		e.before = before[src]
		if f := describe(c, service, e); c.Test.Judged(src) || e.success != nil {
			findings = append(findings, f)
		} else {
			noise.add(f, e)
		}
	})
	return append(findings, noise.findings()...), len(users), err
}

// equals counts the other users of a service who connect at least half as often.
func equals(users map[netip.Addr]int64, src netip.Addr, attempts int64) int64 {
	var count int64
	for other, connections := range users {
		if other != src && 2*connections >= attempts {
			count++
		}
	}
	return count
}

// modifiers weigh who tried, where, and whether that is usual.
func modifiers(c *detect.Case, service login, e *episode) []finding.Modifier {
	var list []finding.Modifier
	add := func(delta float64, reason string, args ...any) {
		list = append(list, finding.Modifier{Delta: delta, Reason: fmt.Sprintf(reason, args...)})
	}
	if e.success != nil {
		add(0.2, "a connection unlike the attempts followed: it may have got in")
	}
	if service.hidden {
		add(-0.1, "no login service is known on the port; the sizes are those of SSH")
	}
	if service.bulk {
		add(-0.25, "programs connect to %s often in ordinary work", service.name)
	}
	if c.Test.Network.Inside(e.src) && c.Test.Network.Popular(e.peers+1) {
		add(-0.4, "%d other hosts connect as often", e.peers)
	}
	if e.clock {
		add(-0.3, "the connections follow a clock, as a monitor's do")
	}
	switch {
	case !c.Test.Judged(e.src) && e.success == nil:
		add(-0.2, "it comes from outside, where every open login service is tried")
	case e.hours >= 12:
		add(-0.2, "it goes on through %d hours, as a program of the network would", e.hours)
	}
	if c.Base == nil {
		return list
	}
	if 2*e.before >= int64(len(e.attempts)) {
		add(-0.5, "it connected %d times in the baseline", e.before)
	} else {
		add(0.05, "it did not in the baseline")
	}
	return list
}
