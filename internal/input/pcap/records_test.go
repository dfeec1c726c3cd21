package pcap_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"sentinel/internal/input/pcap"
	"sentinel/internal/packet"
)

var (
	client = netip.MustParseAddrPort("192.0.2.1:40000")
	server = netip.MustParseAddrPort("198.51.100.2:443")
)

const noon = 1_700_000_000_000_000 // some time, in microseconds

// listed reads a capture to the end, a line a packet.
func listed(content []byte) (lines []string) {
	for record, err := range pcap.Records(bytes.NewReader(content)) {
		if err != nil {
			return append(lines, err.Error())
		}
		lines = append(lines, fmt.Sprintf("%d %s %d %x", record.Time-noon, record.Link, record.Length, record.Data))
	}
	return lines
}

func TestRecordsOfPcap(t *testing.T) {
	first := segment{at: noon, src: client, dst: server, flags: packet.SYN}
	second := segment{at: noon + 1_000_001, src: client, dst: server, payload: []byte("abc"), declared: 10}
	want := []string{
		fmt.Sprintf("0 %s 54 %x", packet.Ethernet, first.frame()),
		fmt.Sprintf("1000001 %s 64 %x", packet.Ethernet, second.frame()),
	}
	for _, o := range []order{binary.BigEndian, binary.LittleEndian} {
		for _, magic := range []uint32{microMagic, nanoMagic, kuznetsovMagic} {
			if got := listed(pcapFile(o, magic, first, second)); !slices.Equal(got, want) {
				t.Errorf("%v %x: got\n%s\nwant\n%s", o, magic, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

func TestRecordsOfPcapng(t *testing.T) {
	frame := segment{src: client, dst: server}.frame()
	line := func(after int64) string { return fmt.Sprintf("%d %s %d %x", after, packet.Ethernet, len(frame), frame) }
	for _, o := range []order{binary.BigEndian, binary.LittleEndian} {
		nanoseconds := append(o.AppendUint16(o.AppendUint16(nil, 9), 1), 9, 0, 0, 0)
		binarySeconds := append(o.AppendUint16(o.AppendUint16(nil, 9), 1), 0x80|10, 0, 0, 0) // of 1/1024
		later := o.AppendUint64(o.AppendUint16(o.AppendUint16(nil, 14), 8), 100)
		simple := block(o, 3, append(o.AppendUint32(nil, uint32(len(frame))), frame...)...)
		beyond := enhanced(o, 0, noon, frame)
		o.PutUint32(beyond[20:], 1<<30)
		for _, test := range []struct {
			name   string
			blocks [][]byte
			want   []string
		}{
			{"microseconds", [][]byte{ethernet(o), enhanced(o, 0, noon+5, frame)}, []string{line(5)}},
			{"nanoseconds", [][]byte{ethernet(o), ethernet(o, nanoseconds...), enhanced(o, 1, noon*1000+7999, frame)}, []string{line(7)}},
			{"powers of two", [][]byte{ethernet(o, binarySeconds...), enhanced(o, 0, noon/1e6<<10+512, frame)}, []string{line(500000)}},
			{"offset", [][]byte{ethernet(o, later...), enhanced(o, 0, noon, frame)}, []string{line(100e6)}},
			{"simple", [][]byte{ethernet(o), simple}, []string{line(-noon)}},
			{"unknown block", [][]byte{ethernet(o), block(o, 0x0bad), enhanced(o, 0, noon, frame)}, []string{line(0)}},
			{"interface of the section before", [][]byte{ethernet(o), section(o), enhanced(o, 0, noon, frame)}, nil},
			{"captured beyond the block", [][]byte{ethernet(o), beyond, enhanced(o, 0, noon, frame)}, []string{line(0)}},
			{"no block", [][]byte{ethernet(o), make([]byte, 16)}, []string{"cannot be read on at byte 48, packet 1: a block of 0 bytes is no block"}},
			{"cut", [][]byte{ethernet(o), enhanced(o, 0, noon, frame), enhanced(o, 0, noon, frame)[:50]}, []string{line(0), "cut short at byte 186, in packet 2"}},
		} {
			content := section(o)
			for _, b := range test.blocks {
				content = append(content, b...)
			}
			if got := listed(content); !slices.Equal(got, test.want) {
				t.Errorf("%v %s: got\n%s\nwant\n%s", o, test.name, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		}
	}
}
