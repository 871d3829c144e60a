package web

import (
	"slices"
	"testing"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Where as many are for as against and the chair decides, the sum says so and comes out.
func TestTheChairsVoteHasItsOwnRow(t *testing.T) {
	v := &visit{Lang: text.Swedish}
	for verdict, want := range map[governance.Verdict][]sumRow{
		governance.Carried:  {{"Ordförandens utslagsröst, ja", "+", "1", ""}, {"Ja-röster över gränsen", "", "0", ""}},
		governance.Rejected: {{"Ordförandens utslagsröst, nej", "", "1", ""}, {"Ja-röster som saknas", "", "1", ""}},
	} {
		rows := v.voteSum(governance.Outcome{Mode: tenant.ByMajority, Verdict: verdict, For: 7, Against: 7, Needed: 8, Casting: true}, 0)
		at := slices.Index(rows, want[0])
		if at < 1 || rows[at-1].Label != "Ja-röster som behövs" || rows[at+1] != want[1] {
			t.Errorf("%s: %v", verdict, rows)
		}
	}
}

// Under consensus too the sum tells of those who have not voted, once somebody has.
func TestTheVotesOfASumAddUpToThoseWhoMayDecide(t *testing.T) {
	v := &visit{Lang: text.Swedish}
	o := governance.Outcome{Mode: tenant.ByConsensus, Entitled: make([]governance.Voter, 14), NotVoted: 14}
	if rows := v.voteSum(o, 0); len(rows) != 3 {
		t.Errorf("without a vote: %v", rows)
	}
	o.For, o.Abstained, o.NotVoted = 3, 2, 9
	want := []sumRow{{"Ja", "", "3", "so"}, {"Nej", "", "0", ""}, {"Avstår", "", "2", ""}, {"Har inte röstat", "", "9", ""}}
	if rows := v.voteSum(o, 0); len(rows) != 7 || !slices.Equal(rows[3:], want) {
		t.Errorf("with votes: %v", rows)
	}
}
