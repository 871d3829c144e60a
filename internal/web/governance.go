package web

import (
	"cmp"
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) governanceRoutes() []route {
	const (
		at       = "/lan/{county}/bodies"
		one      = at + "/{body}"
		mandate  = "/lan/{county}/mandates/{id}"
		offer    = "/lan/{county}/seat-offers/{id}"
		handover = "/lan/{county}/handovers/{id}"
	)
	return slices.Concat(
		[]route{
			get(at, d.dated(either, orPublic(d.bodies, d.publicBodies))),
			get(at+"/vacancies", d.dated(members, d.vacancies)),
			get(one, d.dated(either, orPublic(d.body, d.publicBody))),
			get(one+"/history", d.page(members, d.bodyHistory)),
			get(mandate, d.page(members, d.mandate)),
			get(handover, d.page(members, d.handover)),
			post(offer+"/withdraw", d.act(members, withdrawOffer)),
		},
		d.healthRoutes(),
		both(at+"/register", registering{d}),
		both(one+"/appoint", form[governance.Nomination]{d, members, d.appointing, appoint}),
		both(one+"/offer", form[governance.Proposal]{d, members, d.offering, offerSeat}),
		both(mandate+"/edit", form[governance.Facts]{d, members, d.correctingMandate, correctMandate}),
		both(mandate+"/end", form[governance.Ending]{d, members, d.endingMandate, endMandate}),
		both(mandate+"/handover", form[governance.Baton]{d, members, d.beginningHandover, beginHandover}),
		both(offer+"/answer", form[offerReply]{d, members, d.answeringOffer, answerOffer}),
		both(handover+"/give", form[governance.Confirmation]{d, members, d.giving, give}),
		both(handover+"/take", form[governance.Confirmation]{d, members, d.taking, take}),
	)
}

// governing tells whether a page is one about bodies and who sits in them.
func (v *visit) governing() bool {
	return slices.ContainsFunc([]string{"/bodies", "/mandates", "/seat-offers", "/handovers", healthAt}, v.Is)
}

// bodyAddress is where a body's page lies.
func bodyAddress(key, page string) string { return "/bodies/" + key + page }

// bodiesCrumb leads back to all bodies, in the county's own word.
func (v *visit) bodiesCrumb() crumb {
	return crumb{tenant.Capital(v.word(tenant.AnyBody).Many), string(v.To("/bodies"))}
}

// bodyCard is one body in the list of all.
type bodyCard struct {
	governance.Body
	Name, Kind, Leads string
	Rank              int    // how many stand above it
	Class, Filled     string // how its seats are filled
	Under, Prepares   []crumb
	Next              *meeting.Meeting // its next one, where there is one
}

// bodiesSeen is what the page of all bodies shows.
type bodiesSeen struct {
	Cards     []bodyCard
	Places    int
	Held      int
	Tiers     tierPicture
	Gone      []bodyGone
	Version   tenant.Dated[tenant.Bodies]
	Meets     bool // whether any has a meeting before it
	Configure bool // whether the reader may set bodies up
}

// bodyGone is a body that there is not any more on the day, or not yet.
type bodyGone struct {
	Name   string
	Key    string
	On     day.Day // a day on which it can be read
	Span   day.Span
	Coming bool
}

func (d *Door) bodies(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	all, err := governance.Bodies(ctx, tx, v.On)
	if err != nil {
		return nil, err
	}
	names, err := v.leaders(ctx, tx, all)
	if err != nil {
		return nil, err
	}
	next, err := v.nextMeetings(ctx, tx)
	if err != nil {
		return nil, err
	}
	s := bodiesSeen{Gone: v.gone(tx.County), Version: bodiesVersion(tx.County, v.On), Configure: v.Acts(auth.CountyChange)}
	for _, b := range all {
		card := v.bodyCard(tx.County.On(v.On), b, names)
		if m, ok := next[b.Key]; ok {
			card.Next = &m
			s.Meets = true
		}
		s.Cards = append(s.Cards, card)
		s.Places, s.Held = s.Places+b.Places, s.Held+b.Held
	}
	rank(s.Cards)
	s.Tiers = v.tiers(s.Cards)
	return bodiesPage(v, s), nil
}

// bodyCard tells of a body in a line.
func (v *visit) bodyCard(c tenant.Configuration, b governance.Body, names map[string]string) bodyCard {
	k := bodyCard{Body: b, Name: v.bodyName(b.Body), Kind: tenant.Capital(v.kindOn(c, b.Kind)), Leads: v.leads(b.Chair, names)}
	k.Class, k.Filled = v.filled(b)
	link := func(key string) crumb {
		of, _ := c.Bodies.Body(key)
		return crumb{cmp.Or(v.Words(of.Name), key), string(v.To(bodyAddress(key, "")))}
	}
	for _, key := range b.Under {
		k.Under = append(k.Under, link(key))
	}
	for _, key := range b.PreparesFor {
		k.Prepares = append(k.Prepares, link(key))
	}
	return k
}

// kindOn is what the county calls bodies of the kind on a day.
func (v *visit) kindOn(c tenant.Configuration, key string) string {
	kind, _ := c.BodyKinds.Kind(key)
	return cmp.Or(kind.Word.In(string(v.Lang)).One, key)
}

// filled is how a body's seats are filled: as a shape and in words.
func (v *visit) filled(b governance.Body) (class, words string) {
	switch {
	case b.Places == 0:
		return "none", v.T("governance.page.no_places")
	case b.Held == 0:
		class = "none"
	case b.Held < b.Places:
		class = "half"
	default:
		class = "on"
	}
	return class, v.T("governance.page.filled", "held", b.Held, "count", b.Places)
}

