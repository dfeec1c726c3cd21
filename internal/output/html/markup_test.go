package html_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	markup "golang.org/x/net/html"
)

// void elements have no end (HTML, 13.1.2); those of SVG end themselves.
var void = []string{"meta", "input", "br", "link", "img", "hr"}

// nest wants every element to be closed in the order in which it was opened, which browsers forgive and readers of
// other kinds do not.
func nest(t *testing.T, page []byte) {
	t.Helper()
	var open []string
	for tokens := markup.NewTokenizer(bytes.NewReader(page)); ; {
		kind := tokens.Next()
		name, _ := tokens.TagName()
		switch {
		case kind == markup.ErrorToken:
			if !errors.Is(tokens.Err(), io.EOF) || len(open) > 0 {
				t.Errorf("%v with %v open", tokens.Err(), open)
			}
			return
		case kind == markup.StartTagToken && !slices.Contains(void, string(name)):
			open = append(open, string(name))
		case kind == markup.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Fatalf("</%s> with %v open", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

func parsed(t *testing.T, page []byte) *markup.Node {
	t.Helper()
	tree, err := markup.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// elements are those of the tree, in order.
func elements(tree *markup.Node) (list []*markup.Node) {
	for node := range tree.Descendants() {
		if node.Type == markup.ElementNode {
			list = append(list, node)
		}
	}
	return list
}

func attribute(node *markup.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(node *markup.Node) string {
	var b strings.Builder
	for child := range node.Descendants() {
		if child.Type == markup.TextNode {
			b.WriteString(child.Data)
		}
	}
	return b.String()
}

// active are elements that load something or act; a page that needs none of them must not get one.
var active = []string{"img", "iframe", "object", "embed", "link", "base", "video", "audio", "source", "image", "use", "animate", "foreignobject"}

// selfContained wants a page that asks nobody for anything, and no action but that of its one script.
func selfContained(t *testing.T, tree *markup.Node) {
	t.Helper()
	scripts := 0
	for _, node := range elements(tree) {
		if node.Data == "script" {
			scripts++
		}
		if slices.Contains(active, node.Data) {
			t.Errorf("element %s", node.Data)
		}
		for _, a := range node.Attr {
			harmless(t, node, a)
		}
	}
	if scripts != 1 {
		t.Errorf("%d scripts, want 1", scripts)
	}
}

func harmless(t *testing.T, node *markup.Node, a markup.Attribute) {
	t.Helper()
	switch {
	case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "src", a.Key == "srcdoc", a.Key == "action", a.Key == "formaction":
		t.Errorf("%s has %s=%q", node.Data, a.Key, a.Val)
	case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
	case a.Key == "href" && node.Data == "a" && strings.HasPrefix(a.Val, "https://attack.mitre.org/techniques/T"):
		if !strings.Contains(attribute(node, "rel"), "noreferrer") {
			t.Errorf("the link to %s tells where from", a.Val)
		}
	case a.Key == "href":
		t.Errorf("%s has href=%q", node.Data, a.Val)
	}
}

// linked wants ids to be there once, and whatever points to one to find it.
func linked(t *testing.T, tree *markup.Node) {
	t.Helper()
	ids := map[string]bool{}
	for _, node := range elements(tree) {
		if id := attribute(node, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %s is there twice", id)
			}
			ids[id] = true
		}
	}
	for _, node := range elements(tree) {
		for _, to := range []string{strings.TrimPrefix(attribute(node, "href"), "#"), attribute(node, "aria-labelledby"), attribute(node, "data-search"), attribute(node, "data-filter")} {
			if to != "" && !strings.HasPrefix(to, "https:") && !ids[to] {
				t.Errorf("%s points to %s, which is not there", node.Data, to)
			}
		}
	}
}

// outlined wants headings that begin with one of level 1 and skip no level, and tables that say what they are.
func outlined(t *testing.T, tree *markup.Node) {
	t.Helper()
	level := 0
	for _, node := range elements(tree) {
		if len(node.Data) == 2 && node.Data[0] == 'h' && node.Data[1] >= '1' && node.Data[1] <= '6' {
			next := int(node.Data[1] - '0')
			if next > level+1 || next == 1 && level > 0 {
				t.Errorf("%q has level %d after %d", textOf(node), next, level)
			}
			level = next
		}
		if node.Data == "table" && node.FirstChild.NextSibling.Data != "caption" {
			t.Errorf("table %s has no caption", attribute(node, "id"))
		}
		if node.Data == "th" && attribute(node, "scope") == "" {
			t.Errorf("%q heads nothing", textOf(node))
		}
	}
}
