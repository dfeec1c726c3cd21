package clickhouse

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// rewrite checks that a question reads nothing but relations, and writes it anew with what stands for each of them. The
// rules are narrower than the language, so that no version of the server can take a word for more than is seen here:
// a relation stands behind FROM or JOIN only, a list or a question behind IN, and a function is one that is known.
func rewrite(question string, relations map[string]string) (string, error) {
	words, err := split(question)
	if err != nil {
		return "", err
	}
	if len(words) > 0 && words[len(words)-1].is(";") {
		words = words[:len(words)-1]
	}
	if len(words) == 0 || !words[0].is("SELECT", "WITH") {
		return "", errors.New("the question must be one SELECT")
	}
	w := &writer{words: words, relations: relations, levels: []level{{}}}
	for w.at = 0; w.at < len(words); w.at++ {
		if err := w.write(); err != nil {
			return "", err
		}
	}
	if len(w.levels) != 1 {
		return "", errors.New("the question has a parenthesis that is not closed")
	}
	return strings.TrimSpace(w.written.String()), nil
}

// writer goes through the words of a question.
type writer struct {
	words     []sqlWord
	at        int
	relations map[string]string
	levels    []level // the question itself, and each open parenthesis
	written   strings.Builder
}

// level is what stands within one parenthesis.
type level struct{ sources bool } // between FROM and what may have commas

func (w *writer) top() *level { return &w.levels[len(w.levels)-1] }

// word is the one so many places away.
func (w *writer) word(away int) sqlWord {
	if at := w.at + away; at >= 0 && at < len(w.words) {
		return w.words[at]
	}
	return sqlWord{kind: ending}
}

// put writes the text of a word. Parts of names stay together.
func (w *writer) put(text string) {
	if text != "." && !w.word(-1).is(".") {
		w.written.WriteByte(' ')
	}
	w.written.WriteString(text)
}

// rules are for the words that decide what is read.
var rules = []struct {
	words []string
	check func(*writer) error
}{
	{[]string{"("}, (*writer).open},
	{[]string{")"}, (*writer).shut},
	{[]string{",", ";"}, (*writer).separate},
	{[]string{"FROM", "JOIN"}, (*writer).source},
	{[]string{"IN"}, (*writer).list},
	{[]string{"EXISTS"}, (*writer).inner},
	{[]string{"GROUP", "ORDER", "LIMIT", "UNION"}, (*writer).clause},
	{refused, (*writer).refuse},
}

// refused are keywords of which no question that only reads flows has need, or that change what the server allows. Who
// has a column of that name may quote it.
var refused = []string{
	"ALTER", "APPLY", "ATTACH", "CREATE", "DELETE", "DESCRIBE", "DETACH", "DROP", "EXECUTE", "EXPLAIN", "FORMAT", "GRANT", "INSERT", "INTO", "KILL",
	"OPTIMIZE", "OUTFILE", "RENAME", "RESTORE", "BACKUP", "SETTINGS", "SHOW", "TABLE", "TRUNCATE", "USE", "WATCH",
}

// keywords stand where no name does, not even the name of a column that is given with AS.
var keywords = slices.Concat(refused, []string{
	"WHERE", "PREWHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "SELECT", "FROM", "JOIN", "IN", "EXISTS", "WITH", "AS", "ON", "USING", "BY", "ALL", "ANY", "ASOF", "SEMI", "ANTI", "INNER", "LEFT", "RIGHT", "FULL", "OUTER",
	"CROSS", "GLOBAL", "ARRAY", "PASTE", "FINAL", "SAMPLE", "OFFSET", "FETCH", "QUALIFY", "WINDOW", "INTERSECT", "EXCEPT", "NOT", "AND", "OR", "XOR", "BETWEEN",
	"LIKE", "ILIKE", "REGEXP", "IS", "DIV", "MOD", "CASE", "WHEN", "THEN", "ELSE", "INTERVAL", "DISTINCT", "VALUES",
})

// beforeOpen are keywords behind which a parenthesis may open that is no function's.
var beforeOpen = []string{
	"SELECT", "FROM", "JOIN", "IN", "EXISTS", "WITH", "AS", "ON", "USING", "BY", "ALL", "WHERE", "PREWHERE", "HAVING", "LIMIT", "NOT", "AND", "OR", "XOR",
	"BETWEEN", "LIKE", "ILIKE", "DIV", "MOD", "CASE", "WHEN", "THEN", "ELSE", "DISTINCT", "INTERVAL",
}

