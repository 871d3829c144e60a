package meeting

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// AskAtOnce has one matter's paragraph adjusted at once, before the rest, also
// while the meeting goes on. Those attest it who attest the minutes. Asked for again
// it is written anew where something has been noted since, and they are asked anew.
func AskAtOnce(ctx context.Context, tx *pg.Tx, item uuid.UUID, version int64) (Paragraph, error) {
	m, i, s, err := onAgenda(ctx, tx, item, holdAlone)
	if err != nil {
		return Paragraph{}, err
	}
	if err := leads(ctx, tx, m, s); err != nil {
		return Paragraph{}, err
	}
	if i.Version != version {
		return Paragraph{}, fault.Changed(i)
	}
	if err := m.in(Open, Closed, Minuted); err != nil {
		return Paragraph{}, err
	}
	if i.Outcome == "" {
		return Paragraph{}, fault.New(fault.Conflict, "adjusting.not_settled")
	}
	p, err := paragraphOf(ctx, tx, m, item)
	if err != nil {
		return Paragraph{}, err
	}
	if p.AdjustedAt != nil {
		return Paragraph{}, fault.New(fault.Conflict, "minutes.paragraph_adjusted").With("number", p.Number)
	}
	if p.Stale {
		return Paragraph{}, fault.New(fault.Conflict, "adjusting.unread").With("number", p.Number)
	}
	b, err := openBook(ctx, tx, m)
	if err != nil {
		return Paragraph{}, err
	}
	body, _ := bodyOf(tx, m.Body, m.On)
	chosen := b.of(uuid.Nil)
	switch err := complete(body, m, chosen); {
	case err != nil:
		return Paragraph{}, err
	case len(chosen) == 0:
		return Paragraph{}, fault.New(fault.Conflict, "adjusting.nobody").With("body", m.BodyName)
	}
	for _, r := range b.adjusters {
		a := r.Adjusting
		if a.ParagraphID.Valid {
			continue
		}
		if err := meetingdb.New(tx).ChooseAdjuster(ctx, meetingdb.ChooseAdjusterParams{ID: tx.NewID(), MeetingID: m.ID, ParagraphID: maybe(p.ID), PersonID: a.PersonID,
			OrganisationID: a.OrganisationID, Role: a.Role, Position: a.Position}); err != nil {
			return Paragraph{}, err
		}
	}
	if b, err = openBook(ctx, tx, m); err != nil {
		return Paragraph{}, err
	}
	if slices.ContainsFunc(b.of(p.ID), func(a Adjuster) bool { return a.State == AdjusterOlder }) {
		// Written anew it begins anew: who is asked now waits for his turn.
		if err := meetingdb.New(tx).RecallAdjusters(ctx, meetingdb.RecallAdjustersParams{MeetingID: m.ID, ParagraphID: maybe(p.ID)}); err != nil {
			return Paragraph{}, err
		}
		if b, err = openBook(ctx, tx, m); err != nil {
			return Paragraph{}, err
		}
	}
	return p, onward(ctx, tx, b, p.ID)
}

// unattested refuses to change anything about a matter whose paragraph has been
// adjusted at once: those who attested it attested what it tells of.
func unattested(ctx context.Context, tx *pg.Tx, item uuid.UUID) error {
	p, err := meetingdb.New(tx).AttestedParagraph(ctx, maybe(item))
	switch {
	case fault.Is(err, "common.not_found"):
		return nil
	case err != nil:
		return err
	}
	return fault.New(fault.Conflict, "minutes.paragraph_attested").With("number", p.Number, "on", day.At(*p.AdjustedAt))
}

// settleMinutes lets the minutes stand: from here on the database refuses every
// change. What becomes public then, by the body's rule, does, and all who were
// called are told.
func settleMinutes(ctx context.Context, tx *pg.Tx, b book) error {
	kept := struct {
		script
		Lang     string     `json:"lang"`
		Adjusted []Adjuster `json:"adjusted"`
	}{b.script(), string(recordLang(tx)), b.of(uuid.Nil)}
	body, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	q := meetingdb.New(tx)
	if err := q.AddMinutes(ctx, meetingdb.AddMinutesParams{ID: tx.NewID(), MeetingID: b.meeting.ID, Record: b.record, Body: body, Hash: digest(b.script()), AdjustedOn: tx.Today()}); err != nil {
		return err
	}
	row, err := q.AdjustedMeeting(ctx, meetingdb.AdjustedMeetingParams{ID: b.meeting.ID, AdjustedAt: &tx.Now})
	if err != nil {
		return err
	}
	m := made(tx, row)
	tx.Notify("meeting", m.ID)
	if err := publishAt(ctx, tx, m, tenant.PublicAdjusted); err != nil {
		return err
	}
	all, err := invitations(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	told := parcel{event: mailMinutes}
	for _, i := range all {
		if i.WithdrawnAt == nil {
			told.people = append(told.people, i.Person)
		}
	}
	return post(ctx, tx, m, told)
}
