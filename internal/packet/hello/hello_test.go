package hello_test

import (
	"crypto/tls"
	"encoding/binary"
	"net"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/packet/hello"
)

// client is what a ClientHello is made of.
type client struct {
	version    uint16
	ciphers    []uint16
	extensions []extension
}

type extension struct {
	kind uint16
	data string
}

func vector8(data string) string { return string([]byte{byte(len(data))}) + data }
func vector16(data string) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(len(data)))) + data
}

func codes(list ...uint16) string {
	var out []byte
	for _, code := range list {
		out = binary.BigEndian.AppendUint16(out, code)
	}
	return string(out)
}

func serverName(name string) extension { return extension{0, vector16("\x00" + vector16(name))} }
func alpn(names ...string) extension {
	var list string
	for _, name := range names {
		list += vector8(name)
	}
	return extension{16, vector16(list)}
}
func signatures(list ...uint16) extension { return extension{13, vector16(codes(list...))} }
func versions(list ...uint16) extension   { return extension{43, vector8(codes(list...))} }

// message is the handshake message.
func (c client) message() []byte {
	body := codes(c.version) + strings.Repeat("r", 32) + vector8("session") + vector16(codes(c.ciphers...)) + vector8("\x00")
	if c.extensions != nil {
		var list string
		for _, e := range c.extensions {
			list += codes(e.kind) + vector16(e.data)
		}
		body += vector16(list)
	}
	return append([]byte{1, 0, byte(len(body) >> 8), byte(len(body))}, body...)
}

// records puts a message into records of at most size bytes.
func records(message []byte, size int) (stream []byte) {
	for part := range slices.Chunk(message, size) {
		stream = append(stream, 22, 3, 1)
		stream = append(stream, vector16(string(part))...)
	}
	return stream
}

// foxIO is the client of FoxIO's description of JA4: 15 ciphers, 16 extensions and 8 signature algorithms, with values
// of GREASE between them.
func foxIO() client {
	c := client{version: 0x0303, ciphers: []uint16{0x8a8a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9,
		0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035}}
	for _, kind := range []uint16{0x1a1a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023,
		0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015, 0xfafa} {
		c.extensions = append(c.extensions, extension{kind: kind})
	}
	c.set(serverName("WWW.Example.com."))
	c.set(alpn("h2", "http/1.1"))
	c.set(signatures(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601))
	c.set(versions(0x4a4a, 0x0303, 0x0304))
	return c
}

// set replaces the extension of the same type.
func (c client) set(e extension) {
	at := slices.IndexFunc(c.extensions, func(other extension) bool { return other.kind == e.kind })
	c.extensions[at] = e
}

const foxIOJA4 = "t13d1516h2_8daaf6152771_e5627efa2ab1"

func TestFoxIO(t *testing.T) {
	got, progress := hello.Parse(records(foxIO().message(), 16384))
	if want := (hello.Hello{Name: "www.example.com", JA4: foxIOJA4}); got != want || progress != hello.Complete {
		t.Errorf("read %+v (%d), want %+v", got, progress, want)
	}
	got, _ = hello.ParseMessage(foxIO().message(), hello.OverQUIC)
	if want := "q" + foxIOJA4[1:]; got.JA4 != want {
		t.Errorf("over QUIC it is %s, want %s", got.JA4, want)
	}
}

func TestJA4(t *testing.T) {
	bare := client{version: 0x0301, ciphers: []uint16{0x0a0a}}
	many := client{version: 0x0302, ciphers: make([]uint16, 120)}
	plain := foxIO()
	plain.set(signatures())
	greased := foxIO()
	greased.set(signatures(0xdada, 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601))
	draft := foxIO()
	draft.set(versions(0x7f1c, 0x0303))
	named := client{version: 0x0300, extensions: []extension{serverName(""), alpn("http/1.1")}}
	for _, c := range []struct {
		name string
		client
		want string
	}{
		{"no signature algorithms", plain, "t13d1516h2_8daaf6152771_6d807ffa2a79"},
		{"GREASE among them", greased, foxIOJA4},
		{"a draft of TLS 1.3", draft, "t00d1516h2_8daaf6152771_e5627efa2ab1"},
		{"no ciphers, no extensions", bare, "t10i000000_000000000000_000000000000"},
		{"only extensions that part a has", named, "ts3d0002h1_000000000000_000000000000"},
		{"120 ciphers", many, "t11i990000_"},
	} {
		got, progress := hello.Parse(records(c.message(), 16384))
		if progress != hello.Complete || !strings.HasPrefix(got.JA4, c.want) {
			t.Errorf("%s: %s (%d), want %s", c.name, got.JA4, progress, c.want)
		}
	}
}

