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

// Interest is somebody who has an interest in a matter.
type Interest struct {
	Item   uuid.UUID `json:"item" doc:"The matter." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Person uuid.UUID `json:"person" doc:"Who." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name   string    `json:"name" doc:"What the person is called." example:"Kim Lind"`
	Reason string    `json:"reason,omitempty" doc:"Why." example:"Sitter i bolagets styrelse"`
	ToldAt time.Time `json:"toldAt" doc:"When it was told." example:"2027-04-15T08:02:00Z"`
}

// Telling is an interest as it is told.
type Telling struct {
	Person uuid.UUID `json:"person,omitzero" doc:"Who has the interest. Left out: whoever tells." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Reason string    `json:"reason,omitempty" maxLength:"500" doc:"Why. It can be left out." example:"Sitter i bolagets styrelse"`
}

// Bias notes that somebody has an interest in a matter: told by himself, or noted
// by who leads the meeting. Told twice is told once. What follows is the body's
// rule: one leaves and is not counted, or stays.
func Bias(ctx context.Context, tx *pg.Tx, item uuid.UUID, t Telling) error {
	m, i, who, err := interested(ctx, tx, item, t.Person)
	if err != nil {
		return err
	}
	if _, err := person.Get(ctx, tx, who); err != nil {
		if fault.Is(err, "common.not_found") {
			return fault.Bad("meeting.person_unknown", "/person")
		}
		return err
	}
	lines(&t.Reason)
	tx.Notify("meeting", m.ID)
	return meetingdb.New(tx).AddBias(ctx, meetingdb.AddBiasParams{ID: tx.NewID(), MeetingID: m.ID, ItemID: i.ID, PersonID: who, Reason: t.Reason, ToldAt: tx.Now})
}

// Unbias takes back that somebody has an interest in a matter, as long as it has
// not been decided.
func Unbias(ctx context.Context, tx *pg.Tx, item, who uuid.UUID) error {
	m, i, who, err := interested(ctx, tx, item, who)
	if err != nil {
		return err
	}
	n, err := meetingdb.New(tx).TakeBackBias(ctx, meetingdb.TakeBackBiasParams{MeetingID: m.ID, ItemID: i.ID, PersonID: who})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Missing()
	}
	tx.Notify("meeting", m.ID)
	return nil
}

// interested gives an unsettled matter of an open meeting, and of whom something
// is told: the actor himself, or somebody else where the actor leads.
func interested(ctx context.Context, tx *pg.Tx, item, who uuid.UUID) (Meeting, Item, uuid.UUID, error) {
	m, i, s, err := unsettled(ctx, tx, item)
	if err != nil {
		return m, i, who, err
	}
	if who == uuid.Nil {
		who = tx.Person
	}
	if who == uuid.Nil || who != tx.Person {
		err = leads(ctx, tx, m, s)
	}
	if err == nil && who == uuid.Nil {
		err = fault.Bad("meeting.person_unknown", "/person")
	}
	return m, i, who, err
}

// unsettled gives a matter that is still open at an open meeting, held beside
// others who say something about it.
func unsettled(ctx context.Context, tx *pg.Tx, item uuid.UUID) (Meeting, Item, sight, error) {
	m, i, s, err := answering(ctx, tx, item)
	if err != nil {
		return m, i, s, err
	}
	if i.Outcome != "" {
		return m, i, s, fault.New(fault.Conflict, "agenda_item.settled").With("outcome", i.Outcome)
	}
	return m, i, s, nil
}
