// Package session knows who is signed in. A session belongs to one person in
// one county, holds the few claims of the provider that the county's
// configuration names, and ends: by signing out, when nobody has been there for
// a while, and at the latest after a working day. What its holder may is never
// stored with it: the keeper derives it, for the day, from configuration and
// memberships.
//
// An operator's visit in a county is a session too, for a reason and a time
// that the county sees.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session/internal/sessiondb"
	"github.com/overens/overens/internal/tenant"
)

// Session is one place where a person is signed in.
type Session struct {
	ID        uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f50"`
	Device    Device    `json:"device" doc:"What sort of device, coarsely."`
	Issuer    string    `json:"issuer" doc:"The provider that the person signed in with." example:"https://login.example.se"`
	CreatedAt time.Time `json:"createdAt" doc:"When the person signed in." example:"2026-03-02T07:58:00Z"`
	SeenAt    time.Time `json:"seenAt" doc:"When the person was last here, to the minute." example:"2026-03-02T09:41:00Z"`
	EndsAt    time.Time `json:"endsAt" doc:"When the session ends at the latest." example:"2026-03-02T19:58:00Z"`
	Current   bool      `json:"current" doc:"Whether it is the session that asks." example:"true"`
}

// Start is what a session is begun with.
type Start struct {
	Person uuid.UUID
	Issuer string // the provider's own name for itself
	Values Values // all claims; only those named by the configuration are kept
	Device Device
	Shown  string // the cookie that the browser had, if any: that session ends
}

// Begin signs a person in and gives the cookie's value, of which only the hash
// is kept. The session that the browser had in this county ends: nobody can
// plant a cookie and wait for somebody to sign in with it. Only the sign-in
// itself, as the system, may ask.
func (k *Keeper) Begin(ctx context.Context, tx *pg.Tx, s Start) (cookie string, err error) {
	if err := tx.Require(auth.MemberStaff); err != nil {
		return "", err
	}
	if err := endShown(ctx, tx, s.Shown); err != nil {
		return "", err
	}
	return k.add(ctx, tx, sessiondb.AddParams{PersonID: null(s.Person), Issuer: s.Issuer, Device: s.Device.text(), EndsAt: tx.Now.Add(k.absolute)},
		named(tx.County, s.Issuer, s.Values))
}

// add keeps a session under a new secret.
func (k *Keeper) add(ctx context.Context, tx *pg.Tx, row sessiondb.AddParams, kept Values) (string, error) {
	claims, err := json.Marshal(kept)
	if err != nil {
		return "", err
	}
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails: the program ends where there is no randomness
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	row.ID, row.TokenHash, row.Claims, row.CreatedAt = tx.NewID(), hash(token), claims, tx.Now
	return tx.Tenant + "." + token, sessiondb.New(tx).Add(ctx, row)
}

func endShown(ctx context.Context, tx *pg.Tx, cookie string) error {
	county, token, ok := split(cookie)
	if !ok || county != tx.Tenant {
		return nil
	}
	q := sessiondb.New(tx)
	entries, err := q.EndShown(ctx, sessiondb.EndShownParams{TokenHash: hash(token), At: &tx.Now})
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Valid {
			if _, err := q.EndEntry(ctx, sessiondb.EndEntryParams{ID: e.UUID, At: &tx.Now}); err != nil {
				return err
			}
		}
	}
	return nil
}

// SignOut ends the session of a cookie, whatever county it belongs to, and
// tells where it had been begun so that the provider can be told too. A cookie
// that opens nothing is no fault.
func (k *Keeper) SignOut(ctx context.Context, db *pg.DB, cookie, request string) (county, issuer string, err error) {
	county, token, ok := split(cookie)
	if !ok {
		return "", "", nil
	}
	key := cookieKey(county, token)
	err = db.InTenant(ctx, auth.System(county, "sign-out", request), pg.Write, func(tx *pg.Tx) error {
		row, err := sessiondb.New(tx).ByToken(ctx, hash(token))
		if err != nil {
			return err
		}
		issuer = row.Issuer
		if row.EntryID.Valid {
			issuer = "" // the nation's provider: the visit ends, not the operator's day
		}
		return endShown(ctx, tx, cookie)
	})
	k.forget(key)
	if fault.Is(err, "common.not_found") {
		return county, "", nil
	}
	return county, issuer, err
}

