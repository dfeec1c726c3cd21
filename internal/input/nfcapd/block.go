package nfcapd

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// block is a part of a file that is compressed by itself.
type block struct {
	number  int64 // from 1
	offset  int64 // of its header in the file
	records int
	kind    uint16
	packed  bool // data are compressed
	data    []byte
	spare   []byte // that data are decompressed into, kept for the next use
	err     error  // why its records cannot be had
}

// Kinds of blocks.
const (
	kindRecords15 = 1 // of nfdump 1.5
	kindRecords1  = 2 // of layout 1
	kindRecords2  = 3 // of layout 2; in layout 1 it holds histograms
	kindArray     = 4 // names of interfaces and the like
)

const (
	blockHeader      = 12
	flagUncompressed = 1 // else the block is compressed as the file says
)

// maxBlock bounds a block, compressed or not: nfdump writes 2 MiB and reads 5, but may be told otherwise.
const maxBlock = 16 << 20

// usualBlock is what nfdump reads at most; blocks are given more room only if they do not fit.
const usualBlock = 5 << 20

// blocks reads the blocks of a file one after the other.
type blocks struct {
	content io.Reader
	header  header
	offset  int64
	number  int64
}

// next reads a block as it is stored. Its error is io.EOF at the end of the file.
func (b *blocks) next(into *block) error {
	var head [blockHeader]byte
	at := b.offset
	n, err := io.ReadFull(b.content, head[:])
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	if err != nil {
		return broken(err, at+int64(n), "header", b.number+1)
	}
	b.number++
	size := binary.LittleEndian.Uint32(head[4:])
	into.number, into.offset, into.err = b.number, at, nil
	into.records = int(binary.LittleEndian.Uint32(head[:]))
	into.kind = binary.LittleEndian.Uint16(head[8:])
	into.packed = b.header.compression != none && binary.LittleEndian.Uint16(head[10:])&flagUncompressed == 0
	if !b.isKind(into.kind) || size > maxBlock {
		return fmt.Errorf("byte %d, header of block %d: of type %d with %d bytes, which is no block of layout %d", at, b.number, into.kind, size, b.header.layout)
	}
	into.data, err = readInto(into.data, b.content, int(size))
	b.offset = at + blockHeader + int64(len(into.data))
	if err != nil {
		return broken(err, b.offset, "data", b.number)
	}
	return nil
}

// readInto reads size bytes, growing as they come, so that a length alone costs no memory.
func readInto(data []byte, r io.Reader, size int) ([]byte, error) {
	if cap(data) >= size {
		n, err := io.ReadFull(r, data[:size])
		return data[:n], err
	}
	const step = 1 << 20
	data = data[:0]
	for len(data) < size {
		from := len(data)
		data = append(data, make([]byte, min(step, size-from))...)
		n, err := io.ReadFull(r, data[from:])
		if err != nil {
			return data[:from+n], err
		}
	}
	return data, nil
}

// broken says where a file breaks off.
func broken(err error, at int64, part string, number int64) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("cut short at byte %d, in the %s of block %d", at, part, number)
	}
	return fmt.Errorf("byte %d, %s of block %d: %w", at, part, number, err)
}

func (b *blocks) isKind(kind uint16) bool {
	if b.header.layout == 1 {
		return kind >= kindRecords15 && kind <= kindRecords2
	}
	return kind == kindRecords2 || kind == kindArray
}
