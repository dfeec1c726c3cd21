package scan

import (
	"context"
	"math"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/stat"
)

// network is what one pass over the addresses tells before anybody is suspected.
type network struct {
	failedTo map[netip.Addr]int64 // destinations that never answered a source, of sources with many
	answers  map[netip.Addr]bool  // those of them that others contact and that answer
	crowded  []netip.Addr         // destinations that many sources tried in vain
	usual    float64              // share of first contacts that succeed for an ordinary host
	oneSided bool
}

// Bounds of the success that counts as usual: below the floor everybody fails, and only hosts that fail nearly
// always can be told apart.
const (
	usualFloor    = 0.5
	hostsForUsual = 5  // hosts that it takes to speak of an ordinary one
	targetsOfHost = 10 // destinations of a host whose share of success means something
	handshake     = 180.0
)

// census reads how often contacts fail in this network at all.
func census(ctx context.Context, c *detect.Case) (*network, error) {
	n := &network{failedTo: map[netip.Addr]int64{}, answers: map[netip.Addr]bool{}}
	var shares []float64
	var opened int64
	var up, down float64
	least := int64(min(c.Param("min_targets"), c.Param("min_ports")))
	for node, err := range c.Test.Nodes(ctx) {
		if err != nil {
			return nil, err
		}
		opened += node.Opened
		up, down = up+float64(node.UpBytes), down+float64(node.DownBytes)
		if node.OpenedTo >= targetsOfHost && c.Test.Judged(node.Address) {
			shares = append(shares, 1-float64(node.FailedTo)/float64(node.OpenedTo))
		}
		if node.Failed >= least {
			n.failedTo[node.Address] = node.FailedTo
			n.answers[node.Address] = node.AcceptedFrom > 0
		}
		if node.AskedBy-node.AcceptedFrom >= int64(c.Param("min_sources")) && detect.Scorable(node.Address, "", 0) {
			n.crowded = append(n.crowded, node.Address)
		}
		explainNode(c, node.Address, node.OpenedTo, node.FailedTo)
	}
	n.usual = c.Param("usual_success")
	typical := 1.0
	if len(shares) >= hostsForUsual {
		typical = stat.Quantile(shares, 0.5)
		n.usual = min(n.usual, max(typical, usualFloor))
	}
	n.oneSided = (down == 0 || typical < c.Param("scan_success")) && up > handshake*float64(opened)
	return n, nil
}

func explainNode(c *detect.Case, host netip.Addr, targets, failed int64) {
	if !c.Asked(host) || targets == 0 {
		return
	}
	c.Explain(host, detect.Line{What: "addresses that never answered it", Value: float64(failed), Threshold: math.NaN(),
		Why: "of all that it contacted; scans are judged port by port and address by address"})
}
