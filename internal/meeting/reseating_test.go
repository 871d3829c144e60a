package meeting_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/tenant"
)

// passes lets the days pass until one, with the daily look at who is called.
func (o *office) passes(until day.Day) {
	o.Helper()
	o.tx.Now = until.Start().Add(8 * time.Hour)
	o.looks()
}

// looks is the daily look, twice: the second time there is nothing to do.
func (o *office) looks() {
	o.Helper()
	was := o.tx.Actor
	dbtest.AsSystem(o.tx)
	defer func() { o.tx.Actor = was }()
	mails := -1
	for range 2 {
		if err := meeting.Reseat(o.ctx, o.tx); err != nil {
			o.Fatal(err)
		}
		n := o.count(`SELECT count(*) FROM meeting_mail`)
		if mails >= 0 && n != mails {
			o.Errorf("%d letters when it is looked at again", n-mails)
		}
		mails = n
	}
}

// What can be known when a mandate's days are written down is done then: on the
// day itself there is nothing left.
func TestAnEndThatIsKnownIsFollowedWhenItIsWrittenDown(t *testing.T) {
	t.Run("before the call", func(t *testing.T) {
		o := desk(t)
		a := o.mandate(o.kim)
		ok(governance.Correct(o.ctx, o.tx, a.ID, a.Version, governance.Facts{From: a.From, To: april}))(o)
		m := o.called(april)
		if o.stands(m.ID, o.kim) != "" || o.told(m.ID, o.kim, "call") != 0 || len(ok(meeting.Invitations(o.ctx, o.tx, m.ID))(o)) != 2 {
			t.Error("who does not sit on the meeting's day was called")
		}
		o.passes(april)
		if o.stands(m.ID, o.kim) != "" || o.mails(m.ID, "ended") != 0 || o.mails(m.ID, "deputy") != 0 {
			t.Error("the day that it ends something is done that was not foreseen")
		}
	})
	t.Run("after the call, with a successor", func(t *testing.T) {
		o := desk(t)
		m := o.called(april)
		o.ends(o.kim, april.Add(-5))
		heir := o.person("Ny Ledamot")
		o.appoint(governance.Nomination{Place: "municipality/alvesta", Person: heir, From: april.Add(-5)})
		if o.stands(m.ID, o.kim) != "" || o.told(m.ID, o.kim, "ended") != 1 || o.stands(m.ID, heir) != "member" || o.told(m.ID, heir, "call") != 1 {
			t.Errorf("the one before: %q, the one after: %q", o.stands(m.ID, o.kim), o.stands(m.ID, heir))
		}
		mails := o.mails(m.ID, "")
		o.passes(april.Add(-6))
		o.passes(april.Add(-5))
		if o.mails(m.ID, "") != mails {
			t.Errorf("%d letters more on the day", o.mails(m.ID, "")-mails)
		}
	})
	t.Run("with the appointment", func(t *testing.T) {
		o := desk(t)
		o.ends(o.kim, o.tx.Today())
		m := o.called(april)
		brief := o.person("Kort Ledamot")
		o.appoint(governance.Nomination{Place: "municipality/alvesta", Person: brief, From: o.tx.Today(), To: april.Add(-1)})
		o.passes(april.Add(-1))
		if o.stands(m.ID, brief) != "" || o.told(m.ID, brief, "call") != 0 || o.mails(m.ID, "ended") != 0 {
			t.Error("who sits until the day before was called")
		}
	})
}

// A written procedure is answered by whoever has the place until its last day: it
// is on the day that a mandate runs out that the next is to answer.
func TestWhoseMandateRunsOutWhileItIsAnsweredInWritingIsFollowedThatDay(t *testing.T) {
	o := desk(t, func(b *tenant.Body) { b.Rules.Written.Form = tenant.WrittenAllowed })
	plan := ok(meeting.Prepare(o.ctx, o.tx, meeting.Date{Body: "forum", Kind: meeting.KindWritten, On: april}))(o)
	ok(meeting.Put(o.ctx, o.tx, plan.Meeting.ID, meeting.Matter{Kind: meeting.ForDecision, Title: "Riktning", Proposal: "Det antas."}))(o)
	m := ok(meeting.Call(o.ctx, o.tx, plan.Meeting.ID, o.now(plan.Meeting.ID).Version, meeting.Notice{}))(o).Meeting
	o.ends(o.kim, april.Add(-5))
	o.passes(april.Add(-6))
	if o.stands(m.ID, o.kim) != "member" || o.told(m.ID, o.kim, "ended") != 0 {
		t.Error("who has the place still is not to answer")
	}
	o.passes(april.Add(-5))
	if o.stands(m.ID, o.kim) != "" || o.told(m.ID, o.kim, "ended") != 1 || o.stands(m.ID, o.sam) != "deputy" || o.told(m.ID, o.sam, "deputy") != 1 {
		t.Errorf("the one before: %q, told %d; his deputy: %q, told %d", o.stands(m.ID, o.kim), o.told(m.ID, o.kim, "ended"), o.stands(m.ID, o.sam), o.told(m.ID, o.sam, "deputy"))
	}
}

