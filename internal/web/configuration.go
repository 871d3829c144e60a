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
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) configurationRoutes() []route {
	const at = "/lan/{county}/settings"
	return []route{
		get(at, d.dated(members, d.settings)),
		get(at+"/{section}", d.dated(members, d.setting)),
		get(at+"/{section}/compare", d.page(members, d.compareSetting)),
		get(at+"/{section}/edit", d.page(members, d.editSetting)),
		post(at+"/{section}/edit", d.changeSetting),
		get(at+"/{section}/manager", d.page(members, d.settingManager)),
		post(at+"/{section}/manager", d.act(members, handOver)),
	}
}

// word is what the county calls something, today.
func (v *visit) word(concept tenant.Concept) tenant.Forms {
	return v.County.Word(concept).In(string(v.Lang))
}

// settingRow is one section in the list of all.
type settingRow struct {
	Key         string
	Says        string
	Since       string
	Decision    string
	Manager     string
	Class, Word string // its state
}

func (d *Door) settings(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	all, err := county.Sections(ctx, tx)
	if err != nil {
		return nil, err
	}
	var rows []settingRow
	for _, s := range all {
		kind, err := tenant.SectionOf(s.Key)
		if err != nil {
			return nil, err
		}
		holds, national, ok := kind.On(tx.County, v.On)
		called, err := v.organisationNames(ctx, tx, holds.Body)
		if err != nil {
			return nil, err
		}
		r := settingRow{Key: s.Key, Manager: s.Manager, Decision: holds.Decision, Since: v.since(holds.From, ok && !national)}
		r.Says = v.summary(v.tell(kind, holds.Body, called))
		switch {
		case !ok:
			r.Class, r.Word = "none", v.T("configuration.state.unknown")
		case national:
			r.Class, r.Word = "half", v.T("configuration.state.national")
		default:
			r.Class, r.Word = "on", v.T("configuration.state.own")
		}
		for _, later := range s.Versions {
			if later.From.After(v.On) {
				r.Class, r.Word = "next", v.T("configuration.state.coming", "day", LongDay(v.Lang, later.From))
				break
			}
		}
		rows = append(rows, r)
	}
	return settingsPage(v, rows), nil
}

// since is from when what holds has held.
func (v *visit) since(from day.Day, own bool) string {
	switch {
	case !own:
		return ""
	case from.IsZero():
		return v.T("configuration.always")
	}
	return LongDay(v.Lang, from)
}

// summary is what a section says in a few words.
func (v *visit) summary(all []stated) string {
	var words []string
	for _, s := range all {
		switch {
		case s.aside:
		case s.entry:
			words = append(words, s.Term)
		case len(s.Says) == 0:
		default:
			words = append(words, strings.TrimSuffix(s.Says[0], "."))
		}
	}
	const shown = 4
	if more := len(words) - shown; more > 1 {
		return strings.Join(words[:shown], ", ") + " " + v.T("configuration.and_more", "count", more)
	}
	return strings.Join(words, ", ")
}

// settingLead says how a list of sections stands.
func (v *visit) settingLead(rows []settingRow) string {
	unknown, pages := 0, 0
	for _, r := range rows {
		if r.Class == "none" {
			unknown++
		}
		if r.Manager == county.FromPages {
			pages++
		}
	}
	lead := v.T("configuration.lead", "county", v.Words(v.County.Identity.Name), "agreement", v.word(tenant.Agreement).TheOne)
	if unknown > 0 {
		lead += " " + v.T("configuration.lead_unknown", "count", unknown)
	}
	if pages == 0 {
		return lead + " " + v.T("configuration.lead_file")
	}
	return lead + " " + v.T("configuration.lead_pages", "count", pages)
}

// heldSection is one section with all that its page shows.
type heldSection struct {
	county.Section
	Kind     tenant.SectionType
	Holds    tenant.Version
	National bool
	Known    bool
	Says     []stated
	History  []county.Entry
	Names    map[string]string // people by the label of the trail
	Whole    bool              // whether the reader sees who did what
	paging
}

// sectionOf is the section of the address as it is kept, and its type.
func sectionOf(ctx context.Context, tx *pg.Tx, v *visit) (heldSection, error) {
	var h heldSection
	kind, err := tenant.SectionOf(v.r.PathValue("section"))
	if err != nil {
		return h, fault.Missing().Because(err)
	}
	h.Kind = kind
	if h.Section, err = county.Get(ctx, tx, kind.Key); err != nil {
		return h, err
	}
	h.Holds, h.National, h.Known = kind.On(tx.County, v.On)
	return h, nil
}

