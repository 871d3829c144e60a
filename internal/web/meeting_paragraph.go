package web

import (
	"context"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// aboutParagraph is the beginning of a form about the paragraph that the address names.
func (v *visit) aboutParagraph(ctx context.Context, tx *pg.Tx) (meeting.Paragraph, sheet, error) {
	m, s, err := v.aboutMinutes(ctx, tx, true)
	if err != nil {
		return meeting.Paragraph{}, s, err
	}
	which, err := id(v.r, "paragraph")
	at := slices.IndexFunc(m.Paragraphs, func(p paragraphSeen) bool { return p.ID == which })
	if err != nil || at < 0 {
		return meeting.Paragraph{}, s, fault.Missing()
	}
	p := m.Paragraphs[at].Paragraph
	s.Cancel = minutesAt(v, m.Meeting, "#"+m.Paragraphs[at].id())
	s.Thing, s.Version = p, p.Version
	s.Kinds["wording"], s.Kinds["publicWording"] = "area", "area"
	return p, s, nil
}

func (d *Door) writingParagraph(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	p, s, err := v.aboutParagraph(ctx, tx)
	if err != nil {
		return s, err
	}
	if p.AdjustedAt != nil {
		return s, fault.New(fault.Conflict, "minutes.paragraph_adjusted").With("number", p.Number)
	}
	s.Title, s.Lead = v.T("minutes.page.write", "number", p.Number), v.T("minutes.page.write_lead")
	s.Leaves = []leaf{
		{"text", v.T("minutes.page.text"), []string{v.T("minutes.page.text_note"), v.T("minutes.page.markdown_note")}, []string{"heading", "wording"}},
		{"public", v.T("minutes.page.public_text"), []string{v.T("minutes.page.public_note")}, []string{"confidential", "publicHeading", "publicWording"}},
	}
	return s, nil
}

func changeParagraph(ctx context.Context, tx *pg.Tx, v *visit, version int64, n meeting.Passage) (string, error) {
	return onParagraph(v, func(which uuid.UUID) (meeting.Paragraph, error) {
		return meeting.ChangeParagraph(ctx, tx, which, version, n)
	})
}

// onParagraph does something with the paragraph that the address names, and leads
// back to it.
func onParagraph(v *visit, do func(uuid.UUID) (meeting.Paragraph, error)) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	which, err := id(v.r, "paragraph")
	if err != nil {
		return "", err
	}
	p, err := do(which)
	return minutesAt(v, at, "?done=saved#p"+strconv.Itoa(p.Number)), err
}

func (d *Door) maskingParagraph(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	p, s, err := v.aboutParagraph(ctx, tx)
	if err != nil {
		return s, err
	}
	if err := tx.Require(auth.MeetingPublish); err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("minutes.page.mask", "number", p.Number), v.T("minutes.page.mask_lead")
	s.Leaves = []leaf{{"public", v.T("minutes.page.public_text"), []string{v.T("minutes.page.mask_note")}, []string{"heading", "wording"}}}
	s.Thing = disclosed(p)
	return s, nil
}

// disclosed is what the public reads in place of a paragraph, as the form has it.
func disclosed(p meeting.Paragraph) any {
	return struct {
		meeting.Disclosure
		Version int64 `json:"version"`
	}{meeting.Disclosure{Heading: p.PublicHeading, Wording: p.PublicWording}, p.Version}
}

func maskParagraph(ctx context.Context, tx *pg.Tx, v *visit, version int64, n meeting.Disclosure) (string, error) {
	return onParagraph(v, func(which uuid.UUID) (meeting.Paragraph, error) {
		p, err := meeting.Mask(ctx, tx, which, version, n)
		for _, f := range fault.All(err) {
			if now, ok := f.Current.(meeting.Paragraph); ok && f.Kind == fault.Stale {
				return p, fault.Changed(disclosed(now))
			}
		}
		return p, err
	})
}
