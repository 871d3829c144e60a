package web

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// The forms about an agreement's goals.

// aiming is what a goal's form asks for: what it says, and from when.
type aiming struct {
	agreement.Statement
	agreement.Effect
}

func (d *Door) goalForms(one, goal string) []route {
	return slices.Concat(
		both(one+"/goals/new", form[aiming]{d, members, d.newGoal, placeGoal}),
		both(goal+"/edit", form[aiming]{d, members, d.editGoal, amendGoal}),
		both(goal+"/close", form[agreement.Closing]{d, members, d.closingGoal, closeGoal}),
		both(goal+"/notes/new", form[agreement.Remark]{d, members, d.newRemark, addRemark}),
		both(goal+"/links/new", form[bond]{d, members, d.newLink, addLink}),
		both(goal+"/links/{link}/end", form[unbinding]{d, members, d.endingLink, endLink}),
	)
}

func (v *visit) goalLeaves() []leaf {
	return []leaf{
		{"what", v.T("web.agreement.goal_what"), []string{v.T("web.agreement.goal_note")}, []string{"level", "parent", "name", "wording", "position"}},
		{"how", v.T("web.agreement.goal_how"), []string{v.T("web.agreement.goal_how_note")}, []string{"ground", "measure", "responsible", "themes"}},
		{"when", v.T("web.agreement.goal_when"), []string{v.T("web.agreement.goal_when_note")}, []string{"from", "decided", "decision", "reason", "source"}},
	}
}

// levelOptions are the county's levels of goals; a word is typed where it has
// said none.
func (v *visit) levelOptions(s *sheet) {
	var os []option
	for _, l := range v.County.Goals.Levels {
		os = append(os, option{l.Key, capital(l.Word.In(string(v.Lang)).One)})
	}
	if len(os) > 0 {
		s.Options["level"] = os
	}
}

func (v *visit) goalChoices(ctx context.Context, tx *pg.Tx, s *sheet, i agreement.Instrument, but uuid.UUID, had ...uuid.UUID) error {
	v.levelOptions(s)
	s.Options["ground"] = v.options("agreement.ground.", agreement.GroundPrerequisite, agreement.GroundJudged)
	s.Options["measure"] = v.options("agreement.measure.", agreement.MeasureUnknown, agreement.Measured, agreement.Unmeasurable, agreement.MeasurePurposely)
	s.Options["themes"] = v.options("agreement.theme.", agreement.Themes...)
	s.Kinds["wording"], s.Kinds["reason"], s.Kinds["themes"] = "area", "area", "checks"
	var err error
	if s.Options["parent"], err = goalOptions(ctx, tx, v, i, but, had...); err != nil {
		return err
	}
	s.Options["responsible"], err = organisationOptions(ctx, tx, v, uuid.Nil)
	return err
}

// goalOptions are the goals to choose among, with what they stand under before
// them: two levels of the tree, and those given.
func goalOptions(ctx context.Context, tx *pg.Tx, v *visit, i agreement.Instrument, but uuid.UUID, had ...uuid.UUID) ([]option, error) {
	os := []option{}
	seen := map[uuid.UUID]bool{but: true}
	add := func(g agreement.Goal, above string) {
		if !seen[g.ID] && g.ValidTo.IsZero() {
			seen[g.ID] = true
			os = append(os, option{g.ID.String(), above + g.Name})
		}
	}
	top, _, err := agreement.Tree(ctx, tx, i.ID, v.Today, uuid.Nil, 100, 1)
	if err != nil {
		return nil, err
	}
	under, err := agreement.Branches(ctx, tx, v.Today, opened(top, mostTop), 100)
	if err != nil {
		return nil, err
	}
	for _, t := range top {
		add(t.Goal, "")
		for _, u := range under[t.ID].Nodes {
			add(u.Goal, t.Name+": ")
		}
	}
	for _, id := range had {
		if id == uuid.Nil || seen[id] {
			continue
		}
		g, err := agreement.GetGoal(ctx, tx, id, v.Today)
		if fault.Is(err, "common.not_found") {
			continue
		}
		if err != nil {
			return nil, err
		}
		add(g, "")
	}
	return os, nil
}

