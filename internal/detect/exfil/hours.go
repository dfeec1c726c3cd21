package exfil

import (
	"context"
	"math"
	"net/netip"
	"time"

	"sentinel/internal/detect"
	"sentinel/internal/stat"
)

// clock is when the hosts of large uploads sent, hour by hour, and when the network did.
type clock struct {
	hosts   map[netip.Addr]map[int64]float64 // bytes up
	network map[int64]float64                // flows
}

func readHours(ctx context.Context, scene *detect.Scene, book *book) (clock, error) {
	c := clock{hosts: map[netip.Addr]map[int64]float64{}, network: map[int64]float64{}}
	for _, u := range book.large {
		c.hosts[u.SrcIP] = map[int64]float64{}
	}
	for row, err := range scene.HostHours(ctx, 0) {
		if err != nil {
			return c, err
		}
		c.network[row.Hour] += float64(row.Flows)
		if hours := c.hosts[row.SrcIP]; hours != nil {
			hours[row.Hour] = float64(row.UpBytes)
		}
	}
	return c, nil
}

// enoughHours is how many hours a host must have sent in for one of them to stand out.
const enoughHours = 6

// burst is the robust z of the busiest hour of an upload's time among the hours of its host.
func (c clock) burst(u upload) (z, times float64) {
	var sample []float64
	most := 0.0
	for hour, bytes := range c.hosts[u.SrcIP] {
		sample = append(sample, math.Log1p(bytes))
		if hour+time.Hour.Microseconds() > u.first && hour <= u.last {
			most = max(most, bytes)
		}
	}
	if len(sample) < enoughHours {
		return 0, 1
	}
	usual := stat.RobustOf(sample, 2*leastSigma) // hours of one host differ more than days of alike hosts
	return usual.Z(math.Log1p(most)), (most + 1) / math.Exp(usual.Median)
}

// quiet tells whether an upload ran while the network slept: at less than a quarter of its usual flows an hour.
func (c clock) quiet(u upload) bool {
	if len(c.network) < enoughHours {
		return false
	}
	var all float64
	for _, flows := range c.network {
		all += flows
	}
	during, hours := 0.0, 0.0
	for hour := u.first - u.first%time.Hour.Microseconds(); hour <= u.last; hour += time.Hour.Microseconds() {
		during += c.network[hour]
		hours++
	}
	return during/hours < 0.25*all/float64(len(c.network))
}
