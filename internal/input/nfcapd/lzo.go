package nfcapd

import (
	"encoding/binary"
	"errors"
)

var (
	errLZOShort  = errors.New("LZO: cut short")
	errLZOLong   = errors.New("LZO: holds more than a block may")
	errLZOBefore = errors.New("LZO: refers to what lies before the block")
)

// How many literals the last instruction copied, which the next one depends on.
const (
	noLiterals   = 0
	manyLiterals = 4 // or more
)

// Kinds of LZO1X instructions by their first byte, and what their distances begin at: "LZO stream format as understood
// by Linux' LZO decompressor" (Documentation/staging/lzo.rst).
const (
	nearCopy   = 64 // 3 to 8 bytes within 2 kB
	middleCopy = 32 // within 16 kB
	farCopy    = 16 // within 48 kB
	nearBase   = 1
	againBase  = 2049 // of 3 bytes after a run of literals
	farBase    = 16384
)

// lzoReader decodes one block of LZO1X.
type lzoReader struct {
	dst, src []byte
	to, from int
}

// decodeLZO decompresses one block.
func decodeLZO(dst, src []byte) (int, error) {
	r := lzoReader{dst: dst, src: src}
	state := noLiterals
	if len(src) == 0 {
		return 0, errLZOShort
	}
	if first := int(src[0]); first > 17 {
		r.from = 1
		state = min(first-17, manyLiterals)
		if err := r.literals(first - 17); err != nil {
			return 0, err
		}
	}
	for {
		length, distance, next, err := r.instruction(state)
		if err != nil {
			return 0, err
		}
		if length == 0 {
			return r.end()
		}
		state = next
		if distance == 0 {
			if err := r.literals(length); err != nil {
				return 0, err
			}
			continue
		}
		if err := r.copy(length, distance); err != nil {
			return 0, err
		}
		if state != noLiterals {
			if err := r.literals(state); err != nil {
				return 0, err
			}
		}
	}
}

// instruction reads the next one: a copy of length bytes from a distance, then state literals; or, with distance 0, a
// run of literals. A length of 0 ends the block.
func (r *lzoReader) instruction(state int) (length, distance, next int, err error) {
	if len(r.src)-r.from < 2 {
		return 0, 0, 0, errLZOShort
	}
	t, h := int(r.src[r.from]), int(r.src[r.from+1])
	switch {
	case t >= nearCopy:
		r.from += 2
		return t>>5 + 1, h<<3 + t>>2&7 + nearBase, t & 3, nil
	case t >= middleCopy:
		return r.wideCopy(t&31, 31, nearBase)
	case t >= farCopy:
		length, distance, next, err = r.wideCopy(t&7, 7, farBase+(t&8)<<11)
		if distance == farBase {
			length = 0
		}
		return length, distance, next, err
	case state == noLiterals:
		r.from++
		length, err = r.extended(t, 15)
		return length + 3, 0, manyLiterals, err
	case state == manyLiterals:
		r.from += 2
		return 3, h<<2 + t>>2 + againBase, t & 3, nil
	}
	r.from += 2
	return 2, h<<2 + t>>2 + nearBase, t & 3, nil
}

// wideCopy reads a copy whose distance has two bytes of its own.
func (r *lzoReader) wideCopy(length, most, base int) (int, int, int, error) {
	r.from++
	length, err := r.extended(length, most)
	if err != nil || len(r.src)-r.from < 2 {
		return 0, 0, 0, errLZOShort
	}
	word := int(binary.LittleEndian.Uint16(r.src[r.from:]))
	r.from += 2
	return length + 2, base + word>>2, word & 3, nil
}

// extended reads the rest of a length that does not fit into its instruction: bytes of 0 stand for 255 each.
func (r *lzoReader) extended(length, most int) (int, error) {
	if length != 0 {
		return length, nil
	}
	for ; r.from < len(r.src); r.from++ {
		if b := int(r.src[r.from]); b != 0 {
			r.from++
			return length + most + b, nil
		}
		length += 255
	}
	return 0, errLZOShort
}

// literals copies bytes from the compressed block.
func (r *lzoReader) literals(length int) error {
	if len(r.src)-r.from < length {
		return errLZOShort
	}
	if len(r.dst)-r.to < length {
		return errLZOLong
	}
	if length <= 8 && len(r.src)-r.from >= 8 && len(r.dst)-r.to >= 8 {
		binary.LittleEndian.PutUint64(r.dst[r.to:], binary.LittleEndian.Uint64(r.src[r.from:]))
	} else {
		copy(r.dst[r.to:], r.src[r.from:r.from+length])
	}
	r.from += length
	r.to += length
	return nil
}

// copy repeats what was written before. Where it overlaps what it writes, it goes on with that.
func (r *lzoReader) copy(length, distance int) error {
	if distance > r.to {
		return errLZOBefore
	}
	if len(r.dst)-r.to < length {
		return errLZOLong
	}
	source := r.dst[r.to-distance:]
	target := r.dst[r.to : r.to+length]
	r.to += length
	switch {
	case distance >= 8 && length <= 16 && len(source) >= distance+16:
		binary.LittleEndian.PutUint64(source[distance:], binary.LittleEndian.Uint64(source))
		binary.LittleEndian.PutUint64(source[distance+8:], binary.LittleEndian.Uint64(source[8:]))
	case distance >= length:
		copy(target, source)
	default:
		for i := range target {
			target[i] = source[i]
		}
	}
	return nil
}

func (r *lzoReader) end() (int, error) {
	if r.from != len(r.src) {
		return 0, errors.New("LZO: goes on after its end")
	}
	return r.to, nil
}
