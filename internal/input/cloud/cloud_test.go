package cloud_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/cloud"
	"sentinel/internal/input/inputtest"
)

var (
	client = netip.MustParseAddr("10.0.0.4")
	server = netip.MustParseAddr("198.51.100.7")
)

var sameAddress = cmp.Comparer(func(a, b netip.Addr) bool { return a == b })

// anyOpener leaves it to the tests of biflow who opened a flow that a log tells by direction.
var anyOpener = cmpopts.IgnoreFields(flow.Flow{}, "Opener")

// check compares what a log gives.
func check(t *testing.T, format input.Format, content string, want []flow.Flow, skipped []input.Skip, options ...cmp.Option) input.Account {
	t.Helper()
	got := inputtest.Read(format, []byte(content), input.Settings{}, 100)
	if got.Err != nil || got.Account.Damage != nil {
		t.Errorf("error %v, damage %v", got.Err, got.Account.Damage)
	}
	if diff := cmp.Diff(want, got.Flows, append(options, sameAddress)...); diff != "" {
		t.Errorf("flows (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(skipped, got.Account.Skipped); diff != "" {
		t.Errorf("skipped (-want +got):\n%s", diff)
	}
	return got.Account
}

// awsSample is of the default format.
const awsSample = `2 123456789012 eni-0a 10.0.0.4 198.51.100.7 40000 443 6 10 840 1700000000 1700000030 ACCEPT OK
2 123456789012 eni-0a 198.51.100.7 10.0.0.4 443 40000 6 12 9000 1700000001 1700000030 ACCEPT OK
2 123456789012 eni-0a 203.0.113.9 10.0.0.4 50000 22 6 2 80 1700000005 1700000006 REJECT OK
2 123456789012 eni-0b - - - - - - - 1700000000 1700000060 - NODATA
2 123456789012 eni-0b - - - - - - - 1700000000 1700000060 - SKIPDATA
2 123456789012 eni-0a 10.0.0.4 10.0.0.5 40001 53 17 1 70 1700000007 1700000008 ACCEPT OK
2 123456789012 eni-0b 10.0.0.4 10.0.0.5 40001 53 17 1 70 1700000007 1700000008 ACCEPT OK
2 123456789012 eni-0b 10.0.0.5 10.0.0.4 53 40001 17 1 130 1700000007 1700000008 ACCEPT OK
2 123456789012 eni-0a 10.0.0.5 10.0.0.4 53 40001 17 1 130 1700000007 1700000008 ACCEPT OK
2 123456789012 eni-0a 2001:db8::4 2001:db8::7 0 0 58 4 416 1700000010 1700000020 ACCEPT OK
`

func TestAWS(t *testing.T) {
	name := netip.MustParseAddr("10.0.0.5")
	account := check(t, cloud.AWS, awsSample, []flow.Flow{
		{Start: 1700000000e6, Duration: 30e6, SrcIP: client, SrcPort: 40000, DstIP: server, DstPort: 443, Proto: flow.TCP,
			UpBytes: 840, DownBytes: 9000, UpPackets: 10, DownPackets: 12, State: flow.Established},
		{Start: 1700000005e6, Duration: 1e6, SrcIP: netip.MustParseAddr("203.0.113.9"), SrcPort: 50000, DstIP: client, DstPort: 22,
			Proto: flow.TCP, UpBytes: 80, UpPackets: 2, State: flow.Refused},
		{Start: 1700000007e6, Duration: 1e6, SrcIP: client, SrcPort: 40001, DstIP: name, DstPort: 53, Proto: flow.UDP,
			UpBytes: 70, DownBytes: 130, UpPackets: 1, DownPackets: 1, State: flow.Established},
		{Start: 1700000010e6, Duration: 10e6, SrcIP: netip.MustParseAddr("2001:db8::4"), DstIP: netip.MustParseAddr("2001:db8::7"),
			Proto: flow.ICMPv6, UpBytes: 416, UpPackets: 4, State: flow.Unanswered},
	}, []input.Skip{
		{Reason: "record of what another interface has reported, counted once", Rows: 2, Example: "line 7"},
		{Reason: "NODATA: an interface without traffic", Rows: 1, Example: "line 4"},
		{Reason: "SKIPDATA: records that AWS lost", Rows: 1, Example: "line 5"},
	}, anyOpener)
	if account.Records != 10 || account.Unit != "lines" || account.Clock == "" {
		t.Errorf("account %+v", account)
	}
}

// The names may come again, in another order, where several files were put together. Packets' own addresses count.
func TestAWSNames(t *testing.T) {
	content := "version srcaddr dstaddr srcport dstport pkt-srcaddr pkt-dstaddr protocol bytes packets start end action tcp-flags log-status\n" +
		"3 10.0.0.9 198.51.100.7 40000 443 10.0.0.4 198.51.100.7 6 600 5 1700000000 1700000030 ACCEPT 3 OK\n" +
		"dstaddr srcaddr srcport dstport protocol bytes start end tcp-flags action traffic-path\n" +
		"10.0.0.4 198.51.100.7 443 40000 6 700 1700000000 1700000031 19 ACCEPT 1\n" +
		"10.0.0.4 198.51.100.7 443 - 6 700 1700000000 1700000031 19 ACCEPT 1\n"
	got := inputtest.Read(cloud.AWS, []byte(content), input.Settings{}, 10)
	want := flow.Flow{Start: 1700000000e6, Duration: 31e6, SrcIP: client, SrcPort: 40000, DstIP: server, DstPort: 443, Proto: flow.TCP,
		UpBytes: 600, DownBytes: 700, UpPackets: 5, State: flow.Established, Opener: flow.BySYN}
	if len(got.Flows) != 2 || got.Flows[0] != want {
		t.Errorf("flows %+v, want %+v first", got.Flows, want)
	}
}

// A log may come with the times that CloudWatch adds, and with a mark in front.
func TestAWSExported(t *testing.T) {
	line := strings.SplitAfter(awsSample, "\n")[0]
	for _, content := range []string{"2023-11-14T22:13:20.000Z " + line, strings.TrimSuffix(line, "\n"), strings.ReplaceAll(line, "\n", "\r\n")} {
		if reason := cloud.AWS.Recognise([]byte(content)); reason != "" {
			t.Errorf("%q: %s", content, reason)
		}
		if got := inputtest.Read(cloud.AWS, []byte(content), input.Settings{}, 10); len(got.Flows) != 1 || got.Flows[0].UpBytes != 840 {
			t.Errorf("%q: %+v", content, got)
		}
	}
}

func TestAWSSkipped(t *testing.T) {
	good := "2 1 eni-0a 10.0.0.4 198.51.100.7 40000 443 6 10 840 1700000000 1700000030 ACCEPT OK\n"
	for line, want := range map[string]string{
		"2 1 eni-0a 10.0.0.4 198.51.100.7 40000 443 6 10 840\n":                                          "fewer fields than names",
		"2 1 eni-0a 10.0.0 198.51.100.7 40000 443 6 10 840 1700000000 1700000030 ACCEPT OK\n":            "address that is not one of IP",
		"2 1 eni-0a 10.0.0.4 198.51.100.7 40000 70000 6 10 840 1700000000 1700000030 ACCEPT OK\n":        "port that is no number",
		"2 1 eni-0a 10.0.0.4 198.51.100.7 40000 443 tcp 10 840 1700000000 1700000030 ACCEPT OK\n":        "protocol that is no number",
		"2 1 eni-0a 10.0.0.4 198.51.100.7 40000 443 6 10 -1 1700000000 1700000030 ACCEPT OK\n":           "count that is no number",
		"2 1 eni-0a 10.0.0.4 198.51.100.7 40000 443 6 10 840 9999999999999 1700000030 ACCEPT OK\n":       "time that is no number",
		"2 1 eni-0a 10.0.0.4 198.51.100.7 40000 443 6 10 840 1700000000 1700000030 ACCEPT PERHAPS\n":     "log-status that is not known",
		"2 1 eni-0a 10.0.0.4 198.51.100.7 40000 443 6 1e400 840 1700000000 1700000030 ACCEPT OK extra\n": "count that is no number",
	} {
		got := inputtest.Read(cloud.AWS, []byte(line+good), input.Settings{}, 10)
		if len(got.Flows) != 1 || len(got.Account.Skipped) != 1 || got.Account.Skipped[0] != (input.Skip{Reason: want, Rows: 1, Example: "line 1"}) {
			t.Errorf("%q: %d flows, skipped %+v, want %s", line, len(got.Flows), got.Account.Skipped, want)
		}
	}
}

func TestAWSDamage(t *testing.T) {
	for content, want := range map[string]string{
		awsSample[:len(awsSample)-20]:                "cut short in line 10",
		awsSample + strings.Repeat("x", 70<<10):      "reading line 11: the line is longer than 64 KiB",
		strings.Replace(awsSample, "OK", "O", 1):     "<nil>",
		awsSample[:strings.Index(awsSample, "OK")+1]: "cut short in line 1",
	} {
		if got := inputtest.Read(cloud.AWS, []byte(content), input.Settings{}, 10); fmt.Sprint(got.Account.Damage) != want {
			t.Errorf("damage %v, want %s", got.Account.Damage, want)
		}
	}
}

// entry is one of Google Cloud.
func entry(reporter, src, dst string, srcPort, dstPort, bytes int) string {
	return fmt.Sprintf(`{"insertId":"x","jsonPayload":{"bytes_sent":"%d","connection":{"dest_ip":"%s","dest_port":%d,"protocol":6,"src_ip":"%s","src_port":%d},`+
		`"end_time":"2023-11-14T22:13:30.000000000Z","packets_sent":"%d","reporter":"%s","start_time":"2023-11-14T22:13:20.500000000Z"},`+
		`"logName":"projects/p/logs/compute.googleapis.com%%2Fvpc_flows"}`+"\n", bytes, dst, dstPort, src, srcPort, bytes/100, reporter)
}

var gcpSample = entry("SRC", "10.0.0.4", "198.51.100.7", 40000, 443, 800) +
	entry("DEST", "198.51.100.7", "10.0.0.4", 443, 40000, 9000) +
	`{"jsonPayload":{"message":"of another log"}}` + "\n" +
	entry("DEST", "10.0.0.4", "10.0.0.5", 40001, 443, 300) + entry("SRC", "10.0.0.4", "10.0.0.5", 40001, 443, 400) +
	entry("SRC_GATEWAY", "10.0.0.4", "10.0.0.5", 40001, 443, 400)

func TestGCP(t *testing.T) {
	account := check(t, cloud.GCP, gcpSample, []flow.Flow{
		{Start: 1700000000_500000, Duration: 9_500_000, SrcIP: client, SrcPort: 40000, DstIP: server, DstPort: 443, Proto: flow.TCP,
			UpBytes: 800, DownBytes: 9000, UpPackets: 8, DownPackets: 90, State: flow.Established},
		{Start: 1700000000_500000, Duration: 9_500_000, SrcIP: client, SrcPort: 40001, DstIP: netip.MustParseAddr("10.0.0.5"), DstPort: 443,
			Proto: flow.TCP, UpBytes: 300, UpPackets: 3, State: flow.Other},
	}, []input.Skip{
		{Reason: "record of what another interface has reported, counted once", Rows: 2, Example: "line 5"},
		{Reason: "entry of another log", Rows: 1, Example: "line 3"},
	}, anyOpener)
	if account.Records != 6 || account.Unit != "entries" {
		t.Errorf("account %+v", account)
	}
}

// gcloud writes an array, over many lines.
func TestGCPArray(t *testing.T) {
	content := "[\n  " + strings.ReplaceAll(strings.TrimSuffix(entry("SRC", "10.0.0.4", "198.51.100.7", 40000, 443, 800), "\n"), ",", ",\n    ") + "\n]\n"
	if reason := cloud.GCP.Recognise([]byte(content)); reason != "" {
		t.Error(reason)
	}
	if got := inputtest.Read(cloud.GCP, []byte(content), input.Settings{}, 10); len(got.Flows) != 1 || got.Flows[0].UpBytes != 800 {
		t.Errorf("%+v", got)
	}
}

// groupRecord is one of a network security group.
func groupRecord(version int, tuples ...string) string {
	return fmt.Sprintf(`{"time":"2023-11-14T22:14:00.0000000Z","category":"NetworkSecurityGroupFlowEvent","properties":{"Version":%d,"flows":[`+
		`{"rule":"DefaultRule_AllowInternetOutBound","flows":[{"mac":"000D3A170C69","flowTuples":["%s"]}]}]}}`, version, strings.Join(tuples, `","`))
}

var groupSample = `{"records":[` + groupRecord(2,
	"1700000000,10.0.0.4,198.51.100.7,40000,443,T,O,A,B,,,,",
	"1700000001,203.0.113.9,10.0.0.4,50000,22,T,I,D,B,,,,",
	"1700000002,10.0.0.4,198.51.100.53,40001,53,U,O,A,B,,,,") + ",\n" + groupRecord(2,
	"1700000300,10.0.0.4,198.51.100.7,40000,443,T,O,A,C,25,5555,19,21222",
	"1700000310,10.0.0.4,198.51.100.53,40001,53,U,O,A,E,1,70,0,0",
	"1700000320,10.0.0.4,198.51.100.7,40000,443,T,O,A,E,5,500,4,400",
	"1700000330,10.0.0.4,198.51.100.7,40002,443,T,O,A,B,,,,") + `]}`

func TestAzureGroups(t *testing.T) {
	account := check(t, cloud.Azure, groupSample, []flow.Flow{
		{Start: 1700000001e6, SrcIP: netip.MustParseAddr("203.0.113.9"), SrcPort: 50000, DstIP: client, DstPort: 22, Proto: flow.TCP,
			State: flow.Refused, Opener: flow.ByFirst},
		{Start: 1700000002e6, Duration: 308e6, SrcIP: client, SrcPort: 40001, DstIP: netip.MustParseAddr("198.51.100.53"), DstPort: 53,
			Proto: flow.UDP, UpBytes: 70, UpPackets: 1, State: flow.Unanswered, Opener: flow.ByFirst},
		{Start: 1700000000e6, Duration: 320e6, SrcIP: client, SrcPort: 40000, DstIP: server, DstPort: 443, Proto: flow.TCP,
			UpBytes: 6055, DownBytes: 21622, UpPackets: 30, DownPackets: 23, State: flow.Established, Opener: flow.ByFirst},
		{Start: 1700000330e6, SrcIP: client, SrcPort: 40002, DstIP: server, DstPort: 443, Proto: flow.TCP,
			State: flow.Other, Opener: flow.ByFirst},
	}, nil)
	if account.Records != 7 || account.Unit != "flow tuples" || len(account.Notes) != 0 {
		t.Errorf("account %+v", account)
	}
}

func TestAzureVersion1(t *testing.T) {
	content := `{"records":[` + groupRecord(1, "1700000000,10.0.0.4,198.51.100.7,40000,443,T,O,A", "1700000000,10.0.0.4,198.51.100.7,40000,444,T,O,D") + `]}`
	account := check(t, cloud.Azure, content, []flow.Flow{
		{Start: 1700000000e6, SrcIP: client, SrcPort: 40000, DstIP: server, DstPort: 444, Proto: flow.TCP, State: flow.Refused, Opener: flow.ByFirst},
		{Start: 1700000000e6, SrcIP: client, SrcPort: 40000, DstIP: server, DstPort: 443, Proto: flow.TCP, State: flow.Other, Opener: flow.ByFirst},
	}, nil)
	if len(account.Notes) != 1 {
		t.Errorf("notes %+v", account.Notes)
	}
}

// networkRecord is one of a virtual network.
func networkRecord(mac string, tuples ...string) string {
	return fmt.Sprintf(`{"time":"2023-11-14T22:14:00.0000000Z","flowLogVersion":4,"macAddress":"%s","category":"FlowLogFlowEvent","flowRecords":{"flows":[`+
		`{"aclID":"a","flowGroups":[{"rule":"DefaultRule_AllowInternetOutBound","flowTuples":["%s"]}]}]}}`, mac, strings.Join(tuples, `","`))
}

func TestAzureNetworks(t *testing.T) {
	content := `{"records":[` + networkRecord("a", "1700000000599,10.0.0.4,198.51.100.7,23956,443,6,O,B,NX,0,0,0,0",
		"1700000000606,10.0.0.4,198.51.100.7,23956,443,6,O,E,NX,3,767,2,1580") + "," +
		networkRecord("b", "1700000000599,10.0.0.4,198.51.100.7,23956,443,6,I,B,NX,0,0,0,0",
			"1700000000700,203.0.113.9,10.0.0.4,0,0,1,I,D,X,0,0,0,0") + `]}`
	check(t, cloud.Azure, content, []flow.Flow{
		{Start: 1700000000_599000, Duration: 7000, SrcIP: client, SrcPort: 23956, DstIP: server, DstPort: 443, Proto: flow.TCP,
			UpBytes: 767, DownBytes: 1580, UpPackets: 3, DownPackets: 2, State: flow.Established, Opener: flow.ByFirst},
		{Start: 1700000000_700000, SrcIP: netip.MustParseAddr("203.0.113.9"), DstIP: client, Proto: flow.ICMP, State: flow.Refused, Opener: flow.ByFirst},
	}, []input.Skip{{Reason: "record of what another interface has reported, counted once", Rows: 1, Example: "line 1"}})
}

// Records may come one by one, in an array, or in many envelopes.
func TestAzureEnvelopes(t *testing.T) {
	one := groupRecord(2, "1700000000,10.0.0.4,198.51.100.7,40000,443,T,O,A,E,5,500,4,400")
	other := networkRecord("a", "1700000001000,10.0.0.4,198.51.100.7,40001,443,6,O,E,NX,5,500,4,400")
	for _, content := range []string{
		one + "\n" + other + "\n", "[" + one + "," + other + "]", `{"records":[` + one + `]}` + "\n" + `{"records":[` + other + `]}`,
		"\ufeff" + `{ "records" : [` + strings.ReplaceAll(one, ":[", " : [\r\n") + ",\r\n" + other + "]}",
	} {
		got := inputtest.Read(cloud.Azure, []byte(content), input.Settings{}, 10)
		if cloud.Azure.Recognise([]byte(content)) != "" || len(got.Flows) != 2 || len(got.Account.Skipped) != 0 || got.Account.Damage != nil {
			t.Errorf("%s: %d flows, %+v", content, len(got.Flows), got.Account)
		}
	}
}

func TestAzureSkipped(t *testing.T) {
	for tuple, want := range map[string]string{
		"1700000000,10.0.0.4,198.51.100.7,40000,443,T,O":             "flow tuple of too few fields",
		"soon,10.0.0.4,198.51.100.7,40000,443,T,O,A":                 "time that is no number",
		"1700000000,10.0.0.4,example.com,40000,443,T,O,A":            "address that is not one of IP",
		"1700000000,10.0.0.4,198.51.100.7,40000,-1,T,O,A":            "port that is no number",
		"1700000000,10.0.0.4,198.51.100.7,40000,443,X,O,A":           "protocol that is no number",
		"1700000000,10.0.0.4,198.51.100.7,40000,443,T,O,Q":           "flow state or decision that is not known",
		"1700000000,10.0.0.4,198.51.100.7,40000,443,T,O,A,C,x,,":     "",
		"1700000000,10.0.0.4,198.51.100.7,40000,443,T,O,A,C,x,1,1,1": "count that is no number",
	} {
		got := inputtest.Read(cloud.Azure, []byte(groupRecord(2, tuple)), input.Settings{}, 10)
		if want == "" {
			if len(got.Flows) != 1 || len(got.Account.Skipped) != 0 {
				t.Errorf("%q: %+v", tuple, got)
			}
		} else if len(got.Flows) != 0 || len(got.Account.Skipped) != 1 || got.Account.Skipped[0].Reason != want {
			t.Errorf("%q: %d flows, skipped %+v, want %s", tuple, len(got.Flows), got.Account.Skipped, want)
		}
	}
	got := inputtest.Read(cloud.Azure, []byte(`{"records":[{"time":"x"},`+groupRecord(2, "1700000000,10.0.0.4,198.51.100.7,40000,443,T,O,A")+`]}`), input.Settings{}, 10)
	if len(got.Flows) != 1 || len(got.Account.Skipped) != 1 || got.Account.Skipped[0].Reason != "record without flows" {
		t.Errorf("%+v", got)
	}
}

// More flows than may be open: the oldest end early, and none is lost.
func TestAzureMostOpen(t *testing.T) {
	var tuples []string
	for port := range 5000 {
		tuples = append(tuples, fmt.Sprintf("%d,10.0.0.4,198.51.100.7,%d,443,T,O,A,B,,,,", 1700000000+port, port))
	}
	got := inputtest.Read(cloud.Azure, []byte(groupRecord(2, tuples...)), input.Settings{MaxFlows: 10}, 7)
	if len(got.Flows) != len(tuples) {
		t.Fatalf("%d flows, want %d", len(got.Flows), len(tuples))
	}
	for port, f := range got.Flows {
		if int(f.SrcPort) != port {
			t.Fatalf("flow %d has port %d", port, f.SrcPort)
		}
	}
}

func TestContract(t *testing.T) {
	for name, c := range map[string]struct {
		input.Format
		sample string
	}{
		"aws": {cloud.AWS, awsSample}, "gcp": {cloud.GCP, gcpSample}, "azure": {cloud.Azure, groupSample},
	} {
		t.Run(name, func(t *testing.T) { inputtest.Run(t, c.Format, []byte(c.sample)) })
	}
}

func TestNotRecognised(t *testing.T) {
	for _, head := range []string{"", "[]", `{"a":1}`, "timestamp,src_ip,dst_ip\n", "2 1 eni-0a 10.0.0.4 198.51.100.7 1 2 6 1 1 1 1 PERMIT OK\n", gcpSample[:200]} {
		for _, format := range []input.Format{cloud.AWS, cloud.GCP, cloud.Azure} {
			if format.Recognise([]byte(head)) == "" {
				t.Errorf("%q is %s", head, format.Name)
			}
		}
	}
	for _, head := range []string{gcpSample, groupSample, awsSample} {
		as := 0
		for _, format := range []input.Format{cloud.AWS, cloud.GCP, cloud.Azure} {
			if format.Recognise([]byte(head)) == "" {
				as++
			}
		}
		if as != 1 {
			t.Errorf("%.40q is of %d formats", head, as)
		}
	}
}

// Samples of the integrations of Elastic.
func TestAWSShared(t *testing.T) {
	dir := inputtest.Shared(t, "aws-vpc-flow-logs")
	for file, want := range map[string]struct{ flows, skipped int }{
		"test-extra-samples.log": {4, 2}, "test-tcp-flag-sequence.log": {1, 2}, "test-v5-all-fields.log": {1, 0},
	} {
		got := inputtest.ReadFile(t, cloud.AWS, dir+"/"+file, input.Settings{})
		skipped := 0
		for _, skip := range got.Account.Skipped {
			skipped += int(skip.Rows)
		}
		if got.Err != nil || len(got.Flows) != want.flows || skipped != want.skipped {
			t.Errorf("%s: %d flows, skipped %+v, %v", file, len(got.Flows), got.Account.Skipped, got.Err)
		}
	}
}

func BenchmarkAWS(b *testing.B) {
	var content strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&content, "2 123456789012 eni-0a 10.0.%d.%d 198.51.100.7 %d 443 6 10 840 %d 1700009999 ACCEPT OK\n", i>>8&255, i&255, i&0xffff, 1700000000+i/100)
	}
	benchmark(b, cloud.AWS, content.String())
}

