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
