package web_test

import (
	"context"
	"testing"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// ruled changes the forum's rules.
func (h *hall) ruled(change func(*tenant.Body)) {
	h.t.Helper()
	c, err := h.db.County(h.t.Context(), "kronoberg")
	if err != nil {
		h.t.Fatal(err)
	}
	change(&c.Bodies[0].Value.Bodies[0])
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		_, _, err := county.Apply(ctx, tx, c, county.FromFile, "test")
		return err
	})
}

func TestAMemberWithoutASeatSeesWhatEverybodySees(t *testing.T) {
	h := assemble(t)
	h.ruled(func(b *tenant.Body) {
		b.Rules.Public = tenant.Public{Date: tenant.PublicCalled, Agenda: tenant.PublicCalled}
	})
	at := h.planned(today, "Struktur")
	reporter := "kronoberg,party-reporter," + h.alvesta.String()
	if p := h.get(reporter, at); p.Status != 404 {
		t.Errorf("a draft: %d", p.Status)
	}
	h.fillIn(strategist, at+"/call", map[string][]string{"lateReason": {"Brådskande"}}).done(t, "call")
	for _, who := range []string{"", reporter} {
		p := h.get(who, at)
		contains(t, "the meeting, as "+who, p.reads("main"), "kallat", "1. Struktur", "Forum beslutar om Struktur.")
		contains(t, "the list, as "+who, h.get(who, meetings).reads("#coming"), "Forum", "kallat")
	}
	contains(t, "who makes it", h.get(strategist, at).reads("#called"), "Kim Lind")
}
