//go:build unsealed

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
)

// The agreement's page through the whole program, with its tree: the county's
// own as its facts tell it, and one with 100,000 goals and 30 years of versions,
// today and on an early day. The second should take at most twice the first's
// time.
//
//	go test -tags unsealed -run '^$' -bench TreePage ./cmd/overens

// planted is Kronoberg with its facts, a large agreement beside them, and
// somebody signed in.
func planted(b *testing.B, fan, levels, versions int) (d *dbtest.Database, small, large uuid.UUID) {
	b.Helper()
	d = dbtest.New(b)
	err := d.InTenant(b.Context(), auth.System("kronoberg", "test", "test"), pg.Write, func(tx *pg.Tx) error {
		if _, err := sample.Organisations(b.Context(), tx); err != nil {
			return err
		}
		if _, err := sample.Agreements(b.Context(), tx); err != nil {
			return err
		}
		i, err := agreement.ByKey(b.Context(), tx, "sok-2019")
		if err != nil {
			return err
		}
		small = i.ID
		i, err = agreement.Create(b.Context(), tx, agreement.Card{Kind: "agreement", Title: "Stor"})
		large = i.ID
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	owner, err := pgx.Connect(b.Context(), d.SuperURL)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = owner.Close(context.Background()) }()
	for _, sql := range []string{
		// The trail would be most of the time to fill; the page does not touch it.
		`SET session_replication_role = replica`,
		`ALTER TABLE goal_version DROP CONSTRAINT goal_version_once`,
		fmt.Sprintf(`CREATE TEMP TABLE node AS WITH RECURSIVE tree AS (
			SELECT NULL::uuid AS parent, gen_random_uuid() AS id, 1 AS depth, p FROM generate_series(1, %[1]d) p
			UNION ALL SELECT t.id, gen_random_uuid(), t.depth + 1, s FROM tree t, generate_series(1, %[1]d) s WHERE t.depth < %[2]d)
			SELECT * FROM tree`, fan, levels),
		fmt.Sprintf(`INSERT INTO goal (tenant_id, id, instrument_id, key) SELECT 'kronoberg', id, '%s', 'g' || row_number() OVER () FROM node`, large),
		fmt.Sprintf(`INSERT INTO goal_version (tenant_id, id, goal_id, instrument_id, parent_id, level, position, name, valid_from, valid_to, ending)
			SELECT 'kronoberg', gen_random_uuid(), n.id, '%s', n.parent, 'area', n.p, 'Mål ' || n.p || ' version ' || v,
				make_date(1996 + 30 * (v - 1) / %[2]d, 1, 1), CASE WHEN v < %[2]d THEN make_date(1996 + 30 * v / %[2]d, 1, 1) END, CASE WHEN v < %[2]d THEN 'changed' ELSE '' END
			FROM node n, generate_series(1, %[2]d) v`, large, versions),
		`UPDATE county_version SET body = body || '{"signIn": [{"issuers": [{"key": "bench", "url": "https://issuer.example", "clientId": "bench"}]}]}'::jsonb WHERE tenant_id = 'kronoberg'`,
		`CREATE TEMP TABLE slugs AS SELECT 'kronoberg'::text AS slug`,
		`INSERT INTO person (tenant_id, id, name) SELECT slug, md5(slug)::uuid, 'Strateg' FROM slugs`,
		`INSERT INTO person_rights (tenant_id, person_id, version) SELECT slug, md5(slug)::uuid, 1 FROM slugs`,
		`INSERT INTO identity (tenant_id, id, person_id, issuer, subject, bound_at) SELECT slug, gen_random_uuid(), md5(slug)::uuid, 'https://issuer.example', 'strategist', now() FROM slugs`,
		`INSERT INTO membership (tenant_id, id, person_id, role, invited_at, bound_at, confirmed_at, valid_from) SELECT slug, gen_random_uuid(), md5(slug)::uuid, 'strategist', now(), now(), now(), '2020-01-01' FROM slugs`,
		`INSERT INTO session (tenant_id, id, token_hash, person_id, issuer, claims, device, created_at, seen_at, ends_at)
			SELECT slug, gen_random_uuid(), sha256(convert_to(` + tokenSQL + `, 'UTF8')), md5(slug)::uuid, 'https://issuer.example', '{}', '/', now(), now(), now() + interval '1 day' FROM slugs`,
		`ANALYZE`,
		`VACUUM goal_version`, // as autovacuum would have
	} {
		if _, err := owner.Exec(b.Context(), sql); err != nil {
			b.Fatalf("%v\n%s", err, sql)
		}
	}
	return d, small, large
}

func BenchmarkTreePage(b *testing.B) {
	d, small, large := planted(b, 10, 5, 6) // 111,110 goals, 666,660 versions
	h := whole(b, sealed(d))
	for _, c := range []struct {
		name string
		id   uuid.UUID
		on   string
	}{
		{"demo/today", small, ""}, {"large/today", large, ""},
		{"demo/early", small, "?on=2019-06-01"}, {"large/early", large, "?on=2003-06-01"},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/lan/kronoberg/agreements/"+c.id.String()+c.on, nil)
				r.AddCookie(&http.Cookie{Name: "__Host-overens", Value: "kronoberg." + token("kronoberg")})
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `id="g-`) {
					b.Fatal(w.Code, w.Body.String())
				}
			}
		})
	}
}
