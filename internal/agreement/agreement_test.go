package agreement_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/text"
)

// county is Kronoberg with its organisations and an agreement that holds from
// 2019 to 2025, of which nothing more is written down.
type county struct {
	t   *testing.T
	ctx context.Context
	tx  *pg.Tx
	id  uuid.UUID
}

func kronoberg(t *testing.T) *county {
	t.Helper()
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.AsSystem(tx)
	if _, err := sample.Organisations(ctx, tx); err != nil {
		t.Fatal(err)
	}
	dbtest.As(tx, auth.RoleStrategist, uuid.Nil)
	c := &county{t: t, ctx: ctx, tx: tx}
	i := must(agreement.Create(ctx, tx, agreement.Card{Kind: "agreement", Title: "Strategisk överenskommelse", ShortName: "SÖK"}))(t)
	i = must(agreement.SetValidity(ctx, tx, i.ID, i.Version, agreement.Term{Kind: agreement.ValidityFixed, From: w("2019"), Until: w("2025")}))(t)
	c.id = i.ID
	return c
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func d(s string) day.Day {
	v, err := day.Parse(s)
	if err != nil {
		panic(err)
	}
	return v
}

func w(s string) agreement.When {
	v, err := agreement.ParseWhen(s)
	if err != nil {
		panic(err)
	}
	return v
}

func (c *county) org(key string) uuid.UUID {
	c.t.Helper()
	return must(organisation.ByKey(c.ctx, c.tx, key))(c.t).ID
}

func (c *county) on(day string) agreement.Instrument {
	c.t.Helper()
	return must(agreement.Get(c.ctx, c.tx, c.id, d(day)))(c.t)
}

func (c *county) join(key, status, from string) agreement.Participation {
	c.t.Helper()
	return must(agreement.Join(c.ctx, c.tx, c.id, agreement.Entry{Organisation: c.org(key), Status: status, From: w(from)}))(c.t)
}

func (c *county) goal(level, name string, under uuid.UUID) agreement.Goal {
	c.t.Helper()
	return must(agreement.Place(c.ctx, c.tx, c.id, agreement.Statement{Level: level, Name: name, Parent: under}, agreement.Effect{From: w("2019")}))(c.t)
}

func (c *county) level(on string, under uuid.UUID) []string {
	c.t.Helper()
	nodes, _, err := agreement.Tree(c.ctx, c.tx, c.id, d(on), under, 100, 1)
	if err != nil {
		c.t.Fatal(err)
	}
	names := []string{}
	for _, n := range nodes {
		name := n.Name
		if n.Closed {
			name += " (closed)"
		}
		names = append(names, name)
	}
	return names
}

// wants asserts which fault stands at which field.
func wants(t *testing.T, err error, key, field string) {
	t.Helper()
	for _, f := range fault.All(err) {
		if f.Key == key && f.Field == field {
			return
		}
	}
	t.Errorf("got %v, want %s at %q", err, key, field)
}

// Odd case 1.
func TestAMunicipalityOfTheCountyThatIsNoPartyIsNamedAndNeverCounted(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	for _, key := range []string{"alvesta", "lessebo", "ljungby", "tingsryd", "uppvidinge", "vaxjo", "almhult", "af"} {
		c.join(key, "signatory", "")
	}
	c.join("civilsamhallet", "supporter", "")
	ps := must(agreement.PartiesOn(c.ctx, c.tx, c.id, d("2021-01-01")))(t)
	if ps.Counted != 8 || ps.Known != 8 || len(ps.List) != 9 {
		t.Errorf("%d counted, %d known, %d take part", ps.Counted, ps.Known, len(ps.List))
	}
	ns := must(agreement.NotParties(c.ctx, c.tx, c.id, d("2021-01-01")))(t)
	if len(ns) != 1 || ns[0].Name != "Markaryds kommun" {
		t.Errorf("not parties: %+v", ns)
	}
	// Whoever only supports is still no party.
	c.join("markaryd", "supporter", "2022-01-01")
	if ns := must(agreement.NotParties(c.ctx, c.tx, c.id, d("2022-01-01")))(t); len(ns) != 1 {
		t.Errorf("not parties: %+v", ns)
	}
}

// Odd case 4.
func TestAClosedAreaStaysReadableWithBothItsDaysAndIsOfferedForNothing(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	boende := c.goal("area", "Boende", uuid.Nil)
	c.goal("area", "Hälsa", uuid.Nil)
	bostad := c.goal("sub-goal", "Bostad finns när mottagandet börjar", boende.ID)
	closed := must(agreement.Close(c.ctx, c.tx, boende.ID, boende.Version, agreement.Closing{Effective: d("2023-03-20"), Decided: w("2023-03-30"),
		Decision: "Forum 2023-03-30", Reason: "Tas upp när det behövs"}))(t)
	if len(closed.With) != 1 || closed.With[0] != bostad.ID {
		t.Errorf("closed with it: %v", closed.With)
	}
	if len(closed.Warnings) != 1 || closed.Warnings[0].Key != "agreement.effective_before_decision" {
		t.Errorf("warnings: %+v", closed.Warnings)
	}
	if d := cmp.Diff([]string{"Boende", "Hälsa"}, c.level("2023-03-19", uuid.Nil)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"Boende (closed)", "Hälsa"}, c.level("2023-03-20", uuid.Nil)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"Bostad finns när mottagandet börjar (closed)"}, c.level("2024-01-01", boende.ID)); d != "" {
		t.Error(d)
	}
	if n := len(c.level("2018-12-31", uuid.Nil)); n != 0 {
		t.Errorf("%d goals before the agreement began", n)
	}
	for on, want := range map[string]int{"2023-03-19": 3, "2023-03-20": 1, "2026-01-01": 0} {
		if _, n, err := agreement.Offered(c.ctx, c.tx, c.id, d(on), "", 10, 1); err != nil || n != want {
			t.Errorf("%s: %d offered, want %d: %v", on, n, want, err)
		}
	}
	g := must(agreement.GetGoal(c.ctx, c.tx, boende.ID, d("2025-01-01")))(t)
	if !g.ClosedOn(d("2025-01-01")) || g.ClosedOn(d("2023-03-19")) || g.Decided != w("2023-03-30") || g.ValidTo != d("2023-03-20") {
		t.Errorf("%+v", g)
	}

	// By the database, whoever asks: what is closed does not move.
	for statement, key := range map[string]string{
		"UPDATE goal_version SET name = 'Bostad' WHERE goal_id = $1":  "goal_version.closed",
		"UPDATE goal_version SET valid_to = NULL WHERE goal_id = $1":  "goal_version.closed",
		"UPDATE goal_version SET decision = 'nej' WHERE goal_id = $1": "goal_version.closed",
		"DELETE FROM goal_version WHERE goal_id = $1":                 "goal_version.kept",
	} {
		err := c.tx.Savepoint(c.ctx, func() error { _, err := c.tx.Exec(c.ctx, statement, boende.ID); return err })
		if !fault.Is(err, key) {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if err := agreement.Note(c.ctx, c.tx, boende.ID, agreement.Remark{Kind: "correction", On: d("2023-05-01"), Note: "Det heter Bostad", Source: "Beredningsgruppen"}); err != nil {
		t.Error(err)
	}
	if ns := must(agreement.Notes(c.ctx, c.tx, boende.ID))(t); len(ns) != 1 {
		t.Errorf("%+v", ns)
	}

	// It can come back, with a reason, and no earlier than it was closed.
	now := must(agreement.GetGoal(c.ctx, c.tx, boende.ID, c.tx.Today()))(t)
	_, err := agreement.Amend(c.ctx, c.tx, boende.ID, now.Version, now.Statement, agreement.Effect{From: w("2023-03-19"), Reason: "Behövs"})
	wants(t, err, "goal.closed_until", "/from")
	must(agreement.Amend(c.ctx, c.tx, boende.ID, now.Version, now.Statement, agreement.Effect{From: w("2024-06-01"), Reason: "Behövs"}))(t)
	if d := cmp.Diff([]string{"Boende (closed)", "Hälsa"}, c.level("2024-05-31", uuid.Nil)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"Boende", "Hälsa"}, c.level("2024-06-01", uuid.Nil)); d != "" {
		t.Error(d)
	}
}

