// Package alert tells what formats for security tools want to know of a finding: its rule, the names of techniques,
// and which texts are host names.
package alert

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"sentinel/internal/finding"
	"sentinel/internal/report"
)

// Product is what the formats call the program.
const Product = "Sentinel"

// Rule is a detector as the formats list it.
type Rule struct{ ID, Title, Finds string }

// Rules are the detectors that ran, in the order of the report.
func Rules(r *report.Report) []Rule {
	var rules []Rule
	if r.Detection != nil {
		for _, ran := range r.Detection.Ran {
			rules = append(rules, Rule{ran.ID, ran.Title, ran.Finds})
		}
	}
	return rules
}

// RuleOf is the detector behind a finding; of one that the report does not list, its ID alone is known.
func RuleOf(r *report.Report, f finding.Finding) Rule {
	rules := Rules(r)
	if at := slices.IndexFunc(rules, func(rule Rule) bool { return rule.ID == f.Detector }); at >= 0 {
		return rules[at]
	}
	return Rule{ID: f.Detector, Title: f.Detector}
}

// hostName is a name as the DNS and its users write it: letters, digits, hyphens and underscores (RFC 952, RFC 1123,
// 2.1, RFC 8552), in labels of up to 63.
var hostName = regexp.MustCompile(`^([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)*[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$`)

// maxName is the longest name of the DNS as text (RFC 1035, 2.3.4).
const maxName = 253

// HostName is the name in lower case, without a dot at its end, or empty where it is none: captured text is anything.
func HostName(name string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if len(name) > maxName || !hostName.MatchString(name) {
		return ""
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return ""
	}
	return name
}

var protocol = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{0,30}$`)

// Transport is the protocol of a finding in lower case, or empty where it has none that a protocol could be called.
func Transport(f finding.Finding) string {
	if name := strings.ToLower(f.Proto); protocol.MatchString(name) {
		return name
	}
	return ""
}

// mostAddresses bounds what a finding lists: a flood has sources without number.
const mostAddresses = 1000

// Addresses are those that a finding is about, source and destination first, each once, without zones. Of a group of
// more than a thousand, the others are left out.
func Addresses(f finding.Finding) (all []netip.Addr) {
	seen := map[netip.Addr]bool{}
	for _, address := range append([]netip.Addr{f.SrcIP, f.DstIP}, f.Hosts...) {
		address = address.WithZone("")
		if address.IsValid() && !seen[address] && len(all) < mostAddresses {
			seen[address] = true
			all = append(all, address)
		}
	}
	return all
}

// Family is ipv4 or ipv6.
func Family(address netip.Addr) string {
	if address.Unmap().Is4() {
		return "ipv4"
	}
	return "ipv6"
}

// Time prints a moment as RFC 3339 to the microsecond.
func Time(micros int64) string {
	return time.UnixMicro(micros).UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}

// Percent is a score from 0 to 1 as a whole number from 0 to 100.
func Percent(score float64) int { return int(score*100 + 0.5) }
