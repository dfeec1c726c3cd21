package volumeshift

import (
	"context"
	"fmt"
	"net/netip"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
)

// volumes is what the hosts of a scene sent and got.
type volumes struct {
	hosts    map[netip.Addr]*volume
	services map[string]map[netip.Addr]float64 // bytes both ways, by service and host
}

// volume is what answered channels carried.
type volume struct{ up, down, flows float64 }

// of is the bytes one way, or both.
func (v volume) of(way string) float64 {
	switch way {
	case "up":
		return v.up
	case "down":
		return v.down
	}
	return v.up + v.down
}

// times scales to a longer time.
func (v volume) times(x float64) volume { return volume{v.up * x, v.down * x, v.flows * x} }

// registered is where the ports that systems hand out by themselves begin.
const registered = 32_768

func read(ctx context.Context, scene *detect.Scene) (*volumes, error) {
	v := &volumes{hosts: map[netip.Addr]*volume{}, services: map[string]map[netip.Addr]float64{}}
	for channel, err := range scene.Channels(ctx, engine.ChannelFilter{}) {
		if err != nil {
			return nil, err
		}
		if channel.Failed == channel.Flows || !scene.Judged(channel.SrcIP) {
			continue
		}
		v.add(channel)
	}
	return v, nil
}

func (v *volumes) add(channel engine.Channel) {
	host := v.hosts[channel.SrcIP]
	if host == nil {
		host = &volume{}
		v.hosts[channel.SrcIP] = host
	}
	up, down := float64(channel.UpBytes), float64(channel.DownBytes)
	host.up, host.down, host.flows = host.up+up, host.down+down, host.flows+float64(channel.Flows)
	if channel.DstPort >= registered {
		return
	}
	name := channel.Proto
	if name == "tcp" || name == "udp" {
		name = fmt.Sprintf("%s %d", channel.Proto, channel.DstPort)
	}
	if v.services[name] == nil {
		v.services[name] = map[netip.Addr]float64{}
	}
	v.services[name][channel.SrcIP] += up + down
}

// common lists the hosts with volumes in both, in their order.
func common(before, now *volumes) []netip.Addr {
	var hosts []netip.Addr
	for host := range now.hosts {
		if before.hosts[host] != nil {
			hosts = append(hosts, host)
		}
	}
	slices.SortFunc(hosts, netip.Addr.Compare)
	return hosts
}
