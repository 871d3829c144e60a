package pg

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
)

// Kept is how long the answer to a key is kept.
const Kept = 24 * time.Hour

// Once names a piece of work that must be done one time only: the caller's key,
// and what was asked (method, path and body) so that a key used for something
// else is seen.
type Once struct {
	Key     string // 1 to 255 characters, the caller's choice
	Request []byte
}

// Answer is what the caller was told, and is told again.
type Answer struct {
	Status   int
	Location string
	ETag     string
	Body     []byte
}

// InTenantOnce does a unit of work once for each key of an actor. The second
// time the first answer is given, and replayed is true. While the first is
// under way the second is a fault; so is the same key for another request.
func (db *DB) InTenantOnce(ctx context.Context, actor auth.Actor, once Once, f func(*Tx) (Answer, error)) (a Answer, replayed bool, err error) {
	if once.Key == "" || len(once.Key) > 255 {
		return a, false, fault.New(fault.BadRequest, "idempotency.key_missing")
	}
	key, request := sha256.Sum256([]byte(once.Key)), sha256.Sum256(once.Request)
	err = db.InTenant(ctx, actor, Write, func(tx *Tx) error {
		a, replayed = Answer{}, false
		if !db.sealed { // the lock and the row are the county's
			return errDone
		}
		// A lock and not an INSERT: the second would only wait for the first.
		var mine bool
		who := sha256.Sum256([]byte(actor.Tenant + "\x00" + actor.Label() + "\x00" + once.Key))
		if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock($1)`, fold(who)).Scan(&mine); err != nil {
			return err
		}
		if !mine {
			return fault.New(fault.Conflict, "idempotency.in_flight")
		}
		var before []byte
		rs, err := tx.Query(ctx, `SELECT request, status, location, etag, body FROM idempotency
			WHERE tenant_id = $1 AND actor = $2 AND key = $3 AND created_at > $4`, actor.Tenant, actor.Label(), key[:], tx.Now.Add(-Kept))
		if err != nil {
			return err
		}
		found, err := pgx.CollectRows(rs, func(r pgx.CollectableRow) (Answer, error) {
			var k Answer
			return k, r.Scan(&before, &k.Status, &k.Location, &k.ETag, &k.Body)
		})
		if err != nil {
			return err
		}
		if len(found) > 0 {
			if string(before) != string(request[:]) {
				return fault.New(fault.Invalid, "idempotency.other_request")
			}
			a, replayed = found[0], true
			return nil
		}
		if a, err = f(tx); err != nil {
			return err
		}
		if a.Body == nil {
			a.Body = []byte{}
		}
		if _, err = tx.Exec(ctx, `DELETE FROM idempotency WHERE tenant_id = $1 AND actor = $2 AND key = $3`, actor.Tenant, actor.Label(), key[:]); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO idempotency (tenant_id, actor, key, request, status, location, etag, body, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, actor.Tenant, actor.Label(), key[:], request[:], a.Status, a.Location, a.ETag, a.Body, tx.Now)
		return err
	})
	return a, replayed, err
}

// SweepAnswers forgets answers older than Kept, for one county.
func SweepAnswers(ctx context.Context, tx *Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM idempotency WHERE tenant_id = $1 AND created_at <= $2`, tx.Tenant, tx.Now.Add(-Kept))
	return err
}

func fold(h [32]byte) int64 {
	var n uint64
	for _, b := range h[:8] {
		n = n<<8 | uint64(b)
	}
	return int64(n) // a lock's number may be negative
}
