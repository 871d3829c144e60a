package meeting_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

// next is a later meeting of the council that is being prepared.
func (h *hall) next() uuid.UUID {
	h.Helper()
	return must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", On: h.tx.Today().Add(30)}))(h).Meeting.ID
}

func (h *hall) titles(m uuid.UUID) []string {
	h.Helper()
	var ts []string
	for _, i := range must(meeting.Agenda(h.ctx, h.tx, m))(h) {
		ts = append(ts, i.Title+" "+i.State)
	}
	return ts
}

func TestOneObjectionStopsAWrittenProcedureAndTheMatterComesToTheNextMeeting(t *testing.T) {
	for name, next := range map[string]bool{"a meeting": true, "none": false} {
		t.Run(name, func(t *testing.T) {
			h, items := gather(t, tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByConsensus}, Written: tenant.Written{Form: tenant.WrittenAllowed}}, meeting.KindWritten, toDecide)
			var later uuid.UUID
			if next {
				later = h.next()
			}
			h.as(h.holds["alvesta"], "alvesta")
			h.ok(meeting.Vote(h.ctx, h.tx, items[0].ID, meeting.Voice{Vote: "for"}))
			if m := h.now(); m.State != meeting.Open {
				t.Errorf("%s after the first answer", m.State)
			}
			h.refuses(meeting.Arrive(h.ctx, h.tx, h.id, meeting.Presence{Person: h.holds["alvesta"]}), "meeting.not_leading")
			h.as(h.holds["region"], "region")
			h.ok(meeting.Vote(h.ctx, h.tx, items[0].ID, meeting.Voice{Vote: "against"}))
			h.strategist()
			if i := h.item(items[0].ID); i.Outcome != meeting.OutcomePostponed || !strings.HasPrefix(i.Reason, "Region Kronoberg invände") {
				t.Errorf("%+v", i)
			}
			if m := h.now(); m.State != meeting.Closed { // nothing was left to answer
				t.Errorf("%s", m.State)
			}
			if next {
				if diff := cmp.Diff([]string{"Riktning planned"}, h.titles(later)); diff != "" {
					t.Error(diff)
				}
				return
			}
			waiting, _, err := meeting.Waiting(h.ctx, h.tx, meeting.ItemFilter{Body: "council", Limit: 10, Page: 1})
			if err != nil || len(waiting) != 1 || waiting[0].From != items[0].ID {
				t.Errorf("%v %+v", err, waiting)
			}
		})
	}
}

