// Package pg is the door to the database, and the only one. A unit of work is
// opened here, for one actor in one county at one instant, and committed here.
// Nobody else opens transactions, sets the tenant, or knows the driver's errors.
//
//	err := db.InTenant(ctx, actor, pg.Write, func(tx *pg.Tx) error {
//		_, err := organisation.Create(ctx, tx, in)
//		return err
//	})
//
// Opening costs no round trip of its own: BEGIN, the role, the county, the
// actor and the check that session and rights still hold travel together with
// the first statement.
package pg

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
)

// Mode says whether a unit of work may write. GET and HEAD are Read, so that a
// page cannot write by accident.
type Mode bool

// The modes.
const (
	Read  Mode = false
	Write Mode = true
)

// The database's roles that a unit of work takes on.
const (
	roleApp      = "overens_app"
	rolePublic   = "overens_public"
	roleNational = "overens_national"
)

// Nation is the reserved tenant of what has no county.
const Nation = tenant.National

// DB is the pool behind the door.
type DB struct {
	pool   *pgxpool.Pool
	jobs   *river.Client[pgx.Tx] // puts jobs in; package jobs works them
	load   Loader
	renew  Renewer
	now    func() time.Time
	sealed bool // with isolation; only a benchmark opens a door without

	mu       sync.RWMutex
	counties map[string]tenant.County
}

// Loader reads a county's configuration in force: county.Load. It gets a unit
// of work of its own, in the county.
type Loader func(ctx context.Context, tx *Tx) (tenant.County, error)

// Renewer makes an actor anew whose session or rights have moved on since he
// was made: session.Keeper.Renew. A session that has ended is a fault.
type Renewer func(ctx context.Context, db *DB, actor auth.Actor) (auth.Actor, error)

// Options are what the door is given from above.
type Options struct {
	Load  Loader
	Renew Renewer
	Now   func() time.Time // time.Now when nil
	// Configure changes the pool before it opens: tracing, sizes.
	Configure func(*pgxpool.Config)
}

// statements is how many texts each connection remembers: the county is a
// literal, so there is one text for each county, times two thousand at most.
const statements = 4096

// New opens the door with the server's login. It refuses a login that could
// see past the wall, and names the attribute.
func New(ctx context.Context, url string, o Options) (*DB, error) {
	conf, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("DATABASE_URL: %w", err)
	}
	conf.ConnConfig.StatementCacheCapacity = statements
	conf.ConnConfig.RuntimeParams["application_name"] = "overens"
	conf.ConnConfig.RuntimeParams["timezone"] = "UTC"
	conf.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "60s"
	if o.Configure != nil {
		o.Configure(conf)
	}
	pool, err := pgxpool.NewWithConfig(ctx, conf)
	if err != nil {
		return nil, err
	}
	if err := checkLogin(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	jobs, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Schema: queueSchema})
	if err != nil {
		pool.Close()
		return nil, err
	}
	now := o.Now
	if now == nil {
		now = time.Now
	}
	return &DB{pool: pool, jobs: jobs, load: o.Load, renew: o.Renew, now: now, sealed: true, counties: map[string]tenant.County{}}, nil
}

// Close waits for units of work under way and closes the pool.
func (db *DB) Close() { db.pool.Close() }

// Pool is for the queue's workers, which own the schema river and nothing else.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Ping asks whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.pool.Ping(ctx) }

// Now is the program's clock.
func (db *DB) Now() time.Time { return db.now() }

