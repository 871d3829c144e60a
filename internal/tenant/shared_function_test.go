package tenant_test

import (
	"testing"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/tenant"
)

// sharing is a county with a key and a function shared by it.
func sharing() tenant.County {
	return tenant.County{
		Slug: "provlan", Kind: tenant.KindSandbox,
		CostKeys: tenant.Section[tenant.CostKeys]{{Value: tenant.CostKeys{Keys: []tenant.CostKey{aKey()}}}},
		SharedFunctions: tenant.Section[tenant.SharedFunctions]{{Value: tenant.SharedFunctions{Functions: []tenant.SharedFunction{{
			Key: "coordinator", Name: tenant.Words{"sv": "Samordnaren"}, Kind: tenant.FunctionPost, Employer: "lansstyrelsen", SharedBy: "key",
			Ground:  tenant.CostGround{Decision: "Rådets beslut 2017-04-18", On: on("2017-04-18"), FurtherNotice: true},
			Payers:  tenant.CostPayers{List: []tenant.CostPayer{{Organisation: "kinda"}, {Organisation: "ydre"}}},
			Periods: []tenant.CostPeriod{{From: on("2025-01-01"), Until: on("2025-12-31"), Budget: "1000000.00", Invented: true}, {From: on("2026-01-01"), Until: on("2026-12-31")}},
		}}}}},
	}
}

func problemsOf(c tenant.County) (got []string) {
	for _, p := range tenant.Check(c, auth.RoleNames()) {
		if p.Path != "identity" {
			got = append(got, p.Path+" "+p.Key)
		}
	}
	return got
}

// Each function that cannot work stands beside the closest that can.
func TestAFunctionThatCannotWorkIsRefusedWithTheReason(t *testing.T) {
	const at = "sharedFunctions[0].functions[0]"
	type function = tenant.SharedFunction
	nothing := func(*function) {}
	for _, c := range []struct {
		says         string
		works, wrong func(*function)
		want         string
	}{
		{"a period that ends before it begins", func(f *function) { f.Periods[1].Until = on("2026-01-01") },
			func(f *function) { f.Periods[1].Until = on("2025-12-31") }, ".periods[1].until tenant.cost.period_backwards"},
		{"a period of more than ten years", func(f *function) { f.Periods = f.Periods[1:]; f.Periods[0].Until = f.Periods[0].From.AddMonths(120) },
			func(f *function) { f.Periods = f.Periods[1:]; f.Periods[0].Until = on("9999-12-31") }, ".periods[0].until tenant.cost.period_too_long"},
		{"periods that overlap", func(f *function) { f.Periods[1].From = on("2026-01-02") },
			func(f *function) { f.Periods[1].From = on("2025-12-31") }, ".periods[1].from tenant.cost.periods_overlap"},
		{"periods of which one lies in the other", func(f *function) { f.Periods[0], f.Periods[1] = f.Periods[1], f.Periods[0] },
			func(f *function) { f.Periods[1] = tenant.CostPeriod{From: on("2025-03-01"), Until: on("2025-03-31")} }, ".periods[1].from tenant.cost.periods_overlap"},
		{"a period without an end", nothing,
			func(f *function) { f.Periods[1].Until = day.Day{} }, ".periods[1].until tenant.required"},
		{"a budget that is no amount", func(f *function) { f.Periods[1].Budget = "0.50" },
			func(f *function) { f.Periods[1].Budget = "1 mkr" }, ".periods[1].budget tenant.wrong_form"},
		{"a period after the decision", func(f *function) { f.Ground.FurtherNotice, f.Ground.Until = false, on("2026-01-01") },
			func(f *function) { f.Ground.FurtherNotice, f.Ground.Until = false, on("2025-12-31") }, ".periods[1].from tenant.cost.period_after_ground"},
		{"a decision that ends before it is taken", func(f *function) { f.Ground.FurtherNotice, f.Ground.Until, f.Periods = false, on("2017-04-18"), nil },
			func(f *function) { f.Ground.FurtherNotice, f.Ground.Until, f.Periods = false, on("2017-04-17"), nil }, ".ground.until tenant.cost.ground_backwards"},
		{"a decision that ends and does not", func(f *function) { f.Ground.FurtherNotice = false },
			func(f *function) { f.Ground.Until = on("2030-12-31") }, ".ground.furtherNotice tenant.cost.ground_both"},
		{"no decision", nothing,
			func(f *function) { f.Ground = tenant.CostGround{} }, ".ground.decision tenant.required"},
		{"a body that never was", func(f *function) { f.Ground.Body = "" },
			func(f *function) { f.Ground.Body = "senate" }, ".ground.body tenant.cost.body_unknown"},
		{"nobody who pays", func(f *function) { f.Payers = tenant.CostPayers{Instrument: "agreement"} },
			func(f *function) { f.Payers = tenant.CostPayers{} }, ".payers tenant.cost.payers_missing"},
		{"parties and a list", func(f *function) {
			f.Payers = tenant.CostPayers{Instrument: "agreement", PartyTypes: []string{"municipality", "region"}}
		},
			func(f *function) { f.Payers.Instrument = "agreement" }, ".payers.list tenant.cost.payers_twice"},
		{"types of a list", nothing,
			func(f *function) { f.Payers.PartyTypes = []string{"municipality"} }, ".payers.partyTypes tenant.cost.types_of_list"},
		{"a type that there is not", nothing,
			func(f *function) {
				f.Payers = tenant.CostPayers{Instrument: "agreement", PartyTypes: []string{"village"}}
			}, ".payers.partyTypes[0] tenant.not_one_of"},
		{"parties of no kind of agreement", func(f *function) { f.Payers = tenant.CostPayers{Instrument: "local-agreement"} },
			func(f *function) { f.Payers = tenant.CostPayers{Instrument: "treaty"} }, ".payers.instrument tenant.cost.instrument_unknown"},
		{"a payer twice", func(f *function) {
			f.Payers.List = []tenant.CostPayer{{Organisation: "ydre", Until: on("2026-06-30")}, {Organisation: "kinda"}, {Organisation: "ydre", From: on("2026-07-01")}}
		}, func(f *function) {
			f.Payers.List = []tenant.CostPayer{{Organisation: "ydre", Until: on("2026-06-30")}, {Organisation: "kinda"}, {Organisation: "ydre", From: on("2026-06-30")}}
		}, ".payers.list[2] tenant.cost.payer_twice"},
		{"a payer who leaves before it comes", func(f *function) {
			f.Payers.List[0] = tenant.CostPayer{Organisation: "kinda", From: on("2026-07-01"), Until: on("2026-07-01")}
		},
			func(f *function) {
				f.Payers.List[0] = tenant.CostPayer{Organisation: "kinda", From: on("2026-07-01"), Until: on("2026-06-30")}
			}, ".payers.list[0].until tenant.cost.payer_backwards"},
		{"a payer without a name", nothing,
			func(f *function) { f.Payers.List[0].Organisation = "" }, ".payers.list[0].organisation tenant.required"},
		{"a key that there is not", nothing,
			func(f *function) { f.SharedBy = "wealth" }, ".sharedBy tenant.cost.key_unknown"},
		{"no key", nothing,
			func(f *function) { f.SharedBy = "" }, ".sharedBy tenant.required"},
		{"no employer", func(f *function) { f.Employer = "region" },
			func(f *function) { f.Employer = "" }, ".employer tenant.required"},
		{"an unknown kind", func(f *function) { f.Kind = tenant.FunctionSecretariat },
			func(f *function) { f.Kind = "car" }, ".kind tenant.not_one_of"},
	} {
		right, wrong := sharing(), sharing()
		c.works(&right.SharedFunctions[0].Value.Functions[0])
		c.wrong(&wrong.SharedFunctions[0].Value.Functions[0])
		if got := problemsOf(right); len(got) > 0 {
			t.Errorf("beside %s: %v", c.says, got)
		}
		if got := problemsOf(wrong); len(got) == 0 || got[0] != at+c.want {
			t.Errorf("%s: %v, want %s", c.says, got, at+c.want)
		}
	}
}

