package api

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/pg"
)

// InMembership names a membership in the path.
type InMembership struct {
	InCounty
	ID uuid.UUID `path:"membership" doc:"The membership's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f30"`
}

// Membership is one person's one role, with what leads on from it.
type Membership struct {
	member.Membership
	Linked
}

// MembershipList is a page of memberships.
type MembershipList struct {
	Memberships []Membership `json:"memberships" doc:"The memberships, by the person's name."`
	Paged
}

// MembershipQuery asks for memberships.
type MembershipQuery struct {
	InCounty
	State        string    `query:"state" enum:"invited,expired,bound,coming,active,ended,revoked,never-in" doc:"Only in this state; never-in: invited, and never used the link." example:"active"`
	Organisation uuid.UUID `query:"organisation" doc:"Only of this party." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Person       uuid.UUID `query:"person" doc:"Only of this person." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f21"`
	Role         string    `query:"role" maxLength:"40" doc:"Only with this role." example:"party-representative"`
	On           day.Day   `query:"on" doc:"As of this day. Default: today in Sweden." example:"2026-11-25"`
	Paging
}

// Invitation is who is asked to be what.
type Invitation struct {
	InCounty
	Body member.Invitation
}

// MembershipEnding is from which day a membership no longer holds.
type MembershipEnding struct {
	InMembership
	Body member.Ending
}

// HandedLink is a link that the inviter gives to the person himself.
type HandedLink struct {
	Href       string     `json:"href,omitempty" format:"uri" doc:"The link. It is shown this once: the same request sent again gives an answer without it." example:"https://overens.example/lan/kronoberg/sign-in?invitation=k7f3"`
	ExpiresAt  time.Time  `json:"expiresAt" doc:"When it stops working." example:"2025-12-15T09:00:00Z"`
	Membership Membership `json:"membership" doc:"The membership it is for."`
}

// ETag is the membership's.
func (h HandedLink) ETag() string { return h.Membership.ETag() }

func (h HandedLink) kept() any {
	h.Href = ""
	return h
}

func (d *Door) memberships() {
	const all, one = "/counties/{county}/memberships", "/counties/{county}/memberships/{membership}"

	list(d, Member, all, "list-memberships", func(ctx context.Context, tx *pg.Tx, in *MembershipQuery) (l MembershipList, total int, err error) {
		ms, total, err := member.List(ctx, tx, member.Filter{State: member.State(in.State), Organisation: in.Organisation, Person: in.Person,
			Role: auth.Role(in.Role), On: in.On, Limit: in.Limit, Page: in.Page})
		for _, m := range ms {
			l.Memberships = append(l.Memberships, d.membership(tx, m))
		}
		return l, total, err
	})
	create(d, all, "invite-member", func(ctx context.Context, tx *pg.Tx, in *Invitation) (Membership, error) {
		m, err := member.Invite(ctx, tx, in.Body)
		return d.membership(tx, m), err
	})
	read(d, Member, one, "get-membership", func(ctx context.Context, tx *pg.Tx, in *InMembership) (Membership, error) {
		m, err := member.Get(ctx, tx, in.ID)
		return d.membership(tx, m), err
	})
	for _, it := range []struct {
		noun, id string
		f        func(context.Context, *pg.Tx, uuid.UUID, int64) (member.Membership, error)
	}{
		{"confirmation", "confirm-membership", member.Confirm},
		{"revocation", "revoke-membership", member.Revoke},
		{"resending", "resend-invitation", member.Resend},
	} {
		act(d, one+"/"+it.noun, it.id, func(ctx context.Context, tx *pg.Tx, in *InMembership, version int64) (Membership, error) {
			m, err := it.f(ctx, tx, in.ID, version)
			return d.membership(tx, m), err
		})
	}
	act(d, one+"/ending", "end-membership", func(ctx context.Context, tx *pg.Tx, in *MembershipEnding, version int64) (Membership, error) {
		m, err := member.End(ctx, tx, in.ID, version, in.Body)
		return d.membership(tx, m), err
	})
	act(d, one+"/link", "hand-over-link", func(ctx context.Context, tx *pg.Tx, in *InMembership, version int64) (HandedLink, error) {
		h, err := member.Link(ctx, tx, in.ID, version)
		return HandedLink{Href: d.url + h.Path, ExpiresAt: h.ExpiresAt, Membership: d.membership(tx, h.Membership)}, err
	})
}

// membership adds what leads on, and what may happen next.
func (d *Door) membership(tx *pg.Tx, m member.Membership) Membership {
	here := d.at("counties", tx.Tenant, "memberships", m.ID.String())
	l := Links{}
	l.to("self", "GET", here)
	l.to("collection", "GET", d.at("counties", tx.Tenant, "memberships"))
	l.to("person", "GET", d.at("counties", tx.Tenant, "people", m.PersonID.String()))
	party := m.Organisation.UUID
	if m.State == member.Bound && m.PersonID != tx.Person && tx.MayFor(auth.MemberConfirm, party) {
		l.to("confirmation", "POST", here+"/confirmation")
	}
	if tx.MayFor(auth.MemberInvite, party) && m.State != member.Revoked {
		if m.NeverIn() {
			l.to("resending", "POST", here+"/resending")
			l.to("link", "POST", here+"/link")
		}
		l.to("ending", "POST", here+"/ending")
		l.to("revocation", "POST", here+"/revocation")
	}
	return Membership{m, Linked{l}}
}
