package tenant_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

func checkedBodies(b tenant.Bodies) []tenant.Problem {
	return checked(tenant.County{Bodies: tenant.Section[tenant.Bodies]{{Value: b}}}, "bodies")
}

// working is a council of three that decides, and a group beside it.
func working() tenant.Bodies {
	return tenant.Bodies{Bodies: []tenant.Body{
		{Key: "council", Kind: "council", Name: tenant.Words{"sv": "Rådet"}, Decides: []string{tenant.DecidesDirection}, Seats: []tenant.Seat{
			{Key: "af", Organisations: []string{"af"}}, {Key: "mv", Organisations: []string{"mv"}}, {Key: "region", Organisations: []string{"region"}},
		}},
		{Key: "group", Kind: "working-group", Name: tenant.Words{"sv": "Gruppen"}},
	}}
}

type breach struct {
	key   string   // what refuses it
	at    []string // where, in the council unless another body is named
	wrong func(council, group *tenant.Body)
	right func(council, group *tenant.Body) // the closest that works
}

func breaches() []breach {
	type b = tenant.Body
	sv := func(s string) tenant.Words { return tenant.Words{"sv": s} }
	rule := func(change func(*tenant.Rules)) func(council, group *b) {
		return func(council, _ *b) { change(&council.Rules) }
	}
	own := func(change func(*tenant.RecordWords)) func(council, group *b) {
		return rule(func(r *tenant.Rules) { change(&r.RecordWords) })
	}
	rules := func(r tenant.Rules) func(council, group *b) { return func(council, _ *b) { council.Rules = r } }
	decision := func(d tenant.DecisionRule) func(council, group *b) { return rules(tenant.Rules{Decision: d}) }
	quorum := func(q tenant.Quorum) func(council, group *b) { return rules(tenant.Rules{Quorum: q}) }
	adjusting := func(a tenant.Adjusting) func(council, group *b) { return rules(tenant.Rules{Adjusting: a}) }
	// without lets the council decide nothing, so that only the rule itself is at fault.
	without := func(r tenant.Rules) func(council, group *b) {
		return func(council, _ *b) { council.Decides, council.Rules = nil, r }
	}
	nobody := tenant.DecisionRule{Mode: tenant.ByNothing}
	unknown := func(*b, *b) {}

	return []breach{
		{"tenant.body.itself", []string{"under[0]"}, func(c, _ *b) { c.Under = []string{"council"} }, func(c, _ *b) { c.Under = []string{"group"} }},
		{"tenant.body.itself", []string{"preparesFor[0]"}, func(c, _ *b) { c.PreparesFor = []string{"council"} }, func(c, _ *b) { c.PreparesFor = []string{"group"} }},
		{"tenant.body.unknown", []string{"under[1]"}, func(c, _ *b) { c.Under = []string{"group", "forum"} }, func(c, _ *b) { c.Under = []string{"group"} }},
		{"tenant.body.unknown", []string{"preparesFor[0]"}, func(c, _ *b) { c.PreparesFor = []string{"forum"} }, func(c, _ *b) { c.PreparesFor = []string{"group"} }},
		{"tenant.body.circle", []string{"under[0]", "bodies[1].under[0]"}, func(c, g *b) { c.Under, g.Under = []string{"group"}, []string{"council"} }, func(c, g *b) { c.PreparesFor, g.Under = []string{"group"}, []string{"council"} }},
		{"tenant.body.themes_of_own", []string{"themes"}, func(c, _ *b) { c.Origin, c.Themes = tenant.OriginOwn, []tenant.Words{sv("Jämställdhet")} }, func(c, _ *b) { c.Origin, c.Themes = tenant.OriginShared, []tenant.Words{sv("Jämställdhet")} }},
		{"tenant.body.initiates_for_none", []string{"bodies[1].initiates"}, func(_, g *b) { g.Initiates = true }, func(_, g *b) { g.Initiates, g.PreparesFor = true, []string{"council"} }},
		{"tenant.body.decides_without_seats", []string{"decides"}, func(c, _ *b) { c.Seats = nil }, func(c, _ *b) { c.Seats = c.Seats[:1] }},
		{"tenant.body.decides_without_seats", []string{"decides"}, func(c, _ *b) {
			c.Seats = []tenant.Seat{{Key: "af", Organisations: []string{"af"}, Standing: tenant.SeatAdjunct}}
		}, func(c, _ *b) { c.Seats[0].Standing = tenant.SeatAdjunct }},
		{"tenant.rule.decides_never", []string{"rules.decision.mode"}, decision(nobody), without(tenant.Rules{Decision: nobody})},
		{"tenant.body.office_unnamed", []string{"chair.title"}, func(c, _ *b) { c.Chair.By = tenant.ByOffice }, func(c, _ *b) { c.Chair = tenant.Office{By: tenant.ByOffice, Organisation: "lansstyrelsen"} }},
		{"tenant.body.office_unnamed", []string{"convener.title"}, func(c, _ *b) { c.Convener.By = tenant.ByOffice }, func(c, _ *b) { c.Convener = tenant.Office{By: tenant.ByOffice, Title: sv("länsrådet")} }},
		{"tenant.body.office_of_nobody", []string{"chair.by"}, func(c, _ *b) { c.Chair = tenant.Office{By: tenant.ByNobody, Title: sv("länsrådet")} }, func(c, _ *b) { c.Chair.By = tenant.ByNobody }},
		{"tenant.seat.each_and_named", []string{"seats[0].each"}, func(c, _ *b) { c.Seats[0].Each = "municipality" }, func(c, _ *b) { c.Seats[0].Each, c.Seats[0].Organisations = "municipality", nil }},
		{"tenant.seat.nobodys", []string{"seats[0].name"}, func(c, _ *b) { c.Seats[0].Organisations = nil }, func(c, _ *b) { c.Seats[0].Organisations, c.Seats[0].Name = nil, sv("civilsamhället") }},

		{"tenant.rule.no_days", []string{"rules.notice.days"}, rules(tenant.Rules{Notice: tenant.Notice{Workdays: true}}), rules(tenant.Rules{Notice: tenant.Notice{Days: 1, Workdays: true}})},
		{"tenant.rule.no_days", []string{"rules.notice.days"}, rules(tenant.Rules{Notice: tenant.Notice{Late: tenant.LateStops}}), rules(tenant.Rules{Notice: tenant.Notice{Days: 14, Late: tenant.LateStops}})},
		{"tenant.rule.no_days", []string{"rules.papers.days"}, rules(tenant.Rules{Papers: tenant.Deadline{Workdays: true}}), rules(tenant.Rules{Papers: tenant.Deadline{Days: 5, Workdays: true}})},
		{"tenant.rule.no_days", []string{"rules.proposals.days"}, rules(tenant.Rules{Proposals: tenant.Deadline{Workdays: true}}), rules(tenant.Rules{Proposals: tenant.Deadline{Days: 5}})},
		{"tenant.rule.about_what", []string{"rules.cadence.perYear"}, rules(tenant.Rules{Cadence: tenant.Cadence{About: true, OnNeed: true}}), rules(tenant.Rules{Cadence: tenant.Cadence{PerYear: 2, About: true}})},
		{"tenant.rule.nothing_to_ratify", []string{"rules.ratification"}, without(tenant.Rules{Decision: nobody, Ratification: tenant.RatificationNeeded}), rules(tenant.Rules{Ratification: tenant.RatificationNeeded})},
		{"tenant.rule.required_of_none", []string{"rules.deputies.required"}, rules(tenant.Rules{Deputies: tenant.Deputies{Form: tenant.DeputiesNone, Required: true}}), rules(tenant.Rules{Deputies: tenant.Deputies{Required: true}})},
		{"tenant.rule.deputies_without_seats", []string{"bodies[1].rules.deputies.form"}, func(_, g *b) { g.Rules.Deputies.Form = tenant.DeputiesOrdered }, func(c, _ *b) { c.Rules.Deputies.Form = tenant.DeputiesOrdered }},
		{"tenant.rule.written_of_none", []string{"rules.written.form"}, without(tenant.Rules{Decision: nobody, Written: tenant.Written{Form: tenant.WrittenAllowed}}), rules(tenant.Rules{Written: tenant.Written{Form: tenant.WrittenAllowed, Days: 10}})},
		{"tenant.rule.days_of_none", []string{"rules.written.days"}, rules(tenant.Rules{Written: tenant.Written{Form: tenant.WrittenNone, Days: 10}}), rules(tenant.Rules{Written: tenant.Written{Form: tenant.WrittenNone}})},

		{"tenant.rule.quorum_of_nothing", []string{"rules.quorum.of"}, quorum(tenant.Quorum{Number: 2}), quorum(tenant.Quorum{Of: tenant.QuorumSeats, Number: 2})},
		{"tenant.rule.quorum_of_nothing", []string{"rules.quorum.of"}, quorum(tenant.Quorum{Of: tenant.QuorumNone, Otherwise: tenant.QuorumWarns}), quorum(tenant.Quorum{Of: tenant.QuorumNone})},
		{"tenant.rule.quorum_empty", []string{"rules.quorum.number"}, quorum(tenant.Quorum{Of: tenant.QuorumSeats, Otherwise: tenant.QuorumStops}), quorum(tenant.Quorum{Of: tenant.QuorumSeats, Named: []string{"af"}})},
		{"tenant.rule.more_than_what", []string{"rules.quorum.moreThan"}, quorum(tenant.Quorum{Of: tenant.QuorumSeats, Number: 2, MoreThan: true}), quorum(tenant.Quorum{Of: tenant.QuorumSeats, Share: "1/2", MoreThan: true})},
		{"tenant.rule.more_than_all", []string{"rules.quorum.share"}, quorum(tenant.Quorum{Of: tenant.QuorumSeats, Share: "3/2"}), quorum(tenant.Quorum{Of: tenant.QuorumSeats, Share: "2/3"})},
		{"tenant.rule.more_than_all", []string{"rules.quorum.share"}, quorum(tenant.Quorum{Of: tenant.QuorumSeats, Share: "3/3", MoreThan: true}), quorum(tenant.Quorum{Of: tenant.QuorumSeats, Share: "3/3"})},
		{"tenant.rule.quorum_above_seats", []string{"rules.quorum.number"}, quorum(tenant.Quorum{Of: tenant.QuorumSeats, Number: 4}), quorum(tenant.Quorum{Of: tenant.QuorumSeats, Number: 3})},
		{"tenant.rule.quorum_above_seats", []string{"rules.quorum.number"}, func(c, _ *b) {
			c.Seats[0].Standing, c.Rules.Quorum = tenant.SeatGuest, tenant.Quorum{Of: tenant.QuorumSeats, Number: 3}
		}, func(c, _ *b) {
			c.Seats[0].Standing, c.Rules.Quorum = tenant.SeatOffered, tenant.Quorum{Of: tenant.QuorumSeats, Number: 3}
		}},
		{"tenant.rule.quorum_above_parties", []string{"rules.quorum.number"}, func(c, _ *b) {
			c.Seats[0].Number, c.Rules.Quorum = 2, tenant.Quorum{Of: tenant.QuorumParties, Number: 4}
		}, func(c, _ *b) { c.Seats[0].Number, c.Rules.Quorum = 2, tenant.Quorum{Of: tenant.QuorumSeats, Number: 4} }},
		{"tenant.rule.quorum_without_seats", []string{"bodies[1].rules.quorum.of"}, func(_, g *b) { g.Rules.Quorum = tenant.Quorum{Of: tenant.QuorumSeats, Share: "1/2"} }, func(_, g *b) { g.Rules.Quorum.Of = tenant.QuorumNone }},
		{"tenant.rule.named_without_seat", []string{"rules.quorum.named[1]"}, quorum(tenant.Quorum{Of: tenant.QuorumSeats, Named: []string{"af", "fk"}}), quorum(tenant.Quorum{Of: tenant.QuorumSeats, Named: []string{"af", "mv"}})},

		{"tenant.rule.base_of_none", []string{"rules.decision.base"}, decision(tenant.DecisionRule{Mode: tenant.ByConsensus, Base: tenant.BaseSeats}), decision(tenant.DecisionRule{Mode: tenant.ByUnanimity, Base: tenant.BaseSeats})},
		{"tenant.rule.qualified_how_much", []string{"rules.decision.share"}, decision(tenant.DecisionRule{Mode: tenant.ByQualified}), decision(tenant.DecisionRule{Mode: tenant.ByQualified, Share: "2/3"})},
		{"tenant.rule.share_of_none", []string{"rules.decision.share"}, decision(tenant.DecisionRule{Mode: tenant.ByMajority, Share: "2/3"}), decision(tenant.DecisionRule{Mode: tenant.ByMajority})},
		{"tenant.rule.more_than_all", []string{"rules.decision.share"}, decision(tenant.DecisionRule{Mode: tenant.ByQualified, Share: "4/3"}), decision(tenant.DecisionRule{Mode: tenant.ByQualified, Share: "3/3"})},
		{"tenant.rule.qualified_too_low", []string{"rules.decision.share"}, decision(tenant.DecisionRule{Mode: tenant.ByQualified, Share: "2/4"}), decision(tenant.DecisionRule{Mode: tenant.ByQualified, Share: "3/5"})},
		{"tenant.rule.casting_of_none", []string{"rules.decision.casting"}, decision(tenant.DecisionRule{Mode: tenant.ByUnanimity, Casting: true}), decision(tenant.DecisionRule{Mode: tenant.ByMajority, Casting: true})},
		{"tenant.rule.casting_without_chair", []string{"rules.decision.casting"}, func(c, _ *b) {
			c.Chair.By, c.Rules.Decision = tenant.ByNobody, tenant.DecisionRule{Mode: tenant.ByMajority, Casting: true}
		}, func(c, _ *b) {
			c.Chair.By, c.Rules.Decision = tenant.ByElected, tenant.DecisionRule{Mode: tenant.ByMajority, Casting: true}
		}},

		{"tenant.rule.adjusters_how_many", []string{"rules.adjusting.number"}, adjusting(tenant.Adjusting{By: tenant.AdjustedByChosen}), adjusting(tenant.Adjusting{By: tenant.AdjustedByChosen, Number: 1})},
		{"tenant.rule.adjusters_of_none", []string{"rules.adjusting.number"}, adjusting(tenant.Adjusting{By: tenant.AdjustedByAll, Number: 2}), adjusting(tenant.Adjusting{By: tenant.AdjustedByAll})},
		{"tenant.rule.adjusters_above_seats", []string{"rules.adjusting.number"}, adjusting(tenant.Adjusting{By: tenant.AdjustedByChosen, Number: 3}), adjusting(tenant.Adjusting{By: tenant.AdjustedByChosen, Number: 2})},
		{"tenant.rule.adjusting_without_chair", []string{"rules.adjusting.by"}, func(c, _ *b) { c.Chair.By, c.Rules.Adjusting.By = tenant.ByNobody, tenant.AdjustedByChair }, func(c, _ *b) { c.Chair.By, c.Rules.Adjusting.By = tenant.ByNobody, tenant.AdjustedByAll }},

		{"tenant.body.kind_unknown", []string{"kind"}, func(c, _ *b) { c.Kind = "senate" }, unknown},
		{"tenant.body.kind_decides_nothing", []string{"bodies[1].decides"}, func(c, g *b) { g.Kind, g.Decides, g.Seats = "learning", c.Decides, c.Seats }, func(c, g *b) { g.Kind, g.Seats = "learning", c.Seats }},
		{"tenant.rule.words_too_long", []string{"rules.recordWords.headings.closing.sv"}, own(func(w *tenant.RecordWords) { w.Headings.Closing = sv(strings.Repeat("å", 201)) }), own(func(w *tenant.RecordWords) { w.Headings.Closing = sv(strings.Repeat("å", 200)) })},
		{"tenant.rule.words_too_long", []string{"rules.recordWords.preamble.sv"}, own(func(w *tenant.RecordWords) { w.Preamble = sv(strings.Repeat("å", 4001)) }), own(func(w *tenant.RecordWords) { w.Preamble = sv(strings.Repeat("å", 4000)) })},
		{"tenant.rule.words_too_long", []string{"rules.recordWords.ending.en"}, own(func(w *tenant.RecordWords) { w.Ending = tenant.Words{"sv": "Kort", "en": strings.Repeat("a", 4001)} }), own(func(w *tenant.RecordWords) { w.Ending = sv("Rad\n\nRad") })},
		{"tenant.rule.heading_of_lines", []string{"rules.recordWords.headings.opening.sv"}, own(func(w *tenant.RecordWords) { w.Headings.Opening = sv("Mötets\nöppnande") }), own(func(w *tenant.RecordWords) { w.Headings.Opening = sv("Mötets öppnande") })},
		{"tenant.rule.heading_of_lines", []string{"rules.recordWords.headings.opening.sv"}, own(func(w *tenant.RecordWords) { w.Headings.Opening = sv("Mötets\u2028öppnande") }), own(func(w *tenant.RecordWords) { w.Headings.Opening = sv("Mötets\u00a0öppnande") })},
		{"tenant.rule.heading_of_lines", []string{"rules.recordWords.headings.closing.sv"}, own(func(w *tenant.RecordWords) { w.Headings.Closing = sv("Mötets\u0085slut") }), own(func(w *tenant.RecordWords) { w.Headings.Closing = sv("Mötets slut") })},
		{"tenant.words.empty", []string{"rules.recordWords.preamble.sv"}, own(func(w *tenant.RecordWords) { w.Preamble = sv("\u200b\u2060") }), own(func(w *tenant.RecordWords) { w.Preamble = sv("Forum\u200b möts.") })},
		{"tenant.words.no_swedish", []string{"rules.recordWords.headings.adjusters"}, own(func(w *tenant.RecordWords) { w.Headings.Adjusters = tenant.Words{"en": "Adjusters"} }), own(func(w *tenant.RecordWords) { w.AttendanceFirst = true })},
		{"tenant.words.no_swedish", []string{"rules.standingItems[0]"}, rule(func(r *tenant.Rules) { r.StandingItems = []tenant.Words{{"en": "Status"}} }), rule(func(r *tenant.Rules) { r.StandingItems = []tenant.Words{sv("Läget")} })},
	}
}

