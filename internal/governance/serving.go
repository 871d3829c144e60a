package governance

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/tenant"
)

// Table is who serves which place now, and who is here and serves none.
type Table struct {
	Chairs []Chair     `json:"chairs" nullable:"false" doc:"The places, by key."`
	Idle   []uuid.UUID `json:"idle" nullable:"false" doc:"Those who are here and serve no place."`
}

// Chair is a place with who serves it, or why nobody does.
type Chair struct {
	Place  Place    `json:"place" doc:"The place."`
	Holder *Mandate `json:"holder,omitempty" doc:"Its ordinary holder, here or not. Left out: it is vacant."`
	Server *Mandate `json:"server,omitempty" doc:"Who serves it, its holder or a deputy. Left out: nobody does."`
	Empty  string   `json:"empty,omitempty" enum:",vacant,absent,deputies-absent,elsewhere" doc:"Why nobody serves it: nobody holds it; its holder is away and nobody may serve instead; its deputies are away too, or serve other places; its holder serves another place." example:"absent"`
}

// Why nobody serves a place, or why who serves it is not counted.
const (
	EmptyVacant    = "vacant"
	EmptyAbsent    = "absent"
	EmptyDeputies  = "deputies-absent"
	EmptyElsewhere = "elsewhere"
	EmptyBiased    = "biased"
)

// Serve tells who serves which place, of those who are present. The mandates are
// the body's that hold on the day, the places those that stand that day.
//
// A holder who is here serves; else a deputy does, as the rule has it. Personal
// deputies are those named for the place. Ordered, and of a pool, are all of the
// party's, of any party where several share the place. They are called by rank,
// then those named for the place first, then as their mandates are. Where the
// rule is unknown, who has been appointed may serve: those named for the place,
// then those of the pool. A vacant place is served by a deputy as well.
//
// A person serves one place, one's own before another's, and one with a vote
// before one without. Who holds several serves the one that he was appointed to
// first, unless a deputy can have that and nobody else the other. As many places are served as can be, in whatever order
// anything is handed in.
func Serve(rule tenant.Deputies, places []Place, mandates []Mandate, present []uuid.UUID) Table {
	s := seating{
		appointments: appoint(rule.Form, places, mandates),
		chairs:       make([]Chair, len(places)),
		here:         make(map[uuid.UUID]bool, len(present)),
		sits:         make(map[uuid.UUID]int, len(present)),
	}
	for _, person := range present {
		s.here[person] = true
	}
	for i, place := range slices.SortedFunc(slices.Values(places), byKey) {
		s.chairs[i].Place = place
		if holders := s.holders[place.Key]; len(holders) > 0 {
			s.chairs[i].Holder = holders[0]
		}
	}
	s.fill(true)
	s.fill(false)

	t := Table{Chairs: s.chairs, Idle: []uuid.UUID{}}
	for i := range t.Chairs {
		t.Chairs[i].Empty = s.empty(t.Chairs[i])
	}
	for person := range s.here {
		if _, sits := s.sits[person]; !sits {
			t.Idle = append(t.Idle, person)
		}
	}
	slices.SortFunc(t.Idle, byID)
	return t
}

// appointments are the mandates, to be found by place and by party.
type appointments struct {
	form    string
	holders map[string][]*Mandate
	named   map[string][]*Mandate    // deputies for one place
	called  map[uuid.UUID][]*Mandate // deputies for any place of a party
}

func appoint(form string, places []Place, mandates []Mandate) appointments {
	a := appointments{
		form:    form,
		holders: make(map[string][]*Mandate, len(places)),
		named:   make(map[string][]*Mandate, len(places)),
		called:  make(map[uuid.UUID][]*Mandate, len(places)),
	}
	parties := make(map[string][]Party, len(places))
	for _, place := range places {
		parties[place.Key] = place.Parties
	}
	for i := range mandates {
		m := &mandates[i]
		switch {
		case !m.Deputy:
			a.holders[m.Place] = append(a.holders[m.Place], m)
			continue
		case form == tenant.DeputiesNone:
			continue
		case !m.Pooled():
			a.named[m.Place] = append(a.named[m.Place], m)
		}
		switch {
		case form == tenant.DeputiesPersonal, form == "" && !m.Pooled():
		case m.Organisation != uuid.Nil:
			a.called[m.Organisation] = append(a.called[m.Organisation], m)
		default:
			for _, party := range parties[m.Place] {
				a.called[party.ID] = append(a.called[party.ID], m)
			}
		}
	}
	for _, held := range a.holders {
		slices.SortFunc(held, func(x, y *Mandate) int { return byID(x.ID, y.ID) })
	}
	return a
}

