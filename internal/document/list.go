package document

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document/internal/documentdb"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Filter says which documents, and which part of them.
type Filter struct {
	About About  // zero = about anything
	Kind  string // "" = every kind
	Limit int    // at least 1
	Page  int    // from 1
}

// List gives a page of documents in Swedish order, each with its latest version
// alone, and how many there are in all. Withdrawn ones are among them; restricted
// ones are for those who may change documents.
func List(ctx context.Context, tx *pg.Tx, f Filter) ([]Document, int, error) {
	if err := tx.Require(auth.DocumentRead); err != nil {
		return nil, 0, err
	}
	q := documentdb.New(tx)
	rows, err := q.List(ctx, documentdb.ListParams{About: f.About.About, RowID: f.About.ID, Kind: f.Kind, Restricted: tx.May(auth.DocumentChange),
		Max: int32(f.Limit), Skip: int32(f.Limit * (f.Page - 1))}) //nolint:gosec // bounded by the doors
	if err != nil {
		return nil, 0, err
	}
	p := newPage(len(rows))
	for _, r := range rows {
		p.add(made(r.Document), r.Total)
	}
	if len(rows) == 0 {
		if f.Page > 1 { // beyond the end: the total is still told
			f.Page, f.Limit = 1, 1
			_, n, err := List(ctx, tx, f)
			return nil, n, err
		}
		return nil, 0, nil
	}
	versions, err := q.LatestVersions(ctx, p.ids)
	if err != nil {
		return nil, 0, err
	}
	for _, v := range versions {
		p.version(v.DocumentID, madeVersion(v))
	}
	return p.list, p.total, p.abouts(ctx, q)
}

// Published is List of what the public may see. It asks for no right: in a
// public unit of work other rows are not there. A withdrawn document is there
// without its versions.
func Published(ctx context.Context, tx *pg.Tx, f Filter) ([]Document, int, error) {
	q := documentdb.New(tx)
	rows, err := q.ListPublished(ctx, documentdb.ListPublishedParams{About: f.About.About, RowID: f.About.ID, Kind: f.Kind,
		Max: int32(f.Limit), Skip: int32(f.Limit * (f.Page - 1))}) //nolint:gosec // bounded by the doors
	if err != nil {
		return nil, 0, err
	}
	p := newPage(len(rows))
	for _, r := range rows {
		p.add(made(documentdb.Document{ID: r.ID, Title: r.Title, Kind: r.Kind, Language: r.Language, Published: r.Published, Source: r.Source,
			Demo: r.Demo, Latest: r.Latest, WithdrawnAt: r.WithdrawnAt, Version: r.Version}), r.Total)
	}
	if len(rows) == 0 {
		if f.Page > 1 {
			f.Page, f.Limit = 1, 1
			_, n, err := Published(ctx, tx, f)
			return nil, n, err
		}
		return nil, 0, nil
	}
	versions, err := q.LatestPublishedVersions(ctx, p.ids)
	if err != nil {
		return nil, 0, err
	}
	for _, v := range versions {
		p.version(v.DocumentID, madeVersion(seen(documentdb.PublishedVersionsRow(v))))
	}
	return p.list, p.total, p.abouts(ctx, q)
}

// GetPublished is Get for the public.
func GetPublished(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Document, error) {
	q := documentdb.New(tx)
	r, err := q.GetPublished(ctx, id)
	if err != nil {
		return Document{}, err
	}
	p := newPage(1)
	p.add(made(documentdb.Document{ID: r.ID, Title: r.Title, Kind: r.Kind, Language: r.Language, Published: r.Published, Source: r.Source,
		Demo: r.Demo, Latest: r.Latest, WithdrawnAt: r.WithdrawnAt, Version: r.Version}), 1)
	versions, err := q.PublishedVersions(ctx, id)
	if err != nil {
		return Document{}, err
	}
	for _, v := range versions {
		p.version(id, madeVersion(seen(v)))
	}
	err = p.abouts(ctx, q)
	return p.list[0], err
}

// OpenPublished is Open for the public.
func OpenPublished(ctx context.Context, tx *pg.Tx, id uuid.UUID, number int) (File, error) {
	q := documentdb.New(tx)
	d, err := q.GetPublished(ctx, id)
	if err != nil {
		return File{}, err
	}
	rows, err := q.PublishedVersions(ctx, id)
	if err != nil {
		return File{}, err
	}
	for _, r := range rows {
		if int(r.Number) == number || number == 0 && r.Number == d.Latest {
			return fileOf(tx.Tenant, madeVersion(seen(r)), r.BlobKey)
		}
	}
	return File{}, fault.Missing()
}

// seen is a version's row as far as the public sees it.
func seen(r documentdb.PublishedVersionsRow) documentdb.DocumentVersion {
	return documentdb.DocumentVersion{Number: r.Number, Name: r.Name, MediaType: r.MediaType, Archival: r.Archival, Size: r.Size, Sha256: r.Sha256,
		Url: r.Url, DeadOn: r.DeadOn, Errata: r.Errata, UploadedAt: r.UploadedAt}
}

// page is a list being put together from its parts.
type page struct {
	list  []Document
	ids   []uuid.UUID
	at    map[uuid.UUID]int
	total int
}

func newPage(n int) *page { return &page{at: make(map[uuid.UUID]int, n)} }

func (p *page) add(d Document, total int64) {
	p.at[d.ID] = len(p.list)
	p.list, p.ids, p.total = append(p.list, d), append(p.ids, d.ID), int(total)
}

func (p *page) version(id uuid.UUID, v Version) {
	d := &p.list[p.at[id]]
	d.Versions = append(d.Versions, v)
}

func (p *page) abouts(ctx context.Context, q *documentdb.Queries) error {
	rows, err := q.About(ctx, p.ids)
	for _, a := range rows {
		d := &p.list[p.at[a.DocumentID]]
		d.About = append(d.About, About{About: a.About, ID: a.RowID})
	}
	return err
}
