package governance

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Nomination is how a person comes to a seat.
type Nomination struct {
	Body         string    `json:"body" minLength:"1" maxLength:"40" doc:"The body, by key." example:"forum"`
	Place        string    `json:"place,omitempty" maxLength:"110" doc:"The place, by key. Empty for a deputy of the party's pool." example:"municipality/alvesta"`
	Organisation uuid.UUID `json:"organisation,omitzero" doc:"The party that the person speaks for. Left out where the place has one party." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Person       uuid.UUID `json:"person" doc:"Who." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Deputy       bool      `json:"deputy,omitempty" doc:"Whether as deputy." example:"false"`
	Rank         int       `json:"rank,omitempty" minimum:"0" maximum:"99" doc:"Which deputy is called first, from 1. 0: the holder, or the next free rank for a deputy." example:"0"`
	From         day.Day   `json:"from" doc:"The first day." example:"2027-01-01"`
	To           day.Day   `json:"to,omitzero" doc:"The first day it no longer holds. Empty: until further notice." example:"2031-01-01"`
	AppointedBy  string    `json:"appointedBy,omitempty" maxLength:"200" doc:"Who appointed." example:"Kommunstyrelsen"`
	Reference    string    `json:"reference,omitempty" maxLength:"200" doc:"The decision, as its own register has it." example:"KS 2026/112 § 45"`
	Source       string    `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"Protokoll 2026-12-10"`
}

// origin is what an import or the demo adds to a mandate.
type origin struct {
	imported, demo bool
	reason         string // why it ended, where it has
}

// Appoint gives a person a seat, or makes one a deputy. A party's administrator
// appoints for the own party. A deputy who is given the seat is its deputy, or one
// of the party's pool, no longer from that day; a holder whose card has ended holds it
// no longer from the day that it did.
func Appoint(ctx context.Context, tx *pg.Tx, n Nomination) (Mandate, error) {
	return nominate(ctx, tx, n, origin{})
}

// AppointDemo is Appoint for somebody made up for show.
func AppointDemo(ctx context.Context, tx *pg.Tx, n Nomination) (Mandate, error) {
	return nominate(ctx, tx, n, origin{demo: true})
}

func nominate(ctx context.Context, tx *pg.Tx, n Nomination, from origin) (Mandate, error) {
	if !tx.MayAnywhere(auth.GovernanceChange) {
		return Mandate{}, tx.Require(auth.GovernanceChange)
	}
	n, err := nominated(ctx, tx, n)
	if err != nil {
		return Mandate{}, err
	}
	if err := tx.RequireFor(auth.GovernanceChange, n.Organisation); err != nil {
		return Mandate{}, err
	}
	q := governancedb.New(tx)
	if n.Deputy && n.Rank == 0 {
		rank, err := q.NextRank(ctx, governancedb.NextRankParams{Body: n.Body, Place: n.Place, OrganisationID: maybe(n.Organisation), ValidFrom: n.From, ValidTo: n.To})
		if err != nil {
			return Mandate{}, err
		}
		n.Rank = int(rank)
	}
	if !n.Deputy && !from.imported { // a register says itself when a mandate ended
		if err := vacate(ctx, tx, n); err != nil {
			return Mandate{}, err
		}
	}
	if err := free(ctx, tx, uuid.Nil, n); err != nil {
		return Mandate{}, err
	}
	if !n.Deputy && !from.imported {
		if err := promote(ctx, tx, n); err != nil {
			return Mandate{}, err
		}
	}
	id := tx.NewID()
	err = q.Appoint(ctx, governancedb.AppointParams{ID: id, Body: n.Body, Place: n.Place, OrganisationID: maybe(n.Organisation), PersonID: n.Person, Deputy: n.Deputy,
		Rank: int32(n.Rank), AppointedBy: n.AppointedBy, Reference: n.Reference, Source: n.Source, Imported: from.imported, Demo: from.demo, ValidFrom: n.From, ValidTo: n.To, //nolint:gosec // a rank is at most 99
		EndedReason: from.reason})
	if err != nil {
		return Mandate{}, at(err)
	}
	tx.Notify("governance", id)
	m, err := get(ctx, tx, id)
	if err != nil || from.imported {
		return m, err
	}
	return m, follow(ctx, tx, m)
}

// vacate ends the mandate of a holder whose card has ended, with the card: until
// somebody else is given the seat that day can be corrected, and the mandate with it.
func vacate(ctx context.Context, tx *pg.Tx, n Nomination) error {
	left, err := governancedb.New(tx).Vacate(ctx, governancedb.VacateParams{EndedReason: text.Swedish.T("mandate.left"), Body: n.Body, Place: n.Place, ValidFrom: n.From, ValidTo: n.To})
	for _, id := range left {
		tx.Notify("governance", id)
	}
	return err
}

// promote ends what a person is as deputy on the day that the person is given the seat.
func promote(ctx context.Context, tx *pg.Tx, n Nomination) error {
	q := governancedb.New(tx)
	was, err := q.Deputising(ctx, governancedb.DeputisingParams{Body: n.Body, PersonID: n.Person, Place: n.Place, OrganisationID: maybe(n.Organisation),
		ValidFrom: n.From, ValidTo: n.To})
	if err != nil {
		return err
	}
	for _, id := range was {
		if err := q.Promote(ctx, governancedb.PromoteParams{ID: id, FromDay: n.From, EndedReason: text.Swedish.T("mandate.promoted")}); err != nil {
			return err
		}
		tx.Notify("governance", id)
	}
	return nil
}

