package web

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// What a decision on a matter does in the program: each deed has a form of its
// own, which is tried in full before it is kept. From when, and by which decision,
// follows from the decision itself.

func (d *Door) actForms(item string) []route {
	at := item + "/act"
	return slices.Concat(
		both(at+"/close-goal", form[closingAct]{d, members, d.acting("close_goal", closeGoalOptions, "goal", "reason"), keepAct[closingAct](meeting.ActGoalClose)}),
		both(at+"/add-goal", form[additionAct]{d, members, d.acting("add_goal", addGoalOptions, "agreement", "level", "parent", "name", "wording", "reason"), keepAct[additionAct](meeting.ActGoalAdd)}),
		both(at+"/extend", form[extensionAct]{d, members, d.acting("extend", extendOptions, "agreement", "kind", "until"), keepAct[extensionAct](meeting.ActInstrumentExtend)}),
		both(at+"/admit", form[admissionAct]{d, members, d.acting("admit", admitOptions, "agreement", "organisation", "status", "ground"), keepAct[admissionAct](meeting.ActPartyAdmit)}),
		both(at+"/release", form[releaseAct]{d, members, d.acting("release", releaseOptions, "participation", "ground"), keepAct[releaseAct](meeting.ActPartyRelease)}),
	)
}

type (
	closingAct struct {
		Goal   uuid.UUID `json:"goal"`
		Reason string    `json:"reason,omitempty" maxLength:"1000"`
	}
	additionAct struct {
		Agreement uuid.UUID `json:"agreement"`
		Level     string    `json:"level" minLength:"1" maxLength:"60"`
		Parent    uuid.UUID `json:"parent,omitzero"`
		Name      string    `json:"name" minLength:"1" maxLength:"300"`
		Wording   string    `json:"wording,omitempty" maxLength:"4000"`
		Reason    string    `json:"reason,omitempty" maxLength:"1000"`
	}
	extensionAct struct {
		Agreement uuid.UUID      `json:"agreement"`
		Kind      string         `json:"kind"`
		Until     agreement.When `json:"until,omitzero" maxLength:"13"`
	}
	admissionAct struct {
		Agreement    uuid.UUID `json:"agreement"`
		Organisation uuid.UUID `json:"organisation"`
		Status       string    `json:"status" minLength:"1" maxLength:"60"`
		Ground       string    `json:"ground,omitempty" maxLength:"1000"`
	}
	releaseAct struct {
		Agreement     uuid.UUID `json:"agreement,omitzero"`
		Participation uuid.UUID `json:"participation"`
		Ground        string    `json:"ground,omitempty" maxLength:"1000"`
	}
)

// deeds are the acts that have a form, with the page of each.
var deeds = []struct{ act, page string }{
	{meeting.ActGoalClose, "close-goal"}, {meeting.ActGoalAdd, "add-goal"}, {meeting.ActInstrumentExtend, "extend"}, {meeting.ActPartyAdmit, "admit"}, {meeting.ActPartyRelease, "release"},
	{meeting.ActConfiguration, "configuration"},
}

// actMaker fills in what an act's form lets one choose among.
type actMaker func(ctx context.Context, tx *pg.Tx, v *visit, s *sheet, all []agreement.Instrument) error

// acting makes the asking half of an act's form.
func (d *Door) acting(name string, options actMaker, fields ...string) func(context.Context, *pg.Tx, *visit) (sheet, error) {
	return func(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
		i, s, err := v.ofMaker(ctx, tx, "act.form", meeting.ItemProposed, meeting.ItemWaiting, meeting.ItemPlanned, meeting.ItemOnTable)
		if err != nil {
			return s, err
		}
		if i.Kind != meeting.ForDecision {
			return s, fault.New(fault.Conflict, "agenda_item.act_without_decision")
		}
		if err := tx.Require(auth.AgreementRead); err != nil {
			return s, err
		}
		s.Title, s.Lead, s.Submit = v.Of("act.page.", name), v.T("act.page.lead", "title", i.Title), v.T("act.page.do")
		s.Leaves = []leaf{{"does", v.T("act.page.with"), []string{v.T("act.page.note")}, fields}}
		s.Kinds["wording"], s.Kinds["reason"], s.Kinds["ground"] = "area", "area", "area"
		all, _, err := agreement.List(ctx, tx, agreement.Filter{Limit: 200, Page: 1})
		if err != nil {
			return s, err
		}
		for _, in := range all {
			s.Options["agreement"] = append(s.Options["agreement"], option{in.ID.String(), titled(in.Title)})
		}
		if len(i.ActBody) > 0 {
			s.Thing = i.ActBody
		}
		return s, options(ctx, tx, v, &s, all)
	}
}

