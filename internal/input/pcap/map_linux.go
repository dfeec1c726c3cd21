package pcap

import (
	"errors"
	"math"
	"os"
	"syscall"
)

// mapping is a file in memory.
type mapping []byte

// openMapping maps a whole file for reading.
func openMapping(path string) (mapping, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() <= 0 || info.Size() > math.MaxInt {
		return nil, errors.New("does not fit into the address space")
	}
	return syscall.Mmap(int(file.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
}

func (m mapping) close() error { return syscall.Munmap(m) }

// release gives back the memory of m[from:till], which can still be read. It is advice: errors do not matter. Pages come
// in by faults, 16 at a time; to ask for all of them at once (MADV_POPULATE_READ) took longer.
func (m mapping) release(from, till int) {
	from &^= os.Getpagesize() - 1
	if till = min(till, len(m)); from < till {
		_ = syscall.Madvise(m[from:till], syscall.MADV_DONTNEED)
	}
}
