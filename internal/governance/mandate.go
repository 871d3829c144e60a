package governance

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
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Nomination is how a person comes to a seat.
type Nomination struct {
	Body         string    `json:"body" minLength:"1" maxLength:"40" doc:"The body, by key." example:"forum"`
	Place        string    `json:"place,omitempty" maxLength:"110" doc:"The place, by key. Empty for a deputy of the party's pool." example:"municipality/alvesta"`
	Organisation uuid.UUID `json:"organisation,omitzero" doc:"The party that the person speaks for. Left out where the place has one party." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Person       uuid.UUID `json:"person" doc:"Who." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Deputy       bool      `json:"deputy,omitempty" doc:"Whether as deputy." example:"false"`
	Rank         int       `json:"rank,omitempty" minimum:"0" maximum:"99" doc:"Which deputy is called first, from 1. 0: the holder, or the next free rank for a deputy." example:"0"`
	From         day.Day   `json:"from" doc:"The first day." example:"2027-01-01"`
	To           day.Day   `json:"to,omitzero" doc:"The first day it no longer holds. Empty: until further notice." example:"2031-01-01"`
	AppointedBy  string    `json:"appointedBy,omitempty" maxLength:"200" doc:"Who appointed." example:"Kommunstyrelsen"`
	Reference    string    `json:"reference,omitempty" maxLength:"200" doc:"The decision, as its own register has it." example:"KS 2026/112 § 45"`
	Source       string    `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"Protokoll 2026-12-10"`
}

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

// origin is what an import or the demo adds to a mandate.
type origin struct {
	imported, demo bool
	reason         string // why it ended, where it has
}

// Appoint gives a person a seat, or makes one a deputy. A party's administrator
// appoints for the own party. A deputy who is given the seat is its deputy, or one
// of the party's pool, no longer from that day; a holder whose card has ended holds it
// no longer from the day that it did.
func Appoint(ctx context.Context, tx *pg.Tx, n Nomination) (Mandate, error) {
	return nominate(ctx, tx, n, origin{})
}

// AppointDemo is Appoint for somebody made up for show.
func AppointDemo(ctx context.Context, tx *pg.Tx, n Nomination) (Mandate, error) {
	return nominate(ctx, tx, n, origin{demo: true})
}

func nominate(ctx context.Context, tx *pg.Tx, n Nomination, from origin) (Mandate, error) {
	if !tx.MayAnywhere(auth.GovernanceChange) {
		return Mandate{}, tx.Require(auth.GovernanceChange)
	}
	n, err := nominated(ctx, tx, n)
	if err != nil {
		return Mandate{}, err
	}
	if err := tx.RequireFor(auth.GovernanceChange, n.Organisation); err != nil {
		return Mandate{}, err
	}
	q := governancedb.New(tx)
	if n.Deputy && n.Rank == 0 {
		rank, err := q.NextRank(ctx, governancedb.NextRankParams{Body: n.Body, Place: n.Place, OrganisationID: maybe(n.Organisation), ValidFrom: n.From, ValidTo: n.To})
		if err != nil {
			return Mandate{}, err
		}
		n.Rank = int(rank)
	}
	if !n.Deputy && !from.imported { // a register says itself when a mandate ended
		if err := vacate(ctx, tx, n); err != nil {
			return Mandate{}, err
		}
	}
	if err := free(ctx, tx, uuid.Nil, n); err != nil {
		return Mandate{}, err
	}
	if !n.Deputy && !from.imported {
		if err := promote(ctx, tx, n); err != nil {
			return Mandate{}, err
		}
	}
	id := tx.NewID()
	err = q.Appoint(ctx, governancedb.AppointParams{ID: id, Body: n.Body, Place: n.Place, OrganisationID: maybe(n.Organisation), PersonID: n.Person, Deputy: n.Deputy,
		Rank: int32(n.Rank), AppointedBy: n.AppointedBy, Reference: n.Reference, Source: n.Source, Imported: from.imported, Demo: from.demo, ValidFrom: n.From, ValidTo: n.To, //nolint:gosec // a rank is at most 99
		EndedReason: from.reason})
	if err != nil {
		return Mandate{}, at(err)
	}
	tx.Notify("governance", id)
	m, err := get(ctx, tx, id)
	if err != nil || from.imported {
		return m, err
	}
	return m, follow(ctx, tx, m)
}

