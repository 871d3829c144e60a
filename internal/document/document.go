// Package document keeps a county's papers: agreements, decisions, reports. A
// document is a card with versions behind it; a version is a file in the store
// or the address of a paper elsewhere. Nothing is overwritten or removed: a new
// version is added, an error is noted beside it, and a document is withdrawn
// for a reason and stays in the list.
//
// A file comes in two steps, since it takes long and no unit of work should
// wait for it: Accept streams it into the store, then Add or AddVersion writes
// the row. What never got its row is swept after a day.
package document

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document/internal/documentdb"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Kinds are what a document can be.
var Kinds = []string{"agreement", "appendix", "decision", "signature", "minutes", "invitation", "plan", "report", "guide", "letter", "other"}

// About is a thing that a document hangs on: a row of any subject.
type About struct {
	About string    `json:"subject" maxLength:"40" pattern:"^[a-z][a-z-]{1,39}$" doc:"The subject." example:"instrument"`
	ID    uuid.UUID `json:"id" doc:"The row's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// Card is what is written on a document's card.
type Card struct {
	Title     string  `json:"title" minLength:"1" maxLength:"300" doc:"What the document is called." example:"Överenskommelse om integration 2022–2025"`
	Kind      string  `json:"kind" enum:"agreement,appendix,decision,signature,minutes,invitation,plan,report,guide,letter,other" doc:"What kind of document it is." example:"agreement"`
	Language  string  `json:"language,omitempty" maxLength:"3" pattern:"^([a-z]{2,3})?$" doc:"The language it is written in, two or three letters (ISO 639). Empty: Swedish." example:"sv"`
	Published bool    `json:"published" doc:"Whether the public may see and read it." example:"true"`
	Source    string  `json:"source,omitempty" maxLength:"1000" doc:"Where it comes from." example:"Länsstyrelsen i Kronobergs län, dnr 851-1234-2022"`
	About     []About `json:"subjects,omitempty" maxItems:"50" nullable:"false" doc:"What it is about."`
}

// Document is a card as it is kept, with its versions.
type Document struct {
	ID uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Card
	Latest          int       `json:"latest" doc:"The number of the latest version." example:"2"`
	Versions        []Version `json:"versions" nullable:"false" doc:"The versions, latest first. In a list the latest alone."`
	WithdrawnAt     time.Time `json:"withdrawnAt,omitzero" doc:"When it was withdrawn. Empty: it stands." example:"2026-11-25T11:00:00Z"`
	WithdrawnReason string    `json:"withdrawnReason,omitempty" doc:"Why it was withdrawn." example:"Ersatt av en annan handling."`
	Restricted      bool      `json:"restricted" doc:"Whether only those may read it who see the matter it belongs to." example:"false"`
	Demo            bool      `json:"demo" doc:"Whether the content is made up for show." example:"false"`
	Version         int64     `json:"version" doc:"Moves with each change; it is the ETag." example:"3"`
}

// Withdrawn tells whether it has been withdrawn.
func (d Document) Withdrawn() bool { return !d.WithdrawnAt.IsZero() }

// ETag is the version as HTTP wants it.
func (d Document) ETag() string { return strconv.FormatInt(d.Version, 10) }

// Origin is what an import adds to a card.
type Origin struct{ Demo bool }

// Add writes the card of a file that was accepted; it becomes version 1.
// Whoever attaches the document to something has seen that it is there.
func Add(ctx context.Context, tx *pg.Tx, c Card, b Blob) (Document, error) {
	return Import(ctx, tx, c, Content{Blob: b}, Origin{})
}

// AddLink is Add for a paper that lies elsewhere.
func AddLink(ctx context.Context, tx *pg.Tx, c Card, l Link) (Document, error) {
	return Import(ctx, tx, c, Content{Link: l}, Origin{})
}

// Import is Add or AddLink, with where the document comes from.
func Import(ctx context.Context, tx *pg.Tx, c Card, content Content, from Origin) (Document, error) {
	if err := tx.Require(auth.DocumentChange); err != nil {
		return Document{}, err
	}
	c, err := checked(c)
	var wrong fault.List
	wrong.Add(err)
	content, err = content.checked(tx.Tenant)
	wrong.Add(err)
	if err := wrong.Err(); err != nil {
		return Document{}, err
	}
	q := documentdb.New(tx)
	row, err := q.Create(ctx, documentdb.CreateParams{ID: tx.NewID(), Title: c.Title, Kind: c.Kind, Language: c.Language,
		Published: c.Published, Source: c.Source, Demo: from.Demo})
	if err != nil {
		return Document{}, err
	}
	if err := addVersion(ctx, tx, row, content); err != nil {
		return Document{}, err
	}
	for _, a := range c.About {
		if err := attach(ctx, tx, q, row, a); err != nil {
			return Document{}, err
		}
	}
	if err := addWords(ctx, tx, row.ID); err != nil {
		return Document{}, err
	}
	tx.Notify("document", row.ID)
	return whole(ctx, tx, row)
}

func attach(ctx context.Context, tx *pg.Tx, q *documentdb.Queries, d documentdb.Document, a About) error {
	return q.Attach(ctx, documentdb.AttachParams{ID: tx.NewID(), DocumentID: d.ID, About: a.About, RowID: a.ID, Published: d.Published})
}

// Get gives one document with all its versions. A restricted one is not there
// but for those who may change documents.
func Get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Document, error) {
	if err := tx.Require(auth.DocumentRead); err != nil {
		return Document{}, err
	}
	d, err := get(ctx, tx, id)
	if err == nil && d.Restricted && !tx.May(auth.DocumentChange) {
		return Document{}, fault.Missing()
	}
	return d, err
}

// Restrict closes a document that is not published: from now on it is there for
// those who may change documents, and for those whom the room of the matter it
// belongs to lets open it. Publishing it opens it to all. It asks for no right: that
// room calls it when the matter closes around its papers.
func Restrict(ctx context.Context, tx *pg.Tx, id uuid.UUID) error {
	n, err := documentdb.New(tx).Restrict(ctx, id)
	if err != nil || n == 0 {
		return err
	}
	tx.Notify("document", id)
	return addWords(ctx, tx, id)
}

func get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Document, error) {
	row, err := documentdb.New(tx).Get(ctx, id)
	if err != nil {
		return Document{}, err
	}
	return whole(ctx, tx, row)
}

// whole adds to a card what lies behind it.
func whole(ctx context.Context, tx *pg.Tx, row documentdb.Document) (Document, error) {
	q := documentdb.New(tx)
	d := made(row)
	versions, err := q.Versions(ctx, row.ID)
	if err != nil {
		return Document{}, err
	}
	for _, v := range versions {
		d.Versions = append(d.Versions, madeVersion(v))
	}
	abouts, err := q.About(ctx, []uuid.UUID{row.ID})
	if err != nil {
		return Document{}, err
	}
	for _, a := range abouts {
		d.About = append(d.About, About{About: a.About, ID: a.RowID})
	}
	return d, nil
}

// Change writes the card anew. version is the one that was read: when somebody
// else has changed the document since, nothing is overwritten.
func Change(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, c Card) (Document, error) {
	if err := tx.Require(auth.DocumentChange); err != nil {
		return Document{}, err
	}
	c, err := checked(c)
	if err != nil {
		return Document{}, err
	}
	was, err := standing(ctx, tx, id, version)
	if err != nil {
		return Document{}, err
	}
	if same(was.Card, c) {
		return was, nil
	}
	q := documentdb.New(tx)
	row, err := q.Change(ctx, documentdb.ChangeParams{ID: id, Version: version, Title: c.Title, Kind: c.Kind, Language: c.Language,
		Published: c.Published, Source: c.Source})
	if err != nil {
		return Document{}, second(ctx, tx, id, err)
	}
	if c.Published != was.Published {
		if err := show(ctx, q, id, c.Published, c.Published); err != nil {
			return Document{}, err
		}
	}
	for _, a := range was.About {
		if !slices.Contains(c.About, a) {
			if err := q.Detach(ctx, documentdb.DetachParams{DocumentID: id, About: a.About, RowID: a.ID}); err != nil {
				return Document{}, err
			}
		}
	}
	for _, a := range c.About {
		if !slices.Contains(was.About, a) {
			if err := attach(ctx, tx, q, row, a); err != nil {
				return Document{}, err
			}
		}
	}
	if err := addWords(ctx, tx, id); err != nil {
		return Document{}, err
	}
	tx.Notify("document", id)
	return whole(ctx, tx, row)
}

// show lets the public see what lies behind a card, or no longer.
func show(ctx context.Context, q *documentdb.Queries, id uuid.UUID, about, versions bool) error {
	if err := q.ShowAbout(ctx, documentdb.ShowAboutParams{DocumentID: id, Published: about}); err != nil {
		return err
	}
	return q.ShowVersions(ctx, documentdb.ShowVersionsParams{DocumentID: id, Published: versions})
}

// Withdrawal is why a document is withdrawn.
type Withdrawal struct {
	Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why it is withdrawn." example:"Ersatt av en annan handling."`
}

