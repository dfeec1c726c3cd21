package jsonline_test

import (
	"bytes"
	"fmt"
	"testing"

	"sentinel/internal/input"
	"sentinel/internal/input/jsonline"
)

// lines are flow events as Suricata writes them.
func lines(count int) []byte {
	var text bytes.Buffer
	for i := range count {
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

var wanted = []string{
	"flow_id", "event_type", "src_ip", "src_port", "dest_ip", "dest_port", "proto", "app_proto", "flow.pkts_toserver",
	"flow.pkts_toclient", "flow.bytes_toserver", "flow.bytes_toclient", "flow.start", "flow.end", "flow.state",
	"tcp.tcp_flags_ts", "tcp.tcp_flags_tc", "dns.rrname",
}

func BenchmarkScanner(b *testing.B) {
	text := lines(20000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		scanner := jsonline.NewScanner(bytes.NewReader(text), &input.Tally{}, wanted...)
		for scanner.Scan() {
		}
		if scanner.Objects() != 20000 {
			b.Fatalf("%d objects", scanner.Objects())
		}
	}
}
