package pg_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

var system = auth.System("kronoberg", "test", "")

func TestARefusalUndoesEverything(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
		if _, err := organisation.Create(t.Context(), tx, named("Alvesta kommun")); err != nil {
			return err
		}
		return fault.Bad("organisation.named", "/name")
	})
	if got := organisations(t, d, "kronoberg"); !fault.Is(err, "organisation.named") || len(got) != 0 {
		t.Errorf("%v, left behind: %v", err, got)
	}
}

func TestWorkThatSwallowsADatabasesErrorDoesNotCommit(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for name, swallow := range map[string]func(*pg.Tx){
		"exec": func(tx *pg.Tx) { _, _ = tx.Exec(t.Context(), "SELECT 1/0") },
		"row":  func(tx *pg.Tx) { _ = tx.QueryRow(t.Context(), "SELECT 1/0").Scan(new(int)) },
		"query": func(tx *pg.Tx) {
			if rs, err := tx.Query(t.Context(), "SELECT 1 / (g - 2) FROM generate_series(1, 3) g"); err == nil {
				rs.Close()
			}
		},
		"batch": func(tx *pg.Tx) {
			b := &pgx.Batch{}
			b.Queue("SELECT 1/0")
			_ = tx.SendBatch(t.Context(), b).Close()
		},
		"refusal": func(tx *pg.Tx) {
			_, _ = tx.Exec(t.Context(), "INSERT INTO organisation (id, key, type, name) VALUES (gen_random_uuid(), 'b', 'other', '')")
		},
	} {
		for _, first := range []bool{true, false} {
			err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
				if first {
					swallow(tx)
					return nil
				}
				if _, err := organisation.Create(t.Context(), tx, named("Alvesta kommun")); err != nil {
					return err
				}
				swallow(tx)
				return nil
			})
			if err == nil {
				t.Errorf("%s, first statement %t: the error was lost", name, first)
			}
		}
	}
	if got := organisations(t, d, "kronoberg"); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
}

func TestAPanicUndoesAndLeavesAConnectionToGoOnWith(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t, dbtest.Pool(func(c *pgxpool.Config) { c.MaxConns = 1 }))
	for name, middle := range map[string]func(*pg.Tx){
		"after a statement": func(*pg.Tx) {},
		"between rows":      func(tx *pg.Tx) { rs, _ := tx.Query(t.Context(), "SELECT generate_series(1, 9)"); rs.Next() },
	} {
		func() {
			defer func() {
				if got := recover(); got != "oh" {
					t.Errorf("%s: recovered %v", name, got)
				}
			}()
			_ = d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
				if _, err := organisation.Create(t.Context(), tx, named("Alvesta kommun")); err != nil {
					t.Error(err)
				}
				middle(tx)
				panic("oh")
			})
		}()
		if got := organisations(t, d, "kronoberg"); len(got) != 0 {
			t.Errorf("%s: left behind %v", name, got)
		}
	}
}

func TestWorkThatIsGivenUpInTheMiddleIsUndone(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t, dbtest.Pool(func(c *pgxpool.Config) { c.MaxConns = 1 }))
	ctx, cancel := context.WithCancel(t.Context())
	err := d.InTenant(ctx, system, pg.Write, func(tx *pg.Tx) error {
		if _, err := organisation.Create(ctx, tx, named("Alvesta kommun")); err != nil {
			return err
		}
		cancel()
		return nil
	})
	if got := organisations(t, d, "kronoberg"); !errors.Is(err, context.Canceled) || len(got) != 0 {
		t.Errorf("%v, left behind: %v", err, got)
	}
}

