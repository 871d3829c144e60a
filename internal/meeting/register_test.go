package meeting_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/tenant"
)

func (h *hall) decisions(f meeting.DecisionFilter) ([]meeting.Decision, int) {
	h.Helper()
	f.Limit, f.Page = 10, max(f.Page, 1)
	ds, total, err := meeting.Decisions(h.ctx, h.tx, f)
	h.ok(err)
	return ds, total
}

func TestEachPartyDecidesAtHomeAndTheActWaitsForAll(t *testing.T) {
	rules := majority
	rules.Ratification = tenant.RatificationNeeded
	h, _ := gather(t, rules, "", toTell)
	h.open(seats...)
	goal := goalOf(h)
	got := h.decideActing(meeting.ActGoalClose, map[string]any{"goal": goal.ID, "reason": "Nått"}, meeting.Ruling{RatifyBy: h.tx.Today().Add(60)})
	d := got.Decision
	if !d.Ratification || d.ActedAt != nil || len(got.Warnings) != 1 || got.Warnings[0].Key != "decision.act_awaits_parties" {
		t.Fatalf("%+v", got)
	}
	rs, total, err := meeting.Ratifications(h.ctx, h.tx, meeting.RatificationFilter{Decision: d.ID, Limit: 10, Page: 1})
	if err != nil || total != 5 || rs[0].Party != "Alvesta kommun" || rs[0].Due != h.tx.Today().Add(60) {
		t.Fatalf("%d %v %+v", total, err, rs)
	}
	alvesta := rs[0]

	// A party administrator who sits nowhere sees and answers what the own party is asked.
	dbtest.As(h.tx, auth.RolePartyAdministrator, h.party("alvesta"))
	mine, total, err := meeting.Ratifications(h.ctx, h.tx, meeting.RatificationFilter{Answer: "awaited", Limit: 10, Page: 1})
	if err != nil || total != 1 || mine[0].ID != alvesta.ID {
		t.Fatalf("%d %v", total, err)
	}
	h.refuses(must2(meeting.Ratify(h.ctx, h.tx, rs[1].ID, 1, meeting.HomeAnswer{})), "common.not_found")
	today := h.tx.Today()
	h.refuses(must2(meeting.Ratify(h.ctx, h.tx, alvesta.ID, 1, meeting.HomeAnswer{Answer: meeting.Ratified})), "ratification.day_missing")
	h.refuses(must2(meeting.Ratify(h.ctx, h.tx, alvesta.ID, 1, meeting.HomeAnswer{Answer: meeting.Ratified, AnsweredOn: today})), "ratification.reference_missing")
	h.refuses(must2(meeting.Ratify(h.ctx, h.tx, alvesta.ID, 1, meeting.HomeAnswer{Answer: meeting.Refused, AnsweredOn: today.Add(1)})), "ratification.ahead")
	h.refuses(must2(meeting.Ratify(h.ctx, h.tx, alvesta.ID, 1, meeting.HomeAnswer{AnchoredWith: "Presidiet"})), "ratification.anchored")
	h.refuses(must2(meeting.Ratify(h.ctx, h.tx, alvesta.ID, 1, meeting.HomeAnswer{AnchoredWith: "Presidiet", AnchoredOn: today.Add(1)})), "ratification.anchored_ahead")
	h.refuses(must2(meeting.Ratify(h.ctx, h.tx, alvesta.ID, 1, meeting.HomeAnswer{Answer: meeting.Refused, AnsweredOn: today.AddMonths(-300)})), "ratification.too_early")
	h.refuses(must2(meeting.Ratify(h.ctx, h.tx, alvesta.ID, 1, meeting.HomeAnswer{AnchoredWith: "Presidiet", AnchoredOn: today.AddMonths(-24).Add(-1)})), "ratification.too_early")
	r := must(meeting.Ratify(h.ctx, h.tx, alvesta.ID, 1, meeting.HomeAnswer{AnchoredWith: "Presidiet", AnchoredOn: today.AddMonths(-24)}))(h)
	h.refuses(must2(meeting.Ratify(h.ctx, h.tx, alvesta.ID, 1, meeting.HomeAnswer{})), "common.changed")
	r = must(meeting.Ratify(h.ctx, h.tx, alvesta.ID, r.Version, meeting.HomeAnswer{AnchoredWith: "Presidiet", AnchoredOn: today, Answer: meeting.Ratified, AnsweredOn: today, Reference: "KS 1"}))(h)
	if r.Answer != meeting.Ratified || r.AnchoredWith != "Presidiet" {
		t.Errorf("%+v", r)
	}

	h.strategist()
	if f := h.refuses(must2(meeting.Carry(h.ctx, h.tx, d.ID, d.Version)), "decision.unratified"); f.Args["count"] != 4 {
		t.Errorf("%v", f.Args)
	}
	for _, r := range rs[1:] {
		must(meeting.Ratify(h.ctx, h.tx, r.ID, r.Version, meeting.HomeAnswer{Answer: meeting.Ratified, AnsweredOn: today, Reference: "KS"}))(h)
	}
	// What has been answered is corrected beside, with the reason.
	last := must(meeting.GetRatification(h.ctx, h.tx, rs[4].ID))(h)
	no := meeting.HomeAnswer{Answer: meeting.Refused, AnsweredOn: today, Note: "För dyrt"}
	h.refuses(must2(meeting.Ratify(h.ctx, h.tx, last.ID, last.Version, no)), "ratification.correction")
	no.Correction = "Fel beslut lästes"
	last = must(meeting.Ratify(h.ctx, h.tx, last.ID, last.Version, no))(h)
	if _, total, _ := meeting.Ratifications(h.ctx, h.tx, meeting.RatificationFilter{Answer: meeting.Refused, Page: 1, Limit: 1}); total != 1 {
		t.Errorf("%d refused", total)
	}
	h.refuses(must2(meeting.Carry(h.ctx, h.tx, d.ID, d.Version)), "decision.refused_at_home")
	no.Note = "För dyrt i år"
	no.Correction = ""
	h.refuses(must2(meeting.Ratify(h.ctx, h.tx, last.ID, last.Version, no)), "ratification.correction")
	no.Correction = "Skälet var fel"
	last = must(meeting.Ratify(h.ctx, h.tx, last.ID, last.Version, no))(h)
	last = must(meeting.Ratify(h.ctx, h.tx, last.ID, last.Version, meeting.HomeAnswer{Answer: meeting.Ratified, AnsweredOn: today, Reference: "KS", Correction: "Nytt beslut"}))(h)
	if e := last.Earlier; len(e) != 3 || e[1].Note != "För dyrt" || e[0].Answer != meeting.Ratified || e[0].Reference != "KS" || e[0].Reason != "Fel beslut lästes" || e[1].Answer != meeting.Refused {
		t.Errorf("%+v", e)
	}
	// What the parties have decided on stays; what it is called is put right.
	other := meeting.Rewording{Title: d.Title, Wording: "Målet avslutas 2030."}
	if f := h.refuses(must2(meeting.Reword(h.ctx, h.tx, d.ID, d.Version, other)), "decision.answered"); f.Args["count"] != 5 || f.Field != "/wording" || !strings.HasPrefix(f.Args["parties"].(string), "Alvesta kommun, ") {
		t.Errorf("%+v", f)
	}
	d = must(meeting.Reword(h.ctx, h.tx, d.ID, d.Version, meeting.Rewording{Title: "Målet avslutas", Wording: d.Wording}))(h)
	h.never("when parties have answered", []string{"UPDATE decision SET wording = 'Annat.'"})
	d = must(meeting.Carry(h.ctx, h.tx, d.ID, d.Version))(h)
	if d.ActedAt == nil {
		t.Errorf("%+v", d)
	}
	if f := h.refuses(must2(meeting.Reword(h.ctx, h.tx, d.ID, d.Version, other)), "decision.acted"); f.Args["day"] != today || f.Field != "/wording" {
		t.Errorf("%+v", f)
	}
	d = must(meeting.Reword(h.ctx, h.tx, d.ID, d.Version, meeting.Rewording{Title: "Målet är avslutat", Wording: d.Wording}))(h)
	// What has been done on the parties' answers is not undone by another answer.
	if f := h.refuses(must2(meeting.Ratify(h.ctx, h.tx, last.ID, last.Version, no)), "ratification.acted"); f.Args["day"] != today {
		t.Errorf("%v", f.Args)
	}
	if rs, _, err := meeting.Ratifications(h.ctx, h.tx, meeting.RatificationFilter{Decision: d.ID, Limit: 10, Page: 1}); err != nil || len(rs[4].Earlier) != 3 || len(rs[0].Earlier) != 0 {
		t.Errorf("%v %+v", err, rs)
	}
}

