package agreement_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/pg"
)

// said is what a goal of the model says from one day to another; to is zero
// while it still does.
type said struct {
	from, to day.Day
	under    int // the area's place among the goals
	name     string
	closed   bool // ended by closing, not by another version
}

// Whatever is placed, renamed, moved, closed and taken up again, in whatever
// order: on any day the tree shows what a plain list of versions says.
func TestTheTreeOfAnyDayIsWhatItsVersionsSay(t *testing.T) {
	t.Parallel()
	db := dbtest.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		err := db.Rehearse(t.Context(), auth.System("kronoberg", "test", "test"), func(tx *pg.Tx) error {
			tried(t, rt, &county{t: t, ctx: t.Context(), tx: tx})
			return nil
		})
		if err != nil {
			rt.Fatal(err)
		}
	})
}

// tried does some deeds and compares the tree with the model.
func tried(t *testing.T, rt *rapid.T, c *county) {
	i := must(agreement.Create(c.ctx, c.tx, agreement.Card{Kind: "agreement", Title: "Prövas"}))(t)
	start := d("2019-01-01")
	anyDay := rapid.Custom(func(rt *rapid.T) day.Day { return start.Add(rapid.IntRange(0, 40).Draw(rt, "days")) })
	var ids []uuid.UUID
	var model [][]said
	version := func(g int) agreement.Goal { return must(agreement.GetGoal(c.ctx, c.tx, ids[g], d("2030-01-01")))(t) }
	place := func(level string, under int, name string, from day.Day) {
		s := agreement.Statement{Level: level, Name: name}
		if under >= 0 {
			s.Parent = ids[under]
		}
		err := c.tx.Savepoint(c.ctx, func() error {
			g, err := agreement.Place(c.ctx, c.tx, i.ID, s, agreement.Effect{From: agreement.OnDay(from)})
			if err == nil {
				ids, model = append(ids, g.ID), append(model, []said{{from: from, under: under, name: name}})
			}
			return err
		})
		_ = err // a parent that is closed refuses, and the model stays as it was
	}
	place("area", -1, "Arbete", start)
	place("area", -1, "Hälsa", start)

	for n := range rapid.IntRange(3, 10).Draw(rt, "deeds") {
		deed := rapid.SampledFrom([]string{"place", "amend", "amend", "close"}).Draw(rt, "deed")
		if deed == "place" || len(ids) == 2 && deed == "amend" {
			place("sub-goal", rapid.IntRange(0, 1).Draw(rt, "area"), fmt.Sprintf("mål %d", n), anyDay.Draw(rt, "from"))
			continue
		}
		g, on := rapid.IntRange(0, len(ids)-1).Draw(rt, "goal"), anyDay.Draw(rt, "on")
		last := &model[g][len(model[g])-1]
		switch deed {
		case "amend":
			s, under := version(g).Statement, last.under
			s.Name = fmt.Sprintf("namn %d", n)
			if g > 1 {
				under = rapid.IntRange(0, 1).Draw(rt, "to")
				s.Parent = ids[under]
			}
			err := c.tx.Savepoint(c.ctx, func() error {
				_, err := agreement.Amend(c.ctx, c.tx, ids[g], version(g).Version, s, agreement.Effect{From: agreement.OnDay(on), Reason: "Prövas"})
				return err
			})
			switch {
			case err != nil:
			case last.to.IsZero() && last.from == on:
				last.under, last.name = under, s.Name
			default:
				if last.to.IsZero() {
					last.to = on
				}
				model[g] = append(model[g], said{from: on, under: under, name: s.Name})
			}
		case "close":
			err := c.tx.Savepoint(c.ctx, func() error {
				_, err := agreement.Close(c.ctx, c.tx, ids[g], version(g).Version, agreement.Closing{Effective: on, Reason: "Prövas"})
				return err
			})
			if err != nil {
				continue
			}
			for other := range model {
				v := &model[other][len(model[other])-1]
				stands := v.to.IsZero() && v.from.Before(on)
				if stands && (other == g || g < 2 && v.under == g) {
					v.to, v.closed = on, true
				}
			}
		}
	}

	for on := start.Add(-1); !on.After(start.Add(41)); on = on.Add(7) {
		for under := -1; under < 2; under++ {
			want := []string{}
			for _, versions := range model {
				var at *said
				for k := range versions {
					if !versions[k].from.After(on) {
						at = &versions[k]
					}
				}
				gone := at != nil && !at.to.IsZero() && !on.Before(at.to)
				switch {
				case at == nil || at.under != under || gone && !at.closed:
				case gone:
					want = append(want, at.name+" (closed)")
				default:
					want = append(want, at.name)
				}
			}
			parent := uuid.Nil
			if under >= 0 {
				parent = ids[under]
			}
			got := []string{}
			nodes, _, err := agreement.Tree(c.ctx, c.tx, i.ID, on, parent, 100, 1)
			if err != nil {
				rt.Fatal(err)
			}
			for _, n := range nodes {
				name := n.Name
				if n.Closed {
					name += " (closed)"
				}
				got = append(got, name)
			}
			slices.Sort(want)
			slices.Sort(got)
			if d := cmp.Diff(want, got); d != "" {
				rt.Fatalf("%s under %d (-model +tree):\n%s", on, under, d)
			}
		}
	}
}

