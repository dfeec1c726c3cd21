package meter_test

import (
	"net/netip"
	"slices"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/meter"
	"sentinel/internal/packet"
)

func TestCounts(t *testing.T) {
	other := netip.MustParseAddrPort("203.0.113.3:50000")
	packets := []seen{
		udp(100, client, server, "x"), udp(98, client, other, "x"), udp(99.5, client, other, "x"),
		tcp(101, client, server, ACK), udp(-noon/1e6+5, client, server, "x"),
	}
	_, m := metered(meter.Settings{MaxFlows: 2}, packets...)
	want := meter.Counts{Early: 1, Back: 2, Strange: 1, Midway: 1}
	if got := m.Counts(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestFaults(t *testing.T) {
	good := udp(0, client, server, "x").bytes()
	data := append(append([]byte{0x45, 0}, good...), 0x45, 0)
	block := &meter.Block{}
	block.Reset(data)
	block.Add(noon, packet.RawIP, 2, 2+len(good))
	block.Add(noon, packet.RawIP, 0, 2)
	block.Add(noon, packet.RawIP, 2+len(good), len(data))
	block.Skip("reason")
	faults := block.Faults()
	short := packet.Reason(packet.RawIP, data[:2])
	want := []meter.Fault{{Reason: short, Frames: 2, First: 1}, {Reason: "reason", Frames: 1, First: 3}}
	if block.Frames() != 4 || !slices.Equal(faults, want) {
		t.Errorf("%d frames, faults %v, want 4, %v", block.Frames(), faults, want)
	}
}

// Many flows come and go, so that records and slots are used again and again.
func TestManyFlows(t *testing.T) {
	m := meter.New(meter.Settings{MaxFlows: 5000})
	block := &meter.Block{}
	flows, packets := 0, int64(0)
	batch := make([]flow.Flow, 100)
	take := func() {
		for {
			n := m.Take(batch)
			for _, f := range batch[:n] {
				flows++
				packets += f.UpPackets + f.DownPackets
			}
			if n < len(batch) {
				return
			}
		}
	}
	const rounds, each = 200, 100
	for round := range rounds {
		var some []seen
		for i := range each {
			from := netip.AddrPortFrom(client.Addr(), uint16(1024+round*each+i))
			some = append(some, udp(float64(round), from, server, "x"), udp(float64(round), server, from, "y"))
		}
		fill(block, some)
		m.Add(block)
		take()
	}
	m.End()
	take()
	if flows != rounds*each || packets != 2*rounds*each {
		t.Errorf("%d flows with %d packets, want %d with %d", flows, packets, rounds*each, 2*rounds*each)
	}
}
