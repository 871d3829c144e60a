package costshare_test

import (
	"slices"
	"testing"

	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
)

// parties lets the parties of a county's agreements share a cost equally.
func parties(c tenant.County, from, until day.Day, payers tenant.CostPayers) tenant.County {
	c.CostKeys = tenant.Section[tenant.CostKeys]{{Value: tenant.CostKeys{Keys: []tenant.CostKey{{Key: "equal", Name: tenant.Words{"sv": "Lika"}, Parts: []tenant.CostPart{{By: tenant.ByEqual}}}}}}}
	c.SharedFunctions = tenant.Section[tenant.SharedFunctions]{{Value: tenant.SharedFunctions{Functions: []tenant.SharedFunction{{Key: "secretariat", Name: tenant.Words{"sv": "Kansli"},
		Kind: tenant.FunctionSecretariat, Employer: "lansstyrelsen", SharedBy: "equal", Payers: payers,
		Periods: []tenant.CostPeriod{{From: from, Until: until, Budget: "365000.00"}}}}}}}
	return c
}

// Markaryd lies in Kronoberg and is no party: it pays nothing.
func TestWhoIsNoPartyPaysNothingWhereverItLies(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.AsSystem(tx)
	if _, err := sample.Organisations(ctx, tx); err != nil {
		t.Fatal(err)
	}
	if _, err := sample.Agreements(ctx, tx); err != nil {
		t.Fatal(err)
	}
	tx.County = parties(tx.County, day.Of(2024, 1, 1), day.Of(2024, 12, 31), tenant.CostPayers{Instrument: "agreement", PartyTypes: []string{"municipality"}})
	r, err := costshare.Reckon(ctx, tx, costshare.Order{Function: "secretariat", From: day.Of(2024, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Input.Payers) != 7 || slices.ContainsFunc(r.Input.Payers, func(p costshare.Payer) bool { return p.Key == "markaryd" }) {
		t.Errorf("%+v", r.Input.Payers)
	}
}

// In Halland one came in on 8 March 2022: for 2022 it pays by days.
func TestWhoBecomesAPartyInThePeriodPaysByDays(t *testing.T) {
	ctx, tx := dbtest.In(t, "halland")
	dbtest.AsSystem(tx)
	if _, err := sample.Organisations(ctx, tx); err != nil {
		t.Fatal(err)
	}
	if _, err := sample.Agreements(ctx, tx); err != nil {
		t.Fatal(err)
	}
	tx.County = parties(tx.County, day.Of(2022, 1, 1), day.Of(2022, 12, 31), tenant.CostPayers{Instrument: "collaboration"})
	r, err := costshare.Reckon(ctx, tx, costshare.Order{Function: "secretariat", From: day.Of(2022, 1, 1)})
	if err != nil {
		t.Fatal(err)
	}
	late := 0
	for _, p := range r.Input.Payers {
		if p.From == day.Of(2022, 3, 8) && p.Days == 299 {
			late++
		}
	}
	if late != 1 || r.Billed != 36_500_000 {
		t.Errorf("%+v", r.Input.Payers)
	}
}
