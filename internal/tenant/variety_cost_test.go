package tenant_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

func function(t *testing.T, c tenant.Configuration, key string) tenant.SharedFunction {
	t.Helper()
	f, ok := c.SharedFunction(key)
	if !ok {
		t.Fatalf("%s shares no %s", c.Slug, key)
	}
	return f
}

func payers(f tenant.SharedFunction) (keys []string) {
	for _, p := range f.Payers.List {
		keys = append(keys, p.Organisation)
	}
	return keys
}

func TestD20SharedPostAndCost(t *testing.T) {
	ostergotland := delivered(t, "ostergotland", "2026-11-25")
	post := function(t, ostergotland, "coordinator")
	key, ok := ostergotland.CostKey(post.SharedBy)
	if !ok || key.Mixed() || key.Parts[0].By != tenant.ByPopulation || post.Kind != tenant.FunctionPost {
		t.Errorf("a post by population: %+v by %+v", post, key)
	}
	if len(post.Periods) > 0 || key.Floor != "" || key.Cap != "" || key.Unit != "" {
		t.Errorf("no source gives an amount or a rounding: %+v by %+v", post, key)
	}
	sandbox := delivered(t, "sandlada", "2026-11-25")
	project := function(t, sandbox, "language-project")
	key, ok = sandbox.CostKey(project.SharedBy)
	if !ok || !key.Mixed() || key.Floor != "25000.00" || key.Unit != tenant.UnitKrona || project.Kind != tenant.FunctionProject {
		t.Errorf("a project, half equally and half by population, in whole kronor: %+v by %+v", project, key)
	}
	for _, p := range project.Periods {
		if !p.Invented {
			t.Errorf("an invented amount is not marked: %+v", p)
		}
	}
	// Where a joint office is known and its cost is not, nothing is said of it.
	if dalarna := delivered(t, "dalarna", "2026-11-25"); len(dalarna.SharedFunctions.Functions) > 0 || dalarna.Lead.Secretariat.In("sv") == "" {
		t.Errorf("%+v", dalarna.SharedFunctions)
	}
}

// Another county shares another function by another key on its pages, and
// nobody writes a line of code for it.
func TestD20AnotherKeyNeedsNoDeveloper(t *testing.T) {
	c := tenant.County{Slug: "provlan", Kind: tenant.KindSandbox}
	for key, body := range map[string]string{
		"costKeys": `{"keys":[
			{"key":"mixed","name":{"sv":"Hälften var"},"parts":[{"by":"equal","portion":1},{"by":"population","portion":1,"reference":{"day":"2024-12-31"}}],"floor":"5 000","cap":"90 000,50","excluded":["ydre"],"weights":[{"organisation":"kinda","percent":50}]},
			{"key":"fixed","name":{"sv":"Fasta andelar"},"parts":[{"by":"fixed","shares":[{"organisation":"kinda","share":3},{"organisation":"region","share":1}]}],"unit":"krona"}]}`,
		"sharedFunctions": `{"functions":[
			{"key":"office","name":{"sv":"Kansliet"},"kind":"secretariat","employer":"region","ground":{"decision":"Styrelsens beslut § 12"},"payers":{"instrument":"agreement","partyTypes":["municipality"]},"sharedBy":"mixed"},
			{"key":"guide","name":{"sv":"Guiden"},"kind":"project","employer":"kinda","ground":{"decision":"Avtal 2026","decidedOn":"2026-01-15","until":"2026-12-31"},
			 "payers":{"list":[{"organisation":"kinda"},{"organisation":"region","from":"2026-04-01","until":"2026-09-30"}]},"sharedBy":"fixed",
			 "periods":[{"from":"2026-01-01","until":"2026-12-31","budget":"450 000"}]}]}`,
	} {
		s, err := tenant.SectionOf(key)
		if err != nil {
			t.Fatal(err)
		}
		if c, err = s.With(c, tenant.Version{Body: json.RawMessage(body)}); err != nil {
			t.Fatal(err)
		}
	}
	if got := problemsOf(c); len(got) > 0 {
		t.Fatal(got)
	}
	now := c.On(on("2026-11-25"))
	guide := function(t, now, "guide")
	if got := guide.Periods[0].Budget; got != "450000.00" {
		t.Errorf("the amount is kept as %q", got)
	}
	if k, _ := now.CostKey("mixed"); k.Floor != "5000.00" || k.Cap != "90000.50" || !k.Excludes("ydre") || k.Weights[0].Percent != 50 {
		t.Errorf("%+v", k)
	}
}

// Odd case 13: by the population of a day that follows the year, every
// municipality pays whatever its other figures are, one comes and another leaves
// in mid-year, and each statement has its ground.
func TestCase13MunicipalCostShares(t *testing.T) {
	c := delivered(t, "ostergotland", "2026-11-25")
	post := function(t, c, "coordinator")
	var want []string
	for _, m := range tenant.Municipalities("05") {
		want = append(want, text.Key(m.Name))
	}
	if diff := cmp.Diff(want, payers(post)); diff != "" || len(want) != 13 {
		t.Errorf("thirteen municipalities pay:\n%s", diff)
	}
	key, _ := c.CostKey(post.SharedBy)
	for begins, reference := range map[string]string{"2024-01-01": "2023-12-31", "2025-01-01": "2024-12-31"} {
		if d, ok := key.Parts[0].Reference.On(on(begins)); !ok || d != on(reference) {
			t.Errorf("from %s the population of %s counts, want %s", begins, d, reference)
		}
	}
	if g := post.Ground; g.On != on("2017-04-18") || !g.FurtherNotice || !g.Until.IsZero() || g.Body != "council" || g.Decision == "" {
		t.Errorf("the ground of every statement: %+v", g)
	}
	if before := delivered(t, "ostergotland", "2017-04-17"); len(before.SharedFunctions.Functions) > 0 || len(before.CostKeys.Keys) > 0 {
		t.Error("nothing was shared before the decision")
	}
	project := function(t, delivered(t, "sandlada", "2026-11-25"), "language-project")
	leaves, joins := project.Payers.List[1], project.Payers.List[2]
	if leaves.Until != on("2026-06-30") || joins.From != on("2026-07-01") || leaves.Until.Add(1) != joins.From {
		t.Errorf("one leaves in mid-year and another joins: %+v, %+v", leaves, joins)
	}
}

// Odd case 16: the coordinator's employer is none of those who pay.
func TestCase16EmployedByOneAndPaidByOthers(t *testing.T) {
	post := function(t, delivered(t, "ostergotland", "2026-11-25"), "coordinator")
	if post.Employer != "lansstyrelsen" || slices.Contains(payers(post), post.Employer) {
		t.Errorf("employed by %s, paid by %v", post.Employer, payers(post))
	}
}
