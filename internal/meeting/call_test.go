package meeting_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/tenant"
)

func (o *office) invitation(m, who uuid.UUID) meeting.Invitation {
	o.Helper()
	for _, i := range ok(meeting.Invitations(o.ctx, o.tx, m))(o) {
		if i.Person == who {
			return i
		}
	}
	return meeting.Invitation{}
}

func TestACallGoesToThoseWhoSitThatDayAndTellsWhatIsEmpty(t *testing.T) {
	o := desk(t)
	m := o.draft(april)
	p := ok(meeting.Foresee(o.ctx, o.tx, m.ID))(o)
	if len(p.Called) != 3 || p.Late || p.By != april.Add(-14) || len(p.Agenda) != 2 {
		t.Errorf("%+v", p)
	}
	var alone, vacant []string
	for _, e := range p.Alone {
		alone = append(alone, e.Place)
	}
	for _, e := range p.Vacant {
		vacant = append(vacant, e.Place)
	}
	if strings.Join(alone, " ") != "municipality/almhult" || !strings.Contains(strings.Join(vacant, " "), "af") {
		t.Errorf("alone %v, vacant %v", alone, vacant)
	}
	alvesta := ok(organisation.Get(o.ctx, o.tx, o.alvesta))(o)
	card := alvesta.Card
	card.Mailbox = "kommun@alvesta.example"
	ok(organisation.Change(o.ctx, o.tx, o.alvesta, alvesta.Version, card))(o)
	guest := o.person("Gun Gäst")
	c := ok(meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{LateReason: "behövs inte", Guests: []uuid.UUID{guest}}))(o)
	if c.Meeting.State != meeting.Called || c.Meeting.LateReason != "" || len(c.Called) != 4 || !c.Meeting.Public {
		t.Errorf("%+v", c)
	}
	roles := map[uuid.UUID]string{o.kim: "member", o.noa: "member", o.expert: "adjunct", guest: "guest", o.sam: ""}
	for who, want := range roles {
		if got := o.invitation(m.ID, who); got.Role != want {
			t.Errorf("called as %q, want %q", got.Role, want)
		}
	}
	if n := o.mails(m.ID, "call"); n != 5 || o.count(`SELECT count(*) FROM meeting_mail WHERE organisation_id = $1`, o.alvesta) != 1 {
		t.Errorf("%d mails", n)
	}
	if n := o.count(`SELECT count(*) FROM river.river_job WHERE kind = 'meeting.tell' AND metadata ->> 'tenant' = 'kronoberg'`); n != 5 {
		t.Errorf("%d jobs", n)
	}
	if _, err := meeting.Call(o.ctx, o.tx, m.ID, c.Meeting.Version, meeting.Notice{}); !fault.Is(err, "meeting.called_already") {
		t.Errorf("called twice: %v", err)
	}
}

func TestALateCallSaysWhy(t *testing.T) {
	for _, workdays := range []bool{false, true} {
		t.Run(fmt.Sprint(workdays), func(t *testing.T) {
			o := desk(t, func(b *tenant.Body) { b.Rules.Notice.Workdays = workdays })
			m := o.draft(o.tx.Today().Add(14))
			// Fourteen calendar days before is today; fourteen working days was in the week before last.
			_, err := meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{})
			if !workdays {
				if err != nil {
					t.Errorf("on the last day: %v", err)
				}
				return
			}
			o.refused(err, "meeting.late_why", "/lateReason")
			c := ok(meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{LateReason: "Regeringens beslut"}))(o)
			if c.Meeting.LateReason != "Regeringens beslut" {
				t.Errorf("%+v", c.Meeting)
			}
		})
	}
}

func TestALateCallIsStoppedWhereTheRuleSaysSo(t *testing.T) {
	o := desk(t, func(b *tenant.Body) { b.Rules.Notice.Late = tenant.LateStops })
	m := o.draft(o.tx.Today().Add(13))
	if _, err := meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{LateReason: "ändå"}); !fault.Is(err, "meeting.late_stops") {
		t.Errorf("late, and not stopped: %v", err)
	}
	if p := ok(meeting.Foresee(o.ctx, o.tx, m.ID))(o); !p.Late || !p.Stopped {
		t.Errorf("%+v", p)
	}
}

