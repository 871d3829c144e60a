package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// changing is a forum that decides on bodies, and a matter before its next meeting;
// the bodies are kept on the pages.
func changing(t *testing.T, decides ...string) (h *hall, item string) {
	t.Helper()
	h = assemble(t)
	h.bodies(func(c *tenant.County) tenant.Section[tenant.Bodies] {
		bodies := c.Bodies[0].Value
		bodies.Bodies[0].Decides = decides
		bodies.Bodies[0].Rules.Ratification = ""
		return tenant.Section[tenant.Bodies]{{Value: bodies}}
	})
	h.onPages("bodies")
	h.planned("2026-12-20", "Fler möten om året")
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		ms, _, err := meeting.List(ctx, tx, meeting.Filter{Limit: 1, Page: 1})
		if err != nil {
			return err
		}
		all, err := meeting.Agenda(ctx, tx, ms[0].ID)
		item = items + "/" + all[0].ID.String()
		return err
	})
	return h, item
}

func TestADecisionThatChangesARuleIsWrittenOnAPage(t *testing.T) {
	h, item := changing(t, tenant.DecidesDirection, tenant.DecidesRules)
	at := item + "/act/configuration"
	if p := h.get(strategist, item); p.Find(`#does a[href="`+at+`"]`).Length() != 1 {
		t.Fatalf("nothing leads there: %s", p.says("#does"))
	}
	p := h.get(strategist, at)
	if p.Find(`#what a[href="`+at+`/bodies?body=group"]`).Length() != 1 || p.Find(`#what a[href$="/goals"]`).Length() != 0 {
		t.Errorf("what may be changed: %s", p.says("#what"))
	}
	one := at + "/bodies?body=forum"
	p = h.get(strategist, one)
	if p.Status != http.StatusOK || p.Find(`input[name=decision]`).Length() != 0 {
		t.Fatalf("%d %s", p.Status, p.says("main"))
	}
	const perYear = "b.bodies.0.rules.cadence.perYear"
	vs := p.typed()
	vs.Set(perYear, "4")
	vs.Set("from", "2027-01-01")
	vs.Set("do", "preview")
	p = h.post(strategist, at+"/bodies", vs)
	contains(t, "what would change", p.says("#preview table"), "fyra gånger om året")
	vs = p.typed()
	vs.Set("do", "save")
	if p = h.post(strategist, at+"/bodies", vs); p.Status != http.StatusSeeOther {
		t.Fatalf("%d %s", p.Status, p.says("main"))
	}
	contains(t, "what it does", h.get(strategist, item).says("#does"), "Ändrar länets inställningar: Organ")
	// It opens with what is planned, and a rule that cannot work is refused as it is kept.
	vs = h.get(strategist, one).typed()
	if vs.Get(perYear) != "4" || vs.Get("from") != "2027-01-01" {
		t.Errorf("it does not open with what is planned: %v", vs)
	}
	vs.Set("b.bodies.0.rules.quorum.of", "seats")
	vs.Set("b.bodies.0.rules.quorum.number", "99")
	vs.Set("do", "save")
	if p = h.post(strategist, at+"/bodies", vs); p.Status != http.StatusConflict || !strings.Contains(p.says("#fault"), "aldrig vara beslutsfört") {
		t.Errorf("a quorum above the seats: %d %s", p.Status, p.says("main"))
	}
	// Decided by who may, it holds from its day.
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		i, err := meeting.GetItem(ctx, tx, uuid.MustParse(item[strings.LastIndex(item, "/")+1:]))
		if err != nil {
			return err
		}
		if i.Act != meeting.ActConfiguration {
			t.Errorf("what was refused was kept: %q", i.Act)
		}
		return meeting.CheckAct(ctx, tx, "forum", day.Of(2026, time.December, 20), i.Act, i.ActBody)
	})
}

func TestWhatABodyMayNotDecideOnIsNotChosen(t *testing.T) {
	h, item := changing(t, tenant.DecidesDirection)
	at := item + "/act/configuration"
	if p := h.get(strategist, at); p.Find("#what a").Length() != 0 || p.Find("#what .nothing").Length() != 1 {
		t.Errorf("%s", p.says("#what"))
	}
	vs := h.get(strategist, at+"/bodies?body=forum").typed()
	vs.Set("do", "save")
	vs.Set("from", "2027-01-01")
	if p := h.post(strategist, at+"/bodies", vs); p.Status != http.StatusConflict || !strings.Contains(p.says("#fault"), "regler") {
		t.Errorf("%d %s", p.Status, p.says("main"))
	}
	if p := h.get(strategist, at+"/goals"); p.Status != http.StatusConflict {
		t.Errorf("what is kept in the file: %d", p.Status)
	}
	if p := h.byKim(at); p.Status != http.StatusNotFound && p.Status != http.StatusForbidden {
		t.Errorf("a member who makes no agendas: %d", p.Status)
	}
}

func TestADecisionsWordsAreWrittenRightUntilTheMinutesStand(t *testing.T) {
	h := assemble(t)
	at := h.decided("Bostäder åt ala")
	if p := h.get(strategist, at); p.Find(`.head a[href="`+at+`/wording"]`).Length() != 1 {
		t.Fatalf("nothing leads there: %s", p.says(".head"))
	}
	h.fillIn(strategist, at+"/wording", url.Values{"title": {"Bostäder åt alla"}, "wording": {"Forum beslutar om bostäder åt alla."}}).done(t, "reword")
	p := h.get(strategist, at)
	contains(t, "its words", p.says("main"), "Bostäder åt alla", "Forum beslutar om bostäder åt alla.")
	if p = h.fillIn(strategist, at+"/wording", url.Values{"title": {""}}); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("no heading: %d", p.Status)
	}
	if p = h.byKim(at + "/wording"); p.Status != http.StatusForbidden {
		t.Errorf("the party that carries it out: %d", p.Status)
	}
}