// write checks one word and writes it.
func (w *writer) write() error {
	this := w.word(0)
	if this.is(keywords...) && (w.word(-1).is(".", "AS") || w.word(1).is(".")) {
		return fmt.Errorf("%s is a keyword of SQL, expected a name; quoted it is one: \"%[1]s\"", this.text)
	}
	for _, rule := range rules {
		if this.is(rule.words...) {
			if err := rule.check(w); err != nil {
				return err
			}
			break
		}
	}
	w.put(w.word(0).text)
	return nil
}

// open checks what a parenthesis belongs to.
func (w *writer) open() error {
	before := w.word(-1)
	if before.kind == quoted || (before.kind == bare && !before.is(beforeOpen...) && (!knownFunction(before.text) || w.word(-2).is("."))) {
		return fmt.Errorf("%s is no function that questions may use", before.text)
	}
	w.levels = append(w.levels, level{})
	return nil
}

func (w *writer) shut() error {
	if len(w.levels) == 1 {
		return errors.New("the question closes a parenthesis that was not opened")
	}
	w.levels = w.levels[:len(w.levels)-1]
	return nil
}

// separate refuses further statements, and relations behind a comma.
func (w *writer) separate() error {
	if w.word(0).is(";") {
		return errors.New("the question must be one statement")
	}
	if w.top().sources {
		return errors.New("a comma stands behind FROM; JOIN ... USING joins relations, and USING (a, b) names several columns")
	}
	return nil
}

// source checks the relation behind FROM or JOIN, and writes both.
func (w *writer) source() error {
	w.top().sources = true
	relation := w.word(1)
	if relation.is("(") {
		w.at++
		defer func() { w.at-- }()
		return w.question("FROM")
	}
	text, ok := w.relations[relation.name()]
	if !ok || (relation.kind != bare && relation.kind != quoted) || w.word(2).is(".", "(") {
		return fmt.Errorf("there is no relation %s: a question reads flows and dns", relation.text)
	}
	w.put(w.word(0).text)
	w.at++
	if alias := w.word(1); !alias.is("AS") && (alias.kind != quoted && alias.kind != bare || alias.is(keywords...)) {
		text += " AS " + relation.name()
	}
	w.words[w.at] = sqlWord{literal, text}
	return nil
}

// inner checks that a question stands behind the word.
func (w *writer) inner() error {
	if !w.word(1).is("(") {
		return errors.New("EXISTS has no question behind it")
	}
	w.at++
	defer func() { w.at-- }()
	return w.question("EXISTS")
}

// question checks that a question stands in the parenthesis here.
func (w *writer) question(behind string) error {
	if !w.word(1).is("SELECT", "WITH") {
		return fmt.Errorf("%s (%s: expected a relation, flows or dns, or a SELECT", behind, w.word(1).text)
	}
	return nil
}

// list checks that behind IN come values or a question: a single name would be that of a relation.
func (w *writer) list() error {
	before := -1
	for w.word(before).is("NOT", "GLOBAL") {
		before--
	}
	first := 1
	for w.word(first).is("(") {
		first++
	}
	value := w.word(first)
	values := value.kind == number || value.kind == literal || value.is("-", "[", "NULL", "TRUE", "FALSE") ||
		(first > 1 && value.is("SELECT", "WITH")) || (value.kind == bare && knownFunction(value.text) && w.word(first+1).is("("))
	if !w.endsValue(before) || !values {
		return fmt.Errorf("IN %s: expected a value before, and behind a list of values or a SELECT in parentheses", value.text)
	}
	return nil
}

// clause ends the part of a question that has relations and conditions. It must look like nothing else: a column could
// bear the name of a keyword, and a relation stand behind the comma after it.
func (w *writer) clause() error {
	behind := 1
	for w.word(behind).is("BY", "ALL", "DISTINCT") {
		behind++
	}
	follows := w.word(behind)
	ends := map[string]bool{
		"GROUP": w.word(1).is("BY") && !follows.is(","), "ORDER": w.word(1).is("BY") && !follows.is(","),
		"LIMIT": w.word(1).kind == number, "UNION": follows.is("SELECT", "WITH", "("),
	}
	if !ends[strings.ToUpper(w.word(0).text)] || !w.endsValue(-1) {
		return fmt.Errorf("%s %s: is no clause of a question", w.word(0).text, w.word(1).text)
	}
	w.top().sources = false
	return nil
}

// endsValue tells whether a value, a relation or an alias ends with the word so many places away.
func (w *writer) endsValue(away int) bool {
	word := w.word(away)
	return (word.kind == bare && !word.is(keywords...)) || word.kind == quoted || word.kind == number || word.kind == literal || word.is(")", "]")
}

// refuse refuses a keyword.
func (w *writer) refuse() error {
	return fmt.Errorf("%s is not for questions that only read", w.word(0).text)
}
