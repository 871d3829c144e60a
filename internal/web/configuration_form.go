package web

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// One engine makes the form of every section. It follows the section's Go type:
// what was typed is read into a raw tree of objects, lists and texts, in which
// rows are added and taken away; the form is drawn from that tree, and the
// section's body is made of it.

// ordered are the lists whose order means something.
var ordered = []string{"goals.levels", "instrumentKinds.kinds", "publication.sites",
	"bodies.bodies", "bodies.bodies.seats", "bodies.bodies.tasks", "bodies.bodies.rules.standingItems"}

// choices are fields with a few values that no tag names.
var choices = map[string][]string{
	"accessibility.status":   {tenant.StatusFull, tenant.StatusPartial, tenant.StatusNone},
	"signIn.issuers.subject": {tenant.SubjectSub, tenant.SubjectOrgAffiliation},
}

// builder draws the form of a section.
type builder struct {
	*visit
	section tenant.SectionType
	root    map[string]any
	before  map[string]any // what holds: what differs from it stands open
	nodes   map[string]*node
	one     *oneBody
	called  map[string]string            // organisations by key
	said    map[string][]tenant.Sentence // of each body of the form, by its row
}

// build draws the whole form: its leaves, each a group.
func (v *visit) build(s tenant.SectionType, root map[string]any, before json.RawMessage) *builder {
	b := &builder{visit: v, section: s, root: root, nodes: map[string]*node{}, one: &oneBody{}, said: map[string][]tenant.Sentence{}}
	if len(before) > 0 {
		_ = json.Unmarshal(before, &b.before)
	}
	return b
}

// leaves are the form's parts: each list is one, and what stands between lists.
func (b *builder) leaves() []*node {
	var all []*node
	var plain *node
	for f := range b.section.Type.Fields() {
		n := b.node(f, b.root[jsonName(f)], jsonName(f))
		if n.Kind == "list" {
			all = append(all, &node{Kind: "group", ID: "leaf-" + n.ID, Label: n.Label, Note: n.Help, Children: []*node{n}})
			n.Help = ""
			continue
		}
		if plain == nil {
			plain = &node{Kind: "group", ID: "leaf-" + n.ID, Label: b.Of("tenant.section.", b.section.Key), Note: b.help("")}
			all = append(all, plain)
		}
		plain.Children = append(plain.Children, n)
	}
	return all
}

// bare is a path without its numbers: goals.levels.under.
func bareName(path string) string {
	parts := slices.DeleteFunc(strings.Split(path, "."), func(p string) bool { _, err := strconv.Atoi(p); return err == nil })
	return strings.Join(parts, ".")
}

func (b *builder) help(path string) string {
	full := strings.TrimSuffix(b.section.Key+"."+bareName(path), ".")
	last := path[strings.LastIndex(path, ".")+1:]
	keys := []string{"configuration.help." + full}
	if last != "" {
		keys = append(keys, "configuration.help."+last)
	}
	for _, key := range keys {
		if text.Has(key) {
			return b.Lang.Fill(key, nil)
		}
	}
	return ""
}

