package api_test

import (
	"encoding/json"
	"flag"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/api"
	"github.com/overens/overens/internal/text"
)

var update = flag.Bool("update", false, "write testdata/openapi.yaml anew")

func TestTheDocumentIsAsItWas(t *testing.T) {
	const path = "testdata/openapi.yaml"
	got, err := door(nil).OpenAPI().YAML()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); d != "" {
		t.Errorf("the contract has changed; if on purpose, run with -update:\n%s", d)
	}
}

// document is the OpenAPI document as a linter from outside reads it.
type document struct {
	raw   map[string]any
	ops   []operation
	props []property
}

type operation struct {
	path, method string
	it           map[string]any
}

type property struct {
	where, name string
	it          map[string]any
}

func get(v any, path ...string) any {
	for _, p := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[p]
	}
	return v
}

func words(v any, path ...string) string {
	s, _ := get(v, path...).(string)
	return strings.TrimSpace(s)
}

func list(v any, path ...string) []any {
	l, _ := get(v, path...).([]any)
	return l
}

func read(t *testing.T) document {
	t.Helper()
	b, err := json.Marshal(door(nil).OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(b, &d.raw); err != nil {
		t.Fatal(err)
	}
	for path, item := range get(d.raw, "paths").(map[string]any) {
		for method, op := range item.(map[string]any) {
			d.ops = append(d.ops, operation{path, method, op.(map[string]any)})
		}
	}
	var walk func(where string, v any)
	walk = func(where string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if ps, ok := v["properties"].(map[string]any); ok && v["type"] == "object" {
				for name, p := range ps {
					d.props = append(d.props, property{where, name, p.(map[string]any)})
				}
			}
			for k, x := range v {
				if k != "example" && k != "examples" {
					walk(where+"/"+k, x)
				}
			}
		case []any:
			for i, x := range v {
				walk(where+"/"+strconv.Itoa(i), x)
			}
		}
	}
	walk("", d.raw)
	return d
}

