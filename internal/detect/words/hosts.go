package words

import (
	"fmt"
	"net/netip"
	"strings"
)

// mostHosts is how many addresses a sentence bears.
const mostHosts = 12

// Hosts lists addresses, the first dozen by name: "192.0.2.1, 192.0.2.2 and 3 more".
func Hosts(hosts []netip.Addr) string {
	var names []string
	for _, host := range hosts[:min(len(hosts), mostHosts)] {
		names = append(names, host.String())
	}
	text := strings.Join(names, ", ")
	if len(hosts) > mostHosts {
		text += fmt.Sprintf(" and %d more", len(hosts)-mostHosts)
	}
	return text
}
