package meeting

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// A written procedure is called like a meeting; the answers are votes, until its
// last day. One objection stops it in that matter, which then comes up at the
// body's next meeting.

// begun opens a written procedure that has been called: its first answer does.
func begun(ctx context.Context, tx *pg.Tx, m Meeting) (Meeting, error) {
	if m.On.Before(tx.Today()) {
		return m, fault.New(fault.Conflict, "written.over").With("on", m.On)
	}
	return openUp(ctx, tx, m)
}

// silent are how many of those who can decide in a matter have not voted.
func (s sitting) silent(item uuid.UUID) int {
	t := s.table(item)
	r := s.quorum(item, t)
	return len(entitled(t, r)) - len(s.counted(item, t, r))
}

// answeredWith stops the procedure in a matter where a vote is an objection.
func (s sitting) answeredWith(ctx context.Context, tx *pg.Tx, i Item, by *governance.Mandate, vote string) error {
	if !objects(s.body.Rules.Decision, vote) {
		return nil
	}
	return s.stopped(ctx, tx, i, objectedBy(by, ""))
}

// objectedBy says for whom somebody objected, and what he said.
func objectedBy(m *governance.Mandate, wording string) string {
	who := cmp.Or(m.Party, m.Name)
	if wording == "" {
		return text.Swedish.T("written.objected", "who", who)
	}
	return text.Swedish.T("written.objected_saying", "who", who, "wording", wording)
}

// stopped is done with a matter in writing: it comes up at the body's next
// meeting whose agenda can still be made, or waits for one.
func (s sitting) stopped(ctx context.Context, tx *pg.Tx, i Item, why string) error {
	q := meetingdb.New(tx)
	p := meetingdb.SettledItemParams{State: ItemPostponed, Outcome: OutcomePostponed, Reason: why, Result: i.Result}
	if s.answered { // while there is time, nobody is missing yet
		s.short(i.ID, &p)
	}
	if _, err := off(ctx, tx, s.meeting, i, p); err != nil {
		return err
	}
	if err := s.comesUp(ctx, tx, i); err != nil {
		return err
	}
	items, err := q.LiveItems(ctx, maybe(s.meeting.ID))
	if err != nil {
		return err
	}
	for _, left := range items {
		if left.Kind == ForDecision && left.Outcome == "" {
			return nil
		}
	}
	_, err = closing(ctx, tx, s.meeting, true)
	return err
}

// comesUp lets a matter that was stopped come up at the body's next meeting, or
// wait for one: once, also where it is stopped again when the procedure has been
// opened anew.
func (s sitting) comesUp(ctx context.Context, tx *pg.Tx, i Item) error {
	if goes, err := goesOn(ctx, tx, i); err != nil || goes {
		return err
	}
	from := source{state: ItemWaiting, from: i.ID, demo: i.Demo}
	next, err := meetingdb.New(tx).NextMeeting(ctx, meetingdb.NextMeetingParams{TenantID: tx.Tenant, Body: s.meeting.Body, OnDay: tx.Today()})
	switch {
	case fault.Is(err, "common.not_found"):
	case err != nil:
		return err
	default:
		from.meeting, from.state = next.ID, ItemPlanned
	}
	later, err := addItem(ctx, tx, i.Body, i.Matter, from)
	if err != nil {
		return err
	}
	return copyPapers(ctx, tx, i.ID, later.ID, from.meeting)
}

// Written is the job that looks after the county's written procedures, every
// hour: those who have not answered are reminded shortly before the last day, and
// what is over is settled.
type Written struct{}

// Kind names the job.
func (Written) Kind() string { return "meeting.written" }

// LookAfterWritten does the job Written.
func LookAfterWritten(ctx context.Context, tx *pg.Tx) error {
	q := meetingdb.New(tx)
	rows, err := q.WrittenEnding(ctx, meetingdb.WrittenEndingParams{TenantID: tx.Tenant, OnDay: tx.Today(), UntilDay: tx.Today().Add(remindDays)})
	if err != nil {
		return err
	}
	for _, row := range rows {
		silent, err := q.Silent(ctx, row.ID)
		if err != nil {
			return err
		}
		if err := post(ctx, tx, made(tx, row), parcel{event: mailReminder, people: silent}); err != nil {
			return err
		}
	}
	_, err = SettleWritten(ctx, tx)
	return err
}

