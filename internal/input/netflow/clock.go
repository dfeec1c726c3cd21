package netflow

// moment is when a message was made, by the clock of its exporter.
type moment struct {
	exported int64  // microseconds since 1970
	uptime   uint32 // of the exporter then, in milliseconds; it wraps after 49.7 days
	counts   bool   // uptime is told
}

// at is the time of an uptime, which may be one before the uptime wrapped, and a little after the message was made.
func (m moment) at(uptime uint32) int64 {
	return m.exported - int64(int32(m.uptime-uptime))*1000
}

// booted gives a message that tells no uptime one, where the exporter has told when it started.
func (m moment) booted(boot uint64) moment {
	if m.counts || boot == 0 {
		return m
	}
	m.uptime = uint32((m.exported - int64(boot)) / 1000)
	m.counts = true
	return m
}

// span is when the flow of a record began and ended.
func (r *record) span(m moment) (first, last int64) {
	first, last = r.stamp(m, start, startBefore, startUptime), r.stamp(m, end, endBefore, endUptime)
	if last == noTime {
		last = int64(r.of(observed))
	}
	length := r.length(m)
	switch {
	case first == noTime && last == noTime:
		last = m.exported
		first = last - length
	case first == noTime:
		first = last - length
	case last == noTime:
		last = first + length
	}
	if first <= 0 {
		first = min(m.exported, max(last, 0))
	}
	return first, max(first, last)
}

// stamp is a time that a record tells in one of three ways, else noTime.
func (r *record) stamp(m moment, absolute, before, uptime slot) int64 {
	switch {
	case r.of(absolute) != noTime:
		return int64(r.of(absolute))
	case r.tells(before):
		return m.exported - int64(r.of(before)&0xffffffff)
	case r.tells(uptime) && m.counts:
		return m.at(uint32(r.of(uptime)))
	}
	return noTime
}

// length is how long the flow took, where its times tell nothing else.
func (r *record) length(m moment) int64 {
	if r.tells(duration) {
		return int64(min(r.of(duration), maxDuration))
	}
	if !m.counts && r.tells(startUptime, endUptime) {
		return max(int64(int32(uint32(r.of(endUptime)-r.of(startUptime))))*1000, 0)
	}
	return 0
}

// maxDuration is how long a flow may have lasted, in microseconds: as long as an uptime of 32 bits.
const maxDuration = 1 << 32 * 1000

// capturedAt takes the time of the capture for that of a message whose exporter does not know the date.
func (m moment) capturedAt(captured int64) moment {
	if captured != noTime && (m.exported < earliest || m.exported > latest) {
		m.exported = captured
	}
	return m
}

// Export times lie between the first NetFlow and a time that no capture of today can have, in microseconds: 1996 and
// 2050.
const (
	earliest = 820454400 * 1e6
	latest   = 2524608000 * 1e6
)

// clockOf says what the times of an input count, for the report.
func clockOf(captured, dated bool) string {
	switch {
	case dated:
		return "times of flows as their exporters tell them, UTC"
	case captured:
		return "times of the packets that brought the samples, UTC"
	}
	return "times since the exporter started: the input names no date"
}
