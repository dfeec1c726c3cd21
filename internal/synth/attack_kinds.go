package synth

// attackKinds is the register of attacks.
var attackKinds = []AttackKind{
	beaconKind("beacon", "A host contacts its controller at a steady period.", 300, 0.1, 0, 0, 0),
	beaconKind("beacon-jittered", "A beacon with half of its period as jitter, and contacts that fail.", 180, 0.5, 0.1, 0, 0),
	beaconKind("beacon-hours", "A beacon that keeps to working hours.", 300, 0.2, 0, 1, 0),
	beaconKind("beacon-two-sleeps", "A beacon that works fast for a while, then sleeps long.", 20, 0.1, 0, 0, 1_500),
	beaconKind("beacon-slow", "A beacon of an hour and more.", 3_600, 0.1, 0, 0, 0),
	{
		Name: "exfil", Detector: "exfil", On: Judge, hosts: 1, plant: plantExfil, Params: exfilParams(2, 4, 0.75),
		Doc: "HTTPS uploads to a new destination grow for some hours.", Scale: "bytes",
	},
	{
		Name: "exfil-slow", Detector: "exfil", On: Judge, hosts: 1, plant: plantExfil, Params: exfilParams(0.7, 22, 0.2),
		Doc: "A little is uploaded to a new destination, all day long.", Scale: "bytes",
	},
	{
		Name: "dns-volume", Detector: "dns-volume", On: Judge, hosts: 2, plant: plantDNS, Params: dnsParams(6, 23),
		Doc: "The DNS volume of hosts grows: a program asks a few long names over and over.", Scale: "questions",
	},
	{
		Name: "dns-burst", Detector: "dns-volume", On: Judge, hosts: 1, plant: plantDNS, Params: dnsParams(8, 2),
		Doc: "A burst of DNS questions: a program asks a few long names over and over for two hours.", Scale: "questions",
	},
	{
		Name: "peer-to-peer", Detector: "peer-to-peer", On: Judge, hosts: 5, plant: plantPeers,
		Doc: "A handful of internal hosts begin to talk to each other.", Scale: "flows",
		Params: []Param{{"flows", 30, 1, 10_000, "flows of each pair, about"}},
	},
	{
		Name: "botnet", Detector: "botnet", On: Judge, hosts: 6, plant: plantBotnet,
		Doc: "A group of hosts contact the same rare servers in the same rhythm.", Scale: "contacts",
		Params: []Param{{"period", 900, 1, 86_400, "seconds between contacts"}, {"servers", 2, 1, 20, "controllers"}},
	},
	{
		Name: "scan-horizontal", Detector: "scan", On: Judge, hosts: 1, plant: plantHorizontal,
		Doc: "One port is tried on every address of the network.", Scale: "probes",
		Params: []Param{{"port", 445, 1, 65_535, "port tried first"}, {"gap", 0.15, 0.001, 3_600, "seconds between probes"}},
	},
	{
		Name: "scan-vertical", Detector: "scan", On: Judge, hosts: 1, plant: plantVertical,
		Doc: "Many ports of one server are tried.", Scale: "ports",
		Params: []Param{{"gap", 0.05, 0.001, 3_600, "seconds between probes"}},
	},
	{
		Name: "scan-slow", Detector: "scan", On: Judge, hosts: 1, plant: plantHorizontal,
		Doc: "One port is tried on one address after the other, minutes apart.", Scale: "probes",
		Params: []Param{{"port", 22, 1, 65_535, "port tried first"}, {"gap", 240, 0.001, 3_600, "seconds between probes"}},
	},
	{
		Name: "brute-force", Detector: "brute-force", On: Judge, hosts: 1, plant: plantBruteForce,
		Doc: "Many short sessions at a login service, all alike, and then a long one.", Scale: "attempts",
		Params: []Param{{"port", 22, 1, 65_535, "port of the login service"}, {"attempts", 300, 2, 1e6, "failed sessions"}},
	},
	{
		Name: "flood", Detector: "flood", On: Judge, hosts: 6, plant: plantFlood,
		Doc: "Hosts of the network flood one of its servers with connections that never open.", Scale: "rate", Params: floodParams,
	},
	{
		Name: "new-destination", Detector: "new-destination", On: Judge, hosts: 2, plant: plantCountries,
		Doc: "Hosts contact countries that the network never contacted.", Scale: "flows",
		Params: []Param{{"countries", 3, 1, 10, "new countries"}, {"flows", 12, 1, 10_000, "flows to each, of each host"}},
	},
	{
		Name: "volume-shift", Detector: "volume-shift", On: Judge, hosts: 2, plant: plantShift,
		Doc: "The HTTPS volume of hosts becomes a multiple of their usual, with their usual servers.", Scale: "added volume",
		Params: []Param{{"added", 3, 0.01, 100, "added flows over the host's usual"}},
	},
	{
		Name: "unusual-port", Detector: "unusual-port", On: Judge, hosts: 1, plant: plantPort,
		Doc: "A service is used on a port that nobody else uses.", Scale: "flows",
		Params: []Param{{"port", 4444, 1, 65_535, "port"}, {"flows", 60, 1, 1e6, "flows"}},
	},
	{
		Name: "long-connection", Detector: "long-connection", On: Judge, Profile: Office, hosts: 1, plant: plantLong,
		Doc: "A connection to a rare server stays open for hours.", Scale: "duration",
		Params: []Param{{"hours", 7, 0.1, 24, "hours open"}},
	},
	{
		Name: "icmp-tunnel", Detector: "icmp-tunnel", On: Judge, Profile: Office, hosts: 1, plant: plantICMP,
		Doc: "ICMP echoes carry payload to a server outside.", Scale: "flows",
		Params: []Param{{"flows", 200, 1, 1e6, "flows"}, {"payload", 1_000, 64, 1_400, "bytes of an echo"}},
	},
	{
		Name: "dns-tunnel", Detector: "dns-tunnel", On: Judge, Profile: Office, hosts: 1, plant: plantTunnel, Params: tunnelParams(4_000, 1, 60, 0),
		Doc: "Data is carried out in names below one domain.", Scale: "questions",
	},
	{
		Name: "dns-tunnel-in", Detector: "dns-tunnel", On: Judge, Profile: Office, hosts: 1, plant: plantTunnel, Params: tunnelParams(1_500, 1, 6, 400),
		Doc: "Data is carried in by answers to short names below one domain.", Scale: "questions",
	},
	{
		Name: "dns-tunnel-slow", Detector: "dns-tunnel", On: Judge, Profile: Office, hosts: 1, plant: plantTunnel, Params: tunnelParams(1_000, 24, 12, 0),
		Doc: "Command and control in names, a question every minute or two, all day.", Scale: "questions",
	},
	{
		Name: "dga", Detector: "dga", On: Judge, Profile: Office, hosts: 1, plant: plantGenerated,
		Doc: "Bursts of questions for domains that an algorithm made up and nobody registered.", Scale: "names",
		Params: []Param{{"names", 250, 1, 1e6, "names a day"}, {"bursts", 3, 1, 100, "bursts a day"}},
	},
	clientKind("client-clockwork", "Clients return at a steady period, day and night.", plantClockwork),
	clientKind("client-sleepless", "Clients come at random moments, as many by night as by day.", plantSleepless),
	clientKind("client-restless", "Clients read page after page without a pause for thought.", plantRestless),
	{
		Name: "flood-public", Detector: "flood", On: Servers, plant: plantPublicFlood,
		Doc: "Many sources flood one public server with connections that never open.", Scale: "rate", Params: floodParams,
	},
}