// vacate ends the mandate of a holder whose card has ended, with the card: until
// somebody else is given the seat that day can be corrected, and the mandate with it.
func vacate(ctx context.Context, tx *pg.Tx, n Nomination) error {
	left, err := governancedb.New(tx).Vacate(ctx, governancedb.VacateParams{EndedReason: text.Swedish.T("mandate.left"), Body: n.Body, Place: n.Place, ValidFrom: n.From, ValidTo: n.To})
	for _, id := range left {
		tx.Notify("governance", id)
	}
	return err
}

// promote ends what a person is as deputy on the day that the person is given the seat.
func promote(ctx context.Context, tx *pg.Tx, n Nomination) error {
	q := governancedb.New(tx)
	was, err := q.Deputising(ctx, governancedb.DeputisingParams{Body: n.Body, PersonID: n.Person, Place: n.Place, OrganisationID: maybe(n.Organisation),
		ValidFrom: n.From, ValidTo: n.To})
	if err != nil {
		return err
	}
	for _, id := range was {
		if err := q.Promote(ctx, governancedb.PromoteParams{ID: id, FromDay: n.From, EndedReason: text.Swedish.T("mandate.promoted")}); err != nil {
			return err
		}
		tx.Notify("governance", id)
	}
	return nil
}

// Doubts are what is worth a look in a mandate: who holds another ordinary place of
// the body at the same time serves one of them, and leaves the other empty.
func Doubts(ctx context.Context, tx *pg.Tx, m Mandate) ([]fault.Warning, error) {
	if m.Deputy {
		return nil, nil
	}
	held, err := governancedb.New(tx).List(ctx, governancedb.ListParams{Body: m.Body, PersonID: m.Person, Status: Every, OnDay: m.From, Max: 100})
	if err != nil {
		return nil, err
	}
	places, err := Places(ctx, tx, m.Body, m.From)
	if err != nil {
		return nil, err
	}
	name := func(key string) string {
		if p, ok := placeIn(places, key); ok {
			return p.Name(string(text.Swedish))
		}
		return key
	}
	var ws []fault.Warning
	for _, r := range held {
		o := r.Mandate
		if o.ID == m.ID || o.Deputy || !o.ValidTo.IsZero() && !o.ValidTo.After(m.From) || !m.To.IsZero() && !m.To.After(o.ValidFrom) {
			continue
		}
		first, then := name(o.Place), name(m.Place)
		if m.From.Before(o.ValidFrom) {
			first, then = then, first
		}
		ws = append(ws, fault.Warning{Key: "mandate.second_seat", Args: fault.New(fault.Invalid, "mandate.second_seat").With("name", m.Name, "first", first, "then", then).Args})
	}
	return ws, nil
}

