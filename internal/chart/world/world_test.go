package world_test

import (
	"slices"
	"testing"

	"sentinel/internal/chart/world"
)

func find(t *testing.T, code string) world.Country {
	t.Helper()
	i := slices.IndexFunc(world.Countries(), func(c world.Country) bool { return c.Code == code })
	if i < 0 {
		t.Fatalf("the map lacks %s", code)
	}
	return world.Countries()[i]
}

// extent is the box around a country.
func extent(c world.Country) (lo, hi world.Point) {
	lo, hi = c.Rings[0][0], c.Rings[0][0]
	for _, ring := range c.Rings {
		for _, p := range ring {
			lo, hi = world.Point{X: min(lo.X, p.X), Y: min(lo.Y, p.Y)}, world.Point{X: max(hi.X, p.X), Y: max(hi.Y, p.Y)}
		}
	}
	return lo, hi
}

func TestCountries(t *testing.T) {
	list := world.Countries()
	if len(list) < 245 {
		t.Errorf("%d countries", len(list))
	}
	for i, c := range list {
		if len(c.Code) != 2 || i > 0 && list[i-1].Code >= c.Code {
			t.Errorf("%q comes after %q", c.Code, list[max(i-1, 0)].Code)
		}
		if lo, hi := extent(c); lo.X < 0 || lo.Y < 0 || hi.X > world.Width || hi.Y > world.Height {
			t.Errorf("%s reaches from %v to %v", c.Code, lo, hi)
		}
		for _, ring := range c.Rings {
			if _, isPlace := c.Place(); len(ring) < 3 && !isPlace {
				t.Errorf("%s has a ring of %d points", c.Code, len(ring))
			}
		}
	}
}

func TestPlaces(t *testing.T) {
	for _, code := range []string{"SG", "HK", "MT", "LI", "AD", "MC", "VA", "BH", "MU", "GI", "JE", "GP", "RE", "TK"} {
		if _, isPlace := find(t, code).Place(); !isPlace {
			t.Errorf("%s is no place without extent", code)
		}
	}
	for _, code := range []string{"US", "LU", "XK", "TW", "PS", "EH", "CY", "SO", "GF"} {
		if _, isPlace := find(t, code).Place(); isPlace {
			t.Errorf("%s has no outline", code)
		}
	}
}

// TestGeography compares where countries lie with the globe.
func TestGeography(t *testing.T) {
	middle := func(code string) world.Point {
		lo, hi := extent(find(t, code))
		return world.Point{X: (lo.X + hi.X) / 2, Y: (lo.Y + hi.Y) / 2}
	}
	for _, test := range [][2]string{{"US", "DE"}, {"DE", "CN"}, {"BR", "ZA"}, {"IN", "JP"}, {"GF", "FR"}} {
		if middle(test[0]).X >= middle(test[1]).X {
			t.Errorf("%s lies east of %s", test[0], test[1])
		}
	}
	for _, test := range [][2]string{{"NO", "IT"}, {"IT", "EG"}, {"EG", "ZA"}, {"SG", "AU"}, {"MT", "LY"}} {
		if middle(test[0]).Y >= middle(test[1]).Y {
			t.Errorf("%s lies south of %s", test[0], test[1])
		}
	}
	// The equator crosses Kenya, and Africa lies around the middle of the map.
	lo, hi := extent(find(t, "KE"))
	if equator := 532; lo.Y > equator || hi.Y < equator {
		t.Errorf("Kenya reaches from %v to %v", lo, hi)
	}
	for _, ring := range find(t, "RU").Rings {
		lo, hi := extent(world.Country{Rings: [][]world.Point{ring}})
		if hi.X-lo.X > world.Width*3/4 {
			t.Errorf("a part of Russia spans the map from %v to %v: it is not cut at 180 degrees", lo, hi)
		}
	}
}

func TestDecodeCutShort(t *testing.T) {
	var list []*world.Country
	for _, c := range world.Countries()[:20] {
		list = append(list, &c)
	}
	data := world.Encode(list)
	decoded, err := world.Decode(data)
	if err != nil || len(decoded) != 20 || !slices.EqualFunc(decoded, list, func(a world.Country, b *world.Country) bool {
		return a.Code == b.Code && slices.EqualFunc(a.Rings, b.Rings, slices.Equal[[]world.Point])
	}) {
		t.Errorf("decoded %d countries of 20, or other ones: %v", len(decoded), err)
	}
	for size := range data {
		if _, err := world.Decode(data[:size]); err == nil {
			t.Fatalf("cut to %d of %d bytes: decoded", size, len(data))
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(world.Encode([]*world.Country{{Code: "DE", Rings: [][]world.Point{{{X: 1, Y: 2}, {X: 5, Y: 2}, {X: 3, Y: 9}}}}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := world.Decode(data)
		if err == nil && len(list) > len(data) {
			t.Errorf("%d countries in %d bytes", len(list), len(data))
		}
	})
}
