package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) agreementRoutes() []route {
	const at = "/lan/{county}/agreements"
	const one = at + "/{id}"
	const goal = one + "/goals/{goal}"
	const party = one + "/parties/{party}"
	return slices.Concat(
		[]route{
			get("/lan/{county}/search", d.page(members, d.search)),
			get(at, d.dated(either, d.agreements)),
			get(one, d.dated(either, d.agreement)),
			get(one+"/compare", d.page(members, d.compareAgreement)),
			get(goal, d.dated(members, d.goal)),
			get(party, d.dated(members, d.party)),
			get(one+"/networks/{network}", d.dated(members, d.network)),
			get(one+"/local-agreements/{local}", d.dated(members, d.localAgreement)),
			get(one+"/draft", d.page(members, d.draft)),
			post(one+"/publication", d.act(members, publishAgreement)),
			post(one+"/settlement", d.act(members, button(agreement.Settle, agreementAt, "?done=settled"))),
			post(party+"/succession", d.act(members, followParty)),
		},
		both(at+"/import", importing{d}),
		d.agreementForms(at, one),
		d.partyForms(one, party),
		d.goalForms(one, goal),
		d.networkForms(one),
		d.localForms(one),
		d.draftForms(one),
		d.agreementPapers(one),
	)
}

// agreed is one instrument with all that its page shows.
type agreed struct {
	agreement.Instrument
	Public    bool
	Signs     bool           // whether its kind is signed
	AllSigned agreement.When // when all had, as one source tells of all
	Kin       []agreement.Relative
	Leads     []agreement.Leader
	Parties   agreement.Parties
	Absent    []agreement.Neighbour
	Goals     []branch
	goalCount
	Levels    []agreement.Level
	Terms     []agreement.Term
	Adoptions []agreement.Adoption
	Editions  []agreement.Edition
	Papers    documentList
	Moments   []agreement.Moment
	Older     bool // whether more has happened than is shown
	Networks  []agreement.Network
	Locals    []agreement.LocalAgreement
	Coverage  []agreement.Coverage
	Drawn     timeline
	HasTime   bool
}

// goalCount is how many goals there are directly under the instrument.
type goalCount struct {
	Standing, Closed int
	Top              string // their level, where they are all of one
}

// branch is a goal with what lies directly under it, by level: facets that
// stand side by side.
type branch struct {
	agreement.Node
	Facets []facet
	Under  int // all that lies under it
}

type facet struct {
	Level string
	Nodes []agreement.Node
}

// shown is how many of what lies under it the page has.
func (b branch) shown() int {
	n := 0
	for _, f := range b.Facets {
		n += len(f.Nodes)
	}
	return n
}

// How much of the tree one page bears.
const (
	mostTop    = 50 // goals directly under the instrument
	mostOpened = 12 // of them, shown with what lies under
	mostUnder  = 20 // goals under one
	// Goals counted by level; where there are more the page does not say how many.
	mostCounted = 2000
)

func (d *Door) agreement(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	var a agreed
	if v.Member() {
		a, err = v.agreed(ctx, tx, id)
	} else {
		a, err = v.publishedAgreement(ctx, tx, id)
	}
	if err != nil {
		return nil, err
	}
	a.Drawn, a.HasTime = v.timelineOf(a)
	return agreementPage(v, a), nil
}

func (v *visit) agreed(ctx context.Context, tx *pg.Tx, id uuid.UUID) (a agreed, err error) {
	if a.Instrument, err = agreement.Get(ctx, tx, id, v.On); err != nil {
		return a, err
	}
	kind, ok := v.County.InstrumentKinds.Kind(a.Kind)
	a.Signs = !ok || kind.Signed() || kind.Adoption == ""
	for _, ask := range []func() error{
		func() (err error) { a.Kin, err = agreement.Relatives(ctx, tx, id); return err },
		func() (err error) { a.Leads, err = agreement.Leads(ctx, tx, id, v.On); return err },
		func() (err error) { a.Parties, err = agreement.PartiesOn(ctx, tx, id, v.On); return err },
		func() (err error) { a.Absent, err = agreement.NotParties(ctx, tx, id, v.On); return err },
		func() (err error) {
			a.Levels, _, err = agreement.LevelsWithin(ctx, tx, id, v.On, mostCounted)
			return err
		},
		func() (err error) { a.Terms, err = agreement.Validities(ctx, tx, id); return err },
		func() (err error) { a.Adoptions, err = agreement.Adoptions(ctx, tx, id); return err },
		func() (err error) { a.Editions, err = agreement.Editions(ctx, tx, id); return err },
		func() (err error) { a.Papers, err = papersAbout(ctx, tx, id); return err },
		func() (err error) { a.Moments, a.Older, err = agreement.Latest(ctx, tx, id); return err },
		func() (err error) {
			a.Networks, _, err = agreement.Networks(ctx, tx, uuid.Nil, v.On, 500, 1)
			a.Networks = slices.DeleteFunc(a.Networks, func(n agreement.Network) bool { return !a.has(n.Instrument) })
			return err
		},
		func() (err error) {
			a.Locals, _, err = agreement.Locals(ctx, tx, agreement.LocalFilter{On: v.On, Limit: 500, Page: 1})
			if a.Locals = slices.DeleteFunc(a.Locals, func(l agreement.LocalAgreement) bool { return !a.has(l.Instrument) }); err == nil && len(a.Locals) > 0 {
				a.Coverage, err = agreement.LocalPerMunicipality(ctx, tx, v.On)
			}
			return err
		},
	} {
		if err := ask(); err != nil {
			return a, err
		}
	}
	for _, m := range a.Moments {
		if m.Kind == "event.signed" && !m.Corrected && (a.AllSigned.IsZero() || m.When.Day().Before(a.AllSigned.Day())) {
			a.AllSigned = m.When
		}
	}
	nodes, n, err := agreement.Tree(ctx, tx, id, v.On, uuid.Nil, mostTop, 1)
	if err != nil {
		return a, err
	}
	under, err := agreement.Branches(ctx, tx, v.On, opened(nodes, mostOpened), mostUnder)
	if err != nil {
		return a, err
	}
	for _, node := range nodes {
		a.Goals = append(a.Goals, branch{Node: node, Under: node.Standing + node.Ended, Facets: v.facets(under[node.ID].Nodes)})
	}
	a.goalCount = counted(nodes, n)
	return a, nil
}

