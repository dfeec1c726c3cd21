package biflow_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/biflow"
	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

const (
	syn  = packet.SYN
	ack  = packet.ACK
	fin  = packet.FIN
	rst  = packet.RST
	psh  = packet.PSH
	full = syn | ack | psh | fin
	none = packet.TCPFlags(0xff) // the record has no flags
)

// half is a record of a test: who sent to whom, when (in milliseconds), and what.
type half struct {
	from, to       string
	start, end     int64
	packets, bytes int64
	proto          flow.Proto
	flags          packet.TCPFlags
}

func (h half) half() *biflow.Half {
	from, to := netip.MustParseAddrPort(h.from), netip.MustParseAddrPort(h.to)
	return &biflow.Half{
		Flow: flow.Flow{
			Start: h.start * 1000, Duration: (h.end - h.start) * 1000, Proto: h.proto, SrcIP: from.Addr(), SrcPort: from.Port(),
			DstIP: to.Addr(), DstPort: to.Port(), UpPackets: h.packets, UpBytes: h.bytes,
		},
		Flags: h.flags &^ (none &^ full &^ rst), HasFlags: h.flags != none && h.proto == flow.TCP,
	}
}

// text shows a flow on one line, times in milliseconds.
func text(f flow.Flow) string {
	return fmt.Sprintf("%s > %s %s %d+%d up %d/%d down %d/%d %s %s", netip.AddrPortFrom(f.SrcIP, f.SrcPort), netip.AddrPortFrom(f.DstIP, f.DstPort),
		f.Proto, f.Start/1000, f.Duration/1000, f.UpPackets, f.UpBytes, f.DownPackets, f.DownBytes, f.State, f.Opener)
}

func join(options biflow.Options, halves []half) []string {
	joiner := biflow.New(options)
	for _, h := range halves {
		joiner.Add(h.half())
	}
	joiner.Finish()
	var lines []string
	for _, f := range drain(joiner, 2) {
		lines = append(lines, text(f))
	}
	return lines
}

func drain(joiner *biflow.Joiner, batch int) (flows []flow.Flow) {
	dst := make([]flow.Flow, batch)
	for n := joiner.Drain(dst); n > 0; n = joiner.Drain(dst) {
		flows = append(flows, dst[:n]...)
	}
	return flows
}

const (
	client = "192.0.2.1:50000"
	server = "198.51.100.7:443"
	ntpA   = "192.0.2.1:123"
	ntpB   = "198.51.100.7:123"
	peerA  = "192.0.2.1:6881"
	peerB  = "198.51.100.7:6881"
)

