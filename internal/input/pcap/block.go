package pcap

import (
	"encoding/binary"
	"fmt"
	"slices"

	"sentinel/internal/packet"
)

// Types of blocks (draft-ietf-opsawg-pcapng, 11.1). All others are skipped.
const (
	sectionHeader   = 0x0a0d0d0a
	interfaceBlock  = 1
	obsoletePacket  = 2
	simplePacket    = 3
	enhancedPacket  = 6
	byteOrderMagic  = 0x1a2b3c4d
	blockFrame      = 12      // type, length, and length again at its end
	mostInterfaces  = 1 << 16 // of one section; a capture with more is none
	sectionMinimum  = 28
	interfaceFields = 8
)

// nextBlock reads one block of pcapng.
func (w *walker) nextBlock(rest []byte) (size int, what step) {
	if len(rest) < blockFrame {
		return blockFrame, cut
	}
	if binary.LittleEndian.Uint32(rest) == sectionHeader {
		if reason := w.begin(rest); reason != "" {
			w.reason = reason
			return 0, broken
		}
	}
	kind, length := w.u32(rest), w.u32(rest[4:])
	if length < blockFrame || length > mostRecord || length%4 != 0 {
		w.reason = fmt.Sprintf("a block of %d bytes is no block", length)
		return 0, broken
	}
	size = int(length)
	if size > len(rest) {
		return size, cut
	}
	if again := w.u32(rest[size-4:]); again != length {
		w.reason = fmt.Sprintf("a block begins with the length %d and ends with %d", length, again)
		return 0, broken
	}
	return size, w.block(kind, rest[8:size-4:size-4])
}

// begin starts a section: its byte order, and none of the interfaces of the section before.
func (w *walker) begin(rest []byte) (reason string) {
	switch magic := rest[8:12]; {
	case binary.LittleEndian.Uint32(magic) == byteOrderMagic:
		w.setting = &setting{section: true}
	case binary.BigEndian.Uint32(magic) == byteOrderMagic:
		w.setting = &setting{section: true, big: true}
	default:
		return fmt.Sprintf("a section begins with the byte order %x", magic)
	}
	return ""
}

func (w *walker) block(kind uint32, body []byte) step {
	switch kind {
	case enhancedPacket:
		return w.enhanced(body)
	case interfaceBlock:
		return w.describe(body)
	case simplePacket:
		return w.simple(body)
	case obsoletePacket:
		return w.obsolete(body)
	}
	return noPacket
}

// enhanced reads an Enhanced Packet Block (4.3).
func (w *walker) enhanced(body []byte) step {
	if len(body) < 20 {
		return w.bad("block too short for a packet")
	}
	return w.stamped(w.u32(body), w.u32(body[4:]), body[8:])
}

// obsolete reads a Packet Block (appendix A), which counts drops beside a shorter number of the interface.
func (w *walker) obsolete(body []byte) step {
	if len(body) < 20 {
		return w.bad("block too short for a packet")
	}
	return w.stamped(uint32(w.u16(body)), w.u32(body[4:]), body[8:])
}

// stamped reads what packets with a time have in common: the lower half of the time, both lengths, and the bytes.
func (w *walker) stamped(number, high uint32, body []byte) step {
	low, captured, length := w.u32(body), w.u32(body[4:]), w.u32(body[8:])
	if uint64(number) >= uint64(len(w.interfaces)) {
		return w.bad("packet of an interface that is not described")
	}
	if uint64(captured) > uint64(len(body)-12) {
		return w.bad("packet longer than its block")
	}
	from := &w.interfaces[number]
	w.time = from.tick.micros(uint64(high)<<32 | uint64(low))
	w.link = from.link
	w.data, w.skip = body[12:12+captured:12+captured], 28
	w.length = length
	return aPacket
}

// simple reads a Simple Packet Block (4.4): no time, and only the first interface.
func (w *walker) simple(body []byte) step {
	if len(body) < 4 {
		return w.bad("block too short for a packet")
	}
	if len(w.interfaces) == 0 {
		return w.bad("packet of an interface that is not described")
	}
	w.length = w.u32(body)
	captured := min(uint64(w.length), uint64(len(body)-4))
	if snap := w.interfaces[0].snap; snap != 0 {
		captured = min(captured, uint64(snap))
	}
	w.time = 0
	w.link = w.interfaces[0].link
	w.data, w.skip = body[4:4+captured:4+captured], 12
	return aPacket
}

func (w *walker) bad(reason string) step {
	w.reason = reason
	return badPacket
}

// describe adds an interface (4.2).
func (w *walker) describe(body []byte) step {
	if len(body) < interfaceFields || len(w.interfaces) >= mostInterfaces {
		return noPacket // packets that refer to it will be missed and counted
	}
	resolution, offset := byte(6), int64(0)
	w.options(body[interfaceFields:], func(code uint16, value []byte) {
		switch {
		case code == 9 && len(value) >= 1:
			resolution = value[0]
		case code == 14 && len(value) >= 8:
			offset = int64(w.u64(value))
		}
	})
	next := *w.setting
	next.interfaces = append(slices.Clip(w.interfaces), port{
		link: packet.LinkType(w.u16(body)), snap: w.u32(body[4:]), tick: newTick(resolution, offset),
	})
	w.setting = &next
	return noPacket
}

// options lists the options of a block (3.5).
func (w *walker) options(rest []byte, each func(code uint16, value []byte)) {
	for len(rest) >= 4 {
		code, length := w.u16(rest), int(w.u16(rest[2:]))
		rest = rest[4:]
		if code == 0 || length > len(rest) {
			return
		}
		each(code, rest[:length])
		rest = rest[min((length+3)&^3, len(rest)):]
	}
}
