package meeting

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Notice is how a meeting is called.
type Notice struct {
	LateReason string      `json:"lateReason,omitempty" maxLength:"1000" doc:"Why it is called later than the body's rule says. The minutes print it." example:"Beslutet från regeringen kom den 8 april"`
	Guests     []uuid.UUID `json:"guests,omitempty" maxItems:"50" nullable:"false" doc:"Whom to call beside those who sit." example:"[\"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20\"]"`
}

// Preview is what a call would say and to whom, told before anything is sent.
type Preview struct {
	Meeting  Meeting         `json:"meeting" doc:"The meeting."`
	Called   []Invited       `json:"invitees" nullable:"false" doc:"Who is called."`
	Vacant   []Empty         `json:"vacantPlaces" nullable:"false" doc:"The places that nobody holds."`
	Alone    []Empty         `json:"deputylessPlaces" nullable:"false" doc:"The places that somebody holds and that have no deputy, where the body has deputies."`
	Unmailed []Invited       `json:"unreachables" nullable:"false" doc:"Those among the called who have no address that mail reaches."`
	Agenda   []Item          `json:"agenda" nullable:"false" doc:"What is to be taken up."`
	By       day.Day         `json:"by,omitzero" doc:"The last day on which it can be called in time. Left out: the body demands nothing." example:"2027-04-01"`
	Late     bool            `json:"late" doc:"Whether that day has passed." example:"false"`
	Stopped  bool            `json:"stopped" doc:"Whether the body's rule stops a call that comes late." example:"false"`
	Warnings []fault.Warning `json:"warnings" nullable:"false" doc:"What is worth a look."`
}

