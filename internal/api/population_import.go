package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/text"
)

// InPopulationImport names an import in the path.
type InPopulationImport struct {
	ID uuid.UUID `path:"import" doc:"The import's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// PopulationProblem is why a row of an import is no figure.
type PopulationProblem struct {
	Row    int    `json:"row" doc:"The row, as a spreadsheet counts; in JSON-stat which of the values. 0: all of it." example:"6"`
	Code   string `json:"code" doc:"What is wrong, by a stable name." example:"population.code_unknown"`
	Title  string `json:"title" doc:"What is wrong, in the caller's language." example:"There is no such municipality code"`
	Detail string `json:"detail" doc:"What to do about it." example:"“9999” is none of the 290 municipalities. Write four digits, as 0580."`
}

// PopulationImport is one taking in of figures, with what leads on.
type PopulationImport struct {
	ID          uuid.UUID           `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	State       string              `json:"state" enum:"fetching,preview,writing,done,failed,discarded" doc:"Its address is being fetched; it waits to be confirmed; it is being written; it is written; it came to nothing; it was thrown away unwritten." example:"preview"`
	Name        string              `json:"name,omitempty" doc:"What the file is called." example:"folkmangd.csv"`
	Address     string              `json:"address,omitempty" doc:"Where it was fetched from." example:"https://api.scb.se/folkmangd"`
	Source      string              `json:"source,omitempty" doc:"The source of figures that name none themselves." example:"SCB, Folkmängd i riket, län och kommuner"`
	FetchedAt   *time.Time          `json:"fetchedAt,omitempty" doc:"When it was read." example:"2026-11-25T11:00:00Z"`
	Read        int                 `json:"read" doc:"How many figures were looked at." example:"5"`
	New         int                 `json:"new" doc:"How many of them the register did not have." example:"2"`
	Revised     int                 `json:"revised" doc:"How many have another count than the register: each becomes a later revision." example:"1"`
	Unchanged   int                 `json:"unchanged" doc:"How many the register had as they are." example:"0"`
	Skipped     int                 `json:"skipped" doc:"How many were passed over: a county's, the nation's, without a value, or the same once more." example:"1"`
	Refused     int                 `json:"refused" doc:"How many are no figures." example:"1"`
	Problems    []PopulationProblem `json:"problems" nullable:"false" doc:"Why they are not, the first hundred of them; or why the import came to nothing."`
	Days        int                 `json:"days" doc:"How many reference days there are to write." example:"2"`
	DaysWritten int                 `json:"daysWritten" doc:"How many of them are written." example:"0"`
	CreatedAt   time.Time           `json:"createdAt" doc:"When it was asked for." example:"2026-11-25T11:00:00Z"`
	EndedAt     *time.Time          `json:"endedAt,omitempty" doc:"When it was written, or came to nothing." example:"2026-11-25T11:00:09Z"`
	Version     int64               `json:"version" doc:"Moves with each change; it is the ETag." example:"2"`
	Linked

	tag string
}

// ETag is the version as HTTP wants it.
func (i PopulationImport) ETag() string { return i.tag }

// PopulationImportList is a page of imports.
type PopulationImportList struct {
	Imports []PopulationImport `json:"imports" doc:"The imports, the latest first."`
	Paged
}

// PopulationDecision lets an import be written.
type PopulationDecision struct{ InPopulationImport }

func (d *Door) populationImports() {
	const all, one = "/national/population-imports", "/national/population-imports/{import}"
	list(d, Operator, all, "list-population-imports", func(ctx context.Context, tx *pg.Tx, in *Page) (l PopulationImportList, total int, err error) {
		is, total, err := population.Imports(ctx, tx, in.Limit, in.Page)
		for _, i := range is {
			l.Imports = append(l.Imports, d.intake(ctx, i))
		}
		return l, total, err
	})
	read(d, Operator, one, "get-population-import", func(ctx context.Context, tx *pg.Tx, in *InPopulationImport) (PopulationImport, error) {
		i, err := population.GetImport(ctx, tx, in.ID)
		return d.intake(ctx, i), err
	})
	d.decide(one+"/confirmation", "confirm-population-import", population.Confirm)
	d.decide(one+"/discarding", "discard-population-import", population.Discard)
	d.takePopulation(all)
}

