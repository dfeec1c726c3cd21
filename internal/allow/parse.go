package allow

import (
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// target takes a channel's destination apart: an IPv6 end in brackets, IPv6 without, or anything else; port; protocol.
var target = regexp.MustCompile(`^(\[[^\[\]]*\]|[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?:/[0-9]+)?|[^:\[\]/]*(?:/[0-9]+)?)(?::([0-9]+|\*))?(?:/([A-Za-z][A-Za-z0-9-]*))?$`)

// parse reads a rule without its reason and without white space.
func parse(text string) (rule, error) {
	from, to, channel := strings.Cut(text, ">")
	if !channel {
		one, err := parseEnd(text)
		if err == nil && one.any() {
			err = errors.New("* alone allows everything")
		}
		return rule{src: one, one: true, port: -1}, err
	}
	parts := target.FindStringSubmatch(to)
	if parts == nil {
		return rule{}, fmt.Errorf("%q is no destination; expected one like 192.0.2.7:443/tcp", to)
	}
	r := rule{port: -1, proto: parts[3]}
	var err error
	if r.src, err = parseEnd(from); err != nil {
		return r, err
	}
	if r.dst, err = parseEnd(parts[1]); err != nil {
		return r, err
	}
	if parts[2] != "" && parts[2] != "*" {
		port, err := strconv.ParseUint(parts[2], 10, 16)
		if err != nil {
			return r, fmt.Errorf("%s is no port", parts[2])
		}
		r.port = int64(port)
	}
	if r.src.any() && r.dst.any() && r.port < 0 && r.proto == "" {
		err = errors.New("* to * allows everything")
	}
	return r, err
}

// parseEnd reads *, an address, a network or a name.
func parseEnd(text string) (end, error) {
	if text == "*" {
		return end{}, nil
	}
	bare := strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")
	if address, err := netip.ParseAddr(bare); err == nil && address.Zone() == "" {
		address = address.Unmap()
		return end{network: netip.PrefixFrom(address, address.BitLen())}, nil
	}
	if network, err := netip.ParsePrefix(bare); err == nil {
		return end{network: network.Masked()}, nil
	}
	name := strings.Trim(strings.TrimPrefix(strings.ToLower(text), "*"), ".")
	if name == "" || strings.ContainsFunc(name, notInNames) || !strings.ContainsAny(name, "abcdefghijklmnopqrstuvwxyz") {
		return end{}, fmt.Errorf("%q is neither an address, a network, a name nor *", text)
	}
	return end{name: name}, nil
}
