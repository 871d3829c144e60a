package member

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/member/internal/memberdb"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Life is how long an invitation's link works.
const Life = 14 * 24 * time.Hour

// Invitation is who is asked to be what. The person is one that the county
// knows, or (PersonID empty) a new one by name and address.
type Invitation struct {
	PersonID     uuid.NullUUID `json:"personId,omitzero" doc:"A person the county knows. Empty: a new one, by name." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f21"`
	Name         string        `json:"name,omitempty" maxLength:"200" doc:"The new person's name in full." example:"Kim Åberg"`
	Email        string        `json:"email,omitempty" maxLength:"254" format:"email" doc:"The new person's address, to which the invitation is sent." example:"kim.aberg@alvesta.example"`
	Role         auth.Role     `json:"role" enum:"county-administrator,strategist,officer,coordinator,auditor,party-administrator,party-representative,party-reporter,party-finance,national-analyst,operator" doc:"The role." example:"party-representative"`
	Organisation uuid.NullUUID `json:"organisationId,omitzero" doc:"The party that a party's role is held for." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Deputy       bool          `json:"deputy,omitempty" doc:"Whether a representative stands in for another." example:"false"`
	ValidFrom    day.Day       `json:"validFrom,omitzero" doc:"The first day the role holds. Empty: today." example:"2026-01-01"`
	ValidTo      day.Day       `json:"validTo,omitzero" doc:"The first day the role no longer holds. Empty: until further notice." example:"2027-01-01"`
	ByHand       bool          `json:"byHand,omitempty" doc:"Whether the inviter hands over a link himself, so that nothing is sent." example:"false"`
}

// Invite makes a membership that waits for the person, and has the invitation
// sent unless the inviter hands it over himself.
func Invite(ctx context.Context, tx *pg.Tx, in Invitation) (Membership, error) {
	in.Name, in.Email = text.Line(in.Name), text.Line(in.Email)
	if !slices.Contains(auth.Roles, in.Role) {
		return Membership{}, fault.Bad("member.role_unknown", "/role")
	}
	if in.Role.OfParty() && !in.Organisation.Valid {
		return Membership{}, fault.Bad("member.party_missing", "/organisationId")
	}
	if err := manages(tx, in.Role, in.Organisation.UUID); err != nil {
		return Membership{}, err
	}
	if in.ValidFrom.IsZero() {
		in.ValidFrom = tx.Today()
	}
	q := memberdb.New(tx)
	if err := in.check(ctx, tx, q); err != nil {
		return Membership{}, err
	}
	if !in.PersonID.Valid {
		p, err := person.Create(ctx, tx, person.Card{Name: in.Name, Email: in.Email, OrganisationID: in.Organisation})
		if err != nil {
			return Membership{}, err
		}
		in.PersonID = null(p.ID)
	}
	id := tx.NewID()
	err := q.Add(ctx, memberdb.AddParams{ID: id, PersonID: in.PersonID.UUID, Role: string(in.Role), OrganisationID: in.Organisation, Deputy: in.Deputy,
		InvitedAt: tx.Now, InvitedBy: null(tx.Person), ValidFrom: in.ValidFrom, ValidTo: in.ValidTo})
	if err != nil {
		return Membership{}, err
	}
	if !in.ByHand {
		if err := tx.Enqueue(ctx, Summons{Membership: id}); err != nil {
			return Membership{}, err
		}
	}
	return told(ctx, tx, id)
}

func (in Invitation) check(ctx context.Context, tx *pg.Tx, q *memberdb.Queries) error {
	var wrong fault.List
	if in.Role.National() != (tx.Tenant == pg.Nation) && (in.Role.National() || in.Role.OfParty()) {
		wrong.Add(fault.Bad("member.role_elsewhere", "/role"))
	}
	if !in.Role.OfParty() && in.Organisation.Valid {
		wrong.Add(fault.Bad("member.party_for_county_role", "/organisationId"))
	}
	if in.Deputy && in.Role != auth.RolePartyRepresentative {
		wrong.Add(fault.Bad("member.deputy_of_representative", "/deputy"))
	}
	if !in.ValidTo.IsZero() && !in.ValidTo.After(in.ValidFrom) {
		wrong.Add(fault.Bad("member.days", "/validTo").With("from", in.ValidFrom))
	} else if !in.ValidTo.IsZero() && !in.ValidTo.After(tx.Today()) {
		wrong.Add(fault.Bad("member.over_before_it_begins", "/validTo"))
	}
	if in.Role.OfParty() {
		stands, err := q.PartyStands(ctx, memberdb.PartyStandsParams{ID: in.Organisation.UUID, OnDay: in.ValidFrom})
		if err != nil {
			return err
		}
		if !stands {
			wrong.Add(fault.Bad("member.party_unknown", "/organisationId"))
		}
	}
	email := in.Email
	switch {
	case in.PersonID.Valid && (in.Name != "" || in.Email != ""):
		wrong.Add(fault.Bad("member.person_twice", "/personId"))
	case in.PersonID.Valid:
		p, err := q.PersonStands(ctx, memberdb.PersonStandsParams{ID: in.PersonID.UUID, OnDay: in.ValidFrom})
		if err != nil && !fault.Is(err, "common.not_found") {
			return err
		}
		if err != nil || !p.Stands {
			wrong.Add(fault.Bad("member.person_unknown", "/personId"))
		}
		email = p.Email
	case in.Name == "":
		wrong.Add(fault.Bad("member.name_missing", "/name"))
	}
	if email == "" && !in.ByHand {
		wrong.Add(fault.Bad("member.email_missing", "/email"))
	}
	return wrong.Err()
}

// Resend has a new invitation sent; the link before stops working.
func Resend(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Membership, error) {
	m, err := waiting(ctx, tx, id, version)
	if err != nil {
		return m, err
	}
	if m.Email == "" {
		return m, fault.New(fault.Conflict, "member.address_missing")
	}
	if err := memberdb.New(tx).Move(ctx, id); err != nil {
		return m, err
	}
	if err := tx.Enqueue(ctx, Summons{Membership: id}); err != nil {
		return m, err
	}
	return told(ctx, tx, id)
}

// Handed is a link that the inviter gives to the person himself. It is shown
// once: the database knows only its hash.
type Handed struct {
	Path       string     `json:"path" doc:"The link, below the server's own address. It is shown this once." example:"/lan/kronoberg/sign-in?invitation=…"`
	ExpiresAt  time.Time  `json:"expiresAt" doc:"When it stops working." example:"2025-12-15T09:00:00Z"`
	Membership Membership `json:"membership" doc:"The membership it is for."`
	Token      string     `json:"-"`
}

// Link makes a fresh link, to be handed over; the link before stops working.
func Link(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Handed, error) {
	m, err := waiting(ctx, tx, id, version)
	if err != nil {
		return Handed{}, err
	}
	token, expires, err := refresh(ctx, tx, id)
	if err != nil {
		return Handed{}, err
	}
	if err := memberdb.New(tx).Move(ctx, id); err != nil {
		return Handed{}, err
	}
	m, err = told(ctx, tx, m.ID)
	return Handed{Path: path(tx.Tenant, token), ExpiresAt: expires, Membership: m, Token: token}, err
}

// waiting gives a membership that can still be bound.
func waiting(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Membership, error) {
	m, err := changeable(ctx, tx, id, version)
	switch {
	case err != nil:
		return m, err
	case m.State == Revoked || m.State == Ended:
		return m, fault.New(fault.Conflict, "member.over")
	case m.BoundAt != nil:
		return m, fault.New(fault.Conflict, "member.bound_already")
	}
	return m, nil
}

// refresh gives a membership a new secret, of which only the hash is kept.
func refresh(ctx context.Context, tx *pg.Tx, id uuid.UUID) (token string, expires time.Time, err error) {
	var secret [32]byte
	_, _ = rand.Read(secret[:]) // never fails: the program ends where there is no randomness
	token = base64.RawURLEncoding.EncodeToString(secret[:])
	expires = tx.Now.Add(Life)
	return token, expires, memberdb.New(tx).SetToken(ctx, memberdb.SetTokenParams{ID: id, TokenHash: hash(token), TokenExpiresAt: &expires})
}

func hash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// path is the page where an invited person chooses how to sign in.
func path(tenant, token string) string {
	at := "/lan/" + tenant
	if tenant == pg.Nation {
		at = "/" + tenant
	}
	return at + "/sign-in?invitation=" + token
}
