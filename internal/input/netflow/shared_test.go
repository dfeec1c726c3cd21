package netflow_test

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/input/inputtest"
	"sentinel/internal/input/netflow"
)

// halves writes both directions of a flow as records told them, those that have counts.
func halves(f *flow.Flow) (both []string) {
	write := func(src, dst netip.Addr, srcPort, dstPort uint16, bytes, packets int64) {
		if f.Proto == flow.ICMP || f.Proto == flow.ICMPv6 {
			srcPort, dstPort = 0, 0 // the answer has other numbers
		}
		both = append(both, fmt.Sprintf("%v > %v %v %d/%d",
			netip.AddrPortFrom(src, srcPort), netip.AddrPortFrom(dst, dstPort), f.Proto, bytes, packets))
	}
	if f.UpPackets > 0 || f.UpBytes > 0 {
		write(f.SrcIP, f.DstIP, f.SrcPort, f.DstPort, f.UpBytes, f.UpPackets)
	}
	if f.DownPackets > 0 || f.DownBytes > 0 {
		write(f.DstIP, f.SrcIP, f.DstPort, f.SrcPort, f.DownBytes, f.DownPackets)
	}
	return both
}

// expect checks that the flows are joined of so many records, among them some whose content is known.
func expect(t *testing.T, name string, got inputtest.Result, records int64, known []string) {
	t.Helper()
	if got.Err != nil || got.Account.Records != records {
		t.Errorf("%s: %d records, error %v, want %d", name, got.Account.Records, got.Err, records)
	}
	all := map[string]bool{}
	for i := range got.Flows {
		for _, half := range halves(&got.Flows[i]) {
			all[half] = true
		}
	}
	for _, half := range known {
		if !all[half] {
			t.Errorf("%s: no flow has %s", name, half)
		}
	}
}

// joined is a file made of several, the headers of all captures but the first left out.
func joined(t *testing.T, dir string, names ...string) (content []byte) {
	t.Helper()
	for i, name := range names {
		part, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 && strings.HasSuffix(name, ".pcap") {
			part = part[24:]
		}
		content = append(content, part...)
	}
	return content
}

