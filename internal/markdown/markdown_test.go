package markdown_test

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/overens/overens/internal/markdown"
)

func TestMarkdownBecomesHTMLUnderThePagesOwnHeadings(t *testing.T) {
	for source, want := range map[string]string{
		"Forum *tackar* för **allt**.":    "<p>Forum <em>tackar</em> för <strong>allt</strong>.</p>\n",
		"# A\n\n## B":                     "<h3>A</h3>\n<h4>B</h4>\n",
		"###### F":                        "<h6>F</h6>\n",
		"1. a\n2. b":                      "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n",
		"| A | B |\n|---|---|\n| 1 | 2 |": "<table>\n<thead>\n<tr>\n<th>A</th>\n<th>B</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n",
		"[här](https://exempel.se/a)":     "<p><a href=\"https://exempel.se/a\" rel=\"nofollow noreferrer\">här</a></p>\n",
		"![en *karta*](https://x.se/a)":   "<p>en <em>karta</em></p>\n",
	} {
		if got := markdown.HTML(source, 3); got != want {
			t.Errorf("%q:\n got %q\nwant %q", source, got, want)
		}
	}
}

func TestNothingThatRunsOrFetchesComesThrough(t *testing.T) {
	bad := regexp.MustCompile(`(?i)<(script|img|iframe|svg|style|form|input|object|link)|\son[a-z]+=|href="\s*(javascript|data|vbscript)`)
	for _, source := range []string{
		"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "[a](data:text/html,x)", "[a]( JaVaScRiPt:alert(1))",
		"![a](https://x.se/pixel.png)", "<a href='javascript:x'>a</a>", "`<script>`<script>x</script>", "<svg/onload=alert(1)>", "<iframe src=//x>",
		"[a](https://x.se \"t\\\" onmouseover=\\\"alert(1)\")", "<style>@import 'x'</style>",
	} {
		if got := markdown.HTML(source, 3); bad.MatchString(got) {
			t.Errorf("%q: %q", source, got)
		}
	}
}

// Whatever somebody writes, what is written after it is read as it is.
func TestWhatFollowsATextIsNotTakenIn(t *testing.T) {
	follows := func(t interface{ Fatalf(string, ...any) }, source string) {
		got := markdown.HTML(markdown.Closed(source)+"\n\nKim *öppnar*.", 3)
		if !strings.HasSuffix(got, "<p>Kim <em>öppnar</em>.</p>\n") {
			t.Fatalf("%q: %q", source, got)
		}
	}
	for _, open := range []string{"```\nkod", "~~~", "<!-- tyst", "<script>", "<pre>", "<?", "<![CDATA[", "- a\n\n  ```", "> ```\n> a", "[a]: https://x.se", "    kod", "# A", "a\n\n* b"} {
		follows(t, open)
	}
	for _, closed := range []string{"", "Forum *möts*.", "```\nkod\n```", "- a\n- b", "| A |\n|---|\n| 1 |", "# A"} {
		if got := markdown.Closed(closed); got != closed {
			t.Errorf("%q became %q", closed, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		follows(t, rapid.StringMatching("([a-z `~<!>#*_\\[\\]():|?-]|```|<!--|\n){0,40}").Draw(t, "source"))
	})
}

var tag = regexp.MustCompile(`<[^>]*>`)

func TestPlainTextIsShownAsItIs(t *testing.T) {
	for _, plain := range []string{"1. Ett", "- a", "# Rubrik", "a*b*c", "[x](https://y)", "<b>fet</b>", "Beslut 3/2027, s. 4 (bilaga)", "a_b_c", "&amp;", "    kod", "a | b", "~~x~~", "--- ", "12) tolv"} {
		got := html.UnescapeString(tag.ReplaceAllString(markdown.HTML(markdown.Text(plain), 3), ""))
		if strings.TrimSpace(got) != strings.TrimSpace(plain) {
			t.Errorf("%q is shown as %q, from %q", plain, got, markdown.Text(plain))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		plain := strings.TrimSpace(rapid.StringMatching(`[a-zåäö0-9\\*_\[\]()<>#+.!|~&:{}=\x60 -]{1,40}`).Draw(t, "plain"))
		got := html.UnescapeString(tag.ReplaceAllString(markdown.HTML(markdown.Text(plain), 3), ""))
		if strings.TrimSpace(got) != plain {
			t.Fatalf("%q is shown as %q, from %q", plain, got, markdown.Text(plain))
		}
	})
}

func TestLinesStayLines(t *testing.T) {
	if got := markdown.HTML(markdown.Text("ett\n==="), 3); strings.Contains(got, "<h") {
		t.Errorf("%q", got)
	}
	if got := markdown.HTML(markdown.Text("ett\ntvå\r\ntre"), 3); got != "<p>ett<br>\ntvå<br>\ntre</p>\n" {
		t.Errorf("%q", got)
	}
}