func (b *builder) node(f reflect.StructField, value any, path string) *node {
	name := jsonName(f)
	n := &node{ID: "f-" + strings.ReplaceAll(path, ".", "-"), Name: prefix + path, Path: path, Label: b.label(b.section.Key, bareName(path)), Help: b.help(path),
		Optional: f.Tag.Get("required") != "true"}
	b.nodes[path] = n
	n.Value = written(value)
	values, _ := value.([]any)
	for _, it := range values {
		n.Values = append(n.Values, written(it))
	}
	of, _ := value.(map[string]any)
	full := b.section.Key + "." + bareName(path)
	switch t := f.Type; {
	case t == reflect.TypeFor[tenant.Word]():
		b.word(n, of, path)
	case t == reflect.TypeFor[tenant.Words]():
		b.words(n, of, path)
	case t.Kind() == reflect.Struct && t != dayType:
		n.Kind = "group"
		for under := range t.Fields() {
			at := path + "." + jsonName(under)
			n.Children = append(n.Children, b.rule(b.node(under, of[jsonName(under)], at), at))
		}
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.String:
		b.list(n, t.Elem(), values, full, path)
	case full == "bodies.bodies.under" || full == "bodies.bodies.preparesFor":
		n.Kind, n.Options = "checks", b.bodyList(path)
		if len(n.Options) == 0 {
			n.Kind = "none"
		}
	case full == "bodies.bodies.kind":
		n.Kind, n.Options = "select", b.kinds()
	case len(b.costChoices(full)) > 0:
		n.Kind, n.Options, n.Empty = "select", b.costChoices(full), b.T("configuration.not_known")
		if !n.Optional && n.Value != "" {
			n.Empty = ""
		}
	case name == "under":
		n.Kind, n.Options = "checks", b.levels(path)
		if len(n.Options) == 0 {
			n.Kind = "none"
		}
	case full == "identity.languages":
		n.Kind = "checks"
		for _, lang := range append(slices.Clone(n.Values), tenant.Languages...) {
			if slices.Contains(tenant.Languages, lang) && !slices.ContainsFunc(n.Options, func(o option) bool { return o.Value == lang }) {
				n.Options = append(n.Options, option{lang, b.value("languages", lang)})
			}
		}
	case t.Kind() == reflect.Slice && f.Tag.Get("enum") != "":
		n.Kind, n.Options = "checks", b.options(name, strings.Split(f.Tag.Get("enum"), ","))
	case t.Kind() == reflect.Slice:
		n.Kind, n.Value = "lines", strings.Join(n.Values, "\n")
	case full == "goals.links.from" || full == "goals.links.to":
		n.Kind, n.Options = "select", b.levels("")
	case full == "signIn.issuers.grants.role":
		n.Kind = "select"
		for _, r := range auth.Roles {
			if !r.National() || b.County.Kind == tenant.KindNational {
				n.Options = append(n.Options, option{string(r), b.role(r)})
			}
		}
	case name == "key" && f.Tag.Get("unique") == "true":
		n.Kind = "hidden"
	case f.Tag.Get("enum") != "" || choices[full] != nil:
		values := choices[full]
		if values == nil {
			values = strings.Split(f.Tag.Get("enum"), ",")
		}
		n.Kind, n.Options = "select", b.options(name, values)
		if name == "scope" { // left out, it is for the whole county
			n.Options = n.Options[1:]
		}
		n.Empty = b.T("configuration.not_known")
		if key := "configuration.empty." + name; text.Has(key) {
			n.Empty = b.Lang.Fill(key, nil)
		}
		if n.Optional && len(values) < 4 && !strings.Contains(path, ".") {
			n.Kind = "radios"
		}
		if !n.Optional && n.Value != "" {
			n.Empty = ""
		}
	case t.Kind() == reflect.Bool:
		n.Kind = "check"
	case t.Kind() == reflect.Int:
		n.Kind = "number"
	case t == dayType:
		n.Kind = "date"
	default:
		n.Kind = "text"
		n.Wide = slices.Contains([]string{"url", "web", "address", "standard", "clientId", "value", "email", "source"}, name) || full == functionSection+".functions.ground.decision"
		if slices.Contains(amounts, full) {
			n.Value = b.typedAmount(n.Value)
		}
	}
	return n
}

func (b *builder) options(name string, values []string) []option {
	all := make([]option, len(values))
	for i, value := range values {
		all[i] = option{value, tenant.Capital(b.value(name, value))}
		if name == "gender" {
			all[i].Label = value
		}
	}
	return all
}

// levels are the levels that the form has, to choose among: all but the row's own.
func (b *builder) levels(path string) []option {
	own := -1
	if parts := strings.Split(path, "."); len(parts) == 3 {
		own, _ = strconv.Atoi(parts[1])
	}
	var all []option
	list, _ := b.root["levels"].([]any)
	for i, level := range list {
		of, _ := level.(map[string]any)
		if key, _ := of["key"].(string); key != "" && i != own {
			label := tenant.Capital(wordOf(of["word"]).In(string(b.Lang)).One)
			if label == "" {
				label = key
			}
			all = append(all, option{key, label})
		}
	}
	return all
}

func (b *builder) list(n *node, t reflect.Type, values []any, full, path string) {
	n.Kind, n.Key = "list", path
	n.Add = b.Of("configuration.add.", full)
	n.Note = ""
	if full == "bodies.bodies" {
		n.Templates = b.templates()
	}
	for i, value := range values {
		under := path + "." + strconv.Itoa(i)
		of, _ := value.(map[string]any)
		g := &node{Kind: "group", ID: "f-" + strings.ReplaceAll(under, ".", "-"), Path: under, Key: under}
		b.nodes[under] = g
		if t.Kind() == reflect.Map {
			n2 := b.node(reflect.StructField{Type: t, Tag: `json:"shortcoming" required:"true"`}, of, under)
			n2.Label = b.Of("configuration.entry.", full, "n", i+1)
			n.Rows = append(n.Rows, &row{node: n2, First: i == 0, Ordered: slices.Contains(ordered, full), Remove: n2.Label, Up: n2.Label})
			n2.Key = under
			continue
		}
		for f := range t.Fields() {
			at := under + "." + jsonName(f)
			n2 := b.rule(b.node(f, of[jsonName(f)], at), at)
			if n2.Kind == "hidden" && n2.Value != "" {
				g.Note = b.T("configuration.key", "key", n2.Value)
			}
			g.Children = append(g.Children, n2)
		}
		g.Fold = full == "bodies.bodies" && b.one.Key == "" || full == "bodies.bodies.seats" || slices.Contains(longLists, full)
		g.Open = g.Fold && blank(of)
		if g.Label = b.entryName(of); full == "bodies.bodies.seats" {
			g.Label = b.seatName(of)
		}
		if g.Label == "" {
			g.Label = b.Of("configuration.entry.", full, "n", i+1)
		}
		n.Rows = append(n.Rows, &row{node: g, First: i == 0, Ordered: slices.Contains(ordered, full), Remove: g.Label, Up: g.Label})
	}
}

