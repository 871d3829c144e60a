package web

import (
	"context"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// handoverSeen is one handover with its list.
type handoverSeen struct {
	governance.Handover
	Body      tenant.Body
	PlaceName string
	MayGive   bool // and something is left to give
	MayTake   bool
}

func (d *Door) handover(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	s, err := v.handoverAt(ctx, tx)
	if err != nil {
		return nil, err
	}
	return handoverPage(v, s), nil
}

// handoverAt is the handover of the address.
func (v *visit) handoverAt(ctx context.Context, tx *pg.Tx) (s handoverSeen, err error) {
	id, err := id(v.r, "id")
	if err != nil {
		return s, err
	}
	if s.Handover, err = governance.GetHandover(ctx, tx, id); err != nil {
		return s, err
	}
	given, taken := doneOf(s.Handover)
	s.MayGive = given < len(s.Items) && s.Handover.MayGive(tx.Actor)
	s.MayTake = taken < len(s.Items) && s.Handover.MayTake(tx.Actor)
	s.Body, _ = anyBody(tx.County, s.Handover.Body)
	from, err := governance.Get(ctx, tx, s.From)
	if err != nil {
		return s, err
	}
	s.PlaceName, err = v.placeName(ctx, tx, from)
	return s, err
}

// handoverPoint is what a point of the list says.
func (v *visit) handoverPoint(it governance.HandoverItem) string {
	if it.Point != "" {
		return v.Of("governance.handover.", it.Point)
	}
	return it.Wording
}

// lead says who gives what to whom.
func (s handoverSeen) lead(v *visit) string {
	if s.ToName == "" {
		return v.T("governance.page.handover_lead_open", "from", s.FromName, "place", s.PlaceName, "body", v.bodyName(s.Body))
	}
	return v.T("governance.page.handover_lead", "from", s.FromName, "to", s.ToName, "place", s.PlaceName, "body", v.bodyName(s.Body))
}

// beginningHandover is the form that begins a handover by hand.
func (d *Door) beginningHandover(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s, m, err := d.mandateSheet(ctx, tx, v, "handover")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("governance.page.handover_begin", "name", m.Name), v.T("governance.page.handover_begin_lead")
	s.Submit = v.T("governance.page.handover_begin_do")
	around, _, err := governance.List(ctx, tx, governance.Filter{Body: m.Body, Place: m.Place, Status: governance.Every, Limit: 100, Page: 1})
	var after []option
	for _, o := range around {
		if o.Place == m.Place && o.Person != m.Person && !o.From.Before(m.From) {
			after = append(after, option{o.ID.String(), o.Name + ", " + v.roleOf(o) + ", " + v.T("web.span_from", "from", LongDay(v.Lang, o.From))})
		}
	}
	s.Options = map[string][]option{"to": after}
	s.Times, s.Kinds, s.Hidden = map[string]int{"points": 3}, map[string]string{"note": "area"}, []string{"from"}
	s.Leaves = []leaf{
		{"to", v.T("governance.page.handover_to"), []string{v.T("governance.page.handover_to_note")}, []string{"to"}},
		{"what", v.T("governance.page.handover_what"), []string{v.T("governance.page.handover_what_note")}, []string{"points", "note"}},
	}
	b := governance.Baton{From: m.ID}
	if len(after) == 1 {
		b.To = uuid.MustParse(after[0].Value)
	}
	s.Thing = b
	return s, err
}

func beginHandover(ctx context.Context, tx *pg.Tx, v *visit, _ int64, b governance.Baton) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	b.From = id
	h, err := governance.BeginHandover(ctx, tx, b)
	return string(v.To("/handovers/", h.ID.String(), "?done=handover_begun")), err
}

// confirming is the form in which one of the two confirms points. open tells
// whether a point is still to be confirmed.
func (v *visit) confirming(ctx context.Context, tx *pg.Tx, which string, open func(governance.HandoverItem) *time.Time) (sheet, error) {
	s, err := v.handoverAt(ctx, tx)
	if err != nil {
		return sheet{}, err
	}
	at := string(v.To("/handovers/", s.ID.String()))
	f := v.bodySheet(s.Body, "handover")
	f.Crumbs = append(f.Crumbs, crumb{v.T("governance.page.handover"), at})
	f.Title, f.Lead = v.Of("governance.page.handover_title_", which), s.lead(v)
	f.Submit, f.Cancel = v.Of("governance.page.handover_do_", which), at
	f.Leaves = []leaf{{"points", v.T("governance.page.handover_what"), []string{v.T("governance.page.handover_confirm_note")}, []string{"items"}}}
	var c governance.Confirmation
	var left []option
	for _, it := range s.Items {
		if open(it) == nil {
			left = append(left, option{it.ID.String(), v.handoverPoint(it)})
			c.Items = append(c.Items, it.ID)
		}
	}
	f.Options, f.Kinds = map[string][]option{"items": left}, map[string]string{"items": "checks"}
	f.Thing, f.Version = c, s.Version
	return f, nil
}

func (d *Door) giving(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	return v.confirming(ctx, tx, "give", func(it governance.HandoverItem) *time.Time { return it.GivenAt })
}

func (d *Door) taking(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	return v.confirming(ctx, tx, "take", func(it governance.HandoverItem) *time.Time { return it.TakenAt })
}

func give(ctx context.Context, tx *pg.Tx, v *visit, version int64, c governance.Confirmation) (string, error) {
	return v.confirm(ctx, tx, version, c, governance.Give)
}

func take(ctx context.Context, tx *pg.Tx, v *visit, version int64, c governance.Confirmation) (string, error) {
	return v.confirm(ctx, tx, version, c, governance.Take)
}

func (v *visit) confirm(ctx context.Context, tx *pg.Tx, version int64, c governance.Confirmation,
	do func(context.Context, *pg.Tx, uuid.UUID, int64, governance.Confirmation) (governance.Handover, error),
) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	h, err := do(ctx, tx, id, version, c)
	if err != nil {
		return "", err
	}
	done := "handover_confirmed"
	if h.Finished {
		done = "handover_finished"
		in, err := meeting.Inherit(ctx, tx, id)
		if err != nil {
			return "", err
		}
		if in != (meeting.Inherited{}) {
			done = "handover_followed"
		}
	}
	return string(v.To("/handovers/", id.String(), "?done=", done)), nil
}
