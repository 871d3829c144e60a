package meeting

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// Amendment is a correction of minutes that have been adjusted: dated, beside
// them. The paragraph points at it, and it at the paragraph.
type Amendment struct {
	ID        uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Meeting   uuid.UUID `json:"meeting" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Number    int       `json:"number" doc:"Its number among the corrections of these minutes." example:"1"`
	Paragraph uuid.UUID `json:"paragraph,omitzero" doc:"The paragraph that it corrects. Left out: the minutes as a whole." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Section   int       `json:"section,omitempty" doc:"That paragraph's number." example:"4"`
	On        day.Day   `json:"on" doc:"The day of it." example:"2027-05-10"`
	Wording   string    `json:"wording" doc:"What it should say. Markdown." example:"Rätt år är 2028."`
	Ground    string    `json:"ground" doc:"Why." example:"Skrivfel, påpekat av Alvesta kommun"`
	By        string    `json:"by,omitempty" doc:"Who made it." example:"Kim Lind"`
	MadeAt    time.Time `json:"madeAt" doc:"When." example:"2027-05-10T08:10:00Z"`
	Public    bool      `json:"public" doc:"Whether the public may read it." example:"false"`
}

// number tells an amendment which paragraph it is of.
func (a *Amendment) number(ps []Paragraph) {
	for _, p := range ps {
		if p.ID == a.Paragraph {
			a.Section = p.Number
		}
	}
}

// Correction is a correction as it is made.
type Correction struct {
	Paragraph uuid.UUID `json:"paragraph,omitzero" doc:"The paragraph that it corrects. Left out: the minutes as a whole." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Wording   string    `json:"wording" minLength:"1" maxLength:"10000" doc:"What it should say. Markdown." example:"Rätt år är 2028."`
	Ground    string    `json:"ground" minLength:"1" maxLength:"1000" doc:"Why." example:"Skrivfel, påpekat av Alvesta kommun"`
}

// Amend adds a dated correction to minutes that have been adjusted. The text that
// was adjusted stays as it is. Where the minutes are public so is the
// correction, unless it is of a masked paragraph.
func Amend(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, version int64, c Correction) (Amendment, error) {
	m, _, err := led(ctx, tx, meeting, version)
	if err != nil {
		return Amendment{}, err
	}
	lines(&c.Ground)
	c.Wording = trimmed(c.Wording)
	if !m.State.Settled() {
		return Amendment{}, fault.New(fault.Conflict, "amendment.not_adjusted")
	}
	b, err := openBook(ctx, tx, m)
	if err != nil {
		return Amendment{}, err
	}
	p, ok := b.paragraph(c.Paragraph)
	var wrong fault.List
	if c.Paragraph != uuid.Nil && !ok {
		wrong.Add(fault.Bad("amendment.paragraph", "/paragraph"))
	}
	if c.Wording == "" {
		wrong.Add(fault.Bad("amendment.worded", "/wording"))
	}
	if c.Ground == "" {
		wrong.Add(fault.Bad("amendment.grounded", "/ground"))
	}
	if err := wrong.Err(); err != nil {
		return Amendment{}, err
	}
	row, err := meetingdb.New(tx).AddAmendment(ctx, meetingdb.AddAmendmentParams{ID: tx.NewID(), MeetingID: meeting, ParagraphID: maybe(c.Paragraph), OnDay: tx.Today(),
		Wording: c.Wording, Ground: c.Ground, MadeBy: maybe(tx.Person), MadeAt: tx.Now, Published: m.State == Published && !p.Confidential})
	if err != nil {
		return Amendment{}, at(err)
	}
	a := madeAmendment(row, "")
	a.number(b.paragraphs)
	_, err = touch(ctx, tx, m)
	return a, err
}

func amendments(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) ([]Amendment, error) {
	rows, err := meetingdb.New(tx).Amendments(ctx, meeting)
	as := make([]Amendment, len(rows))
	for i, r := range rows {
		as[i] = madeAmendment(r.Amendment, r.Name)
	}
	return as, err
}

func madeAmendment(r meetingdb.Amendment, by string) Amendment {
	return Amendment{ID: r.ID, Meeting: r.MeetingID, Number: int(r.Number), Paragraph: r.ParagraphID.UUID, On: r.OnDay, Wording: r.Wording, Ground: r.Ground, By: by,
		MadeAt: r.MadeAt, Public: r.Published}
}
