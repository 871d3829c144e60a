// Package agreement knows what parties have agreed on: instruments (agreements,
// strategies, plans), who takes part in them, their goals, the networks they
// lean on, and the local agreements under them, as they were on any day.
//
// What is valid from when until when lies in the rows; what was corrected is
// told beside what it corrects. What has no source is not known, and is shown
// so: a level of goals can be known by its count alone.
package agreement

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Card is what is written on an instrument's card.
type Card struct {
	Kind           string `json:"kind" minLength:"1" maxLength:"60" doc:"What kind of instrument it is, as the county's configuration names it." example:"sok"`
	Title          string `json:"title" minLength:"1" maxLength:"300" doc:"The title in full." example:"Strategisk överenskommelse för Kronobergs län 2019–2025"`
	ShortName      string `json:"shortName,omitempty" maxLength:"60" doc:"What it is called in tables." example:"SÖK"`
	RegistryNumber string `json:"registryNumber,omitempty" maxLength:"60" doc:"Its number in the register. Empty: unknown." example:"851-7420-19-3"`
	Purpose        string `json:"purpose,omitempty" maxLength:"4000" doc:"What it is for, in its own words." example:"Mottagande och etablering i arbets- och samhällsliv"`
}

// Instrument is one instrument, with its state on the day it was asked for.
type Instrument struct {
	ID  uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Key string    `json:"key" doc:"A stable name that configuration and imports use." example:"sok-2019"`
	Card
	Validity     Validity    `json:"validity" doc:"From when until when it holds, as was known on the day."`
	State        State       `json:"state" doc:"What follows from signatures and dates on the day."`
	Predecessors []uuid.UUID `json:"predecessors,omitempty" nullable:"false" doc:"The instruments it came after."`
	Successors   []uuid.UUID `json:"successors,omitempty" nullable:"false" doc:"The instruments that came after it."`
	Drafts       []uuid.UUID `json:"drafts,omitempty" nullable:"false" doc:"Successors that are being drafted."`
	Draft        bool        `json:"draft" doc:"Whether it is still being drafted." example:"false"`
	Published    bool        `json:"published" doc:"Whether the public may see it." example:"true"`
	Demo         bool        `json:"demo" doc:"Whether the content is made up for show." example:"false"`
	Source       string      `json:"source,omitempty" doc:"Where the facts come from." example:"lansstyrelsen.se/kronoberg, 2023"`
	Version      int64       `json:"version" doc:"Moves with each change; it is the ETag." example:"3"`
}

// ETag is the version as HTTP wants it.
func (i Instrument) ETag() string { return strconv.FormatInt(i.Version, 10) }

// Origin is what an import adds.
type Origin struct {
	Key    string // chosen from the name when empty
	Source string
	Demo   bool
}

// Create writes a new instrument. Its validity is said by SetValidity.
func Create(ctx context.Context, tx *pg.Tx, c Card) (Instrument, error) {
	return Import(ctx, tx, c, Origin{})
}

// Import is Create with where the facts come from.
func Import(ctx context.Context, tx *pg.Tx, c Card, from Origin) (Instrument, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Instrument{}, err
	}
	return create(ctx, tx, c, from, false)
}

func create(ctx context.Context, tx *pg.Tx, c Card, from Origin, draft bool) (Instrument, error) {
	c, err := checked(tx, c, "")
	if err != nil {
		return Instrument{}, err
	}
	q := agreementdb.New(tx)
	if from.Key == "" {
		name := c.ShortName
		if name == "" {
			name = c.Title
		}
		if from.Key, err = freeKey(ctx, name, "instrument", q.InstrumentKeys); err != nil {
			return Instrument{}, err
		}
	}
	row, err := q.CreateInstrument(ctx, agreementdb.CreateInstrumentParams{ID: tx.NewID(), Key: from.Key, Kind: c.Kind, Title: c.Title, ShortName: c.ShortName,
		RegistryNumber: c.RegistryNumber, Purpose: c.Purpose, Draft: draft, Demo: from.Demo, Source: from.Source})
	if err != nil {
		return Instrument{}, at(err)
	}
	tx.Notify("agreement", row.ID)
	if err := addWords(ctx, tx, "instrument", row.ID, c.Title, c.ShortName, c.RegistryNumber, c.Purpose); err != nil {
		return Instrument{}, err
	}
	return get(ctx, tx, row.ID, tx.Today())
}

