package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/text"
)

//go:embed docs.html
var docsSource string

var docsPage = template.Must(template.New("docs").Parse(docsSource))

// pageKey is what a page that has been made is kept by.
type pageKey struct {
	lang    text.Lang
	subject string // "" is the overview
}

// page is a page of the documentation as its template tells it: the whole at a
// glance, or one subject with all that is to be known of it.
type page struct {
	Lang     text.Lang
	Other    text.Lang
	Home     string
	Style    string
	Version  string
	Contact  *huma.Contact
	Abouts   []template.HTML
	Subjects []docSubject
	Subject  *docSubject // of the page that tells of one
	Schemas  []docSchema // what the subject's operations send and give, and what that is made of
}

// T gives the page its words.
func (p page) T(key string, pairs ...any) string { return p.Lang.T(key, pairs...) }

type docSubject struct {
	Name, About string
	Operations  []docOperation
}

type docOperation struct {
	ID, Method, Path, Summary, About string
	Open                             bool
	Parameters                       []docParameter
	Sends, Gives                     *docBody
	Answers                          []docAnswer
}

type docParameter struct {
	Name, Place, About string
	Required           bool
	Ours               bool // the words are in the page's language
}

type docBody struct{ Label, Schema, Example string }

type docAnswer struct{ Status, About string }

type docSchema struct {
	Name   string
	Fields []docField
}

type docField struct {
	Name, Form, Ref, About string
	Required               bool
}

