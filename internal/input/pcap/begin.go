package pcap

import (
	"encoding/binary"
	"errors"
	"fmt"

	"sentinel/internal/packet"
)

// plainHeader is the size of the header of a record, but for kinds that hardly anybody writes.
const plainHeader = 16

// fileHeader is the size of the header of a pcap file.
const fileHeader = 24

// kinds are the pcap files by their first four bytes, in the byte order of the host that wrote them.
var kinds = map[uint32]setting{
	0xa1b2c3d4: {header: plainHeader},
	0xa1b23c4d: {header: plainHeader, nano: true},
	0xa1b2cd34: {header: 24}, // of a patched libpcap: index of the interface, protocol and direction in every record
}

// begin reads how a capture begins. Size is where its first record is.
func begin(head []byte) (s *setting, size int, reason string) {
	if len(head) < 4 {
		return nil, 0, "is shorter than the magic number of any capture"
	}
	if binary.BigEndian.Uint32(head) == sectionHeader {
		return beginSection(head)
	}
	kind, known := kinds[binary.LittleEndian.Uint32(head)]
	if !known {
		kind, known = kinds[binary.BigEndian.Uint32(head)]
		kind.big = true
	}
	if !known {
		return nil, 0, "begins neither with a magic number of pcap nor with a section of pcapng"
	}
	if len(head) < fileHeader {
		return nil, 0, fmt.Sprintf("is cut short: %d bytes, its header has %d", len(head), fileHeader)
	}
	return kind.classic(head), fileHeader, ""
}

// classic reads the header of a pcap file (draft-ietf-opsawg-pcap, 4).
func (s setting) classic(head []byte) *setting {
	major, minor := s.u16(head[4:]), s.u16(head[6:])
	switch {
	case major < 2 || major == 2 && minor < 3:
		s.swapped = reversed
	case major == 2 && minor == 3:
		s.swapped = either
	}
	s.plain = s.header == plainHeader && !s.big && !s.nano && s.swapped == inOrder
	// The bits above the link type tell how long a frame check sequence is; headers are read by their own lengths.
	s.interfaces = []port{{link: packet.LinkType(s.u32(head[20:])), snap: s.u32(head[16:])}}
	return &s
}

// beginSection checks the first block of a pcapng file, which is read as a record.
func beginSection(head []byte) (s *setting, size int, reason string) {
	if len(head) < blockFrame {
		return nil, 0, fmt.Sprintf("is cut short: %d bytes, its section header has at least %d", len(head), sectionMinimum)
	}
	w := walker{setting: &setting{section: true}}
	if reason := w.begin(head); reason != "" {
		return nil, 0, reason
	}
	return w.setting, 0, ""
}

// start is what the head of a capture tells.
type start struct {
	setting *setting
	size    int   // of what comes before the first packet, as far as the head goes
	seconds int64 // time of the first packet, if the head has it
}

// newStart reads the head up to the first packet: what it says of interfaces then holds for nearly all captures.
func newStart(head []byte) (start, error) {
	setting, size, reason := begin(head)
	if reason != "" {
		return start{}, errors.New(reason)
	}
	w := walker{setting: setting}
	for {
		more, what := w.next(head[size:])
		switch what {
		case noPacket:
			size += more
			continue
		case aPacket:
			return start{w.setting, size, w.time / 1e6}, nil
		}
		return start{w.setting, size, 0}, nil
	}
}
