package volumeshift

import (
	"context"
	"fmt"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

// part is a service or an hour, and what each host had of it in the baseline and the capture.
type part struct {
	name        string
	doing       string // "tcp 443 carries", "the hour from 3 to 4 carries"
	before, now map[netip.Addr]float64
	first, last int64
}

// services are those of both captures that enough hosts use.
func services(c *detect.Case, hosts []netip.Addr, before, now *volumes) []part {
	var parts []part
	for name, volumes := range now.services {
		if before.services[name] == nil {
			continue // a new service is a new destination
		}
		p := part{name: name, doing: name + " carries", before: map[netip.Addr]float64{}, now: map[netip.Addr]float64{}, first: c.Test.First, last: c.Test.Last}
		for _, host := range hosts {
			if a, b := before.services[name][host], volumes[host]; a > 0 || b > 0 {
				p.before[host], p.now[host] = a*longer(c), b
			}
		}
		parts = append(parts, p)
	}
	slices.SortFunc(parts, func(a, b part) int {
		if a.name < b.name {
			return -1
		}
		return 1
	})
	return parts
}

const dayHours = 24

// clock are volumes by hour of the day, and on how many days each hour was seen.
type clock struct {
	bytes [dayHours]map[netip.Addr]float64
	days  [dayHours]map[int64]bool
}

func clockOf(ctx context.Context, scene *detect.Scene) (*clock, error) {
	k := &clock{}
	for i := range dayHours {
		k.bytes[i], k.days[i] = map[netip.Addr]float64{}, map[int64]bool{}
	}
	for row, err := range scene.HostHours(ctx, 0) {
		if err != nil {
			return nil, err
		}
		const hour = 3600e6
		at := ((row.Hour/hour)%dayHours + dayHours) % dayHours
		k.days[at][row.Hour/hour/dayHours] = true
		if scene.Judged(row.SrcIP) {
			k.bytes[at][row.SrcIP] += float64(row.UpBytes + row.DownBytes)
		}
	}
	return k, nil
}

// hours are the hours of the day that both captures have, per day of each.
func hours(ctx context.Context, c *detect.Case) ([]part, error) {
	before, err := clockOf(ctx, c.Base)
	if err != nil {
		return nil, err
	}
	now, err := clockOf(ctx, c.Test)
	if err != nil {
		return nil, err
	}
	var parts []part
	for i := range dayHours {
		if len(before.days[i]) == 0 || len(now.days[i]) == 0 {
			continue
		}
		p := part{
			name: fmt.Sprintf("hour %d", i), doing: fmt.Sprintf("the hour from %d to %d (UTC) carries", i, i+1),
			before: map[netip.Addr]float64{}, now: map[netip.Addr]float64{}, first: c.Test.First, last: c.Test.Last,
		}
		days := float64(len(now.days[i])) / float64(len(before.days[i]))
		for host, bytes := range before.bytes[i] {
			p.before[host] = bytes * days
		}
		for host, bytes := range now.bytes[i] {
			p.now[host] = bytes
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// collective judges the parts: most hosts must have changed one way, and all of them without the one that did
// most by the ratio. As many hosts rise as fall by chance.
func collective(c *detect.Case, parts []part, verdict *detect.Verdict) []finding.Finding {
	var found []finding.Finding
	for _, p := range parts {
		t := p.tally()
		if t.rose+t.fell < int64(c.Param("min_hosts")) {
			continue
		}
		verdict.Tests++
		most := max(t.rose, t.fell)
		ratio := (t.now + smallest) / (t.before + smallest)
		if float64(most) < c.Param("collective")*float64(t.rose+t.fell) || (ratio > 1) != (t.rose > t.fell) ||
			math.Abs(math.Log(ratio)) < math.Log(c.Param("min_ratio")) || math.Abs(t.now-t.before) < c.Param("min_bytes") {
			continue
		}
		found = append(found, p.describe(t, ratio, min(1, 2*stat.BinomialUpper(most, t.rose+t.fell, 0.5))))
	}
	return found
}

// tally is how a part changed, the host with the largest change left out of the sums.
type tally struct {
	rose, fell  int64
	before, now float64
}

func (p part) tally() tally {
	var t tally
	var largest float64
	var of netip.Addr
	for _, host := range p.hosts() {
		change := p.now[host] - p.before[host]
		if change > 0 {
			t.rose++
		} else if change < 0 {
			t.fell++
		}
		if math.Abs(change) > largest {
			largest, of = math.Abs(change), host
		}
		t.before, t.now = t.before+p.before[host], t.now+p.now[host]
	}
	t.before, t.now = t.before-p.before[of], t.now-p.now[of]
	return t
}

// hosts lists those with anything, in their order, so that sums come out the same.
func (p part) hosts() []netip.Addr {
	var hosts []netip.Addr
	for host := range p.before {
		hosts = append(hosts, host)
	}
	for host := range p.now {
		if _, known := p.before[host]; !known {
			hosts = append(hosts, host)
		}
	}
	slices.SortFunc(hosts, netip.Addr.Compare)
	return hosts
}

func (p part) describe(t tally, ratio, chance float64) finding.Finding {
	f := finding.Finding{
		ID: finding.Key("volume-shift", p.name), PValue: chance, DstPort: -1, First: p.first, Last: p.last,
		Title: fmt.Sprintf("%s %s, %s", p.doing, words.Bytes(t.now), times(ratio)),
		Explanation: fmt.Sprintf("%d hosts have more and %d less than in the baseline (chance %.1g if neither were likelier); together, the one that changed most left "+
			"out, %s after %s. This is the network's doing, not one host's.", t.rose, t.fell, chance, words.Bytes(t.now), words.Bytes(t.before)),
		Remedy: "it stops being a finding when the baseline is of such a day; compare working days with working days",
		Evidence: []finding.Evidence{
			{Name: "ratio", Value: ratio, Text: times(ratio)},
			{Name: "hosts_up", Value: float64(t.rose), Text: fmt.Sprint(t.rose)},
			{Name: "hosts_down", Value: float64(t.fell), Text: fmt.Sprint(t.fell)},
			{Name: "bytes", Value: t.now, Text: words.Bytes(t.now)},
			{Name: "baseline_bytes", Value: t.before, Text: words.Bytes(t.before)},
		},
	}
	f.Weigh(0.3)
	return f
}
