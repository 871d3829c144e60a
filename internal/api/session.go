package api

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
)

// InSession names a session in the path.
type InSession struct {
	InCounty
	ID uuid.UUID `path:"session" doc:"The session's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f50"`
}

// InEntry names an operator's visit in the path.
type InEntry struct {
	InCounty
	ID uuid.UUID `path:"entry" doc:"The visit's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f60"`
}

// Session is one place where the caller is signed in.
type Session struct {
	session.Session
	Linked
}

// SessionList is a page of sessions.
type SessionList struct {
	Sessions []Session `json:"sessions" doc:"The sessions, the latest seen first."`
	Paged
}

// OperatorEntryList is a page of operators' visits.
type OperatorEntryList struct {
	Entries []session.Entry `json:"operatorEntries" doc:"The visits, newest first."`
	Paged
}

// Me is who the caller is in the county, and what he may.
type Me struct {
	PersonID    uuid.NullUUID `json:"personId,omitzero" doc:"The caller's own card. Absent for an operator on a visit." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f21"`
	Name        string        `json:"name" doc:"The name on the card." example:"Kim Åberg"`
	County      string        `json:"county" doc:"The county that the caller is in." example:"kronoberg"`
	Roles       []MyRole      `json:"roles" doc:"The roles that hold today."`
	Permissions []string      `json:"permissions" doc:"What may be done in the whole county." example:"[\"county.read\",\"organisation.read\"]"`
	Linked
}

// MyRole is one role of the caller's.
type MyRole struct {
	Role           string        `json:"role" doc:"The role." example:"party-administrator"`
	OrganisationID uuid.NullUUID `json:"organisationId,omitzero" doc:"The party that it is held for. Absent: the county." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Permissions    []string      `json:"permissions" doc:"What may be done for that party besides." example:"[\"organisation.change\"]"`
}

func (d *Door) signedIn() {
	read(d, Member, "/counties/{county}/me", "get-me", func(ctx context.Context, tx *pg.Tx, _ *InCounty) (Me, error) {
		me := Me{County: tx.Tenant, Roles: []MyRole{}, Permissions: []string{}, Linked: Linked{Links{}}}
		me.Links.to("self", "GET", d.at("counties", tx.Tenant, "me"))
		me.Links.to("sessions", "GET", d.at("counties", tx.Tenant, "sessions"))
		if tx.Person != uuid.Nil {
			p, err := person.Get(ctx, tx, tx.Person)
			if err != nil {
				return me, err
			}
			me.PersonID, me.Name = uuid.NullUUID{UUID: p.ID, Valid: true}, p.Name
			me.Links.to("person", "GET", d.at("counties", tx.Tenant, "people", p.ID.String()))
		} else if _, err := member.Mine(ctx, tx); err != nil {
			return me, err
		}
		for _, p := range auth.Permissions {
			if tx.May(p) {
				me.Permissions = append(me.Permissions, string(p))
			}
		}
		for _, g := range tx.Grants {
			r := MyRole{Role: string(g.Role), OrganisationID: uuid.NullUUID{UUID: g.Party, Valid: g.Party != uuid.Nil}, Permissions: []string{}}
			for _, p := range auth.Permissions {
				if g.Party != uuid.Nil && tx.MayFor(p, g.Party) && !tx.May(p) {
					r.Permissions = append(r.Permissions, string(p))
				}
			}
			me.Roles = append(me.Roles, r)
		}
		return me, nil
	})
	list(d, Member, "/counties/{county}/sessions", "list-sessions", func(ctx context.Context, tx *pg.Tx, in *CountyPage) (l SessionList, total int, err error) {
		all, err := d.conf.Sessions.Mine(ctx, tx)
		for _, s := range cut(all, in.Paging) {
			it := Session{s, Linked{Links{}}}
			it.Links.to("self", "DELETE", d.at("counties", tx.Tenant, "sessions", s.ID.String()))
			l.Sessions = append(l.Sessions, it)
		}
		return l, len(all), err
	})
	remove(d, "/counties/{county}/sessions/{session}", "end-session", func(ctx context.Context, tx *pg.Tx, in *InSession) error {
		return session.End(ctx, tx, in.ID)
	})
	list(d, Member, "/counties/{county}/operator-entries", "list-operator-entries", func(ctx context.Context, tx *pg.Tx, in *CountyPage) (l OperatorEntryList, total int, err error) {
		l.Entries, total, err = session.Entries(ctx, tx, in.Limit, in.Page)
		return l, total, err
	})
	remove(d, "/counties/{county}/operator-entries/{entry}", "end-operator-entry", func(ctx context.Context, tx *pg.Tx, in *InEntry) error {
		return session.EndEntry(ctx, tx, in.ID)
	})
}
