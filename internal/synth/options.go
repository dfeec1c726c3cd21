package synth

import (
	"fmt"
	"net/netip"
	"time"
)

// Bounds of the options. maxDays keeps the flows of one host within memory, maxFlows the arithmetic within reason.
const (
	minFlows = 1_000
	maxFlows = 1_000_000_000
	maxDays  = 31
	maxDay   = 3_650
	maxShare = 2_000_000 // flows of an average device
)

const dayLength = 24 * time.Hour

var defaultStart = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

func (o Options) withDefaults() Options {
	fill(&o.Kind, Clean)
	fill(&o.Profile, Original)
	fill(&o.Days, 1)
	fill(&o.Flows, 1_000_000)
	fill(&o.Network, netip.MustParsePrefix("192.168.104.0/24"))
	fill(&o.Public, netip.MustParsePrefix("198.51.100.0/24"))
	fill(&o.Devices, o.defaultDevices())
	if o.Start.IsZero() {
		o.Start = defaultStart.Add(time.Duration(o.Day) * dayLength)
	}
	o.Start = o.Start.UTC()
	return o
}

func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// defaultDevices leaves a device enough flows in a small capture to have habits at all.
func (o Options) defaultDevices() int {
	if o.Kind == Servers {
		return min(100_000, max(10, o.Flows/200))
	}
	return min(200, max(8, o.Flows/1_000), maxDevices(o.Network))
}

// check returns an error that names the first option that does not fit.
func (o Options) check() error {
	if err := o.checkNetworks(); err != nil {
		return err
	}
	for _, field := range []struct {
		name           string
		value, min, to int
	}{
		{"flows", o.Flows, minFlows, maxFlows},
		{"devices", o.Devices, 4, 1 << 20},
		{"days", o.Days, 1, maxDays},
		{"day", o.Day, 0, maxDay},
	} {
		if field.value < field.min || field.value > field.to {
			return fmt.Errorf("%s is %d, must be %d to %d", field.name, field.value, field.min, field.to)
		}
	}
	if err := o.checkNames(); err != nil {
		return err
	}
	return o.checkSize()
}

func (o Options) checkNames() error {
	switch {
	case o.Kind != Clean && o.Kind != Judge && o.Kind != Servers:
		return fmt.Errorf("unknown kind %q, use %s, %s or %s", o.Kind, Clean, Judge, Servers)
	case o.Profile != Original && o.Profile != Office:
		return fmt.Errorf("unknown profile %q, use %s or %s", o.Profile, Original, Office)
	case o.Kind == Clean && len(o.Attacks) > 0:
		return fmt.Errorf("a clean capture holds no attack, use kind %s to plant %s", Judge, o.Attacks[0].Name)
	case o.Start.Truncate(dayLength) != o.Start:
		return fmt.Errorf("start %s must be midnight in UTC", o.Start.Format(time.RFC3339Nano))
	}
	for _, attack := range o.Attacks {
		if err := attack.check(o); err != nil {
			return err
		}
	}
	return nil
}

func (o Options) checkNetworks() error {
	for _, network := range []struct {
		name   string
		prefix netip.Prefix
	}{{"network", o.Network}, {"public", o.Public}} {
		if !suits(network.prefix) {
			return fmt.Errorf("%s %s must be an IPv4 network of /8 to /27", network.name, network.prefix)
		}
		if network.prefix != network.prefix.Masked() {
			return fmt.Errorf("%s %s has host bits set, use %s", network.name, network.prefix, network.prefix.Masked())
		}
	}
	return nil
}

// checkSize compares the devices with their network and their flows.
func (o Options) checkSize() error {
	if o.Kind != Servers && o.Flows/o.Devices*o.Days > maxShare {
		return fmt.Errorf("%d flows a device are more than %d: order more devices, fewer flows or days", o.Flows/o.Devices*o.Days, maxShare)
	}
	if fit := maxDevices(o.Network); o.Kind != Servers && o.Devices > fit {
		return fmt.Errorf("network %s holds %d devices beside its servers, not %d", o.Network, fit, o.Devices)
	}
	return nil
}
