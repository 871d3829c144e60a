//go:build unsealed

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
)

// A meeting's page with 60 matters and 100 who are called, through the whole
// program, beside the county's start page for the same strategist: called, and the
// live page while it is held. Each should give at least half as many a second.
//
//	go test -tags unsealed -run '^$' -bench MeetingPage ./cmd/overens

// convened is Kronoberg with a council of so many seats, two meetings of it with so
// many matters to which all have been called, one of them held today, and somebody
// signed in.
func convened(b *testing.B, people, matters int) (d *dbtest.Database, called, open uuid.UUID) {
	b.Helper()
	ctx := b.Context()
	d = dbtest.New(b)
	write := func(f func(tx *pg.Tx) error) {
		b.Helper()
		if err := d.InTenant(ctx, auth.System("kronoberg", "test", "test"), pg.Write, f); err != nil {
			b.Fatal(err)
		}
	}
	write(func(tx *pg.Tx) error {
		if _, err := sample.Organisations(ctx, tx); err != nil {
			return err
		}
		_, err := sample.Agreements(ctx, tx)
		return err
	})
	write(func(tx *pg.Tx) error {
		c := tx.County
		c.Bodies = tenant.Section[tenant.Bodies]{{Value: tenant.Bodies{Bodies: []tenant.Body{{Key: "council", Kind: "council", Name: tenant.Words{"sv": "Rådet"},
			Decides: []string{tenant.DecidesDirection}, Seats: []tenant.Seat{{Key: "seat", Name: tenant.Words{"sv": "Plats"}, Number: people}},
			Rules: tenant.Rules{Decision: tenant.DecisionRule{Mode: tenant.ByMajority}, Deputies: tenant.Deputies{Form: tenant.DeputiesOrdered}}}}}}}
		_, _, err := county.Apply(ctx, tx, c, county.FromFile, "bench")
		return err
	})
	write(func(tx *pg.Tx) error {
		places, err := governance.Places(ctx, tx, "council", tx.Today())
		if err != nil {
			return err
		}
		for n, place := range places {
			p, err := person.Create(ctx, tx, person.Card{Name: fmt.Sprintf("Ledamot %03d", n), Email: fmt.Sprintf("ledamot-%d@exempel.example", n)})
			if err != nil {
				return err
			}
			if _, err := governance.Appoint(ctx, tx, governance.Nomination{Body: "council", Place: place.Key, Person: p.ID, From: day.Of(2020, time.January, 1)}); err != nil {
				return err
			}
		}
		if called, err = prepared(ctx, tx, tx.Today().Add(60), matters); err != nil {
			return err
		}
		if open, err = prepared(ctx, tx, tx.Today(), matters); err != nil {
			return err
		}
		m, err := meeting.Get(ctx, tx, open)
		if err != nil {
			return err
		}
		if _, err = meeting.Start(ctx, tx, open, m.Version); err != nil {
			return err
		}
		_, err = meeting.AllCame(ctx, tx, open)
		return err
	})
	owner, err := pgx.Connect(ctx, d.SuperURL)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = owner.Close(context.Background()) }()
	for _, sql := range signedIn {
		if _, err := owner.Exec(ctx, sql); err != nil {
			b.Fatalf("%v\n%s", err, sql)
		}
	}
	return d, called, open
}

// prepared is a meeting of the council on a day, with so many matters, to which all
// have been called.
func prepared(ctx context.Context, tx *pg.Tx, on day.Day, matters int) (uuid.UUID, error) {
	p, err := meeting.Prepare(ctx, tx, meeting.Date{Body: "council", On: on, Location: "Residenset"})
	if err != nil {
		return uuid.Nil, err
	}
	id := p.Meeting.ID
	for n := range matters {
		if _, err := meeting.Put(ctx, tx, id, meeting.Matter{Kind: meeting.ForDecision, Title: fmt.Sprintf("Ärende %d", n+1), Background: "Det man behöver veta.", Proposal: "Rådet beslutar så.",
			Rapporteur: "Samordnaren", Duration: 5}); err != nil {
			return id, err
		}
	}
	m, err := meeting.Get(ctx, tx, id)
	if err == nil {
		_, err = meeting.Call(ctx, tx, id, m.Version, meeting.Notice{})
	}
	return id, err
}

// signedIn makes a strategist of Kronoberg's, with a session.
var signedIn = []string{
	`SET session_replication_role = replica`,
	`UPDATE county_version SET body = body || '{"signIn": [{"issuers": [{"key": "bench", "url": "https://issuer.example", "clientId": "bench"}]}]}'::jsonb WHERE tenant_id = 'kronoberg'`,
	`CREATE TEMP TABLE slugs AS SELECT 'kronoberg'::text AS slug`,
	`INSERT INTO person (tenant_id, id, name) SELECT slug, md5(slug)::uuid, 'Strateg' FROM slugs`,
	`INSERT INTO person_rights (tenant_id, person_id, version) SELECT slug, md5(slug)::uuid, 1 FROM slugs`,
	`INSERT INTO identity (tenant_id, id, person_id, issuer, subject, bound_at) SELECT slug, gen_random_uuid(), md5(slug)::uuid, 'https://issuer.example', 'strategist', now() FROM slugs`,
	`INSERT INTO membership (tenant_id, id, person_id, role, invited_at, bound_at, confirmed_at, valid_from) SELECT slug, gen_random_uuid(), md5(slug)::uuid, 'strategist', now(), now(), now(), '2020-01-01' FROM slugs`,
	`INSERT INTO session (tenant_id, id, token_hash, person_id, issuer, claims, device, created_at, seen_at, ends_at)
		SELECT slug, gen_random_uuid(), sha256(convert_to(` + tokenSQL + `, 'UTF8')), md5(slug)::uuid, 'https://issuer.example', '{}', '/', now(), now(), now() + interval '1 day' FROM slugs`,
	`ANALYZE`,
}

func BenchmarkMeetingPage(b *testing.B) {
	const people, matters = 100, 60
	d, called, open := convened(b, people, matters)
	h := whole(b, sealed(d))
	for _, c := range []struct{ name, path, last string }{
		{"start", "/lan/kronoberg", `id="waits"`},
		{"called", "/lan/kronoberg/meetings/" + called.String(), fmt.Sprintf("Ledamot %03d", people-1)},
		{"live", "/lan/kronoberg/meetings/" + open.String() + "/live", fmt.Sprintf("Ledamot %03d", people-1)},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, c.path, nil)
				r.AddCookie(&http.Cookie{Name: "__Host-overens", Value: "kronoberg." + token("kronoberg")})
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), c.last) {
					b.Fatal(w.Code, w.Body.String())
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pages/s")
		})
	}
}
