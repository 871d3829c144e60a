package governance_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/tenant"
)

// who is the identifier of a person, a party or a mandate by a name.
func who(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)) }

func persons(names string) []uuid.UUID {
	var all []uuid.UUID
	for name := range strings.FieldsSeq(names) {
		all = append(all, who(name))
	}
	return all
}

// place is a place of some parties: "alvesta", "corner: osby perstorp".
func place(written string) governance.Place {
	key, of, shared := strings.Cut(written, ":")
	if !shared {
		of, _, _ = strings.Cut(key, "#")
	}
	p := governance.Place{Key: key, Seat: tenant.Seat{Key: "seat"}, Parties: []governance.Party{}}
	for party := range strings.FieldsSeq(of) {
		p.Parties = append(p.Parties, governance.Party{ID: who(party), Key: party, Name: party})
	}
	return p
}

func places(written ...string) []governance.Place {
	var all []governance.Place
	for _, w := range written {
		all = append(all, place(w))
	}
	return all
}

func without(vote string, p governance.Place) governance.Place {
	p.Seat.Standing = vote
	return p
}

// mandates are written one a line: "alvesta Kim" holds a place, "alvesta 1 Robin"
// is its first deputy, "*alvesta 1 Noor" the first of the party's pool.
func mandates(written ...string) []governance.Mandate {
	var all []governance.Mandate
	for _, w := range written {
		words := strings.Fields(w)
		m := governance.Mandate{ID: who(w)}
		m.Name = words[len(words)-1]
		m.Person = who(m.Name)
		if len(words) == 3 {
			m.Deputy = true
			fmt.Sscan(words[1], &m.Rank)
		}
		if party, pooled := strings.CutPrefix(words[0], "*"); pooled {
			m.Organisation, m.Party = who(party), party
		} else {
			m.Place = words[0]
		}
		all = append(all, m)
	}
	return all
}

// seated is a table on a line: who serves each place, or why nobody does.
func seated(t governance.Table) string {
	var all []string
	for _, c := range t.Chairs {
		switch {
		case c.Server == nil:
			all = append(all, c.Place.Key+": "+c.Empty)
		case c.Server.Deputy && c.Holder != nil:
			all = append(all, c.Place.Key+": "+c.Server.Name+" for "+c.Holder.Name)
		case c.Server.Deputy:
			all = append(all, c.Place.Key+": "+c.Server.Name+" as deputy")
		default:
			all = append(all, c.Place.Key+": "+c.Server.Name)
		}
	}
	return strings.Join(all, ", ")
}

