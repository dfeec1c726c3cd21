package web

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"sentinel/internal/explore"
)

// field is one part of a filter, as an address of a page and a form have it.
type field struct {
	name  string // of the parameter
	title string
	read  func(*explore.Filter, string) error
	// write is the canonical text; empty where the filter does not set the field.
	write func(explore.Filter) string
	clear func(*explore.Filter)
}

// fields are all parts of a filter, in the order in which a page shows them.
var fields = []field{
	{"host", "Host", readHost,
		func(f explore.Filter) string { return address(f.Host) },
		func(f *explore.Filter) { f.Host = netip.Addr{} }},
	{"network", "Network",
		func(f *explore.Filter, text string) (err error) { f.Network, err = readNetwork(text); return err },
		func(f explore.Filter) string {
			if !f.Network.IsValid() {
				return ""
			}
			return f.Network.String()
		},
		func(f *explore.Filter) { f.Network = netip.Prefix{} }},
	{"src", "Source",
		func(f *explore.Filter, text string) (err error) { f.SrcIP, err = readAddress(text); return err },
		func(f explore.Filter) string { return address(f.SrcIP) },
		func(f *explore.Filter) { f.SrcIP = netip.Addr{} }},
	{"dst", "Destination",
		func(f *explore.Filter, text string) (err error) { f.DstIP, err = readAddress(text); return err },
		func(f explore.Filter) string { return address(f.DstIP) },
		func(f *explore.Filter) { f.DstIP = netip.Addr{} }},
	{"name", "Name",
		func(f *explore.Filter, text string) error { f.Name = text; return nil },
		func(f explore.Filter) string { return f.Name },
		func(f *explore.Filter) { f.Name = "" }},
	{"country", "Country", readCountry,
		func(f explore.Filter) string { return f.Country },
		func(f *explore.Filter) { f.Country = "" }},
	{"port", "Port", readPort,
		func(f explore.Filter) string {
			if f.DstPort < 0 {
				return ""
			}
			return strconv.FormatInt(f.DstPort, 10)
		},
		func(f *explore.Filter) { f.DstPort = -1 }},
	{"proto", "Protocol", readProto,
		func(f explore.Filter) string { return f.Proto },
		func(f *explore.Filter) { f.Proto = "" }},
	{"from", "From",
		func(f *explore.Filter, text string) (err error) { f.From, err = readTime(text); return err },
		func(f explore.Filter) string { return writeTimeOf(f.From) },
		func(f *explore.Filter) { f.From = 0 }},
	{"to", "To",
		func(f *explore.Filter, text string) (err error) { f.To, err = readTime(text); return err },
		func(f explore.Filter) string { return writeTimeOf(f.To) },
		func(f *explore.Filter) { f.To = 0 }},
}

// mostValue is how long a value may be; names have 253 characters at most.
const mostValue = 300

// readFilter reads a filter from the parameters of an address. What cannot be understood is told, part by part.
func readFilter(query url.Values) (explore.Filter, error) {
	filter := explore.Everything
	var faults []error
	for _, field := range fields {
		text := strings.TrimSpace(query.Get(field.name))
		if text == "" {
			continue
		}
		err := errors.New("is too long")
		if len(text) <= mostValue {
			err = field.read(&filter, text)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s “%s” %w", field.title, text, err))
		}
	}
	if filter.To != 0 && filter.From >= filter.To {
		faults = append(faults, errors.New("the time range ends before it begins"))
	}
	filter.From, filter.To = filter.Minutes() // as the explorer counts
	return filter, errors.Join(faults...)
}

// writeFilter is the canonical form of a filter as parameters.
func writeFilter(filter explore.Filter) url.Values {
	query := url.Values{}
	for _, field := range fields {
		if text := field.write(filter); text != "" {
			query.Set(field.name, text)
		}
	}
	return query
}

func address(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

func readAddress(text string) (netip.Addr, error) {
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return netip.Addr{}, errors.New("is no address")
	}
	return a.Unmap(), nil
}

func readNetwork(text string) (netip.Prefix, error) {
	network, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, errors.New("is no network; expected such as 192.0.2.0/24")
	}
	return network.Masked(), nil
}

// almostAddress is what somebody meant as an address or a network, but is none.
var almostAddress = regexp.MustCompile(`^[0-9.]+(/.*)?$|:`)

// readHost takes an address, and as a courtesy of the form a network or a host name, too.
func readHost(filter *explore.Filter, text string) error {
	if a, err := readAddress(text); err == nil {
		filter.Host = a
		return nil
	}
	if network, err := readNetwork(text); err == nil {
		filter.Network = network
		return nil
	}
	if almostAddress.MatchString(text) {
		return errors.New("is no address, network or host name")
	}
	filter.Name = text
	return nil
}

var countryCode = regexp.MustCompile(`^[A-Za-z]{2}$`)

func readCountry(filter *explore.Filter, text string) error {
	if text != explore.Unplaced && !countryCode.MatchString(text) {
		return errors.New("is no country; expected two letters such as DE, or - for private and unknown addresses")
	}
	filter.Country = strings.ToUpper(text)
	return nil
}

// readPort takes a port, or both halves of 443/tcp.
func readPort(filter *explore.Filter, text string) error {
	number, proto, both := strings.Cut(text, "/")
	port, err := strconv.ParseUint(strings.TrimSpace(number), 10, 16)
	if err != nil {
		return errors.New("is no port; expected 0 to 65535, or such as 443/tcp")
	}
	filter.DstPort = int64(port)
	if both {
		return readProto(filter, strings.TrimSpace(proto))
	}
	return nil
}

var protoName = regexp.MustCompile(`^[a-z0-9][a-z0-9+./ -]*$`)

func readProto(filter *explore.Filter, text string) error {
	if text = strings.ToLower(text); len(text) > 40 || !protoName.MatchString(text) {
		return errors.New("is no protocol; expected such as tcp, udp or icmp")
	}
	filter.Proto = text
	return nil
}
