// Package dbtest gives tests a real PostgreSQL with the schema in it, reached
// with the server's own login: never as owner or superuser, whom the wall does
// not bind.
//
// Most tests want a unit of work that is undone when they end:
//
//	ctx, tx := dbtest.Kronoberg(t)
//
// Tests of commits, of the trail, or of several units of work want a database
// of their own: dbtest.New(t).
package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/overens/overens/db"
	"github.com/overens/overens/deploy"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/pgdev"
	"github.com/overens/overens/internal/tenant"
)

// Noon is the instant of every unit of work in tests that do not choose one: a Wednesday in
// Sweden's winter time.
var Noon = time.Date(2026, time.November, 25, 11, 0, 0, 0, time.UTC)

// Counties are those that stand in every test database.
var Counties = []string{"kronoberg", "ostergotland", "halland", pg.Nation}

// Statements counts what is sent to the database.
func Statements(n *atomic.Int64) Option {
	return Pool(func(c *pgxpool.Config) { c.ConnConfig.Tracer = counter{n} })
}

type counter struct{ n *atomic.Int64 }

func (c counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.n.Add(1)
	return ctx
}
func (counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (counter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}
func (c counter) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) { c.n.Add(1) }
func (counter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)       {}

// Database is a database of one test's own.
type Database struct {
	*pg.DB
	URL      string // as the server
	OwnerURL string // as the owner: migrations, and tests that look past the wall
	SuperURL string // as the superuser: tests of what the door refuses
}

// Option changes how the door of a test database is opened.
type Option func(*pg.Options)

// Renew gives the door a renewer of actors.
func Renew(r pg.Renewer) Option { return func(o *pg.Options) { o.Renew = r } }

// Clock gives the door a clock.
func Clock(now func() time.Time) Option { return func(o *pg.Options) { o.Now = now } }

// Pool changes the door's pool before it opens: its size, or how it dials.
func Pool(f func(*pgxpool.Config)) Option { return func(o *pg.Options) { o.Configure = f } }

// New makes a database that is the test's own, with the counties in it.
func New(t testing.TB, options ...Option) *Database {
	t.Helper()
	d, drop, err := create(t.Context(), options...)
	if err != nil {
		t.Fatalf("a test database: %v", err)
	}
	t.Cleanup(drop)
	return d
}

func create(ctx context.Context, options ...Option) (*Database, func(), error) {
	s, template, err := cluster()
	if err != nil {
		return nil, nil, err
	}
	name := fmt.Sprintf("t_%d_%d", os.Getpid(), serial.Add(1))
	if err := exec(ctx, s.URL("postgres", "postgres"), "CREATE DATABASE "+name+" TEMPLATE "+template+" STRATEGY file_copy"); err != nil {
		return nil, nil, err
	}
	o := pg.Options{Load: county.Load, Now: func() time.Time { return Noon }}
	for _, f := range options {
		f(&o)
	}
	d := &Database{URL: s.URL(name, "overens"), OwnerURL: s.URL(name, "overens_owner"), SuperURL: s.URL(name, "postgres")}
	if d.DB, err = pg.New(ctx, d.URL, o); err != nil {
		return nil, nil, err
	}
	return d, func() {
		d.Close()
		_ = exec(context.Background(), s.URL("postgres", "postgres"), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	}, nil
}

// Owner is a connection that the wall does not bind, for a test that has to see
// what really lies in a table.
func (d *Database) Owner(t testing.TB) *pgx.Conn {
	t.Helper()
	return connect(t, d.OwnerURL)
}

// Super is a connection as PostgreSQL's superuser, for what no lock may hinder.
func (d *Database) Super(t testing.TB) *pgx.Conn {
	t.Helper()
	return connect(t, d.SuperURL)
}

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

var (
	serial atomic.Int64

	cluster = onceValues3(func() (*pgdev.Server, string, error) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		s, err := pgdev.Shared(ctx)
		if err != nil {
			return nil, "", err
		}
		template, err := makeTemplate(ctx, s)
		return s, template, err
	})

	shared = sync.OnceValues(func() (*Database, error) {
		// Each open unit of work holds a connection until its test ends.
		d, _, err := create(context.Background(), Pool(func(c *pgxpool.Config) { c.MaxConns = 50 }))
		return d, err
	})
)

