package api_test

import (
	"archive/zip"
	"bytes"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
)

// past sends a table of past meetings with its papers.
func (w *world) past(path, table string, papers map[string]string) answer {
	w.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	put := func(part, name, content string) {
		out, err := form.CreateFormFile(part, name)
		if err != nil {
			w.t.Fatal(err)
		}
		_, _ = out.Write([]byte(content))
	}
	put("file", "moten.csv", table)
	for name, content := range papers {
		put("papers", name, content)
	}
	_ = form.Close()
	return w.ask("POST", path, b.String(), "Content-Type", form.FormDataContentType(), "Idempotency-Key", uuid.NewString())
}

// packed is a folder as ZIP.
func packed(t testing.TB, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		out, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = out.Write([]byte(content))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestMeetingsOfBeforeComeInWithTheirPapers(t *testing.T) {
	w, _ := archive(t)
	const table = "organ;datum;ärende;typ;beslut;handling\r\nforum;2021-10-21;Boende;beslut;Boende tas upp i höst.;Protokoll.txt\r\nforum;2021-10-21;Läget;;;\r\n"
	counts := func(a answer) string {
		return body([]any{a.body["meetings"], a.body["created"], a.body["same"], a.body["refused"]})
	}
	imports := inKronoberg + "/meeting-imports"
	folder := map[string]string{"papper.zip": packed(t, map[string]string{"2021/protokoll.TXT": "Protokoll", "__MACOSX/2021/._protokoll.TXT": "x", "2021/.DS_Store": "x"})}
	if a := w.past(imports+"?preview=true&lang=sv", table, nil).is(200, ""); counts(a) != "[0,1,0,1]" || !strings.Contains(a.raw, `"column":"handling","code":"past.paper_missing"`) {
		t.Error(a.raw)
	}
	w.past(imports, table, nil).is(422, "past.paper_missing").at("/rows/2/paper")
	if a := w.past(imports+"?preview=true", table, folder).is(200, ""); counts(a) != "[1,2,0,0]" || a.body["preview"] != true {
		t.Error(a.raw)
	}
	if a := w.past(imports, table, folder).is(200, ""); counts(a) != "[1,2,0,0]" {
		t.Errorf("a preview was kept, or nothing is: %s", a.raw)
	}
	if a := w.past(imports, table, map[string]string{"protokoll.txt": "Protokoll"}).is(200, ""); counts(a) != "[0,0,2,0]" {
		t.Errorf("the same again: %s", a.raw)
	}
	w.past(imports, table, map[string]string{"protokoll.txt": "A", "PROTOKOLL.txt": "B"}).is(422, "past.paper_twice")
	w.past(imports, table, map[string]string{"papper.zip": "PK no more"}).is(422, "past.papers_unreadable")
	w.past(imports, "organ\r\nforum\r\n", nil).is(422, "past.columns_missing")
	w.past(imports, "\xd0\xcf\x11\xe0", nil).is(422, "past.old_workbook")
	w.ask("POST", imports, `{}`, "Idempotency-Key", "json").is(400, "shape.form")
	w.as("kronoberg", auth.RoleAuditor).past(imports, table, nil).is(403, "auth.forbidden")
}
