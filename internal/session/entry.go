package session

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session/internal/sessiondb"
	"github.com/overens/overens/internal/tenant"
)

// Visit is what an operator asks for: to look into a county, for a reason.
type Visit struct {
	County string `json:"county" minLength:"2" maxLength:"40" doc:"The county to enter." example:"kronoberg"`
	Reason string `json:"reason" minLength:"10" maxLength:"500" doc:"Why. The county reads it." example:"Ärende 123: listan över parter visas inte"`
	Hours  int    `json:"hours" minimum:"1" maximum:"8" doc:"For how long at most." example:"1"`
}

// Entry is an operator's visit, as the county sees it.
type Entry struct {
	ID       uuid.UUID  `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f60"`
	Operator string     `json:"operator" doc:"Who, as the nation knows the operator. The same label stands in the trail." example:"operator:0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f61"`
	Reason   string     `json:"reason" doc:"Why." example:"Ärende 123: listan över parter visas inte"`
	From     time.Time  `json:"from" doc:"When the visit began." example:"2026-03-02T08:00:00Z"`
	Until    time.Time  `json:"until" doc:"When it ends at the latest." example:"2026-03-02T09:00:00Z"`
	EndedAt  *time.Time `json:"endedAt,omitempty" doc:"When it was ended before that." example:"2026-03-02T08:20:00Z"`
	Open     bool       `json:"open" doc:"Whether the operator can still look in." example:"false"`
}

// again is how long a visit is believed before the nation is asked whether its
// holder still is an operator: no counter of the county's moves with that.
const again = time.Minute

const (
	asPerson   = "person:"
	asOperator = "operator:"
)

// Enter begins an operator's visit in a county and gives its cookie; the
// national session that asked ends. Nation and county are two units of work:
// no transaction holds two counties.
func (k *Keeper) Enter(ctx context.Context, db *pg.DB, a auth.Actor, v Visit, d Device) (cookie string, err error) {
	if a.Tenant != pg.Nation || a.Session == uuid.Nil || a.Person == uuid.Nil {
		return "", fault.New(fault.Forbidden, "session.enter_from_nation")
	}
	v.Reason = strings.TrimSpace(v.Reason)
	var issuer string
	var claims []byte
	var who string
	err = db.InTenant(ctx, a, pg.Read, func(tx *pg.Tx) error {
		if err := tx.Require(auth.OperatorEnter); err != nil {
			return err
		}
		row, err := sessiondb.New(tx).ByID(ctx, tx.Session)
		issuer, claims, who = row.Issuer, row.Claims, tx.Person.String()
		return err
	})
	if err != nil {
		return "", err
	}
	var wrong fault.List
	switch c, err := db.County(ctx, v.County); {
	case fault.Is(err, "common.not_found"), err == nil && c.Kind == tenant.KindNational:
		wrong.Add(fault.Bad("session.county_unknown", "/county"))
	case err != nil:
		return "", err
	}
	if n := len([]rune(v.Reason)); n < 10 || n > 500 {
		wrong.Add(fault.Bad("session.reason_short", "/reason"))
	}
	if v.Hours < 1 || v.Hours > 8 {
		wrong.Add(fault.Bad("session.hours_wrong", "/hours"))
	}
	if err := wrong.Err(); err != nil {
		return "", err
	}
	// In the county the trail says who came, before there is a session of his.
	visitor := auth.Actor{Tenant: v.County, Kind: auth.KindPerson, Name: asOperator + who, Request: a.Request}
	err = db.InTenant(ctx, visitor, pg.Write, func(tx *pg.Tx) error {
		id, until := tx.NewID(), tx.Now.Add(time.Duration(v.Hours)*time.Hour)
		err := sessiondb.New(tx).AddEntry(ctx, sessiondb.AddEntryParams{ID: id, Operator: asPerson + who, Reason: v.Reason, FromAt: tx.Now, UntilAt: until})
		if err != nil {
			return err
		}
		tx.Notify("operator", id)
		kept, err := readKept(claims)
		if err != nil {
			return err
		}
		cookie, err = k.add(ctx, tx, sessiondb.AddParams{EntryID: null(id), Issuer: issuer, Device: d.text(), EndsAt: until}, kept)
		return err
	})
	if err != nil {
		return "", err
	}
	err = db.InTenant(ctx, a, pg.Write, func(tx *pg.Tx) error { return End(ctx, tx, a.Session) })
	k.forget(a.Credential)
	return cookie, err
}

