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
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) editSetting(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	h, err := sectionOf(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	if err := tx.Require(auth.CountyChange); err != nil {
		return nil, err
	}
	if h.Manager != county.FromPages {
		v.status = http.StatusConflict
		return managerPage(v, h, true), nil
	}
	t := typedSetting{From: v.Today.String()}
	base := h.Holds
	if like := v.Asked("like"); like != "" {
		base.Body, err = h.version(ctx, tx, v, like)
		if err != nil {
			return nil, err
		}
	}
	if from := v.Asked("from"); from != "" {
		n := slices.IndexFunc(h.Versions, func(of tenant.Version) bool { return dayKey(of.From) == from })
		if n < 0 {
			return nil, fault.Missing()
		}
		base = h.Versions[n]
		t.Instead, t.From, t.Decision = from, "", base.Decision
		if !base.From.IsZero() {
			t.From = base.From.String()
		}
	}
	t.Raw = map[string]any{}
	if len(base.Body) > 0 {
		if err := json.Unmarshal(base.Body, &t.Raw); err != nil {
			return nil, err
		}
	}
	if t.One.Key = v.Asked("body"); t.One.Key != "" && h.Key == bodySection {
		if t.One.Base = cmp.Or(v.Asked("like"), v.Asked("from")); t.One.Base == "" && h.Known {
			t.One.Base = dayKey(h.Holds.From)
		}
		if !t.One.limited(base.Body) && t.One.Key != aNewBody {
			return nil, fault.Missing()
		}
		t.Raw = t.One.own()
	}
	called, err := v.organisationNames(ctx, tx, base.Body)
	if err != nil {
		return nil, err
	}
	s := d.drawSetting(v, h, t, nil, called)
	s.Token = rand.Text()
	return editSettingPage(v, s), nil
}

// settingSheet is the form of a section as it is drawn.
type settingSheet struct {
	heldSection
	Leaves   []*node
	When     []*node
	Faults   []told
	Changes  []compared
	Preview  *settingPreview
	One      oneBody
	Name     string // of the body that the form is about
	Token    string // names one press of the button
	Instead  string // the version that is corrected, by its day
	Previous string
}

// editLead says what the form does.
func (s settingSheet) editLead(v *visit) string {
	if s.Instead != "" {
		return v.T("configuration.edit_correct")
	}
	return v.T("configuration.edit_lead")
}

// editing is what the form is about.
func (s settingSheet) editing(v *visit) string {
	switch s.One.Key {
	case "":
		return v.T("configuration.edit", "section", v.Of("tenant.section.", s.Key))
	case aNewBody:
		return v.T("configuration.body.new")
	}
	return v.T("configuration.edit", "section", s.Name)
}

// settingForm is where the form of a section is sent: to the settings, or to the
// matter whose decision is to change it.
func (v *visit) settingForm(section, anchor string) templ.SafeURL {
	if v.Is(itemsAt) {
		return v.To(itemsAt, "/", v.r.PathValue("id"), settingActAt, "/", section, anchor)
	}
	return v.To("/settings/", section, "/edit", anchor)
}

// drawSetting draws the form of what was typed and what is wrong with it.
func (d *Door) drawSetting(v *visit, h heldSection, t typedSetting, faults []*fault.Fault, called map[string]string) settingSheet {
	s := settingSheet{heldSection: h, Instead: t.Instead, One: t.One}
	b := v.build(h.Kind, t.Raw, h.Holds.Body)
	b.one, b.called = &t.One, called
	if t.One.Key == "" {
		s.Leaves = b.leaves()
	} else {
		s.Leaves = b.bodyLeaves()
		s.Name = b.carried("/body/bodies/" + strconv.Itoa(t.One.at))
	}
	from := &node{Kind: "date", ID: "f-from", Name: "from", Label: v.T("configuration.field.from"), Help: v.T("configuration.field.from_help"), Value: t.From, Optional: true}
	decision := &node{Kind: "text", ID: "f-decision", Name: "decision", Label: v.T("configuration.field.decision"), Help: v.T("configuration.field.decision_help"), Value: t.Decision, Optional: true, Wide: true}
	reason := &node{Kind: "area", ID: "f-reason", Name: "reason", Label: v.T("configuration.field.reason"), Help: v.T("configuration.field.reason_help"), Value: t.Reason}
	s.When = []*node{from, decision, reason}
	s.Faults = b.blame(faults, map[string]*node{"/from": from, "/instead": from, "/decision": decision, "/reason": reason})
	return s
}

// typedSetting is what somebody has typed in the form.
type typedSetting struct {
	Raw                    map[string]any
	From, Decision, Reason string
	Instead                string
	One                    oneBody
}

// changeSetting takes what was typed: it adds or takes away a row, shows what
// would change, or keeps it.
func (d *Door) changeSetting(w http.ResponseWriter, r *http.Request) {
	v, typed, ok := d.posted(w, r)
	if !ok {
		return
	}
	kind, err := tenant.SectionOf(r.PathValue("section"))
	if err != nil {
		d.refuse(w, v, fault.Missing().Because(err))
		return
	}
	version, unread := strconv.ParseInt(typed.Get("version"), 10, 64)
	if unread != nil {
		version = -1 // none that there is
	}
	t, again, err := d.typedIn(v, kind, typed)
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	sheet := settingAnswer{typed: t, version: version, token: typed.Get("key")}
	if again {
		d.settingAgain(w, v, sheet)
		return
	}
	edit, faults := t.edit(kind, typed.Get("do") == "remove")
	switch {
	case len(faults) > 0:
		err = faults
	case edit.Reason == "" && typed.Get("do") != "preview" && typed.Get("do") != "":
		err, sheet.preview = fault.Bad("county.reason_missing", "/reason"), &edit // what else is wrong is told with it
	case typed.Get("do") == "save" || typed.Get("do") == "remove":
		err = d.once(w, v, members, pg.Once{Key: sheet.token, Request: asked(r, typed)}, func(tx *pg.Tx) (string, error) {
			_, err := county.Change(r.Context(), tx, edit, version, d.Guards...)
			return string(v.To("/settings/", kind.Key, "?done=saved")), err
		})
		if err == nil {
			return
		}
	default:
		sheet.preview = &edit
	}
	if sheet.faults = fault.All(err); err != nil && refuses(sheet.faults) {
		d.refuse(w, v, err)
		return
	}
	d.settingAgain(w, v, sheet)
}

// typedIn is what was typed about a section. again tells that nothing is to be
// done with it yet but to show the form: a row was moved, or a template taken.
func (d *Door) typedIn(v *visit, kind tenant.SectionType, typed url.Values) (t typedSetting, again bool, err error) {
	t = typedSetting{From: strings.TrimSpace(typed.Get("from")), Decision: strings.TrimSpace(typed.Get("decision")),
		Reason: strings.TrimSpace(typed.Get("reason")), Instead: typed.Get("instead")}
	t.Raw, _ = rawOf(kind.Type, typed, "").(map[string]any)
	if t.One.Key = typed.Get("body"); t.One.Key != "" && kind.Key == bodySection {
		t.One.Base = typed.Get("base")
		if err := d.carry(v.r.Context(), v, &t.One); err != nil {
			return t, false, err
		}
	} else {
		t.One.Key = ""
	}
	if template := typed.Get("template"); template != "" && kind.Key == bodySection {
		v.fromTemplate(t.Raw, template)
		return t, true, nil
	}
	for _, what := range []string{"add", "remove", "up"} {
		if path := typed.Get(what); path != "" {
			moved(t.Raw, what, path)
			return t, true, nil
		}
	}
	pruned(t.Raw)
	keyed(kind.Type, t.One.whole(t.Raw))
	return t, false, nil
}

// carry reads the bodies that the form does not show, from the version that it
// began with. Where that is gone, what holds is carried, and whoever saves is
// told that somebody else was first.
func (d *Door) carry(ctx context.Context, v *visit, one *oneBody) error {
	_, err := d.ask(ctx, v, members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		h, err := sectionOf(ctx, tx, v)
		if err != nil {
			return nil, err
		}
		base := h.Holds.Body
		if one.Base != "" {
			if of, err := h.version(ctx, tx, v, one.Base); err == nil {
				base = of
			} else if !fault.Is(err, "common.not_found") {
				return nil, err
			}
		}
		one.limited(base)
		return templ.NopComponent, nil
	})
	return err
}

