package meeting

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Carry does in the program what a decision says, where that waited for somebody
// who may, or for what the parties decided at home.
func Carry(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Decision, error) {
	if err := tx.Require(auth.MeetingRead); err != nil {
		return Decision{}, err
	}
	d, _, err := decided(ctx, tx, id)
	switch {
	case err != nil:
		return Decision{}, err
	case d.Version != version:
		return Decision{}, fault.Changed(d)
	case d.Act == "" || d.Outcome != OutcomeCarried:
		return Decision{}, fault.New(fault.Conflict, "decision.nothing_to_carry")
	case d.ActedAt != nil:
		return Decision{}, fault.New(fault.Conflict, "decision.carried_already").With("on", day.At(*d.ActedAt))
	}
	if err := ratified(ctx, tx, d); err != nil {
		return Decision{}, err
	}
	return d.carry(ctx, tx)
}

// carrier is the permission that an act needs. A decision gives the right to change
// what bodies decide on to whoever may change what is agreed.
func carrier(name, section string) auth.Permission {
	if name == ActConfiguration && slices.Contains(administered, section) {
		return auth.CountyChange
	}
	return auth.AgreementChange
}

// carrier is the permission that the decision's act needs.
func (d Decision) carrier() auth.Permission {
	var in Revision
	if d.Act == ActConfiguration {
		_ = json.Unmarshal(d.actBody, &in) // what cannot be read is refused when it is done
	}
	return carrier(d.Act, in.Section)
}

// Carries tells whether the actor may do in the program what the decision says.
func (d Decision) Carries(tx *pg.Tx) bool { return tx.May(d.carrier()) }

// Carriers are the roles that may do in the program what the decision says.
func (d Decision) Carriers() []auth.Role { return auth.Holders(d.carrier()) }

// Undone are the decisions that wait for the actor to do in the program what they
// say: what the parties are still to decide on at home is not among them.
func Undone(ctx context.Context, tx *pg.Tx) ([]Decision, error) {
	if !tx.May(auth.AgreementChange) && !tx.May(auth.CountyChange) {
		return nil, nil
	}
	all, _, err := Decisions(ctx, tx, DecisionFilter{Waiting: true, Limit: 50, Page: 1})
	if err != nil {
		return nil, err
	}
	var mine []Decision
	for _, d := range all {
		if !d.Carries(tx) {
			continue
		}
		switch err := ratified(ctx, tx, d); {
		case err == nil:
			mine = append(mine, d)
		case len(fault.All(err)) == 0:
			return nil, err
		}
	}
	return mine, nil
}

// carry does what a decision says, and writes down that it is done.
func (d Decision) carry(ctx context.Context, tx *pg.Tx) (Decision, error) {
	a, err := readAct(d.Act, d.actBody)
	if err != nil {
		return d, err
	}
	on, err := a.do(ctx, tx, deed{decided: d.DecidedOn, effective: d.EffectiveOn, reference: d.reference(tx), reason: cut(d.Wording, 1000)})
	if err != nil {
		return d, err
	}
	p := meetingdb.ActedDecisionParams{ID: d.ID, Version: d.Version, ActedAt: &tx.Now, ActedOn: on, Status: d.Status, StatusOn: d.StatusOn}
	if d.Due.IsZero() && d.Owner == uuid.Nil && d.OwnerName == "" { // the act is all there was to do
		p.Status, p.StatusOn = StatusDone, tx.Today()
	}
	row, err := meetingdb.New(tx).ActedDecision(ctx, p)
	tx.Notify("meeting", d.Meeting)
	return madeDecision(row), overtaken(ctx, tx, d.ID, err)
}

// reference is how the decision is named where it did something.
func (d Decision) reference(tx *pg.Tx) string {
	return text.Swedish.T("decision.reference", "body", cut(bodyName(tx, d.Body, d.DecidedOn), 120), "on", d.DecidedOn, "number", d.Cited())
}