func (d *Door) newGoal(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "goal")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("web.agreement.add_goal"), v.T("web.agreement.goal_add_lead"), v.T("web.agreement.add_goal")
	s.Leaves = v.goalLeaves()
	parent, _ := uuid.Parse(v.Asked("parent"))
	return s, v.goalChoices(ctx, tx, &s, i, uuid.Nil, parent)
}

func placeGoal(ctx context.Context, tx *pg.Tx, v *visit, _ int64, a aiming) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	g, err := agreement.Place(ctx, tx, at, a.Statement, a.Effect)
	return string(agreementAt(v, at, "/goals/", g.ID.String(), "?done=goal_added")), err
}

// aboutGoal is the beginning of a form about the goal that the address names.
func (v *visit) aboutGoal(ctx context.Context, tx *pg.Tx, words string) (agreement.Instrument, agreement.Goal, sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, words)
	if err != nil {
		return i, agreement.Goal{}, s, err
	}
	i, g, err := goalAsked(ctx, tx, v)
	if err != nil {
		return i, g, s, err
	}
	s.Crumbs = append(s.Crumbs, crumb{g.Name, string(agreementAt(v, i.ID, "/goals/", g.ID.String()))})
	s.Cancel = string(agreementAt(v, i.ID, "/goals/", g.ID.String()))
	return i, g, s, nil
}

func (d *Door) editGoal(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, g, s, err := v.aboutGoal(ctx, tx, "goal")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.goal_edit_title", "name", g.Name), v.T("web.agreement.goal_edit_lead")
	if !g.ValidTo.IsZero() {
		s.Lead = v.T("web.agreement.goal_again_lead", "day", LongDay(v.Lang, g.ValidTo))
	}
	s.Leaves = v.goalLeaves()
	// A change is of a day and a decision of its own.
	s.Thing = keptGoal{aiming{g.Statement, agreement.Effect{From: agreement.OnDay(v.Today)}}, g.Version}
	return s, v.goalChoices(ctx, tx, &s, i, g.ID, g.Parent)
}

type keptGoal struct {
	aiming
	Version int64 `json:"version"`
}

func amendGoal(ctx context.Context, tx *pg.Tx, v *visit, version int64, a aiming) (string, error) {
	i, g, err := goalAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	_, err = agreement.Amend(ctx, tx, g.ID, version, a.Statement, a.Effect)
	return string(agreementAt(v, i.ID, "/goals/", g.ID.String(), "?done=saved")), err
}

func (d *Door) closingGoal(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	_, g, s, err := v.aboutGoal(ctx, tx, "goal_closing")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("web.agreement.close_title", "name", g.Name), v.T("web.agreement.close_lead"), v.T("web.agreement.close_do")
	s.Leaves = []leaf{
		{"when", v.T("web.agreement.close_when"), []string{v.T("web.agreement.close_note")}, []string{"effective", "decided", "decision"}},
		{"why", v.T("web.agreement.close_why"), nil, []string{"reason"}},
	}
	s.Kinds["reason"] = "area"
	s.Version = g.Version
	return s, nil
}

func closeGoal(ctx context.Context, tx *pg.Tx, v *visit, version int64, c agreement.Closing) (string, error) {
	i, g, err := goalAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	closed, err := agreement.Close(ctx, tx, g.ID, version, c)
	if fault.Is(err, "common.changed") {
		// The goal has other fields than the form: only its version is of use here.
		return "", fault.Changed(struct {
			Version int64 `json:"version"`
		}{g.Version})
	}
	done := "goal_closed"
	if len(closed.Warnings) > 0 {
		done = "goal_closed_two_days"
	}
	return string(agreementAt(v, i.ID, "/goals/", g.ID.String(), "?done="+done)), err
}

