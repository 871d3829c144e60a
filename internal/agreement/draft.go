package agreement

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// What becomes of a goal or a party in a successor.
const (
	Carry    = "carry"     // as it is
	Alter    = "change"    // as something else
	LeaveOut = "leave-out" // not at all
)

// Choice says what becomes of one goal or one party of the old instrument in
// the new one, and why.
type Choice struct {
	Goal         uuid.UUID  `json:"goal,omitzero" doc:"The old goal. Either a goal or an organisation." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Organisation uuid.UUID  `json:"organisation,omitzero" doc:"The old party." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Choice       string     `json:"choice" enum:"carry,change,leave-out" doc:"Carried over as it is, changed, or left out." example:"carry"`
	Reason       string     `json:"reason" minLength:"1" maxLength:"1000" doc:"Why." example:"Målet gäller lika mycket efter 2025"`
	As           *Statement `json:"as,omitempty" doc:"What a changed goal is to say. Its parent is an old goal that is carried over, or nothing."`
	Status       string     `json:"status,omitempty" maxLength:"60" doc:"As what a changed party is to take part." example:"supporter"`
}

// Chosen is a Choice that has been made.
type Chosen struct {
	Choice
	NewGoal          uuid.UUID `json:"newGoal,omitzero" doc:"The goal it became." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	NewParticipation uuid.UUID `json:"newParticipation,omitzero" doc:"The participation it became." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Draft is a successor while it is being drafted.
type Draft struct {
	Instrument  Instrument `json:"instrument" doc:"The draft."`
	Predecessor Instrument `json:"predecessor" doc:"What it is to come after."`
	Chosen      []Chosen   `json:"choices" nullable:"false" doc:"What has been chosen."`
	OpenGoals   []Goal     `json:"openGoals" nullable:"false" doc:"The old goals nothing is chosen for yet, up to 500."`
	Goals       int        `json:"goals" doc:"How many old goals there were to choose about." example:"12"`
	OpenParties []Party    `json:"openParties" nullable:"false" doc:"The old parties nothing is chosen for yet."`
}

// DraftSuccessor begins a successor: an instrument of its own that holds
// nothing until something is chosen for it.
func DraftSuccessor(ctx context.Context, tx *pg.Tx, from uuid.UUID, c Card) (Instrument, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Instrument{}, err
	}
	was, err := get(ctx, tx, from, tx.Today())
	if err != nil {
		return Instrument{}, err
	}
	if c.Kind == "" {
		c.Kind = was.Kind
	}
	i, err := create(ctx, tx, c, Origin{Demo: was.Demo}, true)
	if err != nil {
		return Instrument{}, err
	}
	if err := agreementdb.New(tx).AddSuccession(ctx, agreementdb.AddSuccessionParams{ID: tx.NewID(), EarlierID: from, LaterID: i.ID}); err != nil {
		return Instrument{}, err
	}
	return get(ctx, tx, i.ID, tx.Today())
}

// GetDraft gives a draft with what is chosen and what is not.
func GetDraft(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Draft, error) {
	i, old, err := drafted(ctx, tx, id)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{Instrument: i, Predecessor: old, Chosen: []Chosen{}, OpenGoals: []Goal{}, OpenParties: []Party{}}
	q := agreementdb.New(tx)
	choices, err := q.Choices(ctx, id)
	if err != nil {
		return Draft{}, err
	}
	done := map[uuid.UUID]bool{}
	for _, c := range choices {
		d.Chosen = append(d.Chosen, Chosen{Choice: Choice{Goal: c.GoalID.UUID, Organisation: c.OrganisationID.UUID, Choice: c.Choice, Reason: c.Reason},
			NewGoal: c.NewGoalID.UUID, NewParticipation: c.NewParticipationID.UUID})
		done[c.GoalID.UUID], done[c.OrganisationID.UUID] = true, true
	}
	// Not Offered: the old instrument may have ended, and its goals stand to be chosen all the same.
	goals, err := q.Offered(ctx, agreementdb.OfferedParams{InstrumentID: old.ID, OnDay: tx.Today(), Max: most})
	if err != nil {
		return Draft{}, err
	}
	for _, g := range goals {
		d.Goals = int(g.Total)
		if !done[g.GoalVersion.GoalID] {
			d.OpenGoals = append(d.OpenGoals, goal(g.GoalVersion, g.Key, g.Version, ""))
		}
	}
	parties, err := PartiesOn(ctx, tx, old.ID, tx.Today())
	for _, p := range parties.List {
		if !done[p.Organisation] {
			d.OpenParties = append(d.OpenParties, p)
		}
	}
	return d, err
}

