// Package jobs is the list of all background work. Each job belongs to one
// county, which the door stamped on it when it was enqueued; a job without a
// county fails. What the work is, the rooms say.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/mail"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/print"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/tenant"
)

// Config is what the work needs from outside.
type Config struct {
	DB        *pg.DB
	Printer   print.Printer // makes PDF; nil: nothing does
	Mail      *mail.Outlet
	Files     *files.Store
	From      string // the sender of letters, to whom calendars answer
	PublicURL string
	Logger    *slog.Logger
	// Fetch reads what lies at an address of population figures; it says as a fault
	// what is wrong with what is there. nil: nothing is fetched.
	Fetch func(ctx context.Context, address string) ([]byte, error)

	Worked func(kind, outcome, county string) // counts; may be nil
}

// Kinds are the jobs there are, by name: a test of the wall walks them all.
func Kinds() []string {
	return []string{member.Summons{}.Kind(), Sweep{}.Kind(), SweepCounty{}.Kind(), SweepFiles{}.Kind(), governance.Remember{}.Kind(), governance.Reminder{}.Kind(), meeting.Written{}.Kind(), meeting.Reseating{}.Kind(), meeting.Tell{}.Kind(), meeting.Reminder{}.Kind(), costshare.Making{}.Kind(),
		population.Fetch{}.Kind(), population.Write{}.Kind()}
}

// register is the list: one line for each job.
func register(c Config, ws *river.Workers) {
	add(c, ws, func(ctx context.Context, job *river.Job[member.Summons]) error {
		return member.Summon(ctx, c.DB, job, c.summon)
	})
	add(c, ws, func(ctx context.Context, job *river.Job[Sweep]) error { return sweep(ctx, c.DB, job) })
	add(c, ws, func(ctx context.Context, job *river.Job[SweepCounty]) error {
		return pg.InJob(ctx, c.DB, job, func(tx *pg.Tx) error {
			if err := pg.SweepAnswers(ctx, tx); err != nil {
				return err
			}
			if err := costshare.SweepBundles(ctx, tx); err != nil {
				return err
			}
			return session.Sweep(ctx, tx)
		})
	})
	add(c, ws, func(ctx context.Context, job *river.Job[SweepFiles]) error { return c.sweepFiles(ctx, job) })
	add(c, ws, func(ctx context.Context, job *river.Job[governance.Remember]) error {
		return pg.InJob(ctx, c.DB, job, func(tx *pg.Tx) error { return governance.EnqueueReminders(ctx, tx) })
	})
	add(c, ws, func(ctx context.Context, job *river.Job[governance.Reminder]) error {
		return governance.Remind(ctx, c.DB, job, c.remind)
	})
	add(c, ws, func(ctx context.Context, job *river.Job[meeting.Written]) error {
		return pg.InJob(ctx, c.DB, job, func(tx *pg.Tx) error { return meeting.LookAfterWritten(ctx, tx) })
	})
	add(c, ws, func(ctx context.Context, job *river.Job[meeting.Reseating]) error {
		return pg.InJob(ctx, c.DB, job, func(tx *pg.Tx) error { return meeting.Reseat(ctx, tx) })
	})
	add(c, ws, func(ctx context.Context, job *river.Job[meeting.Tell]) error {
		return meeting.Send(ctx, c.DB, job, c.tell)
	})
	add(c, ws, func(ctx context.Context, job *river.Job[meeting.Reminder]) error {
		return pg.InJob(ctx, c.DB, job, func(tx *pg.Tx) error { return meeting.Remind(ctx, tx, job.Args.Meeting) })
	})
	addLong(c, ws, func(ctx context.Context, job *river.Job[costshare.Making]) error {
		return costshare.Make(ctx, c.DB, job, c.printer())
	})
	add(c, ws, func(ctx context.Context, job *river.Job[population.Fetch]) error {
		return population.Collect(ctx, c.DB, job, c.fetch)
	})
	add(c, ws, func(ctx context.Context, job *river.Job[population.Write]) error {
		return population.Carry(ctx, c.DB, job)
	})
}