func (d *Door) newRemark(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	_, g, s, err := v.aboutGoal(ctx, tx, "goal_note")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.remark_title", "name", g.Name), v.T("web.agreement.remark_lead")
	s.Leaves = []leaf{{"what", v.T("web.agreement.remark_what"), []string{v.T("web.agreement.remarks_note")}, []string{"kind", "on", "note", "source"}}}
	s.Options["kind"] = v.options("agreement.moment.goal.", "correction", "note")
	s.Kinds["note"] = "area"
	s.Thing = agreement.Remark{Kind: "note", On: v.Today}
	return s, nil
}

func addRemark(ctx context.Context, tx *pg.Tx, v *visit, _ int64, r agreement.Remark) (string, error) {
	i, g, err := goalAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	return string(agreementAt(v, i.ID, "/goals/", g.ID.String(), "?done=saved#remarks")), agreement.Note(ctx, tx, g.ID, r)
}

// bond is a link from the goal that the address names.
type bond struct {
	Kind   string    `json:"kind" enum:"linked,carried-over"`
	To     uuid.UUID `json:"to"`
	Since  day.Day   `json:"since,omitzero"`
	Source string    `json:"source,omitempty" maxLength:"300"`
}

func (d *Door) newLink(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, g, s, err := v.aboutGoal(ctx, tx, "goal_link")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.link_title", "name", g.Name), v.T("web.agreement.link_lead")
	s.Leaves = []leaf{{"what", v.T("web.agreement.link_what"), []string{v.T("web.agreement.links_note")}, []string{"kind", "to", "since", "source"}}}
	s.Options["kind"] = v.options("agreement.link.", agreement.Linked, agreement.CarriedOver)
	s.Thing = bond{Kind: agreement.Linked}
	if s.Options["to"], err = goalOptions(ctx, tx, v, i, g.ID); err != nil {
		return s, err
	}
	for _, later := range slices.Concat(i.Successors, i.Drafts) {
		to, err := agreement.Get(ctx, tx, later, v.Today)
		if err != nil {
			return s, err
		}
		others, err := goalOptions(ctx, tx, v, to, g.ID)
		if err != nil {
			return s, err
		}
		for _, o := range others {
			s.Options["to"] = append(s.Options["to"], option{o.Value, titled(to.Title) + ": " + o.Label})
		}
	}
	return s, nil
}

func addLink(ctx context.Context, tx *pg.Tx, v *visit, _ int64, b bond) (string, error) {
	i, g, err := goalAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	return string(agreementAt(v, i.ID, "/goals/", g.ID.String(), "?done=saved#links")),
		agreement.Connect(ctx, tx, agreement.Bond{Kind: b.Kind, From: g.ID, To: b.To, Since: b.Since, Source: b.Source})
}

// unbinding ends a link from a day.
type unbinding struct {
	From day.Day `json:"from"`
}

func (d *Door) endingLink(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	_, g, s, err := v.aboutGoal(ctx, tx, "goal_link_end")
	if err != nil {
		return s, err
	}
	l, err := linkAsked(ctx, tx, v, g)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.end_link_title", "name", l.Name), v.T("web.agreement.end_link_lead")
	s.Leaves = []leaf{{"when", v.T("web.agreement.close_when"), nil, []string{"from"}}}
	s.Thing = unbinding{v.Today}
	return s, nil
}

func linkAsked(ctx context.Context, tx *pg.Tx, v *visit, g agreement.Goal) (agreement.Link, error) {
	which, err := id(v.r, "link")
	if err != nil {
		return agreement.Link{}, err
	}
	ls, err := agreement.Links(ctx, tx, g.ID, v.Today)
	for _, l := range ls {
		if l.ID == which {
			return l, nil
		}
	}
	if err == nil {
		err = fault.Missing()
	}
	return agreement.Link{}, err
}

func endLink(ctx context.Context, tx *pg.Tx, v *visit, _ int64, u unbinding) (string, error) {
	i, g, err := goalAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	l, err := linkAsked(ctx, tx, v, g)
	if err != nil {
		return "", err
	}
	return string(agreementAt(v, i.ID, "/goals/", g.ID.String(), "?done=saved#links")), agreement.Disconnect(ctx, tx, l.ID, u.From)
}
