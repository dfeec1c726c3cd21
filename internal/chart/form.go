package chart

import (
	"image"
	"math"
)

// point is a place in a scene, in pixels.
type point struct{ x, y float64 }

// shape is a form in its colours.
type shape struct {
	form form
	fill shade
	edge shade  // of the outline, a pixel wide
	tip  string // shown where a pointer rests on it
}

// form is the outline of a shape. Both drawings know it.
type form interface {
	writer
	tracer
}

// box is a rectangle on whole pixels.
type box struct{ image.Rectangle }

// disc is a filled circle.
type disc struct {
	centre point
	radius float64
}

// area is closed rings; where they overlap, they wind in opposite directions and leave a hole.
type area [][]point

// stroke is an open line.
type stroke struct {
	points []point
	width  float64
}

func (p point) distance(q point) float64 { return math.Hypot(p.x-q.x, p.y-q.y) }
