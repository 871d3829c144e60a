package agreement

import (
	"context"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// How a goal is measured.
const (
	MeasureUnknown   = "unknown"      // nobody has said
	Measured         = "measured"     // by indicators
	Unmeasurable     = "unmeasurable" // it cannot be measured: an answer, not a gap
	MeasurePurposely = "not-measured" // it says what the others are for
)

// On what ground a goal stands in the instrument.
const (
	GroundPrerequisite = "prerequisite" // collaboration is a prerequisite
	GroundJudged       = "judged"       // collaboration is judged to contribute
)

// Statement is what a goal says.
type Statement struct {
	Parent      uuid.UUID `json:"parent,omitzero" doc:"The goal it stands under. Empty: directly under the instrument." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Level       string    `json:"level" minLength:"1" maxLength:"60" doc:"Its level, as the county's configuration names it." example:"area"`
	Position    int       `json:"position,omitempty" minimum:"0" maximum:"100000" doc:"Its place among those beside it." example:"1"`
	Name        string    `json:"name" minLength:"1" maxLength:"300" doc:"What the county calls it." example:"Arbetsmarknad och kompetens"`
	Wording     string    `json:"wording,omitempty" maxLength:"4000" doc:"Its wording in full. Empty: not found." example:"Nyanlända kvinnor i arbete eller studier ska minst fördubblas"`
	Ground      string    `json:"ground,omitempty" enum:",prerequisite,judged" doc:"Collaboration is a prerequisite for it, or is judged to contribute. Empty: not stated." example:"prerequisite"`
	Measure     string    `json:"measure,omitempty" enum:",unknown,measured,unmeasurable,not-measured" doc:"Whether it is measured, cannot be, or is not meant to be." example:"unmeasurable"`
	Themes      []string  `json:"themes,omitempty" maxItems:"5" nullable:"false" doc:"The national themes it belongs to: work, housing, education-language, health, participation." example:"[\"work\"]"`
	Responsible uuid.UUID `json:"responsible,omitzero" doc:"The organisation that answers for it." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Source      string    `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om undertecknandet, 2020"`
}

// Effect is what goes with a goal's beginning or change: from when, by what decision, why.
type Effect struct {
	From     When   `json:"from,omitzero" maxLength:"13" doc:"From when it says so, as closely as is known. Empty, for a new goal: from the beginning." example:"2019"`
	Decision string `json:"decision,omitempty" maxLength:"200" doc:"The decision." example:"Forum 2023-03-30"`
	Decided  When   `json:"decided,omitzero" maxLength:"13" doc:"The day of the decision, where it is another." example:"2023-03-30"`
	Reason   string `json:"reason,omitempty" maxLength:"1000" doc:"Why." example:"Området byter namn"`
}

// Goal is a goal as it stood on a day.
type Goal struct {
	ID         uuid.UUID `json:"id" doc:"The identifier; it stays when the goal is renamed or moved." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Key        string    `json:"key" doc:"A stable name that imports use." example:"boende"`
	Instrument uuid.UUID `json:"instrument" doc:"The instrument." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Statement
	Effect
	ResponsibleName string  `json:"responsibleName,omitempty" doc:"What the organisation that answers for it is called." example:"Region Kronoberg"`
	ValidTo         day.Day `json:"validTo,omitzero" doc:"The first day it no longer says so." example:"2023-03-20"`
	Ending          string  `json:"ending,omitempty" enum:",changed,closed" doc:"Why it no longer says so: the next version took over, or it was closed." example:"closed"`
	Published       bool    `json:"published" doc:"Whether the public may see it." example:"true"`
	Version         int64   `json:"version" doc:"Moves with each change; it is the ETag." example:"2"`
}

// ETag is the version as HTTP wants it.
func (g Goal) ETag() string { return strconv.FormatInt(g.Version, 10) }

// ClosedOn tells whether the goal had been closed by that day.
func (g Goal) ClosedOn(on day.Day) bool { return g.Ending == "closed" && !on.Before(g.ValidTo) }

// Place writes a new goal.
func Place(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, s Statement, c Effect) (Goal, error) {
	return ImportGoal(ctx, tx, instrument, s, c, "")
}

// ImportGoal is Place with a key that is chosen already.
func ImportGoal(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, s Statement, c Effect, key string) (Goal, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Goal{}, err
	}
	i, err := head(ctx, tx, instrument)
	if err != nil {
		return Goal{}, err
	}
	s, err = checkedStatement(ctx, tx, i, uuid.Nil, s, c)
	if err != nil {
		return Goal{}, err
	}
	q := agreementdb.New(tx)
	if key == "" {
		key, err = freeKey(ctx, s.Name, "goal", func(ctx context.Context, base string) ([]string, error) {
			return q.GoalKeys(ctx, agreementdb.GoalKeysParams{InstrumentID: instrument, Key: base})
		})
		if err != nil {
			return Goal{}, err
		}
	}
	id := tx.NewID()
	if err := q.CreateGoal(ctx, agreementdb.CreateGoalParams{ID: id, InstrumentID: instrument, Key: key}); err != nil {
		return Goal{}, at(err)
	}
	if err := addVersion(ctx, tx, i, id, s, c); err != nil {
		return Goal{}, err
	}
	return goalOn(ctx, tx, id, tx.Today())
}

