package eval

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sentinel/internal/detect"
	"sentinel/internal/finding"
	"sentinel/internal/synth"
)

// Share is how many of how many.
type Share struct{ Part, Of int }

func (s Share) String() string {
	if s.Of == 0 {
		return "–"
	}
	return fmt.Sprintf("%d of %d", s.Part, s.Of)
}

// Percent is the share in percent, rounded down: 100 is all.
func (s Share) Percent() string {
	if s.Of == 0 {
		return "–"
	}
	return fmt.Sprintf("%d %%", 100*s.Part/s.Of)
}

func (s *Share) count(yes bool) {
	s.Of++
	if yes {
		s.Part++
	}
}

// Score is what one detector made of several captures.
type Score struct {
	Recall                 Share // planted hosts found at medium or above
	Right, Other, Unwanted int   // findings at medium or above
	Days                   Share // captures with anything at medium or above that nobody planted
}

// Precision is the share of the findings at medium or above that name somebody planted, with the right kind.
func (s Score) Precision() Share { return Share{s.Right, s.Right + s.Other + s.Unwanted} }

// Tally adds up outcomes.
type Tally struct {
	Detectors map[string]*Score // by ID
	Attacks   map[string]*Share // hosts found, by name of the attack
	Lines     []string          // what was missed, unwanted or taken for something else
	High      int               // unwanted findings at high or above
	MostADay  int               // unwanted findings of the worst capture
	Skipped   map[string]int    // attacks that captures had no room for
}

// NewTally prepares a tally for detectors.
func NewTally(detectors []detect.Detector) *Tally {
	t := &Tally{Detectors: map[string]*Score{}, Attacks: map[string]*Share{}, Skipped: map[string]int{}}
	for _, detector := range detectors {
		t.Detectors[detector.ID] = &Score{}
	}
	return t
}

// Add counts an outcome. Hosts planted for detectors that the tally does not hold are left out.
func (t *Tally) Add(name string, outcome Outcome) {
	for _, planted := range outcome.Found {
		t.planted(planted, true)
	}
	missed := map[string][]string{}
	for _, planted := range outcome.Missed {
		if t.planted(planted, false) {
			missed[planted.Attack] = append(missed[planted.Attack], planted.Host.String())
		}
	}
	for _, attack := range slices.Sorted(maps.Keys(missed)) {
		t.Lines = append(t.Lines, fmt.Sprintf("%s: missed %s of %s", name, attack, some(missed[attack])))
	}
	for _, f := range outcome.Right {
		t.Detectors[f.Detector].Right++
	}
	for _, f := range outcome.Mistaken {
		t.Detectors[f.Detector].Other++
		t.Lines = append(t.Lines, t.line(name, "of another kind", f))
	}
	fired := map[string]bool{}
	for _, f := range outcome.Unwanted {
		t.Detectors[f.Detector].Unwanted++
		fired[f.Detector] = true
		t.Lines = append(t.Lines, t.line(name, "unwanted", f))
		if f.Severity >= finding.High {
			t.High++
		}
	}
	for id, score := range t.Detectors {
		score.Days.count(fired[id])
	}
	t.MostADay = max(t.MostADay, len(outcome.Unwanted))
	t.skipped(outcome.Truth)
}

func (t *Tally) planted(planted Miss, found bool) (judged bool) {
	score, judged := t.Detectors[planted.Kind]
	if !judged {
		return false
	}
	score.Recall.count(found)
	if t.Attacks[planted.Attack] == nil {
		t.Attacks[planted.Attack] = &Share{}
	}
	t.Attacks[planted.Attack].count(found)
	return true
}

// some names a few of the hosts of an attack.
func some(hosts []string) string {
	const few = 6
	if len(hosts) <= few {
		return strings.Join(hosts, ", ")
	}
	return fmt.Sprintf("%s and %d more hosts", strings.Join(hosts[:few], ", "), len(hosts)-few)
}

func (t *Tally) skipped(truth synth.Truth) {
	for _, skipped := range truth.Skipped {
		t.Skipped[skipped.Name]++
	}
}

func (t *Tally) line(name, what string, f finding.Finding) string {
	return fmt.Sprintf("%s: %s: %s, %s: %s", name, what, f.Detector, f.Severity, f.Title)
}

// Unwanted is how many findings at medium or above nobody planted.
func (t *Tally) Unwanted() int {
	sum := 0
	for _, score := range t.Detectors {
		sum += score.Unwanted
	}
	return sum
}
