package meter_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"sentinel/internal/meter"
)

// Lines are: start+duration protocol opener>other packets/payload up and down, state, why that opener, and names.
func TestFlows(t *testing.T) {
	other := netip.MustParseAddrPort("203.0.113.3:50000")
	third := netip.MustParseAddrPort("203.0.113.3:50001")
	six, six2 := netip.MustParseAddrPort("[2001:db8::1]:1"), netip.MustParseAddrPort("[2001:db8::2]:1")
	multicast := netip.MustParseAddrPort("224.0.0.251:5353")
	hour := time.Hour
	for _, test := range []struct {
		name     string
		settings meter.Settings
		packets  []seen
		want     []string
	}{
		{"handshake and data", meter.Settings{}, []seen{
			tcp(0, client, server, SYN), tcp(1, server, client, SYN|ACK), tcp(2, client, server, ACK),
			tcp(3, client, server, ACK, "question"), tcp(4, server, client, ACK, "answer"),
		}, []string{"0+4 tcp 192.0.2.1:40000>198.51.100.2:443 3/8 2/6 established syn"}},
		{"refused", meter.Settings{}, []seen{tcp(0, client, server, SYN), tcp(1, server, client, RST|ACK)},
			[]string{"0+1 tcp 192.0.2.1:40000>198.51.100.2:443 1/0 1/0 refused syn"}},
		{"unanswered", meter.Settings{}, []seen{tcp(0, client, server, SYN), tcp(3, client, server, SYN)},
			[]string{"0+3 tcp 192.0.2.1:40000>198.51.100.2:443 2/0 0/0 unanswered syn"}},
		{"scan of an open port", meter.Settings{}, []seen{
			tcp(0, client, server, SYN), tcp(1, server, client, SYN|ACK), tcp(2, client, server, RST),
		}, []string{"0+2 tcp 192.0.2.1:40000>198.51.100.2:443 2/0 1/0 reset syn"}},
		{"handshake without its end", meter.Settings{}, []seen{tcp(0, client, server, SYN), tcp(1, server, client, SYN|ACK)},
			[]string{"0+1 tcp 192.0.2.1:40000>198.51.100.2:443 1/0 1/0 other syn"}},
		{"reset after data", meter.Settings{}, []seen{
			tcp(0, client, server, SYN), tcp(1, server, client, SYN|ACK), tcp(2, client, server, ACK, "x"), tcp(3, server, client, RST),
		}, []string{"0+3 tcp 192.0.2.1:40000>198.51.100.2:443 2/1 2/0 reset syn"}},
		{"reset after both said goodbye", meter.Settings{}, []seen{
			tcp(0, client, server, SYN), tcp(1, server, client, SYN|ACK), tcp(2, client, server, ACK|FIN),
			tcp(3, server, client, ACK|FIN), tcp(4, client, server, RST),
		}, []string{"0+4 tcp 192.0.2.1:40000>198.51.100.2:443 3/0 2/0 established syn"}},
		{"first seen is the answer to SYN", meter.Settings{}, []seen{tcp(0, other, client, SYN|ACK), tcp(1, client, other, ACK)},
			[]string{"0+1 tcp 192.0.2.1:40000>203.0.113.3:50000 1/0 1/0 other syn"}},
		{"SYN captured late", meter.Settings{}, []seen{tcp(0, client, other, ACK), tcp(0, other, client, SYN), tcp(1, other, client, ACK)},
			[]string{"0+1 tcp 203.0.113.3:50000>192.0.2.1:40000 2/0 1/0 other syn"}},
		{"in the middle, from the server", meter.Settings{}, []seen{tcp(0, server, client, ACK, "data"), tcp(1, client, server, ACK, "x")},
			[]string{"0+1 tcp 192.0.2.1:40000>198.51.100.2:443 1/1 1/4 established port"}},
		{"in the middle, two high ports", meter.Settings{}, []seen{tcp(0, other, client, ACK, "data")},
			[]string{"0+0 tcp 203.0.113.3:50000>192.0.2.1:40000 1/4 0/0 other first"}},
		{"announcement to a group", meter.Settings{}, []seen{udp(0, netip.AddrPortFrom(client.Addr(), 5353), multicast, "x")},
			[]string{"0+0 udp 192.0.2.1:5353>224.0.0.251:5353 1/1 0/0 unanswered first mdns"}},
		{"idle for too long", meter.Settings{}, []seen{udp(0, client, other, "x"), udp(60, client, other, "x"), udp(121, client, other, "x")},
			[]string{"0+60 udp 192.0.2.1:40000>203.0.113.3:50000 2/2 0/0 unanswered first", "121+0 udp 192.0.2.1:40000>203.0.113.3:50000 1/1 0/0 unanswered first"}},
		{"idle for as long as asked", meter.Settings{Idle: hour}, []seen{udp(0, client, other, "x"), udp(3600, client, other, "x")},
			[]string{"0+3600 udp 192.0.2.1:40000>203.0.113.3:50000 2/2 0/0 unanswered first"}},
		{"others end it by the clock", meter.Settings{}, []seen{
			udp(0, client, other, "x"), tcp(10, client, server, SYN), udp(70, client, third, "x"), tcp(400, other, server, SYN),
		}, []string{
			"0+0 udp 192.0.2.1:40000>203.0.113.3:50000 1/1 0/0 unanswered first", "70+0 udp 192.0.2.1:40000>203.0.113.3:50001 1/1 0/0 unanswered first",
			"10+0 tcp 192.0.2.1:40000>198.51.100.2:443 1/0 0/0 unanswered syn", "400+0 tcp 203.0.113.3:50000>198.51.100.2:443 1/0 0/0 unanswered syn",
		}},
		{"cut although it goes on", meter.Settings{Active: time.Minute}, []seen{
			tcp(0, client, other, SYN), tcp(30, other, client, ACK, "x"), tcp(61, other, client, ACK, "y"), tcp(62, client, other, ACK),
		}, []string{"0+30 tcp 192.0.2.1:40000>203.0.113.3:50000 1/0 1/1 other syn", "61+1 tcp 192.0.2.1:40000>203.0.113.3:50000 1/0 1/1 other syn"}},
		{"port used again after the close", meter.Settings{}, []seen{
			tcp(0, client, server, SYN), tcp(0, server, client, RST|ACK), {at: 1, proto: 6, src: client, dst: server, flags: SYN, sequence: 9},
		}, []string{"0+0 tcp 192.0.2.1:40000>198.51.100.2:443 1/0 1/0 refused syn", "1+0 tcp 192.0.2.1:40000>198.51.100.2:443 1/0 0/0 unanswered syn"}},
		{"refused SYN sent again", meter.Settings{}, []seen{
			tcp(0, client, server, SYN), tcp(0, server, client, RST|ACK), tcp(1, client, server, SYN), tcp(1, server, client, RST|ACK),
		}, []string{"0+1 tcp 192.0.2.1:40000>198.51.100.2:443 2/0 2/0 refused syn"}},
		{"late packet after the close", meter.Settings{}, []seen{
			tcp(0, client, server, SYN), tcp(0, server, client, RST|ACK), tcp(4, server, client, ACK), tcp(10, server, client, ACK),
		}, []string{"0+4 tcp 192.0.2.1:40000>198.51.100.2:443 1/0 2/0 refused syn", "10+0 tcp 192.0.2.1:40000>198.51.100.2:443 0/0 1/0 other port"}},
		{"ping", meter.Settings{}, []seen{icmp(0, client, server, 8, 0, "abc"), icmp(1, server, client, 0, 0, "abc")},
			[]string{"0+1 icmp 192.0.2.1:8>198.51.100.2:0 1/3 1/3 established first"}},
		{"answer to a ping that was not seen", meter.Settings{}, []seen{icmp(0, server, client, 0, 0, "abc")},
			[]string{"0+0 icmp 198.51.100.2:0>192.0.2.1:0 1/3 0/0 other first"}},
		{"neighbour discovery", meter.Settings{}, []seen{icmp(0, six, six2, 135, 0, ""), icmp(1, six2, six, 136, 0, "")},
			[]string{"0+1 ipv6-icmp [2001:db8::1]:135>[2001:db8::2]:0 1/0 1/0 established first"}},
		{"messages the same both ways", meter.Settings{}, []seen{icmp(0, client, server, 3, 3, ""), icmp(1, server, client, 3, 3, "")},
			[]string{"0+0 icmp 192.0.2.1:3>198.51.100.2:3 1/0 0/0 other first", "1+0 icmp 198.51.100.2:3>192.0.2.1:3 1/0 0/0 other first"}},
		{"closed port of UDP", meter.Settings{}, []seen{
			udp(0, client, other, "x"), icmp(1, other, client, 3, 3, string(udp(0, client, other, "x").bytes())),
		}, []string{"0+0 udp 192.0.2.1:40000>203.0.113.3:50000 1/1 0/0 refused first", "1+0 icmp 203.0.113.3:3>192.0.2.1:3 1/29 0/0 other first"}},
		{"fragments", meter.Settings{}, []seen{
			{proto: 17, src: client, dst: other, sequence: 7, payload: "first", fragment: "first"},
			{proto: 17, src: client, dst: other, sequence: 7, payload: "second", fragment: "later"},
			{proto: 17, src: client, dst: other, sequence: 8, payload: "third", fragment: "later"},
		}, []string{"0+0 udp 192.0.2.1:40000>203.0.113.3:50000 2/11 0/0 unanswered first", "0+0 udp 192.0.2.1:0>203.0.113.3:0 1/5 0/0 unanswered first"}},
		{"too many at once", meter.Settings{MaxFlows: 2}, []seen{
			udp(0, client, other, "x"), udp(2, client, third, "x"), udp(5, client, other, "x"), udp(6, client, server, "x"),
		}, []string{
			"2+0 udp 192.0.2.1:40000>203.0.113.3:50001 1/1 0/0 unanswered first", "0+5 udp 192.0.2.1:40000>203.0.113.3:50000 2/2 0/0 unanswered first",
			"6+0 udp 192.0.2.1:40000>198.51.100.2:443 1/1 0/0 unanswered first",
		}},
		{"clock jumps far back", meter.Settings{}, []seen{udp(7200, client, other, "x"), udp(0, client, other, "x"), udp(1, client, other, "x")},
			[]string{"7200+0 udp 192.0.2.1:40000>203.0.113.3:50000 1/1 0/0 unanswered first", "0+1 udp 192.0.2.1:40000>203.0.113.3:50000 2/2 0/0 unanswered first"}},
		{"clock jumps a little back", meter.Settings{}, []seen{udp(1, client, other, "x"), udp(0, client, other, "x")},
			[]string{"0+1 udp 192.0.2.1:40000>203.0.113.3:50000 2/2 0/0 unanswered first"}},
	} {
		if got, _ := metered(test.settings, test.packets...); !slices.Equal(got, test.want) {
			t.Errorf("%s: got\n  %s\nwant\n  %s", test.name, strings.Join(got, "\n  "), strings.Join(test.want, "\n  "))
		}
	}
}
