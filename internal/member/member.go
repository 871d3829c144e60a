// Package member knows who belongs to a county: one person, one role, for one
// party or for the county. A membership begins as an invitation, is bound to
// an identity at the first sign-in, confirmed by the party, and ends. Its state
// is never stored: it follows from what has happened and from the day.
//
// The identities are kept here too: a person is known by (issuer, subject),
// never by an e-mail address.
package member

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/member/internal/memberdb"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

// State is what a membership is on a day.
type State string

// The states, in the order in which a membership passes through them.
const (
	Invited State = "invited" // the link has not been used
	Expired State = "expired" // nor can it be any more: resend
	Bound   State = "bound"   // signed in once; waits for somebody to confirm
	Coming  State = "coming"  // confirmed, and begins later
	Active  State = "active"
	Ended   State = "ended"
	Revoked State = "revoked"
)

// NeverIn is a filter: whoever was invited and has not been in: Invited and Expired.
const NeverIn State = "never-in"

// States are all of them, as a list can be filtered.
var States = []State{Invited, Expired, Bound, Coming, Active, Ended, Revoked}

// Membership is one person's one role.
type Membership struct {
	ID           uuid.UUID     `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f30"`
	State        State         `json:"state" enum:"invited,expired,bound,coming,active,ended,revoked" doc:"What the membership is on the day asked for. It follows from the dates below." example:"active"`
	PersonID     uuid.UUID     `json:"personId" doc:"The person." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f21"`
	PersonName   string        `json:"personName" doc:"The person's name." example:"Kim Åberg"`
	Email        string        `json:"email,omitempty" doc:"Where the invitation is sent." example:"kim.aberg@alvesta.example"`
	Role         auth.Role     `json:"role" doc:"The role." example:"party-representative"`
	Organisation uuid.NullUUID `json:"organisationId,omitzero" doc:"The party that a party's role is held for." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	PartyName    string        `json:"organisationName,omitempty" doc:"The party's name." example:"Alvesta kommun"`
	Deputy       bool          `json:"deputy" doc:"Whether a representative stands in for another." example:"false"`
	ValidFrom    day.Day       `json:"validFrom" doc:"The first day the role holds." example:"2026-01-01"`
	ValidTo      day.Day       `json:"validTo,omitzero" doc:"The first day the role no longer holds. Empty: until further notice." example:"2027-01-01"`
	InvitedAt    time.Time     `json:"invitedAt" doc:"When the person was invited." example:"2025-12-01T09:00:00Z"`
	InvitedBy    uuid.NullUUID `json:"invitedBy,omitzero" doc:"By whom. Empty: by the system." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f22"`
	ExpiresAt    *time.Time    `json:"expiresAt,omitempty" doc:"When the latest link stops working." example:"2025-12-15T09:00:00Z"`
	Sends        int           `json:"sends" doc:"How many invitations have been sent by e-mail." example:"1"`
	SentAt       *time.Time    `json:"sentAt,omitempty" doc:"When the last was sent." example:"2025-12-01T09:00:10Z"`
	BoundAt      *time.Time    `json:"boundAt,omitempty" doc:"When the person first signed in with the link." example:"2025-12-02T08:11:00Z"`
	ConfirmedAt  *time.Time    `json:"confirmedAt,omitempty" doc:"When it was confirmed that this is the right person." example:"2025-12-02T10:00:00Z"`
	ConfirmedBy  uuid.NullUUID `json:"confirmedBy,omitzero" doc:"By whom. Empty: by the system." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f23"`
	RevokedAt    *time.Time    `json:"revokedAt,omitempty" doc:"When the membership was revoked." example:"2026-03-01T08:00:00Z"`
	Version      int64         `json:"version" doc:"Moves with each change; it is the ETag." example:"3"`
}

// ETag is the version as HTTP wants it.
func (m Membership) ETag() string { return strconv.FormatInt(m.Version, 10) }

// NeverIn tells whether the person has not used the invitation.
func (m Membership) NeverIn() bool { return m.State == Invited || m.State == Expired }

// Filter says which memberships, as of which day, and which part of them.
type Filter struct {
	State        State     // "" = every state; NeverIn
	Organisation uuid.UUID // zero = every party and the county
	Person       uuid.UUID // zero = everyone
	Role         auth.Role // "" = every role
	On           day.Day   // zero = today
	Limit        int       // at least 1
	Page         int       // from 1
}

