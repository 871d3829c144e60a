package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) memberRoutes() []route {
	const at = "/lan/{county}/members"
	return slices.Concat(
		[]route{
			get(at, d.page(members, d.members)),
			get(at+"/{id}", d.page(members, d.member)),
			post(at+"/{id}/resend", d.act(members, button(member.Resend, under("/members"), "?done=member_sent"))),
			post(at+"/{id}/revoke", d.act(members, button(member.Revoke, under("/members"), "?done=member_revoked"))),
			post(at+"/{id}/confirm", d.act(members, button(member.Confirm, under("/members"), "?done=member_confirmed"))),
			post(at+"/{id}/link", d.memberLink),
		},
		both(at+"/new", form[member.Invitation]{d, members, d.invitation, invite}),
		both(at+"/{id}/end", form[member.Ending]{d, members, d.endingMember, upon(member.End, under("/members"), "?done=saved")}),
	)
}

// memberList is the list as it was asked for.
type memberList struct {
	State  member.State
	Counts map[member.State]int
	Rows   []member.Membership
	paging
}

// shown are the states that the list can be narrowed to, in order.
var shown = []member.State{member.Active, member.Bound, member.NeverIn, member.Coming, member.Ended, member.Revoked}

func (d *Door) members(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := memberList{State: member.State(v.Asked("state"))}
	if !slices.Contains(shown, l.State) {
		l.State = ""
	}
	l.Page = v.pageAsked()
	var err error
	if l.Counts, err = member.Counts(ctx, tx, uuid.Nil); err != nil {
		return nil, err
	}
	l.Rows, l.Total, err = member.List(ctx, tx, member.Filter{State: l.State, Limit: perPage, Page: l.Page})
	return membersPage(v, l), err
}

func (l memberList) all() int {
	n := 0
	for _, s := range member.States {
		n += l.Counts[s]
	}
	return n
}

func (l memberList) lead(v *visit) string {
	if l.Counts[member.Active]+l.Counts[member.NeverIn] == 0 {
		return v.T("web.member.lead_none")
	}
	return v.T("web.member.lead", "count", l.Counts[member.Active]) + " " + v.T("web.member.lead_never", "count", l.Counts[member.NeverIn])
}

func (d *Door) member(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	m, err := member.Get(ctx, tx, id)
	return memberPage(v, m), err
}

// memberState is the class of a membership's state.
func memberState(s member.State) string {
	switch s {
	case member.Active:
		return "on"
	case member.Bound:
		return "waits"
	case member.Coming, member.Invited:
		return "next"
	case member.Expired:
		return "late"
	}
	return "closed"
}

// manages tells whether the visitor may see buttons for a membership; the room
// has the last word.
func (v *visit) manages(m member.Membership) bool {
	switch {
	case m.State == member.Ended || m.State == member.Revoked:
		return false
	case m.Role == auth.RolePartyAdministrator:
		return v.Actor.May(auth.MemberInvite)
	case m.Role.OfParty():
		return v.Actor.MayFor(auth.MemberInvite, m.Organisation.UUID)
	}
	return v.Actor.May(auth.MemberStaff)
}

// confirms tells whether the visitor may confirm a membership.
func (v *visit) confirms(m member.Membership) bool {
	if m.State != member.Bound || m.PersonID == v.Actor.Person {
		return false
	}
	if m.Role.OfParty() {
		return v.Actor.MayFor(auth.MemberConfirm, m.Organisation.UUID)
	}
	return v.Actor.May(auth.MemberStaff)
}

// memberLink shows a link to hand over. It is shown once and kept nowhere, so
// this one act answers with a page and not with an address; pressed twice, it
// finds that the membership has moved on.
func (d *Door) memberLink(w http.ResponseWriter, r *http.Request) {
	v, typed, ok := d.posted(w, r)
	if !ok {
		return
	}
	version, _ := strconv.ParseInt(typed.Get("version"), 10, 64)
	var h member.Handed
	err := d.DB.InTenant(r.Context(), v.Actor, pg.Write, func(tx *pg.Tx) error {
		v.met(tx, members)
		id, err := id(r, "id")
		if err != nil {
			return err
		}
		h, err = member.Link(r.Context(), tx, id, version)
		return err
	})
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	d.render(w, v, linkPage(v, h, d.PublicURL+h.Path))
}

