package netflow

import (
	"fmt"
	"net/netip"
)

// datagram is one export as it was sent.
type datagram struct {
	data     []byte // valid until the next one is asked for
	exporter netip.AddrPort
	captured int64 // microseconds since 1970, noTime outside captures
	place    int64 // packet number, or byte in the file
}

// Bounds of what is kept for exporters, whose number and templates the input decides.
const (
	maxDatagram  = 65535    // UDP carries no more (RFC 768), nor does the length of IPFIX
	maxDomains   = 4096     // observation domains; real networks have tens of exporters with a few domains each
	maxColumns   = 1 << 20  // columns of all templates together, 16 MB; real exporters have some hundreds
	perTemplate  = 8        // columns that a template without any would take the room of
	maxHeld      = 16 << 20 // bytes of all data sets that wait for their template
	perHeld      = 128      // bytes that are kept with each
	maxHeldEach  = 1 << 20  // bytes of those that wait for the same one
	maxNamesKept = 1 << 16  // names of applications, in all domains
)

// domain is what a template belongs to: an observation domain of an exporter.
type domain struct {
	key       domainKey
	templates map[uint16]*template
	held      map[uint16][]heldSet
	heldBytes map[uint16]int
	rates     rates
	scaling   scaling
	boot      uint64            // systemInitTimeMilliseconds, in microseconds
	update    report            // of a connection that goes on, the last one
	names     map[uint64]string // of applications, by applicationId
}

// domainKey tells domains apart. NetFlow v9 has exporters by their address (RFC 3954, 5.1), IPFIX by transport session,
// which has a port too (RFC 7011, 8).
type domainKey struct {
	exporter netip.AddrPort
	version  uint16
	id       uint32
}

// whole is the domain whose options hold for the whole exporter (RFC 7011, 3.1).
func (k domainKey) whole() domainKey {
	k.id = 0
	return k
}

// domain finds the domain of a message, or nil where there are too many.
func (d *decoder) domain(g datagram, version uint16, id uint32) *domain {
	k := domainKey{g.exporter, version, id}
	if version == 9 {
		k.exporter = netip.AddrPortFrom(g.exporter.Addr(), 0)
	}
	if known := d.domains[k]; known != nil {
		return known
	}
	if len(d.domains) == maxDomains {
		d.skip(fmt.Sprintf("of one exporter too many: %d are kept", maxDomains), 1, g.place)
		return nil
	}
	fresh := &domain{
		key: k, templates: map[uint16]*template{},
		held: map[uint16][]heldSet{}, heldBytes: map[uint16]int{},
	}
	d.domains[k] = fresh
	return fresh
}
