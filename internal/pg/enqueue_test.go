package pg_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// found is a job that writes an organisation's card.
type found struct {
	Name  string `json:"name"`
	Fails bool   `json:"fails"`
}

func (found) Kind() string { return "test.found" }

func TestAJobIsInTheQueueOnlyIfTheWorkIsCommitted(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	actor := auth.System("kronoberg", "test", "the-request")
	later := dbtest.Noon.Add(time.Hour)

	_ = d.InTenant(t.Context(), actor, pg.Write, func(tx *pg.Tx) error {
		if err := tx.Enqueue(t.Context(), found{Name: "undone"}); err != nil {
			t.Error(err)
		}
		return errors.New("stop")
	})
	err := d.InTenant(t.Context(), actor, pg.Write, func(tx *pg.Tx) error {
		if err := tx.Enqueue(t.Context(), found{Name: "now"}); err != nil {
			return err
		}
		return tx.EnqueueAt(t.Context(), found{Name: "later"}, later)
	})
	if err != nil {
		t.Fatal(err)
	}

	type queued struct {
		Args, Metadata []byte
		At             time.Time
	}
	rs, err := d.Owner(t).Query(t.Context(), "SELECT args, metadata, scheduled_at FROM river.river_job ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := pgx.CollectRows(rs, pgx.RowToStructByPos[queued])
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, j := range jobs {
		var a found
		var w pg.Work
		if err := errors.Join(json.Unmarshal(j.Args, &a), json.Unmarshal(j.Metadata, &w)); err != nil {
			t.Fatal(err)
		}
		names = append(names, a.Name)
		if w.Tenant != "kronoberg" || w.Request != "the-request" {
			t.Errorf("%s is stamped %+v", a.Name, w)
		}
	}
	if d := cmp.Diff([]string{"now", "later"}, names); d != "" {
		t.Errorf("in the queue (-want +got):\n%s", d)
	}
	if len(jobs) == 2 && !jobs[1].At.Equal(later) {
		t.Errorf("waits until %s, want %s", jobs[1].At, later)
	}
}

func TestAReadingUnitOfWorkCannotEnqueue(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	err := d.InTenant(t.Context(), system, pg.Read, func(tx *pg.Tx) error { return tx.Enqueue(t.Context(), found{}) })
	if err == nil {
		t.Error("done")
	}
}

type finder struct {
	river.WorkerDefaults[found]
	db *pg.DB
}

func (f finder) Work(ctx context.Context, job *river.Job[found]) error {
	return pg.InJob(ctx, f.db, job, func(tx *pg.Tx) error {
		if _, err := organisation.Create(ctx, tx, named(job.Args.Name)); err != nil {
			return err
		}
		if job.Args.Fails {
			return errors.New("not today")
		}
		return nil
	})
}

func TestAJobIsDoneInItsCountyWithItsWorkOrNotAtAll(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	workers := river.NewWorkers()
	river.AddWorker(workers, finder{db: d.DB})
	queue, err := river.NewClient(riverpgxv5.New(d.Pool()), &river.Config{Schema: "river", Workers: workers, Logger: slog.New(slog.DiscardHandler),
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	events, unsubscribe := queue.Subscribe(river.EventKindJobCompleted, river.EventKindJobCancelled, river.EventKindJobFailed)
	defer unsubscribe()

	for _, slug := range []string{"kronoberg", "ostergotland"} {
		err := d.InTenant(t.Context(), auth.System(slug, "test", ""), pg.Write, func(tx *pg.Tx) error {
			return errors.Join(tx.Enqueue(t.Context(), found{Name: "Klar i " + slug}), tx.Enqueue(t.Context(), found{Name: "Ogjord", Fails: true}))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, stamp := range []string{`{}`, `{"tenant": "nowhere'; --"}`, `{"tenant": ""}`} {
		if _, err := queue.Insert(t.Context(), found{Name: "Hemlös"}, &river.InsertOpts{Metadata: []byte(stamp)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := queue.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	ends := map[string][]rivertype.JobState{}
	for range 7 {
		e := <-events
		var a found
		if err := json.Unmarshal(e.Job.EncodedArgs, &a); err != nil {
			t.Fatal(err)
		}
		ends[a.Name] = append(ends[a.Name], e.Job.State)
	}
	if err := queue.StopAndCancel(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	for name, states := range ends {
		want := map[string]rivertype.JobState{"Hemlös": rivertype.JobStateCancelled, "Klar i kronoberg": rivertype.JobStateCompleted, "Klar i ostergotland": rivertype.JobStateCompleted}[name]
		for _, s := range states {
			if want != "" && s != want || name == "Ogjord" && (s == rivertype.JobStateCompleted || s == rivertype.JobStateCancelled) {
				t.Errorf("%s: %s", name, s)
			}
		}
	}
	for _, slug := range []string{"kronoberg", "ostergotland"} {
		if d := cmp.Diff([]string{"Klar i " + slug}, organisations(t, d, slug)); d != "" {
			t.Errorf("in %s (-want +got):\n%s", slug, d)
		}
	}
}

func TestAJobWithoutACountyIsGivenUpForGood(t *testing.T) {
	t.Parallel()
	for _, stamp := range []string{``, `{}`, `null`, `{"tenant": "Kronoberg"}`, `{"tenant": 7}`} {
		_, err := pg.JobActor(&river.Job[found]{JobRow: &rivertype.JobRow{ID: 7, Kind: "test.found", Metadata: []byte(stamp)}})
		if _, ok := errors.AsType[*rivertype.JobCancelError](err); !ok {
			t.Errorf("%q: %v", stamp, err)
		}
	}
	a, err := pg.JobActor(&river.Job[found]{JobRow: &rivertype.JobRow{Kind: "test.found", Metadata: []byte(`{"tenant": "kronoberg", "request": "r"}`)}})
	if err != nil || a.Tenant != "kronoberg" || a.Label() != "system:job:test.found" || a.Request != "r" || a.Person != uuid.Nil {
		t.Errorf("%+v, %v", a, err)
	}
}
