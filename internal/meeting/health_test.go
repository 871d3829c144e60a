package meeting_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

func (h *hall) promises(f meeting.HealthFilter) meeting.Health {
	h.Helper()
	return must(meeting.Promises(h.ctx, h.tx, f))(h)
}

// account is how a body keeps one kind of promise; blank where it made none.
func account(m meeting.Health, kind, body string) meeting.Account {
	for _, p := range m.Promises {
		for _, a := range p.Accounts {
			if p.Kind == kind && a.Body == body {
				return a
			}
		}
	}
	return meeting.Account{}
}

// lapses are what is the matter with one kind of promise, in short.
func lapses(a meeting.Account) []string {
	var all []string
	for _, l := range a.Lapses {
		says := l.Why + " " + l.What
		if l.Waits {
			says += " (waits)"
		}
		all = append(all, says)
	}
	return all
}

// rule changes a rule of the council, of all days.
func (h *hall) rule(change func(*tenant.Rules)) {
	change(&h.tx.County.Bodies[0].Value.Bodies[0].Rules)
}

// at lets it be another day, at noon.
func (h *hall) at(on string) { h.tx.Now = d(on).Start().Add(12 * time.Hour) }

// meet holds a meeting today, to which all five come.
func (h *hall) meet() {
	h.Helper()
	h.call("")
	h.open(seats...)
	h.shut()
}

func TestHowOftenABodyMeetsIsHeldAgainstItsPromise(t *testing.T) {
	h, _ := gather(t, majority, "", toTell)
	h.open(seats...)
	h.shut()
	h.rule(func(r *tenant.Rules) { r.Cadence = tenant.Cadence{PerYear: 2} })
	h.at("2027-03-10")
	h.meet()
	h.at("2028-02-01")
	p := must(meeting.Announce(h.ctx, h.tx, meeting.Date{Body: "council", On: d("2028-05-02")}))(h)
	a := account(h.promises(meeting.HealthFilter{}), meeting.PromisedMeetings, "council")
	got := map[int]string{}
	for _, y := range a.Years {
		got[y.Year] = y.State
	}
	if diff := cmp.Diff(map[int]string{2026: meeting.YearPartly, 2027: meeting.YearMissed, 2028: meeting.YearShort}, got); diff != "" {
		t.Error(diff)
	}
	if a.Promised != 2 || a.Done != 0 || a.Waiting != 1 || a.Lapses[0].Count != 1 || a.Lapses[0].Of != 2 || a.Lapses[1].Count != 1 || a.Lapses[1].Mend.Kind != meeting.MendPlan {
		t.Errorf("%+v", a)
	}
	if s := h.promises(meeting.HealthFilter{}).Sentence(a, text.Swedish); s != "Rådet möts två gånger om året." {
		t.Errorf("%q", s)
	}
	// Another planned, and nothing is lacking this year; as of the year before, it was short.
	must(meeting.Announce(h.ctx, h.tx, meeting.Date{Body: "council", On: d("2028-10-02")}))(h)
	if a = account(h.promises(meeting.HealthFilter{}), meeting.PromisedMeetings, "council"); a.Waiting != 0 || a.Years[2].State != meeting.YearRunning || a.Years[2].Coming != 2 {
		t.Errorf("%+v", a.Years)
	}
	if a = account(h.promises(meeting.HealthFilter{On: d("2027-06-01")}), meeting.PromisedMeetings, "council"); len(a.Years) != 2 || a.Years[1].State != meeting.YearShort {
		t.Errorf("%+v", a.Years)
	}
	// About two is kept by one.
	h.rule(func(r *tenant.Rules) { r.Cadence.About = true })
	if a = account(h.promises(meeting.HealthFilter{}), meeting.PromisedMeetings, "council"); a.Years[1].State != meeting.YearKept || a.Missed() != 0 {
		t.Errorf("%+v", a.Years)
	}
	// What has been cancelled is not to come.
	must(meeting.Cancel(h.ctx, h.tx, p.Meeting.ID, p.Meeting.Version, meeting.Cancellation{Reason: "För få"}))(h)
	if a = account(h.promises(meeting.HealthFilter{}), meeting.PromisedMeetings, "council"); a.Years[2].Coming != 1 {
		t.Errorf("%+v", a.Years)
	}
}