// Invited is somebody who is called, as what.
type Invited struct {
	Person uuid.UUID `json:"person" doc:"Who." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name   string    `json:"name" doc:"What the person is called." example:"Kim Lind"`
	Role   string    `json:"role" enum:"member,deputy,adjunct,guest,staff" doc:"As what." example:"member"`
	Place  string    `json:"place,omitempty" doc:"The place, by key." example:"municipality/alvesta"`
	Party  string    `json:"party,omitempty" doc:"What the party is called." example:"Alvesta kommun"`

	mandate, organisation uuid.UUID
	email                 string
}

// Empty is a place that lacks somebody.
type Empty struct {
	Place string  `json:"place" doc:"The place, by key." example:"municipality/alvesta"`
	Name  string  `json:"name" doc:"What it is called." example:"Alvesta kommun"`
	Since day.Day `json:"since,omitzero" doc:"Since which day nobody holds it, where that is known." example:"2027-02-01"`
}

// Foresee tells what a call would say and to whom. Nothing is sent.
func Foresee(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Preview, error) {
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return Preview{}, err
	}
	m, err := get(ctx, tx, id)
	if err != nil {
		return Preview{}, err
	}
	return foresee(ctx, tx, m, nil)
}

func foresee(ctx context.Context, tx *pg.Tx, m Meeting, guests []uuid.UUID) (Preview, error) {
	b, ok := bodyOf(tx, m.Body, m.On)
	if !ok {
		return Preview{}, fault.Bad("meeting.body_unknown", "/body").With("body", m.Body, "on", m.On)
	}
	pl, err := planned(ctx, tx, m)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Meeting: m, Vacant: []Empty{}, Alone: []Empty{}, Unmailed: []Invited{}, Warnings: []fault.Warning{}, By: CallBy(b, m)}
	for _, w := range pl.Warnings {
		if w.Key != "meeting.late_by_now" { // told by Late
			p.Warnings = append(p.Warnings, w)
		}
	}
	p.Late = !p.By.IsZero() && tx.Today().After(p.By)
	p.Stopped = p.Late && b.Rules.Notice.Late == tenant.LateStops
	sitting, err := governance.Members(ctx, tx, m.Body, m.On)
	if err != nil {
		return Preview{}, err
	}
	if p.Called, err = whom(ctx, tx, m, sitting, guests); err != nil {
		return Preview{}, err
	}
	for _, i := range p.Called {
		if i.email == "" {
			p.Unmailed = append(p.Unmailed, i)
		}
	}
	for _, lead := range []struct {
		who uuid.UUID
		key string
	}{{m.Chair, "meeting.chair_left"}, {m.Secretary, "meeting.secretary_left"}} {
		if lead.who != uuid.Nil && !slices.ContainsFunc(p.Called, func(i Invited) bool { return i.Person == lead.who }) {
			p.Warnings = append(p.Warnings, warning(lead.key, "on", m.On))
		}
	}
	deputies := b.Rules.Deputies.Form != "" && b.Rules.Deputies.Form != tenant.DeputiesNone
	for _, s := range sitting {
		e := Empty{Place: s.Key, Name: s.Name(string(text.Swedish)), Since: s.VacantSince}
		switch {
		case s.Seat.Standing == tenant.SeatGuest:
		case s.Vacant():
			p.Vacant = append(p.Vacant, e)
		case deputies && s.Votes() && len(s.Deputies) == 0:
			p.Alone = append(p.Alone, e)
		}
	}
	if p.Agenda, err = agenda(ctx, tx, m, true); err != nil {
		return Preview{}, err
	}
	if len(p.Agenda) == 0 {
		p.Warnings = append(p.Warnings, warning("meeting.agenda_empty"))
	}
	for _, i := range p.Agenda {
		p.Warnings = append(p.Warnings, placed(tx, i, m.On).Warnings...)
	}
	return p, nil
}

// whom lists those who are called: who holds each place, then chair and
// secretary, then guests. One who holds several places is called once, for the
// first that votes.
func whom(ctx context.Context, tx *pg.Tx, m Meeting, sitting []governance.Member, guests []uuid.UUID) ([]Invited, error) {
	called := []Invited{}
	at := map[uuid.UUID]int{}
	add := func(i Invited) {
		if n, twice := at[i.Person]; twice {
			if called[n].Role != "member" && i.Role == "member" {
				called[n] = i
			}
			return
		}
		at[i.Person] = len(called)
		called = append(called, i)
	}
	for _, s := range sitting {
		if s.Vacant() {
			continue
		}
		add(Invited{Person: s.Holder.Person, Name: s.Holder.Name, Role: roleAt(s.Place), Place: s.Key, Party: s.Holder.Party, mandate: s.Holder.ID, organisation: s.Holder.Organisation})
	}
	for _, who := range []uuid.UUID{m.Chair, m.Secretary} {
		if who != uuid.Nil {
			add(Invited{Person: who, Role: "staff"})
		}
	}
	for _, who := range guests {
		add(Invited{Person: who, Role: "guest"})
	}
	standing := called[:0]
	for _, i := range called {
		p, err := person.Get(ctx, tx, i.Person)
		if err != nil && !fault.Is(err, "common.not_found") {
			return nil, err
		}
		if err != nil || !p.StandsOn(later(m.On, tx.Today())) {
			if i.Role == "staff" { // whoever calls the meeting is told
				continue
			}
			return nil, fault.Bad("meeting.person_unknown", "/guests")
		}
		i.Name, i.email = p.Name, p.Email
		standing = append(standing, i)
	}
	return standing, nil
}

// roleAt is as what the holder of a place is called.
func roleAt(p governance.Place) string {
	switch p.Seat.Standing {
	case tenant.SeatAdjunct:
		return "adjunct"
	case tenant.SeatGuest:
		return "guest"
	}
	return "member"
}

// Calling is a meeting as it has been called.
type Calling struct {
	Meeting Meeting   `json:"meeting" doc:"The meeting."`
	Called  []Invited `json:"invitees" nullable:"false" doc:"Who was called."`
	Vacant  []Empty   `json:"vacantPlaces" nullable:"false" doc:"The places that nobody holds."`
	Alone   []Empty   `json:"deputylessPlaces" nullable:"false" doc:"The places that have no deputy, where the body has deputies."`
}

// Call calls a meeting: its agenda is kept as it is now, and who holds the body's
// places that day is invited, with a copy to each party's functional mailbox. A
// call that comes later than the body's rule says is stopped, or needs a reason
// that the minutes print.
func Call(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, n Notice) (Calling, error) {
	m, err := changeable(ctx, tx, id, version)
	if err != nil {
		return Calling{}, err
	}
	switch {
	case m.State == Announced:
		return Calling{}, fault.New(fault.Conflict, "meeting.not_prepared")
	case m.State != Drafted:
		return Calling{}, fault.New(fault.Conflict, "meeting.called_already")
	case m.over(tx.Now):
		return Calling{}, fault.New(fault.Conflict, "meeting.in_the_past").With("on", m.On)
	}
	n.LateReason = trimmed(n.LateReason)
	p, err := foresee(ctx, tx, m, n.Guests)
	switch {
	case err != nil:
		return Calling{}, err
	case p.Stopped:
		return Calling{}, fault.New(fault.Conflict, "meeting.late_stops").With("by", p.By, "on", m.On, "body", m.BodyName)
	case p.Late && n.LateReason == "":
		return Calling{}, fault.Bad("meeting.late_why", "/lateReason").With("by", p.By, "on", m.On)
	case len(p.Called) == 0:
		return Calling{}, fault.New(fault.Conflict, "meeting.nobody_to_call").With("body", m.BodyName, "on", m.On)
	}
	if !p.Late {
		n.LateReason = ""
	}
	b, _ := bodyOf(tx, m.Body, m.On)
	q := meetingdb.New(tx)
	public := b.Rules.Public.Date == tenant.PublicAnnounced || b.Rules.Public.Date == tenant.PublicCalled
	row, err := q.CalledMeeting(ctx, meetingdb.CalledMeetingParams{ID: id, CalledAt: &tx.Now, LateReason: n.LateReason, Published: public})
	if err != nil {
		return Calling{}, at(err)
	}
	m = made(tx, row)
	if err := freeze(ctx, tx, m, p.Agenda); err != nil {
		return Calling{}, err
	}
	if err := publishAt(ctx, tx, m, tenant.PublicCalled); err != nil {
		return Calling{}, err
	}
	for _, i := range p.Called {
		if _, err := invite(ctx, tx, m, i, uuid.Nil); err != nil {
			return Calling{}, err
		}
	}
	if err := tell(ctx, tx, m, parcel{event: mailCall}); err != nil {
		return Calling{}, err
	}
	tx.Notify("meeting", id)
	return Calling{Meeting: m, Called: p.Called, Vacant: p.Vacant, Alone: p.Alone}, remind(ctx, tx, m)
}

// freeze keeps an agenda as it is called.
func freeze(ctx context.Context, tx *pg.Tx, m Meeting, items []Item) error {
	if len(items) == 0 {
		return nil
	}
	k := meetingdb.KeepCalledParams{MeetingID: maybe(m.ID), Sequence: int32(m.Sequence)} //nolint:gosec // counted one by one
	for _, i := range items {
		k.Ids, k.Items = append(k.Ids, tx.NewID()), append(k.Items, i.ID)
	}
	return meetingdb.New(tx).KeepCalled(ctx, k)
}

// recall tells those who were called of a change of day, time or place, and calls
// who holds a place on a new day in place of those who do not.
func recall(ctx context.Context, tx *pg.Tx, was, m Meeting, told bool) error {
	q := meetingdb.New(tx)
	if told && (m.On != was.On || m.Begins != was.Begins) {
		if err := q.ForgetAnswers(ctx, m.ID); err != nil {
			return err
		}
	}
	if told {
		if err := tell(ctx, tx, m, parcel{event: mailChange, was: new(was.occasion())}); err != nil {
			return err
		}
	}
	if m.On != was.On {
		if err := reseat(ctx, tx, m, func(governance.Member) bool { return true }); err != nil {
			return err
		}
	}
	if m.On != was.On || m.Chair != was.Chair || m.Secretary != was.Secretary {
		sitting, err := governance.Members(ctx, tx, m.Body, m.On)
		if err != nil {
			return err
		}
		called, err := whom(ctx, tx, m, sitting, nil)
		if err != nil {
			return err
		}
		var fresh []uuid.UUID
		for _, i := range called {
			new, err := invite(ctx, tx, m, i, uuid.Nil)
			if err != nil {
				return err
			}
			if new {
				fresh = append(fresh, i.Person)
			}
		}
		if err := post(ctx, tx, m, parcel{event: mailCall, people: fresh, calendar: true}); err != nil {
			return err
		}
	}
	if m.AnswerBy != was.AnswerBy || m.On != was.On {
		return remind(ctx, tx, m)
	}
	return nil
}

// invite writes who is called, once for each person; new tells that he was not.
func invite(ctx context.Context, tx *pg.Tx, m Meeting, i Invited, instead uuid.UUID) (new bool, err error) {
	n, err := meetingdb.New(tx).Invite(ctx, meetingdb.InviteParams{ID: tx.NewID(), MeetingID: m.ID, PersonID: i.Person, MandateID: maybe(i.mandate), Role: i.Role,
		Place: i.Place, OrganisationID: maybe(i.organisation), InsteadOf: maybe(instead), InvitedAt: tx.Now})
	return n > 0, err
}

// remindDays is how long before the last day to answer the silent are reminded.
const remindDays = 2

// remind has the silent reminded before the last day to answer.
func remind(ctx context.Context, tx *pg.Tx, m Meeting) error {
	if m.Kind == KindWritten || m.AnswerBy.IsZero() || m.AnswerBy.Before(tx.Today()) {
		return nil
	}
	at := m.AnswerBy.Add(-remindDays).Start().Add(8 * time.Hour)
	if !at.After(tx.Now) {
		return nil // they have just been asked
	}
	return tx.EnqueueAt(ctx, Reminder{Meeting: m.ID}, at)
}

// seated tells whether a role has a place at the table.
func seated(role string) bool { return slices.Contains([]string{"member", "deputy", "adjunct"}, role) }
