package chart

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// indexed is the picture with one byte a pixel: a picture of few colours is small and quick to pack so. Where soft
// edges make more than 256 colours, the rarest become the nearest of the others.
func indexed(img *image.RGBA) *image.Paletted {
	colours := tally(img)
	index := make(map[uint32]uint8, len(colours))
	out := image.NewPaletted(img.Rect, nil)
	for i, c := range colours {
		if i < 256 {
			out.Palette = append(out.Palette, color.RGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 0xff})
			index[c] = uint8(i)
			continue
		}
		index[c] = nearest(colours[:256], c)
	}
	var last uint32
	at := index[last]
	for i := range out.Pix {
		if c := packed(img.Pix[4*i:]); c != last || i == 0 {
			last, at = c, index[c]
		}
		out.Pix[i] = at
	}
	return out
}

func packed(pix []uint8) uint32 { return uint32(pix[0])<<16 | uint32(pix[1])<<8 | uint32(pix[2]) }

// tally lists the picture's colours, the most frequent first.
func tally(img *image.RGBA) []uint32 {
	count := map[uint32]int{}
	var last uint32
	run := 0
	for i := 0; i < len(img.Pix); i += 4 {
		c := packed(img.Pix[i:])
		if c != last {
			count[last] += run
			last, run = c, 0
		}
		run++
	}
	count[last] += run
	list := make([]uint32, 0, len(count))
	for c, n := range count {
		if n > 0 {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b uint32) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	return list
}

// nearest is the place of the colour that differs least from c.
func nearest(list []uint32, c uint32) uint8 {
	best, least := 0, -1
	for i, o := range list {
		difference := 0
		for shift := 0; shift <= 16; shift += 8 {
			d := int(o>>shift&0xff) - int(c>>shift&0xff)
			difference += d * d
		}
		if least < 0 || difference < least {
			best, least = i, difference
		}
	}
	return uint8(best)
}
