package nfcapd

import (
	"fmt"
	"testing"

	"sentinel/internal/biflow"
	"sentinel/internal/flow"
	"sentinel/internal/input"
)

// busy are records of both directions of connections of 16,000 clients, three in four over TCP.
func busy(count int) []sample {
	samples := make([]sample, 0, count)
	for i := range count / 2 {
		s := sample{
			src: fmt.Sprintf("10.0.%d.%d:%d", i>>7&0x7f, i&0x7f, 32768+i/16384*7%28000), dst: fmt.Sprintf("198.51.%d.%d:443", 100+i%50, i*13%250),
			start: int64(i) / 5, end: int64(i)/5 + int64(i%4000), proto: tcp, flags: full, packets: uint64(3 + i%40), bytes: uint64(300 + i%9000),
		}
		if i%4 == 0 {
			s.proto, s.flags, s.end = udp, 0, s.start+30
		}
		answer := s
		answer.src, answer.dst, answer.start, answer.bytes = s.dst, s.src, s.start+5, s.bytes*7
		samples = append(samples, s, answer)
	}
	return samples
}

// bench reads content over and over, with what open makes of it, and counts records.
func bench(b *testing.B, content []byte, threads int, read func(*reader)) {
	b.Helper()
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	records := int64(0)
	for b.Loop() {
		opened, err := open(input.NewFile("capture", content), input.Settings{Threads: threads})
		if err != nil {
			b.Fatal(err)
		}
		read(opened.(*reader))
		records += opened.Account().Records
		if err := opened.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
}

// joining reads flows and adds up their bytes by source.
func joining(r *reader) {
	sums := map[[16]byte]int64{}
	dst := make([]flow.Flow, 1024)
	for {
		n, err := r.Read(dst)
		for i := range dst[:n] {
			sums[dst[i].SrcIP.As16()] += dst[i].UpBytes
		}
		if err != nil { // io.EOF
			return
		}
	}
}

// unjoined reads records only.
func unjoined(r *reader) {
	r.decoder.emit = func(*biflow.Half) {}
	for !r.ended {
		r.fill()
	}
}

func BenchmarkRead(b *testing.B) {
	samples := busy(200_000)
	for _, file := range []struct {
		name    string
		content []byte
	}{
		{"plain", file2(samples, 20_000, none, nil)},
		{"LZ4", file2(samples, 20_000, lz, lz4Block)},
		{"zstd", file2(samples, 20_000, zst, zstdBlock)},
		{"layout1", file1(samples, 0, nil)},
	} {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/threads=%d/records", file.name, threads), func(b *testing.B) { bench(b, file.content, threads, unjoined) })
			b.Run(fmt.Sprintf("%s/threads=%d/flows", file.name, threads), func(b *testing.B) { bench(b, file.content, threads, joining) })
		}
	}
}
