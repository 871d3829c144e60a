package pg_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/pg"
)

// listen gives what is told from now on, with the word that the listening has begun taken out.
func listen(t *testing.T, d *dbtest.Database) <-chan pg.Notice {
	t.Helper()
	told := make(chan pg.Notice, 100)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- d.Listen(ctx, func(n pg.Notice) { told <- n }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("listening ended with %v", err)
		}
	})
	if begun := <-told; begun.Topic != "" {
		t.Fatalf("told %+v before listening", begun)
	}
	return told
}

func TestOthersAreToldOfWhatIsCommittedAndOfNothingElse(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	told := listen(t, d)
	undone, part, done := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	stop := errors.New("stop")

	_ = d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
		tx.Notify("meeting", undone)
		_ = exec(t, "SELECT")(tx)
		return stop
	})
	_ = d.Rehearse(t.Context(), system, func(tx *pg.Tx) error {
		tx.Notify("meeting", undone)
		return exec(t, "SELECT")(tx)
	})
	err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
		_ = tx.Savepoint(t.Context(), func() error {
			tx.Notify("meeting", part)
			return stop
		})
		tx.Notify("meeting", done)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	if d := cmp.Diff(pg.Notice{Tenant: "kronoberg", Topic: "meeting", IDs: []uuid.UUID{done}}, <-told); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestManyIDsAreToldInSeveralNotices(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	told := listen(t, d)
	ids := make([]uuid.UUID, 250)
	for i := range ids {
		ids[i] = uuid.Must(uuid.NewV7())
	}
	err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
		tx.Notify("meeting", ids...)
		return exec(t, "SELECT")(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []uuid.UUID
	for len(got) < len(ids) {
		got = append(got, (<-told).IDs...)
	}
	if d := cmp.Diff(ids, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestListeningGoesOnAfterTheConnectionIsLost(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	told := listen(t, d)
	super, err := pgx.Connect(t.Context(), d.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = super.Close(context.WithoutCancel(t.Context())) }()

	tag, err := super.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND query = 'LISTEN overens'`)
	if err != nil || tag.RowsAffected() != 1 {
		t.Fatalf("cut off %d: %v", tag.RowsAffected(), err)
	}

	if missed := <-told; missed.Topic != "" {
		t.Errorf("told %+v, want that something may have been missed", missed)
	}
	if err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error { tx.Notify("meeting"); return exec(t, "SELECT")(tx) }); err != nil {
		t.Fatal(err)
	}
	if n := <-told; n.Topic != "meeting" {
		t.Errorf("told %+v", n)
	}
}
