package tenant

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The tags of a section's fields say its shape once, for the check, the JSON
// Schema, the API and the forms:
//
//	required:"true"     there must be something
//	enum:"a,b"          one of these; in a list, each of it
//	pattern:"^…$"       of this form, in words: patternDescription:"…"
//	minimum:"1"         at least so much, where there is something
//	minItems:"1"        at least so many
//	unique:"true"       no two of the list have the same
//	doc:"…"             what it is

// shape checks what the tags say, in all of v.
func (c *checker) shape(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for f, value := range v.Fields() {
			if key := jsonKey(f); key != "-" && f.IsExported() {
				at := c.in(key)
				at.field(f, value)
				at.shape(value)
			}
		}
	case reflect.Slice:
		for n := range v.Len() {
			c.item(n).shape(v.Index(n))
		}
		if v.Type().Elem().Kind() == reflect.Struct {
			c.unique(v)
		}
	}
}

func (c *checker) field(f reflect.StructField, v reflect.Value) {
	switch {
	case f.Tag.Get("required") == "true" && (v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0):
		c.refuse("tenant.required", "field", jsonKey(f))
		return
	case v.Kind() == reflect.String && v.Len() > 0:
		c.text(f, v.String())
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		for n := range v.Len() {
			c.item(n).text(f, v.Index(n).String())
			if slices.ContainsFunc(slices.Collect(indexes(n)), func(m int) bool { return v.Index(m).String() == v.Index(n).String() }) {
				c.item(n).refuse("tenant.twice", "value", short(v.Index(n).String()))
			}
		}
	case v.CanInt() && v.Int() != 0:
		if least, err := strconv.ParseInt(f.Tag.Get("minimum"), 10, 64); err == nil && v.Int() < least {
			c.refuse("tenant.too_little", "value", v.Int(), "least", least)
		}
		if most, err := strconv.ParseInt(f.Tag.Get("maximum"), 10, 64); err == nil && v.Int() > most {
			c.refuse("tenant.too_much", "value", v.Int(), "most", most)
		}
	}
	if least, err := strconv.Atoi(f.Tag.Get("minItems")); err == nil && v.Len() < least {
		c.refuse("tenant.too_few", "field", jsonKey(f), "least", least)
	}
}

func indexes(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for m := range n {
			if !yield(m) {
				return
			}
		}
	}
}

func (c *checker) text(f reflect.StructField, s string) {
	if enum := f.Tag.Get("enum"); enum != "" && !slices.Contains(strings.Split(enum, ","), s) {
		c.refuse("tenant.not_one_of", "value", short(s), "known", strings.ReplaceAll(enum, ",", ", "))
		return
	}
	if pattern := f.Tag.Get("pattern"); pattern != "" && !compiled(pattern).MatchString(s) {
		c.refuse("tenant.wrong_form", "value", short(s), "form", f.Tag.Get("patternDescription"))
	}
}

// unique looks at the fields of a list's entries that no two may have alike.
func (c *checker) unique(list reflect.Value) {
	for f := range list.Type().Elem().Fields() {
		if f.Tag.Get("unique") != "true" {
			continue
		}
		seen := map[string]bool{}
		for n := range list.Len() {
			value := list.Index(n).FieldByIndex(f.Index).String()
			if value != "" && seen[value] {
				c.item(n).in(jsonKey(f)).refuse("tenant.twice", "value", short(value))
			}
			seen[value] = true
		}
	}
}

func jsonKey(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return key
}

var patterns sync.Map

func compiled(pattern string) *regexp.Regexp {
	if r, ok := patterns.Load(pattern); ok {
		return r.(*regexp.Regexp)
	}
	r := regexp.MustCompile(pattern)
	patterns.Store(pattern, r)
	return r
}

// Fields are the keys that occur in the section, each once: what the pages need
// words for, as tenant.field.<key>.
func (s SectionType) Fields() []string {
	var keys []string
	add := func(key string) {
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		switch t.Kind() {
		case reflect.Slice:
			walk(t.Elem())
		case reflect.Map:
			for _, lang := range Languages {
				add(lang)
			}
			walk(t.Elem())
		case reflect.Struct:
			for f := range t.Fields() {
				if key := jsonKey(f); f.IsExported() && key != "-" {
					add(key)
					walk(f.Type)
				}
			}
		}
	}
	walk(s.Type)
	return keys
}
