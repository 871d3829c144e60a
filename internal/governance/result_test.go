package governance_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

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
		{name: "equal votes are no tie where more than half is needed", rule: tenant.DecisionRule{Mode: qualified, Share: "2/3"}, room: council(2, 2), votes: "+-", want: governance.Rejected, reason: "too-few",
			lines: []string{"2 får delta i beslutet", "1 för", "1 emot", "Minst 2 behövs: 2/3 av 2 avgivna röster", "Förslaget faller"}},
		{name: "nor where all have to be for", rule: tenant.DecisionRule{Mode: unanimity}, room: council(2, 2), votes: "+-", want: governance.Rejected, reason: "too-few",
			lines: []string{"2 får delta i beslutet", "1 för", "1 emot", "Alla 2 som tjänstgör måste vara för", "Förslaget faller"}},

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