// opened are the goals that are shown with what lies under them: the first.
func opened(nodes []agreement.Node, most int) []uuid.UUID {
	ids := make([]uuid.UUID, min(len(nodes), most))
	for i := range ids {
		ids[i] = nodes[i].ID
	}
	return ids
}

// situation is what a member's first page says of the agreements.
func (b *begun) situation(ctx context.Context, tx *pg.Tx, v *visit) error {
	s, err := agreement.InForce(ctx, tx, v.Today)
	if err != nil {
		return err
	}
	b.InForce, b.Coming, b.LivesOn = s.InForce, s.Coming, s.LivesOn
	switch {
	case len(s.InForce) > 0:
		b.Missing = s.Missing
	case len(s.Missing) > 0:
		b.Others = s.Missing
	default:
		b.Others, b.Coming = s.Coming, nil
	}
	// The county's own kind of agreement comes first in its configuration.
	first := slices.Concat(s.InForce, s.Missing)
	if kinds := v.County.InstrumentKinds.Kinds; len(kinds) > 0 {
		first = slices.DeleteFunc(first, func(i agreement.Instrument) bool { return i.Kind != kinds[0].Key })
	}
	if len(first) != 1 {
		return nil // none, or none before the others
	}
	a := agreed{Instrument: first[0]}
	if a.Parties, err = agreement.PartiesOn(ctx, tx, a.ID, v.On); err != nil {
		return err
	}
	if a.Absent, err = agreement.NotParties(ctx, tx, a.ID, v.On); err != nil {
		return err
	}
	nodes, n, err := agreement.Tree(ctx, tx, a.ID, v.On, uuid.Nil, mostTop, 1)
	a.goalCount = counted(nodes, n)
	b.First = &a
	return err
}

// has tells whether the page shows what hangs on an instrument. What no source
// hangs on any is shown with the county's latest.
func (a agreed) has(instrument uuid.UUID) bool {
	return instrument == a.ID || instrument == uuid.Nil && len(a.Successors) == 0
}

func counted(nodes []agreement.Node, total int) (c goalCount) {
	for i, n := range nodes {
		if n.Closed {
			c.Closed++
		}
		if i == 0 {
			c.Top = n.Level
		} else if c.Top != n.Level {
			c.Top = ""
		}
	}
	c.Standing = total - c.Closed
	return c
}

// facets sorts what lies under a goal by level, in the configuration's order.
func (v *visit) facets(nodes []agreement.Node) []facet {
	var fs []facet
	for _, n := range nodes {
		i := slices.IndexFunc(fs, func(f facet) bool { return f.Level == n.Level })
		if i < 0 {
			i = len(fs)
			fs = append(fs, facet{Level: n.Level})
		}
		fs[i].Nodes = append(fs[i].Nodes, n)
	}
	order := func(level string) int {
		return slices.IndexFunc(v.County.Goals.Levels, func(l tenant.GoalLevel) bool { return l.Key == level })
	}
	slices.SortStableFunc(fs, func(a, b facet) int { return order(a.Level) - order(b.Level) })
	return fs
}

// At is an address under the agreement.
func (a agreed) At(v *visit, parts ...string) templ.SafeURL { return agreementAt(v, a.ID, parts...) }

func agreementAt(v *visit, id uuid.UUID, parts ...string) templ.SafeURL {
	return v.To("/agreements/", id.String(), strings.Join(parts, ""))
}

// publishAgreement shows it to everyone, or no longer.
func publishAgreement(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	i, err := agreement.Get(ctx, tx, id, v.Today)
	if err != nil {
		return "", err
	}
	i, err = agreement.Publish(ctx, tx, id, version, !i.Published)
	done := "agreement_published"
	if !i.Published {
		done = "agreement_unpublished"
	}
	return string(agreementAt(v, id, "?done="+done)), err
}

// act tells whether a page of the agreement shows the ways to change it.
func (v *visit) changesAgreements() bool { return v.Acts(auth.AgreementChange) }
