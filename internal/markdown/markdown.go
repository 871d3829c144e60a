// Package markdown is the outlet that turns the Markdown which people write into
// HTML that is safe to show: no HTML of their own, no scripts, no pictures and
// nothing that is fetched from elsewhere. Headings begin at the level that the
// page has left.
package markdown

import (
	"bytes"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var engine = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(quiet{}, 100))),
	)
})

// policy lets through what the engine makes, and nothing else.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li",
		"h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("align").Matching(bluemonday.CellAlign).OnElements("th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto")
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
})

var levels = parser.NewContextKey()

// HTML is Markdown as safe HTML. Its first level of headings becomes top, its
// second the next, none deeper than six.
func HTML(source string, top int) string {
	ctx := parser.NewContext()
	ctx.Set(levels, top)
	var b bytes.Buffer
	if err := engine().Convert([]byte(source), &b, parser.WithContext(ctx)); err != nil {
		return "" // only a writer fails, and a buffer does not
	}
	return policy().Sanitize(b.String())
}

// Closed is Markdown that other Markdown can follow. A block that is left open
// (code without its end, a comment) would take in all that comes after it, so a
// text with such a block is shown as it is written.
func Closed(source string) string {
	const next = "next"
	whole := []byte(source + "\n\n" + next)
	last, ok := engine().Parser().Parse(text.NewReader(whole)).LastChild().(*ast.Paragraph)
	if ok && string(last.Lines().Value(whole)) == next {
		return source
	}
	return Text(source)
}

// quiet moves headings down and takes pictures away: what stood for one in
// words stays.
type quiet struct{}

func (quiet) Transform(root *ast.Document, _ text.Reader, ctx parser.Context) {
	top, _ := ctx.Get(levels).(int)
	var pictures []ast.Node
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = min(6, max(1, n.Level+top-1))
		case *ast.Image:
			pictures = append(pictures, n)
		}
		return ast.WalkContinue, nil
	})
	for _, picture := range pictures {
		parent := picture.Parent()
		for child := picture.FirstChild(); child != nil; child = picture.FirstChild() {
			parent.InsertBefore(parent, picture, child)
		}
		parent.RemoveChild(parent, picture)
	}
}

// marks are the letters that can mean something in Markdown.
const marks = "\\`*_[])<>#+-=.|~&"

// Text is a line of plain text as Markdown that shows it as it is. Several lines
// stay several.
func Text(plain string) string {
	var b strings.Builder
	rows := strings.Split(strings.TrimSpace(strings.ReplaceAll(plain, "\r\n", "\n")), "\n")
	for i, row := range rows {
		if i > 0 {
			b.WriteString("\\\n")
		}
		row = strings.TrimSpace(row)
		for at, r := range row {
			if strings.ContainsRune(marks, r) && means(row, at, r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
		if row == "" && i > 0 && i < len(rows)-1 {
			b.WriteString("&nbsp;")
		}
	}
	return b.String()
}

// means tells whether a mark has a meaning where it stands: most minutes are
// full stops and hyphens, and they stay readable in the source.
func means(row string, at int, r rune) bool {
	switch r {
	case '.', ')':
		return at > 0 && at <= 9 && strings.Trim(row[:at], "0123456789") == ""
	case '-', '+', '=':
		return strings.Trim(row[:at], "-+= ") == ""
	case '#':
		return strings.Trim(row[:at], "#") == ""
	}
	return true
}
