package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// Proposal is a matter that somebody wants a body to take up.
type Proposal struct {
	Body string `json:"body" minLength:"1" maxLength:"40" doc:"The body, by key." example:"forum"`
	Matter
}

// Proposed is a proposal as it was received.
type Proposed struct {
	Item Item `json:"item" doc:"The matter."`
	// Meeting is the first meeting, of those whose day is known, that it can come to.
	Meeting  uuid.UUID       `json:"meeting,omitzero" doc:"The first meeting known to the proposer that it can still come to. Left out: none is known." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	On       day.Day         `json:"on,omitzero" doc:"The day of that meeting." example:"2027-04-15"`
	Warnings []fault.Warning `json:"warnings" nullable:"false" doc:"What was accepted and is worth a look, as that the next meeting's deadline has passed."`
}

// Propose proposes a matter to a body. A party's waits for an answer; one of
// those who make meetings waits for its time. After the deadline for proposals
// it waits for a later meeting, and is told so.
func Propose(ctx context.Context, tx *pg.Tx, p Proposal) (Proposed, error) {
	if !tx.MayAnywhere(auth.MeetingPropose) {
		return Proposed{}, tx.Require(auth.MeetingPropose)
	}
	n, err := matter(ctx, tx, p.Matter)
	lines(&p.Body)
	var wrong fault.List
	if err != nil && len(fault.All(err)) == 0 {
		return Proposed{}, err
	}
	wrong.Add(err)
	b, ok := bodyOf(tx, p.Body, tx.Today())
	if !ok {
		wrong.Add(fault.Bad("meeting.body_unknown", "/body").With("body", p.Body, "on", tx.Today()))
	}
	wrong.Add(n.fits(tx, p.Body, tx.Today()))
	if err := wrong.Err(); err != nil {
		return Proposed{}, err
	}
	if n.Organisation == uuid.Nil {
		n.Organisation = tx.Party()
	}
	if err := tx.RequireFor(auth.MeetingPropose, n.Organisation); err != nil {
		return Proposed{}, err
	}
	from := source{state: ItemProposed, proposed: true}
	if tx.May(auth.MeetingPrepare) && n.Organisation == uuid.Nil {
		from.state = ItemWaiting
	}
	i, err := addItem(ctx, tx, p.Body, n, from)
	if err != nil {
		return Proposed{}, err
	}
	out := Proposed{Item: i, Warnings: placed(tx, i, tx.Today()).Warnings}
	coming, _, err := List(ctx, tx, Filter{Body: p.Body, From: tx.Today(), States: []State{Announced, Drafted, Called}, Rising: true, Limit: 20, Page: 1})
	if err != nil {
		return Proposed{}, err
	}
	for at, m := range coming {
		if on, ok := bodyOf(tx, p.Body, m.On); ok {
			b = on
		}
		by := proposalsBy(b, m.On)
		if by.IsZero() || !tx.Today().After(by) {
			out.Meeting, out.On = m.ID, m.On
			break
		}
		if at == 0 {
			out.Warnings = append(out.Warnings, warning("agenda_item.after_deadline", "by", by, "on", m.On))
		}
	}
	return out, nil
}

// ItemFilter says which of the matters that are on no agenda, or have come so far.
type ItemFilter struct {
	Body   string   // "" = every body's
	States []string // none = what is proposed or waits
	Limit  int      // at least 1
	Page   int      // from 1
}

// Waiting gives a page of what waits for a body, the first proposed first. Those
// who make meetings see all; others what they or their party have proposed.
func Waiting(ctx context.Context, tx *pg.Tx, f ItemFilter) ([]Item, int, error) {
	if !tx.MayAnywhere(auth.MeetingRead) {
		return nil, 0, tx.Require(auth.MeetingRead)
	}
	s, err := sees(ctx, tx)
	if err != nil {
		return nil, 0, err
	}
	most, skip := window(f.Limit, f.Page)
	states := f.States
	if states == nil {
		states = []string{}
	}
	rows, err := meetingdb.New(tx).Items(ctx, meetingdb.ItemsParams{TenantID: tx.Tenant, Body: f.Body, Every: s.makes, Parties: proposesFor(tx), PersonID: maybe(tx.Person),
		States: states, Max: most, Skip: skip})
	if err != nil {
		return nil, 0, err
	}
	if len(rows) == 0 && f.Page > 1 {
		f.Page, f.Limit = 1, 1
		_, n, err := Waiting(ctx, tx, f)
		return nil, n, err
	}
	items, total := make([]Item, len(rows)), 0
	for at, r := range rows {
		i, m := madeItem(r.AgendaItem), Meeting{}
		if i.Meeting != uuid.Nil {
			if m, err = get(ctx, tx, i.Meeting); err != nil {
				return nil, 0, err
			}
		}
		items[at], total = s.veiled(i, m), int(r.Total)
	}
	return items, total, nil
}

// proposesFor are the parties that the actor can propose for.
func proposesFor(tx *pg.Tx) []uuid.UUID {
	parties := []uuid.UUID{}
	for _, g := range tx.Grants {
		if g.Party != uuid.Nil && tx.MayFor(auth.MeetingPropose, g.Party) {
			parties = append(parties, g.Party)
		}
	}
	return parties
}

// mine tells whether a matter is the actor's own proposal, or that of a party he
// proposes for.
func mine(tx *pg.Tx, i Item) bool {
	return i.ProposedAt != nil && (i.proposer == tx.Person && tx.Person != uuid.Nil || i.Organisation != uuid.Nil && tx.MayFor(auth.MeetingPropose, i.Organisation))
}

// veiled is a matter as its proposer sees it while the agenda it has come to is
// its makers' alone: it waits, as far as he knows. Its place on an agenda is told
// by the agenda alone.
func (s sight) veiled(i Item, m Meeting) Item {
	i.Position = 0
	if i.Meeting != uuid.Nil && !s.whole(m) {
		i.Meeting = uuid.Nil
		if i.State == ItemPlanned {
			i.State = ItemWaiting
		}
		i.Outcome, i.Result, i.OpenedAt, i.ClosedAt = "", "", nil, nil
	}
	return i
}

// own gives a matter to those who make meetings, and, until it has been
// answered, to who proposed it.
func own(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Item, Meeting, error) {
	i, m, err := heldItem(ctx, tx, id, 0)
	if err != nil && len(fault.All(err)) == 0 {
		return i, m, err
	}
	if err != nil && !fault.Is(err, "common.changed") {
		return i, m, err
	}
	if !tx.May(auth.MeetingPrepare) {
		if !mine(tx, i) { // whoever may see it is told who can change it
			if _, e := GetItem(ctx, tx, id); e != nil {
				return Item{}, Meeting{}, e
			}
			return Item{}, Meeting{}, tx.Require(auth.MeetingPrepare)
		}
		if i.State != ItemProposed {
			return Item{}, Meeting{}, fault.New(fault.Conflict, "agenda_item.answered_already")
		}
	}
	if err == nil && i.Version != version {
		err = fault.Changed(i)
	}
	return i, m, err
}

// Acceptance is how a proposal is taken in.
type Acceptance struct {
	Meeting uuid.UUID `json:"meeting,omitzero" doc:"The meeting to whose agenda it comes. Left out: it waits." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Reason  string    `json:"reason,omitempty" maxLength:"1000" doc:"A word to who proposed it." example:"Tas upp i höst."`
}

// Accept takes a proposal in: it waits for its time, or comes to an agenda at once.
func Accept(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, a Acceptance) (Placed, error) {
	i, _, err := ofMakers(ctx, tx, id, version)
	if err != nil {
		return Placed{}, err
	}
	if err := i.in(ItemProposed); err != nil {
		return Placed{}, err
	}
	return move(ctx, tx, i, a.Meeting, trimmed(a.Reason))
}

// Refusal is why something is declined or withdrawn.
type Refusal struct {
	Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Why. Who proposed it reads it." example:"Frågan hör till kommunen"`
}

// Decline says no to a proposal, with the reason.
func Decline(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, r Refusal) (Item, error) {
	i, _, err := ofMakers(ctx, tx, id, version)
	if err != nil {
		return Item{}, err
	}
	if err := i.in(ItemProposed); err != nil {
		return Item{}, err
	}
	if r.Reason = trimmed(r.Reason); r.Reason == "" {
		return Item{}, fault.Bad("agenda_item.reasoned", "/reason")
	}
	row, err := meetingdb.New(tx).MoveItem(ctx, meetingdb.MoveItemParams{ID: id, State: ItemDeclined, Reason: r.Reason})
	notifyItem(tx, i)
	return madeItem(row), at(err)
}
