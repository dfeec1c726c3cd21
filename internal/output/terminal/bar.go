package terminal

import (
	"strings"

	"sentinel/internal/report"
)

// eighths are blocks that fill an eighth of a cell, two eighths, and so on.
var (
	eighthsAcross = []rune("▏▎▍▌▋▊▉█")
	eighthsUp     = []rune("▁▂▃▄▅▆▇█")
)

// bar draws a part of the largest value, which fills width cells. What is not zero is seen.
func bar(value, largest int64, width int) string {
	if value <= 0 || largest <= 0 {
		return ""
	}
	eighths := max(int(float64(value)/float64(largest)*float64(8*width)), 1)
	drawn := strings.Repeat(string(eighthsAcross[7]), eighths/8)
	if rest := eighths % 8; rest > 0 {
		drawn += string(eighthsAcross[rest-1])
	}
	return drawn
}

// sparkline draws a timeline in as many cells at most; a cell without flows is blank.
func sparkline(line *report.Timeline, width int) string {
	cells := make([]int64, min(len(line.Flows), width))
	for i, flows := range line.Flows {
		cells[i*len(cells)/len(line.Flows)] += flows
	}
	largest := int64(0)
	for _, flows := range cells {
		largest = max(largest, flows)
	}
	var b strings.Builder
	for _, flows := range cells {
		if flows == 0 {
			b.WriteRune(' ')
			continue
		}
		b.WriteRune(eighthsUp[min(int(float64(flows)/float64(largest)*8), 7)])
	}
	return b.String()
}
