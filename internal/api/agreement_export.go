package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/goccy/go-yaml"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/pg"
)

const yamlType = "application/yaml"

// ExportQuery asks for the whole of an agreement.
type ExportQuery struct {
	InAgreement
	Format string `query:"format" enum:"json,yaml" doc:"How it is written. Default: as Accept asks, JSON otherwise." example:"json"`
}

// ExportedAgreement is the whole of an agreement, as it is exported and taken
// in again. What it links to is of no meaning elsewhere.
type ExportedAgreement struct {
	agreement.Document
	Links Links `json:"_links,omitempty" doc:"Related addresses where it was exported."`
}

// NewImport is a whole agreement from another installation.
type NewImport struct {
	InCounty
	Preview bool `query:"preview" doc:"Whether nothing is kept, and what would be done is only told." example:"true"`
	Body    ExportedAgreement
}

// ImportRow is what became of one part of an imported agreement.
type ImportRow struct {
	Pointer string   `json:"pointer" doc:"Where in the document, as a JSON pointer." example:"/participations/0"`
	Part    string   `json:"part" doc:"The part of the document it stands in." example:"participations"`
	Name    string   `json:"name" doc:"What it is called." example:"Alvesta kommun"`
	Outcome string   `json:"outcome" enum:"created,matched,left-out,refused" doc:"Whether it was made, was here already, names something of another agreement that is not here, or was refused." example:"created"`
	Errors  []Detail `json:"errors,omitempty" nullable:"false" doc:"Why it was refused."`
}

// ImportReport is what became of an imported agreement.
type ImportReport struct {
	Preview   bool          `json:"preview" doc:"Whether nothing was kept." example:"false"`
	Agreement uuid.NullUUID `json:"agreement" doc:"The agreement here; null where it is not here yet."`
	Created   int           `json:"created" doc:"How many parts were made." example:"42"`
	Matched   int           `json:"matched" doc:"How many parts were here already." example:"0"`
	LeftOut   int           `json:"leftOut" doc:"How many parts name something of another agreement that is not here." example:"0"`
	Refused   int           `json:"refused" doc:"How many parts were refused. Only a preview tells of any: otherwise nothing is kept where something is refused." example:"0"`
	Rows      []ImportRow   `json:"rows" nullable:"false" doc:"Each part, in the order in which they are done."`
	Linked
}

// agreementExports let a whole agreement be carried from one installation to another.
func (d *Door) agreementExports() {
	d.exportAgreement()
	d.importAgreement()
}

func (d *Door) exportAgreement() {
	rt := route{method: http.MethodGet, path: "/counties/{county}/agreements/{agreement}/export", id: "export-agreement", access: Member, status: http.StatusOK}
	op := d.describe(rt, reflect.TypeFor[ExportedAgreement]())
	content := op.Responses["200"].Content
	content[yamlType] = &huma.MediaType{Schema: content["application/json"].Schema}
	expose(d, rt, op, func(ctx context.Context, in *ExportQuery) (http.HandlerFunc, error) {
		var doc agreement.Document
		var links Linked
		err := d.work(ctx, Member, pg.Read, func(tx *pg.Tx) (err error) {
			links = d.below(tx, in.ID, "export")
			doc, err = agreement.Export(ctx, tx, in.ID)
			return err
		})
		if err != nil {
			return nil, err
		}
		a, err := answered(http.StatusOK, ExportedAgreement{doc, links.Links})
		if err != nil {
			return nil, err
		}
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Vary", "Accept")
			if in.Format == "yaml" || in.Format == "" && wantsYAML(r.Header.Values("Accept")) {
				if err := asYAML(&a); err != nil {
					d.Refuse(w, r, err)
					return
				}
				w = typed{w, yamlType}
			}
			a.write(w, r, rt)
		}, nil
	})
}

// wantsYAML tells whether the first form that the caller accepts and we have is YAML.
func wantsYAML(accept []string) bool {
	for one := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		kind, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(one)), ";")
		switch strings.TrimSpace(kind) {
		case yamlType, "application/x-yaml", "text/yaml":
			return true
		case "application/json", "application/*", "*/*":
			return false
		}
	}
	return false
}

