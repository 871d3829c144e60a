package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
)

// Tx is one unit of work of one actor at one instant. It can neither commit nor
// roll back: that is for whoever opened it. It must not be used by two
// goroutines at once, nor after f has returned.
type Tx struct {
	rows                     // Exec, Query, QueryRow, SendBatch: what sqlc asks for
	auth.Actor               // tx.Require(…), tx.May(…)
	County     tenant.County // tx.Config(): the configuration in force today
	Now        time.Time     // one instant for the whole unit of work
	Opened     time.Time     // the instant at which it was opened: Now, unless it tells of another time

	db    *DB
	after []notice
}

// Today is the civil day of the unit of work, in Sweden.
func (tx *Tx) Today() day.Day { return day.At(tx.Now) }

// Config is the county's configuration in force today.
func (tx *Tx) Config() tenant.Configuration { return tx.County.On(tx.Today()) }

// NewID is a new row's id: UUIDv7, so that rows of one time lie together.
func (tx *Tx) NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// Savepoint does a part of the work that may be refused without undoing the rest.
func (tx *Tx) Savepoint(ctx context.Context, f func() error) error {
	if _, err := tx.Exec(ctx, "SAVEPOINT part"); err != nil {
		return err
	}
	told := len(tx.after)
	err := f()
	if err != nil {
		tx.failed, tx.after = nil, tx.after[:told]
		if _, e := tx.Exec(ctx, "ROLLBACK TO SAVEPOINT part"); e != nil {
			return e
		}
	}
	// Let go also after rolling back to it: otherwise a part around this one
	// would find this one's savepoint under the name.
	if _, e := tx.Exec(ctx, "RELEASE SAVEPOINT part"); err == nil {
		err = e
	}
	return err
}

// opening is what travels before the first statement.
type opening struct {
	role        string
	county      tenant.County
	actor       auth.Actor
	mode        Mode
	sealed      bool
	unversioned bool
}

type state int

const (
	unopened state = iota
	opened
	done
)

// rows runs statements and gives faults instead of the driver's errors. The
// first statement opens the transaction, in the same round trip.
type rows struct {
	conn   *pgx.Conn
	open   opening
	state  state
	moved  *moved
	failed error
}

// check compares what the actor was made from with what is kept now. One text
// for all counties and actors.
const check = `SELECT set_config('app.actor', $1, true), set_config('app.request', $2, true), set_config('app.party', $3, true),
	coalesce((SELECT c.version FROM county c WHERE c.tenant_id = $4), 0),
	coalesce((SELECT s.version FROM session s WHERE s.tenant_id = $4 AND s.id = $5 AND s.ended_at IS NULL), 0),
	coalesce((SELECT r.version FROM person_rights r WHERE r.tenant_id = $4 AND r.person_id = $6), 0)`

// checkPublic is check for whoever is not signed in, as a role that sees
// neither sessions nor rights.
const checkPublic = `SELECT set_config('app.actor', $1, true), set_config('app.request', $2, true), set_config('app.party', '', true),
	coalesce((SELECT c.version FROM county c WHERE c.tenant_id = $3), 0), 0::bigint, 0::bigint`

var begins = map[Mode]string{Read: "BEGIN READ ONLY", Write: "BEGIN"}

// head puts the opening into a batch and returns a function that reads its answers.
func (r *rows) head(b *pgx.Batch) func(pgx.BatchResults) error {
	o := r.open
	b.Queue(begins[o.mode])
	n := 1
	if o.sealed {
		b.Queue("SET LOCAL ROLE " + o.role)
		n++
		if o.role != roleNational {
			b.Queue("SET LOCAL app.tenant = '" + o.county.Slug + "'") // checked by tenant.ValidSlug in run
			n++
		}
	}
	if o.role == rolePublic || (o.role == roleNational && o.actor.Kind != auth.KindPerson) {
		b.Queue(checkPublic, o.actor.Label(), o.actor.Request, o.county.Slug)
	} else {
		party := ""
		if p := o.actor.Party(); p != uuid.Nil {
			party = p.String()
		}
		b.Queue(check, o.actor.Label(), o.actor.Request, party, o.county.Slug, o.actor.Session, o.actor.Person)
	}
	return func(br pgx.BatchResults) error {
		r.state = opened // whatever comes of it, there is something to roll back
		for range n {
			if _, err := br.Exec(); err != nil {
				return fmt.Errorf("opening a unit of work: %w", err)
			}
		}
		var a, q, p string
		var version, session, rights int64
		if err := br.QueryRow().Scan(&a, &q, &p, &version, &session, &rights); err != nil {
			return fmt.Errorf("opening a unit of work: %w", err)
		}
		var m moved
		m.config = !o.unversioned && version != o.county.Version
		if o.actor.Kind == auth.KindPerson {
			m.actor = rights != o.actor.RightsVersion || (o.actor.Session != uuid.Nil && session != o.actor.SessionVersion)
		}
		if m.config || m.actor {
			r.moved = &m
			return errMoved
		}
		return nil
	}
}

// begin opens without a first statement.
func (r *rows) begin(ctx context.Context) error {
	if r.state == opened {
		return r.usable()
	}
	if r.state == done {
		return errDone
	}
	b := &pgx.Batch{}
	read := r.head(b)
	br := r.conn.SendBatch(ctx, b)
	err := read(br)
	if e := br.Close(); err == nil {
		err = e
	}
	return r.note(err)
}

var errDone = errors.New("pg: a unit of work was used after it had ended")

