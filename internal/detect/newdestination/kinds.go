package newdestination

import (
	"fmt"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
	"sentinel/internal/geo"
)

// kind is one way to say where a channel leads.
type kind struct {
	id       string
	plural   string
	key      func(*detect.Scene, engine.Channel) (string, bool)
	name     func(key string) string
	strength float64 // of a finding with many new contacts
	together bool    // hosts that share a new key are one group; else each host is one
}

// registered is where the ports that systems hand out by themselves begin (Linux; RFC 6335 has 49152).
const registered = 32_768

func kinds(c *detect.Case) []kind {
	country := kind{
		id: "country", plural: "countries", strength: 0.5, together: true, name: geo.CountryName,
		key: func(_ *detect.Scene, channel engine.Channel) (string, bool) {
			code := c.Places.Country(channel.DstIP)
			return code, code != ""
		},
	}
	port := kind{
		id: "port", plural: "ports", strength: 0.35, together: true, name: func(key string) string { return key },
		key: func(_ *detect.Scene, channel engine.Channel) (string, bool) {
			known := channel.Proto == "tcp" || channel.Proto == "udp"
			return fmt.Sprintf("%s %d", channel.Proto, channel.DstPort), known && channel.DstPort > 0 && channel.DstPort < registered
		},
	}
	return []kind{country, network(c), port}
}

// network is by the owner of an address, or where no database tells owners, by its first 16 bits (32 of IPv6).
func network(c *detect.Case) kind {
	k := kind{id: "network", plural: "networks", strength: 0.35, name: func(key string) string { return key }}
	k.key = func(scene *detect.Scene, channel engine.Channel) (string, bool) {
		if scene.Network.Inside(channel.DstIP) || channel.DstIP.IsPrivate() {
			return "", false
		}
		if owner := c.Places.Of(channel.DstIP).Owner; owner != "" {
			return owner, true
		}
		return block(channel.DstIP), true
	}
	return k
}

func block(address netip.Addr) string {
	bits := 16
	if address.Is6() && !address.Is4In6() {
		bits = 32
	}
	prefix, _ := address.Prefix(bits)
	return prefix.String()
}
