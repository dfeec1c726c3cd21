package duckdb

import (
	"io"
	"net/netip"
	"path/filepath"
	"testing"

	"sentinel/internal/flow"
)

// stock yields the same flows over and over, from addresses of a network.
type stock struct{ left int }

func (s *stock) Columns() flow.Set {
	return flow.NewSet("duration", "src_port", "up_packets", "down_packets", "up_payload", "down_payload", "state", "service", "name", "opener")
}

func (s *stock) Read(dst []flow.Flow) (int, error) {
	n := min(len(dst), s.left)
	for i := range dst[:n] {
		k := s.left - i
		dst[i] = flow.Flow{
			Start: 1709300000_000_000 + int64(k), Duration: 12_345, Proto: flow.TCP, SrcPort: uint16(k), DstPort: 443,
			SrcIP: netip.AddrFrom4([4]byte{192, 168, byte(k >> 4), byte(k)}), DstIP: netip.AddrFrom4([4]byte{203, 0, byte(k >> 9), byte(k >> 2)}),
			UpBytes: 1234, DownBytes: 56789, UpPackets: 12, DownPackets: 34, UpPayload: 600, DownPayload: 50000,
			State: flow.Established, Service: "tls", Name: "www.example.com", Opener: flow.BySYN,
		}
	}
	s.left -= n
	if s.left == 0 {
		return n, io.EOF
	}
	return n, nil
}

// BenchmarkAddReader measures what a flow costs on its way from a reader into the table that rollups ask.
func BenchmarkAddReader(b *testing.B) {
	const flows = 1_000_000
	for b.Loop() {
		db, err := Open(b.Context(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := db.AddReader(b.Context(), &stock{left: flows}); err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*flows/b.Elapsed().Seconds(), "flows/s")
}

// BenchmarkConvert measures what the flows of a capture cost on their way into a Parquet file.
func BenchmarkConvert(b *testing.B) {
	const flows = 200_000
	for b.Loop() {
		db, err := Open(b.Context(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := db.AddReader(b.Context(), &stock{left: flows}); err != nil {
			b.Fatal(err)
		}
		if err := db.Seal(b.Context()); err != nil {
			b.Fatal(err)
		}
		if err := db.Export(b.Context(), filepath.Join(b.TempDir(), "flows.parquet"), FlowShape, 0); err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
