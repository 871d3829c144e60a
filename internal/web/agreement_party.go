package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) party(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	p, err := partyAsked(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	kin, err := organisation.Kindred(ctx, tx, p.Who.ID)
	if err != nil {
		return nil, err
	}
	p.Follows = slices.ContainsFunc(kin, func(k organisation.Kin) bool { return !k.Before })
	p.Locals, _, err = agreement.Locals(ctx, tx, agreement.LocalFilter{Instrument: p.In.ID, Party: p.Who.ID, On: v.On, Limit: 100, Page: 1})
	return partyPage(v, p), err
}

// takingPart is an organisation's part in an agreement.
type takingPart struct {
	In        agreement.Instrument
	Who       organisation.Organisation
	Now       *agreement.Party // as it takes part on the day
	Times     []agreement.Involvement
	Follows   bool // whether others came after the organisation
	Signs     bool
	Locals    []agreement.LocalAgreement
	Instances int
}

// partyAsked is the part that the address's organisation has, or has had, in the agreement.
func partyAsked(ctx context.Context, tx *pg.Tx, v *visit) (p takingPart, err error) {
	at, err := id(v.r, "id")
	if err != nil {
		return p, err
	}
	if p.In, err = agreement.Get(ctx, tx, at, v.On); err != nil {
		return p, err
	}
	who, err := id(v.r, "party")
	if err != nil {
		return p, err
	}
	if p.Who, err = organisation.Get(ctx, tx, who); err != nil {
		return p, err
	}
	all, err := agreement.Involvements(ctx, tx, who)
	if err != nil {
		return p, err
	}
	for _, i := range all {
		if i.Instrument == at {
			p.Times = append(p.Times, i)
		}
	}
	if len(p.Times) == 0 {
		return p, fault.Missing()
	}
	ps, err := agreement.PartiesOn(ctx, tx, at, v.On)
	for _, q := range ps.List {
		if q.Organisation == who {
			p.Now, p.Signs = &q, q.Signs
		}
	}
	return p, err
}

func (p takingPart) lead(v *visit) string {
	switch {
	case p.Now == nil:
		return v.T("web.agreement.party_lead_past")
	case !p.Now.Counted:
		return v.T("web.agreement.party_lead_beside", "status", v.statusOf(p.Now.Status))
	case p.Now.Signature != nil:
		return v.T("web.agreement.party_lead_signed", "day", p.Now.Signature.When.In(v.Lang))
	case p.Now.HasSigned:
		return v.T("web.agreement.party_lead_all")
	case p.Signs:
		return v.T("web.agreement.party_lead_unsigned")
	}
	return v.T("web.agreement.party_lead", "status", v.statusOf(p.Now.Status))
}

// time is from when until when it takes part, in words.
func (v *visit) partTime(p agreement.Participation) string {
	from := v.T("web.agreement.from_the_beginning_small")
	if !p.From.IsZero() {
		from = v.T("web.agreement.period_from", "from", p.From.In(v.Lang))
	}
	if p.ValidTo.IsZero() {
		return capital(from)
	}
	return capital(v.T("web.agreement.version_until", "from", from, "day", LongDay(v.Lang, p.ValidTo.Add(-1))))
}

// At is an address under the party's part.
func (p takingPart) At(v *visit, parts ...string) templ.SafeURL {
	return agreementAt(v, p.In.ID, "/parties/", p.Who.ID.String(), strings.Join(parts, ""))
}

func (v *visit) partyKind(p takingPart) string {
	kind := small(v.Of("organisation.type.", p.Who.Type))
	if p.Now == nil {
		return capital(kind)
	}
	return capital(v.statusOf(p.Now.Status)) + " · " + kind
}

func (v *visit) noSignatureWhy(p takingPart) string {
	if p.Now.HasSigned {
		return v.T("web.agreement.no_signature_all")
	}
	return v.T("web.agreement.no_signature_why")
}

func (a agreed) partyCaption(v *visit) string {
	p := v.word(tenant.Party)
	return v.T("web.agreement.parties_on", "parties", Number(v.Lang, int64(a.Parties.Known))+" "+p.Of(a.Parties.Known), "day", LongDay(v.Lang, v.On))
}

func (a agreed) partyNotes(v *visit) []string {
	var notes []string
	if len(a.Absent) > 0 {
		notes = append(notes, v.T("web.agreement.parties_note"))
	}
	if n := a.Parties.Known - a.Parties.Counted; n > 0 {
		notes = append(notes, v.T("web.agreement.unnamed_parties", "count", n, "source", a.Parties.Source))
	}
	if a.Public {
		notes = append(notes, v.T("web.agreement.public_parties"))
	}
	return notes
}

// absentSentence names the county's own municipalities that are no parties.
func (a agreed) absentSentence(v *visit) string {
	if len(a.Absent) == 0 || len(a.Absent) > 5 {
		return ""
	}
	var names []string
	for _, n := range a.Absent {
		names = append(names, strings.TrimSuffix(strings.TrimSuffix(n.Name, " kommun"), "s"))
	}
	if len(names) == 1 {
		return v.T("web.agreement.one_absent", "name", names[0])
	}
	return v.T("web.agreement.some_absent", "names", v.and(names))
}

// partySource says where the parties are known from, and what no source tells of them.
func (a agreed) partySource(v *visit) string {
	if a.Public {
		return ""
	}
	var s []string
	sources := map[string]bool{}
	for _, p := range a.Parties.List {
		if p.Source != "" && len(sources) < 3 && !sources[p.Source] {
			sources[p.Source] = true
			s = append(s, p.Source)
		}
	}
	said := ""
	if len(s) > 0 {
		said = stopped(v.T("web.source", "source", strings.Join(s, "; ")))
	}
	if _, signed, _ := a.columns(); a.Signs && !signed {
		said = joined(" ", said, v.T("web.agreement.signing_unsaid"))
		if w := a.AllSigned; !w.IsZero() && !v.On.Before(w.Day()) {
			said += " " + v.T("web.agreement.all_by", "day", LongDay(v.Lang, w.Day()))
		}
	}
	return said
}

// partyType is what sort of organisation a party is party as.
func (v *visit) partyType(p agreement.Party) string {
	if len(p.Roles) == 0 {
		return small(v.Of("organisation.type.", p.Type))
	}
	var as []string
	for _, r := range p.Roles {
		as = append(as, small(v.Of("organisation.type.", r)))
	}
	return v.and(as)
}

func ownDecision(s *agreement.Signature) string {
	if s.Decided.IsZero() || strings.Contains(s.Decision, s.Decided.String()) {
		return s.Decision
	}
	return joined(", ", s.Decision, s.Decided.String())
}
