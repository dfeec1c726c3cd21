// Package catalog lists the detectors.
package catalog

import (
	"sentinel/internal/detect"
	"sentinel/internal/detect/beacon"
	"sentinel/internal/detect/botnet"
	"sentinel/internal/detect/bruteforce"
	"sentinel/internal/detect/dga"
	"sentinel/internal/detect/dnstunnel"
	"sentinel/internal/detect/dnsvolume"
	"sentinel/internal/detect/exfil"
	"sentinel/internal/detect/flood"
	"sentinel/internal/detect/icmptunnel"
	"sentinel/internal/detect/longconnection"
	"sentinel/internal/detect/newdestination"
	"sentinel/internal/detect/oddclient"
	"sentinel/internal/detect/peertopeer"
	"sentinel/internal/detect/scan"
	"sentinel/internal/detect/threatintel"
	"sentinel/internal/detect/unusualport"
	"sentinel/internal/detect/volumeshift"
)

// All lists the detectors in the order of how much a finding says: where two see the same phenomenon, the
// earlier one reports it.
var All = []detect.Detector{
	threatintel.Detector,
	bruteforce.Detector,
	scan.Detector,
	flood.Detector,
	botnet.Detector,
	beacon.Detector,
	exfil.Detector,
	dga.Detector,
	dnstunnel.Detector,
	dnsvolume.Detector,
	peertopeer.Detector,
	icmptunnel.Detector,
	longconnection.Detector,
	unusualport.Detector,
	oddclient.Detector,
	newdestination.Detector,
	volumeshift.Detector,
}