func TestCallsMinutesAndDecisionsAreHeldAgainstTheirDays(t *testing.T) {
	h, items := held(t, recorded(func(r *tenant.Rules) { r.Quorum.Share, r.Quorum.Otherwise = "9/10", tenant.QuorumWarns }))
	h.shut()
	h.rule(func(r *tenant.Rules) { r.Notice = tenant.Notice{Days: 14} })
	m := h.promises(meeting.HealthFilter{})
	call := account(m, meeting.PromisedCalls, "council")
	if diff := cmp.Diff([]string{"late-call "}, lapses(call)); diff != "" || call.Rule != "notice" || call.Lapses[0].Since != h.tx.Today().Add(-14) {
		t.Errorf("%s %+v", diff, call)
	}
	if diff := cmp.Diff([]string{"unserved Riktning"}, lapses(account(m, meeting.PromisedQuorum, "council"))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"unadjusted  (waits)"}, lapses(account(m, meeting.PromisedMinutes, "council"))); diff != "" {
		t.Error(diff)
	}
	// Where nobody attests, by the rule or for want of one, none is asked for.
	var known tenant.Adjusting
	h.rule(func(r *tenant.Rules) { known = r.Adjusting })
	for _, by := range []string{"", tenant.AdjustedByNobody} {
		h.rule(func(r *tenant.Rules) { r.Adjusting = tenant.Adjusting{By: by} })
		if a := account(h.promises(meeting.HealthFilter{}), meeting.PromisedMinutes, "council"); a.Promised != 0 || len(a.Lapses) != 0 {
			t.Errorf("%q: %+v", by, a)
		}
	}
	h.rule(func(r *tenant.Rules) { r.Adjusting = known })
	if a := account(m, meeting.PromisedDecisions, "council"); a.Promised != 0 {
		t.Errorf("%+v", a)
	}
	h.tx.Now = h.tx.Now.AddDate(0, 0, 40)
	m = h.promises(meeting.HealthFilter{})
	if diff := cmp.Diff([]string{"unadjusted "}, lapses(account(m, meeting.PromisedMinutes, "council"))); diff != "" {
		t.Error(diff)
	}
	late := account(m, meeting.PromisedDecisions, "council")
	if diff := cmp.Diff([]string{"overdue Riktning"}, lapses(late)); diff != "" || late.Lapses[0].Mend.Kind != meeting.MendDecision {
		t.Errorf("%s %+v", diff, late)
	}
	// As of the day before it was due it was not late; carried out, it is kept.
	if a := account(h.promises(meeting.HealthFilter{On: late.Lapses[0].Since}), meeting.PromisedDecisions, "council"); a.Promised != 0 {
		t.Errorf("%+v", a)
	}
	done := must(meeting.GetDecision(h.ctx, h.tx, late.Lapses[0].Mend.ID))(h)
	must(meeting.SetStatus(h.ctx, h.tx, done.ID, done.Version, meeting.Progress{Status: meeting.StatusDone}))(h)
	if a := account(h.promises(meeting.HealthFilter{}), meeting.PromisedDecisions, "council"); a.Done != 1 || a.Missed() != 0 {
		t.Errorf("%+v", a)
	}
	_ = items
}

func TestAMeetingThatIsNotCalledInTimeIsTold(t *testing.T) {
	h, _ := gather(t, majority, "", toTell)
	h.rule(func(r *tenant.Rules) { r.Notice = tenant.Notice{Days: 14} })
	on := h.tx.Today().Add(20)
	must(meeting.Announce(h.ctx, h.tx, meeting.Date{Body: "council", On: on}))(h)
	if a := account(h.promises(meeting.HealthFilter{}), meeting.PromisedCalls, "council"); len(a.Lapses) != 1 || a.Lapses[0].Why != meeting.LapseLateCall {
		t.Errorf("%+v", a)
	}
	h.tx.Now = h.tx.Now.AddDate(0, 0, 7)
	a := account(h.promises(meeting.HealthFilter{}), meeting.PromisedCalls, "council")
	if len(a.Lapses) != 2 || a.Lapses[1].Why != meeting.LapseUncalled || a.Lapses[1].On != on || a.Lapses[1].Since != on.Add(-14) {
		t.Errorf("%+v", a)
	}
}

