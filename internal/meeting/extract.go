package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Extract is what there is of one decision in the minutes, to be given by itself.
type Extract struct {
	Meeting    Meeting     `json:"meeting" doc:"The meeting."`
	Record     string      `json:"record" enum:"minutes,notes" doc:"Whether they are minutes or notes." example:"minutes"`
	Title      string      `json:"title" doc:"What the minutes are called." example:"Protokoll: Forum 2027-04-15"`
	Decision   Decision    `json:"decision" doc:"The decision."`
	Paragraph  Paragraph   `json:"paragraph" doc:"The paragraph of the minutes."`
	Adjusters  []Adjuster  `json:"adjusters" nullable:"false" doc:"Who has attested it."`
	Amendments []Amendment `json:"amendments" nullable:"false" doc:"The corrections that have been made of it since."`
}

// ExtractOf gives the extract of a decision, once its paragraph has been adjusted:
// to who may read it in the minutes, and to a party that it has been given to.
func ExtractOf(ctx context.Context, tx *pg.Tx, decision uuid.UUID) (Extract, error) {
	d, m, s, err := decidedIn(ctx, tx, decision)
	if err == nil {
		err = s.needs(m)
	}
	if err != nil && (d.ID == uuid.Nil || !fault.Is(err, "common.not_found")) {
		return Extract{}, err
	}
	given, e := handed(ctx, tx, d)
	switch {
	case e != nil:
		return Extract{}, e
	case err != nil && !given:
		return Extract{}, err
	}
	var r reader
	if given {
		r.book, err = openBook(ctx, tx, m)
	} else {
		r, err = reading(ctx, tx, m.ID, holdNone)
	}
	if err != nil {
		return Extract{}, err
	}
	r.secret = r.secret || given
	return r.extract(ctx, tx, d, s)
}

// extract is the extract of one decision. Of a meeting that the reader does not
// see it tells the day, and how far its minutes have come.
func (r reader) extract(ctx context.Context, tx *pg.Tx, d Decision, s sight) (Extract, error) {
	m := r.meeting
	if !s.whole(m) {
		m = m.dayOnly()
		m.State, m.AdjustedAt = r.meeting.State, r.meeting.AdjustedAt
	}
	e := Extract{Meeting: m, Record: r.record, Title: r.title, Decision: d, Adjusters: []Adjuster{}, Amendments: []Amendment{}}
	for _, p := range r.paragraphs {
		if p.Item == d.Item && (m.State.Settled() || p.AdjustedAt != nil) {
			e.Paragraph = p
		}
	}
	if e.Paragraph.ID == uuid.Nil {
		return Extract{}, fault.New(fault.Conflict, "minutes.not_yet").With("who", auth.Holders(auth.MeetingPrepare))
	}
	if r.masks(e.Paragraph) {
		return Extract{}, fault.Missing()
	}
	for _, a := range r.adjusters {
		if a.Adjusting.AdjustedAt != nil && (!a.Adjusting.ParagraphID.Valid || a.Adjusting.ParagraphID.UUID == e.Paragraph.ID) {
			e.Adjusters = append(e.Adjusters, r.adjuster(a))
		}
	}
	all, err := amendments(ctx, tx, m.ID)
	for _, a := range all {
		if a.Paragraph == e.Paragraph.ID {
			a.number(r.paragraphs)
			e.Amendments = append(e.Amendments, a)
			e.Paragraph.Amendments = append(e.Paragraph.Amendments, a.Number)
		}
	}
	return e, err
}
