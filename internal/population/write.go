package population

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population/internal/populationdb"
)

// Line is one figure as it was read, before it is in the register.
type Line struct {
	Row          int // where it stood, as a spreadsheet counts; in JSON-stat which value
	Municipality string
	Day          day.Day
	Count        int64
	Source       string
}

// Tally is what becomes of figures that are written: how many are new, how many
// are later revisions, and how many were in the register as they are.
type Tally struct{ New, Revised, Unchanged int }

// place is what a figure is about.
type place struct {
	code string
	on   day.Day
}

func (l Line) place() place { return place{l.Municipality, l.Day} }

// Put writes figures: what is not there is new, another count than the newest is
// a later revision, the same count again is nothing. The lines have been read by
// Read; a place stands among them once.
func Put(ctx context.Context, tx *pg.Tx, lines []Line, fetched time.Time) (Tally, error) {
	return put(ctx, tx, lines, fetched, uuid.NullUUID{})
}

func put(ctx context.Context, tx *pg.Tx, lines []Line, fetched time.Time, from uuid.NullUUID) (Tally, error) {
	if err := mayChange(tx); err != nil {
		return Tally{}, err
	}
	q := populationdb.New(tx)
	if err := q.OneWriterAtATime(ctx); err != nil {
		return Tally{}, err
	}
	tally, fresh, err := compare(ctx, q, lines)
	if err != nil || len(fresh) == 0 {
		return tally, err
	}
	p := populationdb.AddParams{FetchedAt: fetched, ImportID: from}
	for _, f := range fresh {
		p.Ids, p.Codes, p.Days = append(p.Ids, tx.NewID()), append(p.Codes, f.Municipality), append(p.Days, f.Day)
		p.Revisions, p.Inhabitants, p.Sources = append(p.Revisions, f.revision), append(p.Inhabitants, f.Count), append(p.Sources, f.Source)
	}
	return tally, q.Add(ctx, p)
}

// next is a line that becomes a figure, and its revision.
type next struct {
	Line
	revision int32
}

// compare holds lines against the newest figures there are.
func compare(ctx context.Context, q *populationdb.Queries, lines []Line) (t Tally, fresh []next, err error) {
	var p populationdb.NewestParams
	for _, l := range lines {
		p.Codes, p.Days = append(p.Codes, l.Municipality), append(p.Days, l.Day)
	}
	rows, err := q.Newest(ctx, p)
	if err != nil {
		return t, nil, err
	}
	newest := make(map[place]populationdb.PopulationFigure, len(rows))
	for _, r := range rows {
		newest[place{r.Municipality, r.OnDay}] = r
	}
	for _, l := range lines {
		switch was, there := newest[l.place()]; {
		case !there:
			t.New++
			fresh = append(fresh, next{l, 1})
		case was.Inhabitants != l.Count:
			t.Revised++
			fresh = append(fresh, next{l, was.Revision + 1})
		default:
			t.Unchanged++
		}
	}
	return t, fresh, nil
}
