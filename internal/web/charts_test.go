package web_test

import (
	"encoding/json"
	"net/http"
	"testing"
)

// drawing is what a chart's address gives.
type drawing struct {
	Option struct {
		Series []struct {
			Type string
			Data []any
		}
		Tooltip struct{ RenderMode string }
	}
	Links map[string]string
	Brush string
}

func chartAt(t *testing.T, target string) (d drawing) {
	t.Helper()
	w := request(t, sampleSite(t), target)
	want(t, w, http.StatusOK)
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%s: %v, %s", target, err, w.Header().Get("Content-Type"))
	}
	if d.Option.Tooltip.RenderMode != "richText" {
		t.Errorf("%s: tips are %q", target, d.Option.Tooltip.RenderMode)
	}
	return d
}

func TestCharts(t *testing.T) {
	for target, kind := range map[string]string{
		"/chart/timeline": "line", "/chart/week": "heatmap", "/chart/hours": "bar", "/chart/world": "map", "/chart/edges": "graph",
		"/chart/contacts?" + beaconQuery: "scatter", "/chart/gaps?" + beaconQuery: "bar", "/chart/up?" + beaconQuery: "bar", "/chart/down?" + beaconQuery: "bar",
	} {
		d := chartAt(t, target)
		if len(d.Option.Series) == 0 || d.Option.Series[0].Type != kind || len(d.Option.Series[0].Data) == 0 {
			t.Errorf("%s: %+v", target, d.Option.Series)
		}
	}
}

const beaconQuery = "dst=203.0.113.66&port=8443&proto=tcp&src=192.0.2.17"

func TestChartsLead(t *testing.T) {
	if d := chartAt(t, "/chart/world?port=443&theme=dark"); d.Links["DE"] != "/?country=DE&port=443" {
		t.Errorf("world: %v", d.Links)
	}
	if d := chartAt(t, "/chart/world?host=192.0.2.17&pin=host"); d.Links["DE"] != "/host/192.0.2.17?country=DE" {
		t.Errorf("world of a host: %v", d.Links)
	}
	if d := chartAt(t, "/chart/timeline?port=443&from=2024-06-03T06:00:00"); d.Brush != "/?port=443" {
		t.Errorf("timeline: %s", d.Brush)
	}
	if d := chartAt(t, "/chart/edges"); d.Links["192.0.2.17 > 192.0.2.2"] != "/?dst=192.0.2.2&src=192.0.2.17" || d.Links["192.0.2.2"] != "/host/192.0.2.2" {
		t.Errorf("edges: %v", d.Links)
	}
}

// The timeline covers what is chosen, also where nothing was.
func TestTimelineIsEven(t *testing.T) {
	d := chartAt(t, "/chart/timeline?from=2024-06-03T06:00:00&to=2024-06-03T12:00:00&port=8443")
	data := d.Option.Series[0].Data
	first, last := data[0].([]any)[0].(float64)/1000, data[len(data)-1].([]any)[0].(float64)/1000
	if begin := float64(began.Unix()) + 6*3600; first > begin+60 || first < begin-600 || last < begin+6*3600-900 || last > begin+6*3600+900 {
		t.Errorf("from %v to %v after it begins", first-float64(began.Unix()), last-float64(began.Unix()))
	}
	if len(data) < 30 {
		t.Errorf("%d points", len(data))
	}
}

func TestChartsOfNothing(t *testing.T) {
	site := sampleSite(t)
	for _, target := range []string{"/chart/timeline?port=9", "/chart/week?port=9", "/chart/world?port=9", "/chart/edges?port=9"} {
		want(t, request(t, site, target), http.StatusOK)
	}
	want(t, request(t, site, "/chart/gaps?dst=203.0.113.66&port=9&proto=tcp&src=192.0.2.17"), http.StatusNotFound)
	want(t, request(t, site, "/chart/gaps?port=9"), http.StatusBadRequest)
}
