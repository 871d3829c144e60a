package governance_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// decided is a decision drawn on top of a room.
type decided struct {
	room
	rule        tenant.DecisionRule
	ballots     []governance.Ballot
	objections  int
	chair       uuid.UUID
	acclamation bool
}

func anyDecision(t *rapid.T) decided {
	d := decided{room: anyRoom(t)}
	d.rule = tenant.DecisionRule{
		Mode:    rapid.SampledFrom([]string{"", tenant.ByConsensus, tenant.ByUnanimity, tenant.ByMajority, tenant.ByQualified, tenant.ByAdvice}).Draw(t, "mode"),
		Base:    rapid.SampledFrom([]string{"", tenant.BaseCast, tenant.BaseServing, tenant.BaseSeats}).Draw(t, "base"),
		Share:   rapid.SampledFrom([]string{"2/3", "3/4"}).Draw(t, "share"),
		Casting: rapid.Bool().Draw(t, "casting"),
	}
	d.objections = max(0, rapid.IntRange(-3, 1).Draw(t, "objections"))
	d.acclamation = rapid.IntRange(0, 3).Draw(t, "acclamation") == 0
	table := d.table()
	for _, v := range entitled(t, d) {
		vote := rapid.SampledFrom([]governance.Vote{"", governance.VoteFor, governance.VoteFor, governance.VoteAgainst, governance.VoteAbstains}).Draw(t, "vote")
		if vote != "" && !d.acclamation {
			d.ballots = append(d.ballots, governance.Ballot{Place: v.Place, Person: v.Person, Vote: vote})
		}
	}
	if len(table.Chairs) > 0 {
		if c := rapid.SampledFrom(table.Chairs).Draw(t, "chair"); c.Server != nil {
			d.chair = c.Server.Person
		}
	}
	return d
}

func entitled(t *rapid.T, d decided) []governance.Voter {
	d.ballots, d.acclamation = nil, false
	return d.result(t).Entitled
}

func (d decided) result(t *rapid.T) governance.Outcome {
	table := d.table()
	o, err := governance.Result(d.rule, table, governance.Quorum(d.quorum, table, d.biased, d.bias), d.ballots, d.objections, d.chair, d.acclamation)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestTheOrderOfEntryChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDecision(t)
		other := d
		other.places = shuffled(t, d.places, "places")
		other.mandates = shuffled(t, d.mandates, "mandates")
		other.present = shuffled(t, d.present, "present")
		other.biased = shuffled(t, d.biased, "biased")
		other.ballots = shuffled(t, d.ballots, "ballots")
		if diff := cmp.Diff(d.table(), other.table(), cmpopts.EquateComparable(day.Day{})); diff != "" {
			t.Fatalf("who serves:\n%s", diff)
		}
		if diff := cmp.Diff(governance.Quorum(d.quorum, d.table(), d.biased, d.bias), governance.Quorum(d.quorum, other.table(), other.biased, d.bias)); diff != "" {
			t.Fatalf("whether they are enough:\n%s", diff)
		}
		if diff := cmp.Diff(d.result(t), other.result(t)); diff != "" {
			t.Fatalf("what it came to:\n%s", diff)
		}
	})
}

func TestADeputyNeverAddsAVote(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDecision(t)
		// All who hold a place are here; then deputies change nothing but where a
		// place is vacant, or where one person holds several.
		held := map[string]int{}
		for _, m := range d.mandates {
			if !m.Deputy {
				d.present = append(d.present, m.Person)
				held[m.Person.String()]++
			}
		}
		alone := d
		alone.form = tenant.DeputiesNone
		by := map[string]governance.Voter{}
		for _, v := range entitled(t, alone) {
			by[v.Place] = v
		}
		seats := 0
		for _, p := range d.places {
			if p.Votes() {
				seats++
			}
		}
		with := entitled(t, d)
		if len(with) > seats {
			t.Fatalf("%d votes at %d seats", len(with), seats)
		}
		for _, v := range with {
			own, had := by[v.Place]
			if v.Deputy && had && held[own.Person.String()] == 1 {
				t.Fatalf("%s votes for %s, who is here", v.Name, own.Name)
			}
		}
	})
}

func TestEveryoneEntitledIsCountedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDecision(t)
		o := d.result(t)
		if o.For+o.Against+o.Abstained+o.NotVoted != len(o.Entitled) {
			t.Fatalf("%d for, %d against, %d abstain, %d silent of %d", o.For, o.Against, o.Abstained, o.NotVoted, len(o.Entitled))
		}
		if o.Against+o.For+o.Abstained != len(d.ballots) {
			t.Fatalf("%d ballots, %+v", len(d.ballots), o)
		}
		places, persons := map[string]bool{}, map[uuid.UUID]bool{}
		for _, v := range o.Entitled {
			if places[v.Place] || persons[v.Person] {
				t.Fatalf("%s at %s decides twice", v.Name, v.Place)
			}
			places[v.Place], persons[v.Person] = true, true
		}
		if o.Verdict != governance.Carried && o.Verdict != governance.Rejected && o.Reason == "" {
			t.Fatalf("undecided without a reason: %+v", o)
		}
	})
}

func TestAVoteForNeverTurnsCarriedIntoRejected(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDecision(t)
		if d.acclamation {
			return
		}
		before := d.result(t)
		for i, v := range before.Entitled {
			if v.Vote == governance.VoteFor {
				continue
			}
			more := d
			more.ballots = slices.DeleteFunc(slices.Clone(d.ballots), func(b governance.Ballot) bool { return b.Place == v.Place })
			more.ballots = append(more.ballots, governance.Ballot{Place: v.Place, Person: v.Person, Vote: governance.VoteFor})
			after := more.result(t)
			if before.Verdict == governance.Carried && after.Verdict != governance.Carried {
				t.Fatalf("voter %d for: %s %v\nbefore: %v", i, after.Verdict, said(after.Lines), said(before.Lines))
			}
		}
	})
}

func TestAnOutcomeIsKeptForEver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := anyDecision(t).result(t)
		kept, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		var read governance.Outcome
		if err := json.Unmarshal(kept, &read); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(o, read); d != "" {
			t.Fatal(d)
		}
		for _, l := range read.Lines {
			for _, lang := range text.Langs {
				if s := l.In(lang); strings.ContainsAny(s, "⟨<") {
					t.Fatalf("%s %s: %q", lang, l.Key, s)
				}
			}
		}
	})
}

// Every line that has words is said by some sum: all that can be decided in a
// body of three is reckoned through.
func TestEveryLineIsSaid(t *testing.T) {
	seen := map[string]bool{}
	note := func(lines []governance.Line) {
		for _, l := range lines {
			seen[l.Key] = true
		}
	}
	r := room{places: append(places("osby", "klippan", "perstorp"), without(tenant.SeatGuest, place("guest"))), mandates: mandates("osby A", "klippan B", "perstorp C")}
	for _, here := range []string{"", "A", "A B", "A B C"} {
		r.present = persons(here)
		table := r.table()
		for _, rule := range quorums {
			for _, bias := range []string{tenant.BiasLeaves, tenant.BiasTells} {
				note(governance.Quorum(rule, table, persons("B"), bias).Lines)
				q := governance.Quorum(rule, table, persons("C"), bias)
				for _, mode := range []string{"", tenant.ByConsensus, tenant.ByUnanimity, tenant.ByMajority, tenant.ByQualified, tenant.ByAdvice} {
					for _, base := range []string{tenant.BaseCast, tenant.BaseServing, tenant.BaseSeats} {
						for _, cast := range []string{"", "++", "+-", "-+", "+.", "0-", "+0"} {
							for objections := range 2 {
								for _, casting := range []bool{true, false} {
									rule := tenant.DecisionRule{Mode: mode, Base: base, Share: "2/3", Casting: casting}
									var ballots []governance.Ballot
									if here == "A B C" {
										ballots = ballotsOf(cast)
									}
									for _, chair := range []string{"A", "C"} {
										o, err := governance.Result(rule, table, q, ballots, objections, who(chair), len(ballots) == 0 && casting)
										if err != nil {
											t.Fatal(err)
										}
										note(o.Lines)
									}
								}
							}
						}
					}
				}
			}
		}
	}
	for _, key := range text.Swedish.Keys() {
		if strings.HasPrefix(key, "reckoning.line.") && !seen[key] {
			t.Errorf("%s is never said", key)
		}
	}
}

func ballotsOf(cast string) []governance.Ballot {
	of := map[byte]governance.Vote{'+': governance.VoteFor, '-': governance.VoteAgainst, '0': governance.VoteAbstains}
	var all []governance.Ballot
	for i, v := range []struct{ place, person string }{{"osby", "A"}, {"klippan", "B"}} {
		if i < len(cast) && of[cast[i]] != "" {
			all = append(all, governance.Ballot{Place: v.place, Person: who(v.person), Vote: of[cast[i]]})
		}
	}
	return all
}

func shuffled[T any](t *rapid.T, all []T, label string) []T {
	return rapid.Permutation(all).Draw(t, label)
}