func TestWhoServes(t *testing.T) {
	const personal, ordered, pool, none = tenant.DeputiesPersonal, tenant.DeputiesOrdered, tenant.DeputiesPool, tenant.DeputiesNone
	alvesta := []string{"alvesta Kim", "alvesta 1 Robin", "alvesta 2 Noor"}
	for _, c := range []struct {
		name     string
		form     string
		places   []governance.Place
		mandates []governance.Mandate
		present  string
		want     string
		idle     string
	}{
		{name: "the holder is here, and the deputies too", form: personal, places: places("alvesta"), mandates: mandates(alvesta...),
			present: "Noor Robin Kim", want: "alvesta: Kim", idle: "Noor Robin"},
		{name: "the first deputy who is here", form: personal, places: places("alvesta"), mandates: mandates(alvesta...),
			present: "Noor Robin", want: "alvesta: Robin for Kim", idle: "Noor"},
		{name: "the second deputy, where the first is away", form: personal, places: places("alvesta"), mandates: mandates(alvesta...),
			present: "Noor", want: "alvesta: Noor for Kim"},
		{name: "nobody is here", form: personal, places: places("alvesta"), mandates: mandates(alvesta...),
			want: "alvesta: deputies-absent"},
		{name: "no deputy has been appointed", form: personal, places: places("alvesta"), mandates: mandates("alvesta Kim"),
			want: "alvesta: absent"},
		{name: "nobody holds it", form: personal, places: places("alvesta"), want: "alvesta: vacant"},
		{name: "a deputy serves a vacant place", form: personal, places: places("alvesta"), mandates: mandates("alvesta 1 Robin"),
			present: "Robin", want: "alvesta: Robin as deputy"},
		{name: "a rule without deputies", form: none, places: places("alvesta"), mandates: mandates(alvesta...),
			present: "Robin", want: "alvesta: absent", idle: "Robin"},
		{name: "who has no mandate serves nothing", form: pool, places: places("alvesta"), mandates: mandates("alvesta Kim"),
			present: "Stranger Kim Kim", want: "alvesta: Kim", idle: "Stranger"},

		{name: "personal deputies serve no other place", form: personal, places: places("alvesta#1", "alvesta#2"),
			mandates: mandates("alvesta#1 Kim", "alvesta#2 Lo", "alvesta#1 1 Robin", "*alvesta 1 Noor"),
			present:  "Kim Robin Noor", want: "alvesta#1: Kim, alvesta#2: absent", idle: "Robin Noor"},
		{name: "ordered deputies are called within the party, each for one place", form: ordered, places: places("alvesta#1", "alvesta#2", "tingsryd"),
			mandates: mandates("alvesta#1 Kim", "alvesta#2 Lo", "tingsryd Ola", "alvesta#1 2 Robin", "*alvesta 1 Noor", "*alvesta 3 Sam"),
			present:  "Sam Noor Robin", want: "alvesta#1: Noor for Kim, alvesta#2: Robin for Lo, tingsryd: absent", idle: "Sam"},
		{name: "of two deputies of a rank the place's own is called first", form: ordered, places: places("alvesta#1", "alvesta#2"),
			mandates: mandates("alvesta#1 Kim", "alvesta#2 Lo", "alvesta#1 1 Robin", "alvesta#2 1 Noor"),
			present:  "Kim Robin Noor", want: "alvesta#1: Kim, alvesta#2: Noor for Lo", idle: "Robin"},
		{name: "anyone of the party's pool", form: pool, places: places("alvesta", "tingsryd"),
			mandates: mandates("alvesta Kim", "tingsryd Ola", "*alvesta 2 Robin", "*alvesta 1 Noor"),
			present:  "Robin", want: "alvesta: Robin for Kim, tingsryd: absent"},
		{name: "without a rule the place's own deputy goes before the pool, and both may serve", places: places("alvesta#1", "alvesta#2"),
			mandates: mandates("alvesta#1 Kim", "alvesta#2 Lo", "alvesta#2 9 Robin", "*alvesta 1 Noor", "*alvesta 2 Sam"),
			present:  "Noor Robin Sam", want: "alvesta#1: Noor for Kim, alvesta#2: Robin for Lo", idle: "Sam"},
		{name: "without a rule another place's deputy stays out", places: places("alvesta#1", "alvesta#2"),
			mandates: mandates("alvesta#1 Kim", "alvesta#2 Lo", "alvesta#2 1 Robin"),
			present:  "Lo Robin", want: "alvesta#1: absent, alvesta#2: Lo", idle: "Robin"},

		{name: "one organisation with two seats", form: personal, places: places("region#1", "region#2"),
			mandates: mandates("region#1 Kim", "region#2 Lo"), present: "Lo Kim", want: "region#1: Kim, region#2: Lo"},
		{name: "a corner shared by several parties", form: pool, places: places("corner:osby perstorp klippan", "osby"),
			mandates: mandates("corner Kim", "osby Lo", "*perstorp 1 Robin", "*osby 2 Noor"),
			present:  "Noor Robin", want: "corner: Robin for Kim, osby: Noor for Lo"},
		{name: "a person who is deputy for two parties serves for one", form: personal, places: places("alvesta", "tingsryd"),
			mandates: mandates("alvesta Kim", "tingsryd Ola", "alvesta 1 Robin", "tingsryd 1 Robin"),
			present:  "Robin", want: "alvesta: Robin for Kim, tingsryd: deputies-absent"},
		{name: "a person who is deputy for two parties goes where nobody else can", form: personal, places: places("alvesta", "tingsryd"),
			mandates: mandates("alvesta Kim", "tingsryd Ola", "alvesta 1 Robin", "alvesta 2 Noor", "tingsryd 1 Robin"),
			present:  "Robin Noor", want: "alvesta: Noor for Kim, tingsryd: Robin for Ola"},
		{name: "who makes room for one may make room for another", form: personal, places: places("a", "b", "c", "d"),
			mandates: mandates("a 1 Noor", "a 2 Sam", "b 1 Robin", "b 2 Lo", "c 1 Robin", "c 2 Noor", "d 1 Robin"),
			present:  "Noor Sam Robin Lo", want: "a: Sam as deputy, b: Lo as deputy, c: Noor as deputy, d: Robin as deputy"},
		{name: "of two of a rank the one whose mandate comes first", form: pool, places: places("alvesta"),
			mandates: mandates("alvesta Kim", "*alvesta 1 Robin", "*alvesta 1 Noor", "*alvesta 1 Sam"),
			present:  "Noor Sam Robin", want: "alvesta: Robin for Kim", idle: "Noor Sam"},
		{name: "of two who hold a place the one whose mandate comes first", places: places("alvesta"),
			mandates: mandates("alvesta Kim", "alvesta Lo"), present: "Kim Lo", want: "alvesta: Kim", idle: "Lo"},
		{name: "one's own place goes before another's", form: personal, places: places("alvesta", "tingsryd"),
			mandates: mandates("alvesta Kim", "tingsryd Ola", "alvesta 1 Ola"), present: "Ola", want: "alvesta: deputies-absent, tingsryd: Ola"},
		{name: "who holds two places serves one, and a deputy the other", form: personal, places: places("alvesta", "tingsryd"),
			mandates: mandates("alvesta Kim", "tingsryd Kim", "alvesta 1 Robin"),
			present:  "Kim Robin", want: "alvesta: Robin for Kim, tingsryd: Kim"},
		{name: "who holds two places leaves one of them empty", form: personal, places: places("alvesta", "tingsryd"),
			mandates: mandates("alvesta Kim", "tingsryd Kim"), present: "Kim", want: "alvesta: Kim, tingsryd: elsewhere"},
		{name: "a place with a vote goes before one without", form: personal,
			places:   []governance.Place{without(tenant.SeatAdjunct, place("adjunct")), place("tingsryd"), without(tenant.SeatGuest, place("guest"))},
			mandates: mandates("adjunct Kim", "guest Lo", "tingsryd Ola", "tingsryd 1 Kim"),
			present:  "Kim Lo", want: "adjunct: elsewhere, guest: Lo, tingsryd: Kim for Ola"},
		{name: "an offered seat is served while it stands", form: personal, places: []governance.Place{without(tenant.SeatOffered, place("church"))},
			mandates: mandates("church Kim"), present: "Kim", want: "church: Kim"},
		{name: "a place without a party has deputies of its own", form: pool, places: places("expert:"),
			mandates: mandates("expert Kim", "expert 1 Robin", "*alvesta 1 Noor"), present: "Noor Robin", want: "expert: Robin for Kim", idle: "Noor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := governance.Serve(tenant.Deputies{Form: c.form}, c.places, c.mandates, persons(c.present))
			if d := cmp.Diff(c.want, seated(got)); d != "" {
				t.Errorf("who serves (-want +got):\n%s", d)
			}
			slices.Reverse(c.places)
			slices.Reverse(c.mandates)
			if d := cmp.Diff(c.want, seated(governance.Serve(tenant.Deputies{Form: c.form}, c.places, c.mandates, persons(c.present)))); d != "" {
				t.Errorf("who serves, all handed in the other way round (-want +got):\n%s", d)
			}
			idle := persons(c.idle)
			slices.SortFunc(idle, func(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) })
			if d := cmp.Diff(append([]uuid.UUID{}, idle...), got.Idle); d != "" {
				t.Errorf("who serves nothing (-want +got):\n%s", d)
			}
		})
	}
}

