package web_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
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

// The pages of a meeting whose minutes were adjusted elsewhere, long ago: nobody
// attested anything here, and no text came with it.
func TestEveryPageOfAnImportedMeetingOpensAndSaysThatItCameIn(t *testing.T) {
	h := called(t, meeting.KindMeeting)
	of := map[bool]uuid.UUID{}
	decided := map[bool]uuid.UUID{}
	h.does(func(ctx context.Context, tx *pg.Tx) error {
		for public, title := range map[bool]string{true: "Vårens forum", false: "Extra forum"} {
			es, err := meeting.Remember(ctx, tx, []meeting.Past{
				{Row: 1, Body: "forum", On: day.Of(2023, time.March, 30), Title: title, Matter: "Läget", Public: public, Source: "Länets protokoll"},
				{Row: 2, Body: "forum", On: day.Of(2023, time.March, 30), Title: title, Matter: "Boende", Kind: meeting.ForDecision, Outcome: meeting.OutcomeCarried, Wording: "Boende tas upp i höst.", Public: public},
			})
			if err == nil {
				err = es.Err()
			}
			if err != nil {
				return err
			}
		}
		ms, _, err := meeting.List(ctx, tx, meeting.Filter{Body: "forum", To: tx.Today(), Limit: 10, Page: 1})
		for _, m := range ms {
			public := m.State == meeting.Published
			ds, _, err := meeting.Decisions(ctx, tx, meeting.DecisionFilter{Meeting: m.ID, Limit: 10, Page: 1})
			if err != nil || len(ds) != 1 {
				return fmt.Errorf("%d decisions: %w", len(ds), err)
			}
			of[public], decided[public] = m.ID, ds[0].ID
		}
		return err
	})
	if len(of) != 2 {
		t.Fatalf("%v", of)
	}
	for public, id := range of {
		at := meetings + "/" + id.String()
		for path, told := range map[string]string{at: "Mötet hölls innan programmet användes", at + "/minutes": "Ingen text är bevarad", at + "/live": "inte känt", register + "/" + decided[public].String(): "Boende tas upp i höst"} {
			p := h.get(strategist, path)
			says := p.says("main")
			if p.Status != http.StatusOK || !strings.Contains(says, told) || !strings.Contains(says, "inläst") {
				t.Errorf("%s: %d: %s", path, p.Status, says)
			}
			for _, never := range []string{"Justerat", "ej på plats", "tjänstgjorde", "00.00"} {
				if strings.Contains(says, never) {
					t.Errorf("%s says %q: %s", path, never, says)
				}
			}
			for _, as := range []string{h.of("vaxjo"), ""} { // what they may see
				if p := h.get(as, path); p.Status >= http.StatusInternalServerError {
					t.Errorf("%s: %d to %q", path, p.Status, as)
				}
			}
		}
	}
	p := h.get("", meetings+"/"+of[true].String())
	if says := p.says("main"); p.Status != http.StatusOK || strings.Contains(says, "inte publicerat") || !strings.Contains(says, "inläst från tidigare") || !strings.Contains(says, "Boende tas upp i höst") {
		t.Errorf("%d: %s", p.Status, says)
	}
	if p := h.get(strategist, meetings); !strings.Contains(p.says("main"), "inläst från tidigare") {
		t.Errorf("the list: %s", p.says("main"))
	}
}
