package web

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) newEvent(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "instrument_event")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.add_event"), v.T("web.agreement.event_lead")
	s.Leaves = []leaf{
		{"what", v.T("web.agreement.event_what"), []string{v.T("web.agreement.event_note")}, []string{"kind", "when", "note"}},
		{"whence", v.T("web.agreement.whence"), []string{v.T("web.agreement.whence_note")}, []string{"source", "reference", "link"}},
		{"corrects", v.T("web.agreement.correcting"), []string{v.T("web.agreement.correcting_note")}, []string{"corrects"}},
	}
	s.Options["kind"] = v.options("agreement.moment.event.", agreement.EventKinds...)
	s.Kinds["note"], s.Kinds["link"] = "area", "url"
	events, err := agreement.Events(ctx, tx, i.ID)
	var os []option
	for _, e := range events {
		if !e.Corrected {
			os = append(os, option{e.ID.String(), v.brief(e.When) + ": " + v.Of("agreement.moment.event.", e.Kind)})
		}
	}
	if len(os) > 0 {
		s.Options["corrects"] = os
	} else {
		s.Leaves = s.Leaves[:2]
	}
	return s, err
}

func recordEvent(ctx context.Context, tx *pg.Tx, v *visit, _ int64, h agreement.Happening) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	if _, err = agreement.Record(ctx, tx, at, h); err != nil {
		return "", err
	}
	return agreementDone(v, "", "event_added#log")
}

func (d *Door) newDecision(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "adoption")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.add_decision"), v.T("web.agreement.decision_lead")
	s.Leaves = []leaf{
		{"what", v.T("web.agreement.decision_what"), []string{v.T("web.agreement.decision_note")}, []string{"kind", "body", "organisation", "when", "mode"}},
		{"whence", v.T("web.agreement.whence"), []string{v.T("web.agreement.whence_note")}, []string{"minutes", "source"}},
		{"corrects", v.T("web.agreement.correcting"), []string{v.T("web.agreement.correcting_note")}, []string{"corrects"}},
	}
	s.Options["kind"] = v.options("web.agreement.adoption.", agreement.AdoptionKinds...)
	if s.Options["organisation"], err = organisationOptions(ctx, tx, v, uuid.Nil); err != nil {
		return s, err
	}
	adoptions, err := agreement.Adoptions(ctx, tx, i.ID)
	var os []option
	for _, a := range adoptions {
		if !a.Corrected {
			os = append(os, option{a.ID.String(), v.orDash(a.When) + ": " + a.Body})
		}
	}
	if len(os) > 0 {
		s.Options["corrects"] = os
	} else {
		s.Leaves = s.Leaves[:2]
	}
	return s, err
}

func recordDecision(ctx context.Context, tx *pg.Tx, v *visit, _ int64, r agreement.Resolution) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	if _, err = agreement.Adopt(ctx, tx, at, r); err != nil {
		return "", err
	}
	return agreementDone(v, "", "decision_added#log")
}