// checkLogin refuses a login that row-level security does not bind.
func checkLogin(ctx context.Context, pool *pgxpool.Pool) error {
	var super, bypass, makesRoles, owner bool
	var login, uses, becomes string
	err := pool.QueryRow(ctx, `
		SELECT current_user, r.rolsuper, r.rolbypassrls, r.rolcreaterole,
			EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace),
			coalesce((SELECT string_agg(o.rolname, ', ' ORDER BY o.rolname) FROM pg_roles o
				WHERE o.oid <> r.oid AND pg_has_role(r.oid, o.oid, 'USAGE')), ''),
			coalesce((SELECT string_agg(o.rolname, ', ' ORDER BY o.rolname) FROM pg_roles o
				WHERE o.oid <> r.oid AND pg_has_role(r.oid, o.oid, 'MEMBER') AND o.rolname NOT IN ($1, $2, $3)), '')
		FROM pg_roles r WHERE r.rolname = current_user`, roleApp, rolePublic, roleNational).
		Scan(&login, &super, &bypass, &makesRoles, &owner, &uses, &becomes)
	if err != nil {
		return fmt.Errorf("asking who the server's login is: %w", err)
	}
	switch {
	case super:
		return fmt.Errorf("the login %q has the attribute SUPERUSER: the wall between counties would not bind it; see deploy/roles.sql", login)
	case bypass:
		return fmt.Errorf("the login %q has the attribute BYPASSRLS: the wall between counties would not bind it; see deploy/roles.sql", login)
	case makesRoles:
		return fmt.Errorf("the login %q has the attribute CREATEROLE: it could give itself any other; see deploy/roles.sql", login)
	case owner:
		return fmt.Errorf("the login %q is the OWNER of tables: it could take the wall down; let overens_owner own them", login)
	case uses != "":
		return fmt.Errorf("the login %q has the use (INHERIT) of the rights of %s: it must be NOINHERIT and only SET ROLE; see deploy/roles.sql", login, uses)
	case becomes != "":
		return fmt.Errorf("the login %q may become %s: only %s, %s and %s stand behind the wall; see deploy/roles.sql", login, becomes, roleApp, rolePublic, roleNational)
	}
	return nil
}

// InTenant does one unit of work of one actor in his county. When f returns nil
// the work is committed; otherwise everything is undone. f may run again, from
// the beginning, when the configuration or the actor's rights turn out to have
// moved on, or when the database asks for another try: it must set what it
// gives out, not add to it.
func (db *DB) InTenant(ctx context.Context, actor auth.Actor, mode Mode, f func(*Tx) error) error {
	return db.run(ctx, actor, roleApp, mode, f)
}

// InPublic reads what a county has published. Rows that are not published are
// not filtered out: they are not there.
func (db *DB) InPublic(ctx context.Context, county string, f func(*Tx) error) error {
	return db.run(ctx, auth.Public(county, ""), rolePublic, Read, f)
}

// InNational reads what all counties have published, and the national
// register. It stands in no county and can write nothing.
func (db *DB) InNational(ctx context.Context, actor auth.Actor, f func(*Tx) error) error {
	return db.run(ctx, actor, roleNational, Read, f)
}

// Rehearse does a unit of work and undoes it, whatever f returns: previews and
// dry runs.
func (db *DB) Rehearse(ctx context.Context, actor auth.Actor, f func(*Tx) error) error {
	err := db.run(ctx, actor, roleApp, Write, func(tx *Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return errUndo
	})
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}

var errUndo = errors.New("undo")

// errMoved ends a run whose configuration or actor was out of date. It is
// never seen outside.
var errMoved = errors.New("moved on")

// tries is how often a unit of work is begun anew before the database's
// refusal is passed on.
const tries = 5

func (db *DB) run(ctx context.Context, actor auth.Actor, role string, mode Mode, f func(*Tx) error) error {
	if !tenant.ValidSlug(actor.Tenant) {
		return fault.Missing()
	}
	for try := 1; ; try++ {
		county, err := db.County(ctx, actor.Tenant)
		if err != nil {
			return err
		}
		moved, err := db.once(ctx, county, actor, role, mode, f)
		switch {
		case moved != nil && try < tries:
			if moved.config {
				db.forget(actor.Tenant)
			}
			if moved.actor {
				if actor, err = db.renewed(ctx, actor); err != nil {
					return err
				}
			}
		case moved != nil:
			return fault.New(fault.Unavailable, "common.busy").Because(errMoved)
		case err != nil && again(err) && try < tries:
		case err != nil && again(err):
			return fault.New(fault.Unavailable, "common.busy").Because(err)
		default:
			return err
		}
	}
}

