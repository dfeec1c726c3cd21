package pcap

import (
	"fmt"

	"sentinel/internal/input"
)

// account sums up, once the meter has ended.
func (o *observer) account() input.Account {
	return input.Account{
		Clock: "microseconds since 1970, from the capture", Records: o.frames, Unit: "packets",
		Skipped: o.tally.Skips(), Notes: o.notes(), Damage: o.damage,
	}
}

// notes lists what is worth knowing about how the packets were metered.
func (o *observer) notes() (notes []input.Note) {
	counts := o.meter.Counts()
	for _, remark := range []struct {
		count      int64
		text, hint string // %d in the text is the count
	}{
		{o.snapped, "%d packets are cut to their beginning; bytes are counted by their headers", "names and services are seen only where enough of a packet was captured"},
		{counts.Headless, "%d packets are cut so short that their ports are missing; they count to flows between port 0", "capture 128 bytes of each packet or more"},
		{counts.Tunnelled, "%d packets came through tunnels; they count to the flows inside", ""},
		{counts.Midway, "%d flows of TCP had begun before they were captured, or their SYN is missing", "who opened them is taken from the ports, else from the first packet"},
		{counts.Early, "%d flows were ended early, because too many were open at once", "their bytes are spread over several flows; allow more open flows if there is memory"},
		{counts.Back, "the clock jumped back %d times", "flows are cut where it jumped by more than their idle time"},
		{counts.Strange, "%d packets have no time, or one outside of the years 1990 to 2100", "the clock of the capturing host may not have been set"},
	} {
		if remark.count > 0 {
			notes = append(notes, input.Note{Text: fmt.Sprintf(remark.text, remark.count), Hint: remark.hint})
		}
	}
	if o.sampling > 1 {
		notes = append(notes, input.Note{Text: fmt.Sprintf("every packet counts %d times, as you said of its sampling", o.sampling)})
	}
	return notes
}
