package wire

import "encoding/binary"

// browser is what one kind of TLS client says of itself.
type browser struct {
	ciphers    []uint16
	signatures []uint16
	protocols  []string
}

// browsers are three kinds of clients: as browsers, command-line tools and appliances say hello.
var browsers = []browser{
	{
		[]uint16{0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035},
		[]uint16{0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601}, []string{"h2", "http/1.1"},
	},
	{
		[]uint16{0x1302, 0x1303, 0x1301, 0xc02c, 0xc030, 0xc02b, 0xc02f, 0x009f, 0x009e, 0xc024, 0xc028},
		[]uint16{0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601}, []string{"http/1.1"},
	},
	{[]uint16{0x1301, 0xc02b, 0xc02f}, []uint16{0x0403, 0x0804, 0x0401}, nil},
}

// Types of extensions (IANA, TLS ExtensionType Values).
const (
	extServerName = 0
	extGroups     = 10
	extSignatures = 13
	extProtocols  = 16
	extPadding    = 21
	extVersions   = 43
	extKeyModes   = 45
	extKeyShare   = 51
)

// Sizes in bytes. helloSize is what hellos with padding come up to (RFC 7685), largestHello what they are stretched to
// where the first packet holds nothing else.
const (
	recordHeader, keySize, randomSize = 5, 32, 32
	helloSize, largestHello           = 517, 600
)

// clientHello asks for the server by name (RFC 8446, 4.1.2; RFC 6066, 3), and fills b.
func clientHello(t *talk, b []byte) int {
	session := keySize
	hello := appendClientHello(b[:0:len(b)], t, session)
	rest := len(b) - len(hello)
	if 0 < rest && rest < 4 { // no extension has so few bytes: take some from the session
		session -= 4
		hello = appendClientHello(b[:0:len(b)], t, session)
	}
	if rest = len(b) - len(hello); rest < 0 {
		return 0
	}
	if len(b) > largestHello {
		rest = helloSize - len(hello)
	}
	if rest >= 4 {
		hello = binary.BigEndian.AppendUint16(hello, extPadding)
		hello = binary.BigEndian.AppendUint16(hello, uint16(rest-4))
		clear(b[len(hello) : len(hello)+rest-4])
		hello = b[:len(hello)+rest-4]
	}
	fillLengths(hello, clientHelloExtensions(t, session))
	return len(hello)
}

// clientHelloExtensions is where the length of the extensions stands.
func clientHelloExtensions(t *talk, session int) int {
	return recordHeader + 4 + 2 + randomSize + 1 + session + 2 + 2*len(browserOf(t).ciphers) + 2
}

// fillLengths enters the lengths of a record, its handshake message and the extensions in it.
func fillLengths(hello []byte, extensions int) {
	binary.BigEndian.PutUint16(hello[3:], uint16(len(hello)-recordHeader))
	binary.BigEndian.PutUint16(hello[7:], uint16(len(hello)-recordHeader-4))
	binary.BigEndian.PutUint16(hello[extensions:], uint16(len(hello)-extensions-2))
}

func browserOf(t *talk) *browser {
	source := t.flow.SrcIP.As16()
	return &browsers[mix(uint64(source[15])<<8|uint64(source[14]))%uint64(len(browsers))]
}

func appendClientHello(b []byte, t *talk, session int) []byte {
	client := browserOf(t)
	b = append(b, 22, 3, 1, 0, 0, 1, 0, 0, 0, 3, 3)
	b = append(b, noise(t.hash, randomSize)...)
	b = append(append(b, byte(session)), noise(t.hash+1, session)...)
	b = appendList(b, client.ciphers)
	b = append(b, 1, 0, 0, 0) // no compression, and the length of the extensions
	b = appendExtension(b, extServerName, len(t.name)+5)
	b = binary.BigEndian.AppendUint16(b, uint16(len(t.name)+3))
	b = binary.BigEndian.AppendUint16(append(b, 0), uint16(len(t.name)))
	b = append(b, t.name...)
	b = appendExtension(b, extGroups, 6)
	b = appendList(b, []uint16{0x001d, 0x0017})
	b = appendExtension(b, extSignatures, 2+2*len(client.signatures))
	b = appendList(b, client.signatures)
	b = appendProtocols(b, client.protocols)
	b = appendExtension(b, extVersions, 5)
	b = append(b, 4, 3, 4, 3, 3)
	b = appendExtension(b, extKeyModes, 2)
	b = append(b, 1, 1)
	b = appendExtension(b, extKeyShare, 6+keySize)
	b = append(b, 0, 4+keySize, 0, 0x1d, 0, keySize)
	return append(b, noise(t.hash+2, keySize)...)
}

func appendExtension(b []byte, kind uint16, size int) []byte {
	return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(b, kind), uint16(size))
}

// appendList adds numbers after the bytes that they take.
func appendList(b []byte, list []uint16) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(2*len(list)))
	for _, number := range list {
		b = binary.BigEndian.AppendUint16(b, number)
	}
	return b
}

func appendProtocols(b []byte, protocols []string) []byte {
	if len(protocols) == 0 {
		return b
	}
	size := 0
	for _, protocol := range protocols {
		size += 1 + len(protocol)
	}
	b = appendExtension(b, extProtocols, 2+size)
	b = binary.BigEndian.AppendUint16(b, uint16(size))
	for _, protocol := range protocols {
		b = append(append(b, byte(len(protocol))), protocol...)
	}
	return b
}

// serverHello answers (RFC 8446, 4.1.3). It leaves out the session where what follows would have no room for a header.
func serverHello(t *talk, b []byte) int {
	const extensions = 6 + 8 + keySize
	const whole = recordHeader + 4 + 2 + randomSize + 1 + keySize + 3 + 2 + extensions
	session := keySize
	if rest := len(b) - whole; rest != 0 && rest <= recordHeader {
		session = 0
	}
	hello := append(b[:0:len(b)], 22, 3, 3, 0, 0, 2, 0, 0, 0, 3, 3)
	hello = append(hello, noise(t.hash+3, randomSize)...)
	hello = append(append(hello, byte(session)), noise(t.hash+1, session)...)
	hello = binary.BigEndian.AppendUint16(hello, browserOf(t).ciphers[0])
	hello = append(hello, 0, 0, extensions)
	hello = append(hello, 0, extVersions, 0, 2, 3, 4)
	hello = append(hello, 0, extKeyShare, 0, 4+keySize, 0, 0x1d, 0, keySize)
	hello = append(hello, noise(t.hash+4, keySize)...)
	if rest := len(b) - len(hello); rest < 0 || 0 < rest && rest <= recordHeader {
		return 0
	}
	fillLengths(hello, len(hello)-extensions-2)
	return len(hello)
}

// tlsRecord heads the application data of a packet (RFC 8446, 5.1), together with the bytes that follow in another one
// too small to have a head.
func tlsRecord(b []byte, following int64) {
	if len(b) <= recordHeader {
		return
	}
	size := len(b) - recordHeader
	if following <= recordHeader {
		size += int(following)
	}
	b[0], b[1], b[2] = 23, 3, 3
	binary.BigEndian.PutUint16(b[3:], uint16(size))
}
