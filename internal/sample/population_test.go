package sample_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/sample"
	"github.com/overens/overens/internal/tenant"
)

// The sums are those that the counties' totals are known to be.
func TestThePopulationsAddUpToTheirCounties(t *testing.T) {
	ctx, tx := dbtest.In(t, pg.Nation)
	dbtest.As(tx, auth.RoleNationalAnalyst, uuid.Nil)
	for i, want := range []int{130, 0} {
		if n, err := sample.Population(ctx, tx); err != nil || n != want {
			t.Errorf("time %d: %d written, %v, want %d", i+1, n, err, want)
		}
	}
	for _, c := range []struct {
		county string
		year   int
		want   int64
	}{{"05", 2024, 472446}, {"05", 2023, 472298}, {"05", 2019, 465495}, {"07", 2019, 201469}, {"13", 2019, 333848}, {"13", 2023, 343746}} {
		var codes []string
		for _, m := range tenant.Municipalities(c.county) {
			codes = append(codes, m.Code)
		}
		figures, err := population.On(ctx, tx, codes, day.Of(c.year, 12, 31))
		if err != nil {
			t.Fatal(err)
		}
		sum := int64(0)
		for _, f := range figures {
			sum += f.Count
		}
		if len(figures) != len(codes) || sum != c.want {
			t.Errorf("%s %d: %d in %d of %d municipalities, want %d", c.county, c.year, sum, len(figures), len(codes), c.want)
		}
	}
}
