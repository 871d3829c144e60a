package api

import (
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

var holes = regexp.MustCompile(`\{([^}]+)\}`)

// numbered are the holes in paths that hold a number and not an id.
var numbered = []string{"seq", "number"}

// bodyKey is what a body's key looks like, by which the configuration names it.
var bodyKey = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// linkSecret is what the secret of a link looks like.
var linkSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{20,100}$`)

// gate checks what comes before the shape, in the order that tells least:
// whether somebody is signed in, whether the county is his, whether the path
// can lead to anything; then what the request itself lacks.
func (d *Door) gate(rt route) func(huma.Context, func(huma.Context)) {
	var ids []string
	for _, m := range holes.FindAllStringSubmatch(rt.path, -1) {
		if m[1] != "county" {
			ids = append(ids, m[1])
		}
	}
	return func(hc huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(hc)
		if err := pass(r, rt, hc.Operation(), ids); err != nil {
			d.Refuse(w, r, err)
			return
		}
		next(hc)
	}
}

func pass(r *http.Request, rt route, op *huma.Operation, ids []string) error {
	switch rt.access {
	case Member:
		if _, err := auth.Member(r.Context(), r.PathValue("county")); err != nil {
			return err
		}
	case Operator:
		if _, err := auth.Member(r.Context(), pg.Nation); err != nil {
			return err
		}
	}
	for _, name := range ids {
		if !leads(name, r.PathValue(name)) {
			return fault.Missing()
		}
	}
	if rt.ifMatch {
		if _, err := ifMatch(r); err != nil {
			return err
		}
	}
	if rt.key {
		if err := key(r); err != nil {
			return err
		}
	}
	if err := body(r, op.RequestBody != nil, rt); err != nil {
		return err
	}
	return query(r, op)
}

// leads tells whether a path's hole could name something.
func leads(name, value string) bool {
	if slices.Contains(numbered, name) {
		n, err := strconv.ParseInt(value, 10, 64)
		return err == nil && n > 0 && strconv.FormatInt(n, 10) == value
	}
	switch name {
	case "section":
		_, err := tenant.SectionOf(value)
		return err == nil
	case "body":
		return bodyKey.MatchString(value)
	case "link":
		return linkSecret.MatchString(value)
	}
	_, err := uuid.Parse(value)
	return err == nil && len(value) == 36
}

// ifMatch reads which version the caller has read.
func ifMatch(r *http.Request) (int64, error) {
	values := r.Header.Values("If-Match")
	if len(values) == 0 {
		return 0, fault.New(fault.Precondition, "problem.if_match_missing").At(inHeader + "If-Match")
	}
	tag := strings.TrimSpace(values[0])
	switch {
	case len(values) > 1 || strings.Contains(tag, ","):
		return 0, fault.New(fault.BadRequest, "problem.if_match_many").At(inHeader + "If-Match")
	case tag == "*":
		return 0, fault.New(fault.BadRequest, "problem.if_match_any").At(inHeader + "If-Match")
	case strings.HasPrefix(tag, "W/"):
		return 0, fault.New(fault.BadRequest, "problem.if_match_weak").At(inHeader + "If-Match")
	case len(tag) < 3 || tag[0] != '"' || tag[len(tag)-1] != '"':
		return 0, fault.New(fault.BadRequest, "problem.if_match_wrong").At(inHeader + "If-Match")
	}
	version, err := strconv.ParseInt(tag[1:len(tag)-1], 10, 64)
	if err != nil || version < 0 || strconv.FormatInt(version, 10) != tag[1:len(tag)-1] {
		return -1, nil // a tag of somebody else's making is no version of ours: the room says that it has moved on
	}
	return version, nil
}

func key(r *http.Request) error {
	values := r.Header.Values("Idempotency-Key")
	if len(values) != 1 || values[0] == "" || len(values[0]) > 255 || strings.ContainsFunc(values[0], func(c rune) bool { return c < ' ' || c > '~' }) {
		return fault.New(fault.BadRequest, "idempotency.key_missing").At(inHeader + "Idempotency-Key")
	}
	return nil
}

func body(r *http.Request, wanted bool, rt route) error {
	if !wanted {
		if r.ContentLength != 0 {
			return fault.New(fault.BadRequest, "shape.body_unwanted")
		}
		return nil
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case rt.upload && err == nil && kind == formType:
		return nil
	case rt.body != "" && err == nil && kind == rt.body:
		return nil
	case rt.body != "":
		return mediaType(rt.body)
	case rt.yaml && err == nil && kind == yamlType:
		return fromYAML(r)
	}
	if charset := params["charset"]; err != nil || kind != "application/json" || (charset != "" && !strings.EqualFold(charset, "utf-8")) {
		if rt.upload {
			return mediaType("application/json, " + formType)
		}
		if rt.yaml {
			return mediaType("application/json, " + yamlType)
		}
		return mediaType("application/json")
	}
	return nil
}

func mediaType(wanted string) *refusal {
	return refused(http.StatusUnsupportedMediaType, "problem.media_type").With("wanted", wanted)
}

// query refuses parameters that the operation does not have: a misspelt filter
// must not give everything.
func query(r *http.Request, op *huma.Operation) error {
	if r.URL.RawQuery == "" {
		return nil
	}
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fault.New(fault.BadRequest, "shape.query")
	}
	var wrong fault.List
	for name, values := range q {
		known := slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.In == "query" && p.Name == name })
		switch {
		case !text.Plain(name):
			wrong.Add(fault.New(fault.BadRequest, "shape.control").At(inQuery))
		case !known:
			wrong.Add(fault.New(fault.BadRequest, "shape.parameter_unknown").At(inQuery+shown(name)).With("name", shown(name)))
		case len(values) > 1:
			wrong.Add(fault.New(fault.BadRequest, "shape.parameter_twice").At(inQuery+name).With("name", name))
		case !text.Plain(values[0]):
			wrong.Add(fault.New(fault.BadRequest, "shape.control").At(inQuery + name))
		}
	}
	slices.SortFunc(wrong, func(a, b *fault.Fault) int { return strings.Compare(a.Field, b.Field) })
	return wrong.Err()
}
