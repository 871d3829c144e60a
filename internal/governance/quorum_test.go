package governance_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// quorums are one rule of each sort.
var quorums = []tenant.Quorum{
	{},
	{Of: tenant.QuorumNone},
	{Of: tenant.QuorumSeats, Number: 2},
	{Of: tenant.QuorumSeats, Share: "1/2"},
	{Of: tenant.QuorumSeats, Share: "1/2", MoreThan: true, Otherwise: tenant.QuorumWarns},
	{Of: tenant.QuorumSeats, Share: "1/4", Number: 3, Otherwise: tenant.QuorumStops},
	{Of: tenant.QuorumSeats, Named: []string{"osby"}},
	{Of: tenant.QuorumParties, Number: 2},
	{Of: tenant.QuorumParties, Share: "2/3", Named: []string{"osby", "klippan"}, Otherwise: tenant.QuorumWarns},
}

// council is a body of n parties with a seat each, a to q, of which the first are here.
func council(n, here int) room {
	var r room
	for i := range n {
		key := string(rune('a' + i))
		r.places = append(r.places, place(key))
		r.mandates = append(r.mandates, mandates(key+" "+strings.ToUpper(key))...)
		if i < here {
			r.present = append(r.present, who(strings.ToUpper(key)))
		}
	}
	return r
}

func said(lines []governance.Line) []string {
	var all []string
	for _, l := range lines {
		all = append(all, l.In(text.Swedish))
	}
	return all
}

