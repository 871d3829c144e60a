package county_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func TestEveryoneKnowsWhichCountiesThereAre(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	want := []string{"05 Östergötlands län", "07 Kronobergs län", "13 Hallands län"}
	list := func(slugs *[]string) func(*pg.Tx) error {
		return func(tx *pg.Tx) error {
			known, err := county.List(t.Context(), tx, tenant.KindCounty)
			*slugs = nil
			for _, k := range known {
				*slugs = append(*slugs, k.Code+" "+k.Name.In("sv"))
			}
			return err
		}
	}
	var public, nation []string
	if err := d.InPublic(t.Context(), pg.Nation, list(&public)); err != nil {
		t.Fatal(err)
	}
	if err := d.InNational(t.Context(), dbtest.Actor(pg.Nation, auth.RoleNationalAnalyst, uuid.Nil), list(&nation)); err != nil {
		t.Fatal(err)
	}
	for who, got := range map[string][]string{"the public": public, "the nation": nation} {
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", who, d)
		}
	}
}

func TestVersionsAreNotReadWithoutSigningIn(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	tx.Actor = auth.Public("kronoberg", "")
	if _, err := county.Versions(ctx, tx, 10, 0); !fault.Is(err, "auth.sign_in") {
		t.Errorf("got %v", err)
	}
}

func TestAConfigurationIsNotAppliedInAnotherCounty(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.AsSystem(tx)
	other := tx.County
	other.Slug = "ostergotland"
	if _, changed, err := county.Apply(ctx, tx, other, county.FromFile, "test"); err == nil || changed {
		t.Errorf("changed %t, %v", changed, err)
	}
}
