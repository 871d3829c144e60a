package governance

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Mandate is a person in a seat, or as deputy for one, over a time.
type Mandate struct {
	ID uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Nomination
	Name        string `json:"name" doc:"What the person is called." example:"Kim Lind"`
	Title       string `json:"title,omitempty" doc:"The person's office." example:"Kommunstyrelsens ordförande"`
	Party       string `json:"party,omitempty" doc:"What the party is called." example:"Alvesta kommun"`
	EndedReason string `json:"endedReason,omitempty" doc:"Why it ended." example:"Lämnade uppdraget"`
	Withdrawn   bool   `json:"withdrawn,omitempty" doc:"Whether it was entered by mistake and taken back: it has held on no day." example:"false"`
	Imported    bool   `json:"imported,omitempty" doc:"Whether it came in from a register of before." example:"false"`
	Demo        bool   `json:"demo,omitempty" doc:"Whether it is made up for show." example:"false"`
	Version     int64  `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`
}

// ETag is the version as HTTP wants it.
func (m Mandate) ETag() string { return strconv.FormatInt(m.Version, 10) }

// Holds tells whether the mandate holds on a day.
func (m Mandate) Holds(d day.Day) bool {
	return day.Span{From: m.From, To: m.To}.Contains(d)
}

// Pooled tells whether it is a deputy's for any of the party's seats.
func (m Mandate) Pooled() bool { return m.Deputy && m.Place == "" }

// Get gives one mandate, also one that has ended.
func Get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Mandate, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return Mandate{}, err
	}
	return get(ctx, tx, id)
}

func get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Mandate, error) {
	r, err := governancedb.New(tx).Mandate(ctx, id)
	return made(r.Mandate, r.Name, r.Title, r.Party), err
}

// Ending is how a mandate ends.
type Ending struct {
	On     day.Day `json:"on" doc:"The first day it no longer holds. The day it begins: it was a mistake, and has held on none." example:"2027-02-01"`
	Reason string  `json:"reason" minLength:"1" maxLength:"300" doc:"Why it ends." example:"Lämnade uppdraget"`
}

// End lets a mandate end from a day, and with it the rights that it gave. Ending
// it again corrects the day. One that ends on the day that it begins was entered by
// mistake: it is withdrawn, has held on no day, and stands in the history.
func End(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, e Ending) (Mandate, error) {
	was, err := mine(ctx, tx, id)
	if err != nil {
		return Mandate{}, err
	}
	e.Reason = text.Line(e.Reason)
	var wrong fault.List
	switch {
	case e.On.IsZero():
		wrong.Add(fault.Bad("mandate.end_without_day", "/on"))
	case e.On.Before(was.From):
		wrong.Add(fault.Bad("mandate.ends_before", "/on").With("from", was.From))
	}
	if e.Reason == "" {
		wrong.Add(fault.Bad("mandate.end_without_reason", "/reason"))
	}
	if err := wrong.Err(); err != nil {
		return Mandate{}, err
	}
	if was.Version != version {
		return Mandate{}, fault.Changed(was)
	}
	q := governancedb.New(tx)
	withdrawn := e.On == was.From
	if !withdrawn {
		longer := was.Nomination
		longer.To = e.On
		if err := free(ctx, tx, id, longer); err != nil {
			return Mandate{}, err
		}
	}
	n, err := q.End(ctx, governancedb.EndParams{ID: id, Version: version, ValidTo: e.On, EndedReason: e.Reason})
	if err := meanwhile(ctx, tx, id, n, err); err != nil {
		return Mandate{}, err
	}
	tx.Notify("governance", id)
	m, err := get(ctx, tx, id)
	if err != nil {
		return m, err
	}
	if withdrawn {
		return m, q.UnfollowHandover(ctx, maybe(id))
	}
	return m, handOn(ctx, tx, m)
}

// Facts are what can have been written down wrong of a mandate: whose it is, and
// of which place, never changes.
type Facts struct {
	Rank        int     `json:"rank,omitempty" minimum:"0" maximum:"99" doc:"Which deputy is called first, from 1; 0 for who holds the seat." example:"0"`
	From        day.Day `json:"from" doc:"The first day." example:"2027-01-01"`
	To          day.Day `json:"to,omitzero" doc:"The first day it no longer holds. Empty: until further notice." example:"2031-01-01"`
	AppointedBy string  `json:"appointedBy,omitempty" maxLength:"200" doc:"Who appointed." example:"Kommunstyrelsen"`
	Reference   string  `json:"reference,omitempty" maxLength:"200" doc:"The decision, as its own register has it." example:"KS 2026/112 § 45"`
	Source      string  `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"Protokoll 2026-12-10"`
}

// facts are a mandate's, as Correct takes them.
func (m Mandate) facts() Facts {
	return Facts{Rank: m.Rank, From: m.From, To: m.To, AppointedBy: m.AppointedBy, Reference: m.Reference, Source: m.Source}
}

