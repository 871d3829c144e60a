package web

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// The forms about a meeting as it is planned: its day, its change, its cancelling.

// plannedMeeting is a new meeting: only announced, or prepared at once.
type plannedMeeting struct {
	How string `json:"how" enum:"prepare,announce"`
	meeting.Date
}

func (d *Door) newMeeting(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	w := v.word(tenant.Meeting)
	s := sheet{
		Title: v.T("meeting.page.new"), Lead: v.T("meeting.page.new_lead", "meeting", w.One), Words: "meeting.form", Crumbs: []crumb{v.meetingsCrumb()},
		Leaves: append([]leaf{
			{"what", v.T("meeting.page.new_what"), []string{v.T("meeting.page.new_note")}, []string{"body", "kind", "title", "how"}},
		}, v.plannedLeaves()...),
		Submit: v.T("meeting.page.new_do"), Cancel: string(v.To(meetingsAt)), Kinds: plannedKinds(), Options: map[string][]option{},
		Thing: plannedMeeting{How: "prepare", Date: meeting.Date{Kind: meeting.KindMeeting}},
	}
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return s, err
	}
	for _, b := range v.County.Bodies.Bodies {
		s.Options["body"] = append(s.Options["body"], option{b.Key, v.bodyName(b)})
	}
	if len(s.Options["body"]) == 1 {
		s.Thing = plannedMeeting{How: "prepare", Date: meeting.Date{Kind: meeting.KindMeeting, Body: s.Options["body"][0].Value}}
	}
	return s, v.leaderOptions(ctx, tx, &s)
}

// plannedLeaves are the parts of a form about when, where and by whom a meeting is held.
func (v *visit) plannedLeaves() []leaf {
	return []leaf{
		{"when", v.T("meeting.page.when"), []string{v.T("meeting.page.when_note")}, []string{"on", "begins", "ends"}},
		{"where", v.T("meeting.page.where"), []string{v.T("meeting.page.where_note")}, []string{"location", "link"}},
		{"called", v.T("meeting.page.to_called"), []string{v.T("meeting.page.to_called_note")}, []string{"note", "answerBy"}},
		{"who", v.T("meeting.page.leads"), []string{v.T("meeting.page.leads_note")}, []string{"chair", "secretary", "registryNumber"}},
	}
}

// writtenLeaves are plannedLeaves of a written procedure.
func (v *visit) writtenLeaves() []leaf {
	return []leaf{
		{"when", v.T("meeting.page.when"), []string{v.T("meeting.page.when_note")}, []string{"on"}},
		{"called", v.T("meeting.page.to_called"), nil, []string{"note"}},
		{"who", v.T("meeting.page.leads"), []string{v.T("meeting.page.leads_note")}, []string{"chair", "secretary", "registryNumber"}},
	}
}

func plannedKinds() map[string]string {
	return map[string]string{"begins": "time", "ends": "time", "note": "area", "link": "url"}
}

// leaderOptions are the people among whom chair and secretary are chosen.
func (v *visit) leaderOptions(ctx context.Context, tx *pg.Tx, s *sheet) error {
	people, err := peopleOptions(ctx, tx)
	s.Options["chair"], s.Options["secretary"] = people, people
	return err
}

// peopleOptions are those who are there today, to choose among.
func peopleOptions(ctx context.Context, tx *pg.Tx, but ...uuid.UUID) ([]option, error) {
	if !tx.May(auth.PersonRead) {
		return []option{}, nil
	}
	all, _, err := person.List(ctx, tx, person.Filter{Limit: 1000, Page: 1})
	os := make([]option, 0, len(all))
	for _, p := range all {
		if slices.Contains(but, p.ID) {
			continue
		}
		o := option{p.ID.String(), p.Name}
		if p.OrganisationName != "" {
			o.Label += ", " + p.OrganisationName
		}
		os = append(os, o)
	}
	return os, err
}

func planMeeting(ctx context.Context, tx *pg.Tx, v *visit, _ int64, n plannedMeeting) (string, error) {
	plan, done := meeting.Prepare, "meeting_prepared"
	if n.How == "announce" {
		plan, done = meeting.Announce, "meeting_announced"
	}
	p, err := plan(ctx, tx, n.Date)
	return string(meetingAt(v, p.Meeting.ID, "?done=", done)), err
}

