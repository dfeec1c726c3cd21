package terminal

import (
	"fmt"
	"strings"
	"time"

	"sentinel/internal/output"
)

// ClearLine takes back the line of a Progress.
const ClearLine = "\r\x1b[K"

// Progress draws how far the reading of inputs is, in one line.
type Progress struct {
	Begun time.Time // of the input that is being read; Line keeps it
	name  string
}

// Line draws the input of that name, of which so many bytes are read; total is 0 where it is not known.
func (p *Progress) Line(now time.Time, name string, done, total int64, width int) string {
	if name != p.name {
		p.name, p.Begun = name, now
	}
	seconds := max(now.Sub(p.Begun).Seconds(), 0.001)
	rate := float64(done) / seconds
	text := fmt.Sprintf("reading %s, %s/s", output.Bytes(done), output.Bytes(int64(rate)))
	if total > 0 {
		text = fmt.Sprintf("%s %3d %%, %s/s%s", gauge(done, total), min(100, 100*done/total), output.Bytes(int64(rate)), left(total-done, rate))
	}
	if done >= total && total > 0 {
		text = "analysing"
	}
	room := width - len([]rune(text)) - 2
	return fit(output.Printable(name), max(room, 0)) + " " + text
}

const gaugeWidth = 20

// gauge draws a share as a bar.
func gauge(done, total int64) string {
	full := int(min(gaugeWidth, gaugeWidth*done/total))
	return "[" + strings.Repeat("#", full) + strings.Repeat(" ", gaugeWidth-full) + "]"
}

func left(bytes int64, rate float64) string {
	if rate < 1 {
		return ""
	}
	return fmt.Sprintf(", %s left", (time.Duration(float64(bytes)/rate) * time.Second).Round(time.Second))
}

// fit keeps the end of a name, which tells files apart.
func fit(name string, width int) string {
	runes := []rune(name)
	if len(runes) <= width {
		return name
	}
	if width < 2 {
		return ""
	}
	return "…" + string(runes[len(runes)-width+1:])
}