// TestTheNationalProfile holds the document against the rules of the national
// REST API profile that a linter can check, by their ids.
func TestTheNationalProfile(t *testing.T) {
	d := read(t)
	about := words(d.raw, "info", "description")
	must := func(rule string, ok bool, said ...string) {
		t.Helper()
		if !ok {
			t.Errorf("%s: %s", rule, strings.Join(said, " "))
		}
	}
	must("DOK.01", words(d.raw, "externalDocs", "description") != "" && words(d.raw, "externalDocs", "url") != "")
	for _, path := range [][]string{{"info", "version"}, {"info", "title"}, {"info", "description"}, {"info", "termsOfService"}, {"info", "contact", "name"},
		{"info", "contact", "email"}, {"info", "contact", "url"}, {"info", "license", "name"}, {"info", "license", "url"}} {
		must("DOK.03", words(d.raw, path...) != "", path...)
	}
	must("DOK.06", strings.Contains(about, " och ") && strings.Contains(about, " and "))
	must("DOK.09", regexp.MustCompile(`(?i)begränsning|limit`).MatchString(about))
	must("DOK.17", strings.HasPrefix(words(d.raw, "openapi"), "3.1"))
	must("DOK.21", len(list(d.raw, "security")) > 0)
	must("MOG.01", len(get(d.raw, "paths").(map[string]any)) > 1 && slices.ContainsFunc(d.ops, func(o operation) bool { return o.method == "put" }))
	for _, s := range list(d.raw, "servers") {
		must("UFN.01 UFN.02 VER.05", regexp.MustCompile(`^https://[a-z0-9.-]+/api/v[1-9]$`).MatchString(words(s, "url")), words(s, "url"))
	}
	must("VER.06", get(d.raw, "paths", "/api-info", "get") != nil)
	for name, s := range get(d.raw, "components", "securitySchemes").(map[string]any) {
		must("SAK.09 SAK.10 SAK.15", words(s, "type") == "http" && words(s, "scheme") == "bearer", name)
	}

	fields := regexp.MustCompile(`^_?[a-z]+([A-Z][a-z]+)*[A-Z]{0,3}$`) // _links and _meta are the profile's own
	for _, p := range d.props {
		must("AME.04 AME.05 AME.07", fields.MatchString(p.name), p.where, p.name)
		example, has := p.it["example"]
		switch p.it["format"] {
		case "date-time":
			s, _ := example.(string)
			_, err := time.Parse(time.RFC3339, s)
			must("DOT.02 DOT.04", err == nil, p.where, p.name)
		case "date":
			s, _ := example.(string)
			_, err := time.Parse(time.DateOnly, s)
			must("DOT.02", err == nil, p.where, p.name)
		}
		must("description", words(p.it, "description") != "", p.where, p.name)
		if kind := p.it["type"]; p.it["$ref"] == nil && kind != "array" && kind != "object" && kind != nil {
			must("example", has, p.where, p.name)
		}
		if kinds, ok := p.it["type"].([]any); ok {
			must("arrays are never null", !slices.Contains(kinds, any("array")), p.where, p.name)
		}
		if p.it["type"] == "array" {
			// Words for several without an s: people, and adjectives that stand for them.
			must("AME.06", strings.HasSuffix(p.name, "s") || slices.Contains([]string{"people", "idle", "entitled", "named"}, p.name), p.where, p.name)
		}
	}

	segment := regexp.MustCompile(`^(\{[a-z]+\}|[a-z0-9-]+)$`)
	for _, o := range d.ops {
		here := o.method + " " + o.path
		must("UFN.05", len("https://overens.example/api/v1"+o.path) < 2048, here)
		for s := range strings.SplitSeq(strings.TrimPrefix(o.path, "/"), "/") {
			must("RES.06 UFN.07 UFN.08 UFN.09", segment.MatchString(s), here, s)
			must("RES.06 verbs", !regexp.MustCompile(`^(get|set|create|update|delete|list|add|remove)`).MatchString(s), here, s)
		}
		must("DOK.19", words(o.it, "summary") != "" && words(o.it, "description") != "" && !strings.Contains(words(o.it, "description"), "⟨"), here)
		must("operation id", words(o.it, "operationId") != "", here)

		paged := map[string]map[string]any{}
		traced := false
		for _, p := range list(o.it, "parameters") {
			name, in := words(p, "name"), words(p, "in")
			must("description", words(p, "description") != "", here, name)
			must("FNS.01 FNS.03 FNS.06", in == "header" || regexp.MustCompile(`^[a-z][a-zA-Z]*$`).MatchString(name), here, name)
			must("FNS.05", in != "query" || get(p, "required") != true, here, name)
			must("RES.02", !regexp.MustCompile(`(?i)pnr|personnummer|ssn|password|token|api-?key`).MatchString(name), here, name)
			must("ARQ.05", in != "header" || slices.Contains([]string{"If-Match", "If-None-Match", "Idempotency-Key", "traceparent", "Accept-Language", "Range"}, name), here, name)
			if in == "query" {
				paged[name] = p.(map[string]any)
			}
			traced = traced || (name == "traceparent" && in == "header" && get(p, "required") != true)
		}
		must("SPA.02", traced, here)
		if limit := paged["limit"]; limit != nil {
			must("FNS.07", paged["page"] != nil, here)
			must("FNS.08", get(paged["page"], "schema", "default") == 1.0 && get(paged["page"], "schema", "minimum") == 1.0, here)
			must("FNS.09", get(limit, "schema", "default") == 20.0 && get(limit, "schema", "maximum") == 100.0, here)
		}
		body := get(o.it, "requestBody", "content")
		must("FOR.02", o.method != "get" || body == nil, here)
		if body != nil {
			json := get(body, "application/json") // a file alone has none
			must("AME.01 DOK.15", json == nil || get(json, "example") != nil, here)
			must("SAK.29", get(o.it, "responses", "415") != nil, here)
		}
		must("SAK.08", o.it["security"] != nil || get(o.it, "responses", "401") != nil, here)
		for status, res := range get(o.it, "responses").(map[string]any) {
			code, _ := strconv.Atoi(status)
			must("DOK.20", words(res, "description") != "" && !strings.Contains(words(res, "description"), "⟨"), here, status)
			must("SPA.04", get(res, "headers", "traceparent") != nil, here, status)
			content, _ := get(res, "content").(map[string]any)
			if code >= 400 {
				must("FEL.02", len(content) == 1 && content["application/problem+json"] != nil, here, status)
				must("example of a problem", words(content, "application/problem+json", "example", "title") != "", here, status)
				continue
			}
			if code == 201 {
				must("ARP.03", get(res, "headers", "Location") != nil, here)
			}
			if content != nil && content["application/octet-stream"] == nil { // a file is no resource of ours
				must("DOK.15", get(content, "application/json", "example") != nil, here, status)
				must("MOG.02", get(content, "application/json", "example", "_links") != nil || strings.HasSuffix(o.path, "/link"), here)
			}
		}
		must("SAK.25", get(o.it, "responses", "500") != nil, here)
	}
	for _, name := range []string{"type", "title", "status", "detail", "instance"} {
		must("FEL.01", get(d.raw, "components", "schemas", "Problem", "properties", name) != nil, name)
	}
}

