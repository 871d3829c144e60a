package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/text"
)

// name is what the API is called.
const name = "Överens"

// described is the document as it is served.
type described struct {
	json, yaml []byte
	tag        string // the document's own ETag
}

// document is everything in the document that belongs to no operation.
func (d *Door) document() huma.Config {
	c := d.conf.Contact
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: name, Version: d.conf.Version,
				Description:    text.Swedish.T("api.text.about") + "\n\n---\n\n" + text.English.T("api.text.about"),
				TermsOfService: d.at("docs") + "#terms",
				Contact:        &huma.Contact{Name: cmp.Or(c.Name, name), URL: cmp.Or(c.URL, d.at("docs")), Email: cmp.Or(c.Email, "api@"+hostOf(d.url))},
				License:        &huma.License{Name: "Apache-2.0", URL: "https://www.apache.org/licenses/LICENSE-2.0"},
				Extensions:     map[string]any{"x-limitations": text.English.T("api.text.limits")},
			},
			ExternalDocs: &huma.ExternalDocs{Description: text.English.T("api.text.docs"), URL: d.at("docs")},
			Servers:      []*huma.Server{{URL: d.url + Base, Description: text.English.T("api.text.server")}},
			Components: &huma.Components{
				Schemas: schemas(),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"bearer": {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: text.English.T("api.text.bearer")},
				},
			},
			Security: []map[string][]string{{"bearer": {}}},
		},
		Formats:       map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat},
		DefaultFormat: "application/json",
	}
}

func hostOf(address string) string {
	_, host, _ := strings.Cut(address, "://")
	host, _, _ = strings.Cut(host, "/")
	host, _, _ = strings.Cut(host, ":")
	return cmp.Or(host, "localhost")
}

// subject is the group that an operation belongs to: the collection its path
// begins with, in the county or outside it.
func subject(path string) string {
	rest, in := strings.CutPrefix(path, "/counties/{county}/")
	if !in {
		rest = strings.TrimPrefix(path, "/")
	}
	s, _, _ := strings.Cut(rest, "/")
	s = strings.TrimPrefix(s, "published-")
	if s == "configuration-versions" {
		return "counties"
	}
	return s
}

// describe is an operation as the library and the document want it.
func (d *Door) describe(rt route, gives reflect.Type) huma.Operation {
	en := text.English
	op := huma.Operation{
		OperationID: rt.id, Method: rt.method, Path: rt.path, DefaultStatus: rt.status, Tags: []string{subject(rt.path)},
		Summary: en.T("api.op." + rt.id), Description: en.T("api.op." + rt.id + ".about"),
		MaxBodyBytes: MaxBody, Errors: rt.errors(),
		Responses: map[string]*huma.Response{},
	}
	if rt.access != Member && rt.access != Operator {
		op.Security = []map[string][]string{}
	}
	header := func(name, about, example string, required bool) {
		op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "header", Required: required, Description: en.T(about),
			Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{example}}})
	}
	ok := &huma.Response{Description: en.T("problem.status." + strconv.Itoa(rt.status)), Headers: map[string]*huma.Param{}}
	gets := func(name, about, example string) {
		ok.Headers[name] = &huma.Header{Description: en.T(about), Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{example}}}
	}
	gets("traceparent", "api.header.traceparent_back", traceExample)
	if gives != nil {
		ok.Content = map[string]*huma.MediaType{"application/json": {Schema: d.api.OpenAPI().Components.Schemas.Schema(gives, true, rt.id)}}
		gets("ETag", "api.header.etag", `"3"`)
		gets("Cache-Control", "api.header.cache_control", "private, no-cache")
	}
	if rt.status == http.StatusCreated {
		gets("Location", "api.header.location", d.at("counties", "kronoberg", "organisations", "0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"))
	}
	if rt.key {
		header("Idempotency-Key", "api.header.idempotency_key", "8e03978e-40d5-43e8-bc93-6894a57f9324", true)
		gets("Idempotency-Replayed", "api.header.replayed", "true")
	}
	if rt.ifMatch {
		header("If-Match", "api.header.if_match", `"3"`, true)
	}
	if rt.method == http.MethodGet {
		header("If-None-Match", "api.header.if_none_match", `"3"`, false)
		op.Responses["304"] = &huma.Response{Description: en.T("problem.status.304"), Headers: map[string]*huma.Param{"traceparent": ok.Headers["traceparent"]}}
	}
	header("traceparent", "api.header.traceparent", traceExample, false)
	header("Accept-Language", "api.header.accept_language", "sv", false)
	op.Parameters = append(op.Parameters, &huma.Param{Name: "lang", In: "query", Description: en.T("api.query.lang"),
		Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"sv", "en"}, Examples: []any{"sv"}}})
	op.Responses[strconv.Itoa(rt.status)] = ok
	return op
}

