package nfcapd

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"time"
)

// sample is one record that a test writes, in either layout.
type sample struct {
	src, dst             string // with ports; of ICMP the port of dst is type and code
	start, end           int64  // milliseconds after base
	proto                uint8
	flags, reverse       uint8 // of TCP
	packets, bytes       uint64
	outPackets, outBytes uint64
	sampled, event       bool
	firewall, nat        uint8  // events
	behind               string // where dst was translated to
	long                 bool   // layout 1: counts of 64 bits, and a record of type 10
}

var base = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC).UnixMilli()

var (
	order = binary.LittleEndian
	u16   = order.AppendUint16
	u32   = order.AppendUint32
	u64   = order.AppendUint64
)

// addresses are the two of a sample.
func (s sample) addresses() (data []byte, v6 bool) {
	return pair(s.src, s.dst)
}

// pair is two addresses as both layouts keep them.
func pair(src, dst string) (data []byte, v6 bool) {
	for _, end := range []string{src, dst} {
		address := netip.MustParseAddrPort(end).Addr()
		if address.Is4() {
			b := address.As4()
			data = u32(data, binary.BigEndian.Uint32(b[:]))
			continue
		}
		v6 = true
		b := address.As16()
		data = u64(u64(data, binary.BigEndian.Uint64(b[:])), binary.BigEndian.Uint64(b[8:]))
	}
	return data, v6
}

func (s sample) ports() (src, dst uint16) {
	return netip.MustParseAddrPort(s.src).Port(), netip.MustParseAddrPort(s.dst).Port()
}

// element2 appends an element of layout 2.
func element2(data []byte, kind uint16, body []byte) []byte {
	return append(u16(u16(data, kind), uint16(elementHeader+len(body))), body...)
}

// record2 is a record of layout 2.
func (s sample) record2() []byte {
	src, dst := s.ports()
	generic := u64(u64(u64(u64(u64(nil, uint64(base+s.start)), uint64(base+s.end)), 0), s.packets), s.bytes)
	generic = append(u16(u16(generic, src), dst), s.proto, s.flags, 0, 0)
	body := element2(nil, elementGeneric, generic)
	addresses, v6 := s.addresses()
	if v6 {
		body = element2(body, elementIPv6, addresses)
	} else {
		body = element2(body, elementIPv4, addresses)
	}
	body = element2(body, elementMisc, append(make([]byte, miscReverse), s.reverse, 0))
	if s.outPackets != 0 || s.outBytes != 0 {
		body = element2(body, elementCount, u64(u64(u64(nil, 2), s.outPackets), s.outBytes))
	}
	if s.firewall != 0 {
		body = element2(body, elementNSEL, append(u16(u32(u64(nil, uint64(base+s.start)), 7), 0), s.firewall, 0))
	}
	if s.behind != "" {
		translated, v6 := pair(s.src, s.behind)
		kind := map[bool]uint16{false: elementNAT4, true: elementNAT6}[v6]
		body = element2(body, kind, translated)
		body = element2(body, elementNATPort, u16(u16(nil, src), netip.MustParseAddrPort(s.behind).Port()))
	}
	if s.nat != 0 {
		body = element2(body, elementNEL, append(u32(u64(nil, uint64(base+s.start)), 7), s.nat, 0, 0, 0))
	}
	elements := 0
	for rest := body; len(rest) > 0; elements++ {
		rest = rest[order.Uint16(rest[2:]):]
	}
	head := u16(u16(u16(nil, typeFlow2), uint16(flowHeader+len(body))), uint16(elements))
	return append(append(head, 0, 0, 1, 0, bit(s.sampled, flagSampled)|bit(s.event, flagEvent), 9), body...)
}

func bit(set bool, flag uint8) uint8 {
	if set {
		return flag
	}
	return 0
}

// Maps of extensions that record1 uses.
const (
	plainMap = iota
	countMap
	firewallMap
	translatedMap
	translatedMap6
)

// maps1 are records of extension maps: nothing that is read, counts of the other direction, an event of a firewall,
// translated addresses.
func maps1() (records [][]byte) {
	for id, extensions := range [][]uint16{{5, 7, 9}, {5, outPackets8, outBytes4}, {extensionNSEL, outPackets4, outBytes8}, {extensionPorts, extensionNAT4}, {extensionNAT6, 4, extensionPorts}} {
		record := u16(u16(u16(u16(nil, typeMap), uint16(mapHeader+2*len(extensions)+2)), uint16(id)), 0)
		for _, extension := range extensions {
			record = u16(record, extension)
		}
		records = append(records, u16(record, 0))
	}
	return records
}

