package intel

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// columns are the names under which feeds give a value and what they say of it, in lower case, best first.
var columns = map[string][]string{
	"value":      {"indicator", "value", "ioc", "ioc_value", "ip", "dst_ip", "ip_address", "ipaddress", "address", "domain", "hostname", "host", "cidr", "network", "url", "prefix"},
	"label":      {"description", "label", "malware", "malware_printable", "threat", "tags", "category", "comment", "reason"},
	"seen":       {"last_seen", "last_seen_utc", "last_online", "first_seen", "first_seen_utc", "date", "timestamp", "dateadded", "added"},
	"confidence": {"confidence", "confidence_level", "score"},
}

// csv reads a table. Its header may be a remark, as in "# first_seen,dst_ip"; without one, the first column that
// holds a value is taken row by row.
func (f *feed) csv(text string) error {
	reader := csv.NewReader(strings.NewReader(text))
	reader.FieldsPerRecord, reader.LazyQuotes, reader.TrimLeadingSpace, reader.ReuseRecord = -1, true, true, true
	at := map[string]int{}
	for {
		record, err := reader.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			var parse *csv.ParseError
			if errors.As(err, &parse) {
				f.bad(parse.StartLine, parse.Err.Error())
				continue
			}
			return err
		}
		line, _ := reader.FieldPos(0)
		switch {
		case len(at) == 0 && header(record, at):
		case strings.HasPrefix(record[0], "#"), len(record) == 1 && record[0] == "":
		default:
			f.record(line, record, at)
		}
	}
}

// header finds the columns, if a record names one for values.
func header(record []string, at map[string]int) bool {
	var names []string
	for _, field := range record {
		names = append(names, strings.ToLower(strings.Trim(field, "# \"")))
	}
	for what, known := range columns {
		for _, name := range known {
			if i := slices.Index(names, name); i >= 0 {
				at[what] = i
				break
			}
		}
	}
	if _, found := at["value"]; !found {
		clear(at)
	}
	return len(at) > 0
}

func (f *feed) record(line int, record []string, at map[string]int) {
	field := func(what string) string {
		if i, known := at[what]; known && i < len(record) {
			return record[i]
		}
		return ""
	}
	text := field("value")
	if len(at) == 0 {
		text = firstValue(record)
	}
	f.add(line, text, func(e *Entry) {
		e.Label, e.Seen, e.Confidence = short(field("label")), moment(field("seen")), percent(field("confidence"))
	})
}

func firstValue(record []string) string {
	for _, field := range record {
		if _, err := value(field); err == nil {
			return field
		}
	}
	return record[0]
}

// moment reads a time as feeds write it, in UTC where they do not say; zero where it is none.
func moment(text string) time.Time {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02 15:04:05 MST", "2006-01-02T15:04:05", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	const year2000, year2100 = 946_684_800, 4_102_444_800
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && seconds > year2000 && seconds < year2100 {
		return time.Unix(seconds, 0).UTC()
	}
	return time.Time{}
}

// percent reads a confidence, 0 to 100, as a share; -1 where it is none.
func percent(text string) float64 {
	number, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text), "%"), 64)
	if err != nil || !(number >= 0 && number <= 100) {
		return -1
	}
	return number / 100
}
