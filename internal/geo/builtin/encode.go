package builtin

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"github.com/klauspost/compress/zstd"
)

// Builder makes a table out of networks.
type Builder struct {
	codes  []string
	index  map[string]uint8
	v4, v6 family
}

// family is the ranges of one address family, and the first address after them: invalid when they
// reach the end of the space.
type family struct {
	ranges []boundary
	next   netip.Addr
}

type boundary struct {
	start netip.Addr
	code  uint8
}

// NewBuilder starts a table in which every country is unknown.
func NewBuilder() *Builder {
	return &Builder{
		codes: []string{""},
		index: map[string]uint8{"": 0},
		v4:    family{[]boundary{{netip.IPv4Unspecified(), 0}}, netip.IPv4Unspecified()},
		v6:    family{[]boundary{{netip.IPv6Unspecified(), 0}}, netip.IPv6Unspecified()},
	}
}

// Add puts a network into the table. Networks of a family come in ascending order and do not overlap.
func (b *Builder) Add(p netip.Prefix, country string) error {
	code, err := b.code(country)
	if err != nil {
		return fmt.Errorf("add %s: %w", p, err)
	}
	f := &b.v6
	if p.Addr().Is4() {
		f = &b.v4
	}
	return f.add(p.Masked(), code)
}

func (b *Builder) code(country string) (uint8, error) {
	if code, ok := b.index[country]; ok {
		return code, nil
	}
	if len(country) != codeSize {
		return 0, fmt.Errorf("country %q: a code has two letters", country)
	}
	if len(b.codes) > 255 {
		return 0, fmt.Errorf("country %s: the table holds 255", country)
	}
	b.codes = append(b.codes, country)
	b.index[country] = uint8(len(b.codes) - 1)
	return b.index[country], nil
}

func (f *family) add(p netip.Prefix, code uint8) error {
	first := p.Addr()
	if !f.next.IsValid() || first.Less(f.next) {
		return fmt.Errorf("add %s: networks reach it already, or come after it", p)
	}
	if first != f.next {
		f.begin(f.next, 0)
	}
	f.begin(first, code)
	f.next = last(p).Next()
	return nil
}

// begin starts a range, or goes on with the last one where the country is the same.
func (f *family) begin(start netip.Addr, code uint8) {
	final := &f.ranges[len(f.ranges)-1]
	switch {
	case final.start == start:
		final.code = code
	case final.code != code:
		f.ranges = append(f.ranges, boundary{start, code})
	}
}

// finish ends the last range where its networks end.
func (f *family) finish() []boundary {
	if f.next.IsValid() {
		f.begin(f.next, 0)
	}
	return f.ranges
}

func last(p netip.Prefix) netip.Addr {
	bytes := p.Addr().AsSlice()
	for bit := p.Bits(); bit < 8*len(bytes); bit++ {
		bytes[bit/8] |= 0x80 >> (bit % 8)
	}
	a, _ := netip.AddrFromSlice(bytes)
	return a
}

// Encode is the table as a file (NOTICE.md describes it): the same bytes for the same networks and the same version
// of the compressor.
func (b *Builder) Encode(s Source) ([]byte, error) {
	payload := binary.AppendUvarint(nil, uint64(len(b.codes)-1))
	for _, code := range b.codes[1:] {
		payload = append(payload, code...)
	}
	payload = appendRanges(payload, b.v4.finish(), appendStarts4)
	payload = appendRanges(payload, b.v6.finish(), appendStarts6)
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return encoder.EncodeAll(payload, s.header()), nil
}

// appendRanges writes the ranges by columns, which compress better than rows.
func appendRanges(to []byte, ranges []boundary, appendStarts func([]byte, []boundary) []byte) []byte {
	to = binary.AppendUvarint(to, uint64(len(ranges)))
	to = appendStarts(to, ranges)
	for _, r := range ranges {
		to = append(to, r.code)
	}
	return to
}

func appendStarts4(to []byte, ranges []boundary) []byte {
	var before uint32
	for _, r := range ranges {
		start := number4(r.start)
		to = binary.AppendUvarint(to, uint64(start-before))
		before = start
	}
	return to
}

func appendStarts6(to []byte, ranges []boundary) []byte {
	var before uint64
	for _, r := range ranges {
		start := number6(r.start)
		to = binary.AppendUvarint(to, start.hi-before)
		before = start.hi
	}
	for _, r := range ranges {
		to = binary.AppendUvarint(to, number6(r.start).lo)
	}
	return to
}