// room is all that a decision is reckoned from.
type room struct {
	form     string
	places   []governance.Place
	mandates []governance.Mandate
	present  []uuid.UUID
	biased   []uuid.UUID
	bias     string
	quorum   tenant.Quorum
}

func (r room) table() governance.Table {
	return governance.Serve(tenant.Deputies{Form: r.form}, r.places, r.mandates, r.present)
}

var people = strings.Fields("Ada Bo Cia Dan Eva Finn Gun Hans")

// anyRoom draws a small body in which everything that can be odd is likely to be.
func anyRoom(t *rapid.T) room {
	var r room
	parties := []string{"osby", "perstorp", "klippan"}
	for n := range rapid.IntRange(1, 5).Draw(t, "places") {
		of := rapid.SliceOfNDistinct(rapid.SampledFrom(parties), 0, 2, rapid.ID[string]).Draw(t, "parties")
		p := place(fmt.Sprintf("p%d:%s", n, strings.Join(of, " ")))
		p.Seat.Standing = rapid.SampledFrom([]string{"", "", "", tenant.SeatOffered, tenant.SeatAdjunct}).Draw(t, "standing")
		r.places = append(r.places, p)
	}
	person := rapid.SampledFrom(people)
	for _, p := range r.places {
		if rapid.IntRange(0, 4).Draw(t, "held") > 0 {
			r.mandates = append(r.mandates, mandates(p.Key+" "+person.Draw(t, "holder"))...)
		}
	}
	for n := range rapid.IntRange(0, 7).Draw(t, "deputies") {
		of := "*" + rapid.SampledFrom(parties).Draw(t, "pool")
		if rapid.Bool().Draw(t, "named") {
			of = rapid.SampledFrom(r.places).Draw(t, "place").Key
		}
		m := mandates(fmt.Sprintf("%s %d %s", of, rapid.IntRange(1, 3).Draw(t, "rank"), person.Draw(t, "deputy")))[0]
		m.ID = who(fmt.Sprint("deputy ", n))
		r.mandates = append(r.mandates, m)
	}
	some := rapid.SliceOfDistinct(rapid.Map(person, who), rapid.ID[uuid.UUID])
	r.form = rapid.SampledFrom([]string{"", tenant.DeputiesPersonal, tenant.DeputiesOrdered, tenant.DeputiesPool, tenant.DeputiesNone}).Draw(t, "form")
	r.present = some.Draw(t, "present")
	r.biased = some.Draw(t, "biased")
	r.bias = rapid.SampledFrom([]string{"", tenant.BiasLeaves, tenant.BiasTells, tenant.BiasNone}).Draw(t, "bias")
	r.quorum = rapid.SampledFrom(quorums).Draw(t, "quorum")
	return r
}

