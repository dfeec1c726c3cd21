package newdestination

import (
	"cmp"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/stat"
)

// knowledge is what a baseline has of one kind.
type knowledge struct {
	keys map[string]*known
	counter
}

// known tells who contacted a key, and whether that was more than one visit of one host.
type known struct {
	host        netip.Addr
	several     bool
	first, last int64
}

// visit is how long, in microseconds, the flows of one visit may lie apart.
const visit = 3600e6

func (k *known) see(channel engine.Channel) {
	k.first, k.last = min(k.first, channel.First), max(k.last, channel.Last)
	k.several = k.several || k.host != channel.SrcIP || k.last-k.first > visit
}

// counter counts the pairs of host and server, which are the observations.
type counter struct {
	pairs map[netip.Addr]int64 // by host
	total int64
	last  [2]netip.Addr // counted last; channels come by source and destination
}

func (n *counter) count(channel engine.Channel) {
	if pair := [2]netip.Addr{channel.SrcIP, channel.DstIP}; pair != n.last {
		n.last = pair
		n.pairs[channel.SrcIP]++
		n.total++
	}
}

func newKnowledge() *knowledge {
	return &knowledge{keys: map[string]*known{}, counter: counter{pairs: map[netip.Addr]int64{}}}
}

func (k *knowledge) see(key string, channel engine.Channel) {
	k.count(channel)
	found := k.keys[key]
	if found == nil {
		found = &known{host: channel.SrcIP, first: channel.First, last: channel.Last}
		k.keys[key] = found
	}
	found.see(channel)
}

// news is what a capture has of one kind, and in full what the baseline has not.
type news struct {
	keys     map[string]bool
	contacts map[contactKey]*contact
	counter
}

type contactKey struct {
	host netip.Addr
	key  string
}

// contact is one host's with one new key.
type contact struct {
	contactKey
	servers     []netip.Addr
	flows       int64
	port        int64
	proto       string
	first, last int64
}

func newNews() *news {
	return &news{keys: map[string]bool{}, contacts: map[contactKey]*contact{}, counter: counter{pairs: map[netip.Addr]int64{}}}
}

func (n *news) see(key string, channel engine.Channel, known bool) {
	n.count(channel)
	n.keys[key] = true
	if known {
		return
	}
	at := contactKey{channel.SrcIP, key}
	t := n.contacts[at]
	if t == nil {
		t = &contact{contactKey: at, first: channel.First, last: channel.Last, port: channel.DstPort, proto: channel.Proto}
		n.contacts[at] = t
	}
	t.flows += channel.Flows - channel.Failed
	t.first, t.last = min(t.first, channel.First), max(t.last, channel.Last)
	if !slices.Contains(t.servers, channel.DstIP) {
		t.servers = append(t.servers, channel.DstIP)
	}
}

// fresh lists the new contacts by host and key.
func (n *news) fresh() []*contact {
	list := make([]*contact, 0, len(n.contacts))
	for _, t := range n.contacts {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *contact) int { return cmp.Or(a.host.Compare(b.host), cmp.Compare(a.key, b.key)) })
	return list
}

// expectations are how many new keys each host of the capture was to contact. The chance that the next pair of host
// and server brings one is, after Good (1953), how many keys the baseline saw in one visit only over its pairs; a
// host's own chance counts with its own pairs, the network's with some more.
func expectations(c *detect.Case, before *knowledge, now *news) map[netip.Addr]float64 {
	own, once := map[netip.Addr]float64{}, int64(0)
	for _, k := range before.keys {
		if !k.several {
			own[k.host]++
			once++
		}
	}
	network, prior := stat.GoodTuring(once, before.total), max(c.Param("prior"), 1)
	expected := map[netip.Addr]float64{}
	for host, pairs := range now.pairs {
		chance := (own[host] + prior*network) / (float64(before.pairs[host]) + prior)
		expected[host] = min(chance, 1) * float64(pairs)
	}
	return expected
}
