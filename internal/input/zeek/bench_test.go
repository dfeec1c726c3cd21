package zeek_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/zeek"
)

const benchRows = 50000

// generated is a log of connections in either writing.
func generated(asJSON bool) []byte {
	var text bytes.Buffer
	pattern := "%d.%06d\tC%017d\t192.0.2.%d\t%d\t198.51.100.%d\t443\ttcp\tssl\t%d.123456\t%d\t%d\tSF\tT\tF\t0\tShADadFf\t%d\t%d\t%d\t%d\t-\t6\n"
	if asJSON {
		pattern = `{"ts":%d.%06d,"uid":"C%017d","id.orig_h":"192.0.2.%d","id.orig_p":%d,"id.resp_h":"198.51.100.%d","id.resp_p":443,` +
			`"proto":"tcp","service":"ssl","duration":%d.123456,"orig_bytes":%d,"resp_bytes":%d,"conn_state":"SF","local_orig":true,` +
			`"local_resp":false,"missed_bytes":0,"history":"ShADadFf","orig_pkts":%d,"orig_ip_bytes":%d,"resp_pkts":%d,"resp_ip_bytes":%d}` + "\n"
	} else {
		text.WriteString("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\tts\tuid\tid.orig_h\t" +
			"id.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\t" +
			"missed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\tip_proto\n")
	}
	for i := range benchRows {
		fmt.Fprintf(&text, pattern, 1714564800+i/100, i%1000000, i, i%254+1, 1024+i%60000, i%253+1, i%300, 500+i%9000, 4000+i%900000, 10+i%50,
			1000+i%9999, 12+i%500, 5000+i%999999)
	}
	return text.Bytes()
}

func drain(t testing.TB, content []byte) int {
	reader, err := zeek.Format.Open(input.NewFile("conn.log", content), input.Settings{})
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
	for _, writing := range []string{"tsv", "json"} {
		content := generated(writing == "json")
		b.Run(writing, func(b *testing.B) {
			b.SetBytes(int64(len(content)))
			for b.Loop() {
				if n := drain(b, content); n != benchRows {
					b.Fatalf("%d flows", n)
				}
			}
			b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds(), "flows/s")
		})
	}
}

// TestAllocations holds that rows cost no memory of their own.
func TestAllocations(t *testing.T) {
	for _, asJSON := range []bool{false, true} {
		content := generated(asJSON)
		if allocated := testing.AllocsPerRun(1, func() { drain(t, content) }); allocated > benchRows/50 {
			t.Errorf("JSON %v: %.0f allocations for %d rows", asJSON, allocated, benchRows)
		}
	}
}
