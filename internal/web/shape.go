package web

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/text"
)

// shape is what an input may look like, from the same tags that the API reads:
// a form is drawn by it and decoded against it. The faults are the API's too,
// save where a person chooses from a list and a machine writes a word.
type shape struct {
	order []string
	of    map[string]part
}

type part struct {
	schema   *huma.Schema
	kind     reflect.Type
	required bool
}

var shapes sync.Map // reflect.Type → shape

func shapeOf[T any]() shape { return shapeOfType(reflect.TypeFor[T]()) }

func shapeOfType(t reflect.Type) shape {
	if s, ok := shapes.Load(t); ok {
		return s.(shape)
	}
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	schema := huma.SchemaFromType(registry, t)
	s := shape{of: map[string]part{}}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "" || name == "-" {
			continue
		}
		p, ok := schema.Properties[name]
		if !ok || (f.Type.Kind() == reflect.Slice && !listed(f.Type)) { // no field can ask for it
			continue
		}
		s.order = append(s.order, name)
		s.of[name] = part{schema: p, kind: f.Type, required: slices.Contains(schema.Required, name)}
	}
	shapes.Store(t, s)
	return s
}

var (
	dayType    = reflect.TypeFor[day.Day]()
	idType     = reflect.TypeFor[uuid.UUID]()
	nullIDType = reflect.TypeFor[uuid.NullUUID]()
	idsType    = reflect.TypeFor[[]uuid.UUID]()
	wordsType  = reflect.TypeFor[[]string]()
)

// listed tells whether a field can ask for several of a type.
func listed(t reflect.Type) bool { return t == idsType || t == wordsType }

// decode reads what was typed, against the shape. All that is wrong is told at once.
func decode[T any](typed url.Values) (T, error) {
	body, err := shapeOf[T]().read(typed)
	if err != nil {
		return *new(T), err
	}
	return parsed[T](body)
}

// parsed reads an input that a shape has looked at.
func parsed[T any](body []byte) (in T, err error) {
	if err := json.Unmarshal(body, &in); err != nil {
		return in, fmt.Errorf("web: %T: %w", in, err)
	}
	return in, nil
}

// read gives what was typed as JSON has it.
func (s shape) read(typed url.Values) ([]byte, error) {
	values := map[string]any{}
	var wrong fault.List
	for _, name := range s.order {
		p := s.of[name]
		value, key := p.read(typed[name])
		if key != nil {
			wrong = append(wrong, key.At("/"+name))
		} else if value != nil {
			values[name] = value
		}
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	return json.Marshal(values)
}

// read gives a field's value as JSON has it, nil when nothing was typed, or
// what is wrong with it.
func (p part) read(typed []string) (any, *fault.Fault) {
	if p.kind == idsType {
		ids := []string{}
		for _, s := range typed {
			if s = strings.TrimSpace(s); s == "" || slices.Contains(ids, s) {
				continue
			}
			if _, err := uuid.Parse(s); err != nil {
				return nil, fault.Bad("form.choice", "")
			}
			ids = append(ids, s)
		}
		if p.schema.MaxItems != nil && len(ids) > *p.schema.MaxItems {
			return nil, fault.Bad("shape.max_items", "").With("limit", *p.schema.MaxItems)
		}
		return ids, nil
	}
	if p.kind == wordsType {
		words := []string{}
		for _, s := range typed {
			if s = strings.TrimSpace(s); s != "" && !slices.Contains(words, s) {
				words = append(words, s)
			}
		}
		if p.schema.MaxItems != nil && len(words) > *p.schema.MaxItems {
			return nil, fault.Bad("shape.max_items", "").With("limit", *p.schema.MaxItems)
		}
		if len(words) == 0 {
			return nil, nil
		}
		return words, nil
	}
	s := ""
	if len(typed) > 0 {
		s = strings.TrimSpace(strings.ReplaceAll(typed[0], "\r\n", "\n"))
	}
	if p.kind.Kind() == reflect.Bool {
		return s != "" && s != "false", nil
	}
	if s == "" {
		if p.required {
			return nil, fault.Bad("shape.required", "")
		}
		return nil, nil
	}
	switch p.kind {
	case dayType:
		if _, err := day.Parse(s); err != nil {
			return nil, fault.Bad("shape.day", "")
		}
		return s, nil
	case whenType:
		w, ok := readWhen(s)
		if !ok {
			return nil, fault.Bad("shape.when", "")
		}
		return w.String(), nil
	case idType, nullIDType:
		if _, err := uuid.Parse(s); err != nil {
			return nil, fault.Bad("form.choice", "")
		}
		return s, nil
	}
	switch p.kind.Kind() {
	case reflect.Int, reflect.Int32, reflect.Int64:
		return p.number(s)
	case reflect.String:
		return s, p.text(s)
	}
	return nil, fault.Bad("form.choice", "")
}

func (p part) number(s string) (any, *fault.Fault) {
	n, err := strconv.ParseInt(strings.NewReplacer(" ", "", thin, "", hard, "", minus, "-").Replace(s), 10, 64)
	if err != nil {
		return nil, fault.Bad("shape.integer", "")
	}
	if p.schema.Minimum != nil && float64(n) < *p.schema.Minimum {
		return nil, fault.Bad("shape.minimum", "").With("limit", int64(*p.schema.Minimum))
	}
	if p.schema.Maximum != nil && float64(n) > *p.schema.Maximum {
		return nil, fault.Bad("shape.maximum", "").With("limit", int64(*p.schema.Maximum))
	}
	return n, nil
}

func (p part) text(s string) *fault.Fault {
	n := len([]rune(s))
	switch {
	case !text.Plain(s):
		return fault.Bad("shape.control", "")
	case len(p.schema.Enum) > 0 && !slices.ContainsFunc(p.schema.Enum, func(e any) bool { return e == any(s) }):
		return fault.Bad("form.choice", "")
	case p.schema.MinLength != nil && n < *p.schema.MinLength:
		return fault.Bad("shape.min_length", "").With("limit", *p.schema.MinLength)
	case p.schema.MaxLength != nil && n > *p.schema.MaxLength:
		return fault.Bad("shape.max_length", "").With("limit", *p.schema.MaxLength)
	}
	if p.schema.Format == "email" {
		if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
			return fault.Bad("common.email_wrong", "").With("address", s)
		}
	}
	return nil
}

// values are a thing's fields as a form shows them: the thing may know more
// than the form asks for.
func (s shape) values(thing any) (url.Values, int64) {
	body, err := json.Marshal(thing)
	if err != nil {
		return url.Values{}, 0
	}
	var kept map[string]any
	_ = json.Unmarshal(body, &kept)
	vs := url.Values{}
	for _, name := range s.order {
		switch x := kept[name].(type) {
		case nil:
		case []any:
			for _, item := range x {
				vs.Add(name, fmt.Sprint(item))
			}
		case float64:
			vs.Set(name, strconv.FormatInt(int64(x), 10))
		default:
			if said := fmt.Sprint(x); said != uuid.Nil.String() { // nobody has been chosen
				vs.Set(name, said)
			}
		}
	}
	version, _ := kept["version"].(float64)
	return vs, int64(version)
}
