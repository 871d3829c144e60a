package web

import (
	"context"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) compareAgreement(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	i, err := agreement.Get(ctx, tx, at, v.Today)
	if err != nil {
		return nil, err
	}
	c := daysCompared{From: i.Validity.ValidFrom, To: v.Today}
	if c.From.IsZero() {
		c.From = v.Today.AddMonths(-12)
	}
	if on, err := day.Parse(v.Asked("from")); err == nil {
		c.From = on
	}
	if on, err := day.Parse(v.Asked("to")); err == nil {
		c.To = on
	}
	if c.Difference, err = agreement.Compare(ctx, tx, at, c.From, c.To); err != nil {
		return nil, err
	}
	for n, on := range []day.Day{c.From, c.To} {
		if c.Counts[n], err = agreement.Levels(ctx, tx, at, on); err != nil {
			return nil, err
		}
	}
	return comparedPage(v, c), nil
}

// daysCompared is an agreement on two days.
type daysCompared struct {
	agreement.Difference
	From, To day.Day
	Counts   [2][]agreement.Level
}

// same tells whether nothing differs.
func (c daysCompared) same() bool {
	return len(c.Joined)+len(c.Left)+len(c.Altered)+len(c.Goals) == 0 && c.Before.Validity == c.After.Validity && c.Before.State.Key == c.After.State.Key
}

func (c daysCompared) lead(v *visit) string {
	if c.same() {
		return v.T("web.agreement.compare_same")
	}
	var s []string
	for _, of := range []struct {
		key    string
		n      int
		gender string
	}{
		{"web.agreement.compare_joined", len(c.Joined), "en"}, {"web.agreement.compare_left", len(c.Left), "en"}, {"web.agreement.compare_altered", len(c.Altered), "en"},
		{"web.agreement.compare_goals_came", c.count(func(g agreement.GoalShift) bool { return !g.Stood && g.Stands }), "ett"},
		{"web.agreement.compare_goals_went", c.count(func(g agreement.GoalShift) bool { return g.Stood && !g.Stands }), "ett"},
		{"web.agreement.compare_goals_changed", c.count(func(g agreement.GoalShift) bool { return g.Stood && g.Stands }), "ett"},
	} {
		if of.n > 0 {
			s = append(s, v.Lang.T(of.key, "count", of.n, "n", v.spelled(of.n, of.gender)))
		}
	}
	if len(s) == 0 {
		return v.T("web.agreement.compare_time")
	}
	return capital(v.and(s)) + "."
}

func (c daysCompared) count(of func(agreement.GoalShift) bool) int {
	n := 0
	for _, g := range c.Goals {
		if of(g) {
			n++
		}
	}
	return n
}

// shift says what has become of a goal between the two days: its class and words.
func (v *visit) shift(g agreement.GoalShift) (class, word string) {
	switch {
	case !g.Stood:
		return "on", v.T("web.agreement.shift_came")
	case !g.Stands:
		return "closed", v.T("web.agreement.shift_went")
	}
	var s []string
	if g.Was != g.Became {
		s = append(s, v.T("web.agreement.shift_renamed"))
	}
	if g.Moved {
		s = append(s, v.T("web.agreement.shift_moved"))
	}
	if g.Reworded {
		s = append(s, v.T("web.agreement.shift_reworded"))
	}
	if len(s) == 0 {
		s = append(s, v.T("web.agreement.shift_changed"))
	}
	return "half", v.and(s)
}

// sides are the two days' values under the same heads.
func (c daysCompared) sides(v *visit) []change {
	cs := []change{
		{v.T("web.state"), v.stateOf(c.Before.State), v.stateOf(c.After.State)},
		{v.T("web.agreement.holds_time"), v.period(c.Before.Validity), v.period(c.After.Validity)},
		{v.T("web.agreement.party_count"), Number(v.Lang, int64(c.Counted[0])), Number(v.Lang, int64(c.Counted[1]))},
	}
	if c.Before.State.Signers+c.After.State.Signers > 0 {
		cs = append(cs, change{v.T("web.agreement.signatures"), v.T("web.agreement.of", "n", c.Before.State.Signed, "all", c.Before.State.Signers),
			v.T("web.agreement.of", "n", c.After.State.Signed, "all", c.After.State.Signers)})
	}
	for i, l := range c.Counts[0] {
		if i < len(c.Counts[1]) && (l.Known > 0 || c.Counts[1][i].Known > 0) {
			cs = append(cs, change{capital(v.levelWord(l.Key).Many), Number(v.Lang, int64(l.Known)), Number(v.Lang, int64(c.Counts[1][i].Known))})
		}
	}
	return cs
}