// Get gives an instrument as it stood on a day.
func Get(ctx context.Context, tx *pg.Tx, id uuid.UUID, on day.Day) (Instrument, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return Instrument{}, err
	}
	return get(ctx, tx, id, on)
}

func get(ctx context.Context, tx *pg.Tx, id uuid.UUID, on day.Day) (Instrument, error) {
	if id == uuid.Nil {
		return Instrument{}, fault.Missing()
	}
	list, _, err := standing(ctx, tx, agreementdb.StandingParams{ID: id, OnDay: on, Max: 1})
	if err == nil && len(list) == 0 {
		err = fault.Missing()
	}
	if err != nil {
		return Instrument{}, err
	}
	return list[0], nil
}

// ByKey gives the instrument that configuration or an import names, as of today.
func ByKey(ctx context.Context, tx *pg.Tx, key string) (Instrument, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return Instrument{}, err
	}
	row, err := agreementdb.New(tx).InstrumentByKey(ctx, key)
	if err != nil {
		return Instrument{}, err
	}
	return get(ctx, tx, row.ID, tx.Today())
}

// Filter says which instruments, as of which day, and which part of them.
type Filter struct {
	Kind  string  // "" = every kind
	State string  // "" = every state on the day
	On    day.Day // zero = today
	Limit int     // at least 1
	Page  int     // from 1
}

// List gives a page of instruments, those without an end first and then by
// end, and how many there are in all.
func List(ctx context.Context, tx *pg.Tx, f Filter) ([]Instrument, int, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, 0, err
	}
	if f.On.IsZero() {
		f.On = tx.Today()
	}
	if f.State != "" {
		return inState(ctx, tx, f)
	}
	limit, skip := window(f.Limit, f.Page)
	return standing(ctx, tx, agreementdb.StandingParams{Kind: f.Kind, OnDay: f.On, Max: limit, Skip: skip})
}

// inState is List by state, which no row holds: it follows from dates and
// signatures. A county has few instruments.
func inState(ctx context.Context, tx *pg.Tx, f Filter) ([]Instrument, int, error) {
	all, _, err := standing(ctx, tx, agreementdb.StandingParams{Kind: f.Kind, OnDay: f.On, Max: most})
	all = slices.DeleteFunc(all, func(i Instrument) bool { return i.State.Key != f.State })
	from := min(f.Limit*(max(f.Page, 1)-1), len(all))
	return all[from:min(from+f.Limit, len(all))], len(all), err
}

func standing(ctx context.Context, tx *pg.Tx, p agreementdb.StandingParams) ([]Instrument, int, error) {
	rules := rulesOn(tx, p.OnDay)
	p.Signing = rules.signing()
	rows, err := agreementdb.New(tx).Standing(ctx, p)
	if err != nil {
		return nil, 0, err
	}
	list := make([]Instrument, len(rows))
	total := 0
	for i, r := range rows {
		list[i], total = made(r, rules, p.OnDay), int(r.Total)
	}
	return list, total, nil
}

// made is the mapper from row to Instrument.
func made(r agreementdb.StandingRow, rules rules, on day.Day) Instrument {
	i := bare(r.Instrument)
	if !rules.signed(i.Kind) {
		r.Signers, r.Signed, r.UnsignedSince = 0, 0, 0
	}
	i.Validity = Validity{Kind: r.Validity, ReviewMonths: int(r.ReviewMonths), From: kept(r.ValidFrom, r.FromPrecision), Until: until(r.ValidTo, r.ToPrecision),
		ValidFrom: r.ValidFrom, ValidTo: r.ValidTo}
	i.Successors, i.Drafts, i.Predecessors = r.Successors, r.Drafts, r.Predecessors
	i.State = stateOf(circumstances{draft: i.Draft, validity: i.Validity, allSigned: r.AllSigned, ended: r.Ended,
		signers: int(r.Signers), signed: int(r.Signed), since: int(r.UnsignedSince), kept: r.SignaturesKept, succeeded: len(r.Successors) > 0}, on)
	return i
}

