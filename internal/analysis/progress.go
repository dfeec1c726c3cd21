package analysis

import (
	"sync"

	"sentinel/internal/input"
	"sentinel/internal/measure"
)

// Progress tells another goroutine how far the reading of captures is, and what is made of them.
type Progress struct {
	lock  sync.Mutex
	file  *input.File
	state State
}

// State is how far the work is.
type State struct {
	Name  string // of the capture that is being read; empty before the first
	Done  int64  // bytes of it that were read; 0 too where the engine reads it, which does not tell
	Bytes int64  // that it has; 0 for a stream
	Work  string // what is done when it is read, such as measuring
	Step  string // of the work, which is done now; may be empty
	Steps int    // of the work that are done
	All   int    // steps that there are; 0 where nobody knows
}

func (p *Progress) begin(file *input.File) {
	if p == nil {
		return
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	p.file, p.state = file, State{Name: file.Name, Bytes: file.Size}
}

// Work begins some other work, whose steps are told to what it gives back.
func (p *Progress) Work(name string) measure.Progress {
	if p == nil {
		return nil
	}
	tell := func(step string, done, all int) {
		p.lock.Lock()
		defer p.lock.Unlock()
		p.file, p.state = nil, State{Work: name, Step: step, Steps: done, All: all}
	}
	tell("", 0, 0)
	return tell
}

// State may be asked at any time, from any goroutine.
func (p *Progress) State() State {
	p.lock.Lock()
	defer p.lock.Unlock()
	state := p.state
	if p.file != nil {
		state.Done = p.file.Progress()
	}
	return state
}
