package web

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

// The forms about an agreement's parts: parties, goals, networks, local agreements.

func (d *Door) partyForms(one, party string) []route {
	return slices.Concat(
		both(one+"/parties/new", form[agreement.Entry]{d, members, d.newParty, addParty}),
		both(party+"/end", form[agreement.Exit]{d, members, d.leaving, leave}),
		both(party+"/signature", form[agreement.Signing]{d, members, d.signing, sign}),
	)
}

func (d *Door) newParty(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	_, s, err := v.aboutAgreement(ctx, tx, "participation")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.add_party"), v.T("web.agreement.party_add_lead")
	s.Leaves = []leaf{
		{"who", v.T("web.agreement.party_who"), []string{v.T("web.agreement.party_note")}, []string{"organisation", "status", "from"}},
		{"roles", v.T("web.agreement.party_roles"), []string{v.T("web.agreement.party_roles_note")}, []string{"roles"}},
		{"ground", v.T("web.agreement.party_ground"), nil, []string{"ground", "source"}},
	}
	v.statusOptions(&s)
	s.Options["roles"], s.Times = v.options("organisation.type.", organisation.Types...), map[string]int{"roles": 2}
	s.Options["organisation"], err = organisationOptions(ctx, tx, v, uuid.Nil)
	return s, err
}

// statusOptions are the county's ways to take part; a word is typed where it
// has said none.
func (v *visit) statusOptions(s *sheet) {
	var os []option
	for _, st := range v.County.PartyStatuses.Statuses {
		os = append(os, option{st.Key, capital(st.Word.In(string(v.Lang)).One)})
	}
	if len(os) > 0 {
		s.Options["status"] = os
	}
}

func addParty(ctx context.Context, tx *pg.Tx, v *visit, _ int64, e agreement.Entry) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	if _, err = agreement.Join(ctx, tx, at, e); err != nil {
		return "", err
	}
	return agreementDone(v, "", "party_added#parties")
}

// aboutParty is the beginning of a form about the party that the address names.
func (v *visit) aboutParty(ctx context.Context, tx *pg.Tx, words string) (takingPart, sheet, error) {
	_, s, err := v.aboutAgreement(ctx, tx, words)
	if err != nil {
		return takingPart{}, s, err
	}
	p, err := partyAsked(ctx, tx, v)
	if err != nil {
		return p, s, err
	}
	s.Crumbs = append(s.Crumbs, crumb{p.Who.Name, string(p.At(v))})
	s.Cancel = string(p.At(v))
	return p, s, nil
}

// participationNow is the part to end, to sign for or to hand over: today's, or the last.
func (p takingPart) participationNow() agreement.Participation {
	if p.Now != nil {
		return p.Now.Participation
	}
	return p.Times[0].Participation
}

// keptExit is how a part ends, as its form is filled.
type keptExit struct {
	agreement.Exit
	Version int64 `json:"version"`
}

func (d *Door) leaving(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	p, s, err := v.aboutParty(ctx, tx, "participation_end")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.leave_title", "name", p.Who.Name), v.T("web.agreement.leave_lead")
	s.Leaves = []leaf{{"when", v.T("web.agreement.leave_when"), []string{v.T("web.agreement.leave_note")}, []string{"on", "ground"}}}
	was := p.participationNow()
	s.Thing = keptExit{agreement.Exit{On: was.ValidTo, Ground: was.EndedGround}, was.Version}
	return s, nil
}

func leave(ctx context.Context, tx *pg.Tx, v *visit, version int64, x agreement.Exit) (string, error) {
	p, err := partyAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	was := p.participationNow()
	_, err = agreement.Leave(ctx, tx, was.ID, version, x)
	if fault.Is(err, "common.changed") {
		return "", fault.Changed(keptExit{agreement.Exit{On: was.ValidTo, Ground: was.EndedGround}, was.Version})
	}
	return string(p.At(v, "?done=saved")), err
}

