package sample

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
)

//go:embed facts/population.csv
var populationCSV []byte

// Population writes the sourced figures of population into the national register.
// Those that are there already are left as they are. It returns how many were
// written.
func Population(ctx context.Context, tx *pg.Tx) (int, error) {
	b, err := population.Read(populationCSV, tx.Today())
	if err != nil {
		return 0, err
	}
	if b.Refused > 0 {
		return 0, fmt.Errorf("facts/population.csv: %d rows are no figures; the first: %+v", b.Refused, b.Problems[0])
	}
	t, err := population.Put(ctx, tx, b.Lines, tx.Now)
	return t.New + t.Revised, err
}
