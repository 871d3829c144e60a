package tenant_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/tenant"
)

// The odd cases that a governance model has to bear, each where it is so.

// Odd case 2: a party with several seats, a seat of several, a seat of none.
func TestCase2SeatsAndParties(t *testing.T) {
	kommunforum := body(t, delivered(t, "varmland", "2025-01-01"), "municipal-forum")
	if seat(t, kommunforum, "kso").Each != "municipality" || seat(t, kommunforum, "kommunchef").Each != "municipality" {
		t.Errorf("each municipality has two seats in Värmland: %v", kommunforum.Seats)
	}
	four := body(t, delivered(t, "ostergotland", "2013-04-12"), "council")
	var municipalities []string
	for _, s := range four.Seats {
		if s.Each != "" {
			t.Errorf("in 2013 not every municipality sat: %+v", s)
		}
		if s.Name != nil && len(s.Organisations) == 1 {
			municipalities = append(municipalities, s.Organisations[0])
		}
	}
	if diff := cmp.Diff([]string{"kinda", "linkoping", "motala", "norrkoping"}, municipalities); diff != "" {
		t.Errorf("four sat for thirteen:\n%s", diff)
	}
	for key, b := range map[string]tenant.Body{"corner": body(t, delivered(t, "skane", "2025-01-01"), "strategic-group"), "civil-society": body(t, delivered(t, "ostergotland", "2025-01-01"), "council")} {
		if s := seat(t, b, key); len(s.Organisations) > 0 || s.Each != "" || len(s.Name) == 0 {
			t.Errorf("nobody's own: %+v", s)
		}
	}
	shared := tenant.Body{Key: "group", Kind: "working-group", Name: tenant.Words{"sv": "Gruppen"}, Seats: []tenant.Seat{{Key: "funds", Organisations: []string{"varend", "sunnerbo"}}}}
	if problems := checkedBodies(tenant.Bodies{Bodies: []tenant.Body{shared}}); len(problems) > 0 {
		t.Error(problems)
	}
}

// Odd case 3: one organisation in two bodies, and one that is municipality and
// region at once: its two seats are two all the same, and it is one party.
func TestCase3OneOrganisationTwoRoles(t *testing.T) {
	gotland := delivered(t, "gotland", "2025-01-01")
	if gotland.PartyKinds.Municipalities != tenant.MunicipalitiesAreRegion || body(t, gotland, "council").Convener.Organisation != "lansstyrelsen" {
		t.Errorf("%+v", gotland.Bodies)
	}
	two := tenant.Body{Key: "council", Kind: "council", Name: tenant.Words{"sv": "Rådet"}, Seats: []tenant.Seat{
		{Key: "municipality", Name: tenant.Words{"sv": "kommunen"}, Organisations: []string{"region"}},
		{Key: "region", Name: tenant.Words{"sv": "regionen"}, Organisations: []string{"region"}},
	}, Rules: tenant.Rules{Quorum: tenant.Quorum{Of: tenant.QuorumSeats, Number: 2}}}
	if problems := checkedBodies(tenant.Bodies{Bodies: []tenant.Body{two}}); len(problems) > 0 {
		t.Error(problems)
	}
	two.Rules.Quorum.Of = tenant.QuorumParties
	if problems := checkedBodies(tenant.Bodies{Bodies: []tenant.Body{two}}); len(problems) != 1 {
		t.Errorf("one party cannot be two: %v", problems)
	}
}

// Odd case 4: what a body answers for changes with an area, from the day the
// area closed and by the decision that came ten days later.
func TestCase4TheStructureChangesInsideThePeriod(t *testing.T) {
	before, after := delivered(t, "kronoberg", "2023-03-19"), delivered(t, "kronoberg", "2023-03-20")
	if diff := cmp.Diff([]string{"arbetsmarknad", "boende", "halsa", "delaktighet"}, body(t, before, "steering-groups").AnswersFor); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"arbetsmarknad", "halsa", "delaktighet"}, body(t, after, "steering-groups").AnswersFor); diff != "" {
		t.Error(diff)
	}
	counties, _ := files()
	kronoberg := counties[slices.IndexFunc(counties, func(c tenant.County) bool { return c.Slug == "kronoberg" })].Bodies
	if last := kronoberg[len(kronoberg)-1]; last.From != on("2023-03-20") || last.Decision != "Forum 2023-03-30" {
		t.Errorf("from %s by %q", last.From, last.Decision)
	}
	for _, key := range []string{"forum", "preparatory-group", "networks"} {
		if diff := cmp.Diff(body(t, before, key), body(t, after, key)); diff != "" {
			t.Errorf("%s did not change:\n%s", key, diff)
		}
	}
}