func BenchmarkAzure(b *testing.B) {
	var content strings.Builder
	for i := range 1000 {
		var tuples []string
		for j := range 100 {
			tuples = append(tuples, fmt.Sprintf("%d,10.0.%d.%d,198.51.100.7,40000,443,T,O,A,E,25,5555,19,21222", 1700000000+i, i&255, j))
		}
		content.WriteString(groupRecord(2, tuples...) + "\n")
	}
	benchmark(b, cloud.Azure, content.String())
}

func benchmark(b *testing.B, format input.Format, content string) {
	b.SetBytes(int64(len(content)))
	b.ReportAllocs()
	for b.Loop() {
		if got := inputtest.Read(format, []byte(content), input.Settings{}, 1024); got.Err != nil || got.Account.Records != 100_000 {
			b.Fatal(got.Err, got.Account.Records)
		}
	}
	b.ReportMetric(float64(b.N)*100_000/b.Elapsed().Seconds(), "records/s")
}

func FuzzAWS(f *testing.F)   { inputtest.Fuzz(f, cloud.AWS, []byte(awsSample)) }
func FuzzGCP(f *testing.F)   { inputtest.Fuzz(f, cloud.GCP, []byte(gcpSample)) }
func FuzzAzure(f *testing.F) { inputtest.Fuzz(f, cloud.Azure, []byte(groupSample)) }