func (d *Door) setting(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	h, err := sectionOf(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	called, err := v.organisationNames(ctx, tx, h.Holds.Body)
	if err != nil {
		return nil, err
	}
	if key := v.Asked("body"); key != "" && h.Key == bodySection {
		b, err := v.shown(h.Holds.Body, key, called)
		if err != nil {
			return nil, err
		}
		return bodyPage(v, h, *b), nil
	}
	h.Says = v.tell(h.Kind, h.Holds.Body, called)
	h.Page = v.pageAsked()
	if h.History, err = county.History(ctx, tx, h.Key, perPage, int32((h.Page-1)*perPage)); err != nil { //nolint:gosec // bounded by pageAsked
		return nil, err
	}
	if h.Total, err = county.HistoryLength(ctx, tx, h.Key); err != nil {
		return nil, err
	}
	if h.Whole = tx.May(auth.AuditRead); h.Whole {
		h.Names, err = v.actorNames(ctx, tx, h.History)
	}
	return settingPage(v, h), err
}

// actorNames are the people behind a history, as far as the reader may know.
func (v *visit) actorNames(ctx context.Context, tx *pg.Tx, es []county.Entry) (map[string]string, error) {
	names := map[string]string{}
	for _, e := range es {
		if _, asked := names[e.Actor]; asked {
			continue
		}
		names[e.Actor] = v.actorName(audit.Entry{Actor: e.Actor})
		kind, name, _ := cut(e.Actor)
		id, err := uuid.Parse(name)
		if kind != "person" || err != nil || !tx.May(auth.PersonRead) {
			continue
		}
		p, err := person.Get(ctx, tx, id)
		switch {
		case err == nil:
			names[e.Actor] = p.Name
		case !fault.Is(err, "common.not_found"):
			return nil, err
		}
	}
	return names, nil
}

// lead says how a section stands, in a sentence.
func (h heldSection) lead(v *visit) string {
	concerns := v.T("configuration.concerns", "who", v.Of("tenant.concerns.", h.Key))
	switch {
	case !h.Known:
		return v.T("configuration.section.unknown") + " " + concerns
	case h.National:
		return v.T("configuration.section.national") + " " + concerns
	case h.Holds.From.IsZero():
		return v.T("configuration.section.always") + " " + concerns
	}
	return v.T("configuration.section.since", "day", LongDay(v.Lang, h.Holds.From)) + " " + concerns
}

// notes are the margin's words of what holds.
func (h heldSection) notes(v *visit) []string {
	var notes []string
	if h.Known && !h.National {
		if h.Holds.Decision != "" {
			notes = append(notes, v.T("configuration.by_decision", "decision", h.Holds.Decision))
		} else {
			notes = append(notes, v.T("configuration.no_decision"))
		}
	}
	return append(notes, v.kept2(h.Manager))
}

// kept2 says who keeps a section.
func (v *visit) kept2(manager string) string {
	if manager == county.FromPages {
		return v.T("configuration.kept.pages")
	}
	return v.T("configuration.kept.file", "file", "tenants/"+v.Slug+".yaml")
}

// state is how a version stands on the day that is looked at.
func (h heldSection) state(v *visit, of tenant.Version) (class, word string) {
	switch {
	case of.From.After(v.On):
		return "next", v.T("configuration.version.coming")
	case of.From == h.Holds.From && !h.National:
		return "on", v.T("configuration.version.holds")
	}
	return "closed", v.T("configuration.version.replaced")
}

// newest are a section's versions, the latest day first.
func (h heldSection) newest() []tenant.Version {
	all := slices.Clone(h.Versions)
	slices.Reverse(all)
	return all
}

// dayKey is how a version's first day stands in an address.
func dayKey(d day.Day) string {
	if d.IsZero() {
		return always
	}
	return d.String()
}

const (
	always = "always"
	usual  = "usual"
)

func (v *visit) fromDay(d day.Day) string {
	if d.IsZero() {
		return v.T("configuration.from_always")
	}
	return v.T("configuration.from_day", "day", LongDay(v.Lang, d))
}

// sides are two versions of a section side by side.
type sides struct {
	heldSection
	Options             []option
	One, Other          string // what was chosen
	OneLabel, OtherText string
	Rows                []compared
	Differ              int
	Alike               int // how much of it is alike and not shown
}

// notes say how what is alike is shown, where it is.
func (s sides) notes(v *visit) []string {
	if s.Alike > 0 {
		return nil
	}
	return []string{v.T("configuration.side_by_side_note")}
}

// version finds what a choice stands for: a version by its day, what is usual,
// or what was known when a change had been made.
func (h heldSection) version(ctx context.Context, tx *pg.Tx, v *visit, choice string) (json.RawMessage, error) {
	if choice == usual {
		u := h.Kind.Versions(tenant.Usual())
		if len(u) > 0 {
			return u[0].Body, nil
		}
	}
	for _, of := range h.Versions {
		if dayKey(of.From) == choice {
			return of.Body, nil
		}
	}
	for _, e := range h.History {
		if strconv.FormatInt(e.Version.Version, 10) != choice {
			continue
		}
		all, _, err := county.AsKnown(ctx, tx, v.Today, e.At)
		for _, s := range all {
			if s.Key == h.Key {
				return s.Holds.Body, err
			}
		}
		return nil, err
	}
	return nil, fault.Missing()
}

func (h heldSection) choices(v *visit) []option {
	var all []option
	for _, of := range h.newest() {
		all = append(all, option{dayKey(of.From), tenant.Capital(v.fromDay(of.From))})
	}
	if len(h.Kind.Versions(tenant.Usual())) > 0 {
		all = append(all, option{usual, v.T("configuration.as_usual")})
	}
	for _, e := range h.History {
		all = append(all, option{strconv.FormatInt(e.Version.Version, 10), v.T("configuration.as_known", "at", Moment(v.Lang, e.At))})
	}
	return all
}

func (d *Door) compareSetting(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	h, err := sectionOf(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	if h.History, err = county.History(ctx, tx, h.Key, 100, 0); err != nil {
		return nil, err
	}
	s := sides{heldSection: h, Options: h.choices(v), One: v.Asked("one"), Other: v.Asked("other")}
	if len(s.Options) == 0 {
		return comparePage(v, s), nil
	}
	if s.One == "" {
		s.One = s.Options[min(1, len(s.Options)-1)].Value
	}
	if s.Other == "" {
		s.Other = s.Options[0].Value
	}
	one, err := h.version(ctx, tx, v, s.One)
	if err != nil {
		return nil, err
	}
	other, err := h.version(ctx, tx, v, s.Other)
	if err != nil {
		return nil, err
	}
	called, err := v.organisationNames(ctx, tx, one, other)
	if err != nil {
		return nil, err
	}
	s.Rows = beside(v.tell(h.Kind, one, called), v.tell(h.Kind, other, called))
	for _, r := range s.Rows {
		if !r.Same {
			s.Differ++
		}
	}
	if h.Key == bodySection { // too much is said of each body to read all that is alike
		s.Alike = len(s.Rows) - s.Differ
		s.Rows = slices.DeleteFunc(s.Rows, func(c compared) bool { return c.Same })
	}
	for _, o := range s.Options {
		if o.Value == s.One {
			s.OneLabel = o.Label
		}
		if o.Value == s.Other {
			s.OtherText = o.Label
		}
	}
	return comparePage(v, s), nil
}

func (d *Door) settingManager(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	h, err := sectionOf(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	return managerPage(v, h, false), tx.Require(auth.CountyChange)
}

func handOver(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	key := v.r.PathValue("section")
	s, err := county.TakeOver(ctx, tx, key, v.r.PostForm.Get("manager"), version)
	return string(v.To("/settings/", key, "?done=settings_"+s.Manager)), err
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

// typedSetting is what somebody has typed in the form.
type typedSetting struct {
	Raw                    map[string]any
	From, Decision, Reason string
	Instead                string
	One                    oneBody
}

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

// changeSetting takes what was typed: it adds or takes away a row, shows what
// would change, or keeps it.
func (d *Door) changeSetting(w http.ResponseWriter, r *http.Request) {
	v := d.visit(w, r)
	typed, err := sent(w, r)
	if err == nil {
		v.Actor, err = d.actor(r.Context(), v)
	}
	kind, unknown := tenant.SectionOf(r.PathValue("section"))
	if err == nil && unknown != nil {
		err = fault.Missing().Because(unknown)
	}
	if err != nil {
		d.refuse(w, v, err)
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
		var a pg.Answer
		a, err = d.once(r.Context(), v.Actor, pg.Once{Key: sheet.token, Request: asked(r, typed)}, func(tx *pg.Tx) (pg.Answer, error) {
			v.met(tx, members)
			_, err := county.Change(r.Context(), tx, edit, version, d.Guards...)
			return pg.Answer{Status: http.StatusSeeOther, Location: string(v.To("/settings/", kind.Key, "?done=saved"))}, err
		})
		if err == nil {
			http.Redirect(w, r, a.Location, a.Status)
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

// settingForm is where the form of a section is sent: to the settings, or to the
// matter whose decision is to change it.
func (v *visit) settingForm(section, anchor string) templ.SafeURL {
	if v.Is(itemsAt) {
		return v.To(itemsAt, "/", v.r.PathValue("id"), settingActAt, "/", section, anchor)
	}
	return v.To("/settings/", section, "/edit", anchor)
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

// refuses tells whether faults are of the kind that no form can mend.
func refuses(faults []*fault.Fault) bool {
	return len(faults) == 0 || slices.ContainsFunc(faults, func(f *fault.Fault) bool {
		return f.Kind == fault.Unauthenticated || f.Kind == fault.NotFound || f.Kind == fault.Forbidden || f.Kind == fault.Unavailable
	})
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
	c, err := d.ask(v.r.Context(), v, members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
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
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	d.render(w, v, c)
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

// editLead says what the form does.
func (s settingSheet) editLead(v *visit) string {
	if s.Instead != "" {
		return v.T("configuration.edit_correct")
	}
	return v.T("configuration.edit_lead")
}

// asNumber is a version as the form carries it.
func (h heldSection) asNumber() string { return strconv.FormatInt(h.Version, 10) }

// when is a change's time, for the page and for the machine.
func when(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// compareTo is the address of a comparison.
func (v *visit) compareTo(section, one, other string) templ.SafeURL {
	q := url.Values{"one": {one}, "other": {other}}
	return v.To("/settings/", section, "/compare?"+q.Encode())
}
