package tenant_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/tenant"
)

func checkedKey(k tenant.CostKey) []tenant.Problem {
	return checked(tenant.County{CostKeys: tenant.Section[tenant.CostKeys]{{Value: tenant.CostKeys{Keys: []tenant.CostKey{k}}}}}, "costKeys")
}

// aKey shares by population as of the day a year before.
func aKey() tenant.CostKey {
	return tenant.CostKey{Key: "key", Name: tenant.Words{"sv": "Nyckeln"}, Parts: []tenant.CostPart{{By: tenant.ByPopulation, Reference: tenant.CostReference{YearsBefore: 1}}}}
}

// halves are equal and population, half each.
func halves() tenant.CostKey {
	k := aKey()
	k.Parts[0].Portion = 1
	k.Parts = append(k.Parts, tenant.CostPart{By: tenant.ByEqual, Portion: 1})
	return k
}

func fixedShares() tenant.CostKey {
	k := aKey()
	k.Parts = []tenant.CostPart{{By: tenant.ByFixed, Shares: []tenant.CostShare{{Organisation: "kinda", Parts: 1}, {Organisation: "ydre", Parts: 2}}}}
	return k
}

// Each key that cannot work stands beside the closest that can.
func TestAKeyThatCannotWorkIsRefusedWithTheReason(t *testing.T) {
	for _, c := range []struct {
		says  string
		of    func() tenant.CostKey
		works func(*tenant.CostKey)
		wrong func(*tenant.CostKey)
		want  string
	}{
		{"a mixed key with one part", aKey, func(k *tenant.CostKey) { k.Parts[0].Portion = 1 },
			func(k *tenant.CostKey) { k.Parts[0].Portion = 2 }, "costKeys[0].keys[0].parts[0].portion tenant.cost.portion_alone"},
		{"a mixed key whose portions are not said", halves, func(k *tenant.CostKey) { k.Parts[0].Portion = 3 },
			func(k *tenant.CostKey) { k.Parts[0].Portion = 0 }, "costKeys[0].keys[0].parts[0].portion tenant.cost.portion_missing"},
		{"a portion below nothing", halves, func(*tenant.CostKey) {},
			func(k *tenant.CostKey) { k.Parts[1].Portion = -1 }, "costKeys[0].keys[0].parts[1].portion tenant.too_little"},
		{"a portion beyond what can be added up", halves, func(k *tenant.CostKey) { k.Parts[1].Portion = 1_000_000 },
			func(k *tenant.CostKey) { k.Parts[1].Portion = 1_000_001 }, "costKeys[0].keys[0].parts[1].portion tenant.too_much"},
		{"a name that no statement has room for", aKey, func(k *tenant.CostKey) { k.Name = tenant.Words{"sv": strings.Repeat("å", 120)} },
			func(k *tenant.CostKey) { k.Name = tenant.Words{"sv": strings.Repeat("å", 121)} }, "costKeys[0].keys[0].name.sv tenant.words.long"},
		{"a key that shares by nothing", aKey, func(*tenant.CostKey) {},
			func(k *tenant.CostKey) { k.Parts = nil }, "costKeys[0].keys[0].parts tenant.required"},
		{"the same thing twice", halves, func(*tenant.CostKey) {},
			func(k *tenant.CostKey) { k.Parts[0] = tenant.CostPart{By: tenant.ByEqual, Portion: 1} }, "costKeys[0].keys[0].parts[1].by tenant.twice"},
		{"population of no day", aKey, func(k *tenant.CostKey) { k.Parts[0].Reference = tenant.CostReference{Day: on("2023-12-31")} },
			func(k *tenant.CostKey) { k.Parts[0].Reference = tenant.CostReference{} }, "costKeys[0].keys[0].parts[0].reference tenant.cost.reference_missing"},
		{"population of two days", aKey, func(k *tenant.CostKey) { k.Parts[0].Reference.MonthDay = "12-31" },
			func(k *tenant.CostKey) { k.Parts[0].Reference.Day = on("2023-12-31") }, "costKeys[0].keys[0].parts[0].reference.day tenant.cost.reference_twice"},
		{"a day that is not there each year", aKey, func(k *tenant.CostKey) { k.Parts[0].Reference.MonthDay = "02-28" },
			func(k *tenant.CostKey) { k.Parts[0].Reference.MonthDay = "02-29" }, "costKeys[0].keys[0].parts[0].reference.monthDay tenant.cost.month_day"},
		{"a month that there is not", aKey, func(k *tenant.CostKey) { k.Parts[0].Reference.MonthDay = "12-01" },
			func(k *tenant.CostKey) { k.Parts[0].Reference.MonthDay = "13-01" }, "costKeys[0].keys[0].parts[0].reference.monthDay tenant.wrong_form"},
		{"a day of what is no population", halves, func(*tenant.CostKey) {},
			func(k *tenant.CostKey) { k.Parts[1].Reference.YearsBefore = 1 }, "costKeys[0].keys[0].parts[1].reference tenant.cost.reference_of_none"},
		{"fixed shares that are missing", fixedShares, func(k *tenant.CostKey) { k.Parts[0].Shares = k.Parts[0].Shares[:1] },
			func(k *tenant.CostKey) { k.Parts[0].Shares = nil }, "costKeys[0].keys[0].parts[0].shares tenant.cost.shares_missing"},
		{"a fixed share of nothing", fixedShares, func(k *tenant.CostKey) { k.Parts[0].Shares[0].Parts = 100 },
			func(k *tenant.CostKey) { k.Parts[0].Shares[0].Parts = 0 }, "costKeys[0].keys[0].parts[0].shares[0].share tenant.required"},
		{"two shares of one", fixedShares, func(*tenant.CostKey) {},
			func(k *tenant.CostKey) { k.Parts[0].Shares[1].Organisation = "kinda" }, "costKeys[0].keys[0].parts[0].shares[1].organisation tenant.twice"},
		{"shares of what is shared otherwise", aKey, func(*tenant.CostKey) {},
			func(k *tenant.CostKey) { k.Parts[0].Shares = fixedShares().Parts[0].Shares }, "costKeys[0].keys[0].parts[0].shares tenant.cost.shares_of_none"},
		{"a share of who pays nothing", fixedShares, func(k *tenant.CostKey) { k.Excluded = []string{"boxholm"} },
			func(k *tenant.CostKey) { k.Excluded = []string{"ydre"} }, "costKeys[0].keys[0].parts[0].shares[1] tenant.cost.share_excluded"},
		{"weights that are all zero", aKey, func(k *tenant.CostKey) { k.Weights = []tenant.CostWeight{{Organisation: "ydre", Percent: 1}} },
			func(k *tenant.CostKey) { k.Weights = []tenant.CostWeight{{Organisation: "ydre"}} }, "costKeys[0].keys[0].weights[0].percent tenant.required"},
		{"a weight of no population", halves, func(k *tenant.CostKey) { k.Weights = []tenant.CostWeight{{Organisation: "ydre", Percent: 150}} },
			func(k *tenant.CostKey) {
				k.Parts = []tenant.CostPart{{By: tenant.ByEqual}}
				k.Weights = []tenant.CostWeight{{Organisation: "ydre", Percent: 150}}
			}, "costKeys[0].keys[0].weights[0] tenant.cost.weight_of_nothing"},
		{"a weight of who pays nothing", aKey, func(k *tenant.CostKey) { k.Excluded = []string{"kinda"} },
			func(k *tenant.CostKey) {
				k.Excluded, k.Weights = []string{"ydre"}, []tenant.CostWeight{{Organisation: "ydre", Percent: 50}}
			}, "costKeys[0].keys[0].weights[0] tenant.cost.weight_excluded"},
		{"one excluded twice", aKey, func(k *tenant.CostKey) { k.Excluded = []string{"kinda", "ydre"} },
			func(k *tenant.CostKey) { k.Excluded = []string{"kinda", "kinda"} }, "costKeys[0].keys[0].excluded[1] tenant.twice"},
		{"a key that is no organisation's", aKey, func(*tenant.CostKey) {},
			func(k *tenant.CostKey) { k.Excluded = []string{"Kinda kommun"} }, "costKeys[0].keys[0].excluded[0] tenant.wrong_form"},
		{"a floor above the cap", aKey, func(k *tenant.CostKey) { k.Floor, k.Cap = "10000.00", "10000.00" },
			func(k *tenant.CostKey) { k.Floor, k.Cap = "10000.01", "10000.00" }, "costKeys[0].keys[0].floor tenant.cost.floor_above_cap"},
		{"a cap of nothing", aKey, func(k *tenant.CostKey) { k.Cap = "0.01" },
			func(k *tenant.CostKey) { k.Cap = "0.00" }, "costKeys[0].keys[0].cap tenant.cost.cap_zero"},
		{"a floor that is no amount", aKey, func(k *tenant.CostKey) { k.Floor = "10000" },
			func(k *tenant.CostKey) { k.Floor = "-1.00" }, "costKeys[0].keys[0].floor tenant.wrong_form"},
		{"öre where whole kronor are paid", aKey, func(k *tenant.CostKey) { k.Floor, k.Unit = "100.00", tenant.UnitKrona },
			func(k *tenant.CostKey) { k.Floor, k.Unit = "100.50", tenant.UnitKrona }, "costKeys[0].keys[0].floor tenant.cost.limit_in_ore"},
		{"an unknown unit", aKey, func(k *tenant.CostKey) { k.Unit = tenant.UnitOre },
			func(k *tenant.CostKey) { k.Unit = "euro" }, "costKeys[0].keys[0].unit tenant.not_one_of"},
		{"an unknown way to share", aKey, func(*tenant.CostKey) {},
			func(k *tenant.CostKey) { k.Parts[0].By = "wealth" }, "costKeys[0].keys[0].parts[0].by tenant.not_one_of"},
		{"a key without a name", aKey, func(*tenant.CostKey) {},
			func(k *tenant.CostKey) { k.Name = nil }, "costKeys[0].keys[0].name tenant.required"},
	} {
		right, wrong := c.of(), c.of()
		c.works(&right)
		c.wrong(&wrong)
		if problems := checkedKey(right); len(problems) > 0 {
			t.Errorf("beside %s: %v", c.says, problems)
		}
		var got []string
		for _, p := range checkedKey(wrong) {
			got = append(got, p.Path+" "+p.Key)
		}
		if len(got) == 0 || got[0] != c.want {
			t.Errorf("%s: %v, want %s", c.says, got, c.want)
		}
	}
}

