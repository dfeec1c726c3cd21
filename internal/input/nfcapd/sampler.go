package nfcapd

import (
	"encoding/binary"
	"fmt"

	"sentinel/internal/input"
)

// Sizes of the two records that tell how an exporter samples.
const (
	sampler1Size = 16
	sampler2Size = 24
)

// sampler takes the rate of a sampler, for the report: the collector has applied it already, and says so in each
// record.
func (d *decoder) sampler(kind uint16, data []byte) {
	var rate uint64
	switch {
	case kind == typeSampler1 && len(data) >= sampler1Size:
		rate = uint64(binary.LittleEndian.Uint32(data[8:]))
	case kind == typeSampler2 && len(data) >= sampler2Size: // RFC 5477, 8.2.5: so many packets, then so many not
		packets, space := uint64(binary.LittleEndian.Uint32(data[16:])), uint64(binary.LittleEndian.Uint32(data[20:]))
		rate = (packets + space) / max(packets, 1)
	}
	if rate > 1 && rate != d.rate {
		d.rate = rate
		d.rates++
	}
}

// notes tell what a reader of the report must know of how the records came about.
func (d *decoder) notes() (notes []input.Note) {
	const hint = "small flows may be missing, and a missing answer means nothing"
	if d.sampled > 0 {
		rate := "one in several packets"
		if d.rates == 1 {
			rate = fmt.Sprintf("one in %d packets", d.rate)
		}
		notes = append(notes, input.Note{
			Text: fmt.Sprintf("%d records come from exporters that saw %s; the collector has scaled their counts up", d.sampled, rate), Hint: hint,
		})
	}
	if d.multiplied > 0 {
		notes = append(notes, input.Note{Text: fmt.Sprintf("counts of %d records were multiplied by %d, as told", d.multiplied, d.sampling), Hint: hint})
	}
	if d.translated > 0 {
		notes = append(notes, input.Note{
			Text: fmt.Sprintf("%d records went to a translated address (NAT); flows name the hosts behind it", d.translated),
		})
	}
	if d.backwards > 0 {
		notes = append(notes, input.Note{
			Text: fmt.Sprintf("%d records end before they begin; they count as having no duration", d.backwards),
			Hint: "a fault of the exporter's clock: do not rely on durations of this input",
		})
	}
	return notes
}
