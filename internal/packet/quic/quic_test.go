package quic_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"sentinel/internal/input/inputtest"
	"sentinel/internal/input/pcap"
	"sentinel/internal/packet"
	"sentinel/internal/packet/hello"
	"sentinel/internal/packet/quic"
)

// clientHello is that of RFC 9001, A.2 and RFC 9369, A.2.
const clientHello = "010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868" +
	"04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578" +
	"616d706c652e636f6dff01000100000a00080006001d00170018001000070005" +
	"04616c706e000500050100000000003300260024001d00209370b2c9caa47fba" +
	"baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400" +
	"0d0010000e0403050306030203080408050806002d00020101001c0002400100" +
	"3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000" +
	"75300901100f088394c8f03e51570806048000ffff"

// connection is the identifier of both appendices.
const connection = "\x83\x94\xc8\xf0\x3e\x51\x57\x08"

// edition is a version of QUIC, as its RFC has it.
type edition struct {
	number          uint32
	first           byte // of an Initial packet with a packet number of 4 bytes
	salt            string
	key, iv, header string
}

var (
	v1 = edition{1, 0xc3, "38762cf7f55934b34d179ae6a4c80cadccbb7f0a", "quic key", "quic iv", "quic hp"}
	v2 = edition{0x6b3343cf, 0xd3, "0dede3def700a6db819381be6e269dcbf9bd2ed9", "quicv2 key", "quicv2 iv", "quicv2 hp"}
)

