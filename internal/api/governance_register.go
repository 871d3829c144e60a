package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/sheet"
	"github.com/overens/overens/internal/text"
)

const (
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	csvType  = "text/csv"
)

// registerLimits are how large a register may be that is handed in.
var registerLimits = sheet.Limits{Bytes: 5 << 20, Unpacked: 64 << 20, Rows: governance.RegisterLimit, Columns: 50}

// RegisterQuery asks for the register of mandates.
type RegisterQuery struct {
	InCounty
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx" doc:"How it is written: a workbook, or CSV that a spreadsheet opens." example:"xlsx"`
}

// RegisterImport says how a register is handed in.
type RegisterImport struct {
	InCounty
	Preview bool `query:"preview" doc:"Whether nothing is kept, and what would be done is only told." example:"true"`
}

// RegisterEntry is one row of the register, as it stands in a spreadsheet.
type RegisterEntry struct {
	Body         string `json:"body" maxLength:"40" doc:"The body, by key." example:"forum"`
	Place        string `json:"place,omitempty" maxLength:"110" doc:"The place, by key. Empty for a deputy of the party's pool." example:"municipality/alvesta"`
	Role         string `json:"role" maxLength:"20" doc:"Ordinary or deputy, in either language." example:"ordinary"`
	Rank         string `json:"rank,omitempty" maxLength:"4" doc:"Which deputy is called first, from 1. Empty: the next free one." example:""`
	Organisation string `json:"organisation,omitempty" maxLength:"60" doc:"The party, by key. Empty where the place has one party." example:"alvesta"`
	Name         string `json:"name" maxLength:"200" doc:"The person's name." example:"Kim Lind"`
	Email        string `json:"email,omitempty" maxLength:"254" doc:"The person's e-mail, which tells people of one name apart." example:"kim.lind@alvesta.example"`
	Title        string `json:"title,omitempty" maxLength:"120" doc:"The person's office, for one who is new." example:"Kommunstyrelsens ordförande"`
	From         string `json:"from" maxLength:"10" doc:"The first day." example:"2027-01-01"`
	To           string `json:"to,omitempty" maxLength:"10" doc:"The last day. Empty: until further notice." example:"2030-12-31"`
	AppointedBy  string `json:"appointedBy,omitempty" maxLength:"200" doc:"Who appointed." example:"Kommunstyrelsen"`
	Reference    string `json:"reference,omitempty" maxLength:"200" doc:"The decision, as its own register has it." example:"KS 2026/112 § 45"`
}

// RegisterTable is a register as JSON.
type RegisterTable struct {
	Rows []RegisterEntry `json:"rows" minItems:"1" maxItems:"2000" nullable:"false" doc:"The rows."`
}

func (t RegisterTable) lines() []governance.TableRow {
	lines := make([]governance.TableRow, len(t.Rows))
	for i, r := range t.Rows {
		lines[i] = governance.TableRow{Number: i + 1, Cells: []string{r.Body, r.Place, r.Role, r.Rank, r.Organisation, r.Name, r.Email, r.Title, r.From, r.To, r.AppointedBy, r.Reference}}
	}
	return lines
}

// RegisterRow is what became of one row of a register.
type RegisterRow struct {
	Row     int             `json:"row" doc:"The row, as a spreadsheet counts." example:"2"`
	Body    string          `json:"body" doc:"The body it names, by key." example:"forum"`
	Place   string          `json:"place" doc:"The place it names, by key." example:"municipality/alvesta"`
	Name    string          `json:"name" doc:"The person it names." example:"Kim Lind"`
	Outcome string          `json:"outcome" enum:"created,changed,ended,same,refused" doc:"Whether a mandate was made, mended, ended, was here already as it is, or was refused." example:"created"`
	Errors  []RegisterFault `json:"errors,omitempty" nullable:"false" doc:"Why it was refused."`
}

// RegisterFault is one thing that is wrong with a row.
type RegisterFault struct {
	Column string `json:"column,omitempty" doc:"The column's heading, in the language asked for." example:"från"`
	Code   string `json:"code" doc:"The rule, by key." example:"mandate.place_unknown"`
	Title  string `json:"title" doc:"What is wrong." example:"Den platsen finns inte då"`
	Detail string `json:"detail,omitempty" doc:"What works." example:"Platserna följer av länets inställningar och av parterna den dagen."`
}

// RegisterReport is what became of a register that was handed in.
type RegisterReport struct {
	Preview bool          `json:"preview" doc:"Whether nothing was kept." example:"false"`
	Created int           `json:"created" doc:"How many mandates were made." example:"12"`
	Changed int           `json:"changed" doc:"How many were mended." example:"1"`
	Ended   int           `json:"ended" doc:"How many were ended." example:"2"`
	Same    int           `json:"same" doc:"How many were here already." example:"30"`
	Refused int           `json:"refused" doc:"How many rows were refused. Only a preview tells of any: otherwise nothing is kept where something is refused." example:"0"`
	Rows    []RegisterRow `json:"rows" nullable:"false" doc:"Each row, as in the file."`
	Linked
}