func (db *DB) renewed(ctx context.Context, actor auth.Actor) (auth.Actor, error) {
	if db.renew == nil {
		return actor, fault.New(fault.Unauthenticated, "auth.session_ended")
	}
	return db.renew(ctx, db, actor)
}

// moved says what was out of date.
type moved struct{ config, actor bool }

func (db *DB) once(ctx context.Context, county tenant.County, actor auth.Actor, role string, mode Mode, f func(*Tx) error) (m *moved, err error) {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return nil, refusal(err)
	}
	defer conn.Release() // a connection still in a transaction is closed, not lent out again
	now := db.now()
	tx := &Tx{Actor: actor, County: county, Now: now, Opened: now, db: db}
	tx.rows = rows{conn: conn.Conn(), open: opening{role: role, county: county, actor: actor, mode: mode, sealed: db.sealed}}
	defer func() {
		if p := recover(); p != nil {
			tx.rollback(ctx)
			panic(p)
		}
	}()

	err = f(tx)
	// A unit of work that asked nothing of the database has not been compared with
	// it. What it says may rest on a configuration, a session or a right that has
	// moved on, and is told only when that is known not to be so.
	if tx.state == unopened {
		if e := tx.begin(ctx); e != nil && err == nil {
			err = e
		}
	}
	if tx.moved != nil {
		tx.rollback(ctx)
		return tx.moved, nil
	}
	if tx.state == unopened {
		return nil, err
	}
	if err != nil {
		tx.rollback(ctx)
		return nil, refusal(err)
	}
	if tx.failed != nil { // f swallowed an error that the database had: nothing can be committed
		tx.rollback(ctx)
		return nil, tx.failed
	}
	return nil, tx.commit(ctx)
}

// County is a county with the configuration that was in force when last
// looked: the opening of each unit of work sees whether it still is.
func (db *DB) County(ctx context.Context, slug string) (tenant.County, error) {
	db.mu.RLock()
	c, ok := db.counties[slug]
	db.mu.RUnlock()
	if ok {
		return c, nil
	}
	return db.remember(ctx, slug)
}

// Knows tells whether a county has been opened here: whether its slug may stand
// in a metric. It asks nobody.
func (db *DB) Knows(slug string) bool {
	db.mu.RLock()
	defer db.mu.RUnlock()
	_, ok := db.counties[slug]
	return ok
}

func (db *DB) forget(slug string) {
	db.mu.Lock()
	delete(db.counties, slug)
	db.mu.Unlock()
}

func (db *DB) remember(ctx context.Context, slug string) (tenant.County, error) {
	if !tenant.ValidSlug(slug) {
		return tenant.County{}, fault.Missing()
	}
	var c tenant.County
	// A county that is not there yet can be written by the system alone; its
	// version is 0, as county_version has no row.
	_, err := db.once(ctx, tenant.County{Slug: slug}, auth.System(slug, "load", ""), roleApp, Read, func(tx *Tx) error {
		tx.open.unversioned = true
		var err error
		c, err = db.load(ctx, tx)
		return err
	})
	if err != nil {
		return tenant.County{}, err
	}
	db.mu.Lock()
	db.counties[slug] = c
	db.mu.Unlock()
	return c, nil
}

// InNew is InTenant for a county that may not have a configuration yet:
// applying its file is the one thing that can be done in it.
func (db *DB) InNew(ctx context.Context, actor auth.Actor, f func(*Tx) error) error {
	if !tenant.ValidSlug(actor.Tenant) {
		return fault.Missing()
	}
	_, err := db.once(ctx, tenant.County{Slug: actor.Tenant}, actor, roleApp, Write, func(tx *Tx) error {
		tx.open.unversioned = true
		return f(tx)
	})
	db.forget(actor.Tenant)
	return err
}

// again tells whether the database asks for another try.
func again(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01")
}
