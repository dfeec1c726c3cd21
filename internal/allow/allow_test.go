package allow_test

import (
	"net/netip"
	"strings"
	"testing"

	"sentinel/internal/allow"
	"sentinel/internal/finding"
)

var (
	host   = netip.MustParseAddr("10.0.0.5")
	other  = netip.MustParseAddr("10.0.0.6")
	server = netip.MustParseAddr("192.0.2.7")
	six    = netip.MustParseAddr("2001:db8::7")
)

func read(t *testing.T, text string) *allow.List {
	t.Helper()
	list := &allow.List{}
	if err := list.Read("a.txt", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	return list
}

func about(src, dst netip.Addr, port int64) finding.Finding {
	return finding.Finding{
		SrcIP: src, DstIP: dst, Hosts: []netip.Addr{src}, DstPort: port, Proto: "tcp",
		Title: src.String() + " contacts www.backup.example (" + dst.String() + ") tcp 443", Pairs: []finding.Pair{{SrcIP: src, DstIP: dst}},
	}
}

func TestAllowed(t *testing.T) {
	one := about(host, server, 443)
	for rule, want := range map[string]bool{
		"192.0.2.7": true, "10.0.0.5": true, "192.0.2.0/24": true, "::ffff:192.0.2.7": true, "192.0.2.8": false, "198.51.100.0/24": false,
		"backup.example": true, "*.backup.example": true, "www.backup.example": true, "up.example": false, "example": true,
		"10.0.0.5>192.0.2.7:443/tcp": true, "10.0.0.5 > 192.0.2.7 : 443 / tcp": true, "10.0.0.5>192.0.2.7": true, "10.0.0.0/8>192.0.2.0/24:443": true,
		"*>192.0.2.7:443/tcp": true, "10.0.0.5>*": true, "10.0.0.5>*:443": true, "10.0.0.5>backup.example": true, "*>*:443/tcp": true, "*>192.0.2.0/24/TCP": true,
		"10.0.0.5>192.0.2.7:80": false, "10.0.0.5>192.0.2.7:443/udp": false, "192.0.2.7>10.0.0.5": false, "10.0.0.6>192.0.2.7": false, "*>192.0.2.7:*": true,
	} {
		if _, got := read(t, rule).Allowed(one); got != want {
			t.Errorf("%s: allowed %v, want %v", rule, got, want)
		}
	}
	for rule, want := range map[string]bool{
		"10.0.0.0/8>[2001:db8::7]:443/tcp": true, "10.0.0.0/8>[2001:db8::/32]:443": true, "*>2001:db8::/32": true, "*>2001:db8::7/tcp": true,
		"*>2001:db8::8": false, "*>[2001:db8::7]:80": false,
	} {
		if _, got := read(t, rule).Allowed(about(host, six, 443)); got != want {
			t.Errorf("%s: allowed %v, want %v", rule, got, want)
		}
	}
}

func TestReason(t *testing.T) {
	list := read(t, "\n# nothing\n192.0.2.7 # the vendor's updater\n198.51.100.0/24\n")
	if list.Rules() != 2 {
		t.Errorf("%d rules, want 2", list.Rules())
	}
	if reason, ok := list.Allowed(about(host, server, 443)); !ok || reason != "the vendor's updater" {
		t.Errorf("%q, %v", reason, ok)
	}
	if reason, _ := list.Allowed(about(host, netip.MustParseAddr("198.51.100.1"), 443)); reason != "a.txt, line 4" {
		t.Errorf("%q", reason)
	}
}

// A group is allowed when all of it is.
func TestGroups(t *testing.T) {
	group := about(host, server, 443)
	group.SrcIP, group.Hosts = netip.Addr{}, []netip.Addr{host, other}
	group.Pairs = append(group.Pairs, finding.Pair{SrcIP: other, DstIP: server})
	for rules, want := range map[string]bool{
		"10.0.0.5": false, "10.0.0.5\n10.0.0.6": true, "192.0.2.7": true, "10.0.0.5>192.0.2.7": false, "10.0.0.0/24>192.0.2.7": true,
	} {
		if _, got := read(t, rules).Allowed(group); got != want {
			t.Errorf("%q: allowed %v, want %v", rules, got, want)
		}
	}
}

// Where a finding is about a host and all that it contacts, a rule about one server does not cover it.
func TestWithoutDestination(t *testing.T) {
	scan := finding.Finding{SrcIP: host, Hosts: []netip.Addr{host}, DstPort: 445, Proto: "tcp", Pairs: []finding.Pair{{SrcIP: host}}}
	for rule, want := range map[string]bool{"10.0.0.5": true, "192.0.2.7": false, "10.0.0.5>*:445": true, "10.0.0.5>192.0.2.7": false} {
		if _, got := read(t, rule).Allowed(scan); got != want {
			t.Errorf("%s: allowed %v, want %v", rule, got, want)
		}
	}
	if _, ok := read(t, "*>*:443").Allowed(finding.Finding{DstPort: 443}); ok {
		t.Error("a finding about nobody is allowed")
	}
}

func TestBadLines(t *testing.T) {
	for _, text := range []string{"*", "*>*", "10.0.0.5>", ">192.0.2.7", "10.0.0.300", "192.0.2.7/40", "a>b>c", "10.0.0.5>192.0.2.7:99999", "10.0.0.5>192.0.2.7/", "no spaces?", "fe80::1%eth0"} {
		list := &allow.List{}
		err := list.Read("a.txt", strings.NewReader("192.0.2.1\n"+text+" # why"))
		if err == nil || !strings.Contains(err.Error(), "a.txt, line 2") {
			t.Errorf("%s: %v, want an error with the line", text, err)
		}
		if list.Rules() != 0 {
			t.Errorf("%s: rules of a broken file count", text)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{"192.0.2.7 # x", "10.0.0.5>[2001:db8::7]:443/tcp", "*>*:1", "a.example\n198.51.100.0/24:443/tcp", "x>y/z:1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list := &allow.List{}
		if err := list.Read("fuzz", strings.NewReader(text)); err != nil {
			return
		}
		if reason, ok := list.Allowed(about(host, server, 443)); ok && reason == "" {
			t.Error("allowed without a reason")
		}
	})
}