// A party that is party no longer on a meeting's day has no place at it, whatever
// its people's mandates say.
func TestWhosePartyHasLeftIsCalledNoLonger(t *testing.T) {
	o := desk(t)
	m := o.called(april)
	before := o.called(april.Add(-10))
	o.leave(o.alvesta, april.Add(-3))
	o.looks()
	if o.stands(m.ID, o.kim) != "" || o.told(m.ID, o.kim, "ended") != 1 || o.stands(m.ID, o.sam) != "" || o.stands(m.ID, o.noa) != "member" {
		t.Errorf("%q, told %d; the deputy %q; another party's %q", o.stands(m.ID, o.kim), o.told(m.ID, o.kim, "ended"), o.stands(m.ID, o.sam), o.stands(m.ID, o.noa))
	}
	if o.stands(before.ID, o.kim) != "member" || o.stands(m.ID, o.expert) != "adjunct" {
		t.Error("who has a place still is called no longer")
	}
}

// leave lets a party leave each agreement.
func (o *office) leave(party uuid.UUID, on day.Day) {
	o.Helper()
	was := o.tx.Actor
	dbtest.AsSystem(o.tx)
	defer func() { o.tx.Actor = was }()
	rs, err := o.tx.Query(o.ctx, `SELECT id, version FROM participation WHERE organisation_id = $1 AND valid_to IS NULL`, party)
	if err != nil {
		o.Fatal(err)
	}
	versions := map[uuid.UUID]int64{}
	for rs.Next() {
		var id uuid.UUID
		var version int64
		if err := rs.Scan(&id, &version); err != nil {
			o.Fatal(err)
		}
		versions[id] = version
	}
	rs.Close()
	for id, version := range versions {
		ok(agreement.Leave(o.ctx, o.tx, id, version, agreement.Exit{On: on, Ground: "Lämnar"}))(o)
	}
}

// Whose card ends leaves his places with it: as the doors do it.
func (o *office) ceases(who uuid.UUID, on day.Day) {
	o.Helper()
	p := ok(person.Get(o.ctx, o.tx, who))(o)
	ok(person.End(o.ctx, o.tx, who, p.Version, person.Ending{On: on}))(o)
	o.looks()
}

func TestWhoseCardEndsIsCalledNoLongerAndHisPlaceIsVacant(t *testing.T) {
	o := desk(t)
	lead, guest := o.person("Lo Ledare"), o.person("Gun Gäst")
	d := o.draft(april)
	d.Chair = lead
	ok(meeting.Change(o.ctx, o.tx, d.ID, d.Version, d.Date))(o)
	m := ok(meeting.Call(o.ctx, o.tx, d.ID, o.now(d.ID).Version, meeting.Notice{Guests: []uuid.UUID{guest}}))(o).Meeting
	for who, role := range map[uuid.UUID]string{o.kim: "member", lead: "staff", guest: "guest"} {
		o.ceases(who, april.Add(1))
		if o.stands(m.ID, who) != role || o.told(m.ID, who, "ended") != 0 {
			t.Errorf("whose card ends the day after: %q", o.stands(m.ID, who))
		}
		o.ceases(who, april)
		if o.stands(m.ID, who) != "" || o.told(m.ID, who, "ended") != 1 {
			t.Errorf("a %s whose card has ended: %q, told %d", role, o.stands(m.ID, who), o.told(m.ID, who, "ended"))
		}
	}
	if o.stands(m.ID, o.sam) != "deputy" {
		t.Errorf("the deputy: %q", o.stands(m.ID, o.sam))
	}
	empty := func(on day.Day) bool {
		return slices.ContainsFunc(ok(governance.Vacancies(o.ctx, o.tx, on))(o), func(v governance.Vacancy) bool {
			return v.Key == "municipality/alvesta" && v.What == governance.VacantSeat && v.Since == april
		})
	}
	if !empty(april) || empty(april.Add(-1)) {
		t.Error("the place is not listed as vacant from that day")
	}

	// It was a slip: all come after all, and are told.
	for who, role := range map[uuid.UUID]string{o.kim: "member", lead: "staff", guest: "guest"} {
		o.ceases(who, april.Add(1))
		if o.stands(m.ID, who) != role || o.told(m.ID, who, "call") != 2 {
			t.Errorf("a %s who is there after all: %q, called %d times", role, o.stands(m.ID, who), o.told(m.ID, who, "call"))
		}
	}
	if o.stands(m.ID, o.sam) != "" || o.told(m.ID, o.sam, "stand-down") != 1 {
		t.Errorf("the deputy: %q", o.stands(m.ID, o.sam))
	}
}

