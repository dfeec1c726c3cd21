package web

import (
	"fmt"
	"net/url"
	"slices"

	"sentinel/internal/explore"
	"sentinel/internal/output"
)

// mostContacts is how many flows of a channel its page looks at.
const mostContacts = 100_000

// channelView is all that one channel did.
type channelView struct {
	Source, Destination, Port string
	SourcePage, DestPage      string
	Figures                   []labelled
	Pictures                  []picture
	Findings                  findingList
	Rows                      []contactRow
	Shown                     string
	FlowsLink                 string
}

type contactRow struct{ Start, Gap, Up, Down string }

// channelOf reads which channel an address is about.
func channelOf(filter explore.Filter) (explore.Channel, error) {
	c := explore.Channel{SrcIP: filter.SrcIP, DstIP: filter.DstIP, Proto: filter.Proto, DstPort: filter.DstPort}
	if !c.SrcIP.IsValid() || !c.DstIP.IsValid() || c.Proto == "" || c.DstPort < 0 {
		return c, unclear(fmt.Errorf("a channel has a source, a destination, a protocol and a port: src, dst, proto and port"))
	}
	return c, nil
}

func (v *visit) contacts() (explore.Channel, []explore.Contact, error) {
	channel, err := channelOf(v.filter)
	if err != nil {
		return channel, nil, err
	}
	contacts, err := v.memo.channel(v.ctx, channel, mostContacts)
	if err == nil && len(contacts) == 0 {
		err = missing("The capture has no flow from %s to %s, %s.", channel.SrcIP, channel.DstIP, portOf(channel.Proto, channel.DstPort))
	}
	return channel, contacts, err
}

func showChannel(v *visit) error {
	channel, contacts, err := v.contacts()
	if err != nil {
		return err
	}
	filter := explore.Filter{SrcIP: channel.SrcIP, DstIP: channel.DstIP, Proto: channel.Proto, DstPort: channel.DstPort}
	totals, err := v.memo.totals(v.ctx, filter)
	if err != nil {
		return err
	}
	content := channelView{
		Source: channel.SrcIP.String(), Destination: channel.DstIP.String(), Port: portOf(channel.Proto, channel.DstPort),
		SourcePage: hostPage(channel.SrcIP), DestPage: hostPage(channel.DstIP), Figures: v.channelFigures(totals, contacts),
		Findings: v.findings(filter, fewRows), FlowsLink: link("/flows", filter), Rows: v.contactRows(contacts),
		Shown: fmt.Sprintf("The first %s of %s", output.Count(int64(min(len(contacts), fewContacts))), output.Counted(totals.Flows, "contact")),
	}
	query := writeFilter(filter).Encode()
	for _, p := range []picture{{"Contacts over time", "contacts", "wide", ""}, {"Gaps between contacts", "gaps", "small", ""}, {"Bytes sent per contact", "up", "small", ""}, {"Bytes received per contact", "down", "small", ""}} {
		p.Link = (&url.URL{Path: "/chart/" + p.Link, RawQuery: query}).String()
		content.Pictures = append(content.Pictures, p)
	}
	return v.present("channel", v.frame("Channel", ""), lens{path: "/", filter: filter}, content)
}

func (v *visit) channelFigures(totals explore.Totals, contacts []explore.Contact) []labelled {
	list := []labelled{
		{"Contacts", output.Count(totals.Flows), "", ""},
		{"Sent", output.Bytes(totals.UpBytes), "", ""},
		{"Received", output.Bytes(totals.DownBytes), "", ""},
		{"Time", v.capture.Report.Span(totals.First, totals.Last), v.capture.Report.Time(totals.First) + " to " + v.capture.Report.Time(totals.Last), ""},
	}
	if gaps := gapsOf(contacts); len(gaps) > 0 {
		slices.Sort(gaps)
		list = append(list, labelled{"Median gap", seconds(gaps[len(gaps)/2]), fmt.Sprintf("half of the gaps lie between %s and %s", seconds(gaps[len(gaps)/4]), seconds(gaps[len(gaps)*3/4])), ""})
	}
	return list
}

// fewContacts is how many rows the page of a channel has.
const fewContacts = 50

func (v *visit) contactRows(contacts []explore.Contact) (rows []contactRow) {
	for i, c := range contacts[:min(len(contacts), fewContacts)] {
		row := contactRow{Start: v.capture.Report.Time(c.Start), Up: output.Bytes(c.UpBytes), Down: output.Bytes(c.DownBytes)}
		if i > 0 {
			row.Gap = seconds(float64(c.Start-contacts[i-1].Start) / 1e6)
		}
		rows = append(rows, row)
	}
	return rows
}

// gapsOf are the seconds between contacts.
func gapsOf(contacts []explore.Contact) (gaps []float64) {
	for i := 1; i < len(contacts); i++ {
		gaps = append(gaps, float64(contacts[i].Start-contacts[i-1].Start)/1e6)
	}
	return gaps
}