func TestTheDayWhosePopulationCounts(t *testing.T) {
	for _, c := range []struct {
		reference    tenant.CostReference
		begins, want string
	}{
		{tenant.CostReference{YearsBefore: 1}, "2026-01-01", "2025-12-31"},
		{tenant.CostReference{YearsBefore: 1}, "2026-12-31", "2025-12-31"},
		{tenant.CostReference{YearsBefore: 2, MonthDay: "06-30"}, "2026-07-01", "2024-06-30"},
		{tenant.CostReference{MonthDay: "03-31"}, "2026-07-01", "2026-03-31"},
		{tenant.CostReference{Day: on("2023-12-31")}, "2026-07-01", "2023-12-31"},
		{tenant.CostReference{}, "2026-07-01", ""},
	} {
		got, ok := c.reference.On(on(c.begins))
		if ok != (c.want != "") || got.String() != c.want {
			t.Errorf("%+v of %s: %s, %v", c.reference, c.begins, got, ok)
		}
	}
}

// On a page an amount is written as people write it; what is kept has one form.
func TestAnAmountHasOneFormWhereItIsKept(t *testing.T) {
	s, err := tenant.SectionOf("costKeys")
	if err != nil {
		t.Fatal(err)
	}
	body := `{"keys":[{"key":"k","name":{"sv":"K"},"parts":[{"by":"equal"}],"floor":"10 000,5","cap":"allt"}]}`
	c, err := s.With(tenant.County{}, tenant.Version{Body: json.RawMessage(body)})
	if err != nil {
		t.Fatal(err)
	}
	k := c.CostKeys[0].Value.Keys[0]
	if diff := cmp.Diff([]string{"10000.50", "allt"}, []string{k.Floor, k.Cap}); diff != "" {
		t.Error(diff)
	}
	if problems := checkedKey(k); len(problems) != 1 || problems[0].Path != "costKeys[0].keys[0].cap" {
		t.Errorf("what is no amount is told: %v", problems)
	}
}
