package synth_test

import (
	"fmt"

	"sentinel/internal/synth"
)

func ExampleDay() {
	beacon, err := synth.ParseAttack("beacon:period=60,jitter=0.5,strength=2")
	if err != nil {
		fmt.Println(err)
		return
	}
	capture, err := synth.Day(synth.Options{Kind: synth.Judge, Seed: 1, Flows: 50_000, Attacks: []synth.Attack{beacon}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, attack := range capture.Truth().Attacks {
		fmt.Println(attack.Name, attack.Detector, attack.Params["period"], len(attack.Hosts), "host")
	}
	// Output: beacon beacon 30 1 host
}
