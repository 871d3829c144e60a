package tenant

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/text"
)

// SchemaID is where the JSON Schema says that it is from.
const SchemaID = "https://github.com/overens/overens/tenants/schema.json"

// schema is a JSON Schema, as much of it as is needed here.
type schema struct {
	Schema      string     `json:"$schema,omitempty"`
	ID          string     `json:"$id,omitempty"`
	Ref         string     `json:"$ref,omitempty"`
	Title       string     `json:"title,omitempty"`
	Description string     `json:"description,omitempty"`
	Type        string     `json:"type,omitempty"`
	Format      string     `json:"format,omitempty"`
	Pattern     string     `json:"pattern,omitempty"`
	Enum        []string   `json:"enum,omitempty"`
	Minimum     *int       `json:"minimum,omitempty"`
	Maximum     *int       `json:"maximum,omitempty"`
	MinItems    *int       `json:"minItems,omitempty"`
	UniqueItems bool       `json:"uniqueItems,omitempty"`
	Items       *schema    `json:"items,omitempty"`
	Properties  properties `json:"properties,omitempty"`
	Required    []string   `json:"required,omitempty"`
	Closed      *bool      `json:"additionalProperties,omitempty"` // false
	Defs        properties `json:"$defs,omitempty"`
}

// properties keep the order of the Go type, which is that of the file.
type properties []property

type property struct {
	key string
	*schema
}

// MarshalJSON writes the properties in their order.
func (ps properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, p := range ps {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(p.key) + ":")
		value, err := json.Marshal(p.schema)
		if err != nil {
			return nil, err
		}
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Schema is the JSON Schema of a county's file, made from the Go types: editors
// complete and check the file with it. What it cannot say (that a level exists,
// that a word bends rightly) Check does.
func Schema() []byte {
	g := &schemas{}
	root := &schema{Schema: "https://json-schema.org/draft/2020-12/schema", ID: SchemaID, Title: "Överens: a county's configuration",
		Description: "One county's file, tenants/<slug>.yaml. overens tenants check says more than this schema can.",
		Type:        "object", Closed: new(bool), Required: []string{"slug", "kind", "identity"},
		Properties: properties{
			{"slug", &schema{Type: "string", Pattern: slugForm.String(), Description: "The file's name without .yaml; it stands in every address."}},
			{"kind", &schema{Type: "string", Enum: []string{string(KindCounty), string(KindNational), string(KindSandbox)}, Description: "One of the 21 counties, the one national tenant, or an invented county to practise in."}},
		}}
	for _, s := range sections {
		version := &schema{Type: "object", Closed: new(bool), Properties: properties{
			{"from", &schema{Type: "string", Format: "date", Description: "The first day the version holds. Left out in the first version: it has always held."}},
			{"decision", &schema{Type: "string", Description: "By what decision, in the county's own words."}},
		}}
		of := g.object(s.Type)
		version.Properties = append(version.Properties, of.Properties...)
		version.Required = of.Required
		root.Properties = append(root.Properties, property{s.Key, &schema{Type: "array", Items: version,
			Title:       text.English.T(sectionWords + s.Key),
			Description: "Versions, in the order of the days that they hold from; each is complete. It concerns " + text.English.T("tenant.concerns."+s.Key) + "."}})
	}
	root.Defs = g.defs
	written, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // It is text throughout.
	}
	return append(written, '\n')
}

type schemas struct{ defs properties }

func (g *schemas) of(t reflect.Type) *schema {
	switch {
	case t == reflect.TypeFor[day.Day]():
		return &schema{Type: "string", Format: "date"}
	case t == reflect.TypeFor[Duration]():
		return &schema{Type: "string", Pattern: `^([0-9]+(h|m|s))+$`}
	case t.Kind() == reflect.Bool:
		return &schema{Type: "boolean"}
	case t.Kind() == reflect.Int:
		return &schema{Type: "integer"}
	case t.Kind() == reflect.String:
		return &schema{Type: "string"}
	case t.Kind() == reflect.Slice:
		return &schema{Type: "array", Items: g.of(t.Elem())}
	}
	if _, ok := find(g.defs, func(p property) bool { return p.key == t.Name() }); !ok {
		at := len(g.defs)
		g.defs = append(g.defs, property{key: t.Name()})
		made := &schema{Type: "object", Closed: new(bool)}
		if t.Kind() == reflect.Map {
			for _, lang := range Languages {
				made.Properties = append(made.Properties, property{lang, g.of(t.Elem())})
			}
		} else {
			made = g.object(t)
		}
		g.defs[at].schema = made
	}
	return &schema{Ref: "#/$defs/" + t.Name()}
}

func (g *schemas) object(t reflect.Type) *schema {
	s := &schema{Type: "object", Closed: new(bool)}
	for f := range t.Fields() {
		key := jsonKey(f)
		of := g.of(f.Type)
		tagged := of
		if of.Items != nil {
			tagged = of.Items
		}
		if enum := f.Tag.Get("enum"); enum != "" {
			tagged.Enum = strings.Split(enum, ",")
		}
		tagged.Pattern = or(f.Tag.Get("pattern"), tagged.Pattern)
		of.Minimum, of.Maximum, of.MinItems = number(f, "minimum"), number(f, "maximum"), number(f, "minItems")
		of.UniqueItems = of.Type == "array" && of.Items.Type == "string"
		of.Description = or(f.Tag.Get("doc"), Capital(text.English.T(fieldWords+key))+".")
		if f.Tag.Get("required") == "true" {
			s.Required = append(s.Required, key)
			if of.Type == "array" && of.MinItems == nil {
				of.MinItems = new(1)
			}
		}
		s.Properties = append(s.Properties, property{key, of})
	}
	return s
}

func number(f reflect.StructField, tag string) *int {
	n, err := strconv.Atoi(f.Tag.Get(tag))
	if err != nil {
		return nil
	}
	return &n
}
