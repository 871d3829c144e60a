package governance

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Body is a body as the configuration of a day has it, with how its seats are
// filled that day.
type Body struct {
	tenant.Body
	Places int `json:"places" doc:"How many places there are at its table, guests not counted." example:"16"`
	Held   int `json:"held" doc:"How many of them somebody holds." example:"15"`
}

// Vacant is how many places nobody holds.
func (b Body) Vacant() int { return b.Places - b.Held }

// Bodies are the county's bodies on a day, in the order in which it tells of them.
func Bodies(ctx context.Context, tx *pg.Tx, on day.Day) ([]Body, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return nil, err
	}
	t, err := tableOn(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	held, err := governancedb.New(tx).Held(ctx, governancedb.HeldParams{OnDay: on})
	if err != nil {
		return nil, err
	}
	filled := map[[2]string]bool{}
	for _, m := range held {
		if !m.Mandate.Deputy {
			filled[[2]string{m.Mandate.Body, m.Mandate.Place}] = true
		}
	}
	bs := make([]Body, len(t.bodies.Bodies))
	for i, b := range t.bodies.Bodies {
		bs[i].Body = b
		for _, p := range t.places(b) {
			if p.Seat.Standing == tenant.SeatGuest {
				continue
			}
			bs[i].Places++
			if filled[[2]string{b.Key, p.Key}] {
				bs[i].Held++
			}
		}
	}
	return bs, nil
}

// BodyOn gives a body as the configuration of a day has it.
func BodyOn(tx *pg.Tx, key string, on day.Day) (tenant.Body, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return tenant.Body{}, err
	}
	b, ok := tx.County.On(on).Bodies.Body(key)
	if !ok {
		return tenant.Body{}, fault.Missing()
	}
	return b, nil
}

// Places are the chairs at a body's table on a day, in the configuration's order
// and within a seat in the parties' Swedish order.
func Places(ctx context.Context, tx *pg.Tx, body string, on day.Day) ([]Place, error) {
	b, err := BodyOn(tx, body, on)
	if err != nil {
		return nil, err
	}
	t, err := tableOn(ctx, tx, on)
	if err != nil {
		return nil, err
	}
	return t.places(b), nil
}

// table is what a day's places are laid out from: the configuration's bodies,
// the parties, and the offers that have been accepted.
type table struct {
	bodies tenant.Bodies
	guests []seated // the parties and whom seats name, in Swedish order
	offers map[[2]string][]Party
}

// seated is an organisation and what it is party as; nothing for one that the
// configuration only names.
type seated struct {
	Party
	roles []string
}

// tableOn asks who can sit where on a day: one question for the parties, and one
// for offered seats where a body has any.
func tableOn(ctx context.Context, tx *pg.Tx, on day.Day) (table, error) {
	c := tx.County.On(on)
	t := table{bodies: c.Bodies, offers: map[[2]string][]Party{}}
	if len(t.bodies.Bodies) == 0 {
		return t, nil
	}
	q := governancedb.New(tx)
	guests, err := parties(ctx, tx, c, on)
	if err != nil {
		return t, err
	}
	t.guests = guests
	if !slices.ContainsFunc(t.bodies.Bodies, func(b tenant.Body) bool { return slices.ContainsFunc(b.Seats, tenant.Seat.Optional) }) {
		return t, nil
	}
	offered, err := q.OfferedOn(ctx, on)
	for _, o := range offered {
		at := [2]string{o.Body, o.Seat}
		t.offers[at] = append(t.offers[at], Party{ID: o.ID, Key: o.Key, Name: o.Name, ShortName: o.ShortName, Type: o.Type})
	}
	return t, err
}

// parties are a day's parties, and whom a configuration's seats name.
func parties(ctx context.Context, tx *pg.Tx, c tenant.Configuration, on day.Day) ([]seated, error) {
	named := []string{}
	for _, b := range c.Bodies.Bodies {
		for _, s := range b.Seats {
			named = append(named, s.Organisations...)
		}
	}
	rows, err := governancedb.New(tx).Table(ctx, governancedb.TableParams{OnDay: on, Counted: append([]string{}, c.PartyStatuses.Counted()...), Keys: named})
	if err != nil {
		return nil, err
	}
	all := make([]seated, len(rows))
	for i, r := range rows {
		all[i] = seated{Party{ID: r.ID, Key: r.Key, Name: r.Name, ShortName: r.ShortName, Type: r.Type}, r.Roles}
	}
	return all, nil
}

// places lays a body's table.
func (t table) places(b tenant.Body) []Place {
	ps := []Place{}
	for _, s := range b.Seats {
		switch {
		case s.Optional():
			for _, p := range t.offers[[2]string{b.Key, s.Key}] {
				ps = chairs(ps, s, s.Key+"/"+p.Key, []Party{p})
			}
		case s.Each != "":
			for _, p := range t.guests {
				if slices.Contains(p.roles, s.Each) {
					ps = chairs(ps, s, s.Key+"/"+p.Key, []Party{p.Party})
				}
			}
		default:
			of := []Party{}
			for _, key := range s.Organisations {
				if i := slices.IndexFunc(t.guests, func(p seated) bool { return p.Key == key }); i >= 0 {
					of = append(of, t.guests[i].Party)
				}
			}
			ps = chairs(ps, s, s.Key, of)
		}
	}
	return ps
}

// chairs adds a seat's chair, or its numbered chairs where there are several.
func chairs(ps []Place, s tenant.Seat, key string, of []Party) []Place {
	if s.Of() == 1 {
		return append(ps, Place{Key: key, Seat: s, Parties: of})
	}
	for n := range s.Of() {
		ps = append(ps, Place{Key: key + "#" + strconv.Itoa(n+1), Seat: s, Parties: of})
	}
	return ps
}

// placeIn finds a place by its key.
func placeIn(ps []Place, key string) (Place, bool) {
	i := slices.IndexFunc(ps, func(p Place) bool { return p.Key == key })
	if i < 0 {
		return Place{}, false
	}
	return ps[i], true
}

// Name is what the place is called: the seat's own name, the parties', or both.
func (p Place) Name(lang string) string {
	var names []string
	if name := p.Seat.Name.In(lang); name != "" {
		names = append(names, name)
	}
	var of []string
	for _, party := range p.Parties {
		of = append(of, party.Name)
	}
	if len(of) > 0 && (len(names) == 0 || len(of) == 1) {
		names = append(names, strings.Join(of, ", "))
	}
	name := strings.Join(names, ", ")
	if name == "" {
		name = p.Key
	}
	if _, n, numbered := strings.Cut(p.Key, "#"); numbered {
		name += " " + n
	}
	return name
}

// party is the one whose place it is, where it is one's alone.
func (p Place) party() uuid.UUID {
	if len(p.Parties) == 1 {
		return p.Parties[0].ID
	}
	return uuid.Nil
}

// since is the first day from which a seat has stood in its body without a
// break up to a day; none where it has always been there.
func since(c tenant.County, body, seat string, on day.Day) day.Day {
	versions := slices.Clone(c.Bodies)
	slices.SortStableFunc(versions, func(a, b tenant.Dated[tenant.Bodies]) int { return a.From.Compare(b.From) })
	var from day.Day
	stood := false
	for _, v := range versions {
		if v.From.After(on) {
			break
		}
		b, there := v.Value.Body(body)
		if there {
			_, there = b.Seat(seat)
		}
		if there && !stood {
			from = v.From
		}
		stood = there
	}
	return from
}
