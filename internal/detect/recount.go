package detect

import (
	"cmp"
	"iter"
	"maps"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/engine"
)

// bySource cuts rhythms, which are ordered by source, into those of one source each.
func bySource(rhythms []engine.Rhythm) iter.Seq[[]engine.Rhythm] {
	return func(yield func([]engine.Rhythm) bool) {
		for from := 0; from < len(rhythms); {
			to := from + 1
			for to < len(rhythms) && rhythms[to].SrcIP == rhythms[from].SrcIP {
				to++
			}
			if !yield(rhythms[from:to]) {
				return
			}
			from = to
		}
	}
}

const hourLength = 3_600_000_000 // microseconds

// hoursOf adds up the flows of one source by hour, as engine.HostHours tells.
func hoursOf(source []engine.Rhythm, dstPort int64) []engine.HostHour {
	hours := map[int64]*engine.HostHour{}
	var last *engine.HostHour // flows of one hour follow each other
	for i := range source {
		r := &source[i]
		if dstPort != 0 && r.DstPort != dstPort {
			continue
		}
		for j, start := range r.Starts {
			hour := start / hourLength * hourLength
			if last == nil || last.Hour != hour {
				if last = hours[hour]; last == nil {
					last = &engine.HostHour{SrcIP: r.SrcIP, Hour: hour}
					hours[hour] = last
				}
			}
			last.Flows++
			last.UpBytes, last.DownBytes = plus(last.UpBytes, r.Ups[j]), plus(last.DownBytes, r.Downs[j])
		}
	}
	rows := make([]engine.HostHour, 0, len(hours))
	for _, hour := range slices.Sorted(maps.Keys(hours)) {
		rows = append(rows, *hours[hour])
	}
	return rows
}

// plus adds volumes, up to what an integer can hold.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// burstsOf finds the bursts in the flows of all channels, as engine.Bursts tells.
func burstsOf(rhythms []engine.Rhythm, minFlows int64) (bursts []engine.Burst) {
	byTarget := map[netip.Addr][]*engine.Rhythm{}
	first, last := int64(math.MaxInt64), int64(math.MinInt64)
	for i := range rhythms {
		r := &rhythms[i]
		byTarget[r.DstIP] = append(byTarget[r.DstIP], r)
		first, last = min(first, r.First/engine.BurstLength), max(last, r.Last/engine.BurstLength)
	}
	texts := make(map[string]netip.Addr, len(byTarget))
	for target := range byTarget {
		texts[target.String()] = target
	}
	for _, text := range slices.Sorted(maps.Keys(texts)) {
		channels := byTarget[texts[text]]
		total := int64(0)
		for _, r := range channels {
			total += r.Flows
		}
		if total < minFlows {
			continue
		}
		busy := busyTimes(channels, func(flows int64) bool {
			return flows >= minFlows && (last-first+1 < engine.ShortSpan || flows*(last-first+1) >= engine.BurstFactor*total)
		})
		bursts = append(bursts, look(channels, busy)...)
	}
	return bursts
}

// busyTimes are the ten seconds, counted from the epoch, of enough flows.
func busyTimes(channels []*engine.Rhythm, enough func(int64) bool) map[int64]*burst {
	counts := map[int64]int64{}
	for _, r := range channels {
		for i := 0; i < len(r.Starts); {
			bucket, from := r.Starts[i]/engine.BurstLength, i
			for i < len(r.Starts) && r.Starts[i]/engine.BurstLength == bucket {
				i++
			}
			counts[bucket] += int64(i - from)
		}
	}
	busy := map[int64]*burst{}
	for bucket, flows := range counts {
		if enough(flows) {
			busy[bucket] = &burst{services: map[service]int64{}}
		}
	}
	return busy
}

// burst is a burst that is being added up.
type burst struct {
	engine.Burst
	source   netip.Addr // the last one: channels come by source
	services map[service]int64
}

// service is a port of a protocol.
type service struct {
	proto string
	port  int64
}

// look adds up what one destination got in its busy times.
func look(channels []*engine.Rhythm, busy map[int64]*burst) (bursts []engine.Burst) {
	if len(busy) == 0 {
		return nil
	}
	for _, r := range channels {
		for i, start := range r.Starts {
			if b := busy[start/engine.BurstLength]; b != nil {
				b.add(r, i)
			}
		}
	}
	for _, bucket := range slices.Sorted(maps.Keys(busy)) {
		b := busy[bucket]
		most := b.mostUsed()
		b.DstIP, b.Start, b.Proto, b.Port = channels[0].DstIP, bucket*engine.BurstLength, most.proto, most.port
		bursts = append(bursts, b.Burst)
	}
	return bursts
}

func (b *burst) add(r *engine.Rhythm, i int) {
	b.Flows++
	b.UpBytes = plus(b.UpBytes, r.Ups[i])
	if r.Downs[i] == 0 {
		b.Failed++
	}
	if r.SrcIP != b.source {
		b.source = r.SrcIP
		b.Sources++
	}
	b.services[service{r.Proto, r.DstPort}]++
}

// mostUsed is the service of most flows; of equals the one with the least port, then the last protocol.
func (b *burst) mostUsed() (found service) {
	for service, flows := range b.services {
		if cmp.Or(cmp.Compare(flows, b.services[found]), cmp.Compare(found.port, service.port), cmp.Compare(service.proto, found.proto)) > 0 {
			found = service
		}
	}
	return found
}
