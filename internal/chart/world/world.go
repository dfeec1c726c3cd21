// Package world is the outlines of the countries on a map of the Earth.
//
// They are made from the npm package world-atlas, which is Natural Earth's "admin 0 countries" at 1:110 million, in the
// Equal Earth projection, where areas compare. Countries that are too small for that scale are a point.
package world

import (
	_ "embed" // for world.bin
	"encoding/binary"
	"errors"
	"sync"
)

// The first two commands fetch the source, which is not kept in the repository; the third makes the table.
//
//go:generate npm pack world-atlas@2.0.2
//go:generate tar xzf world-atlas-2.0.2.tgz
//go:generate go run ./generate -o world.bin
//go:generate rm -r package world-atlas-2.0.2.tgz

//go:embed world.bin
var embedded []byte

// Width is how wide the map is. Its height is Height, without Antarctica.
const (
	Width  = 2208
	Height = 954
)

// Point is a place on the map, from its upper left.
type Point struct{ X, Y int }

// Country is an area with a code of its own.
type Country struct {
	Code  string    // ISO 3166-1 alpha-2, and XK for Kosovo
	Rings [][]Point // closed; a hole winds in the opposite direction. One ring of one point is a place without extent.
}

// Place tells whether the country is a point, and which.
func (c Country) Place() (Point, bool) {
	if len(c.Rings) == 1 && len(c.Rings[0]) == 1 {
		return c.Rings[0][0], true
	}
	return Point{}, false
}

// Countries are all of them, by code. The slices are shared: do not change them.
var Countries = sync.OnceValue(func() []Country {
	list, err := Decode(embedded)
	if err != nil {
		panic(err) // the table is part of the binary
	}
	return list
})

// Encode writes countries as a file: how many, then for each its code, how many rings, and for each ring how many
// points and the steps to each from the one before. Numbers are varints.
func Encode(list []*Country) []byte {
	data := binary.AppendUvarint(nil, uint64(len(list)))
	var at Point
	for _, c := range list {
		data = append(data, c.Code...)
		data = binary.AppendUvarint(data, uint64(len(c.Rings)))
		for _, ring := range c.Rings {
			data = binary.AppendUvarint(data, uint64(len(ring)))
			for _, p := range ring {
				data = binary.AppendVarint(data, int64(p.X-at.X))
				data = binary.AppendVarint(data, int64(p.Y-at.Y))
				at = p
			}
		}
	}
	return data
}

var errCutShort = errors.New("decode outlines: the data ends before the last country does")

// Decode reads what Encode wrote.
func Decode(data []byte) ([]Country, error) {
	d := decoder{data: data}
	list := make([]Country, d.count())
	for i := range list {
		list[i] = Country{Code: d.code(), Rings: make([][]Point, d.count())}
		for j := range list[i].Rings {
			list[i].Rings[j] = d.ring()
		}
	}
	if d.short {
		return nil, errCutShort
	}
	return list, nil
}

// decoder reads data from its start; after its end it yields zeros.
type decoder struct {
	data  []byte
	at    Point
	short bool
}

// count is a number of things that take at least a byte each.
func (d *decoder) count() int {
	n, size := binary.Uvarint(d.data)
	if size <= 0 || n > uint64(len(d.data)-size) {
		d.short, d.data = true, nil
		return 0
	}
	d.data = d.data[size:]
	return int(n)
}

func (d *decoder) code() string {
	if len(d.data) < 2 {
		d.short, d.data = true, nil
		return ""
	}
	code := string(d.data[:2])
	d.data = d.data[2:]
	return code
}

func (d *decoder) ring() []Point {
	ring := make([]Point, d.count())
	for i := range ring {
		d.at = Point{d.at.X + d.step(), d.at.Y + d.step()}
		ring[i] = d.at
	}
	return ring
}

func (d *decoder) step() int {
	n, size := binary.Varint(d.data)
	if size <= 0 {
		d.short, d.data = true, nil
		return 0
	}
	d.data = d.data[size:]
	return int(n)
}
