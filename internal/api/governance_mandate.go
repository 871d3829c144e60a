package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// InMandate names a mandate in the path.
type InMandate struct {
	InCounty
	ID uuid.UUID `path:"mandate" doc:"The mandate's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// MandatePage asks for a page of something about a mandate.
type MandatePage struct {
	InMandate
	Paging
}

// MandateQuery asks for mandates.
type MandateQuery struct {
	InCounty
	AsOf
	BodyKey      string    `query:"body" maxLength:"40" pattern:"^[a-z][a-z0-9-]*$" doc:"Only in this body, by key." example:"forum"`
	Place        string    `query:"place" maxLength:"110" doc:"Only for this place, by key." example:"municipality/alvesta"`
	Organisation uuid.UUID `query:"organisation" doc:"Only of this party." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Person       uuid.UUID `query:"person" doc:"Only of this person." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f21"`
	Status       string    `query:"status" enum:"held,coming,ended,all" default:"held" doc:"Those that hold on the day, begin later, have ended, or all." example:"held"`
	Paging
}

// Mandate is a mandate with what leads on from it.
type Mandate struct {
	governance.Mandate
	Warnings []Warning `json:"warnings,omitempty" nullable:"false" doc:"What was accepted when somebody was appointed, and is worth a look."`
	Linked
}

// MandateList is a page of mandates.
type MandateList struct {
	Mandates []Mandate `json:"mandates" doc:"The mandates, by body and place, the latest first within one."`
	Paged
}

// NewMandate is how a person comes to a seat.
type NewMandate struct {
	InCounty
	Body governance.Nomination
}

// MandateFacts are what was written down wrong of a mandate.
type MandateFacts struct {
	InMandate
	Body governance.Facts
}

// MandateEnding is how a mandate ends.
type MandateEnding struct {
	InMandate
	Body governance.Ending
}

// InSeatOffer names an offered seat in the path.
type InSeatOffer struct {
	InCounty
	ID uuid.UUID `path:"offer" doc:"The offer's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// SeatOfferQuery asks for offered seats.
type SeatOfferQuery struct {
	InCounty
	BodyKey      string    `query:"body" maxLength:"40" pattern:"^[a-z][a-z0-9-]*$" doc:"Only in this body, by key." example:"council"`
	Organisation uuid.UUID `query:"organisation" doc:"Only to this organisation." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Answer       string    `query:"answer" enum:"open,accepted,declined,withdrawn" doc:"Only with this answer; open: none yet." example:"open"`
	Paging
}

// SeatOffer is an offered seat with what leads on from it.
type SeatOffer struct {
	governance.SeatOffer
	Linked
}

// SeatOfferList is a page of offered seats.
type SeatOfferList struct {
	SeatOffers []SeatOffer `json:"seatOffers" doc:"The offers, the latest first."`
	Paged
}

// NewSeatOffer is a seat that is offered.
type NewSeatOffer struct {
	InCounty
	Body governance.Proposal
}

// SeatOfferReply is what an organisation answers.
type SeatOfferReply struct {
	InSeatOffer
	Body governance.Reply
}