// most goals and parties that an act can choose among.
const mostChoices = 500

func closeGoalOptions(ctx context.Context, tx *pg.Tx, v *visit, s *sheet, all []agreement.Instrument) (err error) {
	s.Options["goal"], err = goalChoices(ctx, tx, v, all)
	return err
}

// goalChoices are the goals that hold today, of all agreements.
func goalChoices(ctx context.Context, tx *pg.Tx, v *visit, all []agreement.Instrument) ([]option, error) {
	os := []option{}
	for _, in := range all {
		gs, _, err := agreement.Offered(ctx, tx, in.ID, v.Today, "", mostChoices, 1)
		if err != nil {
			return nil, err
		}
		for _, g := range gs {
			label := g.Name
			if len(all) > 1 {
				label += " (" + titled(in.Title) + ")"
			}
			os = append(os, option{g.ID.String(), label})
		}
	}
	return os, nil
}

func addGoalOptions(ctx context.Context, tx *pg.Tx, v *visit, s *sheet, all []agreement.Instrument) (err error) {
	for _, l := range v.County.Goals.Levels {
		s.Options["level"] = append(s.Options["level"], option{l.Key, capital(l.Word.In(string(v.Lang)).One)})
	}
	s.Options["parent"], err = goalChoices(ctx, tx, v, all)
	return err
}

func extendOptions(_ context.Context, _ *pg.Tx, v *visit, s *sheet, _ []agreement.Instrument) error {
	s.Options["kind"] = v.options("agreement.validity.", agreement.ValidityExtended, agreement.ValidityUntilNotice, agreement.ValidityFixed, agreement.ValidityEnded)
	return nil
}

func admitOptions(ctx context.Context, tx *pg.Tx, v *visit, s *sheet, _ []agreement.Instrument) (err error) {
	v.statusOptions(s)
	s.Options["organisation"], err = organisationOptions(ctx, tx, v, uuid.Nil)
	return err
}

func releaseOptions(ctx context.Context, tx *pg.Tx, v *visit, s *sheet, all []agreement.Instrument) error {
	s.Options["participation"] = []option{}
	for _, in := range all {
		ps, err := agreement.PartiesOn(ctx, tx, in.ID, v.Today)
		if err != nil {
			return err
		}
		for _, p := range ps.List {
			label := p.Name
			if len(all) > 1 {
				label += " (" + titled(in.Title) + ")"
			}
			s.Options["participation"] = append(s.Options["participation"], option{p.ID.String(), label})
		}
	}
	return nil
}

// keepAct makes the doing half of an act's form: the act is tried, and kept with
// the matter.
func keepAct[T any](act string) func(context.Context, *pg.Tx, *visit, int64, T) (string, error) {
	return func(ctx context.Context, tx *pg.Tx, v *visit, version int64, in T) (string, error) {
		at, err := id(v.r, "id")
		if err != nil {
			return "", err
		}
		i, err := meeting.GetItem(ctx, tx, at)
		if err != nil {
			return "", err
		}
		if r, ok := any(&in).(*releaseAct); ok {
			if r.Agreement, err = agreementOfPart(ctx, tx, v, r.Participation); err != nil {
				return "", err
			}
		}
		body, err := json.Marshal(in)
		if err != nil {
			return "", err
		}
		on := v.Today
		if i.Meeting != uuid.Nil {
			m, err := meeting.Get(ctx, tx, i.Meeting)
			if err != nil {
				return "", err
			}
			on = m.On
		}
		if err := meeting.CheckAct(ctx, tx, i.Body, on, act, body); err != nil {
			return "", inForm(err)
		}
		n := i.Matter
		n.Act, n.ActBody = act, body
		_, err = meeting.ChangeItem(ctx, tx, at, version, n)
		return string(itemAt(v, at, "?done=act_kept#does")), err
	}
}

