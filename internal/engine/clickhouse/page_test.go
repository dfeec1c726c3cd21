package clickhouse

import (
	"errors"
	"fmt"
	"iter"
	"testing"
)

func listed(sizes []int64, err error) iter.Seq2[int64, error] {
	return func(yield func(int64, error) bool) {
		for _, size := range sizes {
			if !yield(size, nil) {
				return
			}
		}
		if err != nil {
			yield(0, err)
		}
	}
}

func TestPages(t *testing.T) {
	const full = pageFlows
	for _, example := range []struct {
		sizes []int64
		want  string
	}{
		{nil, "[]"},
		{[]int64{1}, "[{1 1}]"},
		{[]int64{1, 2, full - 3}, fmt.Sprintf("[{1 %d}]", full-3)},
		{[]int64{1, 2, full - 2}, fmt.Sprintf("[{1 2} {%d %d}]", full-2, full-2)},
		{[]int64{5, 3 * full, 6, 7}, fmt.Sprintf("[{5 5} {%d %d} {6 7}]", 3*full, 3*full)},
	} {
		pages, err := cut(listed(example.sizes, nil), func(size int64) int64 { return size })
		if got := fmt.Sprint(pages); got != example.want || err != nil {
			t.Errorf("%v: pages %s, error %v, want %s", example.sizes, got, err, example.want)
		}
	}
	broken := errors.New("broken")
	if _, err := cut(listed([]int64{1}, broken), func(size int64) int64 { return size }); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}