func bare(r agreementdb.Instrument) Instrument {
	return Instrument{ID: r.ID, Key: r.Key, Draft: r.Draft, Published: r.Published, Demo: r.Demo, Source: r.Source, Version: r.Version,
		Card: Card{Kind: r.Kind, Title: r.Title, ShortName: r.ShortName, RegistryNumber: r.RegistryNumber, Purpose: r.Purpose}}
}

// Change writes the card anew. version is the one that was read: when somebody
// else has changed the instrument since, nothing is overwritten.
func Change(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, c Card) (Instrument, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Instrument{}, err
	}
	was, err := current(ctx, tx, id, version)
	if err != nil {
		return was, err
	}
	c, err = checked(tx, c, was.Kind)
	if err != nil || was.Card == c {
		return was, err
	}
	q := agreementdb.New(tx)
	_, err = q.ChangeInstrument(ctx, agreementdb.ChangeInstrumentParams{ID: id, Version: version, Kind: c.Kind, Title: c.Title, ShortName: c.ShortName,
		RegistryNumber: c.RegistryNumber, Purpose: c.Purpose})
	if err != nil {
		return Instrument{}, meanwhile(ctx, tx, id, err)
	}
	tx.Notify("agreement", id)
	if err := q.ForgetWords(ctx, id); err != nil {
		return Instrument{}, err
	}
	if err := addWords(ctx, tx, "instrument", id, c.Title, c.ShortName, c.RegistryNumber, c.Purpose); err != nil {
		return Instrument{}, err
	}
	return get(ctx, tx, id, tx.Today())
}

// Exists tells, by nil or fault.Missing, whether the county has an instrument.
func Exists(ctx context.Context, tx *pg.Tx, id uuid.UUID) error {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return err
	}
	_, err := head(ctx, tx, id)
	return err
}

// head is an instrument without what its state follows from, for whoever hangs
// something on it.
func head(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Instrument, error) {
	row, err := agreementdb.New(tx).Instrument(ctx, id)
	return bare(row), err
}

// current gives the instrument when it still has the version that was read.
func current(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Instrument, error) {
	was, err := get(ctx, tx, id, tx.Today())
	if err == nil && was.Version != version {
		err = fault.Changed(was)
	}
	return was, err
}

// touch takes the instrument's next version for whoever changes what hangs on it.
func touch(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Instrument, error) {
	row, err := agreementdb.New(tx).TouchInstrument(ctx, agreementdb.TouchInstrumentParams{ID: id, Version: version})
	if err != nil {
		return Instrument{}, meanwhile(ctx, tx, id, err)
	}
	tx.Notify("agreement", id)
	return bare(row), nil
}

// meanwhile is the fault of whoever came second.
func meanwhile(ctx context.Context, tx *pg.Tx, id uuid.UUID, err error) error {
	if !fault.Is(err, "common.not_found") {
		return at(err)
	}
	now, err := get(ctx, tx, id, tx.Today())
	if err != nil {
		return err
	}
	return fault.Changed(now)
}