// edit is what was typed as the room takes it, and what cannot be read.
func (t typedSetting) edit(kind tenant.SectionType, remove bool) (county.Edit, fault.List) {
	e := county.Edit{Section: kind.Key, Decision: t.Decision, Reason: t.Reason, Remove: remove}
	var wrong fault.List
	var err error
	if t.From != "" {
		if e.From, err = day.Parse(t.From); err != nil {
			wrong.Add(fault.Bad("shape.day", "/from"))
		}
	}
	if t.Instead != "" && t.Instead != always {
		if e.Instead, err = day.Parse(t.Instead); err != nil {
			wrong.Add(fault.Bad("shape.day", "/instead"))
		}
	}
	if remove {
		e.From, e.Instead = e.Instead, day.Day{}
	}
	for field, limit := range map[string]int{"/decision": 300, "/reason": 1000} {
		if said := map[string]string{"/decision": t.Decision, "/reason": t.Reason}[field]; len([]rune(said)) > limit {
			wrong.Add(fault.Bad("shape.max_length", field).With("limit", limit))
		}
	}
	if e.Body, err = json.Marshal(cooked(kind.Type, t.One.whole(t.Raw), "/body", &wrong)); err != nil {
		wrong.Add(fault.Bad("tenant.unreadable", "/body").With("why", err.Error()))
	}
	return e, wrong
}

