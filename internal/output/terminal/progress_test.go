package terminal_test

import (
	"testing"
	"time"

	"sentinel/internal/output/terminal"
	"sentinel/internal/report"
)

func TestProgress(t *testing.T) {
	begun := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	var bar terminal.Progress
	bar.Line(begun, report.Stage{Name: "day.pcap", Bytes: 1000}, 80)
	reading := func(name string, done, total int64) report.Stage {
		return report.Stage{Name: name, Done: done, Bytes: total}
	}
	judging := report.Stage{Work: "judging", Step: "Beacons", Steps: 5, All: 20}
	tests := []struct {
		state report.Stage
		after time.Duration
		width int
		want  string
	}{
		{reading("day.pcap", 250, 1000), time.Second, 80, "day.pcap [#####               ]  25 %, 250 B/s, 3s left"},
		{reading("day.pcap", 1000, 1000), 2 * time.Second, 80, "day.pcap finishing, 2s"},
		{reading("day.pcap", 0, 1000), 1900 * time.Millisecond, 80, "day.pcap reading 1.00 kB, 1s"}, // how far is not known
		{reading("day.pcap", 250, 1000), time.Second, 50, "…p [#####               ]  25 %, 250 B/s, 3s left"},
		{reading("day.pcap", 250, 1000), time.Second, 10, " [#####               ]  25 %, 250 B/s, 3s left"},
		{reading("standard input", 5_000_000, 0), 0, 80, "standard input reading 5.00 MB, 5.00 GB/s"}, // another input begins anew
		{reading("standard input", 5_000_000, 0), 10 * time.Second, 80, "standard input reading 5.00 MB, 500 kB/s"},
		{reading("a\x1b[31mb.pcap", 0, 7), 0, 80, `a\x1b[31mb.pcap reading 7 B`},
		{judging, 20 * time.Second, 80, "judging [#####               ] 5 of 20: Beacons"},
		{judging, 32 * time.Second, 80, "judging [#####               ] 5 of 20, 12s: Beacons"},
		{judging, 32 * time.Second, 46, "judging [#####               ] 5 of 20, 12s"},
		{report.Stage{Work: "writing"}, 40 * time.Second, 80, "writing"},
		{report.Stage{}, 40 * time.Second, 80, "beginning"},
	}
	for _, test := range tests {
		if got := bar.Line(begun.Add(test.after), test.state, test.width); got != test.want {
			t.Errorf("%+v after %s:\n got %q\nwant %q", test.state, test.after, got, test.want)
		}
	}
}
