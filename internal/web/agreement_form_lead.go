package web

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) newLead(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	_, s, err := v.aboutAgreement(ctx, tx, "instrument_lead")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.add_lead"), v.T("web.agreement.lead_lead")
	s.Leaves = []leaf{{"who", v.T("web.agreement.lead_who"), []string{v.T("web.agreement.lead_note")}, []string{"organisation", "from", "source"}}}
	s.Options["organisation"], err = organisationOptions(ctx, tx, v, uuid.Nil)
	return s, err
}

func addLead(ctx context.Context, tx *pg.Tx, v *visit, _ int64, l agreement.Leadership) (string, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return "", err
	}
	if _, err = agreement.Lead(ctx, tx, i.ID, i.Version, l); err != nil {
		return "", err
	}
	return agreementDone(v, "", "saved")
}

// unleading is the first day on which somebody leads no longer.
type unleading struct {
	From day.Day `json:"from"`
}

// leadAsked is the one of those who lead today that the address names.
func leadAsked(ctx context.Context, tx *pg.Tx, v *visit) (agreement.Leader, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return agreement.Leader{}, err
	}
	who, err := id(v.r, "lead")
	if err != nil {
		return agreement.Leader{}, err
	}
	ls, err := agreement.Leads(ctx, tx, i.ID, v.Today)
	for _, l := range ls {
		if l.Organisation == who && l.ValidTo.IsZero() {
			return l, nil
		}
	}
	if err == nil {
		err = fault.Missing()
	}
	return agreement.Leader{}, err
}

func (d *Door) endingLead(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "instrument_lead_end")
	if err != nil {
		return s, err
	}
	l, err := leadAsked(ctx, tx, v)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.end_lead_title", "name", l.Name), v.T("web.agreement.end_lead_lead")
	s.Leaves = []leaf{{"when", v.T("web.agreement.close_when"), nil, []string{"from"}}}
	s.Thing, s.Version = unleading{v.Today}, i.Version
	return s, nil
}

func endLead(ctx context.Context, tx *pg.Tx, v *visit, version int64, u unleading) (string, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return "", err
	}
	who, err := id(v.r, "lead")
	if err != nil {
		return "", err
	}
	_, err = agreement.Unlead(ctx, tx, i.ID, version, who, u.From)
	if fault.Is(err, "common.changed") {
		// The agreement has other fields than the form: only its version is of use here.
		return "", fault.Changed(struct {
			Version int64 `json:"version"`
		}{i.Version})
	}
	if fault.Is(err, "instrument_lead.days") {
		return "", fault.Bad("instrument_lead.days", "/from")
	}
	if err != nil {
		return "", err
	}
	return agreementDone(v, "", "lead_ended")
}
