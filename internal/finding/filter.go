package finding

import (
	"fmt"
	"net/netip"
	"strings"
)

// FiltersFor writes the queries that show the flows between hosts and a destination. An invalid dst means any,
// a negative port any.
func FiltersFor(hosts []netip.Addr, dst netip.Addr, proto string, port int64) []Filter {
	if len(hosts) == 0 {
		return nil
	}
	return []Filter{
		{"tshark", tshark(hosts, dst, proto, port)},
		{"tcpdump", bpf(hosts, dst, proto, port)},
		{"nfdump", nfdump(hosts, dst, proto, port)},
		{"sql", sql(hosts, dst, proto, port)},
	}
}

// anyOf joins alternatives, in brackets where there are several.
func anyOf(join string, terms []string) string {
	if len(terms) == 1 {
		return terms[0]
	}
	return "(" + strings.Join(terms, join) + ")"
}

func each(hosts []netip.Addr, format func(netip.Addr) string) []string {
	var terms []string
	for _, host := range hosts {
		terms = append(terms, format(host))
	}
	return terms
}

func tshark(hosts []netip.Addr, dst netip.Addr, proto string, port int64) string {
	match := func(a netip.Addr) string {
		if a.Is4() {
			return "ip.addr == " + a.String()
		}
		return "ipv6.addr == " + a.String()
	}
	terms := []string{anyOf(" or ", each(hosts, match))}
	if dst.IsValid() {
		terms = append(terms, match(dst))
	}
	if port >= 0 && (proto == "tcp" || proto == "udp") {
		terms = append(terms, fmt.Sprintf("%s.port == %d", proto, port))
	}
	return strings.Join(terms, " and ")
}

// words are how a filter language says where an address or a port stands.
type words struct{ src, dst, port string }

func bpf(hosts []netip.Addr, dst netip.Addr, proto string, port int64) string {
	return primitives(hosts, dst, port, words{"host ", "host ", bpfProto(proto) + "port "})
}

// bpfProto qualifies a port; BPF knows few protocols by name.
func bpfProto(proto string) string {
	if proto == "tcp" || proto == "udp" {
		return proto + " "
	}
	return ""
}

func nfdump(hosts []netip.Addr, dst netip.Addr, proto string, port int64) string {
	text := primitives(hosts, dst, port, words{"src ip ", "dst ip ", "dst port "})
	if proto == "" {
		return text
	}
	return "proto " + proto + " and " + text
}

// primitives writes the terms in the form that BPF and nfdump share.
func primitives(hosts []netip.Addr, dst netip.Addr, port int64, words words) string {
	terms := []string{anyOf(" or ", each(hosts, func(a netip.Addr) string { return words.src + a.String() }))}
	if dst.IsValid() {
		terms = append(terms, words.dst+dst.String())
	}
	if port >= 0 {
		terms = append(terms, fmt.Sprintf("%s%d", words.port, port))
	}
	return strings.Join(terms, " and ")
}

func sql(hosts []netip.Addr, dst netip.Addr, proto string, port int64) string {
	quoted := each(hosts, func(a netip.Addr) string { return "'" + a.String() + "'" })
	terms := []string{"src_ip IN (" + strings.Join(quoted, ", ") + ")"}
	if dst.IsValid() {
		terms = append(terms, "dst_ip = '"+dst.String()+"'")
	}
	if proto != "" {
		terms = append(terms, "proto = '"+strings.ReplaceAll(proto, "'", "''")+"'")
	}
	if port >= 0 {
		terms = append(terms, fmt.Sprintf("dst_port = %d", port))
	}
	return "SELECT * FROM flows WHERE " + strings.Join(terms, " AND ") + " ORDER BY start"
}
