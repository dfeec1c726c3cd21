package terminal_test

import (
	"testing"
	"time"

	"sentinel/internal/output/terminal"
)

func TestProgress(t *testing.T) {
	begun := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	var bar terminal.Progress
	bar.Line(begun, "day.pcap", 0, 1000, 80)
	tests := []struct {
		name        string
		after       time.Duration
		done, total int64
		width       int
		want        string
	}{
		{"day.pcap", time.Second, 250, 1000, 80, "day.pcap [#####               ]  25 %, 250 B/s, 3s left"},
		{"day.pcap", 2 * time.Second, 1000, 1000, 80, "day.pcap analysing"},
		{"day.pcap", time.Second, 0, 1000, 80, "day.pcap [                    ]   0 %, 0 B/s"},
		{"day.pcap", time.Second, 250, 1000, 50, "…p [#####               ]  25 %, 250 B/s, 3s left"},
		{"day.pcap", time.Second, 250, 1000, 10, " [#####               ]  25 %, 250 B/s, 3s left"},
		{"standard input", 0, 5_000_000, 0, 80, "standard input reading 5.00 MB, 5.00 GB/s"}, // another input begins anew
		{"standard input", 10 * time.Second, 5_000_000, 0, 80, "standard input reading 5.00 MB, 500 kB/s"},
		{"a\x1b[31mb.pcap", 0, 0, 10, 80, `a\x1b[31mb.pcap [                    ]   0 %, 0 B/s`},
	}
	for _, test := range tests {
		if got := bar.Line(begun.Add(test.after), test.name, test.done, test.total, test.width); got != test.want {
			t.Errorf("%q after %s:\n got %q\nwant %q", test.name, test.after, got, test.want)
		}
	}
}
