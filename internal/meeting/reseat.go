package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// Reseating is the job that lets the county's calls follow who has a place at each
// meeting to come, by day every hour. What mandates say of a meeting's day is followed
// when it is written down; this finds the rest: that a party has left, or another
// agreement is in force, on a meeting's day, and that a mandate runs out, or another
// begins, while something is answered in writing.
type Reseating struct{}

// Kind names the job.
func (Reseating) Kind() string { return "meeting.reseat" }

// Reseat lets the calls to meetings to come follow mandates that have been given,
// ended or corrected; none: all that there are, and whatever else tells who has a place.
// Whose mandate, or place, or card is not there on a meeting's day is called to it no
// longer, and is told: the letter takes it out of his calendar. Who holds the place
// instead is called, else a deputy is, as after a "no". It asks for no right but that
// which changed the mandates; done again it finds nothing to do.
func Reseat(ctx context.Context, tx *pg.Tx, changed ...governance.Mandate) error {
	bodies := []string{""}
	if len(changed) > 0 {
		bodies = nil
		for _, a := range changed {
			if !slices.Contains(bodies, a.Body) {
				bodies = append(bodies, a.Body)
			}
		}
	}
	for _, body := range bodies {
		rows, err := meetingdb.New(tx).MeetingsAhead(ctx, meetingdb.MeetingsAheadParams{TenantID: tx.Tenant, Body: body, Today: tx.Today()})
		if err != nil {
			return err
		}
		for _, row := range rows {
			m := made(tx, row)
			if len(changed) == 0 && m.On.Before(tx.Today()) { // nobody is called to what was to be over
				continue
			}
			err := reseat(ctx, tx, m, func(s governance.Member) bool {
				return len(changed) == 0 || slices.ContainsFunc(changed, func(a governance.Mandate) bool { return a.Place == s.Key && !a.Deputy })
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// reseat does it for one meeting, which is held. fills chooses the places whose
// holders are called, where they are not.
func reseat(ctx context.Context, tx *pg.Tx, m Meeting, fills func(governance.Member) bool) error {
	if _, there := bodyOf(tx, m.Body, m.On); !there {
		return nil
	}
	sitting, err := governance.Members(ctx, tx, m.Body, m.On)
	if err != nil {
		return err
	}
	places := make([]governance.Place, len(sitting))
	for n, s := range sitting {
		places[n] = s.Place
	}
	if on := m.answering(tx.Today()); on != m.On { // who has a place today answers today
		if _, there := bodyOf(tx, m.Body, on); there {
			if places, err = governance.Places(ctx, tx, m.Body, on); err != nil {
				return err
			}
		}
	}
	gone, err := standAside(ctx, tx, m, places)
	if err != nil {
		return err
	}
	all, err := invitations(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	for _, i := range all { // a card that was to end goes on: only that takes a guest's call back
		if i.Mandate != uuid.Nil || i.Place != "" || i.WithdrawnAt == nil || i.left {
			continue
		}
		if err := meetingdb.New(tx).InviteAgain(ctx, meetingdb.InviteAgainParams{ID: i.ID, Role: i.Role, InvitedAt: tx.Now}); err != nil {
			return err
		}
		if err := post(ctx, tx, m, parcel{event: mailCall, people: []uuid.UUID{i.Person}, calendar: true}); err != nil {
			return err
		}
		tx.Notify("meeting", m.ID)
	}
	filled := map[string]bool{}
	for _, s := range sitting {
		if s.Vacant() || !fills(s) && !slices.ContainsFunc(gone, func(i Invitation) bool { return i.Place == s.Key && i.Role != "deputy" }) {
			continue
		}
		filled[s.Key] = true
		if slices.ContainsFunc(all, func(i Invitation) bool {
			return i.Person == s.Holder.Person && i.WithdrawnAt == nil && stays(i, roleAt(s.Place))
		}) {
			continue
		}
		for _, i := range all { // who was to come while nobody held the place
			if i.Place == s.Key && i.Role == "member" && i.WithdrawnAt != nil {
				if _, err := restore(ctx, tx, m, i); err != nil {
					return err
				}
			}
		}
		if err := seat(ctx, tx, m, *s.Holder, roleAt(s.Place)); err != nil {
			return err
		}
		tx.Notify("meeting", m.ID)
	}
	for _, i := range gone {
		if filled[i.Place] && i.Role != "deputy" || i.Answer == AnswerNo { // somebody has been called already
			continue
		}
		if _, err := replace(ctx, tx, m, i); err != nil {
			return err
		}
	}
	return nil
}

// stays tells whether one who is called already, as what the invitation says, is so
// still where he holds a place in a role: who holds several places is called for one.
func stays(i Invitation, role string) bool {
	return i.Role == "member" || i.Role == role || role != "member" && i.Place != "" && i.Role != "deputy"
}

// standAside takes back the calls that rest on a mandate that does not hold on the
// meeting's day, or no longer, on a place that is not there, or on a card that has
// ended, and tells those who had them. Who leads the meeting or minutes it comes still,
// as that.
func standAside(ctx context.Context, tx *pg.Tx, m Meeting, places []governance.Place) (gone []Invitation, err error) {
	all, err := invitations(ctx, tx, m.ID)
	if err != nil {
		return nil, err
	}
	q := meetingdb.New(tx)
	for _, i := range all {
		placed := i.Place == "" || slices.ContainsFunc(places, func(p governance.Place) bool { return p.Key == i.Place })
		if i.WithdrawnAt != nil || placed && !i.Over() {
			continue
		}
		gone = append(gone, i)
		tx.Notify("meeting", m.ID)
		if !i.left && (i.Person == m.Chair || i.Person == m.Secretary) {
			if err := q.InviteAgain(ctx, meetingdb.InviteAgainParams{ID: i.ID, Role: "staff", InvitedAt: tx.Now}); err != nil {
				return nil, err
			}
			continue
		}
		if err := q.StandDown(ctx, meetingdb.StandDownParams{ID: i.ID, WithdrawnAt: &tx.Now}); err != nil {
			return nil, err
		}
		if err := post(ctx, tx, m, parcel{event: mailEnded, people: []uuid.UUID{i.Person}, about: i.ID, calendar: true}); err != nil {
			return nil, err
		}
	}
	return gone, nil
}