// Publish shows an instrument to the public and the nation, or no longer: its
// card, validity, parties, goals and local agreements, and nothing else.
func Publish(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, published bool) (Instrument, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Instrument{}, err
	}
	was, err := current(ctx, tx, id, version)
	switch {
	case err != nil || was.Published == published:
		return was, err
	case was.Draft:
		return was, fault.New(fault.Conflict, "instrument.draft_unpublished")
	}
	q := agreementdb.New(tx)
	if _, err := q.PublishInstrument(ctx, agreementdb.PublishInstrumentParams{ID: id, Version: version, Published: published}); err != nil {
		return Instrument{}, meanwhile(ctx, tx, id, err)
	}
	err = errors.Join(
		q.PublishValidity(ctx, agreementdb.PublishValidityParams{InstrumentID: id, Published: published}),
		q.PublishParticipations(ctx, agreementdb.PublishParticipationsParams{InstrumentID: id, Published: published}),
		q.PublishGoals(ctx, agreementdb.PublishGoalsParams{InstrumentID: id, Published: published}),
		q.PublishLocal(ctx, agreementdb.PublishLocalParams{InstrumentID: maybe(id), Published: published}))
	if err != nil {
		return Instrument{}, err
	}
	tx.Notify("agreement", id)
	return get(ctx, tx, id, tx.Today())
}

// checked tidies a card and finds everything that is wrong with it. A kind that
// the configuration no longer has stays with what is of that kind.
func checked(tx *pg.Tx, c Card, had string) (Card, error) {
	tidy(&c.Kind, &c.Title, &c.ShortName, &c.RegistryNumber, &c.Purpose)
	var wrong fault.List
	if c.Kind != had || had == "" {
		wrong.Add(oneOf(rulesOn(tx, tx.Today()).kinds(), c.Kind, "/kind", "instrument.kind"))
	}
	if c.Title == "" {
		wrong.Add(fault.Bad("instrument.titled", "/title"))
	}
	return c, wrong.Err()
}

func tidy(ss ...*string) {
	for _, s := range ss {
		*s = strings.TrimSpace(*s)
	}
}

// freeKey makes a key of a name that nothing has yet; taken gives the keys that
// begin as it does.
func freeKey(ctx context.Context, name, otherwise string, taken func(context.Context, string) ([]string, error)) (string, error) {
	base := text.Key(name)
	if base == "" {
		base = otherwise
	}
	have, err := taken(ctx, base)
	if err != nil {
		return "", err
	}
	key := base
	for n := 2; slices.Contains(have, key); n++ {
		key = base + "-" + strconv.Itoa(n)
	}
	return key, nil
}

// window turns a page into what SQL wants.
func window(limit, page int) (most, skip int32) {
	return int32(limit), int32(limit * (max(page, 1) - 1)) //nolint:gosec // bounded by the doors
}

func maybe(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }

// at says which field a constraint is about.
func at(err error) error {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return err
	}
	if field := fields[f.Key]; field != "" {
		return f.At(field)
	}
	return err
}

var fields = map[string]string{
	"instrument.key_once":             "/key",
	"instrument_validity.once":        "/knownFrom",
	"instrument_validity.days":        "/until",
	"instrument_lead.organisation":    "/organisation",
	"instrument_text.document":        "/document",
	"instrument_lead.once":            "/organisation",
	"instrument_lead.days":            "/until",
	"instrument_event.corrected_once": "/corrects",
	"adoption.organisation":           "/organisation",
	"adoption.corrected_once":         "/corrects",
	"participation.organisation":      "/organisation",
	"participation.once":              "/organisation",
	"participation.days":              "/until",
	"signature.person":                "/person",
	"goal.key_once":                   "/key",
	"goal_version.responsible":        "/responsible",
	"goal_version.once":               "/from",
	"goal_version.days":               "/from",
	"goal_link.from":                  "/from",
	"goal_link.to":                    "/to",
	"goal_link.once":                  "/to",
	"goal_link.of_two":                "/to",
	"goal_link.days":                  "/validTo",
	"instrument_count.once":           "/level",
	"instrument_count.days":           "/validTo",
	"network.instrument":              "/instrument",
	"network.led_by":                  "/ledBy",
	"network.days":                    "/validTo",
	"network_goal.goal":               "/goals",
	"local_agreement.instrument":      "/instrument",
	"local_agreement.initiated_by":    "/initiatedBy",
	"local_agreement.days":            "/until",
	"local_party.organisation":        "/parties",
}
