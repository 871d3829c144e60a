package document

import (
	"context"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/document/internal/documentdb"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/pg"
)

// Version is one version of a document: a file, or a link to a paper elsewhere.
type Version struct {
	Number     int       `json:"number" doc:"Its number, from 1." example:"2"`
	Name       string    `json:"name,omitempty" doc:"The file's name." example:"overenskommelse.pdf"`
	MediaType  string    `json:"mediaType,omitempty" doc:"What sort of file it is, as its content says." example:"application/pdf"`
	Archival   bool      `json:"archival" doc:"Whether a PDF says of itself that it is PDF/A." example:"true"`
	Size       int64     `json:"size,omitempty" doc:"The file's size in bytes." example:"182044"`
	SHA256     string    `json:"checksum,omitempty" doc:"The file's checksum, SHA-256 in hexadecimal." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	Link       string    `json:"link,omitempty" doc:"The address of a paper elsewhere." example:"https://www.lansstyrelsen.example/overenskommelse.pdf"`
	DeadOn     day.Day   `json:"deadOn,omitzero" doc:"The day it was noted that the address leads nowhere. The address is kept." example:"2026-03-01"`
	Errata     string    `json:"errata,omitempty" doc:"What is known to be wrong in this version." example:"På sidan 4 ska det stå 2025, inte 2024."`
	UploadedBy uuid.UUID `json:"uploadedBy,omitzero" doc:"The person who added it. Empty: an import." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	UploadedAt time.Time `json:"uploadedAt" doc:"When it was added." example:"2026-11-25T11:00:00Z"`
}

// Link is the address of a paper elsewhere.
type Link struct {
	URL string `json:"url" minLength:"1" maxLength:"2000" doc:"An address that begins with https://." example:"https://www.lansstyrelsen.example/overenskommelse.pdf"`
}

// Content is what a version holds: one of the two.
type Content struct {
	Blob Blob
	Link Link
}

func (c Content) checked(county string) (Content, error) {
	c.Link.URL = strings.TrimSpace(c.Link.URL)
	switch {
	case c.Blob.key != "":
		if !strings.HasPrefix(c.Blob.key, county+"/") {
			return c, fault.Missing()
		}
	case c.Link.URL == "":
		return c, fault.Bad("document.file_none", "/file")
	default:
		u, err := url.Parse(c.Link.URL)
		if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(c.Link.URL) > 2000 {
			return c, fault.Bad("document.link_wrong", "/url")
		}
		c.Link.URL = u.String() // what a browser would have made of it
	}
	return c, nil
}

// AddVersion adds a file that was accepted as the document's latest version.
func AddVersion(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, b Blob) (Document, error) {
	return grow(ctx, tx, id, version, Content{Blob: b})
}

// AddLinkVersion is AddVersion for a paper that lies elsewhere, as when it has moved.
func AddLinkVersion(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, l Link) (Document, error) {
	return grow(ctx, tx, id, version, Content{Link: l})
}

func grow(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, c Content) (Document, error) {
	if err := tx.Require(auth.DocumentChange); err != nil {
		return Document{}, err
	}
	c, err := c.checked(tx.Tenant)
	if err != nil {
		return Document{}, err
	}
	was, err := standing(ctx, tx, id, version)
	if err != nil {
		return Document{}, err
	}
	if l := was.Versions[0]; (c.Blob.key != "" && l.SHA256 == c.Blob.SHA256()) || (c.Link.URL != "" && l.Link == c.Link.URL) {
		return Document{}, fault.Bad("document.same_as_before", "/file").With("number", l.Number)
	}
	row, err := documentdb.New(tx).Grow(ctx, documentdb.GrowParams{ID: id, Version: version})
	if err != nil {
		return Document{}, second(ctx, tx, id, err)
	}
	if err := addVersion(ctx, tx, row, c); err != nil {
		return Document{}, err
	}
	if err := addWords(ctx, tx, id); err != nil {
		return Document{}, err
	}
	tx.Notify("document", id)
	return whole(ctx, tx, row)
}

// addVersion writes the version that the card counts as its latest.
func addVersion(ctx context.Context, tx *pg.Tx, d documentdb.Document, c Content) error {
	v := documentdb.AddVersionParams{ID: tx.NewID(), DocumentID: d.ID, Number: d.Latest, Published: d.Published,
		UploadedBy: uuid.NullUUID{UUID: tx.Person, Valid: tx.Person != uuid.Nil}, UploadedAt: tx.Now, Sha256: []byte{}}
	if b := c.Blob; b.key != "" {
		v.BlobKey, v.Name, v.MediaType, v.Archival, v.Size, v.Sha256 = &b.key, b.name, b.mediaType, b.archival, b.size, b.sum[:]
	} else {
		v.Url = &c.Link.URL
	}
	_, err := documentdb.New(tx).AddVersion(ctx, v)
	return err
}

// Erratum is what is known to be wrong in a version. Empty takes the note away.
type Erratum struct {
	Note string `json:"note" maxLength:"4000" doc:"What is wrong, and what it should say." example:"På sidan 4 ska det stå 2025, inte 2024."`
}

// Correct notes beside a version what is wrong in it; the file stays as it is.
func Correct(ctx context.Context, tx *pg.Tx, id uuid.UUID, number int, version int64, e Erratum) (Document, error) {
	return note(ctx, tx, id, number, version, func(q *documentdb.Queries, _ Version) error {
		return q.Correct(ctx, documentdb.CorrectParams{DocumentID: id, Number: int32(number), Errata: strings.TrimSpace(e.Note)}) //nolint:gosec // the number of a version that was found
	})
}

