package agreement_test

import (
	"testing"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
)

func TestAConfigurationCannotLetGoOfWhatRecordsUse(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.AsSystem(tx)
	if _, err := sample.Organisations(ctx, tx); err != nil {
		t.Fatal(err)
	}
	if _, err := sample.Agreements(ctx, tx); err != nil {
		t.Fatal(err)
	}
	if orphans, err := agreement.Guard(ctx, tx, tx.County, tx.County); err != nil || len(orphans) > 0 {
		t.Fatalf("nothing changes, yet %v, %v", orphans, err)
	}
	after := tx.County
	after.Goals = tenant.Section[tenant.Goals]{{Value: tenant.Goals{}}}
	after.PartyStatuses = tenant.Section[tenant.PartyStatuses]{{Value: tenant.PartyStatuses{Statuses: []tenant.PartyStatus{{Key: "elsewhere"}}}}}
	after.InstrumentKinds = tenant.Section[tenant.InstrumentKinds]{{Value: tenant.InstrumentKinds{Kinds: []tenant.InstrumentKind{{Key: "elsewhere"}}}}}
	orphans, err := agreement.Guard(ctx, tx, tx.County, after)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, o := range orphans {
		found[o.Key] = true
	}
	for _, want := range []string{"agreement.kind_in_use", "agreement.status_in_use", "agreement.level_in_use"} {
		if !found[want] {
			t.Errorf("no %s among %v", want, orphans)
		}
	}
}
