// Command generate makes the table of outlines out of the TopoJSON files of the npm package world-atlas. The same source
// gives the same bytes. Package world's go:generate lines show its use.
package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"

	"golang.org/x/text/language"

	"sentinel/internal/chart/world"
)

func main() {
	coarse := flag.String("coarse", "package/countries-110m.json", "outlines")
	fine := flag.String("fine", "package/countries-10m.json", "places of countries that the outlines lack")
	out := flag.String("o", "world.bin", "table to write")
	flag.Parse()
	if err := generate(*coarse, *fine, *out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(coarse, fine, out string) error {
	outlines, err := read(coarse)
	if err != nil {
		return err
	}
	places, err := read(fine)
	if err != nil {
		return err
	}
	countries := map[string]*world.Country{}
	get := func(code string) *world.Country {
		if countries[code] == nil {
			countries[code] = &world.Country{Code: code}
		}
		return countries[code]
	}
	for _, g := range outlines {
		for _, ring := range g.rings {
			c := codeOf(g, ring)
			if c == antarctica {
				continue
			}
			for _, part := range parted(ring) {
				if p := project(part); len(p) > 2 {
					get(c).Rings = append(get(c).Rings, p)
				}
			}
		}
	}
	for _, g := range places {
		if _, drawn := countries[g.code]; !drawn && g.code != "" && g.code != antarctica {
			get(g.code).Rings = [][]world.Point{{projected(centre(g.rings))}}
		}
	}
	for code, at := range partsOfOthers {
		if _, drawn := countries[code]; !drawn {
			get(code).Rings = [][]world.Point{{projected(at)}}
		}
	}
	list := slices.SortedFunc(maps.Values(countries), func(a, b *world.Country) int { return cmp.Compare(a.Code, b.Code) })
	return os.WriteFile(out, world.Encode(list), 0o644)
}

// antarctica has addresses, but would take a fifth of the map.
const antarctica = "AQ"

// degrees is a place on the globe.
type degrees struct{ lon, lat float64 }

// partsOfOthers have codes of their own, but no outlines: Natural Earth draws them with the country they belong to.
var partsOfOthers = map[string]degrees{
	"BQ": {-68.3, 12.2}, "CC": {96.8, -12.2}, "CX": {105.6, -10.5}, "GP": {-61.6, 16.2}, "MQ": {-61, 14.6}, "RE": {55.5, -21.1},
	"SJ": {16, 78.6}, "TK": {-171.8, -9.2}, "YT": {45.2, -12.8},
}

// codeless are the areas without a number: to ISO 3166 the first two are parts of a country, and the third has a code
// that is used though not assigned.
var codeless = map[string]string{"N. Cyprus": "CY", "Somaliland": "SO", "Kosovo": "XK"}

// codeOf is the code of a ring of a country: French Guiana is drawn as a part of France.
func codeOf(g geometry, ring []degrees) string {
	if g.code == "FR" && ring[0].lon < -50 && ring[0].lat < 10 && ring[0].lat > 0 {
		return "GF"
	}
	return g.code
}

// geometry is the outlines of one country.
type geometry struct {
	code  string // empty where none is known
	rings [][]degrees
}

// topology is what is used of a TopoJSON file. Arcs are steps on a grid; a country has their numbers, or for one that is
// gone along backwards its number's complement.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   struct {
		Countries struct {
			Geometries []struct {
				Type       string
				ID         string
				Arcs       json.RawMessage
				Properties struct{ Name string }
			}
		}
	}
}

func read(path string) ([]geometry, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var t topology
	if err := json.Unmarshal(text, &t); err != nil {
		return nil, fmt.Errorf("parse %s: %w", path, err)
	}
	arcs := t.degrees()
	var list []geometry
	for _, g := range t.Objects.Countries.Geometries {
		var polygons [][][]int
		target := any(&polygons)
		if g.Type == "Polygon" {
			polygons = make([][][]int, 1)
			target = &polygons[0]
		}
		if err := json.Unmarshal(g.Arcs, target); err != nil {
			return nil, fmt.Errorf("parse %s: arcs of %s: %w", path, g.Properties.Name, err)
		}
		code := codeless[g.Properties.Name]
		if g.ID != "" {
			region, err := language.ParseRegion(g.ID)
			if err != nil {
				return nil, fmt.Errorf("parse %s: number of %s: %w", path, g.Properties.Name, err)
			}
			code = region.String()
		}
		list = append(list, geometry{code, rings(arcs, polygons)})
	}
	return list, nil
}

