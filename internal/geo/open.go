package geo

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrUnknownKind is wrapped by Open's error for a file that is no database geo knows.
var ErrUnknownKind = errors.New("neither a legacy GeoIP .dat nor an MMDB")

// maxSize bounds what Open takes into memory, in bytes. The largest databases sold are near 400 MB.
const maxSize = 1 << 30

// Open reads a database whole, and recognises its kind by content. Errors name the file; they wrap
// ErrUnknownKind when it is of no known kind.
func Open(path string) (*Database, error) {
	data, err := read(path)
	if err != nil {
		return nil, fmt.Errorf("read geo database: %w", err)
	}
	db, err := recognise(data)
	if err != nil {
		return nil, fmt.Errorf("open geo database %s: %w", path, err)
	}
	db.info.Path = path
	return db, nil
}

// read takes the file into memory instead of mapping it: a mapped file that somebody cuts short while
// Sentinel runs would end the process.
func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := readBounded(f)
	if err == nil && len(data) > maxSize {
		err = &os.PathError{Op: "read", Path: path, Err: fmt.Errorf("more than %d MiB, which no geo database has", maxSize>>20)}
	}
	return data, err
}

// readBounded reads one byte past maxSize at most. A file that tells its size is read without growing.
func readBounded(f *os.File) ([]byte, error) {
	var data bytes.Buffer
	if stat, err := f.Stat(); err == nil && stat.Mode().IsRegular() {
		data.Grow(int(min(stat.Size(), maxSize)) + bytes.MinRead)
	}
	_, err := data.ReadFrom(io.LimitReader(f, maxSize+1))
	return data.Bytes(), err
}

func recognise(data []byte) (*Database, error) {
	if bytes.Contains(data, mmdbMarker) {
		return openMMDB(data)
	}
	if s, ok := findStructure(data); ok {
		return openLegacy(data, s)
	}
	return nil, unknownKind(data)
}

func unknownKind(data []byte) error {
	if len(data) == 0 {
		return fmt.Errorf("%w: the file is empty", ErrUnknownKind)
	}
	first := data[:min(len(data), 8)]
	for _, f := range foreign {
		if bytes.HasPrefix(data, []byte(f.magic)) {
			return fmt.Errorf("%w: first bytes are %x, which is %s", ErrUnknownKind, first, f.name)
		}
	}
	return fmt.Errorf("%w: first bytes are %x, and the end bears no mark of either kind; it may be cut short", ErrUnknownKind, first)
}

// foreign are the kinds of file that people hold in place of a database: mostly what they downloaded.
var foreign = []struct{ magic, name string }{
	{"\x1f\x8b", "gzip: decompress it first"},
	{"PK\x03\x04", "zip: unpack it first"},
	{"\x28\xb5\x2f\xfd", "Zstandard: decompress it first"},
	{"\xfd7zXZ", "xz: decompress it first"},
	{"PAR1", "Parquet"},
	{"network,", "a GeoLite2 CSV; its MMDB is what is read"},
	{"<", "a web page"},
}
