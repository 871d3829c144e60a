// Package costshare shares the cost of what several pay for together: a post, a
// project, a secretariat. What is shared, by whom and by which key is the
// county's configuration; how many live where is the national register's. Here
// the öre are worked out, exactly and with every step, and what has been adopted
// stands: it rests on what is kept with it, and comes out the same whenever it is
// worked out again. Whatever changes later is another entry that names the first.
package costshare

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare/internal/costsharedb"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// What a run is.
const (
	KindStatement  = "statement"  // the first of its period
	KindCorrection = "correction" // something it rested on was wrong, or has been revised
	KindSettlement = "settlement" // the budget is settled against the outcome
)

// What is shared.
const (
	Budget  = "budget"
	Outcome = "outcome"
)

// States of a run.
const (
	Preview = "preview"
	Adopted = "adopted"
)

// Brief is a run without what it rests on.
type Brief struct {
	ID        uuid.UUID    `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Function  string       `json:"function" doc:"The shared function, by key." example:"coordinator"`
	Name      tenant.Words `json:"name" doc:"What the function is called, by language."`
	Kind      string       `json:"kind" enum:"statement,correction,settlement" doc:"The first of its period, a correction, or the settlement of budget against outcome." example:"statement"`
	Basis     string       `json:"basis" enum:"budget,outcome" doc:"Whether the budget or the outcome is shared." example:"budget"`
	State     string       `json:"state" enum:"preview,adopted" doc:"A preview can be made anew; what is adopted stands." example:"adopted"`
	From      day.Day      `json:"from" doc:"The period's first day." example:"2026-01-01"`
	Until     day.Day      `json:"until" doc:"The period's last day." example:"2026-12-31"`
	Shared    int64        `json:"shared" doc:"What is shared, in öre." example:"100000000"`
	Billed    int64        `json:"billed" doc:"What the run bills, in öre: less what earlier runs of the chain have billed. Below 0: what is given back." example:"100000000"`
	Origin    uuid.UUID    `json:"origin,omitzero" doc:"The first run of the chain, where this is a later one." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Previous  uuid.UUID    `json:"previous,omitzero" doc:"The run right before, where this is a later one." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Reason    string       `json:"reason,omitempty" doc:"Why there is a later one." example:"SCB har rättat folkmängden för Ydre"`
	AdoptedOn day.Day      `json:"adoptedOn,omitzero" doc:"The day of adoption." example:"2026-01-15"`
	CreatedAt time.Time    `json:"createdAt" doc:"When it was made." example:"2026-01-10T09:00:00Z"`
	Demo      bool         `json:"demo" doc:"Whether the amount is made up for show." example:"false"`
	Version   int64        `json:"version" doc:"Moves with each change; it is the ETag." example:"2"`
}

// Run is a run with all it rests on and all that came of it.
type Run struct {
	Brief
	Configuration int64       `json:"configuration" doc:"Which version of the county's configuration it rests on." example:"14"`
	Decision      uuid.UUID   `json:"decision,omitzero" doc:"The decision by which it was adopted." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	DecisionTitle string      `json:"decisionTitle,omitempty" doc:"What that decision is about." example:"Samordnarens budget 2026"`
	DecidedOn     day.Day     `json:"decidedOn,omitzero" doc:"The day of that decision." example:"2025-12-04"`
	Mandate       string      `json:"mandate,omitempty" doc:"By what mandate an officer adopted it, where no decision was made." example:"Delegationsordning 2026, punkt 7"`
	Input         Input       `json:"input" doc:"All that it rests on."`
	Result        Result      `json:"result" doc:"All that came of it, with every step."`
	Statements    []Statement `json:"statements" nullable:"false" doc:"What each payer is billed, in the order of their codes."`
	Next          uuid.UUID   `json:"next,omitzero" doc:"The adopted run that came after it, where one did." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Statement is what one payer is billed by a run.
type Statement struct {
	ID           uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Run          uuid.UUID `json:"run" doc:"The run." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Organisation uuid.UUID `json:"organisation" doc:"Who pays." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Key          string    `json:"key" doc:"Its key." example:"linkoping"`
	Name         string    `json:"name" doc:"What it was called." example:"Linköpings kommun"`
	Code         string    `json:"code,omitempty" doc:"Its official code." example:"0580"`
	Number       string    `json:"number,omitempty" doc:"Its organisation number. Empty: the county has not typed it." example:"2120000449"`
	Share        int64     `json:"share" doc:"Its share, in öre." example:"35567028"`
	Before       int64     `json:"before" doc:"What earlier runs of the chain have billed it, in öre." example:"0"`
	Billed       int64     `json:"billed" doc:"What this run bills it, in öre: the share less what came before. Below 0: what is given back." example:"35567028"`
	Waiting      int       `json:"waiting" doc:"How many of its questions wait for an answer." example:"0"`
}

// ETag is the version as HTTP wants it.
func (b Brief) ETag() string { return strconv.FormatInt(b.Version, 10) }

// Of finds what a payer is billed by a run.
func (r Run) Of(payer uuid.UUID) (Statement, bool) {
	i := slices.IndexFunc(r.Statements, func(s Statement) bool { return s.Organisation == payer })
	if i < 0 {
		return Statement{}, false
	}
	return r.Statements[i], true
}

// Shares finds a payer as the run has it, and what it pays; ok is false where it
// does not share the cost in this run.
func (r Run) Shares(payer uuid.UUID) (p Payer, s Share, ok bool) {
	i := slices.IndexFunc(r.Input.Payers, func(p Payer) bool { return p.Organisation == payer })
	if i < 0 {
		return p, s, false
	}
	return r.Input.Payers[i], r.Result.Shares[i], true
}

// Closed refuses to have files made of what is not adopted: a preview in
// somebody's folder would pass for a statement.
func (r Run) Closed() error {
	if r.State != Adopted {
		return fault.New(fault.Conflict, "cost.not_adopted")
	}
	return nil
}

// Get gives a run. A preview is there for those who make them; a payer sees what
// is adopted and bills it, with everybody's shares: how else could it check its own?
func Get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Run, error) {
	if !tx.MayAnywhere(auth.CostRead) {
		return Run{}, tx.Require(auth.CostRead)
	}
	r, err := get(ctx, tx, id)
	if err != nil {
		return Run{}, err
	}
	if !r.seenBy(tx.Actor) {
		return Run{}, fault.Missing()
	}
	return r, nil
}

func (r Run) seenBy(a auth.Actor) bool {
	if r.State == Preview {
		return a.May(auth.CostPrepare)
	}
	return a.May(auth.CostRead) || slices.ContainsFunc(r.Statements, func(s Statement) bool { return a.MayFor(auth.CostRead, s.Organisation) })
}

func get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Run, error) {
	q := costsharedb.New(tx)
	row, err := q.Run(ctx, id)
	if err != nil {
		return Run{}, err
	}
	r, err := made(row.CostRun)
	if err != nil {
		return Run{}, err
	}
	r.DecisionTitle, r.DecidedOn, r.Next = row.DecisionTitle, row.DecidedOn, row.NextID
	r.Statements, err = statements(ctx, q, id)
	return r, err
}

func statements(ctx context.Context, q *costsharedb.Queries, run uuid.UUID) ([]Statement, error) {
	rows, err := q.Statements(ctx, run)
	list := make([]Statement, len(rows))
	for i, s := range rows {
		list[i] = Statement{ID: s.ID, Run: run, Organisation: s.OrganisationID, Key: s.Key, Name: s.Name, Code: known(s.OfficialCode), Number: known(s.OrganisationNumber),
			Share: s.Share, Before: s.Before, Billed: s.Billed, Waiting: int(s.Waiting)}
	}
	return list, err
}

func made(r costsharedb.CostRun) (Run, error) {
	out := Run{Brief: Brief{ID: r.ID, Function: r.Function, Kind: r.Kind, Basis: r.Basis, State: r.State, From: r.PeriodFrom, Until: r.PeriodUntil, Shared: r.Shared, Billed: r.Billed,
		Origin: r.OriginID.UUID, Previous: r.PreviousID.UUID, Reason: r.Reason, AdoptedOn: r.AdoptedOn, CreatedAt: r.CreatedAt, Demo: r.Demo, Version: r.Version},
		Configuration: r.ConfigurationVersion, Decision: r.DecisionID.UUID, Mandate: r.Mandate}
	if err := json.Unmarshal(r.Input, &out.Input); err != nil {
		return Run{}, err
	}
	out.Name = out.Input.Function.Name
	return out, json.Unmarshal(r.Result, &out.Result)
}

// Filter narrows a list of runs; its zero values narrow nothing.
type Filter struct {
	Function    string // by key
	State       string // Preview or Adopted
	Limit, Page int
}

// List gives a page of runs, the latest period first, and how many there are.
func List(ctx context.Context, tx *pg.Tx, f Filter) ([]Brief, int, error) {
	if !tx.MayAnywhere(auth.CostRead) {
		return nil, 0, tx.Require(auth.CostRead)
	}
	p := costsharedb.RunsParams{Function: f.Function, State: f.State, AllOfThem: tx.May(auth.CostRead), Parties: parties(tx.Actor), Max: int32(f.Limit), Skip: int32(f.Limit * (f.Page - 1))} //nolint:gosec // bounded by the doors
	if !tx.May(auth.CostPrepare) {
		if f.State == Preview {
			return []Brief{}, 0, nil
		}
		p.State = Adopted
	}
	q := costsharedb.New(tx)
	rows, err := q.Runs(ctx, p)
	if err != nil {
		return nil, 0, err
	}
	list, total := make([]Brief, len(rows)), 0
	for i, r := range rows {
		list[i] = Brief{ID: r.ID, Function: r.Function, Kind: r.Kind, Basis: r.Basis, State: r.State, From: r.PeriodFrom, Until: r.PeriodUntil, Shared: r.Shared, Billed: r.Billed,
			Origin: r.OriginID.UUID, Previous: r.PreviousID.UUID, Reason: r.Reason, AdoptedOn: r.AdoptedOn, CreatedAt: r.CreatedAt, Demo: r.Demo, Version: r.Version}
		if err := json.Unmarshal(r.FunctionName, &list[i].Name); err != nil {
			return nil, 0, err
		}
		total = int(r.Total)
	}
	if len(list) == 0 && f.Page > 1 { // beyond the end: the total is still told
		first, total, err := List(ctx, tx, Filter{Function: f.Function, State: f.State, Limit: 1, Page: 1})
		return first[:0], total, err
	}
	return list, total, nil
}

// parties are those whose costs the actor may read by a role in them.
func parties(a auth.Actor) []uuid.UUID {
	ps := []uuid.UUID{}
	for _, g := range a.Grants {
		if g.Party != uuid.Nil && a.MayFor(auth.CostRead, g.Party) {
			ps = append(ps, g.Party)
		}
	}
	return ps
}

func known(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func maybe(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }
