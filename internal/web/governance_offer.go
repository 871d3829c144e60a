package web

import (
	"context"
	"net/url"
	"slices"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/pg"
)

// offering is the form that offers a seat which stands only when needed.
func (d *Door) offering(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	if err := tx.Require(auth.GovernanceChange); err != nil {
		return sheet{}, err
	}
	b, err := governance.BodyOn(tx, v.r.PathValue("body"), tx.Today())
	if err != nil {
		return sheet{}, err
	}
	s := v.bodySheet(b, "seat_offer")
	s.Title, s.Lead = v.T("governance.page.offer_title", "body", v.bodyName(b)), v.T("governance.page.offer_lead")
	s.Submit = v.T("governance.page.offer_do")
	s.Leaves = []leaf{
		{"seat", v.T("governance.page.offer_seat"), []string{v.T("governance.page.offer_seat_note")}, []string{"seat", "organisation"}},
		{"why", v.T("governance.page.offer_why"), []string{v.T("governance.page.offer_why_note")}, []string{"matter", "from", "to", "note"}},
	}
	s.Hidden, s.Kinds = []string{"body"}, map[string]string{"note": "area"}
	var seats []option
	for _, seat := range b.Seats {
		if seat.Optional() {
			seats = append(seats, option{seat.Key, v.seatWord(b, seat.Key)})
		}
	}
	organisations, err := partyOptions(ctx, tx, v, auth.GovernanceChange)
	s.Options = map[string][]option{"seat": seats, "organisation": organisations}
	p := governance.Proposal{Body: b.Key, From: tx.Today()}
	if len(seats) == 1 {
		p.Seat = seats[0].Value
	}
	s.Thing = p
	return s, err
}

func offerSeat(ctx context.Context, tx *pg.Tx, v *visit, _ int64, p governance.Proposal) (string, error) {
	p.Body = v.r.PathValue("body")
	_, err := governance.Offer(ctx, tx, p)
	return string(v.To(bodyAddress(p.Body, "?done=seat_offered"))), err
}

// offerReply is an answer as a person gives it: one of two, and never by leaving
// a box unchecked.
type offerReply struct {
	Answer string `json:"answer" enum:"accepted,declined"`
	Note   string `json:"note,omitempty" maxLength:"1000"`
}

func (d *Door) answeringOffer(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	if err := mustAct(tx, auth.GovernanceChange); err != nil {
		return sheet{}, err
	}
	id, err := id(v.r, "id")
	if err != nil {
		return sheet{}, err
	}
	o, err := governance.GetOffer(ctx, tx, id)
	if err != nil {
		return sheet{}, err
	}
	b, ok := anyBody(tx.County, o.Body)
	if !ok {
		b.Key = o.Body
	}
	s := v.bodySheet(b, "seat_offer")
	s.Title = v.T("governance.page.answer_title", "name", o.Party)
	s.Lead = v.T("governance.page.answer_lead", "seat", v.seatWord(b, o.Seat), "body", v.bodyName(b), "matter", o.Matter, "day", LongDay(v.Lang, o.From))
	s.Submit = v.T("governance.page.answer_do")
	s.Leaves = []leaf{{"answer", v.T("governance.page.answer"), []string{v.T("governance.page.answer_note")}, []string{"answer", "note"}}}
	s.Options = map[string][]option{"answer": {{governance.Accepted, v.T("governance.page.accept")}, {governance.Declined, v.T("governance.page.decline")}}}
	s.Kinds = map[string]string{"note": "area"}
	s.Thing, s.Version = offerReply{Note: o.Note}, o.Version
	return s, tx.RequireFor(auth.GovernanceChange, o.Organisation)
}

func answerOffer(ctx context.Context, tx *pg.Tx, v *visit, version int64, r offerReply) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	o, err := governance.AnswerOffer(ctx, tx, id, version, governance.Reply{Accepted: r.Answer == governance.Accepted, Note: r.Note})
	if err != nil {
		return "", err
	}
	if o.Answer == governance.Accepted {
		// The seat stands from its first day: now somebody can be appointed to it.
		places, err := governance.Places(ctx, tx, o.Body, tx.Today())
		if err != nil && !fault.Is(err, "common.not_found") {
			return "", err
		}
		if i := slices.IndexFunc(places, func(p governance.Place) bool { return p.Seat.Key == o.Seat && p.Of(o.Organisation) }); i >= 0 {
			return string(v.To(bodyAddress(o.Body, "/appoint?done=offer_accepted&place="+url.QueryEscape(places[i].Key)))), nil
		}
		return string(v.To(bodyAddress(o.Body, "?done=offer_accepted"))), nil
	}
	return string(v.To(bodyAddress(o.Body, "?done=offer_declined"))), nil
}

func withdrawOffer(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	o, err := governance.WithdrawOffer(ctx, tx, id, version)
	return string(v.To(bodyAddress(o.Body, "?done=offer_withdrawn"))), err
}
