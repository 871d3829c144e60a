package governance_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// votes are cast by those who serve the places in turn: + for, - against, 0
// abstains, . nothing.
func votes(t governance.Table, written string) []governance.Ballot {
	var all []governance.Ballot
	of := map[rune]governance.Vote{'+': governance.VoteFor, '-': governance.VoteAgainst, '0': governance.VoteAbstains}
	for i, sign := range written {
		if vote := of[sign]; vote != "" {
			all = append(all, governance.Ballot{Place: t.Chairs[i].Place.Key, Person: t.Chairs[i].Server.Person, Vote: vote})
		}
	}
	return all
}

func TestWhatADecisionComesTo(t *testing.T) {
	const (
		unanimity, majority, qualified = tenant.ByUnanimity, tenant.ByMajority, tenant.ByQualified
		serving, seats                 = tenant.BaseServing, tenant.BaseSeats
	)
	casting := tenant.DecisionRule{Mode: majority, Casting: true}
	for _, c := range []struct {
		name        string
		rule        tenant.DecisionRule
		room        room
		quorum      tenant.Quorum
		biased      string
		votes       string
		objections  int
		chair       string
		acclamation bool
		want        governance.Verdict
		reason      string
		lines       []string
	}{
		{name: "consensus", rule: tenant.DecisionRule{Mode: tenant.ByConsensus}, room: council(3, 2), want: governance.Carried,
			lines: []string{"2 får delta i beslutet", "Ingen invänder", "Förslaget bifalls"}},
		{name: "an objection is no consensus", rule: tenant.DecisionRule{Mode: tenant.ByConsensus}, room: council(3, 2), objections: 1, want: governance.Undecided, reason: "objection",
			lines: []string{"2 får delta i beslutet", "1 invänder", "Inget beslut"}},
		{name: "a vote against is no consensus", rule: tenant.DecisionRule{Mode: tenant.ByConsensus}, room: council(3, 3), votes: "+-+", want: governance.Undecided, reason: "objection",
			lines: []string{"3 får delta i beslutet", "1 röstar emot, och det räknas som en invändning", "Inget beslut"}},
		{name: "the Forum of Kronoberg has no rule", room: council(10, 4), acclamation: true, want: governance.Carried,
			lines: []string{"4 får delta i beslutet", "Ingen regel är känd: beslutet står när ingen invänder.", "Ingen invänder", "Förslaget bifalls"}},

		{name: "the unanimity of Blekinge", rule: tenant.DecisionRule{Mode: unanimity}, room: council(6, 5), votes: "+++++", want: governance.Carried,
			lines: []string{"5 får delta i beslutet", "5 för", "0 emot", "Alla 5 som tjänstgör måste vara för", "Förslaget bifalls"}},
		{name: "unanimity with one who abstains", rule: tenant.DecisionRule{Mode: unanimity}, room: council(6, 5), votes: "++++0", want: governance.Rejected, reason: "too-few",
			lines: []string{"5 får delta i beslutet", "4 för", "0 emot", "1 avstår", "Alla 5 som tjänstgör måste vara för", "Förslaget faller"}},
		{name: "unanimity of the votes cast", rule: tenant.DecisionRule{Mode: unanimity, Base: tenant.BaseCast}, room: council(6, 5), votes: "+++.0", want: governance.Carried,
			lines: []string{"5 får delta i beslutet", "3 för", "0 emot", "1 avstår", "1 har inte röstat", "Alla 3 avgivna röster måste vara för", "Förslaget bifalls"}},
		{name: "unanimity of all seats, one of them empty", rule: tenant.DecisionRule{Mode: unanimity, Base: seats}, room: council(6, 5), acclamation: true, want: governance.Rejected, reason: "too-few",
			lines: []string{"5 får delta i beslutet", "Acklamation utan invändning. Alla som får delta är alltså för.", "Alla 6 platser måste vara för", "Förslaget faller"}},
		{name: "unanimity of all seats", rule: tenant.DecisionRule{Mode: unanimity, Base: seats}, room: council(6, 6), acclamation: true, want: governance.Carried,
			lines: []string{"6 får delta i beslutet", "Acklamation utan invändning. Alla som får delta är alltså för.", "Alla 6 platser måste vara för", "Förslaget bifalls"}},
		{name: "unanimity, and one objects", rule: tenant.DecisionRule{Mode: unanimity}, room: council(2, 2), votes: "++", objections: 1, want: governance.Rejected, reason: "objection",
			lines: []string{"2 får delta i beslutet", "2 för", "0 emot", "Alla 2 som tjänstgör måste vara för", "1 invänder", "Förslaget faller"}},

		{name: "a majority of the votes cast", rule: tenant.DecisionRule{Mode: majority}, room: council(9, 8), votes: "++--+00.", want: governance.Carried,
			lines: []string{"8 får delta i beslutet", "3 för", "2 emot", "2 avstår", "1 har inte röstat", "Minst 3 behövs: mer än hälften av 5 avgivna röster", "Förslaget bifalls"}},
		{name: "a majority of all who serve", rule: tenant.DecisionRule{Mode: majority, Base: serving}, room: council(9, 8), votes: "++++-00.", want: governance.Rejected, reason: "too-few",
			lines: []string{"8 får delta i beslutet", "4 för", "1 emot", "2 avstår", "1 har inte röstat", "Minst 5 behövs: mer än hälften av 8 som tjänstgör", "Förslaget faller"}},
		{name: "a majority of all seats, by acclamation", rule: tenant.DecisionRule{Mode: majority, Base: seats}, room: council(9, 5), acclamation: true, want: governance.Carried,
			lines: []string{"5 får delta i beslutet", "Acklamation utan invändning. Alla som får delta är alltså för.", "Minst 5 behövs: mer än hälften av 9 platser", "Förslaget bifalls"}},
		{name: "acclamation, and one objects", rule: tenant.DecisionRule{Mode: majority}, room: council(3, 3), acclamation: true, objections: 1, want: governance.Undecided, reason: "objection",
			lines: []string{"3 får delta i beslutet", "1 invänder", "Acklamation räcker bara när ingen invänder. Rösta i stället.", "Inget beslut"}},
		{name: "nobody votes", rule: tenant.DecisionRule{Mode: majority}, room: council(3, 3), votes: "0..", want: governance.Undecided, reason: "no-votes",
			lines: []string{"3 får delta i beslutet", "0 för", "0 emot", "1 avstår", "2 har inte röstat", "Ingen har röstat för eller emot", "Inget beslut"}},
		{name: "a qualified majority, just reached", rule: tenant.DecisionRule{Mode: qualified, Share: "2/3"}, room: council(6, 6), votes: "++++--", want: governance.Carried,
			lines: []string{"6 får delta i beslutet", "4 för", "2 emot", "Minst 4 behövs: 2/3 av 6 avgivna röster", "Förslaget bifalls"}},
		{name: "a qualified majority of seats, just missed", rule: tenant.DecisionRule{Mode: qualified, Share: "2/3", Base: seats}, room: council(7, 4), votes: "++++", want: governance.Rejected, reason: "too-few",
			lines: []string{"4 får delta i beslutet", "4 för", "0 emot", "Minst 5 behövs: 2/3 av 7 platser", "Förslaget faller"}},

		{name: "a tie without a casting vote", rule: tenant.DecisionRule{Mode: majority}, room: council(4, 4), votes: "++--", chair: "A", want: governance.Rejected, reason: "tie",
			lines: []string{"4 får delta i beslutet", "2 för", "2 emot", "Minst 3 behövs: mer än hälften av 4 avgivna röster", "Lika många för som emot, och ingen har utslagsröst", "Förslaget faller"}},
		{name: "a tie, and the chair is for", rule: casting, room: council(4, 4), votes: "++--", chair: "A", want: governance.Carried, reason: "casting",
			lines: []string{"4 får delta i beslutet", "2 för", "2 emot", "Minst 3 behövs: mer än hälften av 4 avgivna röster", "Lika många för som emot. Ordförandens utslagsröst är för.", "Förslaget bifalls"}},
		{name: "a tie, and the chair is against", rule: casting, room: council(4, 4), votes: "++--", chair: "D", want: governance.Rejected, reason: "casting",
			lines: []string{"4 får delta i beslutet", "2 för", "2 emot", "Minst 3 behövs: mer än hälften av 4 avgivna röster", "Lika många för som emot. Ordförandens utslagsröst är emot.", "Förslaget faller"}},
		{name: "a tie, and the chair has not voted", rule: casting, room: council(4, 3), votes: "+-.", chair: "C", want: governance.Undecided, reason: "casting",
			lines: []string{"3 får delta i beslutet", "1 för", "1 emot", "1 har inte röstat", "Minst 2 behövs: mer än hälften av 2 avgivna röster",
				"Lika många för som emot. Ordföranden har utslagsröst och har inte sagt för eller emot.", "Inget beslut"}},
		{name: "a tie, and the chair is biased", rule: casting, room: council(3, 3), biased: "C", votes: "+-.", chair: "C", want: governance.Rejected, reason: "tie",
			lines: []string{"2 får delta i beslutet", "1 för", "1 emot", "Minst 2 behövs: mer än hälften av 2 avgivna röster",
				"Lika många för som emot. Ordföranden har utslagsröst men får inte delta i beslutet.", "Förslaget faller"}},
		{name: "equal votes are no tie where all who serve are counted", rule: tenant.DecisionRule{Mode: majority, Base: serving, Casting: true}, room: council(3, 3), votes: "+-0", chair: "A",
			want: governance.Rejected, reason: "too-few",
			lines: []string{"3 får delta i beslutet", "1 för", "1 emot", "1 avstår", "Minst 2 behövs: mer än hälften av 3 som tjänstgör", "Förslaget faller"}},

		{name: "advice", rule: tenant.DecisionRule{Mode: tenant.ByAdvice}, room: council(3, 3), votes: "++-", want: governance.Carried,
			lines: []string{"3 får delta i beslutet", "2 för", "1 emot", "Minst 2 behövs: mer än hälften av 3 avgivna röster", "Rådet är att bifalla förslaget", "Ett råd binder ingen"}},
		{name: "too few serve", rule: tenant.DecisionRule{Mode: majority}, room: council(3, 1), quorum: tenant.Quorum{Of: tenant.QuorumSeats, Number: 2}, votes: "+", want: governance.Undecided, reason: "quorum",
			lines: []string{"1 får delta i beslutet", "För få tjänstgör för att besluta", "Inget beslut"}},
		{name: "too few serve, and the rule warns", rule: tenant.DecisionRule{Mode: majority}, room: council(3, 1), quorum: tenant.Quorum{Of: tenant.QuorumSeats, Number: 2, Otherwise: tenant.QuorumWarns}, votes: "+",
			want:  governance.Carried,
			lines: []string{"1 får delta i beslutet", "1 för", "0 emot", "Minst 1 behövs: mer än hälften av 1 avgiven röst", "Förslaget bifalls"}},
		{name: "all are biased and there is no quorum", rule: tenant.DecisionRule{Mode: tenant.ByConsensus}, room: council(2, 2), biased: "A B", want: governance.Undecided, reason: "nobody",
			lines: []string{"0 får delta i beslutet", "Ingen finns kvar som får besluta", "Inget beslut"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := c.room.table()
			q := governance.Quorum(c.quorum, table, persons(c.biased), "")
			o, err := governance.Result(c.rule, table, q, votes(table, c.votes), c.objections, who(c.chair), c.acclamation)
			if err != nil {
				t.Fatal(err)
			}
			if o.Verdict != c.want || o.Reason != c.reason {
				t.Errorf("%s, %q; want %s, %q", o.Verdict, o.Reason, c.want, c.reason)
			}
			if o.Casting != (c.reason == "casting" && c.want != governance.Undecided) || o.Binding == (c.rule.Mode == tenant.ByAdvice) {
				t.Errorf("casting %t, binding %t", o.Casting, o.Binding)
			}
			if d := cmp.Diff(c.lines, said(o.Lines)); d != "" {
				t.Errorf("the sum (-want +got):\n%s", d)
			}
		})
	}
}