// Withdraw takes a document out of use. It stays in the list as withdrawn, and
// only those who may change documents can still read what is in it. A withdrawn
// document changes no more.
func Withdraw(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, w Withdrawal) (Document, error) {
	if err := tx.Require(auth.DocumentChange); err != nil {
		return Document{}, err
	}
	w.Reason = strings.TrimSpace(w.Reason)
	if w.Reason == "" {
		return Document{}, fault.Bad("document.withdrawn_without_reason", "/reason")
	}
	was, err := standing(ctx, tx, id, version)
	if err != nil {
		return Document{}, err
	}
	q := documentdb.New(tx)
	row, err := q.Withdraw(ctx, documentdb.WithdrawParams{ID: id, Version: version, WithdrawnAt: &tx.Now, WithdrawnReason: w.Reason})
	if err != nil {
		return Document{}, second(ctx, tx, id, err)
	}
	if err := show(ctx, q, id, was.Published, false); err != nil {
		return Document{}, err
	}
	tx.Notify("document", id)
	return whole(ctx, tx, row)
}

// standing gives a document that may be changed from the version that was read.
func standing(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Document, error) {
	d, err := get(ctx, tx, id)
	switch {
	case err != nil:
		return Document{}, err
	case d.Version != version:
		return Document{}, fault.Changed(d)
	case d.Withdrawn():
		return Document{}, fault.New(fault.Conflict, "document.withdrawn_already")
	}
	return d, nil
}

