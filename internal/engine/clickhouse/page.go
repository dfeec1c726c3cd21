package clickhouse

import "iter"

// pageFlows is how many flows an answer with lists of flows may hold: a block of it lies in memory whole, 50 MB of text.
const pageFlows = 1 << 20

// page is a part of what is asked, from the first to the last key, in the order of the answer.
type page[Key any] struct{ first, last Key }

// inPages asks page by page for what belongs to keys, of which flows tells the size. The flows of one key are never
// parted, so there the bound is its own size.
func inPages[Key, Row any](
	keys iter.Seq2[Key, error], flows func(Key) int64, ask func(page[Key]) iter.Seq2[Row, error],
) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		pages, err := cut(keys, flows)
		if err != nil {
			var none Row
			yield(none, err)
			return
		}
		for _, p := range pages {
			for row, err := range ask(p) {
				if !yield(row, err) || err != nil {
					return
				}
			}
		}
	}
}

// cut makes the pages.
func cut[Key any](keys iter.Seq2[Key, error], flows func(Key) int64) (pages []page[Key], err error) {
	held := int64(pageFlows)
	for key, err := range keys {
		if err != nil {
			return nil, err
		}
		if held += flows(key); held > pageFlows || len(pages) == 0 {
			pages = append(pages, page[Key]{first: key})
			held = flows(key)
		}
		pages[len(pages)-1].last = key
	}
	return pages, nil
}
