package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v3"

	"sentinel/internal/allow"
	"sentinel/internal/analysis"
	"sentinel/internal/detect/threatintel"
	"sentinel/internal/intel"
	"sentinel/internal/report"
)

// listsFrom reads the lists of what is known to be harmless and of what others report.
func listsFrom(command *cli.Command, options *analysis.Options) error {
	if files := command.StringSlice("allow"); len(files) > 0 {
		allowed := &allow.List{}
		if err := readEach(files, allowed.Read, "write an address, a network, a name or source>destination:port/tcp a line, and the reason behind a #"); err != nil {
			return err
		}
		options.Detection.Allowed = allowed.Allowed
	}
	files := command.StringSlice("intel")
	if len(files) == 0 {
		return nil
	}
	list := &intel.List{}
	if err := readEach(files, list.Read, "give a list of addresses, networks or names, a CSV with a header, MISP or STIX 2.1"); err != nil {
		return err
	}
	for i, detector := range options.Detection.Detectors {
		if detector.ID == threatintel.Detector.ID {
			options.Detection.Detectors[i] = threatintel.New(list)
		}
	}
	if list.Bad > 0 {
		first := list.Problems[0]
		options.Notes = append(options.Notes, report.Note{
			Text: fmt.Sprintf("%d entries of the lists could not be read; the first: %s, line %d: %s", list.Bad, first.Feed, first.Line, first.Reason),
		})
	}
	return nil
}

// readEach hands each file to a reader.
func readEach(files []string, read func(name string, from io.Reader) error, hint string) error {
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			return hinted{err, "name a file that exists"}
		}
		err = read(name, file)
		if closed := file.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return hinted{err, hint}
		}
	}
	return nil
}
