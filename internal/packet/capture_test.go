package packet_test

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"sentinel/internal/input/inputtest"
	"sentinel/internal/packet"
)

// eachCapture calls f with the frames of every pcap and pcapng file that the project did not write, as far as they go.
func eachCapture(t testing.TB, f func(name string, frames []frame)) {
	t.Helper()
	root := inputtest.Shared(t)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if frames := framesOf(content); len(frames) > 0 {
			name, err := filepath.Rel(root, path)
			if err != nil {
				return err
			}
			f(name, frames)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

type frame struct {
	number int // from 1, as in other programs
	link   packet.LinkType
	data   []byte
}

func framesOf(content []byte) []frame {
	if len(content) < 24 {
		return nil
	}
	switch binary.LittleEndian.Uint32(content) {
	case 0xa1b2c3d4, 0xa1b23c4d:
		return pcapFrames(content, binary.LittleEndian)
	case 0xd4c3b2a1, 0x4d3cb2a1:
		return pcapFrames(content, binary.BigEndian)
	case 0x0a0d0d0a:
		return pcapngFrames(content)
	}
	return nil
}

func pcapFrames(content []byte, order binary.ByteOrder) (frames []frame) {
	link := packet.LinkType(order.Uint32(content[20:])) // without the bits about checksums
	for content = content[24:]; len(content) >= 16; {
		size := int(order.Uint32(content[8:]))
		if size > len(content)-16 {
			break
		}
		frames = append(frames, frame{len(frames) + 1, link, content[16 : 16+size]})
		content = content[16+size:]
	}
	return frames
}

func pcapngFrames(content []byte) (frames []frame) {
	const section, description, old, simple, enhanced = 0x0a0d0d0a, 1, 2, 3, 6
	var order binary.ByteOrder = binary.LittleEndian
	var links []packet.LinkType
	for len(content) >= 12 {
		kind := order.Uint32(content)
		if kind == section {
			order, links = binary.LittleEndian, nil
			if bytes.HasPrefix(content[8:], []byte{0x1a, 0x2b, 0x3c, 0x4d}) {
				order = binary.BigEndian
			}
		}
		size := int(order.Uint32(content[4:]))
		if size < 12 || size > len(content) {
			break
		}
		body := content[8 : size-4]
		content = content[min(len(content), (size+3)&^3):]
		captured, face, header := 0, 0, 20
		switch {
		case kind == description && len(body) >= 8:
			links = append(links, packet.LinkType(order.Uint16(body)))
			continue
		case kind == enhanced && len(body) >= 20:
			captured, face = int(order.Uint32(body[12:])), int(order.Uint32(body))
		case kind == old && len(body) >= 20:
			captured, face = int(order.Uint32(body[12:])), int(order.Uint16(body))
		case kind == simple && len(body) >= 4:
			captured, header = min(int(order.Uint32(body)), len(body)-4), 4
		default:
			continue
		}
		if face < len(links) && captured <= len(body)-header {
			frames = append(frames, frame{len(frames) + 1, links[face], body[header : header+captured]})
		}
	}
	return frames
}
