package dns_test

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/packet/dns"
)

// message is one of the DNS: flags, and what stands in the four sections.
func message(flags uint16, sections [4][]string) []byte {
	out := binary.BigEndian.AppendUint16(nil, 0x1234)
	out = binary.BigEndian.AppendUint16(out, flags)
	for _, section := range sections {
		out = binary.BigEndian.AppendUint16(out, uint16(len(section)))
	}
	return append(out, strings.Join(slices.Concat(sections[:]...), "")...)
}

const (
	example = "\x03www\x07Example\x03com\x00"
	pointer = "\xc0\x0c"
	inA     = "\x00\x01\x00\x01"
	inAAAA  = "\x00\x1c\x00\x01"
	ttl     = "\x00\x00\x00\x3c"
)

var (
	query  = message(0x0100, [4][]string{{example + inA}, 3: {"\x00\x00\x29\x10\x00\x00\x00\x00\x00\x00\x00"}})
	answer = message(0x8180, [4][]string{{example + inA}, {
		pointer + "\x00\x05\x00\x01" + ttl + "\x00\x02\xc0\x10",
		"\xc0\x10" + inA + ttl + "\x00\x04\xc0\x00\x02\x01",
		"\xc0\x10" + inAAAA + ttl + "\x00\x10\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x07",
	}})
)

func TestQuery(t *testing.T) {
	m, ok := dns.Parse(query)
	if !ok || m.ID != 0x1234 || m.Response || m.Opcode != 0 || string(m.Name) != "www.example.com" || dns.TypeName(m.Type) != "A" {
		t.Errorf("read %v, %+v", ok, m)
	}
}

