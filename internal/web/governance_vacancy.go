package web

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// vacant is one thing that is missing, and where it is mended.
type vacant struct {
	governance.Vacancy
	Name, Whose string
	Class, Word string
	Appoint     templ.SafeURL // "" for whoever may not
}

// vacanciesSeen is what is missing, of all or of one organisation.
type vacanciesSeen struct {
	Rows            []vacant
	Seats, Deputies int
	Party           string // whose they are, where one is asked for
	Bodies          bool   // whether the county has any
}

func (d *Door) vacancies(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	all, err := governance.Vacancies(ctx, tx, v.On)
	if err != nil {
		return nil, err
	}
	s := vacanciesSeen{Bodies: len(tx.County.On(v.On).Bodies.Bodies) > 0}
	of, _ := uuid.Parse(v.Asked("organisation"))
	for _, it := range all {
		if of != uuid.Nil {
			i := slices.IndexFunc(it.Parties, func(p governance.Party) bool { return p.ID == of })
			if i < 0 {
				continue
			}
			s.Party = it.Parties[i].Name
		}
		s.Rows = append(s.Rows, v.vacancy(it))
		if it.What == governance.VacantSeat {
			s.Seats++
		} else {
			s.Deputies++
		}
	}
	return vacanciesPage(v, s), nil
}

func (v *visit) vacancy(it governance.Vacancy) vacant {
	row := vacant{Vacancy: it, Name: v.Words(it.BodyName), Whose: v.whose(it.Place), Class: "none", Word: v.Of("governance.vacancy.", it.What)}
	ask := "/appoint?place=" + url.QueryEscape(it.Key)
	if it.What == governance.VacantDeputy {
		row.Class, ask = "half", ask+"&deputy=true"
	}
	if v.mayAppoint(it.Parties) {
		row.Appoint = v.To(bodyAddress(it.Body, ask))
	}
	return row
}

// lead says how many are missing.
func (s vacanciesSeen) lead(v *visit) string {
	if len(s.Rows) == 0 {
		return ""
	}
	var says []string
	if s.Party != "" {
		says = append(says, stopped(s.Party))
	}
	if s.Seats > 0 {
		says = append(says, v.T("governance.page.vacant_seats", "count", s.Seats))
	}
	if s.Deputies > 0 {
		says = append(says, v.T("governance.page.vacant_deputies", "count", s.Deputies))
	}
	return strings.Join(says, " ")
}

// seatsWaiting are what waits for the visitor about who sits where: handovers to
// confirm, offers to answer, and what is vacant.
func (v *visit) seatsWaiting(ctx context.Context, tx *pg.Tx) ([]todo, error) {
	if len(tx.Config().Bodies.Bodies) == 0 || !tx.May(auth.GovernanceRead) {
		return nil, nil
	}
	ts, err := v.handoversWaiting(ctx, tx)
	if err != nil || !tx.MayAnywhere(auth.GovernanceChange) {
		return ts, err
	}
	own := tx.Party()
	if own != uuid.Nil {
		offers, _, err := governance.Offers(ctx, tx, governance.OfferFilter{Organisation: own, Answer: "open", Limit: mostOffers, Page: 1})
		if err != nil {
			return nil, err
		}
		for _, o := range offers {
			b, _ := anyBody(tx.County, o.Body)
			ts = append(ts, todo{v.T("web.wait.offer", "body", v.bodyName(b)), v.T("web.wait.offer_why", "matter", o.Matter),
				v.To("/seat-offers/", o.ID.String(), "/answer"), "waits", v.T("web.wait.offer_by", "day", SentenceDay(v.Lang, o.OfferedOn, v.Today))})
		}
	}
	if own == uuid.Nil {
		bodies, err := governance.Bodies(ctx, tx, v.Today)
		return append(ts, v.emptyWaiting(bodies)...), err
	}
	missing, err := governance.Vacancies(ctx, tx, v.Today)
	return append(ts, v.vacanciesWaiting(missing, own)...), err
}

func (v *visit) handoversWaiting(ctx context.Context, tx *pg.Tx) ([]todo, error) {
	mine, _, err := governance.Handovers(ctx, tx, governance.HandoverFilter{Person: tx.Person, Unfinished: true, Limit: mostOffers, Page: 1})
	if err != nil {
		return nil, err
	}
	// Whoever stands in for others is not waited for.
	self := auth.Actor{Person: tx.Person}
	var ts []todo
	for _, h := range mine {
		class, by := v.handoverState(h)
		if class == "half" {
			class = "waits"
		}
		b, _ := anyBody(tx.County, h.Body)
		given, taken := doneOf(h)
		at := v.To("/handovers/", h.ID.String())
		if given < len(h.Items) && h.MayGive(self) {
			ts = append(ts, todo{v.T("web.wait.give", "body", v.bodyName(b)), v.T("web.wait.give_why"), at, class, by})
		}
		if taken < len(h.Items) && h.MayTake(self) {
			ts = append(ts, todo{v.T("web.wait.take", "body", v.bodyName(b), "name", h.FromName), v.T("web.wait.take_why"), at, class, by})
		}
	}
	return ts, nil
}

// emptyWaiting tells whoever leads the county how many places nobody holds.
func (v *visit) emptyWaiting(bodies []governance.Body) []todo {
	seats := 0
	for _, b := range bodies {
		seats += b.Vacant()
	}
	if seats == 0 {
		return nil
	}
	return []todo{{v.T("web.wait.vacancies", "count", seats), v.T("web.wait.vacancies_why", "bodies", v.word(tenant.AnyBody).TheMany), v.To("/bodies/vacancies"), "none",
		v.T("web.wait.vacancies_by", "count", seats)}}
}

// vacanciesWaiting tells a party of each place of its own that is empty.
func (v *visit) vacanciesWaiting(missing []governance.Vacancy, own uuid.UUID) []todo {
	var ts []todo
	for _, it := range missing {
		if !it.Of(own) {
			continue
		}
		row := v.vacancy(it)
		t := todo{v.Of("web.wait.vacant_", it.What, "body", row.Name), v.Of("web.wait.vacant_", it.What+"_why", "place", row.Whose), row.Appoint, row.Class, row.Word}
		if !it.Since.IsZero() {
			t.By = v.T("web.wait.vacant_by", "day", SentenceDay(v.Lang, it.Since, v.Today))
		}
		ts = append(ts, t)
	}
	return ts
}