// makeTemplate migrates once for all processes of a run; the name tells which
// schema and counties are in it.
func makeTemplate(ctx context.Context, s *pgdev.Server) (string, error) {
	files := os.DirFS(Root())
	h := sha256.New()
	for _, dir := range []string{"db/migrations", "tenants", "deploy"} {
		err := fs.WalkDir(files, dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			b, err := fs.ReadFile(files, path)
			fmt.Fprintf(h, "%s %d\n", path, len(b))
			h.Write(b)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	name := "template_" + hex.EncodeToString(h.Sum(nil))[:16]

	conn, err := pgx.Connect(ctx, s.URL("postgres", "postgres"))
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtext('overens.template'))"); err != nil {
		return "", err
	}
	var there bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil || there {
		return name, err
	}
	making := name + "_new"
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+making); err != nil {
		return "", err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+making); err != nil {
		return "", err
	}
	if err := exec(ctx, s.URL(making, "postgres"), deploy.RolesSQL); err != nil {
		return "", fmt.Errorf("roles: %w", err)
	}
	if _, err := db.Migrate(ctx, s.URL(making, "overens_owner")); err != nil {
		return "", err
	}
	if err := fill(ctx, s.URL(making, "overens")); err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+making+" RENAME TO "+name)
	return name, err
}

func fill(ctx context.Context, url string) error {
	counties, problems := tenant.Load(os.DirFS(filepath.Join(Root(), "tenants")), auth.RoleNames())
	if len(problems) > 0 {
		return fmt.Errorf("tenants: %v", problems[0])
	}
	d, err := pg.New(ctx, url, pg.Options{Load: county.Load, Now: func() time.Time { return Noon }})
	if err != nil {
		return err
	}
	defer d.Close()
	for _, c := range counties {
		for _, slug := range Counties {
			if c.Slug != slug {
				continue
			}
			err := d.InNew(ctx, auth.System(slug, "test", ""), func(tx *pg.Tx) error {
				_, _, err := county.Apply(ctx, tx, c, county.FromFile, "test")
				return err
			})
			if err != nil {
				return fmt.Errorf("%s: %w", slug, err)
			}
		}
	}
	return nil
}

// Root is the repository's folder.
func Root() string {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "sqlc.yaml")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			panic("dbtest: not in the repository")
		}
		dir = up
	}
}

func exec(ctx context.Context, url, sql string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, sql)
	return err
}

// Kronoberg opens a unit of work of Kronoberg's strategist, undone at the end.
// Two of them that write the same unique key wait for each other, as everybody
// does: tests that use the same names are not run in parallel.
func Kronoberg(t testing.TB) (context.Context, *pg.Tx) { return In(t, "kronoberg") }

// Ostergotland is Kronoberg for Östergötland.
func Ostergotland(t testing.TB) (context.Context, *pg.Tx) { return In(t, "ostergotland") }

// In opens a unit of work in a county of a database shared by the package's
// tests. The actor is a strategist; As changes that.
func In(t testing.TB, slug string) (context.Context, *pg.Tx) {
	t.Helper()
	d, err := shared()
	if err != nil {
		t.Fatalf("the shared test database: %v", err)
	}
	ctx := t.Context()
	opened, finished := make(chan *pg.Tx), make(chan error, 1)
	release := make(chan struct{})
	go func() {
		finished <- d.Rehearse(context.WithoutCancel(ctx), auth.System(slug, "test", "test"), func(tx *pg.Tx) error {
			if _, err := tx.Exec(context.WithoutCancel(ctx), "SELECT"); err != nil {
				return err
			}
			opened <- tx
			<-release
			return nil
		})
	}()
	select {
	case err := <-finished:
		t.Fatalf("a unit of work in %s: %v", slug, err)
		return nil, nil
	case tx := <-opened:
		t.Cleanup(func() {
			close(release)
			if err := <-finished; err != nil {
				t.Errorf("a unit of work in %s: %v", slug, err)
			}
		})
		As(tx, auth.RoleStrategist, uuid.Nil)
		return ctx, tx
	}
}

// As lets somebody with a role act in an open unit of work, for a party or
// (uuid.Nil) for the county.
func As(tx *pg.Tx, role auth.Role, party uuid.UUID) {
	tx.Actor = Actor(tx.Tenant, role, party)
}

// Actor is somebody with a role, for a party or (uuid.Nil) for the county, who
// has no card there.
func Actor(slug string, role auth.Role, party uuid.UUID) auth.Actor {
	return auth.Actor{Tenant: slug, Kind: auth.KindPerson, Person: uuid.Must(uuid.NewV7()),
		Grants: []auth.Grant{{Role: role, Party: party}}, Request: "test"}
}

// AsSystem lets the system act, which may everything.
func AsSystem(tx *pg.Tx) { tx.Actor = auth.System(tx.Tenant, "test", "test") }

func onceValues3[A, B, C any](f func() (A, B, C)) func() (A, B, C) {
	var (
		once sync.Once
		a    A
		b    B
		c    C
	)
	return func() (A, B, C) {
		once.Do(func() { a, b, c = f() })
		return a, b, c
	}
}
