package netflow

import (
	"cmp"
	"fmt"

	"sentinel/internal/biflow"
	"sentinel/internal/flow"
	"sentinel/internal/input"
	"sentinel/internal/packet"
)

// heldSet is a data set whose template has not come yet.
type heldSet struct {
	data []byte
	message
}

// message is what the records of a message have in common.
type message struct {
	*domain
	version uint16
	moment
	place int64
	rate  int64 // that the header tells; 0: none
}

// decoder makes flows of datagrams, of all exporters of an input.
type decoder struct {
	joiner  *biflow.Joiner
	forced  int64  // Settings.Sampling
	unit    string // of places: "packet" or "byte"
	domains map[domainKey]*domain
	columns int
	held    int
	names   int
	records int64
	dated   bool // a message has named a date
	tally   input.Tally
	counted map[string]bool // reasons that have their example
	record  record
	read    [applicationName + 1]bool // slots that templates have filled
}

func newDecoder(settings input.Settings, unit string) *decoder {
	return &decoder{
		joiner: biflow.New(biflow.Options{Idle: settings.Idle, Most: settings.MaxFlows}),
		forced: settings.Sampling, unit: unit,
		domains: map[domainKey]*domain{}, counted: map[string]bool{},
	}
}

// skip counts what cannot be used.
func (d *decoder) skip(reason string, rows, place int64) {
	example := ""
	if !d.counted[reason] {
		d.counted[reason] = true
		example = fmt.Sprintf("%s %d", d.unit, place)
	}
	d.tally.Add(reason, rows, example)
}

// decode reads one datagram.
func (d *decoder) decode(g datagram) {
	switch version := versionOf(g.data); {
	case version == sFlow:
		d.sample(g)
	case legacies[version] != nil:
		d.legacy(g, legacies[version])
	case version == 9:
		d.netflow9(g)
	case version == 10:
		d.ipfix(g)
	default:
		d.skip("is no export of flows", 1, g.place)
	}
}

// finish counts what has waited for a template in vain, and lets go of the flows that are still open.
func (d *decoder) finish() {
	first, sets := int64(0), int64(0)
	for _, domain := range d.domains { // sums and least, whatever the order
		for _, held := range domain.held {
			for _, set := range held {
				if sets == 0 || set.place < first {
					first = set.place
				}
				sets++
			}
		}
	}
	if sets > 0 {
		d.skip("data set without its template", sets, first)
	}
	d.joiner.Finish()
}

// flow makes a flow of the record that d.record holds.
func (d *decoder) flow(m *message) {
	r := &d.record
	d.records++
	if r.frame != nil || r.ip != nil {
		r.unpack()
	}
	if !r.src.IsValid() || !r.dst.IsValid() || r.src.IsUnspecified() && r.dst.IsUnspecified() {
		d.skip("record without the addresses of both ends", 1, m.place)
		return
	}
	c := r.counted(m.version)
	if reason := r.event(); reason != "" && c.zero() {
		d.skip(reason, 1, m.place)
		return
	}
	if m.repeats(r, c) {
		d.skip("firewall event: the end of a connection, with the counts of the update before it", 1, m.place)
		return
	}
	d.add(m, r, c)
}

func (d *decoder) add(m *message, r *record, c counts) {
	rate := d.rate(m, r)
	half := biflow.Half{
		Flags: packet.TCPFlags(r.of(tcpFlags)), DownFlags: packet.TCPFlags(r.of(reverseFlags)), HasFlags: r.tells(tcpFlags),
	}
	f := &half.Flow
	first, last := r.span(m.booted(r.of(bootTime)).booted(m.boot))
	f.Start, f.Duration = first, last-first
	f.SrcIP, f.DstIP, f.Proto = r.src, r.dst, flow.Proto(r.of(proto))
	f.SrcPort, f.DstPort = r.ports(f.Proto)
	f.UpBytes, f.UpPackets = scaled(c.up, rate), scaled(c.upPackets, rate)
	f.DownBytes, f.DownPackets = scaled(c.down, rate), scaled(c.downPackets, rate)
	f.Name, f.Service = host(r.host), d.application(m, r)
	if c.both {
		r.direct(&half)
	}
	if firewall(r.of(firewallEvent)) == denied {
		f.State, f.Opener = flow.Refused, flow.ByFirst
	}
	d.joiner.Add(&half)
}

// The values of biflowDirection that say who opened a flow (RFC 5103, 6.3); without it, the source did.
const (
	byInitiator        = 1
	byReverseInitiator = 2
)

// direct puts the end first that opened a flow which a record counts both ways.
func (r *record) direct(half *biflow.Half) {
	switch direction := r.of(biflowDirection); {
	case direction == byReverseInitiator:
		turn(half)
		half.Opener = flow.ByFirst
	case direction == byInitiator || !r.tells(biflowDirection):
		half.Opener = flow.ByFirst
	}
}

// turn exchanges the ends of a flow.
func turn(half *biflow.Half) {
	f := &half.Flow
	f.SrcIP, f.DstIP = f.DstIP, f.SrcIP
	if f.Proto != flow.ICMP && f.Proto != flow.ICMPv6 {
		f.SrcPort, f.DstPort = f.DstPort, f.SrcPort
	}
	f.UpBytes, f.DownBytes = f.DownBytes, f.UpBytes
	f.UpPackets, f.DownPackets = f.DownPackets, f.UpPackets
	half.Flags, half.DownFlags = half.DownFlags, half.Flags
}

// rate is what the counts of a record are multiplied by.
func (d *decoder) rate(m *message, r *record) int64 {
	if d.forced > 0 {
		return d.sampled(d.forced)
	}
	rate := cmp.Or(m.rates.of(r), m.rate)
	if all := d.domains[m.key.whole()]; rate == 0 && m.version == 10 && all != nil {
		rate = all.rates.of(r)
	}
	m.scaling.add(rate)
	return d.sampled(max(rate, 1))
}

func (d *decoder) sampled(rate int64) int64 {
	if rate > 1 {
		d.joiner.Sampled()
	}
	return rate
}

// application is the name of the application of a record, by itself or by its number.
func (d *decoder) application(m *message, r *record) string {
	if r.app != nil {
		return text(r.app)
	}
	return m.names[r.of(applicationID)]
}

// options takes what the record that d.record holds tells of its exporter.
func (d *decoder) options(m *message) {
	r := &d.record
	m.rates.learn(r)
	if boot := r.of(bootTime); boot != 0 {
		m.boot = boot
	}
	if id := r.of(applicationID); id != 0 && r.app != nil && d.names < maxNamesKept {
		if m.names == nil {
			m.names = map[uint64]string{}
		}
		if _, known := m.names[id]; !known {
			d.names++
		}
		m.names[id] = text(r.app)
	}
}
