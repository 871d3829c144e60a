package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// Voice is a vote as it is given.
type Voice struct {
	Place string `json:"place,omitempty" maxLength:"110" doc:"The place that the vote is given from, by key. Left out: the one that whoever votes serves." example:"municipality/alvesta"`
	Vote  string `json:"vote" enum:"for,against,abstains" doc:"For, against, or neither." example:"for"`
}

// How a vote came.
const (
	CastSelf      = "self"
	CastSecretary = "secretary"
)

// Vote gives a place's vote in a matter: by whoever serves it, or noted for him
// by who leads the meeting. Given again it changes the vote, until the matter is
// settled; given twice it is one.
func Vote(ctx context.Context, tx *pg.Tx, item uuid.UUID, v Voice) error {
	m, i, s, err := unsettled(ctx, tx, item)
	if err != nil {
		return err
	}
	switch {
	case i.Kind != ForDecision:
		return fault.New(fault.Conflict, "ballot.nothing_to_decide")
	case m.Kind == KindMeeting && i.State != ItemOnTable:
		return fault.New(fault.Conflict, "ballot.not_on_table")
	case v.Vote != string(governance.VoteFor) && v.Vote != string(governance.VoteAgainst) && v.Vote != string(governance.VoteAbstains):
		return fault.Bad("ballot.vote", "/vote")
	}
	at, err := sit(ctx, tx, m)
	if err != nil {
		return err
	}
	if err := mayDecide(tx, at.body, m.On, ""); err != nil {
		return err
	}
	c, how, err := at.voter(ctx, tx, s, i.ID, v.Place)
	if err != nil {
		return err
	}
	tx.Notify("meeting", m.ID)
	if err := meetingdb.New(tx).Cast(ctx, meetingdb.CastParams{ID: tx.NewID(), MeetingID: m.ID, ItemID: i.ID, Place: c.Place.Key, PersonID: c.Server.Person, Vote: v.Vote,
		CastAt: tx.Now, How: how}); err != nil {
		return err
	}
	if m.Kind == KindWritten {
		return at.answeredWith(ctx, tx, i, c.Server, v.Vote)
	}
	return nil
}

// voter is the chair that a vote is given from, and how: another person's is
// refused, saying who serves it.
func (s sitting) voter(ctx context.Context, tx *pg.Tx, see sight, item uuid.UUID, place string) (governance.Chair, string, error) {
	t := s.table(item)
	var c governance.Chair
	var there bool
	if place == "" {
		if c, there = servedBy(t, tx.Person); !there {
			return c, "", fault.New(fault.Forbidden, "ballot.serves_nothing")
		}
	} else if c, there = chairAt(t, place); !there {
		return c, "", fault.Bad("ballot.no_place", "/place").With("place", place)
	}
	name := placeName(c.Place)
	switch {
	case !c.Place.Votes():
		return c, "", fault.New(fault.Conflict, "ballot.voteless").With("place", name).At("/place")
	case c.Server == nil:
		return c, "", fault.New(fault.Conflict, "ballot.nobody_serves").With("place", name).At("/place")
	case entitled(t, s.quorum(item, t))[c.Place.Key] != c.Server.Person:
		return c, "", fault.New(fault.Conflict, "ballot.biased").With("place", name).At("/place")
	case c.Server.Person == tx.Person:
		return c, CastSelf, nil
	case leads(ctx, tx, s.meeting, see) == nil:
		return c, CastSecretary, nil
	}
	return c, "", fault.New(fault.Forbidden, "ballot.not_yours").With("place", name, "name", c.Server.Name, "who", auth.Holders(auth.MeetingPrepare)).At("/place")
}