// nominated tidies a nomination, fills in what follows from the place, and finds
// everything that is wrong with it.
func nominated(ctx context.Context, tx *pg.Tx, n Nomination) (Nomination, error) {
	for _, s := range []*string{&n.Body, &n.Place, &n.AppointedBy, &n.Reference, &n.Source} {
		*s = text.Line(*s)
	}
	var wrong fault.List
	if n.From.IsZero() {
		return n, fault.Bad("mandate.from_missing", "/from")
	}
	if !n.To.IsZero() && !n.To.After(n.From) {
		wrong.Add(fault.Bad("mandate.days", "/to"))
	}
	if !n.Deputy && n.Rank != 0 {
		wrong.Add(fault.Bad("mandate.rank", "/rank"))
	}
	p, err := person.Get(ctx, tx, n.Person)
	switch {
	case fault.Is(err, "common.not_found"):
		wrong.Add(fault.Bad("mandate.person", "/person"))
	case err != nil:
		return n, err
	case !p.StandsOn(n.From):
		wrong.Add(fault.Bad("mandate.person_not_standing", "/from").With("name", p.Name, "on", n.From))
	}
	b, ok := tx.County.On(n.From).Bodies.Body(n.Body)
	if !ok {
		wrong.Add(fault.Bad("mandate.body_unknown", "/body").With("body", n.Body, "on", n.From))
		return n, wrong.Err()
	}
	t, err := tableOn(ctx, tx, n.From)
	if err != nil {
		return n, err
	}
	n, err = seatedAt(n, b, t.places(b))
	wrong.Add(err)
	if n.Organisation != uuid.Nil {
		o, err := organisation.Get(ctx, tx, n.Organisation)
		switch {
		case fault.Is(err, "common.not_found"):
			wrong.Add(fault.Bad("mandate.organisation", "/organisation"))
		case err != nil:
			return n, err
		case !o.StandsOn(n.From):
			wrong.Add(fault.Bad("mandate.party_not_standing", "/from").With("name", o.Name, "on", n.From))
		}
	}
	return n, wrong.Err()
}

// seatedAt fits a nomination to the places of the day.
func seatedAt(n Nomination, b tenant.Body, ps []Place) (Nomination, error) {
	name := b.Name.In(string(text.Swedish))
	form := b.Rules.Deputies.Form
	switch {
	case n.Deputy && form == tenant.DeputiesNone:
		return n, fault.Bad("mandate.no_deputies", "/deputy").With("body", name)
	case n.Place == "" && !n.Deputy:
		return n, fault.Bad("mandate.seated", "/place")
	case n.Place == "" && form == tenant.DeputiesPersonal:
		return n, fault.Bad("mandate.deputy_of_whom", "/place").With("body", name)
	case n.Place == "" && n.Organisation == uuid.Nil:
		return n, fault.Bad("mandate.pool_of_whom", "/organisation")
	case n.Place == "":
		if !slices.ContainsFunc(ps, func(p Place) bool { return p.Of(n.Organisation) }) {
			return n, fault.Bad("mandate.party_without_seat", "/organisation").With("body", name, "on", n.From)
		}
		return n, nil
	}
	p, ok := placeIn(ps, n.Place)
	switch {
	case !ok:
		return n, fault.Bad("mandate.place_unknown", "/place").With("place", n.Place, "body", name, "on", n.From)
	case n.Organisation == uuid.Nil && len(p.Parties) > 1:
		return n, fault.Bad("mandate.of_which_party", "/organisation")
	case n.Organisation == uuid.Nil:
		n.Organisation = p.party()
	case len(p.Parties) > 0 && !p.Of(n.Organisation):
		return n, fault.Bad("mandate.not_their_place", "/organisation").With("place", p.Name(string(text.Swedish)))
	}
	return n, nil
}

// free tells, with the name, who holds the place already. The constraint stands
// behind it, for two who appoint at once.
func free(ctx context.Context, tx *pg.Tx, id uuid.UUID, n Nomination) error {
	if n.Deputy {
		return nil
	}
	held, err := governancedb.New(tx).Clash(ctx, governancedb.ClashParams{Body: n.Body, Place: n.Place, ID: id, ValidFrom: n.From, ValidTo: n.To})
	if err != nil || len(held) == 0 {
		return err
	}
	h := held[0]
	key := "mandate.held_already"
	if !h.ValidTo.IsZero() {
		key = "mandate.held_until"
	}
	return fault.New(fault.Conflict, key).At("/place").With("name", h.Name, "from", h.ValidFrom, "to", h.ValidTo.Add(-1))
}

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