// may tells, said in another way than the program has it, whether a mandate lets
// its person serve a place.
func (r room) may(m governance.Mandate, p governance.Place) bool {
	ofParty := p.Of(m.Organisation)
	for _, q := range r.places {
		ofParty = ofParty || m.Place == q.Key && slices.ContainsFunc(q.Parties, func(party governance.Party) bool { return p.Of(party.ID) })
	}
	named := m.Place == p.Key
	switch {
	case !m.Deputy:
		return named
	case r.form == tenant.DeputiesNone:
		return false
	case r.form == tenant.DeputiesPersonal:
		return named
	case r.form == "":
		return named || m.Pooled() && ofParty
	}
	return named || ofParty
}

// most is how many places with a vote can be served at once, by trying everything.
func (r room) most(present []uuid.UUID, taken map[string]bool) int {
	if len(present) == 0 {
		return 0
	}
	person, rest := present[0], present[1:]
	holds := slices.ContainsFunc(r.mandates, func(m governance.Mandate) bool {
		return m.Person == person && !m.Deputy && slices.ContainsFunc(r.places, func(p governance.Place) bool { return p.Key == m.Place && p.Votes() })
	})
	best := r.most(rest, taken)
	for _, p := range r.places {
		fits := slices.ContainsFunc(r.mandates, func(m governance.Mandate) bool {
			return m.Person == person && (!holds || !m.Deputy) && r.may(m, p)
		})
		if fits && p.Votes() && !taken[p.Key] {
			taken[p.Key] = true
			best = max(best, 1+r.most(rest, taken))
			delete(taken, p.Key)
		}
	}
	return best
}

