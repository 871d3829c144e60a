package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
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

// A decision's page names what it does something to, done or not.
func TestADecisionNamesWhatItDoesSomethingTo(t *testing.T) {
	h := opened(t)
	h.ruled(t, func(b *tenant.Body) {
		b.Decides = append(b.Decides, tenant.DecidesMembership, tenant.DecidesStructure, tenant.DecidesRules, tenant.DecidesAgreement)
	})
	decided := map[string]meeting.Decision{}
	goal := ""
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		i, err := agreement.ByKey(ctx, tx, "sok-2019")
		if err != nil {
			return err
		}
		g, err := agreement.GoalByKey(ctx, tx, i.ID, "halsa")
		if err != nil {
			return err
		}
		goal = g.Name
		o, err := organisation.Create(ctx, tx, organisation.Card{Type: "university", Name: "Högskolan i Växjö"})
		if err != nil {
			return err
		}
		for _, one := range []struct {
			act   string
			input map[string]any
			r     meeting.Ruling
		}{
			{meeting.ActPartyAdmit, map[string]any{"agreement": i.ID, "organisation": o.ID, "status": "signatory"}, meeting.Ruling{}},
			{meeting.ActGoalClose, map[string]any{"goal": g.ID, "reason": "Nått"}, meeting.Ruling{Ratify: true}},
			{meeting.ActInstrumentExtend, map[string]any{"agreement": i.ID, "kind": agreement.ValidityExtended, "until": "2030"}, meeting.Ruling{Ratify: true}},
		} {
			body, err := json.Marshal(one.input)
			if err != nil {
				return err
			}
			put, err := meeting.Put(ctx, tx, h.Meeting, meeting.Matter{Kind: meeting.ForDecision, Title: one.act, Proposal: "Det görs.", Act: one.act, ActBody: body})
			if err != nil {
				return err
			}
			taken, err := meeting.TakeUp(ctx, tx, put.Item.ID, put.Item.Version)
			if err != nil {
				return err
			}
			one.r.Acclamation = true
			d, err := meeting.Decide(ctx, tx, taken.ID, taken.Version, one.r)
			if err != nil {
				return err
			}
			decided[one.act] = d.Decision
		}
		return nil
	})
	if d := decided[meeting.ActPartyAdmit]; d.ActedAt == nil {
		t.Errorf("%+v", d)
	}
	if d := decided[meeting.ActGoalClose]; d.ActedAt != nil {
		t.Errorf("%+v", d)
	}
	waits := []string{"Vad beslutet ska göra", "Beslutet görs i programmet när alla har godkänt det."}
	for act, want := range map[string][]string{
		meeting.ActPartyAdmit:       {"Tar in en part: Högskolan i Växjö.", "Vad beslutet gjorde"},
		meeting.ActGoalClose:        append(waits, "Avslutar målet "+goal+"."),
		meeting.ActInstrumentExtend: append(waits, ", förlängd, till och med 2030."),
	} {
		p := h.get(strategist, register+"/"+decided[act].ID.String())
		if p.Status != http.StatusOK {
			t.Errorf("%s: %d", act, p.Status)
		}
		contains(t, act, p.says("main"), want...)
	}
}

func TestAProposalIsAskedForAsTheMinutesGoOn(t *testing.T) {
	h := assemble(t)
	says := h.get(strategist, h.planned(today)+"/agenda-items/new").reads("main")
	contains(t, "how the wording begins", says, "Börja med ”att”", "Protokollet skriver själv vem som beslutar.")
}