// entryName is what an entry is called, where it has a name yet.
func (b *builder) entryName(of map[string]any) string {
	if name := wordOf(of["word"]).In(string(b.Lang)).One; name != "" {
		return tenant.Capital(name)
	}
	if names, ok := of["name"].(map[string]any); ok {
		if name, _ := names[string(b.Lang)].(string); name != "" {
			return name
		}
		if name, _ := names["sv"].(string); name != "" {
			return name
		}
	}
	if said := b.costEntry(of); said != "" {
		return said
	}
	if kind, _ := of["type"].(string); kind != "" {
		return tenant.Capital(b.value("type", kind))
	}
	from, _ := of["from"].(string)
	to, _ := of["to"].(string)
	if from != "" && to != "" {
		t := teller{visit: b.visit, section: b.section, body: b.root}
		return tenant.Capital(t.known("from", from)) + " – " + t.known("to", to)
	}
	return ""
}

// words is one text in each language.
func (b *builder) words(n *node, of map[string]any, path string) {
	n.Kind = "words"
	area := slices.Contains([]string{"definition", "method", "form", "shortcoming", "purpose", "appointed", "preamble", "ending"}, strings.TrimPrefix(path[strings.LastIndex(path, ".")+1:], ".")) ||
		strings.HasPrefix(path, "shortcomings.")
	for i, lang := range tenant.Languages {
		under := path + "." + lang
		c := &node{Kind: "text", ID: "f-" + strings.ReplaceAll(under, ".", "-"), Name: prefix + under, Path: under, Label: tenant.Capital(b.Of("tenant.field.", lang)),
			Value: written(of[lang]), Optional: i > 0, Wide: true, Lang: lang}
		if area {
			c.Kind = "area"
		}
		if n.Optional {
			c.Optional = true
		}
		b.nodes[under] = c
		n.Children = append(n.Children, c)
	}
}

// word is a noun with its forms in each language.
func (b *builder) word(n *node, of map[string]any, path string) {
	n.Kind = "word"
	for _, lang := range tenant.Languages {
		forms, _ := of[lang].(map[string]any)
		g := &node{Kind: "forms", ID: "f-" + strings.ReplaceAll(path+"."+lang, ".", "-"), Path: path + "." + lang, Label: tenant.Capital(b.Of("tenant.field.", lang)), Lang: lang}
		b.nodes[g.Path] = g
		rare := &node{Kind: "rare", Label: b.T("configuration.rare_forms")}
		var gender *node
		for f := range reflect.TypeFor[tenant.Forms]().Fields() {
			name := jsonName(f)
			under := path + "." + lang + "." + name
			switch {
			case name == "gender" && lang != "sv":
				continue
			case name == "genitive":
				genitives, _ := forms[name].(map[string]any)
				for f := range f.Type.Fields() {
					c := b.node(f, genitives[jsonName(f)], under+"."+jsonName(f))
					c.Label, c.Help, c.Lang = b.Of("configuration.genitive.", jsonName(f)), "", lang
					rare.Children = append(rare.Children, c)
					rare.Open = rare.Open || c.Value != ""
				}
				continue
			}
			c := b.node(f, forms[name], under)
			c.Help, c.Lang = "", lang
			c.Optional = name == "short" || lang != "sv"
			if lang != "sv" && (name == "theOne" || name == "theMany") {
				rare.Children = append(rare.Children, c)
				rare.Open = rare.Open || c.Value != ""
				continue
			}
			if name == "gender" { // beside the abbreviation, under the four forms
				c.Label, c.Empty = b.T("configuration.gender"), ""
				gender = c
				continue
			}
			if name == "short" && gender != nil {
				g.Children = append(g.Children, gender)
			}
			g.Children = append(g.Children, c)
		}
		g.Children = append(g.Children, rare)
		n.Children = append(n.Children, g)
	}
	if b.section.Key == "words" {
		n.Fold, n.Summary = true, b.T("configuration.as_everywhere")
		word := wordOf(of)
		if one := word.In(string(b.Lang)).One; one != "" {
			n.Summary = one
		}
		was, _ := json.Marshal(wordOf(b.before[path]))
		is, _ := json.Marshal(word)
		n.Open = !blank(of) && string(was) != string(is)
	}
}
