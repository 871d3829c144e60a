package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// InDocument names a document in the path.
type InDocument struct {
	InCounty
	ID uuid.UUID `path:"document" doc:"The document's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// InVersion names one version of a document in the path.
type InVersion struct {
	InDocument
	Number int `path:"number" minimum:"1" maximum:"1000000" doc:"The version's number, from 1." example:"1"`
}

// Document is a document with what leads on from it.
type Document struct {
	document.Document
	Linked
}

// DocumentList is a page of documents.
type DocumentList struct {
	Documents []Document `json:"documents" doc:"The documents, in Swedish order."`
	Paged
}

// DocumentQuery asks for documents.
type DocumentQuery struct {
	InCounty
	About string `query:"about" maxLength:"80" pattern:"^[a-z][a-z-]{1,39}:[0-9a-f-]{36}$" doc:"Only what is about this: a subject, a colon and an identifier." example:"organisation:0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Kind  string `query:"kind" enum:"agreement,appendix,decision,signature,minutes,invitation,plan,report,guide,letter,other" doc:"Only of this kind." example:"agreement"`
	Paging
}

func (q DocumentQuery) filter() (document.Filter, error) {
	f := document.Filter{Kind: q.Kind, Limit: q.Limit, Page: q.Page}
	if subject, id, some := strings.Cut(q.About, ":"); some {
		it, err := uuid.Parse(id)
		if err != nil {
			return f, fault.New(fault.Invalid, "document.about_unknown").At(inQuery + "about")
		}
		f.About = document.About{About: subject, ID: it}
	}
	return f, nil
}

// DocumentPage asks for a page of something about a document.
type DocumentPage struct {
	InDocument
	Paging
}

// DocumentCard is a document's card, written anew.
type DocumentCard struct {
	InDocument
	Body document.Card
}

// DocumentWithdrawal is why a document is withdrawn.
type DocumentWithdrawal struct {
	InDocument
	Body document.Withdrawal
}

// VersionErratum is what is known to be wrong in a version.
type VersionErratum struct {
	InVersion
	Body document.Erratum
}

// VersionDeath is the day a version's link was found to lead nowhere.
type VersionDeath struct {
	InVersion
	Body document.Death
}

// NumberedVersion is a version with what leads on from it.
type NumberedVersion struct {
	document.Version
	Linked
}

// NumberedVersionList is a page of versions.
type NumberedVersionList struct {
	Versions []NumberedVersion `json:"versions" doc:"The versions, latest first."`
	Paged
}

// LinkedPaper is a new document that lies elsewhere. With a file it is sent
// without the address.
type LinkedPaper struct {
	document.Card
	Elsewhere
}

// Elsewhere is where a paper lies that is not sent as a file.
type Elsewhere struct {
	URL string `json:"url,omitempty" maxLength:"2000" doc:"The address of a paper elsewhere, beginning with https://. Left out when a file is sent." example:"https://www.lansstyrelsen.example/overenskommelse.pdf"`
}

