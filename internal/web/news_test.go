package web_test

import (
	"context"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// A page asks as much of the database when it shows fifty things as when it
// shows two.
func TestNoPageAsksOncePerRow(t *testing.T) {
	var asked atomic.Int64
	h := build(t, dbtest.Statements(&asked))
	as := dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil)
	count := func(path string) int64 {
		t.Helper()
		h.get(strategist, path) // what is prepared and read into memory once
		before := asked.Load()
		if p := h.get(strategist, path); p.Status != 200 {
			t.Fatalf("%s: %d", path, p.Status)
		}
		return asked.Load() - before
	}
	create := func(times int) {
		t.Helper()
		for range times {
			err := h.db.InTenant(t.Context(), as, pg.Write, func(tx *pg.Tx) error {
				_, err := organisation.Create(t.Context(), tx, organisation.Card{Type: "other", Name: "Föreningen " + uuid.NewString()})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	create(1)
	pages := []string{"/lan/kronoberg/audit", "/lan/kronoberg"}
	few := map[string]int64{"/lan/kronoberg/audit": count("/lan/kronoberg/audit?subject=person"), "/lan/kronoberg": count("/lan/kronoberg")}
	create(60)
	if n := h.get(strategist, pages[0]).Find("ol.log > li").Length(); n != 50 {
		t.Fatalf("the trail's page shows %d rows, want 50", n)
	}
	for _, path := range pages {
		if n := count(path); n > few[path] || n > 19 { // one of them asks what waits to be attested and written
			t.Errorf("%s asks %d statements, %d when there was little to show", path, n, few[path])
		}
	}
}

func TestNewsIsToldInPlainWords(t *testing.T) {
	h := build(t)
	if p := h.get(strategist, "/lan/kronoberg"); strings.Contains(p.says("#happens"), "Alvesta") {
		t.Errorf("what the program does by itself is told: %q", p.says("#happens"))
	}
	if p := h.get("halland,strategist", "/lan/halland"); !strings.Contains(p.says("#happens"), "inställningar") || p.Find("#happens li").Length() != 1 {
		t.Errorf("where only the configuration has come: %q", p.says("#happens"))
	}
	as := dbtest.Actor("kronoberg", auth.RoleCountyAdministrator, uuid.Nil)
	do := func(f func(context.Context, *pg.Tx) error) {
		t.Helper()
		if err := h.db.InTenant(t.Context(), as, pg.Write, func(tx *pg.Tx) error { return f(t.Context(), tx) }); err != nil {
			t.Fatal(err)
		}
	}
	for _, change := range []func(*organisation.Card){
		func(c *organisation.Card) { c.Phone = "0472-150 09" },
		func(c *organisation.Card) { c.Email = "info@alvesta.example" },
	} {
		do(func(ctx context.Context, tx *pg.Tx) error {
			o, err := organisation.Get(ctx, tx, h.Alvesta.ID)
			if err == nil {
				_, err = organisation.Change(ctx, tx, o.ID, o.Version, with(o.Card, change))
			}
			return err
		})
	}
	do(func(ctx context.Context, tx *pg.Tx) error {
		_, err := member.Invite(ctx, tx, member.Invitation{Name: "Robin Öst", Email: "robin@alvesta.example", Role: auth.RolePartyAdministrator,
			Organisation: uuid.NullUUID{UUID: h.Alvesta.ID, Valid: true}})
		return err
	})

	p := h.get(strategist, "/lan/kronoberg")
	if got := p.says("#happens li:nth-child(2) a"); got != "Robin Öst lades till" && got != "Alvesta kommun: e-post och telefon ändrades" {
		t.Errorf("%q", p.says("#happens"))
	}
	said := p.says("#happens")
	for _, want := range []string{"Alvesta kommun: e-post och telefon ändrades", "Partens administratör, Alvesta kommun bjöds in", "en person"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not told: %q", want, said)
		}
	}
	if to, _ := p.Find("#happens a").FilterFunction(func(_ int, s *goquery.Selection) bool { return strings.HasPrefix(s.Text(), "Alvesta kommun:") }).Attr("href"); to != "/lan/kronoberg/organisations/"+h.Alvesta.ID.String() {
		t.Errorf("it leads to %q", to)
	}
	reporter := "kronoberg,party-reporter," + h.Alvesta.ID.String()
	p = h.get(reporter, "/lan/kronoberg")
	if said := p.says("#happens"); !strings.Contains(said, "Alvesta kommun: e-post och telefon ändrades") || strings.Contains(said, "en person") ||
		strings.Contains(said, "bjöds in") || strings.Contains(said, "Robin") || p.Find(`#happens a[href$="/audit"]`).Length() != 0 {
		t.Errorf("whoever may read neither trail nor people reads %q", said)
	}
}

func TestWhatWaitsIsTheVisitorsOwn(t *testing.T) {
	h := build(t)
	for _, c := range []struct{ as, want, not string }{
		{admin, "Pröva sidornas tillgänglighet", "Fyll i"},
		{strategist, "Se till att en tom plats fylls", "tillgänglighet"}, // of the preparatory group, by the county's file
		{h.partyAdmin(), "Inget väntar", "Fyll i"},
	} {
		if got := h.get(c.as, "/lan/kronoberg").says("#waits"); !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("%s: %q", c.as, got)
		}
	}
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		if _, err := organisation.Change(ctx, tx, h.Alvesta.ID, h.Alvesta.Version, with(h.Alvesta.Card, func(c *organisation.Card) { c.Mailbox = "" })); err != nil {
			return err
		}
		l, err := member.Link(ctx, tx, h.Waiting.ID, h.Waiting.Version)
		if err == nil {
			_, err = member.Bind(ctx, tx, l.Token, "https://login.example/realm", "kim")
		}
		return err
	})
	p := h.get(h.partyAdmin(), "/lan/kronoberg")
	if got := p.says("#waits li a"); got != "Bekräfta Kim Åberg som partens företrädareFyll i kontaktuppgifter för Alvesta kommun" {
		t.Errorf("%q", got)
	}
	if lead := p.says(".lead"); !strings.Contains(lead, "2 saker väntar på dig") {
		t.Errorf("the lead says %q", lead)
	}
	p.Find("#waits li a").Each(func(_ int, a *goquery.Selection) {
		to, _ := a.Attr("href")
		if got := h.get(h.partyAdmin(), to).Status; got != 200 {
			t.Errorf("%s: %d", to, got)
		}
	})
}

// What the trail points at is called by its name there, not by its number.
func TestTheTrailNamesWhatItPointsAt(t *testing.T) {
	h := build(t)
	p := h.get(admin, "/lan/kronoberg/audit?"+url.Values{"subject": {"membership"}}.Encode())
	if got := p.says("ol.log"); !strings.Contains(got, "Kim Åberg, medlemskap") || !strings.Contains(got, "Part: Alvesta kommun") || strings.Contains(got, h.Alvesta.ID.String()) {
		t.Errorf("%q", got)
	}
}
