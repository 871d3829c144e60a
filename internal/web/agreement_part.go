package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

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

// takingPart is an organisation's part in an agreement.
type takingPart struct {
	In        agreement.Instrument
	Who       organisation.Organisation
	Now       *agreement.Party // as it takes part on the day
	Times     []agreement.Involvement
	Follows   bool // whether others came after the organisation
	Signs     bool
	Locals    []agreement.LocalAgreement
	Instances int
}

func (d *Door) party(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	p, err := partyAsked(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	kin, err := organisation.Kindred(ctx, tx, p.Who.ID)
	if err != nil {
		return nil, err
	}
	p.Follows = slices.ContainsFunc(kin, func(k organisation.Kin) bool { return !k.Before })
	p.Locals, _, err = agreement.Locals(ctx, tx, agreement.LocalFilter{Instrument: p.In.ID, Party: p.Who.ID, On: v.On, Limit: 100, Page: 1})
	return partyPage(v, p), err
}

// partyAsked is the part that the address's organisation has, or has had, in the agreement.
func partyAsked(ctx context.Context, tx *pg.Tx, v *visit) (p takingPart, err error) {
	at, err := id(v.r, "id")
	if err != nil {
		return p, err
	}
	if p.In, err = agreement.Get(ctx, tx, at, v.On); err != nil {
		return p, err
	}
	who, err := id(v.r, "party")
	if err != nil {
		return p, err
	}
	if p.Who, err = organisation.Get(ctx, tx, who); err != nil {
		return p, err
	}
	all, err := agreement.Involvements(ctx, tx, who)
	if err != nil {
		return p, err
	}
	for _, i := range all {
		if i.Instrument == at {
			p.Times = append(p.Times, i)
		}
	}
	if len(p.Times) == 0 {
		return p, fault.Missing()
	}
	ps, err := agreement.PartiesOn(ctx, tx, at, v.On)
	for _, q := range ps.List {
		if q.Organisation == who {
			p.Now, p.Signs = &q, q.Signs
		}
	}
	return p, err
}

func (p takingPart) lead(v *visit) string {
	switch {
	case p.Now == nil:
		return v.T("web.agreement.party_lead_past")
	case !p.Now.Counted:
		return v.T("web.agreement.party_lead_beside", "status", v.statusOf(p.Now.Status))
	case p.Now.Signature != nil:
		return v.T("web.agreement.party_lead_signed", "day", p.Now.Signature.When.In(v.Lang))
	case p.Now.HasSigned:
		return v.T("web.agreement.party_lead_all")
	case p.Signs:
		return v.T("web.agreement.party_lead_unsigned")
	}
	return v.T("web.agreement.party_lead", "status", v.statusOf(p.Now.Status))
}

// time is from when until when it takes part, in words.
func (v *visit) partTime(p agreement.Participation) string {
	from := v.T("web.agreement.from_the_beginning_small")
	if !p.From.IsZero() {
		from = v.T("web.agreement.period_from", "from", p.From.In(v.Lang))
	}
	if p.ValidTo.IsZero() {
		return capital(from)
	}
	return capital(v.T("web.agreement.version_until", "from", from, "day", LongDay(v.Lang, p.ValidTo.Add(-1))))
}

func (d *Door) network(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	i, n, err := networkAsked(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	var goals []agreement.Goal
	for _, id := range n.Goals {
		g, err := agreement.GetGoal(ctx, tx, id, v.On)
		if err != nil {
			return nil, err
		}
		goals = append(goals, g)
	}
	return networkPage(v, i, n, goals), nil
}

func networkAsked(ctx context.Context, tx *pg.Tx, v *visit) (i agreement.Instrument, n agreement.Network, err error) {
	at, err := id(v.r, "id")
	if err != nil {
		return i, n, err
	}
	if i, err = agreement.Get(ctx, tx, at, v.On); err != nil {
		return i, n, err
	}
	which, err := id(v.r, "network")
	if err != nil {
		return i, n, err
	}
	if n, err = agreement.GetNetwork(ctx, tx, which); err == nil && n.Instrument != at && n.Instrument != uuid.Nil {
		err = fault.Missing()
	}
	return i, n, err
}

func (d *Door) localAgreement(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	i, l, err := localAsked(ctx, tx, v)
	return localPage(v, i, l), err
}

// localAsked is the local agreement that the address names: within the
// agreement it names, or on its own.
func localAsked(ctx context.Context, tx *pg.Tx, v *visit) (i agreement.Instrument, l agreement.LocalAgreement, err error) {
	at := uuid.Nil
	if v.r.PathValue("id") != "" {
		if at, err = id(v.r, "id"); err != nil {
			return i, l, err
		}
		if i, err = agreement.Get(ctx, tx, at, v.On); err != nil {
			return i, l, err
		}
	}
	which, err := id(v.r, "local")
	if err != nil {
		return i, l, err
	}
	l, err = agreement.GetLocal(ctx, tx, which)
	switch {
	case err != nil || l.Instrument == at || l.Instrument == uuid.Nil:
	case at == uuid.Nil: // it has come to stand under one since
		i, err = agreement.Get(ctx, tx, l.Instrument, v.On)
	default:
		err = fault.Missing()
	}
	return i, l, err
}

// daysCompared is an agreement on two days.
type daysCompared struct {
	agreement.Difference
	From, To day.Day
	Counts   [2][]agreement.Level
}

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