func TestWhatCannotBeCalled(t *testing.T) {
	o := desk(t, func(b *tenant.Body) { b.Rules.Notice = tenant.Notice{} })
	m := o.draft(o.tx.Today())
	o.tx.Now = o.tx.Today().Start().Add(9 * time.Hour)
	ok(meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{}))(o)
	m = o.draft(o.tx.Today())
	o.tx.Now = o.tx.Today().Start().Add(10 * time.Hour)
	if _, err := meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{}); !fault.Is(err, "meeting.in_the_past") {
		t.Errorf("called after it began: %v", err)
	}
	a := ok(meeting.Announce(o.ctx, o.tx, meeting.Date{Body: "forum", On: april}))(o).Meeting
	if _, err := meeting.Call(o.ctx, o.tx, a.ID, a.Version, meeting.Notice{}); !fault.Is(err, "meeting.not_prepared") {
		t.Error(err)
	}
	g := ok(meeting.Prepare(o.ctx, o.tx, meeting.Date{Body: "group", On: april}))(o).Meeting
	if _, err := meeting.Call(o.ctx, o.tx, g.ID, g.Version, meeting.Notice{}); !fault.Is(err, "meeting.nobody_to_call") {
		t.Error(err)
	}
}

func TestANoCallsTheNextDeputyAndAChangedMindPutsItBack(t *testing.T) {
	o := desk(t)
	m := o.called(april)
	kim := o.invitation(m.ID, o.kim)
	o.as(o.noa, auth.RolePartyRepresentative, o.almhult)
	if _, err := meeting.Answer(o.ctx, o.tx, kim.ID, kim.Version, meeting.Reply{Answer: meeting.AnswerNo}); !fault.Is(err, "auth.forbidden") {
		t.Errorf("somebody else answers: %v", err)
	}
	o.as(o.kim, auth.RolePartyRepresentative, o.alvesta)
	if mine := ok(meeting.Mine(o.ctx, o.tx, true))(o); len(mine) != 1 || mine[0].ID != kim.ID {
		t.Errorf("%+v", mine)
	}
	_, err := meeting.Answer(o.ctx, o.tx, kim.ID, kim.Version, meeting.Reply{Answer: "maybe"})
	o.refused(err, "invitation.answer", "/answer")
	a := ok(meeting.Answer(o.ctx, o.tx, kim.ID, kim.Version, meeting.Reply{Answer: meeting.AnswerNo, Note: "Semester"}))(o)
	if a.Deputy == nil || a.Deputy.Person != o.sam || a.Deputy.Place != "municipality/alvesta" || a.Deputy.InsteadOf != kim.ID || a.Invitation.AnsweredHow != "page" {
		t.Fatalf("%+v", a)
	}
	if _, err := meeting.Answer(o.ctx, o.tx, kim.ID, kim.Version, meeting.Reply{Answer: meeting.AnswerYes}); !fault.Is(err, "common.changed") {
		t.Errorf("%v", err)
	}
	// The secretary records that the first deputy cannot either: the pool's is called.
	o.back()
	b := ok(meeting.Answer(o.ctx, o.tx, a.Deputy.ID, a.Deputy.Version, meeting.Reply{Answer: meeting.AnswerNo}))(o)
	if b.Deputy == nil || b.Deputy.Person != o.pool || b.Invitation.AnsweredHow != "secretary" {
		t.Fatalf("%+v", b)
	}
	// She can after all: who was called after her stands down.
	c := ok(meeting.Answer(o.ctx, o.tx, b.Invitation.ID, b.Invitation.Version, meeting.Reply{Answer: meeting.AnswerRemote}))(o)
	if c.Deputy == nil || c.Deputy.Person != o.pool || c.Deputy.WithdrawnAt == nil || o.invitation(m.ID, o.kim).Answer != meeting.AnswerNo {
		t.Errorf("%+v", c)
	}
	kim = o.invitation(m.ID, o.kim)
	d := ok(meeting.Answer(o.ctx, o.tx, kim.ID, kim.Version, meeting.Reply{Answer: meeting.AnswerYes}))(o)
	if d.Deputy == nil || d.Deputy.Person != o.sam || o.invitation(m.ID, o.sam).WithdrawnAt == nil {
		t.Errorf("%+v", d)
	}
	sam := o.invitation(m.ID, o.sam)
	if _, err := meeting.Answer(o.ctx, o.tx, sam.ID, sam.Version, meeting.Reply{Answer: meeting.AnswerYes}); !fault.Is(err, "invitation.not_needed") {
		t.Error(err)
	}
	e := ok(meeting.Answer(o.ctx, o.tx, kim.ID, d.Invitation.Version, meeting.Reply{Answer: meeting.AnswerNo}))(o)
	if e.Deputy == nil || e.Deputy.Person != o.sam || e.Deputy.WithdrawnAt != nil || e.Deputy.Answer != "" {
		t.Errorf("called again: %+v", e.Deputy)
	}
	var seqs []int32
	if err := o.tx.QueryRow(o.ctx, `SELECT array_agg(sequence ORDER BY id) FROM meeting_mail WHERE person_id = $1 AND event IN ('deputy', 'stand-down')`, o.sam).Scan(&seqs); err != nil {
		t.Fatal(err)
	}
	if len(seqs) != 3 || seqs[0] >= seqs[1] || seqs[1] >= seqs[2] {
		t.Errorf("a calendar's numbers do not rise: %v", seqs)
	}
}