func (d *Door) invitation(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s := sheet{
		Title: v.T("web.member.invite"), Lead: v.T("web.member.invite_lead"), Words: "web.member",
		Crumbs: []crumb{{v.T("web.place.members"), string(v.To("/members"))}},
		Leaves: []leaf{
			{"who", v.T("web.member.who"), []string{v.T("web.member.who_note")}, []string{"personId", "name", "email"}},
			{"role", v.T("web.member.role_h"), []string{v.T("web.member.role_note")}, []string{"role", "organisationId", "deputy"}},
			{"when", v.T("web.member.when"), []string{v.T("web.member.when_note")}, []string{"validFrom", "validTo", "byHand"}},
		},
		Submit: v.T("web.member.invite_do"), Cancel: string(v.To("/members")), Thing: member.Invitation{},
	}
	if !tx.May(auth.MemberStaff) {
		if err := mustAct(tx, auth.MemberInvite); err != nil {
			return s, err
		}
	}
	var roles []option
	for _, r := range auth.Roles {
		if r.National() != (v.Slug == pg.Nation) && (r.National() || r.OfParty()) {
			continue
		}
		may := tx.May(auth.MemberStaff)
		switch {
		case r == auth.RolePartyAdministrator:
			may = tx.May(auth.MemberInvite)
		case r.OfParty():
			may = tx.MayAnywhere(auth.MemberInvite)
		}
		if may {
			roles = append(roles, option{string(r), v.role(r)})
		}
	}
	parties, err := partyOptions(ctx, tx, v, auth.MemberInvite)
	if err != nil {
		return s, err
	}
	people, _, err := person.List(ctx, tx, person.Filter{Limit: 1000, Page: 1})
	if err != nil {
		return s, err
	}
	var known []option
	for _, p := range people {
		label := p.Name
		if p.OrganisationName != "" {
			label += ", " + p.OrganisationName
		}
		known = append(known, option{p.ID.String(), label})
	}
	s.Options = map[string][]option{"role": roles, "organisationId": parties, "personId": known}
	return s, nil
}

func invite(ctx context.Context, tx *pg.Tx, v *visit, _ int64, in member.Invitation) (string, error) {
	m, err := member.Invite(ctx, tx, in)
	done := "member_invited"
	if in.ByHand {
		done = "member_by_hand"
	}
	return string(v.To("/members/", m.ID.String(), "?done="+done)), err
}

func (d *Door) endingMember(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return sheet{}, err
	}
	m, err := member.Get(ctx, tx, id)
	if err != nil {
		return sheet{}, err
	}
	s := sheet{
		Title: v.T("web.member.end", "name", m.PersonName), Lead: v.T("web.member.end_lead"), Words: "web.member",
		Crumbs: []crumb{{v.T("web.place.members"), string(v.To("/members"))}, {m.PersonName, string(v.To("/members/", m.ID.String()))}},
		Leaves: []leaf{{"when", v.T("web.member.when"), []string{v.T("person.page.when_note")}, []string{"on"}}},
		Submit: v.T("person.page.end_do"), Cancel: string(v.To("/members/", m.ID.String())),
		Thing: member.Ending{On: m.ValidTo}, Version: m.Version,
	}
	if !v.manages(m) {
		return s, tx.Require(auth.MemberStaff)
	}
	return s, nil
}

func memberSpan(m member.Membership) day.Span { return day.Span{From: m.ValidFrom, To: m.ValidTo} }

func (v *visit) memberHeading(s member.State) string {
	if s == "" {
		return v.T("web.member.list")
	}
	return v.Of("web.member.heading.", string(s))
}

func (v *visit) memberRole(m member.Membership) string {
	if m.Deputy {
		return v.role(m.Role) + ", " + v.T("web.member.deputy")
	}
	return v.role(m.Role)
}

func (v *visit) memberFor(m member.Membership) string {
	if m.PartyName != "" {
		return m.PartyName
	}
	return v.Words(v.County.Identity.Administration)
}

func (v *visit) memberIs(m member.Membership) string { return v.Of("web.member.is.", string(m.State)) }

func (v *visit) memberDoNote(m member.Membership) string {
	if m.State == member.Bound {
		return v.T("web.member.confirm_note")
	}
	return v.T("web.member.do_note")
}
