package analysis

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"sentinel/internal/report"
)

// Resolver finds the host names of an address, as net.Resolver's LookupAddr does.
type Resolver func(ctx context.Context, address string) ([]string, error)

// SystemResolver asks the DNS as this machine is set up to. It tells whoever runs the reverse zone that
// somebody looks at the address.
var SystemResolver Resolver = net.DefaultResolver.LookupAddr

const (
	resolveAtOnce  = 16
	resolveTimeout = 2 * time.Second
)

// resolve adds the names of the suspects that the capture does not name itself.
func resolve(ctx context.Context, lookup Resolver, r *report.Report) {
	if lookup == nil {
		return
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(resolveAtOnce)
	for address, place := range suspects(r) {
		if place.Name != "" {
			continue
		}
		group.Go(func() error {
			ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
			defer cancel()
			if names, err := lookup(ctx, address.String()); err == nil && len(names) > 0 {
				place.Name = strings.TrimSuffix(names[0], ".")
			}
			return nil // an address without a name is no fault
		})
	}
	_ = group.Wait()
}

// suspects yields the places of the hosts that the report has cards for, each with its address.
func suspects(r *report.Report) func(yield func(netip.Addr, *report.Place) bool) {
	return func(yield func(netip.Addr, *report.Place) bool) {
		if r.Exfiltration != nil {
			for i := range r.Exfiltration.Hosts {
				if host := &r.Exfiltration.Hosts[i]; !yield(host.SrcIP, &host.Place) {
					return
				}
			}
		}
		if r.Botnet != nil {
			for i := range r.Botnet.Destinations {
				if destination := &r.Botnet.Destinations[i]; !yield(destination.DstIP, &destination.Place) {
					return
				}
			}
		}
	}
}