// kinds are those of the bodies that work, and one that makes no decisions.
func kinds() tenant.Section[tenant.BodyKinds] {
	return tenant.Section[tenant.BodyKinds]{{Value: tenant.BodyKinds{Kinds: []tenant.BodyKind{
		{Key: "council", Decisions: tenant.DecisionsMade}, {Key: "working-group"}, {Key: "learning", Decisions: tenant.DecisionsNone},
	}}}}
}

func TestAModelThatCannotWorkIsRefused(t *testing.T) {
	try := func(change func(council, group *tenant.Body)) []tenant.Problem {
		b := working()
		change(&b.Bodies[0], &b.Bodies[1])
		return checked(tenant.County{BodyKinds: kinds(), Bodies: tenant.Section[tenant.Bodies]{{Value: b}}}, "bodies")
	}
	if problems := try(func(*tenant.Body, *tenant.Body) {}); len(problems) > 0 {
		t.Fatalf("what works is refused: %v", problems)
	}
	for _, b := range breaches() {
		var got, want []string
		for _, p := range try(b.wrong) {
			got = append(got, p.Path+" "+p.Key)
			for _, lang := range text.Langs {
				if said := lang.Fill(p.Key, p.Args); said == "" || strings.Contains(said, "⟨") {
					t.Errorf("%s is told as %q", p.Key, said)
				}
			}
		}
		for _, at := range b.at {
			if !strings.HasPrefix(at, "bodies[") {
				at = "bodies[0]." + at
			}
			want = append(want, "bodies[0]."+at+" "+b.key)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", b.key, diff)
		}
		if problems := try(b.right); len(problems) > 0 {
			t.Errorf("%s: what works is refused: %v", b.key, problems)
		}
	}
}

