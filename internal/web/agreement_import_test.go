package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// exported is Kronoberg's agreement as a file in YAML.
func (h *house) exported(key string) string {
	h.t.Helper()
	var doc agreement.Document
	h.write("kronoberg", func(ctx context.Context, tx *pg.Tx) error {
		i, err := agreement.ByKey(ctx, tx, key)
		if err == nil {
			doc, err = agreement.Export(ctx, tx, i.ID)
		}
		return err
	})
	b, err := json.Marshal(doc)
	if err == nil {
		b, err = yaml.JSONToYAML(b)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return string(b)
}

// bringIn sends the form that takes in an agreement, with a file or without.
func (h *house) bringIn(as, at string, typed url.Values, file string) page {
	h.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for field, values := range typed {
		for _, v := range values {
			_ = form.WriteField(field, v)
		}
	}
	name := ""
	if file != "" {
		name = "avtal.yaml"
	}
	out, err := form.CreateFormFile("file", name)
	if err != nil {
		h.t.Fatal(err)
	}
	_, _ = io.WriteString(out, file)
	_ = form.Close()
	return h.bring(http.MethodPost, as, at, form.FormDataContentType(), b.String())
}

func TestAnAgreementIsTakenInFromAFile(t *testing.T) {
	from := buildEmpty(t)
	from.agreed("kronoberg")
	file := from.exported("sok-2019")

	h := buildEmpty(t)
	const at = "/lan/kronoberg/agreements/import"
	if p := h.get(strategist, "/lan/kronoberg/agreements"); p.Find(`a[href="`+at+`"]`).Length() != 1 {
		t.Error("nothing leads there")
	}
	p := h.get(strategist, at)
	if p.Find("#preview, [role=alert], button[value=import]").Length() != 0 {
		t.Error("something is told before there is a file")
	}
	p = h.bringIn(strategist, at, url.Values{"key": {p.value("input[name=key]")}, "do": {"preview"}}, file)
	if p.Status != http.StatusOK || p.Find("button[value=import]").Length() != 1 {
		t.Fatalf("%d %s", p.Status, p.reads("main"))
	}
	contains(t, "lead", p.says(".lead"), "delar läggs till")
	contains(t, "preview", p.reads("#preview tbody"), "Organisationer", "Parter 16 0 0 0", "Mål 6 0 0 0")
	if n := h.get(strategist, "/lan/kronoberg/agreements").Find("#ended li, #holds li").Length(); n != 0 {
		t.Errorf("a preview left %d agreements behind", n)
	}

	// What was looked at is kept from the same page, without the file again.
	typed := url.Values{"key": {p.value("input[name=key]")}, "do": {"import"}, "text": {strings.TrimPrefix(p.Find("#f-text").Text(), "\n")}}
	to := h.bringIn(strategist, at, typed, "").done(t, "import")
	if again := h.bringIn(strategist, at, typed, "").done(t, "sent twice"); again != to {
		t.Errorf("%s, and then %s", to, again)
	}
	p = h.get(strategist, to)
	contains(t, "arrived", p.reads("main"), "Femton parter var överens", "Boende")
	contains(t, "done", p.says("[role=status]"), "är inläst")

	// The same file changes nothing, and it is said.
	p = h.bringIn(strategist, at, url.Values{"key": {key()}, "do": {"preview"}}, file)
	if p.Status != http.StatusOK || p.Find("button[value=import]").Length() != 0 || p.says(".lead") != "Allt i filen finns redan här. Ingenting skulle ändras." || p.Find(`.head a[href="`+strings.Split(to, "?")[0]+`"]`).Length() != 1 {
		t.Errorf("%d %s", p.Status, p.reads(".head"))
	}
	same := h.bringIn(strategist, at, url.Values{"key": {key()}, "do": {"import"}}, file).done(t, "the same file")
	contains(t, "nothing", h.get(strategist, same).says("[role=status]"), "Ingenting är ändrat")

	if got := h.get(auditor, at).Status; got != http.StatusForbidden {
		t.Errorf("an auditor: %d", got)
	}
	if got := h.bringIn(auditor, at, url.Values{"key": {key()}, "do": {"import"}}, file).Status; got != http.StatusForbidden {
		t.Errorf("an auditor: %d", got)
	}
}

func TestWhatIsWrongInAFileIsToldBesideItsLine(t *testing.T) {
	from := buildEmpty(t)
	from.agreed("kronoberg")
	file := from.exported("sok-2019")
	h := buildEmpty(t)
	const at = "/lan/kronoberg/agreements/import"
	lineOf := func(s, part string) string {
		n := strings.Count(s[:strings.Index(s, part)], "\n") + 1
		return "Rad " + strconv.Itoa(n)
	}
	for what, c := range map[string]struct{ old, new, says, why string }{
		"meaning":  {"- organisation: alvesta\n", "- organisation: ingen\n", "organisation: ingen", "Organisationen finns inte i länet"},
		"shape":    {"kind: began-to-apply", "kind: [1]", "kind: [1]", "Skriv en text"},
		"unknown":  {"  title: ", "  titel: x\n  title: ", "titel: x", "Fältet finns inte"},
		"missing":  {"format: overens-agreement-v1\n", "", "", "format saknas"},
		"too long": {"shortName: SÖK", "shortName: " + strings.Repeat("x", 61), "shortName: xxx", "Skriv högst 60 tecken"},
		"a day":    {"when: 2020-21", "when: i fjol", "when: i fjol", "Skriv dagen"},
	} {
		broken := strings.Replace(file, c.old, c.new, 1)
		if broken == file {
			t.Fatalf("%s: %q is not in the file:\n%s", what, c.old, file[:3000])
		}
		for _, do := range []string{"preview", "import"} {
			p := h.bringIn(strategist, at, url.Values{"key": {key()}, "do": {do}}, broken)
			alert := p.reads("[role=alert]")
			if p.Status != http.StatusUnprocessableEntity || !strings.Contains(alert, c.why) || !strings.Contains(alert, c.says) {
				t.Errorf("%s, %s: %d %s", what, do, p.Status, alert)
			}
			if c.says != "" && !strings.Contains(alert, lineOf(broken, c.says)) {
				t.Errorf("%s, %s: not on %s: %s", what, do, lineOf(broken, c.says), alert)
			}
			if got := strings.TrimPrefix(p.Find("#f-text").Text(), "\n"); got != broken {
				t.Errorf("%s: what was typed is lost: %d of %d characters", what, len(got), len(broken))
			}
			if p.Find("button[value=import]").Length() != 0 {
				t.Errorf("%s: offered all the same", what)
			}
		}
	}
	for what, src := range map[string]string{"none": "", "no yaml": "a: [", "one that names itself": "a: &x [1]\nb: *x"} {
		if p := h.bringIn(strategist, at, url.Values{"key": {key()}, "do": {"import"}, "text": {src}}, ""); p.Status != http.StatusUnprocessableEntity || p.Find("[role=alert]").Length() != 1 {
			t.Errorf("%s: %d", what, p.Status)
		}
	}
	if n := h.get(strategist, "/lan/kronoberg/agreements").Find("#ended li, #holds li").Length(); n != 0 {
		t.Errorf("%d agreements were left behind", n)
	}
}

// Every part of a file has a name in both languages.
func TestEveryPartOfAFileHasAName(t *testing.T) {
	parts := []string{"predecessors", "signatures", "versions", "notes"} // which stand within another
	for _, f := range reflect.VisibleFields(reflect.TypeFor[agreement.Document]()) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "format" && name != "county" {
			parts = append(parts, name)
		}
	}
	for _, p := range parts {
		if !text.Has("agreement_import.part." + p) {
			t.Errorf("no words for %s", p)
		}
	}
}
