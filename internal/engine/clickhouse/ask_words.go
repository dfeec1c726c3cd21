package clickhouse

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// kind is what a word of a question is.
type kind int

const (
	bare    kind = iota // a keyword, or the name of a column or a function
	quoted              // a name in quotes
	number              // that is not negative
	literal             // text
	sign                // an operator or punctuation
	ending              // what stands behind the last word
)

// word of a question, as the server gets to see it.
type sqlWord struct {
	kind kind
	text string
}

// is tells whether the word is one of the signs or, in any case, keywords.
func (w sqlWord) is(texts ...string) bool {
	for _, text := range texts {
		if (w.kind == sign && w.text == text) || (w.kind == bare && strings.EqualFold(w.text, text)) {
			return true
		}
	}
	return false
}

// name is that of a column or a relation, without quotes.
func (w sqlWord) name() string { return strings.Trim(w.text, "`") }

// form is how words of a kind look. They are tried in order; texts are what the server gets in place of them.
type form struct {
	kind    kind
	pattern *regexp.Regexp
	text    func(string) string // nil: as it is
}

// escapes are the parts of a text that do not stand for themselves.
var escapes = regexp.MustCompile(`(?s)''|\\.`)

// undoubled writes doubled quotes of a text in the way that all servers know.
func undoubled(text string) string {
	return "'" + escapes.ReplaceAllStringFunc(text[1:len(text)-1], func(escape string) string {
		if escape == "''" {
			return `\'`
		}
		return escape
	}) + "'"
}

// forms of words. No quoted name has a quote or a backslash in it; in a text, a doubled quote is one, which older servers
// do not know. What no form fits is refused, other alphabets outside of quotes among it.
var forms = []form{
	{bare, regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*`), nil},
	{number, regexp.MustCompile(`^(0[xX][0-9a-fA-F]+|([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?)`), nil},
	{quoted, regexp.MustCompile("^(`[^`\\\\\"'\\x00-\\x1f\\x7f]+`|\"[^`\\\\\"'\\x00-\\x1f\\x7f]+\")"), func(text string) string { return "`" + text[1:len(text)-1] + "`" }},
	{literal, regexp.MustCompile(`^'([^'\\\x00-\x08\x0b-\x1f\x7f]|''|\\[^\x00-\x1f\x7f])*'`), undoubled},
	{sign, regexp.MustCompile(`^(->|<=|>=|<>|!=|==|\|\||::|[-+*/%()\[\],.<>=?:;])`), nil},
}

// member is a number behind a point, that of an element of a tuple.
var member = form{number, regexp.MustCompile(`^[0-9]+`), nil}

// skipped is what stands between words: blanks and comments, which are not nested.
var skipped = regexp.MustCompile(`^([ \t\r\n]+|--[^\n]*(\n|$)|/\*(?s:.*?)\*/)+`)

// split finds the words of a question.
func split(question string) (words []sqlWord, err error) {
	if !utf8.ValidString(question) {
		return nil, fmt.Errorf("the question is no text in UTF-8")
	}
	for rest := question; ; {
		rest = rest[len(skipped.FindString(rest)):]
		if rest == "" {
			return words, nil
		}
		last := sqlWord{kind: ending}
		if len(words) > 0 {
			last = words[len(words)-1]
		}
		word, length := next(rest, last)
		if length == 0 || strings.HasPrefix(rest, "/*") || glued(word, rest[length:]) {
			return nil, fmt.Errorf("cannot read the question from %q on", start(rest))
		}
		words, rest = append(words, word), rest[length:]
	}
}

// next is the word that a text begins with, and its length in the text; 0: there is none.
func next(text string, last sqlWord) (sqlWord, int) {
	if found := member.pattern.FindString(text); found != "" && last.is(".") {
		return sqlWord{number, found}, len(found)
	}
	for _, form := range forms {
		found := form.pattern.FindString(text)
		if found == "" || (form.kind == number && found[0] == '.' && hasParts(last)) {
			continue
		}
		word := sqlWord{form.kind, found}
		if form.text != nil {
			word.text = form.text(found)
		}
		return word, len(found)
	}
	return sqlWord{}, 0
}

// hasParts tells whether a point behind the word leads to a part of what it names.
func hasParts(w sqlWord) bool { return w.kind == bare || w.kind == quoted || w.is(")", "]") }

// glued tells whether a word goes on in a way in which servers may cut it elsewhere: 1FROM, x'41'.
func glued(word sqlWord, rest string) bool {
	after, length := next(rest, word)
	return word.kind != sign && length > 0 && after.kind != sign
}

// start is the first part of a text, for errors.
func start(text string) string {
	const most = 20
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}
