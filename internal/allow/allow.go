// Package allow reads lists of what is known and harmless, and tells whether a finding is about nothing else.
package allow

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"sentinel/internal/finding"
)

// List is the rules of one or more files.
type List struct{ rules []rule }

// rule allows traffic from src to dst, or where it has but one end, of that end either way.
type rule struct {
	src, dst end
	one      bool   // src is the only end, and stands for either
	port     int64  // -1: any
	proto    string // empty: any
	reason   string
}

// end is one side of a rule: a network, a name with all names below it, or anything.
type end struct {
	network netip.Prefix
	name    string
}

func (e end) any() bool { return !e.network.IsValid() && e.name == "" }

// Read adds the rules of a file, one a line:
//
//	192.0.2.7                       # an address
//	198.51.100.0/24                 # a network
//	backup.example                  # a name, and all names below it
//	10.0.0.5>192.0.2.7:443/tcp      # a channel; * stands for any end, and port and protocol may be left out
//	10.0.0.0/8>[2001:db8::7]:443    # IPv6 with a port stands in brackets
//
// What follows a # is the reason. The error names the first line that is none of these; no rule of the file counts then.
func (l *List) Read(name string, from io.Reader) error {
	var rules []rule
	lines := bufio.NewScanner(from)
	for number := 1; lines.Scan(); number++ {
		content, reason, _ := strings.Cut(lines.Text(), "#")
		content = strings.Join(strings.Fields(strings.TrimPrefix(content, "\ufeff")), "")
		if content == "" {
			continue
		}
		r, err := parse(content)
		if err != nil {
			return fmt.Errorf("allow-list %s, line %d: %w", name, number, err)
		}
		if r.reason = strings.TrimSpace(reason); r.reason == "" {
			r.reason = fmt.Sprintf("%s, line %d", name, number)
		}
		rules = append(rules, r)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("allow-list %s: %w", name, err)
	}
	l.rules = append(l.rules, rules...)
	return nil
}

// Rules is how many rules the list has.
func (l *List) Rules() int { return len(l.rules) }

// Allowed tells whether rules cover all that a finding is about, and gives their reasons. A finding about several
// hosts or servers is not allowed while one of them is not: what is left is news.
func (l *List) Allowed(f finding.Finding) (reason string, ok bool) {
	pairs := f.Pairs
	if len(pairs) == 0 {
		pairs = pairsOf(f)
	}
	var reasons []string
	said := map[string]bool{}
	for _, pair := range pairs {
		r := l.covering(f, pair)
		if r == nil {
			return "", false
		}
		if !said[r.reason] {
			said[r.reason] = true
			reasons = append(reasons, r.reason)
		}
	}
	return strings.Join(reasons, "; "), len(pairs) > 0
}

// pairsOf takes a finding without pairs for one about its hosts.
func pairsOf(f finding.Finding) []finding.Pair {
	hosts := f.Hosts
	if len(hosts) == 0 {
		hosts = []netip.Addr{f.SrcIP}
	}
	var pairs []finding.Pair
	for _, host := range hosts {
		if host.IsValid() || f.DstIP.IsValid() {
			pairs = append(pairs, finding.Pair{SrcIP: host, DstIP: f.DstIP})
		}
	}
	return pairs
}

func (l *List) covering(f finding.Finding, pair finding.Pair) *rule {
	for i := range l.rules {
		if l.rules[i].covers(f, pair) {
			return &l.rules[i]
		}
	}
	return nil
}

func (r rule) covers(f finding.Finding, pair finding.Pair) bool {
	if r.one {
		return r.src.matches(f, pair.SrcIP) || r.src.matches(f, pair.DstIP)
	}
	return r.src.matches(f, pair.SrcIP) && r.dst.matches(f, pair.DstIP) &&
		(r.port < 0 || r.port == f.DstPort) && (r.proto == "" || strings.EqualFold(r.proto, f.Proto))
}

// matches tells whether an end is what a rule says. A name is looked for in what the finding tells, and so stands
// only for a finding about one server.
func (e end) matches(f finding.Finding, address netip.Addr) bool {
	switch {
	case e.any():
		return true
	case e.name != "":
		return address.IsValid() && address == f.DstIP && tells(f, e.name)
	}
	return address.IsValid() && e.network.Contains(address.Unmap())
}

// tells tells whether the title of a finding has a name, or one below it.
func tells(f finding.Finding, name string) bool {
	for _, word := range strings.FieldsFunc(strings.ToLower(f.Title), notInNames) {
		word = strings.Trim(word, ".")
		if word == name || strings.HasSuffix(word, "."+name) {
			return true
		}
	}
	return false
}

func notInNames(r rune) bool {
	letter, digit := r >= 'a' && r <= 'z', r >= '0' && r <= '9'
	return !letter && !digit && !strings.ContainsRune("-_.", r)
}
