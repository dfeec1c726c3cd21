package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"sentinel/internal/flow"
	"sentinel/internal/output"
)

// sqlView is the box for questions and the latest answer.
type sqlView struct {
	Question string
	Columns  []string
	Rows     [][]string
	Shown    string
	Fault    string
	CSV      string
	Examples []labelled
	Fields   []flow.Column
}

// Bounds of a question in SQL and of the table that answers it.
const (
	mostQuestion = 20_000
	answerRows   = 1000
	askTime      = 30 * time.Second
)

// examples are questions to begin with.
var examples = []labelled{
	{Label: "Who sent most", Value: "SELECT src_ip, sum(up_bytes) AS sent, count(*) AS flows\nFROM flows GROUP BY src_ip ORDER BY sent DESC LIMIT 20"},
	{Label: "Rare ports", Value: "SELECT proto, dst_port, count(*) AS flows, count(DISTINCT src_ip) AS hosts\nFROM flows GROUP BY ALL HAVING flows < 10 ORDER BY flows, dst_port LIMIT 50"},
	{Label: "Longest flows", Value: "SELECT make_timestamp(start) AS start, src_ip, dst_ip, dst_port, duration / 1e6 AS seconds\nFROM flows ORDER BY duration DESC LIMIT 20"},
}

func showSQL(v *visit) error {
	if v.capture.Asker == nil {
		return missing("There is no place for questions in SQL here.")
	}
	content := sqlView{Question: v.query.Get("q"), Fields: flow.Columns}
	for _, example := range examples {
		example.Link = "/sql?" + url.Values{"q": {example.Value}}.Encode()
		content.Examples = append(content.Examples, example)
	}
	if strings.TrimSpace(content.Question) != "" {
		if err := v.answer(&content); err != nil {
			return err
		}
	}
	return v.present("sql", v.frame("SQL", "/sql"), lens{path: "/", filter: v.filter}, content)
}

// question is what is asked, where there is something to ask.
func (v *visit) question() (string, error) {
	question := v.query.Get("q")
	switch {
	case v.capture.Asker == nil:
		return "", missing("There is no place for questions in SQL here.")
	case strings.TrimSpace(question) == "":
		return "", unclear(errors.New("no question is asked"))
	case len(question) > mostQuestion:
		return "", unclear(fmt.Errorf("the question has %s; at most %s are taken", output.Counted(int64(len(question)), "byte"), output.Count(mostQuestion)))
	}
	return question, nil
}

// errEnough ends an answer that has more rows than a table shows.
var errEnough = errors.New("the table is full")

// answer fills the table. What is wrong with the question is told on the page; it is the user's.
func (v *visit) answer(content *sqlView) error {
	question, err := v.question()
	if err != nil {
		return err
	}
	err = v.ask(question, func(columns []string) error {
		for _, column := range columns {
			content.Columns = append(content.Columns, output.Printable(column))
		}
		return nil
	}, func(values []any) error {
		if len(content.Rows) == answerRows {
			return errEnough
		}
		row := output.Values(values)
		for i := range row {
			row[i] = output.Printable(row[i])
		}
		content.Rows = append(content.Rows, row)
		return nil
	})
	content.Shown = output.Counted(int64(len(content.Rows)), "row")
	switch {
	case errors.Is(err, errEnough):
		content.Shown = "The first " + content.Shown + "; the download has all"
	case errors.Is(err, context.DeadlineExceeded):
		content.Fault = fmt.Sprintf("The answer took longer than %v. Ask for less.", askTime)
	case err != nil:
		content.Fault = output.PrintableLong(err.Error())
	}
	if content.Fault != "" {
		content.Columns, content.Rows = nil, nil
		return nil
	}
	content.CSV = "/sql.csv?" + url.Values{"q": {question}}.Encode()
	return nil
}

// ask puts a question when no other is under way.
func (v *visit) ask(question string, columns func([]string) error, row func([]any) error) error {
	ctx, cancel := context.WithTimeout(v.ctx, askTime)
	defer cancel()
	if err := v.site.asking.enter(ctx); err != nil {
		return fault{http.StatusServiceUnavailable, errors.New("another question is under way; try again when it is done")}
	}
	defer v.site.asking.leave()
	err := v.capture.Asker.Ask(ctx, question, columns, row)
	if err != nil && ctx.Err() != nil && !errors.Is(err, errEnough) {
		return ctx.Err()
	}
	return err
}
