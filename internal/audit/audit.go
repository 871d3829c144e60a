// Package audit reads and verifies the trail that every change leaves. The
// trail itself is written by the database, at commit, and nobody can write it
// otherwise: see audit_row in db/migrations. Each county has a chain of its own;
// a row's hash covers the row and the hash before it. Personal fields lie beside
// the chain, which holds only their digest, so that they can be masked.
package audit

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/audit/internal/auditdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Entry is one changed row.
type Entry struct {
	Seq       int64     `json:"seq" doc:"The place in the county's chain." example:"42"`
	At        time.Time `json:"at" doc:"When it was committed (UTC)." example:"2026-11-25T11:00:00Z"`
	Actor     string    `json:"actor" doc:"Who: person:<id>, operator:<id>, system:<what> or database:<login>." example:"person:0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f21"`
	ActorName string    `json:"actorName,omitempty" doc:"The name on the person's card." example:"Kim Åberg"`
	Request   string    `json:"request,omitempty" doc:"The request that did it." example:"4bf92f3577b34da6a3ce929d0e0e4736"`
	Subject   string    `json:"subject" doc:"What sort of thing." example:"organisation"`
	RowID     string    `json:"rowId" doc:"Which one." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Action    string    `json:"action" enum:"insert,update,delete" doc:"What was done." example:"update"`
	Changes   []Change  `json:"changes" nullable:"false" doc:"The fields that changed."`
	Masked    string    `json:"masked,omitempty" doc:"Why the personal fields were masked, when they were." example:"Begäran om radering, dnr 123-2026"`
}

// Change is one field, before and after. Values are as JSON writes them; text
// without its quotes. Hidden tells that the value is personal and masked, or
// that the reader may not see it.
type Change struct {
	Field    string `json:"field" doc:"The field." example:"website"`
	Before   string `json:"before,omitempty" doc:"The value before." example:"https://www.alvesta.example"`
	After    string `json:"after,omitempty" doc:"The value after." example:"https://alvesta.example"`
	Personal bool   `json:"personal,omitempty" doc:"Whether the field is personal." example:"false"`
	Hidden   bool   `json:"hidden,omitempty" doc:"Whether the values are masked." example:"false"`
}

// Filter says which part of the trail.
type Filter struct {
	Subject string
	RowID   string
	Actor   string
	Limit   int // at least 1
	Page    int // from 1
}

// List gives a page of the county's trail, newest first, and how many rows there are.
func List(ctx context.Context, tx *pg.Tx, f Filter) ([]Entry, int, error) {
	if err := tx.Require(auth.AuditRead); err != nil {
		return nil, 0, err
	}
	q := auditdb.New(tx)
	total, err := q.Count(ctx, auditdb.CountParams{Subject: f.Subject, RowID: f.RowID, Actor: f.Actor})
	if err != nil {
		return nil, 0, err
	}
	const end = int64(1) << 62
	rows, err := q.List(ctx, auditdb.ListParams{Subject: f.Subject, RowID: f.RowID, Actor: f.Actor, Before: end,
		Max: int32(f.Limit), Skip: int32(f.Limit * (f.Page - 1))}) //nolint:gosec // bounded by the doors
	if err != nil {
		return nil, 0, err
	}
	es := make([]Entry, len(rows))
	for i, r := range rows {
		if es[i], err = made(r, true); err != nil {
			return nil, 0, err
		}
	}
	return es, int(total), nil
}

// History is what has happened to one thing, newest first. Whoever may read the
// thing may read its history; who did it, and personal fields, show only to
// those who may read the trail. The caller has asked for the right to the thing.
func History(ctx context.Context, tx *pg.Tx, subject string, id uuid.UUID, limit, page int) ([]Entry, error) {
	if err := tx.Require(auth.CountyRead); err != nil {
		return nil, err
	}
	rows, err := auditdb.New(tx).History(ctx, auditdb.HistoryParams{Subject: subject, RowID: id.String(),
		Max: int32(limit), Skip: int32(limit * (page - 1))}) //nolint:gosec // bounded by the doors
	if err != nil {
		return nil, err
	}
	whole := tx.May(auth.AuditRead)
	es := make([]Entry, len(rows))
	for i, r := range rows {
		if es[i], err = made(auditdb.ListRow(r), whole); err != nil {
			return nil, err
		}
		if !whole {
			es[i].Actor, es[i].ActorName, es[i].Request = "", "", ""
		}
	}
	return es, nil
}

// Mask takes the personal fields of one entry out of the trail for good. That
// it was done, when and why stays.
func Mask(ctx context.Context, tx *pg.Tx, seq int64, reason string) error {
	if err := tx.Require(auth.AuditMask); err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.Bad("audit.mask_reason", "/reason")
	}
	q := auditdb.New(tx)
	there, err := q.Has(ctx, seq)
	if err != nil {
		return err
	}
	if !there {
		return fault.Missing()
	}
	_, err = q.Mask(ctx, auditdb.MaskParams{Seq: seq, MaskedAt: &tx.Now, MaskedReason: &reason})
	if fault.Is(err, "common.not_found") {
		return fault.New(fault.Conflict, "audit.masked_already")
	}
	return err
}

// quiet fields say nothing to a reader: the tenant and the version counter.
var quiet = map[string]bool{"tenant_id": true, "version": true, "id": true}

func made(r auditdb.ListRow, whole bool) (Entry, error) {
	e := Entry{Seq: r.Seq, At: r.At.UTC(), Actor: r.Actor, ActorName: r.ActorName, Request: r.Request, Subject: r.Subject, RowID: r.RowID, Action: r.Action}
	if r.MaskedReason != nil {
		e.Masked = *r.MaskedReason
	}
	type sides struct {
		Before, After map[string]json.RawMessage
		Personal      []string
	}
	var plain, personal sides
	if err := json.Unmarshal(r.Changed, &plain); err != nil {
		return e, err
	}
	if r.Personal != nil && whole {
		if err := json.Unmarshal(r.Personal, &personal); err != nil {
			return e, err
		}
	}
	e.Changes = []Change{}
	for _, field := range slices.Sorted(union(plain.Before, plain.After)) {
		if !quiet[field] {
			e.Changes = append(e.Changes, Change{Field: field, Before: said(plain.Before[field]), After: said(plain.After[field])})
		}
	}
	hidden := r.MaskedAt != nil || !whole
	for _, field := range plain.Personal {
		e.Changes = append(e.Changes, Change{Field: field, Personal: true, Hidden: hidden,
			Before: said(personal.Before[field]), After: said(personal.After[field])})
	}
	return e, nil
}

func union(a, b map[string]json.RawMessage) func(func(string) bool) {
	all := maps.Clone(a)
	if all == nil {
		all = map[string]json.RawMessage{}
	}
	maps.Copy(all, b)
	return maps.Keys(all)
}

func said(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	return string(v)
}
