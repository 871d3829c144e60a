package web

import (
	"context"
	"slices"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// settingPreview is what would change, before anything is kept.
type settingPreview struct {
	From     day.Day
	Until    day.Day // the first day of a version that is there already
	Rows     []compared
	Nothing  bool
	Back     bool
	Concerns string
	Forms    []string // sentences of what changes besides what is said
	Trials   []trialSeen
}

// previewSetting tells what an edit would change.
func (d *Door) previewSetting(ctx context.Context, tx *pg.Tx, v *visit, h heldSection, e county.Edit) (*settingPreview, error) {
	shown, err := county.Show(ctx, tx, e, d.Guards...)
	if err != nil {
		return nil, err
	}
	p := &settingPreview{From: e.From, Back: shown.Back, Nothing: len(shown.Differences) == 0, Concerns: v.Lang.Fill(shown.Concerns, nil)}
	held, _, _ := h.Kind.On(tx.County, e.From)
	called, err := v.organisationNames(ctx, tx, held.Body, e.Body)
	if err != nil {
		return nil, err
	}
	p.Rows = slices.DeleteFunc(beside(v.tell(h.Kind, held.Body, called), v.tell(h.Kind, e.Body, called)), func(c compared) bool { return c.Same })
	for _, of := range h.Versions {
		if of.From.After(e.From) && dayKey(of.From) != dayKey(e.Instead) {
			p.Until = of.From
			break
		}
	}
	if len(p.Rows) == 0 {
		for _, one := range shown.Differences {
			p.Forms = append(p.Forms, one.In(v.Lang))
		}
	}
	if h.Key == bodySection {
		p.Trials, err = v.trials(ctx, tx, e, p.Until)
	}
	return p, err
}

// period says when what is previewed holds.
func (p settingPreview) period(v *visit) string {
	if !p.Until.IsZero() {
		return v.T("configuration.preview.until", "from", v.fromDay(p.From), "last", LongDay(v.Lang, p.Until.Add(-1)))
	}
	return tenant.Capital(v.fromDay(p.From)) + "."
}

// past says what would have held already, had this been known.
func (p settingPreview) past(v *visit) string {
	from, last := p.From, v.Today
	if !p.Until.IsZero() && p.Until.Before(last) {
		last = p.Until.Add(-1)
	}
	if from.IsZero() {
		return v.T("configuration.preview.past_always", "last", LongDay(v.Lang, last))
	}
	return v.T("configuration.preview.past", "from", LongDay(v.Lang, from), "last", LongDay(v.Lang, last))
}