func (d *Door) documents() {
	const all, one = "/counties/{county}/documents", "/counties/{county}/documents/{document}"
	const version = one + "/versions/{number}"

	list(d, Member, all, "list-documents", func(ctx context.Context, tx *pg.Tx, in *DocumentQuery) (l DocumentList, total int, err error) {
		f, err := in.filter()
		if err != nil {
			return l, 0, err
		}
		ds, total, err := document.List(ctx, tx, f)
		for _, it := range ds {
			l.Documents = append(l.Documents, d.paper(tx, "documents", it))
		}
		return l, total, err
	})
	upload(d, route{path: all, id: "create-document"}, func(ctx context.Context, tx *pg.Tx, _ *InCounty, p LinkedPaper, b *document.Blob, _ int64) (Document, string, error) {
		if err := agreement.Attachable(ctx, tx, p.About, nil); err != nil {
			return Document{}, "", err
		}
		c, err := content(p.URL, b)
		if err != nil {
			return Document{}, "", err
		}
		made, err := document.Import(ctx, tx, p.Card, c, document.Origin{})
		it := d.paper(tx, "documents", made)
		return it, it.Self(), err
	})
	read(d, Member, one, "get-document", func(ctx context.Context, tx *pg.Tx, in *InDocument) (Document, error) {
		it, err := document.Get(ctx, tx, in.ID)
		return d.paper(tx, "documents", it), err
	})
	replace(d, one, "replace-document", func(ctx context.Context, tx *pg.Tx, in *DocumentCard, version int64) (Document, error) {
		was, err := document.Get(ctx, tx, in.ID)
		if err != nil {
			return Document{}, err
		}
		if err := agreement.Attachable(ctx, tx, in.Body.About, was.About); err != nil {
			return Document{}, err
		}
		it, err := document.Change(ctx, tx, in.ID, version, in.Body)
		return d.paper(tx, "documents", it), err
	})
	act(d, one+"/withdrawal", "withdraw-document", func(ctx context.Context, tx *pg.Tx, in *DocumentWithdrawal, version int64) (Document, error) {
		it, err := document.Withdraw(ctx, tx, in.ID, version, in.Body)
		return d.paper(tx, "documents", it), err
	})
	list(d, Member, one+"/history", "list-document-history", func(ctx context.Context, tx *pg.Tx, in *DocumentPage) (EntryList, int, error) {
		if _, err := document.Get(ctx, tx, in.ID); err != nil {
			return EntryList{}, 0, err
		}
		return history(ctx, tx, "document", in.ID, in.Paging)
	})
	list(d, Member, one+"/versions", "list-document-versions", func(ctx context.Context, tx *pg.Tx, in *DocumentPage) (l NumberedVersionList, total int, err error) {
		it, err := document.Get(ctx, tx, in.ID)
		return d.versions(tx, "documents", it, in.Paging), len(it.Versions), err
	})
	upload(d, route{path: one + "/versions", id: "add-document-version", ifMatch: true},
		func(ctx context.Context, tx *pg.Tx, in *InDocument, e Elsewhere, b *document.Blob, version int64) (Document, string, error) {
			c, err := content(e.URL, b)
			if err != nil {
				return Document{}, "", err
			}
			var it document.Document
			if b != nil {
				it, err = document.AddVersion(ctx, tx, in.ID, version, c.Blob)
			} else {
				it, err = document.AddLinkVersion(ctx, tx, in.ID, version, c.Link)
			}
			return d.paper(tx, "documents", it), d.number(tx, "documents", it.ID, it.Latest), err
		})
	read(d, Member, version, "get-document-version", func(ctx context.Context, tx *pg.Tx, in *InVersion) (NumberedVersion, error) {
		it, err := document.Get(ctx, tx, in.ID)
		if err != nil {
			return NumberedVersion{}, err
		}
		return d.one(tx, "documents", it, in.Number)
	})
	act(d, version+"/erratum", "correct-document-version", func(ctx context.Context, tx *pg.Tx, in *VersionErratum, version int64) (Document, error) {
		it, err := document.Correct(ctx, tx, in.ID, in.Number, version, in.Body)
		return d.paper(tx, "documents", it), err
	})
	act(d, version+"/dead-link", "note-dead-link", func(ctx context.Context, tx *pg.Tx, in *VersionDeath, version int64) (Document, error) {
		it, err := document.NoteDead(ctx, tx, in.ID, in.Number, version, in.Body)
		return d.paper(tx, "documents", it), err
	})
	download(d, Member, version+"/content", "get-document-content", func(ctx context.Context, tx *pg.Tx, in *InVersion) (document.File, error) {
		return document.Open(ctx, tx, in.ID, in.Number)
	})

	d.publishedDocuments()
}

