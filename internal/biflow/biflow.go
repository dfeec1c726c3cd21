// Package biflow joins unidirectional flow records, as routers and clouds export them, into bidirectional flows
// (RFC 5103).
package biflow

import (
	"time"

	"sentinel/internal/flow"
	"sentinel/internal/packet"
)

// Half is a flow in one direction: Up is what was counted, Down is 0. Flow.State and Flow.Opener are found by the
// Joiner, unless the record tells them. A record that counts both directions has Down too, and tells in Opener how it
// knows that SrcIP opened it; it is joined with what continues it.
type Half struct {
	flow.Flow
	Flags     packet.TCPFlags // of all its packets together
	DownFlags packet.TCPFlags // of those in the other direction, where the record counts both
	HasFlags  bool
}

// Options say what belongs together. The zero value stands for what the comments name.
type Options struct {
	Idle time.Duration // records of one conversation lie no further apart: 5 min
	Most int           // halves that wait for the other at once, beyond which the oldest go alone: 2,000,000
}

// Defaults of Options.
const (
	defaultIdle = 5 * time.Minute
	defaultMost = 2_000_000
)

// filled puts the defaults where nothing is set.
func (o Options) filled() Options {
	if o.Idle <= 0 {
		o.Idle = defaultIdle
	}
	if o.Most <= 0 {
		o.Most = defaultMost
	}
	return o
}
