package web

import (
	"cmp"
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// stated is one thing that a section says, as a person reads it.
type stated struct {
	Term    string
	Says    []string // sentences, or a value
	Note    string   // its forms, its key
	Unknown string   // what is not known of it
	entry   bool     // whether it is an entry of a list, whose name says enough
	aside   bool     // whether it is left out where there is little room
	id      string   // what it is known by, where its term can change
}

// teller turns what a section says into sentences. It follows the section's Go
// type, so that a new field is told without a line here; what reads better
// otherwise has words of its own under configuration.says.
type teller struct {
	*visit
	section tenant.SectionType
	body    map[string]any
	called  map[string]string // organisations by key
}

// tell gives what a version of a section says.
func (v *visit) tell(s tenant.SectionType, body json.RawMessage, called map[string]string) []stated {
	t := teller{visit: v, section: s, called: called}
	if len(body) > 0 {
		_ = json.Unmarshal(body, &t.body)
	}
	if t.body == nil {
		return nil
	}
	switch s.Key {
	case "words":
		return t.glossary()
	case bodySection:
		return v.bodies(body, called)
	case keySection:
		return t.costKeys(body)
	case functionSection:
		return t.sharedFunctions(body)
	}
	var all []stated
	for f := range s.Type.Fields() {
		all = append(all, t.field(f, t.body[jsonName(f)])...)
	}
	return all
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// label is what a field is called, with a capital. at is its place in the
// section: what stands at one place, or in one section, may have words of its own.
func (v *visit) label(section, at string) string {
	name := at[strings.LastIndex(at, ".")+1:]
	for _, key := range []string{"configuration.label." + section + "." + at, "configuration.label." + section + "." + name,
		"tenant.field." + section + "." + name, "configuration.label." + name, "tenant.field." + name} {
		if text.Has(key) {
			return tenant.Capital(v.Lang.Fill(key, nil))
		}
	}
	return name
}

// value is a word of the configuration as it is read.
func (v *visit) value(name, value string) string {
	if name == "languages" {
		return v.languageName(value)
	}
	for _, key := range []string{"configuration.value." + name + "." + value, "tenant.value." + value} {
		if text.Has(key) {
			return v.Lang.Fill(key, nil)
		}
	}
	if name == "role" && text.Has("auth.role."+value) {
		return v.role(auth.Role(value))
	}
	return value
}

// languageName is what a language is called, by its code.
func (v *visit) languageName(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	in := language.Swedish
	if v.Lang == text.English {
		in = language.English
	}
	if name := display.Tags(in).Name(tag); name != "" {
		return name
	}
	return code
}

// series is several words in a sentence: a, b and c.
func (v *visit) series(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + v.T("configuration.and") + " " + words[len(words)-1]
}

func (t teller) field(f reflect.StructField, value any) []stated {
	name := jsonName(f)
	one := stated{Term: t.label(t.section.Key, name)}
	switch kind := f.Type; {
	case kind == reflect.TypeFor[tenant.Contact]():
		of, _ := value.(map[string]any)
		var all []stated
		for under := range kind.Fields() {
			all = append(all, t.field(under, of[jsonName(under)])...)
		}
		if len(of) == 0 {
			return []stated{{Term: one.Term}}
		}
		return all
	case kind.Kind() == reflect.Map:
		one.Says, one.Note = t.inLanguages(value)
	case kind.Kind() == reflect.Bool:
		if value != true {
			return nil
		}
		one.Says, one.aside = []string{t.T("web.yes")}, true
	case kind.Kind() == reflect.Slice && (kind.Elem().Kind() == reflect.Struct || kind.Elem().Kind() == reflect.Map):
		return t.list(f, one, value)
	default:
		if s := t.scalar(f, value); s != "" {
			one.Says = []string{s}
		}
		one.aside = name == "code" || name == "letter"
	}
	return []stated{one}
}

// inLanguages is a text in the reader's language, with the other as a note.
func (t teller) inLanguages(value any) ([]string, string) {
	of, _ := value.(map[string]any)
	words := tenant.Words{}
	for lang, s := range of {
		words[lang], _ = s.(string)
	}
	if len(words) == 0 {
		return nil, ""
	}
	note := ""
	if other := words[string(t.other())]; other != "" && other != t.Words(words) {
		note = t.other().Name() + ": " + other
	}
	return []string{t.Words(words)}, note
}

// scalar is a value, or several, on one line.
func (t teller) scalar(f reflect.StructField, value any) string {
	name := jsonName(f)
	switch x := value.(type) {
	case string:
		if f.Type == dayType {
			if d, err := day.Parse(x); err == nil {
				return LongDay(t.Lang, d)
			}
		}
		return t.known(name, x)
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	case []any:
		var words []string
		for _, item := range x {
			s, _ := item.(string)
			words = append(words, t.known(name, s))
		}
		return t.series(words)
	}
	return ""
}

// known is what a value stands for: a level or an organisation by its name.
func (t teller) known(name, value string) string {
	switch name {
	case "under", "from", "to":
		if word := t.levelWord(value); word != "" {
			return word
		}
	case "organisations", "runBy", "initiator", "organisation":
		if called := t.called[value]; called != "" {
			return called
		}
	}
	if name == "url" || name == "web" {
		return bare(value)
	}
	return t.value(name, value)
}

// levelWord is what the section's own level with a key is called.
func (t teller) levelWord(key string) string {
	levels, _ := t.body["levels"].([]any)
	for _, level := range levels {
		if of, _ := level.(map[string]any); of["key"] == key {
			return wordOf(of["word"]).In(string(t.Lang)).One
		}
	}
	return ""
}

// wordOf reads a word of a decoded body.
func wordOf(value any) tenant.Word {
	var w tenant.Word
	if b, err := json.Marshal(value); err == nil {
		_ = json.Unmarshal(b, &w)
	}
	return w
}

// list is a list of entries, each in a sentence.
func (t teller) list(f reflect.StructField, under stated, value any) []stated {
	entries, _ := value.([]any)
	if len(entries) == 0 {
		if f.Tag.Get("required") != "true" && t.section.Key != "signIn" {
			return nil
		}
		return []stated{under}
	}
	var all []stated
	for _, entry := range entries {
		of, _ := entry.(map[string]any)
		if f.Type.Elem().Kind() == reflect.Map {
			says, note := t.inLanguages(of)
			all = append(all, stated{Term: under.Term, Says: says, Note: note})
			continue
		}
		all = append(all, t.entry(f.Type.Elem(), under.Term, of))
	}
	return all
}

// entry is one entry of a list: its name, and what holds of it in a sentence.
func (t teller) entry(kind reflect.Type, list string, of map[string]any) stated {
	s := stated{Term: list, entry: true}
	var says, unknown, notes []string
	for f := range kind.Fields() {
		name := jsonName(f)
		value := of[name]
		switch {
		case f.Type == reflect.TypeFor[tenant.Word]():
			if word := wordOf(value); len(word) > 0 {
				s.Term = tenant.Capital(word.In(string(t.Lang)).One)
				notes = append(notes, t.forms(word))
			}
		case f.Type == reflect.TypeFor[tenant.Words]():
			if said, _ := t.inLanguages(value); len(said) > 0 {
				s.Term = said[0]
			}
		case name == "from":
			s.aside = true
			says = append(says, t.phrase(f, of)...)
		case name == "type":
			s.Term = tenant.Capital(t.scalar(f, value))
		case name == "key":
			notes = append(notes, t.T("configuration.key", "key", value))
		case f.Type.Kind() == reflect.Slice && f.Type.Elem().Kind() == reflect.Struct:
			entries, _ := value.([]any)
			for _, entry := range entries {
				under, _ := entry.(map[string]any)
				says = append(says, t.phrase(f, under)...)
			}
		case value == nil || value == false || value == "":
			key := "configuration.unknown." + name
			if text.Has(key) {
				unknown = append(unknown, t.Lang.Fill(key, nil))
			}
			if no := "configuration.says." + name + ".no"; text.Has(no) {
				says = append(says, t.Lang.Fill(no, nil))
			}
		default:
			says = append(says, t.phrase(f, of)...)
		}
	}
	if len(says) > 0 {
		said := strings.Join(slices.Compact(says), ", ")
		if of["url"] == nil { // an address is written as it is
			said = tenant.Capital(said)
		}
		s.Says = []string{said + "."}
	}
	if len(unknown) > 0 {
		s.Unknown = t.T("configuration.unknown", "what", strings.Join(unknown, ", "))
	}
	slices.Reverse(notes) // the forms before the key
	s.Note = strings.Join(notes, " · ")
	return s
}

// phrase is one field of an entry as a part of its sentence.
func (t teller) phrase(f reflect.StructField, of map[string]any) []string {
	name := jsonName(f)
	value := of[name]
	stem := "configuration.says." + name
	args := map[string]any{}
	for key, v := range of {
		if said, ok := v.(string); ok {
			args[key] = t.known(key, said)
		}
	}
	if value == true {
		if text.Has(stem) {
			return []string{t.Lang.Fill(stem, nil)}
		}
		return []string{t.Lang.Fill("tenant.field."+name, nil)}
	}
	if of["claim"] != nil && name == "grants" {
		return []string{t.Lang.Fill(stem, args)}
	}
	if said, ok := value.(string); ok && text.Has(stem+"."+said) {
		return []string{t.Lang.Fill(stem+"."+said, nil)}
	}
	if text.Has(stem) {
		args["value"] = t.scalar(f, value)
		return []string{t.Lang.Fill(stem, args)}
	}
	return []string{t.Lang.Fill("tenant.field."+name, nil) + " " + t.scalar(f, value)}
}

// forms are a word's other forms, in the reader's language and the other.
func (t teller) forms(word tenant.Word) string {
	in := word.In(string(t.Lang))
	says := []string{in.TheOne, in.Many, in.TheMany}
	if in.Short != "" {
		says = append(says, in.Short)
	}
	said := strings.Join(slices.DeleteFunc(says, func(s string) bool { return s == "" }), ", ")
	if other, ok := word[string(t.other())]; ok && other.One != "" {
		said += " · " + t.other().Name() + ": " + other.One
	}
	return said
}

// glossary are the county's own words, and which it has left to the nation.
func (t teller) glossary() []stated {
	var all []stated
	var usual []string
	for _, concept := range tenant.Concepts() {
		term := t.label("words", string(concept))
		word := wordOf(t.body[string(concept)])
		if len(word) == 0 {
			usual = append(usual, strings.ToLower(term))
			continue
		}
		all = append(all, stated{Term: term, Says: []string{tenant.Capital(word.In(string(t.Lang)).One)}, Note: t.forms(word)})
	}
	if len(usual) > 0 {
		all = append(all, stated{Term: t.T("configuration.usual_words"), Says: []string{tenant.Capital(t.series(usual)) + "."}, aside: true})
	}
	return all
}

// organisationNames are the names of the organisations that a section names by
// key, and of the goals that its bodies answer for, as far as the reader may know.
func (v *visit) organisationNames(ctx context.Context, tx *pg.Tx, bodies ...json.RawMessage) (map[string]string, error) {
	called := map[string]string{}
	var goals []string
	if !tx.May(auth.OrganisationRead) {
		return called, nil
	}
	var find func(value any, under string) error
	find = func(value any, under string) error {
		switch x := value.(type) {
		case map[string]any:
			for key, it := range x {
				if err := find(it, key); err != nil {
					return err
				}
			}
		case []any:
			for _, it := range x {
				if err := find(it, under); err != nil {
					return err
				}
			}
		case string:
			if under == "answersFor" {
				goals = append(goals, x)
				return nil
			}
			_, asked := called[x]
			if asked || !slices.Contains([]string{"organisations", "runBy", "initiator", "organisation", "secretariat", "named", "employer", "excluded"}, under) {
				return nil
			}
			o, err := organisation.ByKey(ctx, tx, x)
			if err != nil && !fault.Is(err, "common.not_found") {
				return err
			}
			called[x] = o.Name
		}
		return nil
	}
	for _, body := range bodies {
		var value any
		if len(body) == 0 || json.Unmarshal(body, &value) != nil {
			continue
		}
		if err := find(value, ""); err != nil {
			return nil, err
		}
	}
	names, err := governance.GoalNames(ctx, tx, goals, v.On)
	for key, name := range names {
		called[goalNamed+key] = name
	}
	return called, err
}

// goalNamed stands before a goal's key among the names: an organisation may have
// the same.
const goalNamed = "goal:"

// compared is one thing that two versions say, side by side.
type compared struct {
	Term          string
	Before, After []string
	Same          bool
	id            string
	guessed       bool // whether one side alone says something, and that is what unknown means
}

// beside puts what two versions say side by side, by what it is about.
func beside(before, after []stated) []compared {
	var all []compared
	at := func(id string, n int) int { // the nth of the term
		for i, c := range all {
			if c.id == id {
				if n == 0 {
					return i
				}
				n--
			}
		}
		return -1
	}
	for _, s := range before {
		all = append(all, compared{Term: s.Term, Before: s.lines(), id: cmp.Or(s.id, s.Term), guessed: s.Unknown != ""})
	}
	seen := map[string]int{}
	for _, s := range after {
		id := cmp.Or(s.id, s.Term)
		if i := at(id, seen[id]); i >= 0 {
			all[i].Term, all[i].After, all[i].guessed = s.Term, s.lines(), false
		} else {
			all = append(all, compared{Term: s.Term, After: s.lines(), id: id, guessed: s.Unknown != ""})
		}
		seen[id]++
	}
	for i, c := range all {
		all[i].Same = slices.Equal(c.Before, c.After)
	}
	// Of a body that comes or goes, what nobody knows is no difference.
	return slices.DeleteFunc(all, func(c compared) bool { return c.guessed && strings.Contains(c.id, "/") })
}

// lines are all that is said of a thing.
func (s stated) lines() []string {
	lines := slices.Clone(s.Says)
	for _, more := range []string{s.Unknown, s.Note} {
		if more != "" {
			lines = append(lines, more)
		}
	}
	return lines
}
