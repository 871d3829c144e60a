package meeting_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/tenant"
)

func TestTooFewStopADecisionAndTheRefusalSaysHowManyAndWho(t *testing.T) {
	h, items := gather(t, majority, "", toDecide)
	h.open("alvesta", "region")
	h.take(items[0].ID)
	f := h.refuses(must2(h.decide(items[0].ID, meeting.Ruling{Acclamation: true})), "decision.no_quorum")
	if f.Args["counted"] != 2 || f.Args["all"] != 5 || f.Args["needed"] != 3 || f.Args["missing"] != 1 ||
		f.Args["places"] != "Lessebo kommun, Ljungby kommun, Markaryds kommun" {
		t.Errorf("%v", f.Args)
	}
	h.arrive(h.holds["ljungby"])
	must(h.decide(items[0].ID, meeting.Ruling{Acclamation: true}))(h)
}

func TestWhereTheRuleOnlyWarnsTheDecisionKeepsThatItWasMadeByTooFew(t *testing.T) {
	rules := majority
	rules.Quorum.Otherwise = tenant.QuorumWarns
	h, items := gather(t, rules, "", toDecide)
	h.open("alvesta")
	h.take(items[0].ID)
	got := must(h.decide(items[0].ID, meeting.Ruling{Acclamation: true}))(h)
	if len(got.Warnings) != 1 || got.Warnings[0].Key != "decision.without_quorum" {
		t.Errorf("%v", got.Warnings)
	}
	sum := h.sum(got.Decision)
	if sum.Quorum.Holds || sum.Quorum.Missing != 2 || sum.Rule.Quorum.Otherwise != tenant.QuorumWarns || len(sum.Result.Entitled) != 1 {
		t.Errorf("%+v", sum)
	}
}

func TestAPartyThatHasToBeThereIsNamed(t *testing.T) {
	rules := majority
	rules.Quorum = tenant.Quorum{Of: tenant.QuorumParties, Named: []string{"region"}}
	h, items := gather(t, rules, "", toDecide)
	h.open("alvesta", "lessebo")
	h.take(items[0].ID)
	if f := h.refuses(must2(h.decide(items[0].ID, meeting.Ruling{Acclamation: true})), "decision.party_missing"); f.Args["parties"] != "Region Kronoberg" {
		t.Errorf("%v", f.Args)
	}
}

func TestEqualVotesAreSettledByTheChair(t *testing.T) {
	h, items := gather(t, majority, "", toDecide)
	h.open("alvesta", "lessebo", "ljungby", "region")
	h.take(items[0].ID)
	h.refuses(must2(h.decide(items[0].ID, meeting.Ruling{})), "decision.no_votes")
	h.vote(items[0].ID, "alvesta:for lessebo:against")
	// Nobody is known to lead the meeting: it falls.
	got := must(h.decide(items[0].ID, meeting.Ruling{}))(h)
	if got.Decision.Outcome != meeting.OutcomeRejected || got.Decision.Status != meeting.StatusNone {
		t.Errorf("%+v", got.Decision)
	}
}

func TestTheChairsVoteIsAskedForAndDecides(t *testing.T) {
	h, items := gather(t, majority, "", toDecide)
	h.tx.County.Bodies[0].Value.Bodies[0].Chair = tenant.Office{By: tenant.ByOffice, Organisation: "region"}
	h.open("alvesta", "lessebo", "ljungby", "region")
	h.take(items[0].ID)
	h.vote(items[0].ID, "alvesta:for lessebo:against")
	h.refuses(must2(h.decide(items[0].ID, meeting.Ruling{})), "decision.casting_awaited")
	h.vote(items[0].ID, "region:against ljungby:for")
	h.refuses(must2(h.decide(items[0].ID, meeting.Ruling{Acclamation: true})), "decision.voted_already")
	got := must(h.decide(items[0].ID, meeting.Ruling{}))(h)
	if sum := h.sum(got.Decision); got.Decision.Outcome != meeting.OutcomeRejected || !sum.Result.Casting || sum.Chair != h.holds["region"] {
		t.Errorf("%+v", sum.Result)
	}
}