// Death is the day a link was found to lead nowhere. Empty: it leads there again.
type Death struct {
	On day.Day `json:"on,omitzero" doc:"The day it was noted. Empty: it leads there again." example:"2026-03-01"`
}

// NoteDead notes that a version's link leads nowhere. The address is kept: it
// says where the paper once was.
func NoteDead(ctx context.Context, tx *pg.Tx, id uuid.UUID, number int, version int64, d Death) (Document, error) {
	return note(ctx, tx, id, number, version, func(q *documentdb.Queries, v Version) error {
		switch {
		case v.Link == "":
			return fault.New(fault.Conflict, "document.no_link")
		case d.On.After(tx.Today()):
			return fault.Bad("document.dead_later", "/on")
		}
		return q.NoteDead(ctx, documentdb.NoteDeadParams{DocumentID: id, Number: int32(number), DeadOn: d.On}) //nolint:gosec // the number of a version that was found
	})
}

// note changes what stands beside a version.
func note(ctx context.Context, tx *pg.Tx, id uuid.UUID, number int, version int64, f func(*documentdb.Queries, Version) error) (Document, error) {
	if err := tx.Require(auth.DocumentChange); err != nil {
		return Document{}, err
	}
	was, err := standing(ctx, tx, id, version)
	if err != nil {
		return Document{}, err
	}
	v, err := was.numbered(number)
	if err != nil {
		return Document{}, err
	}
	q := documentdb.New(tx)
	row, err := q.Touch(ctx, documentdb.TouchParams{ID: id, Version: version})
	if err != nil {
		return Document{}, second(ctx, tx, id, err)
	}
	if err := f(q, v); err != nil {
		return Document{}, err
	}
	tx.Notify("document", id)
	return whole(ctx, tx, row)
}

func (d Document) numbered(number int) (Version, error) {
	for _, v := range d.Versions {
		if v.Number == number {
			return v, nil
		}
	}
	return Version{}, fault.Missing()
}

// File is a version that can be read, after the unit of work has ended.
type File struct {
	Version
	key string
}

// Open gives a version's file; number 0 is the latest. A withdrawn document's
// files open for those who may change documents, and so do a restricted one's.
func Open(ctx context.Context, tx *pg.Tx, id uuid.UUID, number int) (File, error) {
	if err := tx.Require(auth.DocumentRead); err != nil {
		return File{}, err
	}
	d, err := documentdb.New(tx).Get(ctx, id)
	switch {
	case err != nil:
		return File{}, err
	case d.Restricted && !tx.May(auth.DocumentChange):
		return File{}, fault.Missing()
	}
	return open(ctx, tx, d, number)
}

// OpenWithin is Open for the room of a matter that the document belongs to: that
// room has seen to it that the actor may read what the matter has, also where
// the document is restricted.
func OpenWithin(ctx context.Context, tx *pg.Tx, id uuid.UUID, number int) (File, error) {
	d, err := documentdb.New(tx).Get(ctx, id)
	if err != nil {
		return File{}, err
	}
	return open(ctx, tx, d, number)
}

func open(ctx context.Context, tx *pg.Tx, d documentdb.Document, number int) (File, error) {
	if d.WithdrawnAt != nil && !tx.May(auth.DocumentChange) {
		return File{}, fault.New(fault.Forbidden, "document.withdrawn_closed").With("who", auth.Holders(auth.DocumentChange))
	}
	versions, err := documentdb.New(tx).Versions(ctx, d.ID)
	if err != nil {
		return File{}, err
	}
	for _, v := range versions {
		if int(v.Number) == number || number == 0 && v.Number == d.Latest {
			return fileOf(tx.Tenant, madeVersion(v), v.BlobKey)
		}
	}
	return File{}, fault.Missing()
}

func fileOf(county string, v Version, key *string) (File, error) {
	switch {
	case key == nil:
		return File{}, fault.New(fault.Conflict, "document.only_link").With("link", v.Link)
	case !strings.HasPrefix(*key, county+"/"):
		return File{}, fault.Missing()
	}
	return File{v, *key}, nil
}

// Reader opens the file for reading, whole or in part. A file that is not in
// the store, or not as long as it was, is a fault before anything is read.
// Close it.
func (f File) Reader(ctx context.Context, store *files.Store) (*files.Reader, error) {
	e, err := store.Stat(ctx, f.key)
	if errors.Is(err, files.ErrMissing) || (err == nil && e.Size != f.Size) {
		return nil, fault.New(fault.Unavailable, "document.file_gone").Because(err)
	}
	if err != nil {
		return nil, err
	}
	return store.Reader(ctx, f.key, f.Size)
}

// madeVersion is the one mapper from row to Version.
func madeVersion(r documentdb.DocumentVersion) Version {
	v := Version{Number: int(r.Number), Name: r.Name, MediaType: r.MediaType, Archival: r.Archival, Size: r.Size, SHA256: hex.EncodeToString(r.Sha256),
		DeadOn: r.DeadOn, Errata: r.Errata, UploadedBy: r.UploadedBy.UUID, UploadedAt: r.UploadedAt}
	if r.Url != nil {
		v.Link = *r.Url
	}
	return v
}