// Correct mends what was written down wrong of a mandate.
func Correct(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, f Facts) (Mandate, error) {
	was, err := mine(ctx, tx, id)
	if err != nil {
		return Mandate{}, err
	}
	for _, s := range []*string{&f.AppointedBy, &f.Reference, &f.Source} {
		*s = text.Line(*s)
	}
	if was.Version != version {
		return Mandate{}, fault.Changed(was)
	}
	if f == was.facts() {
		return was, nil
	}
	n := was.Nomination
	n.Rank, n.From, n.To, n.AppointedBy, n.Reference, n.Source = f.Rank, f.From, f.To, f.AppointedBy, f.Reference, f.Source
	var wrong fault.List
	switch {
	case n.Deputy && n.Rank == 0:
		wrong.Add(fault.Bad("mandate.rank", "/rank"))
	case n.From == was.From && (n.To.IsZero() || n.To.After(n.From)) && (n.Deputy || n.Rank == 0):
		// What the place and the person were on the first day was asked then.
	default:
		_, err = nominated(ctx, tx, n)
		if err != nil && len(fault.All(err)) == 0 {
			return Mandate{}, err
		}
		wrong.Add(err)
	}
	if err := wrong.Err(); err != nil {
		return Mandate{}, err
	}
	if err := free(ctx, tx, id, n); err != nil {
		return Mandate{}, err
	}
	reason := was.EndedReason
	if n.To.IsZero() {
		reason = ""
	}
	rows, err := governancedb.New(tx).Correct(ctx, governancedb.CorrectParams{ID: id, Version: version, ValidFrom: n.From, ValidTo: n.To, Rank: int32(n.Rank), //nolint:gosec // at most 99
		AppointedBy: n.AppointedBy, Reference: n.Reference, Source: n.Source, EndedReason: reason})
	if err := meanwhile(ctx, tx, id, rows, err); err != nil {
		return Mandate{}, err
	}
	tx.Notify("governance", id)
	return get(ctx, tx, id)
}

// mine gives the mandate when the actor may change it.
func mine(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Mandate, error) {
	if !tx.MayAnywhere(auth.GovernanceChange) {
		return Mandate{}, tx.Require(auth.GovernanceChange)
	}
	was, err := get(ctx, tx, id)
	if err != nil {
		return Mandate{}, err
	}
	return was, tx.RequireFor(auth.GovernanceChange, was.Organisation)
}

// meanwhile is the fault of whoever came second, and which field another is about.
func meanwhile(ctx context.Context, tx *pg.Tx, id uuid.UUID, rows int64, err error) error {
	if err != nil {
		return at(err)
	}
	if rows > 0 {
		return nil
	}
	now, err := get(ctx, tx, id)
	if err != nil {
		return err
	}
	return fault.Changed(now)
}

// Which mandates a list can be asked for.
const (
	Holding = "held"
	Coming  = "coming"
	Over    = "ended"
	Every   = "all"
)

// Filter says which mandates, as of which day, and which part of them.
type Filter struct {
	Body         string
	Place        string
	Organisation uuid.UUID // zero: every one
	Person       uuid.UUID // zero: every one
	Status       string    // "" = Holding
	On           day.Day   // zero = today
	Limit        int       // at least 1
	Page         int       // from 1
}

// List gives a page of mandates by body and place, the latest first within one,
// and how many there are in all.
func List(ctx context.Context, tx *pg.Tx, f Filter) ([]Mandate, int, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return nil, 0, err
	}
	if f.On.IsZero() {
		f.On = tx.Today()
	}
	if f.Status == "" {
		f.Status = Holding
	}
	most, skip := window(f.Limit, f.Page)
	rows, err := governancedb.New(tx).List(ctx, governancedb.ListParams{Body: f.Body, Place: f.Place, OrganisationID: f.Organisation, PersonID: f.Person,
		Status: f.Status, OnDay: f.On, Max: most, Skip: skip})
	if err != nil {
		return nil, 0, err
	}
	ms := make([]Mandate, len(rows))
	total := 0
	for i, r := range rows {
		ms[i], total = made(r.Mandate, r.Name, r.Title, r.Party), int(r.Total)
	}
	if len(ms) == 0 && f.Page > 1 { // beyond the end: the total is still told
		f.Page, f.Limit = 1, 1
		_, total, err = List(ctx, tx, f)
	}
	return ms, total, err
}

// made is the mapper from row to Mandate.
func made(r governancedb.Mandate, name, title, party string) Mandate {
	return Mandate{ID: r.ID, Name: name, Title: title, Party: party, EndedReason: r.EndedReason, Withdrawn: r.ValidTo == r.ValidFrom, Imported: r.Imported, Demo: r.Demo, Version: r.Version,
		Nomination: Nomination{Body: r.Body, Place: r.Place, Organisation: r.OrganisationID.UUID, Person: r.PersonID, Deputy: r.Deputy, Rank: int(r.Rank),
			From: r.ValidFrom, To: r.ValidTo, AppointedBy: r.AppointedBy, Reference: r.Reference, Source: r.Source}}
}

func maybe(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }

// window turns a page into what SQL wants.
func window(limit, page int) (most, skip int32) {
	return int32(limit), int32(limit * (max(page, 1) - 1)) //nolint:gosec // bounded by the doors
}

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
	"mandate.days":            "/to",
	"mandate.rank":            "/rank",
	"mandate.rank_once":       "/rank",
	"mandate.seat_once":       "/place",
	"mandate.person_once":     "/person",
	"mandate.person":          "/person",
	"mandate.organisation":    "/organisation",
	"seat_offer.once":         "/organisation",
	"seat_offer.organisation": "/organisation",
	"seat_offer.days":         "/to",
	"seat_offer.matter":       "/matter",
	"handover.once":           "/from",
	"handover.of_two":         "/to",
}

// seatOf is a place's seat, by key.
func seatOf(place string) string {
	seat, _, _ := strings.Cut(place, "/")
	seat, _, _ = strings.Cut(seat, "#")
	return seat
}
