package intel

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// document is what a feed in JSON may hold: a STIX bundle (STIX 2.1, 8), MISP events or attributes, alone or in lists.
type document struct {
	Type     string            `json:"type"`
	Objects  []json.RawMessage `json:"objects"` // STIX
	Event    *event            `json:"Event"`   // MISP
	Response json.RawMessage   `json:"response"`
	event
}

// event is a MISP event (MISP core format, 2.2).
type event struct {
	Info      string      `json:"info"`
	Attribute []attribute `json:"Attribute"`
	Object    []struct {
		Attribute []attribute `json:"Attribute"`
	} `json:"Object"`
}

// attribute is a MISP attribute (MISP core format, 2.4).
type attribute struct {
	Type      string          `json:"type"`
	Value     string          `json:"value"`
	Comment   string          `json:"comment"`
	Timestamp json.RawMessage `json:"timestamp"`
	LastSeen  string          `json:"last_seen"`
	ToIDs     *bool           `json:"to_ids"`
	Deleted   bool            `json:"deleted"`
}

// deepest bounds how far lists within lists are followed.
const deepest = 4

func (f *feed) json(data []byte) error {
	return f.any(data, deepest)
}

func (f *feed) any(data []byte, depth int) error {
	if depth == 0 {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(data, &list) == nil {
		for _, element := range list {
			if err := f.element(element, depth-1); err != nil {
				f.bad(0, err.Error())
			}
		}
		return nil
	}
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return fmt.Errorf("reading it as JSON: %w", err)
	}
	for _, object := range d.Objects {
		f.object(object)
	}
	if d.Event != nil {
		f.event(*d.Event)
	}
	f.event(d.event)
	if len(d.Response) > 0 {
		return f.any(d.Response, depth-1)
	}
	return nil
}

// element is part of a list: a plain value, or a document again.
func (f *feed) element(data []byte, depth int) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		f.add(0, text, nil)
		return nil
	}
	return f.any(data, depth)
}

// attackTypes are the MISP attributes that hold an address, a network or a name (the first part of pairs like ip-dst|port).
var attackTypes = map[string]bool{
	"ip-dst": true, "ip-src": true, "ip-dst|port": true, "ip-src|port": true, "domain": true, "hostname": true,
	"domain|ip": true, "hostname|port": true, "url": true,
}

func (f *feed) event(e event) {
	f.attributes(e.Attribute, e.Info)
	for _, object := range e.Object {
		f.attributes(object.Attribute, e.Info)
	}
}

func (f *feed) attributes(list []attribute, info string) {
	for _, a := range list {
		if !attackTypes[a.Type] || a.Deleted || a.ToIDs != nil && !*a.ToIDs {
			continue
		}
		parts := []string{a.Value}
		if strings.Contains(a.Type, "|") {
			parts = strings.SplitN(a.Value, "|", 2)
			if a.Type != "domain|ip" {
				parts = parts[:1]
			}
		}
		for _, part := range parts {
			f.add(0, part, func(e *Entry) {
				e.Label = short(strings.TrimSpace(info + " " + a.Comment))
				if e.Seen = moment(a.LastSeen); e.Seen.IsZero() {
					e.Seen = moment(strings.Trim(string(a.Timestamp), `"`))
				}
			})
		}
	}
}

// indicator is a STIX indicator (STIX 2.1, 4.7).
type indicator struct {
	Type        string   `json:"type"`
	Name        string   `json:"name"`
	Pattern     string   `json:"pattern"`
	PatternType string   `json:"pattern_type"`
	ValidFrom   string   `json:"valid_from"`
	Modified    string   `json:"modified"`
	Confidence  *float64 `json:"confidence"`
	Revoked     bool     `json:"revoked"`
}

// comparison is one of a STIX pattern that lists an address, a network or a name (STIX 2.1, 9.6).
var comparison = regexp.MustCompile(`(?:ipv4-addr|ipv6-addr|domain-name|url):value\s*(?:=|ISSUBSET)\s*'((?:[^'\\]|\\.)*)'|dst_ref\.value\s*=\s*'((?:[^'\\]|\\.)*)'`)

func (f *feed) object(data []byte) {
	var i indicator
	if err := json.Unmarshal(data, &i); err != nil {
		f.bad(0, err.Error())
		return
	}
	if i.Type != "indicator" || i.Revoked || i.PatternType != "" && i.PatternType != "stix" {
		return
	}
	found := comparison.FindAllStringSubmatch(i.Pattern, -1)
	if len(found) == 0 {
		f.bad(0, fmt.Sprintf("indicator %s: no address, network or name in its pattern", short(i.Name)))
	}
	for _, match := range found {
		f.add(0, match[1]+match[2], func(e *Entry) {
			e.Label = short(i.Name)
			if e.Seen = moment(i.Modified); e.Seen.IsZero() {
				e.Seen = moment(i.ValidFrom)
			}
			if i.Confidence != nil && *i.Confidence >= 0 && *i.Confidence <= 100 {
				e.Confidence = *i.Confidence / 100
			}
		})
	}
}