// usable refuses statements after the transaction has failed.
func (r *rows) usable() error {
	switch {
	case r.state == done:
		return errDone
	case r.moved != nil:
		return errMoved
	}
	return nil
}

// note turns the driver's error into a fault and remembers that the
// transaction cannot be committed.
func (r *rows) note(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.Missing().Because(err)
	}
	err = refusal(err)
	if r.failed == nil {
		r.failed = err
	}
	return err
}

// Exec runs a statement that gives no rows.
func (r *rows) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if r.state == opened {
		if err := r.usable(); err != nil {
			return pgconn.CommandTag{}, err
		}
		tag, err := r.conn.Exec(ctx, sql, args...)
		return tag, r.note(err)
	}
	rs, err := r.Query(ctx, sql, args...)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	rs.Close()
	return rs.CommandTag(), rs.Err()
}

// Query runs a statement that gives rows. They must be read to the end or closed.
func (r *rows) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if r.state == opened {
		if err := r.usable(); err != nil {
			return nil, err
		}
		rs, err := r.conn.Query(ctx, sql, args...)
		if err != nil {
			return nil, r.note(err)
		}
		return &read{Rows: rs, r: r}, nil
	}
	if r.state == done {
		return nil, errDone
	}
	b := &pgx.Batch{}
	answers := r.head(b)
	b.Queue(sql, args...)
	br := r.conn.SendBatch(ctx, b)
	if err := answers(br); err != nil {
		_ = br.Close()
		return nil, r.note(err)
	}
	rs, err := br.Query()
	if err != nil {
		_ = br.Close()
		return nil, r.note(err)
	}
	return &read{Rows: rs, r: r, batch: br}, nil
}

// QueryRow runs a statement that gives one row. No row is fault.Missing.
func (r *rows) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	rs, err := r.Query(ctx, sql, args...)
	return one{rows: rs, err: err}
}

// SendBatch sends several statements in one round trip.
func (r *rows) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	if err := r.begin(ctx); err != nil {
		return failedBatch{err}
	}
	return batch{r.conn.SendBatch(ctx, b), r}
}

// read is a statement's rows, with the batch of the opening when it was first.
type read struct {
	pgx.Rows
	r     *rows
	batch pgx.BatchResults
	err   error
}

func (q *read) Next() bool {
	if q.Rows.Next() {
		return true
	}
	q.Close()
	return false
}

func (q *read) Close() {
	q.Rows.Close()
	if q.batch != nil {
		err := q.batch.Close()
		q.batch = nil
		if q.err == nil {
			q.err = err
		}
	}
}

func (q *read) Err() error {
	if err := q.Rows.Err(); err != nil {
		return q.r.note(err)
	}
	return q.r.note(q.err)
}

type one struct {
	rows pgx.Rows
	err  error
}

func (o one) Scan(dest ...any) error {
	if o.err != nil {
		return o.err
	}
	defer o.rows.Close()
	if !o.rows.Next() {
		if err := o.rows.Err(); err != nil {
			return err
		}
		return fault.Missing().Because(pgx.ErrNoRows)
	}
	if err := o.rows.Scan(dest...); err != nil {
		return err
	}
	o.rows.Close()
	return o.rows.Err()
}

type batch struct {
	pgx.BatchResults
	r *rows
}

func (b batch) Exec() (pgconn.CommandTag, error) {
	tag, err := b.BatchResults.Exec()
	return tag, b.r.note(err)
}

func (b batch) Query() (pgx.Rows, error) {
	rs, err := b.BatchResults.Query()
	if err != nil {
		return nil, b.r.note(err)
	}
	return &read{Rows: rs, r: b.r}, nil
}

func (b batch) QueryRow() pgx.Row {
	rs, err := b.Query()
	return one{rows: rs, err: err}
}

func (b batch) Close() error { return b.r.note(b.BatchResults.Close()) }

type failedBatch struct{ err error }

func (b failedBatch) Exec() (pgconn.CommandTag, error) { return pgconn.CommandTag{}, b.err }
func (b failedBatch) Query() (pgx.Rows, error)         { return nil, b.err }
func (b failedBatch) QueryRow() pgx.Row                { return one{err: b.err} }
func (b failedBatch) Close() error                     { return b.err }
func (b failedBatch) Tx() pgx.Tx                       { return nil }

// commit sends what others are told together with COMMIT. Deferred
// constraints, the trail among them, are settled here.
func (tx *Tx) commit(ctx context.Context) error {
	b := &pgx.Batch{}
	for _, n := range tx.after {
		b.Queue("SELECT pg_notify($1, $2)", channel, n.payload)
	}
	b.Queue("COMMIT")
	br := tx.conn.SendBatch(ctx, b)
	for range tx.after {
		if _, err := br.Exec(); err != nil {
			_ = br.Close()
			tx.rollback(ctx)
			return refusal(err)
		}
	}
	tag, err := br.Exec()
	if e := br.Close(); err == nil {
		err = e
	}
	tx.state = done
	if err != nil {
		return refusal(err)
	}
	if tag.String() == "ROLLBACK" { // COMMIT of a failed transaction says so and no more
		return fmt.Errorf("pg: the transaction had failed and was rolled back: %w", errUndo)
	}
	return nil
}

// rollback undoes the work, also when ctx has ended; a connection that cannot
// even do that is closed.
func (tx *Tx) rollback(ctx context.Context) {
	if tx.state != opened {
		tx.state = done
		return
	}
	tx.state = done
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if _, err := tx.conn.Exec(ctx, "ROLLBACK"); err != nil {
		_ = tx.conn.Close(ctx)
	}
}
