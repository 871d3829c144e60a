package meeting_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
)

// mandate is the one that somebody has in the forum, also when it has ended.
func (o *office) mandate(who uuid.UUID) governance.Mandate {
	o.Helper()
	ms, _, err := governance.List(o.ctx, o.tx, governance.Filter{Body: "forum", Person: who, Status: governance.Every, Limit: 10, Page: 1})
	if err != nil || len(ms) != 1 {
		o.Fatal(ms, err)
	}
	return ms[0]
}

// ends lets somebody's mandate end from a day, as the doors do it.
func (o *office) ends(who uuid.UUID, on day.Day) {
	o.Helper()
	m := o.mandate(who)
	m = ok(governance.End(o.ctx, o.tx, m.ID, m.Version, governance.Ending{On: on, Reason: "Lämnade uppdraget"}))(o)
	o.reseat(m)
}

func (o *office) appoint(n governance.Nomination) governance.Mandate {
	o.Helper()
	n.Body = "forum"
	m := ok(governance.Appoint(o.ctx, o.tx, n))(o)
	o.reseat(m)
	return m
}

func (o *office) reseat(m governance.Mandate) {
	o.Helper()
	for range 2 { // the second time there is nothing to do
		if err := meeting.Reseat(o.ctx, o.tx, m); err != nil {
			o.Fatal(err)
		}
	}
}

// stands tells whether somebody is called to a meeting, as what.
func (o *office) stands(m, who uuid.UUID) string {
	o.Helper()
	i := o.invitation(m, who)
	if i.ID == uuid.Nil || i.WithdrawnAt != nil {
		return ""
	}
	return i.Role
}

func (o *office) told(m, who uuid.UUID, event string) int {
	o.Helper()
	return o.count(`SELECT count(*) FROM meeting_mail WHERE meeting_id = $1 AND person_id = $2 AND event = $3`, m, who, event)
}

func TestACallEndsWithTheMandateThatItRestsOnAndTheNextIsCalled(t *testing.T) {
	o := desk(t)
	m := o.called(april)
	kim := o.invitation(m.ID, o.kim)
	o.ends(o.kim, o.tx.Today())
	if o.stands(m.ID, o.kim) != "" || o.told(m.ID, o.kim, "ended") != 1 {
		t.Errorf("whose mandate has ended is called still, or has been told %d times", o.told(m.ID, o.kim, "ended"))
	}
	if o.stands(m.ID, o.sam) != "deputy" || o.invitation(m.ID, o.sam).InsteadOf != kim.ID || o.told(m.ID, o.sam, "deputy") != 1 {
		t.Errorf("the deputy: %+v", o.invitation(m.ID, o.sam))
	}
	// What is added now is not for him, nor for letters to him, nor his to answer.
	hidden := ok(meeting.Put(o.ctx, o.tx, m.ID, meeting.Matter{Kind: meeting.ForDecision, Title: "Hemligt", Confidential: true}))(o).Item
	d := m.Date
	d.Location = "Rådhuset"
	m = ok(meeting.Change(o.ctx, o.tx, m.ID, o.now(m.ID).Version, d))(o).Meeting
	if o.told(m.ID, o.kim, "change") != 0 || o.told(m.ID, o.sam, "change") != 1 {
		t.Error("a letter about the change went to who is called no longer, or not to the deputy")
	}
	if _, err := meeting.Answer(o.ctx, o.tx, kim.ID, o.invitation(m.ID, o.kim).Version, meeting.Reply{Answer: meeting.AnswerYes}); !fault.Is(err, "invitation.ended") {
		t.Errorf("the secretary answers for him: %v", err)
	}
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	if _, err := meeting.GetItem(o.ctx, o.tx, hidden.ID); !fault.Is(err, "common.not_found") {
		t.Errorf("he reads what is confidential: %v", err)
	}
	if mine := ok(meeting.Mine(o.ctx, o.tx, false))(o); len(mine) != 0 {
		t.Errorf("it waits for his answer: %+v", mine)
	}
	o.as(o.sam, auth.RolePartyRepresentative, o.alvesta)
	ok(meeting.GetItem(o.ctx, o.tx, hidden.ID))(o)

	// Somebody new gets the seat: he is called once, and the deputy stands down.
	o.back()
	heir := o.person("Ny Ledamot")
	o.appoint(governance.Nomination{Place: "municipality/alvesta", Person: heir, From: o.tx.Today()})
	if o.stands(m.ID, heir) != "member" || o.told(m.ID, heir, "call") != 1 {
		t.Errorf("who follows: %q, %d letters", o.stands(m.ID, heir), o.told(m.ID, heir, "call"))
	}
	if o.stands(m.ID, o.sam) != "" || o.told(m.ID, o.sam, "stand-down") != 1 || o.stands(m.ID, o.noa) != "member" {
		t.Errorf("the deputy: %q, another: %q", o.stands(m.ID, o.sam), o.stands(m.ID, o.noa))
	}
	o.tx.Now = april.Start().Add(10 * time.Hour)
	ok(meeting.Start(o.ctx, o.tx, m.ID, o.now(m.ID).Version))(o)
	ok(meeting.AllCame(o.ctx, o.tx, m.ID))(o)
	for _, a := range ok(meeting.Attendances(o.ctx, o.tx, m.ID))(o) {
		if a.Here != (a.Person == heir || a.Person == o.noa || a.Person == o.expert) {
			t.Errorf("%s is noted here: %t", a.Name, a.Here)
		}
	}
}

