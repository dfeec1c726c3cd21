package flood

import (
	"context"
	"math"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/stat"
)

// target is a destination with the times at which it got much.
type target struct {
	dst    netip.Addr
	bursts []engine.Burst // only those that reach the least rate
	total  int64          // flows of the whole capture
	length float64        // seconds that a burst lasts
	usual  float64        // flows a second, the median over all times
	sigma  float64        // robust standard deviation of ln(rate)
	short  bool           // the capture is too short to know what is usual
}

// wave is a time during which a target got too much.
type wave struct {
	from, to int64 // microseconds since the epoch, whole bursts; to is exclusive
	flows    int64
}

const (
	shortest   = 30         // bursts that a capture must last to tell what is usual
	leastSigma = 0.5        // of ln(rate): everyday use takes a rate up or down by two thirds
	restBetter = 0.05       // flows a second below which a target counts as idle, as far as ratios go
	pause      = 60_000_000 // microseconds between waves of one attack
)

// history reads the bursts of every destination, and what is usual for each.
func history(ctx context.Context, scene *detect.Scene, rate float64) ([]*target, error) {
	length := min(scene.Seconds(), engine.BurstLength/1e6)
	var targets []*target
	byAddress := map[netip.Addr]*target{}
	for burst, err := range scene.Bursts(ctx, max(int64(math.Ceil(rate*length)), 1)) {
		if err != nil {
			return nil, err
		}
		if !detect.Scorable(burst.DstIP, burst.Proto, burst.Port) {
			continue
		}
		if byAddress[burst.DstIP] == nil {
			byAddress[burst.DstIP] = &target{dst: burst.DstIP, length: length}
			targets = append(targets, byAddress[burst.DstIP])
		}
		byAddress[burst.DstIP].bursts = append(byAddress[burst.DstIP].bursts, burst)
	}
	if len(targets) == 0 {
		return nil, nil
	}
	for server, err := range scene.Servers(ctx) {
		if err != nil {
			return nil, err
		}
		if t := byAddress[server.DstIP]; t != nil {
			t.total = server.Flows
		}
	}
	for _, t := range targets {
		t.learn(scene.Seconds())
	}
	return targets, nil
}

// learn works out what a target usually gets. Times without a burst share the flows that no burst holds.
func (t *target) learn(seconds float64) {
	times := int(math.Ceil(seconds / t.length))
	t.short = times < shortest
	quiet := max(times-len(t.bursts), 0)
	inBursts := int64(0)
	for _, b := range t.bursts {
		inBursts += b.Flows
	}
	rest := max(float64(t.total-inBursts)/max(float64(quiet)*t.length, t.length), restBetter)
	if 2*quiet >= times { // most times are quiet: they are the median, and nothing deviates from it
		t.usual, t.sigma = rest, leastSigma
		return
	}
	rates := make([]float64, 0, times)
	for _, b := range t.bursts {
		rates = append(rates, math.Log(t.rate(b)))
	}
	for range quiet {
		rates = append(rates, math.Log(rest))
	}
	robust := stat.RobustOf(rates, leastSigma)
	t.usual, t.sigma = math.Exp(robust.Median), robust.Sigma
}

// rate is the flows a second of a burst.
func (t *target) rate(b engine.Burst) float64 { return float64(b.Flows) / t.length }

// peak is the burst of most flows, the first of equal ones.
func (t *target) peak() engine.Burst {
	best := t.bursts[0]
	for _, b := range t.bursts {
		if b.Flows > best.Flows {
			best = b
		}
	}
	return best
}

func (t *target) peakRate() float64 { return t.rate(t.peak()) }

// wavesAbove joins bursts above a rate that follow each other closely.
func (t *target) wavesAbove(rate float64) []wave {
	var waves []wave
	for _, b := range t.bursts {
		if t.rate(b) < rate {
			continue
		}
		if last := len(waves) - 1; last >= 0 && b.Start-waves[last].to <= pause {
			waves[last].to, waves[last].flows = b.Start+engine.BurstLength, waves[last].flows+b.Flows
			continue
		}
		waves = append(waves, wave{b.Start, b.Start + engine.BurstLength, b.Flows})
	}
	return waves
}

// peakOfOthers is the greatest rate that any other destination got.
func peakOfOthers(targets []*target, but int) float64 {
	rate := 0.0
	for i, t := range targets {
		if i != but {
			rate = max(rate, t.peakRate())
		}
	}
	return rate
}

// peaksBefore are the greatest rates of the baseline, by destination.
func peaksBefore(ctx context.Context, c *detect.Case) (map[string]float64, error) {
	peaks := map[string]float64{}
	seen, err := history(ctx, c.Base, c.Param("min_rate"))
	for _, t := range seen {
		peaks[t.dst.String()] = t.peakRate()
	}
	return peaks, err
}
