package meeting_test

import (
	"testing"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

func TestAMemberWithoutASeatIsToldHowFarAMeetingHasCome(t *testing.T) {
	h, items := gather(t, recorded(func(r *tenant.Rules) { r.Public = tenant.Public{Date: tenant.PublicCalled} }), "", toTell)
	reporter, alvesta := h.person("Rapportör"), h.party("alvesta")
	is := func(want meeting.State) {
		t.Helper()
		was := h.tx.Actor
		dbtest.As(h.tx, auth.RolePartyReporter, alvesta)
		h.tx.Person = reporter
		if m := h.now(); m.State != want || m.CalledAt != nil {
			t.Errorf("%+v, want no more than that it is %s", m, want)
		}
		ms, n, err := meeting.List(h.ctx, h.tx, meeting.Filter{States: []meeting.State{want}, Limit: 10, Page: 1})
		if err != nil || n != 1 || ms[0].State != want {
			t.Errorf("the list: %+v, %d, %v", ms, n, err)
		}
		h.tx.Actor = was
	}
	is(meeting.Called)
	h.open(seats...)
	is(meeting.Open)
	h.take(items[0].ID)
	must(meeting.Settle(h.ctx, h.tx, items[0].ID, h.item(items[0].ID).Version, meeting.Settlement{}))(h)
	h.shut()
	is(meeting.Closed)
}

func TestWhatWasHeldTodayIsNotToComeOnceItIsOver(t *testing.T) {
	h, items := gather(t, recorded(), "", toTell)
	ahead, over := meeting.Filter{Ahead: true, Limit: 10, Page: 1}, meeting.Filter{Over: true, Limit: 10, Page: 1}
	is := func(when string, toCome, past int) {
		t.Helper()
		_, a, err := meeting.List(h.ctx, h.tx, ahead)
		_, o, fail := meeting.List(h.ctx, h.tx, over)
		if a != toCome || o != past || err != nil || fail != nil {
			t.Errorf("%s: %d to come and %d past, %v, %v", when, a, o, err, fail)
		}
	}
	is("called", 1, 0)
	h.open(seats...)
	is("open", 1, 0)
	h.take(items[0].ID)
	must(meeting.Settle(h.ctx, h.tx, items[0].ID, h.item(items[0].ID).Version, meeting.Settlement{}))(h)
	h.shut()
	is("closed", 0, 1)
}