// docs shows the document as pages that need no script: what there is, and what
// is to be known of each subject.
func (d *Door) docs(w http.ResponseWriter, r *http.Request) {
	lang := from(r.Context()).lang
	if c, err := r.Cookie("lang"); err == nil && !r.URL.Query().Has("lang") {
		lang = text.Accept(c.Value, r.Header.Get("Accept-Language")) // what was chosen on the pages holds for this page too
	}
	subject := r.PathValue("subject")
	if subject != "" && !slices.ContainsFunc(d.api.OpenAPI().Tags, func(t *huma.Tag) bool { return t.Name == subject }) {
		d.Refuse(w, r, fault.Missing())
		return
	}
	made := pageKey{lang, subject}
	body, ok := d.pages.Load(made)
	if !ok {
		var b bytes.Buffer
		name := "overview"
		if subject != "" {
			name = "subject"
		}
		if err := docsPage.ExecuteTemplate(&b, name, d.page(lang, subject)); err != nil {
			d.Refuse(w, r, err)
			return
		}
		body = b.Bytes()
		d.pages.Store(made, body)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(lang))
	h.Set("Cache-Control", "public, no-cache")
	if h.Get("Content-Security-Policy") == "" {
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	}
	tag := `"` + d.described().tag + string(lang) + `"`
	h.Set("ETag", tag)
	if noneMatch(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(body.([]byte))
}

// page is the overview, or the page of one subject.
func (d *Door) page(l text.Lang, subject string) page {
	doc := d.api.OpenAPI()
	p := page{Lang: l, Other: text.English, Home: Base + "/docs", Style: d.conf.Style, Version: doc.Info.Version, Contact: doc.Info.Contact}
	if l == text.English {
		p.Other = text.Swedish
	}
	for part := range strings.SplitSeq(l.T("api.text.about"), "\n\n") {
		p.Abouts = append(p.Abouts, marked(part))
	}
	for _, tag := range doc.Tags {
		s := docSubject{Name: tag.Name, About: l.T("api.tag." + tag.Name)}
		for _, op := range walk(doc) {
			if slices.Contains(op.Tags, tag.Name) {
				s.Operations = append(s.Operations, docOf(op, l))
			}
		}
		p.Subjects = append(p.Subjects, s)
		if tag.Name == subject {
			p.Subject = &s
			p.Schemas = schemasOf(doc, s.Operations)
		}
	}
	return p
}

// schemasOf are the objects that operations send and give, and those that they
// are made of, by name.
func schemasOf(doc *huma.OpenAPI, operations []docOperation) []docSchema {
	all := doc.Components.Schemas.Map()
	told := map[string]docSchema{}
	var tell func(name string)
	tell = func(name string) {
		s, ok := all[name]
		if _, done := told[name]; done || !ok {
			return
		}
		one := docSchema{Name: name}
		told[name] = one // an object may be made of its own kind
		for field, f := range s.Properties {
			form, ref := formOf(f)
			one.Fields = append(one.Fields, docField{field, form, ref, f.Description, slices.Contains(s.Required, field)})
			tell(ref)
		}
		slices.SortFunc(one.Fields, func(a, b docField) int { return strings.Compare(a.Name, b.Name) })
		told[name] = one
	}
	for _, o := range operations {
		for _, b := range []*docBody{o.Sends, o.Gives} {
			if b != nil {
				tell(b.Schema)
			}
		}
	}
	return slices.SortedFunc(maps.Values(told), func(a, b docSchema) int { return strings.Compare(a.Name, b.Name) })
}

// marked sets the two marks that the catalogue's paragraphs use.
func marked(s string) template.HTML {
	s = template.HTMLEscapeString(s)
	for _, m := range []struct{ mark, tag string }{{"**", "b"}, {"*", "b"}} {
		parts := strings.Split(s, m.mark)
		var b strings.Builder
		for i, part := range parts {
			switch {
			case i == 0:
			case i%2 == 1:
				b.WriteString("<" + m.tag + ">")
			default:
				b.WriteString("</" + m.tag + ">")
			}
			b.WriteString(part)
		}
		s = b.String()
	}
	return template.HTML(s) //nolint:gosec // escaped above; the words are the catalogue's own
}

// sayings are parameters that all operations share, with their words.
var sayings = map[string]string{
	"Idempotency-Key": "api.header.idempotency_key", "If-Match": "api.header.if_match", "If-None-Match": "api.header.if_none_match",
	"traceparent": "api.header.traceparent", "Accept-Language": "api.header.accept_language", "lang": "api.query.lang",
}

func docOf(op *huma.Operation, l text.Lang) docOperation {
	it := docOperation{ID: op.OperationID, Method: op.Method, Path: Base + op.Path, Open: op.Security != nil,
		Summary: l.T("api.op." + op.OperationID), About: l.T("api.op." + op.OperationID + ".about")}
	for _, p := range op.Parameters {
		one := docParameter{Name: p.Name, Place: l.T("api.page.in." + p.In), About: p.Description, Required: p.Required}
		if key, ok := sayings[p.Name]; ok {
			one.About, one.Ours = l.T(key), true
		}
		it.Parameters = append(it.Parameters, one)
	}
	if op.RequestBody != nil {
		it.Sends = bodyOf(op.RequestBody.Content["application/json"], l.T("api.page.sends")+": "+it.Summary)
	}
	for status, res := range op.Responses {
		it.Answers = append(it.Answers, docAnswer{status, l.T("problem.status." + status)})
		if code, err := strconv.Atoi(status); err == nil && code < 300 && res.Content != nil {
			it.Gives = bodyOf(res.Content["application/json"], l.T("api.page.gives")+": "+it.Summary)
		}
	}
	slices.SortFunc(it.Answers, func(a, b docAnswer) int { return strings.Compare(a.Status, b.Status) })
	return it
}

func bodyOf(m *huma.MediaType, label string) *docBody {
	if m == nil {
		return nil
	}
	_, ref := formOf(m.Schema)
	example, err := json.MarshalIndent(m.Example, "", "  ")
	if err != nil {
		return nil
	}
	return &docBody{label, ref, string(example)}
}

// formOf tells a schema's form, and the schema it leads to.
func formOf(s *huma.Schema) (form, ref string) {
	switch {
	case s.Ref != "":
		ref = s.Ref[strings.LastIndex(s.Ref, "/")+1:]
		return ref, ref
	case s.Type == huma.TypeArray:
		form, ref = formOf(s.Items)
		return "[" + form + "]", ref
	case s.Type == huma.TypeObject:
		if more, ok := s.AdditionalProperties.(*huma.Schema); ok {
			form, ref = formOf(more)
			return "{…: " + form + "}", ref
		}
	}
	form = s.Type
	if s.Format != "" {
		form += " (" + s.Format + ")"
	}
	if len(s.Enum) > 0 {
		values := make([]string, len(s.Enum))
		for i, e := range s.Enum {
			values[i], _ = e.(string)
		}
		form = strings.Join(values, " | ")
	}
	return form, ""
}
