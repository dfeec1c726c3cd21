package synth

import (
	"net/netip"
	"time"
)

// Truth is what a capture holds, to judge detectors by. Its JSON form is the truth.json beside a generated capture.
type Truth struct {
	Kind       Kind         `json:"kind"`
	Profile    Profile      `json:"profile"`
	Seed       uint64       `json:"seed"`
	Day        int          `json:"day"`
	Days       int          `json:"days"`
	Start      time.Time    `json:"start"`
	End        time.Time    `json:"end"`
	Flows      int          `json:"flows_ordered"` // a day, about
	Devices    int          `json:"devices"`
	Network    netip.Prefix `json:"network"`
	Attacks    []Planted    `json:"attacks"`
	Skipped    []Skipped    `json:"skipped,omitempty"`
	Lookalikes []Lookalike  `json:"lookalikes"`
}

// Planted is one attack of a capture.
type Planted struct {
	Name         string             `json:"name"`
	Detector     string             `json:"detector"` // that should find it
	Sentence     string             `json:"sentence"`
	Strength     float64            `json:"strength"`
	Params       map[string]float64 `json:"params"`
	Hosts        []netip.Addr       `json:"hosts"` // that open its flows
	Destinations []netip.Addr       `json:"destinations"`
	Ports        []uint16           `json:"ports"`
	Countries    []string           `json:"countries,omitempty"` // of the destinations, where external
	First        time.Time          `json:"first"`
	Last         time.Time          `json:"last"` // start of the last flow
	Flows        int                `json:"flows"`
	UpBytes      int64              `json:"up_bytes"`
	DownBytes    int64              `json:"down_bytes"`
}

// Skipped is an attack that a capture with all attacks had no room for.
type Skipped struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// Lookalike is harmless traffic that a detector must keep quiet about.
type Lookalike struct {
	Name     string       `json:"name"`
	Sentence string       `json:"sentence"`
	Hosts    []netip.Addr `json:"hosts,omitempty"` // none named: all or many
}

func newTruth(o Options) Truth {
	t := Truth{
		Kind: o.Kind, Profile: o.Profile, Seed: o.Seed, Day: o.Day, Days: o.Days, Start: o.Start, Flows: o.Flows,
		End: o.Start.Add(time.Duration(o.Days) * dayLength), Devices: o.Devices, Network: o.Network,
		Attacks: []Planted{},
	}
	if o.Kind == Servers {
		t.Network = o.Public
	}
	return t
}