func TestAGoalIsRenamedAndMovedAndStaysItself(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	work, health := c.goal("area", "Arbete", uuid.Nil), c.goal("area", "Hälsa", uuid.Nil)
	g := c.goal("sub-goal", "Rehabilitering", work.ID)
	s := g.Statement
	s.Name, s.Parent = "Rehabilitering till arbete", health.ID
	moved := must(agreement.Amend(c.ctx, c.tx, g.ID, g.Version, s, agreement.Effect{From: w("2021-01-01"), Decision: "Forum 2020-12-10"}))(t)
	if moved.ID != g.ID || moved.Key != g.Key {
		t.Error("it is not the same goal")
	}
	if d := cmp.Diff([]string{"Rehabilitering"}, c.level("2020-12-31", work.ID)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([][]string{{}, {"Rehabilitering till arbete"}}, [][]string{c.level("2021-01-01", work.ID), c.level("2021-01-01", health.ID)}); d != "" {
		t.Error(d)
	}
	if h := must(agreement.History(c.ctx, c.tx, g.ID))(t); len(h) != 2 || h[0].Ending != "changed" {
		t.Errorf("%+v", h)
	}
	diff := must(agreement.Compare(c.ctx, c.tx, c.id, d("2020-12-31"), d("2021-01-01")))(t)
	if diff.Shifts != 1 || !diff.Goals[0].Moved || diff.Goals[0].Was != "Rehabilitering" || diff.Goals[0].Became != "Rehabilitering till arbete" {
		t.Errorf("%+v", diff.Goals)
	}
	// Both names find it.
	for _, q := range []string{"rehabiliteringen", "till arbete"} {
		if _, n, err := agreement.Search(c.ctx, c.tx, q, 10, 1); err != nil || n != 1 {
			t.Errorf("%q finds %d, %v", q, n, err)
		}
	}
	// Somebody who read it before the move is told so.
	_, err := agreement.Amend(c.ctx, c.tx, g.ID, g.Version, s, agreement.Effect{From: w("2022-01-01")})
	if f := fault.All(err); len(f) != 1 || f[0].Kind != fault.Stale || f[0].Current.(agreement.Goal).Version != moved.Version {
		t.Errorf("%v", err)
	}
	// It cannot come before its last change, nor stand under itself.
	_, err = agreement.Amend(c.ctx, c.tx, g.ID, moved.Version, s, agreement.Effect{From: w("2020-06-01")})
	wants(t, err, "goal.before_last_change", "/from")
	s.Parent = g.ID
	_, err = agreement.Amend(c.ctx, c.tx, g.ID, moved.Version, s, agreement.Effect{From: w("2022-01-01")})
	wants(t, err, "goal_version.own_parent", "/parent")
	// From the day it says so already, it is corrected in place.
	s = moved.Statement
	s.Name = "Rehabilitering för arbete"
	must(agreement.Amend(c.ctx, c.tx, g.ID, moved.Version, s, moved.Effect))(t)
	if h := must(agreement.History(c.ctx, c.tx, g.ID))(t); len(h) != 2 || h[1].Name != "Rehabilitering för arbete" {
		t.Errorf("%+v", h)
	}
	// What changes later is not closed before that.
	_, err = agreement.Close(c.ctx, c.tx, g.ID, moved.Version+1, agreement.Closing{Effective: d("2020-10-01"), Reason: "Överflödigt"})
	wants(t, err, "goal.changed_later", "/effective")
}

// Kronoberg's nine and fifteen stand side by side under the areas, and are linked.
func TestFacetsStandSideBySideAndAreLinkedAsTheConfigurationAllows(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	area := c.goal("area", "Hälsa", uuid.Nil)
	goal, facet := c.goal("sub-goal", "Alla erbjuds hälsoundersökning", area.ID), c.goal("collaboration-area", "Hälsoundersökningar", area.ID)
	if n := len(c.level("2020-01-01", area.ID)); n != 2 {
		t.Errorf("%d side by side", n)
	}
	if err := agreement.Connect(c.ctx, c.tx, agreement.Bond{Kind: agreement.Linked, From: goal.ID, To: facet.ID, Since: d("2019-01-01")}); err != nil {
		t.Fatal(err)
	}
	ls := must(agreement.Links(c.ctx, c.tx, facet.ID, d("2020-01-01")))(t)
	if len(ls) != 1 || ls[0].Outward || ls[0].Other != goal.ID || ls[0].Name != goal.Name {
		t.Errorf("%+v", ls)
	}
	if err := agreement.Disconnect(c.ctx, c.tx, ls[0].ID, d("2021-01-01")); err != nil {
		t.Fatal(err)
	}
	if ls := must(agreement.Links(c.ctx, c.tx, facet.ID, d("2021-01-01")))(t); len(ls) != 0 {
		t.Errorf("%+v", ls)
	}
	wants(t, agreement.Connect(c.ctx, c.tx, agreement.Bond{Kind: agreement.Linked, From: area.ID, To: facet.ID}), "goal_link.not_allowed", "/to")
	_, err := agreement.Place(c.ctx, c.tx, c.id, agreement.Statement{Level: "sub-goal", Name: "Lös"}, agreement.Effect{})
	wants(t, err, "goal_version.misplaced", "/parent")
	_, err = agreement.Place(c.ctx, c.tx, c.id, agreement.Statement{Level: "vision", Name: "Lös"}, agreement.Effect{})
	wants(t, err, "goal_version.level", "/level")
}

// Odd case 6.
func TestASuccessorIsDraftedFromTheOldWithAReasonForEachChoice(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	area := c.goal("area", "Hälsa", uuid.Nil)
	goal := c.goal("sub-goal", "Alla erbjuds hälsoundersökning", area.ID)
	c.join("alvesta", "signatory", "")
	c.join("fk", "signatory", "")
	draft := must(agreement.DraftSuccessor(c.ctx, c.tx, c.id, agreement.Card{Title: "Strategisk överenskommelse från 2026"}))(t)
	if draft.State.Key != agreement.StateDraft || draft.Predecessors[0] != c.id {
		t.Errorf("%+v", draft)
	}
	// Before it is settled the old one has no successor.
	if s := c.on("2026-01-01").State.Key; s != agreement.StateEnded {
		t.Errorf("the old one is %s", s)
	}
	_, err := agreement.Choose(c.ctx, c.tx, draft.ID, agreement.Choice{Goal: goal.ID, Choice: agreement.Carry, Reason: "Gäller än"})
	wants(t, err, "draft_choice.parent_first", "")
	_, err = agreement.Choose(c.ctx, c.tx, draft.ID, agreement.Choice{Goal: area.ID, Choice: agreement.Carry})
	wants(t, err, "draft_choice.reasoned", "/reason")
	choose := func(ch agreement.Choice) agreement.Chosen {
		t.Helper()
		return must(agreement.Choose(c.ctx, c.tx, draft.ID, ch))(t)
	}
	newArea := choose(agreement.Choice{Goal: area.ID, Choice: agreement.Carry, Reason: "Gäller än"})
	as := goal.Statement
	as.Name = "Alla får en hälsoundersökning"
	choose(agreement.Choice{Goal: goal.ID, Choice: agreement.Alter, Reason: "Att erbjuda räcker inte", As: &as})
	_, err = agreement.Choose(c.ctx, c.tx, draft.ID, agreement.Choice{Goal: area.ID, Choice: agreement.LeaveOut, Reason: "Nej"})
	wants(t, err, "draft_choice.children_first", "")
	choose(agreement.Choice{Organisation: c.org("alvesta"), Choice: agreement.Carry, Reason: "Är med"})
	_, err = agreement.Settle(c.ctx, c.tx, draft.ID, draft.Version)
	wants(t, err, "draft_choice.undecided", "")
	choose(agreement.Choice{Organisation: c.org("fk"), Choice: agreement.Carry, Reason: "Är med"})
	choose(agreement.Choice{Organisation: c.org("fk"), Choice: agreement.LeaveOut, Reason: "Vill inte"})

	state := must(agreement.GetDraft(c.ctx, c.tx, draft.ID))(t)
	if len(state.OpenGoals) != 0 || len(state.OpenParties) != 0 || len(state.Chosen) != 4 {
		t.Errorf("%+v", state)
	}
	settled := must(agreement.Settle(c.ctx, c.tx, draft.ID, draft.Version))(t)
	must(agreement.SetValidity(c.ctx, c.tx, settled.ID, settled.Version, agreement.Term{Kind: agreement.ValidityOpen, From: w("2026")}))(t)
	if s := c.on("2026-01-01").State.Key; s != agreement.StateEndedSucceeded {
		t.Errorf("the old one is %s", s)
	}
	ps := must(agreement.PartiesOn(c.ctx, c.tx, draft.ID, d("2026-02-01")))(t)
	if ps.Counted != 1 || ps.List[0].Name != "Alvesta kommun" {
		t.Errorf("%+v", ps)
	}
	ls := must(agreement.Links(c.ctx, c.tx, area.ID, d("2026-02-01")))(t)
	if len(ls) != 1 || ls[0].Kind != agreement.CarriedOver || ls[0].Other != newArea.NewGoal || ls[0].OtherInstrument != draft.ID {
		t.Errorf("%+v", ls)
	}
	_, err = agreement.Choose(c.ctx, c.tx, draft.ID, agreement.Choice{Goal: area.ID, Choice: agreement.Carry, Reason: "Igen"})
	wants(t, err, "draft_choice.no_draft", "")
}

// Odd case 6.
func TestAnExtensionIsKnownFromTheDayItWasDecided(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	i := c.on("2025-01-01")
	_, err := agreement.SetValidity(c.ctx, c.tx, c.id, i.Version, agreement.Term{Kind: agreement.ValidityExtended, From: w("2019"), Until: w("2027")})
	wants(t, err, "instrument_validity.decision_missing", "/knownFrom")
	i = c.on("2025-01-01")
	must(agreement.SetValidity(c.ctx, c.tx, c.id, i.Version, agreement.Term{Kind: agreement.ValidityExtended, From: w("2019"), Until: w("2027"), KnownFrom: d("2025-11-01"), Reference: "Forum"}))(t)
	if v := c.on("2025-10-31").Validity; v.Until != w("2025") || v.Kind != agreement.ValidityFixed {
		t.Errorf("the day before: %+v", v)
	}
	if v := c.on("2026-05-01"); v.Validity.Until != w("2027") || !v.State.Holds() {
		t.Errorf("after: %+v", v)
	}
	if ts := must(agreement.Validities(c.ctx, c.tx, c.id))(t); len(ts) != 2 {
		t.Errorf("%+v", ts)
	}
}

// Odd case 7.
func TestAPartyThatMergesIsFollowedByItsSuccessor(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	landsting := must(organisation.Create(c.ctx, c.tx, organisation.Card{Type: "region", Name: "Landstinget Kronoberg"}))(t)
	p := must(agreement.Join(c.ctx, c.tx, c.id, agreement.Entry{Organisation: landsting.ID, Status: "signatory"}))(t)
	_, err := agreement.FollowSuccession(c.ctx, c.tx, p.ID, p.Version)
	wants(t, err, "participation.no_successor", "")
	must(organisation.End(c.ctx, c.tx, landsting.ID, landsting.Version, organisation.Ending{On: d("2020-01-01"), Kind: "merged", Successors: []uuid.UUID{c.org("region")}}))(t)
	ps := must(agreement.FollowSuccession(c.ctx, c.tx, p.ID, p.Version))(t)
	if len(ps) != 1 || ps[0].Organisation != c.org("region") || ps[0].From != w("2020-01-01") {
		t.Errorf("%+v", ps)
	}
	for on, want := range map[string]string{"2019-12-31": "Landstinget Kronoberg", "2020-01-01": "Region Kronoberg"} {
		got := must(agreement.PartiesOn(c.ctx, c.tx, c.id, d(on)))(t)
		if got.Counted != 1 || got.List[0].Name != want {
			t.Errorf("%s: %+v", on, got.List)
		}
	}
	// A split has two, and who is party already stays as he is.
	af := c.join("af", "signatory", "")
	must(organisation.End(c.ctx, c.tx, af.Organisation, must(organisation.Get(c.ctx, c.tx, af.Organisation))(t).Version,
		organisation.Ending{On: d("2021-01-01"), Kind: "split", Successors: []uuid.UUID{c.org("fk"), c.org("region")}}))(t)
	must(agreement.FollowSuccession(c.ctx, c.tx, af.ID, af.Version))(t)
	if got := must(agreement.PartiesOn(c.ctx, c.tx, c.id, d("2021-01-01")))(t); got.Counted != 2 {
		t.Errorf("%+v", got.List)
	}
	// Nobody joins after he has ceased to stand.
	_, err = agreement.Join(c.ctx, c.tx, c.id, agreement.Entry{Organisation: af.Organisation, Status: "signatory", From: w("2022")})
	wants(t, err, "participation.not_standing", "/from")
}

// Odd case 8.
func TestItHoldsBeforeAllHaveSignedAndEachSignsOnADayOfItsOwn(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	alvesta, lessebo := c.join("alvesta", "signatory", ""), c.join("lessebo", "signatory", "")
	civil := c.join("civilsamhallet", "supporter", "")
	if s := c.on("2019-02-01").State; s.Key != agreement.StateInForceUnsaid {
		t.Errorf("with no signature written down: %+v", s)
	}
	first := must(agreement.Sign(c.ctx, c.tx, alvesta.ID, agreement.Signing{By: "Kommunstyrelsens ordförande", Capacity: "ordförande", When: w("2019-03-01"),
		Decision: "Kommunstyrelsen § 12", Decided: d("2019-02-12"), Source: "Undertecknat exemplar"}))(t)
	must(agreement.Sign(c.ctx, c.tx, lessebo.ID, agreement.Signing{When: w("../2020-05-04"), Source: "Nyhet"}))(t)
	for on, want := range map[string]agreement.State{
		"2018-12-01": {Key: agreement.StateAwaiting, Signers: 2},
		"2019-02-28": {Key: agreement.StateInForceEarly, Signers: 2, Since: d("2019-01-01")},
		"2019-03-01": {Key: agreement.StateInForceEarly, Signed: 1, Signers: 2, Since: d("2019-01-01")},
		"2020-05-04": {Key: agreement.StateInForce, Signed: 2, Signers: 2, Since: d("2019-01-01")},
		"2026-01-01": {Key: agreement.StateEnded, Signed: 2, Signers: 2, Since: d("2026-01-01")},
	} {
		if d := cmp.Diff(want, c.on(on).State, cmp.Comparer(func(a, b day.Day) bool { return a == b })); d != "" {
			t.Errorf("%s: %s", on, d)
		}
	}
	_, err := agreement.Sign(c.ctx, c.tx, civil.ID, agreement.Signing{When: w("2019-03-01"), Source: "Nyhet"})
	wants(t, err, "signature.does_not_sign", "")
	err = c.tx.Savepoint(c.ctx, func() error {
		_, err := agreement.Sign(c.ctx, c.tx, alvesta.ID, agreement.Signing{When: w("2019-04-01"), Source: "Nyhet"})
		return err
	})
	wants(t, err, "signature.once", "")
	again := must(agreement.CorrectSignature(c.ctx, c.tx, alvesta.ID, agreement.Signing{When: w("2019-04-01"), Source: "Nyhet"}))(t)
	if again.Corrects != first.ID {
		t.Errorf("%+v", again)
	}
	if s := c.on("2019-03-31").State; s.Signed != 0 {
		t.Errorf("the corrected signature still counts: %+v", s)
	}
	if ps := must(agreement.PartiesOn(c.ctx, c.tx, c.id, d("2021-01-01")))(t); ps.List[0].Signature == nil || ps.List[0].Signature.When != w("2019-04-01") {
		t.Errorf("%+v", ps.List[0])
	}
}

// Odd case 8.
func TestTwoBodiesAdoptEachByItsOwnMinutes(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	for _, r := range []agreement.Resolution{
		{Kind: "adopted", Organisation: c.org("region"), Body: "Regionfullmäktige", When: w("2017-09-25"), Minutes: "§ 1", Source: "gotland.se"},
		{Kind: "adopted", Organisation: c.org("lansstyrelsen"), Body: "Länsstyrelsen", When: w("2017-09-26"), Minutes: "Beslut 7", Source: "gotland.se"},
	} {
		must(agreement.Adopt(c.ctx, c.tx, c.id, r))(t)
	}
	as := must(agreement.Adoptions(c.ctx, c.tx, c.id))(t)
	if len(as) != 2 || as[0].OrganisationName != "Region Kronoberg" || as[1].Minutes != "Beslut 7" {
		t.Errorf("%+v", as)
	}
}

// Odd cases 9 and 22.
func TestTextsAreAddedAndNeverReplacedAndMayLieElsewhere(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	add := func(p agreement.Paper) (agreement.Edition, error) {
		i := c.on("2021-01-01")
		return agreement.AddEdition(c.ctx, c.tx, c.id, i.Version, p)
	}
	adopted := must(add(agreement.Paper{Kind: "adopted", Name: "Som den antogs", When: w("2016-02-17"), Source: "protokollet", Link: "https://annan-plats.example/sok.pdf"}))(t)
	must(add(agreement.Paper{Kind: "edited", Name: "Som den publicerades", When: w("2016-02-18"), Source: "pressmeddelandet"}))(t)
	_, err := add(agreement.Paper{Kind: "errata", Name: "Rättad tabell", Source: "sidan"})
	wants(t, err, "instrument_text.errata_names_text", "/of")
	must(add(agreement.Paper{Kind: "errata", Name: "Rättad tabell", When: w("2017-03-06"), Of: adopted.ID, Source: "sidan"}))(t)
	_, err = add(agreement.Paper{Kind: "adopted", Name: "Fel", Source: "sidan", Link: "javascript:alert(1)"})
	wants(t, err, "common.website_wrong", "/link")
	es := must(agreement.Editions(c.ctx, c.tx, c.id))(t)
	if len(es) != 3 || es[0].Link != "https://annan-plats.example/sok.pdf" || es[2].Number != 3 || es[2].Of != adopted.ID {
		t.Errorf("%+v", es)
	}
	for _, statement := range []string{"UPDATE instrument_text SET name = 'x'", "DELETE FROM instrument_text", "UPDATE instrument_event SET note = 'x'", "UPDATE signature SET signed_by = 'x'"} {
		if err := c.tx.Savepoint(c.ctx, func() error { _, err := c.tx.Exec(c.ctx, statement); return err }); err == nil {
			t.Errorf("%s was let through", statement)
		}
	}
}

// Odd case 11: a form of working together that nobody has adopted or signed.
func TestACollaborationWithoutATextNeitherWaitsNorEnds(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.In(t, "halland")
	i := must(agreement.Create(ctx, tx, agreement.Card{Kind: "collaboration", Title: "Strategisk grupp integration"}))(t)
	if i.State.Key != agreement.StateUnknown {
		t.Errorf("%+v", i.State)
	}
	i = must(agreement.SetValidity(ctx, tx, i.ID, i.Version, agreement.Term{Kind: agreement.ValidityNone}))(t)
	if i.State.Key != agreement.StateWithoutText || !i.State.Holds() {
		t.Errorf("%+v", i.State)
	}
	_, err := agreement.Create(ctx, tx, agreement.Card{Kind: "agreement", Title: "Överenskommelse"})
	wants(t, err, "instrument.kind", "/kind")
}

// Odd case 15: words differ between counties; what is compared is the national theme.
func TestACountysOwnWordIsKeptBesideTheNationalTheme(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	g := must(agreement.Place(c.ctx, c.tx, c.id, agreement.Statement{Level: "area", Name: "Delaktighet", Themes: []string{"participation", "health", "health"}}, agreement.Effect{}))(t)
	if g.Name != "Delaktighet" || cmp.Diff([]string{"health", "participation"}, g.Themes) != "" {
		t.Errorf("%+v", g)
	}
	_, err := agreement.Place(c.ctx, c.tx, c.id, agreement.Statement{Level: "area", Name: "Annat", Themes: []string{"inclusion"}}, agreement.Effect{})
	wants(t, err, "goal_version.themes", "/themes")
}

// Odd case 20.
func TestCannotBeMeasuredIsAnAnswerAndWordsCanBeMissing(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	area := must(agreement.Place(c.ctx, c.tx, c.id, agreement.Statement{Level: "area", Name: "Hälsa", Measure: agreement.Unmeasurable, Ground: agreement.GroundPrerequisite}, agreement.Effect{}))(t)
	if area.Measure != agreement.Unmeasurable || area.Ground != agreement.GroundPrerequisite {
		t.Errorf("%+v", area)
	}
	s := area.Statement
	s.Measure = agreement.Measured // the county's areas carry no indicators
	_, err := agreement.Amend(c.ctx, c.tx, area.ID, area.Version, s, agreement.Effect{From: w("2021")})
	wants(t, err, "goal_version.level_unmeasured", "/measure")
	i := c.on("2021-01-01")
	must(agreement.Count(c.ctx, c.tx, c.id, i.Version, agreement.Tally{What: "goals", Level: "sub-goal", Count: 9, Source: "nyheten"}))(t)
	c.goal("sub-goal", "Fler arbetsgivare ska rekrytera", area.ID)
	for _, l := range must(agreement.Levels(c.ctx, c.tx, c.id, d("2021-01-01")))(t) {
		if l.Key == "sub-goal" && (l.Known != 9 || l.Named != 1 || l.Unworded() != 8 || l.Source != "nyheten") {
			t.Errorf("%+v", l)
		}
	}
}

func TestSourcesThatDifferStandSideBySideAndACorrectionBesideWhatItCorrects(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	wrong := must(agreement.Record(c.ctx, c.tx, c.id, agreement.Happening{Kind: "signed", When: w("2013-06-03"), Source: "lansstyrelsen.se/kalmar"}))(t)
	must(agreement.Record(c.ctx, c.tx, c.id, agreement.Happening{Kind: "adopted", When: w("2013-06-05"), Source: "rfkl.se"}))(t)
	right := must(agreement.Record(c.ctx, c.tx, c.id, agreement.Happening{Kind: "signed", When: w("2013-06-04"), Source: "arkivet", Corrects: wrong.ID}))(t)
	err := c.tx.Savepoint(c.ctx, func() error {
		_, err := agreement.Record(c.ctx, c.tx, c.id, agreement.Happening{Kind: "signed", When: w("2013-06-01"), Source: "x", Corrects: wrong.ID})
		return err
	})
	wants(t, err, "instrument_event.corrected_once", "/corrects")
	_, err = agreement.Record(c.ctx, c.tx, c.id, agreement.Happening{Kind: "signed", Corrects: uuid.New()})
	wants(t, err, "instrument_event.sourced", "/source")
	wants(t, err, "agreement.when_missing", "/when")
	es := must(agreement.Events(c.ctx, c.tx, c.id))(t)
	if len(es) != 3 || !es[0].Corrected || es[1].ID != right.ID || es[1].Corrected {
		t.Errorf("%+v", es)
	}
	ms, n, err := agreement.Timeline(c.ctx, c.tx, c.id, 2, 2)
	if err != nil || n != 3 || len(ms) != 1 || !ms[0].Corrected {
		t.Errorf("%d %+v %v", n, ms, err)
	}
}

func TestAPartyJoinsAndLeavesWhileItHoldsAndIsThereOnce(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	p := c.join("markaryd", "supporter", "2020-01-01")
	err := c.tx.Savepoint(c.ctx, func() error {
		_, err := agreement.Join(c.ctx, c.tx, c.id, agreement.Entry{Organisation: p.Organisation, Status: "signatory", From: w("2021-01-01")})
		return err
	})
	wants(t, err, "participation.once", "/organisation")
	left := must(agreement.Leave(c.ctx, c.tx, p.ID, p.Version, agreement.Exit{On: d("2022-03-08"), Ground: "Blir part"}))(t)
	_, err = agreement.Leave(c.ctx, c.tx, p.ID, p.Version, agreement.Exit{On: d("2022-03-09")})
	if f := fault.All(err); len(f) != 1 || f[0].Kind != fault.Stale {
		t.Errorf("%v", err)
	}
	c.join("markaryd", "signatory", "2022-03-08")
	diff := must(agreement.Compare(c.ctx, c.tx, c.id, d("2022-03-07"), d("2022-03-08")))(t)
	if len(diff.Altered) != 1 || diff.Altered[0].Was != "supporter" || diff.Altered[0].Became != "signatory" || diff.Counted != [2]int{0, 1} {
		t.Errorf("%+v", diff)
	}
	if is := must(agreement.Involvements(c.ctx, c.tx, left.Organisation))(t); len(is) != 2 || is[1].EndedGround != "Blir part" {
		t.Errorf("%+v", is)
	}
	_, err = agreement.Join(c.ctx, c.tx, c.id, agreement.Entry{Organisation: c.org("af"), Status: "friend"})
	wants(t, err, "participation.status", "/status")
	_, err = agreement.Join(c.ctx, c.tx, c.id, agreement.Entry{Organisation: c.org("civilsamhallet"), Status: "signatory"})
	wants(t, err, "participation.kind", "/organisation")
	_, err = agreement.Join(c.ctx, c.tx, c.id, agreement.Entry{Organisation: uuid.New(), Status: "signatory"})
	wants(t, err, "agreement.organisation_unknown", "/organisation")
}

func TestLocalAgreementsHaveTheirOwnPartiesAndCountForEachMunicipality(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	card := agreement.LocalCard{Instrument: c.id, Title: "Lokal överenskommelse i Värend", InitiatedBy: c.org("af"), From: w("2018"), Until: w("2020"),
		Parties: []uuid.UUID{c.org("alvesta"), c.org("vaxjo"), c.org("alvesta"), c.org("af")}}
	l := must(agreement.AddLocal(c.ctx, c.tx, card, ""))(t)
	if len(l.Members) != 3 || l.InitiatedByName != "Arbetsförmedlingen" {
		t.Errorf("%+v", l)
	}
	// Its period is told by its first and last year, as it is known.
	ms, _, err := agreement.Timeline(c.ctx, c.tx, c.id, 10, 1)
	if err != nil || len(ms) != 2 || ms[0].Kind != "local.ended" || ms[0].When != w("2020") || ms[1].When != w("2018") {
		t.Errorf("%+v, %v", ms, err)
	}
	if ps := must(agreement.PartiesOn(c.ctx, c.tx, c.id, d("2019-01-01")))(t); ps.Counted != 0 {
		t.Errorf("its parties are counted as regional ones: %+v", ps)
	}
	for on, want := range map[string]int{"2017-12-31": 0, "2019-01-01": 2, "2021-01-01": 0} {
		n := 0
		for _, m := range must(agreement.LocalPerMunicipality(c.ctx, c.tx, d(on)))(t) {
			n += m.InForce
		}
		if n != want {
			t.Errorf("%s: %d, want %d", on, n, want)
		}
	}
	for _, f := range []struct {
		agreement.LocalFilter
		want int
	}{{agreement.LocalFilter{Party: c.org("vaxjo"), On: d("2019-01-01")}, 1}, {agreement.LocalFilter{Party: c.org("lessebo"), On: d("2019-01-01")}, 0},
		{agreement.LocalFilter{On: d("2022-01-01")}, 0}, {agreement.LocalFilter{On: d("2022-01-01"), Ended: true}, 1}} {
		f.Limit, f.Page = 10, 1
		if _, n, err := agreement.Locals(c.ctx, c.tx, f.LocalFilter); err != nil || n != f.want {
			t.Errorf("%+v: %d, %v", f, n, err)
		}
	}
	card.Parties = nil
	_, err = agreement.ChangeLocal(c.ctx, c.tx, l.ID, l.Version, card)
	wants(t, err, "local_agreement.no_party", "/parties")
	card.Parties, card.Title = []uuid.UUID{c.org("vaxjo")}, "LÖK Växjö"
	if l = must(agreement.ChangeLocal(c.ctx, c.tx, l.ID, l.Version, card))(t); len(l.Members) != 1 {
		t.Errorf("%+v", l)
	}
	if _, n, err := agreement.Search(c.ctx, c.tx, "värend", 10, 1); err != nil || n != 0 {
		t.Errorf("found by the old title: %d, %v", n, err)
	}
}

func TestNetworksOfOthersAreAnInventory(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	g := c.goal("area", "Hälsa", uuid.Nil)
	n := must(agreement.AddNetwork(c.ctx, c.tx, agreement.Group{Instrument: c.id, Name: "Hälsonätverket", LedBy: c.org("region"), Contact: "halsa@region.example", Goals: []uuid.UUID{g.ID}}, ""))(t)
	if n.LedByName != "Region Kronoberg" || len(n.Goals) != 1 {
		t.Errorf("%+v", n)
	}
	group := n.Group
	group.Goals = nil
	if n = must(agreement.ChangeNetwork(c.ctx, c.tx, n.ID, n.Version, group))(t); len(n.Goals) != 0 || n.Version != 2 {
		t.Errorf("%+v", n)
	}
	if ns, total, err := agreement.Networks(c.ctx, c.tx, c.id, c.tx.Today(), 10, 1); err != nil || total != 1 || ns[0].ID != n.ID {
		t.Errorf("%+v, %v", ns, err)
	}
	// It lives on when the agreement has ended.
	s := must(agreement.InForce(c.ctx, c.tx, d("2026-01-01")))(t)
	if len(s.LivesOn) != 1 || s.LivesOn[0].Kind != "network" || len(s.Missing) != 1 {
		t.Errorf("%+v", s)
	}
}

func TestWhatIsPublishedIsSeenByThePublicAndNothingElse(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	ctx, who := t.Context(), auth.System("kronoberg", "test", "test")
	var sok, draft agreement.Instrument
	err := db.InTenant(ctx, who, pg.Write, func(tx *pg.Tx) (err error) {
		if _, err = sample.Organisations(ctx, tx); err == nil {
			_, err = sample.Agreements(ctx, tx)
		}
		if err != nil {
			return err
		}
		if sok, err = agreement.ByKey(ctx, tx, "sok-2019"); err != nil {
			return err
		}
		draft, err = agreement.DraftSuccessor(ctx, tx, sok.ID, agreement.Card{Title: "Utkast"})
		if err != nil {
			return err
		}
		_, err = agreement.Publish(ctx, tx, draft.ID, draft.Version, true)
		wants(t, err, "instrument.draft_unpublished", "")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	see := func(slug string) (instruments, parties, areas, locals int) {
		t.Helper()
		err := db.InPublic(ctx, slug, func(tx *pg.Tx) error {
			ns, _, err := agreement.Published(ctx, tx, d("2024-01-01"), 10, 1)
			if err != nil {
				return err
			}
			instruments = len(ns)
			ps, err := agreement.PublishedParties(ctx, tx, sok.ID, d("2024-01-01"))
			if err != nil {
				return err
			}
			parties = len(ps)
			if _, areas, err = agreement.PublishedGoals(ctx, tx, sok.ID, d("2024-01-01"), uuid.Nil, 10, 1); err != nil {
				return err
			}
			_, locals, err = agreement.PublishedLocals(ctx, tx, d("2024-01-01"), 10, 1)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return instruments, parties, areas, locals
	}
	if i, p, a, l := see("kronoberg"); i != 1 || p != 16 || a != 3 || l != 1 {
		t.Errorf("the public sees %d instruments, %d who take part, %d areas, %d local agreements", i, p, a, l)
	}
	if i, p, a, l := see("ostergotland"); i+p+a+l != 0 {
		t.Errorf("another county's public sees %d, %d, %d, %d", i, p, a, l)
	}
	err = db.InTenant(ctx, who, pg.Write, func(tx *pg.Tx) error {
		i, err := agreement.Get(ctx, tx, sok.ID, tx.Today())
		if err != nil {
			return err
		}
		_, err = agreement.Publish(ctx, tx, i.ID, i.Version, false)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if i, p, a, _ := see("kronoberg"); i+p+a != 0 {
		t.Errorf("after it was withdrawn the public sees %d, %d, %d", i, p, a)
	}
	// Another county reaches nothing by id.
	err = db.InTenant(ctx, auth.System("ostergotland", "test", "test"), pg.Read, func(tx *pg.Tx) error {
		if _, err := agreement.Get(ctx, tx, sok.ID, tx.Today()); !fault.Is(err, "common.not_found") {
			t.Errorf("by id: %v", err)
		}
		if _, n, err := agreement.Tree(ctx, tx, sok.ID, d("2024-01-01"), uuid.Nil, 10, 1); err != nil || n != 0 {
			t.Errorf("its tree: %d, %v", n, err)
		}
		if _, n, err := agreement.Search(ctx, tx, "boende", 10, 1); err != nil || n != 0 {
			t.Errorf("by a word: %d, %v", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOnlyWhoMayChangesAnAgreement(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	dbtest.As(c.tx, auth.RolePartyReporter, c.org("alvesta"))
	if _, err := agreement.Get(c.ctx, c.tx, c.id, c.tx.Today()); err != nil {
		t.Error(err)
	}
	_, create := agreement.Create(c.ctx, c.tx, agreement.Card{Kind: "agreement", Title: "X"})
	_, join := agreement.Join(c.ctx, c.tx, c.id, agreement.Entry{})
	_, place := agreement.Place(c.ctx, c.tx, c.id, agreement.Statement{}, agreement.Effect{})
	_, local := agreement.AddLocal(c.ctx, c.tx, agreement.LocalCard{}, "")
	for _, err := range []error{create, join, place, local} {
		if !fault.Is(err, "auth.forbidden") {
			t.Error(err)
		}
	}
	dbtest.As(c.tx, auth.RoleNationalAnalyst, uuid.Nil)
	if _, err := agreement.Get(c.ctx, c.tx, c.id, c.tx.Today()); !fault.Is(err, "auth.forbidden") {
		t.Error(err)
	}
}

func TestTwoWhoChangeAtOnceSeeEachOther(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	i := c.on("2021-01-01")
	card := i.Card
	card.RegistryNumber = "851-7420-19-3"
	now := must(agreement.Change(c.ctx, c.tx, c.id, i.Version, card))(t)
	_, err := agreement.Change(c.ctx, c.tx, c.id, i.Version, i.Card)
	if f := fault.All(err); len(f) != 1 || f[0].Kind != fault.Stale || f[0].Current.(agreement.Instrument).RegistryNumber != card.RegistryNumber {
		t.Errorf("%v", err)
	}
	_, err = agreement.Lead(c.ctx, c.tx, c.id, i.Version, agreement.Leadership{Organisation: c.org("lansstyrelsen")})
	if f := fault.All(err); len(f) != 1 || f[0].Kind != fault.Stale {
		t.Errorf("%v", err)
	}
	now = must(agreement.Lead(c.ctx, c.tx, c.id, now.Version, agreement.Leadership{Organisation: c.org("lansstyrelsen")}))(t)
	now = must(agreement.Lead(c.ctx, c.tx, c.id, now.Version, agreement.Leadership{Organisation: c.org("region"), From: d("2020-01-01")}))(t)
	must(agreement.Unlead(c.ctx, c.tx, c.id, now.Version, c.org("region"), d("2022-01-01")))(t)
	for on, want := range map[string]int{"2019-06-01": 1, "2021-01-01": 2, "2022-01-01": 1} {
		if ls := must(agreement.Leads(c.ctx, c.tx, c.id, d(on)))(t); len(ls) != want {
			t.Errorf("%s: %+v", on, ls)
		}
	}
}

func TestAnotherFormOfAWordFinds(t *testing.T) {
	t.Parallel()
	c := kronoberg(t)
	c.goal("area", "Bostäder för nyanlända kvinnor", uuid.Nil)
	for q, want := range map[string]int{"överenskommelsen": 1, "överenskommelse": 1, "overenskommelser": 1, "strategiska": 1, "sök": 1, "kvinnorna": 1,
		"bostäder kvinna": 1, "bostäder män": 0, "nyanländ": 1, "xyz": 0, "": 0} {
		hits, n, err := agreement.Search(c.ctx, c.tx, q, 10, 1)
		if err != nil || n != want || len(hits) != want {
			t.Errorf("%q finds %d, want %d: %v", q, n, want, err)
		}
	}
}

func TestEveryWordOfTheRoomIsThere(t *testing.T) {
	t.Parallel()
	keys := []string{"agreement.review", "agreement.unworded"}
	add := func(prefix string, ks ...string) {
		for _, k := range ks {
			keys = append(keys, prefix+k)
		}
	}
	add("agreement.moment.", agreement.MomentKinds...)
	add("agreement.state.", "draft", "awaiting", "coming", "in-force", "in-force-unsaid", "in-force-early", "without-text", "unknown", "ended", "ended-succeeded", "ended-by-decision")
	add("agreement.validity.", "fixed", "extended", "until-further-notice", "open", "ended", "none")
	add("agreement.measure.", agreement.MeasureUnknown, agreement.Measured, agreement.Unmeasurable, agreement.MeasurePurposely)
	add("agreement.ground.", agreement.GroundPrerequisite, agreement.GroundJudged)
	add("agreement.theme.", agreement.Themes...)
	add("agreement.link.", agreement.Linked, agreement.CarriedOver)
	add("agreement.choice.", agreement.Carry, agreement.Alter, agreement.LeaveOut)
	for _, k := range keys {
		if !text.Has(k) {
			t.Errorf("no words for %q", k)
		}
	}
}
