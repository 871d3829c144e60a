package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// runSeen is a run as its page shows it.
type runSeen struct {
	costshare.Run
	Rows     []runRow
	Chain    []costshare.Brief
	Revised  []costshare.Difference
	Before   *costshare.Run // the period before
	MayDraw  bool
	MayAdopt bool
	MayPack  bool
}

// runRow is one payer's line.
type runRow struct {
	costshare.Statement
	Payer   costshare.Payer
	Counts  bool // whether it shares the cost in this run
	Tenths  int64
	Limit   string
	Last    int64 // what it paid for the period before
	HasLast bool
	Width   string // of its bar
	Mine    bool
}

func (d *Door) costRun(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "run")
	if err != nil {
		return nil, err
	}
	r, err := costshare.Get(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	s, err := v.runSeen(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	if s.Chain, err = costshare.Chain(ctx, tx, r); err != nil {
		return nil, err
	}
	if s.Revised, err = costshare.Revised(ctx, tx, r); err != nil {
		return nil, err
	}
	s.MayDraw, s.MayAdopt, s.MayPack = v.Acts(auth.CostPrepare), v.Acts(auth.CostAdopt), tx.May(auth.CostRead)
	return runPage(v, s), nil
}

// runSeen puts a run's payers in a table, who pays the most first, beside what
// they paid for the period before.
func (v *visit) runSeen(ctx context.Context, tx *pg.Tx, r costshare.Run) (runSeen, error) {
	s := runSeen{Run: r}
	before, ok, err := costshare.PeriodBefore(ctx, tx, r)
	if err != nil {
		return s, err
	}
	if ok {
		s.Before = &before
	}
	most := int64(1)
	for _, st := range r.Statements {
		row := runRow{Statement: st, Mine: tx.Party() != uuid.Nil && tx.Party() == st.Organisation}
		var share costshare.Share
		row.Payer, share, row.Counts = r.Shares(st.Organisation)
		row.Tenths, row.Limit = share.Tenths, share.Limit
		if ok {
			var last costshare.Statement
			last, row.HasLast = before.Of(st.Organisation)
			row.Last = last.Share
		}
		most = max(most, st.Share)
		s.Rows = append(s.Rows, row)
	}
	for i := range s.Rows {
		s.Rows[i].Width = strconv.FormatFloat(float64(s.Rows[i].Share)*100/float64(most), 'f', 2, 64) + "%"
	}
	slices.SortStableFunc(s.Rows, func(a, b runRow) int { return cmp.Compare(b.Share, a.Share) })
	return s, nil
}

// byPopulation tells whether population counts in the run's key.
func (s runSeen) byPopulation() bool {
	return slices.ContainsFunc(s.Input.Key.Parts, func(p costshare.Part) bool { return p.By == costshare.ByPopulation })
}

// later tells whether the run follows another one.
func (s runSeen) later() bool { return s.Previous != uuid.Nil }

// living is the sum of the payers' population.
func (s runSeen) living() (n int64) {
	for _, p := range s.Input.Payers {
		if p.Population != nil {
			n += p.Population.Count
		}
	}
	return n
}

// drawing is the form that makes a preview.
func (d *Door) drawing(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	if err := mustAct(tx, auth.CostPrepare); err != nil {
		return sheet{}, err
	}
	s := v.costSheet("draw")
	s.Leaves = []leaf{{"what", v.T("cost.page.draw_what"), []string{v.T("cost.page.draw_note")}, []string{"function", "from", "basis", "sharedBy"}}}
	var functions, periods []option
	var seen []day.Day
	for _, f := range v.County.SharedFunctions.Functions {
		functions = append(functions, option{f.Key, v.Words(f.Name)})
		for _, p := range f.Periods {
			if !slices.Contains(seen, p.From) {
				seen = append(seen, p.From)
				periods = append(periods, option{p.From.String(), v.costPeriod(p.From, p.Until)})
			}
		}
	}
	slices.SortFunc(periods, func(a, b option) int { return cmp.Compare(b.Value, a.Value) })
	s.Options = map[string][]option{"function": functions, "from": periods, "basis": v.bases(), "sharedBy": v.keyOptions(v.County)}
	if len(functions) == 1 {
		s.Thing = costshare.Order{Function: functions[0].Value, Basis: costshare.Budget}
	}
	if len(periods) == 0 {
		s.Lead = v.T("cost.page.no_periods")
		s.Links = []crumb{{v.T("cost.page.to_settings"), string(v.To("/settings/sharedFunctions"))}}
	}
	return s, nil
}

func (v *visit) costSheet(which string) sheet {
	return sheet{Crumbs: []crumb{v.costsCrumb()}, Title: v.Of("cost.page.form.", which), Lead: v.Of("cost.page.form.", which+"_lead"), Words: "cost",
		Submit: v.Of("cost.page.form.", which+"_do"), Cancel: string(v.To(costsAt))}
}

func (v *visit) bases() []option {
	return []option{{costshare.Budget, v.T("cost.page.basis.budget")}, {costshare.Outcome, v.T("cost.page.basis.outcome")}}
}

func (v *visit) keyOptions(c tenant.Configuration) []option {
	var os []option
	for _, k := range c.CostKeys.Keys {
		os = append(os, option{k.Key, v.Words(k.Name)})
	}
	return os
}

func drawRun(ctx context.Context, tx *pg.Tx, v *visit, _ int64, o costshare.Order) (string, error) {
	o.Kind, o.Previous = "", uuid.Nil
	r, err := costshare.Draw(ctx, tx, o)
	return string(v.runAt(r.ID, "?done=cost_drawn")), err
}

// runSheet is a form about a run.
func (d *Door) runSheet(ctx context.Context, tx *pg.Tx, v *visit, which string, p auth.Permission) (sheet, costshare.Run, error) {
	if err := mustAct(tx, p); err != nil {
		return sheet{}, costshare.Run{}, err
	}
	id, err := id(v.r, "run")
	if err != nil {
		return sheet{}, costshare.Run{}, err
	}
	r, err := costshare.Get(ctx, tx, id)
	if err != nil {
		return sheet{}, r, err
	}
	s := v.costSheet(which)
	s.Crumbs = append(s.Crumbs, crumb{v.runName(r.Brief), string(v.runAt(r.ID))})
	s.Cancel, s.Version = string(v.runAt(r.ID)), r.Version
	return s, r, nil
}

func (d *Door) redrawing(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s, r, err := d.runSheet(ctx, tx, v, "redraw", auth.CostPrepare)
	if err != nil {
		return s, err
	}
	if r.State == costshare.Adopted {
		return s, fault.New(fault.Conflict, "cost_run.closed")
	}
	s.Leaves = []leaf{{"what", v.T("cost.page.draw_what"), []string{v.T("cost.page.redraw_note")}, []string{"basis", "sharedBy"}}}
	if r.Previous != uuid.Nil {
		s.Leaves[0].Fields = append(s.Leaves[0].Fields, "reason")
	}
	s.Options = map[string][]option{"basis": v.bases(), "sharedBy": v.keyOptions(tx.County.On(r.From))}
	s.Thing = costshare.Order{Basis: r.Basis, SharedBy: r.Input.Key.Key, Reason: r.Reason}
	return s, nil
}

func redrawRun(ctx context.Context, tx *pg.Tx, v *visit, version int64, o costshare.Order) (string, error) {
	id, err := id(v.r, "run")
	if err != nil {
		return "", err
	}
	r, err := costshare.Redraw(ctx, tx, id, version, o)
	return string(v.runAt(r.ID, "?done=cost_redrawn")), err
}

func dropRun(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	id, err := id(v.r, "run")
	if err != nil {
		return "", err
	}
	return string(v.To(costsAt, "?done=cost_dropped")), costshare.Drop(ctx, tx, id, version)
}

func (d *Door) adopting(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s, r, err := d.runSheet(ctx, tx, v, "adopt", auth.CostAdopt)
	if err != nil {
		return s, err
	}
	if r.State == costshare.Adopted {
		return s, fault.New(fault.Conflict, "cost_run.closed")
	}
	s.Lead = v.T("cost.page.adopt_lead", "amount", Money(v.Lang, r.Shared), "count", len(r.Input.Payers))
	s.Leaves = []leaf{{"ground", v.T("cost.page.adopt_ground"), []string{v.T("cost.page.adopt_note")}, []string{"decision", "mandate"}}}
	grounds, err := costshare.Decisions(ctx, tx, 100)
	var options []option
	for _, g := range grounds {
		options = append(options, option{g.ID.String(), g.DecidedOn.String() + " " + g.Title})
	}
	s.Options, s.Thing = map[string][]option{"decision": options}, costshare.Adoption{}
	return s, err
}

func adoptRun(ctx context.Context, tx *pg.Tx, v *visit, version int64, a costshare.Adoption) (string, error) {
	id, err := id(v.r, "run")
	if err != nil {
		return "", err
	}
	r, err := costshare.Adopt(ctx, tx, id, version, a)
	return string(v.runAt(r.ID, "?done=cost_adopted")), err
}

// following is the form that makes a correction or a settlement of a run.
func (d *Door) following(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s, r, err := d.runSheet(ctx, tx, v, "follow", auth.CostPrepare)
	if err != nil {
		return s, err
	}
	switch {
	case r.State == costshare.Preview:
		return s, fault.New(fault.Conflict, "cost.previous_open")
	case r.Next != uuid.Nil:
		return s, fault.New(fault.Conflict, "cost.previous_followed")
	}
	s.Version = 0 // it makes something new
	s.Leaves = []leaf{{"what", v.T("cost.page.follow_what"), []string{v.T("cost.page.follow_correction"), v.T("cost.page.follow_settlement")}, []string{"kind", "sharedBy", "reason"}}}
	s.Options = map[string][]option{"kind": {{costshare.KindCorrection, v.T("cost.page.kind.correction")}, {costshare.KindSettlement, v.T("cost.page.kind.settlement")}},
		"sharedBy": v.keyOptions(tx.County.On(r.From))}
	s.Thing = costshare.Order{Kind: costshare.KindCorrection, SharedBy: r.Input.Key.Key}
	return s, nil
}

func followRun(ctx context.Context, tx *pg.Tx, v *visit, _ int64, o costshare.Order) (string, error) {
	id, err := id(v.r, "run")
	if err != nil {
		return "", err
	}
	o.Previous = id
	if o.Kind == "" || o.Kind == costshare.KindStatement {
		o.Kind = costshare.KindCorrection
	}
	r, err := costshare.Draw(ctx, tx, o)
	return string(v.runAt(r.ID, "?done=cost_drawn")), err
}
