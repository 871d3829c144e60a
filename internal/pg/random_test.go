package pg_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

// The counties of the random work, and how much of it.
var (
	randomCounties = []string{"kronoberg", "ostergotland", "halland"}
	randomWorkers  = 8
	randomDeeds    = 400 // of each worker
	randomSeed     = uint64(20261125)
)

// kept is what one county should have: the model that the database is held
// against. Every name that is written begins with the county's slug.
type kept struct {
	mu      sync.Mutex
	ids     []uuid.UUID                      // that may be there
	written map[uuid.UUID]map[int64][]string // by version: the names that were tried
	certain map[uuid.UUID]int64              // the last version known to be committed
	once    map[string]string                // idempotency key → id answered
}

func (k *kept) tried(id uuid.UUID, version int64, name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.written[id] == nil {
		k.written[id] = map[int64][]string{}
		k.ids = append(k.ids, id)
	}
	k.written[id][version] = append(k.written[id][version], name)
}

func (k *kept) done(id uuid.UUID, version int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.certain[id] = max(k.certain[id], version)
}

func (k *kept) some(r *rand.Rand) (uuid.UUID, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.ids) == 0 {
		return uuid.Nil, false
	}
	return k.ids[r.IntN(len(k.ids))], true
}

// Several counties share few connections, and requests are given up at any
// moment: no row is lost, none is seen by another county, and the trail holds.
func TestCountiesThatShareConnectionsNeverMeet(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t, dbtest.Pool(func(c *pgxpool.Config) { c.MaxConns = 4 }))
	model := map[string]*kept{}
	for _, slug := range randomCounties {
		model[slug] = &kept{written: map[uuid.UUID]map[int64][]string{}, certain: map[uuid.UUID]int64{}, once: map[string]string{}}
	}

	var wg sync.WaitGroup
	for w := range randomWorkers {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(randomSeed, uint64(w)))
			for n := range randomDeeds {
				slug := randomCounties[r.IntN(len(randomCounties))]
				patience := time.Minute
				if r.IntN(4) == 0 { // given up at some moment, perhaps after the end
					patience = time.Duration(r.IntN(3000)) * time.Microsecond
				}
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				err := deed(ctx, cancel, r, d, slug, fmt.Sprintf("%s %d-%d", slug, w, n), model[slug])
				given := ctx.Err() != nil
				cancel()
				switch {
				case err == nil, given && fault.All(err) == nil, fault.Is(err, "common.changed"), fault.Is(err, "common.not_found"),
					fault.Is(err, "idempotency.in_flight"), fault.Is(err, "common.busy"), given && fault.Is(err, "common.database_away"):
				default:
					t.Errorf("worker %d, deed %d in %s: %v", w, n, slug, err)
				}
			}
		})
	}
	wg.Wait()

	owner := d.Owner(t)
	settled(t, owner)
	for _, slug := range randomCounties {
		compare(t, owner, slug, model[slug])
		verified(t, d, slug)
	}
	clean(t, d)
}