// The values in hexadecimal are those of FoxIO's description.
func TestProtocol(t *testing.T) {
	for protocol, want := range map[string]string{
		"h2": "h2", "http/1.1": "h1", "x": "xx", "": "00", "\xab": "ab", "\xab\xcd": "ad", "\x30\xab": "3b",
		"\x30\x31\xab\xcd": "3d", "\x30\xab\xcd\x31": "01", "spdy/3": "s3", "-": "2d",
	} {
		c := client{version: 0x0303, extensions: []extension{alpn(protocol, "h3")}}
		got, _ := hello.ParseMessage(c.message(), hello.OverTCP)
		if len(got.JA4) != 36 || got.JA4[8:10] != want {
			t.Errorf("%q: %s, want %s", protocol, got.JA4, want)
		}
	}
}

func TestPieces(t *testing.T) {
	message := foxIO().message()
	for _, size := range []int{1, 50, 100, len(message) - 1} {
		stream := records(message, size)
		for length := range stream {
			if got, progress := hello.Parse(stream[:length]); progress != hello.NeedMore || got.JA4 != "" {
				t.Fatalf("%d of %d bytes, in records of %d: %+v (%d)", length, len(stream), size, got, progress)
			}
		}
		if got, progress := hello.Parse(append(stream, "more"...)); progress != hello.Complete || got.JA4 != foxIOJA4 {
			t.Errorf("in records of %d: %+v (%d)", size, got, progress)
		}
	}
}

func TestNameBeforeEnd(t *testing.T) {
	stream := records(foxIO().message(), 16384)
	got, progress := hello.Parse(stream[:len(stream)-10])
	if progress != hello.NeedMore || got.Name != "www.example.com" {
		t.Errorf("read %+v (%d)", got, progress)
	}
}

func TestNotTLS(t *testing.T) {
	sslv2 := "\x80\x2e\x01\x03\x01\x00\x15\x00\x00\x00\x10"
	long := foxIO()
	long.extensions = append(long.extensions, extension{21, ""})
	cut := long.message()
	cut[len(cut)-1] = 9 // length of the last extension
	for name, stream := range map[string][]byte{
		"SSL 2":                 []byte(sslv2),
		"HTTP":                  []byte("GET / HTTP/1.1\r\n"),
		"alert":                 []byte("\x15\x03\x01\x00\x02\x02\x28"),
		"ServerHello":           []byte("\x16\x03\x03\x00\x04\x02\x00\x00\x26"),
		"empty record":          []byte("\x16\x03\x01\x00\x00"),
		"record of 64 KiB":      []byte("\x16\x03\x01\xff\xff\x01"),
		"hello of 16 MiB":       []byte("\x16\x03\x01\x00\x04\x01\xff\xff\xff"),
		"hello of 0 bytes":      []byte("\x16\x03\x01\x00\x04\x01\x00\x00\x00"),
		"extension beyond end":  records(cut, 16384),
		"other major version":   []byte("\x16\x02"),
		"odd length of ciphers": records([]byte("\x01\x00\x00\x28\x03\x03"+strings.Repeat("r", 32)+"\x00\x00\x01\x13\x01\x00"), 999),
	} {
		if got, progress := hello.Parse(stream); progress != hello.NotTLS || got != (hello.Hello{}) {
			t.Errorf("%s: %+v (%d)", name, got, progress)
		}
	}
	if _, progress := hello.Parse(nil); progress != hello.NeedMore {
		t.Error("nothing yet is not TLS")
	}
}

// A client of this language: what it offers is known, and its hello was not made by these tests.
func TestGoClient(t *testing.T) {
	ours, theirs := net.Pipe()
	t.Cleanup(func() { _ = ours.Close() }) // the client ends with it
	go func() {
		config := tls.Config{ServerName: "go.example.com", NextProtos: []string{"h2"}, MaxVersion: tls.VersionTLS12}
		_ = tls.Client(theirs, &config).Handshake() // fails, as nobody answers
	}()
	stream := make([]byte, 0, 4096)
	for {
		n, err := ours.Read(stream[len(stream):cap(stream)])
		if err != nil {
			t.Fatal(err)
		}
		stream = stream[:len(stream)+n]
		got, progress := hello.Parse(stream)
		if progress == hello.NeedMore {
			continue
		}
		if progress != hello.Complete || got.Name != "go.example.com" || !strings.HasPrefix(got.JA4, "t12d") || got.JA4[8:10] != "h2" {
			t.Errorf("read %+v (%d)", got, progress)
		}
		return
	}
}

func TestAllocations(t *testing.T) {
	stream := records(foxIO().message(), 16384)
	if allocs := testing.AllocsPerRun(10, func() { hello.Parse(stream) }); allocs > 2 {
		t.Errorf("%v allocations, want those of two texts", allocs)
	}
}

func BenchmarkParse(b *testing.B) {
	stream := records(foxIO().message(), 16384)
	for b.Loop() {
		hello.Parse(stream)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(records(foxIO().message(), 16384))
	f.Add(records(foxIO().message(), 70))
	f.Add(records(client{version: 0x0301, ciphers: []uint16{0x002f}}.message(), 16384))
	f.Fuzz(func(t *testing.T, stream []byte) {
		got, progress := hello.Parse(stream)
		if len(got.Name) > 255 || (progress == hello.Complete) != (len(got.JA4) == 36) {
			t.Errorf("read %+v (%d)", got, progress)
		}
	})
}
