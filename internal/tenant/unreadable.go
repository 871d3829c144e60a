package tenant

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/money"
	"github.com/overens/overens/internal/text"
)

// Unreadable says why JSON could not be read into a section, at a place under
// the one given: a value of another type, a key that the section does not know.
func Unreadable(err error, at string) *fault.Fault {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if wrong.Field != "" {
			at += "/" + strings.ReplaceAll(wrong.Field, ".", "/")
		}
		return fault.Bad("shape."+kindOf(wrong.Type), at).Because(err)
	}
	if key, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return fault.Bad("tenant.unknown_key", at).With("key", strings.Trim(key, `"`)).Because(err)
	}
	if strings.HasSuffix(err.Error(), day.HowToWrite) {
		return fault.Bad("shape.day", at).Because(err)
	}
	return fault.Bad("tenant.unreadable", at).With("why", err.Error()).Because(err)
}

// kindOf is what a value of a type is in JSON, as shape.* has words for it.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		return "string"
	case reflect.Slice:
		return "array"
	case reflect.Struct, reflect.Map:
		return "object"
	default:
		return "integer"
	}
}

// FormIn says in a language what form something has to be written in: what a
// field's patternDescription says, which ends with its example.
func FormIn(l text.Lang, description string) string {
	of, example, _ := strings.Cut(description, ", as ")
	if strings.HasPrefix(of, "a to z") {
		of = "letters"
	}
	key := "tenant.form." + strings.ReplaceAll(strings.ToLower(strings.ReplaceAll(of, "'", "")), " ", "_")
	if !text.Has(key) {
		return description
	}
	if n, err := strconv.ParseFloat(example, 64); err == nil && strings.Contains(example, ".") {
		example = money.Decimal(int64(n*100), 2, string(l))
	}
	return l.Fill(key, map[string]any{"example": example})
}
