package analysis

import (
	"context"
	"fmt"
	"net/netip"

	"sentinel/internal/detect"
	"sentinel/internal/report"
)

// judge lets the detectors loose on the captures, against the baseline where there is one, and enters what
// they say into the report.
func judge(ctx context.Context, test, base *capture, options Options, into *report.Report) (err error) {
	config := options.Detection
	if len(config.Detectors) == 0 {
		return nil
	}
	config.Internal, config.Places, config.Columns = options.Config.Internal, options.Config.Places, test.columns()
	config.Progress = options.Progress.Work("judging")
	result, err := detect.Run(ctx, flowsOf(test), baseFlows(base), config)
	if err != nil {
		return err
	}
	into.Findings = result.Findings
	for _, line := range result.Lines {
		into.Lines = append(into.Lines, report.Line(line))
	}
	into.Detection = describeRun(result)
	return nil
}

// loadBaseline brings the baseline into an engine of its own; without one it gives nil.
func loadBaseline(ctx context.Context, options Options, dir string, into *report.Report) (*capture, error) {
	if len(options.Baseline) == 0 && options.StoredBaseline == nil {
		return nil, nil
	}
	base, err := options.baseline(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	into.Baseline = base.inputs
	into.Failures = append(into.Failures, base.failures...)
	into.Notes = append(into.Notes, base.notes...)
	return base, nil
}

func flowsOf(c *capture) detect.Flows {
	first, last := report.Extent(c.inputs)
	return detect.Flows{Engine: c.Engine, First: first, Last: last}
}

func baseFlows(c *capture) *detect.Flows {
	if c == nil {
		return nil
	}
	flows := flowsOf(c)
	return &flows
}

// describeRun tells what the detectors looked at.
func describeRun(result *detect.Result) *report.Detection {
	detection := &report.Detection{
		Tests: result.Tests, Rejected: result.Rejected, Allowed: len(result.Allowed),
		ExpectedFalse: result.ExpectedFalse(),
	}
	for _, ran := range result.Ran {
		detection.Ran = append(detection.Ran, report.Ran(ran))
	}
	for _, node := range result.Network.Nodes() {
		for role, list := range map[detect.Role]*[]netip.Addr{detect.Server: &detection.Servers, detect.Resolver: &detection.Resolvers} {
			if result.Network.Is(node.Address, role) {
				*list = append(*list, node.Address)
			}
		}
	}
	return detection
}
