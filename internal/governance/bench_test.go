package governance_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/tenant"
)

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
