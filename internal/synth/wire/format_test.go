package wire_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
	"github.com/klauspost/compress/zstd"

	"sentinel/internal/synth/wire"
)

func TestFormatsHoldTheSamePackets(t *testing.T) {
	flows := day(t, 1_000)
	want := packets(t, write(t, wire.NewCapture(slices.Clone(flows), nil), wire.Options{Format: wire.PCAP}))
	nanoseconds := packets(t, write(t, wire.NewCapture(slices.Clone(flows), nil), wire.Options{Format: wire.NsecPCAP}))
	blocks, err := pcapgo.NewNgReader(bytes.NewReader(write(t, wire.NewCapture(slices.Clone(flows), nil), wire.Options{Format: wire.PCAPNG})), pcapgo.DefaultNgReaderOptions)
	if err != nil {
		t.Fatal(err)
	}
	if blocks.LinkType() != layers.LinkTypeEthernet {
		t.Errorf("link type %v", blocks.LinkType())
	}
	if len(nanoseconds) != len(want) {
		t.Fatalf("%d packets with nanoseconds, %d without", len(nanoseconds), len(want))
	}
	for i := range want {
		data, info, err := blocks.ReadPacketData()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(data, want[i].packet.Data()) || !info.Timestamp.Equal(want[i].time) || info.Length != want[i].length {
			t.Fatalf("packet %d of pcapng is another one than of pcap", i)
		}
		if n := nanoseconds[i]; !bytes.Equal(n.packet.Data(), want[i].packet.Data()) || !n.time.Equal(want[i].time) {
			t.Fatalf("packet %d with nanoseconds is another one than without", i)
		}
	}
	if _, _, err := blocks.ReadPacketData(); !errors.Is(err, io.EOF) {
		t.Errorf("pcapng has more packets: %v", err)
	}
}

func TestSnaplenCutsPackets(t *testing.T) {
	const kept = 97
	flows := day(t, 1_000)
	whole := packets(t, write(t, wire.NewCapture(slices.Clone(flows), nil), wire.Options{Format: wire.PCAP}))
	blocks, err := pcapgo.NewNgReader(bytes.NewReader(write(t, wire.NewCapture(slices.Clone(flows), nil), wire.Options{Format: wire.PCAPNG, Snaplen: kept})), pcapgo.DefaultNgReaderOptions)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]gopacket.PacketDataSource{"pcapng": blocks}
	reader, err := pcapgo.NewReader(bytes.NewReader(write(t, wire.NewCapture(slices.Clone(flows), nil), wire.Options{Format: wire.PCAP, Snaplen: kept})))
	if err != nil {
		t.Fatal(err)
	}
	if files["pcap"] = reader; reader.Snaplen() != kept {
		t.Errorf("the file states %d", reader.Snaplen())
	}
	for name, file := range files {
		for _, want := range whole {
			data, info, err := file.ReadPacketData()
			if err != nil {
				t.Fatal(err)
			}
			if all := want.packet.Data(); info.Length != len(all) || !bytes.Equal(data, all[:min(len(all), kept)]) {
				t.Fatalf("%s: %d bytes of %d were kept of a packet of %d", name, len(data), info.Length, len(all))
			}
		}
	}
}

func TestFormatOf(t *testing.T) {
	for name, want := range map[string]wire.Format{
		"a.pcap": wire.PCAP, "a.pcap.gz": wire.PCAP, "a.b.pcapng.zst": wire.PCAPNG, "x/a.nsecpcap": wire.NsecPCAP, "a.parquet": "", "pcap": "", "a.pcap.csv": "",
	} {
		if got := wire.FormatOf(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if _, err := wire.NewCapture(nil, nil).Write(io.Discard, wire.Options{Format: "snoop"}); err == nil || !strings.Contains(err.Error(), "pcapng") {
		t.Errorf("an unknown format: %v", err)
	}
}

func TestCompressed(t *testing.T) {
	const text = "packets"
	for name, open := range map[string]func(io.Reader) (io.Reader, error){
		"a.pcap":     func(r io.Reader) (io.Reader, error) { return r, nil },
		"a.pcap.gz":  func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"a.pcap.zst": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	} {
		var wrapped bytes.Buffer
		err := wire.Compressed(&wrapped, name, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
		if err != nil {
			t.Fatal(err)
		}
		plain, err := open(&wrapped)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got, err := io.ReadAll(plain); string(got) != text || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// TestWiresharkHasNoComplaint reads a day with tshark, where there is one, with every checksum verified. A reset
// connection counts as a warning there, and a lookup answered in two datagrams as a repetition.
func TestWiresharkHasNoComplaint(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark to ask: ", err)
	}
	path := filepath.Join(t.TempDir(), "day.pcap")
	if err := os.WriteFile(path, write(t, wire.NewCapture(day(t, 1_000), nil), wire.Options{Format: wire.PCAP}), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tshark, "-r", path, "-q", "-z", "expert,warn", "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) < 4 || fields[0] == "Frequency" {
			continue
		}
		summary := strings.Join(fields[3:], " ")
		if summary != "Connection reset (RST)" && !strings.HasPrefix(summary, "DNS response retransmission") && !strings.HasPrefix(summary, "DNS query retransmission") {
			t.Errorf("tshark: %s", strings.TrimSpace(line))
		}
	}
}
