package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// sight is what the actor of a unit of work may see of meetings, asked for once:
//
//   - those who make meetings see all, from the first draft;
//   - the county's readers see all that has been called;
//   - who sits in a body that day, or has been called, sees that meeting from the call;
//   - other members see the day of what has been announced, and of what is public.
//
// A confidential matter is there for those who make meetings, for those who hold
// an ordinary seat that day, and for whoever has been called as member or deputy:
// for others it is neither shown, counted nor numbered. Both rest on a mandate: until
// the meeting is over, what is confidential there ends with it.
type sight struct {
	makes, reads bool
	person       uuid.UUID
	today        day.Day
	mandates     []meetingdb.SightRow
	called       map[uuid.UUID]meetingdb.SightRow // by meeting; seated: as member or deputy
}

func sees(ctx context.Context, tx *pg.Tx) (sight, error) {
	s := sight{makes: tx.May(auth.MeetingPrepare), reads: tx.May(auth.MeetingRead), person: tx.Person, today: tx.Today(), called: map[uuid.UUID]meetingdb.SightRow{}}
	if s.makes || tx.Person == uuid.Nil {
		return s, nil
	}
	rows, err := meetingdb.New(tx).Sight(ctx, meetingdb.SightParams{TenantID: tx.Tenant, PersonID: tx.Person})
	if err != nil {
		return sight{}, err
	}
	for _, row := range rows {
		if row.Body == "" {
			s.called[row.MeetingID] = row
		} else {
			s.mandates = append(s.mandates, row)
		}
	}
	return s, nil
}

// sits tells whether the actor has a mandate in a body on a day; ordinary asks
// for an ordinary seat.
func (s sight) sits(body string, on day.Day, ordinary bool) bool {
	return slices.ContainsFunc(s.mandates, func(m meetingdb.SightRow) bool {
		return m.Body == body && (m.Seated || !ordinary) && !m.ValidFrom.After(on) && (m.ValidTo.IsZero() || m.ValidTo.After(on))
	})
}

// whole tells whether the actor sees more of a meeting than its day.
func (s sight) whole(m Meeting) bool {
	if s.makes {
		return true
	}
	_, invited := s.called[m.ID]
	return m.sent() && (s.reads || invited || s.sits(m.Body, m.On, false))
}

// day tells whether the actor sees that the meeting is to be.
func (s sight) day(m Meeting) bool {
	return s.whole(m) || m.AnnouncedAt != nil || m.Public || m.State == Cancelled && m.CalledAt != nil
}

// secret tells whether the actor sees the meeting's confidential matters.
func (s sight) secret(m Meeting) bool {
	return s.makes || s.whole(m) && (s.called[m.ID].Seated && !lapsed(m, s.called[m.ID].ValidFrom, s.called[m.ID].ValidTo, s.today) || s.holds(m))
}

// holds tells whether the actor has an ordinary seat at a meeting: on its day, and
// today still while it is not over.
func (s sight) holds(m Meeting) bool {
	return s.sits(m.Body, m.On, true) && (m.State.Held() || !s.today.After(m.On) || s.sits(m.Body, s.today, true))
}

// lapsed tells whether a mandate of such days gives nothing at a meeting, or no
// longer: it does not hold on the meeting's day, or it has ended before the meeting is
// over. A written procedure is answered by whoever has the place until its last day.
func lapsed(m Meeting, from, to, today day.Day) bool {
	last := m.On
	switch {
	case m.State.Held():
	case m.Kind == KindWritten, today.After(m.On):
		last = today
	}
	return from.After(m.On) || !to.IsZero() && !to.After(last)
}

// needs refuses as if the meeting were not there, when the actor may not see it.
func (s sight) needs(m Meeting) error {
	if s.whole(m) {
		return nil
	}
	return fault.Missing()
}