// SettleWritten settles the county's written procedures whose last day has
// passed, each matter by the body's rule and of those who answered. What could
// not be decided comes up at the next meeting. It tells how many were settled.
func SettleWritten(ctx context.Context, tx *pg.Tx) (int, error) {
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return 0, err
	}
	rows, err := meetingdb.New(tx).WrittenOver(ctx, meetingdb.WrittenOverParams{TenantID: tx.Tenant, OnDay: tx.Today()})
	if err != nil {
		return 0, err
	}
	for _, row := range rows {
		if err := settleWritten(ctx, tx, row.ID); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

func settleWritten(ctx context.Context, tx *pg.Tx, id uuid.UUID) error {
	m, _, err := enter(ctx, tx, id, holdAlone)
	if err != nil {
		return err
	}
	if m.State == Called {
		if m, err = openUp(ctx, tx, m); err != nil {
			return err
		}
	}
	if m.State != Open { // somebody was here in between
		return nil
	}
	s, err := sit(ctx, tx, m)
	if err != nil {
		return err
	}
	s.answered = true
	q := meetingdb.New(tx)
	items, err := q.LiveItems(ctx, maybe(id))
	if err != nil {
		return err
	}
	for _, row := range items {
		i := madeItem(row)
		switch {
		case i.Outcome != "":
		case i.Kind != ForDecision:
			_, err = off(ctx, tx, m, i, meetingdb.SettledItemParams{State: ItemHandled, Outcome: outcomes[i.Kind], Result: i.Result})
		default:
			err = s.settle(ctx, tx, i)
		}
		if err != nil {
			return err
		}
	}
	// The last matter that was stopped has closed it already.
	if m, err = get(ctx, tx, id); err != nil || m.State != Open {
		return err
	}
	_, err = closing(ctx, tx, m, true)
	return err
}

// settle decides a matter in writing by what was answered, or moves it on.
func (s sitting) settle(ctx context.Context, tx *pg.Tx, i Item) error {
	r := Ruling{}
	if i.Proposal == "" {
		r.Wording = i.Title
	}
	err := tx.Savepoint(ctx, func() error {
		_, err := s.decide(ctx, tx, i, r)
		return err
	})
	if len(fault.All(err)) == 0 {
		return err
	}
	return s.stopped(ctx, tx, i, text.Swedish.Fill(fault.All(err)[0].Key, fault.All(err)[0].Args))
}

// Silent are those who have been called to a written procedure and have not
// answered all of it: who is reminded.
func Silent(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) ([]uuid.UUID, error) {
	m, s, err := enter(ctx, tx, meeting, holdNone)
	if err != nil {
		return nil, err
	}
	if err := leads(ctx, tx, m, s); err != nil {
		return nil, err
	}
	if m.Kind != KindWritten {
		return []uuid.UUID{}, nil
	}
	return meetingdb.New(tx).Silent(ctx, meeting)
}

// answering gives a matter of an open meeting, held: beside others who say
// something, and alone in a written procedure, where one answer can move it.
func answering(ctx context.Context, tx *pg.Tx, item uuid.UUID) (Meeting, Item, sight, error) {
	m, _, _, err := onAgenda(ctx, tx, item, holdNone)
	if err != nil {
		return m, Item{}, sight{}, err
	}
	h := holdShared
	if m.Kind == KindWritten {
		h = holdAlone
	}
	m, i, s, err := onAgenda(ctx, tx, item, h)
	if err == nil && m.Kind == KindWritten && m.State == Called {
		m, err = begun(ctx, tx, m)
	}
	if err == nil && m.Kind == KindWritten && m.On.Before(tx.Today()) {
		err = fault.New(fault.Conflict, "written.over").With("on", m.On)
	}
	if err == nil {
		err = m.in(Open)
	}
	if err == nil {
		err = unattested(ctx, tx, item)
	}
	return m, i, s, err
}
