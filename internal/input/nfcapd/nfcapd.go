// Package nfcapd reads the files that nfcapd, nfpcapd and nfdump keep flows in: layout 1 of nfdump 1.6 and layout 2 of
// nfdump 1.7.
package nfcapd

import (
	"encoding/binary"
	"fmt"

	"sentinel/internal/input"
)

// Format is the binary file of nfdump. Both layouts are described in nfdump's headers nffile.h and nfxV3.h.
var Format = input.Format{
	ID:        "nfcapd",
	Name:      "nfdump",
	Doc:       "binary files of nfcapd, nfpcapd and nfdump (1.6 and 1.7), compressed or not",
	Columns:   columns,
	Recognise: recognise,
	Open:      open,
}

// columns are those that every file fills.
var columns = []string{"duration", "src_port", "up_packets", "down_packets", "state", "opener"}

const (
	magic   = 0xA50C // in the byte order of the machine that wrote the file
	foreign = 0x0CA5
)

func recognise(head []byte) string {
	if len(head) < 4 {
		return "is shorter than its header"
	}
	switch binary.LittleEndian.Uint16(head) {
	case magic:
	case foreign:
		if binary.BigEndian.Uint16(head[2:]) > newestLayout {
			return "does not begin with 0CA5"
		}
	default:
		return "does not begin with 0CA5"
	}
	return ""
}

// open begins to read a file. Files of the other byte order and of other layouts are refused here.
func open(file *input.File, settings input.Settings) (input.Reader, error) {
	content, err := file.Open()
	if err != nil {
		return nil, err
	}
	header, err := readHeader(content)
	if err != nil {
		content.Close()
		return nil, fmt.Errorf("reading its header: %w", err)
	}
	return newReader(content, header, settings), nil
}
