package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// What of minutes waits for somebody.
const (
	AwaitsAttest = "attest"   // it is the actor's turn to attest them
	AwaitsMend   = "returned" // they have been sent back to who writes them
	AwaitsDraft  = "draft"    // the meeting is closed, and nothing has been written
)

// Awaited is something of a meeting's minutes that waits for the actor.
type Awaited struct {
	What   string
	Of     Meeting
	Number int    // of the paragraph that is adjusted at once; 0: all of it
	By     string // who has sent it back
	Reason string
}

// awaitedMost is how many things of minutes somebody is told of at once.
const awaitedMost = 50

// MinutesAwaited are what of minutes waits for the actor, the most urgent first: to
// attest what he has been asked to; and for who makes meetings, and who leads or
// notes at that one, to mend what has been sent back and to write what has no draft.
func MinutesAwaited(ctx context.Context, tx *pg.Tx) ([]Awaited, error) {
	makes := tx.May(auth.MeetingPrepare)
	if !makes && tx.Person == uuid.Nil {
		return nil, nil
	}
	return awaited(ctx, tx, uuid.Nil, makes)
}

// MinutesAwaitedOf are what of one meeting's minutes waits for the actor, and whether
// it is he who writes them.
func MinutesAwaitedOf(ctx context.Context, tx *pg.Tx, m Meeting) (waits []Awaited, writes bool, err error) {
	s, err := sees(ctx, tx)
	if err != nil {
		return nil, false, err
	}
	switch err := leads(ctx, tx, m, s); {
	case err == nil:
		writes = true
	case !fault.Is(err, "meeting.not_leading") && !fault.Is(err, "meeting.body_gone"):
		return nil, false, err
	}
	if !writes && tx.Person == uuid.Nil {
		return nil, false, nil
	}
	waits, err = awaited(ctx, tx, m.ID, writes)
	return waits, writes, err
}

func awaited(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, writes bool) ([]Awaited, error) {
	rows, err := meetingdb.New(tx).MinutesAwaited(ctx, meetingdb.MinutesAwaitedParams{TenantID: tx.Tenant, PersonID: tx.Person, MeetingID: meeting, Makes: writes, Most: awaitedMost})
	all := make([]Awaited, len(rows))
	for i, r := range rows {
		all[i] = Awaited{What: r.What, Of: made(tx, r.Meeting), Number: int(r.Number), By: r.Name, Reason: r.Reason}
	}
	return all, err
}