// aboutMeeting is the beginning of a form about the meeting that the address
// names, for whoever makes meetings.
func (v *visit) aboutMeeting(ctx context.Context, tx *pg.Tx, words string) (meeting.Meeting, sheet, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return meeting.Meeting{}, sheet{}, err
	}
	m, err := meeting.Get(ctx, tx, at)
	if err != nil {
		return m, sheet{}, err
	}
	s := sheet{Words: words, Crumbs: []crumb{v.meetingsCrumb(), {v.meetingName(m), string(meetingAt(v, at))}}, Cancel: string(meetingAt(v, at)), Submit: v.T("form.save"),
		Options: map[string][]option{}, Kinds: map[string]string{}, Version: m.Version}
	return m, s, tx.Require(auth.MeetingPrepare)
}

// now refuses a form about a meeting that has come too far for it, before
// anything is typed.
func now(m meeting.Meeting, states ...meeting.State) error {
	if slices.Contains(states, m.State) {
		return nil
	}
	return fault.New(fault.Conflict, "meeting.not_now")
}

func (d *Door) editMeeting(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	m, s, err := v.aboutMeeting(ctx, tx, "meeting.form")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("meeting.page.edit", "name", v.meetingName(m)), v.T("meeting.page.edit_lead")
	if m.State == meeting.Called {
		s.Lead = v.T("meeting.page.edit_lead_called")
	}
	s.Leaves, s.Thing, s.Kinds, s.Hidden = v.plannedLeaves(), m, plannedKinds(), []string{"body", "kind"}
	if m.Kind == meeting.KindWritten { // nobody says whether he comes, and the day is the last one to answer
		s.Leaves = v.writtenLeaves()
	}
	s.Leaves[0].Fields = append([]string{"title"}, s.Leaves[0].Fields...)
	if err := v.leaderOptions(ctx, tx, &s); err != nil {
		return s, err
	}
	return s, now(m, meeting.Announced, meeting.Drafted, meeting.Called)
}

func changeMeeting(ctx context.Context, tx *pg.Tx, v *visit, version int64, n meeting.Date) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	p, err := meeting.Change(ctx, tx, at, version, n)
	done := "saved"
	if p.Meeting.State == meeting.Called {
		done = "meeting_changed"
	}
	return string(meetingAt(v, at, "?done=", done)), err
}

func (d *Door) cancelling(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	m, s, err := v.aboutMeeting(ctx, tx, "meeting.form")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("meeting.page.cancel", "name", v.meetingName(m)), v.T("meeting.page.cancel_lead")
	if m.State == meeting.Called {
		s.Lead = v.T("meeting.page.cancel_lead_called")
	}
	s.Leaves = []leaf{{"why", v.T("meeting.page.why"), []string{v.T("meeting.page.cancel_note")}, []string{"reason"}}}
	s.Kinds["reason"], s.Submit = "area", v.T("meeting.page.cancel_do")
	return s, now(m, meeting.Announced, meeting.Drafted, meeting.Called)
}

func (d *Door) invitingGuest(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	m, s, err := v.aboutMeeting(ctx, tx, "meeting.guest")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("meeting.page.guest"), v.T("meeting.page.guest_lead", "name", v.meetingName(m)), v.T("meeting.page.guest_do")
	s.Leaves = []leaf{{"who", v.T("meeting.page.guest_who"), []string{v.T("meeting.page.guest_note")}, []string{"person", "role"}}}
	s.Version = 0
	invited, err := meeting.Invitations(ctx, tx, m.ID)
	if err != nil {
		return s, err
	}
	var called []uuid.UUID
	for _, i := range invited {
		if i.WithdrawnAt == nil {
			called = append(called, i.Person)
		}
	}
	if s.Options["person"], err = peopleOptions(ctx, tx, called...); err != nil {
		return s, err
	}
	return s, now(m, meeting.Called, meeting.Open)
}

func inviteGuest(ctx context.Context, tx *pg.Tx, v *visit, _ int64, g meeting.Guest) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = meeting.InviteGuest(ctx, tx, at, g)
	return string(meetingAt(v, at, "?done=guest_called#called")), err
}

// meetingOptions are a body's coming meetings that can still take up a matter.
func (v *visit) meetingOptions(ctx context.Context, tx *pg.Tx, body string, but uuid.UUID) ([]option, error) {
	ms, _, err := meeting.List(ctx, tx, meeting.Filter{Body: body, From: v.Today, Rising: true, Limit: perPage, Page: 1,
		States: []meeting.State{meeting.Announced, meeting.Drafted, meeting.Called, meeting.Open}})
	os := []option{}
	for _, m := range ms {
		if m.ID != but {
			_, state := v.meetingState(m)
			os = append(os, option{m.ID.String(), v.meetingName(m) + ", " + state})
		}
	}
	return os, err
}
