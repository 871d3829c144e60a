package meeting_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

// with gives the county's bodies with other rules for the council.
func (h *hall) with(change func(*tenant.Rules)) tenant.Bodies {
	b := council(majority)
	change(&b.Rules)
	return tenant.Bodies{Bodies: []tenant.Body{b, h.tx.County.Bodies[0].Value.Bodies[1]}}
}

func TestARuleIsTriedOnTheMeetingsThatWereHeld(t *testing.T) {
	h, items := gather(t, majority, "", toDecide)
	h.open("alvesta", "lessebo", "ljungby")
	h.take(items[0].ID)
	h.vote(items[0].ID, "alvesta:for lessebo:for ljungby:against")
	must(h.decide(items[0].ID, meeting.Ruling{}))(h)
	// Whoever comes later was not there when it was decided.
	h.tx.Now = h.tx.Now.Add(10 * time.Minute)
	h.arrive(h.holds["markaryd"])
	h.tx.Now = h.tx.Now.Add(10 * time.Minute)
	h.shut()
	dbtest.As(h.tx, auth.RoleCountyAdministrator, uuid.Nil)

	try := func(change func(*tenant.Rules)) []meeting.Trial {
		t.Helper()
		return must(meeting.Try(h.ctx, h.tx, h.tx.Today().Add(1), day.Day{}, h.with(change)))(h)
	}
	if got := try(func(*tenant.Rules) {}); len(got) != 0 {
		t.Errorf("nothing changes: %+v", got)
	}
	got := try(func(r *tenant.Rules) { r.Quorum = tenant.Quorum{Of: tenant.QuorumSeats, Number: 4} })
	if len(got) != 1 || len(got[0].Held) != 1 || got[0].Held[0].Meeting != h.id || got[0].Held[0].Notice != nil {
		t.Fatalf("%+v", got)
	}
	held := got[0].Held[0]
	if q := held.Quorum; q.Before.Needed != 3 || q.After.Counted != 4 || q.After.Needed != 4 || !q.After.Holds {
		t.Errorf("at its end: %+v", q)
	}
	if one := held.Decisions[0]; one.Quorum.Before.Counted != 3 || !one.Quorum.Before.Holds || one.Quorum.After.Holds || one.Quorum.After.Counted != 3 ||
		one.Before.Verdict != governance.Carried || one.After.Verdict != governance.Undecided || one.After.Reason != governance.ReasonQuorum || one.Same() {
		t.Errorf("%+v", one)
	}
	one := try(func(r *tenant.Rules) { r.Decision = tenant.DecisionRule{Mode: tenant.ByUnanimity} })[0].Held[0].Decisions[0]
	if one.After.Verdict != governance.Rejected || one.After.For != 2 || one.After.Needed != 3 {
		t.Errorf("%+v", one.After)
	}
	if one = try(func(r *tenant.Rules) { r.Decision = tenant.DecisionRule{Mode: tenant.ByNothing} })[0].Held[0].Decisions[0]; one.After != nil || one.Same() {
		t.Errorf("%+v", one.After)
	}
	if one = try(func(r *tenant.Rules) { r.Quorum.Share, r.Quorum.MoreThan = "3/5", false })[0].Held[0].Decisions[0]; !one.Same() {
		t.Errorf("%+v", one)
	}
	if m := h.now(); m.State != meeting.Closed {
		t.Errorf("%s", m.State)
	}
}

func TestANoticeIsTriedOnCallsThatWentOut(t *testing.T) {
	h, _ := gather(t, majority, "", toTell)
	h.open(seats...)
	h.shut()
	today := h.tx.Today()
	soon := today.Add(10)
	p := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", On: soon}))(h)
	must(meeting.Call(h.ctx, h.tx, p.Meeting.ID, must(meeting.Get(h.ctx, h.tx, p.Meeting.ID))(h).Version, meeting.Notice{}))(h)
	after := h.with(func(r *tenant.Rules) { r.Notice = tenant.Notice{Days: 14} })
	h.refuses(must2(meeting.Try(h.ctx, h.tx, today, day.Day{}, after)), "auth.forbidden")
	dbtest.As(h.tx, auth.RoleCountyAdministrator, uuid.Nil)
	got := must(meeting.Try(h.ctx, h.tx, today.Add(1), day.Day{}, after))(h)[0]
	if n := got.Held[0].Notice; n == nil || !n.Was() || n.Would() || n.After != today.Add(-14) || got.Held[0].Quorum != nil {
		t.Errorf("%+v", got.Held)
	}
	if len(got.Called) != 1 || got.Called[0].Meeting != p.Meeting.ID || got.Called[0].Notice.Would() {
		t.Errorf("%+v", got.Called)
	}
	// A change from a later day, or one that ends before it, is not for the meeting.
	for _, span := range []day.Span{{From: soon.Add(1)}, {From: today.Add(1), To: soon}} {
		if got := must(meeting.Try(h.ctx, h.tx, span.From, span.To, after))(h); len(got[0].Called) != 0 {
			t.Errorf("%v: %+v", span, got[0].Called)
		}
	}
}