// The beginning of the timeline is the timeline's beginning.
func TestTheLatestIsWhereTheTimelineBegins(t *testing.T) {
	c := kronoberg(t)
	c.rich()
	all, n, err := agreement.Timeline(c.ctx, c.tx, c.id, 100, 1)
	if err != nil || n < 20 {
		t.Fatal(n, err)
	}
	ms, more, err := agreement.Latest(c.ctx, c.tx, c.id)
	if err != nil || more || !slices.Equal(all, ms) {
		t.Errorf("the whole of it: more %v, %v: %+v", more, err, ms)
	}
	for range 200 {
		must(agreement.Record(c.ctx, c.tx, c.id, agreement.Happening{Kind: "decided", When: w("2021-06"), Source: "protokoll"}))(t)
	}
	all, n, err = agreement.Timeline(c.ctx, c.tx, c.id, 200, 1)
	if err != nil || n < 220 {
		t.Fatal(n, err)
	}
	if ms, more, err = agreement.Latest(c.ctx, c.tx, c.id); err != nil || !more || !slices.Equal(all, ms) {
		t.Errorf("the beginning of %d: %d, more %v, %v", n, len(ms), more, err)
	}
}

// What lies under several goals is what lies under each.
func TestBranchesAreTheLevelsUnderEach(t *testing.T) {
	c := kronoberg(t)
	c.rich()
	for _, on := range []string{"2022-06-01", "2023-06-01", "2024-06-01"} {
		top, _, err := agreement.Tree(c.ctx, c.tx, c.id, d(on), uuid.Nil, 50, 1)
		if err != nil || len(top) < 2 {
			t.Fatal(top, err)
		}
		var ids []uuid.UUID
		for _, n := range top {
			ids = append(ids, n.ID)
		}
		for _, limit := range []int{1, 50} {
			bs := must(agreement.Branches(c.ctx, c.tx, d(on), ids, limit))(t)
			for _, n := range top {
				under, total, err := agreement.Tree(c.ctx, c.tx, c.id, d(on), n.ID, limit, 1)
				if err != nil {
					t.Fatal(err)
				}
				same := slices.EqualFunc(bs[n.ID].Nodes, under, func(a, b agreement.Node) bool { return reflect.DeepEqual(a, b) })
				if b := bs[n.ID]; b.Total != total || !same || total != n.Standing+n.Ended {
					t.Errorf("%s, %d under %s: %+v, %+v", on, limit, n.Name, b, under)
				}
			}
		}
	}
}

func TestGoalsAreCountedAsFarAsIsAsked(t *testing.T) {
	c := kronoberg(t)
	c.rich()
	on := d("2024-06-01")
	all := must(agreement.Levels(c.ctx, c.tx, c.id, on))(t)
	named := 0
	for _, l := range all {
		named += l.Named
	}
	some, counted, err := agreement.LevelsWithin(c.ctx, c.tx, c.id, on, named)
	if err != nil || !counted || !slices.Equal(all, some) {
		t.Errorf("%v %v %+v", err, counted, some)
	}
	if some, counted, err = agreement.LevelsWithin(c.ctx, c.tx, c.id, on, named-1); err != nil || counted || some != nil {
		t.Errorf("more than was asked for: %v %v %+v", err, counted, some)
	}
}
