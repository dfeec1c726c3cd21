package netflow_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
	"sentinel/internal/input/netflow"
)

// samples are datagrams of what is read.
var samples = [][]byte{
	v5(0, record5("192.0.2.1", "198.51.100.2", 5000, 80, 6, 0x1b, uptime-9000, uptime-1000),
		record5("198.51.100.2", "192.0.2.1", 80, 5000, 6, 0x1b, uptime-8990, uptime-1000)),
	v9(set(0, with(256, field{1, 4, 0}, field{2, 4, 0}, field{22, 4, 0}, field{21, 4, 0})),
		set(256, of(u32(120), u32(2), u32(uptime-500), u32(uptime)))),
	ipfix(set(2, with(257, field{1, 8, 0}, field{1, 8, 29305}, field{152, 8, 0}, field{153, 8, 0}, field{808, 65535, 8057})),
		set(257, of(u64(99), u64(1234), u64(now*1000-70), u64(now*1000), u8(11), []byte("example.com")))),
	sflow(sampled(16, header(tcpFrame("192.0.2.9", "198.51.100.9", 7000, 443, 0x10)))),
}

func TestContract(t *testing.T) {
	inputtest.Run(t, netflow.Datagrams, bytes.Join(samples, nil))
	inputtest.Run(t, netflow.Captured, capture(samples...))
}

// line writes a flow as the tests expect it, with its times from now on.
func line(f *flow.Flow) string {
	start := time.Duration(f.Start-now*1e6) * time.Microsecond
	text := fmt.Sprintf("%v +%v %v:%d > %v:%d %v %d/%d %d/%d", start, time.Duration(f.Duration)*time.Microsecond,
		f.SrcIP, f.SrcPort, f.DstIP, f.DstPort, f.Proto, f.UpBytes, f.UpPackets, f.DownBytes, f.DownPackets)
	for _, word := range []string{f.Service, f.Name} {
		if word != "" {
			text += " " + word
		}
	}
	return text
}

func lines(result inputtest.Result) (all []string) {
	for i := range result.Flows {
		all = append(all, line(&result.Flows[i]))
	}
	for _, skip := range result.Account.Skipped {
		all = append(all, fmt.Sprintf("skipped %d: %s", skip.Rows, skip.Reason))
	}
	return all
}

// counted are fields of counts; theCounts say 100 bytes, 2 packets.
var (
	counted    = []field{{1, 4, 0}, {2, 4, 0}}
	theCounts  = pack(u32(100), u32(2))
	someRecord = of(theCounts)
)

func counting(id u16, fields ...field) []byte { return with(id, append(counted[:2:2], fields...)...) }

// ntp is a time as NTP writes it, so long before now.
func ntp(before time.Duration) u64 {
	seconds, fraction := u64(now-1)-u64(before/time.Second)+2208988800, u64(time.Second-before%time.Second)
	return seconds<<32 | fraction<<32/u64(time.Second)
}

