package meter_test

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/meter"
	"sentinel/internal/packet/hello"
)

// clientHello is what Go's TLS client sends first.
func clientHello(t *testing.T, name string) string {
	t.Helper()
	near, far := net.Pipe()
	defer func() { _ = errors.Join(near.Close(), far.Close()) }()
	go func() { _ = tls.Client(near, &tls.Config{ServerName: name}).Handshake() }() // ends when the pipe is closed
	sent := make([]byte, 1<<14)
	n, err := far.Read(sent)
	if err != nil {
		t.Fatal(err)
	}
	return string(sent[:n])
}

// dnsMessage crafts a question for one name, or its answer with addresses.
func dnsMessage(id uint16, name string, response bool, addresses ...string) string {
	flags := uint16(0x0100)
	if response {
		flags = 0x8180
	}
	m := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, id), flags)
	m = binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(m, 1), uint16(len(addresses)))
	m = append(m, 0, 0, 0, 0)
	for label := range strings.SplitSeq(name, ".") {
		m = append(append(m, byte(len(label))), label...)
	}
	m = append(m, 0, 0, 1, 0, 1)
	for _, address := range addresses {
		m = append(m, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4)
		m = append(m, netip.MustParseAddr(address).AsSlice()...)
	}
	return string(m)
}

// framed is a message over TCP.
func framed(message string) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(len(message)))) + message
}

func part(at float64, sequence int, payload string) seen {
	s := tcp(at, client, server, ACK, payload)
	s.sequence = uint32(sequence)
	return s
}

// size is how much payload packets had, where there was some: that of TLS changes with Go.
var size = regexp.MustCompile(`(\d)/[1-9]\d* `)

func TestNames(t *testing.T) {
	offer := clientHello(t, "www.example.com")
	parsed, _ := hello.Parse([]byte(offer))
	ja4 := parsed.JA4
	half := len(offer) / 2
	web := netip.MustParseAddrPort("198.51.100.2:80")
	ask, tell := dnsMessage(7, "www.example.com", false), dnsMessage(7, "www.example.com", true, "198.51.100.2", "198.51.100.9")
	for _, test := range []struct {
		name    string
		packets []seen
		want    []string
	}{
		{"TLS", []seen{part(0, 100, offer)}, []string{
			"0+0 tcp 192.0.2.1:40000>198.51.100.2:443 1/ 0/0 other first tls www.example.com " + ja4,
		}},
		{"TLS in pieces, one sent again", []seen{part(0, 100, offer[:half]), part(0, 100, offer[:half]), part(0, 100+half, offer[half:])}, []string{
			"0+0 tcp 192.0.2.1:40000>198.51.100.2:443 3/ 0/0 other first tls www.example.com " + ja4,
		}},
		{"HTTP", []seen{tcp(0, client, web, ACK, "GET / HTTP/1.1\r\nHost: Example.com\r\n\r\n")}, []string{
			"0+0 tcp 192.0.2.1:40000>198.51.100.2:80 1/ 0/0 other first http example.com",
		}},
		{"the DNS told", []seen{udp(0, client, resolver, ask), udp(1, resolver, client, tell), tcp(2, client, server, SYN)}, []string{
			"192.0.2.1 asks 192.0.2.53: A www.example.com NOERROR 2 answers after 0 s",
			"0+1 udp 192.0.2.1:40000>192.0.2.53:53 1/ 1/ established first dns",
			"2+0 tcp 192.0.2.1:40000>198.51.100.2:443 1/0 0/0 unanswered syn www.example.com",
		}},
		{"the DNS told another client", []seen{
			udp(0, client, resolver, ask), udp(1, resolver, client, tell), tcp(2, netip.MustParseAddrPort("192.0.2.9:1"), server, SYN),
		}, []string{
			"192.0.2.1 asks 192.0.2.53: A www.example.com NOERROR 2 answers after 0 s",
			"0+1 udp 192.0.2.1:40000>192.0.2.53:53 1/ 1/ established first dns",
			"2+0 tcp 192.0.2.9:1>198.51.100.2:443 1/0 0/0 unanswered syn",
		}},
		{"a name of its own counts more", []seen{
			udp(0, client, resolver, ask), udp(1, resolver, client, tell), tcp(2, client, web, ACK, "GET / HTTP/1.1\r\nHost: b.example.com\r\n\r\n"),
		}, []string{
			"192.0.2.1 asks 192.0.2.53: A www.example.com NOERROR 2 answers after 0 s",
			"0+1 udp 192.0.2.1:40000>192.0.2.53:53 1/ 1/ established first dns",
			"2+0 tcp 192.0.2.1:40000>198.51.100.2:80 1/ 0/0 other first http b.example.com",
		}},
		{"DNS over TCP, two in one packet", []seen{tcp(0, client, resolver, ACK, framed(ask), framed(dnsMessage(8, "b.example.com", false)))}, []string{
			"192.0.2.1 asks 192.0.2.53: A www.example.com  0 answers after 0 s", "192.0.2.1 asks 192.0.2.53: A b.example.com  0 answers after 0 s",
			"0+0 tcp 192.0.2.1:40000>192.0.2.53:53 1/ 0/0 other first dns",
		}},
		{"asked twice, answered twice, unanswered", []seen{
			udp(0, client, resolver, ask), udp(1, client, resolver, ask), udp(2, resolver, client, tell), udp(3, resolver, client, tell),
			udp(4, client, resolver, dnsMessage(9, "b.example.com", false)), udp(40, client, resolver, dnsMessage(9, "c.example.com", false)),
		}, []string{
			"192.0.2.1 asks 192.0.2.53: A www.example.com NOERROR 2 answers after 0 s",
			"192.0.2.1 asks 192.0.2.53: A b.example.com  0 answers after 4 s", "192.0.2.1 asks 192.0.2.53: A c.example.com  0 answers after 40 s",
			"0+40 udp 192.0.2.1:40000>192.0.2.53:53 4/ 2/ established first dns",
		}},
		{"answer without its question", []seen{udp(5, resolver, client, tell)}, []string{
			"192.0.2.1 asks 192.0.2.53: A www.example.com NOERROR 2 answers after 5 s",
			"5+0 udp 192.0.2.1:40000>192.0.2.53:53 0/0 1/ other port dns",
		}},
	} {
		got, _ := metered(meter.Settings{}, test.packets...)
		for i := range got {
			got[i] = size.ReplaceAllString(got[i], "$1/ ")
		}
		slices.Sort(got)
		if slices.Sort(test.want); !slices.Equal(got, test.want) {
			t.Errorf("%s: got\n  %s\nwant\n  %s", test.name, strings.Join(got, "\n  "), strings.Join(test.want, "\n  "))
		}
	}
}