var cases = []struct {
	name   string
	halves []half
	want   []string
}{
	{"the answer is exported first", []half{
		{server, client, 20, 900, 8, 4000, flow.TCP, full}, {client, server, 0, 950, 9, 900, flow.TCP, full},
	}, []string{"192.0.2.1:50000 > 198.51.100.7:443 tcp 0+950 up 9/900 down 8/4000 established syn"}},
	{"both start in the same millisecond", []half{
		{server, client, 5, 9, 8, 4000, flow.TCP, full}, {client, server, 5, 9, 9, 900, flow.TCP, full},
	}, []string{"192.0.2.1:50000 > 198.51.100.7:443 tcp 5+4 up 9/900 down 8/4000 established port"}},
	{"a server connects out from its own port", []half{
		{"192.0.2.1:20", "198.51.100.7:40000", 0, 100, 5, 500, flow.TCP, full}, {"198.51.100.7:40000", "192.0.2.1:20", 30, 100, 4, 200, flow.TCP, full},
	}, []string{"192.0.2.1:20 > 198.51.100.7:40000 tcp 0+100 up 5/500 down 4/200 established syn"}},
	{"an active timeout cuts a long connection", []half{
		{client, server, 0, 59800, 60, 6000, flow.TCP, syn | ack | psh}, {server, client, 10, 59900, 60, 6000, flow.TCP, syn | ack | psh},
		{client, server, 60800, 119800, 60, 6000, flow.TCP, ack | psh}, {server, client, 60900, 119900, 60, 6000, flow.TCP, ack | psh},
		{client, server, 180000, 180100, 2, 100, flow.TCP, ack | fin}, {server, client, 180020, 180100, 2, 100, flow.TCP, ack | fin},
	}, []string{"192.0.2.1:50000 > 198.51.100.7:443 tcp 0+180100 up 122/12100 down 122/12100 established syn"}},
	{"a port is used again at once", []half{
		{client, server, 0, 100, 5, 500, flow.TCP, full}, {server, client, 20, 110, 5, 500, flow.TCP, full},
		{client, server, 300, 400, 6, 600, flow.TCP, full}, {server, client, 320, 410, 6, 600, flow.TCP, full},
	}, []string{
		"192.0.2.1:50000 > 198.51.100.7:443 tcp 0+110 up 5/500 down 5/500 established syn",
		"192.0.2.1:50000 > 198.51.100.7:443 tcp 300+110 up 6/600 down 6/600 established syn",
	}},
	{"NTP asks each 64 s from its own port", []half{
		{ntpA, ntpB, 0, 0, 1, 76, flow.UDP, 0}, {ntpB, ntpA, 20, 20, 1, 76, flow.UDP, 0},
		{ntpA, ntpB, 64000, 64000, 1, 76, flow.UDP, 0}, {ntpB, ntpA, 64020, 64020, 1, 76, flow.UDP, 0},
		{ntpA, ntpB, 128000, 128000, 1, 76, flow.UDP, 0},
	}, []string{
		"192.0.2.1:123 > 198.51.100.7:123 udp 0+20 up 1/76 down 1/76 established first",
		"192.0.2.1:123 > 198.51.100.7:123 udp 64000+20 up 1/76 down 1/76 established first",
		"192.0.2.1:123 > 198.51.100.7:123 udp 128000+0 up 1/76 down 0/0 unanswered first",
	}},
	{"the first answer of several is missing", []half{
		{ntpA, ntpB, 0, 0, 1, 76, flow.UDP, 0}, {ntpA, ntpB, 64000, 64000, 1, 76, flow.UDP, 0}, {ntpB, ntpA, 64020, 64020, 1, 76, flow.UDP, 0},
	}, []string{
		"192.0.2.1:123 > 198.51.100.7:123 udp 0+0 up 1/76 down 0/0 unanswered first",
		"192.0.2.1:123 > 198.51.100.7:123 udp 64000+20 up 1/76 down 1/76 established first",
	}},
	{"a clock puts the answer before the next question", []half{
		{ntpA, ntpB, 0, 0, 1, 76, flow.UDP, 0}, {ntpA, ntpB, 64010, 64010, 1, 76, flow.UDP, 0}, {ntpB, ntpA, 64000, 64000, 1, 76, flow.UDP, 0},
	}, []string{
		"192.0.2.1:123 > 198.51.100.7:123 udp 0+0 up 1/76 down 0/0 unanswered first",
		"198.51.100.7:123 > 192.0.2.1:123 udp 64000+10 up 1/76 down 1/76 established first",
	}},
	{"a stream over UDP is cut each minute", []half{
		{peerA, peerB, 0, 59000, 30, 3000, flow.UDP, 0}, {peerA, peerB, 61000, 119000, 30, 3000, flow.UDP, 0},
		{peerA, peerB, 121000, 122000, 2, 200, flow.UDP, 0}, {peerB, peerA, 500, 119900, 40, 4000, flow.UDP, 0},
	}, []string{"192.0.2.1:6881 > 198.51.100.7:6881 udp 0+122000 up 62/6200 down 40/4000 established first"}},
	{"keep-alives of a tunnel each 25 s, cut each minute", []half{
		{peerA, peerB, 0, 50000, 3, 300, flow.UDP, 0}, {peerA, peerB, 75000, 125000, 3, 300, flow.UDP, 0},
	}, []string{"192.0.2.1:6881 > 198.51.100.7:6881 udp 0+125000 up 6/600 down 0/0 other first"}},
	{"the answer takes a while", []half{
		{peerA, "198.51.100.7:9000", 0, 0, 1, 100, flow.UDP, 0}, {"198.51.100.7:9000", peerA, 2500, 2500, 1, 100, flow.UDP, 0},
	}, []string{"192.0.2.1:6881 > 198.51.100.7:9000 udp 0+2500 up 1/100 down 1/100 established first"}},
	{"the input begins in the middle", []half{
		{server, client, 0, 60000, 50, 50000, flow.UDP, 0}, {client, server, 4000, 58000, 5, 300, flow.UDP, 0},
	}, []string{"192.0.2.1:50000 > 198.51.100.7:443 udp 0+60000 up 5/300 down 50/50000 established port"}},
	{"the server goes on after a pause", []half{
		{server, client, 0, 600, 12, 1485, flow.UDP, 0}, {client, server, 500, 510, 7, 716, flow.UDP, 0},
	}, []string{"192.0.2.1:50000 > 198.51.100.7:443 udp 0+600 up 7/716 down 12/1485 established port"}},
	{"to a group", []half{{"192.0.2.1:138", "224.0.0.251:5353", 0, 0, 1, 100, flow.UDP, 0}}, []string{
		"192.0.2.1:138 > 224.0.0.251:5353 udp 0+0 up 1/100 down 0/0 other first",
	}},
	{"an exporter tells the flags of the first packet only", []half{{client, server, 0, 3000, 10, 1415, flow.TCP, syn}}, []string{
		"192.0.2.1:50000 > 198.51.100.7:443 tcp 0+3000 up 10/1415 down 0/0 other syn",
	}},
	{"nobody answers a SYN", []half{{client, server, 0, 3000, 3, 180, flow.TCP, syn}}, []string{
		"192.0.2.1:50000 > 198.51.100.7:443 tcp 0+3000 up 3/180 down 0/0 unanswered syn",
	}},
	{"the port is closed", []half{
		{client, server, 0, 0, 1, 60, flow.TCP, syn}, {server, client, 0, 0, 1, 40, flow.TCP, rst | ack},
	}, []string{"192.0.2.1:50000 > 198.51.100.7:443 tcp 0+0 up 1/60 down 1/40 refused syn"}},
	{"the port is closed, and the input has no flags", []half{
		{client, server, 0, 0, 1, 60, flow.TCP, none}, {server, client, 0, 0, 1, 40, flow.TCP, none},
	}, []string{"192.0.2.1:50000 > 198.51.100.7:443 tcp 0+0 up 1/60 down 1/40 refused port"}},
	{"a connection is cut off", []half{
		{client, server, 0, 900, 9, 900, flow.TCP, syn | ack | psh}, {server, client, 10, 990, 9, 900, flow.TCP, syn | ack | psh | rst},
	}, []string{"192.0.2.1:50000 > 198.51.100.7:443 tcp 0+990 up 9/900 down 9/900 reset syn"}},
	{"a reset tidies up after both have closed", []half{
		{client, server, 0, 900, 9, 900, flow.TCP, full | rst}, {server, client, 10, 890, 9, 900, flow.TCP, full},
	}, []string{"192.0.2.1:50000 > 198.51.100.7:443 tcp 0+900 up 9/900 down 9/900 established syn"}},
	{"only the answer to a SYN is seen", []half{{server, client, 0, 0, 1, 44, flow.TCP, syn | ack}}, []string{
		"192.0.2.1:50000 > 198.51.100.7:443 tcp 0+0 up 0/0 down 1/44 other syn",
	}},
	{"only the server is seen", []half{{server, client, 0, 60, 10, 9000, flow.UDP, 0}}, []string{
		"192.0.2.1:50000 > 198.51.100.7:443 udp 0+60 up 0/0 down 10/9000 other port",
	}},
	{"ping", []half{
		{"198.51.100.7:0", "192.0.2.1:0", 10, 3010, 4, 336, flow.ICMP, 0}, {"192.0.2.1:8", "198.51.100.7:0", 0, 3000, 4, 336, flow.ICMP, 0},
		{"198.51.100.7:3", "192.0.2.1:1", 0, 0, 1, 56, flow.ICMP, 0}, {"192.0.2.1:3", "198.51.100.7:1", 0, 0, 1, 56, flow.ICMP, 0},
	}, []string{
		"192.0.2.1:8 > 198.51.100.7:0 icmp 0+3010 up 4/336 down 4/336 established first",
		"198.51.100.7:3 > 192.0.2.1:1 icmp 0+0 up 1/56 down 0/0 other first",
		"192.0.2.1:3 > 198.51.100.7:1 icmp 0+0 up 1/56 down 0/0 other first",
	}},
	{"ping, from an exporter that does not tell the types of ICMP", []half{
		{"198.51.100.7:0", "192.0.2.1:0", 0, 3010, 4, 336, flow.ICMP, 0}, {"192.0.2.1:0", "198.51.100.7:0", 10, 3000, 4, 336, flow.ICMP, 0},
	}, []string{"198.51.100.7:0 > 192.0.2.1:0 icmp 0+3010 up 4/336 down 4/336 established first"}},
	{"an answer to no ping", []half{
		{"198.51.100.7:0", "192.0.2.1:0", 0, 3010, 4, 336, flow.ICMP, 0},
	}, []string{"198.51.100.7:0 > 192.0.2.1:0 icmp 0+3010 up 4/336 down 0/0 other first"}},
	{"ping of the lower address", []half{
		{"192.0.2.1:0", "198.51.100.7:0", 0, 3010, 4, 336, flow.ICMP, 0}, {"198.51.100.7:8", "192.0.2.1:0", 0, 3000, 4, 336, flow.ICMP, 0},
	}, []string{"198.51.100.7:8 > 192.0.2.1:0 icmp 0+3010 up 4/336 down 4/336 established first"}},
	{"ping of IPv6, only answered", []half{
		{"[2001:db8::7]:129", "[2001:db8::1]:0", 10, 3010, 4, 416, flow.ICMPv6, 0},
	}, []string{"[2001:db8::1]:128 > [2001:db8::7]:0 ipv6-icmp 10+3000 up 0/0 down 4/416 other port"}},
	{"nothing tells the ends of a tunnel apart", []half{
		{"198.51.100.7:0", "192.0.2.1:0", 0, 9, 4, 400, flow.GRE, 0}, {"192.0.2.1:0", "198.51.100.7:0", 0, 9, 5, 500, flow.GRE, 0},
	}, []string{"192.0.2.1:0 > 198.51.100.7:0 gre 0+9 up 5/500 down 4/400 established "}},
}

