package nfcapd

// source gives the blocks of a file in their order, decompressed.
type source interface {
	// next gives a block, which is the caller's until it asks again. Its error is io.EOF at the end.
	next() (*block, error)
	close()
}

// alone reads and decompresses when it is asked.
type alone struct {
	blocks blocks
	block  block
}

func (a *alone) next() (*block, error) {
	if err := a.blocks.next(&a.block); err != nil {
		return nil, err
	}
	a.block.unpack(a.blocks.header.compression)
	return &a.block, nil
}

func (a *alone) close() {}

// ahead reads and decompresses while records are being taken: one goroutine reads, others decompress.
type ahead struct {
	blocks blocks
	order  chan *job // as they lie in the file
	work   chan *job
	free   chan *job
	stop   chan struct{}
	over   chan struct{} // closed when no goroutine reads the file any more
	last   *job
}

// job is a block on its way.
type job struct {
	block block
	err   error
	done  chan struct{}
}

// newAhead starts threads goroutines that decompress. Of each it holds two blocks, so that none waits for another.
func newAhead(b blocks, threads int) *ahead {
	held := 2 * threads
	a := &ahead{
		blocks: b, order: make(chan *job, held), work: make(chan *job, held), free: make(chan *job, held),
		stop: make(chan struct{}), over: make(chan struct{}),
	}
	for range held {
		a.free <- &job{done: make(chan struct{}, 1)}
	}
	go a.read()
	for range threads {
		go a.unpack()
	}
	return a
}

// read takes free jobs and fills them, until the file or its reader ends.
func (a *ahead) read() {
	defer close(a.over)
	defer close(a.work)
	for {
		select {
		case <-a.stop:
			return
		case job := <-a.free:
			job.err = a.blocks.next(&job.block)
			a.order <- job
			if job.err != nil {
				job.done <- struct{}{}
				return
			}
			a.work <- job
		}
	}
}

func (a *ahead) unpack() {
	for job := range a.work {
		job.block.unpack(a.blocks.header.compression)
		job.done <- struct{}{}
	}
}

func (a *ahead) next() (*block, error) {
	if a.last != nil {
		a.free <- a.last
	}
	a.last = <-a.order
	<-a.last.done
	return &a.last.block, a.last.err
}

// close ends the goroutines. What they read from may be closed afterwards.
func (a *ahead) close() {
	close(a.stop)
	<-a.over
}
