package exfil

import (
	"context"
	"math"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/finding"
	"sentinel/internal/flow"
	"sentinel/internal/stat"
)

// upload is what one host sent to one network, over all its channels there.
type upload struct {
	engine.Channel // the one that sent most
	network        netip.Prefix
	up, down       float64
	flows          int64
	sources        int64 // hosts that contact the most popular of the addresses
	rare           bool  // few hosts do
	first, last    int64
	pairs          []finding.Pair
	own            stat.Robust // of ln(1+up) over the host's uploads to other networks
}

// pcr is the producer-consumer ratio, 1 all up, -1 all down (Bullard and Gerth 2014).
func (u upload) pcr() float64 { return ratio(u.up, u.down) }

func ratio(up, down float64) float64 {
	if up+down == 0 {
		return 0
	}
	return (up - down) / (up + down)
}

// host is what one source uploaded.
type host struct {
	engine.Host
	server   bool
	most     float64 // its largest upload to one network
	mostRare float64 // and to one that few contact
}

// book has an entry for every host whose uploads are judged.
type book struct {
	hosts    map[netip.Addr]*host
	large    []upload // at least min_bytes, by source and network
	oneSided bool     // no flow brought anything back: the capture has one direction only
	least    float64  // channels that send less are left out
}

// smallest is the share of min_bytes from which on a channel counts.
const smallest = 0.02

// keepBook sums uploads by host and network. Memory follows hosts and large uploads.
func keepBook(ctx context.Context, scene *detect.Scene, minBytes float64) (*book, error) {
	b := &book{hosts: map[netip.Addr]*host{}, least: max(math.Floor(smallest*minBytes), 1)}
	down := int64(0)
	for row, err := range scene.Hosts(ctx) {
		if err != nil {
			return nil, err
		}
		down = max(down, row.DownBytes)
		if scene.Judged(row.SrcIP) {
			b.hosts[row.SrcIP] = &host{Host: row, server: scene.Network.Is(row.SrcIP, detect.Server)}
		}
	}
	b.oneSided = down == 0
	var page []engine.Channel // of one source
	for channel, err := range scene.Channels(ctx, engine.ChannelFilter{MinUpBytes: int64(b.least)}) {
		if err != nil {
			return nil, err
		}
		if len(page) > 0 && page[0].SrcIP != channel.SrcIP {
			b.close(scene, page, minBytes)
			page = page[:0]
		}
		if leaves(scene, channel) {
			page = append(page, channel)
		}
	}
	b.close(scene, page, minBytes)
	return b, nil
}

// ephemeral is the first port that clients take for themselves on most systems (RFC 6056 leaves it open, Linux begins here).
const ephemeral = 32_768

// leaves tells whether a channel can carry data out: DNS and ICMP have detectors of their own, what stays inside has
// not left, and a server that sends to a client's port answers.
func leaves(scene *detect.Scene, channel engine.Channel) bool {
	network := scene.Network
	switch {
	case !scene.Judged(channel.SrcIP), network.Inside(channel.DstIP):
		return false
	case !detect.Scorable(channel.DstIP, channel.Proto, channel.DstPort), channel.DstPort == 53:
		return false
	case channel.Proto == "icmp", channel.Proto == "ipv6-icmp":
		return false
	}
	answers := network.Is(channel.SrcIP, detect.Server) || network.Popular(network.Node(channel.SrcIP).AskedBy)
	return !answers || channel.DstPort < ephemeral
}

// close enters the channels of one source into the book.
func (b *book) close(scene *detect.Scene, page []engine.Channel, minBytes float64) {
	if len(page) == 0 {
		return
	}
	entry := b.hosts[page[0].SrcIP]
	uploads := byNetwork(page)
	for i, u := range uploads {
		entry.most = max(entry.most, u.up)
		if u.rare = !scene.Network.Popular(u.sources); u.rare {
			entry.mostRare = max(entry.mostRare, u.up)
		}
		if u.up >= minBytes {
			u.own = others(uploads, i)
			b.large = append(b.large, u)
		}
	}
}

// byNetwork sums the channels of one source by destination network: a receiver behind several addresses is one.
func byNetwork(page []engine.Channel) []upload {
	at := map[netip.Prefix]int{}
	var uploads []upload
	for _, channel := range page {
		network := flow.ServiceNetwork(channel.DstIP)
		i, seen := at[network]
		if !seen {
			i = len(uploads)
			at[network] = i
			uploads = append(uploads, upload{Channel: channel, network: network, first: channel.First, last: channel.Last})
		}
		uploads[i].add(channel)
	}
	return uploads
}

func (u *upload) add(channel engine.Channel) {
	if channel.UpBytes > u.UpBytes {
		u.Channel = channel
	}
	u.up += float64(channel.UpBytes)
	u.down += float64(channel.DownBytes)
	u.flows += channel.Flows
	u.sources = max(u.sources, channel.Sources)
	u.first, u.last = min(u.first, channel.First), max(u.last, channel.Last)
	pair := finding.Pair{SrcIP: channel.SrcIP, DstIP: channel.DstIP}
	if !slices.Contains(u.pairs, pair) {
		u.pairs = append(u.pairs, pair)
	}
}

// soleTask tells whether an upload is nearly all that its host does, in a network where others do more.
func (b *book) soleTask(network *detect.Network, u upload) bool {
	entry := b.hosts[u.SrcIP]
	return network.Hosts >= manyHosts && u.up >= 0.9*float64(entry.UpBytes) && float64(u.flows) >= 0.9*float64(entry.Flows)
}

// manyHosts is how many hosts make a network rather than a laboratory of a few machines.
const manyHosts = 10

// others summarises the uploads of a host to other networks.
func others(uploads []upload, but int) stat.Robust {
	var sample []float64
	for i, u := range uploads {
		if i != but {
			sample = append(sample, math.Log1p(u.up))
		}
	}
	return stat.RobustOf(sample, leastSigma)
}
