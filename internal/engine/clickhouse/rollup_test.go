package clickhouse

import (
	"net/netip"
	"testing"
)

func prefixes(texts ...string) (list []netip.Prefix) {
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

func TestLastOf(t *testing.T) {
	for network, want := range map[string]string{
		"192.0.2.0/24": "192.0.2.255", "192.0.2.7/32": "192.0.2.7", "198.51.100.0/23": "198.51.101.255", "0.0.0.0/0": "255.255.255.255",
		"2001:db8::/32": "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db8::1/128": "2001:db8::1",
	} {
		if got := lastOf(netip.MustParsePrefix(network)); got.String() != want {
			t.Errorf("%s ends at %s, want %s", network, got, want)
		}
	}
}