func TestTheRegisterIsSearchedAcrossBodiesAndWhatIsConfidentialLeavesNoTrace(t *testing.T) {
	secret := meeting.Matter{Kind: meeting.ForDecision, Title: "Hemligheten", Proposal: "Det hemliga görs.", Confidential: true}
	h, items := gather(t, majority, "", toDecide, secret)
	h.open(seats...)
	h.take(items[0].ID)
	open := must(h.decide(items[0].ID, meeting.Ruling{Wording: "Bostäderna byggs.", Acclamation: true, Owner: h.party("region"), Due: h.tx.Today().Add(3), Ratify: false}))(h).Decision
	h.take(items[1].ID)
	if n := must(meeting.Watch(h.ctx, h.tx, h.id))(h); n.Meeting.Item != items[1].ID {
		t.Errorf("on the table: %v", n.Meeting.Item)
	}
	dbtest.As(h.tx, auth.RoleAuditor, uuid.Nil)
	if m := h.now(); m.Item != uuid.Nil || must(meeting.Watch(h.ctx, h.tx, h.id))(h).Meeting.Item != uuid.Nil {
		t.Errorf("a reader is told of %v", m.Item)
	}
	h.strategist()
	hidden := must(h.decide(items[1].ID, meeting.Ruling{Acclamation: true, Ratify: true, Duties: []meeting.Charge{{Wording: "Det hemliga tas upp"}}}))(h).Decision

	for name, f := range map[string]meeting.DecisionFilter{"body": {Body: "council", Query: "bygg"}, "year": {Year: 2026, Query: "bostäder"}, "folded": {Query: "bostader"},
		"party": {Party: h.party("region"), Query: "byggs"}, "status": {Status: meeting.StatusOpen, Query: "RIKTNING"}, "meeting": {Meeting: h.id, Query: "riktningens"}} {
		if ds, total := h.decisions(f); total != 1 || len(ds) != 1 || ds[0].ID != open.ID {
			t.Errorf("%s: %d", name, total)
		}
	}
	for name, f := range map[string]meeting.DecisionFilter{"body": {Body: "network"}, "year": {Year: 2025}, "word": {Query: "vägar"}, "none": {Query: "?"}, "overdue": {Overdue: true}} {
		if _, total := h.decisions(f); total != 0 {
			t.Errorf("%s: %d", name, total)
		}
	}
	if _, total := h.decisions(meeting.DecisionFilter{Page: 7}); total != 2 {
		t.Errorf("%d beyond the end", total)
	}

	// The county's reader sees the rest, and neither the decision, nor in totals, duties or what parties are asked.
	dbtest.As(h.tx, auth.RoleAuditor, uuid.Nil)
	if ds, total := h.decisions(meeting.DecisionFilter{}); total != 1 || ds[0].ID != open.ID {
		t.Errorf("%d", total)
	}
	if _, total := h.decisions(meeting.DecisionFilter{Query: "hemliga"}); total != 0 {
		t.Errorf("%d found", total)
	}
	h.refuses(must2(meeting.GetDecision(h.ctx, h.tx, hidden.ID)), "common.not_found")
	if _, total, _ := meeting.Ratifications(h.ctx, h.tx, meeting.RatificationFilter{Limit: 10, Page: 1}); total != 0 {
		t.Errorf("%d asked", total)
	}
	if ds := must(meeting.Duties(h.ctx, h.tx, meeting.DutyFilter{}))(h); len(ds) != 0 {
		t.Errorf("%+v", ds)
	}
	n := must(meeting.Watch(h.ctx, h.tx, h.id))(h)
	if len(n.Polls) != 0 || n.Meeting.Item != uuid.Nil {
		t.Errorf("%+v", n.Polls)
	}
	// Who sits in the body sees it all, who sits nowhere nothing.
	h.as(h.holds["region"], "region")
	if _, total := h.decisions(meeting.DecisionFilter{}); total != 2 {
		t.Errorf("a member sees %d", total)
	}
	h.as(uuid.New(), "lnu")
	if _, total := h.decisions(meeting.DecisionFilter{}); total != 0 {
		t.Errorf("a stranger sees %d", total)
	}
	h.refuses(must2(meeting.GetDecision(h.ctx, h.tx, open.ID)), "common.not_found")
	if ds := must(meeting.Duties(h.ctx, h.tx, meeting.DutyFilter{}))(h); len(ds) != 0 {
		t.Errorf("a stranger sees %d duties", len(ds))
	}
}