// drafted gives a draft and what it is to come after.
func drafted(ctx context.Context, tx *pg.Tx, id uuid.UUID) (draft, old Instrument, err error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return draft, old, err
	}
	if draft, err = get(ctx, tx, id, tx.Today()); err != nil {
		return draft, old, err
	}
	if !draft.Draft || len(draft.Predecessors) == 0 {
		return draft, old, fault.New(fault.Conflict, "draft_choice.no_draft")
	}
	old, err = get(ctx, tx, draft.Predecessors[0], tx.Today())
	return draft, old, err
}

// Choose says what becomes of a goal or party. Choosing again replaces what was
// chosen before.
func Choose(ctx context.Context, tx *pg.Tx, id uuid.UUID, c Choice) (Chosen, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Chosen{}, err
	}
	i, old, err := drafted(ctx, tx, id)
	if err != nil {
		return Chosen{}, err
	}
	c.Reason = strings.TrimSpace(c.Reason)
	var wrong fault.List
	wrong.Add(oneOf([]string{Carry, Alter, LeaveOut}, c.Choice, "/choice", "draft_choice.choice"))
	if c.Reason == "" {
		wrong.Add(fault.Bad("draft_choice.reasoned", "/reason"))
	}
	if (c.Goal == uuid.Nil) == (c.Organisation == uuid.Nil) {
		wrong.Add(fault.Bad("draft_choice.of_one", "/goal"))
	}
	if err := wrong.Err(); err != nil {
		return Chosen{}, err
	}
	out := Chosen{Choice: c}
	if c.Goal != uuid.Nil {
		out.NewGoal, err = chooseGoal(ctx, tx, i, old, c)
	} else {
		out.NewParticipation, err = chooseParty(ctx, tx, i, old, c)
	}
	if err != nil {
		return Chosen{}, err
	}
	tx.Notify("agreement", id)
	return out, at(agreementdb.New(tx).Choose(ctx, agreementdb.ChooseParams{ID: tx.NewID(), InstrumentID: id, GoalID: maybe(c.Goal), OrganisationID: maybe(c.Organisation),
		Choice: c.Choice, Reason: c.Reason, NewGoalID: maybe(out.NewGoal), NewParticipationID: maybe(out.NewParticipation)}))
}

func chooseGoal(ctx context.Context, tx *pg.Tx, i, old Instrument, c Choice) (uuid.UUID, error) {
	q := agreementdb.New(tx)
	g, err := goalOn(ctx, tx, c.Goal, tx.Today())
	if fault.Is(err, "common.not_found") || err == nil && g.Instrument != old.ID {
		return uuid.Nil, fault.Bad("draft_choice.goal", "/goal")
	} else if err != nil {
		return uuid.Nil, err
	}
	s := g.Statement
	if c.Choice == Alter {
		if c.As == nil {
			return uuid.Nil, fault.Bad("draft_choice.change_missing", "/as")
		}
		s = *c.As
	}
	if c.Choice != LeaveOut && s.Parent != uuid.Nil {
		parent, err := q.ChoiceOfGoal(ctx, agreementdb.ChoiceOfGoalParams{InstrumentID: i.ID, GoalID: maybe(s.Parent)})
		if fault.Is(err, "common.not_found") || err == nil && !parent.NewGoalID.Valid {
			return uuid.Nil, fault.New(fault.Conflict, "draft_choice.parent_first").With("name", g.Name)
		} else if err != nil {
			return uuid.Nil, err
		}
		s.Parent = parent.NewGoalID.UUID
	}
	before, err := q.ChoiceOfGoal(ctx, agreementdb.ChoiceOfGoalParams{InstrumentID: i.ID, GoalID: maybe(c.Goal)})
	if err != nil && !fault.Is(err, "common.not_found") {
		return uuid.Nil, err
	}
	if err == nil {
		if c.Choice != LeaveOut && before.NewGoalID.Valid {
			// The drafted goal stays the same one: what lies under it stays there.
			now, err := goalOn(ctx, tx, before.NewGoalID.UUID, tx.Today())
			if err != nil {
				return uuid.Nil, err
			}
			if now, err = Amend(ctx, tx, now.ID, now.Version, s, Effect{From: now.From}); err != nil {
				return uuid.Nil, err
			}
			return now.ID, q.Unchoose(ctx, before.ID)
		}
		if err := dropDrafted(ctx, tx, before.NewGoalID); err != nil {
			return uuid.Nil, err
		}
		if err := q.Unchoose(ctx, before.ID); err != nil {
			return uuid.Nil, err
		}
	}
	if c.Choice == LeaveOut {
		return uuid.Nil, nil
	}
	made, err := ImportGoal(ctx, tx, i.ID, s, Effect{}, g.Key)
	if err != nil {
		return uuid.Nil, err
	}
	return made.ID, q.AddLink(ctx, agreementdb.AddLinkParams{ID: tx.NewID(), Kind: CarriedOver, FromID: g.ID, ToID: made.ID})
}

