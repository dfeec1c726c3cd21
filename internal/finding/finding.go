// Package finding is what a detector reports: what happened, who did it, how sure it is, and the figures behind it.
package finding

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// Severity orders findings by how much they deserve a look.
type Severity int

// The severities. Info is below what a report shows unless asked.
const (
	Info Severity = iota
	Low
	Medium
	High
	Critical
)

var severityNames = []string{"info", "low", "medium", "high", "critical"}

// String is the severity in lower case.
func (s Severity) String() string { return severityNames[s] }

// MarshalText implements encoding.TextMarshaler.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// ParseSeverity reads a severity's name.
func ParseSeverity(name string) (Severity, error) {
	for i, known := range severityNames {
		if strings.EqualFold(name, known) {
			return Severity(i), nil
		}
	}
	return Info, fmt.Errorf("%s is no severity; expected one of %s", name, strings.Join(severityNames, ", "))
}

// SeverityOf maps a score to a severity: 0.2 low, 0.4 medium, 0.6 high, 0.8 critical, as RITA's buckets do.
func SeverityOf(score float64) Severity {
	switch {
	case score >= 0.8:
		return Critical
	case score >= 0.6:
		return High
	case score >= 0.4:
		return Medium
	case score >= 0.2:
		return Low
	}
	return Info
}

// Finding is one phenomenon, found once.
type Finding struct {
	ID          string // the same for the same phenomenon in every run
	Detector    string
	Severity    Severity
	Score       float64    // 0 to 1: base plus modifiers
	PValue      float64    // of the test behind it; NaN where a rule decided
	SrcIP       netip.Addr // who did it; invalid where a group did
	DstIP       netip.Addr // to whom; invalid where to several
	DstPort     int64      // -1 where it does not matter
	Name        string     // host name of the destination, empty where unknown
	Proto       string
	Hosts       []netip.Addr // all hosts that the finding is about, SrcIP first
	First       int64        // microseconds since the epoch
	Last        int64
	Title       string // one line in plain words
	Explanation string // why it was raised
	Evidence    []Evidence
	Exhibits    []Exhibit
	Modifiers   []Modifier // what raised or lowered the score
	Attack      []string   // ATT&CK techniques
	Remedy      string     // what would make it stop being a finding
	Filters     []Filter   // to look further with other tools
	Pairs       []Pair     // who with whom; a finding whose pairs another one covers is the same phenomenon
	Also        []string   // detectors that saw the same phenomenon
}

// Pair is a source and a destination; an invalid destination stands for all.
type Pair struct{ SrcIP, DstIP netip.Addr }

// Evidence is one figure behind a finding. Name is a stable key, Text the value as people read it.
type Evidence struct {
	Name  string
	Value float64
	Text  string
}

// Modifier is one step between the strongest indicator and the score.
type Modifier struct {
	Delta  float64
	Reason string
}

// Filter is a ready-made query for another tool.
type Filter struct{ Tool, Query string }

// Key makes the ID of a phenomenon from what identifies it.
func Key(detector string, parts ...any) string {
	sum := sha256.Sum256(fmt.Append([]byte(detector), parts...))
	return detector + "-" + hex.EncodeToString(sum[:6])
}

// Weigh sets score and severity from the strongest indicator and the modifiers, clamped to 0 and 1. Modifiers
// of 0 are dropped.
func (f *Finding) Weigh(base float64, modifiers ...Modifier) {
	f.Score, f.Modifiers = base, nil
	for _, modifier := range modifiers {
		if modifier.Delta != 0 {
			f.Score += modifier.Delta
			f.Modifiers = append(f.Modifiers, modifier)
		}
	}
	f.Score = min(max(f.Score, 0), 1)
	f.Severity = SeverityOf(f.Score)
}

// Unnamed tells whether the finding is about hosts that its title does not name.
func (f Finding) Unnamed() bool {
	return slices.ContainsFunc(f.Hosts, func(host netip.Addr) bool { return !strings.Contains(f.Title, host.String()) })
}

// Compare orders findings for a report: most severe first, then highest score, detector and ID.
func Compare(a, b Finding) int {
	switch {
	case a.Severity != b.Severity:
		return int(b.Severity - a.Severity)
	case a.Score != b.Score && a.Score > b.Score:
		return -1
	case a.Score != b.Score:
		return 1
	case a.Detector != b.Detector:
		return strings.Compare(a.Detector, b.Detector)
	}
	return strings.Compare(a.ID, b.ID)
}
