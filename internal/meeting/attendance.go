package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

// Attendance is somebody at a meeting: called, come, gone. Who has come back is
// there once for each time.
type Attendance struct {
	Person      uuid.UUID  `json:"person" doc:"Who." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name        string     `json:"name" doc:"What the person is called." example:"Kim Lind"`
	Title       string     `json:"title,omitempty" doc:"The person's office." example:"Kommunstyrelsens ordförande"`
	Party       string     `json:"party,omitempty" doc:"For whom." example:"Alvesta kommun"`
	Role        string     `json:"role,omitempty" enum:",member,deputy,adjunct,guest,staff" doc:"As what the person was called. Empty: was not." example:"member"`
	Called      bool       `json:"called" doc:"Whether the person was called, and the call stands." example:"true"`
	Answer      string     `json:"answer,omitempty" enum:",yes,no,remote" doc:"What the person answered." example:"yes"`
	Here        bool       `json:"here" doc:"Whether the person is here now, or stayed to the end." example:"true"`
	Remote      bool       `json:"remote,omitempty" doc:"Whether from afar." example:"false"`
	ArrivedAt   *time.Time `json:"arrivedAt,omitempty" doc:"When the person came." example:"2027-04-15T07:31:00Z"`
	ArrivedItem uuid.UUID  `json:"arrivedItem,omitzero" doc:"The matter on the table then. Left out: before the first, or it does not matter." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	LeftAt      *time.Time `json:"leftAt,omitempty" doc:"When the person left." example:"2027-04-15T09:10:00Z"`
	LeftItem    uuid.UUID  `json:"leftItem,omitzero" doc:"The matter on the table then." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Attendances are all who were called to a meeting and all who came, in Swedish order.
func Attendances(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) ([]Attendance, error) {
	m, s, err := enter(ctx, tx, meeting, holdNone)
	if err != nil {
		return nil, err
	}
	hidden, err := veil(ctx, tx, m, s)
	if err != nil {
		return nil, err
	}
	return attendances(ctx, tx, meeting, hidden)
}

func attendances(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, hidden map[uuid.UUID]bool) ([]Attendance, error) {
	rows, err := meetingdb.New(tx).Attendances(ctx, meeting)
	if err != nil {
		return nil, err
	}
	as := make([]Attendance, len(rows))
	for i, r := range rows {
		as[i] = Attendance{Person: r.PersonID, Name: r.Name, Title: r.Title, Party: r.Party, Role: r.Role, Called: r.Called, Answer: r.Answer, Remote: r.Remote,
			Here: r.ID.Valid && r.LeftAt == nil, ArrivedAt: r.ArrivedAt, ArrivedItem: r.ArrivedItem.UUID, LeftAt: r.LeftAt, LeftItem: r.LeftItem.UUID}
		for _, item := range []*uuid.UUID{&as[i].ArrivedItem, &as[i].LeftItem} {
			if hidden[*item] {
				*item = uuid.Nil
			}
		}
	}
	return as, nil
}

// veil are the matters of a meeting that the actor may not know of.
func veil(ctx context.Context, tx *pg.Tx, m Meeting, s sight) (map[uuid.UUID]bool, error) {
	hidden := map[uuid.UUID]bool{}
	if s.secret(m) {
		return hidden, nil
	}
	items, err := meetingdb.New(tx).LiveItems(ctx, maybe(m.ID))
	for _, i := range items {
		if i.Confidential {
			hidden[i.ID] = true
		}
	}
	return hidden, err
}

// recording gives an open meeting to who leads it, to note who is there. It is
// held beside others who note something.
func recording(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Meeting, error) {
	m, s, err := enter(ctx, tx, id, holdShared)
	if err != nil {
		return m, err
	}
	if err := leads(ctx, tx, m, s); err != nil {
		return m, err
	}
	if m.Kind == KindWritten {
		return m, fault.New(fault.Conflict, "attendance.in_writing")
	}
	return m, m.in(Open)
}

// AllCame notes that all who were called came, as they answered: in the room or
// from afar, from the opening on. Those who said no are not among them, nor
// whoever has been noted already. It tells how many were.
func AllCame(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) (int, error) {
	m, err := recording(ctx, tx, meeting)
	if err != nil {
		return 0, err
	}
	q := meetingdb.New(tx)
	expected, err := q.Expected(ctx, meetingdb.ExpectedParams{MeetingID: meeting, Today: tx.Today()})
	if err != nil || len(expected) == 0 {
		return 0, err
	}
	p := meetingdb.AddAttendancesParams{MeetingID: meeting, ArrivedAt: *m.OpenedAt}
	for _, e := range expected {
		p.Ids, p.Persons, p.Remote = append(p.Ids, tx.NewID()), append(p.Persons, e.PersonID), append(p.Remote, e.Remote)
	}
	tx.Notify("meeting", meeting)
	return len(expected), q.AddAttendances(ctx, p)
}

// Presence is somebody who comes or goes.
type Presence struct {
	Person uuid.UUID `json:"person" doc:"Who. One who was not called may come too." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Remote bool      `json:"remote,omitempty" doc:"Whether from afar." example:"false"`
	At     string    `json:"at,omitempty" pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" patternDescription:"hours and minutes, as 10:20" doc:"When, in Sweden. Left out: now." example:"10:20"`
	Item   uuid.UUID `json:"item,omitzero" doc:"The matter on the table then. Left out together with the time: the one there now." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// when is the presence's instant and matter.
func (p Presence) when(ctx context.Context, tx *pg.Tx, m Meeting) (time.Time, uuid.UUID, error) {
	item := p.Item
	if item == uuid.Nil && p.At == "" {
		item = m.Item
	}
	if p.Item != uuid.Nil {
		row, err := meetingdb.New(tx).LiveItem(ctx, p.Item)
		if err == nil && row.MeetingID.UUID != m.ID {
			err = fault.Missing()
		}
		if fault.Is(err, "common.not_found") {
			err = fault.Bad("attendance.item", "/item")
		}
		if err != nil {
			return time.Time{}, item, err
		}
	}
	if p.At == "" {
		return tx.Now, item, nil
	}
	at, there := m.clock(p.At)
	switch {
	case !there:
		return at, item, fault.Bad("meeting.no_such_time", "/at").With("at", p.At, "on", m.On)
	case at.After(tx.Now):
		return at, item, fault.Bad("attendance.ahead", "/at")
	case at.Before(*m.OpenedAt):
		at = *m.OpenedAt // who was there before it was opened was there when it was
	}
	return at, item, nil
}

// Arrive notes that somebody came, or came back. For one who is here already it
// corrects how, and when only where that is said: not to after a decision in which
// the person took part.
func Arrive(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, p Presence) error {
	m, err := recording(ctx, tx, meeting)
	if err != nil {
		return err
	}
	when, item, err := p.when(ctx, tx, m)
	if err != nil {
		return err
	}
	if _, err := person.Get(ctx, tx, p.Person); err != nil {
		if fault.Is(err, "common.not_found") {
			return fault.Bad("meeting.person_unknown", "/person")
		}
		return err
	}
	q := meetingdb.New(tx)
	last, err := q.LastAttendance(ctx, meetingdb.LastAttendanceParams{MeetingID: meeting, PersonID: p.Person})
	switch {
	case fault.Is(err, "common.not_found"):
	case err != nil:
		return err
	case last.LeftAt == nil:
		if p.At == "" && p.Item == uuid.Nil {
			when, item = last.ArrivedAt, last.ArrivedItem.UUID
		}
		if err := agrees(ctx, tx, m, p.Person, func(decided time.Time) bool { return !decided.Before(last.ArrivedAt) && decided.Before(when) }); err != nil {
			return err
		}
		tx.Notify("meeting", meeting)
		return q.CorrectArrival(ctx, meetingdb.CorrectArrivalParams{ID: last.ID, Remote: p.Remote, ArrivedAt: when, ArrivedItem: maybe(item)})
	case when.Before(*last.LeftAt):
		return fault.Bad("attendance.before_leaving", "/at")
	}
	tx.Notify("meeting", meeting)
	return q.AddAttendances(ctx, meetingdb.AddAttendancesParams{Ids: []uuid.UUID{tx.NewID()}, Persons: []uuid.UUID{p.Person}, Remote: []bool{p.Remote},
		MeetingID: meeting, ArrivedAt: when, ArrivedItem: maybe(item)})
}

// agrees refuses what would say that somebody was not there when a decision was
// made in which the person took part. without tells which instants that are.
func agrees(ctx context.Context, tx *pg.Tx, m Meeting, who uuid.UUID, without func(decided time.Time) bool) error {
	times, err := meetingdb.New(tx).TookPart(ctx, meetingdb.TookPartParams{MeetingID: m.ID, PersonID: who})
	if err != nil {
		return err
	}
	for _, at := range times {
		if without(*at) {
			return fault.New(fault.Conflict, "attendance.took_part").At("/at").With("at", clockOf(at))
		}
	}
	return nil
}

// Leave notes that somebody went. For one who has gone already it corrects when:
// not to before a decision in which the person took part.
func Leave(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, p Presence) error {
	m, err := recording(ctx, tx, meeting)
	if err != nil {
		return err
	}
	when, item, err := p.when(ctx, tx, m)
	if err != nil {
		return err
	}
	q := meetingdb.New(tx)
	last, err := q.LastAttendance(ctx, meetingdb.LastAttendanceParams{MeetingID: meeting, PersonID: p.Person})
	switch {
	case fault.Is(err, "common.not_found"):
		return fault.New(fault.Conflict, "attendance.not_here").At("/person")
	case err != nil:
		return err
	case when.Before(last.ArrivedAt):
		return fault.Bad("attendance.times", "/at")
	}
	// The clock on the wall shows minutes: who went in the minute of the decision went after it.
	if err := agrees(ctx, tx, m, p.Person, func(decided time.Time) bool { return when.Before(decided.Truncate(time.Minute)) }); err != nil {
		return err
	}
	tx.Notify("meeting", meeting)
	return q.Depart(ctx, meetingdb.DepartParams{ID: last.ID, LeftAt: &when, LeftItem: maybe(item)})
}

// NeverCame takes back that somebody was there: one of those called who did not
// come, or a slip.
func NeverCame(ctx context.Context, tx *pg.Tx, meeting, who uuid.UUID) error {
	m, err := recording(ctx, tx, meeting)
	if err != nil {
		return err
	}
	if err := agrees(ctx, tx, m, who, func(time.Time) bool { return true }); err != nil {
		return err
	}
	n, err := meetingdb.New(tx).ForgetAttendance(ctx, meetingdb.ForgetAttendanceParams{MeetingID: meeting, PersonID: who})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Missing()
	}
	tx.Notify("meeting", meeting)
	return nil
}