func TestADeputyWhoIsGivenTheSeatIsCalledAsItsHolder(t *testing.T) {
	o := desk(t)
	m := o.called(april)
	o.ends(o.kim, o.tx.Today())
	if o.stands(m.ID, o.sam) != "deputy" {
		t.Fatal("the deputy is not called")
	}
	o.appoint(governance.Nomination{Place: "municipality/alvesta", Person: o.sam, From: o.tx.Today()})
	if role := o.stands(m.ID, o.sam); role != "member" || o.told(m.ID, o.sam, "call") != 1 {
		t.Errorf("called as %q, told %d times", role, o.told(m.ID, o.sam, "call"))
	}
}

func TestAMandateThatEndsAfterTheMeetingOrIsGivenBackKeepsItsCall(t *testing.T) {
	o := desk(t)
	m := o.called(april)
	o.ends(o.kim, april.Add(1))
	if o.stands(m.ID, o.kim) != "member" || o.told(m.ID, o.kim, "ended") != 0 {
		t.Error("who sits on the meeting's day is called no longer")
	}
	o.ends(o.kim, april)
	if o.stands(m.ID, o.kim) != "" || o.stands(m.ID, o.sam) != "deputy" {
		t.Error("who does not sit on the meeting's day is called")
	}
	a := o.mandate(o.kim)
	o.reseat(ok(governance.Correct(o.ctx, o.tx, a.ID, a.Version, governance.Facts{From: a.From}))(o))
	if o.stands(m.ID, o.kim) != "member" || o.told(m.ID, o.kim, "call") != 2 || o.stands(m.ID, o.sam) != "" {
		t.Errorf("the end was a slip: %q, told %d, the deputy %q", o.stands(m.ID, o.kim), o.told(m.ID, o.kim, "call"), o.stands(m.ID, o.sam))
	}
	// The meeting is moved to a day on which he no longer sits.
	o.ends(o.kim, april.Add(1))
	d := o.now(m.ID).Date
	d.On = april.Add(5)
	ok(meeting.Change(o.ctx, o.tx, m.ID, o.now(m.ID).Version, d))(o)
	if o.stands(m.ID, o.kim) != "" || o.told(m.ID, o.kim, "ended") != 2 || o.stands(m.ID, o.sam) != "deputy" {
		t.Errorf("moved: %q, told %d, the deputy %q", o.stands(m.ID, o.kim), o.told(m.ID, o.kim, "ended"), o.stands(m.ID, o.sam))
	}
}

func TestADeputyWhoseMandateEndsIsFollowedByTheNextAndAGuestStays(t *testing.T) {
	o := desk(t)
	m := o.called(april)
	guest := o.person("Gun Gäst")
	ok(meeting.InviteGuest(o.ctx, o.tx, m.ID, meeting.Guest{Person: guest}))(o)
	kim := o.invitation(m.ID, o.kim)
	ok(meeting.Answer(o.ctx, o.tx, kim.ID, kim.Version, meeting.Reply{Answer: meeting.AnswerNo}))(o)
	o.ends(o.sam, april)
	if o.stands(m.ID, o.sam) != "" || o.stands(m.ID, o.pool) != "deputy" || o.stands(m.ID, o.kim) != "member" {
		t.Errorf("%q, %q, %q", o.stands(m.ID, o.sam), o.stands(m.ID, o.pool), o.stands(m.ID, o.kim))
	}
	// He who has said no leaves his seat: who comes for him comes still.
	o.ends(o.kim, april)
	if o.stands(m.ID, o.kim) != "" || o.stands(m.ID, o.pool) != "deputy" {
		t.Errorf("%q, %q", o.stands(m.ID, o.kim), o.stands(m.ID, o.pool))
	}
	o.ends(o.expert, april)
	if o.stands(m.ID, o.expert) != "" || o.stands(m.ID, guest) != "guest" {
		t.Errorf("%q, %q", o.stands(m.ID, o.expert), o.stands(m.ID, guest))
	}
	other := o.person("Ny Sakkunnig")
	o.appoint(governance.Nomination{Place: "expert", Person: other, From: april})
	if o.stands(m.ID, other) != "adjunct" {
		t.Errorf("who follows an adjunct: %q", o.stands(m.ID, other))
	}
}