// Doubts are what is worth a look in a mandate: who holds another ordinary place of
// the body at the same time serves one of them, and leaves the other empty.
func Doubts(ctx context.Context, tx *pg.Tx, m Mandate) ([]fault.Warning, error) {
	if m.Deputy {
		return nil, nil
	}
	held, err := governancedb.New(tx).List(ctx, governancedb.ListParams{Body: m.Body, PersonID: m.Person, Status: Every, OnDay: m.From, Max: 100})
	if err != nil {
		return nil, err
	}
	places, err := Places(ctx, tx, m.Body, m.From)
	if err != nil {
		return nil, err
	}
	name := func(key string) string {
		if p, ok := placeIn(places, key); ok {
			return p.Name(string(text.Swedish))
		}
		return key
	}
	var ws []fault.Warning
	for _, r := range held {
		o := r.Mandate
		if o.ID == m.ID || o.Deputy || !o.ValidTo.IsZero() && !o.ValidTo.After(m.From) || !m.To.IsZero() && !m.To.After(o.ValidFrom) {
			continue
		}
		first, then := name(o.Place), name(m.Place)
		if m.From.Before(o.ValidFrom) {
			first, then = then, first
		}
		ws = append(ws, fault.Warning{Key: "mandate.second_seat", Args: fault.New(fault.Invalid, "mandate.second_seat").With("name", m.Name, "first", first, "then", then).Args})
	}
	return ws, nil
}

// nominated tidies a nomination, fills in what follows from the place, and finds
// everything that is wrong with it.
func nominated(ctx context.Context, tx *pg.Tx, n Nomination) (Nomination, error) {
	for _, s := range []*string{&n.Body, &n.Place, &n.AppointedBy, &n.Reference, &n.Source} {
		*s = text.Line(*s)
	}
	var wrong fault.List
	if n.From.IsZero() {
		return n, fault.Bad("mandate.from_missing", "/from")
	}
	if !n.To.IsZero() && !n.To.After(n.From) {
		wrong.Add(fault.Bad("mandate.days", "/to"))
	}
	if !n.Deputy && n.Rank != 0 {
		wrong.Add(fault.Bad("mandate.rank", "/rank"))
	}
	p, err := person.Get(ctx, tx, n.Person)
	switch {
	case fault.Is(err, "common.not_found"):
		wrong.Add(fault.Bad("mandate.person", "/person"))
	case err != nil:
		return n, err
	case !p.StandsOn(n.From):
		wrong.Add(fault.Bad("mandate.person_not_standing", "/from").With("name", p.Name, "on", n.From))
	}
	b, ok := tx.County.On(n.From).Bodies.Body(n.Body)
	if !ok {
		wrong.Add(fault.Bad("mandate.body_unknown", "/body").With("body", n.Body, "on", n.From))
		return n, wrong.Err()
	}
	t, err := tableOn(ctx, tx, n.From)
	if err != nil {
		return n, err
	}
	n, err = seatedAt(n, b, t.places(b))
	wrong.Add(err)
	if n.Organisation != uuid.Nil {
		o, err := organisation.Get(ctx, tx, n.Organisation)
		switch {
		case fault.Is(err, "common.not_found"):
			wrong.Add(fault.Bad("mandate.organisation", "/organisation"))
		case err != nil:
			return n, err
		case !o.StandsOn(n.From):
			wrong.Add(fault.Bad("mandate.party_not_standing", "/from").With("name", o.Name, "on", n.From))
		}
	}
	return n, wrong.Err()
}

// seatedAt fits a nomination to the places of the day.
func seatedAt(n Nomination, b tenant.Body, ps []Place) (Nomination, error) {
	name := b.Name.In(string(text.Swedish))
	form := b.Rules.Deputies.Form
	switch {
	case n.Deputy && form == tenant.DeputiesNone:
		return n, fault.Bad("mandate.no_deputies", "/deputy").With("body", name)
	case n.Place == "" && !n.Deputy:
		return n, fault.Bad("mandate.seated", "/place")
	case n.Place == "" && form == tenant.DeputiesPersonal:
		return n, fault.Bad("mandate.deputy_of_whom", "/place").With("body", name)
	case n.Place == "" && n.Organisation == uuid.Nil:
		return n, fault.Bad("mandate.pool_of_whom", "/organisation")
	case n.Place == "":
		if !slices.ContainsFunc(ps, func(p Place) bool { return p.Of(n.Organisation) }) {
			return n, fault.Bad("mandate.party_without_seat", "/organisation").With("body", name, "on", n.From)
		}
		return n, nil
	}
	p, ok := placeIn(ps, n.Place)
	switch {
	case !ok:
		return n, fault.Bad("mandate.place_unknown", "/place").With("place", n.Place, "body", name, "on", n.From)
	case n.Organisation == uuid.Nil && len(p.Parties) > 1:
		return n, fault.Bad("mandate.of_which_party", "/organisation")
	case n.Organisation == uuid.Nil:
		n.Organisation = p.party()
	case len(p.Parties) > 0 && !p.Of(n.Organisation):
		return n, fault.Bad("mandate.not_their_place", "/organisation").With("place", p.Name(string(text.Swedish)))
	}
	return n, nil
}

// free tells, with the name, who holds the place already. The constraint stands
// behind it, for two who appoint at once.
func free(ctx context.Context, tx *pg.Tx, id uuid.UUID, n Nomination) error {
	if n.Deputy {
		return nil
	}
	held, err := governancedb.New(tx).Clash(ctx, governancedb.ClashParams{Body: n.Body, Place: n.Place, ID: id, ValidFrom: n.From, ValidTo: n.To})
	if err != nil || len(held) == 0 {
		return err
	}
	h := held[0]
	key := "mandate.held_already"
	if !h.ValidTo.IsZero() {
		key = "mandate.held_until"
	}
	return fault.New(fault.Conflict, key).At("/place").With("name", h.Name, "from", h.ValidFrom, "to", h.ValidTo.Add(-1))
}