func TestConfidentialDecisionsLeaveNoHoleInTheNumbers(t *testing.T) {
	decision := func(title string, secret bool) meeting.Matter {
		return meeting.Matter{Kind: meeting.ForDecision, Title: title, Proposal: "Det antas.", Confidential: secret}
	}
	h, items := gather(t, majority, "", decision("Hemligt", true), decision("Boende", false), decision("Också hemligt", true), decision("Språk", false))
	h.open(seats...)
	var cited []string
	for _, i := range items {
		h.take(i.ID)
		cited = append(cited, must(h.decide(i.ID, meeting.Ruling{Acclamation: true}))(h).Decision.Cited())
	}
	if got := strings.Join(cited, " "); got != "S1/2026 1/2026 S2/2026 2/2026" {
		t.Error(got)
	}
	dbtest.As(h.tx, auth.RoleAuditor, uuid.Nil)
	ds, _ := h.decisions(meeting.DecisionFilter{})
	if len(ds) != 2 || ds[0].Cited() != "2/2026" || ds[1].Cited() != "1/2026" {
		t.Errorf("an auditor sees %+v", ds)
	}
}

func TestWhatTheRuleMakesPublicAtTheCloseIsSo(t *testing.T) {
	rules := majority
	rules.Public = tenant.Public{Agenda: tenant.PublicClosed, Decisions: tenant.PublicClosed}
	secret := meeting.Matter{Kind: meeting.ForDecision, Title: "Hemligheten", Proposal: "Det hemliga görs.", Confidential: true}
	h, items := gather(t, rules, "", toDecide, secret)
	h.open(seats...)
	for _, i := range items {
		h.take(i.ID)
		must(h.decide(i.ID, meeting.Ruling{Acclamation: true}))(h)
	}
	public := func() (n int) {
		ds, _ := h.decisions(meeting.DecisionFilter{})
		for _, d := range ds {
			if d.Public {
				n++
			}
		}
		for _, i := range items {
			if h.item(i.ID).Public {
				n += 10
			}
		}
		return n
	}
	if n := public(); n != 0 {
		t.Errorf("%d while open", n)
	}
	must(meeting.Close(h.ctx, h.tx, h.id, h.now().Version))(h)
	if n := public(); n != 11 {
		t.Errorf("%d when closed", n)
	}
	must(meeting.Reopen(h.ctx, h.tx, h.id, h.now().Version))(h)
	if n := public(); n != 0 {
		t.Errorf("%d when opened again", n)
	}
}

