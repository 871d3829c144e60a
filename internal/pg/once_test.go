package pg_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// found writes a card once and answers with its id.
func foundOnce(t *testing.T, d *dbtest.Database, who auth.Actor, key, request string) (pg.Answer, bool, error) {
	t.Helper()
	return d.InTenantOnce(t.Context(), who, pg.Once{Key: key, Request: []byte(request)}, func(tx *pg.Tx) (pg.Answer, error) {
		o, err := organisation.Create(t.Context(), tx, named("Alvesta kommun"))
		return pg.Answer{Status: 201, Location: "/organisations/" + o.ID.String(), ETag: o.ETag(), Body: []byte(o.ID.String())}, err
	})
}

func TestTheSameKeyGivesTheSameAnswer(t *testing.T) {
	t.Parallel()
	now := dbtest.Noon
	d := dbtest.New(t, dbtest.Clock(func() time.Time { return now }))
	kim, robin := dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil), dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil)
	same := kim
	same.Tenant = "ostergotland" // the same person's id, in another county

	first, replayed, err := foundOnce(t, d, kim, "key", "POST {}")
	if err != nil || replayed {
		t.Fatalf("replayed %t, %v", replayed, err)
	}
	now = now.Add(pg.Kept - time.Second)
	again, replayed, err := foundOnce(t, d, kim, "key", "POST {}")
	if err != nil || !replayed {
		t.Fatalf("the second time: replayed %t, %v", replayed, err)
	}
	if d := cmp.Diff(first, again); d != "" {
		t.Errorf("another answer (-first +again):\n%s", d)
	}
	if _, _, err := foundOnce(t, d, kim, "key", "POST {other}"); !fault.Is(err, "idempotency.other_request") {
		t.Errorf("the key for another request: %v", err)
	}
	for name, who := range map[string]auth.Actor{"another person": robin, "another county": same} {
		a, replayed, err := foundOnce(t, d, who, "key", "POST {other}")
		if err != nil || replayed || string(a.Body) == string(first.Body) {
			t.Errorf("%s with the same key: replayed %t, %v", name, replayed, err)
		}
	}
	now = now.Add(time.Second)
	later, replayed, err := foundOnce(t, d, kim, "key", "POST {other}")
	if err != nil || replayed || string(later.Body) == string(first.Body) {
		t.Errorf("a day later: replayed %t, %v; want it done anew", replayed, err)
	}
	if got := organisations(t, d, "kronoberg"); len(got) != 3 {
		t.Errorf("%d organisations, want 3", len(got))
	}
}

func TestTheSameRequestAtTheSameTimeIsDoneOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	kim := dbtest.Actor("kronoberg", auth.RoleStrategist, uuid.Nil)
	begun, goOn, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		_, _, err := d.InTenantOnce(t.Context(), kim, pg.Once{Key: "key"}, func(tx *pg.Tx) (pg.Answer, error) {
			close(begun)
			<-goOn
			_, err := organisation.Create(t.Context(), tx, named("Alvesta kommun"))
			return pg.Answer{Status: 201}, err
		})
		done <- err
	}()
	<-begun

	if _, _, err := foundOnce(t, d, kim, "key", ""); !fault.Is(err, "idempotency.in_flight") {
		t.Errorf("while it is under way: %v", err)
	}
	close(goOn)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if a, replayed, err := foundOnce(t, d, kim, "key", ""); err != nil || !replayed || a.Status != 201 {
		t.Errorf("afterwards: %+v, replayed %t, %v", a, replayed, err)
	}
}

func TestWhatWasRefusedMayBeTriedAgainWithItsKey(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	_, _, err := d.InTenantOnce(t.Context(), system, pg.Once{Key: "key", Request: []byte("a")}, func(tx *pg.Tx) (pg.Answer, error) {
		_, err := organisation.Create(t.Context(), tx, named(" "))
		return pg.Answer{}, err
	})
	if !fault.Is(err, "organisation.named") {
		t.Fatal(err)
	}
	if _, replayed, err := foundOnce(t, d, system, "key", "b"); err != nil || replayed {
		t.Errorf("replayed %t, %v", replayed, err)
	}
}

func TestAKeyHas1To255Characters(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	for key, want := range map[string]bool{"": false, "k": true, strings.Repeat("k", 255): true, strings.Repeat("k", 256): false, "\x00\xff'": true} {
		if _, _, err := foundOnce(t, d, system, key, ""); fault.Is(err, "idempotency.key_missing") == want {
			t.Errorf("%q: %v", key, err)
		} else if want && err != nil {
			t.Errorf("%q: %v", key, err)
		}
	}
}

func TestAnswersOlderThanADayAreForgotten(t *testing.T) {
	t.Parallel()
	now := dbtest.Noon
	d := dbtest.New(t, dbtest.Clock(func() time.Time { return now }))
	for _, slug := range []string{"kronoberg", "ostergotland"} {
		if _, _, err := foundOnce(t, d, auth.System(slug, "test", ""), "old", ""); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(pg.Kept)
	if _, _, err := foundOnce(t, d, system, "new", ""); err != nil {
		t.Fatal(err)
	}

	if err := d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error { return pg.SweepAnswers(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}

	left := names(t, d.Owner(t), "SELECT tenant_id || ' ' || created_at::date FROM idempotency ORDER BY 1")
	if d := cmp.Diff([]string{"kronoberg 2026-11-26", "ostergotland 2026-11-25"}, left); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
