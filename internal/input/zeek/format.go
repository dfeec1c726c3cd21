// Package zeek reads the logs of Zeek: conn.log, and with it what dns.log, ssl.log, quic.log, http.log and open_conn.log
// beside it tell of its connections.
package zeek

import "sentinel/internal/input"

// Format is Zeek's logs, in both of its writings.
var Format = input.Format{
	ID: "zeek", Name: "Zeek", Doc: "conn.log as Zeek writes it, with header or as JSON, with the dns, ssl, quic, http and open logs beside it; dns.log alone",
	Columns: []string{
		"duration", "src_port", "up_packets", "down_packets", "up_payload", "down_payload", "state", "service", "name", "ja4", "opener",
	},
	Lookups: true,
	Recognise: func(head []byte) string {
		_, why := sniff(head)
		return why
	},
	Aside: func(file *input.File) bool {
		role := RoleOf(file)
		return role == Beside || role == Other
	},
	Open: open,
}

// open begins to read a log with those beside it.
func open(file *input.File, _ input.Settings) (input.Reader, error) {
	seen, why := sniff(file.Head())
	if why != "" {
		return nil, &unknownError{why}
	}
	if seen.kind == other || seen.kind == hosts {
		return nil, seen.holdsNone()
	}
	r := &reader{directory: newDirectory(), pending: newPending(), open: seen.open || isOpenByName(file)}
	var err error
	if r.main, err = openRows(file, seen.json, &r.tally); err != nil {
		return nil, err
	}
	if seen.kind == connections {
		r.beside = findBeside(file, r.open)
	}
	return r, nil
}

// unknownError says why a file is none of Zeek's.
type unknownError struct{ why string }

func (e *unknownError) Error() string { return "it " + e.why }

func openRows(file *input.File, asJSON bool, tally *input.Tally) (rows, error) {
	content, err := file.Open()
	if err != nil {
		return nil, err
	}
	if asJSON {
		return newJSON(content, tally), nil
	}
	return newTSV(content, tally), nil
}

// findBeside lists the logs of the same rotation, in the order of besides. An open_conn.log, which is read by itself only
// where there is no conn.log, takes those that name its connections.
func findBeside(file *input.File, open bool) (found []*companion) {
	name, ok := nameOf(file.Path)
	if !ok {
		return nil
	}
	for _, log := range besides {
		beside, ok := name.sibling(file, log)
		if !ok || open && (log == "dns" || log == openLog) {
			continue
		}
		if seen, why := sniff(beside.Head()); why == "" {
			found = append(found, &companion{file: beside, json: seen.json, open: log == openLog})
		}
	}
	return found
}