func TestADecisionIsNumberedPerBodyAndYearAndKeepsWhatItWasGiven(t *testing.T) {
	h, items := gather(t, majority, "", toDecide, toDecide, toDecide)
	h.open(seats...)
	h.take(items[0].ID)
	first := must(h.decide(items[0].ID, meeting.Ruling{Acclamation: true, NothingToDo: true}))(h).Decision
	h.take(items[1].ID)
	today := h.tx.Today()
	h.refuses(must2(h.decide(items[1].ID, meeting.Ruling{Acclamation: true, Due: today.Add(-1)})), "decision.due_before")
	h.refuses(must2(h.decide(items[1].ID, meeting.Ruling{Acclamation: true, Owner: uuid.New()})), "decision.owner_unknown")
	h.refuses(must2(h.decide(items[1].ID, meeting.Ruling{Acclamation: true, Revises: uuid.New()})), "decision.revised_unknown")
	h.refuses(must2(h.decide(items[1].ID, meeting.Ruling{Acclamation: true, Subject: tenant.DecidesBudget})), "decision.not_theirs")
	h.refuses(must2(h.decide(items[1].ID, meeting.Ruling{Acclamation: true, Duties: []meeting.Charge{{Wording: " "}}})), "duty.worded")
	got := must(h.decide(items[1].ID, meeting.Ruling{Wording: "Regionen utreder.", Acclamation: true, Subject: tenant.DecidesDirection, EffectiveOn: today.Add(-10), Owner: h.party("region"), Due: today.Add(30),
		Revises: first.ID, RegistryNumber: "851-1-2026", Duties: []meeting.Charge{{Wording: "Boende tas upp när det är relevant"}}}))(h)
	second := got.Decision
	if first.Number != 1 || second.Number != 2 || second.Year != 2026 || first.Status != meeting.StatusNone || second.Status != meeting.StatusOpen ||
		first.Wording != toDecide.Proposal || second.Revises != first.ID || second.RegistryNumber != "851-1-2026" || first.EffectiveOn != today {
		t.Errorf("%+v\n%+v", first, second)
	}
	if len(got.Warnings) != 1 || got.Warnings[0].Key != "decision.effective_before" {
		t.Errorf("%v", got.Warnings)
	}
	if ds := must(meeting.Duties(h.ctx, h.tx, meeting.DutyFilter{Body: "council", On: today}))(h); len(ds) != 1 || ds[0].Decision != second.ID {
		t.Errorf("%+v", ds)
	} else {
		// A new agenda of the body has it, and no longer once it has ended.
		next := must(meeting.Prepare(h.ctx, h.tx, meeting.Date{Body: "council", On: today.Add(30)}))(h)
		agenda := must(meeting.Agenda(h.ctx, h.tx, next.Meeting.ID))(h)
		if len(agenda) != 1 || !strings.Contains(agenda[0].Title, "Boende") {
			t.Errorf("%+v", agenda)
		}
		h.refuses(must2(meeting.Relieve(h.ctx, h.tx, ds[0].ID, ds[0].Version, today)), "duty.days")
		must(meeting.Relieve(h.ctx, h.tx, ds[0].ID, ds[0].Version, today.Add(1)))(h)
		if left := must(meeting.Duties(h.ctx, h.tx, meeting.DutyFilter{Body: "council", On: today.Add(1)}))(h); len(left) != 0 {
			t.Errorf("%+v", left)
		}
	}
	h.refuses(must2(h.decide(items[1].ID, meeting.Ruling{Acclamation: true})), "decision.item_once")
}

func TestABodyThatDecidesNothingDecidesNothing(t *testing.T) {
	rules := majority
	h, items := gather(t, rules, "", toDecide)
	h.open(seats...)
	h.take(items[0].ID)
	h.tx.County.Bodies[0].Value.Bodies[0].Decides = nil
	h.refuses(must2(h.decide(items[0].ID, meeting.Ruling{Acclamation: true})), "decision.decides_nothing")
	h.refuses(meeting.Vote(h.ctx, h.tx, items[0].ID, meeting.Voice{Place: "alvesta", Vote: "for"}), "decision.decides_nothing")
}

