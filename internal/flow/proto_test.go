package flow_test

import (
	"testing"

	"sentinel/internal/flow"
)

func TestEveryProtocolIsReadBack(t *testing.T) {
	for number := range 256 {
		if got := flow.ProtoOf(flow.Proto(number).String()); got != flow.Proto(number) {
			t.Errorf("%s is read as %d, want %d", flow.Proto(number), got, number)
		}
	}
	if got := flow.ProtoOf("no such protocol"); got != 0 {
		t.Errorf("nonsense is read as %d", got)
	}
}
