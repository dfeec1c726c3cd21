package builtin

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/klauspost/compress/zstd"
)

const (
	magic      = "sentinel countries 1"
	codeSize   = 2        // bytes a country code takes
	maxPayload = 64 << 20 // bytes; the table of 2026 takes 2.4 MB
)

var errCutShort = errors.New("table of countries is cut short")

// header is the lines before the payload, so that the source can be read without decoding.
func (s Source) header() []byte {
	lines := []string{magic, s.Package, s.Version, s.Built, s.Licence}
	return []byte(strings.Join(lines, "\n") + "\n")
}

func cutHeader(data []byte) (s Source, payload []byte, err error) {
	lines := bytes.SplitN(data, []byte("\n"), 6)
	if len(lines) != 6 || string(lines[0]) != magic {
		return s, nil, fmt.Errorf("table of countries does not begin with %q and its four lines", magic)
	}
	s.Package, s.Version = string(lines[1]), string(lines[2])
	s.Built, s.Licence = string(lines[3]), string(lines[4])
	return s, lines[5], nil
}

// Decode reads what Builder.Encode wrote. Any change to the bytes gives an error or another table, no panic.
func Decode(data []byte) (*Table, error) {
	source, compressed, err := cutHeader(data)
	if err != nil {
		return nil, err
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxPayload))
	if err != nil {
		return nil, err
	}
	defer decoder.Close()
	payload, err := decoder.DecodeAll(compressed, nil)
	if err != nil {
		return nil, fmt.Errorf("decompress table of countries: %w", err)
	}
	return decodePayload(source, payload)
}

func decodePayload(source Source, payload []byte) (*Table, error) {
	c := cursor{data: payload}
	t := &Table{Source: source, codes: c.codes()}
	count := c.count()
	t.v4 = ranges[uint32]{c.starts4(count), c.bytes(count)}
	count = c.count()
	t.v6 = ranges[uint128]{c.starts6(count), c.bytes(count)}
	if c.err != nil {
		return nil, c.err
	}
	return t, errors.Join(check(t.v4, len(t.codes), func(a, b uint32) bool { return a < b }),
		check(t.v6, len(t.codes), func(a, b uint128) bool { return a.compare(b) < 0 }))
}

// check proves what Country relies on: ranges from address 0, in order, with codes that exist.
func check[K comparable](r ranges[K], codes int, less func(a, b K) bool) error {
	var zero K
	if len(r.starts) == 0 || r.starts[0] != zero {
		return errors.New("table of countries does not start at address 0")
	}
	for i, code := range r.codes {
		if int(code) >= codes {
			return fmt.Errorf("range %d of the table of countries: code %d of %d", i, code, codes)
		}
		if i > 0 && !less(r.starts[i-1], r.starts[i]) {
			return fmt.Errorf("range %d of the table of countries does not come after the one before it", i)
		}
	}
	return nil
}

// cursor reads the payload from its start. After an error it yields zeros.
type cursor struct {
	data []byte
	at   int
	err  error
}

func (c *cursor) fail() {
	c.err, c.at = errCutShort, len(c.data)
}

func (c *cursor) uvarint() (value uint64) {
	c.uvarints(1, func(_ int, v uint64) { value = v })
	return value
}

// uvarints puts n values. It keeps its place in variables of its own, as this loop is half of the time
// that decoding takes.
func (c *cursor) uvarints(n int, put func(i int, v uint64)) {
	data, at := c.data, c.at
	for i := range n {
		v, size := binary.Uvarint(data[at:])
		if size <= 0 {
			c.fail()
			return
		}
		put(i, v)
		at += size
	}
	c.at = at
}

// count is a number of elements of at least one byte each, so that no more are allocated than can follow.
func (c *cursor) count() int {
	n := c.uvarint()
	if n > uint64(len(c.data)-c.at) {
		c.fail()
		return 0
	}
	return int(n)
}

func (c *cursor) bytes(n int) []byte {
	if n > len(c.data)-c.at {
		c.fail()
		return nil
	}
	taken := bytes.Clone(c.data[c.at : c.at+n]) // not a view, which would keep the whole payload alive
	c.at += n
	return taken
}

func (c *cursor) codes() []string {
	codes := []string{""}
	for range c.count() {
		codes = append(codes, string(c.bytes(codeSize)))
	}
	return codes
}

func (c *cursor) starts4(n int) []uint32 {
	starts := make([]uint32, n)
	var start uint32
	c.uvarints(n, func(i int, delta uint64) {
		start += uint32(delta)
		starts[i] = start
	})
	return starts
}

func (c *cursor) starts6(n int) []uint128 {
	starts := make([]uint128, n)
	var hi uint64
	c.uvarints(n, func(i int, delta uint64) {
		hi += delta
		starts[i].hi = hi
	})
	c.uvarints(n, func(i int, lo uint64) { starts[i].lo = lo })
	return starts
}
