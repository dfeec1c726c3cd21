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
		groups: jsonline.NewObject("mac", "flowTuples", "flows", "flowGroups"), rules: jsonline.NewObject("mac", "flowTuples", "flows", "flowGroups"),
		connections: newConnections(settings.MaxFlows),
	}
	a.records = jsonline.NewScanner(content, &a.tally, "properties.flows", "flowRecords.flows", "macAddress")
	a.records.Unwrap("records")
	return &reader{log: a, content: content, flows: a.connections, columns: filled, clock: "seconds or milliseconds since 1970"}, nil
}

// What is wanted of a record.
const (
	azureGroupFlows   = iota // of a network security group
	azureNetworkFlows        // of a virtual network
	azureMAC
)

// What is wanted of what lies in a record: rules or access control lists, and in them interfaces or rules.
const (
	innerMAC = iota
	innerTuples
	innerFlows
	innerGroups
)

// azure reads a log record by record.
type azure struct {
	records       *jsonline.Scanner
	rules, groups *jsonline.Object
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
	flows := a.records.Value(azureGroupFlows)
	if !flows.Present() {
		flows = a.records.Value(azureNetworkFlows)
	}
	if flows.Kind() != jsonline.Array {
		a.tally.Add(badRecord, 1, a.records.Place())
		return true
	}
	for outer := range flows.Elements() {
		if a.rules.Parse(outer.Raw()) {
			a.inside()
		}
	}
	return true
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
		reporter := a.records.Value(azureMAC)
		if mac := a.groups.Value(innerMAC); mac.Present() {
			reporter = mac
		}
		for text := range a.groups.Value(innerTuples).Elements() {
			a.tuple(text.Bytes(), reporter.Bytes())
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
