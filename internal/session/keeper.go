package session

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session/internal/sessiondb"
)

// Options are how long sessions last and how many a server remembers.
type Options struct {
	Idle     time.Duration // without anybody there; 60 min when zero
	Absolute time.Duration // in all; 12 h when zero
	Size     int           // remembered at most; 20,000 when zero
}

// Keeper makes actors of cookies and verified tokens, and remembers them, so
// that a request costs no question to the database of its own. What it
// remembers holds for the day, the version of the configuration and the
// versions of session and rights it was derived from; the opening of each unit
// of work compares the versions and asks Renew when one has moved.
type Keeper struct {
	idle, absolute time.Duration
	size           int

	mu      sync.Mutex
	entries map[string]*entry
}

// NewKeeper makes a keeper that remembers nothing yet.
func NewKeeper(o Options) *Keeper {
	k := &Keeper{idle: o.Idle, absolute: o.Absolute, size: o.Size, entries: map[string]*entry{}}
	if k.idle <= 0 {
		k.idle = time.Hour
	}
	if k.absolute <= 0 {
		k.absolute = 12 * time.Hour
	}
	if k.size <= 0 {
		k.size = 20_000
	}
	return k
}

// Absolute is how long a session lasts at most.
func (k *Keeper) Absolute() time.Duration { return k.absolute }

// entry is one credential's actor, as derived once. Only the instants move.
type entry struct {
	actor   auth.Actor // without request
	version int64      // of the county's configuration
	day     day.Day
	until   time.Time // derived anew after this; zero: not before the day ends
	ends    time.Time // the session's absolute end; zero for tokens
	claims  Claims    // of a token, to derive it anew; nothing is kept of it but in memory
	seen    atomic.Int64
	noted   atomic.Int64 // the last seen that was written, or is being written
}

func (e *entry) holds(now time.Time, version int64) bool {
	return e.version == version && e.day == day.At(now) && (e.until.IsZero() || now.Before(e.until))
}

func (k *Keeper) recall(key string) *entry {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.entries[key]
}

func (k *Keeper) keep(key string, e *entry) {
	e.actor.Credential = key
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, there := k.entries[key]; !there && len(k.entries) >= k.size {
		for any := range k.entries { // whichever comes: forgetting costs one question, not a right
			delete(k.entries, any)
			break
		}
	}
	k.entries[key] = e
}

func (k *Keeper) forget(key string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.entries, key)
}

func cookieKey(county, token string) string { return "cookie:" + county + ":" + string(hash(token)) }

// Cookie makes the actor of a session cookie. A cookie that opens nothing, or
// no longer, is the fault auth.session_ended whatever the reason.
func (k *Keeper) Cookie(ctx context.Context, db *pg.DB, value string) (auth.Actor, error) {
	county, token, ok := split(value)
	if !ok {
		return auth.Actor{}, ended()
	}
	c, err := db.County(ctx, county)
	switch {
	case fault.Is(err, "common.not_found"):
		return auth.Actor{}, ended()
	case err != nil:
		return auth.Actor{}, err
	}
	key, now := cookieKey(county, token), db.Now()
	e := k.recall(key)
	if e == nil || !e.holds(now, c.Version) || !k.alive(e, now) {
		// Not alive may mean that another server has seen him since: ask.
		if e, err = k.load(ctx, db, county, func(ctx context.Context, q *sessiondb.Queries) (sessiondb.ByTokenRow, error) {
			return q.ByToken(ctx, hash(token))
		}); err != nil {
			k.forget(key)
			return auth.Actor{}, err
		}
		k.keep(key, e)
	}
	e.seen.Store(now.UnixNano())
	return e.actor, nil
}

// alive tells whether a session has neither come to its end nor been left.
func (k *Keeper) alive(e *entry, now time.Time) bool {
	return now.Before(e.ends) && now.Sub(time.Unix(0, e.seen.Load())) < k.idle
}

