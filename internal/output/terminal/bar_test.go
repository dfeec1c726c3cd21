package terminal

import (
	"testing"
	"unicode/utf8"

	"sentinel/internal/report"
)

func TestBarsShowWhatIsNotZero(t *testing.T) {
	for want, value := range map[string]int64{"": 0, "▏": 1, "█████": 500, "█████▌": 550, "██████████": 1000} {
		if got := bar(value, 1000, 10); got != want {
			t.Errorf("%d of 1000: %q, want %q", value, got, want)
		}
	}
	if got := bar(5, 0, 10); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}

func TestSparklineKeepsPeaksAndSilences(t *testing.T) {
	line := &report.Timeline{Step: 1, Flows: make([]int64, 300)}
	line.Flows[0], line.Flows[299] = 1, 1000
	drawn := []rune(sparkline(line, 60))
	if len(drawn) != 60 || drawn[0] != '▁' || drawn[1] != ' ' || drawn[59] != '█' {
		t.Errorf("%q", string(drawn))
	}
	line.Flows = line.Flows[:7]
	if got := utf8.RuneCountInString(sparkline(line, 60)); got != 7 {
		t.Errorf("7 steps in %d cells", got)
	}
}
