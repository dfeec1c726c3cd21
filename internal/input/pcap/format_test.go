package pcap_test

import (
	"encoding/binary"
	"testing"

	"sentinel/internal/input/inputtest"
	"sentinel/internal/input/pcap"
	"sentinel/internal/packet"
)

// talk is a short connection.
func talk() []segment {
	return []segment{
		{at: noon, src: client, dst: server, flags: packet.SYN},
		{at: noon + 1000, src: server, dst: client, flags: packet.SYN | packet.ACK},
		{at: noon + 2000, src: client, dst: server, flags: packet.ACK},
		{at: noon + 3000, src: client, dst: server, flags: packet.ACK, payload: []byte("hello")},
		{at: noon + 4000, src: server, dst: client, flags: packet.ACK, payload: []byte("hello yourself")},
		{at: noon + 5000, src: client, dst: server, flags: packet.ACK | packet.FIN},
		{at: noon + 6000, src: server, dst: client, flags: packet.ACK | packet.FIN},
	}
}

func samples() (pcapSample, ngSample []byte) {
	ngSample = append(section(binary.BigEndian), ethernet(binary.BigEndian)...)
	for _, s := range talk() {
		ngSample = append(ngSample, enhanced(binary.BigEndian, 0, uint64(s.at), s.frame())...)
	}
	return pcapFile(binary.LittleEndian, microMagic, talk()...), ngSample
}

func TestContract(t *testing.T) {
	classic, ng := samples()
	t.Run("pcap", func(t *testing.T) { inputtest.Run(t, pcap.Format, classic) })
	t.Run("pcapng", func(t *testing.T) { inputtest.Run(t, pcap.Format, ng) })
}

func FuzzPcap(f *testing.F) {
	classic, _ := samples()
	inputtest.Fuzz(f, pcap.Format, classic)
}

func FuzzPcapng(f *testing.F) {
	_, ng := samples()
	inputtest.Fuzz(f, pcap.Format, ng)
}
