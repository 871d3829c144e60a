package pg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"go.opentelemetry.io/otel/propagation"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/tenant"
)

// Work is what a job's row says of where it belongs: the county is stamped by
// the door and cannot be forgotten or chosen.
type Work struct {
	Tenant  string `json:"tenant"`
	Request string `json:"request,omitempty"`
	Trace   string `json:"traceparent,omitempty"`
}

// Queue works jobs: package jobs makes it and says what the work is.
type Queue = river.Client[pgx.Tx]

// Queue makes the queue's client that works jobs, with the login's own rights
// on the schema river and no county's.
func (db *DB) Queue(c *river.Config) (*Queue, error) {
	c.Schema = queueSchema
	return river.NewClient(riverpgxv5.New(db.pool), c)
}

// queueSchema is where the queue lives.
const queueSchema = "river"

// Enqueue puts a job into the queue; it is there only if the work commits.
// Arguments carry ids, never personal data: the queue stands outside the wall.
func (tx *Tx) Enqueue(ctx context.Context, args river.JobArgs) error {
	return tx.enqueue(ctx, args, time.Time{})
}

// EnqueueAt is Enqueue for a job that shall wait until an instant.
func (tx *Tx) EnqueueAt(ctx context.Context, args river.JobArgs, at time.Time) error {
	return tx.enqueue(ctx, args, at)
}

func (tx *Tx) enqueue(ctx context.Context, args river.JobArgs, at time.Time) error {
	if tx.open.mode != Write {
		return errors.New("pg: a reading unit of work cannot enqueue")
	}
	if err := tx.begin(ctx); err != nil {
		return err
	}
	meta, err := json.Marshal(Work{Tenant: tx.Tenant, Request: tx.Request, Trace: traceparent(ctx)})
	if err != nil {
		return err
	}
	if _, err := tx.db.jobs.InsertTx(ctx, raw{tx.conn}, args, &river.InsertOpts{Metadata: meta, ScheduledAt: at}); err != nil {
		return tx.note(fmt.Errorf("enqueueing %s: %w", args.Kind(), err))
	}
	return nil
}

// InJob does a job's unit of work and completes the job in the same
// transaction: it is done once, or not at all.
func InJob[T river.JobArgs](ctx context.Context, db *DB, job *river.Job[T], f func(*Tx) error) error {
	actor, err := JobActor(job)
	if err != nil {
		return err
	}
	return db.InTenant(ctx, actor, Write, func(tx *Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		if err := tx.begin(ctx); err != nil {
			return err
		}
		// The county's role may put jobs in; only the login may finish them.
		if _, err := tx.Exec(ctx, "SET LOCAL ROLE NONE"); err != nil {
			return err
		}
		_, err := river.JobCompleteTx[*riverpgxv5.Driver, pgx.Tx](ctx, raw{tx.conn}, job)
		return tx.note(err)
	})
}

// JobActor is who works a job: the system, in the county that the door stamped
// on it. A job without a county fails for good.
func JobActor[T river.JobArgs](job *river.Job[T]) (auth.Actor, error) {
	var w Work
	if err := json.Unmarshal(job.Metadata, &w); err != nil || !tenant.ValidSlug(w.Tenant) {
		return auth.Actor{}, river.JobCancel(fmt.Errorf("pg: the job %d %s carries no county", job.ID, job.Kind))
	}
	return auth.System(w.Tenant, "job:"+job.Kind, w.Request), nil
}

type link = pgx.Conn

// raw is the open transaction for the queue's own library, which can neither
// commit nor roll it back.
type raw struct{ *link }

var errNotYours = errors.New("pg: only the door commits")

func (r raw) Commit(context.Context) error   { return errNotYours }
func (r raw) Rollback(context.Context) error { return errNotYours }
func (r raw) Conn() *pgx.Conn                { return r.link }
func (r raw) LargeObjects() pgx.LargeObjects { return pgx.LargeObjects{} }

// traceparent is the trace that a job goes on with.
func traceparent(ctx context.Context) string {
	c := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, c)
	return c["traceparent"]
}