func TestAPersonServesOnePlaceAndAPlaceIsServedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRoom(t)
		sits := map[uuid.UUID]bool{}
		table := r.table()
		for _, c := range table.Chairs {
			if (c.Server == nil) == (c.Empty == "") {
				t.Fatalf("%s: served and empty, or neither: %+v", c.Place.Key, c)
			}
			if c.Server == nil {
				continue
			}
			if sits[c.Server.Person] {
				t.Fatalf("%s serves twice: %s", c.Server.Name, seated(table))
			}
			sits[c.Server.Person] = true
			if !slices.Contains(r.present, c.Server.Person) || !r.may(*c.Server, c.Place) {
				t.Fatalf("%s serves %s and may not: %s", c.Server.Name, c.Place.Key, seated(table))
			}
		}
		for _, person := range table.Idle {
			if sits[person] || !slices.Contains(r.present, person) {
				t.Fatalf("%s is idle and is not: %s", person, seated(table))
			}
		}
		if len(sits)+len(table.Idle) != len(r.present) {
			t.Fatalf("%d serve, %d are idle, %d are here", len(sits), len(table.Idle), len(r.present))
		}
	})
}

func TestWhoHoldsTwoPlacesServesTheFirstUnlessAnotherCan(t *testing.T) {
	day0 := day.Of(2026, time.January, 1)
	rapid.Check(t, func(t *rapid.T) {
		r := anyRoom(t)
		first := map[uuid.UUID]governance.Mandate{}
		for i, m := range r.mandates {
			if m.Deputy {
				continue
			}
			// No two begin on one day.
			r.mandates[i].From = day0.Add(10*rapid.IntRange(0, 50).Draw(t, "from") + i)
			m = r.mandates[i]
			p := r.places[slices.IndexFunc(r.places, func(p governance.Place) bool { return p.Key == m.Place })]
			if was, there := first[m.Person]; p.Votes() && (!there || m.From.Before(was.From)) {
				first[m.Person] = m
			}
		}
		table := r.table()
		served := map[string]governance.Chair{}
		for _, c := range table.Chairs {
			served[c.Place.Key] = c
		}
		for _, c := range table.Chairs {
			if c.Server == nil || c.Server.Deputy || !c.Place.Votes() {
				continue
			}
			if f := first[c.Server.Person]; f.Place != c.Place.Key && served[f.Place].Server == nil {
				t.Fatalf("%s serves %s and left %s empty: %s", c.Server.Name, c.Place.Key, f.Place, seated(table))
			}
		}
	})
}

func TestADeputyServesOnlyWhereTheHolderDoesNot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRoom(t)
		table := r.table()
		at := map[uuid.UUID]governance.Chair{}
		for _, c := range table.Chairs {
			if c.Server != nil {
				at[c.Server.Person] = c
			}
		}
		for _, c := range table.Chairs {
			if c.Server == nil || !c.Server.Deputy || c.Holder == nil || !slices.Contains(r.present, c.Holder.Person) {
				continue
			}
			// The holder is here, so he serves elsewhere: a place of his own, or one
			// with a vote instead of this one without.
			other, serves := at[c.Holder.Person]
			if !serves || other.Server.Deputy && (c.Place.Votes() || !other.Place.Votes()) {
				t.Fatalf("%s serves beside %s: %s", c.Server.Name, c.Holder.Name, seated(table))
			}
		}
	})
}

func TestAsManyPlacesAreServedAsCanBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRoom(t)
		table := r.table()
		served := 0
		for _, c := range table.Chairs {
			if c.Place.Votes() && c.Server != nil {
				served++
			}
		}
		if most := r.most(r.present, map[string]bool{}); served != most {
			t.Fatalf("%d served, %d can be: %s", served, most, seated(table))
		}
	})
}

func TestOnePersonMoreEmptiesNoPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyRoom(t)
		with := r.table()
		if len(r.present) == 0 {
			return
		}
		gone := rapid.IntRange(0, len(r.present)-1).Draw(t, "gone")
		r.present = slices.Delete(slices.Clone(r.present), gone, gone+1)
		less := r.table()
		for i, c := range with.Chairs {
			if c.Place.Votes() && c.Server == nil && less.Chairs[i].Server != nil {
				t.Fatalf("with one more: %s\nwithout: %s", seated(with), seated(less))
			}
		}
	})
}