const traceExample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

// errors are the statuses of the problems that an operation can answer with.
func (rt route) errors() []int {
	es := []int{http.StatusBadRequest, http.StatusInternalServerError}
	if rt.access != Open {
		es = append(es, http.StatusServiceUnavailable)
	}
	if rt.access == Member || rt.access == Operator {
		es = append(es, http.StatusUnauthorized, http.StatusForbidden)
	}
	if strings.Contains(rt.path, "{") {
		es = append(es, http.StatusNotFound)
	}
	if rt.ifMatch {
		es = append(es, http.StatusPreconditionRequired, http.StatusPreconditionFailed)
	}
	if rt.method == http.MethodPost || rt.method == http.MethodPut {
		es = append(es, http.StatusConflict, http.StatusUnprocessableEntity)
	}
	return es
}

// finish completes the document when all operations are known, and serves it.
func (d *Door) finish() {
	doc := d.api.OpenAPI()
	en := text.English
	r := doc.Components.Schemas
	bodies := map[string][]byte{}
	used := map[string]bool{}
	for _, op := range walk(doc) {
		for _, tag := range op.Tags {
			if !used[tag] {
				used[tag] = true
				doc.Tags = append(doc.Tags, &huma.Tag{Name: tag, Description: en.T("api.tag." + tag)})
			}
		}
		if op.RequestBody != nil {
			d.problemResponse(op, http.StatusRequestEntityTooLarge)
			d.problemResponse(op, http.StatusUnsupportedMediaType)
			for kind, m := range op.RequestBody.Content {
				m.Example = example(r, m.Schema, 0)
				if kind == "application/json" {
					bodies[op.OperationID], _ = json.Marshal(m.Example)
				}
			}
			op.RequestBody.Description = en.T("api.text.body")
		}
		for status, res := range op.Responses {
			code, err := strconv.Atoi(status)
			if err != nil {
				continue
			}
			if code >= 400 {
				d.problemResponse(op, code)
				continue
			}
			for _, m := range res.Content {
				m.Example = example(r, m.Schema, 0)
			}
		}
	}
	d.tolerate(walk(doc))
	slices.SortFunc(doc.Tags, func(a, b *huma.Tag) int { return strings.Compare(a.Name, b.Name) })
	seen := map[*huma.Schema]bool{}
	for _, s := range r.Map() {
		settle(s, seen)
	}
	for _, op := range walk(doc) {
		for _, p := range op.Parameters {
			settle(p.Schema, seen)
			if p.Description == "" {
				p.Description = p.Schema.Description
			}
		}
		for _, res := range op.Responses {
			for _, h := range res.Headers {
				settle(h.Schema, seen)
			}
		}
	}
	for i, op := range d.operations {
		d.operations[i].Body = bodies[op.ID]
	}
	d.serve()
}

// tolerate lets answers grow: only what is sent to us may hold no unknown field.
func (d *Door) tolerate(ops []*huma.Operation) {
	r := d.api.OpenAPI().Components.Schemas
	strict := map[*huma.Schema]bool{}
	var reach func(*huma.Schema)
	reach = func(s *huma.Schema) {
		if s == nil {
			return
		}
		if s.Ref != "" {
			s = r.SchemaFromRef(s.Ref)
		}
		if strict[s] {
			return
		}
		strict[s] = true
		reach(s.Items)
		for _, p := range s.Properties {
			reach(p)
		}
	}
	for _, op := range ops {
		if op.RequestBody != nil {
			for _, m := range op.RequestBody.Content {
				reach(m.Schema)
			}
		}
	}
	for _, s := range r.Map() {
		if !strict[s] && s.AdditionalProperties == false {
			s.AdditionalProperties = nil
		}
	}
}

