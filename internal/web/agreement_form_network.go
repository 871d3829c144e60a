package web

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/pg"
)

// The forms about the networks that an agreement leans on.

func (d *Door) networkForms(one string) []route {
	return slices.Concat(
		both(one+"/networks/new", form[agreement.Group]{d, members, d.newNetwork, addNetwork}),
		both(one+"/networks/{network}/edit", form[agreement.Group]{d, members, d.editNetwork, changeNetwork}),
	)
}

func (v *visit) networkSheet(ctx context.Context, tx *pg.Tx, s *sheet, i agreement.Instrument, had []uuid.UUID) (err error) {
	s.Leaves = []leaf{
		{"what", v.T("web.agreement.about"), []string{v.T("web.agreement.network_note")}, []string{"name", "purpose", "ledBy", "contact", "website"}},
		{"goals", v.T("web.agreement.works_for"), nil, []string{"goals"}},
		{"when", v.T("web.agreement.known_there"), nil, []string{"validFrom", "validTo", "source"}},
	}
	s.Kinds["purpose"] = "area"
	s.Times = map[string]int{"goals": len(had) + 2}
	if s.Options["ledBy"], err = organisationOptions(ctx, tx, v, uuid.Nil); err != nil {
		return err
	}
	s.Options["goals"], err = goalOptions(ctx, tx, v, i, uuid.Nil, had...)
	return err
}

func (d *Door) newNetwork(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "network")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.add_network"), v.T("web.agreement.network_lead")
	return s, v.networkSheet(ctx, tx, &s, i, nil)
}

func addNetwork(ctx context.Context, tx *pg.Tx, v *visit, _ int64, g agreement.Group) (string, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return "", err
	}
	g.Instrument = i.ID
	if _, err := agreement.AddNetwork(ctx, tx, g, ""); err != nil {
		return "", err
	}
	return agreementDone(v, "", "network_added#networks")
}

func (d *Door) editNetwork(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "network")
	if err != nil {
		return s, err
	}
	_, n, err := networkAsked(ctx, tx, v)
	if err != nil {
		return s, err
	}
	s.Title, s.Thing = v.T("web.agreement.edit_network", "name", n.Name), n
	s.Cancel = string(agreementAt(v, i.ID, "/networks/", n.ID.String()))
	s.Crumbs = append(s.Crumbs, crumb{n.Name, s.Cancel})
	return s, v.networkSheet(ctx, tx, &s, i, n.Goals)
}

func changeNetwork(ctx context.Context, tx *pg.Tx, v *visit, version int64, g agreement.Group) (string, error) {
	i, n, err := networkAsked(ctx, tx, v)
	if err != nil {
		return "", err
	}
	g.Instrument = n.Instrument
	_, err = agreement.ChangeNetwork(ctx, tx, n.ID, version, g)
	return string(agreementAt(v, i.ID, "/networks/", n.ID.String(), "?done=saved")), err
}
