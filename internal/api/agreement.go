package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
)

// AsOf asks for something as it stood on a day.
type AsOf struct {
	On day.Day `query:"on" doc:"As of this day. Default: today in Sweden." example:"2026-11-25"`
}

func (a AsOf) day(tx *pg.Tx) day.Day {
	if a.On.IsZero() {
		return tx.Today()
	}
	return a.On
}

// InAgreement names an agreement in the path.
type InAgreement struct {
	InCounty
	ID uuid.UUID `path:"agreement" doc:"The agreement's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// AgreementOn asks for something of an agreement as of a day.
type AgreementOn struct {
	InAgreement
	AsOf
}

// AgreementPage asks for a page of something about an agreement.
type AgreementPage struct {
	InAgreement
	Paging
}

// AgreementPageOn is AgreementPage as of a day.
type AgreementPageOn struct {
	InAgreement
	AsOf
	Paging
}

// AgreementQuery asks for agreements.
type AgreementQuery struct {
	InCounty
	AsOf
	Kind  string `query:"kind" maxLength:"60" pattern:"^[a-z][a-z0-9-]*$" doc:"Only of this kind, as the county's configuration names it." example:"agreement"`
	State string `query:"state" enum:"draft,awaiting,coming,in-force,in-force-unsaid,in-force-early,without-text,unknown,ended,ended-succeeded,ended-by-decision" doc:"Only those in this state on the day." example:"in-force"`
	Paging
}

// Agreement is an instrument of the county's, an agreement, strategy or plan,
// with what leads on from it.
type Agreement struct {
	agreement.Instrument
	Linked
}

// AgreementList is a page of agreements.
type AgreementList struct {
	Agreements []Agreement `json:"agreements" doc:"The agreements: those without an end first, then by end, the latest first."`
	Paged
}

// NewAgreement is a new agreement's card.
type NewAgreement struct {
	InCounty
	Body agreement.Card
}

// ChangedAgreement is an agreement's card, written anew.
type ChangedAgreement struct {
	InAgreement
	Body agreement.Card
}

// StateOnDay is the state of an agreement on a day.
type StateOnDay struct {
	agreement.State
	On    day.Day `json:"on" doc:"The day asked about." example:"2026-11-25"`
	Holds bool    `json:"holds" doc:"Whether it is in force." example:"true"`
	Ended bool    `json:"ended" doc:"Whether it is over." example:"false"`
	Linked
}

// Publication says whether an agreement is published.
type Publication struct {
	Published bool `json:"published" doc:"Whether the public may see its card, validity, parties, goals and local agreements." example:"true"`
}

// NewPublication publishes an agreement, or no longer.
type NewPublication struct {
	InAgreement
	Body Publication
}

// Validity is one word of an agreement's validity.
type Validity struct {
	agreement.Term
	Linked
}

// ValidityList is a page of an agreement's validities.
type ValidityList struct {
	Validities []Validity `json:"validities" doc:"All that has been said, first said first."`
	Paged
}

// NewValidity says from when until when an agreement holds.
type NewValidity struct {
	InAgreement
	Body agreement.Term
}

// Lead is one who leads an agreement.
type Lead struct {
	agreement.Leader
	Linked
}

// LeadList is a page of those who lead.
type LeadList struct {
	Leads []Lead `json:"leads" doc:"Those who lead on the day, in Swedish order."`
	Paged
}

// NewLead lets an organisation lead.
type NewLead struct {
	InAgreement
	Body agreement.Leadership
}

// LeadEnding lets an organisation lead no longer.
type LeadEnding struct {
	InAgreement
	Organisation uuid.UUID `path:"organisation" doc:"The organisation that leads." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Body         LastDay
}

// LastDay is the first day on which something is no longer so.
type LastDay struct {
	From day.Day `json:"from" doc:"The first day it is no longer so." example:"2026-01-01"`
}

// Kin is an agreement that came before or after.
type Kin struct {
	agreement.Relative
	Linked
}

// KinList is a page of agreements before and after.
type KinList struct {
	Relatives []Kin `json:"relatives" doc:"What came before and after, by title."`
	Paged
}

// TimelineMoment is one thing that happened.
type TimelineMoment struct {
	agreement.Moment
	Linked
}