func (d *Door) signing(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	p, s, err := v.aboutParty(ctx, tx, "signature")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.sign_title", "name", p.Who.Name), v.T("web.agreement.sign_lead")
	s.Leaves = []leaf{
		{"who", v.T("web.agreement.signature"), []string{v.T("web.agreement.sign_note")}, []string{"when", "by", "capacity", "person"}},
		{"home", v.T("web.agreement.own_decision"), []string{v.T("web.agreement.own_decision_note")}, []string{"decision", "decided"}},
		{"whence", v.T("web.agreement.whence"), []string{v.T("web.agreement.whence_note")}, []string{"source"}},
	}
	s.Options["person"] = []option{}
	if tx.May(auth.PersonRead) {
		people, _, err := person.List(ctx, tx, person.Filter{Organisation: p.Who.ID, On: v.Today, Limit: 200, Page: 1})
		if err != nil {
			return s, err
		}
		for _, x := range people {
			s.Options["person"] = append(s.Options["person"], option{x.ID.String(), x.Name})
		}
	}
	if p.Now != nil && p.Now.Signature != nil {
		s.Lead = v.T("web.agreement.sign_again_lead")
		s.Thing = p.Now.Signature.Signing
	}
	return s, nil
}

func sign(ctx context.Context, tx *pg.Tx, v *visit, _ int64, x agreement.Signing) (string, error) {
	p, err := partyAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	how := agreement.Sign
	if p.Now != nil && p.Now.Signature != nil {
		how = agreement.CorrectSignature
	}
	if _, err := how(ctx, tx, p.participationNow().ID, x); err != nil {
		return "", err
	}
	return string(p.At(v, "?done=signed")), nil
}

// followParty lets those who came after an organisation take its place.
func followParty(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	p, err := partyAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	if _, err := agreement.FollowSuccession(ctx, tx, p.participationNow().ID, version); err != nil {
		return "", err
	}
	return agreementDone(v, "", "saved#parties")
}

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
	for n, t := range top {
		add(t.Goal, "")
		if t.Standing == 0 || n >= mostTop {
			continue
		}
		under, _, err := agreement.Tree(ctx, tx, i.ID, v.Today, t.ID, 100, 1)
		if err != nil {
			return nil, err
		}
		for _, u := range under {
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

func (d *Door) leanedOnForms(one string) []route {
	return slices.Concat(
		both(one+"/networks/new", form[agreement.Group]{d, members, d.newNetwork, addNetwork}),
		both(one+"/networks/{network}/edit", form[agreement.Group]{d, members, d.editNetwork, changeNetwork}),
		both(one+"/local-agreements/new", form[agreement.LocalCard]{d, members, d.newLocal, addLocal}),
		both(one+"/local-agreements/{local}/edit", form[agreement.LocalCard]{d, members, d.editLocal, changeLocal}),
	)
}

func (v *visit) networkSheet(ctx context.Context, tx *pg.Tx, s *sheet, i agreement.Instrument, had []uuid.UUID) (err error) {
	s.Leaves = []leaf{
		{"what", v.T("web.agreement.about"), []string{v.T("web.agreement.network_note")}, []string{"name", "purpose", "ledBy", "contact", "website"}},
		{"goals", v.T("web.agreement.works_for"), nil, []string{"goals"}},
		{"when", v.T("web.agreement.known_there"), nil, []string{"validFrom", "validTo", "source"}},
	}
	s.Kinds["purpose"] = "area"
	s.Times = map[string]int{"goals": len(had) + 2}
	if s.Options["ledBy"], err = organisationOptions(ctx, tx, v, uuid.Nil); err != nil {
		return err
	}
	s.Options["goals"], err = goalOptions(ctx, tx, v, i, uuid.Nil, had...)
	return err
}

func (d *Door) newNetwork(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "network")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.add_network"), v.T("web.agreement.network_lead")
	return s, v.networkSheet(ctx, tx, &s, i, nil)
}

func addNetwork(ctx context.Context, tx *pg.Tx, v *visit, _ int64, g agreement.Group) (string, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return "", err
	}
	g.Instrument = i.ID
	if _, err := agreement.AddNetwork(ctx, tx, g, ""); err != nil {
		return "", err
	}
	return agreementDone(v, "", "network_added#networks")
}