func bytesOf(t testing.TB, digits string) []byte {
	t.Helper()
	data, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// derive is HKDF-Expand-Label.
func derive(t testing.TB, secret []byte, label string, size int) []byte {
	t.Helper()
	info := "\x00" + string([]byte{byte(size), byte(6 + len(label))}) + "tls13 " + label + "\x00"
	key, err := hkdf.Expand(sha256.New, secret, info, size)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func block(t testing.TB, key []byte) cipher.Block {
	t.Helper()
	made, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// seal makes an Initial packet of a client as RFC 9001, 5 says. The keys come from one connection identifier, the
// header has the other.
func (e edition) seal(t testing.TB, origin, destination, token string, number uint32, frames []byte) []byte {
	t.Helper()
	initial, err := hkdf.Extract(sha256.New, []byte(origin), bytesOf(t, e.salt))
	if err != nil {
		t.Fatal(err)
	}
	secret := derive(t, initial, "client in", 32)
	head := binary.BigEndian.AppendUint32([]byte{e.first}, e.number)
	head = append(append(head, byte(len(destination))), destination...)
	head = append(head, 0) // no identifier of its own
	head = append(append(head, byte(len(token))), token...)
	head = binary.BigEndian.AppendUint16(head, 0x4000|uint16(4+len(frames)+16))
	head = binary.BigEndian.AppendUint32(head, number)
	nonce := derive(t, secret, e.iv, 12)
	binary.BigEndian.PutUint32(nonce[8:], binary.BigEndian.Uint32(nonce[8:])^number)
	sealer, err := cipher.NewGCM(block(t, derive(t, secret, e.key, 16)))
	if err != nil {
		t.Fatal(err)
	}
	out := sealer.Seal(head, nonce, frames, head)
	mask := make([]byte, 16)
	block(t, derive(t, secret, e.header, 16)).Encrypt(mask, out[len(head):])
	out[0] ^= mask[0] & 0x0f
	for i := range 4 {
		out[len(head)-4+i] ^= mask[1+i]
	}
	return out
}

// crypto is a CRYPTO frame with a part of a message.
func crypto(message []byte, from, till int) []byte {
	frame := binary.BigEndian.AppendUint16([]byte{6}, 0x4000|uint16(from))
	frame = binary.BigEndian.AppendUint16(frame, 0x4000|uint16(till-from))
	return append(frame, message[from:till]...)
}

// appendix is the packet of RFC 9001, A.2 or of RFC 9369, A.2.
func (e edition) appendix(t testing.TB) []byte {
	frames := append(bytesOf(t, "060040f1"+clientHello), make([]byte, 917)...)
	return e.seal(t, connection, connection, "", 2, frames)
}

// What the packets begin and end with is from the RFCs. The end is the authentication tag over all of it.
func TestAppendices(t *testing.T) {
	for _, c := range []struct {
		edition
		begin, end string
	}{
		{v1, "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11", "e221af44860018ab0856972e194cd934"},
		{v2, "d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485", "a18b2faa745b6fe189cf772a9f84cbfc"},
	} {
		datagram := c.appendix(t)
		if got := hex.EncodeToString(datagram); !strings.HasPrefix(got, c.begin) || !strings.HasSuffix(got, c.end) || len(datagram) != 1200 {
			t.Fatalf("the packet of these tests is not that of the RFC: %s...%s", got[:64], got[len(got)-32:])
		}
		if !quic.Looks(datagram) {
			t.Error("it does not look like QUIC")
		}
		want, _ := hello.ParseMessage(bytesOf(t, clientHello), hello.OverQUIC)
		got, ok := quic.Hello(datagram)
		if !ok || got != want || got.Name != "example.com" || !strings.HasPrefix(got.JA4, "q13d0211an_62ed6f6ca7ad_") {
			t.Errorf("read %+v (%v), want %+v", got, ok, want)
		}
	}
}

func TestPiecesOutOfOrder(t *testing.T) {
	message := bytesOf(t, clientHello)
	frames := bytes.Join([][]byte{crypto(message, 100, 241), {1, 0, 0}, {2, 9, 0, 1, 2, 3, 4}, crypto(message, 20, 120),
		{3, 9, 0, 0, 0, 1, 2, 3}, crypto(message, 0, 40), make([]byte, 100)}, nil)
	if got, ok := quic.Hello(v1.seal(t, connection, connection, "", 0, frames)); !ok || got.Name != "example.com" {
		t.Errorf("read %+v (%v)", got, ok)
	}
}

func TestTwoPacketsInOneDatagram(t *testing.T) {
	message := bytesOf(t, clientHello)
	datagram := v1.seal(t, connection, connection, "", 0, crypto(message, 100, 241))
	datagram = append(datagram, v1.seal(t, connection, connection, "", 1, crypto(message, 0, 100))...)
	if got, ok := quic.Hello(datagram); !ok || got.Name != "example.com" {
		t.Errorf("read %+v (%v)", got, ok)
	}
}

func TestTwoDatagrams(t *testing.T) {
	message := bytesOf(t, clientHello)
	first := v1.seal(t, connection, connection, "", 0, append(crypto(message, 0, 90), crypto(message, 200, 241)...))
	ping := v1.seal(t, connection, connection, "", 1, make([]byte, 40))
	second := v1.seal(t, connection, "server's", "", 2, crypto(message, 90, 200))
	var stream quic.Stream
	if got, progress := stream.Add(first); progress != hello.NeedMore || got.Name != "example.com" || got.JA4 != "" {
		t.Errorf("after the first: %+v (%d)", got, progress)
	}
	if _, progress := stream.Add(ping); progress != hello.NeedMore {
		t.Errorf("after one without data: %d", progress)
	}
	if _, progress := stream.Add([]byte("no QUIC")); progress != hello.NotTLS {
		t.Errorf("after another protocol: %d", progress)
	}
	want, _ := hello.ParseMessage(message, hello.OverQUIC)
	if got, progress := stream.Add(second); progress != hello.Complete || got != want {
		t.Errorf("after the second: %+v (%d), want %+v", got, progress, want)
	}
}

// After a Retry the client begins anew, with a token and with keys of the identifier that the server chose.
func TestRetry(t *testing.T) {
	message := bytesOf(t, clientHello)
	var stream quic.Stream
	stream.Add(v1.seal(t, connection, connection, "", 0, crypto(message, 0, 100)))
	again := v1.seal(t, "chosen", "chosen", "token", 1, crypto(message, 0, 241))
	if got, progress := stream.Add(again); progress != hello.Complete || got.Name != "example.com" {
		t.Errorf("read %+v (%d)", got, progress)
	}
}

func TestCutShort(t *testing.T) {
	datagram := v1.appendix(t)
	for length := range datagram {
		got, ok := quic.Hello(datagram[:length])
		if want := length >= 22+245; ok != want || ok && got.Name != "example.com" {
			t.Fatalf("%d bytes: %+v (%v), want %v", length, got, ok, want)
		}
	}
}

func TestNotTheClient(t *testing.T) {
	changed := v1.appendix(t)
	changed[500] ^= 1
	foreign := v1.seal(t, "other", connection, "", 0, crypto(bytesOf(t, clientHello), 0, 241))
	for name, datagram := range map[string][]byte{"changed": changed, "of other keys": foreign, "nothing": nil} {
		if got, ok := quic.Hello(datagram); ok || got != (hello.Hello{}) {
			t.Errorf("%s: read %+v", name, got)
		}
	}
}

func TestLooks(t *testing.T) {
	for payload, want := range map[string]bool{
		"\xc0\x00\x00\x00\x01\x08x":  true,
		"\xd0\x6b\x33\x43\xcf\x08x":  true,
		"\xe0\x00\x00\x00\x01\x08x":  false, // Handshake
		"\xc0\x6b\x33\x43\xcf\x08x":  false, // Retry of version 2
		"\xc0\x00\x00\x00\x00\x08x":  false, // version negotiation
		"\x40\x00\x00\x00\x01\x08x":  false, // short header
		"\xc0\x00\x00\x00\x01":       false,
		"":                           false,
		"\x12\x34\x01\x00\x00\x01xx": false,
	} {
		if got := quic.Looks([]byte(payload)); got != want {
			t.Errorf("%q looks like it: %v", payload, got)
		}
	}
}

// What claims much makes little work: acknowledgements of 2^62 ranges, data at the end of the numbers, many tiny pieces.
func TestHostile(t *testing.T) {
	most := "\xff\xff\xff\xff\xff\xff\xff\xff"
	for _, frames := range []string{"\x02" + strings.Repeat(most, 4), "\x06" + most + most, strings.Repeat("\x06\x00\x01\x01", 300)} {
		datagram := v1.seal(t, connection, connection, "", 0, []byte(frames+strings.Repeat("\x00", 20)))
		if got, ok := quic.Hello(datagram); ok {
			t.Errorf("%.20q: %+v", frames, got)
		}
	}
}

// A client that goes on and on is given up.
func TestEndless(t *testing.T) {
	message := append([]byte{1, 0, 0xff, 0xff}, make([]byte, 1000)...)
	var stream quic.Stream
	for number := range uint32(100) {
		if _, progress := stream.Add(v1.seal(t, connection, connection, "", number, crypto(message, 0, 1000))); progress == hello.NotTLS {
			return
		}
	}
	t.Error("100 datagrams are read without an end")
}

// Captures of others, of all versions that are read, with the names that Zeek and Wireshark find in them.
func TestShared(t *testing.T) {
	for file, want := range map[string]string{
		"zeek-traces/Traces/quic/quic-39264-rand.pcap":                         "tr6.snapchat.com", // in two datagrams, as the next two
		"zeek-traces/Traces/quic/quic-multiple-initial-fragmented-crypto.pcap": "googleads.g.doubleclick.net",
		"zeek-traces/Traces/quic/quic-decrypt-fail-google-de-51833.pcap":       "www.google.de",
		"zeek-traces/Traces/quic/quicv2-echo-443.pcap":                         "localhost",
		"zeek-traces/Traces/quic/interop/quic-go_quic-go/retry.pcap":           "server4:443",
		"zeek-traces/Traces/quic/firefox-102.13.0esr-blog-cloudflare-com.pcap": "blog.cloudflare.com",
		"ipfixprobe/tests/functional/inputs/quic_initial-sample.pcap":          "www.google.com", // draft 29
	} {
		capture, err := os.Open(inputtest.Shared(t, file))
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		streams := map[packet.Ends]*quic.Stream{}
		for record, err := range pcap.Records(capture) {
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			var p packet.Packet
			if packet.Decode(record.Link, record.Data, &p) != packet.Decoded || !quic.Looks(record.Data[p.From:p.Till]) {
				continue
			}
			if streams[p.Ends] == nil {
				streams[p.Ends] = &quic.Stream{}
			}
			if got, progress := streams[p.Ends].Add(record.Data[p.From:p.Till]); progress == hello.Complete {
				names[got.Name] = true
			}
		}
		capture.Close()
		if !names[want] || len(names) != 1 {
			t.Errorf("%s: %v, want %s", file, names, want)
		}
	}
}

func BenchmarkHello(b *testing.B) {
	datagram := v1.appendix(b)
	for b.Loop() {
		quic.Hello(datagram)
	}
}

func BenchmarkLooks(b *testing.B) {
	datagram := []byte("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00")
	for b.Loop() {
		quic.Looks(datagram)
	}
}

func FuzzStream(f *testing.F) {
	f.Add(v1.appendix(f), []byte{})
	f.Add(v2.appendix(f), v1.appendix(f)[:300])
	f.Fuzz(func(_ *testing.T, first, second []byte) {
		var stream quic.Stream
		stream.Add(first)
		stream.Add(second)
	})
}

// FuzzFrames gives what was decrypted, which hardly grows out of datagrams.
func FuzzFrames(f *testing.F) {
	f.Add(bytesOf(f, "060040f1"+clientHello), []byte("\x01\x00\x02\x09\x00\x01\x02\x03\x04"))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		var stream quic.Stream
		for i, frames := range [][]byte{first, second} {
			stream.Add(v1.seal(t, connection, connection, "", uint32(i), frames[:min(len(frames), 1400)]))
		}
	})
}