// problemResponse documents one problem of an operation, with an example.
func (d *Door) problemResponse(op *huma.Operation, status int) {
	r := d.api.OpenAPI().Components.Schemas
	op.Responses[strconv.Itoa(status)] = &huma.Response{
		Description: text.English.T("problem.status." + strconv.Itoa(status)),
		Headers: map[string]*huma.Param{"traceparent": {Description: text.English.T("api.header.traceparent_back"),
			Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{traceExample}}}},
		Content: map[string]*huma.MediaType{problemType: {Schema: r.Schema(reflect.TypeFor[Problem](), true, ""), Example: d.problemExample(op, status)}},
	}
}

// examples are a likely fault for each status.
var examples = map[int]*fault.Fault{
	http.StatusBadRequest:                   fault.New(fault.BadRequest, "shape.parameter_unknown").At(inQuery+"colour").With("name", "colour"),
	http.StatusUnauthorized:                 fault.New(fault.Unauthenticated, "auth.sign_in"),
	http.StatusForbidden:                    fault.New(fault.Forbidden, "auth.forbidden"),
	http.StatusNotFound:                     fault.Missing(),
	http.StatusConflict:                     fault.New(fault.Conflict, "idempotency.in_flight"),
	http.StatusPreconditionFailed:           fault.New(fault.Stale, "common.changed"),
	http.StatusPreconditionRequired:         fault.New(fault.Precondition, "problem.if_match_missing").At(inHeader + "If-Match"),
	http.StatusRequestEntityTooLarge:        fault.New(fault.TooLarge, "problem.too_large").With("limit", MaxBody),
	http.StatusUnsupportedMediaType:         mediaType("application/json").Fault,
	http.StatusRequestedRangeNotSatisfiable: refused(http.StatusRequestedRangeNotSatisfiable, "problem.range").Fault,
	http.StatusUnprocessableEntity:          fault.Bad("shape.required", "/name").With("name", "name"),
	http.StatusInternalServerError:          fault.New(fault.Unavailable, "problem.internal"),
	http.StatusServiceUnavailable:           fault.New(fault.Unavailable, "common.database_away"),
}

func (d *Door) problemExample(op *huma.Operation, status int) any {
	f := examples[status]
	if f == nil {
		panic(fmt.Sprintf("api: no example of a problem with status %d", status))
	}
	p := &Problem{Type: d.url + "/problems/" + f.Key, Title: message(text.English, f), Status: status, Detail: advice(text.English, f, status),
		Instance: strings.ReplaceAll(Base+op.Path, "{county}", "kronoberg"), Code: f.Key}
	p.Instance = holes.ReplaceAllStringFunc(p.Instance, func(h string) string {
		if slices.Contains(numbered, strings.Trim(h, "{}")) {
			return "1"
		}
		if h == "{section}" {
			return "goals"
		}
		return "0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"
	})
	if f.Field != "" || len(f.Args) > 0 {
		p.Errors = []Detail{detail(text.English, f)}
	}
	if status >= 500 {
		p.TraceID = "4bf92f3577b34da6a3ce929d0e0e4736"
	}
	var plain any // as JSON, so that the document's writers need not know our types
	b, _ := encode(p)
	_ = json.Unmarshal(b, &plain)
	return plain
}

// walk gives all operations of a document in a steady order.
func walk(doc *huma.OpenAPI) []*huma.Operation {
	var ops []*huma.Operation
	paths := make([]string, 0, len(doc.Paths))
	for p := range doc.Paths {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		item := doc.Paths[p]
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete, item.Head, item.Options, item.Trace} {
			if op != nil {
				ops = append(ops, op)
			}
		}
	}
	return ops
}
