package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// Enclosure is a document that is put on a matter, in its latest version.
type Enclosure struct {
	Document uuid.UUID `json:"document" doc:"The document." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Note     string    `json:"note,omitempty" maxLength:"1000" doc:"What is new in it. Needed where a version that has been sent is replaced." example:"Tabell 2 är rättad"`
}

// Papers are the papers of a matter, replaced versions among them: by title, the
// latest version of each first.
func Papers(ctx context.Context, tx *pg.Tx, item uuid.UUID) ([]Paper, error) {
	if _, err := GetItem(ctx, tx, item); err != nil {
		return nil, err
	}
	return papersOf(ctx, tx, item)
}

// AgendaPapers are the papers of all matters on a meeting's agenda that the actor
// may see, by matter.
func AgendaPapers(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) (map[uuid.UUID][]Paper, error) {
	items, err := Agenda(ctx, tx, meeting)
	if err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, len(items))
	for n, i := range items {
		ids[n] = i.ID
	}
	all, err := papersOf(ctx, tx, ids...)
	by := map[uuid.UUID][]Paper{}
	for _, p := range all {
		by[p.Item] = append(by[p.Item], p)
	}
	return by, err
}

func papersOf(ctx context.Context, tx *pg.Tx, items ...uuid.UUID) ([]Paper, error) {
	rows, err := meetingdb.New(tx).PapersOf(ctx, items)
	ps := make([]Paper, len(rows))
	for n, r := range rows {
		ps[n] = madePaper(r.AgendaPaper, r.Title)
	}
	return ps, err
}

func madePaper(r meetingdb.AgendaPaper, title string) Paper {
	return Paper{ID: r.ID, Item: r.ItemID, Document: r.DocumentID, Title: title, Number: int(r.Number), Late: r.Late, Note: r.Note, AddedAt: r.AddedAt, ReplacedAt: r.ReplacedAt}
}

// AddPaper puts a document on a matter, in the version that it has now. One that
// comes after the body's deadline for papers is marked as late. Where it takes
// the place of a version that was sent, those who have opened that are told what
// is new.
func AddPaper(ctx context.Context, tx *pg.Tx, item uuid.UUID, e Enclosure) (Paper, error) {
	i, m, err := ofMakers(ctx, tx, item, 0)
	if err != nil {
		return Paper{}, err
	}
	if err := i.in(ItemProposed, ItemWaiting, ItemPlanned, ItemOnTable); err != nil {
		return Paper{}, err
	}
	if m.ID != uuid.Nil {
		if err := m.in(planning...); err != nil {
			return Paper{}, err
		}
	}
	e.Note = trimmed(e.Note)
	d, err := document.Get(ctx, tx, e.Document)
	switch {
	case fault.Is(err, "common.not_found"):
		return Paper{}, fault.Bad("agenda_paper.document_unknown", "/document")
	case err != nil:
		return Paper{}, err
	case d.Withdrawn():
		return Paper{}, fault.Bad("agenda_paper.document_withdrawn", "/document").With("title", d.Title)
	}
	before, err := papersOf(ctx, tx, item)
	if err != nil {
		return Paper{}, err
	}
	sent := m.ID != uuid.Nil && m.State.Sent()
	for _, p := range before {
		if p.Document != e.Document {
			continue
		}
		if p.Number == d.Latest {
			return Paper{}, fault.New(fault.Conflict, "agenda_paper.once").At("/document")
		}
		if sent && e.Note == "" {
			return Paper{}, fault.Bad("agenda_paper.what_is_new", "/note").With("title", d.Title, "number", p.Number)
		}
	}
	q := meetingdb.New(tx)
	old, err := q.ReplacePapers(ctx, meetingdb.ReplacePapersParams{ItemID: item, DocumentID: e.Document, ReplacedAt: &tx.Now})
	if err != nil {
		return Paper{}, err
	}
	p := Paper{ID: tx.NewID(), Item: item, Document: d.ID, Title: d.Title, Number: d.Latest, Note: e.Note, AddedAt: tx.Now, Late: late(tx, m)}
	err = q.AddPaper(ctx, meetingdb.AddPaperParams{ID: p.ID, ItemID: item, MeetingID: maybe(m.ID), DocumentID: d.ID, Number: int32(p.Number), Late: p.Late, //nolint:gosec // a version's number
		Note: p.Note, AddedBy: maybe(tx.Person), AddedAt: tx.Now})
	if err != nil {
		return Paper{}, at(err)
	}
	if i.Confidential || !d.Published && len(d.About) == 0 {
		// It belongs to the matter: who may not see that finds no paper of it either.
		if err := document.Restrict(ctx, tx, d.ID); err != nil {
			return Paper{}, err
		}
	}
	notifyItem(tx, i)
	if !sent || len(old) == 0 {
		return p, nil
	}
	readers, err := q.ReadersOf(ctx, old)
	if err != nil {
		return Paper{}, err
	}
	return p, post(ctx, tx, m, parcel{event: mailPaper, people: readers, about: p.ID})
}

// late tells whether a paper that comes now comes after the body's deadline.
func late(tx *pg.Tx, m Meeting) bool {
	if m.ID == uuid.Nil {
		return false
	}
	b, _ := bodyOf(tx, m.Body, m.On)
	by := papersBy(b, m.On)
	return !by.IsZero() && tx.Today().After(by)
}

// copyPapers lets the papers of a matter, as they stand, go with it to another.
func copyPapers(ctx context.Context, tx *pg.Tx, from, to, meeting uuid.UUID) error {
	all, err := papersOf(ctx, tx, from)
	if err != nil {
		return err
	}
	var ids, papers []uuid.UUID
	for _, p := range all {
		if p.ReplacedAt == nil {
			ids, papers = append(ids, tx.NewID()), append(papers, p.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return meetingdb.New(tx).CopyPapers(ctx, meetingdb.CopyPapersParams{Ids: ids, Papers: papers, ToItem: to, MeetingID: maybe(meeting), AddedAt: tx.Now})
}

// closePapers closes the papers of a matter that has become confidential.
func closePapers(ctx context.Context, tx *pg.Tx, item uuid.UUID) error {
	papers, err := papersOf(ctx, tx, item)
	if err != nil {
		return err
	}
	for _, p := range papers {
		if p.ReplacedAt == nil {
			if err := document.Restrict(ctx, tx, p.Document); err != nil {
				return err
			}
		}
	}
	return nil
}

// OpenPaper gives a paper's file or address in the version that was sent, to whoever
// may see its matter.
func OpenPaper(ctx context.Context, tx *pg.Tx, id uuid.UUID) (document.File, Paper, error) {
	r, err := meetingdb.New(tx).Paper(ctx, id)
	if err != nil {
		return document.File{}, Paper{}, err
	}
	if _, err := GetItem(ctx, tx, r.AgendaPaper.ItemID); err != nil {
		return document.File{}, Paper{}, err
	}
	p := madePaper(r.AgendaPaper, r.Title)
	f, err := document.OpenWithin(ctx, tx, p.Document, p.Number)
	return f, p, err
}

// GetPaper gives one paper of a matter that the actor may see.
func GetPaper(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Paper, error) {
	r, err := meetingdb.New(tx).Paper(ctx, id)
	if err != nil {
		return Paper{}, err
	}
	_, err = GetItem(ctx, tx, r.AgendaPaper.ItemID)
	return madePaper(r.AgendaPaper, r.Title), err
}