func addVersion(ctx context.Context, tx *pg.Tx, i Instrument, goal uuid.UUID, s Statement, c Effect) error {
	err := agreementdb.New(tx).AddGoalVersion(ctx, agreementdb.AddGoalVersionParams{ID: tx.NewID(), GoalID: goal, InstrumentID: i.ID, ParentID: maybe(s.Parent),
		Level: s.Level, Position: int32(s.Position), Name: s.Name, Wording: s.Wording, Ground: s.Ground, Measure: s.Measure, Themes: s.Themes, //nolint:gosec // checked
		ResponsibleID: maybe(s.Responsible), ValidFrom: c.From.Day(), FromPrecision: c.From.precision(), Decision: c.Decision, DecidedDay: c.Decided.Day(),
		DecidedPrecision: c.Decided.precision(), Reason: c.Reason, Source: s.Source, Published: i.Published})
	if err != nil {
		return at(err)
	}
	tx.Notify("agreement", i.ID)
	return addWords(ctx, tx, "goal", goal, s.Name, s.Wording)
}

// Amend lets a goal say something else from a day: a new name, wording, place in
// the tree. It is the same goal; what it said before stays. From the day it
// already says so from, it corrects instead. A closed goal comes back from the
// day given, and then a reason is needed.
func Amend(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, s Statement, c Effect) (Goal, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Goal{}, err
	}
	q := agreementdb.New(tx)
	rows, identity, err := versions(ctx, tx, id)
	if err != nil {
		return Goal{}, err
	}
	if identity.Version != version {
		return Goal{}, changedGoal(ctx, tx, id)
	}
	i, err := head(ctx, tx, identity.InstrumentID)
	if err != nil {
		return Goal{}, err
	}
	s, err = checkedStatement(ctx, tx, i, id, s, c)
	if err != nil {
		return Goal{}, err
	}
	last := rows[len(rows)-1].GoalVersion
	from, stands := c.From.Day(), last.ValidTo.IsZero()
	corrects := stands && from == last.ValidFrom
	switch {
	case corrects:
	case from.IsZero():
		return Goal{}, fault.Bad("agreement.when_missing", "/from")
	case stands && !last.ValidFrom.Before(from):
		return Goal{}, fault.Bad("goal.before_last_change", "/from").With("from", last.ValidFrom)
	case !stands && from.Before(last.ValidTo):
		return Goal{}, fault.Bad("goal.closed_until", "/from").With("from", last.ValidTo)
	case !stands && c.Reason == "":
		return Goal{}, fault.Bad("goal.reason_missing", "/reason")
	}
	if _, err := q.TouchGoal(ctx, agreementdb.TouchGoalParams{ID: id, Version: version}); err != nil {
		if fault.Is(err, "common.not_found") {
			return Goal{}, changedGoal(ctx, tx, id)
		}
		return Goal{}, err
	}
	if corrects {
		err = rewrite(ctx, tx, rows, s, c)
	} else {
		if stands {
			err = q.EndGoalVersion(ctx, agreementdb.EndGoalVersionParams{ID: last.ID, ValidTo: from})
		}
		if err == nil {
			err = addVersion(ctx, tx, i, id, s, c)
		}
	}
	if err != nil {
		return Goal{}, at(err)
	}
	return goalOn(ctx, tx, id, tx.Today())
}