func TestSeatsDeputiesAndAreasAreHeldAgainstWhatIsPromised(t *testing.T) {
	h, _ := gather(t, majority, "", toTell)
	h.rule(func(r *tenant.Rules) { r.Deputies.Required = true })
	m := h.promises(meeting.HealthFilter{})
	seats := account(m, meeting.PromisedSeats, "council")
	if diff := cmp.Diff([]string{"vacant Sakkunnig"}, lapses(seats)); diff != "" || seats.Promised != 6 || seats.Lapses[0].Mend != (meeting.Mend{Kind: meeting.MendSeat, Body: "council", Place: "expert"}) {
		t.Errorf("%s %+v", diff, seats)
	}
	if a := account(m, meeting.PromisedDeputies, "council"); a.Promised != 5 || a.Missed() != 4 {
		t.Errorf("%+v", a)
	}
	// Kronoberg's agreement held until 2023: what it wanted is answered for, or not, while it did.
	if a := account(m, meeting.PromisedAreas, ""); a.Promised != 0 {
		t.Errorf("%+v", a)
	}
	then := meeting.HealthFilter{On: d("2022-06-01")}
	areas := account(h.promises(then), meeting.PromisedAreas, "")
	if areas.Promised == 0 || areas.Done != 0 {
		t.Fatalf("%+v", areas)
	}
	h.tx.County.Bodies[0].Value.Bodies[0].AnswersFor = []string{goalOf(h).Key}
	if a := account(h.promises(then), meeting.PromisedAreas, ""); a.Promised != areas.Promised || a.Done != 1 {
		t.Errorf("%+v", a)
	}
	// What a party has promised is its own.
	own := h.promises(meeting.HealthFilter{Party: h.party("lessebo")})
	if a := account(own, meeting.PromisedDeputies, "council"); a.Promised != 1 || a.Missed() != 1 {
		t.Errorf("%+v", a)
	}
	if a := account(own, meeting.PromisedSeats, "council"); a.Promised != 1 || a.Done != 1 {
		t.Errorf("%+v", a)
	}
	if a := account(own, meeting.PromisedAnswers, "council"); a.Promised != 1 || a.Waiting != 1 {
		t.Errorf("%+v", a)
	}
	if len(own.Promises) != 3 {
		t.Errorf("%+v", own.Promises)
	}
}

func TestWhatAPartyWasAskedAtHomeWaitsAndIsLate(t *testing.T) {
	h, items := gather(t, majority, "", toDecide)
	h.open(seats...)
	h.take(items[0].ID)
	must(h.decide(items[0].ID, meeting.Ruling{Acclamation: true, Ratify: true, RatifyBy: h.tx.Today().Add(10)}))(h)
	lessebo := h.party("lessebo")
	a := account(h.promises(meeting.HealthFilter{Party: lessebo}), meeting.PromisedRatifications, "council")
	if a.Promised != 1 || a.Waiting != 1 || a.Lapses[0].What != "Riktning" {
		t.Fatalf("%+v", a)
	}
	h.tx.Now = h.tx.Now.AddDate(0, 0, 11)
	if a = account(h.promises(meeting.HealthFilter{Party: lessebo}), meeting.PromisedRatifications, "council"); a.Missed() != 1 {
		t.Errorf("%+v", a)
	}
	r := must(meeting.GetRatification(h.ctx, h.tx, a.Lapses[0].Mend.ID))(h)
	must(meeting.Ratify(h.ctx, h.tx, r.ID, r.Version, meeting.HomeAnswer{Answer: meeting.Refused, AnsweredOn: h.tx.Today()}))(h)
	if a = account(h.promises(meeting.HealthFilter{Party: lessebo}), meeting.PromisedRatifications, "council"); a.Done != 1 {
		t.Errorf("%+v", a)
	}
}

