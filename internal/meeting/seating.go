package meeting

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// seating gives the places of a meeting's body and the mandates there: of one that
// is over as they were when it was closed, however they have been changed since; of
// one in writing as they are on the day on which it is answered.
func seating(ctx context.Context, tx *pg.Tx, m Meeting) (places []governance.Place, mandates []governance.Mandate, err error) {
	if m.State.Held() {
		places, mandates, err = keptSeating(ctx, tx, m.ID)
		if !fault.Is(err, "common.not_found") { // it came from a register of before
			return places, mandates, err
		}
	}
	on := m.answering(tx.Today())
	if places, err = governance.Places(ctx, tx, m.Body, on); err != nil {
		return nil, nil, err
	}
	mandates, err = governance.Mandates(ctx, tx, m.Body, on)
	return places, mandates, err
}

// answering is the day whose mandates count: the meeting's. A written procedure goes
// on from its opening until its last day, and whoever has the place then votes.
func (m Meeting) answering(today day.Day) day.Day {
	if m.Kind != KindWritten || today.After(m.On) {
		return m.On
	}
	if m.OpenedAt != nil && day.At(*m.OpenedAt).After(today) {
		return day.At(*m.OpenedAt)
	}
	return today
}

// keepSeating writes down who has which place at a meeting that is being closed.
func keepSeating(ctx context.Context, tx *pg.Tx, m Meeting) error {
	if _, there := bodyOf(tx, m.Body, m.On); !there {
		return nil
	}
	places, mandates, err := seating(ctx, tx, m)
	if err != nil {
		return err
	}
	for i := range mandates { // people are called what they are called
		mandates[i].Name, mandates[i].Title = "", ""
	}
	p := meetingdb.KeepSeatingParams{ID: tx.NewID(), MeetingID: m.ID}
	if p.Places, err = json.Marshal(places); err != nil {
		return err
	}
	if p.Mandates, err = json.Marshal(mandates); err != nil {
		return err
	}
	return meetingdb.New(tx).KeepSeating(ctx, p)
}

func keptSeating(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) (places []governance.Place, mandates []governance.Mandate, err error) {
	q := meetingdb.New(tx)
	row, err := q.Seating(ctx, meeting)
	if err != nil {
		return nil, nil, err
	}
	if err := json.Unmarshal(row.Places, &places); err != nil {
		return nil, nil, err
	}
	if err := json.Unmarshal(row.Mandates, &mandates); err != nil {
		return nil, nil, err
	}
	who := make([]uuid.UUID, len(mandates))
	for i, m := range mandates {
		who[i] = m.Person
	}
	people, err := q.SeatedPeople(ctx, who)
	called := make(map[uuid.UUID]meetingdb.SeatedPeopleRow, len(people))
	for _, p := range people {
		called[p.ID] = p
	}
	for i := range mandates {
		p := called[mandates[i].Person]
		mandates[i].Name, mandates[i].Title = p.Name, p.Title
	}
	return places, mandates, err
}
