package dnsname

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// nowhere are the top levels that lead to nobody outside: names of the own network (RFC 6762, appendix G; RFC 8375),
// names that are set apart (RFC 6761, RFC 7686, RFC 9476), and names that spell addresses (RFC 1035, 3.5).
var nowhere = []string{
	"local", "localdomain", "localhost", "lan", "home", "internal", "intranet", "private", "corp",
	"test", "invalid", "onion", "alt", "arpa",
}

// Split parts a name into the domain that somebody registered, which is one label below a public suffix, and the
// labels below that. It is false for names that nobody can register: single labels, public suffixes themselves, names of
// the own network and reverse look-ups.
func Split(name string) (domain, below string, ok bool) {
	if top := name[strings.LastIndexByte(name, '.')+1:]; top == name || slices.Contains(nowhere, top) {
		return "", "", false
	}
	suffix, _ := publicsuffix.PublicSuffix(name)
	if len(suffix) >= len(name) {
		return "", "", false
	}
	rest := name[:len(name)-len(suffix)-1]
	at := strings.LastIndexByte(rest, '.') + 1
	if at == len(rest) { // an empty label
		return "", "", false
	}
	return name[at:], strings.TrimSuffix(rest[:at], "."), true
}

// Label is the label of a registered domain that was chosen by whoever registered it: "example" of example.com.
func Label(domain string) string {
	label, _, _ := strings.Cut(domain, ".")
	return label
}

// spellsAddress tells whether labels spell an address, as look-ups in lists of addresses have it (RFC 5782, 2.1):
// 2.0.0.127, or 32 hexadecimal digits for IPv6.
func spellsAddress(below string) bool {
	labels := strings.Split(below, ".")
	return len(labels) >= 32 && all(labels[:32], "0123456789abcdef", 1) || len(labels) >= 4 && all(labels[:4], "0123456789", 3)
}

func all(labels []string, digits string, most int) bool {
	return !slices.ContainsFunc(labels, func(label string) bool {
		return label == "" || len(label) > most || strings.Trim(label, digits) != ""
	})
}

// publicName tells whether labels are a name of the Internet themselves: what remains of a search suffix.
func publicName(below string) bool {
	suffix, managed := publicsuffix.PublicSuffix(below)
	return managed && len(suffix) < len(below)
}
