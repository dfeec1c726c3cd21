package bruteforce

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"sentinel/internal/detect"
	"sentinel/internal/engine"
)

// login is a service that asks for a password.
type login struct {
	port int64
	name string
	// bulk services are used by programs, with many short connections in ordinary work.
	bulk bool
	// hidden services are told by their sizes, not by their port.
	hidden bool
}

var logins = []login{
	{port: 21, name: "FTP"}, {port: 22, name: "SSH"}, {port: 23, name: "Telnet"}, {port: 25, name: "SMTP", bulk: true}, {port: 110, name: "POP3", bulk: true}, {port: 143, name: "IMAP", bulk: true},
	{port: 389, name: "LDAP", bulk: true}, {port: 445, name: "SMB", bulk: true}, {port: 465, name: "SMTP", bulk: true}, {port: 512, name: "rexec"}, {port: 513, name: "rlogin"}, {port: 587, name: "SMTP", bulk: true},
	{port: 636, name: "LDAP", bulk: true}, {port: 993, name: "IMAP", bulk: true}, {port: 995, name: "POP3", bulk: true}, {port: 1433, name: "SQL Server", bulk: true}, {port: 1521, name: "Oracle", bulk: true}, {port: 2222, name: "SSH"},
	{port: 3306, name: "MySQL", bulk: true}, {port: 3389, name: "RDP"}, {port: 5432, name: "PostgreSQL", bulk: true}, {port: 5900, name: "VNC"}, {port: 5901, name: "VNC"},
	{port: 5985, name: "WinRM", bulk: true}, {port: 5986, name: "WinRM", bulk: true}, {port: 6379, name: "Redis", bulk: true}, {port: 27017, name: "MongoDB", bulk: true},
}

func (l login) String() string { return fmt.Sprintf("%s (tcp %d)", l.name, l.port) }

// Sizes of an SSH connection in which no login succeeds, headers included: the key exchange dominates, and is as large one
// way as the other.
const (
	sshLeast   = 1_000
	sshMost    = 6_000
	sshBalance = 1.5
)

// webPorts carry short alike connections whatever their sizes.
var webPorts = []int64{80, 443, 8000, 8080, 8443}

// servicesOf lists the login services with enough flows, and ports that few use whose connections have the sizes of SSH.
func servicesOf(ctx context.Context, c *detect.Case) ([]login, error) {
	byPort := map[int64]login{}
	for _, service := range logins {
		byPort[service.port] = service
	}
	var services []login
	for port, err := range c.Test.Ports(ctx) {
		if err != nil {
			return nil, err
		}
		if service, known := byPort[port.DstPort]; known && port.Proto == "tcp" && port.Flows >= int64(c.Param("min_attempts")) {
			services = append(services, service)
		}
	}
	few := max(c.Test.Network.Hosts/20, 3)
	hidden := map[int64]bool{}
	for channel, err := range c.Test.Channels(ctx, engine.ChannelFilter{MinFlows: int64(c.Param("min_attempts")), Proto: "tcp", MaxPortHosts: few}) {
		if err != nil {
			return nil, err
		}
		if _, known := byPort[channel.DstPort]; !known && !slices.Contains(webPorts, channel.DstPort) && likeSSH(channel) {
			hidden[channel.DstPort] = true
		}
	}
	for port := range hidden {
		services = append(services, login{port: port, name: "what looks like SSH", hidden: true})
	}
	slices.SortFunc(services, func(a, b login) int { return cmp.Compare(a.port, b.port) })
	return services, nil
}

// likeSSH tells whether the answered connections of a channel have the sizes of SSH on average.
func likeSSH(channel engine.Channel) bool {
	answered := float64(channel.Flows - channel.Failed)
	up, down := float64(channel.UpBytes)/answered, float64(channel.DownBytes)/answered
	return answered > 0 && up >= sshLeast && up <= sshMost && down >= sshLeast && down <= sshMost && up <= sshBalance*down && down <= sshBalance*up
}
