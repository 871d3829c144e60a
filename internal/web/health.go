package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// healthAt is where a county's promises are held against what was done.
const healthAt = "/health"

func (d *Door) healthRoutes() []route {
	return []route{
		get("/lan/{county}"+healthAt, d.dated(members, d.health)),
		get("/lan/{county}/bodies/{body}"+healthAt, d.dated(members, d.bodyHealth)),
		get("/lan/{county}/organisations/{id}"+healthAt, d.dated(members, d.partyHealth)),
	}
}

// healthSeen is what was promised against what was done, as its page shows it.
type healthSeen struct {
	meeting.Health
	Title  string
	Crumbs []crumb
	Leaves []healthLeaf
	Own    []crumb // the reader's own party, where the county's page is only a part
}

// healthLeaf is one kind of promise.
type healthLeaf struct {
	meeting.Promise
	Class, Word string
	Groups      []healthGroup
	Years       *yearsFigure // of how often bodies meet
}

// healthGroup is what one body has not kept, with the rule in words.
type healthGroup struct {
	Name, Rule string
	Rows       []todo
}

func (d *Door) health(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	s := healthSeen{Title: v.T("health.title"), Crumbs: []crumb{v.bodiesCrumb()}}
	c, err := v.healthPage(ctx, tx, meeting.HealthFilter{}, &s)
	if err != nil || !s.Part {
		return c, err
	}
	for _, g := range tx.Grants {
		if g.Party == uuid.Nil || !tx.MayFor(auth.MeetingRead, g.Party) {
			continue
		}
		o, err := organisation.Get(ctx, tx, g.Party)
		if err != nil {
			return nil, err
		}
		link := crumb{v.T("health.of_party", "name", o.Name), string(v.To("/organisations/", o.ID.String(), healthAt))}
		if !slices.Contains(s.Own, link) {
			s.Own = append(s.Own, link)
		}
	}
	return healthPageOf(v, s), nil
}

func (d *Door) bodyHealth(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	key := v.r.PathValue("body")
	b, err := governance.BodyOn(tx, key, v.On)
	if err != nil {
		return nil, err
	}
	s := healthSeen{Title: v.T("health.of_body", "name", v.bodyName(b)), Crumbs: []crumb{v.bodiesCrumb(), {v.bodyName(b), string(v.To(bodyAddress(key, "")))}}}
	return v.healthPage(ctx, tx, meeting.HealthFilter{Body: key}, &s)
}

