package web_test

import (
	"context"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func TestWhatOneNeedsToKnowIsReadAsItWasWritten(t *testing.T) {
	h := assemble(t)
	h.bodies(func(c *tenant.County) tenant.Section[tenant.Bodies] {
		bodies := c.Bodies[0].Value
		bodies.Bodies[0].Rules.Public = tenant.Public{Date: "announced", Agenda: "called"}
		return tenant.Section[tenant.Bodies]{{Value: bodies}}
	})
	at := h.planned("2026-12-20")
	const background = "# Läget\n\nTre områden är **klara**:\n\n- boende\n- hälsa\n\n<script>alert(1)</script>"
	h.fillIn(strategist, at+"/agenda-items/new", url.Values{"kind": {"decision"}, "title": {"Struktur"}, "background": {background}, "proposal": {"Forum beslutar."}}).done(t, "item")
	h.fillIn(strategist, at+"/call", nil).done(t, "call")
	var item string
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		all, err := meeting.Agenda(ctx, tx, uuid.MustParse(at[strings.LastIndex(at, "/")+1:]))
		item = items + "/" + all[0].ID.String()
		return err
	})
	for name, p := range map[string]page{"the matter": h.get(strategist, item), "everyone's page": h.get("", at)} {
		leaf := p.Find("#what, #agenda")
		if leaf.Find("h3").First().Text() != "Läget" || leaf.Find("strong").Text() != "klara" || leaf.Find("ul li").Length() != 2 {
			t.Errorf("%s: %s", name, p.reads("main"))
		}
		if leaf.Find("script").Length() != 0 || strings.Contains(leaf.Text(), "**") {
			t.Errorf("%s: %s", name, p.Body)
		}
	}
}

// A long agenda is shown with as many questions as a short one.
func TestALongAgendaIsAskedForAsAShortOne(t *testing.T) {
	var sent atomic.Int64
	h := assemble(t, dbtest.Statements(&sent))
	asked := func(on string, titles ...string) int64 {
		at := h.planned(on, titles...)
		h.fillIn(strategist, at+"/call", nil).done(t, "call")
		h.get(strategist, at)
		before := sent.Load()
		if p := h.get(strategist, at); p.Find("#agenda .todo > li").Length() != len(titles) {
			t.Fatalf("%s", p.says("#agenda"))
		}
		return sent.Load() - before
	}
	if one, many := asked("2026-12-20", "A"), asked("2026-12-21", "A", "B", "C", "D", "E", "F", "G", "H"); one != many {
		t.Errorf("%d questions for one matter, %d for eight", one, many)
	}
}