// rewrite corrects the version that still stands, and finds the goal anew by
// what it and its earlier versions are called.
func rewrite(ctx context.Context, tx *pg.Tx, rows []agreementdb.GoalVersionsRow, s Statement, c Effect) error {
	q := agreementdb.New(tx)
	last := rows[len(rows)-1].GoalVersion
	err := q.RewriteGoalVersion(ctx, agreementdb.RewriteGoalVersionParams{ID: last.ID, ParentID: maybe(s.Parent), Level: s.Level, Position: int32(s.Position), //nolint:gosec // checked
		Name: s.Name, Wording: s.Wording, Ground: s.Ground, Measure: s.Measure, Themes: s.Themes, ResponsibleID: maybe(s.Responsible),
		FromPrecision: c.From.precision(), Source: s.Source})
	if err != nil {
		return at(err)
	}
	words := []string{s.Name, s.Wording}
	for _, r := range rows[:len(rows)-1] {
		words = append(words, r.GoalVersion.Name, r.GoalVersion.Wording)
	}
	if err := q.ForgetWords(ctx, last.GoalID); err != nil {
		return err
	}
	tx.Notify("agreement", last.InstrumentID)
	return addWords(ctx, tx, "goal", last.GoalID, words...)
}

// versions are a goal's versions, first to last; there is always one.
func versions(ctx context.Context, tx *pg.Tx, id uuid.UUID) ([]agreementdb.GoalVersionsRow, agreementdb.Goal, error) {
	q := agreementdb.New(tx)
	identity, err := q.Goal(ctx, id)
	if err != nil {
		return nil, identity, err
	}
	rows, err := q.GoalVersions(ctx, id)
	if err == nil && len(rows) == 0 {
		err = fault.Missing()
	}
	return rows, identity, err
}

func changedGoal(ctx context.Context, tx *pg.Tx, id uuid.UUID) error {
	g, err := goalOn(ctx, tx, id, tx.Today())
	if err != nil {
		return err
	}
	return fault.Changed(g)
}

// GetGoal gives a goal as it stood on a day; after it was closed, as it stood
// last, and before it began, as it first will.
func GetGoal(ctx context.Context, tx *pg.Tx, id uuid.UUID, on day.Day) (Goal, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return Goal{}, err
	}
	return goalOn(ctx, tx, id, on)
}

// GoalByKey gives the goal of an instrument that an import names, as of today.
func GoalByKey(ctx context.Context, tx *pg.Tx, instrument uuid.UUID, key string) (Goal, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return Goal{}, err
	}
	identity, err := agreementdb.New(tx).GoalByKey(ctx, agreementdb.GoalByKeyParams{InstrumentID: instrument, Key: key})
	if err != nil {
		return Goal{}, err
	}
	return goalOn(ctx, tx, identity.ID, tx.Today())
}

func goalOn(ctx context.Context, tx *pg.Tx, id uuid.UUID, on day.Day) (Goal, error) {
	rows, identity, err := versions(ctx, tx, id)
	if err != nil {
		return Goal{}, err
	}
	at := rows[0]
	for _, r := range rows {
		if !r.GoalVersion.ValidFrom.After(on) {
			at = r
		}
	}
	return goal(at.GoalVersion, identity.Key, identity.Version, at.Responsible), nil
}

// History are all that a goal has said, first to last.
func History(ctx context.Context, tx *pg.Tx, id uuid.UUID) ([]Goal, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, err
	}
	rows, identity, err := versions(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	gs := make([]Goal, len(rows))
	for i, r := range rows {
		gs[i] = goal(r.GoalVersion, identity.Key, identity.Version, r.Responsible)
	}
	return gs, nil
}

func goal(r agreementdb.GoalVersion, key string, version int64, responsible string) Goal {
	return Goal{ID: r.GoalID, Key: key, Instrument: r.InstrumentID, ValidTo: r.ValidTo, Ending: r.Ending, Published: r.Published, Version: version, ResponsibleName: responsible,
		Statement: Statement{Parent: r.ParentID.UUID, Level: r.Level, Position: int(r.Position), Name: r.Name, Wording: r.Wording, Ground: r.Ground,
			Measure: r.Measure, Themes: r.Themes, Responsible: r.ResponsibleID.UUID, Source: r.Source},
		Effect: Effect{From: kept(r.ValidFrom, r.FromPrecision), Decision: r.Decision, Decided: kept(r.DecidedDay, r.DecidedPrecision), Reason: r.Reason}}
}

