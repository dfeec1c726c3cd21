// Package catalog lists the detectors.
package catalog

import (
	"sentinel/internal/detect"
	"sentinel/internal/detect/beacon"
)

// All lists the detectors in the order of how much a finding says: where two see the same phenomenon, the
// earlier one reports it.
var All = []detect.Detector{
	beacon.Detector,
}