// register lets all mandates go out as a table, and come in, and what was decided
// before.
func (d *Door) register() {
	d.exportRegister()
	d.importRegister()
	d.importMeetings()
}

func (d *Door) exportRegister() {
	rt := route{method: http.MethodGet, path: "/counties/{county}/register", id: "export-register", access: Member, status: http.StatusOK}
	op := d.describe(rt, nil)
	ok := op.Responses["200"]
	ok.Content = map[string]*huma.MediaType{bytesType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary", Examples: []any{"PK…"}}}}
	for name, h := range map[string][2]string{"ETag": {"api.header.etag", `"n4bQgYhMfWWaL-qgxV"`}, "Cache-Control": {"api.header.cache_control", "private, no-cache"},
		"Content-Disposition": {"api.header.disposition", `attachment; filename="kronoberg-mandates.xlsx"`}} {
		ok.Headers[name] = &huma.Header{Description: text.English.T(h[0]), Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{h[1]}}}
	}
	expose(d, rt, op, func(ctx context.Context, in *RegisterQuery) (http.HandlerFunc, error) {
		lang := from(ctx).lang
		var rows [][]any
		err := d.work(ctx, Member, pg.Read, func(tx *pg.Tx) (err error) {
			rows, err = governance.Register(ctx, tx, lang)
			return err
		})
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		kind := csvType + "; charset=utf-8"
		if in.Format == "csv" {
			err = registerCSV(&b, lang, rows)
		} else {
			kind = xlsxType
			err = registerBook(&b, lang, rows)
		}
		if err != nil {
			return nil, err
		}
		a := answer{Answer: pg.Answer{Status: http.StatusOK, Body: b.Bytes()}}
		a.ETag = `"` + registerTag(lang, in.Format, rows) + `"`
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Disposition", `attachment; filename="`+r.PathValue("county")+"-mandates."+in.Format+`"`)
			a.write(typed{w, kind}, r, rt)
		}, nil
	})
}

// registerTag is the same for the same rows: a workbook says when it was made.
func registerTag(lang text.Lang, format string, rows [][]any) string {
	body, _ := encode([]any{lang, format, rows})
	h := sha256.Sum256(body)
	return base64.RawURLEncoding.EncodeToString(h[:12])
}

func registerColumns(lang text.Lang) []sheet.Column {
	cs := make([]sheet.Column, len(governance.RegisterColumns))
	for i, key := range governance.RegisterColumns {
		cs[i] = sheet.Column{Title: lang.T("register.column." + key)}
		switch key {
		case "from", "to":
			cs[i].Kind = sheet.Date
		case "rank":
			cs[i].Kind = sheet.Integer
		}
	}
	return cs
}

func registerCSV(w io.Writer, lang text.Lang, rows [][]any) error {
	c, err := sheet.NewCSV(w, sheet.Swedish, registerColumns(lang))
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := c.Row(r...); err != nil {
			return err
		}
	}
	return c.Close()
}

func registerBook(w io.Writer, lang text.Lang, rows [][]any) (err error) {
	b, err := sheet.NewBook()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	s, err := b.Sheet(lang.T("register.sheet"), registerColumns(lang))
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := s.Row(r...); err != nil {
			return err
		}
	}
	return b.Write(w)
}

func (d *Door) importRegister() {
	rt := route{method: http.MethodPost, path: "/counties/{county}/register-imports", id: "import-register", access: Member, status: http.StatusOK, key: true, upload: true}
	op := d.describe(rt, reflect.TypeFor[RegisterReport]())
	schema := d.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[RegisterTable](), true, rt.id)
	js, form := &huma.MediaType{}, &huma.MediaType{}
	// The library would read a body whose schema it knows, whole and into memory.
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": js, formType: form}}
	expose(d, rt, op, func(ctx context.Context, in *RegisterImport) (http.HandlerFunc, error) {
		return func(w http.ResponseWriter, r *http.Request) {
			a, err := d.takeRegister(ctx, w, r, in, schema)
			if err != nil {
				d.Refuse(w, r, err)
				return
			}
			a.write(w, r, rt)
		}, nil
	})
	js.Schema = schema
	form.Schema = &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, AdditionalProperties: false, Properties: map[string]*huma.Schema{
		"file": {Type: huma.TypeString, Format: "binary", Description: text.English.T("api.text.register"), Extensions: map[string]any{"example": "PK…"}}}}
	form.Encoding = map[string]*huma.Encoding{"file": {ContentType: bytesType}}
}