// acting makes a matter whose decision does something, and decides it.
func (h *hall) acting(act string, input any) meeting.Matter {
	h.Helper()
	body, err := json.Marshal(input)
	h.ok(err)
	return meeting.Matter{Kind: meeting.ForDecision, Title: "Gör " + act, Proposal: "Det görs.", Act: act, ActBody: body}
}

func (h *hall) decideActing(act string, input any, r meeting.Ruling) meeting.Decided {
	h.Helper()
	m := h.acting(act, input)
	h.ok(meeting.CheckAct(h.ctx, h.tx, "council", h.tx.Today(), act, m.ActBody))
	i := must(meeting.Put(h.ctx, h.tx, h.id, m))(h).Item
	h.take(i.ID)
	r.Acclamation = true
	return must(h.decide(i.ID, r))(h)
}

// What is done in the program, and what points at a decision, is read by more than
// those who may see the matter.
func TestAConfidentialMatterDoesNothingThatTellsOfIt(t *testing.T) {
	secret := meeting.Matter{Kind: meeting.ForDecision, Title: "Hemligt", Proposal: "Avtalet sägs upp.", Confidential: true}
	h, items := gather(t, majority, "", toDecide, secret)
	h.open(seats...)
	m := h.acting(meeting.ActGoalClose, map[string]any{"goal": goalOf(h).ID, "reason": "Nått"})
	m.Confidential = true
	if f := h.refuses(must2(meeting.Put(h.ctx, h.tx, h.id, m)), "agenda_item.act_open"); f.Field != "/act" {
		t.Errorf("%+v", f)
	}
	m.Confidential = false
	i := must(meeting.Put(h.ctx, h.tx, h.id, m))(h).Item
	m.Confidential = true
	h.refuses(must2(meeting.ChangeItem(h.ctx, h.tx, i.ID, i.Version, m)), "agenda_item.act_open")
	h.never("in a blow", []string{"UPDATE agenda_item SET confidential = true WHERE act <> ''"})

	h.take(items[1].ID)
	hidden := must(h.decide(items[1].ID, meeting.Ruling{Acclamation: true}))(h).Decision
	h.take(items[0].ID)
	h.refuses(must2(h.decide(items[0].ID, meeting.Ruling{Acclamation: true, Revises: hidden.ID})), "decision.revised_confidential")
}

