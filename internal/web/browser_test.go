package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/overens/overens/internal/browsertest"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
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
			// Nothing is taken away on a phone: it moves.
			if gone := browsertest.Eval[string](b, `[...document.querySelectorAll("main :is(p, li, dd, td, th, h2, h3)")].find(e => !e.closest("details:not([open])") && !e.checkVisibility())?.textContent ?? ""`); gone != "" {
				t.Errorf("%s: hidden at 320 px: %q", p.path, gone)
			}
			b.Screenshot(p.name + "-320")
		})
	}
}

func TestARefusedFormTakesTheFocusToWhatIsWrong(t *testing.T) {
	b := browsertest.New(t)
	h := build(t)
	b.Open(h.URL + "/as/" + strategist + "?to=" + url.QueryEscape(newOrganisation))
	b.Type("#f-name", "Föreningen Ö")
	b.Type("#f-organisationNumber", "202100-2297")
	b.Set("#f-type", "civil-society")
	b.Submit("#f-name")
	if !strings.HasPrefix(b.Title(), "Fel: ") || browsertest.Eval[string](b, "document.activeElement.id") != "fault" {
		t.Errorf("title %q, focus on %q", b.Title(), browsertest.Eval[string](b, "document.activeElement.id"))
	}
	for _, v := range b.Axe() {
		t.Error(v)
	}
	b.Screenshot("refused")
	b.Click(".fault a")
	if got := browsertest.Eval[string](b, "document.activeElement.id"); got != "f-organisationNumber" {
		t.Errorf("the link leads to %q", got)
	}
	b.Type("#f-organisationNumber", "")
	b.Submit("#f-name")
	if got := b.Text("[role=status]"); got != "Organisationen är tillagd" {
		t.Errorf("%q", got)
	}
}

func TestWhatTwoPeopleWroteStandsSideBySide(t *testing.T) {
	b := browsertest.New(t)
	h := build(t)
	b.NoScript(true)
	at := "/lan/kronoberg/organisations/" + h.Alvesta.ID.String() + "/edit"
	b.Open(h.URL + "/as/" + strategist + "?to=" + url.QueryEscape(at))
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		_, err := organisation.Change(ctx, tx, h.Alvesta.ID, h.Alvesta.Version, with(h.Alvesta.Card, func(c *organisation.Card) { c.Phone = "0472-111 11" }))
		return err
	})
	b.Type("#f-phone", "0472-222 22")
	b.Submit("#f-name")
	if got := b.Text("#both tbody"); !strings.Contains(got, "0472-111 11") || !strings.Contains(got, "0472-222 22") {
		t.Errorf("%q", got)
	}
	for _, v := range b.Axe() {
		t.Error(v)
	}
	b.Screenshot("both")
	b.Size(320, 800)
	if n := b.OverflowX(); n > 0 {
		t.Errorf("%d px beside a window of 320", n)
	}
	b.Submit("#f-name")
	if got := b.Text("#reach"); !strings.Contains(got, "0472-222 22") {
		t.Errorf("%q", got)
	}
}

func TestASessionWarnsBeforeItEnds(t *testing.T) {
	b := browsertest.New(t)
	h := build(t, dbtest.Clock(time.Now))
	b.Open(h.URL + "/session/" + h.signIn() + "?to=/lan/kronoberg")
	if got := b.Text("dialog[open] h2"); got != "Du loggas snart ut" {
		t.Fatalf("%q", got)
	}
	for _, v := range b.Axe() {
		t.Error(v)
	}
	b.Screenshot("warning")
}

func TestAPageIsFitForPaper(t *testing.T) {
	b := browsertest.New(t)
	h := build(t)
	b.Open(h.URL + "/as/" + strategist + "?to=" + url.QueryEscape("/lan/kronoberg/organisations?on=2010-05-01"))
	b.Print(true)
	b.Screenshot("list")
	if shown := browsertest.Eval[int](b, `[...document.querySelectorAll("form, .places, .foot")].filter(e => e.offsetParent).length`); shown > 0 {
		t.Errorf("%d parts for the screen are printed", shown)
	}
	if !strings.Contains(b.Text(".past-note"), "1 maj 2010") {
		t.Error("the paper does not say which day it is of")
	}
}
