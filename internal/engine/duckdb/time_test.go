package duckdb

import (
	"strings"
	"testing"

	"sentinel/internal/input/table"
)

// timed is a capture whose flows start at those times, under a name that is not the original's.
func timed(times ...string) string {
	rows := []string{strings.Join(header, ";")}
	for _, time := range times {
		rows = append(rows, time+";"+strings.Join(row[1:], ";"))
	}
	return lines(rows...)
}

func starts(flows []string) string {
	var starts []string
	for _, flow := range flows {
		start, _, _ := strings.Cut(flow, " ")
		starts = append(starts, start)
	}
	return strings.Join(starts, " ")
}

func TestTimes(t *testing.T) {
	tests := []struct {
		name    string
		times   []string
		clock   string // as the report tells it
		want    string
		skipped int
	}{
		{"seconds", []string{"1709300000"}, "seconds since 1970", "1709300000000000", 0},
		{"seconds with decimals", []string{"1709300000.123456", "1709300000.9999995"}, "seconds since 1970", "1709300000123456 1709300001000000", 0},
		{"seconds in exponent notation", []string{"1.7093e9"}, "seconds since 1970", "1709300000000000", 0},
		{"seconds of 1990 and 2099", []string{"631152000", "4102444799"}, "seconds since 1970", "631152000000000 4102444799000000", 0},
		{"milliseconds", []string{"1709300000123"}, "milliseconds since 1970", "1709300000123000", 0},
		{"microseconds", []string{"1709300000123457"}, "microseconds since 1970", "1709300000123457", 0},
		{"nanoseconds", []string{"1709300000123456789", "1709300000123457999"}, "nanoseconds since 1970", "1709300000123456 1709300000123457", 0},
		{"text", []string{"2024-03-01 13:33:20.123456"}, table.Text.Doc, someTime, 0},
		{"text with T", []string{"2024-03-01T13:33:20.123456"}, table.Text.Doc, someTime, 0},
		{"text with Z", []string{"2024-03-01T13:33:20.123456Z"}, table.Text.Doc, someTime, 0},
		{"text with zone", []string{"2024-03-01T15:03:20.123456+01:30"}, table.Text.Doc, someTime, 0},
		{"text with zone without colon", []string{"2024-03-01T08:33:20.123456-0500"}, table.Text.Doc, someTime, 0},
		{"text with zone of hours", []string{"2024-03-01 14:33:20.123456+01"}, table.Text.Doc, someTime, 0},
		{"text with nanoseconds", []string{"2024-03-01T13:33:20.123456789Z"}, table.Text.Doc, someTime, 0},
		{"text with slashes", []string{"2024/03/01 13:33:20.123456"}, table.Text.Doc, someTime, 0},
		{"text without seconds' decimals", []string{"2024-03-01 13:33:20"}, table.Text.Doc, "1709300000000000", 0},
		{"date alone", []string{"2024-03-01"}, table.Text.Doc, "1709251200000000", 0},
		{"text with damaged rows", []string{"2024-03-01 13:33:20.123456", "2024-02-30 00:00:00", "yesterday"}, table.Text.Doc, someTime, 2},
		{"text out of range", []string{"2024-03-01 13:33:20.123456", "1970-01-01 00:00:00", "2200-01-01 00:00:00", "2024-03-01 13:33:20.123456"}, table.Text.Doc, someTime + " " + someTime, 2},
		{"numbers among which text", []string{"1709300000", "1709300000", "unknown"}, "seconds since 1970", "1709300000000000 1709300000000000", 1},
		{"a zero among seconds", append(strings.Split(strings.Repeat("1709300000,", 19), ","), "0")[:20], "seconds since 1970", strings.TrimSpace(strings.Repeat("1709300000000000 ", 19)), 1},
		{"milliseconds among seconds", append(strings.Split(strings.Repeat("1709300000,", 19), ",")[:19], "1709300000123"), "seconds since 1970", strings.TrimSpace(strings.Repeat("1709300000000000 ", 19)), 1},
		{"negative among seconds", append(strings.Split(strings.Repeat("1709300000,", 19), ",")[:19], "-9223372036854775808"), "seconds since 1970", strings.TrimSpace(strings.Repeat("1709300000000000 ", 19)), 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source, flows, err := add(t, timed(test.times...), Hints{})
			if err != nil {
				t.Fatal(err)
			}
			if got := starts(flows); got != test.want {
				t.Errorf("starts %s\n  expected %s", got, test.want)
			}
			if source.Clock.Doc != test.clock {
				t.Errorf("clock %q, expected %q", source.Clock.Doc, test.clock)
			}
			if got := len(test.times) - int(source.Flows); got != test.skipped {
				t.Errorf("skipped %v, expected %d rows", skips(source), test.skipped)
			}
		})
	}
}

