package web_test

import (
	"strings"
	"testing"

	"github.com/overens/overens/internal/browsertest"
)

// usable walks the page that is open as everybody meets it: all its words, by
// axe-core and the keyboard, light and dark, wide and narrow, with all that is
// folded unfolded.
func usable(t *testing.T, b *browsertest.Browser, name string) {
	t.Helper()
	b.Size(1280, 900)
	b.Dark(false)
	if strings.Contains(b.Text("body"), "⟨") {
		t.Errorf("words are missing:\n%s", b.Text("body"))
	}
	b.Screenshot(name)
	browsertest.Eval[int](b, `document.querySelectorAll("details").forEach(d => d.open = true), 1`)
	for _, v := range b.Axe() {
		t.Error(v)
	}
	stops := b.TabStops(60)
	for _, s := range stops {
		if !s.Ring || s.Name == "" {
			t.Errorf("focus on %v: ring %v", s, s.Ring)
		}
	}
	if len(stops) == 0 || stops[0].Tag != "a" {
		t.Errorf("the walk begins with %v, not with the way past the head", stops)
	}
	b.Dark(true)
	for _, v := range b.Contrast() {
		t.Errorf("dark: %v", v)
	}
	b.Screenshot(name + "-dark")
	b.Dark(false)
	b.Size(320, 800)
	if n := b.OverflowX(); n > 0 {
		t.Errorf("%d px beside a window of 320", n)
	}
	// Nothing is taken away on a phone: it moves.
	if gone := browsertest.Eval[string](b, `[...document.querySelectorAll("main :is(p, li, dd, td, th, h2, h3)")].find(e => !e.closest("#live-on") && !e.checkVisibility())?.textContent ?? ""`); gone != "" {
		t.Errorf("hidden at 320 px: %q", gone)
	}
	b.Screenshot(name + "-320")
}
