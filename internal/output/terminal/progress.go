package terminal

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"sentinel/internal/output"
	"sentinel/internal/report"
)

// ClearLine takes back the line of a Progress.
const ClearLine = "\r\x1b[K"

// Progress draws how far some work is, in one line.
type Progress struct {
	Begun time.Time // what is being done; Line keeps it
	what  string
}

// Line draws a stage.
func (p *Progress) Line(now time.Time, s report.Stage, width int) string {
	if what := cmp.Or(s.Work, s.Name); what != p.what {
		p.what, p.Begun = what, now
	}
	taken := now.Sub(p.Begun)
	switch {
	case s.Work != "":
		return working(s, taken, width)
	case s.Name == "":
		return "beginning" + elapsed(taken)
	}
	text := reading(s, taken)
	return fit(output.Printable(s.Name), max(width-len([]rune(text))-2, 0)) + " " + text
}

// reading tells how far a capture is read.
func reading(s report.Stage, taken time.Duration) string {
	rate := float64(s.Done) / max(taken.Seconds(), 0.001)
	switch {
	case s.Done == 0 && s.Bytes > 0:
		return "reading " + output.Bytes(s.Bytes) + elapsed(taken)
	case s.Bytes == 0:
		return fmt.Sprintf("reading %s, %s/s", output.Bytes(s.Done), output.Bytes(int64(rate)))
	case s.Done >= s.Bytes:
		return "finishing" + elapsed(taken)
	}
	return fmt.Sprintf("%s %3d %%, %s/s%s", gauge(s.Done, s.Bytes), 100*s.Done/s.Bytes, output.Bytes(int64(rate)), left(s.Bytes-s.Done, rate))
}

// working tells how many steps of some work are done, and which is next.
func working(s report.Stage, taken time.Duration, width int) string {
	text := s.Work
	if s.All > 0 {
		text += fmt.Sprintf(" %s %d of %d", gauge(int64(s.Steps), int64(s.All)), s.Steps, s.All)
	}
	text += elapsed(taken)
	if room := width - len([]rune(text)) - 3; s.Step != "" && room >= len([]rune(s.Step)) {
		text += ": " + s.Step
	}
	return text
}

// elapsed tells how long something takes already, once that is a second.
func elapsed(taken time.Duration) string {
	if taken < time.Second {
		return ""
	}
	return ", " + taken.Truncate(time.Second).String()
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
