package member_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

func administrator(name string) member.Invitation {
	return member.Invitation{Name: name, Email: "x@y.example", Role: auth.RoleCountyAdministrator}
}

// A county without an administrator could give nobody its roles ever again.
func TestTheLastAdministratorStays(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.As(tx, auth.RoleCountyAdministrator, uuid.Nil)
	first := confirmed(ctx, t, tx, administrator("Första"), "first")
	card, err := person.Get(ctx, tx, first.PersonID)
	if err != nil {
		t.Fatal(err)
	}
	later := card.Card
	later.ValidFrom = tx.Today().Add(1)
	ways := map[string]func() error{
		"revoked": func() error { _, err := member.Revoke(ctx, tx, first.ID, first.Version); return err },
		"ended today": func() error {
			_, err := member.End(ctx, tx, first.ID, first.Version, member.Ending{On: tx.Today()})
			return err
		},
		"ended later": func() error {
			_, err := member.End(ctx, tx, first.ID, first.Version, member.Ending{On: tx.Today().Add(30)})
			return err
		},
		"card ended": func() error {
			_, err := person.End(ctx, tx, card.ID, card.Version, person.Ending{On: tx.Today()})
			return err
		},
		"card of later": func() error { _, err := person.Change(ctx, tx, card.ID, card.Version, later); return err },
	}
	refused := func(when string) {
		t.Helper()
		for name, way := range ways {
			if err := way(); !fault.Is(err, "member.last_administrator") {
				t.Errorf("%s, %s: %v", when, name, err)
			}
		}
	}
	refused("alone")
	second := bound(ctx, t, tx, administrator("Andra"), "second")
	refused("with one who is not confirmed")
	if second, err = member.Confirm(ctx, tx, second.ID, second.Version); err != nil {
		t.Fatal(err)
	}
	if second, err = member.End(ctx, tx, second.ID, second.Version, member.Ending{On: tx.Today().Add(30)}); err != nil {
		t.Fatal(err)
	}
	want(t, ways["ended later"](), "member.last_administrator")
	if err := ways["revoked"](); err != nil {
		t.Errorf("with another in place: %v", err)
	}
	_, err = member.Revoke(ctx, tx, second.ID, second.Version)
	want(t, err, "member.last_administrator")
}

// Two who take each other away at the same time do not leave an empty chair.
func TestTwoAdministratorsCannotTakeEachOtherAway(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	var both [2]member.Membership
	in := func(f func(ctx context.Context, tx *pg.Tx) error) error {
		return d.InTenant(t.Context(), auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
			return f(t.Context(), tx)
		})
	}
	if err := in(func(ctx context.Context, tx *pg.Tx) error {
		for i, name := range []string{"Första", "Andra"} {
			both[i] = confirmed(ctx, t, tx, administrator(name), name)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 2)
	for _, m := range both {
		go func() {
			done <- in(func(ctx context.Context, tx *pg.Tx) error {
				_, err := member.Revoke(ctx, tx, m.ID, m.Version)
				return err
			})
		}()
	}
	one, other := <-done, <-done
	if (one == nil) == (other == nil) {
		t.Errorf("%v and %v", one, other)
	}
	for _, err := range []error{one, other} {
		if err != nil {
			want(t, err, "member.last_administrator")
		}
	}
}
