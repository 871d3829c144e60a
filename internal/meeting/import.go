package meeting

import (
	"context"
	"strconv"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// What became of a row of a table of past meetings.
const (
	PastCreated = "created"
	PastSame    = "same"
	PastRefused = "refused"
)

// earliest is the first day that something can have been decided or hold from:
// what is written as being from before it is a slip of the pen.
var earliest = day.Of(1990, 1, 1)

// PastEntered is what became of one row.
type PastEntered struct {
	Row     int // as the spreadsheet counts
	Body    string
	On      day.Day
	Matter  string
	Outcome string
	Faults  fault.List // each at the column, by key: "/date"
}

// PastEntries are what became of a table that was handed in.
type PastEntries struct {
	Rows     []PastEntered
	Meetings int // how many were new
}

// Count is how many rows had an outcome.
func (e PastEntries) Count(outcome string) int {
	n := 0
	for _, r := range e.Rows {
		if r.Outcome == outcome {
			n++
		}
	}
	return n
}

// Err is what is wrong with rows: a table with any is not taken in.
func (e PastEntries) Err() error {
	var l fault.List
	for _, r := range e.Rows {
		for _, f := range r.Faults {
			copied := *f
			copied.Field = "/rows/" + strconv.Itoa(r.Row) + f.Field
			l = append(l, &copied)
		}
	}
	return l.Err()
}

// Import takes in meetings of before, with their matters, decisions and papers,
// marked as imported. They are closed things at once: what has come in is not
// written over, and a table that is taken in twice changes nothing. Rows that are
// refused are told, and no meeting comes in by halves.
func Import(ctx context.Context, tx *pg.Tx, entries []PastEntry, folder Folder) (PastEntries, error) {
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return PastEntries{}, err
	}
	items := make([]recalled, len(entries))
	for i, e := range entries {
		items[i].Past, items[i].wrong = e.read()
	}
	return bring(ctx, tx, items, folder)
}

// Remember is Import of what has been read elsewhere, as from a file of facts.
func Remember(ctx context.Context, tx *pg.Tx, ps []Past) (PastEntries, error) {
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return PastEntries{}, err
	}
	items := make([]recalled, len(ps))
	for i, p := range ps {
		items[i].Past = p
	}
	return bring(ctx, tx, items, nil)
}

// recalled is a matter of before with what is wrong with it.
type recalled struct {
	Past
	wrong fault.List
}

func (r *recalled) refuse(key, field string, pairs ...any) {
	r.wrong.Add(fault.Bad(key, field).With(pairs...))
}

func bring(ctx context.Context, tx *pg.Tx, items []recalled, folder Folder) (PastEntries, error) {
	a, err := openArchive(ctx, tx, items, folder)
	if err != nil {
		return PastEntries{}, err
	}
	var order []occasion
	of := map[occasion][]int{}
	for i := range items {
		a.check(&items[i])
		o := items[i].occasion()
		if len(of[o]) == 0 {
			order = append(order, o)
		}
		of[o] = append(of[o], i)
	}
	a.once(items)
	if err := a.count(ctx, items); err != nil {
		return PastEntries{}, err
	}
	report := PastEntries{Rows: make([]PastEntered, len(items))}
	for i, it := range items {
		report.Rows[i] = PastEntered{Row: it.Row, Body: it.Body, On: it.On, Matter: it.Matter}
	}
	for _, o := range order {
		created, err := a.take(ctx, items, of[o], report.Rows)
		if err != nil {
			return PastEntries{}, err
		}
		if created {
			report.Meetings++
		}
	}
	return report, nil
}
