package meeting

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// What is told by mail.
const (
	mailCall      = "call"
	mailChange    = "change"
	mailCancel    = "cancel"
	mailDeputy    = "deputy"     // a deputy is called
	mailStandDown = "stand-down" // and is needed no longer
	mailEnded     = "ended"      // one whose mandate does not hold on the meeting's day is called no longer
	mailPaper     = "paper"      // a paper that one has read has a later version
	mailReminder  = "reminder"
)

// tellsStill is how long after a thing has happened, as it is written down, those
// whom it concerns are still told.
const tellsStill = 24 * time.Hour

// parcel is one thing that is told to several.
type parcel struct {
	event    string
	people   []uuid.UUID
	parties  []uuid.UUID // copies to their functional mailboxes
	about    uuid.UUID
	calendar bool      // whether it goes into the recipients' calendars
	was      *Occasion // of a change, what stood before
}

// post puts mails about a meeting into the queue, one for each recipient and
// event: what has been put there already is not put there again.
func post(ctx context.Context, tx *pg.Tx, m Meeting, p parcel) error {
	var was []byte
	if p.was != nil {
		var err error
		if was, err = json.Marshal(p.was); err != nil {
			return err
		}
	}
	for _, to := range []struct {
		ids     []uuid.UUID
		parties bool
	}{{p.people, false}, {p.parties, true}} {
		if len(to.ids) == 0 {
			continue
		}
		in := meetingdb.PostParams{MeetingID: m.ID, Event: p.event, Sequence: int32(m.Sequence), Calendar: p.calendar && !to.parties, Parties: to.parties, //nolint:gosec // counted one by one
			AboutID: maybe(p.about), Was: was, QueuedAt: tx.Now, People: to.ids}
		for range to.ids {
			in.Ids = append(in.Ids, tx.NewID())
		}
		mails, err := meetingdb.New(tx).Post(ctx, in)
		if err != nil {
			return err
		}
		if then := tx.Opened.Add(-tellsStill); tx.Now.Before(then) { // what is told of another time was told then
			if err := meetingdb.New(tx).MailedThen(ctx, mails); err != nil {
				return err
			}
			continue
		}
		for _, id := range mails {
			if err := tx.Enqueue(ctx, Tell{Mail: id}); err != nil {
				return err
			}
		}
	}
	return nil
}

// tell tells all who are called, with a copy to the functional mailbox of each
// party that somebody is called for.
func tell(ctx context.Context, tx *pg.Tx, m Meeting, p parcel) error {
	all, err := invitations(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	p.calendar = true
	var parties []uuid.UUID
	for _, i := range all {
		if i.WithdrawnAt != nil || i.Over() {
			continue
		}
		p.people = append(p.people, i.Person)
		if i.Organisation != uuid.Nil && !slices.Contains(parties, i.Organisation) {
			parties = append(parties, i.Organisation)
		}
	}
	if len(parties) > 0 {
		if p.parties, err = meetingdb.New(tx).Mailboxes(ctx, parties); err != nil {
			return err
		}
	}
	return post(ctx, tx, m, p)
}
