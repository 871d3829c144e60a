package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// A decision that changes the county's configuration is written in the form that
// the settings have, one section or one body at a time, and tried as it is kept.

// settingActAt is where such a form lies, under its matter.
const settingActAt = "/act/configuration"

func (d *Door) settingActs(item string) []route {
	const one = settingActAt + "/{section}"
	return []route{
		get(item+settingActAt, d.page(members, d.choosingSetting)),
		get(item+one, d.page(members, d.actingSetting)),
		post(item+one, d.actSetting),
	}
}

// settingChoice is a section that the body may decide on, and its parts.
type settingChoice struct {
	Key   string
	Parts []crumb // the bodies, where it is about them
}

// settingAct is the form of what a decision is to change.
type settingAct struct {
	settingSheet
	Matter  meeting.Detail
	Crumbs  []crumb
	Choices []settingChoice
	Closed  []string // what the body may decide on, but is kept in the county's file
	Table   []compared
	Shown   bool // whether what would change was asked for
}

// ofDecision begins a page about what a matter's decision changes.
func (v *visit) ofDecision(ctx context.Context, tx *pg.Tx) (settingAct, error) {
	i, s, err := v.ofMaker(ctx, tx, "act.form", meeting.ItemProposed, meeting.ItemWaiting, meeting.ItemPlanned, meeting.ItemOnTable)
	if err == nil && i.Kind != meeting.ForDecision {
		err = fault.New(fault.Conflict, "agenda_item.act_without_decision")
	}
	return settingAct{Matter: i, Crumbs: s.Crumbs}, err
}

// decidesOn is the day whose rules say what the body may decide: the meeting's.
func (v *visit) decidesOn(ctx context.Context, tx *pg.Tx, i meeting.Detail) (day.Day, error) {
	if none(i.Meeting) {
		return v.Today, nil
	}
	m, err := meeting.Get(ctx, tx, i.Meeting)
	return m.On, err
}

func (d *Door) choosingSetting(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	s, err := v.ofDecision(ctx, tx)
	if err != nil {
		return nil, err
	}
	on, err := v.decidesOn(ctx, tx, s.Matter)
	if err != nil {
		return nil, err
	}
	all, err := county.Sections(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, of := range all {
		switch {
		case !meeting.Changes(tx, s.Matter.Body, of.Key, on):
		case of.Manager != county.FromPages:
			s.Closed = append(s.Closed, v.Of("tenant.section.", of.Key))
		default:
			c := settingChoice{Key: of.Key}
			if of.Key == bodySection {
				for _, b := range v.County.Bodies.Bodies {
					c.Parts = append(c.Parts, crumb{v.bodyName(b), string(v.settingForm(of.Key, "?body="+url.QueryEscape(b.Key)))})
				}
				c.Parts = append(c.Parts, crumb{v.T("configuration.body.new"), string(v.settingForm(of.Key, "?body="+url.QueryEscape(aNewBody)))})
			}
			s.Choices = append(s.Choices, c)
		}
	}
	return chooseSettingPage(v, s), nil
}

func (d *Door) actingSetting(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	s, err := v.ofDecision(ctx, tx)
	if err != nil {
		return nil, err
	}
	h, err := sectionOf(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	if h.Manager != county.FromPages {
		return nil, fault.New(fault.Conflict, "county.kept_in_file").With("section", h.Key, "county", tx.Tenant)
	}
	base, t := h.Holds.Body, typedSetting{}
	if in, planned := plannedEdit(s.Matter); planned && in.Section == h.Key {
		base, t.From, t.Reason = in.Body, dayText(in.From), in.Reason
	}
	t.Raw = map[string]any{}
	if len(base) > 0 {
		if err := json.Unmarshal(base, &t.Raw); err != nil {
			return nil, err
		}
	}
	if t.One.Key = v.Asked("body"); t.One.Key != "" && h.Key == bodySection {
		if h.Known {
			t.One.Base = dayKey(h.Holds.From)
		}
		if !t.One.limited(base) && t.One.Key != aNewBody {
			return nil, fault.Missing()
		}
		t.Raw = t.One.own()
	} else {
		t.One.Key = ""
	}
	return d.settingActPage(ctx, tx, v, s, h, t, base, nil)
}

// plannedEdit is the change that a matter's decision makes already.
func plannedEdit(i meeting.Detail) (in county.Edit, ok bool) {
	ok = i.Act == meeting.ActConfiguration && json.Unmarshal(i.ActBody, &in) == nil
	return in, ok
}

func dayText(d day.Day) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// settingActPage draws the form of what was typed, and what is wrong with it.
func (d *Door) settingActPage(ctx context.Context, tx *pg.Tx, v *visit, s settingAct, h heldSection, t typedSetting, typed json.RawMessage, faults []*fault.Fault) (templ.Component, error) {
	called, err := v.organisationNames(ctx, tx, h.Holds.Body, typed)
	if err != nil {
		return nil, err
	}
	s.settingSheet = d.drawSetting(v, h, t, faults, called)
	// By which decision follows from the decision; from when and why may too.
	s.When = slices.DeleteFunc(s.When, func(n *node) bool { return n.Name == "decision" })
	for _, n := range s.When {
		n.Optional, n.Help = true, v.Of("act.setting.help.", n.Name)
	}
	s.Token = rand.Text()
	if s.Shown && len(faults) == 0 {
		s.Table = slices.DeleteFunc(beside(v.tell(h.Kind, h.Holds.Body, called), v.tell(h.Kind, typed, called)), func(c compared) bool { return c.Same })
	}
	return settingActPage(v, s), nil
}

// actSetting takes what was typed: it moves a row, shows what would change, or
// tries the change and keeps it with the matter.
func (d *Door) actSetting(w http.ResponseWriter, r *http.Request) {
	v, typed, ok := d.posted(w, r)
	if !ok {
		return
	}
	kind, err := tenant.SectionOf(r.PathValue("section"))
	if err != nil {
		d.refuse(w, v, fault.Missing().Because(err))
		return
	}
	t, again, err := d.typedIn(v, kind, typed)
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	edit, wrong := t.edit(kind, false)
	do := typed.Get("do")
	switch {
	case again, do != "save":
		wrong = nil
	case len(wrong) == 0:
		err = d.once(w, v, members, pg.Once{Key: typed.Get("key"), Request: asked(r, typed)}, func(tx *pg.Tx) (string, error) {
			version, _ := strconv.ParseInt(typed.Get("version"), 10, 64)
			planned, err := county.Get(r.Context(), tx, edit.Section)
			if err != nil {
				return "", err
			}
			return keepAct[meeting.Revision](meeting.ActConfiguration)(r.Context(), tx, v, version, meeting.Revision{Edit: edit, Planned: planned.Version})
		})
		if err == nil {
			return
		}
		if wrong = fault.All(err); refuses(wrong) {
			d.refuse(w, v, err)
			return
		}
	}
	d.answer(w, v, members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		s, err := v.ofDecision(ctx, tx)
		if err != nil {
			return nil, err
		}
		h, err := sectionOf(ctx, tx, v)
		if err != nil {
			return nil, err
		}
		if len(wrong) > 0 {
			v.status = statuses[wrong[0].Kind]
		}
		s.Shown = do == "preview" && !again
		return d.settingActPage(ctx, tx, v, s, h, t, edit.Body, wrong)
	})
}

// about is what the form changes: a section, or one body of it.
func (s settingAct) about(v *visit) string {
	if s.One.Key == aNewBody {
		return v.T("configuration.body.new")
	}
	return cmp.Or(s.Name, v.Of("tenant.section.", s.Key))
}