// TestAkvorado reads the captures of Akvorado, whose tests tell what is in them. Counts there are not scaled.
func TestAkvorado(t *testing.T) {
	dir := inputtest.Shared(t, "akvorado", "outlet", "flow", "decoder")
	for _, test := range []struct {
		names   string // of captures, one after another
		records int64
		known   []string
	}{
		{"netflow/testdata/ options-template options-data template data", 4, []string{
			"198.38.121.178:443 > 91.170.143.87:19624 tcp 45000000/30000", "198.38.121.219:443 > 88.122.57.97:2444 tcp 45000000/30000",
			"173.194.190.106:443 > 37.165.129.20:53697 tcp 42000000/30000", "74.125.100.234:443 > 88.120.219.117:52300 tcp 43440000/30000"}},
		{"netflow/testdata/ template data options-template options-data", 4, []string{"198.38.121.178:443 > 91.170.143.87:19624 tcp 1500/1"}},
		{"netflow/testdata/ data template", 4, []string{"198.38.121.178:443 > 91.170.143.87:19624 tcp 1500/1"}},
		{"netflow/testdata/ data+templates", 21, nil},
		{"netflow/testdata/ samplingrate-template samplingrate-data", 6, []string{"232.131.215.65:13245 > 142.183.180.65:10907 tcp 327680/2048"}},
		{"netflow/testdata/ multiplesamplingrates-options-template multiplesamplingrates-options-data multiplesamplingrates-template multiplesamplingrates-data", 12,
			[]string{"[ffff::68]:443 > [ffff::1a]:52616 tcp 5392000/72000", "[ffff::5a]:2121 > [ffff::f]:2121 udp 1158000/8000"}},
		{"netflow/testdata/ icmp-template icmp-data", 4, []string{
			"[2001:db8::]:0 > [2001:db8::1]:0 ipv6-icmp 104/1", "[2001:db8::1]:0 > [2001:db8::]:0 ipv6-icmp 104/1",
			"203.0.113.4:0 > 203.0.113.5:0 icmp 84/1", "203.0.113.5:0 > 203.0.113.4:0 icmp 84/1"}},
		{"netflow/testdata/ datalink-template datalink-data", 1, []string{"51.51.51.51:55501 > 52.52.52.52:11777 udp 96/1"}},
		{"netflow/testdata/ mpls", 2, []string{
			"[fd00::1:0:1:7:1]:49153 > [fd00::1:0:1:5:1]:862 udp 890/10", "[fd00::1:0:1:7:1]:49153 > [fd00::1:0:1:6:1]:862 udp 8900/100"}},
		{"netflow/testdata/ nfv5", 29, []string{"161.202.212.212:30104 > 202.152.70.24:11963 tcp 133/1"}},
		{"netflow/testdata/ nat", 9, nil},
		{"netflow/testdata/ physicalinterfaces", 8, []string{"147.53.240.75:55629 > 212.82.101.24:993 tcp 4506000/3000"}},
		{"netflow/testdata/ ipfixprobe-templates ipfixprobe-data", 4, []string{
			"10.10.1.4:56166 > 10.10.1.1:53 udp 62/1", "10.10.1.1:53 > 10.10.1.4:56166 udp 128/1", "10.10.1.20:138 > 10.10.1.255:138 udp 229/1",
			"10.10.1.4:1470 > 74.53.140.153:25 tcp 21673/28", "74.53.140.153:25 > 10.10.1.4:1470 tcp 1546/25", "192.168.1.1:0 > 10.10.1.4:0 icmp 2304/4"}},
		{"netflow/testdata/ ipfix-srv6-template ipfix-srv6-data", 1, []string{"8.8.8.8:0 > 213.36.140.100:0 icmp 64/1"}},
		{"sflow/testdata/ data-1140", 5, []string{
			"[2a0c:8880:2:0:185:21:130:38]:46026 > [2a0c:8880:2:0:185:21:130:39]:22 tcp 4608000/3072",
			"104.26.8.24:443 > 45.90.161.46:56876 tcp 431104/1024", "45.90.161.148:55658 > 191.87.91.27:5555 tcp 40960/1024"}},
		{"sflow/testdata/ data-local-interface", 1, []string{"[2a0c:8880:2:0:185:21:130:38]:46026 > [2a0c:8880:2:0:185:21:130:39]:22 tcp 1536000/1024"}},
		{"sflow/testdata/ data-sflow-expanded-sample", 1, []string{"52.52.52.52:22 > 53.53.53.53:52237 tcp 104000/1000"}},
		{"sflow/testdata/ data-sflow-ipv4-data", 1, []string{"50.50.50.50:46622 > 51.51.51.51:58631 udp 344064/256"}},
		{"sflow/testdata/ data-sflow-raw-ipv4", 2, []string{"69.58.92.107:0 > 92.222.186.1:0 icmp 32/1", "69.58.92.107:0 > 92.222.184.1:0 icmp 32/1"}},
		{"sflow/testdata/ data-icmpv4", 1, []string{"203.0.113.4:0 > 203.0.113.5:0 icmp 84/1"}},
		{"sflow/testdata/ data-icmpv6", 1, []string{"[fe80::d05b:45ff:feee:5ecf]:0 > [2001:db8::]:0 ipv6-icmp 72/1"}},
		{"sflow/testdata/ data-qinq", 1, []string{"49.49.49.2:32017 > 49.49.49.109:443 tcp 327680/4096"}},
		{"sflow/testdata/ data-encap-vxlan", 1, []string{"[2001:db8:4::1]:0 > [2001:db8:4::3]:0 ipv6-icmp 104/1"}},
	} {
		names := strings.Fields(test.names)
		for i := range names[1:] {
			names[i+1] += ".pcap"
		}
		content := joined(t, filepath.Join(dir, names[0]), names[1:]...)
		if reason := netflow.Captured.Recognise(content); reason != "" {
			t.Errorf("%s: not recognised: %s", test.names, reason)
		}
		expect(t, test.names, inputtest.Read(netflow.Captured, content, input.Settings{}, 100), test.records, test.known)
	}
}