func TestAPartThatIsRefusedLeavesTheRest(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	row := func(tx *pg.Tx, key string) error {
		return exec(t, "INSERT INTO organisation (id, key, type, name) VALUES (gen_random_uuid(), '"+key+"', 'other', '"+key+"')")(tx)
	}
	var refused error
	err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
		if err := row(tx, "before"); err != nil {
			return err
		}
		refused = tx.Savepoint(t.Context(), func() error {
			if err := row(tx, "part"); err != nil {
				return err
			}
			return row(tx, "before")
		})
		if err := tx.Savepoint(t.Context(), func() error { return row(tx, "kept") }); err != nil {
			return err
		}
		return row(tx, "after")
	})
	if err != nil || !fault.Is(refused, "organisation.key_once") {
		t.Fatalf("%v; the part: %v", err, refused)
	}
	if d := cmp.Diff([]string{"after", "before", "kept"}, organisations(t, d, "kronoberg")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestAPartWithinAPartIsUndoneWithIt(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	stop := errors.New("stop")
	err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
		outer := tx.Savepoint(t.Context(), func() error {
			if _, err := organisation.Create(t.Context(), tx, named("Yttre")); err != nil {
				return err
			}
			if inner := tx.Savepoint(t.Context(), func() error { return stop }); !errors.Is(inner, stop) {
				t.Errorf("the inner part: %v", inner)
			}
			return stop
		})
		if !errors.Is(outer, stop) {
			t.Errorf("the outer part: %v", outer)
		}
		return nil
	})
	if got := organisations(t, d, "kronoberg"); err != nil || len(got) != 0 {
		t.Errorf("%v, left behind: %v", err, got)
	}
}

func TestWorkIsBegunAnewWhenTheDatabaseAsksForIt(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for _, c := range []struct{ refusals, runs int }{{1, 2}, {4, 5}} {
		runs := 0
		err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
			if runs++; runs <= c.refusals {
				return exec(t, "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = 'serialization_failure'; END $$")(tx)
			}
			return exec(t, "SELECT")(tx)
		})
		if err != nil || runs != c.runs {
			t.Errorf("after %d refusals: %d runs, %v", c.refusals, runs, err)
		}
	}
	runs := 0
	err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
		runs++
		return exec(t, "DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = 'serialization_failure'; END $$")(tx)
	})
	if !fault.Is(err, "common.busy") || runs != 5 {
		t.Errorf("never in peace: %v after %d runs, want to be told that it is busy after 5", err, runs)
	}
}

func TestTwoThatWaitForEachOtherBothGetThere(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	super, err := pgx.Connect(t.Context(), d.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = super.Close(context.WithoutCancel(t.Context())) }()
	if _, err := super.Exec(t.Context(), "ALTER DATABASE "+super.Config().Database+" SET deadlock_timeout = '20ms'"); err != nil {
		t.Fatal(err)
	}
	d.Pool().Reset()
	a, b := create(t, d, "kronoberg", named("A")), create(t, d, "kronoberg", named("B"))

	met := make(chan struct{})
	work := func(first, second organisation.Organisation, meet func()) (runs int, err error) {
		err = d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
			runs++
			for i, o := range []organisation.Organisation{first, second} {
				if _, err := tx.Exec(t.Context(), "UPDATE organisation SET version = version + 1 WHERE id = $1", o.ID); err != nil {
					return err
				}
				if i == 0 && runs == 1 {
					meet()
				}
			}
			return nil
		})
		return runs, err
	}
	type outcome struct {
		runs int
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		runs, err := work(a, b, func() { met <- struct{}{} })
		done <- outcome{runs, err}
	}()
	runs, err := work(b, a, func() { <-met })
	other := <-done
	if err != nil || other.err != nil || runs+other.runs < 3 {
		t.Errorf("%v and %v after %d and %d runs; want one of them to run twice", err, other.err, runs, other.runs)
	}
}

func TestARefusalAtCommitIsARefusal(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	if _, err := d.Owner(t).Exec(t.Context(), "ALTER TABLE organisation ADD CONSTRAINT organisation_source_once UNIQUE (tenant_id, source) DEFERRABLE INITIALLY DEFERRED"); err != nil {
		t.Fatal(err)
	}
	create(t, d, "kronoberg", named("A"))
	created := false
	err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
		tx.Notify("organisation")
		_, err := organisation.Create(t.Context(), tx, named("B"))
		created = err == nil
		return err
	})
	if !created || !fault.Is(err, "organisation.source_once") {
		t.Errorf("created %t, then %v; want the refusal to come at commit", created, err)
	}
	if d := cmp.Diff([]string{"A"}, organisations(t, d, "kronoberg")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestAConstraintsNameIsTheFaultsKey(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ table, constraint, key string }{
		{"organisation", "organisation_code_once", "organisation.code_once"},
		{"organisation_102008", "organisation_code_once_102008", "organisation.code_once"}, // on a shard
		{"organisation_102008", "organisation_code_once", "organisation.code_once"},
		{"audit_personal", "audit_personal_mask", "audit_personal.mask"},
		{"", "meeting_once", "meeting.once"},
	} {
		if got := pg.Key(&pgconn.PgError{TableName: c.table, ConstraintName: c.constraint}); got != c.key {
			t.Errorf("%s of %q: %q, want %q", c.constraint, c.table, got, c.key)
		}
	}
}

