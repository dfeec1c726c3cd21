package eval

import (
	"context"
	"fmt"

	"sentinel/internal/detect"
	"sentinel/internal/synth"
)

// trials is how many networks stand behind each point of a curve.
const trials = 20

// curves measures every power curve, and writes each as a table.
type curves struct {
	ctx       context.Context
	detectors map[string]detect.Detector
	err       error // the first; nothing is measured after it
}

func (c *curves) at(point Point, detector string) Power {
	if c.err != nil {
		return Power{}
	}
	var power Power
	power, c.err = Measure(c.ctx, point, trials, c.detectors[detector])
	return power
}

// beacon varies one param of a beacon, the others being those of params.
func (c *curves) beacon(title, param string, params map[string]float64, values []float64, say func(float64) string) string {
	rows := [][]string{{title, "contacts", "found", "RITA's mean score", "RITA medium"}}
	for _, value := range values {
		rows = append(rows, beaconRow(say(value), c.at(beaconAt(param, params, value), "beacon")))
	}
	return table(rows)
}

func beaconAt(param string, params map[string]float64, value float64) Point {
	all := map[string]float64{param: value}
	for name, other := range params {
		all[name] = other
	}
	days := 1
	if all["period"] > 3_600 {
		days = 7
	}
	if param == "contacts" {
		delete(all, param)
		all["period"], days = 86_400/value, 1
	}
	return Point{Attack: synth.Attack{Name: "beacon", Params: all}, Days: days}
}

func beaconRow(label string, power Power) []string {
	return []string{label, fmt.Sprintf("%.0f", power.Mean), power.Seen.Percent(), fmt.Sprintf("%.2f", power.RITA), power.RITASeen.Percent()}
}

func (c *curves) random(gaps []float64) string {
	rows := [][]string{{"mean gap", "contacts", "found, at any severity", "RITA's mean score", "RITA medium"}}
	for _, gap := range gaps {
		var power Power
		if c.err == nil {
			power, c.err = MeasureRandom(c.ctx, Random{gap}, trials, c.detectors["beacon"])
		}
		rows = append(rows, beaconRow(seconds(gap), power))
	}
	return table(rows)
}

func (c *curves) exfil(multiples []float64) string {
	rows := [][]string{{"over an average day's uploads", "MB", "4 h, with baseline", "4 h, without", "22 h, with baseline", "22 h, without"}}
	for _, multiple := range multiples {
		row := []string{fmt.Sprintf("%g", multiple), ""}
		for _, name := range []string{"exfil", "exfil-slow"} {
			for _, baseline := range []bool{true, false} {
				attack := synth.Attack{Name: name, Params: map[string]float64{"multiple": multiple}}
				power := c.at(Point{Attack: attack, Baseline: baseline}, "exfil")
				row[1] = fmt.Sprintf("%.1f", power.Mean/1e6)
				row = append(row, power.Seen.Percent())
			}
		}
		rows = append(rows, row)
	}
	return table(rows)
}

// scanSpeed tries 100 addresses of the network, at several speeds.
func (c *curves) scanSpeed(gaps []float64) string {
	rows := [][]string{{"one probe every", "probes", "found"}}
	for _, gap := range gaps {
		power := c.at(scanAt(gap, 100), "scan")
		rows = append(rows, []string{seconds(gap), fmt.Sprintf("%.0f", power.Mean), power.Seen.Percent()})
	}
	return table(rows)
}

func (c *curves) scanTargets(targets []float64) string {
	rows := [][]string{{"addresses, or ports of one", "horizontal, a second apart", "horizontal, 4 min apart", "vertical"}}
	for _, count := range targets {
		vertical := Point{Attack: synth.Attack{Name: "scan-vertical", Strength: count / 1_024}}
		rows = append(rows, []string{
			fmt.Sprint(count), c.at(scanAt(1, count), "scan").Seen.Percent(), c.at(scanAt(240, count), "scan").Seen.Percent(),
			c.at(vertical, "scan").Seen.Percent(),
		})
	}
	return table(rows)
}

// scanAt orders a scan of so many addresses; 220 is the generator's scan of strength 1.
func scanAt(gap, targets float64) Point {
	return Point{Attack: synth.Attack{Name: "scan-horizontal", Strength: targets / 220, Params: map[string]float64{"gap": gap}}}
}

// seconds prints a time in the unit that suits it.
func seconds(s float64) string {
	switch {
	case s >= 3_600:
		return fmt.Sprintf("%g h", s/3_600)
	case s >= 60:
		return fmt.Sprintf("%g min", s/60)
	}
	return fmt.Sprintf("%g s", s)
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

func plain(x float64) string { return fmt.Sprintf("%g", x) }
