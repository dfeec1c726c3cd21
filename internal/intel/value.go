package intel

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
)

// widest are the fewest bits that a listed network may have: shorter ones list a part of the world by mistake.
const (
	widest4 = 8
	widest6 = 16
)

var errNothing = errors.New("neither an address, a network nor a name")

// value reads an address, a network or a name, also as people disarm them: 192[.]0[.]2[.]1, hxxp://bad.example/x.
func value(text string) (Entry, error) {
	text = strings.NewReplacer("[.]", ".", "(.)", ".", "[:]", ":", "hxxp", "http").Replace(strings.TrimSpace(text))
	if _, rest, isURL := strings.Cut(text, "://"); isURL && rest != "" {
		parsed, err := url.Parse(text)
		if err != nil {
			return Entry{}, errNothing
		}
		text = parsed.Hostname()
	}
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return network(prefix)
	}
	if address, err := netip.ParseAddr(text); err == nil && address.Zone() == "" {
		return Entry{Network: netip.PrefixFrom(address.Unmap(), address.Unmap().BitLen()), Confidence: -1}, nil
	}
	if pair, err := netip.ParseAddrPort(text); err == nil && pair.Addr().Zone() == "" {
		return value(pair.Addr().String())
	}
	if name := normal(strings.TrimPrefix(strings.TrimPrefix(text, "*"), ".")); isName(name) {
		return Entry{Name: name, Confidence: -1}, nil
	}
	return Entry{}, errNothing
}

func network(prefix netip.Prefix) (Entry, error) {
	least := widest4
	if prefix.Addr().Is6() {
		least = widest6
	}
	if prefix.Bits() < least {
		return Entry{}, errors.New("a network that wide lists half the world")
	}
	return Entry{Network: prefix.Masked(), Confidence: -1}, nil
}

// isName tells whether a text can be a host name of two labels or more, in ASCII (RFC 1123, 2.1; underscores occur).
func isName(name string) bool {
	labels := strings.Split(name, ".")
	if len(name) > 253 || len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if len(label) == 0 || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	last := labels[len(labels)-1]
	return strings.Trim(last, "0123456789") != "" // no top level is a number: that is a broken address
}
