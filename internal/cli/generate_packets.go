package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"

	"sentinel/internal/output"
	"sentinel/internal/synth"
	"sentinel/internal/synth/wire"
)

// Defaults of captures of packets. They hold fewer flows than tables do, since a flow's packets take 100 KB.
const (
	packetFlows = 10_000
	packetMean  = 700
)

// packetFlags say which packets a capture has.
func packetFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Usage: "pcap, nsecpcap or pcapng: packets instead of a table of flows (default: as FILE ends)", HideDefault: true},
		&cli.Int64Flag{Name: "packets", Usage: "packets in all, about; flows grow or shrink to that (default: what their bytes need)", HideDefault: true},
		&cli.Int64Flag{Name: "packet-size", Value: packetMean, Usage: "with --packets: bytes of an IP packet, in mean"},
		&cli.IntFlag{Name: "snaplen", Usage: "bytes of a frame to keep, as tcpdump -s does (default: all)", HideDefault: true},
	}
}

// wireFormat is the format of packets that was asked for; empty for a table.
func wireFormat(command *cli.Command, path string) (wire.Format, error) {
	format := wire.Format(command.String("format"))
	switch {
	case format == "" && wire.FormatOf(path) != "":
		return wire.FormatOf(path), nil
	case format == "" || format.Known():
		return format, checkPacketFlags(command, format)
	case !strings.Contains(path, "."+string(format)):
		return "", hinted{fmt.Errorf("--format %s: does not go with %s", format, path), "name the file with the ending ." + string(format) + " to have a table in it"}
	}
	return "", checkPacketFlags(command, "")
}

// checkPacketFlags finds what was said about packets where there are none.
func checkPacketFlags(command *cli.Command, format wire.Format) error {
	for _, name := range []string{"packets", "packet-size", "snaplen"} {
		if format == "" && command.IsSet(name) {
			return hinted{fmt.Errorf("--%s: a table of flows has no packets", name), "add --format pcap, or name the file with the ending .pcap"}
		}
	}
	return nil
}

// packetOptions changes the defaults to those of captures of packets.
func packetOptions(command *cli.Command, options *synth.Options) {
	if !command.IsSet("profile") {
		options.Profile = synth.Office // which alone has names and states
	}
	if !command.IsSet("flows") {
		options.Flows = packetFlows
	}
}

// packetTruth is what was planted, and what became of it as packets.
type packetTruth struct {
	synth.Truth
	wire.Count
	// Scaled tells that flows have other sizes than the attacks above say.
	Scaled bool `json:"scaled"`
}

// writePackets writes a capture as packets, and the truth beside it.
func writePackets(command *cli.Command, capture *synth.Capture, path string, format wire.Format) error {
	truth := packetTruth{Truth: capture.Truth(), Scaled: command.IsSet("packets")}
	packets, err := wire.Collect(capture, truth.Flows*truth.Days*5/4)
	if err != nil {
		return hinted{err, "order fewer with --flows or --days"}
	}
	if truth.Scaled {
		if err := packets.Scale(command.Int64("packets"), command.Int64("packet-size")); err != nil {
			return hinted{err, "order other --packets, --packet-size or --flows"}
		}
	}
	err = output.WriteFile(path, func(w io.Writer) error {
		return wire.Compressed(w, path, func(w io.Writer) (err error) {
			truth.Count, err = packets.Write(w, wire.Options{Format: format, Snaplen: command.Int("snaplen")})
			return err
		})
	})
	if err != nil {
		return hinted{err, "write to a directory where you may write, with room for the file"}
	}
	return writeTruth(command.Root().ErrWriter, path, truth, len(truth.Attacks))
}
