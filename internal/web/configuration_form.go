package web

import (
	"cmp"
	"encoding/json"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// One engine makes the form of every section. It follows the section's Go type:
// what was typed is read into a raw tree of objects, lists and texts, in which
// rows are added and taken away; the form is drawn from that tree, and the
// section's body is made of it.

// node is a part of the form as it is drawn.
type node struct {
	Kind              string // group, list, word, text, area, lines, number, date, select, radios, checks, check, hidden
	ID, Name          string
	Label, Help, Note string
	Value             string
	Values            []string
	Options           []option
	Optional, Wide    bool
	Empty             string // what no choice means
	Why, WhyMore      string
	Children          []*node
	Key               string // a list's place: what its buttons name
	Rows              []*row
	Add               string
	Fold, Open        bool // whether it can be closed, and whether it is open
	Summary           string
	Path              string
	Lang              string
	Templates         []option // what an entry of the list can start from
	Around            *node    // the rule that it stands in
	Bare              bool     // whether what is around it has its heading already
}

// row is one entry of a list.
type row struct {
	*node
	First, Ordered bool
	Remove, Up     string // what the buttons say to whoever cannot see where they stand
}

// describedBy and told are as of any field.
func (n *node) field() field {
	return field{ID: n.ID, Name: n.Name, Type: n.Kind, Value: n.Value, Help: n.Help, Why: n.Why, WhyMore: n.WhyMore, Required: !n.Optional, Autocomplete: "off"}
}

const prefix = "b."

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

// rawOf reads what was typed for a section.
func rawOf(t reflect.Type, typed url.Values, path string) any {
	at := prefix + path
	switch {
	case t == dayType || t == reflect.TypeFor[tenant.Duration]():
		return strings.TrimSpace(typed.Get(at))
	case t.Kind() == reflect.Bool:
		return typed.Get(at) == "true"
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		list := []any{}
		for _, value := range typed[at] {
			for line := range strings.Lines(value) {
				if line = strings.TrimSpace(line); line != "" {
					list = append(list, line)
				}
			}
		}
		return list
	case t.Kind() == reflect.Slice:
		n, _ := strconv.Atoi(typed.Get("n." + path))
		list := []any{}
		for i := range min(n, mostRows) {
			list = append(list, rawOf(t.Elem(), typed, path+"."+strconv.Itoa(i)))
		}
		return list
	case t.Kind() == reflect.Map:
		of := map[string]any{}
		for _, lang := range tenant.Languages {
			of[lang] = rawOf(t.Elem(), typed, path+"."+lang)
		}
		return of
	case t.Kind() == reflect.Struct:
		of := map[string]any{}
		for f := range t.Fields() {
			name := jsonName(f)
			under := name
			if path != "" {
				under = path + "." + name
			}
			of[name] = rawOf(f.Type, typed, under)
		}
		return of
	}
	return strings.TrimSpace(strings.ReplaceAll(typed.Get(at), "\r\n", "\n"))
}

// mostRows is more than any list has, so that nobody asks for a million.
const mostRows = 200

// moved does what a row's button asks: add, remove or up, at a path.
func moved(root map[string]any, what, path string) {
	parts := strings.Split(path, ".")
	var at any = root
	for i, part := range parts {
		last := i == len(parts)-1
		switch x := at.(type) {
		case map[string]any:
			if last && what == "add" {
				if list, ok := x[part].([]any); ok && len(list) < mostRows {
					x[part] = append(list, map[string]any{})
				} else if x[part] == nil {
					x[part] = []any{map[string]any{}}
				}
				return
			}
			// The list that a row is taken from is its parent's.
			if list, ok := x[part].([]any); ok && i == len(parts)-2 {
				n, err := strconv.Atoi(parts[i+1])
				switch {
				case err != nil || n < 0 || n >= len(list):
				case what == "remove":
					x[part] = slices.Delete(list, n, n+1)
				case what == "up" && n > 0:
					list[n-1], list[n] = list[n], list[n-1]
				}
				return
			}
			at = x[part]
		case []any:
			n, err := strconv.Atoi(part)
			if err != nil || n < 0 || n >= len(x) {
				return
			}
			at = x[n]
		default:
			return
		}
	}
}

// pruned takes away rows in which nothing was written.
func pruned(value any) any {
	switch x := value.(type) {
	case map[string]any:
		for key, it := range x {
			x[key] = pruned(it)
		}
	case []any:
		for i, it := range x {
			x[i] = pruned(it)
		}
		return slices.DeleteFunc(x, blank)
	}
	return value
}

func blank(value any) bool {
	switch x := value.(type) {
	case nil:
		return true
	case string:
		return x == ""
	case bool:
		return !x
	case []any:
		return len(x) == 0
	case map[string]any:
		for _, it := range x {
			if !blank(it) {
				return false
			}
		}
		return true
	}
	return false
}

// keyed gives entries that have no key yet one that is made of their word: a
// key is for files and records, and nobody should have to think of it.
func keyed(t reflect.Type, value any) {
	switch x := value.(type) {
	case map[string]any:
		if t.Kind() == reflect.Struct {
			for f := range t.Fields() {
				keyed(f.Type, x[jsonName(f)])
			}
		}
	case []any:
		if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Struct {
			return
		}
		f, ok := t.Elem().FieldByName("Key")
		taken := map[string]bool{}
		for _, entry := range x {
			of, _ := entry.(map[string]any)
			key, _ := of["key"].(string)
			taken[key] = true
		}
		for _, entry := range x {
			of, _ := entry.(map[string]any)
			keyed(t.Elem(), of)
			if key, _ := of["key"].(string); !ok || f.Tag.Get("unique") != "true" || key != "" {
				continue
			}
			base := text.Key(cmp.Or(wordOf(of["word"])["sv"].One, bodyKey(of)))
			if base == "" {
				continue
			}
			if base[0] >= '0' && base[0] <= '9' {
				base = "n-" + base
			}
			base = strings.Trim(base[:min(len(base), 36)], "-")
			key := base
			for n := 2; taken[key]; n++ {
				key = base + "-" + strconv.Itoa(n)
			}
			of["key"], taken[key] = key, true
		}
	}
}

// cooked makes the section's body of the raw tree. What cannot be read is told
// with its place.
func cooked(t reflect.Type, value any, at string, wrong *fault.List) any {
	switch x := value.(type) {
	case map[string]any:
		of := map[string]any{}
		put := func(name string, t reflect.Type) {
			if it := cooked(t, x[name], at+"/"+name, wrong); !blank(it) {
				of[name] = it
			}
		}
		if t.Kind() == reflect.Map {
			for _, lang := range tenant.Languages {
				put(lang, t.Elem())
			}
			return of
		}
		for f := range t.Fields() {
			put(jsonName(f), f.Type)
		}
		return of
	case []any:
		list := make([]any, 0, len(x))
		for i, it := range x {
			list = append(list, cooked(t.Elem(), it, at+"/"+strconv.Itoa(i), wrong))
		}
		return list
	case string:
		switch {
		case x == "":
			return nil
		case t.Kind() == reflect.Int:
			n, err := strconv.Atoi(strings.NewReplacer(" ", "", thin, "", hard, "").Replace(x))
			if err != nil {
				wrong.Add(fault.Bad("shape.integer", at))
				return nil
			}
			return n
		case t == dayType:
			if _, err := day.Parse(x); err != nil {
				wrong.Add(fault.Bad("shape.day", at))
				return nil
			}
		case t == reflect.TypeFor[tenant.Duration]():
			if _, err := time.ParseDuration(x); err != nil {
				wrong.Add(fault.Bad("tenant.signin.max_age", at).With("age", x))
				return nil
			}
		}
	}
	return value
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

func written(value any) string {
	switch x := value.(type) {
	case string:
		return x
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case int:
		return strconv.Itoa(x)
	case bool:
		return strconv.FormatBool(x)
	}
	return ""
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

// blame puts faults beside what they are about: the field, or the nearest thing
// around it that the form shows.
func (b *builder) blame(faults []*fault.Fault, others map[string]*node) []told {
	var summary []told
	for _, f := range faults {
		f = b.human(f)
		said := told{Text: b.say(f)}
		n := others[f.Field]
		at, here := b.one.inForm(strings.ReplaceAll(strings.TrimPrefix(f.Field, "/body/"), "/", "."))
		if !here {
			said.Text = b.carried(f.Field) + ": " + said.Text
		}
		for path := at; n == nil && path != "" && strings.HasPrefix(f.Field, "/body/"); {
			n = b.nodes[path]
			if n != nil && (n.Kind == "hidden" || n.Kind == "none") {
				n = nil
			}
			i := strings.LastIndex(path, ".")
			if i < 0 {
				break
			}
			path = path[:i]
		}
		if n != nil {
			said.Field, said.Label = n.ID, n.Label
			for path := n.Path; strings.Contains(path, "."); { // where it stands: Delmål, Obestämd form
				path = path[:strings.LastIndex(path, ".")]
				around := b.nodes[path]
				if around == nil {
					continue
				}
				around.Open = true
				if around.Around != nil {
					around.Around.Open = true
				}
				if _, err := strconv.Atoi(path[strings.LastIndex(path, ".")+1:]); err == nil || around.Kind == "word" && around.Fold || around.Kind == "rule" {
					said.Label = around.Label + ", " + strings.ToLower(said.Label)
				}
			}
			n.Open = true
			if n.Around != nil && n.Around != n {
				n.Around.Open = true
				said.Label = n.Around.Label
			}
			if n.Why == "" {
				n.Why, n.WhyMore = sentences(b.say(f), b.detail(f.Key, f.Args))
			}
		} else if more := b.detail(f.Key, f.Args); more != "" {
			said.Text += ". " + more
		}
		summary = append(summary, said)
	}
	return summary
}

// human gives a fault in a person's words: the file's keys become the form's
// labels, and what only a file can do is said otherwise.
func (v *visit) human(f *fault.Fault) *fault.Fault {
	c := *f
	if key := "configuration.fault." + strings.TrimPrefix(f.Key, "tenant."); text.Has(key) {
		c.Key = key
	}
	c.Args = fault.Args{}
	for name, value := range f.Args {
		said, ok := value.(string)
		switch {
		case !ok:
		case name == "form" && f.Key == "tenant.wrong_form":
			value = tenant.FormIn(v.Lang, said)
		case name == "field" || name == "form":
			if text.Has("tenant.field." + said) {
				said = v.Lang.Fill("tenant.field."+said, nil)
			}
			value = said
		case name == "adoption" || name == "how":
			field := map[string]string{"adoption": "adoption", "how": "municipalities"}[name]
			value = v.value(field, said)
		case name == "role" || name == "mode":
			value = v.value(name, cmp.Or(said, "none"))
		case name == "type":
			value = v.value(name, said)
		case name == "decides":
			value = v.eachOf(said, func(s string) string { return v.value(name, s) })
		case name == "kind" && strings.HasPrefix(f.Key, "tenant.body."):
			value = v.bodyKind(said)
		case name == "known" && f.Key == "tenant.body.kind_unknown":
			value = v.eachOf(said, v.bodyKind)
		}
		c.Args[name] = value
	}
	return &c
}

// eachOf says several values that a fault names, by what each is called.
func (v *visit) eachOf(values string, called func(string) string) string {
	all := strings.Split(values, ", ")
	for i, value := range all {
		all[i] = called(value)
	}
	return v.series(all)
}
