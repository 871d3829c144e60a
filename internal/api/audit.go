package api

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/pg"
)

// EntryList is a page of the trail.
type EntryList struct {
	Entries []audit.Entry `json:"entries" doc:"The entries, newest first."`
	Paged
}

// EntryQuery asks for entries of the trail.
type EntryQuery struct {
	InCounty
	Subject string `query:"subject" maxLength:"40" doc:"Only of this sort of thing." example:"organisation"`
	RowID   string `query:"rowId" maxLength:"80" doc:"Only of this thing." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Actor   string `query:"actor" maxLength:"80" doc:"Only by this actor." example:"person:0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f21"`
	Paging
}

// Masking is why an entry's personal fields are taken out.
type Masking struct {
	InCounty
	Seq  int64 `path:"seq" minimum:"1" doc:"The entry's place in the chain." example:"42"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"Why. It stays in the trail." example:"Begäran om radering, dnr 123-2026"`
	} `nameHint:"MaskingReason"`
}

// most is how many entries a thing's own history tells of.
const most = 1000

func (d *Door) trail() {
	list(d, Member, "/counties/{county}/audit-entries", "list-audit-entries", func(ctx context.Context, tx *pg.Tx, in *EntryQuery) (l EntryList, total int, err error) {
		l.Entries, total, err = audit.List(ctx, tx, audit.Filter{Subject: in.Subject, RowID: in.RowID, Actor: in.Actor, Limit: in.Limit, Page: in.Page})
		return l, total, err
	})
	do(d, "/counties/{county}/audit-entries/{seq}/masking", "mask-audit-entry", func(ctx context.Context, tx *pg.Tx, in *Masking) error {
		return audit.Mask(ctx, tx, in.Seq, in.Body.Reason)
	})
}

// history is a page of what has happened to one thing.
func history(ctx context.Context, tx *pg.Tx, subject string, id uuid.UUID, p Paging) (EntryList, int, error) {
	es, err := audit.History(ctx, tx, subject, id, most, 1)
	return EntryList{Entries: cut(es, p)}, len(es), err
}
