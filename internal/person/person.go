// Package person knows the people of a county: a name to call, a place to
// reach, and which organisation they speak for. Never a personal identity
// number. A person ends; what he once decided keeps his name. Whether he can
// sign in, and as what, package member says.
package person

import (
	"context"
	"errors"
	"regexp"
	"strconv"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person/internal/persondb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Card is what is written on a person's card.
type Card struct {
	Name           string        `json:"name" minLength:"1" maxLength:"200" doc:"The name in full." example:"Kim Åberg"`
	Title          string        `json:"title,omitempty" maxLength:"120" doc:"The office or function." example:"Kommunchef"`
	OrganisationID uuid.NullUUID `json:"organisationId,omitzero" doc:"The organisation the person works for. Empty: none." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Email          string        `json:"email,omitempty" maxLength:"254" doc:"Where mail reaches the person. It never identifies the person at sign-in." example:"kim.aberg@alvesta.example"`
	Phone          string        `json:"phone,omitempty" maxLength:"40" doc:"A telephone number." example:"0472-150 00"`
	ValidFrom      day.Day       `json:"validFrom,omitzero" doc:"The first day the card holds. Empty: always." example:"2024-01-01"`
}

// Person is one person as a county knows one.
type Person struct {
	ID uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f21"`
	Card
	OrganisationName string  `json:"organisationName,omitempty" doc:"The organisation's name." example:"Alvesta kommun"`
	ValidTo          day.Day `json:"validTo,omitzero" doc:"The first day the card no longer holds. Empty: until further notice." example:"2026-01-01"`
	Demo             bool    `json:"demo" doc:"Whether the content is made up for show." example:"false"`
	Version          int64   `json:"version" doc:"Moves with each change; it is the ETag." example:"3"`
}

// StandsOn tells whether the card holds that day.
func (p Person) StandsOn(d day.Day) bool {
	return day.Span{From: p.ValidFrom, To: p.ValidTo}.Contains(d)
}

// ETag is the version as HTTP wants it.
func (p Person) ETag() string { return strconv.FormatInt(p.Version, 10) }

// Create writes a new person's card. A party's administrator writes those of
// the own party.
func Create(ctx context.Context, tx *pg.Tx, c Card) (Person, error) { return write(ctx, tx, c, false) }

// CreateDemo is Create for somebody made up for show.
func CreateDemo(ctx context.Context, tx *pg.Tx, c Card) (Person, error) {
	return write(ctx, tx, c, true)
}

func write(ctx context.Context, tx *pg.Tx, c Card, demo bool) (Person, error) {
	if err := tx.RequireFor(auth.PersonChange, c.OrganisationID.UUID); err != nil {
		return Person{}, err
	}
	c, err := checked(ctx, tx, c)
	if err != nil {
		return Person{}, err
	}
	q := persondb.New(tx)
	row, err := q.Create(ctx, persondb.CreateParams{ID: tx.NewID(), Name: c.Name, Title: c.Title, OrganisationID: c.OrganisationID,
		Email: c.Email, Phone: c.Phone, Demo: demo, ValidFrom: c.ValidFrom})
	if err != nil {
		return Person{}, err
	}
	tx.Notify("person", row.ID)
	if err := q.AddWords(ctx, persondb.AddWordsParams{Words: text.SearchWords(c.Name, c.Title), PersonID: row.ID}); err != nil {
		return Person{}, err
	}
	return get(ctx, tx, row.ID)
}

// Get gives one person. Everyone may read his own card.
func Get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Person, error) {
	if id != tx.Person || id == uuid.Nil {
		if err := tx.Require(auth.PersonRead); err != nil {
			return Person{}, err
		}
	}
	return get(ctx, tx, id)
}

func get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Person, error) {
	row, err := persondb.New(tx).Get(ctx, id)
	return made(row.Person, row.OrganisationName), err
}