type finder func(context.Context, *sessiondb.Queries) (sessiondb.ByTokenRow, error)

// load reads a session and derives what its holder may today.
func (k *Keeper) load(ctx context.Context, db *pg.DB, county string, find finder) (*entry, error) {
	var e *entry
	var row sessiondb.ByTokenRow
	err := db.InTenant(ctx, auth.System(county, "session", ""), pg.Read, func(tx *pg.Tx) (err error) {
		if row, err = find(ctx, sessiondb.New(tx)); fault.Is(err, "common.not_found") {
			return ended()
		} else if err != nil {
			return err
		}
		e = &entry{version: tx.County.Version, day: tx.Today(), ends: row.EndsAt,
			actor: auth.Actor{Tenant: county, Kind: auth.KindPerson, Session: row.ID, SessionVersion: row.Version}}
		e.seen.Store(row.SeenAt.UnixNano())
		e.noted.Store(row.SeenAt.UnixNano())
		if !k.alive(e, tx.Now) {
			return ended()
		}
		if row.EntryID.Valid {
			if row.UntilAt == nil || !tx.Now.Before(*row.UntilAt) || row.EntryEndedAt != nil {
				return ended()
			}
			return nil
		}
		vs, err := readKept(row.Claims)
		if err != nil {
			return err
		}
		d, err := derive(ctx, tx, row.PersonID.UUID, row.Issuer, vs)
		e.actor.Person, e.actor.Grants, e.actor.RightsVersion = row.PersonID.UUID, d.grants, d.rights
		return err
	})
	if err == nil && row.EntryID.Valid {
		err = visit(ctx, db, e, row)
	}
	return e, err
}

// Bearer makes the actor of a verified token in one of its county's. A person
// the county does not know, or who may nothing in it today, meets a county that
// is not there.
func (k *Keeper) Bearer(ctx context.Context, db *pg.DB, county string, c Claims) (auth.Actor, error) {
	conf, err := db.County(ctx, county)
	if err != nil {
		return auth.Actor{}, err
	}
	c.Values = named(conf, c.Issuer, c.Values)
	key, err := bearerKey(county, c)
	if err != nil {
		return auth.Actor{}, err
	}
	if e := k.recall(key); e != nil && e.holds(db.Now(), conf.Version) {
		return e.actor, nil
	}
	e, err := arrived(ctx, db, county, c)
	if err != nil {
		k.forget(key)
		return auth.Actor{}, err
	}
	k.keep(key, e)
	return e.actor, nil
}

func bearerKey(county string, c Claims) (string, error) {
	values, err := json.Marshal(c.Values) // maps are written in order
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, s := range []string{county, c.Issuer, c.Subject, string(values)} {
		one := sha256.Sum256([]byte(s)) // so that no two parts can be cut differently
		h.Write(one[:])
	}
	return "bearer:" + hex.EncodeToString(h.Sum(nil)), nil
}

