package web

import (
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// bodySeen is one body with all that its page shows.
type bodySeen struct {
	bodyCard
	PreparedBy, Beneath []crumb
	Decides             string
	Facts               []stated
	Sorts               []string // which seats there are
	Rules               []tenant.Sentence
	Version             tenant.Dated[tenant.Bodies]
	Chairs              []chair
	Map                 *seatMap
	Deputies            []deputy
	Offers              []governance.SeatOffer
	Offered             bool // whether any seat is offered when needed
	Handovers           []governance.Handover
	MayAppoint          bool
	DeputyRule          string
	Promise             *promise // nil for whoever does not see meetings
	Work                bodyWork
}

// deputy is a mandate with what it is for.
type deputy struct {
	governance.Mandate
	For string // the place, or the party's pool
}

// mostOffers is how many offers and handovers a body's page shows.
const mostOffers = 50

func (d *Door) body(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	key := v.r.PathValue("body")
	all, err := governance.Bodies(ctx, tx, v.On)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(all, func(b governance.Body) bool { return b.Key == key })
	if at < 0 {
		return v.absent(tx, key)
	}
	names, err := v.namesOf(ctx, tx, all[at].Body)
	if err != nil {
		return nil, err
	}
	c := tx.County.On(v.On)
	s := bodySeen{bodyCard: v.bodyCard(c, all[at], names), Version: bodyVersion(tx.County, key, v.On)}
	for _, b := range c.Bodies.Preparing(key) {
		s.PreparedBy = append(s.PreparedBy, crumb{v.bodyName(b), string(v.To(bodyAddress(b.Key, "")))})
	}
	for _, b := range c.Bodies.Beneath(key) {
		s.Beneath = append(s.Beneath, crumb{v.bodyName(b), string(v.To(bodyAddress(b.Key, "")))})
	}
	var decides []string
	for _, what := range s.Body.Decides {
		decides = append(decides, v.value("decides", what))
	}
	s.Decides = v.series(decides)
	s.Facts = v.factsOf(s.Body.Body, names)
	if s.Rules, err = governance.Sentences(ctx, tx, s.Body.Body, v.Lang); err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(s.Rules, func(r tenant.Sentence) bool { return r.Rule == "deputies" }); i >= 0 {
		s.DeputyRule = s.Rules[i].Text
	}
	if s.Promise, err = v.promiseOf(ctx, tx, s.Body.Body, s.Rules); err != nil {
		return nil, err
	}
	if s.Work, err = v.workOf(ctx, tx, s.Body.Body); err != nil {
		return nil, err
	}
	ms, err := governance.Members(ctx, tx, key, v.On)
	if err != nil {
		return nil, err
	}
	s.Chairs = v.chairs(s.Body.Body, ms)
	s.Map = v.seatMap(s.Body.Body, s.Chairs)
	s.Deputies = v.deputies(s.Chairs)
	for _, chair := range s.Chairs {
		for _, p := range chair.Parties {
			names[p.Key] = p.Name
		}
		s.MayAppoint = s.MayAppoint || chair.MayAct
	}
	if slices.ContainsFunc(s.Seats, tenant.Seat.Optional) { // who has not been offered a seat has no chair
		body, err := json.Marshal(s.Body.Body)
		if err != nil {
			return nil, err
		}
		called, err := v.organisationNames(ctx, tx, body)
		if err != nil {
			return nil, err
		}
		maps.Copy(names, called)
	}
	s.Sorts = v.seated(s.Body.Body, names)
	s.Offered = slices.ContainsFunc(s.Seats, tenant.Seat.Optional)
	if s.Offered {
		if s.Offers, err = v.offersOn(ctx, tx, key); err != nil {
			return nil, err
		}
	}
	if !v.Past() {
		s.Handovers, _, err = governance.Handovers(ctx, tx, governance.HandoverFilter{Body: key, Unfinished: true, Limit: mostOffers, Page: 1})
	}
	return bodyGovernancePage(v, s), err
}

// namesOf are what the organisations are called that a body names, but for its
// seats: whose they are stands with the places.
func (v *visit) namesOf(ctx context.Context, tx *pg.Tx, b tenant.Body) (map[string]string, error) {
	b.Seats = nil
	raw, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	return v.organisationNames(ctx, tx, raw)
}

// factsOf are what the body is and does, but for what its page says elsewhere.
func (v *visit) factsOf(b tenant.Body, names map[string]string) []stated {
	b.Kind, b.Purpose, b.Under, b.PreparesFor = "", nil, nil, nil
	return slices.DeleteFunc(v.facts(tenant.Bodies{}, b, names), func(s stated) bool { return len(s.Says) == 1 && s.Says[0] == "" })
}

// lead says what the body is for, and how its seats are filled.
func (s bodySeen) lead(v *visit) string {
	says := stopped(v.Words(s.Purpose))
	if says == "" && s.Decides != "" {
		says = v.T("governance.page.decides_lead", "body", s.Name, "what", s.Decides)
	}
	if s.Places > 0 {
		if says != "" {
			says += " "
		}
		says += v.T("governance.page.lead_places", "count", s.Places, "held", s.Held)
	}
	return says
}

// deputies are all that the chairs have, each once: those for a place, then
// those of the parties' pools.
func (v *visit) deputies(all []chair) []deputy {
	var ds []deputy
	for _, c := range all {
		for _, m := range c.Deputies {
			if slices.ContainsFunc(ds, func(d deputy) bool { return d.ID == m.ID }) {
				continue
			}
			of := deputy{Mandate: m}
			switch {
			case m.Pooled():
				of.For = v.T("governance.page.pool", "party", m.Party)
			case m.Place == c.Key:
				of.For = c.Whose
			default: // of another place of the party
				if i := slices.IndexFunc(all, func(o chair) bool { return o.Key == m.Place }); i >= 0 {
					of.For = all[i].Whose
				}
			}
			ds = append(ds, of)
		}
	}
	return ds
}

// offersOn are a body's offers as they stood on the day.
func (v *visit) offersOn(ctx context.Context, tx *pg.Tx, body string) ([]governance.SeatOffer, error) {
	offers, _, err := governance.Offers(ctx, tx, governance.OfferFilter{Body: body, Limit: mostOffers, Page: 1})
	offers = slices.DeleteFunc(offers, func(o governance.SeatOffer) bool { return o.OfferedOn.After(v.On) })
	for i, o := range offers {
		if o.AnsweredOn.After(v.On) {
			offers[i].Answer, offers[i].AnsweredOn = "", day.Day{}
		}
	}
	return offers, err
}

// offerState is an offer's state: its class and its word.
func (v *visit) offerState(o governance.SeatOffer) (class, word string) {
	class = map[string]string{"": "waits", governance.Accepted: "on", governance.Declined: "no", governance.Withdrawn: "closed"}[o.Answer]
	return class, v.Of("governance.offer.", cmp.Or(o.Answer, "open"))
}

// seatWord is what the seat of an offer is called.
func (v *visit) seatWord(b tenant.Body, key string) string {
	s, _ := b.Seat(key)
	return tenant.Capital(cmp.Or(v.Words(s.Name), key))
}

// handoverState is a handover's state: its class and its words.
func (v *visit) handoverState(h governance.Handover) (class, word string) {
	switch {
	case h.Finished:
		return "on", v.T("governance.page.handover_finished")
	case h.Overdue:
		return "late", v.T("governance.page.handover_late", "day", SentenceDay(v.Lang, h.DueOn, v.Today))
	case !h.To.Valid:
		return "none", v.T("governance.page.handover_nobody")
	}
	return "half", v.T("governance.page.handover_by", "day", SentenceDay(v.Lang, h.DueOn, v.Today))
}

// doneOf is how many points of a handover are given and taken.
func doneOf(h governance.Handover) (given, taken int) {
	for _, it := range h.Items {
		if it.GivenAt != nil {
			given++
		}
		if it.TakenAt != nil {
			taken++
		}
	}
	return given, taken
}

// ruleSays splits an unknown rule into that it is unknown, and what follows.
func ruleSays(s tenant.Sentence) (first, rest string) {
	if !s.Unknown {
		return "", s.Text
	}
	return sentences(s.Text, "")
}

// split parts the rules that are known from those that nobody has said.
func split(rules []tenant.Sentence) (known, unknown []tenant.Sentence) {
	for _, r := range rules {
		if r.Unknown {
			unknown = append(unknown, r)
		} else {
			known = append(known, r)
		}
	}
	return known, unknown
}

func (v *visit) rulesKnown(rules []tenant.Sentence) string {
	asked := slices.DeleteFunc(slices.Clone(rules), func(r tenant.Sentence) bool { return r.Rule == tenant.TellsRecordWords }) // own words are nothing that is missing
	known, _ := split(asked)
	return v.T("governance.page.rules_known", "count", len(asked), "known", len(known))
}

// absent is the page of a body that there is not on the day, but on another.
func (v *visit) absent(tx *pg.Tx, key string) (templ.Component, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return nil, err
	}
	gone := v.gone(tx.County)
	i := slices.IndexFunc(gone, func(g bodyGone) bool { return g.Key == key })
	if i < 0 {
		_, err := governance.BodyOn(tx, key, v.On)
		return nil, err
	}
	return bodyAbsentPage(v, gone[i]), nil
}

// placeName is what a mandate's place was called on its first day.
func (v *visit) placeName(ctx context.Context, tx *pg.Tx, m governance.Mandate) (string, error) {
	if m.Pooled() {
		return v.T("governance.page.pool", "party", m.Party), nil
	}
	places, err := governance.Places(ctx, tx, m.Body, m.From)
	if err != nil && !fault.Is(err, "common.not_found") {
		return "", err
	}
	for _, p := range places {
		if p.Key == m.Place {
			return v.whose(p), nil
		}
	}
	return cmp.Or(m.Party, m.Place), nil
}

// partyID is the one party of a place, none where there are several or none.
func partyID(p governance.Place) uuid.UUID {
	if len(p.Parties) == 1 {
		return p.Parties[0].ID
	}
	return uuid.Nil
}

// appointAddress is where somebody is sat on a place.
func appointAddress(body, place string) string {
	return bodyAddress(body, "/appoint?place="+url.QueryEscape(place))
}

func spanOf(from, to day.Day) day.Span { return day.Span{From: from, To: to} }