// checkedStatement tidies what a goal is to say and finds everything wrong with
// it. goal is zero for a new one.
func checkedStatement(ctx context.Context, tx *pg.Tx, i Instrument, goal uuid.UUID, s Statement, c Effect) (Statement, error) {
	tidy(&s.Level, &s.Name, &s.Wording, &s.Source)
	rules := rulesOn(tx, c.From.Day())
	s = rules.settled(s)
	var wrong fault.List
	if s.Name == "" {
		wrong.Add(fault.Bad("goal_version.named", "/name"))
	}
	if s.Position < 0 || s.Position > 100_000 {
		wrong.Add(fault.Bad("goal_version.position", "/position"))
	}
	wrong.Add(oneOf(rules.levels(), s.Level, "/level", "goal_version.level"))
	if s.Ground != "" {
		wrong.Add(oneOf([]string{GroundPrerequisite, GroundJudged}, s.Ground, "/ground", "goal_version.ground"))
	}
	wrong.Add(oneOf([]string{MeasureUnknown, Measured, Unmeasurable, MeasurePurposely}, s.Measure, "/measure", "goal_version.measure"))
	for _, theme := range s.Themes {
		wrong.Add(oneOf(Themes, theme, "/themes", "goal_version.themes"))
	}
	if level, ok := rules.Goals.Level(s.Level); ok && s.Measure == Measured && !level.Indicators {
		wrong.Add(fault.Bad("goal_version.level_unmeasured", "/measure").With("level", s.Level))
	}
	if err := exists(ctx, tx, s.Responsible, "/responsible", &wrong); err != nil {
		return s, err
	}
	if s.Parent == uuid.Nil {
		if len(rules.levels()) > 0 && slices.Contains(rules.levels(), s.Level) && !rules.Goals.Fits(s.Level, "") {
			wrong.Add(fault.Bad("goal_version.misplaced", "/parent").With("level", s.Level))
		}
		return s, wrong.Err()
	}
	key, err := wrongParent(ctx, tx, rules, i, goal, s, c.From.Day())
	if err != nil {
		return s, err
	}
	if key != "" {
		wrong.Add(fault.Bad(key, "/parent").With("level", s.Level))
	}
	return s, wrong.Err()
}

// settled gives a statement in the form in which it is kept: how it is measured
// said in words, what only says what the others are for unmeasured, its themes
// in order and each once.
func (r rules) settled(s Statement) Statement {
	if s.Measure == "" {
		s.Measure = MeasureUnknown
	}
	if level, ok := r.Goals.Level(s.Level); ok && level.Purpose {
		s.Measure = MeasurePurposely
	}
	s.Themes = slices.Sorted(slices.Values(s.Themes))
	s.Themes = append([]string{}, slices.Compact(s.Themes)...)
	return s
}

// wrongParent says why a goal cannot stand under its parent from a day, "" when it can.
func wrongParent(ctx context.Context, tx *pg.Tx, rules rules, i Instrument, id uuid.UUID, s Statement, from day.Day) (string, error) {
	parent, err := goalOn(ctx, tx, s.Parent, orToday(tx, from))
	switch {
	case fault.Is(err, "common.not_found"):
		return "goal_version.parent", nil
	case err != nil:
		return "", err
	case parent.Instrument != i.ID:
		return "goal_version.parent", nil
	case parent.ID == id:
		return "goal_version.own_parent", nil
	case !parent.ValidTo.IsZero() && !orToday(tx, from).Before(parent.ValidTo):
		return "goal_version.parent_closed", nil
	case len(rules.levels()) > 0 && slices.Contains(rules.levels(), s.Level) && !rules.Goals.Fits(s.Level, parent.Level):
		return "goal_version.misplaced", nil
	case id == uuid.Nil:
		return "", nil
	}
	above, err := agreementdb.New(tx).Above(ctx, agreementdb.AboveParams{TenantID: tx.Tenant, GoalID: s.Parent, OnDay: orToday(tx, from)})
	if err != nil {
		return "", err
	}
	if slices.Contains(above, id) {
		return "goal_version.circle", nil
	}
	return "", nil
}

func orToday(tx *pg.Tx, d day.Day) day.Day {
	if d.IsZero() {
		return tx.Today()
	}
	return d
}
