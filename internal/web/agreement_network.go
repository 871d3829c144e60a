package web

import (
	"context"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) network(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	i, n, err := networkAsked(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	var goals []agreement.Goal
	for _, id := range n.Goals {
		g, err := agreement.GetGoal(ctx, tx, id, v.On)
		if err != nil {
			return nil, err
		}
		goals = append(goals, g)
	}
	return networkPage(v, i, n, goals), nil
}

func networkAsked(ctx context.Context, tx *pg.Tx, v *visit) (i agreement.Instrument, n agreement.Network, err error) {
	at, err := id(v.r, "id")
	if err != nil {
		return i, n, err
	}
	if i, err = agreement.Get(ctx, tx, at, v.On); err != nil {
		return i, n, err
	}
	which, err := id(v.r, "network")
	if err != nil {
		return i, n, err
	}
	if n, err = agreement.GetNetwork(ctx, tx, which); err == nil && n.Instrument != at && n.Instrument != uuid.Nil {
		err = fault.Missing()
	}
	return i, n, err
}
