package chart

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"sentinel/internal/chart/world"
)

// World is a map of countries, each shaded by its value on a logarithmic scale.
type World struct {
	Title, Subtitle string
	Unit            string    // what a value counts, such as "flows"
	Countries       []Country // in any order, each code once
	Beside          []Bar     // figures that have no place on the map, such as those of private addresses
}

// Country is what one country has.
type Country struct {
	Code  string // ISO 3166-1 alpha-2, and XK for Kosovo; a code without a place is counted below the map
	Name  string
	Value float64 // negative, infinite and undefined ones are drawn as none
	Note  string  // the number as printed
}

// The measures of a map: a pixel is two of the table's, which keeps places in an SVG short.
const (
	mapScale  = 0.5
	mapLeft   = (pictureWidth - world.Width*mapScale) / 2
	placeSize = 4.5 // radius of a country without extent
	maxBeside = 4
)

// placed is a country of the chart with its outlines.
type placed struct {
	Country
	outline world.Country
}

// cleaned gives the countries that have a place, by code, and what is left out. A country without a value is none.
func (c World) cleaned() (_ World, list []placed, remarks remarks) {
	c.Title, c.Subtitle, c.Unit = clean(c.Title), clean(c.Subtitle), clean(c.Unit)
	var lost int
	var sum float64
	found := map[string]bool{}
	for _, country := range c.Countries {
		country.Value = drawn(country.Value)
		if country.Value == 0 || found[country.Code] {
			continue
		}
		at, ok := slices.BinarySearchFunc(world.Countries(), country.Code, func(w world.Country, code string) int { return cmp.Compare(w.Code, code) })
		if !ok {
			lost, sum = lost+1, drawn(sum+country.Value)
			continue
		}
		found[country.Code] = true
		country.Name = clean(cmp.Or(country.Name, country.Code))
		country.Note = clean(cmp.Or(country.Note, Number(country.Value)))
		list = append(list, placed{country, world.Countries()[at]})
	}
	slices.SortFunc(list, func(a, b placed) int { return cmp.Compare(a.Code, b.Code) })
	if lost > 0 {
		remarks = append(remarks, strings.TrimSpace(fmt.Sprintf("not on the map: codes without a place, %s %s", Number(sum), c.Unit)))
	}
	remarks = remarks.more(len(c.Beside)-maxBeside, "figure")
	beside, _ := Bars{Bars: c.Beside[:min(len(c.Beside), maxBeside)]}.cleaned()
	c.Beside = beside.Bars
	return c, list, remarks
}

// SVG implements Chart.
func (c World) SVG(w io.Writer) error { return c.scene().svg(w) }

// PNG implements Chart.
func (c World) PNG(w io.Writer) error { return c.scene().png(w) }

func (c World) scene() scene {
	c, list, remarks := c.cleaned()
	s, y := newSketch(c.Title, c.Subtitle)
	s.desc = describeWorld(c, list)
	steps := newSteps(valuesOf(list), byRatio)
	s.lands(list, y)
	for _, country := range list {
		s.country(country, y, steps.shade(country.Value), country.Name+": "+country.Note)
	}
	y += world.Height*mapScale + 34
	y = s.mapLegend(c, steps, y)
	return s.finish(y, remarks.String())
}

// lands draws the countries that have no value.
func (s *sketch) lands(list []placed, y float64) {
	for _, outline := range world.Countries() {
		_, isPlace := outline.Place()
		if !isPlace && !slices.ContainsFunc(list, func(p placed) bool { return p.Code == outline.Code }) {
			s.country(placed{outline: outline}, y, land, "")
		}
	}
}

// country draws one country of a map whose upper end is at y.
func (s *sketch) country(c placed, y float64, fill shade, tip string) {
	if at, ok := c.outline.Place(); ok {
		s.shapes = append(s.shapes, shape{form: disc{onMap(at, y), placeSize}, fill: fill, edge: paper, tip: tip})
		return
	}
	var a area
	for _, ring := range c.outline.Rings {
		var points []point
		for _, p := range ring {
			points = append(points, onMap(p, y))
		}
		a = append(a, points)
	}
	s.shapes = append(s.shapes, shape{form: a, fill: fill, edge: coast, tip: tip})
}

func onMap(p world.Point, y float64) point {
	return point{mapLeft + float64(p.X)*mapScale, y + float64(p.Y)*mapScale}
}

// mapLegend writes the scale and what has no place on the map, and returns where they end.
func (s *sketch) mapLegend(c World, steps steps, y float64) float64 {
	keys := append([]key{{"none", land}}, steps.labels()...)
	y = s.scaleLegend(c.Unit, keys, marginX, y)
	for _, b := range c.Beside {
		y += 28
		text := s.fit("Not on the map: "+b.Label+", "+b.Note, pictureWidth-2*marginX, labelStyle)
		s.write(text, marginX, y, start, labelStyle)
	}
	return y
}

