package member_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// atOnce: a job that failed is tried again without waiting.
type atOnce struct{}

func (atOnce) NextRetry(*rivertype.JobRow) time.Time { return time.Now() }

// work lets a worker do the job with a post of the test's own, and gives what
// became of each try.
func work(t *testing.T, d *dbtest.Database, post func(context.Context, member.Letter) error) <-chan *river.Event {
	t.Helper()
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[member.Summons]) error {
		return member.Summon(ctx, d.DB, job, post)
	}))
	client, err := river.NewClient(riverpgxv5.New(d.Pool()), &river.Config{Schema: "river", Workers: workers, RetryPolicy: atOnce{}, TestOnly: true,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}, Logger: slog.New(slog.DiscardHandler), FetchPollInterval: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	events, cancel := client.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed)
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
		defer stop()
		_ = client.StopAndCancel(ctx)
	})
	return events
}

func TestTheInvitationIsSentOutsideOfAnyUnitOfWork(t *testing.T) {
	d := dbtest.New(t)
	ctx := t.Context()
	system := auth.System("kronoberg", "test", "")
	do := func(f func(tx *pg.Tx) error) {
		t.Helper()
		if err := d.InTenant(ctx, system, pg.Write, f); err != nil {
			t.Fatal(err)
		}
	}
	var m member.Membership
	letters := make(chan member.Letter, 10)
	tries := 0
	events := work(t, d, func(ctx context.Context, l member.Letter) error {
		if tries++; tries == 1 {
			return errors.New("the post is closed")
		}
		letters <- l
		// Somebody else can change the membership meanwhile: nothing is locked.
		return d.InTenant(ctx, system, pg.Write, func(tx *pg.Tx) error {
			_, err := tx.Exec(ctx, "SELECT FROM membership WHERE id = $1 FOR UPDATE NOWAIT", l.Membership)
			return err
		})
	})
	next := func(kind river.EventKind) {
		t.Helper()
		select {
		case e := <-events:
			if e.Kind != kind {
				t.Fatalf("the job: %s, want %s: %+v", e.Kind, kind, e.Job.Errors)
			}
			if s := string(e.Job.EncodedArgs); strings.Contains(strings.ToLower(s), "kim") {
				t.Errorf("the queue stands outside the wall and holds %s", s)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("the job was not worked")
		}
	}
	do(func(tx *pg.Tx) error {
		o, err := organisation.Create(ctx, tx, organisation.Card{Type: "civil-society", Name: "Föreningen Brev"})
		if err != nil {
			return err
		}
		m, err = member.Invite(ctx, tx, reporter(o.ID))
		return err
	})
	next(river.EventKindJobFailed)
	next(river.EventKindJobCompleted)
	letter := <-letters
	subject, body := letter.Words("https://overens.example")
	if letter.To != "kim@alvesta.example" || !strings.Contains(subject, "Kronobergs län") ||
		!strings.Contains(body, "https://overens.example/lan/kronoberg/sign-in?invitation=") || !strings.Contains(body, "Föreningen Brev") {
		t.Errorf("%s\n%s\n%s", letter.To, subject, body)
	}
	_, token, _ := strings.Cut(letter.Path, "=")
	do(func(tx *pg.Tx) error {
		got, err := member.Get(ctx, tx, m.ID)
		if got.Sends != 1 || got.SentAt == nil || got.Version != m.Version {
			t.Errorf("after sending: %+v", got)
		}
		if err != nil {
			return err
		}
		_, err = member.Bind(ctx, tx, token, issuer, "kim")
		return err
	})
	// Used in the meantime: a second letter is not sent.
	do(func(tx *pg.Tx) error { return tx.Enqueue(ctx, member.Summons{Membership: m.ID}) })
	next(river.EventKindJobCompleted)
	select {
	case l := <-letters:
		t.Errorf("a letter to somebody who is in: %s", l.To)
	default:
	}
}