// List gives a page of memberships by the person's name, and how many there
// are in all. A party's administrator sees those of the own party.
func List(ctx context.Context, tx *pg.Tx, f Filter) ([]Membership, int, error) {
	parties, limited, err := readable(tx, f.Organisation)
	if err != nil {
		return nil, 0, err
	}
	if f.On.IsZero() {
		f.On = tx.Today()
	}
	states := []string{}
	switch f.State {
	case "":
	case NeverIn:
		states = []string{string(Invited), string(Expired)}
	default:
		states = []string{string(f.State)}
	}
	rows, err := memberdb.New(tx).List(ctx, memberdb.ListParams{OnDay: f.On, At: tx.Now, PersonID: null(f.Person), OfParties: limited, Parties: parties,
		Role: string(f.Role), States: states, Max: int32(f.Limit), Skip: int32(f.Limit * (f.Page - 1))}) //nolint:gosec // both are bounded by the doors
	if err != nil {
		return nil, 0, err
	}
	list, total := make([]Membership, len(rows)), 0
	for i, r := range rows {
		total = int(r.Total)
		list[i] = made(memberdb.GetRow{ID: r.ID, PersonID: r.PersonID, PersonName: r.PersonName, PersonEmail: r.PersonEmail, Role: r.Role,
			OrganisationID: r.OrganisationID, OrganisationName: r.OrganisationName, Deputy: r.Deputy, InvitedAt: r.InvitedAt, InvitedBy: r.InvitedBy,
			TokenExpiresAt: r.TokenExpiresAt, SentAt: r.SentAt, Sends: r.Sends, BoundAt: r.BoundAt, ConfirmedAt: r.ConfirmedAt,
			ConfirmedBy: r.ConfirmedBy, RevokedAt: r.RevokedAt, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Version: r.Version, State: r.State})
	}
	if len(list) == 0 && f.Page > 1 { // beyond the end: the total is still told
		f.Page, f.Limit = 1, 1
		_, n, err := List(ctx, tx, f)
		return []Membership{}, n, err
	}
	return list, total, nil
}

// Counts tells how many memberships there are in each state today, of a party
// or (zero) of all that the actor may see.
func Counts(ctx context.Context, tx *pg.Tx, organisation uuid.UUID) (map[State]int, error) {
	parties, limited, err := readable(tx, organisation)
	if err != nil {
		return nil, err
	}
	rows, err := memberdb.New(tx).Counts(ctx, memberdb.CountsParams{OnDay: tx.Today(), At: tx.Now, OfParties: limited, Parties: parties})
	if err != nil {
		return nil, err
	}
	counts := map[State]int{}
	for _, r := range rows {
		counts[State(r.State)] = int(r.N)
		if s := State(r.State); s == Invited || s == Expired {
			counts[NeverIn] += int(r.N)
		}
	}
	return counts, nil
}

// readable says which parties' memberships the actor may see; not limited means
// everyone's. asked narrows it to one party.
func readable(tx *pg.Tx, asked uuid.UUID) (parties []uuid.UUID, limited bool, err error) {
	if asked != uuid.Nil {
		return []uuid.UUID{asked}, true, tx.RequireFor(auth.MemberRead, asked)
	}
	if tx.May(auth.MemberRead) {
		return []uuid.UUID{}, false, nil
	}
	for _, g := range tx.Grants {
		if tx.MayFor(auth.MemberRead, g.Party) && !slices.Contains(parties, g.Party) {
			parties = append(parties, g.Party)
		}
	}
	if len(parties) == 0 {
		return nil, true, tx.Require(auth.MemberRead)
	}
	return parties, true, nil
}

// Get gives one membership as it is today. Everyone may read his own.
func Get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Membership, error) {
	m, err := get(ctx, tx, id)
	if err != nil || own(tx, m) {
		return m, err
	}
	return m, tx.RequireFor(auth.MemberRead, m.Organisation.UUID)
}

