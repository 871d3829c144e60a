package sample

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
)

// CostRuns shares the demo's amounts in a county whose configuration has them,
// once: each year's budget, and the outcome of the years that are in the books.
// The populations are sourced, the amounts made up and marked. It returns how
// many runs were adopted.
func CostRuns(ctx context.Context, tx *pg.Tx) (int, error) {
	if f, ok := tx.Config().SharedFunction("coordinator"); !ok || len(f.Periods) == 0 {
		return 0, nil
	}
	if _, there, err := costshare.List(ctx, tx, costshare.Filter{Limit: 1, Page: 1}); err != nil || there > 0 {
		return 0, err
	}
	n := 0
	adopt := func(o costshare.Order) (costshare.Run, error) {
		r, err := costshare.Draw(ctx, tx, o)
		if err != nil {
			return r, err
		}
		n++
		return costshare.Adopt(ctx, tx, r.ID, r.Version, costshare.Adoption{Mandate: "Påhittat mandat för demon"})
	}
	for _, b := range budgets[:len(budgets)-1] { // the last year's population is not published yet
		r, err := adopt(costshare.Order{Function: "coordinator", From: day.Of(b.year, time.January, 1)})
		if err == nil && b.year < budgets[len(budgets)-1].year-1 {
			_, err = adopt(costshare.Order{Kind: costshare.KindSettlement, Previous: r.ID, Reason: "Bokslut " + strconv.Itoa(b.year) + " (påhittat)"})
		}
		if err != nil {
			return n, errors.Join(errors.New("cost of "+strconv.Itoa(b.year)), err)
		}
	}
	return n, nil
}
