package web

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// The forms about a matter: on an agenda, proposed, or waiting.

func (d *Door) itemForms(items, item string) []route {
	return slices.Concat(
		both(items+"/new", form[meeting.Proposal]{d, members, d.proposing, propose}),
		both(item+"/edit", form[meeting.Matter]{d, members, d.editItem, changeItem}),
		both(item+"/accept", form[meeting.Acceptance]{d, members, d.accepting, upon(meeting.Accept, itemAt, "?done=item_accepted")}),
		both(item+"/decline", form[meeting.Refusal]{d, members, d.declining, upon(meeting.Decline, itemAt, "?done=item_declined")}),
		both(item+"/withdraw", form[meeting.Refusal]{d, members, d.withdrawingItem, upon(meeting.Withdraw, itemAt, "?done=item_withdrawn")}),
		both(item+"/defer", form[meeting.Postponement]{d, members, d.deferring, upon(meeting.Defer, itemAt, "?done=item_deferred")}),
		both(item+"/place", form[placing]{d, members, d.placingItem, placeItem}),
		both(item+"/hand-on", form[meeting.Transfer]{d, members, d.handingOn, upon(meeting.HandOn, itemAt, "?done=item_handed_on")}),
	)
}

// matterLeaves are the parts of a form about a matter.
func (v *visit) matterLeaves() []leaf {
	return []leaf{
		{"what", v.T("agenda_item.page.what"), []string{v.T("agenda_item.page.what_note")}, []string{"kind", "title", "background"}},
		{"proposal", v.T("agenda_item.page.proposal"), []string{v.T("agenda_item.page.proposal_note")}, []string{"proposal"}},
		{"how", v.T("agenda_item.page.how"), []string{v.T("agenda_item.page.how_note")}, []string{"rapporteur", "duration", "organisation", "preparedBy", "registryNumber"}},
		{"who", v.T("agenda_item.page.who_sees"), []string{v.T("agenda_item.page.confidential_note")}, []string{"confidential"}},
	}
}

func matterKinds() map[string]string {
	return map[string]string{"background": "area", "proposal": "area"}
}

// matterOptions are what a matter's form lets one choose among.
func (v *visit) matterOptions(ctx context.Context, tx *pg.Tx, s *sheet) (err error) {
	for _, b := range v.County.Bodies.Bodies {
		s.Options["preparedBy"] = append(s.Options["preparedBy"], option{b.Key, v.bodyName(b)})
	}
	if tx.May(auth.OrganisationRead) {
		s.Options["organisation"], err = partyOptions(ctx, tx, v, auth.MeetingPropose)
	}
	return err
}

func (d *Door) newItem(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	m, s, err := v.aboutMeeting(ctx, tx, "agenda_item.form")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("agenda_item.page.add"), v.T("agenda_item.page.add_lead", "name", v.meetingName(m)), v.T("agenda_item.page.add")
	s.Leaves, s.Kinds, s.Version = v.matterLeaves(), matterKinds(), 0
	s.Thing = meeting.Matter{Kind: meeting.ForInformation}
	if err := v.matterOptions(ctx, tx, &s); err != nil {
		return s, err
	}
	return s, now(m, meeting.Announced, meeting.Drafted, meeting.Called, meeting.Open)
}

func putItem(ctx context.Context, tx *pg.Tx, v *visit, _ int64, n meeting.Matter) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	p, err := meeting.Put(ctx, tx, at, n)
	return string(itemAt(v, p.Item.ID, "?done=item_added")), err
}

func (d *Door) proposing(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s := sheet{
		Title: v.T("agenda_item.page.propose"), Lead: v.T("agenda_item.page.propose_lead"), Words: "agenda_item.form",
		Crumbs: []crumb{v.meetingsCrumb(), {v.T("agenda_item.page.waiting"), string(v.To(itemsAt))}},
		Leaves: append([]leaf{{"whose", v.T("agenda_item.page.whose"), []string{v.T("agenda_item.page.whose_note")}, []string{"body", "organisation"}}}, v.matterLeaves()...),
		Submit: v.T("agenda_item.page.propose_do"), Cancel: string(v.To(itemsAt)), Kinds: matterKinds(), Options: map[string][]option{},
	}
	if err := mustAct(tx, auth.MeetingPropose); err != nil {
		return s, err
	}
	s.Leaves[3].Fields = []string{"rapporteur", "duration"}
	for _, b := range v.County.Bodies.Bodies {
		s.Options["body"] = append(s.Options["body"], option{b.Key, v.bodyName(b)})
	}
	p := meeting.Proposal{Matter: meeting.Matter{Kind: meeting.ForDiscussion, Organisation: tx.Party()}}
	if slices.ContainsFunc(s.Options["body"], func(o option) bool { return o.Value == v.Asked("body") }) {
		p.Body = v.Asked("body")
	}
	s.Thing = p
	return s, v.matterOptions(ctx, tx, &s)
}

