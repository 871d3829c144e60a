package governance_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// atOnce: a job that failed is tried again without waiting.
type atOnce struct{}

func (atOnce) NextRetry(*rivertype.JobRow) time.Time { return time.Now() }

func TestAPartyIsRemindedOnceAMonth(t *testing.T) {
	t.Parallel()
	var at atomic.Value
	at.Store(dbtest.Noon)
	d := dbtest.New(t, dbtest.Clock(func() time.Time { return at.Load().(time.Time) }))
	ctx := t.Context()
	system := auth.System("kronoberg", "test", "")
	do := func(f func(tx *pg.Tx) error) {
		t.Helper()
		if err := d.InTenant(ctx, system, pg.Write, f); err != nil {
			t.Fatal(err)
		}
	}
	var party uuid.UUID
	do(func(tx *pg.Tx) error {
		for _, key := range []string{"af", "fk"} {
			card := organisation.Card{Type: "state-agency", Name: "Myndigheten " + key}
			if key == "af" {
				card.Mailbox = "registrator@af.example"
			}
			o, err := organisation.Import(ctx, tx, card, organisation.Origin{Key: key})
			if err != nil {
				return err
			}
			if card.Mailbox != "" {
				party = o.ID
			}
		}
		c := tx.County
		c.Bodies = tenant.Section[tenant.Bodies]{{Value: tenant.Bodies{Bodies: []tenant.Body{{Key: "forum", Kind: "forum", Name: tenant.Words{"sv": "Forum"},
			Seats: []tenant.Seat{{Key: "af", Organisations: []string{"af"}}, {Key: "fk", Organisations: []string{"fk"}}}}}}}}
		_, _, err := county.Apply(ctx, tx, c, county.FromFile, "test")
		return err
	})

	notes, tries := make(chan governance.Note, 10), 0
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[governance.Reminder]) error {
		return governance.Remind(ctx, d.DB, job, func(_ context.Context, n governance.Note) error {
			if tries++; tries == 1 {
				return errors.New("the post is closed")
			}
			notes <- n
			return nil
		})
	}))
	client, err := river.NewClient(riverpgxv5.New(d.Pool()), &river.Config{Schema: "river", Workers: workers, RetryPolicy: atOnce{}, TestOnly: true,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}, Logger: slog.New(slog.DiscardHandler), FetchPollInterval: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	done, cancel := client.Subscribe(river.EventKindJobCompleted)
	defer cancel()
	queued := func() (n int) {
		t.Helper()
		if err := d.Pool().QueryRow(ctx, "SELECT count(*) FROM river.river_job WHERE state <> 'completed'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	remember := func() { t.Helper(); do(func(tx *pg.Tx) error { return governance.EnqueueReminders(ctx, tx) }) }

	// Two days with the post closed are one job; the party without a mailbox has none.
	remember()
	remember()
	if n := queued(); n != 1 {
		t.Fatalf("%d reminders wait, want 1", n)
	}
	if err := client.Start(ctx); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.StopAndCancel(context.WithoutCancel(ctx)) }()
	next := func() governance.Note {
		t.Helper()
		select {
		case <-done:
		case <-time.After(30 * time.Second):
			t.Fatal("the job was not worked")
		}
		return <-notes
	}
	n := next()
	subject, body := n.Words("https://overens.example")
	if n.To != "registrator@af.example" || n.ID() != "vacancies-"+party.String()+"-2026-11" || !strings.Contains(subject, "Kronobergs län") ||
		!strings.Contains(body, "Forum: ingen har platsen Myndigheten af.") || strings.Contains(body, "fk") || strings.Contains(subject+body, "⟨") {
		t.Errorf("%s\n%s\n%s", n.To, subject, body)
	}
	remember()
	if n := queued(); n != 0 {
		t.Errorf("%d reminders wait in a month that has had one", n)
	}
	at.Store(dbtest.Noon.AddDate(0, 1, 0))
	remember()
	if n := next(); n.ID() != "vacancies-"+party.String()+"-2026-12" {
		t.Errorf("the next month's is %s", n.ID())
	}
}