func TestJoin(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, join(biflow.Options{}, c.halves)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestOrder: whatever comes first, the same flows come out.
func TestOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range cases {
		want := slices.Sorted(slices.Values(c.want))
		for range 20 {
			halves := slices.Clone(c.halves)
			random.Shuffle(len(halves), func(i, k int) { halves[i], halves[k] = halves[k], halves[i] })
			got := join(biflow.Options{}, halves)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%s, as %v (-want +got):\n%s", c.name, halves, diff)
			}
		}
	}
}

func TestSampled(t *testing.T) {
	joiner := biflow.New(biflow.Options{})
	joiner.Sampled()
	joiner.Add(half{client, server, 0, 0, 1, 60, flow.TCP, syn}.half())
	joiner.Finish()
	if f := drain(joiner, 4)[0]; f.State != flow.Other {
		t.Errorf("a sampled SYN is %s", f.State)
	}
}

// TestBothWays: a record that counts both directions keeps its source and its texts, and goes on with the next.
func TestBothWays(t *testing.T) {
	first := half{server, client, 0, 60000, 61, 6000, flow.TCP, ack}.half()
	first.DownPackets, first.DownBytes, first.Opener = 50, 5000, flow.ByFirst
	second := half{server, client, 60500, 61000, 3, 300, flow.TCP, ack | fin}.half()
	second.DownPackets, second.DownBytes, second.Opener, second.Service = 2, 200, flow.ByFirst, "tls"
	joiner := biflow.New(biflow.Options{})
	joiner.Add(first)
	joiner.Add(second)
	joiner.Finish()
	flows := drain(joiner, 4)
	want := "198.51.100.7:443 > 192.0.2.1:50000 tcp 0+61000 up 64/6300 down 52/5200 established first"
	if len(flows) != 1 || text(flows[0]) != want || flows[0].Service != "tls" {
		t.Errorf("got %v, want %s over tls", flows, want)
	}
}