// summon sends an invitation.
func (c Config) summon(ctx context.Context, l member.Letter) error {
	subject, body := l.Words(c.PublicURL)
	err := c.Mail.Send(ctx, mail.Message{To: l.To, Subject: subject, Text: body, ID: "invitation-" + l.Membership.String()})
	if errors.Is(err, mail.ErrMessage) { // no number of tries makes the address good
		return river.JobCancel(err)
	}
	return err
}

// fetch reads an address of population figures.
func (c Config) fetch(ctx context.Context, address string) ([]byte, error) {
	if c.Fetch == nil {
		return nil, fault.New(fault.Unavailable, "population.unreachable")
	}
	return c.Fetch(ctx, address)
}

// printer is what makes PDF, or what says that nothing does.
func (c Config) printer() print.Printer {
	if c.Printer == nil {
		return print.None{}
	}
	return c.Printer
}

// remind sends a party's reminder of its empty places.
func (c Config) remind(ctx context.Context, n governance.Note) error {
	subject, body := n.Words(c.PublicURL)
	err := c.Mail.Send(ctx, mail.Message{To: n.To, Subject: subject, Text: body, ID: n.ID()})
	if errors.Is(err, mail.ErrMessage) { // no number of tries makes the address good
		return river.JobCancel(err)
	}
	return err
}

// Sweep is the hourly job that has every county swept. It belongs to the nation
// and reads no county: it puts one job into the queue for each.
type Sweep struct{}

// Kind names the job.
func (Sweep) Kind() string { return "sweep" }

// SweepCounty takes away what one county need not keep: answers to keys after a
// day, sessions long ended.
type SweepCounty struct{}

// Kind names the job.
func (SweepCounty) Kind() string { return "sweep.county" }

// SweepFiles takes away one county's files that never got their row. It is a job
// of its own, so that a store that is away holds up no other sweeping, and works
// in short units of its own: see document.SweepOrphans.
type SweepFiles struct{}

// Kind names the job.
func (SweepFiles) Kind() string { return "sweep.files" }

func (c Config) sweepFiles(ctx context.Context, job *river.Job[SweepFiles]) error {
	actor, err := pg.JobActor(job)
	if err != nil {
		return err
	}
	s, err := document.SweepOrphans(ctx, c.DB, c.Files, actor.Tenant)
	for _, m := range s.Missing {
		c.Logger.LogAttrs(ctx, slog.LevelError, "a document's file is not in the store", slog.String("county", actor.Tenant),
			slog.String("document", m.Document.String()), slog.Int("version", m.Number))
	}
	if s.Deleted > 0 {
		c.Logger.LogAttrs(ctx, slog.LevelInfo, "files without a row swept", slog.String("county", actor.Tenant), slog.Int("files", s.Deleted))
	}
	return err
}

// The hours in Sweden between which people are written to: in the first of them
// parties are reminded.
const reminding, resting = 8, 20

func sweep(ctx context.Context, db *pg.DB, job *river.Job[Sweep]) error {
	actor, err := pg.JobActor(job)
	if err != nil {
		return err
	}
	var all []county.Known
	err = db.InPublic(ctx, actor.Tenant, func(tx *pg.Tx) (err error) {
		all, err = county.List(ctx, tx, tenant.KindCounty, tenant.KindNational, tenant.KindSandbox)
		return err
	})
	if err != nil {
		return err
	}
	for _, k := range all { // one unit of work a county: no transaction holds two
		err := db.InTenant(ctx, auth.System(k.Slug, "job:sweep", actor.Request), pg.Write, func(tx *pg.Tx) error {
			if err := tx.Enqueue(ctx, SweepCounty{}); err != nil {
				return err
			}
			// Of the day's sweeps one reminds: in the morning, when somebody reads it.
			hour := tx.Now.In(day.Stockholm).Hour()
			if hour == reminding {
				if err := tx.Enqueue(ctx, governance.Remember{}); err != nil {
					return err
				}
			}
			if hour >= reminding && hour < resting {
				if err := tx.Enqueue(ctx, meeting.Reseating{}); err != nil {
					return err
				}
			}
			if err := tx.Enqueue(ctx, meeting.Written{}); err != nil {
				return err
			}
			return tx.Enqueue(ctx, SweepFiles{})
		})
		if err != nil {
			return fmt.Errorf("%s: %w", k.Slug, err)
		}
	}
	return nil
}

