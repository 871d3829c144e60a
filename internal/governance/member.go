package governance

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Member is a place at a body's table and who has it on a day.
type Member struct {
	Place
	Holder   *Mandate  `json:"holder,omitempty" doc:"Who holds it. Left out: nobody."`
	Deputies []Mandate `json:"deputies" nullable:"false" doc:"Its deputies and those of its party's pool, in the order in which they are called."`
	// VacantSince is the first day that nobody has held it; none where that is
	// not known, or somebody does.
	VacantSince day.Day `json:"vacantSince,omitzero" doc:"From which day nobody has held it. Empty: somebody does, or it is not known." example:"2027-02-01"`
}

// Vacant tells whether nobody holds the place.
func (m Member) Vacant() bool { return m.Holder == nil }

// Members are a body's places on a day, each with who has it.
func Members(ctx context.Context, tx *pg.Tx, body string, on day.Day) ([]Member, error) {
	b, err := BodyOn(tx, body, on)
	if err != nil {
		return nil, err
	}
	t, err := tableOn(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	s, err := sittingOn(ctx, tx, body, on)
	if err != nil {
		return nil, err
	}
	return s.members(tx, b, t.places(b)), nil
}

// Mandates are those in a body that hold on a day: what Serve seats people by.
func Mandates(ctx context.Context, tx *pg.Tx, body string, on day.Day) ([]Mandate, error) {
	if _, err := BodyOn(tx, body, on); err != nil {
		return nil, err
	}
	s, err := sittingOn(ctx, tx, body, on)
	return append([]Mandate{}, s.held[body]...), err
}

// sitting is who holds what on a day, by body, and since when what nobody holds
// is empty.
type sitting struct {
	on      day.Day
	held    map[string][]Mandate
	emptied map[string][]governancedb.EmptiedRow
}

// sittingOn asks two questions, of a body or ("") of all.
func sittingOn(ctx context.Context, tx *pg.Tx, body string, on day.Day) (sitting, error) {
	s := sitting{on: on, held: map[string][]Mandate{}, emptied: map[string][]governancedb.EmptiedRow{}}
	q := governancedb.New(tx)
	held, err := q.Held(ctx, governancedb.HeldParams{Body: body, OnDay: on})
	if err != nil {
		return s, err
	}
	for _, r := range held {
		s.held[r.Mandate.Body] = append(s.held[r.Mandate.Body], made(r.Mandate, r.Name, r.Title, r.Party))
	}
	emptied, err := q.Emptied(ctx, governancedb.EmptiedParams{Body: body, OnDay: on})
	for _, e := range emptied {
		s.emptied[e.Body] = append(s.emptied[e.Body], e)
	}
	return s, err
}

func (s sitting) members(tx *pg.Tx, b tenant.Body, ps []Place) []Member {
	a := appoint(b.Rules.Deputies.Form, ps, s.held[b.Key])
	ms := make([]Member, len(ps))
	for i, p := range ps {
		m := Member{Place: p, Deputies: []Mandate{}}
		for _, d := range a.deputies(p) {
			if !slices.ContainsFunc(m.Deputies, func(other Mandate) bool { return other.ID == d.ID }) {
				m.Deputies = append(m.Deputies, *d)
			}
		}
		if held := a.holders[p.Key]; len(held) > 0 {
			m.Holder = held[0]
		} else {
			m.VacantSince = s.since(tx, b, p, func(e governancedb.EmptiedRow) bool { return !e.Deputy && e.Place == p.Key })
		}
		ms[i] = m
	}
	return ms
}

// deputyless is the first day that a place has had no deputy.
func (s sitting) deputyless(tx *pg.Tx, b tenant.Body, p Place) day.Day {
	named := b.Rules.Deputies.Form == tenant.DeputiesPersonal
	return s.since(tx, b, p, func(e governancedb.EmptiedRow) bool {
		return e.Deputy && (e.Place == p.Key || !named && p.Of(e.OrganisationID.UUID))
	})
}

// since is the day that what is asked for ended last, or that the seat came.
func (s sitting) since(tx *pg.Tx, b tenant.Body, p Place, asked func(governancedb.EmptiedRow) bool) day.Day {
	from := since(tx.County, b.Key, p.Seat.Key, s.on)
	for _, e := range s.emptied[b.Key] {
		if asked(e) {
			from = later(from, e.LastDay)
		}
	}
	return from
}

func later(a, b day.Day) day.Day {
	if a.Before(b) {
		return b
	}
	return a
}

// Seat is a mandate with the body and the place that it is for.
type Seat struct {
	Mandate
	BodyName  tenant.Words `json:"bodyName" doc:"What the body is called."`
	PlaceName string       `json:"placeName,omitempty" doc:"What the place is called." example:"Alvesta kommun"`
	Level     string       `json:"level,omitempty" doc:"From which level its holder comes. Empty: unknown." example:"political"`
	Binds     string       `json:"binds,omitempty" enum:"binds,refers-back" doc:"Whether its holder may bind the party, or must take the matter home. Empty: unknown." example:"binds"`
	Votes     bool         `json:"votes" doc:"Whether whoever serves it takes part in decisions." example:"true"`
}

// Speakers are those who may speak for an organisation on a day: who holds a
// place of its own or one that it shares, and their deputies.
func Speakers(ctx context.Context, tx *pg.Tx, who uuid.UUID, on day.Day) ([]Seat, error) {
	return sits(ctx, tx, uuid.Nil, on, func(m Mandate, p Place) bool { return m.Organisation == who || m.Place != "" && p.Of(who) })
}

// Seats are a person's mandates on a day.
func Seats(ctx context.Context, tx *pg.Tx, who uuid.UUID, on day.Day) ([]Seat, error) {
	if who == uuid.Nil {
		return []Seat{}, tx.Require(auth.GovernanceRead)
	}
	return sits(ctx, tx, who, on, func(Mandate, Place) bool { return true })
}

// sits are the mandates that hold on a day, of a person or (zero) all, in the
// order of the bodies; keep chooses. What the configuration no longer has a
// place for is no seat.
func sits(ctx context.Context, tx *pg.Tx, who uuid.UUID, on day.Day, keep func(Mandate, Place) bool) ([]Seat, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return nil, err
	}
	t, err := tableOn(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	held, err := governancedb.New(tx).Held(ctx, governancedb.HeldParams{PersonID: who, OnDay: on})
	if err != nil {
		return nil, err
	}
	of := map[string][]Mandate{}
	for _, r := range held {
		of[r.Mandate.Body] = append(of[r.Mandate.Body], made(r.Mandate, r.Name, r.Title, r.Party))
	}
	all := []Seat{}
	for _, b := range t.bodies.Bodies {
		var ps []Place
		if len(of[b.Key]) > 0 {
			ps = t.places(b)
		}
		for _, m := range of[b.Key] {
			p, there := placeIn(ps, m.Place)
			if m.Pooled() {
				i := slices.IndexFunc(ps, func(p Place) bool { return p.Votes() && p.Of(m.Organisation) })
				if there = i >= 0; there {
					p = ps[i]
				}
			}
			if !there || !keep(m, p) {
				continue
			}
			s := Seat{Mandate: m, BodyName: b.Name, Level: p.Seat.Level, Binds: p.Seat.Mandate, Votes: p.Votes()}
			if !m.Pooled() {
				s.PlaceName = p.Name(string(text.Swedish))
			}
			all = append(all, s)
		}
	}
	return all, nil
}

// RequireSeat is for what only who sits at a body's table may do: it is nil when
// the actor holds the place today or is deputy for it; ("") any place of the body.
func RequireSeat(ctx context.Context, tx *pg.Tx, body, place string) error {
	if tx.Kind == auth.KindSystem {
		return nil
	}
	if tx.Kind == auth.KindPublic {
		return tx.Require(auth.GovernanceRead)
	}
	b, err := BodyOn(tx, body, tx.Today())
	if err != nil {
		return err
	}
	mine, err := Seats(ctx, tx, tx.Person, tx.Today())
	if err != nil {
		return err
	}
	t, err := tableOn(ctx, tx, tx.Today())
	if err != nil {
		return err
	}
	ps := t.places(b)
	for _, s := range mine {
		p, _ := placeIn(ps, place)
		if s.Body == body && (place == "" || s.Place == place || s.Pooled() && p.Of(s.Organisation)) {
			return nil
		}
	}
	return fault.New(fault.Forbidden, "governance.seat_needed").With("body", b.Name.In(string(text.Swedish)))
}

// What is missing.
const (
	VacantSeat   = "seat"
	VacantDeputy = "deputy"
)

// Vacancy is a place that nobody holds, or one that has no deputy although the
// body's rule wants one.
type Vacancy struct {
	What     string       `json:"what" enum:"seat,deputy" doc:"Whether nobody holds the place, or it has no deputy." example:"seat"`
	Body     string       `json:"body" doc:"The body, by key." example:"forum"`
	BodyName tenant.Words `json:"bodyName" doc:"What the body is called."`
	Place
	PlaceName string  `json:"placeName" doc:"What the place is called." example:"Alvesta kommun"`
	Since     day.Day `json:"since,omitzero" doc:"From which day. Empty: not known." example:"2027-02-01"`
}

// Vacancies are what is missing in all bodies on a day, in their order.
func Vacancies(ctx context.Context, tx *pg.Tx, on day.Day) ([]Vacancy, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return nil, err
	}
	t, err := tableOn(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	s, err := sittingOn(ctx, tx, "", on)
	if err != nil {
		return nil, err
	}
	vs := []Vacancy{}
	for _, b := range t.bodies.Bodies {
		for _, m := range s.members(tx, b, t.places(b)) {
			v := Vacancy{Body: b.Key, BodyName: b.Name, Place: m.Place, PlaceName: m.Name(string(text.Swedish))}
			if m.Vacant() && m.Seat.Standing != tenant.SeatGuest {
				v.What, v.Since = VacantSeat, m.VacantSince
				vs = append(vs, v)
			}
			if b.Rules.Deputies.Required && m.Votes() && len(m.Deputies) == 0 {
				v.What, v.Since = VacantDeputy, s.deputyless(tx, b, m.Place)
				vs = append(vs, v)
			}
		}
	}
	return vs, nil
}
