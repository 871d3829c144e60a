package costshare

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare/internal/costsharedb"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Reckon works an order out and keeps nothing.
func Reckon(ctx context.Context, tx *pg.Tx, o Order) (Run, error) {
	if err := tx.Require(auth.CostPrepare); err != nil {
		return Run{}, err
	}
	o.Reason = text.Line(o.Reason)
	g, in, err := gather(ctx, tx, o)
	if err != nil {
		return Run{}, err
	}
	res, err := Split(in)
	if err != nil {
		return Run{}, err
	}
	r := Run{Input: in, Result: res, Configuration: tx.County.Version, Brief: Brief{Function: in.Function.Key, Name: in.Function.Name, Kind: g.order.Kind, Basis: g.order.Basis,
		State: Preview, From: in.From, Until: in.Until, Shared: in.Amount, Reason: g.order.Reason, CreatedAt: tx.Now, Demo: g.period.Invented}}
	r.bill(g.before)
	return r, nil
}

// bill makes the statements: what each has to pay, less what the runs before
// have billed it. Who paid before and does not share any more gets it back.
func (r *Run) bill(before *Run) {
	billed := map[uuid.UUID]Statement{}
	if before != nil {
		r.Previous, r.Origin = before.ID, cmp.Or(before.Origin, before.ID)
		for _, s := range before.Statements {
			billed[s.Organisation] = s
		}
	}
	r.Statements = make([]Statement, 0, len(r.Input.Payers))
	for i, p := range r.Input.Payers {
		s := Statement{Organisation: p.Organisation, Key: p.Key, Name: p.Name, Code: p.Code, Number: p.Number, Share: r.Result.Shares[i].Amount, Before: billed[p.Organisation].Share}
		delete(billed, p.Organisation)
		r.Statements = append(r.Statements, s)
	}
	if before != nil {
		for _, s := range before.Statements {
			if gone, ok := billed[s.Organisation]; ok && gone.Share != 0 {
				s.ID, s.Share, s.Before, s.Waiting = uuid.Nil, 0, gone.Share, 0
				r.Statements = append(r.Statements, s)
			}
		}
	}
	r.Billed = 0
	for i := range r.Statements {
		s := &r.Statements[i]
		s.Billed = s.Share - s.Before
		r.Billed += s.Billed
	}
}

// Draw keeps an order as a preview.
func Draw(ctx context.Context, tx *pg.Tx, o Order) (Run, error) {
	r, err := Reckon(ctx, tx, o)
	if err != nil {
		return Run{}, err
	}
	in, res, err := r.written()
	if err != nil {
		return Run{}, err
	}
	q := costsharedb.New(tx)
	row, err := q.AddRun(ctx, costsharedb.AddRunParams{ID: tx.NewID(), Function: r.Function, Kind: r.Kind, Basis: r.Basis, PeriodFrom: r.From, PeriodUntil: r.Until, Shared: r.Shared,
		Billed: r.Billed, Input: in, Result: res, ConfigurationVersion: r.Configuration, OriginID: maybe(r.Origin), PreviousID: maybe(r.Previous), Reason: r.Reason, CreatedAt: tx.Now, Demo: r.Demo})
	if err != nil {
		return Run{}, err
	}
	if err := addStatements(ctx, tx, q, row.ID, r.Statements); err != nil {
		return Run{}, err
	}
	tx.Notify("cost", row.ID)
	return get(ctx, tx, row.ID)
}

// Redraw works a preview out anew, from what is known now or by another key.
// Function, period and kind stay.
func Redraw(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, o Order) (Run, error) {
	now, err := open(ctx, tx, id, version)
	if err != nil {
		return Run{}, err
	}
	o.Function, o.From, o.Kind, o.Previous = now.Function, now.From, now.Kind, now.Previous
	r, err := Reckon(ctx, tx, o)
	if err != nil {
		return Run{}, err
	}
	in, res, err := r.written()
	if err != nil {
		return Run{}, err
	}
	q := costsharedb.New(tx)
	if _, err := q.ReplaceRun(ctx, costsharedb.ReplaceRunParams{ID: id, Version: version, Basis: r.Basis, Shared: r.Shared, Billed: r.Billed, Input: in, Result: res,
		ConfigurationVersion: r.Configuration, Reason: r.Reason}); err != nil {
		return Run{}, stale(ctx, tx, id, err)
	}
	if err := q.DropStatements(ctx, id); err != nil {
		return Run{}, err
	}
	if err := addStatements(ctx, tx, q, id, r.Statements); err != nil {
		return Run{}, err
	}
	tx.Notify("cost", id)
	return get(ctx, tx, id)
}

// Drop takes a preview away.
func Drop(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) error {
	if _, err := open(ctx, tx, id, version); err != nil {
		return err
	}
	n, err := costsharedb.New(tx).DropRun(ctx, costsharedb.DropRunParams{ID: id, Version: version})
	if err == nil && n == 0 {
		err = stale(ctx, tx, id, fault.Missing())
	}
	if err == nil {
		tx.Notify("cost", id)
	}
	return err
}

