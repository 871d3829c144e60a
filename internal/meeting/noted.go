package meeting

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Afresh is how a paragraph would be written now.
type Afresh struct {
	Heading string `json:"heading" doc:"The heading." example:"Boende som övergripande område"`
	Wording string `json:"wording" doc:"The text. Markdown." example:"Forum beslutar: …"`
}

// written is one part of the minutes as it would be written now; and whether it is
// to be there at all.
func (b book) written(ctx context.Context, tx *pg.Tx, part string, item uuid.UUID) (portion, bool, error) {
	w, err := newWriter(ctx, tx, b.meeting, b)
	if err != nil {
		return portion{}, false, err
	}
	n := slices.IndexFunc(w.portions, func(p portion) bool { return p.part == part && p.item == item })
	if n < 0 {
		return portion{}, false, nil
	}
	err = w.put(ctx, tx, n)
	return w.portions[n], true, err
}

// noted is the digest of what a part is written of: kept beside what somebody has
// written in it, it tells whether something has been noted since.
func (p portion) noted() []byte {
	return digest(verse{Heading: p.heading, Wording: p.wording, Confidential: p.confidential})
}

// older tells whether a paragraph was written of something else than what has been
// noted by now. What somebody has written in is his own words: what counts there is
// what he had before him.
func (b book) older(p Paragraph, now portion) bool {
	if p.Edited {
		return b.noted[p.ID] != nil && !bytes.Equal(b.noted[p.ID], now.noted())
	}
	return p.Heading != now.heading || p.Wording != now.wording || now.confidential && !p.Confidential
}

// stale are the paragraphs that somebody has written in before something else was
// noted, as they would be written now. Where nobody has written in any, nothing is
// asked for.
func (b book) stale(ctx context.Context, tx *pg.Tx) (map[uuid.UUID]Afresh, error) {
	own := func(p Paragraph) bool { return p.Edited && p.AdjustedAt == nil && b.noted[p.ID] != nil }
	if !slices.ContainsFunc(b.paragraphs, own) {
		return nil, nil
	}
	w, err := newWriter(ctx, tx, b.meeting, b)
	if err != nil {
		return nil, unlessGone(err)
	}
	stale := map[uuid.UUID]Afresh{}
	for n := range w.portions {
		now := &w.portions[n]
		p, ok := b.portion(now.part, now.item)
		if !ok || !own(p) {
			continue
		}
		if err := w.put(ctx, tx, n); err != nil {
			return nil, err
		}
		if b.older(p, *now) {
			stale[p.ID] = Afresh{now.heading, now.wording}
		}
	}
	return stale, nil
}

// unlessGone is what went wrong, save that the county's configuration does not tell
// of the body any longer: then nothing can be written afresh, and what is there stands.
func unlessGone(err error) error {
	if fault.Is(err, "meeting.body_gone") {
		return nil
	}
	return err
}

// upToDate refuses, by a key, minutes where somebody has written in a paragraph
// before something else was noted.
func (b book) upToDate(ctx context.Context, tx *pg.Tx, key string) error {
	stale, err := b.stale(ctx, tx)
	if err != nil || len(stale) == 0 {
		return err
	}
	for _, p := range b.paragraphs {
		if _, ok := stale[p.ID]; ok {
			return fault.New(fault.Conflict, key).With("number", p.Number)
		}
	}
	return nil
}
