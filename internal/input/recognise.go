package input

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Format is what a file holds.
type Format string

// The formats that are read.
const (
	Parquet Format = "Parquet"
	JSON    Format = "JSON"
	CSV     Format = "CSV" // text in columns, whatever its delimiter
)

// Compression is what a file is wrapped in.
type Compression string

// The compressions that are read. None is the plain file.
const (
	None Compression = ""
	Gzip Compression = "gzip"
	Zstd Compression = "zstd"
)

// headSize is enough to see a magic number and a first line.
const headSize = 4096

const emptyHint = "whatever writes it may not have begun, or failed"

var parquetMagic = []byte("PAR1") // Apache Parquet, File Format

// wrappers are the compressions by their first bytes (RFC 1952, 2.3.1; RFC 8878, 3.1.1).
var wrappers = []struct {
	magic       []byte
	compression Compression
	open        func(io.Reader) (io.ReadCloser, error)
}{
	{[]byte{0x1f, 0x8b}, Gzip, func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) }},
	{[]byte{0x28, 0xb5, 0x2f, 0xfd}, Zstd, func(r io.Reader) (io.ReadCloser, error) {
		decoder, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		return decoder.IOReadCloser(), nil
	}},
}

// strangers are files that people may take for flows, by their first bytes, each with what to do.
var strangers = []struct{ magic, what, hint string }{
	{"\xd4\xc3\xb2\xa1", "a packet capture (pcap)", "packets are not read yet; export its flows as CSV, for example with Zeek or tshark"},
	{"\xa1\xb2\xc3\xd4", "a packet capture (pcap)", "packets are not read yet; export its flows as CSV, for example with Zeek or tshark"},
	{"\x4d\x3c\xb2\xa1", "a packet capture (pcap, nanoseconds)", "packets are not read yet; export its flows as CSV, for example with Zeek or tshark"},
	{"\x0a\x0d\x0d\x0a", "a packet capture (pcapng)", "packets are not read yet; export its flows as CSV, for example with Zeek or tshark"},
	{"\x0c\xa5", "an nfcapd file", "export its flows as CSV: nfdump -r FILE -o csv"},
	{"\xa5\x0c", "an nfcapd file", "export its flows as CSV: nfdump -r FILE -o csv"},
	{"#separator", "a Zeek log", "write it as JSON, or strip its header: zeek-cut -C ts id.orig_h ..."},
	{"PK\x03\x04", "a ZIP archive", "unpack it first"},
	{"BZh", "compressed with bzip2", "give it on standard input: bzcat FILE | sentinel analyze -"},
	{"\xfd7zXZ", "compressed with xz", "give it on standard input: xzcat FILE | sentinel analyze -"},
	{"\x04\x22\x4d\x18", "compressed with LZ4", "give it on standard input: lz4cat FILE | sentinel analyze -"},
	{"SQLite format 3", "an SQLite database", "export its table of flows as CSV"},
	{"%PDF", "a PDF", ""},
}

func readHead(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return peek(file)
}

func peek(r io.Reader) ([]byte, error) {
	head, err := bufio.NewReaderSize(r, headSize).Peek(headSize)
	if err == io.EOF {
		err = nil
	}
	return bytes.Clone(head), err
}

func (f File) recognise(head []byte, dir string) (File, error) {
	if len(head) == 0 {
		return File{}, &Error{f.Name, emptyHint, errors.New("is empty")}
	}
	for _, wrapper := range wrappers {
		if bytes.HasPrefix(head, wrapper.magic) {
			return f.unwrap(wrapper.compression, wrapper.open, dir)
		}
	}
	format, err := recogniseHead(f.Name, head)
	if err != nil {
		return File{}, err
	}
	f.Format = format
	return f, nil
}

func (f File) unwrap(compression Compression, open func(io.Reader) (io.ReadCloser, error), dir string) (File, error) {
	wrapped, err := os.Open(f.Path)
	if err != nil {
		return File{}, &Error{f.Name, "", cause(err)}
	}
	defer wrapped.Close()
	plain, err := open(wrapped)
	if err != nil {
		return File{}, &Error{f.Name, "the file may be cut short", fmt.Errorf("reading its %s header: %w", compression, err)}
	}
	defer plain.Close()
	buffered := bufio.NewReaderSize(plain, headSize)
	head, err := buffered.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return File{}, &Error{f.Name, "the file may be cut short", fmt.Errorf("decompressing its start (%s): %w", compression, err)}
	}
	if len(head) == 0 {
		return File{}, &Error{f.Name, emptyHint, fmt.Errorf("is empty inside its %s", compression)}
	}
	if f.Format, err = recogniseHead(f.Name, head); err != nil {
		return File{}, err
	}
	if f.Format != Parquet {
		f.Compression = compression
		return f, nil
	}
	return f.spooled(buffered, dir) // Parquet is read from its end, so no engine reads it through a compression
}

func (f File) spooled(r io.Reader, dir string) (File, error) {
	path, err := spool(r, dir)
	if err != nil {
		return File{}, &Error{f.Name, "the file may be cut short", err}
	}
	f.Path = path
	return f, nil
}

func recogniseHead(name string, head []byte) (Format, error) {
	if bytes.HasPrefix(head, parquetMagic) {
		return Parquet, nil
	}
	for _, stranger := range strangers {
		if bytes.HasPrefix(head, []byte(stranger.magic)) {
			return "", &Error{name, stranger.hint, fmt.Errorf("is %s, which this version does not read", stranger.what)}
		}
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return JSON, nil
	}
	if isText(head) {
		return CSV, nil
	}
	hint := fmt.Sprintf("its first bytes are %x; Parquet begins with PAR1, CSV and JSON are UTF-8 text", head[:min(len(head), 8)])
	return "", &Error{name, hint, errors.New("is no format that Sentinel reads")}
}

// isText reports whether head could be the start of a text file in UTF-8 or Latin-1, of which UTF-16 is none. A
// few control characters are no reason to refuse it: who is captured may have sent them.
func isText(head []byte) bool {
	controls := 0
	for _, b := range head {
		if b < ' ' && !strings.ContainsRune("\t\r\n\f", rune(b)) {
			controls++
		}
	}
	return controls*8 <= len(head)
}

func spool(r io.Reader, dir string) (path string, err error) {
	file, err := os.CreateTemp(dir, "spool-*")
	if err != nil {
		return "", fmt.Errorf("making a temporary copy: %w", err)
	}
	if _, err := io.Copy(file, r); err != nil {
		file.Close()
		return "", fmt.Errorf("copying it to %s: %w", dir, err)
	}
	return file.Name(), file.Close()
}
