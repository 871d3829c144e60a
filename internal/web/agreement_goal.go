package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) goal(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	var g aimed
	var err error
	if g.In, g.Goal, err = goalAsked(ctx, tx, v); err != nil {
		return nil, err
	}
	for up, n := g.Parent, 0; up != uuid.Nil && n < 20; n++ {
		parent, err := agreement.GetGoal(ctx, tx, up, v.On)
		if err != nil {
			return nil, err
		}
		g.Above = slices.Insert(g.Above, 0, parent)
		up = parent.Parent
	}
	g.Node = agreement.Node{Goal: g.Goal, Closed: g.ClosedOn(v.On)}
	g.Page = v.pageAsked()
	under, total, err := agreement.Tree(ctx, tx, g.In.ID, v.On, g.ID, perPage, g.Page)
	if err != nil {
		return nil, err
	}
	g.Total = total
	g.Under = branch{Node: g.Node, Facets: v.facets(under)}
	if g.Before, err = agreement.History(ctx, tx, g.ID); err != nil {
		return nil, err
	}
	if g.Links, err = agreement.Links(ctx, tx, g.ID, v.On); err != nil {
		return nil, err
	}
	g.Remarks, err = agreement.Notes(ctx, tx, g.ID)
	return goalPage(v, g), err
}

// The pages of an agreement's parts: a goal, a party, a network, a local agreement.

// aimed is a goal with all that its page shows.
type aimed struct {
	agreement.Goal
	In      agreement.Instrument
	Above   []agreement.Goal // from the top down to the one it stands under
	Node    agreement.Node
	Under   branch
	Before  []agreement.Goal // all it has said, first to last
	Links   []agreement.Link
	Remarks []agreement.Remark
	paging
}

// goalAsked is the goal that the address names, in the agreement it names.
func goalAsked(ctx context.Context, tx *pg.Tx, v *visit) (i agreement.Instrument, g agreement.Goal, err error) {
	at, err := id(v.r, "id")
	if err != nil {
		return i, g, err
	}
	if i, err = agreement.Get(ctx, tx, at, v.On); err != nil {
		return i, g, err
	}
	which, err := id(v.r, "goal")
	if err != nil {
		return i, g, err
	}
	if g, err = agreement.GetGoal(ctx, tx, which, v.On); err == nil && g.Instrument != i.ID {
		err = fault.Missing()
	}
	return i, g, err
}

// lead says what the goal is and how it stands.
func (g aimed) lead(v *visit) string {
	if g.Node.Closed {
		s := v.T("web.agreement.goal_lead_closed", "day", LongDay(v.Lang, g.ValidTo))
		if !g.Decided.IsZero() {
			s += " " + v.T("web.agreement.goal_lead_decided", "day", g.Decided.In(v.Lang))
		}
		return s
	}
	if g.Wording != "" {
		return ""
	}
	return v.T("web.agreement.no_wording")
}

func (v *visit) themes(keys []string) string {
	var said []string
	for _, k := range keys {
		said = append(said, v.Of("agreement.theme.", k))
	}
	return strings.Join(said, ", ")
}

// earlier is one thing a goal has said: from when, and what became of it.
func (v *visit) earlier(g agreement.Goal) string {
	from := v.T("web.agreement.from_the_beginning_small")
	if !g.From.IsZero() {
		from = v.T("web.agreement.period_from", "from", g.From.In(v.Lang))
	}
	switch g.Ending {
	case "closed":
		return capital(v.T("web.agreement.version_closed", "from", from, "day", LongDay(v.Lang, g.ValidTo)))
	case "changed":
		return capital(v.T("web.agreement.version_until", "from", from, "day", LongDay(v.Lang, g.ValidTo.Add(-1))))
	}
	return capital(from)
}

func (g aimed) crumbs(v *visit) []crumb {
	cs := v.inAgreement(g.In)
	for _, up := range g.Above {
		cs = append(cs, crumb{up.Name, string(agreementAt(v, g.In.ID, "/goals/", up.ID.String()))})
	}
	return cs
}

// At is an address under the goal.
func (g aimed) At(v *visit, parts ...string) templ.SafeURL {
	return agreementAt(v, g.In.ID, "/goals/", g.ID.String(), strings.Join(parts, ""))
}

func (v *visit) groundOf(g agreement.Goal) string {
	if g.Ground == "" {
		return ""
	}
	return capital(v.Of("agreement.ground.", g.Ground))
}

func (v *visit) measureOf(g agreement.Goal) string {
	if g.Measure == "" || g.Measure == agreement.MeasureUnknown {
		return ""
	}
	return capital(v.Of("agreement.measure.", g.Measure))
}

func (v *visit) linkOf(l agreement.Link) string {
	if l.Kind == agreement.CarriedOver {
		if l.Outward {
			return v.T("web.agreement.carried_to")
		}
		return v.T("web.agreement.carried_from")
	}
	return v.Of("agreement.link.", l.Kind)
}

func (a agreed) goalFact(v *visit) string {
	s := v.T("web.agreement.fact_hold", "count", a.Standing)
	if a.State.HasEnded() {
		s = v.T("web.agreement.fact_held", "count", a.Standing)
	}
	if a.Closed > 0 {
		s += ", " + v.T("web.agreement.fact_closed", "count", a.Closed)
	}
	return s
}

// goalNotes are the margin's: how many of each level there are, as far as is known.
func (a agreed) goalNotes(v *visit) []string {
	var known []string
	for _, l := range a.Levels {
		if l.Known > 0 {
			known = append(known, Number(v.Lang, int64(l.Known))+" "+v.levelWord(l.Key).Of(l.Known))
		}
	}
	if len(known) == 0 {
		return nil
	}
	notes := []string{v.T("web.agreement.goals_known", "goals", joined(", ", known...))}
	if a.Closed > 0 {
		notes = append(notes, v.T("web.agreement.goals_stay"))
	}
	return notes
}

func someUnworded(ls []agreement.Level) bool {
	return slices.ContainsFunc(ls, func(l agreement.Level) bool { return l.Unworded() > 0 })
}