func TestADecisionDoesWhatItSaysFromItsDayWithItsNumberAsTheReason(t *testing.T) {
	h, _ := gather(t, majority, "", toTell)
	h.open(seats...)
	today := h.tx.Today()
	goal := goalOf(h)

	closed := h.decideActing(meeting.ActGoalClose, map[string]any{"goal": goal.ID, "reason": "Målet är nått"}, meeting.Ruling{EffectiveOn: today.Add(-3)})
	if d := closed.Decision; d.ActedOn != "goal:"+goal.ID.String() || d.Status != meeting.StatusDone || d.ActedAt == nil {
		t.Errorf("%+v", d)
	}
	now := must(agreement.GetGoal(h.ctx, h.tx, goal.ID, today))(h)
	if now.ValidTo != today.Add(-3) || now.Decision != "Rådet 2026-11-25, beslut 1/2026" || now.Decided.Day() != today {
		t.Errorf("%+v", now)
	}

	added := h.decideActing(meeting.ActGoalAdd, map[string]any{"agreement": goal.Instrument, "level": "area", "name": "Språk"}, meeting.Ruling{EffectiveOn: today.Add(10), Due: today.Add(20)})
	if _, id, _ := strings.Cut(added.Decision.ActedOn, ":"); must(agreement.GetGoal(h.ctx, h.tx, uuid.MustParse(id), today.Add(11)))(h).Name != "Språk" || added.Decision.Status != meeting.StatusOpen {
		t.Errorf("%+v", added.Decision)
	}

	h.decideActing(meeting.ActInstrumentExtend, map[string]any{"agreement": goal.Instrument, "kind": "extended", "until": "2030"}, meeting.Ruling{})
	if i := must(agreement.Get(h.ctx, h.tx, goal.Instrument, today))(h); i.Validity.Until.String() != "2030" || i.Validity.From.IsZero() {
		t.Errorf("%+v", i.Validity)
	}

	org := must(organisation.Create(h.ctx, h.tx, organisation.Card{Type: "university", Name: "Högskolan"}))(h)
	joined := h.decideActing(meeting.ActPartyAdmit, map[string]any{"agreement": goal.Instrument, "organisation": org.ID, "status": "signatory"}, meeting.Ruling{EffectiveOn: today})
	_, part, _ := strings.Cut(joined.Decision.ActedOn, ":")
	left := h.decideActing(meeting.ActPartyRelease, map[string]any{"agreement": goal.Instrument, "participation": part, "on": today.Add(5)}, meeting.Ruling{})
	p := must(agreement.GetParticipation(h.ctx, h.tx, goal.Instrument, uuid.MustParse(part)))(h)
	if p.ValidTo != today.Add(5) || p.From.Day() != today || !strings.HasSuffix(p.EndedGround, "beslut 5/2026") || left.Decision.ActedOn != joined.Decision.ActedOn {
		t.Errorf("%+v", p)
	}
	ds, total, err := meeting.Decisions(h.ctx, h.tx, meeting.DecisionFilter{ActedOn: joined.Decision.ActedOn, Limit: 10, Page: 1})
	if err != nil || total != 2 || ds[0].ID != left.Decision.ID {
		t.Errorf("%d %v", total, err)
	}
}

func TestWhatCannotBeDoneIsToldWhenItIsPlanned(t *testing.T) {
	h, _ := gather(t, majority, "", toTell)
	today := h.tx.Today()
	goal := goalOf(h)
	check := func(act string, input any) error {
		return meeting.CheckAct(h.ctx, h.tx, "council", today, act, h.acting(act, input).ActBody)
	}
	h.ok(check(meeting.ActGoalClose, map[string]any{"goal": goal.ID, "reason": "Nått"}))
	if g := must(agreement.GetGoal(h.ctx, h.tx, goal.ID, today))(h); !g.ValidTo.IsZero() || g.Version != goal.Version {
		t.Errorf("the check did it: %+v", g)
	}
	if h.tx.Kind != auth.KindPerson {
		t.Error("the check left the system acting")
	}
	h.refuses(check("goal.burn", map[string]any{}), "act.unknown")
	h.refuses(check(meeting.ActGoalClose, map[string]any{"goals": goal.ID}), "act.unreadable")
	if f := h.refuses(check(meeting.ActGoalClose, map[string]any{"goal": uuid.New(), "reason": "x"}), "act.thing_unknown"); f.Field != "/actBody/goal" {
		t.Error(f.Field)
	}
	if f := h.refuses(check(meeting.ActPartyAdmit, map[string]any{"agreement": goal.Instrument, "organisation": h.party("lnu"), "status": "no-such"}), "participation.status"); f.Field != "/actBody/status" {
		t.Error(f.Field)
	}
	h.tx.County.Bodies[0].Value.Bodies[0].Decides = []string{tenant.DecidesDirection}
	if f := h.refuses(check(meeting.ActGoalClose, map[string]any{"goal": goal.ID, "reason": "Nått"}), "decision.not_theirs"); f.Args["subject"] != "struktur" {
		t.Errorf("%v", f.Args)
	}
}