// visit makes the actor of an operator's visit, when the nation still says that
// he is one.
func visit(ctx context.Context, db *pg.DB, e *entry, row sessiondb.ByTokenRow) error {
	id, err := uuid.Parse(strings.TrimPrefix(row.Operator, asPerson))
	if err != nil {
		return err
	}
	vs, err := readKept(row.Claims)
	if err != nil {
		return err
	}
	err = db.InTenant(ctx, auth.System(pg.Nation, "session", ""), pg.Read, func(tx *pg.Tx) error {
		d, err := derive(ctx, tx, id, row.Issuer, vs)
		if err != nil {
			return err
		}
		if !(auth.Actor{Grants: d.grants}).May(auth.OperatorEnter) {
			return ended()
		}
		e.until = tx.Now.Add(again)
		return nil
	})
	e.actor.Name, e.actor.Grants = asOperator+id.String(), []auth.Grant{{Role: auth.RoleOperator}}
	return err
}

// Entries are the operators' visits in the county, newest first, and how many
// there are in all.
func Entries(ctx context.Context, tx *pg.Tx, limit, page int) ([]Entry, int, error) {
	if err := tx.Require(auth.AuditRead); err != nil {
		return nil, 0, err
	}
	rows, err := sessiondb.New(tx).Entries(ctx, sessiondb.EntriesParams{Max: int32(limit), Skip: int32(limit * (page - 1))}) //nolint:gosec // both are bounded by the doors
	if err != nil {
		return nil, 0, err
	}
	list, total := make([]Entry, len(rows)), 0
	for i, r := range rows {
		total = int(r.Total)
		list[i] = Entry{ID: r.ID, Operator: asOperator + strings.TrimPrefix(r.Operator, asPerson), Reason: r.Reason, From: r.FromAt, Until: r.UntilAt,
			EndedAt: r.EndedAt, Open: r.EndedAt == nil && tx.Now.Before(r.UntilAt)}
	}
	if len(list) == 0 && page > 1 { // beyond the end: the total is still told
		_, total, err = Entries(ctx, tx, 1, 1)
	}
	return list, total, err
}

// EndEntry ends an operator's visit at once: the county's administrator does,
// or the operator.
func EndEntry(ctx context.Context, tx *pg.Tx, id uuid.UUID) error {
	q := sessiondb.New(tx)
	e, err := q.Entry(ctx, id)
	if err != nil {
		return err
	}
	if mine := tx.Person == uuid.Nil && tx.Name == asOperator+strings.TrimPrefix(e.Operator, asPerson); !mine || !tx.SignedIn() {
		if err := tx.Require(auth.SessionEnd); err != nil {
			return err
		}
	}
	n, err := q.EndEntry(ctx, sessiondb.EndEntryParams{ID: id, At: &tx.Now})
	if err != nil || n == 0 {
		return err // ended before: so be it
	}
	tx.Notify("operator", id)
	return q.EndOfEntry(ctx, sessiondb.EndOfEntryParams{EntryID: null(id), At: &tx.Now})
}

// whose gives the person that a token speaks of; a fault when there is none.
func whose(ctx context.Context, tx *pg.Tx, c Claims) (uuid.UUID, error) {
	i, ok := issuer(tx, c.Issuer)
	if !ok || c.Subject == "" {
		return uuid.Nil, fault.Missing()
	}
	who, known, err := member.Known(ctx, tx, KnownBy(i), c.Subject)
	if err == nil && !known {
		err = fault.Missing()
	}
	return who, err
}
