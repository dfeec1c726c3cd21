package bruteforce

import (
	"fmt"
	"math"
	"net/netip"
	"time"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
)

// describe turns an episode into a finding.
func describe(c *detect.Case, service login, e *episode) finding.Finding {
	count := len(e.attempts)
	f := finding.Finding{
		ID: finding.Key("brute-force", e.src, service.port), PValue: math.NaN(),
		SrcIP: e.src, DstPort: service.port, Proto: "tcp", Hosts: []netip.Addr{e.src},
		First: e.attempts[0].start, Last: e.attempts[count-1].start,
		Title: e.title(service),
		Explanation: fmt.Sprintf("%d connections of about %.0f bytes, no two of them more than %.0f %% apart in size, %.3g a minute; %d fall into half an hour (threshold %.0f), "+
			"and %.0f %% of its connections to the service were such then. People do not log in that often, and who works there moves more data.",
			count, e.size, 100*c.Param("max_spread"), e.perMinute(), e.busiest, c.Param("min_attempts"), 100*e.alike),
		Remedy: "it stops being a finding when the connections become fewer or differ in size; allow the host if it is a monitor or deploys software",
		Evidence: []finding.Evidence{
			{Name: "attempts", Value: float64(count), Text: fmt.Sprint(count)},
			{Name: "attempts_in_half_an_hour", Value: float64(e.busiest), Text: fmt.Sprint(e.busiest)},
			{Name: "attempts_a_minute", Value: e.perMinute(), Text: fmt.Sprintf("%.3g", e.perMinute())},
			{Name: "bytes_of_attempt", Value: e.size, Text: fmt.Sprintf("%.0f, the median", e.size)},
			{Name: "alike_share", Value: e.alike, Text: fmt.Sprintf("%.0f %%", 100*e.alike)},
			{Name: "targets", Value: float64(len(e.targets)), Text: fmt.Sprint(len(e.targets))},
		},
	}
	for _, target := range e.targets {
		f.Pairs = append(f.Pairs, finding.Pair{SrcIP: e.src, DstIP: target})
	}
	if len(e.targets) == 1 {
		f.DstIP = e.targets[0]
	}
	if e.success != nil {
		f.Last = max(f.Last, e.success.start)
		f.Evidence = append(f.Evidence, finding.Evidence{Name: "bytes_of_success", Value: e.success.size(),
			Text: fmt.Sprintf("%.0f, to %s at %s UTC", e.success.size(), e.success.dst, time.UnixMicro(e.success.start).UTC().Format(time.TimeOnly))})
	}
	f.Weigh(0.5+0.12*math.Log10(max(float64(count)/c.Param("min_attempts"), 1)), modifiers(c, service, e)...)
	return f
}

func (e *episode) title(service login) string {
	where := e.targets[0].String()
	if len(e.targets) > 1 {
		where = fmt.Sprintf("%d addresses", len(e.targets))
	}
	title := fmt.Sprintf("%s tried to log in %d times at %s by %s", e.src, len(e.attempts), where, service)
	switch {
	case e.success == nil:
		return title
	case len(e.targets) == 1:
		return title + ", and may have got in"
	}
	return title + fmt.Sprintf(", and may have got in at %s", e.success.dst)
}

// crowd are hosts outside that try one service without success: one phenomenon.
type crowd struct {
	service  login
	members  []finding.Finding
	attempts int
}

func (w *crowd) add(f finding.Finding, e *episode) {
	w.members = append(w.members, f)
	w.attempts += len(e.attempts)
}

const mostHosts = 4096 // named in a finding

// findings tells of the crowd by its busiest member.
func (w *crowd) findings() []finding.Finding {
	if len(w.members) == 0 {
		return nil
	}
	all := w.members[0]
	for _, f := range w.members[1:] {
		if f.Score > all.Score {
			all = f
		}
	}
	if len(w.members) == 1 {
		return []finding.Finding{all}
	}
	busiest := all.SrcIP
	all.ID = finding.Key("brute-force", "outside", w.service.port)
	all.SrcIP, all.DstIP, all.Hosts, all.Pairs = netip.Addr{}, netip.Addr{}, nil, nil
	all.Title = fmt.Sprintf("%d hosts outside tried to log in %d times by %s", len(w.members), w.attempts, w.service)
	all.Explanation = fmt.Sprintf("None got in, as far as sizes tell. Most was tried by %s: %s", busiest, all.Explanation)
	for _, f := range w.members {
		all.First, all.Last = min(all.First, f.First), max(all.Last, f.Last)
		if len(all.Hosts) < mostHosts {
			all.Hosts, all.Pairs = append(all.Hosts, f.SrcIP), append(all.Pairs, f.Pairs...)
		}
	}
	all.Evidence = append(all.Evidence, finding.Evidence{Name: "sources", Value: float64(len(w.members)), Text: fmt.Sprint(len(w.members))})
	return []finding.Finding{all}
}
