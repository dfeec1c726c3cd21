package input

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"
)

// File is one input, recognised.
type File struct {
	Name        string // as the user knows it
	Path        string // where its bytes lie; differs from Name for spooled files, empty for a stream
	Size        int64  // bytes at Path; 0 for a stream
	Format      Format
	Compression Compression
	head        []byte    // of the content
	stream      io.Reader // standard input or a pipe, from its beginning
	taken       *atomic.Int64
}

// InPlace tells whether the bytes at Path are the content, so that a reader may map them.
func (f *File) InPlace() bool { return f.Path != "" && f.Compression == None }

// Head is the beginning of the content, decompressed, at most HeadSize bytes.
func (f *File) Head() []byte { return f.head }

// Open gives the content from its beginning, decompressed. A stream can be opened once. What is read counts as
// progress.
func (f *File) Open() (io.ReadCloser, error) {
	if f.stream != nil {
		stream := f.stream
		f.stream = nil
		return f.decompressed(io.NopCloser(stream))
	}
	if f.Path == "" {
		return nil, errors.New("a stream can be read once only")
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return nil, cause(err)
	}
	return f.decompressed(file)
}

// decompressed wraps the bytes of a file, which it closes where it returns an error.
func (f *File) decompressed(file io.ReadCloser) (io.ReadCloser, error) {
	counted := &counter{file, f.taken}
	wrapper := wrapperOf(f.Compression)
	if wrapper == nil {
		return counted, nil
	}
	plain, err := wrapper.open(bufio.NewReaderSize(counted, 1<<18))
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("reading its %s header: %w", f.Compression, err)
	}
	return &both{plain, file}, nil
}

// Beside opens another file of the same directory, for logs that belong together; ok tells whether there is one that
// can be read.
func (f *File) Beside(name string) (file *File, ok bool) {
	if f.Path == "" || f.Path != f.Name {
		return nil, false
	}
	beside := &File{Name: filepath.Join(filepath.Dir(f.Name), name), taken: &atomic.Int64{}}
	beside.Path = beside.Name
	info, err := os.Stat(beside.Path)
	if err != nil || !info.Mode().IsRegular() {
		return nil, false
	}
	beside.Size = info.Size()
	return beside, beside.peel() == nil
}

// Aside tells what Format.Aside says of the file.
func (f *File) Aside() bool { return f.Format.Aside != nil && f.Format.Aside(f) }

// Advance counts bytes at Path that a reader has dealt with otherwise than through Open.
func (f *File) Advance(bytes int64) { f.taken.Add(bytes) }

// Progress is how many bytes at Path have been read, from any goroutine.
func (f *File) Progress() int64 {
	if f.taken == nil {
		return 0
	}
	return f.taken.Load()
}

// NewFile is the content as a file in memory, for tests and for what lies inside other inputs.
func NewFile(name string, content []byte) *File {
	return &File{Name: name, head: content[:min(len(content), HeadSize)], stream: bytes.NewReader(content), taken: &atomic.Int64{}}
}

// counter adds up what is read.
type counter struct {
	io.ReadCloser
	taken *atomic.Int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.taken.Add(int64(n))
	return n, err
}

// both closes what decompresses and what it reads from.
type both struct {
	io.ReadCloser
	file io.Closer
}

// Close gives no error of the decompressor: it would repeat what Read said.
func (b *both) Close() error {
	_ = b.ReadCloser.Close()
	return b.file.Close()
}
