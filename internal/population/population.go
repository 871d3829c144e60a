// Package population keeps the national register of how many live in each
// municipality on a reference day, each figure with its source. The figures are
// rows of the nation: written there alone, read by every county, the public and
// the nation. A figure is never changed. Another count for the same municipality
// and day is a later revision beside it, so that what was once worked out from
// the first can be worked out again. What is not known has no figure: never 0.
package population

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population/internal/populationdb"
	"github.com/overens/overens/internal/tenant"
)

// Figure is how many lived in a municipality on a day, as a source said when it
// was read.
type Figure struct {
	ID           uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Municipality string    `json:"municipality" doc:"The municipality's official code." example:"0580"`
	Day          day.Day   `json:"day" doc:"The reference day." example:"2024-12-31"`
	Count        int64     `json:"count" doc:"How many lived there. It is never 0: what is not known has no figure." example:"168035"`
	Source       string    `json:"source" doc:"Where it comes from." example:"SCB, Folkmängd i riket, län och kommuner"`
	FetchedAt    time.Time `json:"fetchedAt" doc:"When it was read from the source." example:"2026-11-25T11:00:00Z"`
	Revision     int       `json:"revision" doc:"Which revision it is, from 1. A later one is another count for the same municipality and day." example:"1"`
}

// On gives the newest figure of each of some municipalities on a day, by code.
// One that is not known is not there. Everybody may read it, in any unit of work.
func On(ctx context.Context, tx *pg.Tx, codes []string, on day.Day) (map[string]Figure, error) {
	rows, err := populationdb.New(tx).On(ctx, populationdb.OnParams{Codes: codes, OnDay: on})
	figures := make(map[string]Figure, len(rows))
	for _, r := range rows {
		figures[r.Municipality] = made(r)
	}
	return figures, err
}

// Revised gives the newest figure of each municipality and day among those that
// were used, where it is a later revision than the one that was.
func Revised(ctx context.Context, tx *pg.Tx, used []Figure) ([]Figure, error) {
	var p populationdb.RevisedParams
	for _, f := range used {
		p.Codes, p.Days, p.Revisions = append(p.Codes, f.Municipality), append(p.Days, f.Day), append(p.Revisions, small(f.Revision))
	}
	rows, err := populationdb.New(tx).Revised(ctx, p)
	return all(rows), err
}

// Get gives one figure.
func Get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Figure, error) {
	row, err := populationdb.New(tx).Get(ctx, id)
	return made(row), err
}

// History gives every revision of a municipality's figures, the newest day first
// and its newest revision before the others.
func History(ctx context.Context, tx *pg.Tx, code string) ([]Figure, error) {
	rows, err := populationdb.New(tx).Of(ctx, code)
	return all(rows), err
}

// Filter narrows a list of figures; its zero values narrow nothing.
type Filter struct {
	County       string  // two digits
	Municipality string  // four digits
	Day          day.Day // the reference day
	Every        bool    // every revision, not the newest alone
	Limit, Page  int
}

// List gives a page of figures, the newest day first, and how many there are.
// A county or a municipality that is none has no figures.
func List(ctx context.Context, tx *pg.Tx, f Filter) ([]Figure, int, error) {
	p := populationdb.ListParams{Codes: []string{}, OnDay: f.Day, Every: f.Every, Max: int32(f.Limit), Skip: int32(f.Limit * (f.Page - 1))} //nolint:gosec // bounded by the doors
	switch {
	case f.Municipality != "" && f.County != "" && f.Municipality[:min(2, len(f.Municipality))] != f.County:
		return nil, 0, nil
	case f.Municipality != "":
		p.Codes = append(p.Codes, f.Municipality)
	case f.County != "":
		for _, m := range tenant.Municipalities(f.County) {
			p.Codes = append(p.Codes, m.Code)
		}
		if len(p.Codes) == 0 {
			return nil, 0, nil
		}
	}
	rows, err := populationdb.New(tx).List(ctx, p)
	if err != nil || len(rows) == 0 {
		return nil, 0, err
	}
	figures := make([]Figure, len(rows))
	for i, r := range rows {
		figures[i] = made(r.PopulationFigure)
	}
	return figures, int(rows[0].Total), nil
}

// Known is a reference day of which there are figures.
type Known struct {
	Day            day.Day
	Municipalities int // of how many municipalities
}

// Days gives the reference days of which there are figures, the newest first.
func Days(ctx context.Context, tx *pg.Tx) ([]Known, error) {
	rows, err := populationdb.New(tx).Days(ctx)
	days := make([]Known, len(rows))
	for i, r := range rows {
		days[i] = Known{r.OnDay, int(r.Municipalities)}
	}
	return days, err
}

// Counties gives of how many municipalities each county has figures, by the county's
// code. A county without any is not there.
func Counties(ctx context.Context, tx *pg.Tx) (map[string]int, error) {
	rows, err := populationdb.New(tx).Counties(ctx)
	counties := make(map[string]int, len(rows))
	for _, r := range rows {
		counties[r.Code] = int(r.Municipalities)
	}
	return counties, err
}

func made(r populationdb.PopulationFigure) Figure {
	return Figure{ID: r.ID, Municipality: r.Municipality, Day: r.OnDay, Count: r.Inhabitants, Source: r.Source, FetchedAt: r.FetchedAt, Revision: int(r.Revision)}
}

func all(rows []populationdb.PopulationFigure) []Figure {
	figures := make([]Figure, len(rows))
	for i, r := range rows {
		figures[i] = made(r)
	}
	return figures
}

// mayChange refuses whoever may not write the register, and everyone who stands
// in a county: the figures are the nation's.
func mayChange(tx *pg.Tx) error {
	if tx.Tenant != pg.Nation {
		return fault.New(fault.Forbidden, "population.of_the_nation")
	}
	return tx.Require(auth.PopulationChange)
}
