package prefetch_test

import (
	"testing"
	"unsafe"

	"sentinel/internal/prefetch"
)

// Any address is harmless, and memory stays as it is.
func TestLines(t *testing.T) {
	memory := []byte{1, 2, 3}
	prefetch.Lines([]uintptr{uintptr(unsafe.Pointer(&memory[0])), 0, ^uintptr(0)})
	prefetch.Lines(nil)
	if memory[0] != 1 || memory[2] != 3 {
		t.Errorf("memory is now %v", memory)
	}
}