// Adoption is by what a run is adopted: a decision that was carried, or an
// officer's mandate.
type Adoption struct {
	Decision uuid.UUID `json:"decision,omitzero" doc:"The decision, or else a mandate." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Mandate  string    `json:"mandate,omitempty" maxLength:"200" doc:"By what an officer may adopt it without a decision." example:"Delegationsordning 2026, punkt 7"`
}

// Adopt closes a preview: from now on the database lets nobody change it. It is
// adopted as it was seen: if the configuration or the figures have moved since,
// it has to be drawn anew first.
func Adopt(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, a Adoption) (Run, error) {
	if err := tx.Require(auth.CostAdopt); err != nil {
		return Run{}, err
	}
	now, err := open(ctx, tx, id, version)
	if err != nil {
		return Run{}, err
	}
	a.Mandate = text.Line(a.Mandate)
	q := costsharedb.New(tx)
	switch {
	case a.Decision == uuid.Nil && a.Mandate == "":
		return Run{}, fault.Bad("cost.ground_missing", "/mandate")
	case a.Decision != uuid.Nil && a.Mandate != "":
		return Run{}, fault.Bad("cost.ground_twice", "/mandate")
	case a.Decision != uuid.Nil:
		d, err := q.DecisionKnown(ctx, a.Decision)
		if fault.Is(err, "common.not_found") || err == nil && d.Outcome != "carried" {
			return Run{}, fault.Bad("cost.decision_unknown", "/decision")
		}
		if err != nil {
			return Run{}, err
		}
	}
	again, err := Reckon(ctx, tx, now.order())
	if err != nil {
		return Run{}, err
	}
	if !same(again, now) {
		return Run{}, fault.New(fault.Conflict, "cost.moved")
	}
	p := costsharedb.AdoptRunParams{ID: id, Version: version, DecisionID: maybe(a.Decision), Mandate: a.Mandate, AdoptedOn: tx.Today(), AdoptedAt: &tx.Now, AdoptedBy: maybe(tx.Person)}
	if _, err := q.AdoptRun(ctx, p); err != nil {
		return Run{}, stale(ctx, tx, id, err)
	}
	tx.Notify("cost", id)
	return get(ctx, tx, id)
}

// order is what a run would be drawn by again.
func (r Run) order() Order {
	return Order{Function: r.Function, From: r.From, Basis: r.Basis, SharedBy: r.Input.Key.Key, Kind: r.Kind, Previous: r.Previous, Reason: r.Reason}
}

// same tells whether two workings-out rest on the same and come to the same.
func same(a, b Run) bool {
	ain, ares, err := a.written()
	bin, bres, e := b.written()
	return err == nil && e == nil && string(ain) == string(bin) && string(ares) == string(bres) && a.Billed == b.Billed &&
		slices.EqualFunc(a.Statements, b.Statements, func(s, t Statement) bool {
			return s.Organisation == t.Organisation && s.Share == t.Share && s.Before == t.Before
		})
}

func (r Run) written() (in, res []byte, err error) {
	if in, err = json.Marshal(r.Input); err != nil {
		return nil, nil, err
	}
	res, err = json.Marshal(r.Result)
	return in, res, err
}

// open gives a preview that can still be changed.
func open(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Run, error) {
	if err := tx.Require(auth.CostPrepare); err != nil {
		return Run{}, err
	}
	r, err := get(ctx, tx, id)
	switch {
	case err != nil:
		return Run{}, err
	case r.State == Adopted:
		return Run{}, fault.New(fault.Conflict, "cost_run.closed")
	case r.Version != version:
		return Run{}, fault.Changed(r)
	}
	return r, nil
}

// stale turns "no such row" into what somebody else has made of it.
func stale(ctx context.Context, tx *pg.Tx, id uuid.UUID, err error) error {
	if !fault.Is(err, "common.not_found") {
		return err
	}
	now, err := get(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.Changed(now)
}

func addStatements(ctx context.Context, tx *pg.Tx, q *costsharedb.Queries, run uuid.UUID, ss []Statement) error {
	p := costsharedb.AddStatementsParams{RunID: run}
	for i, s := range ss {
		p.Ids, p.Organisations, p.Positions = append(p.Ids, tx.NewID()), append(p.Organisations, s.Organisation), append(p.Positions, int32(i+1))
		p.Shares, p.Befores, p.Billeds = append(p.Shares, s.Share), append(p.Befores, s.Before), append(p.Billeds, s.Billed)
	}
	return q.AddStatements(ctx, p)
}

// Difference is a figure that a run used and that has been revised since.
type Difference struct {
	Organisation uuid.UUID `json:"organisation" doc:"Whose population." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name         string    `json:"name" doc:"What it is called." example:"Ydre kommun"`
	Used         Figure    `json:"used" doc:"What the run used."`
	Now          Figure    `json:"now" doc:"What is known now."`
}

// Decisions are those that a run can be adopted by, the latest first.
func Decisions(ctx context.Context, tx *pg.Tx, limit int) ([]Ground, error) {
	if err := tx.Require(auth.CostAdopt); err != nil {
		return nil, err
	}
	rows, err := costsharedb.New(tx).Decisions(ctx, costsharedb.DecisionsParams{TenantID: tx.Tenant, Max: int32(limit)}) //nolint:gosec // bounded by the doors
	gs := make([]Ground, len(rows))
	for i, r := range rows {
		gs[i] = Ground{ID: r.ID, Title: strings.TrimSpace(r.Title), Body: r.Body, DecidedOn: r.DecidedOn}
	}
	return gs, err
}

// Ground is a decision that a run can be adopted by.
type Ground struct {
	ID        uuid.UUID `json:"id" doc:"The decision." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Title     string    `json:"title" doc:"What it is about." example:"Samordnarens budget 2026"`
	Body      string    `json:"body" doc:"The body that decided, by key." example:"council"`
	DecidedOn day.Day   `json:"decidedOn" doc:"The day of the decision." example:"2025-12-04"`
}