func TestWhoseTermRunsOutWhileAMeetingIsOpenReadsNoMoreOfWhatIsConfidential(t *testing.T) {
	o := desk(t)
	m := o.called(april)
	o.ends(o.kim, april.Add(1))
	hidden := ok(meeting.Put(o.ctx, o.tx, m.ID, meeting.Matter{Kind: meeting.ForInformation, Title: "Hemligt", Confidential: true}))(o).Item
	o.tx.Now = april.Start().Add(10 * time.Hour)
	ok(meeting.Start(o.ctx, o.tx, m.ID, o.now(m.ID).Version))(o)
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	ok(meeting.GetItem(o.ctx, o.tx, hidden.ID))(o)
	o.tx.Now = o.tx.Now.Add(24 * time.Hour) // it goes on the next day
	if _, err := meeting.GetItem(o.ctx, o.tx, hidden.ID); !fault.Is(err, "common.not_found") {
		t.Errorf("the day after: %v", err)
	}
	o.back()
	if n := ok(meeting.AllCame(o.ctx, o.tx, m.ID))(o); n != 2 {
		t.Errorf("%d are noted as here, one of them without a mandate", n)
	}
	ok(meeting.Close(o.ctx, o.tx, m.ID, o.now(m.ID).Version))(o)
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	ok(meeting.GetItem(o.ctx, o.tx, hidden.ID))(o) // he sat there on its day
}

// card is somebody new, and what is done with him.
func (p *post) card(name string, then func(*pg.Tx, uuid.UUID)) (who uuid.UUID) {
	p.Helper()
	p.do(func(tx *pg.Tx) error {
		who = (&office{T: p.T, ctx: p.Context(), tx: tx}).person(name)
		then(tx, who)
		return nil
	})
	return who
}

func TestTheLetterToWhoIsCalledNoLongerTakesTheMeetingOutOfHisCalendarAndHisLinkSaysSo(t *testing.T) {
	p := poster(t)
	ctx := t.Context()
	var a governance.Mandate
	p.do(func(tx *pg.Tx) error {
		o := &office{T: t, ctx: ctx, tx: tx}
		ok(sample.Organisations(ctx, tx))(o)
		ok(sample.Agreements(ctx, tx))(o)
		who := o.person("Kim Lind")
		a = ok(governance.Appoint(ctx, tx, governance.Nomination{Body: "forum", Place: "municipality/alvesta", Person: who, From: day.Of(2026, time.January, 1)}))(o)
		plan := ok(meeting.Prepare(ctx, tx, meeting.Date{Body: "forum", On: april, Link: "https://mote.example/hemligt"}))(o)
		ok(meeting.Call(ctx, tx, plan.Meeting.ID, plan.Meeting.Version, meeting.Notice{}))(o)
		return nil
	})
	call := p.sent(1)["kim.lind@exempel.example"]
	if call.Token == "" {
		t.Fatalf("%+v", call)
	}
	guest := p.card("Gun Gäst", func(tx *pg.Tx, who uuid.UUID) {
		ok(meeting.InviteGuest(ctx, tx, call.Meeting.ID, meeting.Guest{Person: who}))(&office{T: t, ctx: ctx, tx: tx})
	})
	p.sent(1)
	p.do(func(tx *pg.Tx) error {
		g, err := person.Get(ctx, tx, guest)
		if err != nil {
			return err
		}
		if _, err := person.End(ctx, tx, guest, g.Version, person.Ending{On: april}); err != nil {
			return err
		}
		return meeting.Reseat(ctx, tx)
	})
	bye := p.sent(1)["gun.gäst@exempel.example"]
	if subject, body := bye.Words("https://overens.example"); !bye.Withdraws() || !bye.Tells || strings.Contains(subject+body, "⟨") || strings.Contains(body, "någon plats") {
		t.Errorf("%+v\n%s\n%s", bye, subject, body)
	}
	p.do(func(tx *pg.Tx) error {
		m, err := governance.End(ctx, tx, a.ID, a.Version, governance.Ending{On: tx.Today(), Reason: "Lämnade uppdraget"})
		if err != nil {
			return err
		}
		return meeting.Reseat(ctx, tx, m)
	})
	off := p.sent(1)["kim.lind@exempel.example"]
	subject, body := off.Words("https://overens.example")
	if !off.Withdraws() || !off.Tells || off.Sequence <= call.Sequence || off.Token != "" || strings.Contains(body, "hemligt") || strings.Contains(subject+body, "⟨") || strings.Contains(body, "inställt") {
		t.Errorf("%+v\n%s\n%s", off, subject, body)
	}
	err := p.db.InTenant(ctx, auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
		_, err := meeting.ByToken(ctx, tx, call.Token)
		if !fault.Is(err, "invitation.ended") {
			t.Errorf("the link opens: %v", err)
		}
		_, err = meeting.AnswerByToken(ctx, tx, call.Token, 0, meeting.Reply{Answer: meeting.AnswerYes})
		return err
	})
	if !fault.Is(err, "invitation.ended") {
		t.Errorf("the link answers: %v", err)
	}
	p.do(func(tx *pg.Tx) error {
		dbtest.AsSystem(tx)
		_, err := meeting.AnswerByCalendar(ctx, tx, meeting.CalendarReply{UID: "meeting-" + call.Meeting.ID.String() + "@overens", Sequence: off.Sequence, Address: call.To,
			Reply: meeting.Reply{Answer: meeting.AnswerYes}})
		if !fault.Is(err, "invitation.ended") {
			t.Errorf("the calendar answers: %v", err)
		}
		return nil
	})
}
