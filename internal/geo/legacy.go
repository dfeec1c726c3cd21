package geo

import (
	"bytes"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// A legacy file is a binary trie of addresses, then records, then a comment, then the structure block:
// three bytes FF, the edition's number and, in most editions, the number of nodes (3 bytes, little-endian).
// MaxMind described it in no specification; what it means is what its library libGeoIP reads.
const (
	structureWindow = 20  // bytes from the end within which the block begins
	commentWindow   = 300 // bytes before the block in which the comment begins
	maxName         = 300 // bytes of an owner's name, which libGeoIP cuts there too
)

var structureMark = []byte{0xff, 0xff, 0xff}

// structure is the block at the end of the file.
type structure struct {
	at      int // of its mark, in bytes from the file's start
	edition byte
	rest    []byte // what follows the edition's number
}

// findStructure looks for the mark from the end backwards, as libGeoIP does. A mark without a known
// edition after it is none.
func findStructure(data []byte) (structure, bool) {
	for at := len(data) - len(structureMark) - 1; at >= max(0, len(data)-structureWindow-len(structureMark)); at-- {
		if !bytes.HasPrefix(data[at:], structureMark) {
			continue
		}
		number := data[at+len(structureMark)]
		if number >= 106 {
			number -= 105 // as the commercial editions were numbered at first
		}
		_, known := editions[number]
		return structure{at, number, data[at+len(structureMark)+1:]}, known
	}
	return structure{}, false
}

// legacy answers from a legacy file.
type legacy struct {
	edition edition
	trie    trie
	records []byte // what leaves point into, to the file's end; leaves count from `trie.begin`
}

func openLegacy(data []byte, s structure) (*Database, error) {
	e := editions[s.edition]
	if !e.supported() {
		return nil, fmt.Errorf("legacy GeoIP %s edition (%d) holds neither countries nor networks' owners; "+
			"Country, City, Region, ASNum, ISP and Organization editions are read", e.name, s.edition)
	}
	db, err := newLegacy(data, s, e)
	if err != nil {
		return nil, fmt.Errorf("legacy GeoIP %s edition: %w", e.name, err)
	}
	return &Database{
		info:      describeLegacy(data[:s.at], e),
		countries: e.country != nil,
		owners:    e.country == nil,
		source:    db,
	}, nil
}

func newLegacy(data []byte, s structure, e edition) (*legacy, error) {
	begin := e.begin
	if begin == 0 {
		if len(s.rest) < 3 {
			return nil, fmt.Errorf("structure block at byte %d ends before the number of nodes", s.at)
		}
		begin = uint32(s.rest[0]) | uint32(s.rest[1])<<8 | uint32(s.rest[2])<<16
	}
	l := &legacy{edition: e, trie: trie{data: data[:s.at], width: e.width, begin: begin}}
	if e.begin != 0 {
		return l, l.trie.check(noLimit)
	}
	size := 2 * e.width * int(begin)
	if size > s.at {
		return nil, fmt.Errorf("%d nodes need %d bytes, file has %d: it is cut short, or no such database", begin, size, s.at)
	}
	l.trie.data, l.records = data[:size], data[size:]
	return l, l.trie.check(begin + uint32(len(l.records)))
}

// country is empty also where the file gives a number that libGeoIP has no country for.
func (l *legacy) country(a netip.Addr) string {
	leaf, ok := l.leaf(a)
	if !ok {
		return ""
	}
	number := l.edition.country(l, leaf)
	if number <= 0 || number >= len(legacyCountries)/2 {
		return ""
	}
	return legacyCountries[2*number : 2*number+2]
}

func (l *legacy) owner(a netip.Addr) Owner {
	leaf, ok := l.leaf(a)
	if !ok {
		return Owner{}
	}
	name := l.record(leaf)
	if end := bytes.IndexByte(name, 0); end >= 0 {
		name = name[:end]
	}
	return parseOwner(latin1(name[:min(len(name), maxName)]))
}

// leaf finds a's value in the trie. An IPv6 edition keeps IPv4 addresses as mapped ones (RFC 4291,
// 2.5.5.2), or as compatible ones (2.5.5.1). An IPv4 edition knows no other IPv6 address.
func (l *legacy) leaf(a netip.Addr) (uint32, bool) {
	switch {
	case l.edition.wide && a.Is4():
		mapped := a.As16()
		leaf, ok := l.trie.find(mapped[:])
		if ok && leaf != l.trie.begin {
			return leaf, true
		}
		compatible := [16]byte{}
		copy(compatible[12:], mapped[12:])
		return l.trie.find(compatible[:])
	case l.edition.wide:
		address := a.As16()
		return l.trie.find(address[:])
	case a.Is4():
		address := a.As4()
		return l.trie.find(address[:])
	}
	return 0, false
}

// record is the bytes that a leaf points to, and all that follows them; empty for the unknown leaf.
func (l *legacy) record(leaf uint32) []byte {
	at := int(leaf) - int(l.trie.begin)
	if at <= 0 || at >= len(l.records) {
		return nil
	}
	return l.records[at:]
}

// parseOwner takes apart what ASNum editions hold, "AS1930 Some Org"; other editions hold bare names.
func parseOwner(text string) Owner {
	first, name, _ := strings.Cut(text, " ")
	digits, ok := strings.CutPrefix(first, "AS")
	if !ok {
		return Owner{Name: text}
	}
	number, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || number == 0 {
		return Owner{Name: text}
	}
	return Owner{uint32(number), name}
}

// latin1 is ISO 8859-1 as UTF-8.
func latin1(text []byte) string {
	runes := make([]rune, len(text))
	for i, b := range text {
		runes[i] = rune(b)
	}
	return string(runes)
}

var legacyDate = regexp.MustCompile(`\b((?:19|20)\d\d)(\d\d)(\d\d)\b`)

// describeLegacy reads the comment before the structure block, after three zero bytes:
// "GEO-106FREE 20260704 Build", and sometimes a copyright.
func describeLegacy(data []byte, e edition) Info {
	info := Info{Kind: KindLegacy, Edition: e.name}
	window := data[max(0, len(data)-commentWindow):]
	start := bytes.LastIndex(window, []byte{0, 0, 0})
	if start < 0 {
		return info
	}
	comment := strings.Map(printable, latin1(window[start+3:]))
	if date := legacyDate.FindStringSubmatch(comment); date != nil {
		info.Built = strings.Join(date[1:], "-")
	}
	if product, _, ok := strings.Cut(comment, " "); ok && strings.HasPrefix(product, "GEO-") {
		info.Edition += " (" + product + ")"
	}
	if at := strings.Index(comment, "Copyright"); at >= 0 {
		info.Licence = comment[at:]
	}
	return info
}

func printable(r rune) rune {
	if strconv.IsPrint(r) {
		return r
	}
	return -1
}