func valuesOf(list []placed) func(func(float64) bool) {
	return func(yield func(float64) bool) {
		for _, p := range list {
			if !yield(p.Value) {
				return
			}
		}
	}
}

// largestFirst orders countries by value, equal ones by code.
func largestFirst(list []placed) []placed {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Compare(b.Value, a.Value) })
	return list
}

func describeWorld(c World, list []placed) string {
	if len(list) == 0 {
		return "no data"
	}
	var most []string
	for _, p := range largestFirst(list)[:min(len(list), 5)] {
		most = append(most, p.Name+": "+p.Note)
	}
	for _, b := range c.Beside {
		most = append(most, b.Label+": "+b.Note)
	}
	return strings.TrimSpace(fmt.Sprintf("%d countries by %s.", len(list), cmp.Or(c.Unit, "value"))) + " " + strings.Join(most, "; ") + "."
}

// WorldMap is the name under which a page registers WorldGeoJSON with ECharts before it draws a World.
const WorldMap = "world"

// WorldGeoJSON is the outlines for ECharts: a FeatureCollection whose features are named by code, in the map's own
// projection, so that no other may be applied.
func WorldGeoJSON() ([]byte, error) {
	features := []any{}
	for _, c := range world.Countries() {
		if _, isPlace := c.Place(); isPlace {
			continue
		}
		polygons := []any{}
		for _, ring := range c.Rings {
			coordinates := [][2]float64{}
			for _, p := range append(ring[:len(ring):len(ring)], ring[0]) {
				coordinates = append(coordinates, upright(p))
			}
			polygons = append(polygons, []any{coordinates})
		}
		features = append(features, object{
			"type": "Feature", "properties": object{"name": c.Code}, "geometry": object{"type": "MultiPolygon", "coordinates": polygons},
		})
	}
	return json.Marshal(object{"type": "FeatureCollection", "features": features})
}

// upright is a place with the north up, as ECharts has it.
func upright(p world.Point) [2]float64 {
	return [2]float64{float64(p.X) * mapScale, (world.Height - float64(p.Y)) * mapScale}
}

// ECharts implements Chart. The page has registered WorldGeoJSON as WorldMap.
func (c World) ECharts(t Theme) Option {
	c, list, _ := c.cleaned()
	o := t.option(c.Title + ". " + describeWorld(c, list))
	steps := newSteps(valuesOf(list), byRatio)
	countries, places := []any{}, []any{}
	for _, p := range list {
		tip := p.Name + ": " + p.Note
		if at, ok := p.outline.Place(); ok {
			xy := upright(at)
			item := tipped([]any{xy[0], xy[1], p.Value}, tip)
			item["name"] = p.Code
			places = append(places, t.in(steps.shade(p.Value), item))
			continue
		}
		item := tipped(p.Value, tip)
		item["name"] = p.Code
		countries = append(countries, item)
	}
	still := object{"disabled": true}
	o["geo"] = object{
		"map": WorldMap, "aspectScale": 1, "roam": true, "top": 36, "bottom": 8, "left": 8, "right": 8, "emphasis": still, "select": still,
		"itemStyle": object{"areaColor": land.hex(t), "borderColor": coast.hex(t)}, "tooltip": object{"show": false},
	}
	delete(o, "grid")
	o["series"] = []any{
		object{"type": "map", "geoIndex": 0, "data": countries},
		object{"type": "scatter", "coordinateSystem": "geo", "symbolSize": 9, "data": places, "itemStyle": object{"borderColor": paper.hex(t), "borderWidth": 1}},
	}
	legend := t.pieces(steps, 0)
	legend["seriesIndex"] = 0
	o["visualMap"] = legend
	return o
}

// textCountries is how many countries a terminal shows.
const textCountries = 20

// Text implements Chart: the largest countries as rows, since a map needs more than cells.
func (c World) Text(width int) string {
	c, list, remarks := c.cleaned()
	b := Bars{Title: c.Title, Subtitle: c.Subtitle, ValueAxis: c.Unit, Horizontal: true}
	for _, p := range list {
		b.Bars = append(b.Bars, Bar{Label: p.Name + " (" + p.Code + ")", Value: p.Value, Note: p.Note})
	}
	b = b.Top(textCountries, fmt.Sprintf("%d other countries", len(b.Bars)-textCountries))
	b.Bars = append(b.Bars, c.Beside...)
	t := &text{width: max(width, 0)}
	t.add(remarks.String())
	return b.Text(width) + t.String()
}
