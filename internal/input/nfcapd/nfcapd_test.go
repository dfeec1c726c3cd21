package nfcapd

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
)

const (
	tcp    = 6
	udp    = 17
	icmp4  = 1
	full   = 0x1b // SYN, ACK, PSH and FIN
	client = "192.0.2.10:50123"
	server = "198.51.100.7:443"
)

// conversations are records of both directions, in the order of their ends.
var conversations = []sample{
	{src: "192.0.2.10:40000", dst: "192.0.2.53:53", start: 0, end: 0, proto: udp, packets: 1, bytes: 70},
	{src: "192.0.2.53:53", dst: "192.0.2.10:40000", start: 12, end: 12, proto: udp, packets: 1, bytes: 130},
	{src: client, dst: server, start: 20, end: 920, proto: tcp, flags: full, packets: 9, bytes: 1200, long: true},
	{src: server, dst: client, start: 35, end: 930, proto: tcp, flags: full, packets: 8, bytes: 6400, long: true},
	{src: "[2001:db8::10]:50124", dst: "[2001:db8:1::7]:443", start: 40, end: 60, proto: tcp, flags: 0x02, packets: 3, bytes: 240},
	{src: "192.0.2.10:0", dst: "198.51.100.7:2048", start: 50, end: 3050, proto: icmp4, packets: 4, bytes: 336},
	{src: "198.51.100.7:0", dst: "192.0.2.10:0", start: 70, end: 3070, proto: icmp4, packets: 4, bytes: 336},
}

// joinedConversations are their flows: whole connections come first.
var joinedConversations = []string{
	"192.0.2.10:50123 > 198.51.100.7:443 tcp 20+910 up 9/1200 down 8/6400 established syn",
	"192.0.2.10:40000 > 192.0.2.53:53 udp 0+12 up 1/70 down 1/130 established first",
	"[2001:db8::10]:50124 > [2001:db8:1::7]:443 tcp 40+20 up 3/240 down 0/0 unanswered syn",
	"192.0.2.10:8 > 198.51.100.7:0 icmp 50+3020 up 4/336 down 4/336 established first",
}

// text shows flows a line each, times in milliseconds after base.
func text(flows []flow.Flow) (lines []string) {
	for _, f := range flows {
		lines = append(lines, fmt.Sprintf("%s > %s %s %d+%d up %d/%d down %d/%d %s %s", netip.AddrPortFrom(f.SrcIP, f.SrcPort), netip.AddrPortFrom(f.DstIP, f.DstPort),
			f.Proto, f.Start/1000-base, f.Duration/1000, f.UpPackets, f.UpBytes, f.DownPackets, f.DownBytes, f.State, f.Opener))
	}
	return lines
}

func zstdBlock(data []byte) []byte {
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err)
	}
	return encoder.EncodeAll(data, nil)
}

func lz4Block(data []byte) []byte {
	out := make([]byte, lz4.CompressBlockBound(len(data)))
	var compressor lz4.Compressor
	n, err := compressor.CompressBlock(data, out)
	if err != nil || n == 0 {
		panic(fmt.Sprint(n, err))
	}
	return out[:n]
}

// files are the conversations in every layout and compression that tests can write.
func files() map[string][]byte {
	return map[string][]byte{
		"layout 2":            file2(conversations, 100, none, nil),
		"layout 2, of blocks": file2(conversations, 2, none, nil),
		"layout 2, zstd":      file2(conversations, 3, zst, zstdBlock),
		"layout 2, LZ4":       file2(conversations, 100, lz, lz4Block),
		"layout 2, LZO":       file2(conversations, 3, lzo, literal),
		"layout 1":            file1(conversations, 0, nil),
		"layout 1, LZ4":       file1(conversations, flagLZ4, lz4Block),
		"layout 1, LZO":       file1(conversations, flagLZO, literal),
	}
}

// written are the records of the files in testdata.
func written() []sample {
	samples := busy(180)
	for i := range samples {
		samples[i].packets, samples[i].bytes = 5+uint64(i%2), 600
	}
	return samples
}

