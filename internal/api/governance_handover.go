package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// InHandover names a handover in the path.
type InHandover struct {
	InCounty
	ID uuid.UUID `path:"handover" doc:"The handover's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// HandoverQuery asks for handovers.
type HandoverQuery struct {
	InCounty
	BodyKey    string    `query:"body" maxLength:"40" pattern:"^[a-z][a-z0-9-]*$" doc:"Only in this body, by key." example:"forum"`
	Person     uuid.UUID `query:"person" doc:"Only those that this person leaves or comes by." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f21"`
	Unfinished bool      `query:"unfinished" doc:"Only those with something left to confirm." example:"true"`
	Paging
}

// Handover is a handover with what leads on from it.
type Handover struct {
	governance.Handover
	Linked
}

// HandoverList is a page of handovers.
type HandoverList struct {
	Handovers []Handover `json:"handovers" doc:"The handovers, the oldest first."`
	Paged
}

// NewHandover is a handover that somebody begins.
type NewHandover struct {
	InCounty
	Body governance.Baton
}

// HandoverConfirmation is which points somebody confirms.
type HandoverConfirmation struct {
	InHandover
	Body governance.Confirmation
}

func (d *Door) handovers() {
	const all, one = "/counties/{county}/handovers", "/counties/{county}/handovers/{handover}"

	list(d, Member, all, "list-handovers", func(ctx context.Context, tx *pg.Tx, in *HandoverQuery) (l HandoverList, total int, err error) {
		hs, total, err := governance.Handovers(ctx, tx, governance.HandoverFilter{Body: in.BodyKey, Person: in.Person, Unfinished: in.Unfinished, Limit: in.Limit, Page: in.Page})
		for _, h := range hs {
			l.Handovers = append(l.Handovers, d.handover(tx, h))
		}
		return l, total, err
	})
	create(d, all, "begin-handover", func(ctx context.Context, tx *pg.Tx, in *NewHandover) (Handover, error) {
		h, err := governance.BeginHandover(ctx, tx, in.Body)
		return d.handover(tx, h), err
	})
	read(d, Member, one, "get-handover", func(ctx context.Context, tx *pg.Tx, in *InHandover) (Handover, error) {
		h, err := governance.GetHandover(ctx, tx, in.ID)
		return d.handover(tx, h), err
	})
	act(d, one+"/giving", "confirm-giving", func(ctx context.Context, tx *pg.Tx, in *HandoverConfirmation, version int64) (Handover, error) {
		h, err := governance.Give(ctx, tx, in.ID, version, in.Body)
		return d.handover(tx, h), inherited(ctx, tx, h, err)
	})
	act(d, one+"/taking", "confirm-taking", func(ctx context.Context, tx *pg.Tx, in *HandoverConfirmation, version int64) (Handover, error) {
		h, err := governance.Take(ctx, tx, in.ID, version, in.Body)
		return d.handover(tx, h), inherited(ctx, tx, h, err)
	})
}

// inherited lets what was left undone follow a handover that is finished.
func inherited(ctx context.Context, tx *pg.Tx, h governance.Handover, err error) error {
	if err != nil || !h.Finished {
		return err
	}
	_, err = meeting.Inherit(ctx, tx, h.ID)
	return err
}

// handover adds what leads on, and what the caller may confirm.
func (d *Door) handover(tx *pg.Tx, h governance.Handover) Handover {
	here := d.at("counties", tx.Tenant, "handovers", h.ID.String())
	l := Links{}
	l.to("self", http.MethodGet, here)
	l.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "handovers"))
	l.to("from", http.MethodGet, d.mandateAt(tx, h.From))
	if h.To.Valid {
		l.to("to", http.MethodGet, d.mandateAt(tx, h.To.UUID))
	}
	if !h.Finished && h.MayGive(tx.Actor) {
		l.to("giving", http.MethodPost, here+"/giving")
	}
	if !h.Finished && h.MayTake(tx.Actor) {
		l.to("taking", http.MethodPost, here+"/taking")
	}
	return Handover{h, Linked{l}}
}