// second turns the missing row of whoever came second into how it is kept now.
func second(ctx context.Context, tx *pg.Tx, id uuid.UUID, err error) error {
	if !fault.Is(err, "common.not_found") {
		return err
	}
	now, err := get(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.Changed(now)
}

// made is the one mapper from row to Document.
func made(r documentdb.Document) Document {
	d := Document{ID: r.ID, Latest: int(r.Latest), Versions: []Version{}, WithdrawnReason: r.WithdrawnReason, Demo: r.Demo, Restricted: r.Restricted, Version: r.Version,
		Card: Card{Title: r.Title, Kind: r.Kind, Language: r.Language, Published: r.Published, Source: r.Source}}
	if r.WithdrawnAt != nil {
		d.WithdrawnAt = *r.WithdrawnAt
	}
	return d
}

var (
	language = regexp.MustCompile(`^[a-z]{2,3}$`)
	subject  = regexp.MustCompile(`^[a-z][a-z-]{1,39}$`)
)

// checked tidies a card and finds everything that is wrong with it.
func checked(c Card) (Card, error) {
	c.Title, c.Source = oneLine(c.Title), strings.TrimSpace(c.Source)
	c.Language = cmp.Or(strings.ToLower(strings.TrimSpace(c.Language)), "sv")
	var wrong fault.List
	if n := utf8.RuneCountInString(c.Title); n == 0 || n > 300 {
		wrong.Add(fault.Bad("document.titled", "/title"))
	}
	if !slices.Contains(Kinds, c.Kind) {
		wrong.Add(fault.Bad("document.kind_unknown", "/kind"))
	}
	if !language.MatchString(c.Language) {
		wrong.Add(fault.Bad("document.language", "/language"))
	}
	c.About = slices.Clone(c.About)
	for _, a := range c.About {
		if !subject.MatchString(a.About) || a.ID == uuid.Nil {
			wrong.Add(fault.Bad("document.about_unknown", "/subjects"))
			break
		}
	}
	slices.SortFunc(c.About, func(a, b About) int {
		return cmp.Or(cmp.Compare(a.About, b.About), cmp.Compare(a.ID.String(), b.ID.String()))
	})
	c.About = slices.Compact(c.About)
	return c, wrong.Err()
}

func same(a, b Card) bool {
	return a.Title == b.Title && a.Kind == b.Kind && a.Language == b.Language && a.Published == b.Published && a.Source == b.Source &&
		slices.Equal(a.About, b.About)
}

// oneLine is s with every run of white space as one blank, and no other
// character that cannot be seen.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		if unicode.Is(unicode.C, r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)), " ")
}
