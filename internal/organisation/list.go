package organisation

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/organisation/internal/organisationdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Statuses that a list can be asked for.
const (
	Standing = "standing"
	Ended    = "ended" // ended, or not begun
	Any      = "all"
)

// Filter says which organisations, as of which day, and which part of them.
type Filter struct {
	Query  string  // beginnings of words in name, short name, number or code
	Type   string  // "" = every type
	Status string  // "" = Standing
	On     day.Day // zero = today
	Limit  int     // at least 1
	Page   int     // from 1
}

// List gives a page of organisations in Swedish order, and how many there are in all.
func List(ctx context.Context, tx *pg.Tx, f Filter) ([]Organisation, int, error) {
	if err := tx.Require(auth.OrganisationRead); err != nil {
		return nil, 0, err
	}
	if f.On.IsZero() {
		f.On = tx.Today()
	}
	if f.Status == "" {
		f.Status = Standing
	}
	limit, skip := int32(f.Limit), int32(f.Limit*(f.Page-1)) //nolint:gosec // both are bounded by the doors
	q := organisationdb.New(tx)
	var list []Organisation
	var total int64
	asked := text.Asked(f.Query)
	if len(asked) == 0 && text.Line(f.Query) != "" {
		return nil, 0, nil // signs alone are in no name: everything would be a wrong answer
	}
	if len(asked) > 0 {
		rows, err := q.Find(ctx, organisationdb.FindParams{Words: asked, Status: f.Status, OnDay: f.On, Type: f.Type, Max: limit, Skip: skip})
		if err != nil {
			return nil, 0, err
		}
		for _, r := range rows {
			list, total = append(list, made(r.Organisation)), r.Total
		}
	} else {
		rows, err := q.List(ctx, organisationdb.ListParams{Status: f.Status, OnDay: f.On, Type: f.Type, Max: limit, Skip: skip})
		if err != nil {
			return nil, 0, err
		}
		for _, r := range rows {
			list, total = append(list, made(r.Organisation)), r.Total
		}
	}
	if len(list) == 0 && f.Page > 1 { // beyond the end: the total is still told
		f.Page, f.Limit = 1, 1
		_, n, err := List(ctx, tx, f)
		return nil, n, err
	}
	return list, int(total), nil
}

// Published gives a page of what the public may see. It asks for no right: in a
// public unit of work other rows are not there.
func Published(ctx context.Context, tx *pg.Tx, limit, page int) ([]Organisation, int, error) {
	rows, err := organisationdb.New(tx).ListPublished(ctx, organisationdb.ListPublishedParams{OnDay: tx.Today(),
		Max: int32(limit), Skip: int32(limit * (page - 1))}) //nolint:gosec // bounded by the doors
	if err != nil {
		return nil, 0, err
	}
	list := make([]Organisation, len(rows))
	total := 0
	for i, r := range rows {
		list[i] = made(organisationdb.Organisation{ID: r.ID, Key: r.Key, Type: r.Type, Name: r.Name, ShortName: r.ShortName,
			OrganisationNumber: r.OrganisationNumber, OfficialCode: r.OfficialCode, Website: r.Website, Mailbox: r.Mailbox,
			Published: r.Published, Demo: r.Demo, Source: r.Source, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Version: r.Version})
		total = int(r.Total)
	}
	if len(list) == 0 && page > 1 { // beyond the end: the total is still told
		_, total, err = Published(ctx, tx, 1, 1)
	}
	return list, total, err
}

// CountByType tells how many of each type stand today, most first.
func CountByType(ctx context.Context, tx *pg.Tx) ([]Count, error) {
	if err := tx.Require(auth.OrganisationRead); err != nil {
		return nil, err
	}
	rows, err := organisationdb.New(tx).CountByType(ctx, tx.Today())
	if err != nil {
		return nil, err
	}
	cs := make([]Count, len(rows))
	for i, r := range rows {
		cs[i] = Count{Type: r.Type, N: int(r.N)}
	}
	return cs, nil
}

// Count is how many there are of a type.
type Count struct {
	Type string
	N    int
}

// Kin is an organisation that came before or after another.
type Kin struct {
	ID     uuid.UUID `json:"id" doc:"The other organisation." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name   string    `json:"name" doc:"Its name." example:"Landstinget Blekinge"`
	Before bool      `json:"before" doc:"Whether it came before." example:"true"`
	Kind   string    `json:"kind" enum:"merged,split,renamed,replaced" doc:"What happened." example:"merged"`
	OnDay  day.Day   `json:"onDay" doc:"The day it happened." example:"2019-01-01"`
}

// Kindred are the predecessors and successors of an organisation, by day.
func Kindred(ctx context.Context, tx *pg.Tx, id uuid.UUID) ([]Kin, error) {
	if err := tx.Require(auth.OrganisationRead); err != nil {
		return nil, err
	}
	rows, err := organisationdb.New(tx).Kin(ctx, id)
	if err != nil {
		return nil, err
	}
	ks := make([]Kin, len(rows))
	for i, r := range rows {
		ks[i] = Kin{ID: r.ID, Name: r.Name, Before: r.Before, Kind: r.Kind, OnDay: r.OnDay}
	}
	return ks, nil
}
