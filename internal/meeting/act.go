package meeting

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// GoalClosing is what goal.close is given. What is left out follows from the decision.
type GoalClosing struct {
	Goal uuid.UUID `json:"goal" doc:"The goal to close." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	agreement.Closing
}

// GoalAddition is what goal.add is given.
type GoalAddition struct {
	Agreement uuid.UUID `json:"agreement" doc:"The agreement." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	agreement.Statement
	agreement.Effect
}

// Extension is what instrument.extend is given.
type Extension struct {
	Agreement uuid.UUID `json:"agreement" doc:"The agreement." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	agreement.Term
}

// Admission is what party.admit is given.
type Admission struct {
	Agreement uuid.UUID `json:"agreement" doc:"The agreement." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	agreement.Entry
}

// Release is what party.release is given.
type Release struct {
	Agreement     uuid.UUID `json:"agreement" doc:"The agreement." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Participation uuid.UUID `json:"participation" doc:"The party's part in it." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	agreement.Exit
}

// Revision is what configuration is given: the section as it is to be, whole.
// Planned is the version of the section that it was written from: where somebody
// has changed the section since, the decision does not write over that.
type Revision struct {
	county.Edit
	Planned int64 `json:"planned,omitzero" doc:"The section's version when the change was written. 0: it is not looked at." example:"3"`
}

// deed is a decision as the act needs it.
type deed struct {
	decided   day.Day
	effective day.Day
	reference string
	reason    string // where the act's own input gives none
}

// act is one thing that a decision can do, read and ready.
type act struct {
	subject string  // what a body has to be able to decide on
	from    day.Day // from when, by its own input
	do      func(context.Context, *pg.Tx, deed) (on string, err error)
}

// readAct reads an act's input as it was planned.
func readAct(name string, body json.RawMessage) (act, error) {
	switch name {
	case ActGoalClose:
		in, err := read[GoalClosing](body)
		return act{tenant.DecidesStructure, in.Effective, in.do}, err
	case ActGoalAdd:
		in, err := read[GoalAddition](body)
		return act{tenant.DecidesStructure, in.From.Day(), in.do}, err
	case ActInstrumentExtend:
		in, err := read[Extension](body)
		return act{tenant.DecidesAgreement, day.Day{}, in.do}, err
	case ActPartyAdmit:
		in, err := read[Admission](body)
		return act{tenant.DecidesMembership, in.From.Day(), in.do}, err
	case ActPartyRelease:
		in, err := read[Release](body)
		return act{tenant.DecidesMembership, in.On, in.do}, err
	case ActConfiguration:
		in, err := read[Revision](body)
		return act{sectionSubject(in.Section), in.From, in.do}, err
	}
	return act{}, fault.Bad("act.unknown", "/act")
}

// read takes only what it knows: a misspelt name would otherwise be an act that
// does less than was decided.
func read[T any](body json.RawMessage) (T, error) {
	var in T
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err := d.Decode(&in)
	if err == nil && d.Decode(new(any)) != io.EOF {
		err = errors.New("more than one value")
	}
	if err != nil {
		return in, fault.Bad("act.unreadable", "/actBody").With("why", err.Error())
	}
	return in, nil
}

// sectionSubject is what one has to be able to decide on to change a section of
// the configuration.
func sectionSubject(section string) string {
	switch section {
	case "goals":
		return tenant.DecidesStructure
	case "partyStatuses", "partyKinds":
		return tenant.DecidesMembership
	case "costKeys", "sharedFunctions":
		return tenant.DecidesBudget
	}
	return tenant.DecidesRules
}

func (in GoalClosing) do(ctx context.Context, tx *pg.Tx, d deed) (string, error) {
	g, err := agreement.GetGoal(ctx, tx, in.Goal, tx.Today())
	if err != nil {
		return "", known(err, "/goal")
	}
	in.Effective, in.Decided, in.Decision = d.effective, agreement.OnDay(d.decided), d.reference
	if strings.TrimSpace(in.Reason) == "" {
		in.Reason = d.reason
	}
	_, err = agreement.Close(ctx, tx, in.Goal, g.Version, in.Closing)
	return "goal:" + in.Goal.String(), err
}

func (in GoalAddition) do(ctx context.Context, tx *pg.Tx, d deed) (string, error) {
	in.From, in.Decided, in.Decision = agreement.OnDay(d.effective), agreement.OnDay(d.decided), d.reference
	if strings.TrimSpace(in.Reason) == "" {
		in.Reason = d.reason
	}
	g, err := agreement.Place(ctx, tx, in.Agreement, in.Statement, in.Effect)
	return "goal:" + g.ID.String(), known(err, "/agreement")
}

func (in Extension) do(ctx context.Context, tx *pg.Tx, d deed) (string, error) {
	i, err := agreement.Get(ctx, tx, in.Agreement, tx.Today())
	if err != nil {
		return "", known(err, "/agreement")
	}
	if in.From.IsZero() {
		in.From = i.Validity.From
	}
	in.KnownFrom, in.Reference = d.decided, d.reference
	_, err = agreement.SetValidity(ctx, tx, in.Agreement, i.Version, in.Term)
	return "instrument:" + in.Agreement.String(), err
}