func TestWhatIsOpenIsFollowedUntilItIsDoneOrLapses(t *testing.T) {
	h, items := gather(t, majority, "", toDecide, toDecide)
	h.open(seats...)
	today := h.tx.Today()
	var ds []meeting.Decision
	for n, i := range items {
		h.take(i.ID)
		ds = append(ds, must(h.decide(i.ID, meeting.Ruling{Acclamation: true, Owner: h.party("region"), Due: today.Add(9 - n)}))(h).Decision)
	}
	open, total, err := meeting.StillOpen(h.ctx, h.tx, meeting.DecisionFilter{Limit: 10, Page: 1})
	if err != nil || total != 2 || open[0].ID != ds[1].ID {
		t.Errorf("%d %v", total, err)
	}
	h.as(h.holds["region"], "region") // the party that carries it out
	h.refuses(must2(meeting.SetStatus(h.ctx, h.tx, ds[0].ID, 1, meeting.Progress{Status: "lost"})), "decision.status")
	h.refuses(must2(meeting.SetStatus(h.ctx, h.tx, ds[0].ID, 1, meeting.Progress{Status: meeting.StatusLapsed})), "decision.lapsed_why")
	h.refuses(must2(meeting.SetStatus(h.ctx, h.tx, ds[0].ID, 7, meeting.Progress{Status: meeting.StatusDone})), "common.changed")
	done := must(meeting.SetStatus(h.ctx, h.tx, ds[0].ID, 1, meeting.Progress{Status: meeting.StatusDone, Note: "Klart"}))(h)
	if done.Status != meeting.StatusDone || done.StatusOn != today || done.StatusNote != "Klart" {
		t.Errorf("%+v", done)
	}
	h.as(h.holds["alvesta"], "alvesta")
	h.refuses(must2(meeting.SetStatus(h.ctx, h.tx, ds[1].ID, 1, meeting.Progress{Status: meeting.StatusDone})), "meeting.not_leading")
	h.strategist()
	moved := must(meeting.Assign(h.ctx, h.tx, ds[1].ID, 1, meeting.Assignment{OwnerName: "Samordnaren", Due: today.Add(90)}))(h)
	if moved.Owner != uuid.Nil || moved.OwnerName != "Samordnaren" {
		t.Errorf("%+v", moved)
	}
	h.refuses(must2(meeting.Assign(h.ctx, h.tx, ds[1].ID, moved.Version, meeting.Assignment{Due: today.Add(-1)})), "decision.due_before")
	said := must(meeting.Reword(h.ctx, h.tx, ds[1].ID, moved.Version, meeting.Rewording{Title: "Annan rubrik", Wording: "Rättat."}))(h)
	if _, total := h.decisions(meeting.DecisionFilter{Query: "rättat"}); total != 1 || string(said.Reckoning) != string(ds[1].Reckoning) {
		t.Errorf("%+v", said)
	}
	if _, total := h.decisions(meeting.DecisionFilter{Query: "antas"}); total != 1 {
		t.Errorf("%d found by the words of before", total)
	}
}
