package nfcapd

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const newestLayout = 3

// header is what the first bytes of a file say.
type header struct {
	layout      int
	compression compression
	size        int64 // bytes until the first block
}

// layouts are the ways in which files begin. All numbers are in the byte order of x86 and ARM.
var layouts = map[uint16]struct {
	size int // of the header, with the statistics that follow it in layout 1
	read func([]byte) (compression, error)
}{
	1: {4 + 4 + 4 + 128 + 136, compressionOf1}, // magic and version, flags, blocks, ident; statistics
	2: {40, compressionOf2},
}

func readHeader(r io.Reader) (header, error) {
	var start [4]byte
	if _, err := io.ReadFull(r, start[:]); err != nil {
		return header{}, short(err)
	}
	if binary.LittleEndian.Uint16(start[:]) == foreign {
		return header{}, errors.New("written on a machine of the other byte order; export it there, with nfdump -o csv")
	}
	version := binary.LittleEndian.Uint16(start[2:])
	layout, ok := layouts[version]
	if !ok {
		return header{}, fmt.Errorf("layout %d, of which only 1 (nfdump 1.6) and 2 (1.7) are read; export it with nfdump -o csv", version)
	}
	rest := make([]byte, layout.size)
	if _, err := io.ReadFull(r, rest[len(start):]); err != nil {
		return header{}, short(err)
	}
	compression, err := layout.read(rest)
	return header{layout: int(version), compression: compression, size: int64(layout.size)}, err
}

func short(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("cut short")
	}
	return err
}

// Flags of layout 1 that tell the compression.
const (
	flagLZO   = 0x01
	flagBzip2 = 0x08
	flagLZ4   = 0x10
)

func compressionOf1(head []byte) (compression, error) {
	flags := binary.LittleEndian.Uint32(head[4:])
	switch {
	case flags&flagLZO != 0:
		return lzo, nil
	case flags&flagBzip2 != 0:
		return bzip, nil
	case flags&flagLZ4 != 0:
		return lz, nil
	}
	return none, nil
}

func compressionOf2(head []byte) (compression, error) {
	if encryption := head[17]; encryption != 0 {
		return none, errors.New("encrypted")
	}
	compression := compression(head[16])
	if _, ok := decoders[compression]; !ok && compression != none {
		return none, fmt.Errorf("compression %d is not known", compression)
	}
	return compression, nil
}
