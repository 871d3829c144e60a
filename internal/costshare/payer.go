package costshare

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare/internal/costsharedb"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// Billed is one of a payer's statements among those over the years, with what it
// takes to see why it is another than the year before.
type Billed struct {
	Statement Statement `json:"statement" doc:"What it is billed."`
	Run       Brief     `json:"run" doc:"The run."`
	Key       Key       `json:"key" doc:"By what the cost is shared."`
	Payer     Payer     `json:"payer" doc:"The payer as the run has it: days, population, parts."`
}

// OfPayer gives a page of what a payer has been billed, the latest first, and
// how many statements there are. The payer's own people may, and those who read
// the county's costs.
func OfPayer(ctx context.Context, tx *pg.Tx, payer uuid.UUID, limit, page int) ([]Billed, int, error) {
	if err := tx.RequireFor(auth.CostRead, payer); err != nil {
		return nil, 0, err
	}
	if _, err := organisation.Get(ctx, tx, payer); err != nil { // one that is not there has not paid nothing
		return nil, 0, err
	}
	rows, err := costsharedb.New(tx).PayerStatements(ctx, costsharedb.PayerStatementsParams{OrganisationID: payer, Max: int32(limit), Skip: int32(limit * (page - 1))}) //nolint:gosec // bounded by the doors
	if err != nil {
		return nil, 0, err
	}
	list, total := make([]Billed, len(rows)), 0
	for i, r := range rows {
		b := Billed{Statement: Statement{ID: r.ID, Run: r.RunID, Organisation: r.OrganisationID, Share: r.Share, Before: r.Before, Billed: r.Billed},
			Run: Brief{ID: r.RunID, Function: r.Function, Kind: r.Kind, Basis: r.Basis, State: Adopted, From: r.PeriodFrom, Until: r.PeriodUntil, Shared: r.Shared, Reason: r.Reason,
				AdoptedOn: r.AdoptedOn, Demo: r.Demo}}
		for _, part := range []struct {
			from []byte
			into any
		}{{r.FunctionName, &b.Run.Name}, {r.Key, &b.Key}, {r.Payer, &b.Payer}} {
			if err := json.Unmarshal(part.from, part.into); err != nil {
				return nil, 0, err
			}
		}
		b.Statement.Key, b.Statement.Name, b.Statement.Code, b.Statement.Number = b.Payer.Key, b.Payer.Name, b.Payer.Code, b.Payer.Number
		list[i], total = b, int(r.Total)
	}
	if len(list) == 0 && page > 1 {
		_, total, err = OfPayer(ctx, tx, payer, 1, 1)
	}
	return list, total, err
}

// RunOf finds the run of a statement, for those who may see it.
func RunOf(ctx context.Context, tx *pg.Tx, statement uuid.UUID) (Run, Statement, error) {
	row, err := costsharedb.New(tx).RunOfStatement(ctx, statement)
	if err != nil {
		return Run{}, Statement{}, err
	}
	r, err := Get(ctx, tx, row.RunID)
	if err != nil {
		return Run{}, Statement{}, err
	}
	s, ok := r.Of(row.OrganisationID)
	if !ok {
		return Run{}, Statement{}, fault.Missing()
	}
	return r, s, nil
}

// PeriodBefore gives what stands for the period before a run's own, and whether
// there is one: what its amounts are compared with.
func PeriodBefore(ctx context.Context, tx *pg.Tx, r Run) (Run, bool, error) {
	id, err := costsharedb.New(tx).PeriodBefore(ctx, costsharedb.PeriodBeforeParams{Function: r.Function, FromDay: r.From})
	if fault.Is(err, "common.not_found") {
		return Run{}, false, nil
	}
	if err != nil {
		return Run{}, false, err
	}
	before, err := get(ctx, tx, id)
	return before, err == nil && before.seenBy(tx.Actor), err
}

// Chain gives the adopted runs of a run's chain, in their order: the first of its
// period, then what has followed.
func Chain(ctx context.Context, tx *pg.Tx, r Run) ([]Brief, error) {
	origin := r.Origin
	if origin == uuid.Nil {
		origin = r.ID
	}
	rows, err := costsharedb.New(tx).Chain(ctx, origin)
	list := make([]Brief, len(rows))
	for i, c := range rows {
		list[i] = Brief{ID: c.ID, Function: r.Function, Name: r.Name, Kind: c.Kind, Basis: c.Basis, State: Adopted, From: r.From, Until: r.Until, Shared: c.Shared, Billed: c.Billed,
			Reason: c.Reason, AdoptedOn: c.AdoptedOn, Demo: c.Demo}
	}
	return list, err
}