// deed does one random thing in a county and tells the model of it.
func deed(ctx context.Context, giveUp func(), r *rand.Rand, d *dbtest.Database, slug, name string, k *kept) error {
	actor := dbtest.Actor(slug, auth.RoleStrategist, uuid.Nil)
	stop := r.IntN(12) == 0 // give up between the last statement and the commit
	maybeStop := func() {
		if stop {
			giveUp()
		}
	}
	foreign := func(names ...string) error {
		for _, n := range names {
			if !strings.HasPrefix(n, slug+" ") {
				return fmt.Errorf("%s saw %q", slug, n)
			}
		}
		return nil
	}
	switch r.IntN(8) {
	case 0, 1: // an organisation
		c := named(name)
		c.Published = r.IntN(2) == 0
		var o organisation.Organisation
		err := d.InTenant(ctx, actor, pg.Write, func(tx *pg.Tx) (err error) {
			if o, err = organisation.Create(ctx, tx, c); err != nil {
				return err
			}
			k.tried(o.ID, o.Version, o.Name)
			maybeStop()
			return nil
		})
		if err == nil {
			k.done(o.ID, o.Version)
		}
		return err
	case 2: // several changes in one unit of work
		var changed []organisation.Organisation
		err := d.InTenant(ctx, actor, pg.Write, func(tx *pg.Tx) error {
			changed = nil
			for range 1 + r.IntN(3) {
				id, ok := k.some(r)
				if !ok {
					return nil
				}
				was, err := organisation.Get(ctx, tx, id)
				if fault.Is(err, "common.not_found") {
					continue // written by somebody who gave up, or a person's
				}
				if err != nil {
					return err
				}
				c := was.Card
				c.Name = name
				o, err := organisation.Change(ctx, tx, id, was.Version, c)
				if err != nil {
					return err
				}
				if o.Version != was.Version { // twice the same in one unit of work
					k.tried(id, o.Version, o.Name)
					changed = append(changed, o)
				}
			}
			maybeStop()
			return nil
		})
		if err == nil {
			for _, o := range changed {
				k.done(o.ID, o.Version)
			}
		}
		return err
	case 3: // a person
		var p person.Person
		err := d.InTenant(ctx, actor, pg.Write, func(tx *pg.Tx) (err error) {
			if p, err = person.Create(ctx, tx, person.Card{Name: name, Email: "a@b.example"}); err != nil {
				return err
			}
			k.tried(p.ID, p.Version, p.Name)
			maybeStop()
			return nil
		})
		if err == nil {
			k.done(p.ID, p.Version)
		}
		return err
	case 4: // lists
		return d.InTenant(ctx, actor, pg.Read, func(tx *pg.Tx) error {
			os, _, err := organisation.List(ctx, tx, organisation.Filter{Limit: 50, Page: 1 + r.IntN(3), Query: []string{"", slug[:3], name[len(name)-1:]}[r.IntN(3)]})
			if err != nil {
				return err
			}
			ps, _, err := person.List(ctx, tx, person.Filter{Limit: 50, Page: 1})
			if err != nil {
				return err
			}
			for _, o := range os {
				err = errors.Join(err, foreign(o.Name))
			}
			for _, p := range ps {
				err = errors.Join(err, foreign(p.Name))
			}
			maybeStop()
			return err
		})
	case 5: // the public
		return d.InPublic(ctx, slug, func(tx *pg.Tx) error {
			os, _, err := organisation.Published(ctx, tx, 50, 1)
			for _, o := range os {
				err = errors.Join(err, foreign(o.Name))
				if !o.Published {
					err = errors.Join(err, fmt.Errorf("the public saw %q", o.Name))
				}
			}
			return err
		})
	case 6: // the nation
		return d.InNational(ctx, auth.System(pg.Nation, "test", ""), func(tx *pg.Tx) error {
			rs, err := tx.Query(ctx, "SELECT count(*) FILTER (WHERE NOT published OR NOT starts_with(name COLLATE \"C\", tenant_id)) FROM organisation")
			if err != nil {
				return err
			}
			n, err := pgx.CollectExactlyOneRow(rs, pgx.RowTo[int])
			if err == nil && n > 0 {
				err = fmt.Errorf("the nation saw %d rows that are not published", n)
			}
			return err
		})
	default: // the same request again and again
		key := fmt.Sprint("key ", r.IntN(10))
		a, _, err := d.InTenantOnce(ctx, auth.System(slug, "test", ""), pg.Once{Key: key}, func(tx *pg.Tx) (pg.Answer, error) {
			o, err := organisation.Create(ctx, tx, named(slug+" "+key))
			if err != nil {
				return pg.Answer{}, err
			}
			k.tried(o.ID, o.Version, o.Name)
			maybeStop()
			return pg.Answer{Status: 201, Body: []byte(o.ID.String())}, nil
		})
		if err != nil {
			return err
		}
		id := uuid.MustParse(string(a.Body))
		k.done(id, 1)
		k.mu.Lock()
		defer k.mu.Unlock()
		if before, ok := k.once[key]; ok && before != id.String() {
			return fmt.Errorf("%s of %s was answered %s and then %s", key, slug, before, id)
		}
		k.once[key] = id.String()
		return nil
	}
}