// Change writes the card anew. A party's administrator may change those of the
// own party, and keep them there. When somebody else has changed the card since
// version was read, nothing is overwritten.
func Change(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, c Card) (Person, error) {
	was, err := mine(ctx, tx, id)
	if err != nil {
		return Person{}, err
	}
	if err := tx.RequireFor(auth.PersonChange, c.OrganisationID.UUID); err != nil {
		return Person{}, err
	}
	if c, err = checked(ctx, tx, c); err != nil {
		return Person{}, err
	}
	if was.Version != version {
		return Person{}, fault.Changed(was)
	}
	if c == was.Card {
		return was, nil
	}
	if c.ValidFrom.After(tx.Today()) { // until then the card gives no right
		if err := LeavesAdministrator(ctx, tx, id, tx.Today()); err != nil {
			return Person{}, err
		}
	}
	q := persondb.New(tx)
	_, err = q.Change(ctx, persondb.ChangeParams{ID: id, Version: version, Name: c.Name, Title: c.Title, OrganisationID: c.OrganisationID,
		Email: c.Email, Phone: c.Phone, ValidFrom: c.ValidFrom})
	if err != nil {
		return Person{}, meanwhile(ctx, tx, id, err)
	}
	tx.Notify("person", id)
	if err := q.ForgetWords(ctx, id); err != nil {
		return Person{}, err
	}
	if err := q.AddWords(ctx, persondb.AddWordsParams{Words: text.SearchWords(c.Name, c.Title), PersonID: id}); err != nil {
		return Person{}, err
	}
	return get(ctx, tx, id)
}

// Ending is from which day a card no longer holds.
type Ending struct {
	On day.Day `json:"on" doc:"The first day the card no longer holds." example:"2026-01-01"`
}

// End lets a card cease from a day; rights that rest on the person cease with
// it. Ending it again corrects the day.
func End(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, e Ending) (Person, error) {
	was, err := mine(ctx, tx, id)
	if err != nil {
		return Person{}, err
	}
	switch {
	case e.On.IsZero():
		return Person{}, fault.Bad("person.end_without_day", "/on")
	case !was.ValidFrom.IsZero() && !e.On.After(was.ValidFrom):
		return Person{}, fault.Bad("person.days", "/on").With("from", was.ValidFrom)
	case was.Version != version:
		return Person{}, fault.Changed(was)
	}
	if err := LeavesAdministrator(ctx, tx, id, e.On); err != nil {
		return Person{}, err
	}
	if _, err := persondb.New(tx).End(ctx, persondb.EndParams{ID: id, Version: version, ValidTo: e.On}); err != nil {
		return Person{}, meanwhile(ctx, tx, id, err)
	}
	tx.Notify("person", id)
	return get(ctx, tx, id)
}

// mine gives the person when the actor may change him: 404 before 403, so that
// nobody learns of ids that do not exist.
func mine(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Person, error) {
	if !tx.MayAnywhere(auth.PersonChange) {
		return Person{}, tx.Require(auth.PersonChange)
	}
	was, err := get(ctx, tx, id)
	if err != nil {
		return Person{}, err
	}
	return was, tx.RequireFor(auth.PersonChange, was.OrganisationID.UUID)
}

// meanwhile tells that somebody else came first, when that is why no row was changed.
func meanwhile(ctx context.Context, tx *pg.Tx, id uuid.UUID, err error) error {
	if !fault.Is(err, "common.not_found") {
		return at(err)
	}
	now, err := get(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.Changed(now)
}

// at says which field a constraint of the table is about.
func at(err error) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Key == "person.days" {
		return f.At("/validFrom")
	}
	return err
}

// Statuses that a list can be asked for.
const (
	Standing = "standing"
	Ended    = "ended" // ended, or not begun
	Any      = "all"
)