// TestLogstash reads the datagrams of the codec of Logstash, whose specification tells what is in them.
func TestLogstash(t *testing.T) {
	dir := inputtest.Shared(t, "logstash-codec-netflow", "spec", "codecs")
	for _, test := range []struct {
		names   string
		records int64
		known   []string
	}{
		{"netflow5", 30, nil},
		{"netflow5_test_microtik", 30, nil},
		{"netflow5_test_juniper_mx80", 29, []string{"66.249.92.75:37387 > 192.168.0.1:80 tcp 104000/2000"}}, // 1 in 1000
		{"netflow9_test_valid01", 7, []string{"172.16.32.100:123 > 172.16.32.248:123 udp 76/1"}},
		{"netflow9_test_macaddr_tpl netflow9_test_macaddr_data", 29, nil},
		{"netflow9_test_cisco_asa_1_tpl netflow9_test_cisco_asa_1_data", 14, nil},
		{"netflow9_test_cisco_asa_2_tpl_26x netflow9_test_cisco_asa_2_tpl_27x netflow9_test_cisco_asa_2_data", 19,
			[]string{"192.168.0.1:56651 > 192.168.0.18:80 tcp 69/0", "192.168.0.18:80 > 192.168.0.1:56651 tcp 14178/0"}},
		{"netflow9_test_nprobe_tpl netflow9_test_softflowd_tpl_data netflow9_test_nprobe_data", 8, []string{"172.16.32.201:22 > 172.16.32.1:65058 tcp 200/2"}},
		{"netflow9_test_ubnt_edgerouter_tpl netflow9_test_ubnt_edgerouter_data1024 netflow9_test_ubnt_edgerouter_data1025", 16,
			[]string{"192.168.1.102:47690 > 10.2.0.95:443 tcp 3668/21"}},
		{"netflow9_test_streamcore_tpl_data256", 2, []string{"100.78.40.201:8080 > 10.231.128.150:50073 tcp 128/3", "10.231.128.150:50073 > 100.78.40.201:8080 tcp 172/4"}},
		{"netflow9_test_streamcore_tpl_data260", 2, []string{"100.78.40.201:8080 > 10.27.8.20:53483 tcp 3943/10", "10.27.8.20:53483 > 100.78.40.201:8080 tcp 3052/11"}},
		{"ipfix", 12, []string{
			"192.168.253.132:35262 > 192.168.253.2:53 udp 148/2", "192.168.253.2:53 > 192.168.253.132:35262 udp 601/2",
			"192.168.253.132:49935 > 54.214.9.161:443 tcp 2608/13", "54.214.9.161:443 > 192.168.253.132:49935 tcp 5946/14"}},
		{"ipfix_test_openbsd_pflow_tpl ipfix_test_openbsd_pflow_data", 26, []string{"192.168.0.1:80 > 192.168.0.17:64026 tcp 12850/16"}}, // told of both interfaces
		{"ipfix_test_netscaler_tpl ipfix_test_netscaler_data", 3, []string{"192.168.0.1:51053 > 10.0.0.1:443 tcp 1581/3"}},
		{"ipfix_test_vmware_vds_tpl ipfix_test_vmware_vds_data264 ipfix_test_vmware_vds_data266 ipfix_test_vmware_vds_data266_267", 5,
			[]string{"172.18.65.21:61209 > 172.18.65.211:5985 tcp 100/2", "172.18.65.91:138 > 172.18.65.255:138 udp 458/2"}},
		{"netflow9_test_0length_fields_tpl_data", 10, []string{"192.168.1.80:0 > 239.255.255.250:0 igmp 32/1"}},
		{"netflow9_test_cisco_aci_tpl256-258 netflow9_test_cisco_aci_data256", 3, nil},
		{"netflow9_test_h3c_netstream_varstring_tpl3281 netflow9_test_h3c_netstream_varstring_data3281", 1, []string{"20.20.20.20:137 > 20.20.255.255:137 udp 702/9"}},
		{"netflow9_test_paloalto_81_tpl256-263 netflow9_test_paloalto_81_data257_1flowset_in_large_zerofilled_packet", 1, nil},
	} {
		names := strings.Fields(test.names)
		for i := range names {
			names[i] += ".dat"
		}
		content := joined(t, dir, names...)
		if reason := netflow.Datagrams.Recognise(content); reason != "" {
			t.Errorf("%s: not recognised: %s", test.names, reason)
		}
		expect(t, test.names, inputtest.Read(netflow.Datagrams, content, input.Settings{}, 100), test.records, test.known)
	}
	for _, name := range []string{"netflow5_test_invalid01.dat", "netflow5_test_invalid02.dat"} {
		if reason := netflow.Datagrams.Recognise(joined(t, dir, name)); reason == "" {
			t.Errorf("%s is recognised", name)
		}
	}
}

// TestNames checks a name that the specification of Logstash's codec tells.
func TestNames(t *testing.T) {
	dir := inputtest.Shared(t, "logstash-codec-netflow", "spec", "codecs")
	got := inputtest.Read(netflow.Datagrams, joined(t, dir, "ipfix_test_netscaler_tpl.dat", "ipfix_test_netscaler_data.dat"), input.Settings{}, 100)
	if len(got.Flows) == 0 || got.Flows[0].Name != "www.kobo.com" {
		t.Errorf("flows are %+v, want the first to be with www.kobo.com", got.Flows)
	}
}

// TestTimes checks times that the specification of Logstash's codec tells.
func TestTimes(t *testing.T) {
	dir := inputtest.Shared(t, "logstash-codec-netflow", "spec", "codecs")
	for _, test := range []struct{ names, start, end string }{
		{"netflow9_test_valid01.dat", "2015-10-08T19:03:46.14Z", "2015-10-08T19:03:46.141Z"},
		{"ipfix.dat", "2015-05-13T11:20:13.506Z", "2015-05-13T11:20:28.117Z"},
		{"netflow9_test_cisco_asa_2_tpl_26x.dat netflow9_test_cisco_asa_2_tpl_27x.dat netflow9_test_cisco_asa_2_data.dat", "2016-07-21T13:50:32.955Z", "2016-07-21T13:50:33.015Z"},
	} {
		got := inputtest.Read(netflow.Datagrams, joined(t, dir, strings.Fields(test.names)...), input.Settings{}, 100)
		if len(got.Flows) == 0 {
			t.Fatalf("%s: no flows", test.names)
		}
		first := got.Flows[0]
		start := time.UnixMicro(first.Start).UTC().Format(time.RFC3339Nano)
		end := time.UnixMicro(first.Start + first.Duration).UTC().Format(time.RFC3339Nano)
		if start != test.start || end != test.end {
			t.Errorf("%s: first flow is from %s to %s, want %s to %s", test.names, start, end, test.start, test.end)
		}
	}
}
