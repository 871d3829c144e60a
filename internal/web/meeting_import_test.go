package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const pastAt = "/lan/kronoberg/meetings/import"

// recall sends a table of past meetings with a paper.
func (h *house) recall(as, do, table, paper string, typed url.Values) page {
	h.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, values := range typed {
		_ = w.WriteField(name, values[0])
	}
	_ = w.WriteField("do", do)
	for part, f := range map[string][2]string{"file": {"moten.csv", table}, "papers": {paper, "Protokoll"}} {
		if f[0] == "" || f[1] == "" {
			continue
		}
		out, err := w.CreateFormFile(part, f[0])
		if err != nil {
			h.t.Fatal(err)
		}
		_, _ = out.Write([]byte(f[1]))
	}
	_ = w.Close()
	return h.bring(http.MethodPost, as, pastAt, w.FormDataContentType(), b.String())
}

func TestPastMeetingsAreLookedAtBeforeTheyAreTakenIn(t *testing.T) {
	h := buildEmpty(t)
	p := h.get(strategist, pastAt)
	key, _ := p.Find(`input[name="key"]`).Attr("value")
	if p.Status != http.StatusOK || key == "" || p.Find(`input[type="file"][multiple]`).Length() != 1 {
		t.Fatalf("%d %s", p.Status, p.says("main"))
	}
	if p = h.recall(strategist, "preview", "", "", url.Values{"key": {key}}); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.says("#fault"), "Välj en fil") {
		t.Errorf("nothing: %d %s", p.Status, p.says("main"))
	}
	const table = "organ;datum;ärende;typ;beslut;handling\nforum;2021-10-21;Boende;beslut;Boende tas upp i höst.;Protokoll.txt\nforum;nyss;Läget;;;\n"
	p = h.recall(strategist, "preview", table, "protokoll.txt", url.Values{"key": {key}})
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.says("#fault"), "Rad 3, datum") || p.Find(`button[value="import"]`).Length() != 0 {
		t.Errorf("a wrong day: %d %s", p.Status, p.says("main"))
	}
	mended := strings.Replace(p.Find("#f-text").Text(), "nyss", "2021-10-21", 1)
	p = h.recall(strategist, "preview", "", "protokoll.txt", url.Values{"key": {key}, "text": {mended}})
	if p.Status != http.StatusOK || !strings.Contains(p.says("#preview tbody"), "Boende") || p.Find(`button[value="import"]`).Length() != 1 {
		t.Fatalf("%d %s", p.Status, p.says("main"))
	}
	key, _ = p.Find(`input[name="key"]`).Attr("value")
	if p := h.recall(strategist, "import", "", "", url.Values{"key": {key}, "text": {mended}}); p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.says("#fault"), "Handlingen följde inte med") {
		t.Errorf("without the paper: %d %s", p.Status, p.says("main"))
	}
	apply := url.Values{"key": {key}, "text": {mended}}
	if to := h.recall(strategist, "import", "", "protokoll.txt", apply).done(t, "import"); to != pastAt+"?done=past_entered" {
		t.Error(to)
	}
	p = h.recall(strategist, "preview", "", "protokoll.txt", apply)
	if p.Status != http.StatusOK || p.Find(`button[value="import"]`).Length() != 0 || !strings.Contains(p.says("main"), "finns redan här") {
		t.Errorf("the second time: %d %s", p.Status, p.says("main"))
	}
	const auditor = "kronoberg,auditor"
	if p := h.recall(auditor, "preview", table, "", nil); p.Status != http.StatusForbidden {
		t.Errorf("an auditor's: %d", p.Status)
	}
	if p := h.get(auditor, pastAt); p.Status != http.StatusOK || p.Find("form input[type=file]").Length() != 0 {
		t.Errorf("an auditor sees %d %s", p.Status, p.says("main"))
	}
}
