package words_test

import (
	"net/netip"
	"strings"
	"testing"

	"sentinel/internal/detect/words"
)

func TestHosts(t *testing.T) {
	var hosts []netip.Addr
	for i := range 15 {
		hosts = append(hosts, netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}))
	}
	if got := words.Hosts(hosts[:2]); got != "192.0.2.0, 192.0.2.1" {
		t.Error(got)
	}
	if got := words.Hosts(hosts); !strings.HasSuffix(got, "192.0.2.11 and 3 more") {
		t.Error(got)
	}
}
