package population

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population/internal/populationdb"
)

// Fetch is the job that reads an import's address.
type Fetch struct {
	Import uuid.UUID `json:"import"`
}

// Kind names the job.
func (Fetch) Kind() string { return "population.fetch" }

// Write is the job that writes an import that has been confirmed.
type Write struct {
	Import uuid.UUID `json:"import"`
}

// Kind names the job.
func (Write) Kind() string { return "population.write" }

// Collect does the job Fetch: it reads the address outside of any unit of work,
// and keeps what it gave, or why it gave nothing. read says as a fault what is
// wrong with what is there.
func Collect(ctx context.Context, db *pg.DB, job *river.Job[Fetch], read func(ctx context.Context, address string) ([]byte, error)) error {
	actor, err := pg.JobActor(job)
	if err != nil {
		return err
	}
	var asked Import
	err = db.InTenant(ctx, actor, pg.Read, func(tx *pg.Tx) (err error) {
		asked, err = get(ctx, populationdb.New(tx), job.Args.Import)
		return err
	})
	if err != nil && !gone(err) {
		return err
	}
	var raw []byte
	var wrong error
	if asked.State == Fetching {
		raw, wrong = read(ctx, asked.Address)
	}
	return pg.InJob(ctx, db, job, func(tx *pg.Tx) error {
		if asked.State != Fetching {
			return nil
		}
		return take(ctx, tx, asked.ID, raw, wrong)
	})
}

// take keeps what an import's address gave.
func take(ctx context.Context, tx *pg.Tx, id uuid.UUID, raw []byte, wrong error) error {
	if err := mayChange(tx); err != nil {
		return err
	}
	q := populationdb.New(tx)
	row, err := q.LockIntake(ctx, id)
	if err != nil || row.State != Fetching {
		return err
	}
	i, err := taken(row, 0)
	if err != nil {
		return err
	}
	if wrong != nil {
		return fail(ctx, tx, i, wrong)
	}
	b, err := Read(raw, tx.Today())
	source := cmp.Or(i.Source, b.Source, i.Address) // of figures that say nothing of it themselves
	var c populationdb.AddContentParams
	if err == nil {
		c, err = sorted(b, source)
	}
	if err != nil {
		return fail(ctx, tx, i, err)
	}
	c.ImportID = id
	return keep(ctx, tx, c, b, source)
}

// Carry does the job Write, a reference day in each unit of work: a day is in the
// register whole or not at all, and an import that was cut off goes on where it was.
func Carry(ctx context.Context, db *pg.DB, job *river.Job[Write]) error {
	actor, err := pg.JobActor(job)
	if err != nil {
		return err
	}
	for more := true; more; {
		err := db.InTenant(ctx, actor, pg.Write, func(tx *pg.Tx) (err error) {
			more, err = WriteDay(ctx, tx, job.Args.Import)
			return err
		})
		if gone(err) {
			break
		}
		if err != nil {
			return err
		}
	}
	return pg.InJob(ctx, db, job, func(*pg.Tx) error { return nil })
}

// WriteDay writes the next reference day of an import that has been confirmed,
// and tells whether there are more.
func WriteDay(ctx context.Context, tx *pg.Tx, id uuid.UUID) (more bool, err error) {
	q := populationdb.New(tx)
	row, err := q.LockIntake(ctx, id)
	if err != nil || row.State != Writing {
		return false, err
	}
	if err := mayChange(tx); err != nil {
		return false, err
	}
	c, err := q.Content(ctx, id)
	if err != nil {
		return false, err
	}
	// The lines lie in the order of their days.
	from, _ := slices.BinarySearchFunc(c.Days, c.Written.Add(1), day.Day.Compare)
	if c.Written.IsZero() {
		from = 0
	}
	to := from
	var lines []Line
	for ; to < len(c.Days) && c.Days[to] == c.Days[from]; to++ {
		lines = append(lines, Line{Municipality: c.Municipalities[to], Day: c.Days[to], Count: c.Inhabitants[to], Source: c.Sources[to]})
	}
	t, err := put(ctx, tx, lines, *row.FetchedAt, uuid.NullUUID{UUID: id, Valid: true})
	if err != nil {
		return false, err
	}
	t.New, t.Revised, t.Unchanged = t.New+int(c.Fresh), t.Revised+int(c.Revised), t.Unchanged+int(c.Unchanged)
	if to < len(c.Days) {
		return true, q.Written(ctx, populationdb.WrittenParams{ImportID: id, Written: c.Days[from], Fresh: small(t.New), Revised: small(t.Revised), Unchanged: small(t.Unchanged)})
	}
	if err := q.ForgetContent(ctx, id); err != nil {
		return false, err
	}
	return false, q.End(ctx, populationdb.EndParams{ID: id, State: Done, EndedAt: &tx.Now, Problems: row.Problems,
		Fresh: small(t.New), Revised: small(t.Revised), Unchanged: small(t.Unchanged)})
}
