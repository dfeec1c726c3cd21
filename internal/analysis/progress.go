package analysis

import (
	"sync"

	"sentinel/internal/input"
	"sentinel/internal/measure"
	"sentinel/internal/report"
)

// Progress tells another goroutine how far the reading of captures is, and what is made of them.
type Progress struct {
	lock  sync.Mutex
	file  *input.File
	state report.Stage
}

func (p *Progress) begin(file *input.File) {
	if p == nil {
		return
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	p.file, p.state = file, report.Stage{Name: file.Name, Bytes: file.Size}
}

// Work begins some other work, whose steps are told to what it gives back.
func (p *Progress) Work(name string) measure.Progress {
	if p == nil {
		return nil
	}
	tell := func(step string, done, all int) {
		p.lock.Lock()
		defer p.lock.Unlock()
		p.file, p.state = nil, report.Stage{Work: name, Step: step, Steps: done, All: all}
	}
	tell("", 0, 0)
	return tell
}

// State may be asked at any time, from any goroutine.
func (p *Progress) State() report.Stage {
	p.lock.Lock()
	defer p.lock.Unlock()
	state := p.state
	if p.file != nil {
		state.Done = p.file.Progress()
	}
	return state
}