// Mine gives the actor's own memberships, all of them.
func Mine(ctx context.Context, tx *pg.Tx) ([]Membership, error) {
	if tx.Person == uuid.Nil {
		return []Membership{}, nil
	}
	rows, err := memberdb.New(tx).List(ctx, memberdb.ListParams{OnDay: tx.Today(), At: tx.Now, PersonID: null(tx.Person),
		Parties: []uuid.UUID{}, States: []string{}, Max: 100})
	if err != nil {
		return nil, err
	}
	list := make([]Membership, len(rows))
	for i, r := range rows {
		if list[i], err = get(ctx, tx, r.ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Revoke takes a membership back at once, whatever its state; rights that rest
// on it are gone in open sessions too.
func Revoke(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Membership, error) {
	m, err := changeable(ctx, tx, id, version)
	if err != nil {
		return m, err
	}
	if m.State == Revoked {
		return m, fault.New(fault.Conflict, "member.over")
	}
	if err := leaves(ctx, tx, m, tx.Today()); err != nil {
		return m, err
	}
	if err := memberdb.New(tx).Revoke(ctx, memberdb.RevokeParams{ID: id, At: &tx.Now}); err != nil {
		return m, err
	}
	return told(ctx, tx, id)
}

// Ending is from which day a membership no longer holds.
type Ending struct {
	On day.Day `json:"on" doc:"The first day the role no longer holds." example:"2027-01-01"`
}

// End lets a membership cease from a day. Ending it again corrects the day.
func End(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, e Ending) (Membership, error) {
	m, err := changeable(ctx, tx, id, version)
	if err != nil {
		return m, err
	}
	switch {
	case m.State == Revoked:
		return m, fault.New(fault.Conflict, "member.over")
	case e.On.IsZero():
		return m, fault.Bad("member.end_without_day", "/on")
	case e.On.Before(m.ValidFrom):
		return m, fault.Bad("member.end_before_beginning", "/on").With("from", m.ValidFrom)
	}
	if err := leaves(ctx, tx, m, e.On); err != nil {
		return m, err
	}
	if err := memberdb.New(tx).End(ctx, memberdb.EndParams{ID: id, ValidTo: e.On}); err != nil {
		return m, err
	}
	return told(ctx, tx, id)
}

// leaves refuses to take the last administrator from the county.
func leaves(ctx context.Context, tx *pg.Tx, m Membership, from day.Day) error {
	if m.Role != auth.RoleCountyAdministrator || m.State != Active {
		return nil
	}
	return person.LeavesAdministrator(ctx, tx, m.PersonID, from)
}

// Confirm says that whoever signed in with the invitation is the right person:
// the party's administrator does, or the county's; for the county's own roles
// the county's alone; and nobody for himself.
func Confirm(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Membership, error) {
	m, err := seen(ctx, tx, id)
	if err != nil {
		return m, err
	}
	if m.Role.OfParty() {
		err = tx.RequireFor(auth.MemberConfirm, m.Organisation.UUID)
	} else {
		err = tx.Require(auth.MemberStaff)
	}
	if err != nil {
		return m, err
	}
	if own(tx, m) {
		return m, fault.New(fault.Forbidden, "member.confirm_self")
	}
	if m, err = locked(ctx, tx, id, version); err != nil {
		return m, err
	}
	switch {
	case m.State == Revoked || m.State == Ended:
		return m, fault.New(fault.Conflict, "member.over")
	case m.BoundAt == nil:
		return m, fault.New(fault.Conflict, "member.not_bound")
	case m.ConfirmedAt != nil:
		return m, fault.New(fault.Conflict, "member.confirmed_already")
	}
	if err := memberdb.New(tx).Confirm(ctx, memberdb.ConfirmParams{ID: id, At: &tx.Now, By: null(tx.Person)}); err != nil {
		return m, err
	}
	return told(ctx, tx, id)
}

// manages asks whether the actor may invite to, resend, revoke and end a role:
// a party's administrator names the own party's representatives and reporters,
// the county names the parties' administrators, and its administrator the
// county's own roles.
func manages(tx *pg.Tx, role auth.Role, party uuid.UUID) error {
	switch {
	case role == auth.RolePartyAdministrator:
		return tx.Require(auth.MemberInvite)
	case role.OfParty():
		return tx.RequireFor(auth.MemberInvite, party)
	default:
		return tx.Require(auth.MemberStaff)
	}
}

// seen gives a membership to somebody who may do something with some
// memberships: nobody else learns which ids there are.
func seen(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Membership, error) {
	if !tx.MayAnywhere(auth.MemberRead) {
		return Membership{}, tx.Require(auth.MemberRead)
	}
	return get(ctx, tx, id)
}

// changeable gives a membership, locked, to whoever manages it and has seen its
// latest version.
func changeable(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Membership, error) {
	m, err := seen(ctx, tx, id)
	if err != nil {
		return Membership{}, err
	}
	if err := manages(tx, m.Role, m.Organisation.UUID); err != nil {
		return Membership{}, err
	}
	return locked(ctx, tx, id, version)
}

func locked(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (Membership, error) {
	current, err := memberdb.New(tx).Lock(ctx, id)
	if err != nil {
		return Membership{}, err
	}
	m, err := get(ctx, tx, id)
	if err == nil && current != version {
		err = fault.Changed(m)
	}
	return m, err
}

func told(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Membership, error) {
	tx.Notify("member", id)
	return get(ctx, tx, id)
}

func get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Membership, error) {
	row, err := memberdb.New(tx).Get(ctx, memberdb.GetParams{ID: id, OnDay: tx.Today(), At: tx.Now})
	if err != nil {
		return Membership{}, err
	}
	return made(row), nil
}

func made(r memberdb.GetRow) Membership {
	return Membership{ID: r.ID, State: State(r.State), PersonID: r.PersonID, PersonName: r.PersonName, Email: r.PersonEmail, Role: auth.Role(r.Role),
		Organisation: r.OrganisationID, PartyName: r.OrganisationName, Deputy: r.Deputy, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo,
		InvitedAt: r.InvitedAt, InvitedBy: r.InvitedBy, ExpiresAt: r.TokenExpiresAt, Sends: int(r.Sends), SentAt: r.SentAt,
		BoundAt: r.BoundAt, ConfirmedAt: r.ConfirmedAt, ConfirmedBy: r.ConfirmedBy, RevokedAt: r.RevokedAt, Version: r.Version}
}

func own(tx *pg.Tx, m Membership) bool { return tx.Person != uuid.Nil && tx.Person == m.PersonID }

func null(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }
