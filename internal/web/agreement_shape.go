package web

import (
	"encoding"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/text"
)

// fits looks at what a file holds against a Go type, by the same tags that the
// API reads, and tells all that is wrong with its place as a JSON pointer.
func fits(v any, t reflect.Type, tag reflect.StructTag, at string, wrong *fault.List) {
	bad := func(key string) { *wrong = append(*wrong, fault.Bad(key, at)) }
	within := func(key, name string, n int, beyond func(n, limit int) bool) {
		if limit, err := strconv.Atoi(tag.Get(name)); err == nil && beyond(n, limit) {
			*wrong = append(*wrong, fault.Bad(key, at).With("limit", limit))
		}
	}
	less, more := func(n, limit int) bool { return n < limit }, func(n, limit int) bool { return n > limit }
	word, ofItsOwn := reflect.TypeAssert[encoding.TextUnmarshaler](reflect.New(t))
	switch {
	case ofItsOwn:
		if s, ok := v.(string); !ok {
			bad("shape.string")
		} else if word.UnmarshalText([]byte(s)) != nil {
			bad(unreadable(t))
		}
	case t.Kind() == reflect.String:
		s, ok := v.(string)
		if !ok {
			bad("shape.string")
			return
		}
		if !text.Plain(s) {
			bad("shape.control")
		}
		if allowed := tag.Get("enum"); allowed != "" && !slices.Contains(strings.Split(allowed, ","), s) {
			*wrong = append(*wrong, fault.Bad("shape.one_of", at).With("values", strings.TrimPrefix(strings.ReplaceAll(allowed, ",", ", "), ", ")))
		}
		within("shape.min_length", "minLength", utf8.RuneCountInString(s), less)
		within("shape.max_length", "maxLength", utf8.RuneCountInString(s), more)
	case t.Kind() == reflect.Bool:
		if _, ok := v.(bool); !ok {
			bad("shape.boolean")
		}
	case t.Kind() == reflect.Int:
		n, ok := v.(float64)
		if !ok || n != float64(int(n)) {
			bad("shape.integer")
			return
		}
		within("shape.minimum", "minimum", int(n), less)
		within("shape.maximum", "maximum", int(n), more)
	case t.Kind() == reflect.Slice:
		list, ok := v.([]any)
		if !ok {
			bad("shape.array")
			return
		}
		within("shape.min_items", "minItems", len(list), less)
		within("shape.max_items", "maxItems", len(list), more)
		for i, it := range list {
			fits(it, t.Elem(), "", at+"/"+strconv.Itoa(i), wrong)
		}
	case t.Kind() == reflect.Struct:
		object, ok := v.(map[string]any)
		if !ok {
			bad("shape.object")
			return
		}
		fields(object, t, at, wrong)
	default:
		bad("shape.value")
	}
}

// fields are fits for what a struct holds, in the struct's order.
func fields(object map[string]any, t reflect.Type, at string, wrong *fault.List) {
	known := map[string]bool{}
	for _, f := range reflect.VisibleFields(t) {
		name, how, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "" || name == "-" {
			continue
		}
		known[name] = true
		if it, ok := object[name]; ok {
			fits(it, f.Type, f.Tag, at+"/"+name, wrong)
		} else if how == "" {
			*wrong = append(*wrong, fault.Bad("shape.required", at+"/"+name).With("name", name))
		}
	}
	for name := range object {
		if !known[name] {
			*wrong = append(*wrong, fault.Bad("shape.unknown", at+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name)))
		}
	}
}

// unreadable is what is wrong with a word that a type of ours does not read.
func unreadable(t reflect.Type) string {
	switch t {
	case dayType:
		return "shape.day"
	case whenType:
		return "shape.when"
	}
	return "shape.value"
}
