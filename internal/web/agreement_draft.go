package web

import (
	"context"
	"slices"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// A successor is drafted from the old agreement: of each goal and party it is
// said whether it is carried over, changed or left out, and why.

func (d *Door) draftForms(one string) []route {
	return slices.Concat(
		both(one+"/successor", form[agreement.Card]{d, members, d.newSuccessor, draftSuccessor}),
		both(one+"/draft/goals/{goal}", form[goalChoice]{d, members, d.choosingGoal, chooseGoal}),
		both(one+"/draft/parties/{party}", form[partyChoice]{d, members, d.choosingParty, chooseParty}),
		both(one+"/draft/rest", form[restChoice]{d, members, d.choosingRest, chooseRest}),
	)
}

func (d *Door) newSuccessor(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "instrument")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("web.agreement.draft_successor"), v.T("web.agreement.successor_lead", "name", titled(i.Title)), v.T("web.agreement.draft_do")
	s.Leaves, s.Kinds["purpose"] = v.cardOfAgreement(), "area"
	s.Thing = agreement.Card{Kind: i.Kind, ShortName: i.ShortName, Purpose: i.Purpose}
	v.kindOptions(&s, i.Kind)
	return s, nil
}

func draftSuccessor(ctx context.Context, tx *pg.Tx, v *visit, _ int64, c agreement.Card) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	i, err := agreement.DraftSuccessor(ctx, tx, at, c)
	return string(agreementAt(v, i.ID, "/draft?done=draft_begun")), err
}

// drafting is a draft with the names of what has been chosen about.
type drafting struct {
	agreement.Draft
	Goals, Parties []picked
}

// picked is one choice that has been made.
type picked struct {
	Name, Choice, Reason string
	To                   templ.SafeURL
}

func (d *Door) draft(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	var x drafting
	if x.Draft, err = agreement.GetDraft(ctx, tx, at); err != nil {
		return nil, err
	}
	parties, err := agreement.PartiesOn(ctx, tx, x.Predecessor.ID, v.Today)
	if err != nil {
		return nil, err
	}
	names := map[uuid.UUID]string{}
	for _, p := range parties.List {
		names[p.Organisation] = p.Name
	}
	for _, c := range x.Chosen {
		k := picked{Choice: c.Choice.Choice, Reason: c.Reason}
		if c.Goal != uuid.Nil {
			g, err := agreement.GetGoal(ctx, tx, c.Goal, v.Today)
			if err != nil {
				return nil, err
			}
			k.Name, k.To = g.Name, agreementAt(v, at, "/draft/goals/", c.Goal.String())
			x.Goals = append(x.Goals, k)
			continue
		}
		k.Name, k.To = names[c.Organisation], agreementAt(v, at, "/draft/parties/", c.Organisation.String())
		x.Parties = append(x.Parties, k)
	}
	return draftPage(v, x), nil
}

// Open is how many choices remain.
func (x drafting) Open() int { return len(x.OpenGoals) + len(x.OpenParties) }

func (x drafting) lead(v *visit) string {
	if x.Open() == 0 {
		return v.T("web.agreement.draft_ready", "name", titled(x.Predecessor.Title))
	}
	return v.T("web.agreement.draft_open", "count", x.Open(), "n", capital(v.spelled(x.Open(), "ett")), "name", titled(x.Predecessor.Title))
}

func choiceClass(choice string) string {
	switch choice {
	case agreement.Carry:
		return "on"
	case agreement.Alter:
		return "half"
	}
	return "closed"
}

// aboutDraft is the beginning of a form about the draft that the address names.
func (v *visit) aboutDraft(ctx context.Context, tx *pg.Tx) (agreement.Draft, sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "draft_choice")
	if err != nil {
		return agreement.Draft{}, s, err
	}
	x, err := agreement.GetDraft(ctx, tx, i.ID)
	s.Crumbs = append(s.Crumbs, crumb{v.T("web.agreement.draft"), string(agreementAt(v, i.ID, "/draft"))})
	s.Cancel = string(agreementAt(v, i.ID, "/draft"))
	s.Options["choice"] = v.options("web.agreement.choice.", agreement.Carry, agreement.Alter, agreement.LeaveOut)
	s.Kinds["reason"] = "area"
	return x, s, err
}

