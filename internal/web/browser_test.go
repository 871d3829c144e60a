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
	t.Parallel()
	b := browsertest.New(t)
	h := build(t)
	for _, p := range h.tour() {
		t.Run(p.name, func(t *testing.T) {
			b.Open(h.URL + "/as/" + url.PathEscape(p.as) + "?to=" + url.QueryEscape(p.path))
			usable(t, b, p.name)
		})
	}
}

func TestARefusedFormTakesTheFocusToWhatIsWrong(t *testing.T) {
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
	t.Parallel()
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
