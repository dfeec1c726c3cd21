package synth_test

import (
	"fmt"
	"math"
	"net/netip"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

// shape is the figures of a capture that its users know.
type shape struct {
	flows, inside, tls, dns, reserved, night, work float64
	up, down, maxUp, maxDown                       float64
	sources                                        map[netip.Addr]int
	servers                                        map[netip.Addr]int
}

func measure(t *testing.T, options synth.Options) (shape, synth.Truth) {
	s := shape{sources: map[netip.Addr]int{}, servers: map[netip.Addr]int{}}
	network := netip.MustParsePrefix("192.168.104.0/24")
	reserved := synth.ReservedNetworks()
	truth := each(t, options, func(f flow.Flow) {
		s.flows++
		s.up, s.maxUp = s.up+float64(f.UpBytes), max(s.maxUp, float64(f.UpBytes))
		s.down, s.maxDown = s.down+float64(f.DownBytes), max(s.maxDown, float64(f.DownBytes))
		s.sources[f.SrcIP]++
		s.servers[f.DstIP]++
		count(&s.inside, network.Contains(f.DstIP))
		count(&s.tls, f.Proto == flow.TCP && f.DstPort == 443)
		count(&s.dns, f.Proto == flow.UDP && f.DstPort == 53)
		hour := f.Start / 3_600_000_000 % 24
		count(&s.night, hour < 6)
		count(&s.work, hour >= 9 && hour < 12)
		for _, network := range reserved {
			count(&s.reserved, network.Contains(f.DstIP))
		}
	})
	return s, truth
}

func count(n *float64, yes bool) {
	if yes {
		*n++
	}
}

// TestShape compares clean days with the figures of the original tool's users (MISSION.md).
func TestShape(t *testing.T) {
	for seed := range uint64(2) {
		s, _ := measure(t, synth.Options{Seed: seed})
		for _, figure := range []struct {
			name            string
			got, want, away float64
		}{
			{"flows", s.flows, 1_000_000, 2_000},
			{"devices", float64(len(s.sources)), 200, 10},
			{"share of tcp 443", s.tls / s.flows, 0.88, 0.01},
			{"share of udp 53", s.dns / s.flows, 0.12, 0.01},
			{"share inside", s.inside / s.flows, 0.30, 0.02},
			{"mean up_bytes", s.up / s.flows, 10_081, 300},
			{"mean down_bytes", s.down / s.flows, 93_017, 5_000},
			{"largest up_bytes", s.maxUp, 130_665 - 1_000, 1_000},
			{"largest down_bytes", s.maxDown, 11_032_840 - 2_600_000, 2_600_000},
			{"flows to reserved networks", s.reserved, 0, 0},
			{"servers", float64(len(s.servers)), 4_000, 500},
			{"share from 0 to 6 h", s.night / s.flows, 0.035, 0.02},
			{"share from 9 to 12 h", s.work / s.flows, 0.32, 0.05},
		} {
			if math.Abs(figure.got-figure.want) > figure.away {
				t.Errorf("seed %d: %s %v, want %v ± %v", seed, figure.name, figure.got, figure.want, figure.away)
			}
		}
	}
}

// TestDayToDay looks for change that is ordinary: devices stay, some servers are new, none of them in reserved networks.
func TestDayToDay(t *testing.T) {
	first, _ := measure(t, synth.Options{Seed: 4, Flows: 300_000})
	second, _ := measure(t, synth.Options{Seed: 4, Flows: 300_000, Day: 1})
	var same, renewed, changed int
	for addr, flows := range second.sources {
		if was := first.sources[addr]; was > 0 {
			same++
			if ratio := float64(flows) / float64(was); ratio < 0.8 || ratio > 1.25 {
				changed++
			}
		}
	}
	for addr := range second.servers {
		if first.servers[addr] == 0 {
			renewed++
		}
	}
	check := func(what string, got, low, high float64) {
		if got < low || got > high {
			t.Errorf("%s: %.3f, want %v to %v", what, got, low, high)
		}
	}
	check("devices of the day before", float64(same)/float64(len(second.sources)), 0.9, 0.999)
	check("of them with clearly more or less to do", float64(changed)/float64(same), 0.1, 0.6)
	check("servers not seen the day before", float64(renewed)/float64(len(second.servers)), 0.1, 0.45)
}

func TestSmallAndLongOrders(t *testing.T) {
	for _, options := range []synth.Options{
		{Flows: 1_000},
		{Flows: 1_000, Kind: synth.Judge, Profile: synth.Office},
		{Flows: 1_000, Kind: synth.Servers},
		{Flows: 30_000, Days: 5},
		{Flows: 5_000, Network: netip.MustParsePrefix("10.20.30.64/27"), Devices: 12},
		{Flows: 50_000, Network: netip.MustParsePrefix("10.0.0.0/8"), Devices: 2_000},
	} {
		options.Attacks = []synth.Attack{}
		flows := 0
		days := map[int64]bool{}
		truth := each(t, options, func(f flow.Flow) { flows++; days[f.Start/86_400_000_000] = true })
		name := fmt.Sprintf("%s %s %d days of %d", truth.Kind, truth.Network, truth.Days, truth.Flows)
		if want := truth.Flows * truth.Days; math.Abs(float64(flows-want)) > 0.3*float64(want) {
			t.Errorf("%s: %d flows, want about %d", name, flows, want)
		}
		if len(days) != truth.Days {
			t.Errorf("%s: flows on %d days", name, len(days))
		}
	}
}
