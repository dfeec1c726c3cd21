package wire

import (
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// compressions are what a file may be wrapped in, by the ending of its name. All compress fast rather than well, and
// on one core, so that the same packets give the same bytes.
var compressions = map[string]func(io.Writer) (io.WriteCloser, error){
	".gz": func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, gzip.BestSpeed) },
	".zst": func(w io.Writer) (io.WriteCloser, error) {
		return zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	},
}

// splitCompression takes the ending of a compression off a name.
func splitCompression(name string) (plain, ending string) {
	for ending := range compressions {
		if plain, found := strings.CutSuffix(name, ending); found {
			return plain, ending
		}
	}
	return name, ""
}

// Compressed calls write with what wraps w as the ending of the name says, or with w itself.
func Compressed(w io.Writer, name string, write func(io.Writer) error) error {
	_, ending := splitCompression(name)
	if ending == "" {
		return write(w)
	}
	wrapper, err := compressions[ending](w)
	if err != nil {
		return err
	}
	if err := write(wrapper); err != nil {
		return err
	}
	return wrapper.Close()
}