func TestWhoMayNotDoItLeavesItToOneWhoMay(t *testing.T) {
	h, _ := gather(t, majority, "", toTell)
	h.open(seats...)
	goal := goalOf(h)
	i := must(meeting.Put(h.ctx, h.tx, h.id, h.acting(meeting.ActGoalClose, map[string]any{"goal": goal.ID, "reason": "Nått"})))(h).Item
	dbtest.As(h.tx, auth.RoleOfficer, uuid.Nil)
	h.take(i.ID)
	got := must(h.decide(i.ID, meeting.Ruling{Acclamation: true}))(h)
	if len(got.Warnings) != 1 || got.Warnings[0].Key != "decision.act_waits" || got.Decision.ActedAt != nil || got.Decision.Status != meeting.StatusOpen {
		t.Fatalf("%+v", got)
	}
	waiting, total, err := meeting.Decisions(h.ctx, h.tx, meeting.DecisionFilter{Waiting: true, Limit: 10, Page: 1})
	if err != nil || total != 1 || waiting[0].ID != got.Decision.ID {
		t.Errorf("%v %d", err, total)
	}
	h.refuses(must2(meeting.Carry(h.ctx, h.tx, got.Decision.ID, got.Decision.Version)), "auth.forbidden")
	h.strategist()
	h.refuses(must2(meeting.Carry(h.ctx, h.tx, got.Decision.ID, 9)), "common.changed")
	done := must(meeting.Carry(h.ctx, h.tx, got.Decision.ID, got.Decision.Version))(h)
	if done.ActedOn == "" || done.Status != meeting.StatusDone {
		t.Errorf("%+v", done)
	}
	h.refuses(must2(meeting.Carry(h.ctx, h.tx, done.ID, done.Version)), "decision.carried_already")
}

func TestADecisionChangesTheConfigurationFromADay(t *testing.T) {
	h, _ := gather(t, majority, "", toTell)
	h.open(seats...)
	dbtest.AsSystem(h.tx)
	sections := must(county.Get(h.ctx, h.tx, "bodies"))(h)
	must(county.TakeOver(h.ctx, h.tx, "bodies", county.FromPages, sections.Version))(h)
	h.strategist() // has no right to change it but by the decision
	today := h.tx.Today()
	bodies := tenant.Bodies{Bodies: []tenant.Body{council(majority)}}
	bodies.Bodies[0].Rules.Cadence.PerYear = 4
	// What was written from another version of the section is not decided over it.
	planned := must(county.Get(h.ctx, h.tx, "bodies"))(h).Version
	stale := h.acting(meeting.ActConfiguration, map[string]any{"section": "bodies", "reason": "Fler möten", "body": bodies, "planned": planned - 1})
	h.refuses(meeting.CheckAct(h.ctx, h.tx, "council", today, meeting.ActConfiguration, stale.ActBody), "act.section_moved")
	d := h.decideActing(meeting.ActConfiguration, map[string]any{"section": "bodies", "reason": "Fler möten", "body": bodies, "planned": planned}, meeting.Ruling{EffectiveOn: today.Add(40)}).Decision
	if d.ActedOn != "configuration:bodies" {
		t.Errorf("%+v", d)
	}
	h.refuses(must2(county.Change(h.ctx, h.tx, county.Edit{Section: "bodies", Reason: "Själv"}, planned)), "auth.forbidden")
	now := must(county.Get(h.ctx, h.tx, "bodies"))(h)
	last := now.Versions[len(now.Versions)-1]
	if last.From != today.Add(40) || last.Decision != "Rådet 2026-11-25, beslut 1/2026" {
		t.Errorf("%+v", last)
	}
}

func TestAdviceBindsNobody(t *testing.T) {
	rules := majority
	rules.Decision = tenant.DecisionRule{Mode: tenant.ByAdvice}
	h, items := gather(t, rules, "", toDecide)
	h.open(seats...)
	h.take(items[0].ID)
	if d := must(h.decide(items[0].ID, meeting.Ruling{Acclamation: true}))(h).Decision; d.Outcome != meeting.OutcomeAdvised || d.Status != meeting.StatusNone || h.sum(d).Result.Verdict != governance.Carried {
		t.Errorf("%+v", d)
	}
}
