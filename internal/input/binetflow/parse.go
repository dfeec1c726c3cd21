package binetflow

import (
	"bytes"

	"sentinel/internal/flow"
	"sentinel/internal/input/jsonline"
)

// Why a line is no flow.
const (
	tooLong    = "line longer than 256 KiB"
	tooFew     = "fewer fields than titles"
	badTime    = "StartTime that is no date and time"
	badProto   = "protocol that is not known"
	badAddress = "address that is not one of IP"
	badPort    = "port by a name that is not known"
	badCount   = "count that is no number"
)

// parser makes flows of lines.
type parser struct {
	layout *layout
	fields [][]byte
	dates  dates
	states map[string]outcome // what the texts seen so far say
}

// parse fills f with a line, else it tells why not.
func (p *parser) parse(line []byte, f *flow.Flow) (reason string) {
	if !p.split(line) {
		return tooFew
	}
	*f = flow.Flow{}
	if reason := p.ends(f); reason != "" {
		return reason
	}
	if reason := p.counts(f); reason != "" {
		return reason
	}
	var ok bool
	if f.Start, ok = p.dates.micros(p.field(startTime)); !ok {
		return badTime
	}
	f.Duration = p.duration(f.Start)
	turned := p.direct(f)
	f.State = p.state(f, turned)
	return ""
}

// split finds the fields of a line.
func (p *parser) split(line []byte) bool {
	p.fields = p.fields[:0]
	for len(p.fields) < p.layout.fields-1 {
		at := bytes.IndexByte(line, p.layout.delimiter)
		if at < 0 {
			return false
		}
		p.fields = append(p.fields, line[:at])
		line = line[at+1:]
	}
	p.fields = append(p.fields, line) // what has delimiters of its own, as the user data of ra, comes last
	return true
}

// field is the text of a column, without the spaces that ra aligns with; empty where it is absent.
func (p *parser) field(c column) []byte {
	if !p.layout.has[c] {
		return nil
	}
	text := p.fields[p.layout.places[c]]
	for len(text) > 0 && text[0] == ' ' {
		text = text[1:]
	}
	for len(text) > 0 && text[len(text)-1] == ' ' {
		text = text[:len(text)-1]
	}
	return text
}

// ends fills in the protocol and both ends.
func (p *parser) ends(f *flow.Flow) (reason string) {
	var known bool
	name := p.field(proto)
	if f.Proto, known = protoOf(name); !known {
		if other, ok := notIP[string(name)]; ok {
			return other
		}
		return badProto
	}
	var src, dst bool
	f.SrcIP, src = jsonline.Addr(p.field(srcAddr))
	f.DstIP, dst = jsonline.Addr(p.field(dstAddr))
	if !src || !dst {
		return badAddress
	}
	if f.Proto == flow.ICMP || f.Proto == flow.ICMPv6 {
		f.SrcPort, f.DstPort = typeAndCode(p.field(sport), p.field(dport))
		return ""
	}
	f.SrcPort, src = portOf(p.field(sport))
	f.DstPort, dst = portOf(p.field(dport))
	if !src || !dst {
		return badPort
	}
	return ""
}

// counts fills in bytes and packets. What the file does not tell by direction is the rest of the total.
func (p *parser) counts(f *flow.Flow) (reason string) {
	sides := []struct {
		from, to, total column
		up, down        *int64
	}{
		{srcBytes, dstBytes, totBytes, &f.UpBytes, &f.DownBytes},
		{srcPkts, dstPkts, totPkts, &f.UpPackets, &f.DownPackets},
		{srcAppBytes, dstAppBytes, columns, &f.UpPayload, &f.DownPayload},
	}
	for _, s := range sides {
		if !p.layout.has[s.from] {
			continue
		}
		var up, down bool
		*s.up, up = p.count(s.from)
		if s.total != columns && !p.layout.has[s.to] {
			if !p.layout.has[s.total] {
				continue
			}
			*s.down, down = p.count(s.total)
			*s.down = max(*s.down-*s.up, 0)
		} else {
			*s.down, down = p.count(s.to)
		}
		if !up || !down {
			return badCount
		}
	}
	return ""
}

// count is a number; an empty field is 0.
func (p *parser) count(c column) (int64, bool) {
	text := p.field(c)
	if len(text) == 0 {
		return 0, true
	}
	value, ok := jsonline.Int(text)
	return value, ok && value >= 0
}

func (p *parser) duration(start int64) int64 {
	if p.layout.has[dur] {
		micros, _ := jsonline.Micros(p.field(dur))
		return max(micros, 0)
	}
	if end, ok := p.dates.micros(p.field(lastTime)); ok {
		return max(end-start, 0)
	}
	return 0
}
