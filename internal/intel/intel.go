// Package intel reads lists of addresses, networks and names that others reported.
package intel

import (
	"net/netip"
	"path"
	"strings"
	"time"

	"github.com/gaissmai/bart"
)

// Entry is one thing that a feed lists: a network (an address is one of a single address) or a name.
type Entry struct {
	Network    netip.Prefix // invalid where Name is given
	Name       string       // in lower case, without a dot at its end
	Feed       string       // which list has it
	Label      string       // what the feed says of it; may be empty
	Seen       time.Time    // when the feed saw it last; zero where it does not say
	Confidence float64      // 0 to 1; -1 where the feed does not say
}

// String is what the entry lists, as people write it.
func (e Entry) String() string {
	switch {
	case e.Name != "":
		return e.Name
	case e.Network.IsSingleIP():
		return e.Network.Addr().String()
	}
	return e.Network.String()
}

// Problem is a line or an object that could not be read.
type Problem struct {
	Feed   string
	Line   int // from 1; 0 where the format has no lines
	Reason string
}

// List is what several feeds list. It may be asked from several goroutines once it is filled.
type List struct {
	Entries  int
	Problems []Problem // the first of each feed
	Bad      int       // lines and objects that could not be read
	networks bart.Table[[]Entry]
	names    map[string][]Entry
}

// Add puts an entry into the list.
func (l *List) Add(e Entry) {
	l.Entries++
	if e.Name != "" {
		if l.names == nil {
			l.names = map[string][]Entry{}
		}
		l.names[e.Name] = append(l.names[e.Name], e)
		return
	}
	l.networks.Modify(e.Network.Masked(), func(listed []Entry, _ bool) ([]Entry, bool) { return append(listed, e), false })
}

// Address returns the entries of the smallest listed network that holds an address.
func (l *List) Address(address netip.Addr) []Entry {
	listed, _ := l.networks.Lookup(address.Unmap())
	return listed
}

// Named returns the entries of a name, or of the nearest listed name above it.
func (l *List) Named(name string) []Entry {
	for name = normal(name); name != ""; {
		if listed := l.names[name]; listed != nil {
			return listed
		}
		_, rest, found := strings.Cut(name, ".")
		if !found {
			return nil
		}
		name = rest
	}
	return nil
}

// HasNames tells whether any name is listed.
func (l *List) HasNames() bool { return len(l.names) > 0 }

// normal is a name in the form that the list keeps.
func normal(name string) string {
	return strings.ToLower(strings.TrimSuffix(strings.TrimSpace(name), "."))
}

// feedOf names a feed after its file.
func feedOf(file string) string {
	base := path.Base(strings.ReplaceAll(file, "\\", "/"))
	return strings.TrimSuffix(base, path.Ext(base))
}
