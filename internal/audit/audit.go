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
	Seq       int64     `json:"seq,omitempty" doc:"The place in the county's chain. Left out for a reader from whom some of it can be hidden: a number that is missing would tell." example:"42"`
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

// List gives a page of the county's trail, newest first, and how many rows there
// are. What concerns a meeting that has not been called, a matter that waits, a
// confidential one, or a draft of minutes, is there for those alone who may see that:
// for others it is neither shown nor counted, and what they read has no number in the
// chain, where it would leave a gap.
func List(ctx context.Context, tx *pg.Tx, f Filter) ([]Entry, int, error) {
	if err := tx.Require(auth.AuditRead); err != nil {
		return nil, 0, err
	}
	out, err := hidden(ctx, tx, f)
	if err != nil {
		return nil, 0, err
	}
	total, err := auditdb.New(tx).Count(ctx, auditdb.CountParams{Subject: f.Subject, RowID: f.RowID, Actor: f.Actor, Hidden: out,
		Veiled: veiledFrom(tx), Untold: silent, Ordered: ordered, Unplaced: unplaced})
	if err != nil {
		return nil, 0, err
	}
	es, err := read(ctx, tx, f, out, true)
	return es, int(total), err
}

// History is what has happened to one thing, newest first. Whoever may read the
// thing may read its history; who did it, and personal fields, show only to
// those who may read the trail. The caller has asked for the right to the thing.
func History(ctx context.Context, tx *pg.Tx, subject string, id uuid.UUID, limit, page int) ([]Entry, error) {
	if err := tx.Require(auth.CountyRead); err != nil {
		return nil, err
	}
	f := Filter{Subject: subject, RowID: id.String(), Limit: limit, Page: page}
	out, err := hidden(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	whole := tx.May(auth.AuditRead)
	es, err := read(ctx, tx, f, out, whole)
	if !whole {
		for i := range es {
			es[i].Actor, es[i].ActorName, es[i].Request = "", "", ""
		}
	}
	return es, err
}

// veiled are the sorts of things that can concern a meeting that has not been called, a
// confidential matter or a draft of minutes: by themselves, by what they hang on, or by what they point at.
var veiled = map[string]bool{"agenda_item": true, "agenda_called": true, "agenda_paper": true, "meeting": true, "meeting_mail": true, "attendance": true, "bias": true,
	"ballot": true, "remark": true, "decision": true, "ratification": true, "ratification_earlier": true, "duty": true, "minutes_paragraph": true, "minutes": true, "adjusting": true,
	"amendment": true, "sharing": true, "cost_run": true, "document": true, "document_version": true, "document_about": true}

// ordered are the sorts of things whose place in the order tells of confidential ones
// between them.
var ordered = []string{"agenda_called", "agenda_item"}

// silent are the quiet fields, and unplaced what is not told of what is ordered.
var (
	silent   = slices.Sorted(maps.Keys(quiet))
	unplaced = append(slices.Clone(silent), "position")
)

// part tells whether some of the trail can be hidden from the actor. Who makes
// meetings sees all.
func part(tx *pg.Tx) bool { return !tx.May(auth.MeetingPrepare) }

// veiledFrom are the sorts of things of which something can be hidden from the actor.
func veiledFrom(tx *pg.Tx) []string {
	if !part(tx) {
		return []string{}
	}
	return slices.Sorted(maps.Keys(veiled))
}

// hidden are the entries of what was asked for that the actor may not see.
func hidden(ctx context.Context, tx *pg.Tx, f Filter) ([]int64, error) {
	if !part(tx) || f.Subject != "" && !veiled[f.Subject] {
		return []int64{}, nil
	}
	q := auditdb.New(tx)
	if err := q.Plain(ctx); err != nil {
		return nil, err
	}
	return q.Hidden(ctx, auditdb.HiddenParams{PersonID: tx.Person, Subject: f.Subject, RowID: f.RowID})
}

// read gives a page without the entries that are hidden.
func read(ctx context.Context, tx *pg.Tx, f Filter, hidden []int64, whole bool) ([]Entry, error) {
	rows, err := auditdb.New(tx).List(ctx, auditdb.ListParams{Subject: f.Subject, RowID: f.RowID, Actor: f.Actor, Hidden: hidden,
		Veiled: veiledFrom(tx), Untold: silent, Ordered: ordered, Unplaced: unplaced, Max: int32(f.Limit), Skip: int32(f.Limit * (f.Page - 1))}) //nolint:gosec // bounded by the doors
	if err != nil {
		return nil, err
	}
	es := make([]Entry, len(rows))
	for i, r := range rows {
		if es[i], err = made(r, whole); err != nil {
			return nil, err
		}
		if part(tx) {
			es[i].Seq = 0
			if slices.Contains(ordered, r.Subject) {
				es[i].Changes = slices.DeleteFunc(es[i].Changes, func(c Change) bool { return c.Field == "position" })
			}
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