// publishedDocuments are what everyone may read.
func (d *Door) publishedDocuments() {
	const all, one = "/counties/{county}/published-documents", "/counties/{county}/published-documents/{document}"
	list(d, Public, all, "list-published-documents", func(ctx context.Context, tx *pg.Tx, in *DocumentQuery) (l DocumentList, total int, err error) {
		f, err := in.filter()
		if err != nil {
			return l, 0, err
		}
		ds, total, err := document.Published(ctx, tx, f)
		for _, it := range ds {
			l.Documents = append(l.Documents, d.paper(tx, "published-documents", it))
		}
		return l, total, err
	})
	read(d, Public, one, "get-published-document", func(ctx context.Context, tx *pg.Tx, in *InDocument) (Document, error) {
		it, err := document.GetPublished(ctx, tx, in.ID)
		return d.paper(tx, "published-documents", it), err
	})
	list(d, Public, one+"/versions", "list-published-document-versions", func(ctx context.Context, tx *pg.Tx, in *DocumentPage) (l NumberedVersionList, total int, err error) {
		it, err := document.GetPublished(ctx, tx, in.ID)
		return d.versions(tx, "published-documents", it, in.Paging), len(it.Versions), err
	})
	download(d, Public, one+"/versions/{number}/content", "get-published-document-content", func(ctx context.Context, tx *pg.Tx, in *InVersion) (document.File, error) {
		return document.OpenPublished(ctx, tx, in.ID, in.Number)
	})
}

// content is a file that came, or the address of a paper elsewhere.
func content(url string, b *document.Blob) (document.Content, error) {
	switch {
	case b != nil && url != "":
		return document.Content{}, fault.Bad("document.file_or_link", "/url")
	case b != nil:
		return document.Content{Blob: *b}, nil
	}
	return document.Content{Link: document.Link{URL: url}}, nil
}

func (d *Door) number(tx *pg.Tx, collection string, id uuid.UUID, number int) string {
	return d.at("counties", tx.Tenant, collection, id.String(), "versions", strconv.Itoa(number))
}

// paper adds to a document what leads on, and what the caller may do.
func (d *Door) paper(tx *pg.Tx, collection string, it document.Document) Document {
	here := d.at("counties", tx.Tenant, collection, it.ID.String())
	l := Links{}
	l.to("self", http.MethodGet, here)
	l.to("collection", http.MethodGet, d.at("counties", tx.Tenant, collection))
	l.to("versions", http.MethodGet, here+"/versions")
	if len(it.Versions) > 0 && it.Versions[0].Link == "" {
		l.to("content", http.MethodGet, d.number(tx, collection, it.ID, it.Versions[0].Number)+"/content")
	}
	if collection == "documents" {
		l.to("history", http.MethodGet, here+"/history")
		if tx.May(auth.DocumentChange) && !it.Withdrawn() {
			l.to("edit", http.MethodPut, here)
			l.to("new-version", http.MethodPost, here+"/versions")
			l.to("withdrawal", http.MethodPost, here+"/withdrawal")
		}
	}
	return Document{it, Linked{l}}
}

// one is a document's version by its number.
func (d *Door) one(tx *pg.Tx, collection string, it document.Document, number int) (NumberedVersion, error) {
	for _, v := range it.Versions {
		if v.Number == number {
			return d.version(tx, collection, it, v), nil
		}
	}
	return NumberedVersion{}, missing()
}

func (d *Door) version(tx *pg.Tx, collection string, it document.Document, v document.Version) NumberedVersion {
	here := d.number(tx, collection, it.ID, v.Number)
	l := Links{}
	if collection == "documents" {
		l.to("self", http.MethodGet, here)
	}
	l.to("up", http.MethodGet, d.at("counties", tx.Tenant, collection, it.ID.String()))
	if v.Link == "" {
		l.to("content", http.MethodGet, here+"/content")
	}
	if collection == "documents" && tx.May(auth.DocumentChange) && !it.Withdrawn() {
		l.to("erratum", http.MethodPost, here+"/erratum")
		if v.Link != "" {
			l.to("dead-link", http.MethodPost, here+"/dead-link")
		}
	}
	return NumberedVersion{v, Linked{l}}
}

func (d *Door) versions(tx *pg.Tx, collection string, it document.Document, p Paging) (l NumberedVersionList) {
	for _, v := range cut(it.Versions, p) {
		l.Versions = append(l.Versions, d.version(tx, collection, it, v))
	}
	return l
}