// A "no" to another hour is no answer any more, and the deputy who was called for it
// is one deputy still.
func TestADeputyCalledForAnotherHourIsNeitherDoubledNorForgotten(t *testing.T) {
	o := desk(t)
	m := o.called(april)
	kim := o.invitation(m.ID, o.kim)
	ok(meeting.Answer(o.ctx, o.tx, kim.ID, kim.Version, meeting.Reply{Answer: meeting.AnswerNo}))(o)
	d := m.Date
	d.Begins, d.Ends = "13:00", "16:00"
	ok(meeting.Change(o.ctx, o.tx, m.ID, ok(meeting.Get(o.ctx, o.tx, m.ID))(o).Version, d))(o)
	kim = o.invitation(m.ID, o.kim)
	again := ok(meeting.Answer(o.ctx, o.tx, kim.ID, kim.Version, meeting.Reply{Answer: meeting.AnswerNo}))(o)
	if again.Deputy == nil || again.Deputy.Person != o.sam || o.told(m.ID, o.sam, "deputy") != 1 || o.told(m.ID, o.pool, "deputy") != 0 {
		t.Errorf("%+v", again.Deputy)
	}
	d.Begins = "14:00"
	ok(meeting.Change(o.ctx, o.tx, m.ID, ok(meeting.Get(o.ctx, o.tx, m.ID))(o).Version, d))(o)
	kim = o.invitation(m.ID, o.kim)
	yes := ok(meeting.Answer(o.ctx, o.tx, kim.ID, kim.Version, meeting.Reply{Answer: meeting.AnswerYes}))(o)
	if yes.Deputy == nil || o.invitation(m.ID, o.sam).WithdrawnAt == nil || o.told(m.ID, o.sam, "stand-down") != 1 {
		t.Errorf("%+v", yes.Deputy)
	}
}

func TestDeputiesAreCalledByTheBodysRule(t *testing.T) {
	for form, want := range map[string]bool{tenant.DeputiesNone: false, tenant.DeputiesPersonal: true, tenant.DeputiesPool: true, "": true} {
		t.Run(form, func(t *testing.T) {
			o := desk(t)
			m := o.called(april)
			o.tx.County.Bodies[0].Value.Bodies[0].Rules.Deputies.Form = form
			kim := o.invitation(m.ID, o.kim)
			a := ok(meeting.Answer(o.ctx, o.tx, kim.ID, kim.Version, meeting.Reply{Answer: meeting.AnswerNo}))(o)
			if (a.Deputy != nil) != want {
				t.Errorf("%q: %+v", form, a.Deputy)
			}
			if want {
				b := ok(meeting.Answer(o.ctx, o.tx, a.Deputy.ID, a.Deputy.Version, meeting.Reply{Answer: meeting.AnswerNo}))(o)
				if (b.Deputy != nil) != (form != tenant.DeputiesPersonal) {
					t.Errorf("%q, the second: %+v", form, b.Deputy)
				}
			}
			expert := o.invitation(m.ID, o.expert)
			if a := ok(meeting.Answer(o.ctx, o.tx, expert.ID, expert.Version, meeting.Reply{Answer: meeting.AnswerNo}))(o); a.Deputy != nil {
				t.Errorf("%q: somebody comes in the place of one without a vote", form)
			}
		})
	}
}

