// Package organisation knows the organisations of a county: municipalities,
// agencies, the region, civil society. One row per organisation and county;
// across counties they are matched by organisation number or official code.
// An organisation is never removed: it ends, and may have successors, so that
// what it once signed or was paid for can still be read.
package organisation

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation/internal/organisationdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Types are what an organisation can be.
var Types = []string{"municipality", "region", "county-administration", "state-agency", "university", "coordination-association",
	"municipal-federation", "municipal-association", "company", "business-association", "trade-union", "faith-community",
	"civil-society", "agreement-platform", "other"}

// Types with an official code.
const (
	Municipality         = "municipality"          // four digits
	Region               = "region"                // two digits, its county's
	CountyAdministration = "county-administration" // two digits
)

// Card is what is written on an organisation's card.
type Card struct {
	Type               string  `json:"type" enum:"municipality,region,county-administration,state-agency,university,coordination-association,municipal-federation,municipal-association,company,business-association,trade-union,faith-community,civil-society,agreement-platform,other" doc:"What kind of organisation it is." example:"municipality"`
	Name               string  `json:"name" minLength:"1" maxLength:"200" doc:"The name in full." example:"Alvesta kommun"`
	ShortName          string  `json:"shortName,omitempty" maxLength:"60" doc:"What it is called in tables." example:"Alvesta"`
	OrganisationNumber string  `json:"organisationNumber,omitempty" maxLength:"13" doc:"Ten digits with or without hyphen; the check digit must be right. Empty: unknown." example:"202100-2296"`
	OfficialCode       string  `json:"officialCode,omitempty" maxLength:"4" doc:"The official code: four digits for a municipality, two for a region or a county administration." example:"0764"`
	Email              string  `json:"email,omitempty" maxLength:"254" doc:"Where the county reaches the organisation." example:"kontakt@alvesta.example"`
	Phone              string  `json:"phone,omitempty" maxLength:"40" doc:"A telephone number." example:"0472-150 00"`
	Website            string  `json:"website,omitempty" maxLength:"300" doc:"A web address that begins with https:// or http://." example:"https://www.alvesta.example"`
	Mailbox            string  `json:"mailbox,omitempty" maxLength:"254" doc:"The functional mailbox that official post goes to, whoever holds the office." example:"kommun@alvesta.example"`
	Published          bool    `json:"published" doc:"Whether the public may see name, type, website and mailbox." example:"true"`
	ValidFrom          day.Day `json:"validFrom,omitzero" doc:"The first day it stands. Empty: since before it was written down." example:"1971-01-01"`
}

// Organisation is one organisation as a county knows it.
type Organisation struct {
	ID  uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Key string    `json:"key" doc:"A stable name that configuration and imports use." example:"alvesta"`
	Card
	ValidTo day.Day `json:"validTo,omitzero" doc:"The first day it no longer stands. Empty: it stands until further notice." example:"2019-01-01"`
	Demo    bool    `json:"demo" doc:"Whether the content is made up for show." example:"false"`
	Source  string  `json:"source,omitempty" doc:"Where the facts come from." example:"SCB, kommuner 2026"`
	Version int64   `json:"version" doc:"Moves with each change; it is the ETag." example:"3"`
}

// StandsOn tells whether it stood that day.
func (o Organisation) StandsOn(d day.Day) bool {
	return day.Span{From: o.ValidFrom, To: o.ValidTo}.Contains(d)
}

// ETag is the version as HTTP wants it.
func (o Organisation) ETag() string { return strconv.FormatInt(o.Version, 10) }

// Create writes a new organisation's card.
func Create(ctx context.Context, tx *pg.Tx, c Card) (Organisation, error) {
	return Import(ctx, tx, c, Origin{})
}

// Origin is what an import adds to a card.
type Origin struct {
	Key    string // chosen from the name when empty
	Source string
	Demo   bool
}

// Import is Create with where the facts come from.
func Import(ctx context.Context, tx *pg.Tx, c Card, from Origin) (Organisation, error) {
	if err := tx.Require(auth.OrganisationCreate); err != nil {
		return Organisation{}, err
	}
	c, err := checked(c)
	if err != nil {
		return Organisation{}, err
	}
	q := organisationdb.New(tx)
	if from.Key == "" {
		if from.Key, err = freeKey(ctx, q, c); err != nil {
			return Organisation{}, err
		}
	}
	row, err := q.Create(ctx, organisationdb.CreateParams{ID: tx.NewID(), Key: from.Key, Type: c.Type, Name: c.Name, ShortName: c.ShortName,
		OrganisationNumber: known(digits(c.OrganisationNumber)), OfficialCode: known(c.OfficialCode), Email: c.Email, Phone: c.Phone,
		Website: c.Website, Mailbox: c.Mailbox, Published: c.Published, Demo: from.Demo, Source: from.Source, ValidFrom: c.ValidFrom})
	if err != nil {
		return Organisation{}, at(err)
	}
	o := made(row)
	tx.Notify("organisation", o.ID)
	return o, q.AddWords(ctx, organisationdb.AddWordsParams{Words: words(o), OrganisationID: o.ID})
}

// freeKey makes a key of the name that no organisation of the county has.
func freeKey(ctx context.Context, q *organisationdb.Queries, c Card) (string, error) {
	base := text.Key(c.Name)
	if base == "" {
		base = c.Type
	}
	taken, err := q.KeysLike(ctx, base)
	if err != nil {
		return "", err
	}
	key := base
	for n := 2; slices.Contains(taken, key); n++ {
		key = base + "-" + strconv.Itoa(n)
	}
	return key, nil
}