func TestABallotThatCannotCountIsNamed(t *testing.T) {
	r := room{
		form:     tenant.DeputiesPersonal,
		places:   append(places("a", "b", "c"), without(tenant.SeatAdjunct, place("d"))),
		mandates: mandates("a A", "a 1 B", "b C", "c E", "d D"),
		present:  persons("A B D E"),
	}
	table := r.table()
	q := governance.Quorum(tenant.Quorum{}, table, persons("E"), "")
	ballot := func(place, person string, vote governance.Vote) governance.Ballot {
		return governance.Ballot{Place: place, Person: who(person), Vote: vote}
	}
	for _, c := range []struct {
		key     string
		ballots []governance.Ballot
	}{
		{"ballot.no_place", []governance.Ballot{ballot("z", "A", "for")}},
		{"ballot.voteless", []governance.Ballot{ballot("d", "D", "for")}},
		{"ballot.nobody_serves", []governance.Ballot{ballot("b", "C", "for")}},
		{"ballot.another_serves", []governance.Ballot{ballot("a", "B", "for")}},
		{"ballot.biased", []governance.Ballot{ballot("c", "E", "for")}},
		{"ballot.twice", []governance.Ballot{ballot("a", "A", "for"), ballot("a", "A", "for")}},
		{"ballot.unknown", []governance.Ballot{ballot("a", "A", "perhaps")}},
	} {
		o, err := governance.Result(tenant.DecisionRule{Mode: tenant.ByMajority}, table, q, c.ballots, 0, uuid.Nil, false)
		faults := fault.All(err)
		if len(faults) != 1 || faults[0].Key != c.key || faults[0].Field != fmt.Sprintf("/ballots/%d", len(c.ballots)-1) || faults[0].Args["place"] == "" {
			t.Errorf("%s: %v", c.key, err)
		}
		if o.For != 0 || o.Verdict != "" {
			t.Errorf("%s: counted all the same: %+v", c.key, o)
		}
		for _, lang := range text.Langs {
			if s := lang.Fill(c.key, faults[0].Args); strings.ContainsAny(s, "⟨<") || !text.Has(c.key+"_detail") {
				t.Errorf("%s: %s, or no detail", c.key, s)
			}
		}
	}
	_, err := governance.Result(tenant.DecisionRule{Mode: tenant.ByMajority}, table, q, []governance.Ballot{ballot("a", "A", "for"), ballot("b", "C", "for"), ballot("c", "E", "for")}, 0, uuid.Nil, false)
	if n := len(fault.All(err)); n != 2 {
		t.Errorf("%d faults, want both: %v", n, err)
	}
	if _, err := governance.Result(tenant.DecisionRule{Mode: tenant.ByMajority}, table, q, []governance.Ballot{ballot("a", "A", "for")}, 0, uuid.Nil, true); !fault.Is(err, "ballot.acclamation") {
		t.Errorf("votes were counted by acclamation: %v", err)
	}
	if _, err := governance.Result(tenant.DecisionRule{Mode: tenant.ByNothing}, table, q, nil, 0, uuid.Nil, false); !fault.Is(err, "ballot.decides_nothing") {
		t.Errorf("a body that decides nothing decided: %v", err)
	}
}

