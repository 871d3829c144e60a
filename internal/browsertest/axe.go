package browsertest

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
)

// Violation is one rule of axe-core that the page breaks.
type Violation struct {
	ID     string   // the rule: color-contrast, label, …
	Impact string   // minor, moderate, serious or critical
	Help   string   // the rule in words
	Nodes  []string // the elements that break it, as HTML
}

func (v Violation) String() string {
	return fmt.Sprintf("%s (%s): %s\n\t%s", v.ID, v.Impact, v.Help, strings.Join(v.Nodes, "\n\t"))
}

// Axe checks the page as it is shown now against WCAG 2.2 A and AA and axe-core's
// best practice. A page that breaks nothing gives nothing.
func (b *Browser) Axe() []Violation {
	b.t.Helper()
	// target-size belongs to WCAG 2.2 AA, but axe-core runs it only when asked.
	return b.axe(`runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], rules: {"target-size": {enabled: true}}`)
}

// Contrast checks what of Axe depends on the colours alone: enough for a page
// that has been checked whole in others.
func (b *Browser) Contrast() []Violation {
	b.t.Helper()
	return b.axe(`runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block"]}`)
}

func (b *Browser) axe(options string) []Violation {
	b.t.Helper()
	source, err := axeSource()
	if err != nil {
		b.t.Fatal(err)
	}
	if b.noScript {
		// axe-core waits by timers, which do not run while scripts are off. The
		// page itself is already here, so its scripts stay away all the same.
		b.scripts(true)
		defer b.scripts(false)
	}
	if Eval[string](b, "typeof axe") == "undefined" {
		b.do("axe", chromedp.Evaluate[chromedp.Void](source))
	}
	return Eval[[]Violation](b, `axe.run(document, {
		`+options+`,
		resultTypes: ["violations"],
	}).then(found => found.violations.map(v => ({
		ID: v.id, Impact: v.impact ?? "", Help: v.help, Nodes: v.nodes.map(n => n.html),
	})))`)
}