// New makes the queue's client that works all jobs. Start it, and Stop it
// before the door is closed.
func New(c Config) (*pg.Queue, error) {
	ws := river.NewWorkers()
	register(c, ws)
	national, err := json.Marshal(pg.Work{Tenant: pg.Nation})
	if err != nil {
		return nil, err
	}
	return c.DB.Queue(&river.Config{
		Logger: c.Logger,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}},
		// A letter that cannot be sent is tried for about three days.
		MaxAttempts: 15,
		JobTimeout:  time.Minute,
		// What a server that was killed had begun is begun again: no job takes longer.
		RescueStuckJobsAfter: longest + time.Minute,
		Workers:              ws,
		PeriodicJobs: []*river.PeriodicJob{
			river.NewPeriodicJob(river.PeriodicInterval(time.Hour), func() (river.JobArgs, *river.InsertOpts) {
				return Sweep{}, &river.InsertOpts{Metadata: national, UniqueOpts: river.UniqueOpts{ByPeriod: time.Hour}}
			}, &river.PeriodicJobOpts{ID: "sweep"}),
		},
	})
}

// add wraps a job: its trace goes on, it is counted, and a failure is logged
// with its county and never with its arguments.
func add[T river.JobArgs](c Config, ws *river.Workers, work func(context.Context, *river.Job[T]) error) {
	river.AddWorker(ws, river.WorkFunc(watched(c, work)))
}

// longest is how long the longest job may take: hundreds of printed statements.
const longest = 10 * time.Minute

// long is a job that takes longer than others may.
type long[T river.JobArgs] struct {
	river.WorkerDefaults[T]
	work func(context.Context, *river.Job[T]) error
}

func (l long[T]) Work(ctx context.Context, job *river.Job[T]) error { return l.work(ctx, job) }
func (long[T]) Timeout(*river.Job[T]) time.Duration                 { return longest }

// addLong is add for a job that takes longer than others may.
func addLong[T river.JobArgs](c Config, ws *river.Workers, work func(context.Context, *river.Job[T]) error) {
	river.AddWorker(ws, long[T]{work: watched(c, work)})
}

// watched gives a job its trace, counts it and logs its failure.
func watched[T river.JobArgs](c Config, work func(context.Context, *river.Job[T]) error) func(context.Context, *river.Job[T]) error {
	return func(ctx context.Context, job *river.Job[T]) error {
		var w pg.Work
		_ = json.Unmarshal(job.Metadata, &w) // JobActor refuses what is no county
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": w.Trace})
		ctx, span := otel.Tracer("github.com/overens/overens/internal/jobs").Start(ctx, "job "+job.Kind, trace.WithSpanKind(trace.SpanKindConsumer))
		defer span.End()
		err := work(ctx, job)
		outcome := "done"
		if err != nil {
			outcome = "failed"
			span.SetStatus(codes.Error, "failed")
			level := slog.LevelError
			if len(fault.All(err)) > 0 {
				level = slog.LevelWarn
			}
			c.Logger.LogAttrs(ctx, level, "job failed", slog.String("kind", job.Kind), slog.Int64("job", job.ID), slog.Int("attempt", job.Attempt),
				slog.String("county", w.Tenant), slog.String("error", err.Error()))
		}
		if c.Worked != nil {
			c.Worked(job.Kind, outcome, w.Tenant)
		}
		return err
	}
}