// Timeline is a page of what happened.
type Timeline struct {
	Moments []TimelineMoment `json:"moments" doc:"What happened, latest first. Sources that differ stand beside each other."`
	Paged
}

// TwoDays asks how something differs between two days.
type TwoDays struct {
	InAgreement
	From day.Day `query:"from" doc:"The first day. Default: a year before the second." example:"2022-01-01"`
	To   day.Day `query:"to" doc:"The second day. Default: today in Sweden." example:"2026-11-25"`
}

// DifferingDays is how an agreement differs between two days.
type DifferingDays struct {
	From day.Day `json:"from" doc:"The first day." example:"2022-01-01"`
	To   day.Day `json:"to" doc:"The second day." example:"2026-11-25"`
	agreement.Difference
	Linked
}

// SituationQuery asks what is in force on a day.
type SituationQuery struct {
	InCounty
	AsOf
}

// Situation is what is in force in a county on a day, and what is missing.
type Situation struct {
	On            day.Day              `json:"on" doc:"The day asked about." example:"2026-11-25"`
	InForce       []Agreement          `json:"currentAgreements" nullable:"false" doc:"What holds."`
	Coming        []Agreement          `json:"comingAgreements" nullable:"false" doc:"What is decided or drafted and does not hold yet."`
	Missing       []Agreement          `json:"endedAgreements" nullable:"false" doc:"What has ended without anything known after it."`
	Continuations []agreement.LivingOn `json:"continuations" nullable:"false" doc:"What goes on although its agreement has ended."`
	Linked
}

// SearchQuery asks for what words find.
type SearchQuery struct {
	InCounty
	Query string `query:"q" maxLength:"200" doc:"Words, or beginnings of words, in names, titles, texts, and documents' kinds and file names. Another form of a Swedish word finds too." example:"överenskommelsen"`
	Paging
}

// Hit is something that a search found.
type Hit struct {
	agreement.Hit
	Linked
}

// HitList is a page of what a search found.
type HitList struct {
	Hits []Hit `json:"hits" doc:"What was found: agreements, goals, local agreements, networks, documents."`
	Paged
}

