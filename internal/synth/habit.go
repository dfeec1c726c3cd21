package synth

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
)

// habit is regular traffic of devices beside their browsing: harmless, and close to what detectors look for.
type habit struct {
	name  string
	only  Profile // the profile that has it; empty: all
	doc   string  // why it is harmless, one sentence
	share float64 // of the devices that have it as their role; 0: it is no role
	setup func(*device)
	has   func(*network, *device) bool
	write func(*network, *device, presence, *pen)
}

// Sites with a part in the habits, by rank of popularity: well visited, and at a few fixed addresses.
const (
	updateSite = wideSites + iota
	mailSite
	telemetrySite
	callSite
	backupSite
	timeSite
	pushSite
)

var habits = []habit{
	{
		name: "update-poller", has: everyone, write: pollUpdates,
		doc: "Every device asks the same update service every 30 minutes: regular, and popular.",
	},
	{
		name: "telemetry", has: half, write: reportTelemetry,
		doc: "Half of the devices report to one service at random moments, always alike: without memory, so no beacon.",
	},
	{
		name: "mail-poller", share: 0.10, has: hasRole("mail-poller"), write: pollMail,
		doc: "Mail programs look for new mail every 5 minutes, at a service that many people use.",
	},
	{
		name: "chatty-resolver-client", share: 0.01, has: hasRole("chatty-resolver-client"), write: askMuch,
		doc: "Asks several times the DNS questions of others, and did so the day before.",
	},
	{
		name: "downloader", share: 0.01, setup: downloadMuch, has: nobody,
		doc: "Downloads several times what others do, every day.",
	},
	{
		name: "video-call", share: 0.02, has: hasRole("video-call"), write: call,
		doc: "Video calls in working hours send as much as they receive, to a service known to the network.",
	},
	{
		name: "printer", share: 0.005, has: nobody,
		doc: "A device that others of the network connect to every day, since it prints.",
	},
	{
		name: "printing", share: 0.03, has: hasRole("printing"), write: print,
		doc: "Connects to the printer, an internal device, some times every day.",
	},
	{
		name: "clock", only: Office, has: everyone, write: setClock,
		doc: "Every device sets its clock by NTP, every 17 minutes: regular, and popular.",
	},
	{
		name: "push", only: Office, has: isPhone, write: awaitPush,
		doc: "Phones keep connections to their push service open for hours, as all phones do.",
	},
	{
		name: "antivirus", only: Office, has: nobody,
		doc: "Every device asks its antivirus vendor about files, by names that spell hashes and are never asked again.",
	},
	{
		name: "delivery-network", only: Office, has: nobody,
		doc: "Popular sites are delivered by hosts with many names, most of which many devices ask.",
	},
	{
		name: "names-that-miss", only: Office, has: nobody,
		doc: "Search suffixes, typing errors and the probes of browsers ask for names that do not exist.",
	},
	{
		name: "administrator", only: Office, share: 0.015, has: hasRole("administrator"), write: administrate,
		doc: "Logs in to servers over SSH, several times a day, at sizes that vary.",
	},
	{
		name: "remote-desktop", only: Office, share: 0.02, has: hasRole("remote-desktop"), write: workRemotely,
		doc: "Works on a terminal server over RDP, for hours: long connections, inside and every day.",
	},
}

// habits are those that the profile has.
func (n *network) habits() []habit {
	return slices.DeleteFunc(slices.Clone(habits), func(h habit) bool { return h.only != "" && h.only != n.options.Profile })
}

// pollScale stretches the periods of pollers where a capture has room for few flows, so that they stay background.
func (n *network) pollScale() float64 { return max(1, 1/n.intensity) }

func everyone(*network, *device) bool { return true }
func nobody(*network, *device) bool   { return false }
func half(n *network, d *device) bool { return hash(n.options.Seed, "half", d.id)%2 == 0 }
func hasRole(name string) func(*network, *device) bool {
	return func(_ *network, d *device) bool { return d.role == name }
}

// assignRoles deals the roles to devices, at most a third of them.
func assignRoles(n *network) {
	order := make([]int, len(n.devices))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(hash(n.options.Seed, "role", a), hash(n.options.Seed, "role", b))
	})
	free := order[:len(order)/3]
	for _, habit := range n.habits() {
		if habit.share == 0 {
			continue
		}
		count := min(len(free), max(1, int(math.Round(habit.share*float64(len(order))))))
		for _, id := range free[:count] {
			n.devices[id].role = habit.name
			if habit.setup != nil {
				habit.setup(&n.devices[id])
			}
		}
		free = free[count:]
	}
}

// withRole lists the devices that have a role.
func (n *network) withRole(name string) []netip.Addr {
	var found []netip.Addr
	for _, d := range n.devices {
		if d.role == name {
			found = append(found, d.addr)
		}
	}
	return found
}

// fixed is the address of a site that a device stays with.
func (n *network) fixed(i int, d *device) endpoint {
	s := &n.web.sites[i]
	return s.at(s.pool[d.id%len(s.pool)])
}

// poll writes contacts at a steady period, give or take a share of it, while the device runs.
func (n *network) poll(p *pen, there presence, to endpoint, period, jitter float64, z size) {
	for at := there.from + period*p.Float64(); at < there.from+24*hour; at += p.around(period, jitter) {
		if !there.on(at) {
			continue
		}
		if p.chance(0.3) {
			n.ask(p, at-0.05, to.name)
		}
		p.alike(at, to, z, 0.1)
	}
}

func pollUpdates(n *network, d *device, there presence, p *pen) {
	n.poll(p, there, n.fixed(updateSite, d), 1800*n.pollScale(), 0.02, size{2_900, 6_200})
}

func pollMail(n *network, d *device, there presence, p *pen) {
	n.poll(p, there, n.fixed(mailSite, d), 300*n.pollScale(), 0.01, size{4_100, 9_800})
}

func reportTelemetry(n *network, d *device, there presence, p *pen) {
	to, mean := n.fixed(telemetrySite, d), 1200*n.pollScale()
	for at := there.from + p.exponential(mean); at < there.from+24*hour; at += p.exponential(mean) {
		if there.on(at) {
			p.alike(at, to, size{6_400, 1_900}, 0.02)
		}
	}
}

func askMuch(n *network, _ *device, there presence, p *pen) {
	for range int(2_400 * n.intensity) {
		at := there.from + p.between(0, 24*hour)
		n.ask(p, at, n.web.sites[int(at)%siteCount].name)
	}
}

func downloadMuch(d *device) { d.scale.down, d.activity = 4.5*d.scale.down, 1 }

func call(n *network, d *device, there presence, p *pen) {
	to := n.fixed(callSite, d)
	for range 1 + p.IntN(2) {
		at := there.moment(p.stream)
		for end := at + p.between(1500, 3600); at < end; at += p.lognormal(30, 0.4) * n.pollScale() {
			p.alike(at, to, size{78_000, 86_000}, 0.3)
		}
	}
}

func print(n *network, _ *device, there presence, p *pen) {
	printer := n.withRole("printer")[0]
	for range 2 + p.IntN(8) {
		at := there.moment(p.stream)
		p.transfer(at, https(printer), size{42_000, 3_000})
	}
}