// Filter says which people, as of which day, and which part of them.
type Filter struct {
	Query        string    // beginnings of words in name and title
	Organisation uuid.UUID // zero = every one
	Status       string    // "" = Standing
	On           day.Day   // zero = today
	Limit        int       // at least 1
	Page         int       // from 1
}

// List gives a page of people in Swedish order, and how many there are in all.
func List(ctx context.Context, tx *pg.Tx, f Filter) ([]Person, int, error) {
	if err := tx.Require(auth.PersonRead); err != nil {
		return nil, 0, err
	}
	if f.On.IsZero() {
		f.On = tx.Today()
	}
	if f.Status == "" {
		f.Status = Standing
	}
	of := uuid.NullUUID{UUID: f.Organisation, Valid: f.Organisation != uuid.Nil}
	limit, skip := int32(f.Limit), int32(f.Limit*(f.Page-1)) //nolint:gosec // both are bounded by the doors
	q := persondb.New(tx)
	var list []Person
	var total int64
	asked := text.Asked(f.Query)
	if len(asked) == 0 && text.Line(f.Query) != "" {
		return nil, 0, nil // signs alone are in no name: everything would be a wrong answer
	}
	if len(asked) > 0 {
		rows, err := q.Find(ctx, persondb.FindParams{Words: asked, Status: f.Status, OnDay: f.On, OrganisationID: of, Max: limit, Skip: skip})
		if err != nil {
			return nil, 0, err
		}
		for _, r := range rows {
			list, total = append(list, made(r.Person, r.OrganisationName)), r.Total
		}
	} else {
		rows, err := q.List(ctx, persondb.ListParams{Status: f.Status, OnDay: f.On, OrganisationID: of, Max: limit, Skip: skip})
		if err != nil {
			return nil, 0, err
		}
		for _, r := range rows {
			list, total = append(list, made(r.Person, r.OrganisationName)), r.Total
		}
	}
	if len(list) == 0 && f.Page > 1 { // beyond the end: the total is still told
		f.Page, f.Limit = 1, 1
		_, n, err := List(ctx, tx, f)
		return nil, n, err
	}
	return list, int(total), nil
}

func made(r persondb.Person, organisationName string) Person {
	return Person{ID: r.ID, OrganisationName: organisationName, ValidTo: r.ValidTo, Demo: r.Demo, Version: r.Version,
		Card: Card{Name: r.Name, Title: r.Title, OrganisationID: r.OrganisationID, Email: r.Email, Phone: r.Phone, ValidFrom: r.ValidFrom}}
}

// checked tidies a card and finds everything that is wrong with it.
func checked(ctx context.Context, tx *pg.Tx, c Card) (Card, error) {
	for _, s := range []*string{&c.Name, &c.Title, &c.Email, &c.Phone} {
		*s = text.Line(*s)
	}
	var wrong fault.List
	if c.Name == "" {
		wrong.Add(fault.Bad("person.named", "/name"))
	}
	for field, s := range map[string]string{"/name": c.Name, "/title": c.Title} {
		if identityNumber.MatchString(norm.NFKC.String(s)) {
			wrong.Add(fault.Bad("person.identity_number", field))
		}
	}
	if !organisation.Address(c.Email) {
		wrong.Add(fault.Bad("common.email_wrong", "/email").With("address", c.Email))
	}
	if c.OrganisationID.Valid {
		if err := organisation.Exists(ctx, tx, c.OrganisationID.UUID); fault.Is(err, "common.not_found") {
			wrong.Add(fault.Bad("person.organisation", "/organisationId"))
		} else if err != nil {
			return c, err
		}
	}
	return c, wrong.Err()
}

// identityNumber looks like a Swedish personal identity number, or a
// coordination number (the day and 60), whatever sign stands before the last
// four digits: it is not kept.
var identityNumber = regexp.MustCompile(`(?:^|\D)(?:19|20)?\d{2}(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278]\d|[39][01]) ?[-+\x{2010}-\x{2015}\x{2212}]? ?\d{4}(?:\D|$)`)
