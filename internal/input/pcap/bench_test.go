package pcap_test

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/pcap"
	"sentinel/internal/packet"
)

// BenchmarkRead reads captures from disk: many flows at once, with whole packets of 670 bytes in the mean and with
// packets cut to 128 bytes, and flows of two packets each.
func BenchmarkRead(b *testing.B) {
	for _, test := range []struct {
		name           string
		packets, flows int
		cut            int
		brief          bool // two packets a flow
	}{
		{"whole packets", 500_000, 50_000, 1 << 16, false},
		{"cut packets", 1_000_000, 50_000, 128, false},
		{"brief flows", 1_000_000, 500_000, 128, true},
	} {
		b.Run(test.name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "bench.pcap")
			writeTraffic(b, path, test.packets, test.flows, test.cut, test.brief)
			b.ReportAllocs()
			for b.Loop() {
				drainFile(b, path, test.packets)
			}
			b.ReportMetric(float64(b.N)*float64(test.packets)/b.Elapsed().Seconds()/1e6, "Mpackets/s")
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N)/float64(test.packets), "ns/packet")
		})
	}
}

func drainFile(b *testing.B, path string, packets int) {
	file, err := input.Formats{pcap.Format}.Open(path, nil)
	if err != nil {
		b.Fatal(err)
	}
	reader, err := pcap.Format.Open(file, input.Settings{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	for batch := make([]flow.Flow, 1024); ; {
		_, err := reader.Read(batch)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if got := reader.Account().Records; got != int64(packets) {
		b.Fatalf("%d packets, want %d", got, packets)
	}
}

// writeTraffic writes connections whose packets take turns.
func writeTraffic(b *testing.B, path string, packets, flows, cut int, brief bool) {
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	out := bufio.NewWriterSize(file, 1<<20)
	random := rand.New(rand.NewPCG(1, 2))
	frame := tcpFrame(random)
	_, _ = out.Write(pcapFile(binary.LittleEndian, microMagic)) // Flush tells of errors
	seen := make([]int, flows)
	for i := range packets {
		number := random.IntN(flows)
		if brief {
			number = i / 2
		}
		length := setFrame(frame, random, number, seen[number])
		seen[number]++
		var header [16]byte
		at := noon + int64(i)*100
		binary.LittleEndian.PutUint32(header[0:], uint32(at/1e6))
		binary.LittleEndian.PutUint32(header[4:], uint32(at%1e6))
		binary.LittleEndian.PutUint32(header[8:], uint32(min(length, cut)))
		binary.LittleEndian.PutUint32(header[12:], uint32(length))
		_, _ = out.Write(header[:])
		_, _ = out.Write(frame[:min(length, cut)])
	}
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
}

// tcpFrame is a frame with room for the largest payload, which is noise.
func tcpFrame(random *rand.Rand) []byte {
	frame := segment{src: client, dst: server, payload: make([]byte, 1460)}.frame()
	for i := 54; i < len(frame); i++ {
		frame[i] = byte(random.Uint32())
	}
	return frame
}

// setFrame makes it the next packet of a connection, and returns its length.
func setFrame(frame []byte, random *rand.Rand, number, before int) int {
	flags, payload := packet.ACK, 0
	switch {
	case before == 0:
		flags = packet.SYN
	case before == 1:
		flags = packet.SYN | packet.ACK
	case before > 2 && random.IntN(100) < 45:
		payload = 1460
	case before > 2:
		payload = random.IntN(200)
	}
	near, far, port, service := uint32(0xc0000200+number%250), uint32(0xc6336400+number*7%60000), uint16(20000+number/250), uint16(443)
	if before == 1 || before > 2 && random.IntN(2) == 0 {
		near, far, port, service = far, near, service, port
	}
	binary.BigEndian.PutUint16(frame[16:], uint16(40+payload))
	binary.BigEndian.PutUint32(frame[26:], near)
	binary.BigEndian.PutUint32(frame[30:], far)
	binary.BigEndian.PutUint16(frame[34:], port)
	binary.BigEndian.PutUint16(frame[36:], service)
	frame[47] = byte(flags)
	return 54 + payload
}