// decide registers what becomes of an import that has been looked at.
func (d *Door) decide(path, id string, f func(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (population.Import, error)) {
	rt := route{method: http.MethodPost, path: path, id: id, access: Operator, status: http.StatusOK, ifMatch: true, key: true}
	register(d, rt, reflect.TypeFor[PopulationImport](), func(ctx context.Context, in *PopulationDecision) (answer, error) {
		version, err := ifMatch(from(ctx).r)
		if err != nil {
			return answer{}, err
		}
		return once(ctx, d, in, func(tx *pg.Tx) (answer, error) {
			i, err := f(ctx, tx, in.ID, version)
			if err != nil {
				if f, ok := errors.AsType[*fault.Fault](err); ok && f.Kind == fault.Stale {
					f.Current = d.intake(ctx, i)
				}
				return answer{}, err
			}
			return answered(http.StatusOK, d.intake(ctx, i))
		})
	})
}

// intake adds to an import what leads on, and what can be done with it now.
func (d *Door) intake(ctx context.Context, i population.Import) PopulationImport {
	lang := from(ctx).lang
	it := PopulationImport{ID: i.ID, State: i.State, Name: i.Name, Address: i.Address, Source: i.Source, FetchedAt: i.FetchedAt, Read: i.Read, New: i.New, Revised: i.Revised,
		Unchanged: i.Unchanged, Skipped: i.Skipped, Refused: i.Refused, Problems: []PopulationProblem{}, Days: i.Days, DaysWritten: i.DaysWritten,
		CreatedAt: i.CreatedAt, EndedAt: i.EndedAt, Version: i.Version, Linked: Linked{Links{}}, tag: i.ETag()}
	for _, p := range i.Problems {
		f := &fault.Fault{Kind: fault.Invalid, Key: p.Key, Args: p.Args}
		it.Problems = append(it.Problems, PopulationProblem{Row: p.Row, Code: p.Key, Title: message(lang, f), Detail: advice(lang, f, http.StatusUnprocessableEntity)})
	}
	all := d.at("national", "population-imports")
	it.Links.to("self", http.MethodGet, all+"/"+i.ID.String())
	it.Links.to("collection", http.MethodGet, all)
	if i.Ready() {
		it.Links.to("confirmation", http.MethodPost, all+"/"+i.ID.String()+"/confirmation")
	}
	if i.State == population.Preview {
		it.Links.to("discarding", http.MethodPost, all+"/"+i.ID.String()+"/discarding")
	}
	return it
}

// takePopulation registers the POST that takes a file, or JSON that says where
// one lies.
func (d *Door) takePopulation(path string) {
	rt := route{method: http.MethodPost, path: path, id: "create-population-import", access: Operator, status: http.StatusCreated, key: true, upload: true}
	op := d.describe(rt, reflect.TypeFor[PopulationImport]())
	js, form := &huma.MediaType{}, &huma.MediaType{}
	// The library would read a body whose schema it knows, whole and into memory.
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": js, formType: form}}
	expose(d, rt, op, func(ctx context.Context, _ *struct{}) (http.HandlerFunc, error) {
		return func(w http.ResponseWriter, r *http.Request) {
			a, err := d.takenIn(ctx, w, r, js.Schema)
			if err != nil {
				d.Refuse(w, r, err)
				return
			}
			a.write(w, r, rt)
		}, nil
	})
	js.Schema = d.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[population.Order](), true, rt.id)
	form.Schema = &huma.Schema{Type: huma.TypeObject, Required: []string{"file"}, AdditionalProperties: false, Properties: map[string]*huma.Schema{
		"file":   {Type: huma.TypeString, Format: "binary", Description: text.English.T("api.text.population_file"), Extensions: map[string]any{"example": "kommunkod;…"}},
		"source": {Type: huma.TypeString, Description: text.English.T("api.text.population_source"), MaxLength: new(300), Extensions: map[string]any{"example": "SCB"}}}}
	form.Encoding = map[string]*huma.Encoding{"file": {ContentType: bytesType}}
}

func (d *Door) takenIn(ctx context.Context, w http.ResponseWriter, r *http.Request, schema *huma.Schema) (a answer, err error) {
	// Whoever may take nothing in is told before anything is read.
	if err := d.work(ctx, Operator, pg.Read, func(tx *pg.Tx) error { return tx.Require(auth.PopulationChange) }); err != nil {
		return a, err
	}
	// A file stands for itself by its checksum.
	type request struct {
		Order population.Order
		Name  string
		Sum   [sha256.Size]byte
	}
	var asked request
	take := func(tx *pg.Tx) (population.Import, error) {
		return population.Ask(ctx, tx, asked.Order, d.conf.PopulationHosts)
	}
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == formType {
		f, err := populationFile(w, r)
		if err != nil {
			return a, err
		}
		asked = request{Order: population.Order{Source: f.Source}, Name: f.Name, Sum: sha256.Sum256(f.Raw)}
		take = func(tx *pg.Tx) (population.Import, error) { return population.Receive(ctx, tx, f) }
	} else {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
		if err != nil {
			return a, cutOff(err)
		}
		if asked.Order, err = shaped[population.Order](d, schema, body); err != nil {
			return a, err
		}
	}
	return once(ctx, d, &asked, func(tx *pg.Tx) (answer, error) {
		i, err := take(tx)
		if err != nil {
			return answer{}, err
		}
		it := d.intake(ctx, i)
		a, err := answered(http.StatusCreated, it)
		a.Location = it.Self()
		return a, err
	})
}

// populationFile reads a form with a file of figures.
func populationFile(w http.ResponseWriter, r *http.Request) (f population.File, err error) {
	files.Receive(w, r, population.MaxBytes)
	if err := r.ParseMultipartForm(8 << 20); err != nil {
		return f, cutOff(err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	for name := range r.MultipartForm.File {
		if name != "file" {
			return f, fault.Bad("population.part_unknown", "/"+escape(shown(name)))
		}
	}
	for name := range r.MultipartForm.Value {
		if name != "source" {
			return f, fault.Bad("population.part_unknown", "/"+escape(shown(name)))
		}
	}
	if len(r.MultipartForm.File["file"]) != 1 {
		return f, fault.Bad("population.nothing", "/file")
	}
	f.Source = r.FormValue("source")
	if len([]rune(f.Source)) > 300 || !text.Plain(f.Source) {
		return f, fault.Bad("shape.max_length", "/source").With("limit", 300)
	}
	head := r.MultipartForm.File["file"][0]
	part, err := head.Open()
	if err != nil {
		return f, err
	}
	defer func() { _ = part.Close() }()
	f.Name = head.Filename
	if f.Raw, err = io.ReadAll(io.LimitReader(part, population.MaxBytes+1)); err == nil && len(f.Raw) > population.MaxBytes {
		err = fault.New(fault.TooLarge, "population.too_large").With("limit", population.MaxBytes>>20).At("/file")
	}
	return f, err
}
