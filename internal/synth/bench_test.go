package synth_test

import (
	"testing"

	"sentinel/internal/flow"
	"sentinel/internal/synth"
)

// BenchmarkRead makes days of a million flows, on one goroutine; B/op is everything that was ever allocated.
func BenchmarkRead(b *testing.B) {
	for name, options := range map[string]synth.Options{
		"clean":   {Kind: synth.Clean},
		"judge":   {Kind: synth.Judge},
		"servers": {Kind: synth.Servers},
		"office":  {Kind: synth.Judge, Profile: synth.Office},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			flows := 0
			for b.Loop() {
				each(b, options, func(flow.Flow) { flows++ })
			}
			b.ReportMetric(float64(flows)/b.Elapsed().Seconds(), "flows/s")
		})
	}
}
