// Package catalog lists the formats that Sentinel reads.
package catalog

import (
	"sentinel/internal/input"
	"sentinel/internal/input/binetflow"
	"sentinel/internal/input/cloud"
	"sentinel/internal/input/netflow"
	"sentinel/internal/input/nfcapd"
	"sentinel/internal/input/pcap"
	"sentinel/internal/input/suricata"
	"sentinel/internal/input/table"
	"sentinel/internal/input/zeek"
)

// All are the formats in the order in which they are asked whether a file is theirs: those that know a file by its
// first bytes, then those that know its words, and the tables, which take almost any text, last.
var All = input.Formats{
	table.Parquet,
	netflow.Captured,
	pcap.Format,
	nfcapd.Format,
	netflow.Datagrams,
	zeek.Format,
	suricata.Format,
	binetflow.Format,
	cloud.AWS,
	cloud.GCP,
	cloud.Azure,
	table.JSON,
	table.CSV,
}
