package synth

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"net/netip"
	"slices"
	"strings"
	"time"

	"sentinel/internal/flow"
)

// plot is one attack while it is planned: what it does is written down as parts, one for each source, that are
// played once to count and once to be read.
type plot struct {
	stream
	options  Options
	network  *network // nil on the public servers
	public   *public  // nil in the network
	devices  []*device
	strength float64
	planted  Planted
	parts    []source
	ordinal  int // among the orders of the same kind
}

// planter plants attacks one after the other, on hosts of their own.
type planter struct {
	options Options
	network *network
	public  *public
	taken   map[int]bool
	ordered map[string]int
}

// plant plans the attacks that the options order and enters them in the truth.
func (t planter) plant(truth *Truth) ([]source, error) {
	var all []source
	for _, attack := range t.orders() {
		parts, planted, err := t.one(attack)
		switch {
		case err != nil && t.options.Attacks == nil:
			truth.Skipped = append(truth.Skipped, Skipped{attack.Name, err.Error()})
		case err != nil:
			return nil, err
		default:
			truth.Attacks = append(truth.Attacks, planted)
			all = append(all, parts...)
		}
	}
	return all, nil
}

// orders are the attacks of the options, or every attack that fits.
func (t planter) orders() []Attack {
	if t.options.Attacks != nil {
		return t.options.Attacks
	}
	var all []Attack
	for _, kind := range attackKinds {
		if kind.fits(t.options) == nil {
			all = append(all, Attack{Name: kind.Name})
		}
	}
	return all
}

func (t planter) one(attack Attack) ([]source, Planted, error) {
	kind, err := attack.kind()
	if err != nil {
		return nil, Planted{}, err
	}
	attack = attack.complete(kind)
	ordinal := t.ordered[kind.Name]
	t.ordered[kind.Name]++
	devices, err := t.choose(kind, ordinal)
	if err != nil {
		return nil, Planted{}, err
	}
	p := &plot{
		stream:  newStream(t.options.Seed, "plot "+kind.Name, t.options.Day, ordinal),
		options: t.options, network: t.network, public: t.public, devices: devices, strength: attack.Strength, ordinal: ordinal,
		planted: Planted{Name: kind.Name, Detector: kind.Detector, Strength: attack.Strength, Params: maps.Clone(attack.Params)},
	}
	kind.plant(p)
	p.tally()
	return p.parts, p.planted, nil
}

// choose takes devices that have neither a role nor an attack. The choice for one attack hardly depends on the others.
func (t planter) choose(kind *AttackKind, ordinal int) ([]*device, error) {
	if kind.hosts == 0 {
		return nil, nil
	}
	var free []*device
	for i := range t.network.devices {
		if d := &t.network.devices[i]; !d.lookalike() && !t.taken[i] && t.network.present(i) {
			free = append(free, d)
		}
	}
	if len(free) < kind.hosts {
		return nil, fmt.Errorf("attack %s needs %d hosts, %d are free: more devices or fewer attacks", kind.Name, kind.hosts, len(free))
	}
	rank := func(d *device) uint64 {
		return hash(t.options.Seed, "host of "+kind.Name, t.options.Day, ordinal, d.id)
	}
	slices.SortFunc(free, func(a, b *device) int { return cmp.Compare(rank(a), rank(b)) })
	for _, d := range free[:kind.hosts] {
		t.taken[d.id] = true
	}
	return free[:kind.hosts], nil
}

// names lists the devices of the attack for a sentence.
func (p *plot) names() string {
	var names []string
	for _, d := range p.devices {
		names = append(names, d.addr.String())
	}
	return strings.Join(names, ", ")
}

func (p *plot) param(name string) float64 { return p.planted.Params[name] }

// scaled is a param that the strength multiplies, as a count of at least 1.
func (p *plot) scaled(name string) int { return max(1, int(math.Round(p.param(name)*p.strength))) }

// seconds is the length of the capture.
func (p *plot) seconds() float64 { return float64(p.options.Days) * 24 * hour }

// outside invents a server in one of the countries, by weight.
func (p *plot) outside(list []country, flatten func(float64) float64) netip.Addr {
	home := list[newPicker(weights(list, flatten)).draw(p.stream)]
	return p.in(home)
}

// server invents an HTTPS server in one of the countries, with a name that nobody ever asked for.
func (p *plot) server(list []country, flatten func(float64) float64) endpoint {
	to := https(p.outside(list, flatten))
	to.name = siteName(p.stream)
	return to
}

// in invents a server in a country.
func (p *plot) in(home country) netip.Addr {
	addr := home.address(p.stream)
	if !slices.Contains(p.planted.Countries, home.code) {
		p.planted.Countries = append(p.planted.Countries, home.code)
	}
	return addr
}

// from adds what one source of the attack writes.
func (p *plot) from(addr netip.Addr, write func(*pen)) {
	id := len(p.parts)
	seed, purpose, day, ordinal := p.options.Seed, "part of "+p.planted.Name, p.options.Day, p.ordinal
	p.parts = append(p.parts, source{addr, []func(*page){func(g *page) {
		write(&pen{newStream(seed, purpose, day, ordinal, id), g, addr})
	}}})
}

// tally plays the parts once, one at a time, and counts what they write.
func (p *plot) tally() {
	g := newPage(p.options)
	t := &p.planted
	var first, last int64 = math.MaxInt64, math.MinInt64
	for _, part := range p.parts {
		g.flows = g.flows[:0]
		part.writes[0](g)
		for _, f := range g.flows {
			t.UpBytes, t.DownBytes = t.UpBytes+f.UpBytes, t.DownBytes+f.DownBytes
			first, last = min(first, f.Start), max(last, f.Start)
			t.reach(f)
		}
		t.Flows += len(g.flows)
		if len(g.flows) > 0 && !slices.Contains(t.Hosts, part.addr) {
			t.Hosts = append(t.Hosts, part.addr)
		}
	}
	if t.Flows > 0 {
		t.First, t.Last = time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC()
	}
	slices.SortFunc(t.Hosts, netip.Addr.Compare)
}

// reach notes whom a flow went to. Both lists are sorted and short.
func (t *Planted) reach(f flow.Flow) {
	if i, found := slices.BinarySearchFunc(t.Destinations, f.DstIP, netip.Addr.Compare); !found {
		t.Destinations = slices.Insert(t.Destinations, i, f.DstIP)
	}
	if i, found := slices.BinarySearch(t.Ports, f.DstPort); !found {
		t.Ports = slices.Insert(t.Ports, i, f.DstPort)
	}
}