// arrived derives a token's actor, writing the person down who comes for the
// first time with a role by claims.
func arrived(ctx context.Context, db *pg.DB, county string, c Claims) (*entry, error) {
	e, err := reading(ctx, db, county, c)
	if err == nil || !fault.Is(err, "common.not_found") {
		return e, err
	}
	var a Arrival
	for range 2 { // two requests at once write the same person: the second finds him
		err = db.InTenant(ctx, auth.System(county, "sign-in", ""), pg.Write, func(tx *pg.Tx) (err error) {
			a, err = Arrive(ctx, tx, c)
			if err == nil && len(a.Grants) == 0 {
				return fault.Missing()
			}
			return err
		})
		if !fault.Is(err, "identity.once") {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return reading(ctx, db, county, c)
}

// reading derives a token's actor without writing anything.
func reading(ctx context.Context, db *pg.DB, county string, c Claims) (*entry, error) {
	var e *entry
	err := db.InTenant(ctx, auth.System(county, "session", ""), pg.Read, func(tx *pg.Tx) error {
		e = &entry{version: tx.County.Version, day: tx.Today(), claims: c, actor: auth.Actor{Tenant: county, Kind: auth.KindPerson}}
		who, err := whose(ctx, tx, c)
		if err != nil {
			return err
		}
		d, err := derive(ctx, tx, who, c.Issuer, c.Values)
		if fault.Is(err, "auth.session_ended") {
			return fault.Missing()
		}
		e.actor.Person, e.actor.Grants, e.actor.RightsVersion = who, d.grants, d.rights
		return err
	})
	return e, err
}

// Renew makes an actor anew whose session or rights have moved on: it is what
// the door is opened with. A session that has ended, or whose holder may
// nothing any more, is a fault.
func (k *Keeper) Renew(ctx context.Context, db *pg.DB, a auth.Actor) (auth.Actor, error) {
	if a.Kind != auth.KindPerson {
		return a, nil
	}
	var e *entry
	var err error
	switch {
	case a.Session != uuid.Nil:
		e, err = k.load(ctx, db, a.Tenant, func(ctx context.Context, q *sessiondb.Queries) (sessiondb.ByTokenRow, error) {
			row, err := q.ByID(ctx, a.Session)
			return sessiondb.ByTokenRow(row), err
		})
		// Who is here is here: the instants in memory are ahead of those kept.
		if old := k.recall(a.Credential); err == nil && old != nil {
			e.seen.Store(max(e.seen.Load(), old.seen.Load()))
			e.noted.Store(max(e.noted.Load(), old.noted.Load()))
		}
	default:
		old := k.recall(a.Credential)
		if old == nil { // forgotten in the meantime: the token will tell again
			return a, fault.New(fault.Unavailable, "common.busy")
		}
		if e, err = reading(ctx, db, a.Tenant, old.claims); fault.Is(err, "common.not_found") {
			err = ended()
		}
	}
	if err != nil {
		k.forget(a.Credential)
		return a, err
	}
	if a.Credential != "" {
		k.keep(a.Credential, e)
	}
	renewed := e.actor
	renewed.Request, renewed.Credential = a.Request, a.Credential
	return renewed, nil
}

// Due tells, without asking anybody, whether Seen has something to write.
func (k *Keeper) Due(a auth.Actor) bool {
	if a.Session == uuid.Nil {
		return false
	}
	e := k.recall(a.Credential)
	return e != nil && time.Duration(e.seen.Load()-e.noted.Load()) >= time.Minute
}

// Seen notes that the session's holder was here. It is called after the answer,
// as a unit of work of its own, and writes at most once a minute for each
// session.
func (k *Keeper) Seen(ctx context.Context, db *pg.DB, a auth.Actor) error {
	e := k.recall(a.Credential)
	if e == nil || a.Session == uuid.Nil {
		return nil
	}
	seen, noted := e.seen.Load(), e.noted.Load()
	if time.Duration(seen-noted) < time.Minute || !e.noted.CompareAndSwap(noted, seen) {
		return nil // another request writes it
	}
	return db.InTenant(ctx, auth.System(a.Tenant, "session", a.Request), pg.Write, func(tx *pg.Tx) error {
		return sessiondb.New(tx).Seen(ctx, sessiondb.SeenParams{ID: a.Session, At: time.Unix(0, seen)})
	})
}

// Remaining tells when the session behind a request ends: if nobody is there
// until then, and in any case. It is false where no session is: for tokens, and
// for whoever is not signed in. The pages warn by it.
func (k *Keeper) Remaining(ctx context.Context) (idle, latest time.Time, ok bool) {
	a, err := auth.From(ctx)
	if err != nil || a.Session == uuid.Nil {
		return idle, latest, false
	}
	e := k.recall(a.Credential)
	if e == nil {
		return idle, latest, false
	}
	return time.Unix(0, e.seen.Load()).Add(k.idle).UTC(), e.ends.UTC(), true
}