// Mine are the actor's own sessions, the latest seen first.
func (k *Keeper) Mine(ctx context.Context, tx *pg.Tx) ([]Session, error) {
	if tx.Person == uuid.Nil {
		return []Session{}, nil
	}
	return k.of(ctx, tx, tx.Person)
}

// List are another person's sessions, for whoever may end them.
func (k *Keeper) List(ctx context.Context, tx *pg.Tx, person uuid.UUID) ([]Session, error) {
	if err := others(tx, person); err != nil {
		return nil, err
	}
	return k.of(ctx, tx, person)
}

func (k *Keeper) of(ctx context.Context, tx *pg.Tx, person uuid.UUID) ([]Session, error) {
	rows, err := sessiondb.New(tx).Of(ctx, sessiondb.OfParams{PersonID: null(person), At: tx.Now, IdleSince: tx.Now.Add(-k.idle)})
	if err != nil {
		return nil, err
	}
	list := make([]Session, len(rows))
	for i, r := range rows {
		list[i] = Session{ID: r.ID, Device: device(r.Device), Issuer: r.Issuer, CreatedAt: r.CreatedAt, SeenAt: r.SeenAt, EndsAt: r.EndsAt,
			Current: r.ID == tx.Session}
	}
	return list, nil
}

// End ends one session: one's own, or anybody's for whoever may. It holds from
// the next unit of work of that session on.
func End(ctx context.Context, tx *pg.Tx, id uuid.UUID) error {
	q := sessiondb.New(tx)
	s, err := q.Owner(ctx, id)
	if err != nil {
		return err
	}
	if id != tx.Session && (!s.PersonID.Valid || s.PersonID.UUID != tx.Person) && !tx.May(auth.SessionEnd) {
		return fault.Missing() // whose sessions there are is nobody else's business
	}
	ended, err := q.End(ctx, sessiondb.EndParams{ID: id, At: &tx.Now})
	if err != nil {
		return err
	}
	if ended.EntryID.Valid {
		_, err = q.EndEntry(ctx, sessiondb.EndEntryParams{ID: ended.EntryID.UUID, At: &tx.Now})
	}
	return err
}

// EndAll ends all sessions of a person and tells how many there were, those
// that nobody has been in for a while included.
func EndAll(ctx context.Context, tx *pg.Tx, person uuid.UUID) (int, error) {
	return endAll(ctx, tx, person, uuid.Nil)
}

// EndOthers ends the actor's own sessions, save the one that asks.
func EndOthers(ctx context.Context, tx *pg.Tx) (int, error) {
	return endAll(ctx, tx, tx.Person, tx.Session)
}

func endAll(ctx context.Context, tx *pg.Tx, person, but uuid.UUID) (int, error) {
	if err := others(tx, person); err != nil {
		return 0, err
	}
	n, err := sessiondb.New(tx).EndAll(ctx, sessiondb.EndAllParams{PersonID: null(person), But: but, At: &tx.Now})
	return int(n), err
}

// others asks for the right that another person's sessions need.
func others(tx *pg.Tx, person uuid.UUID) error {
	if person != uuid.Nil && person == tx.Person {
		return nil
	}
	return tx.Require(auth.SessionEnd)
}

// Kept is how long an ended session is remembered.
const Kept = 30 * 24 * time.Hour

// Sweep forgets sessions that ended long ago, for one county.
func Sweep(ctx context.Context, tx *pg.Tx) error {
	if err := tx.Require(auth.SessionEnd); err != nil {
		return err
	}
	return sessiondb.New(tx).Sweep(ctx, sessiondb.SweepParams{TenantID: tx.Tenant, Before: tx.Now.Add(-Kept)})
}

// split reads a cookie's value, <county>.<secret>.
func split(cookie string) (county, token string, ok bool) {
	county, token, ok = strings.Cut(cookie, ".")
	return county, token, ok && tenant.ValidSlug(county) && len(token) == base64.RawURLEncoding.EncodedLen(32)
}

// CountyOf is the county that a cookie says it is of. It proves nothing.
func CountyOf(cookie string) string {
	county, _, ok := split(cookie)
	if !ok {
		return ""
	}
	return county
}

func hash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

func ended() *fault.Fault { return fault.New(fault.Unauthenticated, "auth.session_ended") }

func null(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }
