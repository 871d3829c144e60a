package web

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// place is an entry of the navigation.
type place struct {
	Label string
	To    templ.SafeURL
	Here  bool
}

// mostPlaces is how many the navigation has room for.
const mostPlaces = 8

// places are the pages that exist and that the visitor may see.
func (v *visit) places() []place {
	if v.Slug == "" {
		path := v.r.URL.Path
		ps := []place{
			{v.T("web.place.counties"), "/", path == "/"},
			{v.T("web.place.nation"), "/sverige", path == "/sverige"},
			{v.T("population.page.title"), populationAt, strings.HasPrefix(path, populationAt)},
		}
		if v.Actor.SignedIn() {
			ps = append(ps, place{v.T("web.place.mine"), templ.URL("/lan/" + v.Actor.Tenant), false})
		}
		return ps
	}
	ps := []place{{v.T("web.place.start"), v.To(""), v.Is("")}}
	add := func(shown bool, label, path string) {
		if shown {
			ps = append(ps, place{label, v.To(path), v.Is(path)})
		}
	}
	if v.Member() {
		add(v.Slug != pg.Nation && v.Actor.May(auth.AgreementRead), tenant.Capital(v.word(tenant.Agreement).Many), "/agreements")
		if v.Slug != pg.Nation && v.Actor.May(auth.GovernanceRead) {
			ps = append(ps, place{tenant.Capital(v.word(tenant.AnyBody).Many), v.To("/bodies"), v.governing()})
		}
		if v.meetsHere() {
			ps = append(ps, place{tenant.Capital(v.word(tenant.Meeting).Many), v.To(meetingsAt), v.meets()})
		}
		if v.Actor.May(auth.OrganisationRead) { // people and members are found from there: the navigation has room for eight
			ps = append(ps, place{v.T("web.place.organisations"), v.To("/organisations"), v.Is("/organisations") || v.Is("/people") || v.Is("/members")})
		}
		add(v.Slug != pg.Nation && v.Actor.May(auth.DocumentRead), v.T("document.place"), "/documents")
		if v.costsHere() {
			ps = append(ps, place{v.T("cost.page.title"), v.To(costsAt), v.inCosts()})
		}
		add(v.Actor.May(auth.CountyRead), v.T("configuration.title"), "/settings")
		add(v.Slug == pg.Nation && v.Actor.May(auth.OperatorEnter), v.T("web.place.enter"), "/operator-entry")
		if v.Slug == pg.Nation {
			ps = append(ps, place{v.T("population.page.title"), populationAt, strings.HasPrefix(v.r.URL.Path, populationAt)})
		}
	} else { // what the county has published of them
		if v.opensBodies() {
			ps = append(ps, place{tenant.Capital(v.word(tenant.AnyBody).Many), v.To("/bodies"), v.governing()})
		}
		add(v.Slug != pg.Nation, tenant.Capital(v.word(tenant.Meeting).Many), meetingsAt)
	}
	if len(ps) >= mostPlaces { // the mark at the top leads there as well
		return ps
	}
	return append(ps, place{v.T("web.place.counties"), "/", false})
}

// insights are the places where a county sees what is done in it: they stand
// on the page of its settings, for the navigation has room for eight.
func (v *visit) insights() []place {
	if !v.Member() || !v.Actor.May(auth.AuditRead) {
		return nil
	}
	ps := []place{{v.T("web.place.audit"), v.To("/audit"), v.Is("/audit")}}
	if v.Slug != pg.Nation {
		ps = append(ps, place{v.T("web.place.operator_entries"), v.To("/operator-entries"), v.Is("/operator-entries")})
	}
	return ps
}

func (v *visit) title(page string) string {
	t := page
	if v.status == 422 || v.status == 409 || v.status == 412 || v.status == 413 {
		t = v.T("web.wrong") + ": " + t
	}
	if name := v.Words(v.County.Identity.Name); name != "" && !strings.Contains(page, name) {
		t += ", " + name
	}
	return t + " · Överens"
}

func (v *visit) where() string {
	if name := v.Words(v.County.Identity.Administration); name != "" {
		return name
	}
	return v.T("web.all_counties")
}

// context is where a signed-in visitor switches county or signs out.
func (v *visit) context() templ.SafeURL { return templ.URL("/lan/" + v.Actor.Tenant + "/context") }

func (v *visit) other() text.Lang {
	if v.Lang == text.Swedish {
		return text.English
	}
	return text.Swedish
}

// ends says when the session ends, for whoever has no script to be warned by.
func (v *visit) ends() string {
	if v.door.Keeper == nil || !v.Member() {
		return ""
	}
	idle, latest, ok := v.door.Keeper.Remaining(v.r.Context())
	if !ok {
		return ""
	}
	return v.T("web.session_ends", "idle", Clock(v.Lang, idle), "latest", Clock(v.Lang, latest))
}

// endsAt is the instant of the next end, for the script.
func (v *visit) endsAt() string {
	idle, latest, _ := v.door.Keeper.Remaining(v.r.Context())
	if latest.Before(idle) {
		idle = latest
	}
	return idle.UTC().Format("2006-01-02T15:04:05Z")
}

// toRead is why a list is empty: members are told what they can do, everybody else
// only how it stands.
func (v *visit) toRead(key string) string {
	if v.Member() {
		return v.T(key)
	}
	return v.T(key + "_public")
}

// perPage is how many rows a list shows at a time.
const perPage = 50

// paging is where in a list the page stands.
type paging struct{ Page, Total int }

// Pages is how many pages there are.
func (p paging) Pages() int { return max(1, (p.Total+perPage-1)/perPage) }

func (p paging) number(n int) string {
	if n == 1 {
		return ""
	}
	return strconv.Itoa(n)
}

// pageAsked is the page that the address asks for, from 1.
func (v *visit) pageAsked() int {
	n, err := strconv.Atoi(v.Asked("page"))
	if err != nil || n < 1 || n > 100_000 {
		return 1
	}
	return n
}

// span says from when to when something stands, in words.
func (v *visit) span(s day.Span) string {
	switch {
	case s.From.IsZero() && s.To.IsZero():
		return v.T("web.span_always")
	case s.To.IsZero():
		return v.T("web.span_from", "from", LongDay(v.Lang, s.From))
	case s.From.IsZero():
		return v.T("web.span_to", "last", LongDay(v.Lang, s.Last()))
	}
	return v.T("web.span", "from", LongDay(v.Lang, s.From), "last", LongDay(v.Lang, s.Last()))
}

// standing is the state of what has a first and a last day: its class and word.
func (v *visit) standing(s day.Span) (class, word string) {
	switch {
	case !s.From.IsZero() && v.On.Before(s.From):
		return "next", v.T("web.state.coming", "day", LongDay(v.Lang, s.From))
	case !s.Contains(v.On):
		return "closed", v.T("web.state.ended", "day", LongDay(v.Lang, s.To))
	case !s.To.IsZero():
		return "on", v.T("web.state.until", "day", LongDay(v.Lang, s.Last()))
	}
	return "on", v.T("web.state.standing")
}