// record1 is a record of layout 1.
func (s sample) record1() []byte {
	src, dst := s.ports()
	addresses, v6 := s.addresses()
	start, end := base+s.start, base+s.end
	common := u16(u16(nil, uint16(start%1000)), uint16(end%1000))
	common = append(u32(u32(common, uint32(start/1000)), uint32(end/1000)), 0, s.flags, s.proto, 0)
	common = u16(u16(common, src), dst)
	id, extensions := s.extensions1()
	kind := uint16(typeFlow1)
	if s.long {
		kind, common = typeFlow10, u32(common, 1)
	}
	body := append(common, addresses...)
	if s.long {
		body = u64(u64(body, s.packets), s.bytes)
	} else {
		body = u32(u32(body, uint32(s.packets)), uint32(s.bytes))
	}
	body = append(body, extensions...)
	flags := bit(v6, flagIPv6) | bit(s.long, flagPackets64|flagBytes64) | bit(s.event, flagEvent1) | bit(s.sampled, flagSampled1)
	return append(u16(append(u16(u16(nil, kind), uint16(8+len(body))), flags, 0), id), body...)
}

func (s sample) extensions1() (id uint16, data []byte) {
	switch {
	case s.firewall != 0:
		data = append(u16(u32(u64(nil, uint64(base+s.start)), 7), 0), s.firewall, 0, 0, 0, 0, 0)
		return firewallMap, u64(u32(data, uint32(s.outPackets)), s.outBytes)
	case s.outPackets != 0 || s.outBytes != 0:
		return countMap, u32(u64(make([]byte, 8), s.outPackets), uint32(s.outBytes))
	}
	if s.behind == "" {
		return plainMap, make([]byte, 20)
	}
	src, _ := s.ports()
	ports := u16(u16(nil, src), netip.MustParseAddrPort(s.behind).Port())
	translated, v6 := pair(s.src, s.behind)
	if v6 {
		return translatedMap6, append(append(translated, 0, 0, 0, 0), ports...)
	}
	return translatedMap, append(ports, translated...)
}

// packed is a block with records; compress may be nil.
func packed(kind uint16, records [][]byte, compress func([]byte) []byte) []byte {
	data := bytes.Join(records, nil)
	if compress != nil {
		data = compress(data)
	}
	return append(u16(u16(u32(u32(nil, uint32(len(records))), uint32(len(data))), kind), 0), data...)
}

// file2 is a file of layout 2 with its samples in blocks of so many, and what nfdump puts at its end.
func file2(samples []sample, size int, compression compression, compress func([]byte) []byte, more ...[]byte) []byte {
	var content []byte
	count := 0
	for ; len(samples) > 0 || len(more) > 0; count++ {
		n := min(size, len(samples))
		records := more
		for _, s := range samples[:n] {
			records = append(records, s.record2())
		}
		content = append(content, packed(kindRecords2, records, compress)...)
		samples, more = samples[n:], nil
	}
	head := u32(u64(u32(u16(u16(nil, magic), 2), 0x01070100), uint64(base/1000)), uint32(compression)|1<<16)
	head = u32(u32(u64(u32(head, 1), uint64(layouts[2].size+len(content))), 0), uint32(count))
	return append(append(head, content...), packed(kindRecords2, appendix(), compress)...)
}

// appendix are the records at the end of a file: who wrote it, and statistics.
func appendix() [][]byte {
	ident := append(u16(u16(nil, 0x8001), 9), "none\x00"...)
	return [][]byte{ident, append(u16(u16(nil, 0x8002), 148), make([]byte, 144)...)}
}

// file1 is a file of layout 1.
func file1(samples []sample, flags uint32, compress func([]byte) []byte, more ...[]byte) []byte {
	head := u32(u32(u16(u16(nil, magic), 1), flags), 1)
	head = append(head, make([]byte, layouts[1].size-len(head))...)
	records := append(maps1(), more...)
	for _, s := range samples {
		records = append(records, s.record1())
	}
	return append(head, packed(kindRecords1, records, compress)...)
}

// literal compresses to LZO1X with nothing but literals.
func literal(data []byte) []byte {
	const most = 200
	out := []byte{byte(17 + min(len(data), most))}
	if len(data) > most { // what follows must be told how long it is: 3 and 15, then 255 for each byte of 0
		rest := len(data)
		out = []byte{0}
		for rest -= 18; rest > 255; rest -= 255 {
			out = append(out, 0)
		}
		out = append(out, byte(rest))
	}
	return append(append(out, data...), 17, 0, 0)
}