func (t topology) degrees() [][]degrees {
	arcs := make([][]degrees, len(t.Arcs))
	for i, arc := range t.Arcs {
		x, y := 0.0, 0.0
		for _, step := range arc {
			x, y = x+step[0], y+step[1]
			arcs[i] = append(arcs[i], degrees{x*t.Transform.Scale[0] + t.Transform.Translate[0], y*t.Transform.Scale[1] + t.Transform.Translate[1]})
		}
	}
	return arcs
}

// rings joins arcs; each begins where the one before ends.
func rings(arcs [][]degrees, polygons [][][]int) (list [][]degrees) {
	for _, polygon := range polygons {
		for _, numbers := range polygon {
			var ring []degrees
			for _, n := range numbers {
				arc := arcs[max(n, ^n)]
				if n < 0 {
					arc = slices.Clone(arc)
					slices.Reverse(arc)
				}
				if len(ring) > 0 {
					arc = arc[1:]
				}
				ring = append(ring, arc...)
			}
			list = append(list, ring)
		}
	}
	return list
}

// parted cuts a ring where it crosses 180° of longitude, and moves all parts onto the map.
func parted(ring []degrees) (parts [][]degrees) {
	ring = unrolled(ring)
	lo, hi := extent(ring)
	for turn := math.Floor((lo.lon + 180) / 360); turn*360-180 < hi.lon; turn++ {
		part := cut(cut(ring, turn*360-180, 1), turn*360+180, -1)
		for i := range part {
			part[i].lon -= turn * 360
		}
		if len(part) > 2 {
			parts = append(parts, part)
		}
	}
	return parts
}

// unrolled goes on beyond 180° where the ring crosses it.
func unrolled(ring []degrees) []degrees {
	ring = slices.Clone(ring)
	for i := 1; i < len(ring); i++ {
		ring[i].lon += 360 * math.Round((ring[i-1].lon-ring[i].lon)/360)
	}
	return ring
}

// cut keeps what lies east of a longitude, or with a sign of -1 west of it (Sutherland and Hodgman, 1974).
func cut(ring []degrees, lon, sign float64) (kept []degrees) {
	for i, d := range ring {
		before := ring[(i+len(ring)-1)%len(ring)]
		if (before.lon-lon)*sign > 0 != ((d.lon-lon)*sign > 0) && before.lon != d.lon {
			part := (lon - before.lon) / (d.lon - before.lon)
			kept = append(kept, degrees{lon, before.lat + part*(d.lat-before.lat)})
		}
		if (d.lon-lon)*sign > 0 {
			kept = append(kept, d)
		}
	}
	return kept
}

// centre is the middle of the largest ring.
func centre(rings [][]degrees) degrees {
	largest := slices.MaxFunc(rings, func(a, b []degrees) int { return cmp.Compare(size(a), size(b)) })
	lo, hi := extent(largest)
	return degrees{(lo.lon + hi.lon) / 2, (lo.lat + hi.lat) / 2}
}

func size(ring []degrees) float64 {
	lo, hi := extent(ring)
	return (hi.lon - lo.lon) * (hi.lat - lo.lat)
}

func extent(ring []degrees) (lo, hi degrees) {
	lo, hi = ring[0], ring[0]
	for _, d := range ring {
		lo = degrees{min(lo.lon, d.lon), min(lo.lat, d.lat)}
		hi = degrees{max(hi.lon, d.lon), max(hi.lat, d.lat)}
	}
	return lo, hi
}

// project is a ring on the map, without the points that fall together.
func project(ring []degrees) (points []world.Point) {
	for _, d := range ring {
		if p := projected(d); len(points) == 0 || p != points[len(points)-1] {
			points = append(points, p)
		}
	}
	for len(points) > 1 && points[0] == points[len(points)-1] {
		points = points[:len(points)-1]
	}
	return points
}

// projected is a place on the map: Equal Earth (Šavrič, Patterson and Jenny, 2018), with the north at the top.
func projected(d degrees) world.Point {
	const a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
	lon, lat := d.lon*math.Pi/180, d.lat*math.Pi/180
	theta := math.Asin(math.Sqrt(3) / 2 * math.Sin(lat))
	t2 := theta * theta
	t6 := t2 * t2 * t2
	x := 2 * math.Sqrt(3) * lon * math.Cos(theta) / (3 * (9*a4*t6*t2 + 7*a3*t6 + 3*a2*t2 + a1))
	y := theta * (a1 + a2*t2 + t6*(a3+a4*t2))
	return world.Point{X: int(math.Round((x - west) * perUnit)), Y: int(math.Round((north - y) * perUnit))}
}

// The map reaches from 180° west to 180° east, and as far north as land does.
const (
	west    = -2.7066299836960748
	north   = 1.306
	perUnit = world.Width / (-2 * west)
)
