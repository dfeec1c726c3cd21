package longconnection

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/flow"
)

// piece is the shortest flow that may be part of a longer connection: meters cut connections at their active timeout,
// of 5, 10 or 30 minutes as a rule.
const piece = 290 * time.Second

// connection is the longest one of a channel.
type connection struct {
	engine.Channel
	hours float64
	cut   bool // put together from flows of equal length
}

// read collects the channels whose connections may be long enough.
func read(ctx context.Context, scene *detect.Scene, minHours float64) ([]connection, error) {
	var connections []connection
	least := min(piece, time.Duration(minHours*float64(time.Hour)))
	for channel, err := range scene.Channels(ctx, engine.ChannelFilter{MinLongest: least.Microseconds()}) {
		if err != nil {
			return nil, err
		}
		if !scene.Judged(channel.SrcIP) || !detect.Scorable(channel.DstIP, channel.Proto, channel.DstPort) || channel.Failed == channel.Flows {
			continue
		}
		if l := connectionOf(channel); l.hours >= minHours/2 {
			connections = append(connections, l)
		}
	}
	return connections, nil
}

// connectionOf takes the longest flow, or all flows where they follow each other without a gap and are as long as each
// other, as only a meter's timeout makes them.
func connectionOf(channel engine.Channel) connection {
	span := float64(channel.Last-channel.First) + float64(channel.Longest)
	open, mean := float64(channel.Open), float64(channel.Open)/float64(channel.Flows)
	if channel.Flows > 2 && open >= 0.9*span && open <= 1.05*span && mean >= 0.9*float64(channel.Longest) {
		return connection{channel, hours(channel.Open), true}
	}
	return connection{channel, hours(channel.Longest), false}
}

func hours(microseconds int64) float64 {
	return float64(microseconds) / float64(time.Hour.Microseconds())
}

// pieces tells that a connection was put together.
func (l connection) pieces() string {
	if l.cut {
		return fmt.Sprintf(" in %d flows without a gap, as meters cut it", l.Flows)
	}
	return ""
}

// service is a port in a network: what hosts that keep connections to one provider have in common.
type service struct {
	network netip.Prefix
	proto   string
	port    int64
}

func (l connection) service() service {
	return service{flow.ServiceNetwork(l.DstIP), l.Proto, l.DstPort}
}

// company is which hosts keep connections to a service open.
type company struct{ hosts map[service][]netip.Addr }

func companyOf(connections []connection) company {
	c := company{map[service][]netip.Addr{}}
	for _, l := range connections {
		if of := l.service(); !slices.Contains(c.hosts[of], l.SrcIP) {
			c.hosts[of] = append(c.hosts[of], l.SrcIP)
		}
	}
	return c
}

// openByDesign are ports of services that stay connected (IANA, Service Name and Transport Protocol Port Number
// Registry): SSH, L2TP, PPTP, OpenVPN, IPsec, WireGuard, RDP, XMPP, MQTT, and the push services of phones.
var openByDesign = map[string][]int64{
	"tcp": {22, 1194, 1723, 1883, 3389, 5222, 5223, 5228, 5229, 5230, 8883},
	"udp": {500, 1194, 1701, 3389, 4500, 51820},
}

func staysOpen(channel engine.Channel) bool {
	switch channel.Proto {
	case "esp", "ah", "gre", "l2tp":
		return true
	}
	return slices.Contains(openByDesign[channel.Proto], channel.DstPort)
}
