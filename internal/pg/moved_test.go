package pg_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func TestAnotherServersConfigurationIsInForceAtTheNextUnitOfWork(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	other, err := pg.New(t.Context(), d.URL, pg.Options{Load: county.Load, Now: d.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	before, err := d.County(t.Context(), "kronoberg")
	if err != nil {
		t.Fatal(err)
	}

	apply(t, other, "kronoberg", "Kronoberg i framtiden")

	runs, name, version := 0, "", int64(0)
	err = d.InTenant(t.Context(), auth.System("kronoberg", "test", ""), pg.Read, func(tx *pg.Tx) error {
		runs++
		if err := exec(t, "SELECT")(tx); err != nil {
			return err
		}
		name, version = tx.Config().Identity.Name.In("sv"), tx.County.Version
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if runs != 2 || name != "Kronoberg i framtiden" || version != before.Version+1 {
		t.Errorf("%d runs, %q, version %d; want 2 runs and the new name of version %d", runs, name, version, before.Version+1)
	}
}

// A page that shows nothing but the configuration asks no question of its own.
func TestAUnitOfWorkThatAsksNothingSeesTheConfigurationMoveToo(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	other, err := pg.New(t.Context(), d.URL, pg.Options{Load: county.Load, Now: d.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := d.County(t.Context(), "kronoberg"); err != nil {
		t.Fatal(err)
	}
	apply(t, other, "kronoberg", "Kronoberg i framtiden")

	name := ""
	err = d.InPublic(t.Context(), "kronoberg", func(tx *pg.Tx) error {
		name = tx.Config().Identity.Name.In("sv")
		return nil
	})
	if err != nil || name != "Kronoberg i framtiden" {
		t.Errorf("%q, %v", name, err)
	}
}

func TestAUnitOfWorkThatSwallowsThatItIsOutOfDateDoesNotCommit(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	other, err := pg.New(t.Context(), d.URL, pg.Options{Load: county.Load, Now: d.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := d.County(t.Context(), "kronoberg"); err != nil {
		t.Fatal(err)
	}
	apply(t, other, "kronoberg", "Kronoberg i framtiden")

	runs := 0
	err = d.InTenant(t.Context(), auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
		runs++
		_ = exec(t, "INSERT INTO organisation (id, key, type, name) VALUES (gen_random_uuid(), 'a', 'other', 'A')")(tx)
		return nil
	})

	if got := organisations(t, d, "kronoberg"); err != nil || runs != 2 || len(got) != 1 {
		t.Errorf("%v after %d runs, %d rows; want the second run's row alone", err, runs, len(got))
	}
}

func TestRightsThatHaveMovedAreMadeAnew(t *testing.T) {
	t.Parallel()
	var renewed int
	d := dbtest.New(t, dbtest.Renew(func(_ context.Context, _ *pg.DB, a auth.Actor) (auth.Actor, error) {
		renewed++
		a.RightsVersion++
		a.Grants = []auth.Grant{{Role: auth.RoleAuditor}}
		return a, nil
	}))
	kim := card(t, d, "kronoberg")
	actor := dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil)
	actor.Person = kim.ID // whose rights stand at 1, the card's own

	var roles []auth.Grant
	err := d.InTenant(t.Context(), actor, pg.Read, func(tx *pg.Tx) error {
		roles = tx.Grants
		return exec(t, "SELECT")(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
	if renewed != 1 || len(roles) != 1 || roles[0].Role != auth.RoleAuditor {
		t.Errorf("made anew %d times, acts as %v; want once, as auditor", renewed, roles)
	}
}

// A refusal must not be told to somebody whose session has ended, even when
// the work asked nothing of the database.
func TestRightsAreLookedAtBeforeARefusalIsTold(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t, dbtest.Renew(func(_ context.Context, _ *pg.DB, a auth.Actor) (auth.Actor, error) {
		a.RightsVersion, a.Grants = 1, []auth.Grant{{Role: auth.RoleCountyAdministrator}}
		return a, nil
	}))
	kim := card(t, d, "kronoberg")
	actor := dbtest.Actor("kronoberg", auth.RoleAuditor, uuid.Nil)
	actor.Person = kim.ID

	if err := d.InTenant(t.Context(), actor, pg.Write, func(tx *pg.Tx) error { return tx.Require(auth.CountyChange) }); err != nil {
		t.Errorf("refused with rights of yesterday: %v", err)
	}
}

func TestAnEndedSessionIsSignedOutAtTheNextUnitOfWork(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t, dbtest.Renew(func(context.Context, *pg.DB, auth.Actor) (auth.Actor, error) {
		return auth.Actor{}, fault.New(fault.Unauthenticated, "auth.session_ended")
	}))
	kim := card(t, d, "kronoberg")
	actor := dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil)
	actor.Person, actor.RightsVersion, actor.Session, actor.SessionVersion = kim.ID, 1, uuid.Must(uuid.NewV7()), 1
	system := auth.System("kronoberg", "test", "")
	err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO session (id, token_hash, person_id, issuer, claims, device, created_at, seen_at, ends_at)
			VALUES ($1, '\x01', $2, 'https://issuer.example', '{}', 'test', $3, $3, $3)`, actor.Session, kim.ID, tx.Now)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.InTenant(t.Context(), actor, pg.Read, exec(t, "SELECT")); err != nil {
		t.Fatalf("signed in: %v", err)
	}

	if err := d.InTenant(t.Context(), system, pg.Write, exec(t, "UPDATE session SET ended_at = created_at")); err != nil {
		t.Fatal(err)
	}

	ended := []error{
		d.InTenant(t.Context(), actor, pg.Read, exec(t, "SELECT FROM organisation")),
		d.InTenant(t.Context(), actor, pg.Write, func(*pg.Tx) error { return fault.Missing() }),
	}
	for _, err := range ended {
		if !fault.Is(err, "auth.session_ended") {
			t.Errorf("got %v, want the session's end", err)
		}
	}
}

func TestRightsThatNeverComeToRestAreNotWaitedFor(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t, dbtest.Renew(func(_ context.Context, _ *pg.DB, a auth.Actor) (auth.Actor, error) { return a, nil }))
	actor := dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil)
	actor.RightsVersion = 7

	if err := d.InTenant(t.Context(), actor, pg.Read, exec(t, "SELECT")); !fault.Is(err, "common.busy") {
		t.Errorf("got %v", err)
	}
}

func apply(t *testing.T, db *pg.DB, slug, name string) {
	t.Helper()
	c, err := db.County(t.Context(), slug)
	if err != nil {
		t.Fatal(err)
	}
	c.Identity = tenant.Section[tenant.Identity]{{Value: tenant.Identity{Name: tenant.Words{"sv": name}, Administration: tenant.Words{"sv": name}, Code: "07", Languages: []string{"sv"}}}}
	err = db.InNew(t.Context(), auth.System(slug, "test", ""), func(tx *pg.Tx) error {
		_, _, err := county.Apply(t.Context(), tx, c, county.FromPages, "test")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func card(t *testing.T, d *dbtest.Database, slug string) person.Person {
	t.Helper()
	var p person.Person
	err := d.InTenant(t.Context(), auth.System(slug, "test", ""), pg.Write, func(tx *pg.Tx) (err error) {
		p, err = person.Create(t.Context(), tx, person.Card{Name: "Kim Åberg", Email: "kim@alvesta.example"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