// Get gives one organisation.
func Get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Organisation, error) {
	if err := tx.Require(auth.OrganisationRead); err != nil {
		return Organisation{}, err
	}
	return get(ctx, tx, id)
}

func get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Organisation, error) {
	row, err := organisationdb.New(tx).Get(ctx, id)
	return made(row), err
}

// ByKey gives the organisation that configuration or an import names.
func ByKey(ctx context.Context, tx *pg.Tx, key string) (Organisation, error) {
	if err := tx.Require(auth.OrganisationRead); err != nil {
		return Organisation{}, err
	}
	row, err := organisationdb.New(tx).ByKey(ctx, key)
	return made(row), err
}

// Change writes the card anew. Whoever may only change an organisation's
// contact is refused when something else differs. version is the one that was
// read: when somebody else has changed the card since, nothing is overwritten.
func Change(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, c Card) (Organisation, error) {
	if err := tx.RequireFor(auth.OrganisationChange, id); err != nil {
		return Organisation{}, err
	}
	c, err := checked(c)
	if err != nil {
		return Organisation{}, err
	}
	was, err := get(ctx, tx, id)
	if err != nil {
		return Organisation{}, err
	}
	if was.Version != version {
		return Organisation{}, fault.Changed(was)
	}
	if !tx.May(auth.OrganisationCreate) {
		if err := contactOnly(was.Card, c); err != nil {
			return Organisation{}, err
		}
	}
	if c == was.Card {
		return was, nil
	}
	q := organisationdb.New(tx)
	row, err := q.Change(ctx, organisationdb.ChangeParams{ID: id, Version: version, Type: c.Type, Name: c.Name, ShortName: c.ShortName,
		OrganisationNumber: known(digits(c.OrganisationNumber)), OfficialCode: known(c.OfficialCode), Email: c.Email, Phone: c.Phone,
		Website: c.Website, Mailbox: c.Mailbox, Published: c.Published, ValidFrom: c.ValidFrom})
	if fault.Is(err, "common.not_found") {
		return Organisation{}, changedMeanwhile(ctx, tx, id)
	}
	if err != nil {
		return Organisation{}, at(err)
	}
	o := made(row)
	tx.Notify("organisation", id)
	if err := q.ForgetWords(ctx, id); err != nil {
		return Organisation{}, err
	}
	return o, q.AddWords(ctx, organisationdb.AddWordsParams{Words: words(o), OrganisationID: id})
}

// changedMeanwhile is the fault of whoever came second.
func changedMeanwhile(ctx context.Context, tx *pg.Tx, id uuid.UUID) error {
	now, err := get(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.Changed(now)
}

// contactOnly refuses a change of what is not contact.
func contactOnly(was, c Card) error {
	c.Email, c.Phone, c.Website, c.Mailbox = was.Email, was.Phone, was.Website, was.Mailbox
	if c == was {
		return nil
	}
	return fault.New(fault.Forbidden, "organisation.contact_only").With("who", auth.Holders(auth.OrganisationCreate))
}

// made is the one mapper from row to Organisation.
func made(r organisationdb.Organisation) Organisation {
	return Organisation{ID: r.ID, Key: r.Key, ValidTo: r.ValidTo, Demo: r.Demo, Source: r.Source, Version: r.Version,
		Card: Card{Type: r.Type, Name: r.Name, ShortName: r.ShortName, OrganisationNumber: hyphened(r.OrganisationNumber), OfficialCode: said(r.OfficialCode),
			Email: r.Email, Phone: r.Phone, Website: r.Website, Mailbox: r.Mailbox, Published: r.Published, ValidFrom: r.ValidFrom}}
}

func words(o Organisation) []string {
	// The number with its hyphen is looked for as two words.
	return text.SearchWords(o.Name, o.ShortName, o.OrganisationNumber, digits(o.OrganisationNumber), o.OfficialCode)
}

func digits(number string) string { return strings.ReplaceAll(number, "-", "") }

func hyphened(number *string) string {
	if number == nil {
		return ""
	}
	return (*number)[:6] + "-" + (*number)[6:]
}

func known(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func said(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// at says which field a constraint of the table is about.
func at(err error) error {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return err
	}
	switch f.Key {
	case "organisation.number_once":
		return f.At("/organisationNumber")
	case "organisation.code_once":
		return f.At("/officialCode")
	case "organisation.key_once":
		return f.At("/key")
	case "organisation.days":
		return f.At("/validFrom")
	}
	return err
}

// codeOf finds what is wrong with an official code for a type, "" when nothing is.
func codeOf(kind, code string) string {
	switch {
	case code == "":
		return ""
	case kind == Municipality:
		if _, ok := tenant.MunicipalityByCode(code); !ok {
			return "organisation.code_unknown"
		}
	case kind == Region || kind == CountyAdministration:
		if _, ok := tenant.CountyByCode(code); !ok {
			return "organisation.county_code_unknown"
		}
	default:
		return "organisation.code_without_kind"
	}
	return ""
}

// Exists tells, by nil or fault.Missing, whether the county has an organisation.
func Exists(ctx context.Context, tx *pg.Tx, id uuid.UUID) error {
	_, err := get(ctx, tx, id)
	return err
}
