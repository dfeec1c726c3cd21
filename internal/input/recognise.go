package input

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
)

// Formats are those that may be recognised, in the order in which they are asked: what says more before what fits
// more.
type Formats []Format

// ByID finds a format by the name that --input-format takes.
func (f Formats) ByID(id string) (Format, bool) {
	for _, format := range f {
		if format.ID == id {
			return format, true
		}
	}
	return Format{}, false
}

// Open checks that name can be read and recognises it; a forced format is taken at its word. The file is not
// held open, but for standard input and pipes, which stay streams.
func (f Formats) Open(name string, forced *Format) (*File, error) {
	file, err := openNamed(name)
	if err != nil {
		return nil, err
	}
	if err := file.peel(); err != nil {
		return nil, &Error{file.Name, "the file may be cut short", err}
	}
	if len(file.head) == 0 {
		return nil, &Error{file.Name, emptyHint, emptiness(file.Compression)}
	}
	if forced != nil {
		file.Format = *forced
		return file, nil
	}
	file.Format, err = f.recognise(file)
	return file, err
}

const emptyHint = "whatever writes it may not have begun, or failed"

func emptiness(compression Compression) error {
	if compression == None {
		return errors.New("is empty")
	}
	return fmt.Errorf("is empty inside its %s", compression)
}

func openNamed(name string) (*File, error) {
	if name == Stdin {
		return &File{Name: "standard input", stream: os.Stdin, taken: &atomic.Int64{}}, nil
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, &Error{name, missingHint(name, err), cause(err)}
	}
	if info.Mode()&os.ModeNamedPipe != 0 {
		pipe, err := os.Open(name)
		if err != nil {
			return nil, &Error{name, "", cause(err)}
		}
		return &File{Name: name, stream: pipe, taken: &atomic.Int64{}}, nil
	}
	if !info.Mode().IsRegular() {
		return nil, &Error{name, "give it on standard input: sentinel analyze - < " + name, errors.New("is not a regular file")}
	}
	return &File{Name: name, Path: name, Size: info.Size(), taken: &atomic.Int64{}}, nil
}

// peel finds out what the content is wrapped in and how it begins.
func (f *File) peel() error {
	raw, err := f.peek()
	if err != nil {
		return err
	}
	wrapper := wrapperFor(raw)
	if wrapper == nil {
		f.head = raw
		return nil
	}
	f.Compression = wrapper.compression
	source := io.Reader(bytes.NewReader(raw))
	if f.stream == nil {
		file, err := os.Open(f.Path)
		if err != nil {
			return cause(err)
		}
		defer file.Close()
		source = bufio.NewReaderSize(file, HeadSize)
	}
	plain, err := wrapper.open(source)
	if err != nil {
		return fmt.Errorf("reading its %s header: %w", f.Compression, err)
	}
	defer plain.Close()
	f.head, err = io.ReadAll(io.LimitReader(plain, HeadSize))
	if err != nil && len(f.head) == 0 { // a file that breaks off later still begins
		return fmt.Errorf("decompressing its start (%s): %w", f.Compression, err)
	}
	return nil
}

// peek gives the first bytes as they are stored. A stream keeps them for whoever opens it.
func (f *File) peek() ([]byte, error) {
	source := f.stream
	if source == nil {
		file, err := os.Open(f.Path)
		if err != nil {
			return nil, cause(err)
		}
		defer file.Close()
		source = file
	}
	buffered := bufio.NewReaderSize(source, HeadSize)
	raw, err := buffered.Peek(HeadSize)
	if err == io.EOF {
		err = nil
	}
	if f.stream != nil {
		f.stream = buffered
	}
	return bytes.Clone(raw), cause(err)
}

func (f Formats) recognise(file *File) (Format, error) {
	var reasons []string
	for _, format := range f {
		reason := format.Recognise(file.head)
		if reason == "" {
			return format, nil
		}
		reasons = append(reasons, fmt.Sprintf("%s: %s", format.Name, reason))
	}
	for _, stranger := range strangers {
		if bytes.HasPrefix(file.head, []byte(stranger.magic)) {
			return Format{}, &Error{file.Name, stranger.hint, fmt.Errorf("is %s, which Sentinel does not read", stranger.what)}
		}
	}
	reasons = append(reasons, fmt.Sprintf("its first bytes are %x; sentinel formats lists what can be read", file.head[:min(len(file.head), 8)]))
	return Format{}, &Error{file.Name, strings.Join(reasons, "\n"), errors.New("is no format that Sentinel reads")}
}

// strangers are files that people may take for flows, by their first bytes, each with what to do.
var strangers = []struct{ magic, what, hint string }{
	{"PK\x03\x04", "a ZIP archive", "unpack it first"},
	{"SQLite format 3", "an SQLite database", "export its table of flows as CSV"},
	{"%PDF", "a PDF", ""},
	{"\x7fELF", "a program", ""},
}

// Spool copies the content to a file below dir, decompressed, for engines that cannot read it where it is.
func (f *File) Spool(dir string) (err error) {
	content, err := f.Open()
	if err != nil {
		return err
	}
	defer content.Close()
	file, err := os.CreateTemp(dir, "spool-*")
	if err != nil {
		return fmt.Errorf("making a temporary copy: %w", cause(err))
	}
	size, err := io.Copy(file, content)
	if err != nil {
		file.Close()
		return fmt.Errorf("copying it to %s: %w", dir, cause(err))
	}
	f.Path, f.Size, f.Compression = file.Name(), size, None
	return file.Close()
}