// goalChoice says what becomes of a goal.
type goalChoice struct {
	Choice  string `json:"choice" enum:"carry,change,leave-out" minLength:"1"`
	Reason  string `json:"reason" minLength:"1" maxLength:"1000"`
	Name    string `json:"name,omitempty" maxLength:"300"`
	Wording string `json:"wording,omitempty" maxLength:"4000"`
}

func oldGoal(ctx context.Context, tx *pg.Tx, v *visit, x agreement.Draft) (agreement.Goal, error) {
	which, err := id(v.r, "goal")
	if err != nil {
		return agreement.Goal{}, err
	}
	g, err := agreement.GetGoal(ctx, tx, which, v.Today)
	if err == nil && g.Instrument != x.Predecessor.ID {
		err = fault.Missing()
	}
	return g, err
}

func (d *Door) choosingGoal(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	x, s, err := v.aboutDraft(ctx, tx)
	if err != nil {
		return s, err
	}
	g, err := oldGoal(ctx, tx, v, x)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.choose_title", "name", g.Name), v.T("web.agreement.choose_lead")
	s.Leaves = []leaf{
		{"what", v.T("web.agreement.choose_what"), []string{v.T("web.agreement.choose_note")}, []string{"choice", "reason"}},
		{"as", v.T("web.agreement.choose_as"), []string{v.T("web.agreement.choose_as_note")}, []string{"name", "wording"}},
	}
	s.Kinds["wording"] = "area"
	c := goalChoice{Name: g.Name, Wording: g.Wording}
	for _, made := range x.Chosen {
		if made.Goal != g.ID {
			continue
		}
		c.Choice, c.Reason = made.Choice.Choice, made.Reason
		if made.NewGoal != uuid.Nil {
			now, err := agreement.GetGoal(ctx, tx, made.NewGoal, v.Today)
			if err != nil {
				return s, err
			}
			c.Name, c.Wording = now.Name, now.Wording
		}
	}
	s.Thing = c
	return s, nil
}

func chooseGoal(ctx context.Context, tx *pg.Tx, v *visit, _ int64, c goalChoice) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	x, err := agreement.GetDraft(ctx, tx, at)
	if err != nil {
		return "", err
	}
	g, err := oldGoal(ctx, tx, v, x)
	if err != nil {
		return "", err
	}
	choice := agreement.Choice{Goal: g.ID, Choice: c.Choice, Reason: c.Reason}
	if c.Choice == agreement.Alter {
		as := g.Statement
		as.Name, as.Wording = c.Name, c.Wording
		choice.As = &as
	}
	_, err = agreement.Choose(ctx, tx, at, choice)
	return string(agreementAt(v, at, "/draft?done=chosen")), err
}

// partyChoice says what becomes of a party.
type partyChoice struct {
	Choice string `json:"choice" enum:"carry,change,leave-out" minLength:"1"`
	Reason string `json:"reason" minLength:"1" maxLength:"1000"`
	Status string `json:"status,omitempty" maxLength:"60"`
}

func oldParty(ctx context.Context, tx *pg.Tx, v *visit, x agreement.Draft) (agreement.Party, error) {
	which, err := id(v.r, "party")
	if err != nil {
		return agreement.Party{}, err
	}
	ps, err := agreement.PartiesOn(ctx, tx, x.Predecessor.ID, v.Today)
	for _, p := range ps.List {
		if p.Organisation == which {
			return p, nil
		}
	}
	if err == nil {
		err = fault.Missing()
	}
	return agreement.Party{}, err
}

