package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sheet"
	"github.com/overens/overens/internal/text"
)

// pastLimits are how large a table may be that is handed in.
var pastLimits = sheet.Limits{Bytes: 5 << 20, Unpacked: 64 << 20, Rows: meeting.PastLimit, Columns: 50}

// MeetingImport says how meetings of before are handed in.
type MeetingImport struct {
	InCounty
	Preview bool `query:"preview" doc:"Whether nothing is kept, and what would be done is only told." example:"true"`
}

// MeetingImportRow is what became of one row of the table.
type MeetingImportRow struct {
	Row     int             `json:"row" doc:"The row, as a spreadsheet counts." example:"2"`
	Body    string          `json:"body" doc:"The body, by key where it is known." example:"forum"`
	On      day.Day         `json:"on,omitzero" doc:"The day of the meeting." example:"2023-03-30"`
	Matter  string          `json:"matter" doc:"What it was about." example:"Boende som övergripande område"`
	Outcome string          `json:"outcome" enum:"created,same,refused" doc:"Whether it came in, was here already, or was refused." example:"created"`
	Errors  []RegisterFault `json:"errors,omitempty" nullable:"false" doc:"Why it was refused."`
}

// MeetingImportReport is what became of a table of past meetings.
type MeetingImportReport struct {
	Preview  bool               `json:"preview" doc:"Whether nothing was kept." example:"false"`
	Meetings int                `json:"meetings" doc:"How many meetings came in." example:"4"`
	Created  int                `json:"created" doc:"How many matters came in." example:"23"`
	Same     int                `json:"same" doc:"How many were here already." example:"0"`
	Refused  int                `json:"refused" doc:"How many rows were refused. Only a preview tells of any: otherwise nothing is kept where something is refused." example:"0"`
	Rows     []MeetingImportRow `json:"rows" nullable:"false" doc:"Each row, as in the file."`
	Linked
}

// importMeetings lets meetings of before come in from a table and its papers.
func (d *Door) importMeetings() {
	rt := route{method: http.MethodPost, path: "/counties/{county}/meeting-imports", id: "import-meetings", access: Member, status: http.StatusOK, key: true, upload: true}
	op := d.describe(rt, reflect.TypeFor[MeetingImportReport]())
	form := &huma.MediaType{}
	// The library would read a body whose schema it knows, whole and into memory.
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{formType: form}}
	expose(d, rt, op, func(ctx context.Context, in *MeetingImport) (http.HandlerFunc, error) {
		return func(w http.ResponseWriter, r *http.Request) {
			a, err := d.takeMeetings(ctx, w, r, in)
			if err != nil {
				d.Refuse(w, r, err)
				return
			}
			a.write(w, r, rt)
		}, nil
	})
	file := func(key string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Format: "binary", Description: text.English.T(key), Extensions: map[string]any{"example": "PK…"}}
	}
	form.Schema = &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, AdditionalProperties: false, Properties: map[string]*huma.Schema{
		"file":   file("api.text.past"),
		"papers": {Type: huma.TypeArray, Items: file("api.text.past_paper"), Description: text.English.T("api.text.past_papers"), MaxItems: new(meeting.PastPapers)}}}
	form.Encoding = map[string]*huma.Encoding{"file": {ContentType: bytesType}, "papers": {ContentType: bytesType}}
}

func (d *Door) takeMeetings(ctx context.Context, w http.ResponseWriter, r *http.Request, in *MeetingImport) (a answer, err error) {
	// Whoever may not change anything is told before anything is read.
	if err := d.work(ctx, Member, pg.Read, func(tx *pg.Tx) error { return tx.Require(auth.MeetingPrepare) }); err != nil {
		return a, err
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != formType {
		return a, fault.New(fault.BadRequest, "shape.form")
	}
	files.Receive(w, r, meeting.PastBytes/2)
	if err := r.ParseMultipartForm(8 << 20); err != nil {
		return a, cutOff(err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	who, err := auth.From(ctx)
	if err != nil {
		return a, err
	}
	entries, sum, err := pastEntries(r.MultipartForm)
	if err != nil {
		return a, err
	}
	folder, err := meeting.Intake{Actor: who, Store: d.conf.Files, Limit: d.limit()}.Gather(ctx, r.MultipartForm.File["papers"], entries, !in.Preview)
	if err != nil {
		return a, err
	}
	take := func(tx *pg.Tx) (answer, error) {
		es, err := meeting.Import(ctx, tx, entries, folder)
		if err == nil && !in.Preview {
			err = es.Err()
		}
		if err != nil {
			return answer{}, err
		}
		return answered(http.StatusOK, d.recalled(ctx, tx, es, in.Preview))
	}
	if !in.Preview {
		type request struct {
			In  *MeetingImport
			Sum [sha256.Size]byte
		}
		return once(ctx, d, &request{in, sum}, take)
	}
	err = d.db.Rehearse(ctx, who, func(tx *pg.Tx) (err error) {
		a, err = take(tx)
		return err
	})
	return a, err
}

// pastEntries reads the table of a form, and the sum that stands for it.
func pastEntries(form *multipart.Form) ([]meeting.PastEntry, [sha256.Size]byte, error) {
	none := [sha256.Size]byte{}
	for name := range form.File {
		if name != "file" && name != "papers" {
			return nil, none, fault.Bad("past.part_unknown", "/"+escape(shown(name)))
		}
	}
	if len(form.Value) > 0 {
		return nil, none, fault.Bad("past.part_unknown", "")
	}
	if len(form.File["file"]) != 1 {
		return nil, none, fault.Bad("document.file_none", "/file")
	}
	f, err := form.File["file"][0].Open()
	if err != nil {
		return nil, none, err
	}
	defer func() { _ = f.Close() }()
	raw, err := io.ReadAll(io.LimitReader(f, pastLimits.Bytes+1))
	switch {
	case err != nil:
		return nil, none, err
	case int64(len(raw)) > pastLimits.Bytes:
		return nil, none, fault.New(fault.TooLarge, "problem.too_large").With("limit", pastLimits.Bytes)
	}
	table, err := sheet.Read(bytes.NewReader(raw), pastLimits)
	if err != nil {
		return nil, none, sheet.Refusal("past", meeting.PastLimit, err)
	}
	lines := make([]meeting.TableRow, len(table.Rows))
	for i, row := range table.Rows {
		lines[i] = meeting.TableRow(row)
	}
	entries, err := meeting.ReadPast(table.Header, lines)
	return entries, sha256.Sum256(raw), err
}

func (d *Door) recalled(ctx context.Context, tx *pg.Tx, es meeting.PastEntries, preview bool) MeetingImportReport {
	lang := from(ctx).lang
	it := MeetingImportReport{Preview: preview, Meetings: es.Meetings, Created: es.Count(meeting.PastCreated), Same: es.Count(meeting.PastSame),
		Refused: es.Count(meeting.PastRefused), Rows: []MeetingImportRow{}, Linked: Linked{Links{}}}
	for _, e := range es.Rows {
		row := MeetingImportRow{Row: e.Row, Body: e.Body, On: e.On, Matter: e.Matter, Outcome: e.Outcome}
		for _, f := range e.Faults {
			r := RegisterFault{Code: f.Key, Title: message(lang, f), Detail: advice(lang, f, http.StatusUnprocessableEntity)}
			if column := strings.TrimPrefix(f.Field, "/"); text.Has("past.column." + column) {
				r.Column = lang.T("past.column." + column)
			}
			row.Errors = append(row.Errors, r)
		}
		it.Rows = append(it.Rows, row)
	}
	it.Links.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "meetings"))
	return it
}
