package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// node is a part of the form as it is drawn.
type node struct {
	Kind              string // group, list, word, text, area, lines, number, date, select, radios, checks, check, hidden
	ID, Name          string
	Label, Help, Note string
	Value             string
	Values            []string
	Options           []option
	Optional, Wide    bool
	Empty             string // what no choice means
	Why, WhyMore      string
	Children          []*node
	Key               string // a list's place: what its buttons name
	Rows              []*row
	Add               string
	Fold, Open        bool // whether it can be closed, and whether it is open
	Summary           string
	Path              string
	Lang              string
	Templates         []option // what an entry of the list can start from
	Around            *node    // the rule that it stands in
	Bare              bool     // whether what is around it has its heading already
}

// row is one entry of a list.
type row struct {
	*node
	First, Ordered bool
	Remove, Up     string // what the buttons say to whoever cannot see where they stand
}

// describedBy and told are as of any field.
func (n *node) field() field {
	return field{ID: n.ID, Name: n.Name, Type: n.Kind, Value: n.Value, Help: n.Help, Why: n.Why, WhyMore: n.WhyMore, Required: !n.Optional, Autocomplete: "off"}
}

// told are a part's attributes, as a field's.
func (n *node) told() templ.Attributes {
	a := n.field().told()
	delete(a, "required") // the form says what is missing in its own words
	return a
}

func (n *node) has(value string) bool { return slices.Contains(n.Values, value) }

// withEmpty are the choices with the one that says nothing last.
func (n *node) withEmpty() []option { return append(slices.Clone(n.Options), option{"", n.Empty}) }

// notes are a leaf's words in the margin.
func (n *node) notes() []string {
	if n.Note == "" {
		return nil
	}
	return []string{n.Note}
}

// nested tells whether a list stands in another's entry, and needs a heading.
func (n *node) nested() bool { return strings.Contains(n.Key, ".") && !n.Bare }

// anchor is where a list ends: what the page shows when a row has been taken away.
func (n *node) anchor() string { return n.ID + "-end" }

// next is where a row that is added will stand.
func (n *node) next() string { return n.ID + "-" + strconv.Itoa(len(n.Rows)) }

func (r *row) rowID() string {
	if r.Kind == "words" {
		return r.ID + "-row"
	}
	return r.ID
}

// above is where a row stands when it has moved up.
func (r *row) above() string {
	i := strings.LastIndex(r.ID, "-")
	n, _ := strconv.Atoi(r.ID[i+1:])
	return r.ID[:i+1] + strconv.Itoa(n-1)
}

func (n *node) rows() string {
	if n.Kind == "lines" {
		return strconv.Itoa(max(2, min(len(n.Values)+1, 8)))
	}
	return "3"
}

// lang is the language of what is typed, where it is not the page's.
func (n *node) lang(v *visit) string {
	if n.Lang == "" {
		return string(v.Lang)
	}
	return n.Lang
}
