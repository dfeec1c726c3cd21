package volumeshift

import (
	"fmt"
	"math"
	"strings"

	"sentinel/internal/detect"
	"sentinel/internal/detect/words"
	"sentinel/internal/finding"
	"sentinel/internal/stat"
)

// score rises with how far a host left the others.
var score = stat.Scale{{3.5, 0.35}, {5, 0.39}, {8, 0.55}, {12, 0.7}}

func describe(c *detect.Case, s *shift) finding.Finding {
	share, usual := s.concentration()
	f := finding.Finding{
		ID:     finding.Key("volume-shift", s.host),
		PValue: s.p, SrcIP: s.host, DstPort: -1, First: c.Test.First, Last: c.Test.Last, Pairs: s.pairs(),
		Title: fmt.Sprintf("%s %s %s, %s%s", s.host, verb(s.way), words.Bytes(s.now), times(s.ratio), with(share, c.Param("one_server"), usual)),
		Explanation: fmt.Sprintf("%s after %s in the baseline. The %d hosts of most similar volume changed by a factor of %s in the middle, with a spread of a factor of %s; "+
			"this one lies %.1f spreads away (chance %.1g). %s", words.Bytes(s.now), words.Bytes(s.before), s.others.N, words.Number(math.Exp(s.others.Median)),
			words.Number(math.Exp(s.others.Sigma)), s.z, s.p, s.where()),
		Remedy: "it stops being a finding when the host's volume returns to that of the baseline, or when the baseline is of such a day",
		Evidence: []finding.Evidence{
			{Name: "bytes", Value: s.now, Text: words.Bytes(s.now)},
			{Name: "baseline_bytes", Value: s.before, Text: words.Bytes(s.before)},
			{Name: "ratio", Value: s.ratio, Text: times(s.ratio)},
			{Name: "z", Value: s.z, Text: fmt.Sprintf("%.1f robust deviations from the other hosts' changes", s.z)},
			{Name: "spread", Value: math.Exp(s.others.Sigma), Text: "a factor of " + words.Number(math.Exp(s.others.Sigma)) + " among the hosts"},
			{Name: "largest_share", Value: share, Text: fmt.Sprintf("%.0f %% of the change is with one server", 100*share)},
			{Name: "usual_share", Value: usual, Text: fmt.Sprintf("%.0f %% of the change is with servers of the baseline", 100*usual)},
		},
	}
	if len(s.servers) > 0 && s.servers[0].first < math.MaxInt64 {
		f.First, f.Last = s.span()
	}
	f.Weigh(score.At(math.Abs(s.z)), modifiers(c, s, share)...)
	return f
}

// drastic is how many times the usual volume no ordinary day brings.
const drastic = 3

func modifiers(c *detect.Case, s *shift, share float64) []finding.Modifier {
	var list []finding.Modifier
	small, one := math.Abs(s.now-s.before) < s.ordinary/2, share >= c.Param("one_server")
	if s.ratio >= drastic && !small && !one {
		list = append(list, finding.Modifier{Delta: 0.1, Reason: fmt.Sprintf("it is more than %d times as much", drastic)})
	}
	if small {
		list = append(list, finding.Modifier{Delta: -0.35, Reason: "the change is less than half an ordinary host's volume, " + words.Bytes(s.ordinary)})
	}
	if one {
		list = append(list, finding.Modifier{Delta: -0.35, Reason: fmt.Sprintf("one server makes up %.0f %% of the change", 100*share)})
	}
	if s.now < s.before {
		list = append(list, finding.Modifier{Delta: -0.3, Reason: "it is less than before, as on a day of absence"})
	}
	return list
}

// concentration is the largest server's share of the change, and that of the servers that the baseline knows.
func (s *shift) concentration() (largest, usual float64) {
	total := s.now - s.before
	if total == 0 {
		return 0, 0
	}
	for i, at := range s.servers {
		if i == 0 {
			largest = at.change / total
		}
		if at.known {
			usual += at.change / total
		}
	}
	return min(max(largest, 0), 1), min(max(usual, 0), 1)
}

// pairs are those that make up half of the change: what explains them explains the shift.
func (s *shift) pairs() []finding.Pair {
	var pairs []finding.Pair
	sum, total := 0.0, s.now-s.before
	for _, at := range s.servers {
		if sum/total >= 0.5 {
			break
		}
		sum += at.change
		pairs = append(pairs, finding.Pair{SrcIP: s.host, DstIP: at.server})
	}
	return pairs
}

// span is from the first to the last flow of the host in the capture.
func (s *shift) span() (first, last int64) {
	first = math.MaxInt64
	for _, at := range s.servers {
		first, last = min(first, at.first), max(last, at.last)
	}
	return first, last
}

// where names the servers with the largest changes.
func (s *shift) where() string {
	var texts []string
	for _, at := range s.servers[:min(len(s.servers), 5)] {
		sign := ""
		if at.change < 0 {
			sign = "-"
		}
		texts = append(texts, fmt.Sprintf("%s %s%s", at.server, sign, words.Bytes(math.Abs(at.change))))
	}
	return "Largest changes: " + strings.Join(texts, ", ") + "."
}

func verb(way string) string {
	switch way {
	case "up":
		return "sent"
	case "down":
		return "received"
	}
	return "moved"
}

func with(share, one, usual float64) string {
	switch {
	case share >= one:
		return ", most of it with one server"
	case usual >= 0.5:
		return ", with its usual servers"
	}
	return ""
}

func times(ratio float64) string {
	if ratio < 1 {
		return "a " + words.Number(1/ratio) + "th of the baseline"
	}
	return words.Number(ratio) + " times the baseline"
}
