package bruteforce

import (
	"cmp"
	"context"
	"maps"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
)

// connection is one answered flow to a login service.
type connection struct {
	start    int64 // microseconds since the epoch
	dst      netip.Addr
	up, down int64
}

func (a connection) size() float64 { return float64(a.up) + float64(a.down) }

const transfer = 1e5 // bytes that connections have on average where they do work, beyond what a success among few attempts explains

// usersOf counts the answered connections of each host that made at least so many, small on average, to a service.
func usersOf(ctx context.Context, scene *detect.Scene, service login, least float64) (map[netip.Addr]int64, error) {
	counts, bytes := map[netip.Addr]int64{}, map[netip.Addr]float64{}
	for channel, err := range scene.Channels(ctx, engine.ChannelFilter{Proto: "tcp", DstPort: service.port}) {
		if err != nil {
			return nil, err
		}
		counts[channel.SrcIP] += channel.Flows - channel.Failed
		bytes[channel.SrcIP] += float64(channel.UpBytes) + float64(channel.DownBytes)
	}
	for src, count := range counts {
		if float64(count) < least || bytes[src] > transfer*float64(count) {
			delete(counts, src)
		}
	}
	return counts, nil
}

// eachUser hands over the answered connections of each user, in the order of their start.
func eachUser(ctx context.Context, scene *detect.Scene, service login, users map[netip.Addr]int64, use func(netip.Addr, []connection)) error {
	filter := engine.ChannelFilter{Proto: "tcp", DstPort: service.port, SrcIPs: engine.Few(slices.Collect(maps.Keys(users)))}
	var src netip.Addr // whose channels follow each other
	var all []connection
	flush := func() {
		if len(all) > 0 {
			slices.SortFunc(all, compare)
			use(src, all)
		}
		all = nil
	}
	for r, err := range scene.Rhythms(ctx, filter) {
		if err != nil {
			return err
		}
		if r.SrcIP != src {
			flush()
			src = r.SrcIP
		}
		if _, wanted := users[src]; !wanted || r.Failed == r.Flows {
			continue
		}
		for i, start := range r.Starts {
			if r.Downs[i] > 60 || r.Downs[i] > 0 && r.Ups[i] > 180 { // not failed (DETECTION.md, rule 10)
				all = append(all, connection{start, r.DstIP, r.Ups[i], r.Downs[i]})
			}
		}
	}
	flush()
	return nil
}

func compare(a, b connection) int {
	return cmp.Or(cmp.Compare(a.start, b.start), a.dst.Compare(b.dst), cmp.Compare(a.up, b.up), cmp.Compare(a.down, b.down))
}