// asYAML writes an answer's JSON as YAML, which is another representation and
// has another tag.
func asYAML(a *answer) (err error) {
	if a.Body, err = yaml.JSONToYAML(a.Body); err != nil {
		return err
	}
	h := sha256.Sum256(a.Body)
	a.ETag = `"` + base64.RawURLEncoding.EncodeToString(h[:12]) + `"`
	return nil
}

// typed is an answer of another media type than the API's own.
type typed struct {
	http.ResponseWriter
	kind string
}

// WriteHeader puts the type in the place of the one that was set.
func (t typed) WriteHeader(status int) {
	if status == http.StatusOK {
		t.Header().Set("Content-Type", t.kind)
	}
	t.ResponseWriter.WriteHeader(status)
}

func (d *Door) importAgreement() {
	const path = "/counties/{county}/agreement-imports"
	rt := route{method: http.MethodPost, path: path, id: "import-agreement", access: Member, status: http.StatusOK, key: true, yaml: true}
	register(d, rt, reflect.TypeFor[ImportReport](), func(ctx context.Context, in *NewImport) (answer, error) {
		carry := func(tx *pg.Tx) (answer, error) {
			r, err := agreement.CarryIn(ctx, tx, in.Body.Document)
			if err == nil && !in.Preview {
				err = r.Err()
			}
			if err != nil {
				return answer{}, err
			}
			there := r.Instrument
			if in.Preview && !matched(r) {
				there = uuid.Nil // the rehearsal's own
			}
			return answered(http.StatusOK, d.imported(ctx, tx, r, there, in.Preview))
		}
		if !in.Preview {
			return once(ctx, d, in, carry)
		}
		who, err := auth.From(ctx)
		if err != nil {
			return answer{}, err
		}
		var a answer
		err = d.db.Rehearse(ctx, who, func(tx *pg.Tx) (err error) {
			a, err = carry(tx)
			return err
		})
		return a, err
	})
	body := d.api.OpenAPI().Paths[path].Post.RequestBody
	body.Content[yamlType] = &huma.MediaType{Schema: body.Content["application/json"].Schema}
}

// matched tells whether the agreement itself was here before.
func matched(r agreement.Report) bool {
	for _, row := range r.Rows {
		if row.Pointer == "/instrument" {
			return row.Outcome == agreement.RowMatched
		}
	}
	return false
}

func (d *Door) imported(ctx context.Context, tx *pg.Tx, r agreement.Report, there uuid.UUID, preview bool) ImportReport {
	it := ImportReport{Preview: preview, Agreement: uuid.NullUUID{UUID: there, Valid: there != uuid.Nil}, Created: r.Count(agreement.RowCreated), Matched: r.Count(agreement.RowMatched),
		LeftOut: r.Count(agreement.RowLeftOut), Refused: r.Count(agreement.RowRefused), Rows: []ImportRow{}, Linked: Linked{Links{}}}
	for _, row := range r.Rows {
		one := ImportRow{Pointer: row.Pointer, Part: row.Kind, Name: row.Name, Outcome: row.Outcome}
		for _, f := range row.Faults {
			one.Errors = append(one.Errors, detail(from(ctx).lang, f))
		}
		it.Rows = append(it.Rows, one)
	}
	it.Links.to("collection", http.MethodGet, d.at("counties", tx.Tenant, "agreements"))
	if it.Agreement.Valid {
		it.Links.to("item", http.MethodGet, d.instrument(tx, there))
	}
	return it
}

// fromYAML lets a request's body in YAML be one in JSON.
func fromYAML(r *http.Request) error {
	b, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, MaxBody))
	if err != nil {
		return cutOff(err)
	}
	f, err := agreement.ReadFile(b)
	if err != nil {
		return err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(f.JSON)), int64(len(f.JSON))
	r.Header.Set("Content-Type", "application/json")
	return nil
}
