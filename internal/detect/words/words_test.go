package words_test

import (
	"net/netip"
	"testing"

	"sentinel/internal/detect/words"
	"sentinel/internal/engine"
)

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		words.Bytes(0): "0 bytes", words.Bytes(999.7): "1 kB", words.Bytes(84_300_000): "84 MB", words.Bytes(1.24e9): "1.2 GB",
		words.Bytes(5e18): "5,000 PB", words.Number(0.314): "0.31", words.Number(9.96): "10", words.Number(12_345): "12,345",
		words.Number(999.6): "1,000", words.Number(1_002_003): "1,002,003",
		words.Span(3): "3 s", words.Span(300): "5 min", words.Span(15_120): "4.2 h",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestDestination(t *testing.T) {
	channel := engine.Channel{DstIP: netip.MustParseAddr("192.0.2.7"), Proto: "tcp", DstPort: 443}
	if got := words.Destination(channel); got != "192.0.2.7 tcp 443" {
		t.Error(got)
	}
	channel.Name, channel.Proto = "www.example", "icmp"
	if got := words.Destination(channel); got != "www.example (192.0.2.7) icmp" {
		t.Error(got)
	}
}
