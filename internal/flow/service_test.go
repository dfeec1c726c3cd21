package flow_test

import (
	"net/netip"
	"testing"

	"sentinel/internal/flow"
)

func TestServiceNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"198.51.100.77": "198.51.100.0/24", "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
	} {
		if got := flow.ServiceNetwork(netip.MustParseAddr(address)); got.String() != want {
			t.Errorf("%s counts with %s, want %s", address, got, want)
		}
	}
}

func TestPortRank(t *testing.T) {
	for _, c := range []struct {
		port uint16
		want int
	}{{0, 0}, {1023, 0}, {1024, 1}, {32767, 1}, {32768, flow.ClientPort}, {65535, flow.ClientPort}} {
		if got := flow.PortRank(c.port); got != c.want {
			t.Errorf("port %d has rank %d, want %d", c.port, got, c.want)
		}
	}
}