// TestBothWaysAlone: such a record of a whole connection waits for no other.
func TestBothWaysAlone(t *testing.T) {
	both := half{client, server, 0, 900, 9, 900, flow.TCP, full}.half()
	both.DownPackets, both.DownBytes, both.DownFlags = 8, 4000, full
	joiner := biflow.New(biflow.Options{})
	joiner.Add(both)
	joiner.Add(half{server, client, 5, 900, 1, 40, flow.TCP, full}.half())
	joiner.Finish()
	flows := drain(joiner, 4)
	want := "192.0.2.1:50000 > 198.51.100.7:443 tcp 0+900 up 9/900 down 9/4040 established port"
	if len(flows) != 1 || text(flows[0]) != want {
		t.Errorf("got %v, want %s", flows, want)
	}
}

// TestHuge: counts beyond 64 bits stay at the largest.
func TestHuge(t *testing.T) {
	huge := half{peerA, peerB, 0, 1000, 1 << 62, 1 << 62, flow.UDP, 0}
	got := join(biflow.Options{}, []half{huge, huge, huge})
	want := []string{"192.0.2.1:6881 > 198.51.100.7:6881 udp 0+1000 up 9223372036854775807/9223372036854775807 down 0/0 other first"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestIdle: two directions that lie further apart are two flows.
func TestIdle(t *testing.T) {
	halves := []half{{peerA, peerB, 0, 0, 1, 76, flow.UDP, 0}, {peerB, peerA, 61_000, 61_000, 1, 76, flow.UDP, 0}}
	if n := len(join(biflow.Options{}, halves)); n != 1 {
		t.Errorf("%d flows by default", n)
	}
	if n := len(join(biflow.Options{Idle: time.Minute}, halves)); n != 2 {
		t.Errorf("%d flows with an idle time of one minute", n)
	}
}

// TestBound: nothing is lost where more come than are held, and those that go alone before their time are counted.
func TestBound(t *testing.T) {
	const most = 1000
	joiner := biflow.New(biflow.Options{Most: most})
	var packets, bytes, flows, alone int64
	dst := make([]flow.Flow, 64)
	collect := func() {
		for n := joiner.Drain(dst); n > 0; n = joiner.Drain(dst) {
			for _, f := range dst[:n] {
				packets += f.UpPackets + f.DownPackets
				bytes += f.UpBytes + f.DownBytes
				if f.DownPackets == 0 || f.UpPackets == 0 {
					alone++
				}
				flows++
			}
		}
	}
	halves := pairs(5 * most)
	for i := range halves { // all first halves before all others: mates come too late
		half := halves[i%(len(halves)/2)*2+i/(len(halves)/2)]
		joiner.Add(&half)
		if i%100 == 0 {
			collect()
		}
	}
	joiner.Finish()
	collect()
	if want := int64(len(halves)); packets != 5*want || bytes != 800*want {
		t.Errorf("%d packets and %d bytes, want %d and %d", packets, bytes, 5*want, 800*want)
	}
	if joiner.Early() == 0 || joiner.Early() > alone || 2*flows-alone != int64(len(halves)) {
		t.Errorf("%d flows, %d alone, %d early", flows, alone, joiner.Early())
	}
}

// TestFinishedLeave: a long input does not keep what is over.
func TestFinishedLeave(t *testing.T) {
	joiner := biflow.New(biflow.Options{})
	before := 0
	dst := make([]flow.Flow, 1024)
	for hour := range int64(40) {
		for _, half := range pairs(1 << 12) {
			half.Start += hour * 3600_000_000
			half.Flags = ack // no end is seen
			joiner.Add(&half)
		}
		for n := joiner.Drain(dst); n > 0; n = joiner.Drain(dst) {
			before += n
		}
	}
	if before < 30<<12 {
		t.Errorf("only %d of %d flows came before the end", before, 40<<12)
	}
	if joiner.Early() != 0 {
		t.Errorf("%d went early", joiner.Early())
	}
}