// What is known at the call to end before the meeting is not called at all.
func TestWhoseCardEndsBeforeTheMeetingIsNotCalled(t *testing.T) {
	o := desk(t)
	lead := o.person("Lo Ledare")
	d := o.draft(april)
	d.Chair = lead
	ok(meeting.Change(o.ctx, o.tx, d.ID, d.Version, d.Date))(o)
	for _, who := range []uuid.UUID{o.kim, lead, o.robin} {
		o.ceases(who, april)
	}
	if keys := keysOf(ok(meeting.Foresee(o.ctx, o.tx, d.ID))(o).Warnings); keys != "meeting.chair_left" {
		t.Errorf("whoever calls is warned of %q", keys)
	}
	_, err := meeting.Call(o.ctx, o.tx, d.ID, o.now(d.ID).Version, meeting.Notice{Guests: []uuid.UUID{o.robin}})
	o.refused(err, "meeting.person_unknown", "/guests")
	m := ok(meeting.Call(o.ctx, o.tx, d.ID, o.now(d.ID).Version, meeting.Notice{}))(o).Meeting
	if o.stands(m.ID, o.kim)+o.stands(m.ID, lead) != "" || o.stands(m.ID, o.noa) != "member" {
		t.Errorf("%q, %q", o.stands(m.ID, o.kim), o.stands(m.ID, lead))
	}
}

// Who holds several places is called for one of them, and once.
func TestWhoHoldsSeveralPlacesIsCalledOnceHoweverOftenItIsLookedAt(t *testing.T) {
	o := desk(t, func(b *tenant.Body) {
		b.Seats = append(b.Seats, tenant.Seat{Key: "visitor", Name: tenant.Words{"sv": "Gäst"}, Standing: tenant.SeatGuest})
	})
	m := o.called(april)
	o.appoint(governance.Nomination{Place: "visitor", Person: o.expert, From: o.tx.Today()})
	o.looks()
	if o.stands(m.ID, o.expert) == "" || o.told(m.ID, o.expert, "call") > 2 {
		t.Errorf("%q, called %d times", o.stands(m.ID, o.expert), o.told(m.ID, o.expert, "call"))
	}
}

// What was to be over is called to by nobody, though nobody has closed it.
func TestNobodyIsCalledToAMeetingWhoseDayHasPassed(t *testing.T) {
	o := desk(t)
	m := o.called(april)
	o.tx.Now = april.Start().Add(10 * time.Hour)
	ok(meeting.Start(o.ctx, o.tx, m.ID, o.now(m.ID).Version))(o)
	a := o.mandate(o.kim)
	ok(governance.End(o.ctx, o.tx, a.ID, a.Version, governance.Ending{On: april.Add(3), Reason: "Lämnade uppdraget"}))(o)
	o.passes(april.Add(4))
	if o.stands(m.ID, o.kim) != "member" || o.mails(m.ID, "ended") != 0 || o.mails(m.ID, "deputy") != 0 {
		t.Errorf("%q, %d letters", o.stands(m.ID, o.kim), o.mails(m.ID, "ended")+o.mails(m.ID, "deputy"))
	}
}
