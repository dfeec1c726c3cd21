package wire_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/gopacket/gopacket/layers"

	"sentinel/internal/flow"
	"sentinel/internal/synth/wire"
)

// bare is a connection over IPv4 that carries so many bytes up in one packet, and as many down.
func bare(port uint16, data int64) flow.Flow {
	const headers = 52 + 3*40
	return flow.Flow{
		Start: 1e15, Duration: 1e6, SrcIP: netip.MustParseAddr("192.0.2.1"), DstIP: netip.MustParseAddr("198.51.100.2"), Proto: flow.TCP,
		SrcPort: 40_000, DstPort: port, UpBytes: headers + data, DownBytes: headers + data, UpPackets: 4, DownPackets: 4, Name: "www.example",
	}
}

// data is what one end of a flow sends, and what the other answers.
func data(t *testing.T, f flow.Flow) (up, down []byte) {
	t.Helper()
	for _, s := range packets(t, write(t, wire.NewCapture([]flow.Flow{f}, nil), wire.Options{Format: wire.PCAP})) {
		if s.ends.src.Addr() == f.SrcIP {
			up = append(up, s.payload...)
		} else {
			down = append(down, s.payload...)
		}
	}
	return up, down
}

// TestTLSIsUnderstood has a server of TLS read the hello of every size, and counts the records.
func TestTLSIsUnderstood(t *testing.T) {
	for size := int64(0); size < 1_460; size++ {
		f := bare(443, size)
		up, down := data(t, f)
		want := wire.Expected(f).Name
		if size >= 300 && want == "" {
			t.Fatalf("%d bytes have no room for a hello", size)
		}
		if got := serverName(up); got != want {
			t.Errorf("in %d bytes: server name %q, want %q", size, got, want)
		}
		for _, stream := range [][]byte{up, down} {
			if rest := records(stream); rest != 0 && want != "" {
				t.Errorf("in %d bytes: records end %d bytes before or after the data", size, rest)
			}
		}
	}
}

// records takes the records off a stream, and tells how many bytes are left over or missing.
func records(stream []byte) int {
	for len(stream) >= 5 {
		size := 5 + int(stream[3])<<8 + int(stream[4])
		if size > len(stream) {
			return len(stream) - size
		}
		stream = stream[size:]
	}
	return len(stream)
}

// serverName is the name in a hello, as the standard library's server reads it.
func serverName(hello []byte) (name string) {
	config := &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		name = hello.ServerName
		return nil, errors.New("that was all")
	}}
	_ = tls.Server(onlyReads{bytes.NewReader(hello)}, config).Handshake() // it cannot end well
	return name
}

// onlyReads is a connection that has sent all and hears nothing.
type onlyReads struct{ io.Reader }

func (onlyReads) Write(b []byte) (int, error)      { return len(b), nil }
func (onlyReads) Close() error                     { return nil }
func (onlyReads) LocalAddr() net.Addr              { return nil }
func (onlyReads) RemoteAddr() net.Addr             { return nil }
func (onlyReads) SetDeadline(time.Time) error      { return nil }
func (onlyReads) SetReadDeadline(time.Time) error  { return nil }
func (onlyReads) SetWriteDeadline(time.Time) error { return nil }

func TestTLSOfManyPackets(t *testing.T) {
	for extra := range int64(12) {
		f := bare(443, 3*1_460+extra)
		f.UpPackets, f.DownPackets = 7, 7
		f.UpBytes, f.DownBytes = f.UpBytes+3*40, f.DownBytes+3*40
		up, down := data(t, f)
		if serverName(up) != "www.example" || records(up) != 0 || records(down) != 0 {
			t.Errorf("%d bytes: %q, records are off by %d and %d", len(up), serverName(up), records(up), records(down))
		}
	}
}

func TestHTTPIsUnderstood(t *testing.T) {
	for size := int64(0); size < 3_000; size += 7 {
		f := bare(80, size)
		up, down := data(t, f)
		if wire.Expected(f).Name == "" {
			if size > 100 {
				t.Errorf("%d bytes have no room for a request", size)
			}
			continue
		}
		request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(up)))
		if err != nil || request.Host != "www.example" {
			t.Errorf("request of %d bytes: %v, %v", size, request, err)
			continue
		}
		body, err := io.ReadAll(request.Body)
		if err != nil || size > 1_500 && int64(len(body)) < size-200 {
			t.Errorf("request of %d bytes: body of %d, %v", size, len(body), err)
		}
		if size < 150 {
			continue
		}
		response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(down)), request)
		if err != nil {
			t.Errorf("response of %d bytes: %v", size, err)
			continue
		}
		if _, err := io.ReadAll(response.Body); err != nil {
			t.Errorf("response of %d bytes: %v", size, err)
		}
		response.Body.Close()
	}
}

// TestDNSIsUnderstood asks in messages of every size.
func TestDNSIsUnderstood(t *testing.T) {
	for size := int64(28); size < 400; size++ {
		for count := range int64(3) {
			f := bare(53, 0)
			f.Proto, f.Name = flow.UDP, ""
			f.UpBytes, f.DownBytes, f.UpPackets, f.DownPackets = size*(count+1), 2*size*(count+1), count+1, count+1
			if size%2 == 0 {
				f.SrcIP, f.DstIP = netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::2")
			}
			e := wire.Expected(f)
			if count == 0 && size >= 100 && (e.UpBytes != f.UpBytes || e.DownBytes != f.DownBytes) {
				t.Errorf("messages of %d and %d bytes became %d and %d", f.UpBytes, f.DownBytes, e.UpBytes, e.DownBytes)
			}
			for _, s := range packets(t, write(t, wire.NewCapture([]flow.Flow{f}, nil), wire.Options{Format: wire.PCAP})) {
				if failure := s.packet.ErrorLayer(); failure != nil {
					t.Fatalf("message of %d bytes: %v", len(s.payload), failure.Error())
				}
				message := s.packet.Layer(layers.LayerTypeDNS).(*layers.DNS)
				if len(message.Questions) != 1 || len(message.Questions[0].Name) < len("a.example") {
					t.Errorf("questions: %v", message.Questions)
				}
				known := message.QR && message.ResponseCode == layers.DNSResponseCodeNoErr
				if known != (len(message.Answers) == 1) {
					t.Errorf("answers: %v", message.Answers)
				}
				if known && (string(message.Answers[0].Name) != string(message.Questions[0].Name) || message.Answers[0].IP == nil) {
					t.Errorf("%v is no answer to %v", message.Answers, message.Questions)
				}
			}
		}
	}
}

// TestLookupsNameTheServer has an office look up what it then connects to.
func TestLookupsNameTheServer(t *testing.T) {
	capture := wire.NewCapture(day(t, 3_000), nil)
	names := map[netip.Addr]string{}
	for f := range capture.Expected {
		if f.Name != "" {
			names[f.DstIP] = f.Name
		}
	}
	answers, right := 0, 0
	for _, s := range packets(t, write(t, capture, wire.Options{Format: wire.PCAP})) {
		message, ok := s.packet.Layer(layers.LayerTypeDNS).(*layers.DNS)
		if !ok || len(message.Answers) == 0 {
			continue
		}
		answers++
		if address, _ := netip.AddrFromSlice(message.Answers[0].IP); names[address] == string(message.Answers[0].Name) {
			right++
		}
	}
	if right < 50 || right < answers/4 {
		t.Errorf("%d of %d answers name a server of the capture", right, answers)
	}
}
