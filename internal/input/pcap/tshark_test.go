package pcap_test

import (
	"net/netip"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/input/inputtest"
)

// TestTshark compares packets each way between two ports of TCP and UDP with the conversations that tshark counts.
func TestTshark(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil || testing.Short() {
		t.Skip("no tshark to compare with, or no time")
	}
	known := readDifferences(t, "testdata/tshark_differences.tsv")
	agree := 0
	for _, dir := range []string{
		inputtest.Shared(t, "ipfixprobe", "tests", "functional", "inputs"), inputtest.Shared(t, "cisco-joy", "test", "pcaps"),
		inputtest.Shared(t, "slips", "dataset"),
	} {
		for _, pattern := range []string{"*.pcap", "*/*.pcap"} {
			captures, err := filepath.Glob(filepath.Join(dir, pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, capture := range captures {
				got := pairs{}
				for key, packets := range pairsOf(readCapture(t, capture).Flows) {
					if key.proto == flow.TCP || key.proto == flow.UDP {
						got[key] = packets
					}
				}
				if known.judge(t, filepath.Base(capture), conversations(t, capture).lines(), got.lines()) {
					agree++
				}
			}
		}
	}
	known.unused(t)
	inputtest.Agreement(t, "testdata/agreement.tsv", "tshark", len(known.seen), agree)
}

// conversations reads the tables of tshark, whose lines have two ends, and frames and bytes back, there and both.
func conversations(t *testing.T, capture string) pairs {
	output, err := exec.Command("tshark", "-n", "-q", "-r", capture, "-z", "conv,tcp", "-z", "conv,udp").Output()
	if err != nil {
		t.Fatalf("tshark %s: %v", capture, err)
	}
	p, proto := pairs{}, flow.Proto(0)
	for line := range strings.Lines(string(output)) {
		switch fields := strings.Fields(line); {
		case strings.HasPrefix(line, "TCP "):
			proto = flow.TCP
		case strings.HasPrefix(line, "UDP "):
			proto = flow.UDP
		case len(fields) > 6 && fields[1] == "<->":
			p.add(proto, endPoint(t, fields[0]), endPoint(t, fields[2]), number(fields[6]), number(fields[3]))
		}
	}
	return p
}

func endPoint(t *testing.T, text string) netip.AddrPort {
	at := strings.LastIndex(text, ":")
	address, err := netip.ParseAddr(text[:at])
	if err != nil {
		t.Fatalf("tshark: %q: %v", text, err)
	}
	return netip.AddrPortFrom(address, uint16(number(text[at+1:])))
}
