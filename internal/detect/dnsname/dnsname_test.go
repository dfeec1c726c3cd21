package dnsname_test

import (
	"context"
	"iter"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/detect/dnsname"
	"sentinel/internal/engine"
)

func TestSplit(t *testing.T) {
	for name, want := range map[string][2]string{
		"www.example.com":                {"example.com", "www"},
		"example.com":                    {"example.com", ""},
		"a.b.example.co.uk":              {"example.co.uk", "a.b"},
		"bucket.s3.amazonaws.com":        {"bucket.s3.amazonaws.com", ""},
		"www.bako.example":               {"bako.example", "www"},
		`\200\001.t.example.org`:         {"example.org", `\200\001.t`},
		"com":                            {},
		"co.uk":                          {},
		"":                               {},
		".":                              {},
		"wpad":                           {},
		"printer.local":                  {},
		"www.example.com.corp":           {},
		"7.113.0.203.in-addr.arpa":       {},
		"1.0.0.8.b.d.0.1.0.0.2.ip6.arpa": {},
		"a..com":                         {},
	} {
		domain, below, ok := dnsname.Split(name)
		if domain != want[0] || below != want[1] || ok != (want[0] != "") {
			t.Errorf("%q is %q below %q, %t; want %q", name, below, domain, ok, want)
		}
	}
}

// asked is an engine of nothing but questions.
type asked struct {
	engine.Engine
	rows []engine.Query
}

func (a asked) Queries(context.Context) iter.Seq2[engine.Query, error] {
	return func(yield func(engine.Query, error) bool) {
		for _, row := range a.rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

var client, other = netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")

// rows are one question per name and client, in the order of the rollup.
func rows(names ...string) []engine.Query {
	var all []engine.Query
	for i, name := range names {
		all = append(all, engine.Query{Client: client, Name: name, Lookups: 1, First: int64(i + 1), Last: int64(i + 1)})
	}
	slices.SortStableFunc(all, func(a, b engine.Query) int { return slices.Compare(reversed(a.Name), reversed(b.Name)) })
	return all
}

func reversed(name string) []string {
	labels := strings.Split(name, ".")
	slices.Reverse(labels)
	return labels
}

func domains(t *testing.T, rows []engine.Query) map[string]*dnsname.Domain {
	t.Helper()
	questions, all := dnsname.Questions{Engine: asked{rows: rows}}, map[string]*dnsname.Domain{}
	for domain, err := range questions.Domains(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if all[domain.Name] != nil {
			t.Errorf("%s comes twice", domain.Name)
		}
		all[domain.Name] = domain
	}
	if questions.Seen != int64(len(rows)) {
		t.Errorf("seen %d, want %d", questions.Seen, len(rows))
	}
	return all
}

func TestInformationIsOfDistinctLabels(t *testing.T) {
	for _, c := range []struct {
		names []string
		bytes int64
	}{
		{[]string{"example.com"}, 0},
		{[]string{"www.example.com", "example.com"}, 3},
		{[]string{"ab.x.example.com", "abc.x.example.com", "dab.x.example.com", "x.example.com"}, 1 + 2 + 3 + 3},
		{[]string{"a.xb.example.com", "a.b.example.com"}, 2 + 1 + 1 + 1},
		{[]string{`\200\001\..example.com`}, 3},
		{[]string{"2.0.0.127.example.com", "7.0.0.127.example.com"}, 0},
		{[]string{"www.example.org.example.com"}, 3 + 7 + 3},
	} {
		if got := domains(t, rows(c.names...))["example.com"].Uses[0]; got.Information != c.bytes || got.Names != int64(len(c.names)) {
			t.Errorf("%v carry %d bytes in %d names, want %d", c.names, got.Information, got.Names, c.bytes)
		}
	}
	missing := rows("www.example.org.example.com")
	missing[0].Missing = 1
	if got := domains(t, missing)["example.com"].Uses[0]; got.Information != 0 || got.Plain != 1 {
		t.Errorf("a search suffix carries %d bytes", got.Information)
	}
}

// A domain goes on after the domains below public suffixes within it.
func TestDomainsWithinDomains(t *testing.T) {
	all := domains(t, rows("a.amazonaws.com", "one.s3.amazonaws.com", "two.s3.amazonaws.com", "x.two.s3.amazonaws.com", "z.amazonaws.com", "www.example.com"))
	for domain, names := range map[string]int64{"amazonaws.com": 2, "one.s3.amazonaws.com": 1, "two.s3.amazonaws.com": 2, "example.com": 1} {
		if all[domain] == nil || all[domain].Uses[0].Names != names {
			t.Errorf("%s: %+v, want %d names", domain, all[domain], names)
		}
	}
}

func TestUsesAreByClient(t *testing.T) {
	both := append(rows("a.example.com", "b.example.com"), rows("c.example.com")...)
	both[0].Client, both[1].Lookups, both[1].UpBytes, both[1].DownBytes = other, 4, 10, 20
	uses := domains(t, both)["example.com"].Uses
	if len(uses) != 2 || uses[0].Client != client || uses[0].Lookups != 5 || uses[0].UpBytes != 10 || uses[0].DownBytes != 20 || uses[0].Unique() != 0.4 {
		t.Errorf("%+v", uses)
	}
}

func TestCrowdsAreBounded(t *testing.T) {
	var crowd []engine.Query
	address := client
	for range dnsname.MostClients + 3 {
		crowd = append(crowd, engine.Query{Client: address, Name: "a.example.com", Lookups: 1})
		address = address.Next()
	}
	if got := domains(t, crowd)["example.com"]; len(got.Uses) != dnsname.MostClients || !got.Crowded {
		t.Errorf("%d clients, crowded %t", len(got.Uses), got.Crowded)
	}
}

func TestEntropy(t *testing.T) {
	if got := domains(t, rows("0123456789abcdef.example.com"))["example.com"].Uses[0]; got.Entropy() != 4 {
		t.Errorf("%v bits, want 4", got.Entropy())
	}
}
