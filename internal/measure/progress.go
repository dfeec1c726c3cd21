package measure

// Progress is told of each step of some work before it begins: what it is, and how many of all are done.
type Progress func(step string, done, all int)

// Begin tells of a step; a nil Progress is told nothing.
func (p Progress) Begin(step string, done, all int) {
	if p != nil {
		p(step, done, all)
	}
}
