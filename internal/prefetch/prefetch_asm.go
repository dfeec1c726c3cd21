//go:build amd64 || arm64

package prefetch

import "unsafe"

// Line begins to load the line of the cache that an address lies in, and does not wait for it. Any address will do,
// also one that cannot be read. A load instead would keep all later instructions from completing.
//
//go:noescape
func Line(address unsafe.Pointer)
