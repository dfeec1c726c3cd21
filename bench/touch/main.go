//go:build unix

// Command touch maps a file into memory and adds up every 64th byte, on one thread: the least that any program does
// that looks at all of a capture. It is what Sentinel's speed is measured against.
//
//	touch FILE
package main

import (
	"fmt"
	"log"
	"os"
	"syscall"
)

const cacheLine = 64 // bytes

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: touch FILE")
	}
	file, err := os.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		log.Fatal(err)
	}
	content, err := syscall.Mmap(int(file.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		log.Fatal(err)
	}
	var sum uint64
	for i := 0; i < len(content); i += cacheLine {
		sum += uint64(content[i])
	}
	fmt.Println(sum)
}
