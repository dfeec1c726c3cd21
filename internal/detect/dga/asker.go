package dga

import (
	"context"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/detect/dnsname"
	"sentinel/internal/stat"
)

// Bounds of what is kept: about 1.3 kB for a client, 130 MB at most. More clients than mostClients are not judged; times and
// examples are those of the first names by their letters, which says nothing about when they were asked.
const (
	mostClients  = 100_000
	mostTimes    = 128
	mostExamples = 3
)

// asker is what one client asked, by registered domains.
type asker struct {
	client   netip.Addr
	domains  int64 // asked for, and answered
	missing  int64 // of which no name exists
	lookups  int64 // for those that miss
	bulky    int64 // of them for records other than addresses
	wordlike float64
	first    int64 // microseconds since the epoch
	last     int64
	times    []int64 // when it first asked for domains that miss
	examples []string
}

type questions struct {
	questions dnsname.Questions
	askers    map[netip.Addr]*asker
}

func read(ctx context.Context, scene *detect.Scene) (*questions, error) {
	q := &questions{dnsname.Questions{Engine: scene}, map[netip.Addr]*asker{}}
	for domain, err := range q.questions.Domains(ctx) {
		if err != nil {
			return nil, err
		}
		for _, use := range domain.Uses {
			a := q.askers[use.Client]
			if a == nil {
				if len(q.askers) == mostClients {
					continue
				}
				a = &asker{client: use.Client}
				q.askers[use.Client] = a
			}
			a.add(domain.Name, use)
		}
	}
	return q, nil
}

func readBase(ctx context.Context, base *detect.Scene) (*questions, error) {
	if base == nil {
		return &questions{}, nil
	}
	return read(ctx, base)
}

func (a *asker) add(domain string, use dnsname.Use) {
	if use.Unanswered == use.Lookups {
		return // nobody knows whether it exists
	}
	a.domains++
	if use.Missing == 0 || use.Missing+use.Unanswered < use.Lookups {
		return
	}
	a.missing++
	a.lookups += use.Lookups
	a.bulky += use.Bulky
	a.wordlike += wordlike(dnsname.Label(domain))
	if a.first == 0 {
		a.first = use.First
	}
	a.first, a.last = min(a.first, use.First), max(a.last, use.Last)
	if len(a.times) < mostTimes {
		a.times = append(a.times, use.First)
	}
	if len(a.examples) < mostExamples {
		a.examples = append(a.examples, domain)
	}
}

func (q *questions) inOrder() []*asker {
	all := make([]*asker, 0, len(q.askers))
	for _, a := range q.askers {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b *asker) int { return a.client.Compare(b.client) })
	return all
}

// fewDomains are too few to tell a share of them.
const fewDomains = 10

// usual is the share of the domains that miss at an ordinary host, three spreads above the median; 0 where there are too
// few hosts to tell.
func (q *questions) usual(minPeers int) float64 {
	var shares []float64
	for _, a := range q.inOrder() {
		if a.domains >= fewDomains {
			shares = append(shares, a.share())
		}
	}
	if len(shares) <= minPeers {
		return 0
	}
	robust := stat.RobustOf(shares, 0.005)
	return min(robust.Median+3*robust.Sigma, 1)
}

func (a *asker) share() float64 { return float64(a.missing) / float64(max(a.domains, 1)) }

// burst is the share of the missing domains that were asked for within the busiest ten minutes.
func (a *asker) burst() float64 {
	const window = 600_000_000
	slices.Sort(a.times)
	most, from := 0, 0
	for to := range a.times {
		for a.times[to]-a.times[from] > window {
			from++
		}
		most = max(most, to-from+1)
	}
	return float64(most) / float64(max(len(a.times), 1))
}
