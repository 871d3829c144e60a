package member

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/member/internal/memberdb"
	"github.com/overens/overens/internal/pg"
)

// Bind uses an invitation, once: from now on whoever signs in as (issuer,
// subject) is the invited person. The membership gives no right before somebody
// else has confirmed it. Only the sign-in itself, as the system, may ask.
// Opened again by the same person, the link changes nothing.
//
// A person who is already known by an identity is not given a second one this
// way: whoever holds a link to a small role would otherwise step into all the
// roles that the person has.
func Bind(ctx context.Context, tx *pg.Tx, token, issuer, subject string) (Membership, error) {
	if err := tx.Require(auth.MemberStaff); err != nil {
		return Membership{}, err
	}
	q := memberdb.New(tx)
	row, err := q.ByToken(ctx, hash(token))
	switch {
	case fault.Is(err, "common.not_found"):
		return Membership{}, fault.New(fault.NotFound, "member.invitation_unknown")
	case err != nil:
		return Membership{}, err
	case row.RevokedAt != nil:
		return Membership{}, fault.New(fault.Conflict, "member.invitation_revoked")
	case row.BoundAt != nil:
		// The one who used it may open it again: to him it is a way to sign in.
		if owner, known, err := Known(ctx, tx, issuer, subject); err != nil || (known && owner == row.PersonID) {
			if err != nil {
				return Membership{}, err
			}
			return get(ctx, tx, row.ID)
		}
		return Membership{}, fault.New(fault.Conflict, "member.invitation_used")
	case row.TokenExpiresAt == nil || !row.TokenExpiresAt.After(tx.Now):
		return Membership{}, fault.New(fault.Conflict, "member.invitation_expired")
	case !row.ValidTo.IsZero() && !row.ValidTo.After(tx.Today()):
		return Membership{}, fault.New(fault.Conflict, "member.invitation_expired")
	}
	switch owner, known, err := Known(ctx, tx, issuer, subject); {
	case err != nil:
		return Membership{}, err
	case known && owner != row.PersonID:
		return Membership{}, fault.New(fault.Conflict, "member.identity_of_other")
	case !known:
		others, err := q.Identities(ctx, row.PersonID)
		if err != nil {
			return Membership{}, err
		}
		if len(others) > 0 {
			return Membership{}, fault.New(fault.Conflict, "member.identity_second")
		}
		if err := Attach(ctx, tx, row.PersonID, issuer, subject); err != nil {
			return Membership{}, err
		}
	}
	if err := q.Bind(ctx, memberdb.BindParams{ID: row.ID, At: &tx.Now}); err != nil {
		return Membership{}, err
	}
	return told(ctx, tx, row.ID)
}

// Known gives the person who signs in as (issuer, subject), if there is one.
func Known(ctx context.Context, tx *pg.Tx, issuer, subject string) (uuid.UUID, bool, error) {
	id, err := memberdb.New(tx).IdentityOwner(ctx, memberdb.IdentityOwnerParams{Issuer: issuer, Subject: subject})
	if fault.Is(err, "common.not_found") {
		return uuid.Nil, false, nil
	}
	return id, err == nil, err
}

// Attach lets a person be known by (issuer, subject): a person who was just
// made from a provider's claims.
func Attach(ctx context.Context, tx *pg.Tx, person uuid.UUID, issuer, subject string) error {
	if err := tx.Require(auth.MemberStaff); err != nil {
		return err
	}
	return memberdb.New(tx).AddIdentity(ctx, memberdb.AddIdentityParams{ID: tx.NewID(), PersonID: person, Issuer: issuer, Subject: subject, BoundAt: tx.Now})
}

// Identity is one way in which a person signs in. What the provider calls the
// person is not shown.
type Identity struct {
	ID      uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f40"`
	Issuer  string    `json:"issuer" doc:"The provider that the person signs in with." example:"https://login.example.se"`
	BoundAt time.Time `json:"boundAt" doc:"When the person was first known by it." example:"2025-12-02T08:11:00Z"`
}

// Identities are the ways in which a person signs in. Everyone may read his own.
func Identities(ctx context.Context, tx *pg.Tx, person uuid.UUID) ([]Identity, error) {
	if person == uuid.Nil || person != tx.Person {
		if err := tx.Require(auth.MemberStaff); err != nil {
			return nil, err
		}
	}
	rows, err := memberdb.New(tx).Identities(ctx, person)
	if err != nil {
		return nil, err
	}
	list := make([]Identity, len(rows))
	for i, r := range rows {
		list[i] = Identity{ID: r.ID, Issuer: r.Issuer, BoundAt: r.BoundAt}
	}
	return list, nil
}

// Unbind takes an identity from a person: it was bound by the wrong one, or the
// provider is left. When it was the last, every membership has to be bound by a
// new invitation and confirmed anew, since nobody knows who will use it.
func Unbind(ctx context.Context, tx *pg.Tx, person, identity uuid.UUID) error {
	if err := tx.Require(auth.MemberStaff); err != nil {
		return err
	}
	q := memberdb.New(tx)
	n, err := q.RemoveIdentity(ctx, memberdb.RemoveIdentityParams{ID: identity, PersonID: person})
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Missing()
	}
	left, err := q.Identities(ctx, person)
	if err != nil {
		return err
	}
	if len(left) == 0 {
		if err := q.Loosen(ctx, person); err != nil {
			return err
		}
	}
	tx.Notify("person", person)
	return nil
}