func TestAMatterThatIsStoppedAgainComesUpOnce(t *testing.T) {
	h, items := gather(t, tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByConsensus}, Written: tenant.Written{Form: tenant.WrittenAllowed}}, meeting.KindWritten, toDecide)
	later := h.next()
	against := func() {
		t.Helper()
		h.as(h.holds["region"], "region")
		h.ok(meeting.Vote(h.ctx, h.tx, items[0].ID, meeting.Voice{Vote: "against"}))
		h.strategist()
	}
	against()
	must(meeting.Reopen(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.take(items[0].ID)
	against()
	if i, m := h.item(items[0].ID), h.now(); i.Outcome != meeting.OutcomePostponed || m.State != meeting.Closed {
		t.Errorf("%s in a meeting that is %s", i.Outcome, m.State)
	}
	if diff := cmp.Diff([]string{"Riktning planned"}, h.titles(later)); diff != "" {
		t.Error(diff)
	}

	// Taken off the agenda there it comes up anew.
	there := must(meeting.Agenda(h.ctx, h.tx, later))(h)[0]
	must(meeting.Withdraw(h.ctx, h.tx, there.ID, there.Version, meeting.Refusal{Reason: "Dubbelt"}))(h)
	must(meeting.Reopen(h.ctx, h.tx, h.id, h.now().Version))(h)
	h.take(items[0].ID)
	against()
	if diff := cmp.Diff([]string{"Riktning planned"}, h.titles(later)); diff != "" {
		t.Error(diff)
	}
}

func TestAWrittenProcedureIsSettledWhenItsTimeIsUpByThoseWhoAnswered(t *testing.T) {
	rules := majority
	rules.Written.Form = tenant.WrittenAllowed
	h, items := gather(t, rules, meeting.KindWritten, toDecide, toDecide, toTell)
	later := h.next()
	vote := func(key string, item int, vote string) {
		h.as(h.holds[key], key)
		h.ok(meeting.Vote(h.ctx, h.tx, items[item].ID, meeting.Voice{Vote: vote}))
	}
	vote("alvesta", 0, "for")
	vote("lessebo", 0, "against") // by majority a vote against is a vote
	vote("region", 0, "for")
	vote("alvesta", 1, "for") // one of five is not enough
	h.strategist()
	silent := must(meeting.Silent(h.ctx, h.tx, h.id))(h)
	if slices.Contains(silent, h.holds["alvesta"]) || !slices.Contains(silent, h.holds["region"]) || len(silent) != 4 {
		t.Errorf("%d are silent", len(silent))
	}
	h.refuses(must2(h.decide(items[0].ID, meeting.Ruling{})), "written.still_running")
	dbtest.AsSystem(h.tx)
	if n := must(meeting.SettleWritten(h.ctx, h.tx))(h); n != 0 {
		t.Errorf("%d settled on the last day", n)
	}
	h.tx.Now = h.tx.Now.Add(24 * time.Hour)
	h.as(h.holds["ljungby"], "ljungby")
	h.refuses(meeting.Vote(h.ctx, h.tx, items[0].ID, meeting.Voice{Vote: "for"}), "written.over")
	dbtest.AsSystem(h.tx)
	if n := must(meeting.SettleWritten(h.ctx, h.tx))(h); n != 1 {
		t.Errorf("%d settled", n)
	}
	h.strategist()
	if m := h.now(); m.State != meeting.Closed {
		t.Errorf("%s", m.State)
	}
	if diff := cmp.Diff([]string{"Riktning handled", "Riktning postponed", "Läget handled"}, h.titles(h.id)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Riktning planned"}, h.titles(later)); diff != "" {
		t.Error(diff)
	}
	ds, total := h.decisions(meeting.DecisionFilter{Meeting: h.id})
	if total != 1 {
		t.Fatalf("%d decisions", total)
	}
	if sum := h.sum(ds[0]); sum.Quorum.Serving != 3 || len(sum.Result.Entitled) != 3 || sum.Result.For != 2 || ds[0].DecidedOn != h.now().On {
		t.Errorf("%+v", sum.Quorum)
	}
}

func TestAWrittenProcedureCanBeSettledWhenAllHaveAnswered(t *testing.T) {
	h, items := gather(t, tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByUnanimity}}, meeting.KindWritten, toDecide)
	for _, key := range seats {
		h.as(h.holds[key], key)
		h.ok(meeting.Vote(h.ctx, h.tx, items[0].ID, meeting.Voice{Vote: "for"}))
	}
	h.strategist()
	if d := must(h.decide(items[0].ID, meeting.Ruling{}))(h).Decision; d.Outcome != meeting.OutcomeCarried {
		t.Errorf("%+v", d)
	}
	must(meeting.Close(h.ctx, h.tx, h.id, h.now().Version))(h)
}

func TestOnlyTheSilentAreRemindedOfAWrittenProcedure(t *testing.T) {
	h, items := gather(t, tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByConsensus}}, meeting.KindWritten, toDecide)
	h.as(h.holds["alvesta"], "alvesta")
	h.ok(meeting.Vote(h.ctx, h.tx, items[0].ID, meeting.Voice{Vote: "for"}))
	dbtest.AsSystem(h.tx)
	for range 2 { // each hour, and each is reminded once
		h.ok(meeting.LookAfterWritten(h.ctx, h.tx))
	}
	var reminded, silent int
	err := h.tx.QueryRow(h.ctx, "SELECT count(*), count(*) FILTER (WHERE person_id <> $2) FROM meeting_mail WHERE meeting_id = $1 AND event = 'reminder'", h.id, h.holds["alvesta"]).Scan(&reminded, &silent)
	if err != nil || reminded != 4 || silent != 4 {
		t.Errorf("%d reminded, %d of them silent: %v", reminded, silent, err)
	}
}

func TestNobodyIsAskedWhetherHeComesToAWrittenProcedure(t *testing.T) {
	h, items := gather(t, tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByConsensus}}, meeting.KindWritten, toDecide)
	h.as(h.holds["alvesta"], "alvesta")
	mine := must(meeting.Mine(h.ctx, h.tx, false))(h)
	if len(mine) != 1 {
		t.Fatalf("%d calls", len(mine))
	}
	_, err := meeting.Answer(h.ctx, h.tx, mine[0].ID, mine[0].Version, meeting.Reply{Answer: meeting.AnswerYes})
	h.refuses(err, "attendance.in_writing")
	if waits := must(meeting.Mine(h.ctx, h.tx, true))(h); len(waits) != 1 || waits[0].Of.ID != h.id || waits[0].Of.Kind != meeting.KindWritten {
		t.Errorf("%+v wait", waits)
	}
	h.ok(meeting.Vote(h.ctx, h.tx, items[0].ID, meeting.Voice{Vote: "for"}))
	if silent := must(meeting.Mine(h.ctx, h.tx, true))(h); len(silent) != 0 {
		t.Errorf("%d calls to answer when all has been answered", len(silent))
	}
	h.strategist()
	_, err = meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", Kind: meeting.KindWritten, On: h.tx.Today().Add(9), AnswerBy: h.tx.Today().Add(7)})
	h.refuses(err, "written.answer_by")
}

func TestAWrittenProcedureGivesTheDaysToAnswerThatTheRuleSays(t *testing.T) {
	h, _ := gather(t, tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByConsensus}, Written: tenant.Written{Form: tenant.WrittenAllowed, Days: 3}}, meeting.KindMeeting, toDecide)
	call := func(days int, n meeting.Notice) (meeting.Meeting, error) {
		t.Helper()
		p := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", Kind: meeting.KindWritten, On: h.tx.Today().Add(days), Title: "Svar"}))(h)
		must(meeting.Put(h.ctx, h.tx, p.Meeting.ID, toDecide))(h)
		m := must(meeting.Get(h.ctx, h.tx, p.Meeting.ID))(h)
		c, err := meeting.Call(h.ctx, h.tx, m.ID, m.Version, n)
		return c.Meeting, err
	}
	_, err := call(2, meeting.Notice{})
	h.refuses(err, "meeting.late_why")
	if m, err := call(2, meeting.Notice{LateReason: "Regeringen väntar"}); err != nil || m.LateReason != "Regeringen väntar" {
		t.Errorf("%v: %q", err, m.LateReason)
	}
	if m, err := call(3, meeting.Notice{LateReason: "i onödan"}); err != nil || m.LateReason != "" {
		t.Errorf("in time: %v: %q", err, m.LateReason)
	}
}

func TestTheLetterOfAWrittenProcedureSaysHowItIsAnswered(t *testing.T) {
	l := meeting.Letter{Name: "Kim Lind", Event: "call", County: "kronoberg", Token: "secret", Tells: true,
		Config:  tenant.Configuration{Bodies: tenant.Bodies{Bodies: []tenant.Body{council(tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByConsensus}})}}},
		Meeting: meeting.Meeting{BodyName: "Rådet", Date: meeting.Date{Body: "council", Kind: meeting.KindWritten, Title: "Svar till regeringen", On: d("2027-04-15")}},
		Agenda:  []meeting.Item{{Number: 1, Matter: meeting.Matter{Kind: meeting.ForDecision, Title: "Remissen", Proposal: "Länet tillstyrker förslaget."}}}}
	const at = "https://overens.example"
	for _, event := range []string{"call", "change", "reminder", "deputy"} {
		l.Event = event
		if l.Was = nil; event == "change" {
			l.Was = &meeting.Occasion{On: d("2027-04-01")}
			if _, body := l.Words(at); !strings.Contains(body, "Ny sista dag: 2027-04-15. Förut: 2027-04-01.") {
				t.Errorf("it is not said what has changed:\n%s", body)
			}
		}
		subject, body := l.Words(at)
		for _, want := range []string{"skriftligt", "utan möte", "Remissen", "Länet tillstyrker förslaget.", "2027-04-15", at + "/lan/kronoberg/meetings/" + l.Meeting.ID.String() + "/live",
			"En enda invändning stoppar", "Ett nej är en invändning", "Svarar du inte"} {
			if event == "reminder" && want == "utan möte" {
				continue
			}
			if !strings.Contains(subject+body, want) {
				t.Errorf("%s does not say %q:\n%s\n%s", event, want, subject, body)
			}
		}
		for _, never := range []string{"Välkommen", "kommer", "meeting-answers", "Dagordning", "När:"} {
			if strings.Contains(subject+body, never) {
				t.Errorf("%s says %q:\n%s\n%s", event, never, subject, body)
			}
		}
	}
	if e := l.Entry(); !e.AllDay || e.Start.In(day.Stockholm).Format(time.DateOnly) != "2027-04-15" || !strings.HasPrefix(e.Summary, "Svara senast") || e.Asks {
		t.Errorf("%+v", e)
	}
	l.Config.Bodies.Bodies[0].Rules.Decision.Mode = tenant.ByMajority
	if _, body := l.Words(at); strings.Contains(body, "Ett nej är en invändning") {
		t.Errorf("by majority a vote against is a vote:\n%s", body)
	}
}