// A refusal that is added without a model that it refuses is found here.
func TestEveryRefusalOfAModelIsTried(t *testing.T) {
	var src []byte
	for _, file := range []string{"bodies_check.go", "record_words.go"} {
		of, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		src = append(src, of...)
	}
	tried := breaches()
	found := regexp.MustCompile(`refuse\("([a-z_.]+)"`).FindAllStringSubmatch(string(src), -1)
	if len(found) < 35 {
		t.Errorf("only %d refusals were found in the source", len(found))
	}
	for _, f := range found {
		if !slices.ContainsFunc(tried, func(b breach) bool { return b.key == f[1] }) {
			t.Errorf("nothing is refused by %s", f[1])
		}
	}
}

func TestACircleIsFoundOverSeveralBodiesAndTwoWaysUpAreNone(t *testing.T) {
	under := func(of map[string][]string) []tenant.Problem {
		var b tenant.Bodies
		for _, key := range []string{"a", "b", "c", "d"} {
			b.Bodies = append(b.Bodies, tenant.Body{Key: key, Kind: "working-group", Name: tenant.Words{"sv": key}, Under: of[key]})
		}
		return checkedBodies(b)
	}
	if problems := under(map[string][]string{"a": {"b", "c"}, "b": {"d"}, "c": {"d"}}); len(problems) > 0 {
		t.Errorf("a body can stand under two that stand under one: %v", problems)
	}
	// d stands under a circle, and is no part of it.
	var got []string
	for _, p := range under(map[string][]string{"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) {
		got = append(got, p.Path+" "+p.Key+" "+p.Args["way"].(string))
	}
	want := []string{
		"bodies[0].bodies[0].under[0] tenant.body.circle a → b → c → a",
		"bodies[0].bodies[1].under[0] tenant.body.circle b → c → a → b",
		"bodies[0].bodies[2].under[0] tenant.body.circle c → a → b → c",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A kind has to be there on the day from which the body is.
func TestABodyIsOfAKindOfItsDay(t *testing.T) {
	c := tenant.County{BodyKinds: append(kinds(), tenant.Dated[tenant.BodyKinds]{From: on("2026-01-01"), Value: tenant.BodyKinds{Kinds: []tenant.BodyKind{{Key: "forum"}}}})}
	for day, want := range map[string]int{"2025-12-31": 1, "2026-01-01": 0} {
		c.Bodies = tenant.Section[tenant.Bodies]{{From: on(day), Value: tenant.Bodies{Bodies: []tenant.Body{{Key: "forum", Kind: "forum", Name: tenant.Words{"sv": "Forum"}}}}}}
		problems := checked(c, "bodies")
		if len(problems) != want || want > 0 && problems[0].Key != "tenant.body.kind_unknown" {
			t.Errorf("from %s: %v", day, problems)
		}
	}
}

// What only records can tell is not refused: how many seats there are of each party.
func TestAQuorumIsNotAboveSeatsThatNobodyCanCountYet(t *testing.T) {
	b := working()
	b.Bodies[0].Seats = append(b.Bodies[0].Seats, tenant.Seat{Key: "municipality", Each: "municipality"})
	b.Bodies[0].Rules.Quorum = tenant.Quorum{Of: tenant.QuorumSeats, Number: 16, Named: []string{"vaxjo"}}
	if problems := checkedBodies(b); len(problems) > 0 {
		t.Error(problems)
	}
	if n, all := b.Bodies[0].Votes(); n != 3 || all {
		t.Errorf("%d seats are told, and that is all: %v", n, all)
	}
}

func TestSeveralFaultsOfAModelAreAllTold(t *testing.T) {
	b := working()
	b.Bodies[0].Seats, b.Bodies[0].Rules.Papers.Workdays, b.Bodies[0].Rules.Adjusting.Number = nil, true, 2
	b.Bodies[1].Kind = ""
	c := tenant.County{Slug: "provlan", Kind: tenant.KindSandbox, Bodies: tenant.Section[tenant.Bodies]{{Value: b}}}
	var got []string
	for _, p := range tenant.Check(c, auth.RoleNames()) {
		got = append(got, p.Key)
	}
	for _, want := range []string{"tenant.body.decides_without_seats", "tenant.rule.no_days", "tenant.rule.adjusters_of_none", "tenant.required"} {
		if !slices.Contains(got, want) {
			t.Errorf("%s is not told: %v", want, got)
		}
	}
}
