package web_test

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/overens/overens/internal/browsertest"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
)

const (
	easterner = "ostergotland,county-administrator"
	eastern   = "/lan/ostergotland/settings"
)

// shares lets Östergötland's pages keep what is shared, with its organisations
// and the demo's amounts.
func (h *house) shares() {
	h.t.Helper()
	h.write("ostergotland", func(ctx context.Context, tx *pg.Tx) error {
		if _, err := sample.Organisations(ctx, tx); err != nil {
			return err
		}
		if _, _, err := county.Apply(ctx, tx, sample.WithCosts(tx.County), county.FromFile, "test"); err != nil {
			return err
		}
		for _, key := range []string{"costKeys", "sharedFunctions"} {
			s, err := county.Get(ctx, tx, key)
			if err != nil {
				return err
			}
			if _, err = county.TakeOver(ctx, tx, key, county.FromPages, s.Version); err != nil {
				return err
			}
		}
		return nil
	})
}

// easternNow is the version of a section that is in force in Östergötland.
func (h *house) easternNow(key string) (holds tenant.Version) {
	h.t.Helper()
	kind, err := tenant.SectionOf(key)
	if err != nil {
		h.t.Fatal(err)
	}
	c, err := h.db.County(h.t.Context(), "ostergotland")
	if err != nil {
		h.t.Fatal(err)
	}
	holds, _, _ = kind.On(c, day.Of(2026, time.November, 25))
	return holds
}

func TestWhatIsSharedIsToldInPlainWords(t *testing.T) {
	h := build(t)
	h.shares()
	p := h.get(easterner, eastern+"/"+"costKeys")
	for _, want := range []string{"Efter folkmängd", "Delas efter folkmängd den 31 december året före det år då perioden börjar.", "Summan stämmer på öret."} {
		contains(t, "the key", p.says("#holds"), want)
	}
	p = h.get(easterner, eastern+"/"+"sharedFunctions")
	for _, want := range []string{"Kommunal integrationssamordnare", "Tjänst med Länsstyrelsen i Östergötlands län som arbetsgivare.",
		"Grund: Rådets beslut, beslutad 18 april 2017, gäller tills vidare.", "Betalas av 13: Ödeshögs kommun, ", "Delas efter nyckeln Efter folkmängd.",
		"budget 1\u202f000\u202f000,00\u00a0kr, utfall 987\u202f654,32\u00a0kr. Beloppen är påhittade.", "budget 1\u202f100\u202f000,00\u00a0kr, utfall okänt."} {
		contains(t, "the function", strings.ReplaceAll(p.Find("#holds").Text(), "\n", " "), want)
	}
	p = h.get(easterner, eastern+"/"+"sharedFunctions"+"?on=2018-01-01")
	contains(t, "before there were amounts", p.says("#holds"), "Uppgift saknas: vad den kostar.")
}

func TestWhatIsSharedIsChangedOnThePages(t *testing.T) {
	h := build(t)
	h.shares()
	for _, key := range []string{"costKeys", "sharedFunctions"} {
		at := eastern + "/" + key + "/edit"
		vs := h.get(easterner, at).typed()
		holds := h.easternNow(key)
		vs.Set("from", holds.From.String())
		vs.Set("decision", holds.Decision)
		vs.Set("reason", "x")
		if p := h.post(easterner, at, pressed(vs, "do", "preview")); p.Status != http.StatusOK || p.Find("#preview .nothing").Length() != 1 {
			t.Errorf("%s sent back as it came: %d %s %s", key, p.Status, p.says(".fault"), p.says("#preview"))
		}
	}

	at := eastern + "/" + "costKeys" + "/edit"
	with := func(change url.Values) page {
		vs := h.get(easterner, at).typed()
		maps.Copy(vs, change)
		vs.Set("from", "2027-01-01")
		vs.Set("reason", "Rådet vill ha ett golv")
		return h.post(easterner, at, pressed(vs, "do", "save"))
	}
	p := with(url.Values{"b.keys.0.floor": {"10 000,50"}, "b.keys.0.cap": {"9 999"}})
	contains(t, "the floor", p.says("#f-keys-0-floor-why"), "högre än taket")
	p = with(url.Values{"b.keys.0.floor": {"tusen"}})
	contains(t, "what is no amount", p.says("#f-keys-0-floor-why"), "Skriv kronor, som 10 000,00.")
	if p = with(url.Values{"b.keys.0.floor": {"10 000,50"}}); p.Status != http.StatusSeeOther {
		t.Fatalf("%d: %s", p.Status, p.says(".fault"))
	}
	h.write("ostergotland", func(ctx context.Context, tx *pg.Tx) error {
		if _, err := county.Get(ctx, tx, "costKeys"); err != nil {
			return err
		}
		if k, _ := tx.County.On(tx.Today().AddMonths(12)).CostKey("population"); k.Floor != "10000.50" {
			t.Errorf("the floor is kept as %q", k.Floor)
		}
		return nil
	})
	p = h.get(easterner, eastern+"/"+"costKeys"+"?on=2027-01-01")
	contains(t, "the floor", strings.ReplaceAll(p.Find("#holds").Text(), "\n", " "), "Ingen betalar mindre än 10\u202f000,50\u00a0kr.")

	at = eastern + "/" + "sharedFunctions" + "/edit"
	p = with(url.Values{"b.functions.0.payers.list.1.organisation": {"kinda"}})
	contains(t, "a payer twice", p.says(".fault"), "står två gånger för samma dagar")
}

// Whoever pays may read the whole rule, and a function that is shared by a key
// that goes away is named.
func TestAKeyThatIsUsedIsNotTakenAway(t *testing.T) {
	h := build(t)
	h.shares()
	h.write("ostergotland", func(ctx context.Context, tx *pg.Tx) error {
		o, err := organisation.ByKey(ctx, tx, "linkoping")
		if err == nil {
			p := h.get("ostergotland,party-finance,"+o.ID.String(), eastern+"/"+"sharedFunctions")
			contains(t, "a finance officer reads", p.says("#holds"), "Betalas av 13")
		}
		return err
	})
	at := eastern + "/" + "costKeys" + "/edit"
	vs := h.get(easterner, at).typed()
	vs.Set("from", "2027-01-01")
	vs.Set("reason", "x")
	vs.Set("b.keys.0.key", "another")
	p := h.post(easterner, at, pressed(vs, "do", "save"))
	if p.Status == http.StatusSeeOther || !strings.Contains(p.says(".fault"), "population") || strings.Contains(p.Body, "⟨") {
		t.Errorf("%d %s", p.Status, p.says("main"))
	}
}

// The longest forms, by the browser itself.
func TestWhatIsSharedCanBeChangedByEveryone(t *testing.T) {
	t.Parallel()
	b := browsertest.New(t)
	h := build(t)
	h.shares()
	for _, key := range []string{"costKeys", "sharedFunctions"} {
		b.Open(h.URL + "/as/" + url.PathEscape(easterner) + "?to=" + url.QueryEscape(eastern+"/"+key+"/edit"))
		usable(t, b, "shared-"+key)
	}
}
