package enginetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"sentinel/internal/engine"
)

// Same fails where two engines answer any rollup differently.
func Same(t testing.TB, want, got engine.Engine) {
	t.Helper()
	if diff := cmp.Diff(ask(t, want), ask(t, got), sameAddress); diff != "" {
		t.Errorf("rollups of %s and %s (-want +got):\n%s", want.Version(), got.Version(), diff)
	}
	if diff := cmp.Diff(all(t, want.Queries(t.Context())), all(t, got.Queries(t.Context())), sameAddress); diff != "" {
		t.Errorf("queries of %s and %s (-want +got):\n%s", want.Version(), got.Version(), diff)
	}
}