func TestWhoDecidedIsKept(t *testing.T) {
	r := room{
		form:     tenant.DeputiesPool,
		places:   places("alvesta", "corner:osby perstorp", "vacant:region"),
		mandates: mandates("alvesta Kim", "corner Lo", "*perstorp 1 Robin", "*region 1 Noor"),
		present:  persons("Kim Robin Noor"),
	}
	table := r.table()
	o, err := governance.Result(tenant.DecisionRule{Mode: tenant.ByMajority}, table, governance.Quorum(tenant.Quorum{}, table, nil, ""), votes(table, "+-"), 0, uuid.Nil, false)
	if err != nil {
		t.Fatal(err)
	}
	want := []governance.Voter{
		{Place: "alvesta", Party: "alvesta", Person: who("Kim"), Name: "Kim", Vote: governance.VoteFor},
		{Place: "corner", Party: "perstorp", Person: who("Robin"), Name: "Robin", Deputy: true, For: "Lo", Vote: governance.VoteAgainst},
		{Place: "vacant", Party: "region", Person: who("Noor"), Name: "Noor", Deputy: true},
	}
	if d := cmp.Diff(want, o.Entitled); d != "" {
		t.Errorf("entitled (-want +got):\n%s", d)
	}
}

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

// A body of 400 seats, a quarter of them served by deputies: all that is
// reckoned for one decision.
func BenchmarkDecision(b *testing.B) {
	var r room
	var present []string
	for n := range 400 {
		key := fmt.Sprintf("party%03d", n)
		r.places = append(r.places, place(key))
		r.mandates = append(r.mandates, mandates(fmt.Sprintf("%s H%d", key, n), fmt.Sprintf("%s 1 D%d", key, n), fmt.Sprintf("*%s 2 P%d", key, n))...)
		switch {
		case n%4 > 0:
			present = append(present, fmt.Sprintf("H%d", n))
		case n%8 > 0:
			present = append(present, fmt.Sprintf("D%d", n))
		default:
			present = append(present, fmt.Sprintf("P%d", n))
		}
	}
	r.present = persons(strings.Join(present, " "))
	r.form = tenant.DeputiesOrdered
	biased := r.present[:10]
	table := r.table()
	quorum := tenant.Quorum{Of: tenant.QuorumParties, Share: "1/2", MoreThan: true}
	rule := tenant.DecisionRule{Mode: tenant.ByMajority, Casting: true}
	q := governance.Quorum(quorum, table, biased, tenant.BiasLeaves)
	var ballots []governance.Ballot
	for i, c := range table.Chairs {
		if !slices.Contains(biased, c.Server.Person) {
			ballots = append(ballots, governance.Ballot{Place: c.Place.Key, Person: c.Server.Person, Vote: []governance.Vote{governance.VoteFor, governance.VoteAgainst}[i%2]})
		}
	}
	b.Run("serve", func(b *testing.B) {
		for b.Loop() {
			r.table()
		}
	})
	b.Run("quorum", func(b *testing.B) {
		for b.Loop() {
			governance.Quorum(quorum, table, biased, tenant.BiasLeaves)
		}
	})
	b.Run("result", func(b *testing.B) {
		for b.Loop() {
			if _, err := governance.Result(rule, table, q, ballots, 0, r.present[20], false); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			t := r.table()
			if _, err := governance.Result(rule, t, governance.Quorum(quorum, t, biased, tenant.BiasLeaves), ballots, 0, r.present[20], false); err != nil {
				b.Fatal(err)
			}
		}
	})
}