// settingAnswer is what came of what was typed.
type settingAnswer struct {
	typed   typedSetting
	version int64
	token   string
	faults  []*fault.Fault
	preview *county.Edit
}

// settingAgain shows the form with what was typed: rows moved, what is wrong,
// or what would change.
func (d *Door) settingAgain(w http.ResponseWriter, v *visit, a settingAnswer) {
	d.answer(w, v, members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		h, err := sectionOf(ctx, tx, v)
		if err != nil {
			return nil, err
		}
		if err := tx.Require(auth.CountyChange); err != nil {
			return nil, err
		}
		faults := a.faults
		var preview *settingPreview
		if a.preview != nil {
			preview, err = d.previewSetting(ctx, tx, v, h, *a.preview)
			if err != nil && refuses(fault.All(err)) {
				return nil, err
			}
			if faults = append(slices.Clone(faults), fault.All(err)...); len(faults) > 0 {
				preview = nil
			}
		}
		now, yours := h, a.version
		var changes []compared
		for _, f := range faults {
			if f.Kind != fault.Stale {
				continue
			}
			mine, _ := a.typed.edit(h.Kind, false)
			held, _, _ := h.Kind.On(tx.County, mine.From)
			called, err := v.organisationNames(ctx, tx, held.Body, mine.Body)
			if err != nil {
				return nil, err
			}
			changes = slices.DeleteFunc(beside(v.tell(h.Kind, held.Body, called), v.tell(h.Kind, mine.Body, called)), func(c compared) bool { return c.Same })
			yours = now.Version
		}
		if fault.Is(fault.List(faults), "idempotency.other_request") || a.token == "" {
			a.token = rand.Text()
			if len(faults) > 0 {
				faults = []*fault.Fault{fault.New(fault.Invalid, "form.sent_before")}
			}
		}
		if len(faults) > 0 {
			v.status = statuses[faults[0].Kind]
		}
		typed, err := json.Marshal(a.typed.One.whole(a.typed.Raw))
		if err != nil {
			return nil, err
		}
		called, err := v.organisationNames(ctx, tx, typed)
		if err != nil {
			return nil, err
		}
		s := d.drawSetting(v, h, a.typed, faults, called)
		s.Version, s.Token, s.Changes, s.Preview = yours, a.token, changes, preview
		return editSettingPage(v, s), nil
	})
}

// refuses tells whether faults are of the kind that no form can mend.
func refuses(faults []*fault.Fault) bool {
	return len(faults) == 0 || slices.ContainsFunc(faults, func(f *fault.Fault) bool {
		return f.Kind == fault.Unauthenticated || f.Kind == fault.NotFound || f.Kind == fault.Forbidden || f.Kind == fault.Unavailable
	})
}