// dropDrafted takes a goal back out of a draft.
func dropDrafted(ctx context.Context, tx *pg.Tx, id uuid.NullUUID) error {
	if !id.Valid {
		return nil
	}
	q := agreementdb.New(tx)
	under, err := q.UnderGoal(ctx, id)
	if err != nil {
		return err
	}
	if under > 0 {
		return fault.New(fault.Conflict, "draft_choice.children_first").With("count", under)
	}
	for _, drop := range []func(context.Context, uuid.UUID) error{q.DropLinksOf, q.DropVersionsOf, q.DropGoal, q.ForgetWords} {
		if err := drop(ctx, id.UUID); err != nil {
			return err
		}
	}
	return nil
}

func chooseParty(ctx context.Context, tx *pg.Tx, i, old Instrument, c Choice) (uuid.UUID, error) {
	q := agreementdb.New(tx)
	was, err := q.PartOn(ctx, agreementdb.PartOnParams{InstrumentID: old.ID, OrganisationID: c.Organisation, OnDay: tx.Today()})
	if fault.Is(err, "common.not_found") {
		return uuid.Nil, fault.Bad("draft_choice.organisation", "/organisation")
	} else if err != nil {
		return uuid.Nil, err
	}
	before, err := q.ChoiceOfParty(ctx, agreementdb.ChoiceOfPartyParams{InstrumentID: i.ID, OrganisationID: maybe(c.Organisation)})
	if err == nil {
		if err = q.Unchoose(ctx, before.ID); err == nil && before.NewParticipationID.Valid {
			err = q.DropDrafted(ctx, before.NewParticipationID.UUID)
		}
	}
	if err != nil && !fault.Is(err, "common.not_found") {
		return uuid.Nil, err
	}
	status := was.Status
	switch c.Choice {
	case LeaveOut:
		return uuid.Nil, nil
	case Alter:
		if status = c.Status; status == "" {
			return uuid.Nil, fault.Bad("draft_choice.change_missing", "/status")
		}
	}
	p, err := join(ctx, tx, i, Entry{Organisation: c.Organisation, Status: status, Roles: was.Roles, Source: was.Source})
	return p.ID, err
}

// Settle makes an instrument of a draft: it has been decided on, and what it
// holds can no longer be taken away, only ended. Every goal and party of the
// old one must have been chosen about.
func Settle(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Instrument, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Instrument{}, err
	}
	d, err := GetDraft(ctx, tx, id)
	if err != nil {
		return Instrument{}, err
	}
	if d.Instrument.Version != version {
		return Instrument{}, fault.Changed(d.Instrument)
	}
	if open := len(d.OpenGoals) + len(d.OpenParties); open > 0 {
		return Instrument{}, fault.New(fault.Conflict, "draft_choice.undecided").With("count", open)
	}
	if _, err := agreementdb.New(tx).SettleInstrument(ctx, agreementdb.SettleInstrumentParams{ID: id, Version: version}); err != nil {
		return Instrument{}, meanwhile(ctx, tx, id, err)
	}
	tx.Notify("agreement", id)
	return get(ctx, tx, id, tx.Today())
}
