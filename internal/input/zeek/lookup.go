package zeek

import (
	"bytes"
	"net/netip"

	"sentinel/internal/flow"
	"sentinel/internal/input/jsonline"
	"sentinel/internal/packet/dns"
)

// asker makes lookups of rows of dns.log.
type asker struct {
	words   jsonline.Words // names, types and codes
	scratch []byte
	found   []netip.Addr // in the last answer
}

const noName = "asks for no name" // as messages of the DNS may that are no questions

// ask makes the lookup of a row; reason tells why there is none. The addresses in its answer are in a.found.
func (a *asker) ask(row rows) (lookup flow.Lookup, reason string) {
	a.found = a.found[:0]
	var ok, clientOK, serverOK bool
	if lookup.Time, ok = when(row.value(ts)); !ok {
		return lookup, noTime
	}
	lookup.Client, clientOK = jsonline.Addr(row.value(origH))
	lookup.Server, serverOK = jsonline.Addr(row.value(respH))
	if !clientOK || !serverOK {
		return lookup, noAddress
	}
	a.scratch = dns.AppendText(a.scratch[:0], unescape(row.value(query)))
	if len(a.scratch) == 0 {
		return lookup, noName
	}
	lookup.Name = a.text(a.scratch)
	lookup.Type = a.mnemonic(row.value(queryType), row.value(queryTypeName), dns.TypeName)
	lookup.Code = a.mnemonic(row.value(code), row.value(codeName), dns.CodeName)
	for answer := range row.list(answered) {
		lookup.Answers++
		if addr, ok := jsonline.Addr(answer); ok && len(a.found) < dns.MostAddresses {
			a.found = append(a.found, addr)
		}
	}
	return lookup, ""
}

// text is one string for texts that come again, a new one where too many are kept.
func (a *asker) text(text []byte) string {
	if same := a.words.Same(text); same != "" {
		return same
	}
	return string(text)
}

// mnemonic is IANA's for a number, else what the log calls it.
func (a *asker) mnemonic(number, name []byte, spell func(uint16) string) string {
	if value, ok := jsonline.Int(number); ok && value >= 0 && value <= 65535 {
		return spell(uint16(value))
	}
	return a.text(bytes.ToUpper(name))
}
