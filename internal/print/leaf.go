package print

import (
	"bytes"
	_ "embed"
	"html/template"
	"slices"
)

// Leaf is a page for paper: a title, what it is about, and sections with their
// headings. It is handed words that are finished, in one language, and HTML that
// is safe.
type Leaf struct {
	Lang     string
	Title    string
	Above    string   // whose it is
	Marks    []string // what is to be seen at once
	Facts    []Fact
	Sections []Section
	Below    []string // small print, a line each
}

// Fact is a name and what it is.
type Fact struct{ Name, Value string }

// Section is a heading with what stands under it.
type Section struct {
	Sign    string // before the heading: § 4
	Heading string
	HTML    string   // safe
	Lines   []string // a list of plain lines
	Notes   []string
	Tables  []Table
}

// Table is a table of plain cells.
type Table struct {
	Caption string
	Head    []string
	Rows    [][]string
	Numbers int   // how many of the last columns are numbers
	Results []int // which rows are what the ones above come to
}

// Number tells whether a column of a row holds numbers.
func (t Table) Number(row []string, column int) bool { return column >= len(row)-t.Numbers }

// Result tells whether a row is what the ones above come to.
func (t Table) Result(row int) bool { return slices.Contains(t.Results, row) }

//go:embed leaf.html
var leafSource string

//go:embed leaf.css
var leafStyle []byte

var leafPage = template.Must(template.New("leaf").Funcs(template.FuncMap{
	"safe": func(s string) template.HTML { return template.HTML(s) }, //nolint:gosec // the outlet for Markdown made it
}).Parse(leafSource))

// Document is the leaf ready to be printed.
func (l Leaf) Document() (Document, error) {
	var b bytes.Buffer
	if err := leafPage.Execute(&b, l); err != nil {
		return Document{}, err
	}
	return Document{HTML: b.Bytes(), Assets: map[string][]byte{"leaf.css": leafStyle}}, nil
}