func (d *Door) agreements() {
	const all, one = "/counties/{county}/agreements", "/counties/{county}/agreements/{agreement}"

	list(d, Member, all, "list-agreements", func(ctx context.Context, tx *pg.Tx, in *AgreementQuery) (l AgreementList, total int, err error) {
		is, total, err := agreement.List(ctx, tx, agreement.Filter{Kind: in.Kind, State: in.State, On: in.day(tx), Limit: in.Limit, Page: in.Page})
		for _, i := range is {
			l.Agreements = append(l.Agreements, d.agreement(tx, i))
		}
		return l, total, err
	})
	create(d, all, "create-agreement", func(ctx context.Context, tx *pg.Tx, in *NewAgreement) (Agreement, error) {
		i, err := agreement.Create(ctx, tx, in.Body)
		return d.agreement(tx, i), err
	})
	read(d, Member, one, "get-agreement", func(ctx context.Context, tx *pg.Tx, in *AgreementOn) (Agreement, error) {
		i, err := agreement.Get(ctx, tx, in.ID, in.day(tx))
		return d.agreement(tx, i), err
	})
	replace(d, one, "replace-agreement", func(ctx context.Context, tx *pg.Tx, in *ChangedAgreement, version int64) (Agreement, error) {
		i, err := agreement.Change(ctx, tx, in.ID, version, in.Body)
		return d.agreement(tx, i), err
	})
	read(d, Member, one+"/state", "get-agreement-state", func(ctx context.Context, tx *pg.Tx, in *AgreementOn) (s StateOnDay, err error) {
		s.On = in.day(tx)
		s.State, err = agreement.StateOn(ctx, tx, in.ID, s.On)
		s.Holds, s.Ended = s.State.Holds(), s.HasEnded()
		s.Linked = d.below(tx, in.ID, "state?on="+s.On.String())
		return s, err
	})
	replace(d, one+"/publication", "publish-agreement", func(ctx context.Context, tx *pg.Tx, in *NewPublication, version int64) (Agreement, error) {
		i, err := agreement.Publish(ctx, tx, in.ID, version, in.Body.Published)
		return d.agreement(tx, i), err
	})
	list(d, Member, one+"/validities", "list-agreement-validities", func(ctx context.Context, tx *pg.Tx, in *AgreementPage) (l ValidityList, total int, err error) {
		if err := agreement.Exists(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		ts, err := agreement.Validities(ctx, tx, in.ID)
		for _, t := range cut(ts, in.Paging) {
			l.Validities = append(l.Validities, Validity{t, d.partOf(tx, in.ID)})
		}
		return l, len(ts), err
	})
	act(d, one+"/validities", "set-agreement-validity", func(ctx context.Context, tx *pg.Tx, in *NewValidity, version int64) (Agreement, error) {
		i, err := agreement.SetValidity(ctx, tx, in.ID, version, in.Body)
		return d.agreement(tx, i), err
	})
	list(d, Member, one+"/leads", "list-agreement-leads", func(ctx context.Context, tx *pg.Tx, in *AgreementPageOn) (l LeadList, total int, err error) {
		if err := agreement.Exists(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		ls, err := agreement.Leads(ctx, tx, in.ID, in.day(tx))
		for _, who := range cut(ls, in.Paging) {
			it := Lead{who, d.partOf(tx, in.ID)}
			it.Links.to("organisation", http.MethodGet, d.at("counties", tx.Tenant, "organisations", who.Organisation.String()))
			if tx.May(auth.AgreementChange) && who.ValidTo.IsZero() {
				it.Links.to("ending", http.MethodPost, d.instrument(tx, in.ID)+"/leads/"+who.Organisation.String()+"/ending")
			}
			l.Leads = append(l.Leads, it)
		}
		return l, len(ls), err
	})
	act(d, one+"/leads", "lead-agreement", func(ctx context.Context, tx *pg.Tx, in *NewLead, version int64) (Agreement, error) {
		i, err := agreement.Lead(ctx, tx, in.ID, version, in.Body)
		return d.agreement(tx, i), err
	})
	act(d, one+"/leads/{organisation}/ending", "end-agreement-lead", func(ctx context.Context, tx *pg.Tx, in *LeadEnding, version int64) (Agreement, error) {
		i, err := agreement.Unlead(ctx, tx, in.ID, version, in.Organisation, in.Body.From)
		return d.agreement(tx, i), err
	})
	list(d, Member, one+"/relatives", "list-agreement-relatives", func(ctx context.Context, tx *pg.Tx, in *AgreementPage) (l KinList, total int, err error) {
		if err := agreement.Exists(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		rs, err := agreement.Relatives(ctx, tx, in.ID)
		for _, r := range cut(rs, in.Paging) {
			k := Kin{r, Linked{Links{}}}
			k.Links.to("self", http.MethodGet, d.instrument(tx, r.ID))
			l.Relatives = append(l.Relatives, k)
		}
		return l, len(rs), err
	})
	list(d, Member, one+"/timeline", "list-agreement-timeline", func(ctx context.Context, tx *pg.Tx, in *AgreementPage) (l Timeline, total int, err error) {
		if err := agreement.Exists(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		ms, total, err := agreement.Timeline(ctx, tx, in.ID, in.Limit, in.Page)
		for _, m := range ms {
			l.Moments = append(l.Moments, TimelineMoment{m, d.partOf(tx, in.ID)})
		}
		return l, total, err
	})
	read(d, Member, one+"/differences", "compare-agreement", func(ctx context.Context, tx *pg.Tx, in *TwoDays) (x DifferingDays, err error) {
		if x.To = in.To; x.To.IsZero() {
			x.To = tx.Today()
		}
		if x.From = in.From; x.From.IsZero() {
			x.From = x.To.AddMonths(-12)
		}
		x.Difference, err = agreement.Compare(ctx, tx, in.ID, x.From, x.To)
		x.Linked = d.below(tx, in.ID, "differences?from="+x.From.String()+"&to="+x.To.String())
		return x, err
	})
	list(d, Member, one+"/history", "list-agreement-history", func(ctx context.Context, tx *pg.Tx, in *AgreementPage) (EntryList, int, error) {
		if err := agreement.Exists(ctx, tx, in.ID); err != nil {
			return EntryList{}, 0, err
		}
		return history(ctx, tx, "instrument", in.ID, in.Paging)
	})
	read(d, Member, "/counties/{county}/situation", "get-situation", func(ctx context.Context, tx *pg.Tx, in *SituationQuery) (s Situation, err error) {
		s.On = in.day(tx)
		it, err := agreement.InForce(ctx, tx, s.On)
		s.InForce, s.Coming, s.Missing, s.Continuations = d.many(tx, it.InForce), d.many(tx, it.Coming), d.many(tx, it.Missing), it.LivesOn
		s.Links = Links{}
		s.Links.to("self", http.MethodGet, d.at("counties", tx.Tenant, "situation")+"?on="+s.On.String())
		s.Links.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "agreements"))
		return s, err
	})
	list(d, Member, "/counties/{county}/search-hits", "search-agreements", func(ctx context.Context, tx *pg.Tx, in *SearchQuery) (l HitList, total int, err error) {
		hs, total, err := agreement.Search(ctx, tx, in.Query, in.Limit, in.Page)
		for _, h := range hs {
			collection := map[string]string{"instrument": "agreements", "goal": "goals", "local-agreement": "local-agreements", "network": "networks", "document": "documents"}[h.Subject]
			it := Hit{h, Linked{Links{}}}
			it.Links.to("self", http.MethodGet, d.at("counties", tx.Tenant, collection, h.ID.String()))
			if h.Instrument != uuid.Nil && h.Instrument != h.ID {
				it.Links.to("up", http.MethodGet, d.instrument(tx, h.Instrument))
			}
			l.Hits = append(l.Hits, it)
		}
		return l, total, err
	})

	d.agreementPapers()
	d.agreementParties()
	d.agreementGoals()
	d.agreementNetworks()
	d.localAgreements()
	d.agreementDrafts()
	d.agreementExports()
	d.publishedAgreements()
}

// instrument is an agreement's address.
func (d *Door) instrument(tx *pg.Tx, id uuid.UUID) string {
	return d.at("counties", tx.Tenant, "agreements", id.String())
}

// partOf links what has no address of its own to its agreement.
func (d *Door) partOf(tx *pg.Tx, id uuid.UUID) Linked {
	l := Links{}
	l.to("up", http.MethodGet, d.instrument(tx, id))
	return Linked{l}
}

// below links what lies at a path under an agreement.
func (d *Door) below(tx *pg.Tx, id uuid.UUID, path string) Linked {
	l := d.partOf(tx, id)
	l.Links.to("self", http.MethodGet, d.instrument(tx, id)+"/"+path)
	return l
}

func (d *Door) many(tx *pg.Tx, is []agreement.Instrument) []Agreement {
	as := make([]Agreement, len(is))
	for n, i := range is {
		as[n] = d.agreement(tx, i)
	}
	return as
}

// agreement adds what leads on, and what the caller may do.
func (d *Door) agreement(tx *pg.Tx, i agreement.Instrument) Agreement {
	here := d.instrument(tx, i.ID)
	l := Links{}
	l.to("self", http.MethodGet, here)
	l.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "agreements"))
	for _, rel := range []string{"state", "texts", "events", "adoptions", "validities", "leads", "participations", "non-parties", "goals", "levels", "counts",
		"timeline", "relatives", "differences", "history", "export"} {
		l.to(rel, http.MethodGet, here+"/"+rel)
	}
	l.to("networks", http.MethodGet, d.at("counties", tx.Tenant, "networks")+"?agreement="+i.ID.String())
	l.to("local-agreements", http.MethodGet, d.at("counties", tx.Tenant, "local-agreements")+"?agreement="+i.ID.String())
	if i.Draft {
		l.to("draft", http.MethodGet, here+"/draft")
	}
	if tx.May(auth.AgreementChange) {
		l.to("edit", http.MethodPut, here)
		if !i.Draft {
			l.to("publication", http.MethodPut, here+"/publication")
			l.to("successor-drafts", http.MethodPost, here+"/successor-drafts")
		}
	}
	return Agreement{i, Linked{l}}
}
