package nfcapd

import (
	"encoding/binary"
	"fmt"

	"sentinel/internal/biflow"
	"sentinel/internal/input"
)

// decoder makes halves of the records of blocks.
type decoder struct {
	layout   int
	sampling uint64                   // as the user says; 1: as the file says
	maps     map[uint16]*extensionMap // of layout 1
	emit     func(*biflow.Half)       // takes each half; the decoder uses it again

	tally      input.Tally
	records    int64 // flows, used or not
	sampled    int64 // that the collector had scaled up
	multiplied int64 // by sampling
	backwards  int64 // that end before they begin
	translated int64 // whose addresses the exporter translates
	rate       uint64
	rates      int // different rates of samplers
	record     record
	half       biflow.Half
}

// A record of either layout begins with its type and size.
const recordHeader = 4

// Types of records.
const (
	typeFlow1    = 1
	typeMap      = 2
	typeSampler1 = 9
	typeFlow10   = 10
	typeFlow2    = 11
	typeSampler2 = 15
)

// otherTypes are records that tell nothing of flows: histograms, exporters and what they sent, names of applications,
// interfaces and VRFs, ident and statistics of the file.
var otherTypes = map[uint16]bool{
	3: true, 4: true, 5: true, 6: true, 7: true, 8: true, 12: true, 13: true, 14: true, 0x8000: true, 0x8001: true, 0x8002: true,
}

// take decodes the records of a block.
func (d *decoder) take(b *block) {
	most := min(b.records, maxBlock/flow1Header) // the number alone proves nothing
	switch {
	case b.err != nil:
		d.skip(fmt.Sprintf("in blocks that cannot be decompressed (%v)", b.err), int64(most), b, 0)
		return
	case b.kind == kindRecords15:
		d.skip(reasonOld, int64(most), b, 0)
		return
	case b.kind == kindArray || d.layout == 1 && b.kind == kindRecords2:
		return
	}
	data := b.data
	for number := range most {
		if len(data) < recordHeader {
			d.skip(reasonSize, int64(most-number), b, number)
			return
		}
		kind, size := binary.LittleEndian.Uint16(data), int(binary.LittleEndian.Uint16(data[2:]))
		if size < recordHeader || size > len(data) {
			d.skip(reasonSize, int64(most-number), b, number)
			return
		}
		if reason := d.one(kind, data[:size]); reason != "" {
			d.skip(reason, 1, b, number)
		}
		data = data[size:]
	}
}

// skip counts records that cannot be used; number is that of the first in its block.
func (d *decoder) skip(reason string, rows int64, b *block, number int) {
	d.records += rows
	d.tally.Add(reason, rows, fmt.Sprintf("record %d of block %d, which begins at byte %d", number+1, b.number, b.offset))
}

// one decodes a record; the reason is empty, or says why it cannot be used.
func (d *decoder) one(kind uint16, data []byte) (reason string) {
	switch {
	case d.layout == 2 && kind == typeFlow2:
		if len(data) < flowHeader {
			return reasonSize
		}
		d.record = record{}
		return d.flow(flow2(data, &d.record))
	case d.layout == 1 && kind == typeFlow1:
		d.record = record{}
		return d.flow(flow1(data, flow1Header, d.maps, &d.record))
	case d.layout == 1 && kind == typeFlow10:
		d.record = record{}
		return d.flow(flow1(data, flow10Header, d.maps, &d.record))
	case d.layout == 1 && kind == typeMap && len(data) >= mapHeader:
		d.maps[binary.LittleEndian.Uint16(data[4:])] = newMap(data[mapHeader:])
		return ""
	case kind == typeSampler1 || kind == typeSampler2:
		d.sampler(kind, data)
		return ""
	}
	if otherTypes[kind] {
		return ""
	}
	return "of a type that is not known"
}

// flow hands over what the record says, unless there is a reason why it says nothing.
func (d *decoder) flow(reason string) string {
	if reason != "" {
		return reason
	}
	scale := d.sampling
	if d.record.sampled {
		scale = 1
	}
	if reason := d.record.half(scale, &d.half); reason != "" {
		return reason
	}
	d.records++
	if d.record.sampled {
		d.sampled++
	} else if scale > 1 {
		d.multiplied++
	}
	if d.record.last < d.record.first {
		d.backwards++
	}
	if d.record.isTranslated() {
		d.translated++
	}
	d.emit(&d.half)
	return ""
}
