package input

import (
	"bytes"
	"compress/bzip2"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/ulikunitz/xz"
)

// Compression is what a file is wrapped in.
type Compression string

// The compressions that are read. None is the plain file.
const (
	None  Compression = ""
	Gzip  Compression = "gzip"
	Zstd  Compression = "zstd"
	LZ4   Compression = "LZ4"
	Bzip2 Compression = "bzip2"
	XZ    Compression = "xz"
)

// wrapper is how one compression begins and is opened.
type wrapper struct {
	compression Compression
	magic       []byte
	open        func(io.Reader) (io.ReadCloser, error)
}

// wrappers are the compressions by their first bytes: RFC 1952, 2.3.1; RFC 8878, 3.1.1; LZ4 Frame Format; bzip2's
// header; The .xz File Format, 2.1.1.1.
var wrappers = []wrapper{
	{Gzip, []byte{0x1f, 0x8b}, func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) }},
	{Zstd, []byte{0x28, 0xb5, 0x2f, 0xfd}, openZstd},
	{LZ4, []byte{0x04, 0x22, 0x4d, 0x18}, func(r io.Reader) (io.ReadCloser, error) { return io.NopCloser(lz4.NewReader(r)), nil }},
	{Bzip2, []byte("BZh"), func(r io.Reader) (io.ReadCloser, error) { return io.NopCloser(bzip2.NewReader(r)), nil }},
	{XZ, []byte("\xfd7zXZ\x00"), openXZ},
}

// maxWindow bounds what one compressed file may make a decoder hold.
const maxWindow = 128 << 20

func openZstd(r io.Reader) (io.ReadCloser, error) {
	decoder, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, err
	}
	return decoder.IOReadCloser(), nil
}

func openXZ(r io.Reader) (io.ReadCloser, error) {
	decoder, err := xz.NewReader(r)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(decoder), nil
}

// wrapperFor finds the compression that content begins like, or nil.
func wrapperFor(head []byte) *wrapper {
	for i := range wrappers {
		if bytes.HasPrefix(head, wrappers[i].magic) {
			return &wrappers[i]
		}
	}
	return nil
}

func wrapperOf(compression Compression) *wrapper {
	for i := range wrappers {
		if wrappers[i].compression == compression {
			return &wrappers[i]
		}
	}
	return nil
}
