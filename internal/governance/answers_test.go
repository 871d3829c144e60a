package governance_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/sample"
)

func TestGoalsAreCalledAsTheyWereOnTheDay(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	if _, err := sample.Organisations(ctx, tx); err != nil {
		t.Fatal(err)
	}
	if _, err := sample.Agreements(ctx, tx); err != nil {
		t.Fatal(err)
	}
	got, err := governance.GoalNames(ctx, tx, []string{"halsa", "boende", "nowhere"}, day.Of(2026, time.November, 25))
	if diff := cmp.Diff(map[string]string{"halsa": "Hälsa", "boende": "Boende"}, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff) // housing is closed and still has its name
	}
	if got, err = governance.GoalNames(ctx, tx, nil, tx.Today()); len(got) != 0 || err != nil {
		t.Errorf("%v %v", got, err)
	}
}
