package tenant

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/text"
)

// Difference is one thing that one configuration says otherwise than another.
type Difference struct {
	Section string  `json:"section" doc:"The section it is in." example:"goals"`
	From    day.Day `json:"from,omitzero" doc:"The version it is in, by the first day that holds. Empty: always." example:"2027-01-01"`
	What    string  `json:"what" enum:"begins,ends,set,cleared,changed" doc:"A version begins or ends; a thing is set, cleared or changed." example:"changed"`
	Path    string  `json:"path,omitzero" doc:"Where in the version; entries with a key are named by it." example:"levels[area].closable"`
	Before  any     `json:"before,omitempty" doc:"What it was."`
	After   any     `json:"after,omitempty" doc:"What it becomes."`
}

// Where the words lie, by what stands behind.
const (
	sectionWords    = "tenant.section."
	fieldWords      = "tenant.field."
	differenceWords = "tenant.difference."
)

// What a difference is.
const (
	Begins  = "begins"
	Ends    = "ends"
	Set     = "set"
	Cleared = "cleared"
	Changed = "changed"
)

// Compare tells how after differs from before, in the order of the file. A new
// version is compared with what would have held on its first day without it.
func Compare(before, after County) []Difference {
	var all []Difference
	if before.Kind != after.Kind {
		all = append(all, Difference{Section: "kind", What: Changed, Before: string(before.Kind), After: string(after.Kind)})
	}
	for _, s := range sections {
		olds, news := s.Versions(before), s.Versions(after)
		at := func(all []Version, from day.Day) (Version, bool) {
			return find(all, func(v Version) bool { return v.From == from })
		}
		for _, v := range news {
			old, known := at(olds, v.From)
			if !known {
				all = append(all, Difference{Section: s.Key, From: v.From, What: Begins, After: v.Decision})
				old, _ = inForce(olds, v.From)
			} else if old.Decision != v.Decision {
				all = append(all, changed(s.Key, v.From, "decision", text1(old.Decision), text1(v.Decision)))
			}
			all = append(all, leaves(s.Key, v.From, "", decoded(old.Body), decoded(v.Body))...)
		}
		for _, v := range olds {
			if _, still := at(news, v.From); !still {
				all = append(all, Difference{Section: s.Key, From: v.From, What: Ends, Before: v.Decision})
			}
		}
	}
	return all
}

