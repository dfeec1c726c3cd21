// Package pcap reads captures of packets, pcap and pcapng, and meters their flows.
package pcap
