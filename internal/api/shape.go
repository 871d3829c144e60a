package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/text"
)

// The library's checks of a request's shape say what is wrong in one English
// sentence. Here each sentence becomes a key of ours and one value, so that it
// can be told in the caller's language and found by a stable name.

const sep = "\x1f"

func init() {
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError { return &Problem{Status: status} }
	huma.NewErrorWithContext = shapeless
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
	for key, messages := range map[string][]*string{
		"unknown":    {&validation.MsgUnexpectedProperty},
		"time":       {&validation.MsgExpectedRFC3339DateTime, &validation.MsgExpectedRFC1123DateTime, &validation.MsgExpectedRFC3339Time},
		"day":        {&validation.MsgExpectedRFC3339Date},
		"boolean":    {&validation.MsgExpectedBoolean},
		"number":     {&validation.MsgExpectedNumber},
		"integer":    {&validation.MsgExpectedInteger},
		"string":     {&validation.MsgExpectedString},
		"array":      {&validation.MsgExpectedArray},
		"object":     {&validation.MsgExpectedObject},
		"unique":     {&validation.MsgExpectedArrayItemsUnique},
		"one_of":     {&validation.MsgExpectedOneOf},
		"minimum":    {&validation.MsgExpectedMinimumNumber, &validation.MsgExpectedExclusiveMinimumNumber},
		"maximum":    {&validation.MsgExpectedMaximumNumber, &validation.MsgExpectedExclusiveMaximumNumber},
		"min_length": {&validation.MsgExpectedMinLength},
		"max_length": {&validation.MsgExpectedMaxLength},
		"pattern":    {&validation.MsgExpectedBePattern, &validation.MsgExpectedMatchPattern},
		"min_items":  {&validation.MsgExpectedMinItems, &validation.MsgExpectedMinProperties},
		"max_items":  {&validation.MsgExpectedMaxItems, &validation.MsgExpectedMaxProperties},
		"required":   {&validation.MsgExpectedRequiredProperty, &validation.MsgExpectedDependentRequiredProperty},
		"email":      {&validation.MsgExpectedRFC5322Email},
		"address":    {&validation.MsgExpectedRFC3986URI},
		"id":         {&validation.MsgExpectedRFC4122UUID},
		"value":      {&validation.MsgExpectedMatchAtLeastOneSchema, &validation.MsgExpectedMatchExactlyOneSchema, &validation.MsgExpectedNotMatchSchema, &validation.MsgExpectedPropertyNameInObject, &validation.MsgExpectedBase64String, &validation.MsgExpectedDuration, &validation.MsgExpectedNumberBeMultipleOf, &validation.MsgExpectedRegexp, &validation.MsgExpectedRFC5890Hostname, &validation.MsgExpectedRFC2673IPv4, &validation.MsgExpectedRFC2373IPv6, &validation.MsgExpectedRFCIPAddr, &validation.MsgExpectedRFC6570URITemplate, &validation.MsgExpectedRFC6901JSONPointer, &validation.MsgExpectedRFC6901RelativeJSONPointer},
	} {
		for _, m := range messages {
			arg := ""
			if strings.Contains(*m, "%") {
				arg = "%v"
			}
			if m == &validation.MsgExpectedDependentRequiredProperty {
				arg = "%[1]v"
			}
			*m = "shape." + key + sep + arg
		}
	}
}

// shapeless is called by the library for everything it refuses itself.
func shapeless(hc huma.Context, status int, msg string, errs ...error) huma.StatusError {
	a := from(hc.Context())
	p := a.door.problem(a, ofLibrary(status, msg, errs))
	for k, v := range p.headers(a.lang) {
		hc.SetHeader(k, v)
	}
	return p
}