func TestWhoSeesWhatHasBeenPromised(t *testing.T) {
	h, _ := held(t, recorded(func(r *tenant.Rules) { r.Quorum.Share, r.Quorum.Otherwise = "9/10", tenant.QuorumWarns }))
	h.shut()
	quorum := func(f meeting.HealthFilter) int {
		return account(h.promises(f), meeting.PromisedQuorum, "council").Promised
	}
	if n := quorum(meeting.HealthFilter{}); n != 2 {
		t.Errorf("who makes meetings: %d", n)
	}
	// A confidential decision leaves no trace for a reader who was not called.
	dbtest.As(h.tx, auth.RoleAuditor, uuid.Nil)
	h.tx.Person = h.holds["clerk"]
	if n := quorum(meeting.HealthFilter{}); n != 1 {
		t.Errorf("who reads: %d", n)
	}
	// Who sits there sees it, as the body's own.
	h.as(h.holds["lessebo"], "lessebo")
	for _, f := range []meeting.HealthFilter{{}, {Body: "council"}} {
		if n := quorum(f); n != 2 {
			t.Errorf("who sits: %d of %+v", n, f)
		}
	}
	if m := h.promises(meeting.HealthFilter{}); !m.Part || account(m, meeting.PromisedAreas, "").Promised != 0 {
		t.Errorf("%+v", m)
	}
	h.refuses(must2(meeting.Promises(h.ctx, h.tx, meeting.HealthFilter{Body: "network"})), "auth.forbidden")
	h.refuses(must2(meeting.Promises(h.ctx, h.tx, meeting.HealthFilter{Body: "nowhere"})), "common.not_found")
	h.refuses(must2(meeting.Promises(h.ctx, h.tx, meeting.HealthFilter{Party: h.party("region")})), "auth.forbidden")
	h.refuses(must2(meeting.Promises(h.ctx, h.tx, meeting.HealthFilter{Party: uuid.New()})), "common.not_found")
	// Another of the party's, who does not sit, sees what the party has promised.
	other := h.person2("Annan")
	h.as(other, "lessebo")
	m := h.promises(meeting.HealthFilter{})
	if a := account(m, meeting.PromisedSeats, "council"); a.Promised != 1 || quorum(meeting.HealthFilter{}) != 0 {
		t.Errorf("%+v", m)
	}
	h.tx.Actor = auth.Public("kronoberg", "test")
	h.refuses(must2(meeting.Promises(h.ctx, h.tx, meeting.HealthFilter{})), "auth.sign_in")
}

