//go:build amd64 || arm64

package prefetch

import "unsafe"

// Lines begins to load the lines of the cache that addresses lie in, and does not wait for them. Any address will do, also
// one that cannot be read. A load instead would keep all later instructions from completing. The call costs more than
// what it does for a line, so ask for many at once.
func Lines(addresses []uintptr) { lines(unsafe.SliceData(addresses), len(addresses)) }

//go:noescape
func lines(addresses *uintptr, count int)
