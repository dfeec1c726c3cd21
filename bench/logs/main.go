// Command logs writes flows of an invented office as the logs of other programs, for measurements: a conn.log as Zeek
// writes it, or an eve.json as Suricata does.
//
//	logs zeek|suricata FLOWS > FILE
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"time"

	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

// logs are what can be written: the head of the file, and a line for each flow.
var logs = map[string]struct {
	head string
	line func(*bufio.Writer, int, *flow.Flow)
}{
	"zeek":     {zeekHead, zeekLine},
	"suricata": {"", suricataLine},
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: logs zeek|suricata FLOWS")
	}
	flows, err := strconv.Atoi(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	if err := run(os.Args[1], flows); err != nil {
		log.Fatal(err)
	}
}

func run(name string, flows int) error {
	kind, known := logs[name]
	if !known {
		return fmt.Errorf("unknown log %q, use zeek or suricata", name)
	}
	capture, err := synth.Day(synth.Options{Kind: synth.Clean, Profile: synth.Office, Flows: flows})
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	fmt.Fprint(out, kind.head)
	batch, number := make([]flow.Flow, 1024), 0
	for {
		n, err := capture.Read(batch)
		for i := range batch[:n] {
			kind.line(out, number, &batch[i])
			number++
		}
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return err
		}
	}
}

const zeekHead = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#open\t2026-01-05-00-00-00\n" +
	"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\n" +
	"#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tcount\tstring\tcount\tcount\tcount\tcount\tset[string]\n"

// states are Zeek's names of how a connection went, and a history that goes with each.
var states = map[flow.State][2]string{
	flow.Established: {"SF", "ShADadFf"}, flow.Reset: {"RSTR", "ShADadr"}, flow.Refused: {"REJ", "Sr"}, flow.Unanswered: {"S0", "S"},
}

func zeekLine(out *bufio.Writer, number int, f *flow.Flow) {
	state := states[f.State]
	fmt.Fprintf(out, "%d.%06d\tC%017d\t%s\t%d\t%s\t%d\t%s\t%s\t%d.%06d\t%d\t%d\t%s\tT\tF\t0\t%s\t%d\t%d\t%d\t%d\t-\n",
		f.Start/1e6, f.Start%1e6, number, f.SrcIP, f.SrcPort, f.DstIP, f.DstPort, f.Proto, orDash(f.Service), f.Duration/1e6, f.Duration%1e6,
		max(0, f.UpBytes-40*f.UpPackets), max(0, f.DownBytes-40*f.DownPackets), state[0], state[1], f.UpPackets, f.UpBytes, f.DownPackets, f.DownBytes)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func suricataLine(out *bufio.Writer, number int, f *flow.Flow) {
	const layout = "2006-01-02T15:04:05.000000-0700"
	start, end := time.UnixMicro(f.Start).UTC(), time.UnixMicro(f.Start+f.Duration).UTC()
	fmt.Fprintf(out, `{"timestamp":"%s","flow_id":%d,"event_type":"flow","src_ip":"%s","src_port":%d,"dest_ip":"%s","dest_port":%d,"proto":"%s","app_proto":"%s",`+
		`"flow":{"pkts_toserver":%d,"pkts_toclient":%d,"bytes_toserver":%d,"bytes_toclient":%d,"start":"%s","end":"%s","age":%d,"state":"closed","reason":"timeout","alerted":false}}`+"\n",
		end.Format(layout), number, f.SrcIP, f.SrcPort, f.DstIP, f.DstPort, suricataProto(f.Proto), orFailed(f.Service),
		f.UpPackets, f.DownPackets, f.UpBytes, f.DownBytes, start.Format(layout), end.Format(layout), f.Duration/1e6)
}

func suricataProto(proto flow.Proto) string {
	return map[flow.Proto]string{flow.TCP: "TCP", flow.UDP: "UDP", flow.ICMP: "ICMP", flow.ICMPv6: "IPv6-ICMP"}[proto]
}

func orFailed(text string) string {
	if text == "" {
		return "failed"
	}
	return text
}
