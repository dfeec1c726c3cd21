package cloud

import (
	"bytes"

	"sentinel/internal/input"
	"sentinel/internal/input/jsonline"
)

// Azure is the flow logs of Azure's Network Watcher: those of network security groups, versions 1 and 2, and those of
// virtual networks. Version 1 tells no bytes.
var Azure = input.Format{
	ID: "azure", Name: "Azure flow logs",
	Doc:       "flow logs of Azure's Network Watcher as JSON, of network security groups (versions 1 and 2) and of virtual networks",
	Columns:   filled,
	Recognise: azureKnows,
	Open:      openAzure,
}

// azureKnows looks for words: a record of many flows may be larger than the head.
func azureKnows(head []byte) string {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n[")
	switch {
	case !bytes.HasPrefix(text, []byte("{")):
		return "does not begin with a JSON object"
	case !bytes.Contains(text, []byte(`"flowTuples"`)):
		return "has no flowTuples in its first bytes"
	}
	return ""
}

func openAzure(file *input.File, settings input.Settings) (input.Reader, error) {
	content, err := file.Open()
	if err != nil {
		return nil, err
	}
	a := &azure{
		record: jsonline.NewObject(azurePaths...), rules: jsonline.NewObject(innerPaths...), groups: jsonline.NewObject(innerPaths...),
		connections: newConnections(settings.MaxFlows),
	}
	a.records = jsonline.NewScanner(content, &a.tally, azurePaths...)
	a.records.Unwrap("records")
	return &reader{log: a, content: content, flows: a.connections, columns: filled, clock: "seconds or milliseconds since 1970"}, nil
}

// What is wanted of a record.
const (
	azureGroupFlows   = iota // of a network security group
	azureNetworkFlows        // of a virtual network
	azureMAC
	azureRecords // where it is no record but an envelope, as Event Hubs has them, one after the other
)

var azurePaths = []string{"properties.flows", "flowRecords.flows", "macAddress", "records"}

// What is wanted of what lies in a record: rules or access control lists, and in them interfaces or rules.
const (
	innerMAC = iota
	innerTuples
	innerFlows
	innerGroups
)

var innerPaths = []string{"mac", "flowTuples", "flows", "flowGroups"}

// azure reads a log record by record.
type azure struct {
	records       *jsonline.Scanner
	record        *jsonline.Object // of an envelope
	rules, groups *jsonline.Object // inside a record
	mac           []byte           // of the record
	connections   *connections
	tally         input.Tally
	tuples        int64
}

// badRecord is why a record has no flows.
const badRecord = "record without flows"

func (a *azure) next() bool {
	if !a.records.Scan() {
		return false
	}
	envelope := a.records.Value(azureRecords)
	if envelope.Kind() != jsonline.Array {
		a.read(a.records)
		return true
	}
	for inner := range envelope.Elements() {
		if a.record.Parse(inner.Raw()) {
			a.read(a.record)
		}
	}
	return true
}

// read reads a record.
func (a *azure) read(record interface {
	Value(place int) jsonline.Value
}) {
	flows := record.Value(azureGroupFlows)
	if !flows.Present() {
		flows = record.Value(azureNetworkFlows)
	}
	if flows.Kind() != jsonline.Array {
		a.tally.Add(badRecord, 1, a.records.Place())
		return
	}
	a.mac = record.Value(azureMAC).Bytes()
	for outer := range flows.Elements() {
		if a.rules.Parse(outer.Raw()) {
			a.inside()
		}
	}
}

// inside reads the flows of a rule (network security group) or of an access control list (virtual network).
func (a *azure) inside() {
	list := a.rules.Value(innerFlows)
	if !list.Present() {
		list = a.rules.Value(innerGroups)
	}
	for inner := range list.Elements() {
		if !a.groups.Parse(inner.Raw()) {
			continue
		}
		reporter := a.mac
		if mac := a.groups.Value(innerMAC); mac.Present() {
			reporter = mac.Bytes()
		}
		for text := range a.groups.Value(innerTuples).Elements() {
			a.tuple(text.Bytes(), reporter)
		}
	}
}

// tuple reads what happened to one flow.
func (a *azure) tuple(text, reporter []byte) {
	a.tuples++
	t, reason := parseTuple(text)
	if reason == "" {
		reason = a.connections.add(t, reporter)
	}
	if reason != "" {
		a.tally.Add(reason, 1, a.records.Place())
	}
}

func (a *azure) account() input.Account {
	account := input.Account{Records: a.tuples, Unit: "flow tuples", Skipped: a.tally.Skips(), Damage: a.records.Err()}
	if a.connections.uncounted > 0 && a.connections.counted == 0 {
		account.Notes = []input.Note{{
			Text: "the log tells no bytes and packets: it is of version 1", Hint: "let Network Watcher write version 2, or flow logs of the virtual network",
		}}
	}
	return account
}
