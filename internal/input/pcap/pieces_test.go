package pcap_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
	"sentinel/internal/input/pcap"
	"sentinel/internal/packet"
)

// TestPieces reads files of several pieces from disk, where workers have to guess where a piece begins, and compares
// with reading them as a stream, in order. Packets carry captures, which look like records.
func TestPieces(t *testing.T) {
	decoy := pcapFile(binary.LittleEndian, microMagic, talk()...)[24:]
	var segments []segment
	ng := append(section(binary.LittleEndian), ethernet(binary.LittleEndian)...)
	for i := range 6000 {
		s := segment{
			at: noon + int64(i), src: netip.AddrPortFrom(client.Addr(), uint16(i%700+1024)), dst: server, flags: packet.ACK,
			payload: decoy[i%16:],
		}
		segments = append(segments, s)
		switch i {
		case 2500: // another interface, which counts nanoseconds
			ng = append(ng, ethernet(binary.LittleEndian, 9, 0, 1, 0, 9, 0, 0, 0)...)
		case 4000: // another section, in the other byte order
			ng = append(append(ng, section(binary.BigEndian)...), ethernet(binary.BigEndian)...)
		}
		switch {
		case i >= 4000:
			ng = append(ng, enhanced(binary.BigEndian, 0, uint64(s.at), s.frame())...)
		case i >= 2500:
			ng = append(ng, enhanced(binary.LittleEndian, 1, uint64(s.at)*1000, s.frame())...)
		default:
			ng = append(ng, enhanced(binary.LittleEndian, 0, uint64(s.at), s.frame())...)
		}
	}
	whole := pcapFile(binary.LittleEndian, microMagic, segments...)
	broken := slices.Clone(whole)
	binary.LittleEndian.PutUint32(broken[len(pcapFile(binary.LittleEndian, microMagic, segments[:3000]...))+8:], 1<<31)
	for name, content := range map[string][]byte{"pcap": whole, "pcapng": ng, "cut": whole[:len(whole)-9], "broken": broken} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		want := inputtest.Read(pcap.Format, content, input.Settings{Threads: 1}, 100)
		if len(want.Flows) != 700 || name == "pcap" && want.Account.Records != 6000 {
			t.Errorf("%s: %d flows of %d packets", name, len(want.Flows), want.Account.Records)
		}
		if sound := name == "pcap" || name == "pcapng"; sound != (want.Account.Damage == nil) {
			t.Errorf("%s: damage %v", name, want.Account.Damage)
		}
		for _, threads := range []int{1, 2, 5} {
			got := inputtest.ReadFile(t, pcap.Format, path, input.Settings{Threads: threads})
			if !slices.Equal(got.Flows, want.Flows) || got.Account.Records != want.Account.Records || !sameText(got.Account.Damage, want.Account.Damage) {
				t.Errorf("%s, %d threads: %d flows of %d packets, damage %v; as a stream %d of %d, %v", name, threads, len(got.Flows),
					got.Account.Records, got.Account.Damage, len(want.Flows), want.Account.Records, want.Account.Damage)
			}
		}
	}
}

// TestLookupsNeedNotBeTaken reads many questions to the DNS, which whoever reads never asks for.
func TestLookupsNeedNotBeTaken(t *testing.T) {
	const questions = 20_000
	asked := []byte{0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 4, 't', 'e', 's', 't', 0, 0, 1, 0, 1}
	resolver := netip.AddrPortFrom(server.Addr(), 53)
	var segments []segment
	for i := range questions {
		segments = append(segments, segment{at: noon + int64(i), src: netip.AddrPortFrom(client.Addr(), uint16(i+1024)), dst: resolver, udp: true, payload: asked})
	}
	path := filepath.Join(t.TempDir(), "questions.pcap")
	if err := os.WriteFile(path, pcapFile(binary.LittleEndian, microMagic, segments...), 0o600); err != nil {
		t.Fatal(err)
	}
	if read := inputtest.ReadFile(t, pcap.Format, path, input.Settings{}); len(read.Lookups) != questions {
		t.Fatalf("%d questions where they are taken, want %d", len(read.Lookups), questions)
	}
	file, err := input.Formats{pcap.Format}.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	reader, err := pcap.Format.Open(file, input.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	flows, err := flow.ReadAll(reader)
	if err := errors.Join(err, reader.Close()); err != nil || len(flows) != questions {
		t.Errorf("%d flows, want %d; %v", len(flows), questions, err)
	}
}

func sameText(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) }
