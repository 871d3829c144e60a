package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// Inherited is how much of what somebody left undone has gone to who follows.
type Inherited struct {
	Calls     int `json:"calls" doc:"Calls to meetings to come." example:"1"`
	Meetings  int `json:"meetings" doc:"Meetings to come that the person was to lead or keep the minutes of." example:"1"`
	Decisions int `json:"decisions" doc:"Open decisions that the person carried out." example:"2"`
	Matters   int `json:"matters" doc:"Matters to come that the person was to present." example:"0"`
}

// Inherit lets what is the outgoing holder's own to do follow a handover, once it is
// finished: calls to meetings, what is to be led, presented and carried out. What
// is the party's stays the party's all the time. It asks for no right but that:
// who leaves and who comes have both confirmed. Done again it finds nothing left.
func Inherit(ctx context.Context, tx *pg.Tx, handover uuid.UUID) (Inherited, error) {
	h, err := governance.GetHandover(ctx, tx, handover)
	if err != nil || !h.Finished {
		return Inherited{}, err
	}
	from, err := governance.Get(ctx, tx, h.From)
	if err != nil {
		return Inherited{}, err
	}
	to, err := governance.Get(ctx, tx, h.To.UUID)
	if err != nil || to.Person == from.Person {
		return Inherited{}, err
	}
	var done Inherited
	if done.Calls, err = followCalls(ctx, tx, from, to); err != nil {
		return done, err
	}
	q := meetingdb.New(tx)
	meetings, err := q.FollowInMeetings(ctx, meetingdb.FollowInMeetingsParams{Body: to.Body, FromDay: to.From, FromID: maybe(from.Person), ToID: to.Person})
	if err != nil {
		return done, at(err)
	}
	decisions, err := q.FollowInDecisions(ctx, meetingdb.FollowInDecisionsParams{Body: to.Body, FromName: from.Name, ToName: to.Name, OrganisationID: maybe(to.Organisation)})
	if err != nil {
		return done, at(err)
	}
	items, err := q.FollowInItems(ctx, meetingdb.FollowInItemsParams{Body: to.Body, FromName: from.Name, ToName: to.Name, FromDay: to.From})
	for _, id := range meetings {
		tx.Notify("meeting", id)
	}
	done.Meetings, done.Decisions, done.Matters = len(meetings), len(decisions), len(items)
	return done, at(err)
}

// followCalls calls who follows to the meetings to which the one before had been
// called. What he had answered is not the other's answer.
func followCalls(ctx context.Context, tx *pg.Tx, from, to governance.Mandate) (int, error) {
	q := meetingdb.New(tx)
	calls, err := q.CallsToFollow(ctx, meetingdb.CallsToFollowParams{TenantID: tx.Tenant, Body: to.Body, FromDay: to.From, PersonID: from.Person, Place: to.Place})
	if err != nil {
		return 0, err
	}
	for _, c := range calls {
		row, err := q.LockMeeting(ctx, c.MeetingID) // two at once call one
		if err != nil {
			return 0, err
		}
		m := made(tx, row)
		was, err := invitation(ctx, tx, c.ID)
		if err != nil {
			return 0, err
		}
		// A deputy who was to come in his place is needed no longer.
		if _, err := restore(ctx, tx, m, was); err != nil {
			return 0, err
		}
		if err := q.StandDown(ctx, meetingdb.StandDownParams{ID: c.ID, WithdrawnAt: &tx.Now}); err != nil {
			return 0, err
		}
		if err := seat(ctx, tx, m, to, "member"); err != nil {
			return 0, err
		}
		tx.Notify("meeting", m.ID)
	}
	return len(calls), nil
}

// seat calls a seat's holder to a meeting, also who was called as something else.
func seat(ctx context.Context, tx *pg.Tx, m Meeting, to governance.Mandate, role string) error {
	all, err := invitations(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	if at := slices.IndexFunc(all, func(i Invitation) bool { return i.Person == to.Person }); at >= 0 {
		err = meetingdb.New(tx).InviteAgain(ctx, meetingdb.InviteAgainParams{ID: all[at].ID, Role: role, Place: to.Place, MandateID: maybe(to.ID), OrganisationID: maybe(to.Organisation), InvitedAt: tx.Now})
	} else {
		_, err = invite(ctx, tx, m, Invited{Person: to.Person, Role: role, Place: to.Place, mandate: to.ID, organisation: to.Organisation}, uuid.Nil)
	}
	if err != nil {
		return err
	}
	return post(ctx, tx, m, parcel{event: mailCall, people: []uuid.UUID{to.Person}, calendar: true})
}
