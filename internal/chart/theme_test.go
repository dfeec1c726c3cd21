package chart_test

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sentinel/internal/chart"
)

var declaration = regexp.MustCompile(`--chart-([a-z0-9-]+):#([0-9a-f]{6});`)

// luminance of a colour (WCAG 2.2).
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		v := float64(n) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// TestContrast holds both themes to WCAG 2.2: 4.5 to 1 for text, 3 to 1 for what means something.
func TestContrast(t *testing.T) {
	for _, theme := range []chart.Theme{chart.Light, chart.Dark} {
		light := map[string]float64{}
		for _, m := range declaration.FindAllStringSubmatch(theme.CSS(), -1) {
			light[m[1]] = luminance(t, m[2])
		}
		if len(light) != 19 {
			t.Fatalf("%d colours in %s", len(light), theme.CSS())
		}
		for name, l := range light {
			want := 3.0
			switch name {
			case "paper", "grid", "span", "land":
				continue
			case "ink", "dim":
				want = 4.5
			}
			if got := contrast(l, light["paper"]); got < want {
				t.Errorf("theme %d: %s on paper has a contrast of %.2f, want %.1f", theme, name, got, want)
			}
		}
		for step := 2; step <= 6; step++ {
			now, before := light["scale-"+strconv.Itoa(step)], light["scale-"+strconv.Itoa(step-1)]
			if contrast(now, before) < 1.2 || contrast(now, light["paper"]) < contrast(before, light["paper"]) {
				t.Errorf("theme %d: step %d of the scale does not stand out from the one before", theme, step)
			}
		}
	}
	if strings.Contains(chart.Light.CSS(), "none") {
		t.Error("no colour is a colour")
	}
}
