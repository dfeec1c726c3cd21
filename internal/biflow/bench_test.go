package biflow_test

import (
	"net/netip"
	"testing"

	"sentinel/internal/biflow"
	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// pairs are halves of connections from many clients to few servers, each followed by its other direction.
func pairs(count int) []biflow.Half {
	halves := make([]biflow.Half, 0, 2*count)
	for i := range count {
		up := flow.Flow{
			Start: int64(i) * 300, Duration: 5000, Proto: flow.TCP, UpPackets: 5, UpBytes: 800,
			SrcIP: netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), DstIP: netip.AddrFrom4([4]byte{192, 0, 2, byte(i * 7)}),
			SrcPort: uint16(i*31) | 0x8000, DstPort: 443,
		}
		down := up
		down.Start += 2000
		down.SrcIP, down.DstIP, down.SrcPort, down.DstPort = up.DstIP, up.SrcIP, up.DstPort, up.SrcPort
		flags := packet.SYN | packet.ACK | packet.FIN
		halves = append(halves, biflow.Half{Flow: up, Flags: flags, HasFlags: true}, biflow.Half{Flow: down, Flags: flags, HasFlags: true})
	}
	return halves
}

// BenchmarkJoin joins twenty minutes of a network with 3,300 connections a second.
func BenchmarkJoin(b *testing.B) {
	halves := pairs(1 << 16)
	dst := make([]flow.Flow, 1024)
	added, flows := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		joiner := biflow.New(biflow.Options{})
		for round := range int64(60) {
			for i := range halves {
				half := halves[i]
				half.Start += round * 20_000_000
				half.SrcPort, half.DstPort = half.SrcPort^uint16(round), half.DstPort^uint16(round)
				joiner.Add(&half)
			}
			for n := joiner.Drain(dst); n > 0; n = joiner.Drain(dst) {
				flows += n
			}
		}
		joiner.Finish()
		for n := joiner.Drain(dst); n > 0; n = joiner.Drain(dst) {
			flows += n
		}
		added += 60 * len(halves)
	}
	if flows*2 != added {
		b.Fatalf("%d halves make %d flows", added, flows)
	}
	b.ReportMetric(float64(added)/b.Elapsed().Seconds(), "halves/s")
}
