package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Passage is a paragraph as somebody writes it.
type Passage struct {
	Heading       string `json:"heading" minLength:"1" maxLength:"200" doc:"Its heading." example:"Boende som övergripande område"`
	Wording       string `json:"wording,omitempty" maxLength:"40000" doc:"Its text. Markdown." example:"Forum beslutar: …"`
	Confidential  bool   `json:"confidential,omitempty" doc:"Whether only those who sit may read it; others read that it is masked. Its matter and decision are not public then." example:"false"`
	PublicHeading string `json:"publicHeading,omitempty" maxLength:"200" doc:"The heading that the public reads, where it is another." example:"Ärende om boende"`
	PublicWording string `json:"publicWording,omitempty" maxLength:"40000" doc:"The text that the public reads, where it is another. Markdown." example:"Forum beslutar: …"`
}

// ChangeParagraph writes a paragraph of the draft anew, of the version that was
// read. Whoever had attested the minutes has to read them again. Saved as it is, it
// has been read through with what is noted now. What is about a confidential matter
// stays so, and only what is confidential has another text for the public; its matter
// and decision are not public as long as it is.
func ChangeParagraph(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, n Passage) (Paragraph, error) {
	r, p, err := writing(ctx, tx, id, version)
	if err != nil {
		return Paragraph{}, err
	}
	lines(&n.Heading, &n.PublicHeading)
	n.Wording, n.PublicWording = trimmed(n.Wording), trimmed(n.PublicWording)
	if err := r.meeting.in(Open, Closed, Minuted); err != nil {
		return Paragraph{}, err
	}
	switch {
	case p.AdjustedAt != nil:
		return Paragraph{}, fault.New(fault.Conflict, "minutes.paragraph_adjusted").With("number", p.Number)
	case n.Heading == "":
		return Paragraph{}, fault.Bad("minutes.heading", "/heading")
	case !n.Confidential && n.PublicHeading != "":
		return Paragraph{}, fault.Bad("minutes.public_as_it_is", "/publicHeading")
	case !n.Confidential && n.PublicWording != "":
		return Paragraph{}, fault.Bad("minutes.public_as_it_is", "/publicWording")
	}
	if p.Item != uuid.Nil && !n.Confidential {
		i, err := meetingdb.New(tx).LiveItem(ctx, p.Item)
		if err != nil {
			return Paragraph{}, err
		}
		if i.Confidential {
			return Paragraph{}, fault.Bad("minutes.stays_confidential", "/confidential")
		}
	}
	change := meetingdb.ChangeParagraphParams{ID: id, Version: version, Heading: n.Heading, Wording: n.Wording, Confidential: n.Confidential,
		PublicHeading: n.PublicHeading, PublicWording: n.PublicWording, Edited: n.Heading != p.Heading || n.Wording != p.Wording}
	if p.Edited || change.Edited { // whoever writes has what is noted now before him
		switch now, planned, err := r.written(ctx, tx, p.Part, p.Item); {
		case unlessGone(err) != nil:
			return Paragraph{}, err
		case planned:
			change.Noted = now.noted()
		}
	}
	row, err := meetingdb.New(tx).ChangeParagraph(ctx, change)
	if err != nil {
		return Paragraph{}, at(err)
	}
	if err := r.disclosed(ctx, tx, p, n.Confidential); err != nil {
		return Paragraph{}, err
	}
	return madeParagraph(row), rewritten(ctx, tx, r.meeting)
}

// disclosed lets a matter and its decision follow their paragraph: while it is
// confidential they are not public, and when it no longer is they are what the
// body's rule makes them so far.
func (b book) disclosed(ctx context.Context, tx *pg.Tx, was Paragraph, confidential bool) error {
	switch {
	case was.Item == uuid.Nil:
		return nil
	case confidential:
		return meetingdb.New(tx).WithholdItem(ctx, was.Item)
	case !was.Confidential:
		return nil
	case b.meeting.State == Open:
		return publishAt(ctx, tx, b.meeting, tenant.PublicCalled)
	}
	return publishAt(ctx, tx, b.meeting, tenant.PublicClosed)
}

// Disclosure is what the public reads in place of a paragraph.
type Disclosure struct {
	Heading string `json:"heading,omitempty" maxLength:"200" doc:"The heading. Left out: that it is masked." example:"Ärende om boende"`
	Wording string `json:"wording,omitempty" maxLength:"40000" doc:"The text. Markdown. Left out: nothing." example:"Forum beslutar: …"`
}

// Mask writes what the public will read in place of a confidential paragraph that
// has been adjusted: the minutes stay as they are. Any other paragraph the public
// reads as it was attested, and what the public reads already stays: what is wrong
// there is corrected beside it.
func Mask(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, n Disclosure) (Paragraph, error) {
	if err := tx.Require(auth.MeetingPublish); err != nil {
		return Paragraph{}, err
	}
	r, p, err := writing(ctx, tx, id, version)
	if err != nil {
		return Paragraph{}, err
	}
	lines(&n.Heading)
	n.Wording = trimmed(n.Wording)
	if r.meeting.State == Published {
		return Paragraph{}, fault.New(fault.Conflict, "minutes.public_stands")
	}
	if err := r.meeting.in(Adjusted); err != nil {
		return Paragraph{}, err
	}
	if !p.Confidential {
		return Paragraph{}, fault.New(fault.Conflict, "minutes.not_confidential").With("number", p.Number)
	}
	row, err := meetingdb.New(tx).MaskParagraph(ctx, meetingdb.MaskParagraphParams{ID: id, Version: version, PublicHeading: n.Heading, PublicWording: n.Wording})
	if err != nil {
		return Paragraph{}, at(err)
	}
	_, err = touch(ctx, tx, r.meeting)
	return madeParagraph(row), err
}

// writing gives a paragraph, of the version that was read, to who writes the minutes.
func writing(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (reader, Paragraph, error) {
	row, err := meetingdb.New(tx).Paragraph(ctx, id)
	if err != nil {
		return reader{}, Paragraph{}, err
	}
	r, err := reading(ctx, tx, row.MeetingID, holdAlone)
	if err != nil {
		return r, Paragraph{}, err
	}
	p, ok := r.paragraph(id)
	switch {
	case !ok || !r.shows(p) || r.masks(p):
		return r, p, fault.Missing()
	case !r.leads:
		return r, p, fault.New(fault.Forbidden, "meeting.not_leading").With("who", auth.Holders(auth.MeetingPrepare))
	case p.Version != version:
		return r, p, fault.Changed(p)
	}
	return r, p, nil
}