// settled waits until the server has done with what was given up.
func settled(t *testing.T, owner *pgx.Conn) {
	t.Helper()
	for {
		busy := names(t, owner, "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND usename = 'overens' AND state <> 'idle'")
		if len(busy) == 0 {
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatal("the server never came to rest")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// compare holds what really lies in the tables against the model.
func compare(t *testing.T, owner *pgx.Conn, slug string, k *kept) {
	t.Helper()
	type row struct {
		ID      uuid.UUID
		Version int64
		Name    string
		Entries int64
	}
	rs, err := owner.Query(t.Context(), `SELECT r.id, r.version, r.name, (SELECT count(*) FROM audit_entry e WHERE e.tenant_id = r.tenant_id AND e.row_id = r.id::text)
		FROM (SELECT tenant_id, id, version, name FROM organisation UNION ALL SELECT tenant_id, id, version, name FROM person) r WHERE tenant_id = $1`, slug)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := pgx.CollectRows(rs, pgx.RowToStructByPos[row])
	if err != nil {
		t.Fatal(err)
	}
	there := map[uuid.UUID]bool{}
	for _, r := range rows {
		there[r.ID] = true
		if !slices.Contains(k.written[r.ID][r.Version], r.Name) {
			t.Errorf("%s has %q (%s, version %d), which was not written there", slug, r.Name, r.ID, r.Version)
		}
		if r.Version < k.certain[r.ID] {
			t.Errorf("%s: %s stands at version %d, though %d was committed", slug, r.ID, r.Version, k.certain[r.ID])
		}
		if r.Entries != r.Version {
			t.Errorf("%s: %s was written %d times and left %d rows in the trail", slug, r.ID, r.Version, r.Entries)
		}
	}
	for id := range k.certain {
		if !there[id] {
			t.Errorf("%s: %s was committed and is not there", slug, id)
		}
	}
	for _, name := range names(t, owner, "SELECT name FROM organisation WHERE tenant_id = '"+slug+"' AND name LIKE '% key %' GROUP BY name HAVING count(*) > 1") {
		t.Errorf("%q was done twice", name)
	}
	if len(rows) < 50 || len(k.once) == 0 {
		t.Errorf("%s: only %d rows and %d keys: the work was not done", slug, len(rows), len(k.once))
	}
}

func verified(t *testing.T, d *dbtest.Database, slug string) {
	t.Helper()
	err := d.InTenant(t.Context(), auth.System(slug, "test", ""), pg.Read, func(tx *pg.Tx) error {
		report, err := audit.Verify(t.Context(), tx, "")
		if len(report.Breaks) > 0 {
			t.Errorf("%s: the trail does not hold: %v", slug, report.Breaks)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// clean looks at every connection of the pool for something left behind.
func clean(t *testing.T, d *dbtest.Database) {
	t.Helper()
	if n := d.Pool().Stat().AcquiredConns(); n != 0 {
		t.Errorf("%d connections are still lent out", n)
	}
	for _, c := range d.Pool().AcquireAllIdle(t.Context()) {
		if c.Conn().PgConn().TxStatus() != 'I' {
			t.Error("a connection stands in a transaction")
		}
		var left string
		err := c.QueryRow(t.Context(), "SELECT concat(current_setting('app.tenant', true), current_setting('app.actor', true))").Scan(&left)
		if err != nil || left != "" {
			t.Errorf("a connection has %q left: %v", left, err)
		}
		c.Release()
	}
}
