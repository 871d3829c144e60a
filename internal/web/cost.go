package web

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Where shared costs are.
const (
	costsAt      = "/costs"
	costRunsAt   = "/cost-runs"
	statementsAt = "/cost-statements"
	questionsAt  = "/cost-questions"
	bundlesAt    = "/cost-bundles"
)

func (d *Door) costRoutes() []route {
	const in = "/lan/{county}"
	run, statement, question := in+costRunsAt+"/{run}", in+statementsAt+"/{statement}", in+questionsAt+"/{question}"
	return slices.Concat(
		[]route{
			get(in+costsAt, d.page(members, d.costs)),
			get(in+costsAt+"/compare", d.page(members, d.compareCosts)),
			get(in+costsAt+"/payers/{organisation}", d.page(members, d.payerCosts)),
			get(run, d.page(members, d.costRun)),
			post(run+"/drop", d.act(members, dropRun)),
			post(run+"/pack", d.act(members, packRun)),
			get(in+bundlesAt+"/{bundle}", d.costBundle),
			get(statement, d.page(members, d.costStatement)),
		},
		both(in+costRunsAt+"/new", form[costshare.Order]{d, members, d.drawing, drawRun}),
		both(run+"/redraw", form[costshare.Order]{d, members, d.redrawing, redrawRun}),
		both(run+"/adopt", form[costshare.Adoption]{d, members, d.adopting, adoptRun}),
		both(run+"/follow", form[costshare.Order]{d, members, d.following, followRun}),
		both(statement+"/ask", form[costshare.Text]{d, members, d.asking, askAbout}),
		both(question+"/answer", form[costshare.Text]{d, members, d.answeringPayer, answerTo}),
	)
}

// costsHere tells whether the county shares costs and the visitor may see them.
func (v *visit) costsHere() bool {
	return v.Slug != pg.Nation && len(v.County.SharedFunctions.Functions) > 0 && v.Actor.MayAnywhere(auth.CostRead)
}

// inCosts tells whether the page stands among the shared costs.
func (v *visit) inCosts() bool {
	return slices.ContainsFunc([]string{costsAt, costRunsAt, statementsAt, questionsAt, bundlesAt}, v.Is)
}

func (v *visit) costsCrumb() crumb { return crumb{v.T("cost.page.title"), string(v.To(costsAt))} }

// costsSeen is everything about shared costs at a glance.
type costsSeen struct {
	Functions []functionSeen
	Previews  []costshare.Brief
	Runs      []costshare.Brief
	Paging    paging
	Waiting   []costshare.Waits
	Own       []payerOwn
	MayDraw   bool
	MayChange bool // the configuration
}

// functionSeen is a shared function as the configuration has it.
type functionSeen struct {
	tenant.SharedFunction
	Employer, Key string // in words
}

// payerOwn is a payer that the visitor acts for, with its latest statements.
type payerOwn struct {
	ID    uuid.UUID
	Name  string
	Bills []costshare.Billed
	Total int
}

func (d *Door) costs(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	s := costsSeen{MayDraw: v.Acts(auth.CostPrepare), MayChange: v.Acts(auth.CountyChange), Paging: paging{Page: v.pageAsked()}}
	var err error
	if s.Functions, err = v.functions(ctx, tx); err != nil {
		return nil, err
	}
	if s.MayDraw {
		if s.Previews, _, err = costshare.List(ctx, tx, costshare.Filter{State: costshare.Preview, Limit: perPage, Page: 1}); err != nil {
			return nil, err
		}
		if s.Waiting, _, err = costshare.Waiting(ctx, tx, perPage, 1); err != nil {
			return nil, err
		}
	}
	if s.Runs, s.Paging.Total, err = costshare.List(ctx, tx, costshare.Filter{State: costshare.Adopted, Limit: perPage, Page: s.Paging.Page}); err != nil {
		return nil, err
	}
	for _, g := range tx.Grants {
		if g.Party == uuid.Nil || slices.ContainsFunc(s.Own, func(o payerOwn) bool { return o.ID == g.Party }) || !tx.MayFor(auth.CostRead, g.Party) {
			continue
		}
		o, err := organisation.Get(ctx, tx, g.Party)
		if err != nil {
			return nil, err
		}
		own := payerOwn{ID: o.ID, Name: o.Name}
		if own.Bills, own.Total, err = costshare.OfPayer(ctx, tx, o.ID, 5, 1); err != nil {
			return nil, err
		}
		if own.Total > 0 || !tx.May(auth.CostRead) { // who reads the county's costs is not told that an employer pays nothing
			s.Own = append(s.Own, own)
		}
	}
	return costsPage(v, s), nil
}

// functions are the shared functions of today, with names in place of keys.
func (v *visit) functions(ctx context.Context, tx *pg.Tx) ([]functionSeen, error) {
	body, err := json.Marshal(v.County.SharedFunctions)
	if err != nil {
		return nil, err
	}
	names, err := v.organisationNames(ctx, tx, body)
	if err != nil {
		return nil, err
	}
	var fs []functionSeen
	for _, f := range v.County.SharedFunctions.Functions {
		seen := functionSeen{SharedFunction: f, Employer: cmp.Or(names[f.Employer], f.Employer), Key: f.SharedBy}
		if k, ok := v.County.CostKey(f.SharedBy); ok {
			seen.Key = v.Words(k.Name)
		}
		fs = append(fs, seen)
	}
	return fs, nil
}

// lead says how it stands.
func (s costsSeen) lead(v *visit) string {
	if len(s.Functions) == 0 {
		return v.T("cost.page.lead_none")
	}
	return v.T("cost.page.lead", "count", len(s.Functions), "runs", s.Paging.Total)
}

// costPeriod writes a period: a whole year by its number.
func (v *visit) costPeriod(from, until day.Day) string { return costshare.Period(v.Lang, from, until) }

// runName is what a run is called: whose cost, which period.
func (v *visit) runName(b costshare.Brief) string { return costshare.RunName(v.Lang, b) }

func (v *visit) runAt(id uuid.UUID, more ...string) templ.SafeURL {
	return v.To(append([]string{costRunsAt + "/" + id.String()}, more...)...)
}

func (v *visit) statementAt(id uuid.UUID, more ...string) templ.SafeURL {
	return v.To(append([]string{statementsAt + "/" + id.String()}, more...)...)
}

// runState is how a run stands, in class and word.
func (v *visit) runState(b costshare.Brief) (class, word string) {
	if b.State == costshare.Preview {
		return "half", v.T("cost.page.preview")
	}
	return "on", v.T("cost.page.adopted", "day", LongDay(v.Lang, b.AdoptedOn))
}

// signed writes an amount with its sign, plus too.
func (v *visit) signed(ore int64) string {
	if ore > 0 {
		return "+" + Money(v.Lang, ore)
	}
	return Money(v.Lang, ore)
}
