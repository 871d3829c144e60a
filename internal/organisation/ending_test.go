package organisation_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/organisation"
)

// days lets cmp compare days.
var days = cmpopts.EquateComparable(day.Day{})

var newYear = day.Of(2019, time.January, 1)

func TestSeveralThatMergeHaveOneSuccessor(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	region := create(ctx, t, tx, organisation.Card{Type: "region", Name: "Region Kronoberg"})
	for _, name := range []string{"Landstinget", "Regionförbundet"} {
		o := create(ctx, t, tx, organisation.Card{Type: "other", Name: name})
		ended, err := organisation.End(ctx, tx, o.ID, o.Version, organisation.Ending{On: newYear, Kind: "merged", Successors: []uuid.UUID{region.ID}})
		if err != nil || ended.ValidTo != newYear || ended.Version != 2 || ended.StandsOn(newYear) || !ended.StandsOn(newYear.Add(-1)) {
			t.Fatalf("%+v, %v", ended, err)
		}
	}
	kin, err := organisation.Kindred(ctx, tx, region.ID)
	want := []organisation.Kin{{Name: "Landstinget", Before: true, Kind: "merged", OnDay: newYear}, {Name: "Regionförbundet", Before: true, Kind: "merged", OnDay: newYear}}
	if d := cmp.Diff(want, kin, days, cmpopts.IgnoreFields(organisation.Kin{}, "ID")); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

func TestOneThatIsSplitHasSeveralSuccessors(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	east, west := create(ctx, t, tx, organisation.Card{Type: "other", Name: "Östra"}), create(ctx, t, tx, organisation.Card{Type: "other", Name: "Västra"})
	o := create(ctx, t, tx, organisation.Card{Type: "other", Name: "Hela"})
	if _, err := organisation.End(ctx, tx, o.ID, o.Version, organisation.Ending{On: newYear, Kind: "split", Successors: []uuid.UUID{east.ID, west.ID}}); err != nil {
		t.Fatal(err)
	}
	kin, err := organisation.Kindred(ctx, tx, o.ID)
	want := []organisation.Kin{{ID: west.ID, Name: "Västra", Kind: "split", OnDay: newYear}, {ID: east.ID, Name: "Östra", Kind: "split", OnDay: newYear}}
	if d := cmp.Diff(want, kin, days); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

func TestEndingAgainCorrectsTheDay(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	next := create(ctx, t, tx, organisation.Card{Type: "other", Name: "Nästa"})
	o := create(ctx, t, tx, organisation.Card{Type: "other", Name: "Förra"})
	ending := organisation.Ending{On: newYear, Kind: "merged", Successors: []uuid.UUID{next.ID}}
	o, err := organisation.End(ctx, tx, o.ID, o.Version, ending)
	if err != nil {
		t.Fatal(err)
	}
	ending.On, ending.Kind = newYear.Add(31), "renamed"
	o, err = organisation.End(ctx, tx, o.ID, o.Version, ending)
	if err != nil || o.ValidTo != ending.On {
		t.Fatalf("ends on %s, %v", o.ValidTo, err)
	}
	kin, err := organisation.Kindred(ctx, tx, o.ID)
	if d := cmp.Diff([]organisation.Kin{{ID: next.ID, Name: "Nästa", Kind: "renamed", OnDay: ending.On}}, kin, days); err != nil || d != "" {
		t.Errorf("%v (-want +got):\n%s", err, d)
	}
}

func TestAnEndingIsToldAllThatIsWrongWithIt(t *testing.T) {
	for name, c := range map[string]struct {
		ending func(self, other uuid.UUID) organisation.Ending
		wrong  []string
	}{
		"no day": {func(_, _ uuid.UUID) organisation.Ending { return organisation.Ending{} }, []string{"/on organisation.end_without_day"}},
		"the day it began": {func(_, _ uuid.UUID) organisation.Ending {
			return organisation.Ending{On: day.Of(1971, time.January, 1)}
		},
			[]string{"/on organisation.days"}},
		"a successor but not how": {func(_, other uuid.UUID) organisation.Ending {
			return organisation.Ending{On: newYear, Successors: []uuid.UUID{other}}
		},
			[]string{"/kind organisation.succession_kind"}},
		"its own successor": {func(self, _ uuid.UUID) organisation.Ending {
			return organisation.Ending{On: newYear, Kind: "merged", Successors: []uuid.UUID{self}}
		}, []string{"/successors succession.of_two"}},
		"a successor that is not there": {func(_, _ uuid.UUID) organisation.Ending {
			return organisation.Ending{On: newYear, Kind: "merged", Successors: []uuid.UUID{uuid.Must(uuid.NewV7())}}
		}, []string{"/successors succession.successor"}},
		"the same successor twice": {func(_, other uuid.UUID) organisation.Ending {
			return organisation.Ending{On: newYear, Kind: "merged", Successors: []uuid.UUID{other, other}}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, tx := dbtest.Kronoberg(t)
			self, other := create(ctx, t, tx, alvesta), create(ctx, t, tx, organisation.Card{Type: "other", Name: "Nästa"})
			_, err := organisation.End(ctx, tx, self.ID, self.Version, c.ending(self.ID, other.ID))
			if d := cmp.Diff(c.wrong, faults(err)); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestACardCannotBeginAfterItsEnd(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	o := create(ctx, t, tx, alvesta)
	o, err := organisation.End(ctx, tx, o.ID, o.Version, organisation.Ending{On: newYear})
	if err != nil {
		t.Fatal(err)
	}
	c := o.Card
	c.ValidFrom = newYear
	_, err = organisation.Change(ctx, tx, o.ID, o.Version, c)
	if d := cmp.Diff([]string{"/validFrom organisation.days"}, faults(err)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
