package web

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
)

// The forms about an agreement's parties.

func (d *Door) partyForms(one, party string) []route {
	return slices.Concat(
		both(one+"/parties/new", form[agreement.Entry]{d, members, d.newParty, addParty}),
		both(party+"/end", form[agreement.Exit]{d, members, d.leaving, leave}),
		both(party+"/signature", form[agreement.Signing]{d, members, d.signing, sign}),
	)
}

func (d *Door) newParty(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	_, s, err := v.aboutAgreement(ctx, tx, "participation")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.add_party"), v.T("web.agreement.party_add_lead")
	s.Leaves = []leaf{
		{"who", v.T("web.agreement.party_who"), []string{v.T("web.agreement.party_note")}, []string{"organisation", "status", "from"}},
		{"roles", v.T("web.agreement.party_roles"), []string{v.T("web.agreement.party_roles_note")}, []string{"roles"}},
		{"ground", v.T("web.agreement.party_ground"), nil, []string{"ground", "source"}},
	}
	v.statusOptions(&s)
	s.Options["roles"], s.Times = v.options("organisation.type.", organisation.Types...), map[string]int{"roles": 2}
	s.Options["organisation"], err = organisationOptions(ctx, tx, v, uuid.Nil)
	return s, err
}

// statusOptions are the county's ways to take part; a word is typed where it
// has said none.
func (v *visit) statusOptions(s *sheet) {
	var os []option
	for _, st := range v.County.PartyStatuses.Statuses {
		os = append(os, option{st.Key, capital(st.Word.In(string(v.Lang)).One)})
	}
	if len(os) > 0 {
		s.Options["status"] = os
	}
}

func addParty(ctx context.Context, tx *pg.Tx, v *visit, _ int64, e agreement.Entry) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	if _, err = agreement.Join(ctx, tx, at, e); err != nil {
		return "", err
	}
	return agreementDone(v, "", "party_added#parties")
}

// aboutParty is the beginning of a form about the party that the address names.
func (v *visit) aboutParty(ctx context.Context, tx *pg.Tx, words string) (takingPart, sheet, error) {
	_, s, err := v.aboutAgreement(ctx, tx, words)
	if err != nil {
		return takingPart{}, s, err
	}
	p, err := partyAsked(ctx, tx, v)
	if err != nil {
		return p, s, err
	}
	s.Crumbs = append(s.Crumbs, crumb{p.Who.Name, string(p.At(v))})
	s.Cancel = string(p.At(v))
	return p, s, nil
}

// participationNow is the part to end, to sign for or to hand over: today's, or the last.
func (p takingPart) participationNow() agreement.Participation {
	if p.Now != nil {
		return p.Now.Participation
	}
	return p.Times[0].Participation
}

// keptExit is how a part ends, as its form is filled.
type keptExit struct {
	agreement.Exit
	Version int64 `json:"version"`
}

func (d *Door) leaving(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	p, s, err := v.aboutParty(ctx, tx, "participation_end")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.leave_title", "name", p.Who.Name), v.T("web.agreement.leave_lead")
	s.Leaves = []leaf{{"when", v.T("web.agreement.leave_when"), []string{v.T("web.agreement.leave_note")}, []string{"on", "ground"}}}
	was := p.participationNow()
	s.Thing = keptExit{agreement.Exit{On: was.ValidTo, Ground: was.EndedGround}, was.Version}
	return s, nil
}

func leave(ctx context.Context, tx *pg.Tx, v *visit, version int64, x agreement.Exit) (string, error) {
	p, err := partyAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	was := p.participationNow()
	_, err = agreement.Leave(ctx, tx, was.ID, version, x)
	if fault.Is(err, "common.changed") {
		return "", fault.Changed(keptExit{agreement.Exit{On: was.ValidTo, Ground: was.EndedGround}, was.Version})
	}
	return string(p.At(v, "?done=saved")), err
}

func (d *Door) signing(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	p, s, err := v.aboutParty(ctx, tx, "signature")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.sign_title", "name", p.Who.Name), v.T("web.agreement.sign_lead")
	s.Leaves = []leaf{
		{"who", v.T("web.agreement.signature"), []string{v.T("web.agreement.sign_note")}, []string{"when", "by", "capacity", "person"}},
		{"home", v.T("web.agreement.own_decision"), []string{v.T("web.agreement.own_decision_note")}, []string{"decision", "decided"}},
		{"whence", v.T("web.agreement.whence"), []string{v.T("web.agreement.whence_note")}, []string{"source"}},
	}
	s.Options["person"] = []option{}
	if tx.May(auth.PersonRead) {
		people, _, err := person.List(ctx, tx, person.Filter{Organisation: p.Who.ID, On: v.Today, Limit: 200, Page: 1})
		if err != nil {
			return s, err
		}
		for _, x := range people {
			s.Options["person"] = append(s.Options["person"], option{x.ID.String(), x.Name})
		}
	}
	if p.Now != nil && p.Now.Signature != nil {
		s.Lead = v.T("web.agreement.sign_again_lead")
		s.Thing = p.Now.Signature.Signing
	}
	return s, nil
}

func sign(ctx context.Context, tx *pg.Tx, v *visit, _ int64, x agreement.Signing) (string, error) {
	p, err := partyAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	how := agreement.Sign
	if p.Now != nil && p.Now.Signature != nil {
		how = agreement.CorrectSignature
	}
	if _, err := how(ctx, tx, p.participationNow().ID, x); err != nil {
		return "", err
	}
	return string(p.At(v, "?done=signed")), nil
}

// followParty lets those who came after an organisation take its place.
func followParty(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	p, err := partyAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	if _, err := agreement.FollowSuccession(ctx, tx, p.participationNow().ID, version); err != nil {
		return "", err
	}
	return agreementDone(v, "", "saved#parties")
}
