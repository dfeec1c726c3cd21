package report_test

import (
	"net/netip"
	"testing"

	"sentinel/internal/report"
)

func TestExternal(t *testing.T) {
	known, unknown := &report.Report{}, &report.Report{}
	known.Summary.Internal.Networks = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("2001:db8:1::/48")}
	for address, want := range map[string]bool{
		"203.0.113.9": true, "2001:db8:2::1": true, "::ffff:203.0.113.9": true,
		"192.0.2.7": false, "::ffff:192.0.2.7": false, "2001:db8:1::7": false, "10.0.0.1": false, "100.64.0.1": false, "127.0.0.1": false, "224.0.0.1": false,
		"255.255.255.255": false, "fe80::1%eth0": false, "fd00::1": false, "ff02::1": false, "::": false,
	} {
		if got := known.External(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: external is %v", address, got)
		}
		if unknown.External(netip.MustParseAddr(address)) {
			t.Errorf("%s is external to networks that nobody named", address)
		}
	}
	if known.External(netip.Addr{}) {
		t.Error("no address is external")
	}
}
