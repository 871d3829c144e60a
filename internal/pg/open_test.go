package pg_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// wire counts what is sent: the driver sends once for each round trip.
type wire struct {
	net.Conn
	trips *atomic.Int64
}

func (w wire) Write(b []byte) (int, error) {
	w.trips.Add(1)
	return w.Conn.Write(b)
}

func TestOpeningTravelsWithTheFirstStatement(t *testing.T) {
	t.Parallel()
	var trips atomic.Int64
	d := dbtest.New(t, dbtest.Pool(func(c *pgxpool.Config) {
		c.MaxConns = 1
		c.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
		c.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			return wire{conn, &trips}, err
		}
	}))
	strategist := dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil)

	for _, c := range []struct {
		name          string
		mode          pg.Mode
		statements    int
		before, whole int64
	}{
		{"nothing asked, so the check alone, when all is said", pg.Read, 0, 0, 2},
		{"a list", pg.Read, 1, 1, 2},
		{"a list that may write", pg.Write, 1, 1, 2},
		{"two statements", pg.Read, 2, 2, 3},
	} {
		var before int64
		work := func() {
			t.Helper()
			err := d.InTenant(t.Context(), strategist, c.mode, func(tx *pg.Tx) error {
				for range c.statements {
					var n int
					if err := tx.QueryRow(t.Context(), "SELECT count(*) FROM organisation").Scan(&n); err != nil {
						return err
					}
				}
				before = trips.Load()
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		work() // the connection learns the statements' texts once
		trips.Store(0)
		work()
		if before != c.before || trips.Load() != c.whole {
			t.Errorf("%s: %d round trips and %d with the commit, want %d and %d", c.name, before, trips.Load(), c.before, c.whole)
		}
	}
}

func TestAReadingUnitOfWorkCannotWrite(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)

	err := d.InTenant(t.Context(), auth.System("kronoberg", "test", ""), pg.Read, func(tx *pg.Tx) error {
		_, err := organisation.Create(t.Context(), tx, named("Alvesta kommun"))
		return err
	})

	if e, ok := errors.AsType[*pgconn.PgError](err); !ok || e.Code != "25006" {
		t.Errorf("got %v, want a refusal to write", err)
	}
}

func TestNothingOfACountyStaysOnTheConnection(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t, dbtest.Pool(func(c *pgxpool.Config) { c.MaxConns = 1 }))
	create(t, d, "kronoberg", named("Alvesta kommun"))

	err := d.Pool().AcquireFunc(t.Context(), func(c *pgxpool.Conn) error {
		var settings, user string
		err := c.QueryRow(t.Context(), `SELECT current_setting('app.tenant', true) || current_setting('app.actor', true)
			|| current_setting('app.request', true) || current_setting('app.party', true), current_user`).Scan(&settings, &user)
		if err != nil {
			return err
		}
		if settings != "" || user != "overens" {
			t.Errorf("left behind: settings %q, user %q", settings, user)
		}
		if _, err := c.Exec(t.Context(), "SELECT FROM organisation"); err == nil {
			t.Error("the login reads a table without taking on a role")
		}
		for _, role := range []string{"overens_app", "overens_public"} {
			var rows int
			if _, err := c.Exec(t.Context(), "BEGIN; SET LOCAL ROLE "+role); err != nil {
				return err
			}
			if err := c.QueryRow(t.Context(), "SELECT count(*) FROM organisation").Scan(&rows); err != nil {
				return err
			}
			if rows != 0 {
				t.Errorf("%s without a county sees %d rows", role, rows)
			}
			if _, err := c.Exec(t.Context(), "ROLLBACK"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestACountysRoleCannotWriteAnotherCountysRow(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	theirs := create(t, d, "ostergotland", named("Kinda kommun"))
	for name, statement := range map[string]string{
		"insert": `INSERT INTO organisation (tenant_id, id, key, type, name) VALUES ('ostergotland', gen_random_uuid(), 'smuggled', 'other', 'Smuggled')`,
		"move":   `UPDATE organisation SET tenant_id = 'ostergotland'`,
		"point":  `INSERT INTO person (id, name, organisation_id) VALUES (gen_random_uuid(), 'Kim', '` + theirs.ID.String() + `')`,
	} {
		err := d.InTenant(t.Context(), auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
			if _, err := organisation.Create(t.Context(), tx, named("Alvesta kommun")); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), statement)
			return err
		})
		if err == nil {
			t.Errorf("%s: done", name)
		}
	}
	for name, statement := range map[string]string{
		"change": `UPDATE organisation SET name = 'Taken' WHERE id = $1`,
		"lock":   `SELECT FROM organisation WHERE id = $1 FOR UPDATE`,
		"name":   `SELECT FROM organisation WHERE tenant_id = 'ostergotland' AND id = $1`,
	} {
		err := d.InTenant(t.Context(), auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
			tag, err := tx.Exec(t.Context(), statement, theirs.ID)
			if tag.RowsAffected() != 0 {
				t.Errorf("%s: reached %d rows", name, tag.RowsAffected())
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestThePublicFindsWhatOneCountyHasPublished(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	open := named("Alvesta kommun")
	open.Published, open.Email = true, "kontakt@alvesta.example"
	create(t, d, "kronoberg", open)
	create(t, d, "kronoberg", named("Utkast AB"))
	create(t, d, "ostergotland", open)

	err := d.InPublic(t.Context(), "kronoberg", func(tx *pg.Tx) error {
		list, total, err := organisation.Published(t.Context(), tx, 10, 1)
		if err != nil {
			return err
		}
		if total != 1 || len(list) != 1 || list[0].Name != "Alvesta kommun" || list[0].Email != "" {
			t.Errorf("the public sees %d: %+v", total, list)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, statement := range map[string]string{
		"personal columns": "SELECT email FROM organisation",
		"people":           "SELECT FROM person",
		"the trail":        "SELECT FROM audit_entry",
		"sessions":         "SELECT FROM session",
		"writing":          "INSERT INTO organisation (id, key, type, name) VALUES (gen_random_uuid(), 'a', 'other', 'A')",
		"the queue":        "SELECT FROM river.river_job",
	} {
		if err := d.InPublic(t.Context(), "kronoberg", exec(t, statement)); err == nil {
			t.Errorf("the public reaches %s", name)
		}
	}
}

func TestTheNationReadsWhatAllHavePublishedAndWritesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	open := named("Öppna kommun")
	open.Published = true
	create(t, d, "kronoberg", open)
	create(t, d, "ostergotland", open)
	create(t, d, "ostergotland", named("Utkast AB"))
	analyst := dbtest.Actor(pg.Nation, auth.RoleNationalAnalyst, uuid.Nil)

	var seen []string
	err := d.InNational(t.Context(), analyst, func(tx *pg.Tx) error {
		rs, err := tx.Query(t.Context(), "SELECT tenant_id || ' ' || (name COLLATE \"C\") FROM organisation ORDER BY 1")
		if err != nil {
			return err
		}
		seen, err = pgx.CollectRows(rs, pgx.RowTo[string])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"kronoberg Öppna kommun", "ostergotland Öppna kommun"}, seen); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	for _, statement := range []string{
		"INSERT INTO organisation (tenant_id, id, key, type, name) VALUES ('sverige', gen_random_uuid(), 'a', 'other', 'A')",
		"UPDATE county SET version = version",
		"SELECT email FROM organisation",
		"SELECT FROM person",
		"SELECT FROM audit_entry",
		"SELECT FROM county_version",
		"SELECT claims FROM session",
	} {
		if err := d.InNational(t.Context(), analyst, exec(t, statement)); err == nil {
			t.Errorf("the nation may %s", statement)
		}
	}
}

func TestWhatIsNoCountyIsNotFoundAndNothingElseIsTold(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for _, slug := range []string{
		"", "nowhere", "blekinge", "Kronoberg", "kronoberg ", "kronoberg-", "kronoberg\x00", "växjö", strings.Repeat("a", 41),
		"kronoberg'; DROP TABLE organisation; --", "kronoberg' OR 'a'='a", `kronoberg\`, "*",
	} {
		anybody := auth.System(slug, "test", "")
		ran := func(*pg.Tx) error { t.Errorf("%q was opened", slug); return nil }
		errs := map[string]error{
			"InTenant": d.InTenant(t.Context(), anybody, pg.Write, ran),
			"InPublic": d.InPublic(t.Context(), slug, ran),
			"Rehearse": d.Rehearse(t.Context(), anybody, ran),
		}
		_, _, errs["InTenantOnce"] = d.InTenantOnce(t.Context(), anybody, pg.Once{Key: "k"}, func(tx *pg.Tx) (pg.Answer, error) { return pg.Answer{}, ran(tx) })
		for door, err := range errs {
			if err == nil || err.Error() != fault.Missing().Error() {
				t.Errorf("%s(%q): %v, want what an unknown id says", door, slug, err)
			}
		}
	}
	if err := d.InNew(t.Context(), auth.System("kronoberg'; --", "test", ""), exec(t, "SELECT")); !fault.Is(err, "common.not_found") {
		t.Errorf("InNew: %v", err)
	}
}

func TestAUnitOfWorkCannotBeUsedAfterItsEnd(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	var kept *pg.Tx
	if err := d.InTenant(t.Context(), auth.System("kronoberg", "test", ""), pg.Read, func(tx *pg.Tx) error {
		kept = tx
		return exec(t, "SELECT")(tx)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := kept.Exec(t.Context(), "SELECT"); err == nil {
		t.Error("a statement ran outside its transaction")
	}
	if _, err := kept.Query(t.Context(), "SELECT"); err == nil {
		t.Error("a query ran outside its transaction")
	}
	if err := kept.SendBatch(t.Context(), &pgx.Batch{}).Close(); err == nil {
		t.Error("a batch ran outside its transaction")
	}
}

func TestARehearsalLeavesNothing(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	err := d.Rehearse(t.Context(), auth.System("kronoberg", "test", ""), func(tx *pg.Tx) error {
		_, err := organisation.Create(t.Context(), tx, named("Alvesta kommun"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := organisations(t, d, "kronoberg"); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
}

// named is the smallest card there is.
func named(name string) organisation.Card {
	return organisation.Card{Type: "other", Name: name}
}

func create(t testing.TB, d *dbtest.Database, slug string, c organisation.Card) organisation.Organisation {
	t.Helper()
	var o organisation.Organisation
	err := d.InTenant(t.Context(), auth.System(slug, "test", ""), pg.Write, func(tx *pg.Tx) (err error) {
		o, err = organisation.Create(t.Context(), tx, c)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// organisations are the names that a county has, in Swedish order.
func organisations(t testing.TB, d *dbtest.Database, slug string) []string {
	t.Helper()
	var ns []string
	err := d.InTenant(t.Context(), auth.System(slug, "test", ""), pg.Read, func(tx *pg.Tx) error {
		list, _, err := organisation.List(t.Context(), tx, organisation.Filter{Limit: 100, Page: 1})
		for _, o := range list {
			ns = append(ns, o.Name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clip(ns)
}

func exec(t testing.TB, statement string) func(*pg.Tx) error {
	return func(tx *pg.Tx) error {
		_, err := tx.Exec(t.Context(), statement)
		return err
	}
}
