// Package suricata reads the events that Suricata writes to eve.json.
package suricata

import (
	"bytes"

	"sentinel/internal/biflow"
	"sentinel/internal/input"
	"sentinel/internal/input/jsonline"
)

// Format is eve.json, an event a line.
var Format = input.Format{
	ID: "suricata", Name: "Suricata EVE", Doc: "eve.json of Suricata: flow or netflow events, with names of tls, quic, http and dns events; bytes count whole frames",
	Columns: []string{"duration", "src_port", "up_packets", "down_packets", "state", "service", "name", "ja4", "opener"},
	Lookups: true,
	Recognise: func(head []byte) string {
		if _, ok := sniff(head); !ok {
			return "has no objects with timestamp and event_type"
		}
		return ""
	},
	Open: open,
}

// mostSniffed is how many objects are looked at: lines of other programs may come first where syslog collects them.
const mostSniffed = 20

// sniff finds the envelope of events; ok is false where there are none.
func sniff(head []byte) (in string, ok bool) {
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(start) == 0 || start[0] != '{' && start[0] != '[' {
		return "", false
	}
	scanner := jsonline.NewScanner(bytes.NewReader(head), &input.Tally{}, paths[eventType], paths[timestamp],
		envelope+"."+paths[eventType], envelope+"."+paths[timestamp])
	for range mostSniffed {
		if !scanner.Scan() {
			break
		}
		for i, in := range []string{"", envelope} {
			if _, timed := scanner.Value(2*i + 1).Time(); timed && scanner.Value(2*i).Kind() == jsonline.String {
				return in, true
			}
		}
	}
	return "", false
}

// open begins to read a log.
func open(file *input.File, settings input.Settings) (input.Reader, error) {
	content, err := file.Open()
	if err != nil {
		return nil, err
	}
	in, _ := sniff(file.Head())
	r := &reader{content: content, directory: newDirectory(), desk: newDesk()}
	r.events = events{jsonline.NewScanner(content, &r.tally, pathsBelow(in)...), &jsonline.Addresses{}}
	r.joiner = biflow.New(biflow.Options{Idle: settings.Idle, Most: settings.MaxFlows})
	return r, nil
}
