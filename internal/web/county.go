package web

import (
	"context"
	"slices"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/national"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// counties is the first page: the 21 counties, and apart from them those to
// practise in.
func (d *Door) counties(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	all, err := county.List(ctx, tx, tenant.KindCounty, tenant.KindSandbox)
	if err != nil {
		return nil, err
	}
	var real, sandboxes []county.Known
	for _, c := range all {
		if c.Kind == tenant.KindSandbox {
			sandboxes = append(sandboxes, c)
		} else {
			real = append(real, c)
		}
	}
	byName := func(a, b county.Known) int { return swedish(v.Words(a.Name), v.Words(b.Name)) }
	slices.SortFunc(real, byName)
	slices.SortFunc(sandboxes, byName)
	return countiesPage(v, real, sandboxes, d.Starts), nil
}

// nation is the national page: what each county has published.
func (d *Door) nation(ctx context.Context, _ *pg.Tx, v *visit) (templ.Component, error) {
	var cs []national.County
	err := d.DB.InNational(ctx, auth.Public(pg.Nation, v.Actor.Request), func(tx *pg.Tx) error {
		var err error
		cs, err = national.Counties(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(cs, func(a, b national.County) int { return swedish(v.Words(a.Name), v.Words(b.Name)) })
	total, publishing := 0, 0
	for _, c := range cs {
		total += c.Published
		if c.Published > 0 {
			publishing++
		}
	}
	return nationPage(v, cs, total, publishing), nil
}

// begun is what a county's first page shows.
type begun struct {
	Counts    []organisation.Count
	Total     int
	Published []organisation.Organisation
	Waits     []todo
	Log       []audit.Entry
	Names     map[string]string // of the things in the log, by id
	Trail     bool              // whether the visitor may see what has happened
}

// todo is one thing that waits for the visitor: the link is the verb.
type todo struct {
	Label, Why string
	To         templ.SafeURL
	Class, By  string // its state
}

func (d *Door) start(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	var b begun
	var err error
	if !v.Member() {
		b.Published, b.Total, err = organisation.Published(ctx, tx, 200, 1)
		return publicStart(v, b), err
	}
	if v.Actor.May(auth.OrganisationRead) {
		if b.Counts, err = organisation.CountByType(ctx, tx); err != nil {
			return nil, err
		}
		for _, c := range b.Counts {
			b.Total += c.N
		}
	}
	if v.Actor.MayAnywhere(auth.MemberRead) {
		counts, err := member.Counts(ctx, tx, v.Actor.Party())
		if err != nil {
			return nil, err
		}
		b.Waits = append(b.Waits, v.waits(counts)...)
	}
	if v.Actor.May(auth.OrganisationCreate) && b.Total == 0 {
		b.Waits = append(b.Waits, todo{v.T("web.wait.organisations"), v.T("web.wait.organisations_why"), v.To("/organisations/new"), "next", v.T("web.wait.first")})
	}
	if b.Trail = v.Actor.May(auth.AuditRead); b.Trail {
		latest, _, err := audit.List(ctx, tx, audit.Filter{Limit: 60, Page: 1})
		if err != nil {
			return nil, err
		}
		b.Log = news(latest, 8)
		if b.Names, err = names(ctx, tx, b.Log); err != nil {
			return nil, err
		}
	}
	return memberStart(v, b), nil
}

// waits are the memberships that wait for somebody with the visitor's rights.
func (v *visit) waits(counts map[member.State]int) []todo {
	var ts []todo
	if n := counts[member.Bound]; n > 0 && v.Actor.MayAnywhere(auth.MemberConfirm) {
		ts = append(ts, todo{v.T("web.wait.confirm", "count", n), v.T("web.wait.confirm_why"), v.To("/members?state=bound"), "waits", v.T("web.wait.now")})
	}
	if n := counts[member.Expired]; n > 0 && v.Actor.MayAnywhere(auth.MemberInvite) {
		ts = append(ts, todo{v.T("web.wait.expired", "count", n), v.T("web.wait.expired_why"), v.To("/members?state=never-in"), "late", v.T("web.wait.link_over")})
	}
	return ts
}

// news are the latest rows of the trail that are about things with a page, one
// for each thing: what somebody does in five steps is one piece of news.
func news(latest []audit.Entry, most int) []audit.Entry {
	var told []audit.Entry
	seen := map[string]bool{}
	for _, e := range latest {
		if known := e.Subject == "organisation" || e.Subject == "person" || e.Subject == "membership" || e.Subject == "county"; !known || seen[e.RowID] {
			continue
		}
		seen[e.RowID] = true
		if told = append(told, e); len(told) == most {
			break
		}
	}
	return told
}

// happened is one row of the trail in a sentence; name is the thing's, when it
// is known.
func (v *visit) happened(e audit.Entry, name string) string {
	what := v.subject(e.Subject)
	if name != "" {
		what = name + ", " + what
	}
	return v.Of("web.trail.", e.Action, "what", what)
}

// names are what the things of a few rows of the trail are called today, as far
// as the reader may know.
func names(ctx context.Context, tx *pg.Tx, es []audit.Entry) (map[string]string, error) {
	called := map[string]string{}
	for _, e := range es {
		id, err := uuid.Parse(e.RowID)
		if _, known := called[e.RowID]; known || err != nil {
			continue
		}
		var name string
		switch {
		case e.Subject == "organisation" && tx.May(auth.OrganisationRead):
			var o organisation.Organisation
			o, err = organisation.Get(ctx, tx, id)
			name = o.Name
		case e.Subject == "person" && tx.May(auth.PersonRead):
			var p person.Person
			p, err = person.Get(ctx, tx, id)
			name = p.Name
		case e.Subject == "membership" && tx.May(auth.MemberRead):
			var m member.Membership
			m, err = member.Get(ctx, tx, id)
			name = m.PersonName
		}
		if err != nil && !fault.Is(err, "common.not_found") {
			return nil, err
		}
		called[e.RowID] = name
	}
	return called, nil
}

// subject is what sort of thing a row of the trail is about.
func (v *visit) subject(s string) string {
	if key := "web.subject." + s; hasWords(key) {
		return v.Lang.Fill(key, nil)
	}
	return s
}

// actorName is who did something, as far as the reader may know.
func (v *visit) actorName(e audit.Entry) string {
	if e.ActorName != "" {
		return e.ActorName
	}
	kind, name, _ := cut(e.Actor)
	switch kind {
	case "system":
		return v.T("web.actor.system", "name", name)
	case "operator":
		return v.T("web.actor.operator")
	case "person":
		return v.T("web.actor.person")
	}
	return e.Actor
}

// thing is the address of what a row of the trail is about, where it has a page.
func (v *visit) thing(e audit.Entry) templ.SafeURL {
	switch e.Subject {
	case "organisation":
		return v.To("/organisations/", e.RowID)
	case "person":
		return v.To("/people/", e.RowID)
	case "membership":
		return v.To("/members/", e.RowID)
	}
	return ""
}

func (d *Door) accessibility(_ context.Context, _ *pg.Tx, v *visit) (templ.Component, error) {
	return accessibilityPage(v), nil
}

func (d *Door) personalData(_ context.Context, _ *pg.Tx, v *visit) (templ.Component, error) {
	return personalDataPage(v), nil
}

func (v *visit) publicLead(b begun) string {
	if v.County.Kind == tenant.KindSandbox {
		return v.T("web.public.sandbox")
	}
	if b.Total == 0 {
		return v.T("web.public.lead_none")
	}
	return v.T("web.public.lead", "count", b.Total)
}

func (v *visit) memberLead(b begun) string {
	if b.Total == 0 {
		return v.T("web.start.lead_none")
	}
	waits := v.T("web.start.lead_waits", "count", len(b.Waits))
	if len(b.Waits) == 0 {
		waits = v.T("web.start.lead_free")
	}
	return v.T("web.start.lead", "count", b.Total) + " " + waits
}

func (v *visit) accessibilityLead() string {
	status := v.County.Accessibility.Status
	if status == "" {
		status = "unknown"
	}
	return v.Of("web.a11y.status_", status)
}

// reportTo is whom to tell of what cannot be used.
func (v *visit) reportTo() string {
	if e := v.County.Accessibility.ReportTo.Email; e != "" {
		return e
	}
	return v.County.Identity.Contact.Email
}

// or is a text, or that it is unknown.
func (v *visit) or(s string) string {
	if s == "" {
		return v.T("web.unknown")
	}
	return s
}