// A function and its key hold from days of their own: on each of them it has to work.
func TestAFunctionNeedsItsKeyOnEveryDayThatItHolds(t *testing.T) {
	c := sharing()
	later := func(k tenant.CostKey) tenant.Dated[tenant.CostKeys] {
		return tenant.Dated[tenant.CostKeys]{From: on("2026-01-01"), Value: tenant.CostKeys{Keys: []tenant.CostKey{k}}}
	}
	other := fixedShares()
	c.CostKeys = append(c.CostKeys, later(other))
	if got := problemsOf(c); len(got) > 0 {
		t.Errorf("the key is another from 2026, of the same name: %v", got)
	}
	other.Parts[0].Shares = other.Parts[0].Shares[1:]
	c.CostKeys[1] = later(other)
	want := "sharedFunctions[0].functions[0].payers.list[0] tenant.cost.payer_without_share"
	if got := problemsOf(c); len(got) != 1 || got[0] != want {
		t.Errorf("who pays has no share from 2026: %v", got)
	}
	gone := aKey()
	gone.Key = "another"
	c.CostKeys[1] = later(gone)
	problems := tenant.Check(c, auth.RoleNames())
	if len(problems) == 0 || problems[0].Key != "tenant.cost.key_unknown" || problems[0].Args["day"] != "2026-01-01" || problems[0].Args["known"] != "another" {
		t.Errorf("the key is gone from 2026: %v", problems)
	}
	// A function that has ended needs no key any more.
	c.SharedFunctions = append(c.SharedFunctions, tenant.Dated[tenant.SharedFunctions]{From: on("2026-01-01")})
	if got := problemsOf(c); len(got) > 0 {
		t.Errorf("the function ended by then: %v", got)
	}
	all := aKey()
	all.Excluded = []string{"kinda"}
	c = sharing()
	c.CostKeys[0].Value.Keys[0] = all
	if got := problemsOf(c); len(got) > 0 {
		t.Errorf("one is left to pay: %v", got)
	}
	all.Excluded = []string{"kinda", "ydre"}
	c.CostKeys[0].Value.Keys[0] = all
	if got := problemsOf(c); len(got) != 1 || got[0] != "sharedFunctions[0].functions[0].payers.list tenant.cost.nobody_pays" {
		t.Errorf("nobody is left to pay: %v", got)
	}
}

func TestTheBodyThatDecidedMayBeGone(t *testing.T) {
	c := sharing()
	c.SharedFunctions[0].Value.Functions[0].Ground.Body = "council"
	c.Bodies = tenant.Section[tenant.Bodies]{{Value: working()}, {From: on("2026-01-01"), Value: tenant.Bodies{Bodies: working().Bodies[1:]}}}
	if got := problemsOf(c); len(got) > 0 {
		t.Error(got)
	}
}
