package wire

import (
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Format is a kind of capture file, by the name that Wireshark's tools have for it.
type Format string

// The formats: pcap with microseconds, pcap with nanoseconds, and pcapng.
const (
	PCAP     Format = "pcap"
	NsecPCAP Format = "nsecpcap"
	PCAPNG   Format = "pcapng"
)

// Formats lists them.
func Formats() []Format { return []Format{PCAP, NsecPCAP, PCAPNG} }

// Known tells whether f is one of them.
func (f Format) Known() bool { return slices.Contains(Formats(), f) }

// FormatOf is the format that the ending of a name says, before that of a compression; empty where it says none.
func FormatOf(name string) Format {
	plain, _ := splitCompression(name)
	for _, format := range Formats() {
		if strings.HasSuffix(plain, "."+string(format)) {
			return format
		}
	}
	return ""
}

// snaplen is the largest that a file may state (libpcap's MAXIMUM_SNAPLEN).
const snaplen = 262_144

// linkEthernet is the link type of the packets (LINKTYPE_ETHERNET).
const linkEthernet = 1

// keeper writes the packets of one file.
type keeper interface{ write(*frame) error }

// begin writes the head of a file.
func (f Format) begin(w io.Writer, kept int) (keeper, error) {
	if kept <= 0 || kept > snaplen {
		kept = snaplen
	}
	switch f {
	case PCAP:
		return beginPCAP(w, kept, 0xa1b2c3d4, 1)
	case NsecPCAP:
		return beginPCAP(w, kept, 0xa1b23c4d, 1_000)
	case PCAPNG:
		return beginPCAPNG(w, kept)
	}
	return nil, fmt.Errorf("unknown format %q, use one of %v", f, Formats())
}

// pcapFile is a file of pcap (draft-ietf-opsawg-pcap), little-endian.
type pcapFile struct {
	w        io.Writer
	kept     int
	fraction int64 // parts of a microsecond that its times count
	record   [16]byte
}

func beginPCAP(w io.Writer, kept int, magic uint32, fraction int64) (*pcapFile, error) {
	var head []byte
	head = binary.LittleEndian.AppendUint32(head, magic)
	head = binary.LittleEndian.AppendUint32(head, 2|4<<16) // version 2.4
	head = append(head, make([]byte, 8)...)
	head = binary.LittleEndian.AppendUint32(head, uint32(kept))
	head = binary.LittleEndian.AppendUint32(head, linkEthernet)
	_, err := w.Write(head)
	return &pcapFile{w: w, kept: kept, fraction: fraction}, err
}

func (p *pcapFile) write(f *frame) error {
	content := f.content()
	kept := min(len(content), p.kept)
	for i, field := range [...]uint32{uint32(f.time / 1e6), uint32(f.time % 1e6 * p.fraction), uint32(kept), uint32(len(content))} {
		binary.LittleEndian.PutUint32(p.record[4*i:], field)
	}
	if _, err := p.w.Write(p.record[:]); err != nil {
		return err
	}
	_, err := p.w.Write(content[:kept])
	return err
}

// pcapngFile is a file of pcapng (draft-ietf-opsawg-pcapng), little-endian, with one section and one interface whose
// times count nanoseconds.
type pcapngFile struct {
	w     io.Writer
	kept  int
	block [28]byte
	end   [3 + 4]byte
}

// Types of blocks (draft-ietf-opsawg-pcapng, 4).
const (
	sectionBlock   = 0x0a0d0d0a
	interfaceBlock = 1
	packetBlock    = 6
)

func beginPCAPNG(w io.Writer, kept int) (*pcapngFile, error) {
	section := binary.LittleEndian.AppendUint32(nil, 0x1a2b3c4d)
	section = binary.LittleEndian.AppendUint32(section, 1)       // version 1.0
	section = binary.LittleEndian.AppendUint64(section, 1<<64-1) // of a length not told
	face := binary.LittleEndian.AppendUint32(nil, linkEthernet)  // and two bytes reserved
	face = binary.LittleEndian.AppendUint32(face, uint32(kept))
	face = append(face, 9, 0, 1, 0, 9, 0, 0, 0, 0, 0, 0, 0) // if_tsresol: nanoseconds; end of options
	head := appendBlock(appendBlock(nil, sectionBlock, section), interfaceBlock, face)
	_, err := w.Write(head)
	return &pcapngFile{w: w, kept: kept}, err
}

func appendBlock(b []byte, kind uint32, body []byte) []byte {
	length := uint32(12 + len(body))
	b = binary.LittleEndian.AppendUint32(b, kind)
	b = binary.LittleEndian.AppendUint32(b, length)
	b = append(b, body...)
	return binary.LittleEndian.AppendUint32(b, length)
}

func (p *pcapngFile) write(f *frame) error {
	content := f.content()
	kept := min(len(content), p.kept)
	padding := -kept & 3
	length, at := uint32(len(p.block)+kept+padding+4), uint64(f.time)*1_000
	for i, field := range [...]uint32{packetBlock, length, 0, uint32(at >> 32), uint32(at), uint32(kept), uint32(len(content))} {
		binary.LittleEndian.PutUint32(p.block[4*i:], field)
	}
	if _, err := p.w.Write(p.block[:]); err != nil {
		return err
	}
	if _, err := p.w.Write(content[:kept]); err != nil {
		return err
	}
	p.end = [7]byte{}
	binary.LittleEndian.PutUint32(p.end[padding:], length)
	_, err := p.w.Write(p.end[:padding+4])
	return err
}