func (d *Door) takeRegister(ctx context.Context, w http.ResponseWriter, r *http.Request, in *RegisterImport, schema *huma.Schema) (a answer, err error) {
	// Whoever may not change anything is told before anything is read.
	if err := d.work(ctx, Member, pg.Read, func(tx *pg.Tx) error { return tx.Require(auth.GovernanceChange) }); err != nil {
		return a, err
	}
	entries, sum, err := d.receivedRegister(w, r, schema)
	if err != nil {
		return a, err
	}
	enter := func(tx *pg.Tx) (answer, error) {
		es, err := governance.Enter(ctx, tx, entries)
		if err == nil && !in.Preview {
			err = es.Err()
		}
		if err == nil {
			err = meeting.Reseat(ctx, tx)
		}
		if err != nil {
			return answer{}, err
		}
		return answered(http.StatusOK, d.registered(ctx, tx, es, in.Preview))
	}
	if !in.Preview {
		type request struct {
			In  *RegisterImport
			Sum [sha256.Size]byte
		}
		return once(ctx, d, &request{in, sum}, enter)
	}
	who, err := auth.From(ctx)
	if err != nil {
		return a, err
	}
	err = d.db.Rehearse(ctx, who, func(tx *pg.Tx) (err error) {
		a, err = enter(tx)
		return err
	})
	return a, err
}

// receivedRegister reads a register that came as a file in a form, or as JSON,
// and the sum that stands for it.
func (d *Door) receivedRegister(w http.ResponseWriter, r *http.Request, schema *huma.Schema) ([]governance.Entry, [sha256.Size]byte, error) {
	none := [sha256.Size]byte{}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != formType {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
		if err != nil {
			return nil, none, cutOff(err)
		}
		table, err := shaped[RegisterTable](d, schema, body)
		if err != nil {
			return nil, none, err
		}
		entries, err := governance.ReadRegister(governance.RegisterColumns, table.lines())
		return entries, sha256.Sum256(body), err
	}
	files.Receive(w, r, registerLimits.Bytes)
	raw, err := onlyFile(r)
	if err != nil {
		files.Drain(r)
		return nil, none, err
	}
	table, err := sheet.Read(bytes.NewReader(raw), registerLimits)
	if err != nil {
		return nil, none, sheet.Refusal("register", governance.RegisterLimit, err)
	}
	lines := make([]governance.TableRow, len(table.Rows))
	for i, row := range table.Rows {
		lines[i] = governance.TableRow(row)
	}
	entries, err := governance.ReadRegister(table.Header, lines)
	return entries, sha256.Sum256(raw), err
}

// onlyFile reads the one part of a form.
func onlyFile(r *http.Request) ([]byte, error) {
	form, err := r.MultipartReader()
	if err != nil {
		return nil, fault.New(fault.BadRequest, "shape.form").Because(err)
	}
	var raw []byte
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, cutOff(err)
		}
		if name := part.FormName(); name != "file" || raw != nil {
			return nil, fault.Bad("shape.unknown", "/"+escape(shown(strings.ToValidUTF8(name, ""))))
		}
		raw, err = io.ReadAll(io.LimitReader(part, registerLimits.Bytes+1))
		if err != nil {
			return nil, cutOff(err)
		}
		if raw == nil {
			raw = []byte{}
		}
	}
	switch {
	case raw == nil:
		return nil, fault.Bad("document.file_none", "/file")
	case int64(len(raw)) > registerLimits.Bytes:
		return nil, fault.New(fault.TooLarge, "problem.too_large").With("limit", registerLimits.Bytes)
	}
	return raw, nil
}

func (d *Door) registered(ctx context.Context, tx *pg.Tx, es governance.Entries, preview bool) RegisterReport {
	lang := from(ctx).lang
	it := RegisterReport{Preview: preview, Created: es.Count(governance.RowCreated), Changed: es.Count(governance.RowChanged), Ended: es.Count(governance.RowEnded),
		Same: es.Count(governance.RowSame), Refused: es.Count(governance.RowRefused), Rows: []RegisterRow{}, Linked: Linked{Links{}}}
	for _, e := range es.Rows {
		row := RegisterRow{Row: e.Row, Body: e.Body, Place: e.Place, Name: e.Name, Outcome: e.Outcome}
		for _, f := range e.Faults {
			r := RegisterFault{Code: f.Key, Title: message(lang, f), Detail: advice(lang, f, http.StatusUnprocessableEntity)}
			if column := strings.TrimPrefix(f.Field, "/"); text.Has("register.column." + column) {
				r.Column = lang.T("register.column." + column)
			}
			row.Errors = append(row.Errors, r)
		}
		it.Rows = append(it.Rows, row)
	}
	it.Links.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "mandates"))
	it.Links.to("register", http.MethodGet, d.at("counties", tx.Tenant, "register"))
	return it
}