func TestExamplesFitTheirSchemas(t *testing.T) {
	doc := door(nil).OpenAPI()
	for path, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
			if op == nil {
				continue
			}
			check := func(what string, m *huma.MediaType) {
				b, err := json.Marshal(m.Example)
				if err != nil {
					t.Fatal(err)
				}
				var plain any
				_ = json.Unmarshal(b, &plain)
				res := &huma.ValidateResult{}
				huma.Validate(doc.Components.Schemas, m.Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, plain, res)
				for _, e := range res.Errors {
					t.Errorf("%s %s %s: %v", op.Method, path, what, e)
				}
			}
			if op.RequestBody != nil && op.RequestBody.Content["application/json"] != nil {
				check("body", op.RequestBody.Content["application/json"])
			}
			for status, res := range op.Responses {
				for _, m := range res.Content {
					check(status, m)
				}
			}
		}
	}
}

func TestEveryOperationIsListedForTheWall(t *testing.T) {
	d := door(nil)
	doc := read(t)
	ops := d.Operations()
	if len(ops) != len(doc.ops) {
		t.Errorf("%d operations listed, %d documented", len(ops), len(doc.ops))
	}
	for _, o := range ops {
		if strings.Contains(o.Path, "{county}/") && o.Access != api.Member && !strings.Contains(o.Path, "/published-") && (o.Access != api.ByLink || !strings.HasSuffix(o.Path, "/{link}")) {
			t.Errorf("%s is open to %s", o.ID, o.Access)
		}
		if o.Method == "POST" && !o.IdempotencyKey && o.ID != "preview-configuration-section" { // it leaves nothing behind
			t.Errorf("%s takes no key", o.ID)
		}
		for _, l := range text.Langs {
			for _, key := range []string{"api.op." + o.ID, "api.op." + o.ID + ".about"} {
				if l.T(key) == "⟨"+key+"⟩" {
					t.Errorf("%s: no words for %s", l, key)
				}
			}
		}
	}
}

func TestTheDocumentAndItsPageAreServed(t *testing.T) {
	d := door(nil)
	ask := func(path string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		d.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
		return rec
	}
	for path, kind := range map[string]string{"/api/v1/openapi.json": "application/openapi+json", "/api/v1/openapi.yaml": "application/openapi+yaml"} {
		if a := ask(path); a.Code != 200 || a.Header().Get("Content-Type") != kind || !strings.Contains(a.Body.String(), "get-organisation") {
			t.Errorf("%s: %d %v", path, a.Code, a.Header())
		}
	}
	for lang, heading := range map[string]string{"": "API för program", "?lang=en": "API for programs"} {
		overview := ask("/api/v1/docs" + lang)
		if !strings.Contains(overview.Body.String(), "<h1>"+heading+"</h1>") {
			t.Errorf("docs%s: %d", lang, overview.Code)
		}
		pages := map[string]string{"": overview.Body.String()}
		for _, link := range regexp.MustCompile(`href="/api/v1/docs(/[^"#]+)"`).FindAllStringSubmatch(overview.Body.String(), -1) {
			pages[link[1]] = ask("/api/v1/docs" + link[1] + lang).Body.String()
		}
		told := strings.Builder{}
		for at, html := range pages {
			if strings.Contains(html, "⟨") || strings.Contains(html, "<script") || strings.Contains(html, "style=") || !strings.Contains(html, "</html>") {
				t.Errorf("docs%s%s: the page must be whole, with all its words, and need no script and no inline style", at, lang)
			}
			for _, ref := range regexp.MustCompile(`href="(/api/v1/docs([^"#]*))?#([^"]+)"`).FindAllStringSubmatch(html, -1) {
				to := html
				if ref[1] != "" {
					to = pages[ref[2]]
				}
				if !strings.Contains(to, `id="`+ref[3]+`"`) {
					t.Errorf("docs%s%s: the link to %s leads nowhere", at, lang, ref[0])
				}
			}
			told.WriteString(html)
		}
		for _, o := range d.Operations() {
			if n := strings.Count(told.String(), `id="`+o.ID+`"`); n != 1 {
				t.Errorf("docs%s: %s stands %d times", lang, o.ID, n)
			}
		}
	}
	if a := ask("/api/v1/docs/weather"); a.Code != 404 {
		t.Errorf("a subject that is not there: %d", a.Code)
	}
}
