package netflow

import "net/netip"

// firewall is what a firewall reports (IANA, firewallEvent).
type firewall uint64

const (
	deleted firewall = 2
	denied  firewall = 3
	updated firewall = 5
)

// eventReasons are the events that make no flow, unless their records count something.
var eventReasons = map[firewall]string{
	1: "firewall event: a connection opened, whose end tells its counts",
	4: "firewall event: an alert, without counts",
}

// event names what happened where a record tells of an event instead of traffic.
func (r *record) event() string {
	if reason := eventReasons[firewall(r.of(firewallEvent))]; reason != "" {
		return reason
	}
	if r.of(natEvent) != 0 {
		return "event of address translation, without counts"
	}
	return ""
}

// report is what a firewall reports of a connection.
type report struct {
	src, dst netip.Addr
	ports    uint64
	observed uint64
	counts
}

// repeats tells whether the record is the end of a connection that counts again what the update before it did: a Cisco
// ASA sends both at the same millisecond.
func (d *domain) repeats(r *record, c counts) bool {
	event := firewall(r.of(firewallEvent))
	if event != updated && event != deleted {
		return false
	}
	now := report{r.src, r.dst, r.of(srcPort)<<16 | r.of(dstPort), r.of(observed), c}
	if event == updated {
		d.update = now
		return false
	}
	return now == d.update
}
