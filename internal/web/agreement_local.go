package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) localAgreement(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	i, l, err := localAsked(ctx, tx, v)
	return localPage(v, i, l), err
}

// localAsked is the local agreement that the address names: within the
// agreement it names, or on its own.
func localAsked(ctx context.Context, tx *pg.Tx, v *visit) (i agreement.Instrument, l agreement.LocalAgreement, err error) {
	at := uuid.Nil
	if v.r.PathValue("id") != "" {
		if at, err = id(v.r, "id"); err != nil {
			return i, l, err
		}
		if i, err = agreement.Get(ctx, tx, at, v.On); err != nil {
			return i, l, err
		}
	}
	which, err := id(v.r, "local")
	if err != nil {
		return i, l, err
	}
	l, err = agreement.GetLocal(ctx, tx, which)
	switch {
	case err != nil || l.Instrument == at || l.Instrument == uuid.Nil:
	case at == uuid.Nil: // it has come to stand under one since
		i, err = agreement.Get(ctx, tx, l.Instrument, v.On)
	default:
		err = fault.Missing()
	}
	return i, l, err
}

// localCrumbs are where a local agreement belongs.
func (v *visit) localCrumbs(i agreement.Instrument) []crumb {
	if i.ID == uuid.Nil {
		return v.agreementsCrumb()
	}
	return v.inAgreement(i)
}

func (v *visit) localLead(l agreement.LocalAgreement) string {
	n := len(l.Members)
	if l.PeriodUnknown {
		return v.T("web.agreement.local_lead_unknown", "count", n, "n", capital(v.spelled(n, v.word(tenant.Party).Gender)))
	}
	return v.T("web.agreement.local_lead", "count", n, "n", capital(v.spelled(n, v.word(tenant.Party).Gender)), "time", v.localTime(l))
}

// localTime says when a local agreement holds.
func (v *visit) localTime(l agreement.LocalAgreement) string {
	switch {
	case l.PeriodUnknown:
		return v.T("web.agreement.time_unknown")
	case l.Until.IsZero() && l.From.IsZero():
		return v.T("agreement.validity.until-further-notice")
	}
	kind := agreement.ValidityFixed
	if l.Until.IsZero() {
		kind = agreement.ValidityUntilNotice
	}
	return v.period(agreement.Validity{Kind: kind, From: l.From, Until: l.Until})
}

// localRow is a municipality with one of its local agreements, or none.
type localRow struct {
	Municipality string
	Local        *agreement.LocalAgreement
}

// localRows are every municipality of the county, by name, each with its local
// agreements under this instrument; then those of no municipality.
func (a agreed) localRows() []localRow {
	var rows []localRow
	placed := map[uuid.UUID]bool{}
	for _, c := range a.Coverage {
		n := 0
		for i, l := range a.Locals {
			if slices.Contains(l.Parties, c.Municipality) {
				rows = append(rows, localRow{c.Name, &a.Locals[i]})
				placed[l.ID] = true
				n++
			}
		}
		if n == 0 {
			rows = append(rows, localRow{Municipality: c.Name})
		}
	}
	slices.SortStableFunc(rows, func(x, y localRow) int { return swedish(x.Municipality, y.Municipality) })
	for i, l := range a.Locals {
		if placed[l.ID] {
			continue
		}
		var names []string
		for _, m := range l.Members {
			names = append(names, m.Name)
		}
		rows = append(rows, localRow{strings.Join(names, ", "), &a.Locals[i]})
	}
	return rows
}

func (a agreed) localSentence(v *visit) string {
	with, all := 0, len(a.Coverage)
	for _, c := range a.Coverage {
		if slices.ContainsFunc(a.Locals, func(l agreement.LocalAgreement) bool { return slices.Contains(l.Parties, c.Municipality) }) {
			with++
		}
	}
	w := v.word(tenant.LocalAgreement)
	if with == all {
		return v.T("web.agreement.local_all", "all", v.spelled(all, "en"), "local", w.One)
	}
	return v.T("web.agreement.local_some", "count", with, "n", capital(v.spelled(with, "en")), "all", v.spelled(all, "en"), "local", w.One)
}

// startersKnown tells whether it is known of any local agreement who started it.
func (a agreed) startersKnown() bool {
	return slices.ContainsFunc(a.Locals, func(l agreement.LocalAgreement) bool { return l.InitiatedByName != "" })
}

func (a agreed) localSpan() string {
	if a.startersKnown() {
		return "3"
	}
	return "2"
}
