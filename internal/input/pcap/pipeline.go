package pcap

import "sync"

// pipeline reads the pieces of a source on several goroutines and gives them back in order. Their number is fixed, and
// with it the memory.
type pipeline struct {
	source             source
	free, work, filled chan *piece // each has room for all pieces, so that sending never waits
	stop               chan struct{}
	running            sync.WaitGroup
	waiting            []*piece // filled out of turn, by their number
	due                int      // number of the next one in order
}

// newPipeline starts the goroutines. They run until the source ends or close is called.
func newPipeline(s source, threads int) *pipeline {
	count := (threads + 1) * together
	l := &pipeline{
		source: s, stop: make(chan struct{}), waiting: make([]*piece, count),
		free: make(chan *piece, count), work: make(chan *piece, count), filled: make(chan *piece, count),
	}
	for range count {
		l.free <- &piece{}
	}
	var workers sync.WaitGroup
	for range threads {
		workers.Go(l.read)
	}
	l.running.Go(l.split)
	l.running.Go(func() { workers.Wait(); close(l.filled) })
	return l
}

// split hands out the pieces.
func (l *pipeline) split() {
	defer close(l.work)
	for number := 0; ; number++ {
		select {
		case p := <-l.free:
			if !l.source.next(p) {
				return
			}
			p.number = number
			l.work <- p
		case <-l.stop:
			return
		}
	}
}

// together is how many pieces a goroutine reads in turns, as far as there are.
const together = 4

// read reads pieces until there are no more.
func (l *pipeline) read() {
	for p := range l.work {
		pieces := append(make([]*piece, 0, together), p)
		for len(pieces) < together {
			next, ok := l.more()
			if !ok {
				break
			}
			pieces = append(pieces, next)
		}
		readTogether(pieces)
		for _, p := range pieces {
			l.filled <- p
		}
	}
}

// more takes another piece, if there is one already.
func (l *pipeline) more() (*piece, bool) {
	select {
	case p, ok := <-l.work:
		return p, ok
	default:
		return nil, false
	}
}

// next gives the pieces in order, until there are no more.
func (l *pipeline) next() (*piece, bool) {
	for {
		place := &l.waiting[l.due%len(l.waiting)]
		if p := *place; p != nil {
			*place = nil
			l.due++
			return p, true
		}
		p, ok := <-l.filled
		if !ok {
			return nil, false
		}
		l.waiting[p.number%len(l.waiting)] = p
	}
}

// done takes a piece back.
func (l *pipeline) done(p *piece) {
	l.source.done(p)
	l.free <- p
}

// close ends the goroutines and waits for them.
func (l *pipeline) close() error {
	close(l.stop)
	l.running.Wait()
	return l.source.close()
}