// leaders are what the organisations are called whose offices lead bodies.
func (v *visit) leaders(ctx context.Context, tx *pg.Tx, bs []governance.Body) (map[string]string, error) {
	of := make([]json.RawMessage, len(bs))
	for i, b := range bs {
		raw, err := json.Marshal(b.Chair)
		if err != nil {
			return nil, err
		}
		of[i] = raw
	}
	return v.organisationNames(ctx, tx, of...)
}

// leads is who leads a body, "" where that is not known.
func (v *visit) leads(o tenant.Office, names map[string]string) string {
	switch {
	case o.By == "":
		return ""
	case o.By != tenant.ByOffice:
		return tenant.Capital(v.value("by", o.By))
	}
	title, of := v.Words(o.Title), cmp.Or(names[o.Organisation], o.Organisation)
	return tenant.Capital(cmp.Or(title, of))
}

// bodiesVersion is the version of the bodies that is in force on a day.
func bodiesVersion(c tenant.County, on day.Day) tenant.Dated[tenant.Bodies] {
	var in tenant.Dated[tenant.Bodies]
	for _, version := range sortedBodies(c) {
		if !version.From.After(on) {
			in = version
		}
	}
	return in
}

// bodyVersion is the version since which a body reads as it does on a day: a later one
// may be about other bodies, or about who may read of it.
func bodyVersion(c tenant.County, key string, on day.Day) tenant.Dated[tenant.Bodies] {
	in := bodiesVersion(c, on)
	now, _ := in.Value.Body(key)
	for _, version := range slices.Backward(sortedBodies(c)) {
		if version.From.After(on) {
			continue
		}
		was, there := version.Value.Body(key)
		was.Published = now.Published
		if !there || !reflect.DeepEqual(was, now) {
			break
		}
		in = version
	}
	return in
}

func sortedBodies(c tenant.County) []tenant.Dated[tenant.Bodies] {
	versions := slices.Clone(c.Bodies)
	slices.SortStableFunc(versions, func(a, b tenant.Dated[tenant.Bodies]) int { return a.From.Compare(b.From) })
	return versions
}

// gone are the bodies that are not there on the day but before it, or later.
func (v *visit) gone(c tenant.County) []bodyGone {
	here := bodiesVersion(c, v.On).Value
	versions := sortedBodies(c)
	var all []bodyGone
	for i, version := range versions {
		for _, b := range version.Value.Bodies {
			if _, there := here.Body(b.Key); there {
				continue
			}
			g := bodyGone{Name: v.bodyName(b), Key: b.Key, On: version.From, Span: day.Span{From: version.From}, Coming: version.From.After(v.On)}
			if i+1 < len(versions) {
				g.Span.To = versions[i+1].From
				g.On = g.Span.Last()
			}
			if at := slices.IndexFunc(all, func(o bodyGone) bool { return o.Key == b.Key }); at >= 0 {
				if all[at].Span.To == g.Span.From { // it went on from one version to the next
					all[at].Span.To, all[at].On = g.Span.To, g.On
				}
				continue
			}
			all = append(all, g)
		}
	}
	return all
}

// at is the address of a body on a day when it is there.
func (g bodyGone) at(v *visit) templ.SafeURL {
	return templ.URL("/lan/" + v.Slug + bodyAddress(g.Key, "?on="+g.On.String()))
}

// lead says how many there are, and how their seats are filled.
func (s bodiesSeen) lead(v *visit) string {
	if len(s.Cards) == 0 {
		return ""
	}
	w := v.word(tenant.AnyBody)
	says := []string{v.T("governance.page.lead", "count", len(s.Cards), "body", w.One, "bodies", w.Many)}
	if s.Places > 0 {
		says = append(says, v.T("governance.page.lead_places", "count", s.Places, "held", s.Held))
	}
	return strings.Join(says, " ")
}

// sinceVersion says from when the bodies are as they are, and by which decision.
func (v *visit) sinceVersion(d tenant.Dated[tenant.Bodies]) []string {
	var says []string
	if !d.From.IsZero() {
		says = append(says, v.T("governance.page.version", "day", LongDay(v.Lang, d.From)))
	}
	if d.Decision != "" {
		says = append(says, v.T("governance.page.decision", "decision", d.Decision))
	}
	return says
}

// bodyHistory is everybody who has sat in a body, and who will.
func (d *Door) bodyHistory(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	key := v.r.PathValue("body")
	b, ok := anyBody(tx.County, key)
	f := governance.Filter{Body: key, Status: governance.Every, Limit: perPage, Page: v.pageAsked()}
	ms, total, err := governance.List(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.Missing()
	}
	return bodyHistoryPage(v, b, ms, paging{f.Page, total}), nil
}

// anyBody finds a body in whichever version has it, the latest first.
func anyBody(c tenant.County, key string) (tenant.Body, bool) {
	for _, version := range slices.Backward(sortedBodies(c)) {
		if b, ok := version.Value.Body(key); ok {
			return b, true
		}
	}
	return tenant.Body{}, false
}

// mayAppoint tells whether the reader may sit somebody for one of the parties,
// or for any where there is none.
func (v *visit) mayAppoint(parties []governance.Party) bool {
	if v.Past() || !v.Member() {
		return false
	}
	return v.Actor.May(auth.GovernanceChange) || slices.ContainsFunc(parties, func(p governance.Party) bool {
		return p.ID != uuid.Nil && v.Actor.MayFor(auth.GovernanceChange, p.ID)
	})
}

// asTable names the frame of a table, apart from the leaf that it stands in.
func (v *visit) asTable(what string) string { return v.T("governance.page.table", "what", what) }
