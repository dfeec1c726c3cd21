package pcap

import "math"

const (
	// chain is how many records in a row must be plausible for the first one to be taken for one. A wrong guess costs
	// time, never truth: the meter sees that it does not meet the end of the piece before.
	chain = 5
	// search is how far a record is looked for: more than the largest packets of networks.
	search = 256 << 10
	// apart is by how many seconds plausible times of one capture differ from its first.
	apart = 30 * 24 * 3600
)

// guess finds where a record begins in the data from a place on, or -1.
func (s *setting) guess(data []byte, from int, near int64) (at int) {
	step := 1
	if s.section {
		step = 4 // blocks are padded, and sections begin with one
		from = (from + 3) &^ 3
	}
	for at := from; at < min(len(data), from+search); at += step {
		if s.timely(data[at:], near) && s.plausible(data[at:], near) {
			return at
		}
	}
	return -1
}

// timely tells whether a record that begins here would have a plausible time. Hardly any place has, so this is looked at
// before all else. Blocks do not begin with a time.
func (s *setting) timely(rest []byte, near int64) bool {
	return s.section || len(rest) < s.header || uint64(int64(s.u32(rest))-near+apart) <= 2*apart
}

// plausible tells whether a chain of records begins here.
func (s *setting) plausible(rest []byte, near int64) bool {
	for range chain {
		size := s.plausibleSize(rest, near)
		if size < 0 {
			return false
		}
		if size >= len(rest) {
			return true
		}
		rest = rest[size:]
	}
	return true
}

// plausibleSize is the size of the record that begins here, or -1 where it looks like none.
func (s *setting) plausibleSize(rest []byte, near int64) int {
	if s.section {
		return s.plausibleBlock(rest)
	}
	if len(rest) < s.header {
		return math.MaxInt
	}
	if !s.timely(rest, near) {
		return -1
	}
	captured, length, fraction := s.u32(rest[8:]), s.u32(rest[12:]), s.u32(rest[4:])
	second := uint32(1e6)
	if s.nano {
		second = 1e9
	}
	if captured > search || length > mostRecord || captured > length && s.swapped == inOrder || fraction >= second {
		return -1
	}
	return s.header + int(captured)
}

// plausibleBlock knows blocks by their length, which stands at both ends, and by small numbers for their types.
func (s *setting) plausibleBlock(rest []byte) int {
	if len(rest) < blockFrame {
		return math.MaxInt
	}
	kind, length := s.u32(rest), s.u32(rest[4:])
	if kind == 0 || kind > 0x10 && kind != sectionHeader || length < blockFrame || length > 2*search || length%4 != 0 {
		return -1
	}
	if size := int(length); size <= len(rest) && s.u32(rest[size-4:]) != length {
		return -1
	}
	return int(length)
}
