package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/national"
	"github.com/overens/overens/internal/organisation"
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
	starts := slices.Clone(d.Starts) // by the county's name in the visitor's language
	for i, s := range starts {
		if at := slices.IndexFunc(all, func(c county.Known) bool { return c.Slug == s.County }); at >= 0 {
			starts[i].Label = v.Words(all[at].Name)
		}
	}
	slices.SortFunc(real, byName)
	slices.SortFunc(sandboxes, byName)
	return countiesPage(v, real, sandboxes, starts), nil
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
	Documents documentList // that everyone may read
	Waits     []todo
	News      []piece
	InForce   []agreement.Instrument
	Others    []agreement.Instrument // where nothing is in force: what has ended or is to come
	Missing   []agreement.Instrument // beside what is in force: what has ended with nothing known after it
	Coming    []agreement.Instrument // beside those: what is on its way
	LivesOn   []agreement.LivingOn   // what goes on all the same
	First     *agreed                // what the county agrees on before all else, in numbers
	Meetings  []meetingRow           // the next ones
	More      int                    // how many come after those
}

// hold sorts out what is in force today, and what else there is where nothing is.
func (b *begun) hold(all []agreement.Instrument) {
	for _, i := range all {
		if i.State.Holds() {
			b.InForce = append(b.InForce, i)
		} else {
			b.Others = append(b.Others, i)
		}
	}
	if len(b.InForce) > 0 {
		b.Others = nil
	}
}

func (d *Door) start(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	var b begun
	var err error
	if !v.Member() && v.Slug == pg.Nation {
		return d.nation(ctx, tx, v) // the nation's own address is another; it has no organisations to publish
	}
	if !v.Member() {
		if b.Published, b.Total, err = organisation.Published(ctx, tx, 200, 1); err != nil {
			return nil, err
		}
		notices, _, err := agreement.Published(ctx, tx, v.Today, perPage, 1)
		if err != nil {
			return nil, err
		}
		all := make([]agreement.Instrument, len(notices))
		for i, n := range notices {
			all[i] = n.Card
		}
		b.hold(all)
		b.Documents, err = publishedOnStart(ctx, tx)
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
	if v.Actor.May(auth.AgreementRead) {
		if err := b.situation(ctx, tx, v); err != nil {
			return nil, err
		}
	}
	awaiting, err := member.Awaiting(ctx, tx)
	if err != nil {
		return nil, err
	}
	seats, err := v.seatsWaiting(ctx, tx)
	if err != nil {
		return nil, err
	}
	meets, err := v.meetingWaits(ctx, tx)
	if err != nil {
		return nil, err
	}
	b.Waits = slices.Concat(meets, v.waits(awaiting, seats, b))
	if v.meetsHere() {
		if b.Meetings, b.More, err = coming(ctx, tx, v, "", 3); err != nil {
			return nil, err
		}
	}
	b.News, err = v.news(ctx, tx, 8)
	return memberStart(v, b), err
}

// happened is one row of the trail in a sentence, with the thing's name where it
// is known.
func (v *visit) happened(e audit.Entry) string {
	what := v.subject(e.Subject)
	if name := v.called[e.Ref()].Name; name != "" {
		what = name + ", " + what
	}
	return v.Of("web.trail.", e.Action, "what", what)
}

// subject is what sort of thing a row of the trail is about.
func (v *visit) subject(s string) string {
	if key := "web.subject." + s; hasWords(key) {
		return v.Lang.Fill(key, nil)
	}
	return s
}

// who is somebody who did something: by name, or as what.
func (v *visit) who(actor, name string) string {
	if name != "" {
		return name
	}
	kind, name, _ := cut(actor)
	switch kind {
	case "system":
		return v.T("web.actor.system", "name", name)
	case "operator":
		return v.T("web.actor.operator")
	case "person":
		return v.T("web.actor.person")
	}
	return actor
}

// actorName is who did a row of the trail, as far as the reader may know.
func (v *visit) actorName(e audit.Entry) string { return v.who(e.Actor, e.ActorName) }

// whole is the thing that a row of the trail is about, or is about a part of.
func (v *visit) whole(e audit.Entry) audit.Ref {
	if c, ok := v.called[e.Ref()]; ok {
		return c.Whole
	}
	return e.Ref()
}

// pages are where the things with a page of their own stand.
var pages = map[string]string{"organisation": "/organisations/", "person": "/people/", "membership": "/members/", "document": "/documents/",
	"meeting": meetingsAt + "/", "agenda_item": itemsAt + "/", "decision": decisionsAt + "/", "instrument": "/agreements/", "mandate": "/mandates/", "handover": "/handovers/"}

// place is the address of a thing, where it has a page.
func (v *visit) place(r audit.Ref) templ.SafeURL {
	if r.Subject == "county_version" {
		return v.To("/settings")
	}
	if at, ok := pages[r.Subject]; ok {
		return v.To(at, r.ID)
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
	if b.Total == 0 && v.Actor.May(auth.OrganisationRead) {
		return v.T("web.start.lead_none")
	}
	var says []string
	switch {
	case len(b.InForce) > 0:
		says = append(says, v.T("web.start.lead_in_force", "count", len(b.InForce)))
	case len(b.Others) > 0:
		says = append(says, v.T("web.start.none_in_force")+".")
	}
	if b.Total > 0 {
		says = append(says, v.T("web.start.lead", "count", b.Total))
	}
	if len(b.Waits) == 0 {
		says = append(says, v.T("web.start.lead_free"))
	} else {
		says = append(says, v.T("web.start.lead_waits", "count", len(b.Waits)))
	}
	return strings.Join(says, " ")
}

// websites tells whether any published organisation has one: a column of
// nothing says nothing.
func (b begun) websites() bool {
	return slices.ContainsFunc(b.Published, func(o organisation.Organisation) bool { return o.Website != "" })
}

func (v *visit) waitsNote(b begun) []string {
	if len(b.Waits) < 2 {
		return nil
	}
	return []string{v.T("web.start.waits_note")}
}

// instrumentState is the class of an instrument's state.
func instrumentState(s agreement.State) string {
	switch {
	case s.Holds():
		return "on"
	case s.HasEnded():
		return "closed"
	case s.Key == agreement.StateAwaiting:
		return "waits"
	case s.Key == agreement.StateUnknown:
		return "none"
	}
	return "next"
}

// holds says from when until when an instrument holds, and by which number it
// is found.
func (v *visit) holds(i agreement.Instrument) string {
	var says []string
	if !i.Validity.From.IsZero() {
		says = append(says, v.T("web.start.in_force_from", "from", i.Validity.From.In(v.Lang)))
	}
	if !i.Validity.Until.IsZero() {
		says = append(says, v.T("web.start.in_force_until", "until", i.Validity.Until.In(v.Lang)))
	} else if i.Validity.Kind != "" {
		says = append(says, capital(v.Of("agreement.validity.", i.Validity.Kind))+".")
	}
	if i.RegistryNumber != "" {
		says = append(says, v.T("web.start.registry", "number", i.RegistryNumber))
	}
	return strings.Join(says, " ")
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
