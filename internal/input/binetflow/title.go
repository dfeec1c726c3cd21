package binetflow

import (
	"bytes"
	"fmt"
	"strings"
)

// column is one that is read.
type column int

// The columns, as ra titles them.
const (
	startTime column = iota
	lastTime
	dur
	proto
	srcAddr
	sport
	dir
	dstAddr
	dport
	state
	totPkts
	srcPkts
	dstPkts
	totBytes
	srcBytes
	dstBytes
	srcAppBytes
	dstAppBytes
	columns // how many there are
)

// titles are those of ra, in lower case; they name a column whatever their case.
var titles = [columns]string{
	"starttime", "lasttime", "dur", "proto", "srcaddr", "sport", "dir", "dstaddr", "dport", "state", "totpkts", "srcpkts",
	"dstpkts", "totbytes", "srcbytes", "dstbytes", "sappbytes", "dappbytes",
}

// needed are the columns without which there are no flows.
var needed = []column{startTime, proto, srcAddr, dstAddr, dport, srcBytes}

// delimiters are those that ra is asked for.
const delimiters = ",\t;|"

// layout says where the columns of a file are.
type layout struct {
	delimiter byte
	fields    int           // in a line
	titles    []byte        // the line of titles, for where it comes again
	places    [columns]int  // of the columns that are there
	has       [columns]bool // they are there
}

// readTitles understands the first line of a file, else it tells why that is not one of titles.
func readTitles(line []byte) (*layout, string) {
	line = bytes.TrimPrefix(line, []byte("\ufeff"))
	at := bytes.IndexAny(line, delimiters)
	if at < 0 {
		return nil, "its first line has no delimiter between titles"
	}
	l := &layout{delimiter: line[at], titles: bytes.Clone(line)}
	for title := range bytes.SplitSeq(line, line[at:at+1]) {
		name := strings.ToLower(string(bytes.Trim(title, ` "`)))
		for c, known := range titles {
			if name == known && !l.has[c] {
				l.has[c], l.places[c] = true, l.fields
			}
		}
		l.fields++
	}
	for _, c := range needed {
		if !l.has[c] {
			return nil, fmt.Sprintf("its first line has no %s", spelled[c])
		}
	}
	if !l.has[totBytes] && !l.has[dstBytes] {
		return nil, "its first line has neither TotBytes nor DstBytes"
	}
	return l, ""
}

// spelled is how ra spells the titles of needed columns.
var spelled = map[column]string{
	startTime: "StartTime", proto: "Proto", srcAddr: "SrcAddr", dstAddr: "DstAddr", dport: "Dport", srcBytes: "SrcBytes",
}

// firstLine is that of a text, without its end.
func firstLine(text []byte) []byte {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}

// filled are the optional columns of flows that this file fills.
func (l *layout) filled() (names []string) {
	for _, f := range []struct {
		name string
		from bool
	}{
		{"duration", l.has[dur] || l.has[lastTime]},
		{"src_port", l.has[sport]},
		{"up_packets", l.hasPackets()},
		{"down_packets", l.hasPackets()},
		{"up_payload", l.has[srcAppBytes] && l.has[dstAppBytes]},
		{"down_payload", l.has[srcAppBytes] && l.has[dstAppBytes]},
		{"state", l.has[state]},
		{"opener", l.has[dir]},
	} {
		if f.from {
			names = append(names, f.name)
		}
	}
	return names
}

// hasPackets tells whether packets of either direction are known.
func (l *layout) hasPackets() bool { return l.has[srcPkts] && (l.has[totPkts] || l.has[dstPkts]) }
