package analysis

import (
	"sync"

	"sentinel/internal/input"
)

// Progress tells another goroutine how far the reading of captures is.
type Progress struct {
	lock  sync.Mutex
	file  *input.File
	state State
}

// State is how far the reading is.
type State struct {
	Name  string // of the capture that is being read; empty before the first
	Done  int64  // bytes of it that were read
	Bytes int64  // that it has; 0 for a stream
}

func (p *Progress) begin(file *input.File) {
	if p == nil {
		return
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	p.file, p.state = file, State{Name: file.Name, Bytes: file.Size}
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
