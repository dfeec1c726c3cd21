package measure

import (
	"time"

	"sentinel/internal/engine"
	"sentinel/internal/report"
)

var hours = Measure{
	ID:    "hours",
	Title: "Connections by hour",
	Doc:   "Flows that began in each hour of the day, UTC, over all days; hours without flows are left out.",
	Attach: func(_ Config, folds *Folds) func(*report.Report) {
		var flows [24]int64
		folds.minutes = append(folds.minutes, func(minute engine.Minute) {
			flows[minute.Start/time.Hour.Microseconds()%24] += minute.Flows
		})
		return func(r *report.Report) {
			r.Hours = []report.Hour{}
			for hour, count := range flows {
				if count > 0 {
					r.Hours = append(r.Hours, report.Hour{Hour: hour, Flows: count})
				}
			}
		}
	},
}

// silenceFloor is the shortest stretch without flows that is worth a word.
const silenceFloor = time.Hour

var quality = Measure{
	ID:    "quality",
	Title: "Data quality",
	Doc:   "Flows that equal another in every column, and stretches of an hour or more without any flow.",
	Attach: func(_ Config, folds *Folds) func(*report.Report) {
		result := &report.Quality{}
		folds.duplicates = append(folds.duplicates, func(count int64) { result.Duplicates = count })
		previous := int64(-1)
		folds.minutes = append(folds.minutes, func(minute engine.Minute) {
			if end := previous + time.Minute.Microseconds(); previous >= 0 && minute.Start-end >= silenceFloor.Microseconds() {
				result.Silences = append(result.Silences, report.Silence{From: end, To: minute.Start})
			}
			previous = minute.Start
		})
		return func(r *report.Report) { r.Quality = result }
	},
}