// deputies are those who may serve a place, here or not, in the order in which
// they are called.
func (a appointments) deputies(p Place) []*Mandate {
	all := slices.Clone(a.named[p.Key])
	for _, party := range p.Parties {
		all = append(all, a.called[party.ID]...)
	}
	others := func(m *Mandate) int {
		if m.Place == p.Key {
			return 0
		}
		return 1
	}
	slices.SortFunc(all, func(x, y *Mandate) int {
		first, then := cmp.Compare(x.Rank, y.Rank), cmp.Compare(others(x), others(y))
		if a.form == "" {
			first, then = then, first
		}
		return cmp.Or(first, then, byID(x.ID, y.ID))
	})
	// One who is named for a place is also one of its party's.
	return slices.Compact(all)
}

// seating is the search for who serves where: a matching between places and
// those who may serve them. Places are filled one after another, each so that
// none before it is emptied: that serves as many as can be, and one person more
// in the room never leaves a place empty that was served without.
type seating struct {
	appointments
	chairs []Chair
	here   map[uuid.UUID]bool
	sits   map[uuid.UUID]int // the chair of each who serves
	may    [][]*Mandate      // who may serve each chair, first called first
}

// fill fills the places with a vote, or those without, from those who sit nowhere yet.
func (s *seating) fill(votes bool) {
	free := func(m *Mandate) bool {
		_, sits := s.sits[m.Person]
		return s.here[m.Person] && !sits
	}
	holds := map[uuid.UUID]bool{}
	for _, c := range s.chairs {
		if c.Place.Votes() == votes {
			for _, m := range s.holders[c.Place.Key] {
				holds[m.Person] = true
			}
		}
	}
	s.may = make([][]*Mandate, len(s.chairs))
	for i, c := range s.chairs {
		if c.Place.Votes() != votes {
			continue
		}
		for _, m := range s.holders[c.Place.Key] {
			if free(m) {
				s.may[i] = append(s.may[i], m)
			}
		}
		for _, m := range s.deputies(c.Place) {
			if free(m) && !holds[m.Person] {
				s.may[i] = append(s.may[i], m)
			}
		}
	}
	s.settle()
	asked := map[uuid.UUID]bool{}
	for i := range s.chairs {
		// Who could not help one place by moving cannot help the next, until
		// somebody is seated.
		if s.chairs[i].Server == nil && s.seat(i, asked) {
			clear(asked)
		}
	}
}

// settle seats those who hold a place, each where he was appointed to first.
func (s *seating) settle() {
	type own struct {
		chair int
		*Mandate
	}
	var held []own
	for i, may := range s.may {
		for _, m := range may {
			if !m.Deputy {
				held = append(held, own{i, m})
			}
		}
	}
	slices.SortFunc(held, func(x, y own) int { return cmp.Or(x.From.Compare(y.From), byID(x.ID, y.ID)) })
	for _, m := range held {
		if _, sits := s.sits[m.Person]; !sits && s.chairs[m.chair].Server == nil {
			s.sit(m.chair, m.Mandate)
		}
	}
}

// seat finds somebody for a chair: one who sits nowhere, else one whose own
// chair another can take.
func (s *seating) seat(i int, asked map[uuid.UUID]bool) bool {
	for _, m := range s.may[i] {
		if _, sits := s.sits[m.Person]; !sits {
			return s.sit(i, m)
		}
	}
	for _, m := range s.may[i] {
		if asked[m.Person] {
			continue
		}
		asked[m.Person] = true
		if s.seat(s.sits[m.Person], asked) {
			return s.sit(i, m)
		}
	}
	return false
}

func (s *seating) sit(i int, m *Mandate) bool {
	s.chairs[i].Server = m
	s.sits[m.Person] = i
	return true
}

func (s *seating) empty(c Chair) string {
	switch {
	case c.Server != nil:
		return ""
	case c.Holder == nil:
		return EmptyVacant
	case s.here[c.Holder.Person]:
		return EmptyElsewhere
	case len(s.deputies(c.Place)) > 0:
		return EmptyDeputies
	}
	return EmptyAbsent
}

func byKey(x, y Place) int { return strings.Compare(x.Key, y.Key) }

func byID(x, y uuid.UUID) int { return bytes.Compare(x[:], y[:]) }