func (d *Door) partyHealth(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := uuid.Parse(v.r.PathValue("id"))
	if err != nil {
		return nil, errNowhere
	}
	o, err := organisation.Get(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	s := healthSeen{Title: v.T("health.of_party", "name", o.Name), Crumbs: []crumb{{v.T("web.place.organisations"), string(v.To("/organisations"))}, {o.Name, string(v.To("/organisations/", id.String()))}}}
	return v.healthPage(ctx, tx, meeting.HealthFilter{Party: id}, &s)
}

func (v *visit) healthPage(ctx context.Context, tx *pg.Tx, f meeting.HealthFilter, s *healthSeen) (templ.Component, error) {
	var err error
	f.On = v.On
	if s.Health, err = meeting.Promises(ctx, tx, f); err != nil {
		return nil, err
	}
	for _, p := range s.Promises {
		s.Leaves = append(s.Leaves, v.healthLeaf(s.Health, p, f.Body == ""))
	}
	return healthPageOf(v, *s), nil
}

// healthLeaf tells of one kind of promise; named tells whose each is.
func (v *visit) healthLeaf(h meeting.Health, p meeting.Promise, named bool) healthLeaf {
	l := healthLeaf{Promise: p, Class: "on", Word: v.T("health.kept")}
	switch {
	case p.Missed() > 0:
		l.Class, l.Word = "late", v.T("health.missed", "count", p.Missed())
	case p.Waiting > 0:
		l.Class, l.Word = "waits", v.T("health.waiting", "count", p.Waiting)
	}
	for _, a := range p.Accounts {
		g := healthGroup{Rule: h.Sentence(a, v.Lang)}
		if named {
			g.Name = v.accountName(a)
		}
		for _, x := range a.Lapses {
			g.Rows = append(g.Rows, v.lapse(a, x))
		}
		if len(g.Rows) > 0 {
			l.Groups = append(l.Groups, g)
		}
	}
	l.Years = v.yearsFigure(p, h.On)
	return l
}

// accountName is what a body is called in the reader's language.
func (v *visit) accountName(a meeting.Account) string {
	b, ok := v.County.Bodies.Body(a.Body)
	if !ok {
		return a.BodyName
	}
	return v.bodyName(b)
}

// lapse is one thing that has not been done, with the link that mends it.
func (v *visit) lapse(a meeting.Account, x meeting.Lapse) todo {
	var who []string
	for _, p := range x.Parties {
		who = append(who, p.Name)
	}
	at, mends := v.mend(x)
	stem := "health.mend."
	switch {
	case at == "":
		stem = "health.about."
	case !mends:
		stem = "health.see."
	}
	days := 0
	if !x.Since.IsZero() {
		days = v.On.Sub(x.Since)
	}
	args := []any{"what", x.What, "body", v.accountName(a), "n", x.Count, "of", x.Of, "days", days, "day", v.daySaid(x.On), "since", v.daySaid(x.Since), "who", v.series(who)}
	t := todo{Label: v.Of(stem, x.Why, args...), Why: v.Of("health.why.", x.Why, args...), To: at, Class: "late"}
	switch {
	case x.Waits && !x.On.IsZero() && x.Mend.Kind != meeting.MendMinutes:
		t.Class, t.By = "waits", v.T("health.by", "day", v.daySaid(cmp.Or(x.On, x.Since)))
	case x.Waits:
		t.Class, t.By = "waits", v.T("health.waits")
	case x.Since.IsZero():
		t.By = v.T("health.lacking")
	default:
		t.By = v.T("health.since", "day", v.daySaid(x.Since))
	}
	if x.Why == meeting.LapseVacant {
		t.Class = "none"
	}
	return t
}

// daySaid is a day in a sentence, "" for none.
func (v *visit) daySaid(d day.Day) string {
	if d.IsZero() {
		return ""
	}
	return SentenceDay(v.Lang, d, v.Today)
}

// mend is where something is mended, or (false) only read about; "" where there is
// nothing for the reader.
func (v *visit) mend(x meeting.Lapse) (at templ.SafeURL, mends bool) {
	m := x.Mend
	switch m.Kind {
	case meeting.MendSeat, meeting.MendDeputy:
		if !v.mayAppoint(x.Parties) {
			return v.To(bodyAddress(m.Body, "")), false
		}
		at := appointAddress(m.Body, m.Place)
		if m.Kind == meeting.MendDeputy {
			at += "&deputy=true"
		}
		return v.To(at), true
	case meeting.MendPlan:
		if !v.Acts(auth.MeetingPrepare) {
			return v.To(bodyAddress(m.Body, "")), false
		}
		return v.To("/meetings/new?body=", m.Body), true
	case meeting.MendHandover:
		return v.To("/handovers/", m.ID.String()), true
	case meeting.MendDecision:
		return v.To("/decisions/", m.ID.String()), x.Why != meeting.LapseUndone || v.Acts(auth.AgreementChange)
	case meeting.MendRatification:
		if v.Past() || !v.Actor.May(auth.MeetingPrepare) && !slices.ContainsFunc(x.Parties, func(p governance.Party) bool { return v.Actor.MayFor(auth.MeetingPropose, p.ID) }) {
			if m.Shut {
				return "", false
			}
			return v.To("/decisions/", m.In.String()), false
		}
		return v.To("/ratifications/", m.ID.String()), true
	case meeting.MendSettings:
		if !v.Acts(auth.CountyChange) {
			return v.To("/bodies"), false
		}
		return v.To("/settings/bodies"), true
	case meeting.MendMinutes:
		if m.Shut {
			return "", false
		}
		return v.To("/meetings/", m.ID.String(), "/minutes"), true
	}
	if m.Shut {
		return "", false
	}
	return v.To("/meetings/", m.ID.String()), v.Acts(auth.MeetingPrepare) || x.Why == meeting.LapseSilent
}

// lead says the numbers.
func (s healthSeen) lead(v *visit) string {
	promised, done, waiting := 0, 0, 0
	for _, p := range s.Promises {
		promised, done, waiting = promised+p.Promised, done+p.Done, waiting+p.Waiting
	}
	if promised == 0 {
		return v.T("health.lead_none")
	}
	says := []string{v.T("health.lead", "count", promised, "done", done)}
	if missed := s.Missed(); missed > 0 {
		says = append(says, v.T("health.lead_missed", "count", missed))
	}
	if waiting > 0 {
		says = append(says, v.T("health.lead_waiting", "count", waiting))
	}
	if s.Missed() == 0 && waiting == 0 {
		says = append(says, v.T("health.lead_all"))
	}
	return strings.Join(says, " ")
}

// promiseName is what a kind of promise is called.
func (v *visit) promiseName(kind string) string { return v.Of("health.kind.", kind) }

// ofHow is how many of how many, in the kind's own unit.
func (l healthLeaf) ofHow(v *visit) string {
	return tenant.Capital(v.Of("health.sum.", l.Kind, "count", l.Promised, "done", l.Done))
}

// number is a number in a cell.
func number(n int) string { return strconv.Itoa(n) }

// leafHere is a leaf of the same page, on the same day.
func (v *visit) leafHere(id string) templ.SafeURL {
	if v.Past() {
		return templ.SafeURL("?on=" + v.On.String() + "#" + id)
	}
	return templ.SafeURL("#" + id)
}

// notes say over which time, and for whom.
func (s healthSeen) notes(v *visit) []string {
	says := []string{v.T("health.span", "after", LongDay(v.Lang, s.After.Add(1)), "on", LongDay(v.Lang, s.On))}
	if s.Part {
		says = append(says, v.T("health.part"))
	}
	return says
}

// readsHealth tells whether the reader may see how a body keeps its promises:
// whoever reads for the county, and those who sit in it.
func (v *visit) readsHealth(s bodySeen) bool {
	mine := func(m governance.Mandate) bool { return m.Person == v.Actor.Person }
	return v.Actor.May(auth.MeetingRead) || v.Actor.Person != uuid.Nil && slices.ContainsFunc(s.Chairs, func(c chair) bool {
		return c.Holder != nil && mine(*c.Holder) || slices.ContainsFunc(c.Deputies, mine)
	})
}