func propose(ctx context.Context, tx *pg.Tx, v *visit, _ int64, p meeting.Proposal) (string, error) {
	made, err := meeting.Propose(ctx, tx, p)
	done := "item_proposed"
	if slices.ContainsFunc(made.Warnings, func(w fault.Warning) bool { return w.Key == "agenda_item.after_deadline" }) {
		done = "item_proposed_late"
	}
	return string(itemAt(v, made.Item.ID, "?done=", done)), err
}

// aboutItem is the beginning of a form about the matter that the address names.
func (v *visit) aboutItem(ctx context.Context, tx *pg.Tx, words string) (meeting.Detail, sheet, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return meeting.Detail{}, sheet{}, err
	}
	i, err := meeting.GetItem(ctx, tx, at)
	if err != nil {
		return i, sheet{}, err
	}
	s := sheet{Words: words, Crumbs: v.inItem(tx, i.Item), Cancel: string(itemAt(v, at)), Submit: v.T("form.save"), Options: map[string][]option{}, Kinds: map[string]string{}, Version: i.Version}
	s.Crumbs = append(s.Crumbs, crumb{i.Title, string(itemAt(v, at))})
	return i, s, nil
}

// ofMaker is aboutItem for whoever makes meetings.
func (v *visit) ofMaker(ctx context.Context, tx *pg.Tx, words string, states ...string) (meeting.Detail, sheet, error) {
	i, s, err := v.aboutItem(ctx, tx, words)
	if err != nil {
		return i, s, err
	}
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return i, s, err
	}
	if !slices.Contains(states, i.State) {
		return i, s, fault.New(fault.Conflict, "agenda_item.not_now").With("state", i.State)
	}
	return i, s, nil
}

// inItem leads back to where a matter stands: its meeting, or what waits.
func (v *visit) inItem(tx *pg.Tx, i meeting.Item) []crumb {
	cs := []crumb{v.meetingsCrumb()}
	if i.Meeting != uuid.Nil {
		return append(cs, crumb{v.bodyCalled(tx.County, i.Body), string(meetingAt(v, i.Meeting, "#agenda"))})
	}
	return append(cs, crumb{v.T("agenda_item.page.waiting"), string(v.To(itemsAt))})
}

func (d *Door) editItem(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutItem(ctx, tx, "agenda_item.form")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("agenda_item.page.edit", "title", i.Title), v.T("agenda_item.page.edit_lead")
	s.Leaves, s.Kinds, s.Thing, s.Hidden = v.matterLeaves(), matterKinds(), i.Item, []string{"act"}
	if !tx.May(auth.MeetingPrepare) {
		if i.State != meeting.ItemProposed {
			return s, fault.New(fault.Conflict, "agenda_item.answered_already")
		}
		s.Leaves[2].Fields = []string{"rapporteur", "duration"}
		s.Hidden = append(s.Hidden, "organisation", "preparedBy", "registryNumber")
		if i.ProposedAt == nil || !tx.MayAnywhere(auth.MeetingPropose) {
			return s, tx.Require(auth.MeetingPrepare)
		}
	}
	return s, v.matterOptions(ctx, tx, &s)
}

// changeItem keeps what a decision does, which has a form of its own.
func changeItem(ctx context.Context, tx *pg.Tx, v *visit, version int64, n meeting.Matter) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	i, err := meeting.GetItem(ctx, tx, at)
	if err != nil {
		return "", err
	}
	n.Act, n.ActBody = i.Act, i.ActBody
	if n.Kind != meeting.ForDecision {
		n.Act, n.ActBody = "", nil
	}
	_, err = meeting.ChangeItem(ctx, tx, at, version, n)
	return string(itemAt(v, at, "?done=saved")), err
}

func (d *Door) accepting(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.ofMaker(ctx, tx, "agenda_item.form", meeting.ItemProposed)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("agenda_item.page.accept", "title", i.Title), v.T("agenda_item.page.accept_lead"), v.T("agenda_item.page.accept_do")
	s.Leaves = []leaf{{"where", v.T("agenda_item.page.where"), []string{v.T("agenda_item.page.where_note")}, []string{"meeting", "reason"}}}
	s.Kinds["reason"] = "area"
	s.Options["meeting"], err = v.meetingOptions(ctx, tx, i.Body, uuid.Nil)
	return s, err
}

func (d *Door) declining(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.ofMaker(ctx, tx, "agenda_item.form", meeting.ItemProposed)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("agenda_item.page.decline", "title", i.Title), v.T("agenda_item.page.decline_lead"), v.T("agenda_item.page.decline_do")
	v.reasoned(&s)
	return s, nil
}

// reasoned lets a form ask for a reason alone.
func (v *visit) reasoned(s *sheet) {
	s.Leaves = []leaf{{"why", v.T("meeting.page.why"), []string{v.T("agenda_item.page.why_note")}, []string{"reason"}}}
	s.Kinds["reason"] = "area"
}