// inForm places faults of an act's input at the fields of its form.
func inForm(err error) error {
	all := fault.All(err)
	if len(all) == 0 {
		return err
	}
	var l fault.List
	for _, f := range all {
		moved := *f
		moved.Field = strings.TrimPrefix(f.Field, "/actBody")
		l = append(l, &moved)
	}
	return l
}

// agreementOfPart is the agreement that somebody takes part in.
func agreementOfPart(ctx context.Context, tx *pg.Tx, v *visit, part uuid.UUID) (uuid.UUID, error) {
	all, _, err := agreement.List(ctx, tx, agreement.Filter{Limit: 200, Page: 1})
	if err != nil {
		return uuid.Nil, err
	}
	for _, in := range all {
		ps, err := agreement.PartiesOn(ctx, tx, in.ID, v.Today)
		if err != nil {
			return uuid.Nil, err
		}
		if slices.ContainsFunc(ps.List, func(p agreement.Party) bool { return p.ID == part }) {
			return in.ID, nil
		}
	}
	return uuid.Nil, fault.Bad("form.choice", "/participation")
}

// removeAct lets a decision do nothing in the program.
func removeAct(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	i, err := meeting.GetItem(ctx, tx, at)
	if err != nil {
		return "", err
	}
	n := i.Matter
	n.Act, n.ActBody = "", nil
	_, err = meeting.ChangeItem(ctx, tx, at, version, n)
	return string(itemAt(v, at, "?done=act_removed#does")), err
}

// does says what an act does, and to what, with the address of that.
func (v *visit) does(ctx context.Context, tx *pg.Tx, act string, input json.RawMessage) (string, templ.SafeURL, error) {
	if act == "" {
		return "", "", nil
	}
	var in struct {
		Goal, Agreement, Organisation, Participation uuid.UUID
		Name, Section                                string
	}
	_ = json.Unmarshal(input, &in)
	what, to := in.Name, templ.SafeURL("")
	if in.Agreement != uuid.Nil {
		to = agreementAt(v, in.Agreement)
	}
	var err error
	switch {
	case act == meeting.ActConfiguration:
		to = v.To("/settings/", in.Section)
		if key := "tenant.section." + in.Section; hasWords(key) {
			what = v.Of("tenant.section.", in.Section)
		}
	case !tx.May(auth.AgreementRead):
	case in.Goal != uuid.Nil:
		var g agreement.Goal
		if g, err = agreement.GetGoal(ctx, tx, in.Goal, v.Today); err == nil {
			what, to = g.Name, agreementAt(v, g.Instrument, "/goals/", g.ID.String())
		}
	case in.Participation != uuid.Nil:
		var p agreement.Participation
		if p, err = agreement.GetParticipation(ctx, tx, in.Agreement, in.Participation); err == nil {
			what, err = organisationCalled(ctx, tx, p.Organisation)
		}
	case in.Organisation != uuid.Nil:
		what, err = organisationCalled(ctx, tx, in.Organisation)
	case act == meeting.ActInstrumentExtend:
		var i agreement.Instrument
		if i, err = agreement.Get(ctx, tx, in.Agreement, v.Today); err == nil {
			what = titled(i.Title)
		}
		what += v.holding(input)
	}
	if err != nil && !fault.Is(err, "common.not_found") {
		return "", "", err
	}
	return v.Of("act.does.", act, "what", what), to, nil
}

// holding says how an agreement is to hold and until when, by what is given to
// change it.
func (v *visit) holding(input json.RawMessage) string {
	var t agreement.Term
	if json.Unmarshal(input, &t) != nil || t.Kind == "" {
		return ""
	}
	says := ", " + v.Of("agreement.validity.", t.Kind)
	if !t.Until.IsZero() {
		says += ", " + v.T("act.page.until", "until", t.Until.In(v.Lang))
	}
	return says
}

func organisationCalled(ctx context.Context, tx *pg.Tx, id uuid.UUID) (string, error) {
	if !tx.May(auth.OrganisationRead) {
		return "", nil
	}
	o, err := organisation.Get(ctx, tx, id)
	return o.Name, err
}
