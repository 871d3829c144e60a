package web

import (
	"cmp"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// bodySection is the one section whose entries have pages of their own: a body
// has more to say than an entry of any other list.
const bodySection = "bodies"

// bodiesOf reads the model of a version of the section.
func bodiesOf(version json.RawMessage) tenant.Bodies {
	var model tenant.Bodies
	if len(version) > 0 {
		_ = json.Unmarshal(version, &model) // it was kept by the room, or made by the form
	}
	return model
}

// bodyName is what a body is called, its key where it has no name yet.
func (v *visit) bodyName(b tenant.Body) string { return cmp.Or(v.Words(b.Name), b.Key) }

// bodyKind is what the county calls bodies of the kind.
func (v *visit) bodyKind(key string) string {
	kind, _ := v.County.BodyKinds.Kind(key)
	return cmp.Or(kind.Word.In(string(v.Lang)).One, key)
}

// organisationNamed gives the names that a section's page has found.
func organisationNamed(called map[string]string) func(string) string {
	return func(key string) string { return called[key] }
}

// told are the rules of a body as sentences.
func (v *visit) told(b tenant.Body, called map[string]string) []stated {
	var all []stated
	for _, s := range b.Tell(v.Lang, organisationNamed(called)) {
		one := stated{Term: s.Label, Says: []string{s.Text}}
		if s.Unknown {
			one.Says, one.Unknown = nil, s.Text
		}
		if s.Rule == tenant.TellsRecordWords {
			one.Says = append(one.Says, v.recordTexts(b.Rules.RecordWords)...)
		}
		all = append(all, one)
	}
	return all
}

// recordTexts are what a body begins and ends its minutes with, a line each, as
// they are written.
func (v *visit) recordTexts(own tenant.RecordWords) []string {
	var all []string
	add := func(key string, words tenant.Words) {
		for line := range strings.Lines(v.Words(words)) {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			if key != "" {
				line, key = v.T(key, "line", line), ""
			}
			all = append(all, line)
		}
	}
	add("configuration.record_words.preamble", own.Preamble)
	add("configuration.record_words.ending", own.Ending)
	return all
}

// facts are what a body is, besides its seats and its rules.
func (v *visit) facts(model tenant.Bodies, b tenant.Body, called map[string]string) []stated {
	var all []stated
	add := func(at string, says ...string) {
		says = slices.DeleteFunc(says, func(s string) bool { return s == "" })
		if len(says) > 0 {
			all = append(all, stated{Term: v.label(bodySection, "bodies."+at), Says: says})
		}
	}
	names := func(keys []string) string {
		said := make([]string, len(keys))
		for i, key := range keys {
			of, _ := model.Body(key)
			said[i] = cmp.Or(v.Words(of.Name), key)
		}
		return v.series(said)
	}
	texts := func(all []tenant.Words) []string {
		said := make([]string, len(all))
		for i, w := range all {
			said[i] = v.Words(w)
		}
		return said
	}
	add("kind", tenant.Capital(v.bodyKind(b.Kind)))
	add("purpose", v.Words(b.Purpose))
	add("tasks", texts(b.Tasks)...)
	add("under", names(b.Under))
	add("preparesFor", names(b.PreparesFor))
	if b.Initiates {
		add("initiates", v.T("web.yes"))
	}
	var answered []string
	for _, key := range b.AnswersFor {
		answered = append(answered, cmp.Or(called[goalNamed+key], key))
	}
	add("answersFor", v.series(answered))
	var kept []string
	for _, key := range b.Secretariat {
		kept = append(kept, cmp.Or(called[key], key))
	}
	add("secretariat", v.series(kept))
	add("appointed", v.Words(b.Appointed))
	if b.Origin != "" {
		add("origin", tenant.Capital(v.value("origin", b.Origin)))
	}
	add("themes", texts(b.Themes)...)
	return all
}

// seated tells of each sort of seat on a line.
func (v *visit) seated(b tenant.Body, called map[string]string) []string {
	var all []string
	for _, s := range b.Seats {
		var whose []string
		for _, key := range s.Organisations {
			whose = append(whose, cmp.Or(called[key], key))
		}
		who := v.series(whose)
		switch {
		case s.Each != "":
			who = v.T("configuration.seat.each", "type", v.value("type", s.Each))
		case len(whose) > 1:
			who = v.T("configuration.seat.shared", "who", who)
		}
		if name := v.Words(s.Name); name != "" && who != "" {
			who = name + " (" + who + ")"
		} else if name != "" {
			who = name
		}
		says := []string{cmp.Or(who, s.Key)}
		if s.Of() > 1 {
			says = append(says, v.T("configuration.seat.number", "n", s.Of()))
		}
		if s.Standing != "" && s.Standing != tenant.SeatOrdinary {
			says = append(says, v.value("standing", s.Standing))
		}
		if s.Level != "" {
			says = append(says, v.value("level", s.Level))
		}
		if s.Mandate != "" {
			says = append(says, v.value("mandate", s.Mandate))
		}
		all = append(all, tenant.Capital(strings.Join(says, ", ")))
	}
	return all
}

// bodies tells the whole model: each body by its name, and after it each thing
// that it says, so that two versions can be put side by side.
func (v *visit) bodies(version json.RawMessage, called map[string]string) []stated {
	model := bodiesOf(version)
	var all []stated
	for _, b := range model.Bodies {
		name := v.bodyName(b)
		head := stated{Term: name, Note: v.T("configuration.key", "key", b.Key), entry: true, id: b.Key}
		if other := b.Name[string(v.other())]; other != "" && other != name {
			head.Note = v.other().Name() + ": " + other + " · " + head.Note
		}
		all = append(all, head)
		says := v.facts(model, b, called)
		if seats := v.seated(b, called); len(seats) > 0 {
			says = append(says, stated{Term: v.label(bodySection, "bodies.seats"), Says: seats})
		}
		for _, s := range append(says, v.told(b, called)...) {
			s.id, s.Term, s.aside = b.Key+"/"+s.Term, name+": "+lowered(s.Term), true
			all = append(all, s)
		}
	}
	return all
}

// lowered is a label as it stands after a colon.
func lowered(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// bodyRow is a body in the section's list.
type bodyRow struct {
	Key, Name, Kind, Seats, Rules string
	Class                         string // how many of its rules are known, as a shape
}

// listed are the bodies of a version, a row for each.
func (v *visit) listed(version json.RawMessage) []bodyRow {
	var rows []bodyRow
	for _, b := range bodiesOf(version).Bodies {
		r := bodyRow{Key: b.Key, Name: v.bodyName(b), Kind: tenant.Capital(v.bodyKind(b.Kind)), Class: "on"}
		var each []string
		for _, s := range b.Seats {
			if s.Each != "" && s.Votes() {
				each = append(each, v.value("type", s.Each))
			}
		}
		switch n, all := b.Votes(); {
		case !all && n > 0:
			r.Seats = v.T("configuration.body.seats_and_each", "count", n, "types", v.series(each))
		case !all:
			r.Seats = v.T("configuration.body.seats_each", "types", v.series(each))
		case n > 0:
			r.Seats = v.T("configuration.body.seats", "count", n)
		}
		known, rules := 0, slices.DeleteFunc(b.Tell(v.Lang, nil), func(s tenant.Sentence) bool { return s.Rule == tenant.TellsRecordWords })
		for _, s := range rules {
			if !s.Unknown {
				known++
			}
		}
		r.Rules = v.T("configuration.body.rules", "known", known, "all", len(rules))
		if known < len(rules) {
			r.Class = "half"
		}
		if known == 0 {
			r.Class = "none"
		}
		rows = append(rows, r)
	}
	return rows
}

// bodyShown is one body of a version, with all that it says.
type bodyShown struct {
	Name         string
	Facts, Rules []stated
	Seats        []string
}

func (v *visit) shown(version json.RawMessage, key string, called map[string]string) (*bodyShown, error) {
	model := bodiesOf(version)
	b, ok := model.Body(key)
	if !ok {
		return nil, fault.Missing()
	}
	return &bodyShown{Name: v.bodyName(b), Facts: v.facts(model, b, called), Rules: v.told(b, called), Seats: v.seated(b, called)}, nil
}

// aNewBody is asked for in place of a key: no key looks so.
const aNewBody = "+"

// oneBody limits the form to one body. The others are carried through as they
// stand in the version that the form began with.
type oneBody struct {
	Key    string // the body, or aNewBody; "" for all
	Base   string // the version, by its day
	others map[string]any
	at     int // where the body stands among them
}

// limited reads what is carried through, and whether the body is in it.
func (o *oneBody) limited(base json.RawMessage) bool {
	o.others = map[string]any{}
	if len(base) > 0 {
		_ = json.Unmarshal(base, &o.others)
	}
	list, _ := o.others["bodies"].([]any)
	o.at = slices.IndexFunc(list, func(entry any) bool {
		of, _ := entry.(map[string]any)
		return of["key"] == o.Key
	})
	if o.at >= 0 {
		return true
	}
	o.at = len(list)
	return false
}

// own is the form's part of the base: the body alone, or a blank one.
func (o *oneBody) own() map[string]any {
	if list, _ := o.others["bodies"].([]any); o.at < len(list) {
		return map[string]any{"bodies": []any{list[o.at]}}
	}
	return map[string]any{"bodies": []any{map[string]any{}}}
}

// whole puts what was typed back among the others.
func (o *oneBody) whole(typed map[string]any) map[string]any {
	if o.Key == "" {
		return typed
	}
	list, _ := o.others["bodies"].([]any)
	mine, _ := typed["bodies"].([]any)
	list = slices.Concat(list[:o.at], mine, list[min(o.at+1, len(list)):])
	whole := maps.Clone(o.others)
	whole["bodies"] = list
	return whole
}

// inForm is where something of the whole stands in the form: the body is alone
// there. It does not stand there where it is another's.
func (o *oneBody) inForm(path string) (string, bool) {
	if o.Key == "" || !strings.HasPrefix(path, "bodies.") {
		return path, true
	}
	n, rest, _ := strings.Cut(strings.TrimPrefix(path, "bodies."), ".")
	if n != strconv.Itoa(o.at) {
		return "", false
	}
	return strings.TrimSuffix("bodies.0."+rest, "."), true
}

// fromTemplate puts a template's body in the form: in place of a blank one, or
// after the others. Its kind is chosen anew where the county has none such.
func (v *visit) fromTemplate(root map[string]any, key string) {
	b, ok := tenant.BodyTemplate(key)
	if !ok {
		return
	}
	if _, ok := v.County.BodyKinds.Kind(b.Kind); !ok {
		b.Kind = ""
	}
	list, _ := root["bodies"].([]any)
	list = slices.DeleteFunc(list, blank)
	if len(list) >= mostRows {
		return
	}
	written, err := json.Marshal(b)
	if err != nil {
		panic(err) // It is embedded.
	}
	of := map[string]any{}
	_ = json.Unmarshal(written, &of)
	of["key"] = "" // made of its name, when it has the one that it keeps
	root["bodies"] = append(list, of)
}

// templates are the bodies that one can start from.
func (v *visit) templates() []option {
	var all []option
	for _, b := range tenant.BodyTemplates() {
		all = append(all, option{b.Key, v.T("configuration.template", "name", v.Words(b.Name))})
	}
	return all
}

// bodyList are the bodies of the form and those it carries through, but for one
// row's own.
func (b *builder) bodyList(path string) []option {
	own := -1
	if parts := strings.Split(path, "."); len(parts) > 1 {
		own, _ = strconv.Atoi(parts[1])
	}
	list, _ := b.root["bodies"].([]any)
	if b.one.Key != "" {
		list, own = b.one.whole(b.root)["bodies"].([]any), b.one.at
	}
	var all []option
	for i, entry := range list {
		of, _ := entry.(map[string]any)
		if key, _ := of["key"].(string); key != "" && i != own {
			all = append(all, option{key, cmp.Or(b.entryName(of), key)})
		}
	}
	return all
}

// kinds are the county's kinds of body.
func (b *builder) kinds() []option {
	var all []option
	for _, k := range b.County.BodyKinds.Kinds {
		all = append(all, option{k.Key, tenant.Capital(b.bodyKind(k.Key))})
	}
	return all
}

// rulePlaces are the parts of a body that are rules, by their place in it.
var rulePlaces = func() map[string]string {
	places := map[string]string{"chair": "chair", "convener": "convener", "decides": "decides"}
	for _, s := range (tenant.Body{}).Tell(text.Swedish, nil) {
		if places[s.Rule] == "" {
			places["rules."+s.Rule] = s.Rule
		}
	}
	return places
}()

// rule makes of a part of a body that is a rule what can be folded: its
// sentence is read without opening it.
func (b *builder) rule(n *node, path string) *node {
	at := strings.SplitN(path, ".", 3)
	if b.section.Key != bodySection || len(at) < 3 || at[0] != "bodies" || rulePlaces[at[2]] == "" {
		return n
	}
	rule := &node{Kind: "rule", ID: n.ID + "-rule", Label: n.Label, Children: []*node{n}}
	if n.Kind == "group" {
		n.Kind, n.ID = "rule", n.ID+"-rule"
		rule = n
	}
	n.Around = rule
	for _, s := range b.sentences(at[1]) {
		if s.Rule == rulePlaces[at[2]] {
			rule.Label, rule.Summary = s.Label, s.Text
		}
	}
	return rule
}

// sentences are the rules of a body as it stands in the form.
func (b *builder) sentences(row string) []tenant.Sentence {
	if said, ok := b.said[row]; ok {
		return said
	}
	list, _ := b.root["bodies"].([]any)
	n, err := strconv.Atoi(row)
	if err != nil || n >= len(list) {
		return nil
	}
	var wrong fault.List
	var model tenant.Bodies
	written, err := json.Marshal(cooked(b.section.Type, map[string]any{"bodies": []any{list[n]}}, "", &wrong))
	if err == nil {
		model = bodiesOf(written)
	}
	var said []tenant.Sentence
	if len(model.Bodies) == 1 {
		said = model.Bodies[0].Tell(b.Lang, organisationNamed(b.called))
	}
	b.said[row] = said
	return said
}

// bodyLeaves are the parts of the form of one body: what it is, its seats, its
// rules.
func (b *builder) bodyLeaves() []*node {
	root := b.leaves()[0].Children[0] // the list with the one row
	count := &node{Kind: "count", Name: "n.bodies", Value: strconv.Itoa(len(root.Rows))}
	if len(root.Rows) == 0 {
		return []*node{{Kind: "group", ID: "leaf-body", Label: b.T("configuration.body.gone"), Note: b.T("configuration.body.gone_note"), Children: []*node{count}}}
	}
	what := &node{Kind: "group", ID: "leaf-body", Label: b.T("configuration.body.what"), Note: b.help("bodies"), Children: []*node{count}}
	seats := &node{Kind: "group", ID: "leaf-seats", Label: b.label(bodySection, "bodies.seats"), Note: b.help("bodies.seats")}
	rules := &node{Kind: "group", ID: "leaf-rules", Label: b.label(bodySection, "bodies.rules"), Note: b.help("bodies.rules")}
	for _, n := range root.Rows[0].Children {
		switch {
		case n.Path == "bodies.0.seats":
			n.Help, n.Bare = "", true
			seats.Children = append(seats.Children, n)
		case n.Path == "bodies.0.rules":
			rules.Children = append(rules.Children, n.Children...)
		case n.Kind == "rule" || n.Around != nil:
			rules.Children = append(rules.Children, n)
		default:
			what.Children = append(what.Children, n)
		}
	}
	if b.one.Key != aNewBody {
		what.Children = append(what.Children, &node{Kind: "dissolve", Key: "bodies.0", Label: b.T("configuration.body.dissolve"), Help: b.T("configuration.body.dissolve_note")})
	}
	return []*node{what, seats, rules}
}

// carried is what the body is called that a place of the whole lies in.
func (b *builder) carried(field string) string {
	list, _ := b.one.whole(b.root)["bodies"].([]any)
	parts := strings.Split(strings.TrimPrefix(field, "/body/bodies/"), "/")
	n, err := strconv.Atoi(parts[0])
	if err != nil || n >= len(list) {
		return b.Of("tenant.section.", bodySection)
	}
	of, _ := list[n].(map[string]any)
	return cmp.Or(b.entryName(of), written(of["key"]))
}

// bodyKey is what a body's or a seat's key is made of, where it has none.
func bodyKey(of map[string]any) string {
	for _, name := range []string{"name", "organisations", "each"} {
		switch x := of[name].(type) {
		case map[string]any:
			if said, _ := x["sv"].(string); text.Key(said) != "" {
				return said
			}
		case []any:
			if len(x) > 0 {
				return written(x[0])
			}
		case string:
			if x != "" {
				return x
			}
		}
	}
	return ""
}

// seatName is how a seat of the form is read: whose it is, and how it stands.
func (b *builder) seatName(of map[string]any) string {
	var wrong fault.List
	var seat tenant.Seat
	written, err := json.Marshal(cooked(reflect.TypeFor[tenant.Seat](), of, "", &wrong))
	if err != nil || json.Unmarshal(written, &seat) != nil || blank(of) {
		return ""
	}
	return strings.Join(b.seated(tenant.Body{Seats: []tenant.Seat{seat}}, b.called), "")
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

// bodyPlace is where a body's own page lies.
func bodyPlace(page, key string) string { return "/settings/bodies" + page + "?body=" + key }

// kept tells whether the pages keep the section.
func (h heldSection) kept() bool { return h.Manager == county.FromPages }
