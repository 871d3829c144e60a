package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/meeting"
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

func TestWhatAMeetingPostponedWaitsForTheNext(t *testing.T) {
	h := assemble(t)
	at := h.planned(today, "Budget")
	h.fillIn(strategist, at+"/call", url.Values{"lateReason": {"Brådskande"}}).done(t, "call")
	id := uuid.MustParse(at[strings.LastIndex(at, "/")+1:])
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		m, err := meeting.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err = meeting.Start(ctx, tx, id, m.Version); err != nil {
			return err
		}
		all, err := meeting.Agenda(ctx, tx, id)
		if err != nil {
			return err
		}
		_, err = meeting.Postpone(ctx, tx, all[0].ID, all[0].Version, meeting.Delay{Reason: "Underlaget saknas"})
		return err
	})
	next := h.planned("2026-12-20")
	p := h.get(strategist, items)
	contains(t, "what waits", p.reads("#backlog"), "Budget", "Underlaget saknas", "Lägg på en dagordning")
	place, _ := p.Find(`#backlog a[href$="/place"]`).Attr("href")
	h.fillIn(strategist, place, url.Values{"meeting": {next[strings.LastIndex(next, "/")+1:]}}).done(t, "place")
	contains(t, "the next agenda", h.get(strategist, next).reads("#agenda"), "Budget")
	if p := h.get(strategist, strings.TrimSuffix(place, "/place")); p.Find(`a[href$="/place"]`).Length() != 0 {
		t.Errorf("what has gone on is offered an agenda: %s", p.says("main"))
	}
	if says := h.get(strategist, items).reads("#backlog"); strings.Contains(says, "Budget") {
		t.Errorf("it still waits: %s", says)
	}
}

func TestABodyThatDecidesNothingIsAskedToDecideNothing(t *testing.T) {
	h := assemble(t)
	if got, _ := h.get(strategist, items+"/new?body=group").Find(`#f-body option[selected]`).Attr("value"); got != "group" {
		t.Errorf("the body that was asked for is not chosen: %q", got)
	}
	p := h.fillIn(strategist, items+"/new", url.Values{"body": {"group"}, "kind": {"decision"}, "title": {"Budget"}})
	if p.Status != 422 {
		t.Fatalf("%d", p.Status)
	}
	contains(t, "why", p.reads("main"), "Beredningsgruppen bereder och fattar inga beslut", "Föreslå beslutet i Forum")
}

func TestWhatTheCallTellsIsNotSaidToBeUnknownBeforeIt(t *testing.T) {
	h := assemble(t)
	at := ""
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		p, err := meeting.Announce(ctx, tx, meeting.Date{Body: "forum", On: tx.Today().Add(60), Begins: "09:30", Location: "Residenset"})
		at = meetings + "/" + p.Meeting.ID.String()
		return err
	})
	contains(t, "who makes it", h.get(strategist, at).reads("#when"), "09.30", "Residenset")
	for path, part := range map[string]string{at: "#when", meetings: "#coming"} {
		says := h.byKim(path).reads(part)
		contains(t, path, says, "kommer med kallelsen")
		if strings.Contains(says, "uppgift saknas") || strings.Contains(says, "Residenset") {
			t.Errorf("%s: %s", path, says)
		}
	}
}

func TestWhoIsCalledIsNotOfferedAsAGuest(t *testing.T) {
	h := assemble(t)
	at := h.planned(today, "Budget")
	offered := func(path string) {
		t.Helper()
		p := h.get(strategist, path)
		if p.Find("select option").Length() < 2 || strings.Contains(p.Find("select").Text(), "Kim Lind") {
			t.Errorf("%s: %d, %s", path, p.Status, p.Find("select").Text())
		}
	}
	offered(at + "/call")
	h.fillIn(strategist, at+"/call", url.Values{"lateReason": {"Brådskande"}}).done(t, "call")
	offered(at + "/guests")
}
