// Package binetflow reads the bidirectional flows that Argus' ra writes as text, such as those of the CTU-13 captures.
package binetflow

import (
	"errors"

	"sentinel/internal/input"
)

// Format is ra's text with a delimiter between columns and their titles in the first line.
var Format = input.Format{
	ID: "binetflow", Name: "Argus binetflow",
	Doc:     "flows of Argus as text with a delimiter and a line of titles, as CTU-13 has them: ra -c , -s +sbytes",
	Columns: []string{"duration", "src_port", "up_packets", "down_packets", "up_payload", "down_payload", "state", "opener"},
	Recognise: func(head []byte) string {
		_, why := readTitles(firstLine(head))
		return why
	},
	Open: open,
}

func open(file *input.File, _ input.Settings) (input.Reader, error) {
	content, err := file.Open()
	if err != nil {
		return nil, err
	}
	r := newReader(content)
	if err := r.start(); err != nil {
		return nil, errors.Join(err, content.Close())
	}
	return r, nil
}
