package analysis

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"

	"sentinel/internal/input"
)

// checksum is the SHA-256 of a file, worked out while the file is read for its flows. It is empty of a file that
// cannot be read again, such as standard input.
type checksum chan string

// sum begins to work out the checksum of a file, if checksums are wanted.
func (o *Options) sum(file *input.File) checksum {
	result := make(checksum, 1)
	if !o.Checksums || file.Path == "" || file.Path != file.Name {
		close(result)
		return result
	}
	path := file.Path // which changes where the file is copied for reading
	go func() {
		defer close(result)
		if sum, err := sumOf(path); err == nil { // whoever reads it for its flows tells the error
			result <- sum
		}
	}()
	return result
}

func sumOf(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	if _, err := io.CopyBuffer(hash, file, make([]byte, 1<<20)); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
