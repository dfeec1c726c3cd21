package nfcapd

import (
	"bytes"
	"compress/bzip2"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// compression is how the blocks of a file are compressed, numbered as in layout 2.
type compression uint8

const (
	none compression = iota
	lzo
	bzip
	lz
	zst
)

// decoders append what one compressed block holds to dst, which is empty, up to its capacity or maxBlock. They may run
// at the same time.
var decoders = map[compression]func(dst, src []byte) ([]byte, error){
	lzo:  within(decodeLZO),
	bzip: decodeBzip2,
	lz:   within(func(dst, src []byte) (int, error) { return lz4.UncompressBlock(src, dst) }),
	zst:  decodeZstd,
}

// mostRatio is how much larger than its source what LZO and LZ4 compress can be: bytes that lengthen a copy stand for
// 255 each.
const mostRatio = 255

// within gives a decoder that needs to know its room as much as a block usually takes, then as much as it may.
func within(decode func(dst, src []byte) (int, error)) func(dst, src []byte) ([]byte, error) {
	return func(dst, src []byte) ([]byte, error) {
		need := min(mostRatio*(len(src)+1), maxBlock)
		room := min(need, usualBlock)
		dst = slices.Grow(dst, room)
		n, err := decode(dst[:cap(dst)], src)
		if err != nil && cap(dst) < need {
			dst = slices.Grow(dst, need)
			n, err = decode(dst[:cap(dst)], src)
		}
		if err != nil {
			return nil, err
		}
		return dst[:n], nil
	}
}

func decodeBzip2(dst, src []byte) ([]byte, error) {
	plain := bytes.NewBuffer(dst)
	n, err := io.Copy(plain, io.LimitReader(bzip2.NewReader(bytes.NewReader(src)), maxBlock+1))
	if err == nil && n > maxBlock {
		err = errors.New("bzip2: holds more than a block may")
	}
	return plain.Bytes(), err
}

// zstdBlocks decompresses whole blocks; it is safe for use at the same time.
var zstdBlocks = sync.OnceValues(func() (*zstd.Decoder, error) { return zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxBlock)) })

func decodeZstd(dst, src []byte) ([]byte, error) {
	decoder, err := zstdBlocks()
	if err != nil {
		return nil, err
	}
	return decoder.DecodeAll(src, dst)
}

// unpack decompresses a block; b.err tells why not.
func (b *block) unpack(compression compression) {
	if !b.packed {
		return
	}
	plain, err := decoders[compression](b.spare[:0], b.data)
	if err != nil {
		b.err = err
		return
	}
	b.spare, b.data, b.packed = b.data, plain, false
}