func TestRecords(t *testing.T) {
	const plain = "192.0.2.1:5000 > 198.51.100.2:53 udp 100/2 0/0"
	for name, test := range map[string]struct {
		datagrams [][]byte
		want      []string
	}{
		"v1": {[][]byte{pack(u16(1), u16(1), u32(uptime), u32(now), u32(0),
			"192.0.2.1", "198.51.100.2", "0.0.0.0", u16(1), u16(2), u32(2), u32(100), u32(uptime-2000), u32(uptime-500),
			u16(5000), u16(53), u16(0), u8(17), u8(0), u8(0), make([]byte, 11))}, []string{"-2s +1.5s " + plain}},
		"v5": {[][]byte{v5(0, record5("192.0.2.1", "198.51.100.2", 5000, 53, 17, 0, uptime-2250, uptime-250))}, []string{"-2s +2s " + plain}},
		"v7": {[][]byte{pack(u16(7), u16(1), u32(uptime), u32(now), u32(0), u64(1),
			record5("192.0.2.1", "198.51.100.2", 5000, 53, 17, 0, uptime-2000, uptime-500), "192.0.2.254")}, []string{"-2s +1.5s " + plain}},
		"uptime wrapped since": {[][]byte{pack(u16(5), u16(1), u32(1000), u32(now), u32(0), u64(0),
			record5("192.0.2.1", "198.51.100.2", 5000, 53, 17, 0, 1<<32-4000, 1<<32-1000))}, []string{"-5s +3s " + plain}},
		"v5 with too many records": {[][]byte{v5(0, slices.Repeat([][]byte{record5("192.0.2.1", "198.51.100.2", 1, 2, 17, 0, 1, 2)}, 31)...)},
			[]string{"skipped 1: datagram that is no export of flows"}},
		"ICMP in the destination port": {[][]byte{v5(0, record5("192.0.2.1", "198.51.100.2", 0, 3<<8|1, 1, 0, uptime-250, uptime-250))},
			[]string{"0s +0s 192.0.2.1:3 > 198.51.100.2:1 icmp 100/2 0/0"}},
		"ICMP as one number": {[][]byte{v9(set(0, counting(256, field{32, 2, 0})), set(256, pack("192.0.2.1", "198.51.100.2", u8(1), u32(0), theCounts, u16(11<<8))))},
			[]string{"0s +0s 192.0.2.1:11 > 198.51.100.2:0 icmp 100/2 0/0"}},
		"ICMPv6 as two numbers": {[][]byte{ipfix(set(2, template(256, field{27, 16, 0}, field{28, 16, 0}, field{4, 1, 0}, field{1, 2, 0}, field{178, 1, 0}, field{179, 1, 0})),
			set(256, pack("2001:db8::1", "2001:db8::2", u8(58), u16(100), u8(1), u8(4))))},
			[]string{"0s +0s 2001:db8::1:1 > 2001:db8::2:4 ipv6-icmp 100/0 0/0"}},
		"template before its data": {[][]byte{v9(set(0, counting(256)), set(256, someRecord, someRecord[:15]))}, []string{"0s +0s " + plain}},
		"template after its data":  {[][]byte{v9(set(256, someRecord)), v9(set(0, counting(256)))}, []string{"0s +0s " + plain}},
		"template never":           {[][]byte{v9(set(256, someRecord)), v9(set(256, someRecord))}, []string{"skipped 2: data set without its template"}},
		"template that changes": {[][]byte{
			v9(set(0, counting(256)), set(256, someRecord)), v9(set(0, with(256, field{2, 1, 0})), set(256, of(u8(7))))},
			[]string{"0s +0s 192.0.2.1:5000 > 198.51.100.2:53 udp 100/9 0/0"}},
		"template withdrawn": {[][]byte{ipfix(set(2, counting(256)), set(2, pack(u16(256), u16(0))), set(256, someRecord))},
			[]string{"skipped 1: data set without its template"}},
		"all templates withdrawn": {[][]byte{ipfix(set(2, counting(256)), set(2, pack(u16(2), u16(0))), set(256, someRecord))},
			[]string{"skipped 1: data set without its template"}},
		"template of no length": {[][]byte{v9(set(0, template(256, field{8, 0, 0})), set(256, someRecord))},
			[]string{"skipped 1: data set without its template", "skipped 1: template of no records that can be"}},
		"template cut short": {[][]byte{v9(set(0, pack(u16(256), u16(9), u16(8), u16(4))))}, []string{"skipped 1: template cut short, or with a field that cannot be"}},
		"numbers of other lengths": {[][]byte{ipfix(set(2, with(256, field{1, 3, 0}, field{2, 8, 0}, field{22, 12, 0})),
			set(256, of(u8(0), u16(100), u64(2), make([]byte, 12))))}, []string{"0s +0s " + plain}},
		"two messages in a datagram": {[][]byte{append(ipfix(set(2, counting(256))), ipfix(set(256, someRecord))...)}, []string{"0s +0s " + plain}},
		"seconds": {[][]byte{ipfix(set(2, counting(256, field{150, 4, 0}, field{151, 4, 0})), set(256, of(theCounts, u32(now-9), u32(now-2))))},
			[]string{"-9s +7s " + plain}},
		"milliseconds": {[][]byte{ipfix(set(2, counting(256, field{152, 8, 0}, field{153, 8, 0})), set(256, of(theCounts, u64(now*1000-1500), u64(now*1000-200))))},
			[]string{"-1.5s +1.3s " + plain}},
		"microseconds": {[][]byte{ipfix(set(2, counting(256, field{154, 8, 0}, field{155, 8, 0})), set(256, of(theCounts, ntp(1500*time.Millisecond), ntp(250*time.Millisecond))))},
			[]string{"-1.5s +1.25s " + plain}},
		"nanoseconds": {[][]byte{ipfix(set(2, counting(256, field{156, 8, 0}, field{157, 8, 0})), set(256, of(theCounts, ntp(1500*time.Millisecond), ntp(500*time.Millisecond))))},
			[]string{"-1.5s +1s " + plain}},
		"microseconds before": {[][]byte{ipfix(set(2, counting(256, field{158, 4, 0}, field{159, 4, 0})), set(256, of(theCounts, u32(1500_000), u32(500_000))))},
			[]string{"-1.5s +1s " + plain}},
		"start and duration": {[][]byte{ipfix(set(2, counting(256, field{152, 8, 0}, field{161, 4, 0})), set(256, of(theCounts, u64(now*1000-1500), u32(1200))))},
			[]string{"-1.5s +1.2s " + plain}},
		"end and duration": {[][]byte{ipfix(set(2, counting(256, field{153, 8, 0}, field{162, 4, 0})), set(256, of(theCounts, u64(now*1000-1500), u32(1200))))},
			[]string{"-1.5012s +1.2ms " + plain}},
		"uptime of an exporter that has told its start": {[][]byte{
			ipfix(set(3, optionsIPFIX(300, field{130, 4, 0}, field{160, 8, 0})), set(300, pack("192.0.2.254", u64(now*1000-uptime)))),
			ipfix(set(2, counting(256, field{22, 4, 0}, field{21, 4, 0})), set(256, of(theCounts, u32(uptime-3000), u32(uptime-1000))))},
			[]string{"-3s +2s " + plain}},
		"uptime of one that has not": {[][]byte{
			ipfix(set(2, counting(256, field{22, 4, 0}, field{21, 4, 0})), set(256, of(theCounts, u32(uptime-3000), u32(uptime-1000))))},
			[]string{"-2s +2s " + plain}},
		"exporter without a clock": {[][]byte{pack(u16(9), u16(2), u32(uptime), u32(502), u32(1), u32(7),
			set(0, counting(256, field{22, 4, 0})), set(256, of(theCounts, u32(uptime-1000))))}, []string{"-1s +0s " + plain}},
		"time that cannot be": {[][]byte{ipfix(set(2, counting(256, field{152, 8, 0})), set(256, of(theCounts, u64(1<<63))))}, []string{"0s +0s " + plain}},
		"end before the start": {[][]byte{ipfix(set(2, counting(256, field{150, 4, 0}, field{151, 4, 0})), set(256, of(theCounts, u32(now-2), u32(now-9))))},
			[]string{"-2s +0s " + plain}},
		"reverse counts": {[][]byte{ipfix(set(2, counting(256, field{1, 4, 29305}, field{2, 4, 29305})), set(256, of(theCounts, u32(300), u32(3))))},
			[]string{"0s +0s 192.0.2.1:5000 > 198.51.100.2:53 udp 100/2 300/3"}},
		"reverse counts, opened by the destination": {[][]byte{ipfix(set(2, counting(256, field{1, 4, 29305}, field{2, 4, 29305}, field{239, 1, 0})), set(256, of(theCounts, u32(300), u32(3), u8(2))))},
			[]string{"0s +0s 198.51.100.2:53 > 192.0.2.1:5000 udp 300/3 100/2"}},
		"counts of initiator and responder": {[][]byte{v9(set(0, with(256, field{231, 4, 0}, field{232, 4, 0}, field{298, 4, 0}, field{299, 4, 0})), set(256, of(u32(10), u32(20), u32(1), u32(2))))},
			[]string{"0s +0s 192.0.2.1:5000 > 198.51.100.2:53 udp 10/1 20/2"}},
		"counts out, of the other direction": {[][]byte{v9(set(0, counting(256, field{23, 4, 0}, field{24, 4, 0})), set(256, of(theCounts, u32(20), u32(1))))},
			[]string{"0s +0s 192.0.2.1:5000 > 198.51.100.2:53 udp 100/2 20/1"}},
		"counts out, of the same packets": {[][]byte{v9(set(0, counting(256, field{23, 4, 0}, field{24, 4, 0})), set(256, of(theCounts, theCounts)))},
			[]string{"0s +0s " + plain}},
		"counts out, of egress": {[][]byte{v9(set(0, counting(256, field{23, 4, 0}, field{24, 4, 0})), set(256, of(u64(0), theCounts)))},
			[]string{"0s +0s " + plain}},
		"totals":     {[][]byte{v9(set(0, with(256, field{85, 4, 0}, field{86, 4, 0})), set(256, of(u32(100), u32(2))))}, []string{"0s +0s " + plain}},
		"TCP ports":  {[][]byte{ipfix(set(2, template(256, field{8, 4, 0}, field{12, 4, 0}, field{4, 1, 0}, field{182, 2, 0}, field{183, 2, 0})), set(256, pack("192.0.2.1", "198.51.100.2", u8(6), u16(4000), u16(22))))}, []string{"0s +0s 192.0.2.1:4000 > 198.51.100.2:22 tcp 0/0 0/0"}},
		"no address": {[][]byte{v9(set(0, template(256, field{8, 4, 0}, field{1, 4, 0})), set(256, pack("192.0.2.1", u32(5))))}, []string{"skipped 1: record without the addresses of both ends"}},
		"connection denied": {[][]byte{v9(set(0, with(256, field{233, 1, 0})), set(256, of(u8(3))))},
			[]string{"0s +0s 192.0.2.1:5000 > 198.51.100.2:53 udp 0/0 0/0"}},
		"connection opened": {[][]byte{v9(set(0, with(256, field{233, 1, 0})), set(256, of(u8(1))))},
			[]string{"skipped 1: firewall event: a connection opened, whose end tells its counts"}},
		"end of a connection, with an update before it": {[][]byte{v9(set(0, with(256, field{323, 8, 0}, field{231, 4, 0}, field{232, 4, 0}, field{233, 1, 0})),
			set(256, of(u64(now*1000), u32(10), u32(20), u8(5)), of(u64(now*1000), u32(10), u32(20), u8(2)), of(u64(now*1000+500), u32(1), u32(2), u8(2))))},
			[]string{"0s +500ms 192.0.2.1:5000 > 198.51.100.2:53 udp 11/0 22/0", "skipped 1: firewall event: the end of a connection, with the counts of the update before it"}},
		"address translated": {[][]byte{v9(set(0, with(256, field{230, 1, 0})), set(256, of(u8(1))))},
			[]string{"skipped 1: event of address translation, without counts"}},
		"IPv4 and IPv6 in one record": {[][]byte{v9(set(0, counting(256, field{27, 16, 0}, field{28, 16, 0})), set(256, of(theCounts, make([]byte, 32))))}, []string{"0s +0s " + plain}},
		"frame": {[][]byte{ipfix(set(2, template(256, field{312, 2, 0}, field{315, 65535, 0})),
			set(256, pack(u16(1014), u8(54), tcpFrame("192.0.2.1", "198.51.100.2", 4000, 22, 2))))}, []string{"0s +0s 192.0.2.1:4000 > 198.51.100.2:22 tcp 1000/1 0/0"}},
		"IP header": {[][]byte{ipfix(set(2, template(256, field{313, 40, 0})), set(256, tcpFrame("192.0.2.1", "198.51.100.2", 4000, 22, 2)[14:54]))},
			[]string{"0s +0s 192.0.2.1:4000 > 198.51.100.2:22 tcp 1000/1 0/0"}},
		"host name": {[][]byte{ipfix(set(2, counting(256, field{188, 65535, 35632})), set(256, of(theCounts, u8(255), u16(11), []byte("Example.COM"))))},
			[]string{"0s +0s " + plain + " example.com"}},
		"host name with a port, of ntop in v9": {[][]byte{v9(set(0, counting(256, field{57659, 20, 0})), set(256, of(theCounts, []byte("www.example.com:8080"))))},
			[]string{"0s +0s " + plain + " www.example.com"}},
		"application by number": {[][]byte{
			v9(set(1, options9(300, field{1, 4, 0}, field{95, 4, 0}, field{96, 8, 0})), set(300, pack("192.0.2.254", u32(13<<24|57), []byte("DNS\x00\x00\x00\x00\x00")))),
			v9(set(0, counting(256, field{95, 4, 0})), set(256, of(theCounts, u32(13<<24|57))))},
			[]string{"0s +0s " + plain + " dns"}},
		"set longer than its message": {[][]byte{ipfix(set(2, counting(256))), pack(u16(10), u16(28), u32(now), u32(1), u32(7), u16(256), u16(99), u64(0))},
			[]string{"skipped 1: datagram that is no export of flows"}},
		"sFlow": {[][]byte{sflow(sampled(1, header(tcpFrame("192.0.2.1", "198.51.100.2", 4000, 22, 2))), part(2, u64(0)), part(5, u64(0)), part(9<<12, u64(0)),
			sampled(1, part(1001, u64(0))))},
			[]string{"0s +0s 192.0.2.1:4000 > 198.51.100.2:22 tcp 1000/1 0/0", "skipped 1: sFlow sample of a packet that was not forwarded",
				"skipped 1: sFlow sample of an unknown kind", "skipped 1: sFlow sample without an IP packet"}},
		"sFlow of packets that the agent has decoded": {[][]byte{sflow(
			sampled(1, part(3, u32(100), u32(17), "192.0.2.1", "198.51.100.2", u32(5000), u32(53), u32(0), u32(0))),
			part(3, u32(1), u64(0), u32(1), make([]byte, 24), u32(1), part(4, u32(90), u32(6), "2001:db8::1", "2001:db8::2", u32(4000), u32(22), u32(2), u32(0))))},
			[]string{"0s +0s 192.0.2.1:5000 > 198.51.100.2:53 udp 100/1 0/0", "0s +0s 2001:db8::1:4000 > 2001:db8::2:22 tcp 90/1 0/0"}},
		"sFlow, joined": {[][]byte{
			sflow(sampled(1, header(tcpFrame("192.0.2.1", "198.51.100.2", 4000, 22, 2))), sampled(1, header(tcpFrame("198.51.100.2", "192.0.2.1", 22, 4000, 0x12)))),
			sflow(sampled(1, header(tcpFrame("192.0.2.1", "198.51.100.2", 4000, 22, 0x10))))},
			[]string{"0s +1s 192.0.2.1:4000 > 198.51.100.2:22 tcp 2000/2 1000/1"}},
		"not an export": {[][]byte{{1, 2, 3}, v5(0, record5("192.0.2.1", "198.51.100.2", 5000, 53, 17, 0, uptime-250, uptime-250))},
			[]string{"0s +0s " + plain, "skipped 1: datagram that is no export of flows"}},
	} {
		got := lines(inputtest.Read(netflow.Captured, capture(test.datagrams...), input.Settings{}, 10))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestSampling(t *testing.T) {
	record := record5("192.0.2.1", "198.51.100.2", 5000, 53, 17, 0, uptime-250, uptime-250)
	options := func(scope field, fields ...field) []byte { return set(1, options9(300, scope, fields...)) }
	system := field{1, 4, 0}
	for name, test := range map[string]struct {
		datagrams [][]byte
		forced    int64
		want      string // counts
		note      string // begins with that
	}{
		"header of v5":            {[][]byte{v5(100, record)}, 0, "10000/200", "192.0.2.254 sampled 1 in 100 packets: packets and bytes are scaled"},
		"header of v5, with mode": {[][]byte{v5(1<<14|100, record)}, 0, "10000/200", "192.0.2.254 sampled 1 in 100 packets"},
		"set by the user":         {[][]byte{v5(100, record)}, 7, "700/14", "packets and bytes of all records are scaled by 7, as told"},
		"switched off":            {[][]byte{v5(100, record)}, 1, "100/2", ""},
		"none":                    {[][]byte{v5(0, record)}, 0, "100/2", ""},
		"of the exporter": {[][]byte{v9(options(system, field{34, 4, 0}, field{35, 1, 0}), set(300, pack(u32(0), u32(50), u8(2)))),
			v9(set(0, counting(256)), set(256, someRecord))}, 0, "5000/100", "192.0.2.254 sampled 1 in 50 packets"},
		"of another exporter": {[][]byte{ipfix(set(3, optionsIPFIX(300, field{130, 4, 0}, field{34, 4, 0})), set(300, pack(u32(0), u32(50)))),
			v9(set(0, counting(256)), set(256, someRecord))}, 0, "100/2", ""},
		"told too late": {[][]byte{v9(set(0, counting(256)), set(256, someRecord)),
			v9(options(system, field{34, 4, 0}), set(300, pack(u32(0), u32(50)))), v9(set(256, someRecord))},
			0, "5100/102", "192.0.2.254 sampled 1 in 50 packets: packets and bytes are scaled, but for 1 records whose rate it had not told"},
		"by sampler": {[][]byte{v9(options(system, field{48, 1, 0}, field{50, 4, 0}), set(300, pack(u32(0), u8(1), u32(10)), pack(u32(0), u8(2), u32(20)))),
			v9(set(0, counting(256, field{48, 1, 0})), set(256, of(theCounts, u8(2))))}, 0, "2000/40", "192.0.2.254 sampled 1 in 20 packets"},
		"of the only sampler": {[][]byte{v9(options(system, field{48, 1, 0}, field{50, 4, 0}), set(300, pack(u32(0), u8(1), u32(10)))),
			v9(set(0, counting(256)), set(256, someRecord))}, 0, "1000/20", "192.0.2.254 sampled 1 in 10 packets"},
		"by interface": {[][]byte{v9(options(field{2, 4, 0}, field{34, 4, 0}), set(300, pack(u32(5), u32(10)), pack(u32(6), u32(20)))),
			v9(set(0, counting(256, field{10, 2, 0})), set(256, of(theCounts, u16(6))))}, 0, "2000/40", "192.0.2.254 sampled 1 in 20 packets"},
		"of the domain 0, for all": {[][]byte{
			ipfixOf(0, set(3, optionsIPFIX(300, field{130, 4, 0}, field{34, 4, 0})), set(300, pack(u32(0), u32(50)))),
			ipfix(set(2, counting(256)), set(256, someRecord))}, 0, "5000/100", "192.0.2.254 sampled 1 in 50 packets"},
		"in the record":      {[][]byte{v9(set(0, counting(256, field{34, 4, 0})), set(256, of(theCounts, u32(3))))}, 0, "300/6", "192.0.2.254 sampled 1 in 3 packets"},
		"interval and space": {[][]byte{v9(set(0, counting(256, field{305, 4, 0}, field{306, 4, 0})), set(256, of(theCounts, u32(1), u32(9))))}, 0, "1000/20", "192.0.2.254 sampled 1 in 10 packets"},
		"no space":           {[][]byte{v9(set(0, counting(256, field{305, 4, 0}, field{306, 4, 0})), set(256, of(theCounts, u32(1), u32(0))))}, 0, "100/2", ""},
		"size of population": {[][]byte{v9(set(0, counting(256, field{309, 4, 0}, field{310, 4, 0})), set(256, of(theCounts, u32(2), u32(10))))}, 0, "500/10", "192.0.2.254 sampled 1 in 5 packets"},
		"not to be believed": {[][]byte{v9(set(0, counting(256, field{34, 4, 0})), set(256, of(theCounts, u32(1<<31))))}, 0, "100/2", ""},
		"sFlow":              {[][]byte{sflow(sampled(4, header(tcpFrame("192.0.2.1", "198.51.100.2", 4000, 22, 2))))}, 0, "4000/4", "192.0.2.254 sampled 1 in 4 packets"},
		"count beyond what fits": {[][]byte{v9(set(0, with(256, field{1, 8, 0}, field{34, 4, 0})), set(256, of(u64(1<<62), u32(3))))},
			0, "9223372036854775807/0", "192.0.2.254 sampled 1 in 3 packets"},
	} {
		got := inputtest.Read(netflow.Captured, capture(test.datagrams...), input.Settings{Sampling: test.forced}, 10)
		if len(got.Flows) != 1 {
			t.Errorf("%s: %d flows, error %v, want one", name, len(got.Flows), got.Err)
			continue
		}
		if counts := fmt.Sprintf("%d/%d", got.Flows[0].UpBytes, got.Flows[0].UpPackets); counts != test.want {
			t.Errorf("%s: counts are %s, want %s", name, counts, test.want)
		}
		note := ""
		if len(got.Account.Notes) > 0 {
			note = got.Account.Notes[0].Text
		}
		if !strings.HasPrefix(note, test.note) || test.note == "" && note != "" {
			t.Errorf("%s: note is %q, want %q", name, note, test.note)
		}
	}
}

func TestStates(t *testing.T) {
	tcp := pack("192.0.2.1", "198.51.100.2", u8(6), u16(5000), u16(80))
	yaf := []field{{14, 1, 6871}, {15, 1, 6871}, {14 | 0x4000, 1, 6871}, {15 | 0x4000, 1, 6871}, {1, 1, 0}, {1, 1, 29305}}
	for name, test := range map[string]struct {
		datagram []byte
		state    flow.State
		opener   flow.Opener
	}{
		"denied by a firewall":   {v9(set(0, with(256, field{233, 1, 0})), set(256, of(u8(3)))), flow.Refused, flow.ByFirst},
		"refused, by YAF":        {ipfix(set(2, with(256, yaf...)), set(256, pack(tcp, []byte{0x02, 0x00, 0x14, 0x00, 40, 40}))), flow.Refused, flow.ByFirst},
		"reset later, by YAF":    {ipfix(set(2, with(256, yaf...)), set(256, pack(tcp, []byte{0x02, 0x18, 0x12, 0x14, 99, 99}))), flow.Reset, flow.ByFirst},
		"established, both ways": {samples[0], flow.Established, flow.BySYN},
	} {
		got := inputtest.Read(netflow.Captured, capture(test.datagram), input.Settings{}, 10)
		if len(got.Flows) != 1 || got.Flows[0].State != test.state || got.Flows[0].Opener != test.opener {
			t.Errorf("%s: %+v, want one that is %s, opened by its source as %s tells", name, got.Flows, test.state, test.opener)
		}
	}
}

func TestColumns(t *testing.T) {
	for name, test := range map[string]struct {
		datagram []byte
		want     []bool // service, name
	}{
		"v5":   {samples[0], []bool{false, false}},
		"host": {samples[2], []bool{false, true}},
	} {
		reader, err := netflow.Captured.Open(input.NewFile("exports.pcap", capture(test.datagram)), input.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		columns := reader.Columns()
		if err := reader.Close(); err != nil {
			t.Fatal(err)
		}
		if got := []bool{columns["service"], columns["name"]}; !cmp.Equal(got, test.want) {
			t.Errorf("%s has service and name: %v, want %v", name, got, test.want)
		}
	}
}

func TestFileOfDatagrams(t *testing.T) {
	one := v5(0, record5("192.0.2.1", "198.51.100.2", 5000, 53, 17, 0, uptime-250, uptime-250))
	for name, test := range map[string]struct {
		content []byte
		records int64
		skipped string
		damage  string
	}{
		"one after another": {bytes.Join(samples, nil), 5, "", ""},
		"zeros between":     {bytes.Join([][]byte{one, make([]byte, 99), one}, nil), 2, "", ""},
		"noise between":     {bytes.Join([][]byte{one, []byte("some other bytes"), one}, nil), 2, "bytes between datagrams at byte 72", ""},
		"much noise between": {bytes.Join([][]byte{one, bytes.Repeat([]byte("noise"), 70000), one}, nil), 2,
			"bytes between datagrams at byte 72", ""},
		"cut short": {append(one[:len(one):len(one)], one[:60]...), 1, "record cut short at byte 72", "cut short at byte 132, in the datagram that begins at byte 72"},
	} {
		got := inputtest.Read(netflow.Datagrams, test.content, input.Settings{}, 10)
		skipped, damage := "", ""
		for _, skip := range got.Account.Skipped {
			skipped += skip.Reason + " at " + skip.Example
		}
		if got.Account.Damage != nil {
			damage = got.Account.Damage.Error()
		}
		if got.Err != nil || got.Account.Records != test.records || skipped != test.skipped || damage != test.damage {
			t.Errorf("%s: %d records, skipped %q, damage %q, error %v, want %d, %q, %q", name,
				got.Account.Records, skipped, damage, got.Err, test.records, test.skipped, test.damage)
		}
	}
}

// TestExporters sends what is told apart by who sent it.
func TestExporters(t *testing.T) {
	few, many := field{2, 1, 0}, field{2, 4, 0}
	for name, test := range map[string]struct {
		packets [][]byte
		want    []string
	}{
		"NetFlow v9 by address": {[][]byte{
			sent("192.0.2.254", 1000, v9(set(0, with(256, few)))), sent("192.0.2.252", 1000, v9(set(0, with(256, many)))),
			sent("192.0.2.254", 2000, v9(set(256, of(u8(3))))), sent("192.0.2.252", 1000, v9(set(256, of(u32(4)))))},
			[]string{"0s +0s 192.0.2.1:5000 > 198.51.100.2:53 udp 0/7 0/0"}},
		"IPFIX by address and port": {[][]byte{
			sent("192.0.2.254", 1000, ipfix(set(2, with(256, few)))), sent("192.0.2.254", 2000, ipfix(set(2, with(256, many)))),
			sent("192.0.2.254", 1000, ipfix(set(256, of(u8(3))))), sent("192.0.2.254", 2000, ipfix(set(256, of(u32(4)))))},
			[]string{"0s +0s 192.0.2.1:5000 > 198.51.100.2:53 udp 0/7 0/0"}},
		"cut in its second record": {[][]byte{
			sent("192.0.2.254", 1000, v9(set(0, with(256, few)))), sent("192.0.2.254", 1000, v9(set(256, of(u8(3)), of(u8(4)))))[:28+20+4+20]},
			[]string{"0s +0s 192.0.2.1:5000 > 198.51.100.2:53 udp 0/3 0/0", "skipped 1: set that is longer than its message"}},
		"fragment": {[][]byte{
			sent("192.0.2.254", 1000, samples[0]), pack(u8(0x45), u8(0), u16(48), u16(1), u16(185), u8(64), u8(17), u16(0), "192.0.2.254", "192.0.2.253", make([]byte, 28))},
			[]string{"-8.75s +8s 192.0.2.1:5000 > 198.51.100.2:80 tcp 100/2 100/2", "skipped 1: later fragment of a datagram: fragments are not put together"}},
	} {
		got := lines(inputtest.Read(netflow.Captured, captureOf(test.packets...), input.Settings{}, 10))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRecognise(t *testing.T) {
	question := pack(u16(9), u16(0x0100), u16(1), u16(0), u16(0), u16(0), u8(7), []byte("example"), u8(3), []byte("com"), u8(0), u16(1), u16(1))
	tcp := tcpFrame("192.0.2.1", "198.51.100.2", 4000, 22, 2)[14:]
	for name, test := range map[string]struct {
		format  input.Format
		content []byte
		want    string
	}{
		"exports":               {netflow.Captured, capture(samples...), ""},
		"DNS":                   {netflow.Captured, capture(question, question), "is a capture of packets, of which 0 of the first 2 hold exports of flows"},
		"DNS and one export":    {netflow.Captured, capture(samples[0], question, question), "is a capture of packets, of which 1 of the first 3 hold exports of flows"},
		"TCP":                   {netflow.Captured, captureOf(tcp, tcp), "is a capture of packets, of which 0 of the first 2 hold exports of flows"},
		"capture of nothing":    {netflow.Captured, capture(), "is no capture of packets"},
		"text as capture":       {netflow.Captured, []byte("start,duration\n"), "is no capture of packets"},
		"datagrams":             {netflow.Datagrams, bytes.Join(samples, nil), ""},
		"capture":               {netflow.Datagrams, capture(samples...), "has no header of NetFlow, IPFIX or sFlow at byte 0"},
		"text":                  {netflow.Datagrams, []byte("start,duration\n"), "has no header of NetFlow, IPFIX or sFlow at byte 0"},
		"nothing":               {netflow.Datagrams, nil, "is empty"},
		"datagram and then not": {netflow.Datagrams, append(samples[0][:len(samples[0]):len(samples[0])], "and more"...), "has no header of NetFlow, IPFIX or sFlow at byte 120"},
		"v5 of another century": {netflow.Datagrams, pack(u16(5), u16(1), u32(1), u32(1), u32(0), u64(0), make([]byte, 48)), "has no header of NetFlow, IPFIX or sFlow at byte 0"},
	} {
		if got := test.format.Recognise(test.content); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestBounds sends what would take memory without end, and expects it to be counted.
func TestBounds(t *testing.T) {
	costly := template(300, append(slices.Repeat([]field{{8, 0, 0}}, 15000), field{1, 65535, 0})...)
	file := [][]byte{ipfix(set(2, costly)), ipfix(set(300, make([]byte, 60000)))} // each byte a record of 15,001 fields
	for range 40 {                                                                // of data sets without template, 1 MiB may wait for each
		file = append(file, v9(set(256, make([]byte, 60000))))
	}
	for i := range 5000 { // of domains, 4096 are kept
		file = append(file, pack(u16(9), u16(1), u32(uptime), u32(now), u32(1), u32(1000+i), set(0, counting(256))))
	}
	got := lines(inputtest.Read(netflow.Datagrams, bytes.Join(file, nil), input.Settings{}, 10))
	want := []string{
		"skipped 60000: record without the addresses of both ends",
		"skipped 906: of one exporter too many: 4096 are kept",
		"skipped 23: data set without its template, more than can wait for it",
		"skipped 17: data set without its template",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzDatagrams(f *testing.F) {
	inputtest.Fuzz(f, netflow.Datagrams, append(samples, bytes.Join(samples, nil))...)
}

func FuzzCaptured(f *testing.F) { inputtest.Fuzz(f, netflow.Captured, capture(samples...)) }

// drained reads all flows of exports and reports how many records that is in a second.
func drained(b *testing.B, content []byte, records int) {
	b.Helper()
	b.ReportAllocs()
	dst := make([]flow.Flow, 1024)
	for b.Loop() {
		reader, err := netflow.Datagrams.Open(input.NewFile("exports", content), input.Settings{})
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = reader.Read(dst)
		}
		if err := reader.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*float64(records)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkNetFlow9(b *testing.B) { drained(b, busy(300_000), 300_000) }

func BenchmarkSFlow(b *testing.B) {
	const samples = 7 // that a datagram of 1,500 bytes holds
	var file bytes.Buffer
	for i := range 30_000 {
		var batch [][]byte
		for j := range samples {
			batch = append(batch, sampled(512, header(pack(tcpFrame("192.0.2.1", "198.51.100.2", u16(i), u16(j), 0x10), make([]byte, 74)))))
		}
		file.Write(sflow(batch...))
	}
	drained(b, file.Bytes(), 30_000*samples)
}
