package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// The forms about local agreements, under a regional one or on their own.

func (d *Door) localForms(one string) []route {
	const alone = "/lan/{county}/local-agreements"
	return slices.Concat(
		[]route{get(alone+"/{local}", d.dated(members, d.localAgreement))},
		both(alone+"/new", form[agreement.LocalCard]{d, members, d.newLocal, addLocal}),
		both(alone+"/{local}/edit", form[agreement.LocalCard]{d, members, d.editLocal, changeLocal}),
		both(one+"/local-agreements/new", form[agreement.LocalCard]{d, members, d.newLocal, addLocal}),
		both(one+"/local-agreements/{local}/edit", form[agreement.LocalCard]{d, members, d.editLocal, changeLocal}),
	)
}

func (v *visit) localSheet(ctx context.Context, tx *pg.Tx, s *sheet, had []uuid.UUID) (err error) {
	s.Leaves = []leaf{
		{"what", v.T("web.agreement.about"), []string{v.T("web.agreement.local_note")}, []string{"title", "instrument", "registryNumber", "initiatedBy", "note", "link"}},
		{"parties", v.T("web.agreement.its_parties"), []string{v.T("web.agreement.its_parties_note")}, []string{"parties"}},
		{"when", v.T("web.agreement.when_holds"), nil, []string{"from", "until", "periodUnknown", "source"}},
		{"public", v.T("organisation.page.public"), nil, []string{"published"}},
	}
	s.Kinds["note"], s.Kinds["link"] = "area", "url"
	s.Times = map[string]int{"parties": len(had) + 3}
	options, err := organisationOptions(ctx, tx, v, uuid.Nil)
	for _, id := range had { // it may have ended, and is a party still
		if err == nil && !slices.ContainsFunc(options, func(o option) bool { return o.Value == id.String() }) {
			var o organisation.Organisation
			o, err = organisation.Get(ctx, tx, id)
			options = append(options, option{id.String(), o.Name})
		}
	}
	if err != nil {
		return err
	}
	s.Options["parties"], s.Options["initiatedBy"], s.Options["instrument"] = options, options, []option{}
	all, _, err := agreement.List(ctx, tx, agreement.Filter{Limit: mostOffered, Page: 1})
	for _, i := range all {
		s.Options["instrument"] = append(s.Options["instrument"], option{i.ID.String(), titled(i.Title)})
	}
	return err
}

// aboutLocals is the beginning of a form about a local agreement: within the
// agreement that the address names, or on its own.
func (v *visit) aboutLocals(ctx context.Context, tx *pg.Tx) (agreement.Instrument, sheet, error) {
	if v.r.PathValue("id") != "" {
		return v.aboutAgreement(ctx, tx, "local_agreement")
	}
	to := v.To("/agreements")
	return agreement.Instrument{}, sheet{Words: "local_agreement", Crumbs: v.agreementsCrumb(), Cancel: string(to) + "#alone", Submit: v.T("form.save"),
		Options: map[string][]option{}, Kinds: map[string]string{}}, tx.Require(auth.AgreementChange)
}

func (d *Door) newLocal(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutLocals(ctx, tx)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead, s.Thing = v.T("web.agreement.add_local"), v.T("web.agreement.local_add_lead"), agreement.LocalCard{Instrument: i.ID, Published: true}
	return s, v.localSheet(ctx, tx, &s, nil)
}

func addLocal(ctx context.Context, tx *pg.Tx, v *visit, _ int64, c agreement.LocalCard) (string, error) {
	if v.r.PathValue("id") != "" {
		if _, err := agreementNow(ctx, tx, v); err != nil {
			return "", err
		}
	}
	l, err := agreement.AddLocal(ctx, tx, c, "")
	if err != nil {
		return "", err
	}
	if c.Instrument == uuid.Nil {
		return string(localAt(v, l, "?done=local_added")), nil
	}
	return string(agreementAt(v, c.Instrument, "?done=local_added#local")), nil
}

func (d *Door) editLocal(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	_, s, err := v.aboutLocals(ctx, tx)
	if err != nil {
		return s, err
	}
	_, l, err := localAsked(ctx, tx, v)
	if err != nil {
		return s, err
	}
	s.Title, s.Thing = v.T("web.agreement.edit_local", "name", titled(l.Title)), l
	s.Cancel = string(localAt(v, l))
	s.Crumbs = append(s.Crumbs, crumb{titled(l.Title), s.Cancel})
	return s, v.localSheet(ctx, tx, &s, l.Parties)
}

func changeLocal(ctx context.Context, tx *pg.Tx, v *visit, version int64, c agreement.LocalCard) (string, error) {
	_, l, err := localAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	l, err = agreement.ChangeLocal(ctx, tx, l.ID, version, c)
	return string(localAt(v, l, "?done=saved")), err
}

// localAt is a local agreement's address: under the regional one, or its own.
func localAt(v *visit, l agreement.LocalAgreement, parts ...string) templ.SafeURL {
	last := "/local-agreements/" + l.ID.String() + strings.Join(parts, "")
	if l.Instrument == uuid.Nil {
		return v.To(last)
	}
	return agreementAt(v, l.Instrument, last)
}