// What has been promised is asked for with as many questions for a county that has
// met often as for one that has met once.
func TestPromisesOfManyMeetingsAreAskedForAsOfOne(t *testing.T) {
	var sent atomic.Int64
	db := dbtest.New(t, dbtest.Statements(&sent))
	asked := func(meetings int) (n int64) {
		err := db.Rehearse(context.WithoutCancel(t.Context()), auth.System("kronoberg", "test", "test"), func(tx *pg.Tx) error {
			h, items := gatherIn(t.Context(), t, tx, recorded(), "", toDecide)
			h.rule(func(r *tenant.Rules) { r.Cadence.PerYear, r.Deputies.Required = 12, true })
			for i := range meetings {
				if i > 0 {
					h.tx.Now = h.tx.Now.AddDate(0, 0, 7)
					items = h.call("", toDecide)
				}
				h.open(seats...)
				h.take(items[0].ID)
				must(h.decide(items[0].ID, meeting.Ruling{Acclamation: true, Ratify: true, Due: day.At(h.tx.Now)}))(h)
				h.shut()
			}
			h.tx.Now = h.tx.Now.AddDate(0, 0, 1)
			before := sent.Load()
			m := h.promises(meeting.HealthFilter{})
			n = sent.Load() - before
			if a := account(m, meeting.PromisedDecisions, "council"); a.Missed() != meetings {
				t.Errorf("%+v", a)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if one, many := asked(1), asked(5); one != many || one > 18 {
		t.Errorf("%d questions for one meeting, %d for five", one, many)
	}
}

// A matter that too few could decide is told, although no decision was made of it.
func TestWhatTooFewCouldNotDecideIsTold(t *testing.T) {
	h, items := gather(t, majority, "", toDecide, toDecide)
	h.open()
	must(meeting.Postpone(h.ctx, h.tx, items[1].ID, h.item(items[1].ID).Version, meeting.Delay{Reason: "Underlaget saknas"}))(h) // before anybody has come
	h.arrive(h.holds["alvesta"])
	h.arrive(h.holds["region"])
	h.take(items[0].ID)
	h.refuses(must2(h.decide(items[0].ID, meeting.Ruling{Acclamation: true})), "decision.no_quorum")
	must(meeting.Postpone(h.ctx, h.tx, items[0].ID, h.item(items[0].ID).Version, meeting.Delay{Reason: "För få är här"}))(h)
	h.shut()
	a := account(h.promises(meeting.HealthFilter{}), meeting.PromisedQuorum, "council")
	if diff := cmp.Diff([]string{"undecided " + items[0].Title}, lapses(a)); diff != "" || a.Missed() != 1 {
		t.Fatalf("%s %+v", diff, a)
	}
	if l := a.Lapses[0]; l.Count != 2 || l.Of != 3 || l.Mend.Kind != meeting.MendMeeting || l.Mend.ID != items[0].Meeting {
		t.Errorf("%+v", l)
	}
}

// Of what came in from a register of before it is not known whether it is all.
func TestAYearThatWasReadInIsNotBroken(t *testing.T) {
	h, _ := gather(t, majority, "", toTell)
	h.open(seats...)
	h.shut()
	h.rule(func(r *tenant.Rules) { r.Cadence = tenant.Cadence{PerYear: 2} })
	h.at("2027-03-10")
	h.meet()
	years := func() map[int]string {
		h.Helper()
		got := map[int]string{}
		for _, y := range account(h.promises(meeting.HealthFilter{}), meeting.PromisedMeetings, "council").Years {
			got[y.Year] = y.State
		}
		return got
	}
	h.exec("UPDATE meeting SET imported = true")
	h.at("2028-02-01")
	if diff := cmp.Diff(map[int]string{2026: meeting.YearPartly, 2027: meeting.YearPartly, 2028: meeting.YearShort}, years()); diff != "" {
		t.Error(diff)
	}
	// From the first that was held here on, all are known.
	h.meet()
	h.at("2030-02-01")
	if diff := cmp.Diff(map[int]string{2026: meeting.YearPartly, 2027: meeting.YearPartly, 2028: meeting.YearPartly, 2029: meeting.YearMissed, 2030: meeting.YearShort}, years()); diff != "" {
		t.Error(diff)
	}
}

func TestAHandoverIsDueAMonthAfterTheSeatChangedHands(t *testing.T) {
	h, _ := gather(t, majority, "", toTell)
	h.passed()
	h.exec("UPDATE mandate SET valid_to = $1 WHERE body = 'council' AND place = 'alvesta' AND valid_to IS NOT NULL", h.tx.Today().Add(-20))
	due := h.tx.Today().Add(10)
	hs, _, err := governance.Handovers(h.ctx, h.tx, governance.HandoverFilter{Unfinished: true, Limit: 10, Page: 1})
	if err != nil || len(hs) != 1 || hs[0].DueOn != due {
		t.Fatalf("%+v, %v", hs, err)
	}
	for on, waits := range map[day.Day]bool{h.tx.Today(): true, due: true, due.Add(1): false} {
		a := account(h.promises(meeting.HealthFilter{On: on}), meeting.PromisedHandovers, "council")
		if len(a.Lapses) != 1 || a.Lapses[0].On != due || a.Lapses[0].Waits != waits {
			t.Errorf("on %s: %+v", on, a)
		}
	}
}