func (in Admission) do(ctx context.Context, tx *pg.Tx, d deed) (string, error) {
	in.From = agreement.OnDay(d.effective)
	if strings.TrimSpace(in.Ground) == "" {
		in.Ground = d.reason
	}
	in.Source = d.reference
	p, err := agreement.Join(ctx, tx, in.Agreement, in.Entry)
	return "participation:" + p.ID.String(), known(err, "/agreement")
}

func (in Release) do(ctx context.Context, tx *pg.Tx, d deed) (string, error) {
	p, err := agreement.GetParticipation(ctx, tx, in.Agreement, in.Participation)
	if err != nil {
		return "", known(err, "/participation")
	}
	in.On = d.effective
	if strings.TrimSpace(in.Ground) == "" {
		in.Ground = d.reference
	}
	_, err = agreement.Leave(ctx, tx, in.Participation, p.Version, in.Exit)
	return "participation:" + in.Participation.String(), err
}

// administered are the sections that are not a body's to decide on, but its
// administrator's to change: who signs in, what is published, how it is said.
var administered = []string{"identity", "signIn", "accessibility", "words", "publication"}

// do changes the section by the decision's own right: who may change what is
// agreed may note here what a body has decided, as with every other act.
func (in Revision) do(ctx context.Context, tx *pg.Tx, d deed) (string, error) {
	if err := tx.Require(carrier(ActConfiguration, in.Section)); err != nil {
		return "", err
	}
	if who := tx.Actor; !slices.Contains(administered, in.Section) {
		tx.Grants = append(slices.Clone(who.Grants), auth.Grant{Role: auth.RoleCountyAdministrator})
		defer func() { tx.Actor = who }()
	}
	s, err := county.Get(ctx, tx, in.Section)
	if err != nil {
		return "", known(err, "/section")
	}
	if in.Planned != 0 && in.Planned != s.Version {
		return "", fault.New(fault.Conflict, "act.section_moved")
	}
	in.From, in.Decision = d.effective, d.reference
	if strings.TrimSpace(in.Reason) == "" {
		in.Reason = d.reason
	}
	_, err = county.Change(ctx, tx, in.Edit, s.Version, agreement.Guard, governance.Guard)
	return "configuration:" + in.Section, err
}

// known names the field of what is not there.
func known(err error, field string) error {
	if fault.Is(err, "common.not_found") {
		return fault.Bad("act.thing_unknown", field)
	}
	return err
}

// CheckAct tells what would stop an act if the body decided on it that day: that
// the body may not, or that it could not be done.
func CheckAct(ctx context.Context, tx *pg.Tx, body string, on day.Day, name string, input json.RawMessage) error {
	a, err := readAct(name, input)
	if err != nil {
		return err
	}
	b, ok := bodyOf(tx, body, on)
	if !ok {
		return fault.Missing()
	}
	if err := mayDecide(tx, b, on, a.subject); err != nil {
		return err
	}
	return a.try(ctx, tx, on)
}

// doable refuses a matter for an agenda whose act could not be done on the day.
func (n Matter) doable(ctx context.Context, tx *pg.Tx, on day.Day) error {
	if n.Act == "" {
		return nil
	}
	a, err := readAct(n.Act, n.ActBody)
	if err != nil {
		return err
	}
	return a.try(ctx, tx, on)
}

// try does an act in full and undoes it, so that what is planned cannot fail at
// the table; whether the one who decides may do it too is asked there.
func (a act) try(ctx context.Context, tx *pg.Tx, on day.Day) error {
	from := a.from
	if from.IsZero() {
		from = on
	}
	err := tx.Savepoint(ctx, func() error {
		who, as := tx.Actor, tx.County
		tx.Actor = auth.System(tx.Tenant, "check", tx.Request)
		defer func() { tx.Actor, tx.County = who, as }()
		if _, err := a.do(ctx, tx, deed{decided: on, effective: from, reference: "…", reason: "…"}); err != nil {
			return err
		}
		return errTried
	})
	if errors.Is(err, errTried) {
		return nil
	}
	return within(err, "/actBody")
}

var errTried = errors.New("meeting: tried and undone")

// within places faults under a field.
func within(err error, field string) error {
	all := fault.All(err)
	if len(all) == 0 {
		return err
	}
	var moved fault.List
	for _, f := range all {
		at := *f
		at.Field = field + f.Field
		moved = append(moved, &at)
	}
	return moved
}

// Changes tells whether a body may decide, on the day, how a section of the
// configuration is to be.
func Changes(tx *pg.Tx, body, section string, on day.Day) bool {
	b, ok := bodyOf(tx, body, on)
	return ok && mayDecide(tx, b, on, sectionSubject(section)) == nil
}

// mayDecide tells whether a body may decide on a subject; "" asks whether it
// decides at all.
func mayDecide(tx *pg.Tx, b tenant.Body, on day.Day, subject string) error {
	name := b.Name.In(string(text.Swedish))
	kind, _ := tx.County.On(on).BodyKinds.Kind(b.Kind)
	switch {
	case !b.Rules.Decision.Decides(), kind.Decisions == tenant.DecisionsNone, len(b.Decides) == 0:
		return fault.New(fault.Conflict, "decision.decides_nothing").With("body", name)
	case subject != "" && !b.May(subject):
		return fault.New(fault.Conflict, "decision.not_theirs").With("body", name, "subject", text.Swedish.T("rule.decides."+subject))
	}
	return nil
}
