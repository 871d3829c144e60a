package api

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
)

// Types whose form in JSON the library cannot see by itself.
type (
	dayForm      struct{}
	idForm       struct{}
	idOrNullForm struct{}
	sectionForm  struct{}
	whenForm     struct{}
)

// Schema is a day as RFC 3339 writes it.
func (dayForm) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date", Examples: []any{"2026-11-25"}}
}

// Schema is an identifier.
func (idForm) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "uuid", Examples: []any{"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"}}
}

// Schema is an identifier, or nothing.
func (idOrNullForm) Schema(r huma.Registry) *huma.Schema {
	s := idForm{}.Schema(r)
	s.Nullable = true
	return s
}

// Schema is what a section of a configuration says: the published JSON Schema
// tells each section's own form.
func (sectionForm) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Examples: []any{map[string]any{"organisations": []any{"lansstyrelsen"}}}}
}

// Schema is a day as closely as it is known, after ISO 8601-2.
func (whenForm) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: `^(|(\.\./)?\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])|\d{4}(-(0[1-9]|1[0-2]|2[1-4]))?)$`,
		PatternDescription: "2020-05-04, 2020-05, 2020-21, 2020, ../2020-05-04", Examples: []any{"2020-05-04"}}
}

// schemas names types by package and type, so that each room may have its Card.
func schemas() huma.Registry {
	r := huma.NewMapRegistry("#/components/schemas/", func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		name := huma.DefaultSchemaNamer(t, hint)
		path := t.PkgPath()
		pkg := path[strings.LastIndex(path, "/")+1:]
		if t.Name() == "" || pkg == "" || pkg == "api" {
			return name
		}
		return strings.ToUpper(pkg[:1]) + pkg[1:] + name
	})
	r.RegisterTypeAlias(reflect.TypeFor[day.Day](), reflect.TypeFor[dayForm]())
	r.RegisterTypeAlias(reflect.TypeFor[agreement.When](), reflect.TypeFor[whenForm]())
	r.RegisterTypeAlias(reflect.TypeFor[uuid.UUID](), reflect.TypeFor[idForm]())
	r.RegisterTypeAlias(reflect.TypeFor[json.RawMessage](), reflect.TypeFor[sectionForm]())
	r.RegisterTypeAlias(reflect.TypeFor[uuid.NullUUID](), reflect.TypeFor[idOrNullForm]())
	return r
}

// example makes a value that fits a schema of the examples that stand in it.
func example(r huma.Registry, s *huma.Schema, depth int) any {
	if depth > 16 {
		return nil
	}
	if s.Ref != "" {
		return example(r, r.SchemaFromRef(s.Ref), depth+1)
	}
	if len(s.Examples) > 0 {
		return s.Examples[0]
	}
	if e, ok := s.Extensions["example"]; ok {
		return e
	}
	switch s.Type {
	case huma.TypeObject:
		o := map[string]any{}
		for name, p := range s.Properties {
			if e := example(r, p, depth+1); e != nil {
				o[name] = e
			}
		}
		if values, ok := s.AdditionalProperties.(*huma.Schema); ok && len(o) == 0 {
			if e := example(r, values, depth+1); e != nil {
				o["self"] = e
			}
		}
		return o
	case huma.TypeArray:
		if e := example(r, s.Items, depth+1); e != nil {
			return []any{e}
		}
		return []any{}
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	if s.Default != nil {
		return s.Default
	}
	switch s.Type {
	case huma.TypeBoolean:
		return true
	case huma.TypeInteger, huma.TypeNumber:
		return 1
	case huma.TypeString:
		if s.Format == "date-time" {
			return "2026-11-25T11:00:00Z"
		}
		return "text"
	}
	return nil
}

// settle gives every schema its one example in the place where the national
// profile looks for it.
func settle(s *huma.Schema, seen map[*huma.Schema]bool) {
	if s == nil || seen[s] {
		return
	}
	seen[s] = true
	if s.Ref == "" && len(s.Examples) > 0 {
		if s.Extensions == nil {
			s.Extensions = map[string]any{}
		}
		s.Extensions["example"], s.Examples = s.Examples[0], nil
	}
	if s.Ref != "" {
		s.Examples = nil
	}
	settle(s.Items, seen)
	for _, p := range s.Properties {
		settle(p, seen)
	}
	if more, ok := s.AdditionalProperties.(*huma.Schema); ok {
		settle(more, seen)
	}
}
