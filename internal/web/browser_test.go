package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/overens/overens/internal/browsertest"
)

// Every page as a person meets it: light and dark, wide and narrow, by axe-core
// and by the keyboard, with pictures kept.
func TestEveryPageCanBeUsedByEveryone(t *testing.T) {
	b := browsertest.New(t)
	h := build(t)
	for _, p := range h.tour() {
		t.Run(p.name, func(t *testing.T) {
			b.Size(1280, 900)
			b.Dark(false)
			b.Open(h.URL + "/as/" + url.PathEscape(p.as) + "?to=" + url.QueryEscape(p.path))
			if strings.Contains(b.Text("main"), "⟨") || strings.Contains(b.Text("body"), "⟨") {
				t.Errorf("%s: words are missing:\n%s", p.path, b.Text("body"))
			}
			b.Screenshot(p.name)
			for _, v := range b.Axe() {
				t.Errorf("%s: %v", p.path, v)
			}
			// A date's own parts are the browser's affair: day, month and year
			// are stops inside one field.
			browsertest.Eval[bool](b, `document.querySelectorAll("input[type=date]").forEach(i => i.type = "text") ?? true`)
			stops := b.TabStops(200)
			for _, s := range stops {
				if !s.Ring || s.Name == "" {
					t.Errorf("%s: focus on %v: ring %v", p.path, s, s.Ring)
				}
			}
			if len(stops) == 0 || stops[0].Tag != "a" {
				t.Errorf("%s: the walk begins with %v, not with the way past the head", p.path, stops)
			}
			b.Dark(true)
			for _, v := range b.Axe() {
				t.Errorf("%s, dark: %v", p.path, v)
			}
			b.Dark(false)
			b.Size(320, 800)
			if n := b.OverflowX(); n > 0 {
				t.Errorf("%s: %d px beside a window of 320", p.path, n)
			}
			b.Screenshot(p.name + "-320")
		})
	}
}
