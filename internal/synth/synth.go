// Package synth makes captures to order: flows of a day of an invented network, with labelled attacks if asked for.
//
// A network and its habits follow from Options.Seed; Options.Day is one day of its life. The same options give the
// same flows on any number of cores (of one architecture: the last bit of an exponential may differ between two), and
// an attack only adds flows: the capture without it holds exactly the others.
package synth

import (
	"net/netip"
	"time"
)

// Kind is what a capture is for.
type Kind string

// The three captures of a set, as the original tool's users had them.
const (
	Clean   Kind = "clean"   // a day known to be clean
	Judge   Kind = "judge"   // a day to be judged: a clean day and attacks
	Servers Kind = "servers" // a day of external clients at the public servers, the odd ones odd in their timing
)

// Profile is which traffic a network has and which columns its flows carry.
type Profile string

// The profiles.
const (
	Original Profile = "original" // tcp 443 and udp 53 only, the columns of the original tool
	Office   Profile = "office"   // more protocols, some IPv6, and every column of the flow record
)

// Options orders a capture. The zero value of each field stands for the default that its comment names.
type Options struct {
	Kind    Kind         // Clean
	Profile Profile      // Original
	Seed    uint64       // the network: addresses, habits, favourite servers
	Day     int          // which day of that network, from 0
	Days    int          // days in one capture: 1. Every day is a working day
	Flows   int          // flows a day before attacks, about: 1,000,000
	Network netip.Prefix // the internal network: 192.168.104.0/24
	Devices int          // clients in it: 200, fewer below 200,000 flows; external clients for Servers: a 200th of the flows, at most 100,000
	Public  netip.Prefix // the network of the public servers (Servers): 198.51.100.0/24 (RFC 5737)
	Bare    bool         // the attacks alone, without the traffic of the network around them
	Attacks []Attack     // nil: every attack that fits; empty: none
	Start   time.Time    // a midnight in UTC: that of 2026-01-05, plus Day days
}

// Day prepares the capture that the options order. Flows are made while they are read; the errors name the option
// that does not fit.
func Day(options Options) (*Capture, error) {
	options = options.withDefaults()
	if err := options.check(); err != nil {
		return nil, err
	}
	return newCapture(options)
}