func TestWhetherEnoughServe(t *testing.T) {
	seats, parties := tenant.QuorumSeats, tenant.QuorumParties
	for _, c := range []struct {
		name    string
		room    room
		rule    tenant.Quorum
		biased  string
		bias    string
		holds   bool
		stops   bool
		missing int
		lines   []string
	}{
		{name: "two of fourteen are biased", room: council(17, 14), rule: tenant.Quorum{Of: seats, Share: "1/2", MoreThan: true}, biased: "A B Q", holds: true,
			lines: []string{"17 platser med rösträtt", "14 tjänstgör", "2 är jäviga", "12 kvar", "Minst 9 behövs: regeln är mer än 1/2 av 17", "Organet är beslutfört"}},
		{name: "bias that is only told of", room: council(4, 3), rule: tenant.Quorum{Of: seats, Number: 3}, biased: "A", bias: tenant.BiasTells, holds: true,
			lines: []string{"4 platser med rösträtt", "3 tjänstgör", "1 är jävig, men räknas enligt regeln", "Minst 3 behövs", "Organet är beslutfört"}},
		{name: "the Forum of Kronoberg has no rule", room: council(10, 1), holds: true,
			lines: []string{"10 platser med rösträtt", "1 tjänstgör", "Ingen regel är känd. Beslut kan alltså fattas hur få som än är där."}},
		{name: "the rule is that there is none", room: council(10, 1), rule: tenant.Quorum{Of: tenant.QuorumNone}, holds: true,
			lines: []string{"10 platser med rösträtt", "1 tjänstgör", "Regeln är att inget antal behövs. Beslut kan alltså fattas hur få som än är där."}},
		{name: "exactly the share, where that is enough", room: council(16, 8), rule: tenant.Quorum{Of: seats, Share: "1/2"}, holds: true,
			lines: []string{"16 platser med rösträtt", "8 tjänstgör", "Minst 8 behövs: regeln är minst 1/2 av 16", "Organet är beslutfört"}},
		{name: "exactly the share, where more is needed", room: council(16, 8), rule: tenant.Quorum{Of: seats, Share: "1/2", MoreThan: true}, stops: true, missing: 1,
			lines: []string{"16 platser med rösträtt", "8 tjänstgör", "Minst 9 behövs: regeln är mer än 1/2 av 16", "Organet är inte beslutfört: 1 saknas", "Regeln stoppar beslutet."}},
		{name: "a number above the share", room: council(16, 9), rule: tenant.Quorum{Of: seats, Share: "1/2", Number: 10, Otherwise: tenant.QuorumWarns}, missing: 1,
			lines: []string{"16 platser med rösträtt", "9 tjänstgör", "Minst 10 behövs", "Organet är inte beslutfört: 1 saknas", "Regeln varnar men stoppar inte. Protokollet säger hur få som var där."}},
		{name: "a named party is missing", room: council(3, 2), rule: tenant.Quorum{Of: seats, Named: []string{"a", "c", "gone"}}, stops: true,
			lines: []string{"3 platser med rösträtt", "2 tjänstgör", "a måste vara med, och är det", "c måste vara med, men är det inte", "gone måste vara med, men är det inte",
				"Organet är inte beslutfört", "Regeln stoppar beslutet."}},
		{name: "a named party's only server is biased", room: council(3, 3), rule: tenant.Quorum{Of: seats, Number: 1, Named: []string{"a"}}, biased: "A", stops: true,
			lines: []string{"3 platser med rösträtt", "3 tjänstgör", "1 är jävig", "2 kvar", "Minst 1 behövs", "a måste vara med, men är det inte", "Organet är inte beslutfört", "Regeln stoppar beslutet."}},
		{name: "all are biased", room: council(2, 2), rule: tenant.Quorum{Of: seats, Number: 1}, biased: "A B", stops: true, missing: 1,
			lines: []string{"2 platser med rösträtt", "2 tjänstgör", "2 är jäviga", "0 kvar", "Minst 1 behövs", "Organet är inte beslutfört: 1 saknas", "Regeln stoppar beslutet."}},
		{name: "an adjunct is not counted", room: room{places: []governance.Place{place("a"), without(tenant.SeatAdjunct, place("b"))},
			mandates: mandates("a A", "b B"), present: persons("A B")}, rule: tenant.Quorum{Of: seats, Number: 2}, stops: true, missing: 1,
			lines: []string{"1 plats med rösträtt", "1 plats utan rösträtt räknas inte", "1 tjänstgör", "Minst 2 behövs", "Organet är inte beslutfört: 1 saknas", "Regeln stoppar beslutet."}},
		{name: "an optional seat counts while it is accepted", room: room{places: []governance.Place{place("a"), without(tenant.SeatOffered, place("b"))},
			mandates: mandates("a A", "b B"), present: persons("A")}, rule: tenant.Quorum{Of: seats, Share: "1/2", MoreThan: true}, stops: true, missing: 1,
			lines: []string{"2 platser med rösträtt", "1 tjänstgör", "Minst 2 behövs: regeln är mer än 1/2 av 2", "Organet är inte beslutfört: 1 saknas", "Regeln stoppar beslutet."}},
		{name: "an optional seat that nobody accepted", room: room{places: places("a"), mandates: mandates("a A", "b B"), present: persons("A")},
			rule: tenant.Quorum{Of: seats, Share: "1/2", MoreThan: true}, holds: true,
			lines: []string{"1 plats med rösträtt", "1 tjänstgör", "Minst 1 behövs: regeln är mer än 1/2 av 1", "Organet är beslutfört"}},
		{name: "one organisation with two seats is one party", room: room{places: places("region#1", "region#2", "osby"),
			mandates: mandates("region#1 A", "region#2 B", "osby C"), present: persons("A B")}, rule: tenant.Quorum{Of: parties, Number: 2}, stops: true, missing: 1,
			lines: []string{"2 parter med rösträtt", "1 är företrädd", "Minst 2 behövs", "Organet är inte beslutfört: 1 part saknas", "Regeln stoppar beslutet."}},
		{name: "one of a party's two is biased", room: room{places: places("region#1", "region#2"),
			mandates: mandates("region#1 A", "region#2 B"), present: persons("A B")}, rule: tenant.Quorum{Of: parties, Number: 1}, biased: "A", holds: true,
			lines: []string{"1 part med rösträtt", "1 är företrädd", "Minst 1 behövs", "Organet är beslutfört"}},
		{name: "a corner serves for all who share it", room: room{places: places("corner:osby perstorp klippan", "region"),
			mandates: mandates("corner A", "region B"), present: persons("A B")}, rule: tenant.Quorum{Of: parties, Share: "3/4", Named: []string{"klippan"}}, biased: "B", holds: true,
			lines: []string{"4 parter med rösträtt", "4 är företrädda", "1 företräds bara av den som är jävig", "3 kvar", "Minst 3 behövs: regeln är minst 3/4 av 4",
				"klippan måste vara med, och är det", "Organet är beslutfört"}},
		{name: "a network has no seats", room: room{}, holds: true,
			lines: []string{"0 platser med rösträtt", "0 tjänstgör", "Ingen regel är känd. Beslut kan alltså fattas hur få som än är där."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			q := governance.Quorum(c.rule, c.room.table(), persons(c.biased), c.bias)
			if q.Holds != c.holds || q.Stops != c.stops || q.Missing != c.missing {
				t.Errorf("holds %t, stops %t, %d missing; want %t, %t, %d", q.Holds, q.Stops, q.Missing, c.holds, c.stops, c.missing)
			}
			if d := cmp.Diff(c.lines, said(q.Lines)); d != "" {
				t.Errorf("the sum (-want +got):\n%s", d)
			}
		})
	}
}

