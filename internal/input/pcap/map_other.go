//go:build !linux

package pcap

import "errors"

// mapping is a file in memory. Only Linux has what makes that faster than reading: elsewhere files are streams.
type mapping []byte

func openMapping(string) (mapping, error) { return nil, errors.ErrUnsupported }
func (mapping) close() error              { return nil }
func (mapping) release(_, _ int)          {}
