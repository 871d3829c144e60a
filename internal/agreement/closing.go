package agreement

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Closing is how a goal is closed by decision while its instrument goes on.
type Closing struct {
	Effective day.Day `json:"effective" doc:"The first day it no longer holds." example:"2023-03-20"`
	Decided   When    `json:"decided,omitzero" maxLength:"13" doc:"When it was decided, which may be another day." example:"2023-03-30"`
	Decision  string  `json:"decision,omitempty" maxLength:"200" doc:"By what decision." example:"Forum 2023-03-30"`
	Reason    string  `json:"reason" minLength:"1" maxLength:"1000" doc:"Why." example:"Boende är fortfarande viktigt och tas upp när det behövs"`
}

// Closed is a closed goal, what was closed with it, and what is worth a look.
type Closed struct {
	Goal     Goal            `json:"goal" doc:"The goal, as it stood last."`
	With     []uuid.UUID     `json:"closedGoals" nullable:"false" doc:"The goals under it, closed with it."`
	Warnings []fault.Warning `json:"warnings" nullable:"false" doc:"What was accepted and is worth a look."`
}

// Close closes a goal and all that stands under it. They stay readable, and
// are offered for nothing new. A day of effect before the decision is accepted,
// with a warning; both days are kept.
func Close(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, c Closing) (Closed, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Closed{}, err
	}
	c.Reason, c.Decision = strings.TrimSpace(c.Reason), strings.TrimSpace(c.Decision)
	rows, identity, err := versions(ctx, tx, id)
	if err != nil {
		return Closed{}, err
	}
	if identity.Version != version {
		return Closed{}, changedGoal(ctx, tx, id)
	}
	last := rows[len(rows)-1].GoalVersion
	var wrong fault.List
	if c.Effective.IsZero() {
		wrong.Add(fault.Bad("agreement.when_missing", "/effective"))
	}
	if c.Reason == "" {
		wrong.Add(fault.Bad("goal.reason_missing", "/reason"))
	}
	if level, ok := rulesOn(tx, c.Effective).Goals.Level(last.Level); ok && !level.Closable {
		wrong.Add(fault.New(fault.Conflict, "goal.not_closable").With("level", last.Level))
	}
	if !last.ValidTo.IsZero() {
		wrong.Add(fault.New(fault.Conflict, "goal.closed_already").With("from", last.ValidTo))
	}
	if err := wrong.Err(); err != nil {
		return Closed{}, err
	}
	q := agreementdb.New(tx)
	// What stands on the last day it holds: a subtree as of the day of effect
	// would miss nothing either, but a goal that began that very day would be closed before it began.
	ids, err := q.Subtree(ctx, agreementdb.SubtreeParams{TenantID: tx.Tenant, GoalID: id, OnDay: c.Effective.Add(-1)})
	if err != nil {
		return Closed{}, err
	}
	later, err := q.ChangedLater(ctx, agreementdb.ChangedLaterParams{Ids: append(ids, id), OnDay: c.Effective})
	if err != nil {
		return Closed{}, err
	}
	if len(later) > 0 {
		return Closed{}, fault.Bad("goal.changed_later", "/effective").With("name", later[0].Name, "from", later[0].ValidFrom)
	}
	if _, err := q.TouchGoal(ctx, agreementdb.TouchGoalParams{ID: id, Version: version}); err != nil {
		if fault.Is(err, "common.not_found") {
			return Closed{}, changedGoal(ctx, tx, id)
		}
		return Closed{}, err
	}
	closed, err := q.CloseGoals(ctx, agreementdb.CloseGoalsParams{Ids: ids, ValidTo: c.Effective, DecidedDay: c.Decided.Day(), DecidedPrecision: c.Decided.precision(),
		Decision: c.Decision, Reason: c.Reason})
	if err != nil {
		return Closed{}, at(err)
	}
	out := Closed{With: []uuid.UUID{}, Warnings: []fault.Warning{}}
	for _, g := range closed {
		if g != id {
			out.With = append(out.With, g)
		}
	}
	if err := q.TouchGoals(ctx, out.With); err != nil {
		return Closed{}, err
	}
	if !c.Decided.IsZero() && c.Effective.Before(c.Decided.Day()) {
		out.Warnings = append(out.Warnings, fault.Warning{Key: "agreement.effective_before_decision",
			Args: fault.Args{"effective": c.Effective.String(), "decided": c.Decided.String()}})
	}
	tx.Notify("agreement", identity.InstrumentID)
	out.Goal, err = goalOn(ctx, tx, id, c.Effective)
	return out, err
}

// Remark is what is said about a goal afterwards.
type Remark struct {
	Kind   string  `json:"kind" enum:"correction,note" doc:"Whether it corrects something." example:"correction"`
	On     day.Day `json:"on" doc:"The day it is said." example:"2024-02-01"`
	Note   string  `json:"note" minLength:"1" maxLength:"2000" doc:"What there is to say." example:"Namnet var felskrivet: det heter Bostad"`
	Source string  `json:"source" minLength:"1" maxLength:"300" doc:"Where it is known from." example:"Beredningsgruppen"`
}

// Note says something about a goal afterwards. What has ended is not changed;
// a mistake in it is told this way.
func Note(ctx context.Context, tx *pg.Tx, id uuid.UUID, r Remark) error {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return err
	}
	tidy(&r.Note, &r.Source)
	var wrong fault.List
	wrong.Add(oneOf([]string{"correction", "note"}, r.Kind, "/kind", "goal_note.kind"))
	if r.On.IsZero() {
		wrong.Add(fault.Bad("agreement.when_missing", "/on"))
	}
	if r.Note == "" {
		wrong.Add(fault.Bad("goal_note.says", "/note"))
	}
	wrong.Add(sourced(r.Source, "goal_note.sourced"))
	if err := wrong.Err(); err != nil {
		return err
	}
	q := agreementdb.New(tx)
	identity, err := q.Goal(ctx, id)
	if err != nil {
		return err
	}
	tx.Notify("agreement", identity.InstrumentID)
	return q.AddNote(ctx, agreementdb.AddNoteParams{ID: tx.NewID(), GoalID: id, InstrumentID: identity.InstrumentID, Kind: r.Kind, OnDay: r.On, Note: r.Note, Source: r.Source})
}

// Notes are what has been said about a goal afterwards.
func Notes(ctx context.Context, tx *pg.Tx, id uuid.UUID) ([]Remark, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	rows, err := agreementdb.New(tx).Notes(ctx, id)
	if err != nil {
		return nil, err
	}
	rs := make([]Remark, len(rows))
	for i, r := range rows {
		rs[i] = Remark{Kind: r.Kind, On: r.OnDay, Note: r.Note, Source: r.Source}
	}
	return rs, nil
}