func TestAnswer(t *testing.T) {
	m, ok := dns.Parse(answer)
	want := []netip.Addr{netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::7")}
	if !ok || !m.Response || m.Answers != 3 || !slices.Equal(m.Addresses, want) || dns.CodeName(m.Rcode) != "NOERROR" {
		t.Errorf("read %v, %+v", ok, m)
	}
}

func TestCutShort(t *testing.T) {
	question := 12 + len(example) + len(inA)
	for length := range answer {
		m, ok := dns.Parse(answer[:length])
		if ok != (length >= question) {
			t.Fatalf("of %d bytes it is a message: %v", length, ok)
		}
		if ok && (string(m.Name) != "www.example.com" || m.Answers != 3 || len(m.Addresses) > 1) {
			t.Fatalf("of %d bytes it reads %+v", length, m)
		}
	}
}

func TestNames(t *testing.T) {
	long := strings.Repeat("\x3f"+strings.Repeat("\xff", 63), 3) + "\x3d" + strings.Repeat("\xff", 61) + "\x00"
	for wire, want := range map[string]string{
		"\x00":               ".",
		"\x01a\x00":          "a",
		"\x03a.b\x01\\\x00":  `a\.b.\\`,
		"\x04a b\x00\x00":    `a\032b\000`,
		"\x02\xc3\xa9\x00":   `\195\169`,
		"\x05_ldap\x00":      "_ldap",
		long:                 strings.Repeat(strings.Repeat(`\255`, 63)+".", 3) + strings.Repeat(`\255`, 61),
		"\x01x" + long:       "",
		"\xc0\x0c":           "",
		"\x01a\xc0\x00":      "",
		"\x40" + example:     "",
		"\x3f" + example:     "",
		"\x07example\x03com": "",
	} {
		m, ok := dns.Parse(message(0, [4][]string{{wire + inA}}))
		if string(m.Name) != want || ok != (want != "") || len(m.Name) > dns.NameSize {
			t.Errorf("%q is named %q (%v), want %q", wire, m.Name, ok, want)
		}
	}
}

func TestCodes(t *testing.T) {
	opt := "\x00\x00\x29\x10\x00\x01\x00\x00\x00\x00\x00" // upper bits of the code are 1
	for want, m := range map[string][]byte{
		"NXDOMAIN":  message(0x8183, [4][]string{{example + inA}}),
		"REFUSED":   message(0x8185, [4][]string{}),
		"RCODE15":   message(0x818f, [4][]string{{example + inA}}),
		"BADCOOKIE": message(0x8187, [4][]string{{example + inA}, 3: {opt}}),
		"BADVERS":   message(0x8180, [4][]string{{example + inA}, {pointer + inA + ttl + "\x00\x04\xc0\x00\x02\x01"}, nil, {opt}}),
	} {
		if got, ok := dns.Parse(m); !ok || dns.CodeName(got.Rcode) != want {
			t.Errorf("read %v, %s, want %s", ok, dns.CodeName(got.Rcode), want)
		}
	}
	if got := dns.TypeName(65280); got != "TYPE65280" {
		t.Errorf("a private type is %s", got)
	}
}

func TestManyAddresses(t *testing.T) {
	var records []string
	for range 3 * dns.MostAddresses {
		records = append(records, pointer+inA+ttl+"\x00\x04\xc0\x00\x02\x01")
	}
	m, ok := dns.Parse(message(0x8180, [4][]string{{example + inA}, records}))
	if !ok || len(m.Addresses) != dns.MostAddresses || int(m.Answers) != len(records) {
		t.Errorf("read %v, %d addresses, %d answers", ok, len(m.Addresses), m.Answers)
	}
}

func TestNotDNS(t *testing.T) {
	for name, data := range map[string][]byte{
		"nothing": nil, "opcode 15": message(0x7800, [4][]string{{example + inA}}), "text": []byte("GET / HTTP/1.1\r\n\r\n"),
	} {
		if m, ok := dns.Parse(data); ok {
			t.Errorf("%s reads as %+v", name, m)
		}
	}
}

func TestUnframe(t *testing.T) {
	stream := append(binary.BigEndian.AppendUint16(nil, uint16(len(query))), query...)
	stream = append(stream, stream[:20]...)
	first, rest, ok := dns.Unframe(stream)
	if !ok || !slices.Equal(first, query) || len(rest) != 20 {
		t.Errorf("took off %d bytes, %d are left", len(first), len(rest))
	}
	if cut, rest, ok := dns.Unframe(rest); !ok || len(cut) != 18 || len(rest) != 0 {
		t.Errorf("of a message cut short it took %d bytes, %d are left", len(cut), len(rest))
	}
	for _, none := range []string{"", "\x00", "\x00\x05abcdefghijklmn"} {
		if _, _, ok := dns.Unframe([]byte(none)); ok {
			t.Errorf("%q has a message", none)
		}
	}
}

func TestReadAgain(t *testing.T) {
	m, _ := dns.Parse(answer)
	if allocs := testing.AllocsPerRun(10, func() { m.Read(answer); m.Read(query) }); allocs != 0 {
		t.Errorf("reading again allocates %v times", allocs)
	}
	if len(m.Addresses) != 0 || m.Response {
		t.Errorf("the message before shows in %+v", m)
	}
}

func BenchmarkRead(b *testing.B) {
	var m dns.Message
	for b.Loop() {
		m.Read(answer)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(query)
	f.Add(answer)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, ok := dns.Parse(data)
		if len(m.Name) > dns.NameSize || len(m.Addresses) > dns.MostAddresses || !ok && len(m.Name) > 0 {
			t.Errorf("read %v, %+v", ok, m)
		}
		if framed, _, ok := dns.Unframe(data); ok {
			m.Read(framed)
		}
	})
}

func TestAppendText(t *testing.T) {
	for text, want := range map[string]string{
		"WWW.Example.COM.": "www.example.com", ".": ".", "": "", "a b\\c\x00\xff.example": `a\032b\\c\000\255.example`,
		strings.Repeat("a", 300): strings.Repeat("a", 255),
	} {
		if got := string(dns.AppendText(nil, []byte(text))); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
