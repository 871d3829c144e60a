package web

import (
	"context"
	"slices"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) documentRoutes() []route {
	const at, open = "/lan/{county}/documents", "/lan/{county}/published-documents"
	return slices.Concat(
		[]route{
			get(at, d.page(members, d.documents)),
			get(at+"/{id}", d.page(members, d.document)),
			get(at+"/{id}/versions/{number}/content", d.file(members, document.Open)),
			get(open, d.page(published, d.publishedDocuments)),
			get(open+"/{id}", d.page(published, d.publishedDocument)),
			get(open+"/{id}/versions/{number}/content", d.file(published, document.OpenPublished)),
		},
		both(at+"/new", upload[paper]{form[paper]{d, members, d.newDocument, nil}, fileDocument}),
		both(at+"/{id}/edit", form[PaperCard]{d, members, d.editDocument, changeDocument}),
		both(at+"/{id}/versions/new", upload[PaperContent]{form[PaperContent]{d, members, d.newVersion, nil}, addVersion}),
		both(at+"/{id}/versions/{number}/erratum", form[document.Erratum]{d, members, d.newErratum, correctVersion}),
		both(at+"/{id}/versions/{number}/dead-link", form[document.Death]{d, members, d.newDeath, noteDead}),
		both(at+"/{id}/withdraw", form[document.Withdrawal]{d, members, d.withdrawing, upon(document.Withdraw, under(inside), "?done=document_withdrawn")}),
	)
}

// documentList is the list as it was asked for.
type documentList struct {
	Kind   string
	Base   string // where its documents lie: /documents, or /published-documents
	Rows   []document.Document
	Public bool
	On     uuid.UUID // the agreement that they hang on, where they can be taken off it
	paging
}

// off is where a document is taken off the agreement that it hangs on.
func (l documentList) off(v *visit, d document.Document) templ.SafeURL {
	return agreementAt(v, l.On, inside, "/", d.ID.String(), "/removal")
}

// takes tells whether the visitor may take documents off.
func (l documentList) takes(v *visit) bool { return l.On != uuid.Nil && v.Acts(auth.DocumentChange) }

func (v *visit) documentList(base string) documentList {
	l := documentList{Kind: v.Asked("kind"), Base: base, Public: base == outside, paging: paging{Page: v.pageAsked()}}
	if !slices.Contains(document.Kinds, l.Kind) {
		l.Kind = ""
	}
	return l
}

// Where documents lie: for members, and for everyone.
const (
	inside  = "/documents"
	outside = "/published-documents"
)

func (d *Door) documents(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := v.documentList(inside)
	var err error
	l.Rows, l.Total, err = document.List(ctx, tx, document.Filter{Kind: l.Kind, Limit: perPage, Page: l.Page})
	return documentsPage(v, l), err
}

func (d *Door) publishedDocuments(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := v.documentList(outside)
	var err error
	l.Rows, l.Total, err = document.Published(ctx, tx, document.Filter{Kind: l.Kind, Limit: perPage, Page: l.Page})
	return documentsPage(v, l), err
}

// publishedOnStart are the first of those that everyone may read, for the
// county's public page.
func publishedOnStart(ctx context.Context, tx *pg.Tx) (l documentList, err error) {
	l.Base, l.Public = outside, true
	l.Rows, l.Total, err = document.Published(ctx, tx, document.Filter{Limit: 10, Page: 1})
	return l, err
}

// documentsAbout are those about an organisation, for its page, as far as the
// visitor may read documents.
func documentsAbout(ctx context.Context, tx *pg.Tx, id uuid.UUID) (l documentList, err error) {
	l.Base = inside
	if tx.May(auth.DocumentRead) {
		l.Rows, l.Total, err = document.List(ctx, tx, document.Filter{About: document.About{About: "organisation", ID: id}, Limit: 20, Page: 1})
	}
	return l, err
}

// sentence says how many the list holds and of what.
func (l documentList) sentence(v *visit) string {
	what := v.T("document.page.count", "count", l.Total)
	if l.Kind != "" {
		what += " " + v.T("document.page.of_kind", "kind", v.Of("document.kind.", l.Kind))
	}
	return what + "."
}

// filed is one document with all that its page shows.
type filed struct {
	document.Document
	Base          string
	Public        bool
	Changes       bool // whether the visitor may change it
	Organisations []organisation.Organisation
	Agreements    []agreement.Instrument
	History       []audit.Entry
	Whole         bool
}

func (d *Door) document(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	f := filed{Base: inside}
	if f.Document, err = document.Get(ctx, tx, id); err != nil {
		return nil, err
	}
	f.Changes = tx.May(auth.DocumentChange) && !f.Withdrawn()
	if tx.May(auth.OrganisationRead) {
		for _, about := range paperOf(f.Document).Organisations {
			o, err := organisation.Get(ctx, tx, about)
			if err != nil {
				return nil, err
			}
			f.Organisations = append(f.Organisations, o)
		}
	}
	for _, about := range f.About {
		if about.About != "instrument" || !tx.May(auth.AgreementRead) {
			continue
		}
		i, err := agreement.Get(ctx, tx, about.ID, v.Today)
		if err != nil {
			return nil, err
		}
		f.Agreements = append(f.Agreements, i)
	}
	f.History, err = audit.History(ctx, tx, "document", id, 20, 1)
	f.Whole = tx.May(auth.AuditRead)
	return documentPage(v, f), err
}

func (d *Door) publishedDocument(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	f := filed{Base: outside, Public: true}
	f.Document, err = document.GetPublished(ctx, tx, id)
	return documentPage(v, f), err
}

// opens reads whether the visitor can read what is in the document.
func (f filed) opens(v *visit) bool {
	return !f.Withdrawn() || (!f.Public && v.Actor.May(auth.DocumentChange))
}

// tongue is what a language is called.
func (v *visit) tongue(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	name := display.Languages(language.Make(string(v.Lang))).Name(tag)
	if name == "" {
		return code
	}
	return name
}

// filedOn is the day something was added.
func filedOn(t time.Time) string { return day.At(t).String() }

func dayOf(t time.Time) day.Day { return day.At(t) }

func (v *visit) documentsTitle(l documentList) string {
	if l.Public {
		return v.T("document.page.public_title")
	}
	return v.T("document.place")
}

func (v *visit) documentsNote(l documentList) string {
	if l.Public {
		return v.T("document.page.start_note")
	}
	return v.T("document.page.list_note")
}