func (d *Door) choosingParty(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	x, s, err := v.aboutDraft(ctx, tx)
	if err != nil {
		return s, err
	}
	p, err := oldParty(ctx, tx, v, x)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.choose_title", "name", p.Name), v.T("web.agreement.choose_party_lead", "status", v.statusOf(p.Status))
	s.Leaves = []leaf{
		{"what", v.T("web.agreement.choose_what"), []string{v.T("web.agreement.choose_note")}, []string{"choice", "reason"}},
		{"as", v.T("web.agreement.choose_as"), []string{v.T("web.agreement.choose_as_note")}, []string{"status"}},
	}
	v.statusOptions(&s)
	c := partyChoice{Status: p.Status}
	for _, made := range x.Chosen {
		if made.Organisation == p.Organisation {
			c.Choice, c.Reason = made.Choice.Choice, made.Reason
		}
	}
	s.Thing = c
	return s, nil
}

func chooseParty(ctx context.Context, tx *pg.Tx, v *visit, _ int64, c partyChoice) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	x, err := agreement.GetDraft(ctx, tx, at)
	if err != nil {
		return "", err
	}
	p, err := oldParty(ctx, tx, v, x)
	if err != nil {
		return "", err
	}
	_, err = agreement.Choose(ctx, tx, at, agreement.Choice{Organisation: p.Organisation, Choice: c.Choice, Reason: c.Reason, Status: c.Status})
	return string(agreementAt(v, at, "/draft?done=chosen")), err
}

// restChoice carries over all that nothing is chosen for yet.
type restChoice struct {
	What   string `json:"what" enum:"goals,parties,both" minLength:"1"`
	Reason string `json:"reason" minLength:"1" maxLength:"1000"`
}

func (d *Door) choosingRest(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	_, s, err := v.aboutDraft(ctx, tx)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("web.agreement.rest"), v.T("web.agreement.rest_lead"), v.T("web.agreement.rest_do")
	s.Leaves = []leaf{{"what", v.T("web.agreement.choose_what"), []string{v.T("web.agreement.choose_note")}, []string{"what", "reason"}}}
	s.Options["what"] = v.options("web.agreement.rest.", "goals", "parties", "both")
	return s, nil
}

func chooseRest(ctx context.Context, tx *pg.Tx, v *visit, _ int64, c restChoice) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	x, err := agreement.GetDraft(ctx, tx, at)
	if err != nil {
		return "", err
	}
	if c.What != "parties" {
		if err := carryGoals(ctx, tx, x, c.Reason); err != nil {
			return "", err
		}
	}
	if c.What != "goals" {
		for _, p := range x.OpenParties {
			if _, err := agreement.Choose(ctx, tx, at, agreement.Choice{Organisation: p.Organisation, Choice: agreement.Carry, Reason: c.Reason}); err != nil {
				return "", err
			}
		}
	}
	return string(agreementAt(v, at, "/draft?done=chosen")), nil
}

// carryGoals carries over the open goals from the top down. What stands under a
// goal that is left out stays open: it needs a choice of its own.
func carryGoals(ctx context.Context, tx *pg.Tx, x agreement.Draft, reason string) error {
	carried := map[uuid.UUID]bool{}
	for _, c := range x.Chosen {
		carried[c.Goal] = c.NewGoal != uuid.Nil
	}
	open := slices.Clone(x.OpenGoals)
	for n := -1; n != len(open); {
		n = len(open)
		var rest []agreement.Goal
		for _, g := range open {
			if g.Parent != uuid.Nil && !carried[g.Parent] {
				rest = append(rest, g)
				continue
			}
			if _, err := agreement.Choose(ctx, tx, x.Instrument.ID, agreement.Choice{Goal: g.ID, Choice: agreement.Carry, Reason: reason}); err != nil {
				return err
			}
			carried[g.ID] = true
		}
		open = rest
	}
	return nil
}