// TestCompressed reads what nfdump itself has compressed.
func TestCompressed(t *testing.T) {
	want := inputtest.Read(Format, file2(written(), 1000, none, nil), input.Settings{}, 100)
	for _, name := range []string{"lzo", "lz4", "bzip2"} {
		content, err := os.ReadFile(filepath.Join("testdata", name+".nfcapd"))
		if err != nil {
			t.Fatal(err)
		}
		got := inputtest.Read(Format, content, input.Settings{}, 100)
		if diff := cmp.Diff(text(want.Flows), text(got.Flows)); diff != "" || len(got.Flows) == 0 || got.Account.Records != 180 {
			t.Errorf("%s: account %+v (-want +got):\n%s", name, got.Account, diff)
		}
		inputtest.Run(t, Format, content)
	}
}

func TestContract(t *testing.T) {
	for name, content := range files() {
		t.Run(name, func(t *testing.T) { inputtest.Run(t, Format, content) })
	}
}

func TestFlows(t *testing.T) {
	for name, content := range files() {
		result := inputtest.Read(Format, content, input.Settings{}, 100)
		if diff := cmp.Diff(joinedConversations, text(result.Flows)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		want := input.Account{Clock: "milliseconds since 1970", Records: int64(len(conversations)), Unit: "records"}
		if diff := cmp.Diff(want, result.Account); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestMeanings: what single records mean, in either layout.
func TestMeanings(t *testing.T) {
	for _, c := range []struct {
		name   string
		sample sample
		flow   string // or empty
		skip   string
	}{
		{"both directions", sample{src: client, dst: server, end: 900, proto: tcp, flags: full, packets: 9, bytes: 900, outPackets: 8, outBytes: 7000},
			"192.0.2.10:50123 > 198.51.100.7:443 tcp 0+900 up 9/900 down 8/7000 established port", ""},
		{"only what left was counted", sample{src: client, dst: "198.51.100.7:9000", end: 900, proto: udp, outPackets: 8, outBytes: 7000},
			"192.0.2.10:50123 > 198.51.100.7:9000 udp 0+900 up 8/7000 down 0/0 other port", ""},
		{"a firewall saw a connection end", sample{src: server, dst: client, end: 900, proto: tcp, packets: 0, bytes: 900, outBytes: 7000, event: true, firewall: 2},
			"198.51.100.7:443 > 192.0.2.10:50123 tcp 0+900 up 0/900 down 0/7000 established first", ""},
		{"a firewall saw a connection begin", sample{src: client, dst: server, proto: tcp, event: true, firewall: eventCreate}, "", reasonOpened},
		{"a firewall refused a connection", sample{src: client, dst: server, proto: tcp, packets: 1, bytes: 60, event: true, firewall: eventDenied},
			"192.0.2.10:50123 > 198.51.100.7:443 tcp 0+0 up 1/60 down 0/0 refused first", ""},
		{"it ends before it begins", sample{src: client, dst: server, start: 500, end: 100, proto: udp, packets: 1, bytes: 60},
			"192.0.2.10:50123 > 198.51.100.7:443 udp 500+0 up 1/60 down 0/0 other port", ""},
		{"to a host behind a translator", sample{src: server, dst: "203.0.113.1:61000", behind: client, proto: tcp, flags: full, packets: 8, bytes: 900},
			"192.0.2.10:50123 > 198.51.100.7:443 tcp 0+0 up 0/0 down 8/900 other port", ""},
		{"the same over IPv6", sample{src: "[2001:db8:1::7]:443", dst: "[2001:db8:2::1]:61000", behind: "[2001:db8::10]:50123", proto: udp, packets: 8, bytes: 900},
			"[2001:db8::10]:50123 > [2001:db8:1::7]:443 udp 0+0 up 0/0 down 8/900 other port", ""},
		{"type and code of ICMP the other way round", sample{src: "192.0.2.10:0", dst: "198.51.100.7:11", proto: icmp4, packets: 1, bytes: 56},
			"192.0.2.10:11 > 198.51.100.7:0 icmp 0+0 up 1/56 down 0/0 other first", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for layout, content := range map[string][]byte{"1": file1([]sample{c.sample}, 0, nil), "2": file2([]sample{c.sample}, 1, none, nil)} {
				result := inputtest.Read(Format, content, input.Settings{}, 100)
				if got := strings.Join(text(result.Flows), "\n"); got != c.flow {
					t.Errorf("layout %s: got %s\nwant %s", layout, got, c.flow)
				}
				var skipped string
				for _, skip := range result.Account.Skipped {
					skipped += skip.Reason
				}
				if skipped != c.skip {
					t.Errorf("layout %s: skipped %q, want %q", layout, skipped, c.skip)
				}
			}
		})
	}
}