func TestRefusalsAreFaultsInTheMiddleOfTheWork(t *testing.T) {
	t.Parallel()
	const insert = "INSERT INTO organisation (id, key, type, name, valid_from, valid_to) VALUES ('0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20', "
	for name, c := range map[string]struct {
		statement string
		kind      fault.Kind
		key       string
	}{
		"check":       {insert + "'a', 'other', ' ', NULL, NULL)", fault.Invalid, "organisation.named"},
		"unique":      {insert + "'a', 'other', 'A', NULL, NULL), (gen_random_uuid(), 'a', 'other', 'B', NULL, NULL)", fault.Conflict, "organisation.key_once"},
		"days":        {insert + "'a', 'other', 'A', '2026-01-02', '2026-01-01')", fault.Invalid, "organisation.days"},
		"foreign key": {"INSERT INTO person (id, name, organisation_id) VALUES (gen_random_uuid(), 'Kim', gen_random_uuid())", fault.Invalid, "person.organisation"},
	} {
		for _, first := range []bool{true, false} {
			ctx, tx := dbtest.Kronoberg(t)
			if !first {
				if _, err := tx.Exec(ctx, "SELECT"); err != nil {
					t.Fatal(err)
				}
			}
			_, err := tx.Exec(ctx, c.statement)
			f, ok := errors.AsType[*fault.Fault](err)
			if !ok || f.Kind != c.kind || f.Key != c.key {
				t.Errorf("%s: %v, want %s", name, err, c.key)
			}
			if _, ok := errors.AsType[*pgconn.PgError](err); !ok {
				t.Errorf("%s: the database's own words are lost to the log", name)
			}
		}
	}
}

func TestNoRowIsNotFound(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	err := tx.QueryRow(ctx, "SELECT name FROM organisation WHERE key = 'nobody'").Scan(new(string))
	if !fault.Is(err, "common.not_found") || !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("got %v", err)
	}
}

func TestTextThatCannotBeKeptIsRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"a\x00b", "a\xffb", "\xc3"} {
		ctx, tx := dbtest.Kronoberg(t)
		if _, err := organisation.Create(ctx, tx, named(s)); !fault.Is(err, "common.text_broken") {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestADatabaseThatGoesAwayIsToldAsSuch(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	super, err := pgx.Connect(t.Context(), d.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = super.Close(context.WithoutCancel(t.Context())) }()
	err = d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
		var pid int
		if err := tx.QueryRow(t.Context(), "SELECT pg_backend_pid()").Scan(&pid); err != nil {
			return err
		}
		if _, err := super.Exec(t.Context(), "SELECT pg_terminate_backend($1, 5000)", pid); err != nil {
			return err
		}
		return exec(t, "SELECT")(tx)
	})
	if !fault.Is(err, "common.database_away") {
		t.Errorf("cut off: %v", err)
	}
	if err := d.InTenant(t.Context(), system, pg.Read, exec(t, "SELECT")); err != nil {
		t.Errorf("afterwards: %v", err)
	}

	nowhere, err := pgxpool.ParseConfig(d.URL)
	if err != nil {
		t.Fatal(err)
	}
	away := dbtest.New(t, dbtest.Pool(func(c *pgxpool.Config) {
		c.BeforeConnect = func(_ context.Context, to *pgx.ConnConfig) error { *to = *nowhere.ConnConfig.Copy(); return nil }
	}))
	nowhere.ConnConfig.Host, nowhere.ConnConfig.Port, nowhere.ConnConfig.Fallbacks = "127.0.0.1", 1, nil
	away.Pool().Reset()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := away.InTenant(ctx, system, pg.Read, exec(t, "SELECT")); !fault.Is(err, "common.database_away") {
		t.Errorf("not there: %v", err)
	}
}
