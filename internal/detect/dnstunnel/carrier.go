package dnstunnel

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/detect/dnsname"
)

// carrier is a domain below which a client's names carry something.
type carrier struct {
	dnsname.Use
	domain  string
	clients int // that ask the domain, resolvers left out

	compared bool    // with a baseline that has questions
	before   float64 // bytes a day that a client carried there in the baseline, the most of any; -1: it lacks the domain
}

// mostCarriers bounds what is kept, at about 600 bytes each; a capture with more has names of a kind that this detector knows nothing of.
const mostCarriers = 100_000

// carriers are those of a capture.
type carriers struct {
	questions dnsname.Questions
	carriers  []*carrier
	domains   int // looked at
}

func read(ctx context.Context, c *detect.Case) (*carriers, error) {
	found := carriers{questions: dnsname.Questions{Engine: c.Test}}
	for domain, err := range found.questions.Domains(ctx) {
		if err != nil {
			return nil, err
		}
		found.domains++
		clients := clientsOf(c.Test.Network, domain)
		for _, use := range domain.Uses {
			k := &carrier{Use: use, domain: domain.Name, clients: clients, before: -1}
			if forwards(c.Test.Network, domain, use) || !c.Test.Judged(use.Client) || !k.judged(c) || len(found.carriers) == mostCarriers {
				continue
			}
			found.carriers = append(found.carriers, k)
		}
	}
	return &found, nil
}

// clientsOf counts who asks a domain, without the resolvers that ask for others.
func clientsOf(network *detect.Network, domain *dnsname.Domain) int {
	clients := 0
	for _, use := range domain.Uses {
		if !network.Is(use.Client, detect.Resolver) {
			clients++
		}
	}
	return max(clients, 1)
}

// forwards tells whether a client is a resolver that asks what another client of the capture asked it.
func forwards(network *detect.Network, domain *dnsname.Domain, use dnsname.Use) bool {
	return network.Is(use.Client, detect.Resolver) && slices.ContainsFunc(domain.Uses, func(other dnsname.Use) bool {
		return other.Client != use.Client && !network.Is(other.Client, detect.Resolver) && 2*other.Names >= use.Names
	})
}

// judged tells whether names carry enough, and tells explain.
func (k *carrier) judged(c *detect.Case) bool {
	why := ""
	switch {
	case k.carried() < c.Param("min_bytes"):
		why = "too few bytes"
	case float64(k.Names) < c.Param("min_names"):
		why = "too few names"
	case k.Unique() < c.Param("min_unique"):
		why = "the same names again and again"
	}
	if c.Asked(k.Client) && k.carried() > c.Param("min_bytes")/10 {
		c.Explain(k.Client, detect.Line{What: fmt.Sprintf("names below %s: bytes carried", k.domain), Value: k.carried(),
			Threshold: c.Param("min_bytes"), Fired: why == "", Why: cmp.Or(why, fmt.Sprintf("in %d names, %d questions", k.Names, k.Lookups))})
	}
	return why == ""
}

// header is about what an answer has beside the question and its data: the header and one record's (RFC 1035, 4.1).
const header = 12 + 4 + 12

// answered is what the answers carry, where most are of records that hold data.
func (k *carrier) answered() float64 {
	if k.bulky() < 0.5 {
		return 0
	}
	extra := float64(k.DownBytes - k.UpBytes - header*(k.Lookups-k.Unanswered))
	return max(extra, 0) * k.Unique()
}

func (k *carrier) bulky() float64   { return float64(k.Bulky) / float64(max(k.Lookups, 1)) }
func (k *carrier) carried() float64 { return float64(k.Information) + k.answered() }

// daily is what a client carried a day, in the days between its first and its last question; short times count as a day.
func (k *carrier) daily() float64 { return k.carried() / max(k.seconds()/86_400, 1) }

func (k *carrier) seconds() float64 { return float64(k.Last-k.First) / 1e6 }

// compare looks in the baseline for the domains of the carriers.
func (f *carriers) compare(ctx context.Context, base *detect.Scene) error {
	if base == nil || len(f.carriers) == 0 {
		return nil
	}
	before := map[string][]*carrier{}
	for _, k := range f.carriers {
		before[k.domain] = append(before[k.domain], k)
	}
	questions := dnsname.Questions{Engine: base}
	for domain, err := range questions.Domains(ctx) {
		if err != nil {
			return err
		}
		for _, use := range domain.Uses {
			then := carrier{Use: use}
			for _, k := range before[domain.Name] {
				k.before = max(k.before, then.daily())
			}
		}
	}
	for _, k := range f.carriers {
		k.compared = questions.Seen > 0
	}
	return nil
}

// byClient groups carriers by client, those that carry most first.
func byClient(all []*carrier) [][]*carrier {
	slices.SortStableFunc(all, func(a, b *carrier) int {
		return cmp.Or(a.Client.Compare(b.Client), cmp.Compare(b.daily(), a.daily()), cmp.Compare(a.domain, b.domain))
	})
	var groups [][]*carrier
	for i, k := range all {
		if i == 0 || all[i-1].Client != k.Client {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], k)
	}
	return groups
}
