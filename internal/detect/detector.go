// Package detect says what a detector is, and runs detectors over the rollups of a capture.
package detect

import (
	"context"
	"fmt"
	"net/netip"

	"sentinel/internal/engine"
	"sentinel/internal/finding"
	"sentinel/internal/measure"
)

// Detector finds one kind of phenomenon. It is a value; a folder holds all that belongs to it.
type Detector struct {
	ID      string
	Title   string
	Finds   string   // one sentence
	Null    string   // the null hypothesis of its test, or its rule
	Page    string   // Markdown for users: what, why, formula, failures, tuning
	Attack  []string // ATT&CK techniques
	Columns []string // optional flow columns without which it cannot judge
	// Relative detectors compare with a baseline, and are void without.
	Relative bool
	Params   []Param
	// Judge returns candidates: the run decides which of them stand. It must not depend on the order of rows
	// beyond what the rollups promise.
	Judge func(context.Context, *Case) (Verdict, error)
}

// Param is a threshold that users may set.
type Param struct {
	Name              string
	Default, Min, Max float64
	Doc               string // one phrase, with the unit
}

// Verdict is what a detector says of a capture.
type Verdict struct {
	Findings []finding.Finding
	Tests    int    // tests made, those that found nothing included
	Looked   string // what was looked at, "8,751 channels of 12 contacts or more"
	Void     string // why it could not judge; empty where it could
}

// Case is what a detector judges.
type Case struct {
	Test   *Scene
	Base   *Scene // nil without baseline
	Places measure.Places
	params map[string]float64
	asked  netip.Addr // of whom explain wants to know everything
	lines  []Line
}

// Scene is one set of flows and what is known of its network.
type Scene struct {
	engine.Engine
	Network *Network
	First   int64 // start of the first flow, microseconds since the epoch
	Last    int64
}

// Seconds is the time that the flows of a scene span, at least one.
func (s *Scene) Seconds() float64 { return max(float64(s.Last-s.First)/1e6, 1) }

// Judged tells whether a source is one of the network's own, whose doings a detector judges. Where no address is
// internal, all are.
func (s *Scene) Judged(source netip.Addr) bool {
	return s.Network.outside || s.Network.Inside(source)
}

// Param is the value of a parameter of the detector.
func (c *Case) Param(name string) float64 {
	value, ok := c.params[name]
	if !ok {
		panic(fmt.Sprintf("detector asks for %s, which its Params do not declare", name)) // a test runs every detector
	}
	return value
}

// Line is one value that a detector looked at, for sentinel explain.
type Line struct {
	Detector  string
	What      string  // "channel to 192.0.2.1 tcp 443: periodicity"
	Value     float64 // NaN where there is none
	Threshold float64 // NaN where there is none
	Fired     bool
	Why       string
}

// Asked tells whether explain wants to know of a host; lines are worth making for it only.
func (c *Case) Asked(host netip.Addr) bool { return c.asked.IsValid() && c.asked == host }

// Explain records a value for a host that explain asks for.
func (c *Case) Explain(host netip.Addr, line Line) {
	if c.Asked(host) {
		c.lines = append(c.lines, line)
	}
}

// Defaults are the values of a detector's parameters unless set.
func (d Detector) Defaults() map[string]float64 {
	values := map[string]float64{}
	for _, param := range d.Params {
		values[param.Name] = param.Default
	}
	return values
}