func (d *Door) editNetwork(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "network")
	if err != nil {
		return s, err
	}
	_, n, err := networkAsked(ctx, tx, v)
	if err != nil {
		return s, err
	}
	s.Title, s.Thing = v.T("web.agreement.edit_network", "name", n.Name), n
	s.Cancel = string(agreementAt(v, i.ID, "/networks/", n.ID.String()))
	s.Crumbs = append(s.Crumbs, crumb{n.Name, s.Cancel})
	return s, v.networkSheet(ctx, tx, &s, i, n.Goals)
}

func changeNetwork(ctx context.Context, tx *pg.Tx, v *visit, version int64, g agreement.Group) (string, error) {
	i, n, err := networkAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	g.Instrument = n.Instrument
	_, err = agreement.ChangeNetwork(ctx, tx, n.ID, version, g)
	return string(agreementAt(v, i.ID, "/networks/", n.ID.String(), "?done=saved")), err
}

func (v *visit) localSheet(ctx context.Context, tx *pg.Tx, s *sheet, had []uuid.UUID) (err error) {
	s.Leaves = []leaf{
		{"what", v.T("web.agreement.about"), []string{v.T("web.agreement.local_note")}, []string{"title", "registryNumber", "initiatedBy", "note", "link"}},
		{"parties", v.T("web.agreement.its_parties"), []string{v.T("web.agreement.its_parties_note")}, []string{"parties"}},
		{"when", v.T("web.agreement.when_holds"), nil, []string{"from", "until", "periodUnknown", "source"}},
		{"public", v.T("organisation.page.public"), nil, []string{"published"}},
	}
	s.Kinds["note"], s.Kinds["link"] = "area", "url"
	s.Times = map[string]int{"parties": len(had) + 3}
	options, err := organisationOptions(ctx, tx, v, uuid.Nil)
	for _, id := range had { // it may have ended, and is a party still
		if err == nil && !slices.ContainsFunc(options, func(o option) bool { return o.Value == id.String() }) {
			var o organisation.Organisation
			o, err = organisation.Get(ctx, tx, id)
			options = append(options, option{id.String(), o.Name})
		}
	}
	s.Options["parties"], s.Options["initiatedBy"] = options, options
	return err
}

func (d *Door) newLocal(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	_, s, err := v.aboutAgreement(ctx, tx, "local_agreement")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Thing = v.T("web.agreement.add_local"), v.T("web.agreement.local_add_lead"), agreement.LocalCard{Published: true}
	return s, v.localSheet(ctx, tx, &s, nil)
}

func addLocal(ctx context.Context, tx *pg.Tx, v *visit, _ int64, c agreement.LocalCard) (string, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return "", err
	}
	c.Instrument = i.ID
	if _, err := agreement.AddLocal(ctx, tx, c, ""); err != nil {
		return "", err
	}
	return agreementDone(v, "", "local_added#local")
}

func (d *Door) editLocal(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "local_agreement")
	if err != nil {
		return s, err
	}
	_, l, err := localAsked(ctx, tx, v)
	if err != nil {
		return s, err
	}
	s.Title, s.Thing = v.T("web.agreement.edit_local", "name", titled(l.Title)), l
	s.Cancel = string(agreementAt(v, i.ID, "/local-agreements/", l.ID.String()))
	s.Crumbs = append(s.Crumbs, crumb{titled(l.Title), s.Cancel})
	return s, v.localSheet(ctx, tx, &s, l.Parties)
}

func changeLocal(ctx context.Context, tx *pg.Tx, v *visit, version int64, c agreement.LocalCard) (string, error) {
	i, l, err := localAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	c.Instrument = l.Instrument
	_, err = agreement.ChangeLocal(ctx, tx, l.ID, version, c)
	return string(agreementAt(v, i.ID, "/local-agreements/", l.ID.String(), "?done=saved")), err
}
