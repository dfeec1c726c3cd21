package stix

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"sentinel/internal/output/alert"
)

// namespace is what identifiers of Sentinel's own objects are made in.
var namespace = uuid.MustParse("f79fad49-91c6-47b9-be6a-9ddd8258336b")

// observableNamespace is what identifiers of observables are made in by everybody (STIX 2.1, 2.9).
var observableNamespace = uuid.MustParse("00abedb4-aa42-466c-9c01-fed23315a9b7")

// since is when the objects that are alike in all bundles were made.
const since = "2026-01-01T00:00:00.000Z"

// identifier follows from what is identified (UUID version 5).
func identifier(kind string, parts ...string) string {
	return kind + "--" + uuid.NewSHA1(namespace, []byte(kind+"\x00"+strings.Join(parts, "\x00"))).String()
}

// observable makes an object that everybody who saw the same gives the same identifier, from the properties that
// contribute to it.
func observable(kind string, contributing object) object {
	canonical, err := json.Marshal(contributing) // keys in order, no blanks, and no text that RFC 8785 would write otherwise
	if err != nil {
		panic(err) // texts and numbers
	}
	o := object{"type": kind, "spec_version": "2.1", "id": kind + "--" + uuid.NewSHA1(observableNamespace, canonical).String()}
	return o.with(contributing)
}

// producer is who says all this.
func producer() object {
	return object{
		"type": "identity", "spec_version": "2.1", "id": identifier("identity", alert.Product), "created": since, "modified": since,
		"name": alert.Product, "description": "Analyses captures of network traffic.", "identity_class": "system",
	}
}

// attackPattern is a technique of ATT&CK.
func attackPattern(t alert.Technique) object {
	pattern := object{
		"type": "attack-pattern", "spec_version": "2.1", "id": identifier("attack-pattern", t.ID, alert.Version), "created": since, "modified": since,
		"created_by_ref": producer().id(), "name": t.Name,
		"external_references": []object{{"source_name": "mitre-attack", "external_id": t.ID, "url": t.URL()}},
	}
	if t.Name == "" {
		pattern["name"] = t.ID
	}
	if phases := phases([]alert.Technique{t}); len(phases) > 0 {
		pattern["kill_chain_phases"] = phases
	}
	return pattern
}

// phases are the tactics of techniques, each once.
func phases(techniques []alert.Technique) (all []object) {
	seen := map[string]bool{"": true}
	for _, t := range techniques {
		if !seen[t.Tactic.Phase] {
			seen[t.Tactic.Phase] = true
			all = append(all, object{"kill_chain_name": "mitre-attack", "phase_name": t.Tactic.Phase})
		}
	}
	return all
}

// moment prints microseconds since the epoch to the millisecond, as precise as created may be (STIX 2.1, 3.2).
func moment(micros int64) string {
	return time.UnixMicro(micros).UTC().Format("2006-01-02T15:04:05.000Z")
}