func text1(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func decoded(body json.RawMessage) any {
	if len(body) == 0 {
		return nil
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		panic(err) // It was encoded here.
	}
	return v
}

func changed(section string, from day.Day, path string, before, after any) Difference {
	d := Difference{Section: section, From: from, What: Changed, Path: path, Before: before, After: after}
	switch {
	case before == nil:
		d.What = Set
	case after == nil:
		d.What = Cleared
	}
	return d
}

func leaves(section string, from day.Day, path string, before, after any) []Difference {
	b, wasMap := entries(before)
	a, isMap := entries(after)
	if (wasMap || before == nil) && (isMap || after == nil) && (wasMap || isMap) {
		// A whole entry that comes or goes is one difference.
		if path != "" && (before == nil || after == nil) {
			return []Difference{changed(section, from, path, before, after)}
		}
		var all []Difference
		for _, key := range order(b, a) {
			all = append(all, leaves(section, from, step(path, key, before, after), b.of[key], a.of[key])...)
		}
		return all
	}
	if equalJSON(before, after) {
		return nil
	}
	return []Difference{changed(section, from, path, before, after)}
}

// keyed is an object, or a list whose entries have keys, by key.
type keyed struct {
	keys []string
	of   map[string]any
}

func entries(v any) (keyed, bool) {
	k := keyed{of: map[string]any{}}
	switch v := v.(type) {
	case map[string]any:
		k.keys, k.of = slices.Sorted(maps.Keys(v)), v
		return k, true
	case []any:
		for _, entry := range v {
			object, _ := entry.(map[string]any)
			key := keyOf(object)
			if key == "" || k.of[key] != nil {
				return keyed{}, false
			}
			k.keys = append(k.keys, key)
			k.of[key] = entry
		}
		return k, len(v) > 0
	}
	return k, false
}

// keyOf is what an entry of a list is known by.
func keyOf(object map[string]any) string {
	for _, name := range []string{"key", "type"} {
		if key, ok := object[name].(string); ok {
			return key
		}
	}
	return ""
}

func order(b, a keyed) []string {
	keys := slices.Clone(a.keys)
	for _, key := range b.keys {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

func step(path, key string, before, after any) string {
	_, was := before.([]any)
	_, is := after.([]any)
	if was || is {
		return path + "[" + key + "]"
	}
	return join(path, key)
}

func equalJSON(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// In tells the difference in a sentence.
func (d Difference) In(lang text.Lang) string {
	from := lang.T("tenant.difference.always")
	if !d.From.IsZero() {
		from = lang.T("tenant.difference.from", "day", d.From.String())
	}
	section := sectionWords + d.Section
	if d.Section == "kind" {
		section = "tenant.difference.kind"
	}
	args := map[string]any{"section": lang.T(section), "from": from, "field": d.label(d.Path, lang), "before": d.show(last(d.Path), d.Before, lang), "after": d.show(last(d.Path), d.After, lang)}
	if d.What == Begins {
		args["decision"] = d.After
	}
	return lang.Fill(differenceWords+d.What, args)
}

// label is what a path is called: levels[area].closable is "nivåer (area), kan
// avslutas genom beslut". A section may have a word of its own for a key that
// others have too.
func (d Difference) label(path string, lang text.Lang) string {
	if path == "decision" {
		return lang.T("tenant.difference.decision")
	}
	var words []string
	for part := range strings.SplitSeq(path, ".") {
		key, rest, _ := strings.Cut(part, "[")
		word := key
		if of := fieldWords + d.Section + "." + key; text.Has(of) {
			word = lang.Fill(of, nil)
		} else if text.Has(fieldWords + key) {
			word = lang.Fill(fieldWords+key, nil)
		}
		if rest != "" {
			word += " (" + strings.ReplaceAll(strings.TrimSuffix(rest, "]"), "][", ", ") + ")"
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}

// chosenAmong are the fields whose values are chosen among a few that have words: what
// stands in others is the county's own, and is shown as it is written.
var chosenAmong = []string{"adoption", "bias", "binding", "by", "decides", "form", "level", "mandate", "mode", "municipalities", "of", "origin", "ratification", "record",
	"standing", "type", "each", "validity"}

// last is the name of the field that a path leads to.
func last(path string) string {
	path = path[strings.LastIndex(path, ".")+1:]
	name, _, _ := strings.Cut(path, "[")
	return name
}

// word is what a value is called, where the field's values have words.
func word(name, value string, lang text.Lang) (string, bool) {
	if !slices.Contains(chosenAmong, name) {
		return "", false
	}
	for _, key := range []string{"configuration.value." + name + "." + value, "tenant.value." + value} {
		if text.Has(key) {
			return lang.Fill(key, nil), true
		}
	}
	return "", false
}

// show writes a value of a field for a person.
func (d Difference) show(name string, v any, lang text.Lang) string {
	switch v := v.(type) {
	case nil:
		return lang.T("tenant.difference.nothing")
	case bool:
		if v {
			return lang.T("tenant.difference.yes")
		}
		return lang.T("tenant.difference.no")
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		if said, ok := word(name, v, lang); ok {
			return said
		}
		if lang == text.English {
			return "“" + v + "”"
		}
		return "”" + v + "”"
	case []any:
		var all []string
		for _, entry := range v {
			if object, ok := entry.(map[string]any); ok && keyOf(object) != "" {
				all = append(all, keyOf(object))
				continue
			}
			all = append(all, d.show(name, entry, lang))
		}
		return strings.Join(all, ", ")
	case map[string]any:
		var all []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, d.label(key, lang)+": "+d.show(key, v[key], lang))
		}
		return "(" + strings.Join(all, "; ") + ")"
	}
	return fmt.Sprint(v)
}

// Gone is a key that records may use, and that a configuration no longer has
// in any version.
type Gone struct {
	Section string // partyStatuses
	List    string // statuses
	Key     string // supporter
}

// Vanished are the keys that stand somewhere in before and nowhere in after:
// whoever keeps records asks here what they could be using.
func Vanished(before, after County) []Gone {
	var all []Gone
	for _, s := range sections {
		left := keysOf(s, after)
		for _, g := range keysOf(s, before) {
			if !slices.Contains(left, g) && !slices.Contains(all, g) {
				all = append(all, g)
			}
		}
	}
	return all
}

func keysOf(s SectionType, c County) []Gone {
	var all []Gone
	versions := s.Versions(c)
	if len(versions) == 0 {
		versions = s.Versions(Usual()) // what is usual is in use as well
	}
	for _, v := range versions {
		body, _ := decoded(v.Body).(map[string]any)
		for _, list := range slices.Sorted(maps.Keys(body)) {
			if _, isList := body[list].([]any); !isList {
				continue
			}
			k, _ := entries(body[list])
			for _, key := range k.keys {
				all = append(all, Gone{Section: s.Key, List: list, Key: key})
			}
		}
	}
	return all
}
