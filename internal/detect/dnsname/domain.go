// Package dnsname folds what clients ask the DNS into the domains that somebody registered.
package dnsname

import (
	"cmp"
	"context"
	"iter"
	"math"
	"net/netip"
	"slices"
	"strings"

	"sentinel/internal/engine"
)

// Void is what a detector says that finds no questions: formats of flows have none, and a capture may have caught none.
const Void = "no input tells what was asked of the DNS: packet captures with questions, Zeek's dns.log and Suricata's eve.json do"

// MostClients is how many clients of one domain are told apart, at about 500 bytes each. What more clients ask for is
// everybody's.
const MostClients = 4096

// Domain is what clients asked below one registered domain.
type Domain struct {
	Name    string
	Uses    []Use // by client
	Crowded bool  // there were more than MostClients
}

// Use is what one client asked below one registered domain.
type Use struct {
	Client      netip.Addr
	Names       int64 // distinct ones
	Lookups     int64
	Missing     int64 // lookups of names that do not exist
	Unanswered  int64
	Bulky       int64 // lookups for records of engine.BulkyTypes
	First       int64 // microseconds since the epoch
	Last        int64
	UpBytes     int64
	DownBytes   int64
	Information int64  // bytes of distinct labels below the domain
	Plain       int64  // names that carry nothing of the client's: addresses in reverse, names with a search suffix
	Example     string // the first name that carries most
	previous    string // labels below the domain of the name before
	longest     int
	letters     [symbols]int64
}

// symbols are the letters, the digits, the hyphen, and all else.
const symbols = 26 + 10 + 2

// Questions are what clients asked the DNS.
type Questions struct {
	engine.Engine
	Seen int64 // clients and names that Domains went through; 0 after it: the input tells no questions
}

// Domains has an element per registered domain, in the order in which the rollup of queries ends with each. Names that
// nobody can register are left out (Split).
func (q *Questions) Domains(ctx context.Context) iter.Seq2[*Domain, error] {
	return func(yield func(*Domain, error) bool) {
		var open nest
		for query, err := range q.Queries(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			q.Seen++
			domain, below, ok := Split(query.Name)
			if !ok {
				continue
			}
			for closed := open.leave(query.Name); closed != nil; closed = open.leave(query.Name) {
				if !yield(closed.done(), nil) {
					return
				}
			}
			open.enter(domain).add(query, below)
		}
		for i := len(open) - 1; i >= 0; i-- {
			if !yield(open[i].done(), nil) {
				return
			}
		}
	}
}

// nest are the domains that are not yet complete, each below the one before: amazonaws.com is registered, and so is
// what lies below s3.amazonaws.com, a public suffix. A name has 127 labels at most, so they are few.
type nest []*gathering

// gathering is a domain while its names come.
type gathering struct {
	Domain
	at map[netip.Addr]int // in Uses
}

// leave closes the innermost domain that the name does not lie in.
func (n *nest) leave(name string) *gathering {
	last := len(*n) - 1
	if last < 0 || within(name, (*n)[last].Name) {
		return nil
	}
	closed := (*n)[last]
	*n = (*n)[:last]
	return closed
}

func within(name, domain string) bool {
	rest, ok := strings.CutSuffix(name, domain)
	return ok && (rest == "" || rest[len(rest)-1] == '.')
}

func (n *nest) enter(domain string) *gathering {
	if last := len(*n) - 1; last >= 0 && (*n)[last].Name == domain {
		return (*n)[last]
	}
	opened := &gathering{Domain: Domain{Name: domain}, at: map[netip.Addr]int{}}
	*n = append(*n, opened)
	return opened
}

func (g *gathering) done() *Domain {
	slices.SortFunc(g.Uses, func(a, b Use) int { return a.Client.Compare(b.Client) })
	return &g.Domain
}

func (g *gathering) add(q engine.Query, below string) {
	i, known := g.at[q.Client]
	if !known {
		if len(g.Uses) == MostClients {
			g.Crowded = true
			return
		}
		i = len(g.Uses)
		g.at[q.Client] = i
		g.Uses = append(g.Uses, Use{Client: q.Client, First: q.First, Last: q.Last})
	}
	g.Uses[i].add(q, below)
}

func (u *Use) add(q engine.Query, below string) {
	u.Names++
	u.Lookups += q.Lookups
	u.Missing += q.Missing
	u.Unanswered += q.Unanswered
	u.Bulky += q.Bulky
	u.First, u.Last = min(u.First, q.First), max(u.Last, q.Last)
	u.UpBytes += q.UpBytes
	u.DownBytes += q.DownBytes
	if spellsAddress(below) || q.Missing == q.Lookups && publicName(below) {
		u.Plain++
		return
	}
	carried := u.weigh(fresh(below, u.previous))
	u.previous = below
	u.Information += int64(carried)
	if carried > u.longest || u.Example == "" {
		u.longest, u.Example = carried, q.Name
	}
}

// fresh are the labels that the name before did not have: since names come by their labels from the last to the first,
// no earlier name had them either.
func fresh(below, previous string) string {
	same := 0
	for same < min(len(below), len(previous)) && below[len(below)-1-same] == previous[len(previous)-1-same] {
		same++
	}
	switch {
	case same == len(below):
		return "" // it is the one before, or a domain above it
	case same == len(previous) && below[len(below)-1-same] == '.':
		return below[:len(below)-1-same]
	}
	if dot := strings.IndexByte(below[len(below)-same:], '.'); dot >= 0 {
		return below[:len(below)-same+dot]
	}
	return below
}

// weigh counts the bytes of labels, without dots; an escaped byte is one (RFC 1035, 5.1).
func (u *Use) weigh(labels string) int {
	bytes := 0
	for i := 0; i < len(labels); i++ {
		c := labels[i]
		if c == '.' {
			continue
		}
		if c == '\\' {
			i += escaped(labels[i+1:])
		}
		bytes++
		u.letters[symbol(c)]++
	}
	return bytes
}

// escaped is how many bytes of a spelling follow a backslash.
func escaped(rest string) int {
	if rest != "" && rest[0] >= '0' && rest[0] <= '9' {
		return 3
	}
	return 1
}

func symbol(c byte) int {
	switch {
	case c >= 'a' && c <= 'z':
		return int(c - 'a')
	case c >= '0' && c <= '9':
		return 26 + int(c-'0')
	case c == '-':
		return 36
	}
	return 37
}

// Entropy is the Shannon entropy of the labels' letters, in bits: 4 for random hexadecimal digits, 5 for base32.
func (u *Use) Entropy() float64 {
	bits, sum := 0.0, 0.0
	for _, n := range u.letters {
		sum += float64(n)
	}
	for _, n := range u.letters {
		if n > 0 {
			bits -= float64(n) / sum * math.Log2(float64(n)/sum)
		}
	}
	return bits
}

// Unique is the share of the lookups that ask for a name for the first time: 1 in tunnels, near 0 where names are used.
func (u *Use) Unique() float64 { return float64(u.Names) / float64(cmp.Or(u.Lookups, 1)) }
