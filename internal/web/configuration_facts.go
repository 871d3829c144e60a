package web

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/day"
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
