package suricata_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/suricata"
)

const benchEvents = 30000

// generated is a log of flow events.
func generated() []byte {
	var text bytes.Buffer
	for i := range benchEvents {
		fmt.Fprintf(&text, `{"timestamp":"2024-05-01T12:%02d:%02d.%06d+0000","flow_id":%d,"in_iface":"eth0","event_type":"flow",`+
			`"src_ip":"192.0.2.%d","src_port":%d,"dest_ip":"198.51.100.%d","dest_port":443,"proto":"TCP","app_proto":"tls",`+
			`"flow":{"pkts_toserver":%d,"pkts_toclient":15,"bytes_toserver":2310,"bytes_toclient":%d,`+
			`"start":"2024-05-01T12:00:00.123456+0000","end":"2024-05-01T12:00:10.123456+0000","age":10,"state":"closed",`+
			`"reason":"timeout","alerted":false},"tcp":{"tcp_flags":"1b","tcp_flags_ts":"1b","tcp_flags_tc":"1b","syn":true,`+
			`"fin":true,"psh":true,"ack":true,"state":"closed"}}`+"\n",
			i/60%60, i%60, i%1000000, 1000000000+i, i%254+1, 1024+i%60000, i%253+1, i%100, 3000+i%100000)
	}
	return text.Bytes()
}

func drain(t testing.TB, content []byte) int {
	reader, err := suricata.Format.Open(input.NewFile("eve.json", content), input.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := reader.Close(); err != nil {
			t.Error(err)
		}
	}()
	batch, total := make([]flow.Flow, 2048), 0
	for {
		n, err := reader.Read(batch)
		total += n
		if errors.Is(err, io.EOF) {
			return total
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	content := generated()
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		if n := drain(b, content); n != benchEvents {
			b.Fatalf("%d flows", n)
		}
	}
	b.ReportMetric(float64(b.N)*benchEvents/b.Elapsed().Seconds(), "flows/s")
}

// TestAllocations holds that events cost no memory of their own.
func TestAllocations(t *testing.T) {
	content := generated()
	if allocated := testing.AllocsPerRun(1, func() { drain(t, content) }); allocated > benchEvents/20 {
		t.Errorf("%.0f allocations for %d events", allocated, benchEvents)
	}
}
