package web

import (
	"container/list"
	"context"
	"fmt"
	"html/template"
	"iter"
	"sync"

	"sentinel/internal/explore"
	"sentinel/internal/flow"
)

// memo asks an explorer each question once and no more than a few at a time: a page asks the same for a table and for
// the chart beside it, and the button back asks again what was just answered.
type memo struct {
	explorer explore.Explorer
	gate     gate
	lock     sync.Mutex
	answers  map[string]*list.Element // of *answer
	used     *list.List               // latest first
	weight   int64                    // of all answers
	sections sections
}

// sections are those of the HTML report, by name.
type sections struct {
	once   sync.Once
	bodies map[string]template.HTML
	err    error
}

// answer is one that is there or on its way.
type answer struct {
	question string
	done     chan struct{}
	value    any
	weight   int64
	err      error
}

// Bounds of what is remembered, by number and by about as many bytes.
const (
	mostAnswers = 512
	mostWeight  = 64 << 20
)

// weight is about how many bytes an answer takes.
func weight(value any) int64 {
	const row, contact = 256, 24 // a row has texts besides
	switch value := value.(type) {
	case ranking:
		return row * int64(len(value.rows)+1)
	case []explore.Contact:
		return contact * int64(len(value)+1)
	case []flow.Flow:
		return row * int64(len(value)+1)
	}
	return 8 << 10 // a week, a timeline, sums
}

func newMemo(explorer explore.Explorer) *memo {
	return &memo{explorer: explorer, gate: newGate(mostQuestions), answers: map[string]*list.Element{}, used: list.New()}
}

// remember gives the answer to a question from memory, or asks. Who asks in the meantime waits for the same answer.
// A question that failed is asked again the next time.
func remember[T any](ctx context.Context, m *memo, question string, ask func(context.Context) (T, error)) (T, error) {
	for {
		a, mine := m.find(question)
		if mine {
			value, err := m.ask(ctx, a, func() (any, error) { return ask(ctx) })
			result, _ := value.(T)
			return result, err
		}
		select {
		case <-a.done:
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		}
		if a.err == nil {
			return a.value.(T), nil
		}
		// Who asked may have gone away, which says nothing about the question.
		if ctx.Err() != nil || !isCancelled(a.err) {
			var none T
			return none, a.err
		}
	}
}

// find gives the place of an answer, and whether the caller is to fill it.
func (m *memo) find(question string) (_ *answer, mine bool) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if element, ok := m.answers[question]; ok {
		m.used.MoveToFront(element)
		return element.Value.(*answer), false
	}
	a := &answer{question: question, done: make(chan struct{})}
	m.answers[question] = m.used.PushFront(a)
	m.evict()
	return a, true
}

// evict forgets the answers that were not asked for longest. One on its way may be among them; who waits still gets it.
func (m *memo) evict() {
	for m.used.Len() > mostAnswers || m.weight > mostWeight && m.used.Len() > 1 {
		m.drop(m.used.Back())
	}
}

func (m *memo) drop(element *list.Element) {
	a := m.used.Remove(element).(*answer)
	m.weight -= a.weight
	delete(m.answers, a.question)
}

// weigh counts an answer that has come, if it is still remembered.
func (m *memo) weigh(a *answer) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if element, ok := m.answers[a.question]; ok && element.Value.(*answer) == a {
		a.weight = weight(a.value)
		m.weight += a.weight
		m.evict()
	}
}

// ask fills the place of an answer, even where asking panics: others wait for it.
func (m *memo) ask(ctx context.Context, a *answer, ask func() (any, error)) (value any, err error) {
	a.err = fmt.Errorf("the question was not answered")
	defer func() {
		if a.err != nil {
			m.forget(a)
		}
		close(a.done)
	}()
	if err := m.gate.enter(ctx); err != nil {
		a.err = err
		return nil, err
	}
	defer m.gate.leave()
	if a.value, a.err = ask(); a.err == nil {
		m.weigh(a)
	}
	return a.value, a.err
}

func (m *memo) forget(a *answer) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if element, ok := m.answers[a.question]; ok && element.Value.(*answer) == a {
		m.drop(element)
	}
}

// key names a question about the flows that a filter chooses.
func key(what string, filter explore.Filter, more ...any) string {
	return fmt.Sprint(what, "?", writeFilter(filter).Encode(), more)
}

func (m *memo) totals(ctx context.Context, filter explore.Filter) (explore.Totals, error) {
	return remember(ctx, m, key("totals", filter), func(ctx context.Context) (explore.Totals, error) {
		return m.explorer.Totals(ctx, filter)
	})
}

// timeline is what Timeline answers.
type timeline struct {
	step int64
	rows []explore.Moment
}

func (m *memo) timeline(ctx context.Context, filter explore.Filter, steps int) (timeline, error) {
	return remember(ctx, m, key("timeline", filter, steps), func(ctx context.Context) (t timeline, err error) {
		t.step, t.rows, err = m.explorer.Timeline(ctx, filter, steps)
		return t, err
	})
}

func (m *memo) week(ctx context.Context, filter explore.Filter) ([7][24]int64, error) {
	return remember(ctx, m, key("week", filter), func(ctx context.Context) ([7][24]int64, error) {
		return m.explorer.Week(ctx, filter)
	})
}

// ranking is what Top answers.
type ranking struct {
	rows   []explore.Row
	values int64
}

func (m *memo) top(ctx context.Context, filter explore.Filter, by explore.Dimension, rows int) (ranking, error) {
	return remember(ctx, m, key(string(by), filter, rows), func(ctx context.Context) (r ranking, err error) {
		r.rows, r.values, err = m.explorer.Top(ctx, filter, by, rows)
		return r, err
	})
}

func (m *memo) channel(ctx context.Context, channel explore.Channel, limit int) ([]explore.Contact, error) {
	return remember(ctx, m, fmt.Sprint("channel", channel, limit), func(ctx context.Context) ([]explore.Contact, error) {
		contacts, _, err := m.explorer.Channel(ctx, channel, limit)
		return contacts, err
	})
}

func (m *memo) flows(ctx context.Context, filter explore.Filter, offset, limit int64) ([]flow.Flow, error) {
	return remember(ctx, m, key("flows", filter, offset, limit), func(ctx context.Context) (flows []flow.Flow, err error) {
		for f, err := range m.explorer.Flows(ctx, filter, offset, limit) {
			if err != nil {
				return nil, err
			}
			flows = append(flows, f)
		}
		return flows, nil
	})
}

// stream gives flows one by one, which are not remembered.
func (m *memo) stream(ctx context.Context, filter explore.Filter) iter.Seq2[flow.Flow, error] {
	return m.explorer.Flows(ctx, filter, 0, 0)
}