func (d *Door) withdrawingItem(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutItem(ctx, tx, "agenda_item.form")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("agenda_item.page.withdraw", "title", i.Title), v.T("agenda_item.page.withdraw_lead"), v.T("agenda_item.page.withdraw_do")
	v.reasoned(&s)
	switch {
	case !tx.May(auth.MeetingPrepare) && (i.ProposedAt == nil || !tx.MayAnywhere(auth.MeetingPropose)):
		return s, tx.Require(auth.MeetingPrepare)
	case !tx.May(auth.MeetingPrepare) && i.State != meeting.ItemProposed:
		return s, fault.New(fault.Conflict, "agenda_item.answered_already")
	}
	return s, nil
}

func (d *Door) deferring(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.ofMaker(ctx, tx, "agenda_item.form", meeting.ItemPlanned)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("agenda_item.page.defer", "title", i.Title), v.T("agenda_item.page.defer_lead"), v.T("agenda_item.page.defer_do")
	s.Leaves = []leaf{{"when", v.T("agenda_item.page.where"), []string{v.T("agenda_item.page.where_note")}, []string{"meeting", "reason"}}}
	s.Kinds["reason"] = "area"
	s.Options["meeting"], err = v.meetingOptions(ctx, tx, i.Body, i.Meeting)
	return s, err
}

// placing is the meeting that takes a matter up.
type placing struct {
	Meeting uuid.UUID `json:"meeting"`
}

func (d *Door) placingItem(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.ofMaker(ctx, tx, "agenda_item.form", meeting.ItemWaiting, meeting.ItemPlanned, meeting.ItemPostponed)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("agenda_item.page.place", "title", i.Title), v.T("agenda_item.page.place_lead"), v.T("agenda_item.page.place_do")
	s.Leaves = []leaf{{"where", v.T("agenda_item.page.where"), nil, []string{"meeting"}}}
	s.Options["meeting"], err = v.meetingOptions(ctx, tx, i.Body, i.Meeting)
	return s, err
}

func placeItem(ctx context.Context, tx *pg.Tx, v *visit, version int64, p placing) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	placed, err := meeting.Place(ctx, tx, at, version, p.Meeting)
	return string(itemAt(v, placed.Item.ID, "?done=item_placed")), err
}

func (d *Door) handingOn(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.ofMaker(ctx, tx, "agenda_item.form", meeting.ItemWaiting, meeting.ItemPlanned, meeting.ItemOnTable, meeting.ItemHandled)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("agenda_item.page.hand_on", "title", i.Title), v.T("agenda_item.page.hand_on_lead"), v.T("agenda_item.page.hand_on_do")
	s.Leaves = []leaf{
		{"where", v.T("agenda_item.page.where"), []string{v.T("agenda_item.page.hand_on_note")}, []string{"body", "meeting"}},
		{"as", v.T("agenda_item.page.hand_on_as"), []string{v.T("agenda_item.page.hand_on_as_note")}, []string{"kind", "proposal"}},
	}
	s.Kinds["proposal"] = "area"
	s.Thing = meeting.Transfer{Kind: i.Kind, Proposal: i.Proposal}
	s.Options["body"], s.Options["meeting"] = []option{}, []option{}
	for _, key := range bodyOn(tx, i.Body, v.Today).PreparesFor {
		name := v.bodyCalled(tx.County, key)
		s.Options["body"] = append(s.Options["body"], option{key, name})
		ms, err := v.meetingOptions(ctx, tx, key, uuid.Nil)
		if err != nil {
			return s, err
		}
		s.Options["meeting"] = append(s.Options["meeting"], ms...)
	}
	if bs := s.Options["body"]; len(bs) == 1 {
		s.Thing = meeting.Transfer{Body: bs[0].Value, Kind: i.Kind, Proposal: i.Proposal}
	}
	return s, nil
}

// moveItem is the button that moves a matter one step on its agenda. version is
// the meeting's.
func moveItem(by int) func(context.Context, *pg.Tx, *visit, int64) (string, error) {
	return func(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
		at, err := id(v.r, "id")
		if err != nil {
			return "", err
		}
		i, err := meeting.GetItem(ctx, tx, at)
		if err != nil {
			return "", err
		}
		if i.Meeting == uuid.Nil {
			return "", fault.New(fault.Conflict, "agenda_item.not_now").With("state", i.State)
		}
		all, err := meeting.Agenda(ctx, tx, i.Meeting)
		if err != nil {
			return "", err
		}
		order := make([]uuid.UUID, len(all))
		for n, o := range all {
			order[n] = o.ID
		}
		if from := slices.Index(order, at); from >= 0 && from+by >= 0 && from+by < len(order) {
			order[from], order[from+by] = order[from+by], order[from]
		}
		_, err = meeting.Arrange(ctx, tx, i.Meeting, version, order)
		return string(meetingAt(v, i.Meeting, "?done=saved#agenda")), err
	}
}
