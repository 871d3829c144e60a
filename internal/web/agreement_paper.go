package web

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// The papers that hang on an agreement: a new one is filed on it, one that is
// there is hung on it, and taken off again.

func (d *Door) agreementPapers(one string) []route {
	return slices.Concat(
		both(one+"/documents/new", upload[paper]{form[paper]{d, members, d.newPaper, nil}, filePaper}),
		both(one+"/documents/choose", form[hanging]{d, members, d.hangingPaper, hangPaper}),
		[]route{post(one+"/documents/{document}/removal", d.act(members, takeOffPaper))},
	)
}

// papersAbout are the first of the documents that hang on an agreement, as far
// as the visitor may read documents.
func papersAbout(ctx context.Context, tx *pg.Tx, id uuid.UUID) (l documentList, err error) {
	l.Base, l.On = inside, id
	if tx.May(auth.DocumentRead) {
		l.Rows, l.Total, err = document.List(ctx, tx, document.Filter{About: document.About{About: "instrument", ID: id}, Limit: mostPapers, Page: 1})
	}
	return l, err
}

// publishedAbout is papersAbout of what everyone may read.
func publishedAbout(ctx context.Context, tx *pg.Tx, id uuid.UUID) (l documentList, err error) {
	l.Base, l.Public = outside, true
	l.Rows, l.Total, err = document.Published(ctx, tx, document.Filter{About: document.About{About: "instrument", ID: id}, Limit: mostPapers, Page: 1})
	return l, err
}

const (
	mostPapers  = 100 // shown on an agreement's page
	mostOffered = 500 // to choose among
)

// aboutPapers is the beginning of a form about an agreement's papers, for
// whoever may change documents.
func (v *visit) aboutPapers(ctx context.Context, tx *pg.Tx) (agreement.Instrument, sheet, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return i, sheet{}, err
	}
	s := sheet{Words: "document", Crumbs: v.inAgreement(i), Cancel: string(agreementAt(v, i.ID, "#documents")), Options: map[string][]option{}, Kinds: map[string]string{}}
	return i, s, tx.Require(auth.DocumentChange)
}

func (d *Door) newPaper(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, on, err := v.aboutPapers(ctx, tx)
	if err != nil {
		return on, err
	}
	s, err := d.newDocument(ctx, tx, v)
	s.Crumbs, s.Cancel, s.Lead = on.Crumbs, on.Cancel, v.T("document.page.paper_lead", "name", titled(i.Title))
	return s, err
}

func filePaper(ctx context.Context, tx *pg.Tx, v *visit, _ int64, p paper, b *document.Blob) (string, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return "", err
	}
	if _, err := file(ctx, tx, p, b, document.About{About: "instrument", ID: i.ID}); err != nil {
		return "", err
	}
	return agreementDone(v, "", "document_added#documents")
}

// hanging is the document that is hung on an agreement.
type hanging struct {
	Document uuid.UUID `json:"document"`
}

func (d *Door) hangingPaper(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutPapers(ctx, tx)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Submit = v.T("document.page.hang"), v.T("document.page.hang_lead", "name", titled(i.Title)), v.T("document.page.hang_do")
	docs, all, err := document.List(ctx, tx, document.Filter{Limit: mostOffered, Page: 1})
	os := []option{}
	for _, x := range docs {
		if !x.Withdrawn() && !slices.Contains(x.About, document.About{About: "instrument", ID: i.ID}) {
			os = append(os, option{x.ID.String(), x.Title + " (" + v.Of("document.kind.", x.Kind) + ")"})
		}
	}
	notes := []string{v.T("document.page.hang_note")}
	if all > mostOffered {
		notes = append(notes, v.T("document.page.hang_more", "count", mostOffered))
	}
	s.Leaves, s.Options["document"] = []leaf{{"which", v.T("document.page.which"), notes, []string{"document"}}}, os
	return s, err
}

func hangPaper(ctx context.Context, tx *pg.Tx, v *visit, _ int64, h hanging) (string, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return "", err
	}
	if _, err := agreement.Hang(ctx, tx, i.ID, h.Document); err != nil {
		return "", err
	}
	return agreementDone(v, "", "document_hung#documents")
}

func takeOffPaper(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return "", err
	}
	paper, err := uuid.Parse(v.r.PathValue("document"))
	if err != nil {
		return "", fault.Missing()
	}
	if _, err := agreement.TakeOff(ctx, tx, i.ID, paper, version); err != nil {
		return "", err
	}
	return agreementDone(v, "", "document_taken_off#documents")
}