func TestACalendarsReplyIsAnAnswerToTheCallItHas(t *testing.T) {
	o := desk(t)
	m := o.called(april)
	dbtest.AsSystem(o.tx)
	uid := "meeting-" + m.ID.String() + "@overens"
	reply := meeting.CalendarReply{UID: uid, Address: "Kim.Lind@exempel.example", Reply: meeting.Reply{Answer: meeting.AnswerYes}}
	if a := ok(meeting.AnswerByCalendar(o.ctx, o.tx, reply))(o); a.Invitation.Person != o.kim || a.Invitation.AnsweredHow != "calendar" {
		t.Errorf("%+v", a)
	}
	for key, r := range map[string]meeting.CalendarReply{
		"invitation.calendar_address": {UID: uid, Address: "annan@exempel.example", Reply: reply.Reply},
		"invitation.calendar_maybe":   {UID: uid, Address: reply.Address},
		"invitation.calendar_unknown": {UID: "meeting-" + uuid.NewString() + "@overens", Address: reply.Address, Reply: reply.Reply},
	} {
		if _, err := meeting.AnswerByCalendar(o.ctx, o.tx, r); !fault.Is(err, key) {
			t.Errorf("%s: %v", key, err)
		}
	}
	if _, err := meeting.AnswerByCalendar(o.ctx, o.tx, meeting.CalendarReply{UID: "x", Address: reply.Address, Reply: reply.Reply}); !fault.Is(err, "invitation.calendar_unknown") {
		t.Error(err)
	}
	// What was answered before the answer that is kept came too late; a clock that is
	// fast makes no answer of tomorrow.
	late := meeting.CalendarReply{UID: uid, Address: reply.Address, At: o.tx.Now.Add(-time.Hour), Reply: meeting.Reply{Answer: meeting.AnswerNo}}
	if _, err := meeting.AnswerByCalendar(o.ctx, o.tx, late); !fault.Is(err, "invitation.answered_since") {
		t.Error(err)
	}
	late.At = o.tx.Now.Add(time.Hour)
	if a := ok(meeting.AnswerByCalendar(o.ctx, o.tx, late))(o); a.Invitation.Answer != meeting.AnswerNo || a.Invitation.AnsweredAt.After(o.tx.Now) {
		t.Errorf("%+v", a.Invitation)
	}
	o.back()
	d := m.Date
	d.On = april.Add(1)
	ok(meeting.Change(o.ctx, o.tx, m.ID, m.Version, d))(o)
	if _, err := meeting.AnswerByCalendar(o.ctx, o.tx, reply); !fault.Is(err, "invitation.answers_earlier") {
		t.Error(err)
	}
}

func TestTheSilentAreRemindedOnceAndThoseAlone(t *testing.T) {
	o := desk(t)
	m := ok(meeting.Prepare(o.ctx, o.tx, meeting.Date{Body: "forum", On: april, AnswerBy: day.Of(2027, time.April, 1)}))(o).Meeting
	ok(meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{}))(o)
	if n := o.count(`SELECT count(*) FROM river.river_job WHERE kind = 'meeting.remind' AND state = 'scheduled' AND args ->> 'meeting' = $1`, m.ID.String()); n != 1 {
		t.Errorf("%d reminders wait", n)
	}
	kim := o.invitation(m.ID, o.kim)
	ok(meeting.Answer(o.ctx, o.tx, kim.ID, kim.Version, meeting.Reply{Answer: meeting.AnswerYes}))(o)
	dbtest.AsSystem(o.tx)
	if err := meeting.Remind(o.ctx, o.tx, m.ID); err != nil || o.mails(m.ID, "reminder") != 0 {
		t.Errorf("%d reminded long before, %v", o.mails(m.ID, "reminder"), err)
	}
	o.tx.Now = day.Of(2027, time.March, 30).Start().Add(8 * time.Hour)
	for range 2 {
		if err := meeting.Remind(o.ctx, o.tx, m.ID); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.mails(m.ID, "reminder"); n != 2 || o.count(`SELECT count(*) FROM meeting_mail WHERE event = 'reminder' AND person_id = $1`, o.kim) != 0 {
		t.Errorf("%d reminded", n)
	}
}

func TestAGuestIsCalledAfterwards(t *testing.T) {
	o := desk(t)
	m := o.draft(april)
	guest := o.person("Gun Gäst")
	if _, err := meeting.InviteGuest(o.ctx, o.tx, m.ID, meeting.Guest{Person: guest}); !fault.Is(err, "meeting.not_now") {
		t.Errorf("called to a draft: %v", err)
	}
	ok(meeting.Call(o.ctx, o.tx, m.ID, m.Version, meeting.Notice{}))(o)
	i := ok(meeting.InviteGuest(o.ctx, o.tx, m.ID, meeting.Guest{Person: guest}))(o)
	if i.Role != "guest" || o.count(`SELECT count(*) FROM meeting_mail WHERE person_id = $1`, guest) != 1 {
		t.Errorf("%+v", i)
	}
	_, err := meeting.InviteGuest(o.ctx, o.tx, m.ID, meeting.Guest{Person: guest})
	o.refused(err, "invitation.once", "/person")
	_, err = meeting.InviteGuest(o.ctx, o.tx, m.ID, meeting.Guest{Person: uuid.New()})
	o.refused(err, "meeting.person_unknown", "/person")
}
