package meeting

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// The parts that minutes are made of.
const (
	PartOpening    = "opening"
	PartAttendance = "attendance"
	PartAdjusters  = "adjusters"
	PartItem       = "item"
	PartClosing    = "closing"
)

// DraftMinutes writes the minutes of a closed meeting from what was noted there:
// who opened it, who was there for whom, what came of each matter and by which
// reckoning. Drafted again, what somebody has written in stays, and so does what
// has been adjusted at once.
func DraftMinutes(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, version int64) (Minutes, error) {
	m, _, err := led(ctx, tx, meeting, version, Closed, Minuted)
	if err != nil {
		return Minutes{}, err
	}
	if err := redraft(ctx, tx, m); err != nil {
		return Minutes{}, err
	}
	if m.State == Closed {
		if _, err := meetingdb.New(tx).MinutedMeeting(ctx, meeting); err != nil {
			return Minutes{}, err
		}
		tx.Notify("meeting", meeting)
	} else if err := rewritten(ctx, tx, m); err != nil {
		return Minutes{}, err
	}
	return MinutesOf(ctx, tx, meeting)
}

// TakeBackDraft takes a draft back that is not being adjusted, so that the meeting
// can be opened again to note something right. What has been written is kept for
// the next draft.
func TakeBackDraft(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, version int64) (Meeting, error) {
	m, _, err := led(ctx, tx, meeting, version, Minuted)
	if err != nil {
		return Meeting{}, err
	}
	b, err := openBook(ctx, tx, m)
	if err != nil {
		return Meeting{}, err
	}
	if err := b.unasked(); err != nil {
		return Meeting{}, err
	}
	row, err := meetingdb.New(tx).UnminutedMeeting(ctx, meeting)
	tx.Notify("meeting", meeting)
	return made(tx, row), err
}

// portion is a part of the minutes as it is drafted.
type portion struct {
	part             string
	item             uuid.UUID
	number           int
	heading, wording string
	confidential     bool
}

// redraft writes every paragraph that is to be there, and takes away what is not.
func redraft(ctx context.Context, tx *pg.Tx, m Meeting) error {
	q := meetingdb.New(tx)
	b, err := openBook(ctx, tx, m)
	if err != nil {
		return err
	}
	w, err := newWriter(ctx, tx, m, b)
	if err != nil {
		return err
	}
	if err := w.write(ctx, tx); err != nil {
		return err
	}
	if err := q.LiftParagraphs(ctx, m.ID); err != nil {
		return err
	}
	for _, p := range w.portions {
		was, ok := b.portion(p.part, p.item)
		switch {
		case !ok:
			_, err = q.AddParagraph(ctx, p.row(tx, m))
		case was.AdjustedAt == nil:
			err = q.RedraftParagraph(ctx, meetingdb.RedraftParagraphParams{ID: was.ID, Number: int32(p.number), Heading: p.heading, Wording: p.wording, Confidential: p.confidential}) //nolint:gosec // a few
		}
		if err != nil {
			return at(err)
		}
	}
	for _, was := range b.paragraphs {
		kept := slices.ContainsFunc(w.portions, func(p portion) bool { return p.part == was.Part && p.item == was.Item })
		if !kept && was.AdjustedAt == nil {
			if err := q.DropParagraph(ctx, was.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p portion) row(tx *pg.Tx, m Meeting) meetingdb.AddParagraphParams {
	return meetingdb.AddParagraphParams{ID: tx.NewID(), MeetingID: m.ID, ItemID: maybe(p.item), Part: p.part, Number: int32(p.number), Heading: p.heading, Wording: p.wording, //nolint:gosec // a few
		Confidential: p.confidential}
}

// portion finds the paragraph that is a part.
func (b book) portion(part string, item uuid.UUID) (Paragraph, bool) {
	i := slices.IndexFunc(b.paragraphs, func(p Paragraph) bool { return p.Part == part && p.Item == item })
	if i < 0 {
		return Paragraph{}, false
	}
	return b.paragraphs[i], true
}

// paragraphOf is a matter's paragraph as it is to be read now: written when there
// is none yet, and anew when something else has been noted since. What somebody has
// written in stays, and is stale.
func paragraphOf(ctx context.Context, tx *pg.Tx, m Meeting, item uuid.UUID) (Paragraph, error) {
	b, err := openBook(ctx, tx, m)
	if err != nil {
		return Paragraph{}, err
	}
	was, ok := b.portion(PartItem, item)
	if ok && was.AdjustedAt != nil {
		return was, nil
	}
	now, planned, err := b.written(ctx, tx, PartItem, item)
	if err == nil && !planned {
		err = fault.Missing()
	}
	if err != nil {
		return Paragraph{}, err
	}
	q := meetingdb.New(tx)
	switch {
	case !ok:
		row, err := q.AddParagraph(ctx, now.row(tx, m))
		return madeParagraph(row), at(err)
	case !b.older(was, now):
		return was, nil
	case was.Edited:
		was.Stale = true
		return was, nil
	}
	if err := q.RedraftParagraph(ctx, meetingdb.RedraftParagraphParams{ID: was.ID, Number: int32(was.Number), Heading: now.heading, Wording: now.wording, Confidential: now.confidential}); err != nil { //nolint:gosec // a few
		return Paragraph{}, at(err)
	}
	row, err := q.Paragraph(ctx, was.ID)
	return madeParagraph(row), err
}

// plan are the parts of a meeting's minutes in order, with their numbers: as the
// record and the body have them. What has been adjusted keeps its number, and
// the rest go around it.
func (w *writer) plan(items []Item, b book) {
	add := func(part string, item uuid.UUID) { w.portions = append(w.portions, portion{part: part, item: item}) }
	first := []string{PartOpening, PartAttendance}
	if w.body.Rules.RecordWords.AttendanceFirst {
		slices.Reverse(first)
	}
	for _, part := range first {
		add(part, uuid.Nil)
	}
	if by := w.body.Rules.Adjusting.By; by != tenant.AdjustedByNobody && (by != "" || len(b.of(uuid.Nil)) > 0) {
		add(PartAdjusters, uuid.Nil)
	}
	for _, i := range items {
		add(PartItem, i.ID)
	}
	add(PartClosing, uuid.Nil)
	taken := map[int]bool{}
	for i := range w.portions {
		if p, ok := b.portion(w.portions[i].part, w.portions[i].item); ok && p.AdjustedAt != nil {
			w.portions[i].number, taken[p.Number] = p.Number, true
		}
	}
	next := 1
	for i := range w.portions {
		if w.portions[i].number > 0 {
			continue
		}
		for taken[next] {
			next++
		}
		w.portions[i].number = next
		taken[next] = true
	}
	slices.SortStableFunc(w.portions, func(x, y portion) int { return x.number - y.number })
}
