// Package compare sets two captures side by side: what is new, gone or changed, and how surprising that is.
package compare

import (
	"cmp"
	"context"
	"math"
	"slices"

	"sentinel/internal/engine"
	"sentinel/internal/measure"
	"sentinel/internal/report"
	"sentinel/internal/stat"
)

// falseDiscoveryRate is the share of false changes among those that stand.
const falseDiscoveryRate = 0.05

// leastRatio is the smallest change worth a word: to the double or the half.
const leastRatio = 1.0

// session is how many flows come together: as many are one independent event.
const session = 10

// spreadFloor is the least spread of ln(ratio) between two ordinary days of one key.
const spreadFloor = 0.3

// volumes are what a dimension counts, by key.
type volumes map[string]volume

type volume struct {
	flows int64
	bytes int64
}

// sessions is about how many independent events the flows of a key are.
func (v volume) sessions() int64 { return (v.flows + session - 1) / session }

func (v volumes) add(key string, flows, bytes int64) {
	sum := v[key]
	sum.flows, sum.bytes = sum.flows+flows, sum.bytes+bytes
	v[key] = sum
}

// Run compares test with base in every dimension.
func Run(ctx context.Context, base, test engine.Engine, config measure.Config) (*report.Comparison, error) {
	result := &report.Comparison{}
	for i, dimension := range dimensions {
		config.Progress.Begin(dimension.title, i, len(dimensions))
		if dimension.needs != nil && !dimension.needs(config) {
			continue
		}
		before, err := dimension.count(ctx, base, config)
		if err != nil {
			return nil, err
		}
		after, err := dimension.count(ctx, test, config)
		if err != nil {
			return nil, err
		}
		result.Dimensions = append(result.Dimensions, contrast(dimension, before, after))
	}
	result.Standing, result.Tests = control(result.Dimensions)
	return result, nil
}

// contrast judges every key of a dimension. Captures of other length or activity shift all keys alike: a change
// is measured from the median shift, in spreads of the shifts of all keys and of the chance in small counts.
func contrast(d dimension, before, after volumes) report.Dimension {
	result := report.Dimension{ID: d.id, Title: d.title, Unit: d.unit(), KeysBefore: len(before), KeysAfter: len(after)}
	for key := range keys(before, after) {
		result.Changes = append(result.Changes, report.Change{
			Key: key, FlowsBefore: before[key].flows, FlowsAfter: after[key].flows,
			BytesBefore: before[key].bytes, BytesAfter: after[key].bytes, Kind: kindOf(before[key], after[key]),
		})
	}
	slices.SortFunc(result.Changes, func(a, b report.Change) int { return cmp.Compare(a.Key, b.Key) })
	var shifts []float64
	for _, change := range result.Changes {
		if change.Kind == report.Changed && change.FlowsBefore >= d.settled && change.FlowsAfter >= d.settled {
			shifts = append(shifts, d.shift(change))
		}
	}
	spread := ordinary(shifts)
	for i := range result.Changes {
		change := &result.Changes[i]
		shift := d.shift(*change) - spread.Median
		chance := session/(float64(change.FlowsBefore)+session/2) + session/(float64(change.FlowsAfter)+session/2)
		change.Log2 = shift / math.Ln2
		change.PValue = min(1, 2*stat.UpperTail(math.Abs(shift)/math.Sqrt(spread.Sigma*spread.Sigma+chance)))
	}
	result.New, result.NewExpected, result.NewPValue = novelty(before, after)
	return result
}

// ordinary is the shift and spread of ordinary days. Some keys change a lot from one day to the next, so the
// spread follows the outermost tenth where that lies farther out than the middle half tells.
func ordinary(shifts []float64) stat.Robust {
	spread := stat.RobustOf(shifts, spreadFloor)
	deviations := make([]float64, len(shifts))
	for i, shift := range shifts {
		deviations[i] = math.Abs(shift - spread.Median)
	}
	const outermost = 1.645 // of a normal variable, exceeded either way by 10 %
	spread.Sigma = max(spread.Sigma, stat.Quantile(deviations, 0.9)/outermost)
	return spread
}

func keys(before, after volumes) map[string]bool {
	all := map[string]bool{}
	for key := range before {
		all[key] = true
	}
	for key := range after {
		all[key] = true
	}
	return all
}

func kindOf(before, after volume) report.ChangeKind {
	switch {
	case before.flows == 0:
		return report.New
	case after.flows == 0:
		return report.Gone
	}
	return report.Changed
}

// novelty counts the new keys, how many Good and Turing's estimate expects from the base alone, and the chance of
// so many: keys seen in one session only tell how often a session is with a key never seen before.
func novelty(before, after volumes) (found int, expected, chance float64) {
	var once, sessions, drawn int64
	for _, volume := range before {
		sessions += volume.sessions()
		if volume.sessions() == 1 {
			once++
		}
	}
	for key, volume := range after {
		drawn += volume.sessions()
		if before[key].flows == 0 {
			found++
		}
	}
	expected = stat.GoodTuring(once, sessions) * float64(drawn)
	return found, expected, stat.PoissonUpper(int64(found), expected)
}

// control marks the changes that stand when at most a twentieth of them is to be false, over all dimensions.
func control(dimensions []report.Dimension) (standing, tests int) {
	var pValues []float64
	for _, dimension := range dimensions {
		for _, change := range dimension.Changes {
			pValues = append(pValues, change.PValue)
		}
	}
	stand := stat.Discoveries(pValues, len(pValues), falseDiscoveryRate)
	next := 0
	for d := range dimensions {
		for c := range dimensions[d].Changes {
			change := &dimensions[d].Changes[c]
			change.Stands = stand[next] && math.Abs(change.Log2) >= leastRatio
			next++
			if change.Stands {
				standing++
			}
		}
		sortChanges(dimensions[d].Changes)
	}
	return standing, len(pValues)
}

// sortChanges puts those that stand first, the least likely before the others.
func sortChanges(changes []report.Change) {
	slices.SortFunc(changes, func(a, b report.Change) int {
		if a.Stands != b.Stands {
			if a.Stands {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.PValue, b.PValue), cmp.Compare(math.Abs(b.Log2), math.Abs(a.Log2)), cmp.Compare(a.Key, b.Key))
	})
}
