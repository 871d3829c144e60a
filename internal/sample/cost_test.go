package sample_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
)

func TestTheDemosAmountsAreMarkedAndTheFileHasNone(t *testing.T) {
	counties, problems := tenant.Load(os.DirFS(filepath.Join(dbtest.Root(), "tenants")), auth.RoleNames())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, file := range counties {
		demo := sample.WithCosts(file)
		if problems := tenant.Check(demo, auth.RoleNames()); len(problems) > 0 {
			t.Fatalf("%s: %v", file.Slug, problems)
		}
		if file.Slug != "ostergotland" {
			if !tenant.Equal(file, demo) {
				t.Errorf("%s is not as its file has it", file.Slug)
			}
			continue
		}
		on := day.Of(2026, 11, 25)
		sourced, _ := file.On(on).SharedFunction("coordinator")
		shown, _ := demo.On(on).SharedFunction("coordinator")
		if len(sourced.Periods) > 0 {
			t.Errorf("an amount came into the file: %+v", sourced.Periods)
		}
		if len(shown.Periods) != 4 || len(shown.Payers.List) != 13 || shown.Ground != sourced.Ground {
			t.Errorf("%+v", shown)
		}
		for _, p := range shown.Periods {
			if !p.Invented {
				t.Errorf("%s: an amount made up is not marked", p.From)
			}
		}
		if last := demo.SharedFunctions[len(demo.SharedFunctions)-1]; last.Decision != sample.Made {
			t.Errorf("the amounts hold by %q", last.Decision)
		}
		if before, _ := demo.On(day.Of(2022, 12, 31)).SharedFunction("coordinator"); len(before.Periods) > 0 {
			t.Errorf("%+v", before.Periods)
		}
	}
}
