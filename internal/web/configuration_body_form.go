package web

import (
	"cmp"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

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

// templates are the bodies that one can start from.
func (v *visit) templates() []option {
	var all []option
	for _, b := range tenant.BodyTemplates() {
		all = append(all, option{b.Key, v.T("configuration.template", "name", v.Words(b.Name))})
	}
	return all
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
