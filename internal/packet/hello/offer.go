package hello

import "encoding/binary"

// Extensions that are looked into (IANA, TLS ExtensionType Values).
const (
	extServerName = 0
	extSignatures = 13
	extALPN       = 16
	extVersions   = 43
	nameTypeHost  = 0
	mostName      = 255 // as in the DNS
	randomSize    = 32
)

// offer is what a ClientHello offers (RFC 8446, 4.1.2). Its slices lie in the message.
type offer struct {
	version    uint16
	ciphers    []byte // two bytes each
	extensions []byte // with their lengths, as far as they are there
	named      bool   // there is a server_name extension
	name       []byte
	protocol   []byte // the first of ALPN
	versions   []byte // of supported_versions, two bytes each
	signatures []byte // algorithms, two bytes each
}

// read takes a ClientHello apart as far as it goes; whole tells whether its lengths fit together to its end.
func read(body []byte) (o offer, whole bool) {
	in := cursor{body}
	version, ok := in.take(2)
	if !ok {
		return o, false
	}
	o.version = binary.BigEndian.Uint16(version)
	if _, ok = in.take(randomSize); !ok {
		return o, false
	}
	if _, ok = in.short(); !ok { // session
		return o, false
	}
	if o.ciphers, ok = in.long(); !ok || len(o.ciphers)%2 != 0 {
		return o, false
	}
	if _, ok = in.short(); !ok { // compression
		return o, false
	}
	if len(in.rest) == 0 {
		return o, true // extensions may be absent (RFC 5246, 7.4.1.2)
	}
	o.extensions, whole = in.long()
	return o, o.readExtensions() && whole
}

// readExtensions looks into those that are needed; it tells whether the lengths of all fit together.
func (o *offer) readExtensions() bool {
	for in := (cursor{o.extensions}); len(in.rest) > 0; {
		kind, data, ok := in.extension()
		if !ok {
			return false
		}
		switch kind {
		case extServerName:
			o.named, o.name = true, firstHost(data)
		case extALPN:
			o.protocol = firstProtocol(data)
		case extVersions:
			o.versions, _ = (&cursor{data}).short()
		case extSignatures:
			o.signatures, _ = (&cursor{data}).long()
		}
	}
	return true
}

// firstHost is the first host name of a server_name extension (RFC 6066, 3).
func firstHost(data []byte) []byte {
	list, _ := (&cursor{data}).long()
	for in := (cursor{list}); len(in.rest) > 0; {
		kind, _ := in.take(1)
		name, ok := in.long()
		if !ok {
			return nil
		}
		if kind[0] == nameTypeHost && len(name) <= mostName {
			return name
		}
	}
	return nil
}

// firstProtocol is the first of an ALPN extension (RFC 7301, 3.1) that is not there to be ignored.
func firstProtocol(data []byte) []byte {
	list, _ := (&cursor{data}).long()
	for in := (cursor{list}); len(in.rest) > 0; {
		name, ok := in.short()
		if !ok {
			return nil
		}
		if len(name) != 2 || !grease(binary.BigEndian.Uint16(name)) {
			return name
		}
	}
	return nil
}

// serverName spells the name in lower case; names are ASCII (RFC 6066, 3), other bytes stay as they are.
func (o *offer) serverName() string {
	name := o.name
	if n := len(name); n > 0 && name[n-1] == '.' {
		name = name[:n-1]
	}
	var lower [mostName]byte
	for i, b := range name {
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
		}
		lower[i] = b
	}
	return string(lower[:len(name)])
}

// cursor takes vectors with a length before them (RFC 8446, 3.4) off a message. What is cut short comes as far as it is
// there, with ok false.
type cursor struct{ rest []byte }

func (c *cursor) take(n int) (data []byte, ok bool) {
	ok = n <= len(c.rest)
	n = min(n, len(c.rest))
	data, c.rest = c.rest[:n], c.rest[n:]
	return data, ok
}

// short takes a vector with one byte of length.
func (c *cursor) short() (data []byte, ok bool) {
	length, ok := c.take(1)
	if !ok {
		return nil, false
	}
	return c.take(int(length[0]))
}

// long takes a vector with two bytes of length.
func (c *cursor) long() (data []byte, ok bool) {
	length, ok := c.take(2)
	if !ok {
		return nil, false
	}
	return c.take(int(binary.BigEndian.Uint16(length)))
}

// extension takes one that is there as a whole.
func (c *cursor) extension() (kind uint16, data []byte, ok bool) {
	head, ok := c.take(2)
	if !ok {
		return 0, nil, false
	}
	data, ok = c.long()
	return binary.BigEndian.Uint16(head), data, ok
}
