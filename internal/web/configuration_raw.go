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

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

const prefix = "b."

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

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// wordOf reads a word of a decoded body.
func wordOf(value any) tenant.Word {
	var w tenant.Word
	if b, err := json.Marshal(value); err == nil {
		_ = json.Unmarshal(b, &w)
	}
	return w
}