func TestTypedTimes(t *testing.T) {
	tests := []struct{ name, expression, clock, want string }{
		{"TIMESTAMP", "TIMESTAMP '2024-03-01 13:33:20.123456'", "timestamps", someTime},
		{"TIMESTAMP with zone", "TIMESTAMPTZ '2024-03-01 14:33:20.123456+01'", "timestamps", someTime},
		{"TIMESTAMP_NS", "'2024-03-01 13:33:20.123456789'::TIMESTAMP_NS", "timestamps", someTime},
		{"TIMESTAMP_MS", "'2024-03-01 13:33:20.123'::TIMESTAMP_MS", "timestamps", "1709300000123000"},
		{"TIMESTAMP_S", "'2024-03-01 13:33:20'::TIMESTAMP_S", "timestamps", "1709300000000000"},
		{"DATE", "DATE '2024-03-01'", "timestamps", "1709251200000000"},
		{"TIME", "TIME '13:33:20.123456'", "time of day", "48800123456"},
		{"TIME with zone", "'13:33:20.123456+00'::TIMETZ", "time of day", "48800123456"},
		{"TIME_NS", "'13:33:20.123456789'::TIME_NS", "time of day", "48800123457"},
		{"DOUBLE", "1709300000.123456::DOUBLE", "seconds since 1970", someTime},
		{"DECIMAL", "1709300000.123456::DECIMAL(18,6)", "seconds since 1970", someTime},
		{"INTEGER", "1709300000::INTEGER", "seconds since 1970", "1709300000000000"},
		{"HUGEINT", "1709300000123456789::HUGEINT", "nanoseconds since 1970", someTime},
		{"VARCHAR", "'2024-03-01T13:33:20.123456Z'", table.Text.Doc, someTime},
		{"TIMESTAMP out of range", "unnest([TIMESTAMP '2024-03-01 13:33:20.123456', TIMESTAMP '0001-01-01', 'infinity'::TIMESTAMP])", "timestamps", someTime},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			content := parquetOf(t, "SELECT "+test.expression+" AS ts, '192.0.2.1' AS src_ip, '198.51.100.2' AS dst_ip, 'tcp' AS proto, 443 AS port, 1 AS up_bytes, 2 AS down_bytes")
			source, flows, err := add(t, content, Hints{})
			if err != nil {
				t.Fatal(err)
			}
			if got := starts(flows); got != test.want || source.Clock.Doc != test.clock {
				t.Errorf("starts %s by %q, expected %s by %q", got, source.Clock.Doc, test.want, test.clock)
			}
		})
	}
}

func TestTimeUnitOverride(t *testing.T) {
	for name, want := range map[string]string{
		"midnight-s": "60000000", "midnight-cs": "600000", "cs": "600000", "midnight-ms": "60000", "midnight-us": "60",
	} {
		clock, err := table.ClockByName(name)
		if err != nil {
			t.Fatal(err)
		}
		_, flows, err := add(t, timed("60"), Hints{Clock: &clock})
		if err != nil {
			t.Fatal(err)
		}
		if got := starts(flows); got != want {
			t.Errorf("%s: start %s, expected %s", name, got, want)
		}
	}
	seconds, _ := table.ClockByName("s")
	source, flows, err := add(t, timed("60", "1709300000"), Hints{Clock: &seconds})
	if err != nil || starts(flows) != "1709300000000000" || source.Skipped[0].Reason != "time unreadable or out of range" {
		t.Errorf("starts %s, skipped %v, error %v", starts(flows), skips(source), err)
	}
	text, _ := table.ClockByName("text")
	if _, flows, err := add(t, timed("2024-03-01 13:33:20.123456", "1", "2", "3"), Hints{Clock: &text}); err != nil || starts(flows) != someTime {
		t.Errorf("starts %s, error %v", starts(flows), err)
	}
}

func TestTimeUnitOfTypedColumns(t *testing.T) {
	content := parquetOf(t, "SELECT TIMESTAMP '2024-03-01 13:33:20.123456' AS ts, '192.0.2.1' AS src_ip, '198.51.100.2' AS dst_ip, 'tcp' AS proto, 443 AS port, 1 AS up_bytes, 2 AS down_bytes")
	for _, name := range table.ClockNames() {
		clock, _ := table.ClockByName(name)
		_, flows, err := add(t, content, Hints{Clock: &clock})
		if err != nil || starts(flows) != someTime {
			t.Errorf("--time-unit %s: starts %q, error %v; a timestamp needs no unit", name, starts(flows), err)
		}
	}
}

func TestAmbiguousTimes(t *testing.T) {
	tests := []struct {
		name  string
		times []string
		err   string
		hint  string
	}{
		{"since midnight, unit unknown", []string{"0", "8639999"}, "the unit of its times cannot be told: they lie between 0 and 8.639999e+06",
			"give --time-unit midnight-cs if it spans 24.0 hours, --time-unit midnight-ms if it spans 2.4 hours, --time-unit midnight-us if it spans 8.64 seconds"},
		{"beyond all", []string{"9e18"}, "cannot be told", "say what they count with --time-unit s|ms|"},
		{"negative", []string{"-5", "-4"}, "cannot be told", "say what they count with --time-unit s|ms|"},
		{"none", []string{"", ""}, "it has no times", "--map start=FIELD"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := add(t, timed(test.times...), Hints{})
			wantError(t, err, test.err, test.hint)
		})
	}
}

// Files with the original's names count as the original's do, and only where that can be.
func TestOriginalTimes(t *testing.T) {
	original := func(time string) string {
		return strings.ReplaceAll(strings.Replace(timed(time), "ts", "timestamp", 1), ";", ",")
	}
	for time, want := range map[string]string{"0": "0", "8639999": "86399990000", "267839999": "2678399990000", "1709300000": "1709300000000000"} {
		_, flows, err := add(t, original(time), Hints{})
		if err != nil || starts(flows) != want {
			t.Errorf("%s: starts %s, error %v, expected %s", time, starts(flows), err, want)
		}
	}
}