func (d *Door) mandates() {
	const all, one = "/counties/{county}/mandates", "/counties/{county}/mandates/{mandate}"

	list(d, Member, all, "list-mandates", func(ctx context.Context, tx *pg.Tx, in *MandateQuery) (l MandateList, total int, err error) {
		ms, total, err := governance.List(ctx, tx, governance.Filter{Body: in.BodyKey, Place: in.Place, Organisation: in.Organisation, Person: in.Person,
			Status: in.Status, On: in.day(tx), Limit: in.Limit, Page: in.Page})
		for _, m := range ms {
			l.Mandates = append(l.Mandates, d.mandate(tx, m))
		}
		return l, total, err
	})
	create(d, all, "create-mandate", func(ctx context.Context, tx *pg.Tx, in *NewMandate) (Mandate, error) {
		m, err := reseated(ctx, tx)(governance.Appoint(ctx, tx, in.Body))
		if err != nil {
			return Mandate{}, err
		}
		made := d.mandate(tx, m)
		doubts, err := governance.Doubts(ctx, tx, m)
		for _, w := range doubts {
			made.Warnings = append(made.Warnings, Warning{w.Key, from(ctx).lang.Fill(w.Key, w.Args), w.Args})
		}
		return made, err
	})
	read(d, Member, one, "get-mandate", func(ctx context.Context, tx *pg.Tx, in *InMandate) (Mandate, error) {
		m, err := governance.Get(ctx, tx, in.ID)
		return d.mandate(tx, m), err
	})
	replace(d, one, "correct-mandate", func(ctx context.Context, tx *pg.Tx, in *MandateFacts, version int64) (Mandate, error) {
		m, err := reseated(ctx, tx)(governance.Correct(ctx, tx, in.ID, version, in.Body))
		return d.mandate(tx, m), err
	})
	act(d, one+"/ending", "end-mandate", func(ctx context.Context, tx *pg.Tx, in *MandateEnding, version int64) (Mandate, error) {
		m, err := reseated(ctx, tx)(governance.End(ctx, tx, in.ID, version, in.Body))
		return d.mandate(tx, m), err
	})
	list(d, Member, one+"/history", "list-mandate-history", func(ctx context.Context, tx *pg.Tx, in *MandatePage) (EntryList, int, error) {
		if _, err := governance.Get(ctx, tx, in.ID); err != nil {
			return EntryList{}, 0, err
		}
		return history(ctx, tx, "mandate", in.ID, in.Paging)
	})
}

// reseated lets the calls to meetings to come follow a mandate that has been changed.
func reseated(ctx context.Context, tx *pg.Tx) func(governance.Mandate, error) (governance.Mandate, error) {
	return func(m governance.Mandate, err error) (governance.Mandate, error) {
		if err == nil {
			err = meeting.Reseat(ctx, tx, m)
		}
		return m, err
	}
}

func (d *Door) seatOffers() {
	const all, one = "/counties/{county}/seat-offers", "/counties/{county}/seat-offers/{offer}"

	list(d, Member, all, "list-seat-offers", func(ctx context.Context, tx *pg.Tx, in *SeatOfferQuery) (l SeatOfferList, total int, err error) {
		os, total, err := governance.Offers(ctx, tx, governance.OfferFilter{Body: in.BodyKey, Organisation: in.Organisation, Answer: in.Answer, Limit: in.Limit, Page: in.Page})
		for _, o := range os {
			l.SeatOffers = append(l.SeatOffers, d.seatOffer(tx, o))
		}
		return l, total, err
	})
	create(d, all, "offer-seat", func(ctx context.Context, tx *pg.Tx, in *NewSeatOffer) (SeatOffer, error) {
		o, err := governance.Offer(ctx, tx, in.Body)
		return d.seatOffer(tx, o), err
	})
	read(d, Member, one, "get-seat-offer", func(ctx context.Context, tx *pg.Tx, in *InSeatOffer) (SeatOffer, error) {
		o, err := governance.GetOffer(ctx, tx, in.ID)
		return d.seatOffer(tx, o), err
	})
	act(d, one+"/answer", "answer-seat-offer", func(ctx context.Context, tx *pg.Tx, in *SeatOfferReply, version int64) (SeatOffer, error) {
		o, err := governance.AnswerOffer(ctx, tx, in.ID, version, in.Body)
		return d.seatOffer(tx, o), err
	})
	act(d, one+"/withdrawal", "withdraw-seat-offer", func(ctx context.Context, tx *pg.Tx, in *InSeatOffer, version int64) (SeatOffer, error) {
		o, err := governance.WithdrawOffer(ctx, tx, in.ID, version)
		return d.seatOffer(tx, o), err
	})
}

// seatOffer adds what leads on, and what may happen next.
func (d *Door) seatOffer(tx *pg.Tx, o governance.SeatOffer) SeatOffer {
	here := d.at("counties", tx.Tenant, "seat-offers", o.ID.String())
	l := Links{}
	l.to("self", http.MethodGet, here)
	l.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "seat-offers"))
	l.to("organisation", http.MethodGet, d.at("counties", tx.Tenant, "organisations", o.Organisation.String()))
	if o.Open() && tx.MayFor(auth.GovernanceChange, o.Organisation) {
		l.to("answer", http.MethodPost, here+"/answer")
	}
	if (o.Open() || o.Answer == governance.Accepted) && tx.May(auth.GovernanceChange) {
		l.to("withdrawal", http.MethodPost, here+"/withdrawal")
	}
	return SeatOffer{o, Linked{l}}
}
