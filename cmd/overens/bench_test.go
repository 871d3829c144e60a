//go:build unsealed

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
)

// What the wall costs: a signed-in list of 20 organisations through the whole
// program (middleware, session, door, room, JSON), with row-level security, and
// the same without it: no role, no county, no policy, in a database where the
// county's rows are the only ones.
//
//	go test -tags unsealed -run '^$' -bench 'Wall|Counties' ./cmd/overens

// filled is a database with n counties of 40 organisations each, and somebody
// signed in to each.
func filled(b *testing.B, n int) *dbtest.Database {
	b.Helper()
	d := dbtest.New(b)
	owner, err := pgx.Connect(b.Context(), d.SuperURL)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = owner.Close(context.Background()) }()
	for _, sql := range []string{
		// The trail would be most of the time to fill; the lists do not touch it.
		`SET session_replication_role = replica`,
		fmt.Sprintf(`CREATE TEMP TABLE slugs AS SELECT 'county-' || translate(lpad(n::text, 4, '0'), '0123456789', 'abcdefghij') AS slug, n FROM generate_series(1, %d) n`, n),
		`INSERT INTO county (tenant_id, kind, version, code, names, administrations, created_at)
			SELECT slug, 'sandbox', 1, NULL, c.names, c.administrations, now() FROM slugs, county c WHERE c.tenant_id = 'kronoberg'`,
		`INSERT INTO county_version (tenant_id, version, body, source, reason, created_at)
			SELECT slug, 1, v.body || jsonb_build_object('slug', slug, 'signIn', '[{"issuers": [{"key": "bench", "url": "https://issuer.example", "clientId": "bench"}]}]'::jsonb), 'file', 'bench', now() FROM slugs, county_version v WHERE v.tenant_id = 'kronoberg' AND v.version = 1`,
		`INSERT INTO organisation (tenant_id, id, key, type, name, published) SELECT slug, gen_random_uuid(), 'o-' || m, 'other', 'Organisation ' || m, true FROM slugs, generate_series(1, 40) m`,
		`INSERT INTO person (tenant_id, id, name) SELECT slug, md5(slug)::uuid, 'Strateg' FROM slugs`,
		`INSERT INTO person_rights (tenant_id, person_id, version) SELECT slug, md5(slug)::uuid, 1 FROM slugs`,
		`INSERT INTO identity (tenant_id, id, person_id, issuer, subject, bound_at) SELECT slug, gen_random_uuid(), md5(slug)::uuid, 'https://issuer.example', 'strategist', now() FROM slugs`,
		`INSERT INTO membership (tenant_id, id, person_id, role, invited_at, bound_at, confirmed_at, valid_from) SELECT slug, gen_random_uuid(), md5(slug)::uuid, 'strategist', now(), now(), now(), '2020-01-01' FROM slugs`,
		`INSERT INTO session (tenant_id, id, token_hash, person_id, issuer, claims, device, created_at, seen_at, ends_at)
			SELECT slug, gen_random_uuid(), sha256(convert_to(` + tokenSQL + `, 'UTF8')), md5(slug)::uuid, 'https://issuer.example', '{}', '/', now(), now(), now() + interval '1 day' FROM slugs`,
		`ANALYZE`,
	} {
		if _, err := owner.Exec(b.Context(), sql); err != nil {
			b.Fatalf("%v\n%s", err, sql)
		}
	}
	return d
}

// tokenSQL and token make the same secret for a county: 43 characters.
const tokenSQL = `rpad(slug, 43, 'x')`

func token(slug string) string { return (slug + strings.Repeat("x", 43))[:43] }

func slugOf(n int) string {
	s := fmt.Sprintf("%04d", n)
	return "county-" + strings.Map(func(r rune) rune { return r - '0' + 'a' }, s)
}

// whole is the server's handler over a door.
func whole(b *testing.B, open func(context.Context, *session.Keeper) (*pg.DB, error)) http.Handler {
	b.Helper()
	keeper := session.NewKeeper(session.Options{})
	db, err := open(b.Context(), keeper)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(db.Close)
	s, err := assemble(Config{PublicURL: "https://overens.example", getenv: os.Getenv}, nil, newLogger(discard{}, 8), db, keeper, nil)
	if err != nil {
		b.Fatal(err)
	}
	return s.handler
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func sealed(d *dbtest.Database) func(context.Context, *session.Keeper) (*pg.DB, error) {
	return func(ctx context.Context, k *session.Keeper) (*pg.DB, error) {
		return pg.New(ctx, d.URL, pg.Options{Load: county.Load, Renew: k.Renew, Configure: few})
	}
}

func unsealed(d *dbtest.Database) func(context.Context, *session.Keeper) (*pg.DB, error) {
	return func(ctx context.Context, k *session.Keeper) (*pg.DB, error) {
		return pg.Unsealed(ctx, d.OwnerURL, pg.Options{Load: county.Load, Renew: k.Renew, Now: time.Now, Configure: few})
	}
}

func few(c *pgxpool.Config) { c.MaxConns = 4 }

// asker asks for the first page of each of n counties in turn, and has asked
// for all of them before it is given: sessions, configurations and statements
// are in memory, as after a day's use.
func asker(b *testing.B, h http.Handler, n int) func(fatal func(...any)) {
	b.Helper()
	var turn atomic.Int64
	ask := func(fatal func(...any)) {
		slug := slugOf(int(turn.Add(1))%n + 1)
		r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/api/v1/counties/"+slug+"/organisations", nil)
		r.AddCookie(&http.Cookie{Name: "__Host-overens", Value: slug + "." + token(slug)})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"totalRecords":40`) {
			fatal(strconv.Itoa(w.Code), w.Body.String())
		}
	}
	for range 2 * n {
		ask(b.Fatal)
	}
	return ask
}

// lists asks from as many goroutines as there are processors.
func lists(b *testing.B, ask func(fatal func(...any))) {
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			ask(b.Error)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lists/s")
}

func BenchmarkWall(b *testing.B) {
	d := filled(b, 1)
	without, with := asker(b, whole(b, unsealed(d)), 1), asker(b, whole(b, sealed(d)), 1)
	b.Run("without", func(b *testing.B) { lists(b, without) })
	b.Run("with", func(b *testing.B) { lists(b, with) })
}

func BenchmarkCounties(b *testing.B) {
	two, many := asker(b, whole(b, sealed(filled(b, 2))), 2), asker(b, whole(b, sealed(filled(b, 2100))), 2100)
	b.Run("2", func(b *testing.B) { lists(b, two) })
	b.Run("2100", func(b *testing.B) { lists(b, many) })
}