func TestTheEmptyPlacesAreToldWithTheirReasons(t *testing.T) {
	r := room{
		form:     tenant.DeputiesPersonal,
		places:   append(places("a", "b", "c", "d", "e", "f"), without(tenant.SeatGuest, place("g"))),
		mandates: mandates("a A", "b B", "c C", "c 1 D", "e A", "f F"),
		present:  persons("A F"),
	}
	q := governance.Quorum(tenant.Quorum{Of: tenant.QuorumSeats, Number: 4}, r.table(), persons("F"), "")
	var got []string
	for _, g := range q.Gaps {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s", g.Place, g.Why, g.Name)))
	}
	if d := cmp.Diff([]string{"b absent B", "c deputies-absent C", "d vacant", "e elsewhere A", "f biased F"}, got); d != "" {
		t.Errorf("gaps (-want +got):\n%s", d)
	}
	if q.Missing != 3 {
		t.Errorf("%d missing, want 3", q.Missing)
	}
}

func TestRemovingAServingSeatNeverHelpsQuorum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRoom(t)
		table := r.table()
		q := governance.Quorum(r.quorum, table, r.biased, r.bias)

		emptied := governance.Table{Chairs: slices.Clone(table.Chairs)}
		i := rapid.IntRange(0, len(emptied.Chairs)-1).Draw(t, "emptied")
		emptied.Chairs[i].Server, emptied.Chairs[i].Empty = nil, governance.EmptyAbsent
		if less := governance.Quorum(r.quorum, emptied, r.biased, r.bias); less.Counted > q.Counted || less.Holds && !q.Holds {
			t.Fatalf("without %s more count: %+v\nthan with: %+v", emptied.Chairs[i].Place.Key, less, q)
		}

		// Who goes home may be replaced, and still it never helps.
		if len(r.present) == 0 {
			return
		}
		all := governance.Quorum(r.quorum, table, nil, r.bias)
		gone := rapid.IntRange(0, len(r.present)-1).Draw(t, "gone")
		r.present = slices.Delete(slices.Clone(r.present), gone, gone+1)
		if less := governance.Quorum(r.quorum, r.table(), nil, r.bias); less.Counted > all.Counted || less.Holds && !all.Holds {
			t.Fatalf("with one less more count: %+v\nthan with: %+v", less, all)
		}
	})
}

func TestTheSumAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRoom(t)
		q := governance.Quorum(r.quorum, r.table(), r.biased, r.bias)
		if q.All < q.Serving || q.Serving-q.Biased != q.Counted || q.Counted < 0 || q.Missing != max(0, q.Needed-q.Counted) {
			t.Fatalf("%+v", q)
		}
		if q.Holds != (q.Missing == 0 && len(q.MissingParties) == 0) || q.Stops && (q.Holds || r.quorum.Otherwise == tenant.QuorumWarns) {
			t.Fatalf("%+v", q)
		}
		if r.quorum.Of != tenant.QuorumParties && q.All-q.Counted != len(q.Gaps) {
			t.Fatalf("%d of %d count, and %d places do not", q.Counted, q.All, len(q.Gaps))
		}
	})
}

// What is kept with a decision is read back as it was, in both languages.
func TestASumIsKeptForEver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRoom(t)
		q := governance.Quorum(r.quorum, r.table(), r.biased, r.bias)
		kept, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		var read governance.Reckoning
		if err := json.Unmarshal(kept, &read); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(q, read); d != "" {
			t.Fatal(d)
		}
		for i, l := range q.Lines {
			for _, lang := range text.Langs {
				if s := read.Lines[i].In(lang); s != l.In(lang) || strings.ContainsAny(s, "⟨<") {
					t.Fatalf("%s: %q", lang, s)
				}
			}
		}
	})
}
