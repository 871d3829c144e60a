package meeting_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

// passed hands Alvesta's seat to somebody new from today; nobody has confirmed yet.
func (h *hall) passed() (handover, heir uuid.UUID) {
	h.Helper()
	h.strategist()
	ms, _, err := governance.List(h.ctx, h.tx, governance.Filter{Body: "council", Place: "alvesta", Limit: 10, Page: 1})
	if err != nil {
		h.Fatal(err)
	}
	for _, m := range ms {
		if !m.Deputy {
			must(governance.End(h.ctx, h.tx, m.ID, m.Version, governance.Ending{On: h.tx.Today(), Reason: "Lämnade uppdraget"}))(h)
		}
	}
	heir = h.person("Efterträdare")
	h.appoint(governance.Nomination{Body: "council", Place: "alvesta", Person: heir, From: h.tx.Today()})
	hs, _, err := governance.Handovers(h.ctx, h.tx, governance.HandoverFilter{Unfinished: true, Limit: 10, Page: 1})
	if err != nil || len(hs) != 1 {
		h.Fatal(hs, err)
	}
	return hs[0].ID, heir
}

func TestWhatIsLeftUndoneFollowsAFinishedHandover(t *testing.T) {
	h, items := gather(t, tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByConsensus}, Deputies: tenant.Deputies{Form: tenant.DeputiesOrdered}}, "", toDecide)
	h.open("alvesta", "region")
	h.take(items[0].ID)
	decided := must(h.decide(items[0].ID, meeting.Ruling{Acclamation: true, OwnerName: "Ledamot alvesta"}))(h).Decision
	h.shut()
	// A meeting to come, which the outgoing one leads and does not come to.
	next := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", On: h.tx.Today().Add(30), Chair: h.holds["alvesta"]}))(h).Meeting
	matter := must(meeting.Put(h.ctx, h.tx, next.ID, meeting.Matter{Kind: meeting.ForInformation, Title: "Läget", Rapporteur: "Ledamot alvesta"}))(h).Item
	other := must(meeting.Put(h.ctx, h.tx, next.ID, meeting.Matter{Kind: meeting.ForInformation, Title: "Annat", Rapporteur: "Ledamot region"}))(h).Item
	next = must(meeting.Get(h.ctx, h.tx, next.ID))(h)
	must(meeting.Call(h.ctx, h.tx, next.ID, next.Version, meeting.Notice{}))(h)
	call := func(who uuid.UUID) (found meeting.Invitation) {
		for _, i := range must(meeting.Invitations(h.ctx, h.tx, next.ID))(h) {
			if i.Person == who {
				found = i
			}
		}
		return found
	}
	was := call(h.holds["alvesta"])
	must(meeting.Answer(h.ctx, h.tx, was.ID, was.Version, meeting.Reply{Answer: meeting.AnswerNo}))(h)
	if call(h.deputy).WithdrawnAt != nil || call(h.deputy).ID == uuid.Nil {
		t.Fatal("the deputy is not called")
	}

	handover, heir := h.passed()
	if got := must(meeting.Inherit(h.ctx, h.tx, handover))(h); got != (meeting.Inherited{}) {
		t.Errorf("it follows before both have confirmed: %+v", got)
	}
	one := must(governance.GetHandover(h.ctx, h.tx, handover))(h)
	c := governance.Confirmation{}
	for _, it := range one.Items {
		c.Items = append(c.Items, it.ID)
	}
	one = must(governance.Give(h.ctx, h.tx, one.ID, one.Version, c))(h)
	must(governance.Take(h.ctx, h.tx, one.ID, one.Version, c))(h)
	h.as(heir, "alvesta") // who comes confirms, and has no other right
	got := must(meeting.Inherit(h.ctx, h.tx, handover))(h)
	if diff := cmp.Diff(meeting.Inherited{Calls: 1, Meetings: 1, Decisions: 1, Matters: 1}, got); diff != "" {
		t.Error(diff)
	}
	h.strategist()
	if i := call(heir); i.Role != "member" || i.Place != "alvesta" || i.Answer != "" || i.WithdrawnAt != nil {
		t.Errorf("who follows is called as %+v", i)
	}
	if call(h.holds["alvesta"]).WithdrawnAt == nil || call(h.deputy).WithdrawnAt == nil {
		t.Error("who left, or the deputy, is called still")
	}
	if m := must(meeting.Get(h.ctx, h.tx, next.ID))(h); m.Chair != heir {
		t.Error("the meeting is led by who left")
	}
	if d := must(meeting.GetDecision(h.ctx, h.tx, decided.ID))(h); d.OwnerName != "Efterträdare" {
		t.Errorf("the decision is %s's", d.OwnerName)
	}
	if h.item(matter.ID).Rapporteur != "Efterträdare" || h.item(other.ID).Rapporteur != "Ledamot region" {
		t.Error("a matter is presented by who left, or another's was taken")
	}
	if got = must(meeting.Inherit(h.ctx, h.tx, handover))(h); got != (meeting.Inherited{}) {
		t.Errorf("again: %+v", got)
	}
}