// Odd case 5: a body is dissolved while the strategy runs on, and nobody is said
// to follow it up since.
func TestCase5ABodyDissolvedWhileTheStrategyRunsOn(t *testing.T) {
	before, after := delivered(t, "vastmanland", "2023-09-30"), delivered(t, "vastmanland", "2023-10-01")
	if !slices.Equal(bodyKeys(before.Bodies.Bodies), []string{"council"}) || !slices.Equal(bodyKeys(after.Bodies.Bodies), []string{"cohesion-council", "secretariat"}) {
		t.Errorf("before %v, after %v", bodyKeys(before.Bodies.Bodies), bodyKeys(after.Bodies.Bodies))
	}
	if _, ok := after.InstrumentKinds.Kind("strategy"); !ok {
		t.Error("the strategy ended with the council")
	}
	if b := body(t, after, "cohesion-council"); len(b.AnswersFor) > 0 || b.Appointed.In("sv") == "" {
		t.Errorf("%+v", b)
	}
	// And a member joins in mid-term.
	halland, earlier := delivered(t, "halland", "2022-03-08"), delivered(t, "halland", "2022-03-07")
	joined, was := seatKeys(body(t, halland, "strategic-group")), seatKeys(body(t, earlier, "strategic-group"))
	if diff := cmp.Diff(earlier.Bodies.Bodies[1:], halland.Bodies.Bodies[1:]); diff != "" {
		t.Errorf("nothing else changed:\n%s", diff)
	}
	if diff := cmp.Diff(append(was, "okhalland"), joined); diff != "" || slices.Contains(was, "okhalland") || !slices.Contains(was, "ssc") {
		t.Errorf("%v\n%s", was, diff)
	}
}

// Odd case 10: seats that are offered, dialogues that are formed when needed, and
// no quorum in any county: where none is said, none applies.
func TestCase10OptionalSeatsAndNoQuorum(t *testing.T) {
	counties, _ := files()
	n := 0
	for _, c := range counties {
		for _, version := range c.Bodies {
			for _, b := range version.Value.Bodies {
				n++
				if q := b.Rules.Quorum; q.Of != "" || q.Needed(100) != 0 {
					t.Errorf("%s, %s: no source gives a quorum: %+v", c.Slug, b.Key, q)
				}
			}
		}
	}
	if n < 40 {
		t.Errorf("only %d bodies were looked at", n)
	}
	network := body(t, delivered(t, "halland", "2025-01-01"), "introduktion")
	for key, want := range map[string]bool{"fk": true, "mv": true, "af": false, "region": false, "coordinator": false} {
		if seat(t, network, key).Optional() != want {
			t.Errorf("%s sits only when needed: %v", key, !want)
		}
	}
	if b := body(t, delivered(t, "kalmar", "2025-01-01"), "citizen-dialogue"); len(b.Seats) > 0 || b.Rules.Cadence.PerYear > 0 {
		t.Errorf("a dialogue has neither seats nor a number of meetings: %+v", b)
	}
}

// Odd case 12: in 2013 Östsam and every municipality decided at home too. Whether
// the council of 2021 needs it is unknown, not denied.
func TestCase12DecisionsThatAreRatifiedAtHome(t *testing.T) {
	for d, want := range map[string]string{"2013-04-12": tenant.RatificationNeeded, "2021-01-01": ""} {
		if got := body(t, delivered(t, "ostergotland", d), "council").Rules.Ratification; got != want {
			t.Errorf("on %s: %q, want %q", d, got, want)
		}
	}
}

// Odd case 16: the coordinator calls networks, is employed by one and paid by
// others, and decides nothing: who decided on the post is told.
func TestCase16TheCoordinatorHasTwoPrincipals(t *testing.T) {
	c := delivered(t, "ostergotland", "2025-01-01")
	networks := body(t, c, "coordinator-networks")
	if networks.Convener.Organisation != "lansstyrelsen" || networks.Kind != "network" || len(networks.Decides) > 0 || networks.Appointed.In("sv") == "" {
		t.Errorf("%+v", networks)
	}
	council := body(t, c, "council")
	if !council.May(tenant.DecidesBudget) || slices.ContainsFunc(council.Seats, func(s tenant.Seat) bool { return cmp.Equal(s.Name, networks.Convener.Title) }) {
		t.Errorf("the council decides on the post, and the coordinator has no seat in it: %+v", council)
	}
}

// Odd case 21: bodies with the same people are told for what they are, so that
// nobody has to hold a meeting twice.
func TestCase21ParallelBodies(t *testing.T) {
	got := map[string]string{}
	for slug, key := range map[string]string{"norrbotten": "partnership", "kalmar": "verksamhetsnatverk", "kronoberg": "networks", "vastmanland": "cohesion-council"} {
		got[slug] = body(t, delivered(t, slug, "2025-01-01"), key).Origin
	}
	want := map[string]string{"norrbotten": tenant.OriginLine, "kalmar": tenant.OriginLine, "kronoberg": tenant.OriginLine, "vastmanland": tenant.OriginShared}
	if !maps.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	blekinge := delivered(t, "blekinge", "2025-01-01").Bodies
	if group, ok := blekinge.Body("preparatory-group"); !ok || len(blekinge.Bodies) != 2 || group.Name.In("sv") != "Beredningsgruppen och integrationsnätverket" {
		t.Errorf("in Blekinge one body is group and network: %+v", blekinge)
	}
}
