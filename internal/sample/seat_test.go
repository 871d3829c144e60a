package sample_test

import (
	"strings"
	"testing"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/sample"
)

func TestTheDemosTablesAreSet(t *testing.T) {
	for _, slug := range sample.InFull() {
		ctx, tx := dbtest.In(t, slug)
		dbtest.AsSystem(tx)
		for _, write := range []func() error{
			func() error { _, err := sample.Organisations(ctx, tx); return err },
			func() error { _, err := sample.Agreements(ctx, tx); return err },
			func() error { return sample.People(ctx, tx, "https://login.example.se") },
		} {
			if err := write(); err != nil {
				t.Fatal(err)
			}
		}
		n, err := sample.Seats(ctx, tx)
		if err != nil || n < 10 {
			t.Fatalf("%s: %d, %v", slug, n, err)
		}
		if n, err := sample.Seats(ctx, tx); err != nil || n != 0 {
			t.Errorf("%s: the second time %d, %v", slug, n, err)
		}
		all, total, err := governance.List(ctx, tx, governance.Filter{Status: governance.Every, Limit: 100, Page: 1})
		if err != nil || total != len(all) {
			t.Fatalf("%s: %d of %d, %v", slug, len(all), total, err)
		}
		for _, m := range all {
			if !m.Demo {
				t.Errorf("%s: %s at %s is not marked", slug, m.Name, m.Place)
			}
		}
		// Only Halland's facts name an organisation that an offered seat suits.
		offers, n, err := governance.Offers(ctx, tx, governance.OfferFilter{Limit: 10, Page: 1})
		if optional := slug == "halland"; err != nil || optional != (n > 0) || optional && !offers[0].Demo {
			t.Errorf("%s: %d offers, %v", slug, n, err)
		}
		for _, o := range offers {
			if o.Seat == "fk" {
				t.Errorf("%s: the seat of Försäkringskassan is offered to %s", slug, o.Organisation)
			}
		}
		// Each persona that can speak for somebody does.
		for _, p := range sample.Of(slug) {
			if p.Role != auth.RolePartyRepresentative && p.Role != auth.RoleStrategist {
				continue
			}
			found, _, err := person.List(ctx, tx, person.Filter{Query: p.Name, Limit: 1, Page: 1})
			if err != nil || len(found) != 1 {
				t.Fatalf("%s: %v, %v", p.Key, found, err)
			}
			if seats, err := governance.Seats(ctx, tx, found[0].ID, tx.Today()); err != nil || len(seats) == 0 {
				t.Errorf("%s sits nowhere, %v", p.Key, err)
			}
		}
	}
}

func TestTheDemoShowsWhatIsEmptyAndWhatChangedHands(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.AsSystem(tx)
	if _, err := sample.Organisations(ctx, tx); err != nil {
		t.Fatal(err)
	}
	if _, err := sample.Agreements(ctx, tx); err != nil {
		t.Fatal(err)
	}
	if err := sample.People(ctx, tx, "https://login.example.se"); err != nil {
		t.Fatal(err)
	}
	if _, err := sample.Seats(ctx, tx); err != nil {
		t.Fatal(err)
	}
	vs, err := governance.Vacancies(ctx, tx, tx.Today())
	if err != nil || len(vs) != 1 || !strings.HasPrefix(vs[0].Key, "municipality/") || vs[0].Since != tx.Today().AddMonths(-2) {
		t.Errorf("%+v, %v", vs, err)
	}
	hs, n, err := governance.Handovers(ctx, tx, governance.HandoverFilter{Unfinished: true, Limit: 10, Page: 1})
	if err != nil || n != 1 || !hs[0].Demo {
		t.Errorf("%d handovers: %+v, %v", n, hs, err)
	}
}
