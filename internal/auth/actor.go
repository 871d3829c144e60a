// Package auth says who acts and what they may. The actor travels in every unit
// of work; what a role may is one table in policy.go. Rights are never stored
// with the actor for longer than a request: they follow from the county's
// configuration and the mandates of the day.
package auth

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
)

// Kind is what sort of actor it is.
type Kind string

// The kinds of actor.
const (
	KindPublic Kind = "public" // not signed in
	KindPerson Kind = "person"
	KindSystem Kind = "system" // background work and commands
)

// Grant is one role, held for one party or (Party zero) for the whole county.
type Grant struct {
	Role  Role
	Party uuid.UUID
}

// Actor is who does a piece of work, in one county.
type Actor struct {
	Tenant  string // the county's slug; "sverige" for the nation
	Kind    Kind
	Name    string    // for system actors, what they are: "job", "command"; for an operator's visit "operator:<person in the nation>"
	Person  uuid.UUID // zero unless a person of this county
	Grants  []Grant
	Request string // the request's id, in log, trace and audit

	// What the opening of a unit of work compares with the database, so that
	// a right that has ended is gone in open sessions too.
	Session        uuid.UUID // zero for bearer tokens
	SessionVersion int64
	RightsVersion  int64
	// Credential is the key of the entry in the keeper's memory from which
	// this actor was made, so that it can be made again.
	Credential string
}

// Public is somebody who has not signed in.
func Public(tenant, request string) Actor {
	return Actor{Tenant: tenant, Kind: KindPublic, Grants: []Grant{{Role: RolePublic}}, Request: request}
}

// System is background work or a command in one county.
func System(tenant, name, request string) Actor {
	return Actor{Tenant: tenant, Kind: KindSystem, Name: name, Grants: []Grant{{Role: roleSystem}}, Request: request}
}

// SignedIn tells whether a person acts.
func (a Actor) SignedIn() bool { return a.Kind == KindPerson }

// Label is how the actor stands in the audit trail: never a name.
func (a Actor) Label() string {
	switch a.Kind {
	case KindPerson:
		if a.Person == uuid.Nil && a.Name != "" {
			return a.Name
		}
		return "person:" + a.Person.String()
	case KindSystem:
		return "system:" + a.Name
	default:
		return "public"
	}
}

// May tells whether the actor has a permission for the whole county.
func (a Actor) May(p Permission) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return policy[g.Role].county[p] })
}

// MayFor tells whether the actor has a permission for one party, by a role in
// the county or in that party.
func (a Actor) MayFor(p Permission, party uuid.UUID) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		r := policy[g.Role]
		return r.county[p] || (r.party[p] && g.Party == party && party != uuid.Nil)
	})
}

// MayAnywhere tells whether the actor has the permission for the county or at
// least one party: what a link to a form is shown by.
func (a Actor) MayAnywhere(p Permission) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return policy[g.Role].county[p] || (policy[g.Role].party[p] && g.Party != uuid.Nil)
	})
}

// Require is the first line of a domain function: nil, or a fault that says
// which rule stopped the actor and who may.
func (a Actor) Require(p Permission) error {
	if a.May(p) {
		return nil
	}
	return a.refuse(p)
}

// RequireFor is Require for one party's things.
func (a Actor) RequireFor(p Permission, party uuid.UUID) error {
	if a.MayFor(p, party) {
		return nil
	}
	err := a.refuse(p)
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.Forbidden && party != uuid.Nil && a.MayAnywhere(p) {
		return f.With("elsewhere", true) // whoever has it for another party is told that it is this one's own who may
	}
	return err
}

func (a Actor) refuse(p Permission) error {
	if a.Kind == KindPublic {
		return fault.New(fault.Unauthenticated, "auth.sign_in")
	}
	return fault.New(fault.Forbidden, "auth.forbidden").With("permission", string(p), "who", Holders(p))
}

// Party is the one party the actor acts for, zero for county roles or several.
func (a Actor) Party() uuid.UUID {
	var party uuid.UUID
	for _, g := range a.Grants {
		if g.Party == uuid.Nil {
			return uuid.Nil
		}
		if party != uuid.Nil && party != g.Party {
			return uuid.Nil
		}
		party = g.Party
	}
	return party
}

// Has tells whether the actor holds a role, for the county or any party.
func (a Actor) Has(r Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == r })
}

type contextKey struct{}

type resolved struct {
	actor Actor
	err   error
}

// With puts who asks into a request's context: the sign-in door does, once.
// err, when not nil, is why what was shown (a cookie, a token) was not accepted.
func With(ctx context.Context, a Actor, err error) context.Context {
	return context.WithValue(ctx, contextKey{}, resolved{a, err})
}

// From gives who asks, the public where nobody has signed in. A credential that
// was refused gives the public and the refusal.
func From(ctx context.Context) (Actor, error) {
	r, ok := ctx.Value(contextKey{}).(resolved)
	if !ok {
		return Public("", ""), nil
	}
	return r.actor, r.err
}

// Member gives the actor of a request to a county's closed pages, in the order
// that tells least: not signed in first, then (for everyone who is signed in
// elsewhere) as if the county were not there.
func Member(ctx context.Context, county string) (Actor, error) {
	a, err := From(ctx)
	switch {
	case err != nil:
		return a, err
	case !a.SignedIn():
		return a, fault.New(fault.Unauthenticated, "auth.sign_in")
	case a.Tenant != county:
		return a, fault.Missing()
	}
	return a, nil
}
