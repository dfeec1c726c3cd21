package binetflow_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/binetflow"
	"sentinel/internal/input/inputtest"
)

const (
	classic  = "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label\n"
	detailed = "StartTime\tDur\tProto\tSrcAddr\tSport\tDir\tDstAddr\tDport\tState\tsTos\tdTos\tTotPkts\tTotBytes\tSrcBytes\tSrcPkts\tLabel\n"
)

// sample has a line of each kind.
const sample = classic +
	"2011/08/10 09:46:53.047277,3.124000,tcp,192.0.2.1,1577,   ->,198.51.100.7,80,FSPA_FSPA,0,0,12,1066,588,flow=Background\n" +
	"2011/08/10 09:46:54.000001,1.5,udp,192.0.2.1,1025,  <->,198.51.100.53,53,CON,0,0,2,214,81,flow=Background-UDP\n" +
	"2011/08/10 09:46:55.000000,0.000000,udp,192.0.2.1,0x0bcd,   ->,203.0.113.9,ntp,INT,0,,1,90,90,\n" +
	"2011/08/10 09:46:56.000000,0.000000,icmp,192.0.2.1,0x0403,   ->,203.0.113.9,0x0ecc,URF,0,,1,70,70,\n" +
	"2011/08/10 09:46:57.000000,0.000000,icmp,192.0.2.1,0x0008,  <->,203.0.113.9,0x7208,ECO,0,,2,196,98,\n" +
	"2011/08/10 09:46:58.000000,0.000000,arp,192.0.2.1,,  who,192.0.2.2,,CON,,,2,102,42,\n" +
	"1970/01/01 01:00:00.000000,0.000000,llc,00:00:00:00:00:00,0,   ->,00:00:00:00:00:00,0,INT,,,1,60,60,\n" +
	"2011/08/10 23:59:59.999999,0.000000,tcp,198.51.100.7,443,  <?>,192.0.2.1,40000,PA_PA,0,0,9,900,600,\n" +
	"2011/08/11 00:00:00.000000,2.0,tcp,198.51.100.7,80,   <-,192.0.2.1,1577,SA_FSPA,0,0,9,900,600,\n" +
	"2011/08/11 00:00:01.000000,0.0,ipv6-icmp,2001:db8::1,135,   ->,ff02::1:ff00:2,0,NNS,0,,1,86,86,\n" +
	"2011/08/11 00:00:02.000000,0.0,rtp,192.0.2.1,4000,  <->,192.0.2.2,4002,CON,0,0,20,2000,1000,\n"

func address(text string) netip.Addr { return netip.MustParseAddr(text) }

var sameAddress = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

func TestSample(t *testing.T) {
	got := inputtest.Read(binetflow.Format, []byte(sample), input.Settings{}, 100)
	if got.Err != nil || got.Account.Damage != nil {
		t.Fatal(got.Err, got.Account.Damage)
	}
	const ms9h46m53 = 1312969613_000000 // 2011-08-10 09:46:53 UTC
	const midnight = 1313020800_000000
	local, server := address("192.0.2.1"), address("198.51.100.7")
	want := []flow.Flow{
		{Start: ms9h46m53 + 47277, Duration: 3_124_000, SrcIP: local, SrcPort: 1577, DstIP: server, DstPort: 80, Proto: flow.TCP,
			UpBytes: 588, DownBytes: 478, State: flow.Established, Opener: flow.ByFirst},
		{Start: ms9h46m53 + 1_000_001, Duration: 1_500_000, SrcIP: local, SrcPort: 1025, DstIP: address("198.51.100.53"), DstPort: 53,
			Proto: flow.UDP, UpBytes: 81, DownBytes: 133, State: flow.Established, Opener: flow.ByFirst},
		{Start: ms9h46m53 + 2_000_000, SrcIP: local, SrcPort: 0xbcd, DstIP: address("203.0.113.9"), DstPort: 123,
			Proto: flow.UDP, UpBytes: 90, State: flow.Unanswered, Opener: flow.ByFirst},
		{Start: ms9h46m53 + 3_000_000, SrcIP: local, SrcPort: 3, DstIP: address("203.0.113.9"), DstPort: 4,
			Proto: flow.ICMP, UpBytes: 70, State: flow.Other, Opener: flow.ByFirst},
		{Start: ms9h46m53 + 4_000_000, SrcIP: local, SrcPort: 8, DstIP: address("203.0.113.9"),
			Proto: flow.ICMP, UpBytes: 98, DownBytes: 98, State: flow.Established, Opener: flow.ByFirst},
		{Start: midnight - 1, SrcIP: local, SrcPort: 40000, DstIP: server, DstPort: 443, Proto: flow.TCP,
			UpBytes: 300, DownBytes: 600, State: flow.Established, Opener: flow.ByPort},
		{Start: midnight, Duration: 2_000_000, SrcIP: local, SrcPort: 1577, DstIP: server, DstPort: 80, Proto: flow.TCP,
			UpBytes: 300, DownBytes: 600, State: flow.Established, Opener: flow.ByFirst},
		{Start: midnight + 1_000_000, SrcIP: address("2001:db8::1"), SrcPort: 135, DstIP: address("ff02::1:ff00:2"),
			Proto: flow.ICMPv6, UpBytes: 86, State: flow.Other, Opener: flow.ByFirst},
		{Start: midnight + 2_000_000, SrcIP: local, SrcPort: 4000, DstIP: address("192.0.2.2"), DstPort: 4002, Proto: flow.UDP,
			UpBytes: 1000, DownBytes: 1000, State: flow.Established, Opener: flow.ByFirst},
	}
	if diff := cmp.Diff(want, got.Flows, sameAddress); diff != "" {
		t.Errorf("flows (-want +got):\n%s", diff)
	}
	skips := []input.Skip{{Reason: "flow of ARP, not IP", Rows: 1, Example: "line 7"}, {Reason: "flow of LLC, not IP", Rows: 1, Example: "line 8"}}
	if diff := cmp.Diff(skips, got.Account.Skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
	if !strings.Contains(got.Account.Clock, "UTC") || got.Account.Records != 11 || len(got.Account.Notes) != 1 {
		t.Errorf("account %+v", got.Account)
	}
}

func TestContract(t *testing.T) { inputtest.Run(t, binetflow.Format, []byte(sample)) }

// row is a line of the detailed layout.
func row(state string, packets, upPackets, bytes, upBytes int) string {
	return fmt.Sprintf("1312969613.5\t0.1\ttcp\t192.0.2.1\t1577\t   ->\t198.51.100.7\t80\t%s\t0\t0\t%d\t%d\t%d\t%d\t\n", state, packets, bytes, upBytes, upPackets)
}

func TestStates(t *testing.T) {
	for _, c := range []struct {
		text                      string
		packets, up, bytes, upByt int
		want                      flow.State
	}{
		{"S_", 3, 3, 222, 222, flow.Unanswered},
		{"SEC_", 1, 1, 74, 74, flow.Unanswered},
		{"S_RA", 2, 1, 134, 74, flow.Refused},
		{"S_R", 2, 1, 134, 74, flow.Refused},
		{"SR_SA", 4, 2, 250, 130, flow.Reset},
		{"S_SA", 2, 1, 148, 74, flow.Other},
		{"SA_SA", 5, 3, 350, 200, flow.Established},
		{"FSPA_FSPA", 10, 5, 1000, 500, flow.Established},
		{"FSPAEC_FSPAE", 10, 5, 1000, 500, flow.Established},
		{"FSRPA_FSPA", 10, 5, 1000, 500, flow.Established},
		{"SRPA_FSPA", 10, 5, 1000, 500, flow.Reset},
		{"SPA_SRA", 10, 5, 1000, 500, flow.Reset},
		{"SRPA_", 3, 3, 300, 300, flow.Reset},
		{"PA_", 3, 3, 300, 300, flow.Other},
		{"_FA", 1, 0, 60, 0, flow.Other},
		{"_", 1, 1, 60, 60, flow.Other},
		{"CON", 10, 5, 1000, 500, flow.Established},
		{"REQ", 1, 1, 74, 74, flow.Unanswered},
		{"TIM", 1, 1, 74, 74, flow.Unanswered},
		{"RST", 2, 1, 134, 74, flow.Refused},
		{"RST", 9, 5, 900, 500, flow.Reset},
		{"FIN", 9, 5, 900, 500, flow.Established},
		{"URP", 1, 1, 70, 70, flow.Other},
		{"S0", 1, 1, 70, 70, flow.Unanswered},
		{"REJ", 2, 1, 134, 74, flow.Refused},
		{"SF", 9, 5, 900, 500, flow.Established},
		{"XYZ", 1, 1, 70, 70, flow.Other},
		{"", 1, 1, 70, 70, flow.Other},
	} {
		got := inputtest.Read(binetflow.Format, []byte(detailed+row(c.text, c.packets, c.up, c.bytes, c.upByt)), input.Settings{}, 1)
		if len(got.Flows) != 1 || got.Flows[0].State != c.want {
			t.Errorf("%q with %d packets, %d up: %+v, want %s", c.text, c.packets, c.up, got.Flows, c.want)
			continue
		}
		if f := got.Flows[0]; int(f.UpPackets) != c.up || int(f.DownPackets) != c.packets-c.up || f.Start != 1312969613_500000 {
			t.Errorf("%q: %+v", c.text, f)
		}
	}
}

// A connection that the right end opened is judged from its side.
func TestTurnedState(t *testing.T) {
	line := strings.ReplaceAll(row("RA_S", 2, 1, 134, 60), "   ->", "  <-")
	got := inputtest.Read(binetflow.Format, []byte(detailed+line), input.Settings{}, 1)
	if len(got.Flows) != 1 || got.Flows[0].State != flow.Refused || got.Flows[0].SrcPort != 80 {
		t.Errorf("%+v", got.Flows)
	}
}

func TestColumns(t *testing.T) {
	for titles, want := range map[string]string{
		classic:  "duration,opener,src_port,state",
		detailed: "down_packets,duration,opener,src_port,state,up_packets",
		"StartTime;LastTime;Proto;SrcAddr;DstAddr;Dport;SrcBytes;DstBytes;SAppBytes;DAppBytes": "down_payload,duration,up_payload",
	} {
		file := input.NewFile("capture", []byte(titles))
		reader, err := binetflow.Format.Open(file, input.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		columns := reader.Columns()
		for _, column := range flow.Columns {
			if columns[column.Name] {
				got = append(got, column.Name)
			}
		}
		if len(got) != len(columns) || strings.Join(sorted(got), ",") != want {
			t.Errorf("%q fills %v, want %s", titles, columns, want)
		}
	}
}

func sorted(names []string) []string {
	for i := range names {
		for j := range i {
			if names[i] < names[j] {
				names[i], names[j] = names[j], names[i]
			}
		}
	}
	return names
}

func TestOtherTitles(t *testing.T) {
	content := "\ufeffDstBytes;SrcBytes;SAppBytes;DAppBytes;DstAddr;Dport;SrcAddr;Proto;LastTime;StartTime\n" +
		"200;100;40;80;198.51.100.7;https;::ffff:192.0.2.1;6;1312969615.0;1312969613.5\n"
	got := inputtest.Read(binetflow.Format, []byte(content), input.Settings{}, 1)
	want := []flow.Flow{{Start: 1312969613_500000, Duration: 1_500_000, SrcIP: address("192.0.2.1"), DstIP: address("198.51.100.7"), DstPort: 443,
		Proto: flow.TCP, UpBytes: 100, DownBytes: 200, UpPayload: 40, DownPayload: 80}}
	if diff := cmp.Diff(want, got.Flows, sameAddress); diff != "" || got.Account.Clock != "seconds since 1970" || len(got.Account.Notes) != 0 {
		t.Errorf("flows (-want +got):\n%s\naccount %+v", diff, got.Account)
	}
}

func TestSkipped(t *testing.T) {
	good := "2011/08/10 09:46:53.0,1,udp,192.0.2.1,1,->,192.0.2.2,2,CON,,,2,100,50,\n"
	for line, want := range map[string]string{
		"2011/13/10 09:46:53.0,1,udp,192.0.2.1,1,->,192.0.2.2,2,CON,,,2,100,50,\n":     "StartTime that is no date and time",
		"2011/02/30 09:46:53.0,1,udp,192.0.2.1,1,->,192.0.2.2,2,CON,,,2,100,50,\n":     "StartTime that is no date and time",
		"2011/08/10 24:46:53.0,1,udp,192.0.2.1,1,->,192.0.2.2,2,CON,,,2,100,50,\n":     "StartTime that is no date and time",
		"09:46:53.0,1,udp,192.0.2.1,1,->,192.0.2.2,2,CON,,,2,100,50,\n":                "StartTime that is no date and time",
		"2011/08/10 09:46:53.0,1,unas,192.0.2.1,1,->,192.0.2.2,2,CON,,,2,100,50,\n":    "protocol that is not known",
		"2011/08/10 09:46:53.0,1,udp,host.example,1,->,192.0.2.2,2,CON,,,2,100,50,\n":  "address that is not one of IP",
		"2011/08/10 09:46:53.0,1,udp,192.0.2.1,1,->,192.0.2.2,echoes,CON,,,2,100,5,\n": "port by a name that is not known",
		"2011/08/10 09:46:53.0,1,udp,192.0.2.1,1,->,192.0.2.2,2,CON,,,2,-100,50,\n":    "count that is no number",
		"2011/08/10 09:46:53.0,1,udp\n":                                                "fewer fields than titles",
		strings.Repeat("x", 300<<10) + "\n":                                            "line longer than 256 KiB",
	} {
		got := inputtest.Read(binetflow.Format, []byte(classic+line+classic+"\n"+good), input.Settings{}, 10)
		if len(got.Flows) != 1 || len(got.Account.Skipped) != 1 || got.Account.Skipped[0] != (input.Skip{Reason: want, Rows: 1, Example: "line 2"}) {
			t.Errorf("%.80q: %d flows, skipped %+v, want %s", line, len(got.Flows), got.Account.Skipped, want)
		}
	}
}

func TestCutShort(t *testing.T) {
	got := inputtest.Read(binetflow.Format, []byte(sample[:len(sample)-30]), input.Settings{}, 100)
	if len(got.Flows) != 8 || fmt.Sprint(got.Account.Damage) != "cut short in line 12" {
		t.Errorf("%d flows, damage %v", len(got.Flows), got.Account.Damage)
	}
	whole := inputtest.Read(binetflow.Format, []byte(strings.TrimSuffix(sample, "\n")), input.Settings{}, 100)
	if len(whole.Flows) != 9 || whole.Account.Damage != nil {
		t.Errorf("without the last end of line: %d flows, damage %v", len(whole.Flows), whole.Account.Damage)
	}
}

func TestNotRecognised(t *testing.T) {
	for head, want := range map[string]string{
		"StartTime Proto SrcAddr": "no delimiter",
		"StartTime,Flgs,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,TotPkts,TotBytes,State\n": "no SrcBytes",
		"StartTime,Proto,SrcAddr,DstAddr,Dport,SrcBytes\n":                              "neither TotBytes nor DstBytes",
		"timestamp,src_ip\n": "no StartTime",
	} {
		if got := binetflow.Format.Recognise([]byte(head)); !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
}

// Captures of others: as many flows as they have lines of IP.
func TestShared(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(inputtest.Shared(t, "slips", "dataset"), "*.binetflow"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(filepath.Join(inputtest.Shared(t, "netflowlabeler", "examples"), "*.binetflow"))
	if err != nil || len(paths)+len(more) < 7 {
		t.Fatalf("%d files: %v", len(paths)+len(more), err)
	}
	for _, path := range append(paths, more...) {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := inputtest.ReadFile(t, binetflow.Format, path, input.Settings{})
		rows := bytes.Count(bytes.TrimSpace(content), []byte("\n"))
		for _, skip := range got.Account.Skipped {
			rows -= int(skip.Rows)
			if !strings.HasSuffix(skip.Reason, "not IP") && !strings.Contains(skip.Reason, "itself") {
				t.Errorf("%s: skipped %+v", path, skip)
			}
		}
		if got.Err != nil || got.Account.Damage != nil || len(got.Flows) != rows {
			t.Errorf("%s: %d flows of %d lines, %v, %v", path, len(got.Flows), rows, got.Err, got.Account.Damage)
		}
		for _, f := range got.Flows {
			if f.UpBytes+f.DownBytes == 0 || f.State == "" {
				t.Errorf("%s: %+v", path, f)
			}
		}
	}
}

func BenchmarkRead(b *testing.B) {
	line := strings.SplitAfter(sample, "\n")[1]
	content := []byte(classic + strings.Repeat(line, 100_000))
	dst := make([]flow.Flow, 1024)
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		reader, err := binetflow.Format.Open(input.NewFile("capture", content), input.Settings{})
		if err != nil {
			b.Fatal(err)
		}
		for {
			if _, err := reader.Read(dst); err != nil {
				break
			}
		}
	}
	b.ReportMetric(float64(b.N)*100_000/b.Elapsed().Seconds(), "flows/s")
}

func FuzzRead(f *testing.F) {
	inputtest.Fuzz(f, binetflow.Format, []byte(sample), []byte(detailed+row("S_RA", 2, 1, 134, 74)))
}