func ofLibrary(status int, msg string, errs []error) error {
	switch {
	case status == http.StatusRequestEntityTooLarge:
		return fault.New(fault.TooLarge, "problem.too_large").With("limit", MaxBody)
	case status == http.StatusRequestTimeout:
		return refused(status, "problem.slow")
	case status == http.StatusUnsupportedMediaType:
		return mediaType("application/json")
	case status == http.StatusBadRequest && len(errs) == 0:
		return fault.New(fault.BadRequest, "shape.body_missing")
	case msg == "cannot read request body":
		return fault.New(fault.BadRequest, "shape.body_cut_off").Because(errors.Join(errs...))
	case status >= 500:
		return fmt.Errorf("%s: %w", msg, errors.Join(errs...))
	}
	var l fault.List
	for _, err := range errs {
		l = append(l, ofShape(err))
	}
	slices.SortStableFunc(l, func(a, b *fault.Fault) int { return strings.Compare(a.Field, b.Field) })
	return l
}

// ofShape is one thing that the library finds wrong.
func ofShape(err error) *fault.Fault {
	it, ok := errors.AsType[*huma.ErrorDetail](err)
	if !ok {
		return fault.Bad("shape.value", "")
	}
	field := place(it.Location)
	key, arg, ours := strings.Cut(it.Message, sep)
	kind := fault.Invalid
	switch {
	case !ours && it.Location == "body" && !strings.Contains(it.Message, "cannot unmarshal") && !strings.HasSuffix(it.Message, day.HowToWrite):
		key, kind = "shape.json", fault.BadRequest
	case !ours && strings.HasSuffix(it.Message, day.HowToWrite):
		key = "shape.day"
	case !ours && strings.Contains(it.Message, "integer"):
		key = "shape.integer"
	case !ours && strings.Contains(it.Message, "boolean"):
		key = "shape.boolean"
	case !ours:
		key = "shape.value"
	}
	f := fault.New(kind, key).At(field)
	switch key {
	case "shape.required":
		f.Field = field + "/" + escape(arg)
		f = f.With("name", arg)
	case "shape.control", "shape.utf8":
		f.Field = arg
	case "shape.one_of":
		f = f.With("values", choices(strings.Trim(arg, `"`)))
	case "shape.minimum", "shape.maximum", "shape.min_length", "shape.max_length", "shape.min_items", "shape.max_items":
		if n, err := strconv.ParseFloat(arg, 64); err == nil {
			f = f.With("limit", whole(n))
		}
	case "shape.pattern":
		f = f.With("pattern", arg)
	}
	return f
}

// choices are the words that can be chosen. That nothing can be is no word.
func choices(listed string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(listed, ", "), func(word string) bool { return word == "" }), ", ")
}

// whole is a limit as a person writes it: 1000000 and not 1e+06.
func whole(n float64) any {
	if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
		return int64(n)
	}
	return n
}

var index = regexp.MustCompile(`\[(\d+)\]`)

// place turns body.items[3].name into /items/3/name, and query.limit into ?limit.
func place(location string) string {
	where, rest, _ := strings.Cut(location, ".")
	switch where {
	case "query":
		return inQuery + rest
	case "header":
		return inHeader + rest
	case "path":
		return ""
	}
	where = index.ReplaceAllString(strings.TrimPrefix(where, "body"), "/$1")
	if rest == "" {
		return where
	}
	return where + "/" + strings.ReplaceAll(index.ReplaceAllString(strings.NewReplacer("~", "~0", "/", "~1").Replace(rest), "/$1"), ".", "/")
}

func escape(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

// jsonFormat reads and writes JSON. What PostgreSQL cannot keep, and no field
// should hold, is refused with its place before anything else sees it.
var jsonFormat = huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: decode}

func decode(data []byte, v any) error {
	if !utf8.Valid(data) {
		return errors.New("shape.utf8" + sep)
	}
	if err := json.Unmarshal(data, v); err != nil {
		return err
	}
	if any, ok := v.(*any); ok {
		if at, found := controls(*any, ""); found {
			return errors.New("shape.control" + sep + at)
		}
	}
	return nil
}

// controls finds a string, or a name, with a character that is not text.
func controls(v any, at string) (string, bool) {
	switch v := v.(type) {
	case string:
		return at, !text.Plain(v)
	case []any:
		for i, it := range v {
			if where, found := controls(it, at+"/"+strconv.Itoa(i)); found {
				return where, true
			}
		}
	case map[string]any:
		for name, it := range v {
			if !text.Plain(name) {
				return at, true
			}
			if where, found := controls(it, at+"/"+escape(name)); found {
				return where, true
			}
		}
	}
	return "", false
}
