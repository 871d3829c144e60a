package costshare

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare/internal/costsharedb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
)

// Verified is what came of working every adopted run out again.
type Verified struct {
	Runs  int         `json:"count" doc:"How many runs were worked out again." example:"12"`
	Wrong []uuid.UUID `json:"wrongRuns" nullable:"false" doc:"Those that did not come out as they are kept. None: all did, to the öre."`
}

// Verify works every adopted run out again from what is kept with it, and tells
// which do not come out to the same öre. Neither today's configuration nor
// today's figures are looked at.
func Verify(ctx context.Context, tx *pg.Tx) (Verified, error) {
	if err := tx.Require(auth.CostRead); err != nil {
		return Verified{}, err
	}
	q := costsharedb.New(tx)
	v := Verified{Wrong: []uuid.UUID{}}
	for after := uuid.Nil; ; {
		rows, err := q.Adopted(ctx, costsharedb.AdoptedParams{After: after, Max: 100})
		if err != nil || len(rows) == 0 {
			return v, err
		}
		ids := make([]uuid.UUID, len(rows))
		for i, row := range rows {
			ids[i] = row.ID
		}
		ss, err := q.StatementsOfRuns(ctx, ids)
		if err != nil {
			return v, err
		}
		of := map[uuid.UUID][]costsharedb.StatementsOfRunsRow{}
		for _, s := range ss {
			of[s.RunID] = append(of[s.RunID], s)
		}
		for _, row := range rows {
			after = row.ID
			v.Runs++
			if !comesOut(row, of[row.ID]) {
				v.Wrong = append(v.Wrong, row.ID)
			}
		}
	}
}

// ComesOut tells whether a run, worked out again from what is kept with it, comes
// to the same öre.
func (r Run) ComesOut() bool {
	res, err := Split(r.Input)
	if err != nil || r.Shared != r.Input.Amount {
		return false
	}
	again := Run{Brief: r.Brief, Input: r.Input, Result: res, Statements: r.Statements}
	return same(r, again)
}

func comesOut(row costsharedb.AdoptedRow, ss []costsharedb.StatementsOfRunsRow) bool {
	var in Input
	var kept Result
	if json.Unmarshal(row.Input, &in) != nil || json.Unmarshal(row.Result, &kept) != nil {
		return false
	}
	res, err := Split(in)
	if err != nil || row.Shared != in.Amount {
		return false
	}
	was, e1 := json.Marshal(kept)
	is, e2 := json.Marshal(res)
	if e1 != nil || e2 != nil || string(was) != string(is) {
		return false
	}
	shares := map[uuid.UUID]int64{}
	for _, s := range res.Shares {
		shares[s.Payer] = s.Amount
	}
	billed := int64(0)
	for _, s := range ss {
		if s.Share != shares[s.OrganisationID] || s.Billed != s.Share-s.Before {
			return false
		}
		billed += s.Billed
		delete(shares, s.OrganisationID)
	}
	return len(shares) == 0 && billed == row.Billed
}

// Revised tells which of the figures that a run used have been revised since.
// The run stands; a correction can be drawn.
func Revised(ctx context.Context, tx *pg.Tx, r Run) ([]Difference, error) {
	var used []population.Figure
	by := map[string]Payer{}
	for _, p := range r.Input.Payers {
		if p.Population != nil {
			used = append(used, population.Figure{Municipality: p.Code, Day: p.Population.Day, Count: p.Population.Count, Revision: p.Population.Revision})
			by[p.Code] = p
		}
	}
	if len(used) == 0 {
		return nil, nil
	}
	now, err := population.Revised(ctx, tx, used)
	ds := make([]Difference, len(now))
	for i, f := range now {
		p := by[f.Municipality]
		ds[i] = Difference{Organisation: p.Organisation, Name: p.Name, Used: *p.Population, Now: Figure{Day: f.Day, Count: f.Count, Revision: f.Revision, Source: f.Source}}
	}
	return ds, err
}
