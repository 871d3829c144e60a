package organisation

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation/internal/organisationdb"
	"github.com/overens/overens/internal/pg"
)

// Ending is how an organisation ceases: from a day, with or without successors.
type Ending struct {
	On         day.Day     `json:"on" doc:"The first day it no longer stands." example:"2019-01-01"`
	Kind       string      `json:"kind,omitempty" enum:"merged,split,renamed,replaced" doc:"How the successors came of it. Needed when there are successors." example:"merged"`
	Successors []uuid.UUID `json:"successors,omitempty" maxItems:"20" nullable:"false" doc:"The organisations that take its place." example:"[\"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20\"]"`
}

// End lets an organisation cease from a day. It stays readable, and is offered
// for nothing new after that day. Ending it again corrects the day.
func End(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, e Ending) (Organisation, error) {
	if err := tx.Require(auth.OrganisationCreate); err != nil {
		return Organisation{}, err
	}
	was, err := get(ctx, tx, id)
	if err != nil {
		return Organisation{}, err
	}
	var wrong fault.List
	switch {
	case e.On.IsZero():
		wrong.Add(fault.Bad("organisation.end_without_day", "/on"))
	case !was.ValidFrom.IsZero() && !e.On.After(was.ValidFrom):
		wrong.Add(fault.Bad("organisation.days", "/on").With("from", was.ValidFrom))
	}
	if len(e.Successors) > 0 && e.Kind == "" {
		wrong.Add(fault.Bad("organisation.succession_kind", "/kind"))
	}
	for _, s := range e.Successors {
		if s == id {
			wrong.Add(fault.Bad("succession.of_two", "/successors"))
		} else if _, err := get(ctx, tx, s); fault.Is(err, "common.not_found") {
			wrong.Add(fault.Bad("succession.successor", "/successors"))
		} else if err != nil {
			return Organisation{}, err
		}
	}
	if err := wrong.Err(); err != nil {
		return Organisation{}, err
	}
	if was.Version != version {
		return Organisation{}, fault.Changed(was)
	}
	q := organisationdb.New(tx)
	row, err := q.End(ctx, organisationdb.EndParams{ID: id, Version: version, ValidTo: e.On})
	if fault.Is(err, "common.not_found") {
		return Organisation{}, changedMeanwhile(ctx, tx, id)
	}
	if err != nil {
		return Organisation{}, at(err)
	}
	for _, s := range e.Successors {
		if err := q.AddSuccession(ctx, organisationdb.AddSuccessionParams{ID: tx.NewID(), PredecessorID: id, SuccessorID: s, Kind: e.Kind, OnDay: e.On}); err != nil {
			return Organisation{}, err
		}
	}
	tx.Notify("organisation", id)
	return made(row), nil
}
