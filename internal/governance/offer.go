package governance

import (
	"context"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Proposal is a seat that is offered to an organisation.
type Proposal struct {
	Body         string    `json:"body" minLength:"1" maxLength:"40" doc:"The body, by key." example:"integrationsrad"`
	Seat         string    `json:"seat" minLength:"1" maxLength:"40" doc:"The seat, by key; the configuration says that it is offered." example:"agency"`
	Organisation uuid.UUID `json:"organisation" doc:"To whom." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Matter       string    `json:"matter" minLength:"1" maxLength:"300" doc:"For which matter." example:"Bosättning 2027"`
	From         day.Day   `json:"from" doc:"The first day the seat stands." example:"2027-01-01"`
	To           day.Day   `json:"to,omitzero" doc:"The first day it no longer stands. Empty: until further notice." example:"2028-01-01"`
	Note         string    `json:"note,omitempty" maxLength:"1000" doc:"What else is said." example:"Rådet behandlar frågan i mars"`
}

// SeatOffer is an offered seat and what was answered.
type SeatOffer struct {
	ID uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Proposal
	Party      string  `json:"party" doc:"What the organisation is called." example:"Polismyndigheten"`
	OfferedOn  day.Day `json:"offeredOn" doc:"When it was offered." example:"2026-11-25"`
	Answer     string  `json:"answer" enum:",accepted,declined,withdrawn" doc:"What was answered, or that it was withdrawn. Empty: no answer yet." example:"accepted"`
	AnsweredOn day.Day `json:"answeredOn,omitzero" doc:"When." example:"2026-12-01"`
	Demo       bool    `json:"demo,omitempty" doc:"Whether it is made up for show." example:"false"`
	Version    int64   `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`
}

// ETag is the version as HTTP wants it.
func (o SeatOffer) ETag() string { return strconv.FormatInt(o.Version, 10) }

// Open tells whether it waits for an answer.
func (o SeatOffer) Open() bool { return o.Answer == "" }

// What is answered.
const (
	Accepted  = "accepted"
	Declined  = "declined"
	Withdrawn = "withdrawn"
)

// Offer offers a seat that stands only when needed.
func Offer(ctx context.Context, tx *pg.Tx, p Proposal) (SeatOffer, error) {
	return offer(ctx, tx, p, false)
}

// OfferDemo is Offer for what is made up for show.
func OfferDemo(ctx context.Context, tx *pg.Tx, p Proposal) (SeatOffer, error) {
	return offer(ctx, tx, p, true)
}

func offer(ctx context.Context, tx *pg.Tx, p Proposal, demo bool) (SeatOffer, error) {
	if err := tx.Require(auth.GovernanceChange); err != nil {
		return SeatOffer{}, err
	}
	for _, s := range []*string{&p.Body, &p.Seat, &p.Matter, &p.Note} {
		*s = text.Line(*s)
	}
	var wrong fault.List
	if p.Matter == "" {
		wrong.Add(fault.Bad("seat_offer.matter", "/matter"))
	}
	if p.From.IsZero() {
		p.From = tx.Today()
	}
	o, err := organisation.Get(ctx, tx, p.Organisation)
	switch {
	case fault.Is(err, "common.not_found"):
		wrong.Add(fault.Bad("seat_offer.organisation", "/organisation"))
	case err != nil:
		return SeatOffer{}, err
	case !o.StandsOn(p.From):
		wrong.Add(fault.Bad("mandate.party_not_standing", "/from").With("name", o.Name, "on", p.From))
	}
	b, there := tx.County.On(p.From).Bodies.Body(p.Body)
	s, has := b.Seat(p.Seat)
	switch {
	case !there:
		wrong.Add(fault.Bad("mandate.body_unknown", "/body").With("body", p.Body, "on", p.From))
	case !has || !s.Optional():
		wrong.Add(fault.Bad("seat_offer.not_offered", "/seat").With("seat", p.Seat, "body", b.Name.In(string(text.Swedish))))
	case o.ID != uuid.Nil && (len(s.Organisations) > 0 && !slices.Contains(s.Organisations, o.Key) || s.Each != "" && s.Each != o.Type):
		wrong.Add(fault.Bad("seat_offer.not_for_them", "/organisation").With("name", o.Name))
	}
	if err := wrong.Err(); err != nil {
		return SeatOffer{}, err
	}
	id := tx.NewID()
	err = governancedb.New(tx).AddOffer(ctx, governancedb.AddOfferParams{ID: id, Body: p.Body, Seat: p.Seat, OrganisationID: p.Organisation, Matter: p.Matter,
		OfferedOn: tx.Today(), ValidFrom: p.From, ValidTo: p.To, Note: p.Note, Demo: demo})
	if err != nil {
		return SeatOffer{}, at(err)
	}
	tx.Notify("governance", id)
	return getOffer(ctx, tx, id)
}

// GetOffer gives one offer.
func GetOffer(ctx context.Context, tx *pg.Tx, id uuid.UUID) (SeatOffer, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return SeatOffer{}, err
	}
	return getOffer(ctx, tx, id)
}

func getOffer(ctx context.Context, tx *pg.Tx, id uuid.UUID) (SeatOffer, error) {
	r, err := governancedb.New(tx).Offer(ctx, id)
	return offered(r.SeatOffer, r.Party), err
}

// Reply is an organisation's answer.
type Reply struct {
	Accepted bool   `json:"accepted" doc:"Whether it takes the seat." example:"true"`
	Note     string `json:"note,omitempty" maxLength:"1000" doc:"What else is said. Empty: what was said stays." example:"Vi utser en person i december"`
}

// AnswerOffer says whether the organisation takes the seat: its own
// administrator does, or the county for it.
func AnswerOffer(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, r Reply) (SeatOffer, error) {
	if !tx.MayAnywhere(auth.GovernanceChange) {
		return SeatOffer{}, tx.Require(auth.GovernanceChange)
	}
	was, err := getOffer(ctx, tx, id)
	if err != nil {
		return SeatOffer{}, err
	}
	if err := tx.RequireFor(auth.GovernanceChange, was.Organisation); err != nil {
		return SeatOffer{}, err
	}
	if was.Version != version {
		return SeatOffer{}, fault.Changed(was)
	}
	if !was.Open() {
		return SeatOffer{}, fault.New(fault.Conflict, "seat_offer.answered_already").With("on", was.AnsweredOn)
	}
	answer := Declined
	if r.Accepted {
		answer = Accepted
	}
	return answered(ctx, tx, was, answer, text.Line(r.Note))
}

// WithdrawOffer takes an offer back, also one that was accepted, as long as
// nobody sits on it.
func WithdrawOffer(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (SeatOffer, error) {
	if err := tx.Require(auth.GovernanceChange); err != nil {
		return SeatOffer{}, err
	}
	was, err := getOffer(ctx, tx, id)
	if err != nil {
		return SeatOffer{}, err
	}
	if was.Version != version {
		return SeatOffer{}, fault.Changed(was)
	}
	switch was.Answer {
	case Withdrawn, Declined:
		return SeatOffer{}, fault.New(fault.Conflict, "seat_offer.over").With("on", was.AnsweredOn)
	case Accepted:
		o, err := organisation.Get(ctx, tx, was.Organisation)
		if err != nil {
			return SeatOffer{}, err
		}
		n, err := governancedb.New(tx).SeatedByOffer(ctx, governancedb.SeatedByOfferParams{Body: was.Body, Place: was.Seat + "/" + o.Key, OnDay: tx.Today()})
		if err != nil {
			return SeatOffer{}, err
		}
		if n > 0 {
			return SeatOffer{}, fault.New(fault.Conflict, "seat_offer.seated").With("name", was.Party)
		}
	}
	return answered(ctx, tx, was, Withdrawn, "")
}

func answered(ctx context.Context, tx *pg.Tx, was SeatOffer, answer, note string) (SeatOffer, error) {
	if note == "" {
		note = was.Note
	}
	n, err := governancedb.New(tx).AnswerOffer(ctx, governancedb.AnswerOfferParams{ID: was.ID, Version: was.Version, Answer: answer, AnsweredOn: tx.Today(), Note: note})
	if err != nil {
		return SeatOffer{}, at(err)
	}
	now, err := getOffer(ctx, tx, was.ID)
	if err == nil && n == 0 {
		err = fault.Changed(now)
	}
	tx.Notify("governance", was.ID)
	return now, err
}

// OfferFilter says which offers, and which part of them.
type OfferFilter struct {
	Body         string
	Organisation uuid.UUID // zero: every one
	Answer       string    // "" = whatever; "open": none yet
	Limit, Page  int
}

// Offers gives a page of offers, the latest first, and how many there are.
func Offers(ctx context.Context, tx *pg.Tx, f OfferFilter) ([]SeatOffer, int, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return nil, 0, err
	}
	most, skip := window(f.Limit, f.Page)
	rows, err := governancedb.New(tx).Offers(ctx, governancedb.OffersParams{Body: f.Body, OrganisationID: f.Organisation, Answer: f.Answer, Max: most, Skip: skip})
	if err != nil {
		return nil, 0, err
	}
	os := make([]SeatOffer, len(rows))
	total := 0
	for i, r := range rows {
		os[i], total = offered(r.SeatOffer, r.Party), int(r.Total)
	}
	if len(os) == 0 && f.Page > 1 { // beyond the end: the total is still told
		f.Page, f.Limit = 1, 1
		_, total, err = Offers(ctx, tx, f)
	}
	return os, total, err
}

func offered(r governancedb.SeatOffer, party string) SeatOffer {
	return SeatOffer{ID: r.ID, Party: party, OfferedOn: r.OfferedOn, Answer: r.Answer, AnsweredOn: r.AnsweredOn, Demo: r.Demo, Version: r.Version,
		Proposal: Proposal{Body: r.Body, Seat: r.Seat, Organisation: r.OrganisationID, Matter: r.Matter, From: r.ValidFrom, To: r.ValidTo, Note: r.Note}}
}