func TestWhoHasThePlaceOnTheDayVotesInWritingAndHisVoteStandsForIt(t *testing.T) {
	rules := majority
	rules.Written.Form = tenant.WrittenAllowed
	h, _ := gather(t, rules, "", toTell)
	today := h.tx.Today()
	last := today.Add(10)
	p := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", Kind: meeting.KindWritten, On: last}))(h)
	h.id = p.Meeting.ID
	item := must(meeting.Put(h.ctx, h.tx, h.id, toDecide))(h).Item.ID
	must(meeting.Call(h.ctx, h.tx, h.id, h.now().Version, meeting.Notice{}))(h)
	// Alvesta's seat changes hands on the sixth day, and Lessebo's on the fourth, to nobody.
	heir := h.person("Efterträdare")
	leaves := func(key string, on day.Day) {
		ms, _, err := governance.List(h.ctx, h.tx, governance.Filter{Body: "council", Person: h.holds[key], Limit: 10, Page: 1})
		if err != nil || len(ms) != 1 {
			t.Fatal(ms, err)
		}
		m := must(governance.End(h.ctx, h.tx, ms[0].ID, ms[0].Version, governance.Ending{On: on, Reason: "Lämnade uppdraget"}))(h)
		h.ok(meeting.Reseat(h.ctx, h.tx, m))
	}
	leaves("alvesta", today.Add(6))
	leaves("lessebo", today.Add(4))
	m := must(governance.Appoint(h.ctx, h.tx, governance.Nomination{Body: "council", Place: "alvesta", Person: heir, From: today.Add(6)}))(h)
	h.ok(meeting.Reseat(h.ctx, h.tx, m))

	h.as(heir, "alvesta")
	h.refuses(meeting.Vote(h.ctx, h.tx, item, meeting.Voice{Vote: "against"}), "ballot.serves_nothing")
	for key, vote := range map[string]string{"alvesta": "for", "lessebo": "against", "region": "for"} {
		h.as(h.holds[key], key)
		h.ok(meeting.Vote(h.ctx, h.tx, item, meeting.Voice{Vote: vote}))
	}
	h.tx.Now = today.Add(6).Start().Add(time.Hour)
	h.as(h.holds["alvesta"], "alvesta")
	if err := meeting.Vote(h.ctx, h.tx, item, meeting.Voice{Vote: "against"}); err == nil {
		t.Error("who has no place any more votes")
	}
	h.as(h.holds["ljungby"], "ljungby")
	h.ok(meeting.Vote(h.ctx, h.tx, item, meeting.Voice{Vote: "for"}))
	dbtest.AsSystem(h.tx)
	h.tx.Now = last.Add(1).Start().Add(time.Hour)
	if n := must(meeting.SettleWritten(h.ctx, h.tx))(h); n != 1 {
		t.Errorf("%d settled", n)
	}
	h.strategist()
	ds, _ := h.decisions(meeting.DecisionFilter{Meeting: h.id})
	if len(ds) != 1 {
		t.Fatalf("%d decisions: %+v", len(ds), h.item(item))
	}
	sum := h.sum(ds[0])
	got := map[string]string{}
	for _, v := range sum.Result.Entitled {
		got[v.Place] = v.Name + " " + string(v.Vote)
	}
	// The place that nobody has at the end decides nothing.
	want := map[string]string{"alvesta": "Efterträdare for", "region": "Ledamot region for", "ljungby": "Ledamot ljungby for"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatWasStoppedBeforeItsLastDayWasOverThatDay(t *testing.T) {
	h, items := gather(t, recorded(func(r *tenant.Rules) {
		r.Decision, r.Written.Form = tenant.DecisionRule{Mode: tenant.ByConsensus}, tenant.WrittenAllowed
	}), meeting.KindWritten, toDecide)
	last := h.tx.Today()
	h.tx.Now = h.tx.Now.AddDate(0, 0, -7)
	h.as(h.holds["region"], "region")
	must(meeting.Say(h.ctx, h.tx, items[0].ID, meeting.Saying{Kind: meeting.Objection, Wording: "Underlaget saknas"}))(h)
	h.strategist()
	if i := h.item(items[0].ID); i.Reason != "Region Kronoberg invände: Underlaget saknas" {
		t.Errorf("%q", i.Reason)
	}
	m := h.now()
	if m.State != meeting.Closed || m.On != last || m.Ended() != h.tx.Today() {
		t.Fatalf("%s, over on %s", m.State, m.Ended())
	}
	a := account(h.promises(meeting.HealthFilter{}), meeting.PromisedMinutes, "council")
	if len(a.Lapses) != 1 || a.Lapses[0].Since.After(h.tx.Today()) {
		t.Errorf("%+v", a.Lapses)
	}
	first, end := "", ""
	for _, p := range h.draft().Paragraphs {
		switch p.Part {
		case meeting.PartOpening:
			first = p.Wording
		case meeting.PartClosing:
			end = p.Wording
		}
	}
	ended := h.tx.Today().String()
	if !strings.Contains(first, "förfarandet avslutades "+ended) || !strings.Contains(first, "Dag: "+ended) || !strings.Contains(end, "Förfarandet avslutades "+ended+" klockan") {
		t.Errorf("%s\n%s", first, end)
	}
}
