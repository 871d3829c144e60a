package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
)

// intake is the page that takes in figures of population, from a file or an
// address, and lists what has been taken in.
type intake struct{ door *Door }

// intakeSeen is the page as it is drawn.
type intakeSeen struct {
	Key, Address, Source string
	Faults               []rowFault
	Rows                 []population.Import
	paging
}

func (p intake) show(w http.ResponseWriter, r *http.Request) {
	p.door.page(members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return p.draw(ctx, tx, v, intakeSeen{Key: rand.Text()})
	})(w, r)
}

func (p intake) draw(ctx context.Context, tx *pg.Tx, v *visit, s intakeSeen) (_ templ.Component, err error) {
	s.Page = v.pageAsked()
	if s.Rows, s.Total, err = population.Imports(ctx, tx, perPage, s.Page); err != nil {
		return nil, err
	}
	return intakePage(v, s, strings.Join(p.door.PopulationHosts, ", ")), nil
}

func (p intake) send(w http.ResponseWriter, r *http.Request) {
	v, ok := p.door.admitted(w, r, members, needs(auth.PopulationChange))
	if !ok {
		return
	}
	typed, f, err := populationSent(w, r)
	if err != nil {
		p.door.refuse(w, v, err)
		return
	}
	s := intakeSeen{Key: typed.Get("key"), Address: strings.TrimSpace(typed.Get("address")), Source: strings.TrimSpace(typed.Get("source"))}
	wrong := p.take(w, v, s, f)
	if wrong == nil {
		return
	}
	if !mended(wrong) {
		p.door.refuse(w, v, wrong)
		return
	}
	s.Key = rand.Text()
	s.Faults = v.fileFaults(wrong)
	v.status = http.StatusUnprocessableEntity
	p.door.answer(w, v, members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return p.draw(ctx, tx, v, s)
	})
}

// take makes the import, once for each form that was shown.
func (p intake) take(w http.ResponseWriter, v *visit, s intakeSeen, f population.File) error {
	switch {
	case f.Name == "" && s.Address == "":
		return fault.Bad("population.nothing", "/file")
	case f.Name != "" && s.Address != "":
		return fault.Bad("population.both", "/file")
	}
	f.Source = s.Source
	sum := sha256.Sum256(f.Raw) // a file stands for itself by its checksum
	request := asked(v.r, url.Values{"address": {s.Address}, "source": {s.Source}, "name": {f.Name}, "file": {hex.EncodeToString(sum[:])}})
	return p.door.once(w, v, members, pg.Once{Key: s.Key, Request: request}, func(tx *pg.Tx) (string, error) {
		var i population.Import
		var err error
		if f.Name != "" {
			i, err = population.Receive(v.r.Context(), tx, f)
		} else {
			i, err = population.Ask(v.r.Context(), tx, population.Order{Address: s.Address, Source: s.Source}, p.door.PopulationHosts)
		}
		return importAt(i.ID), err
	})
}

func importAt(id uuid.UUID) string { return populationImports + "/" + id.String() }

// populationSent reads the form; a file that was not chosen has no name.
func populationSent(w http.ResponseWriter, r *http.Request) (typed url.Values, f population.File, err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return nil, f, errMediaType
	}
	files.Receive(w, r, population.MaxBytes)
	if err := r.ParseMultipartForm(8 << 20); err != nil {
		return nil, f, unread(err)
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	typed = url.Values(r.MultipartForm.Value)
	sent := r.MultipartForm.File["file"]
	if len(sent) == 0 || sent[0].Filename == "" {
		return typed, f, nil
	}
	part, err := sent[0].Open()
	if err != nil {
		return nil, f, err
	}
	defer func() { _ = part.Close() }()
	f.Name = sent[0].Filename
	if f.Raw, err = io.ReadAll(io.LimitReader(part, population.MaxBytes+1)); err == nil && len(f.Raw) > population.MaxBytes {
		err = errTooLarge
	}
	return typed, f, err
}

// importPage is one import: what would become of it, how far it has come, or what
// it was. While a job is at it the browser asks again by itself, by a header that
// needs no script.
func (d *Door) importPage(w http.ResponseWriter, r *http.Request) {
	d.page(members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		id, err := id(v.r, "id")
		if err != nil {
			return nil, err
		}
		i, err := population.GetImport(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		if i.Works() {
			w.Header().Set("Refresh", "3")
		}
		return importedPage(v, i), nil
	})(w, r)
}

// importDecided is a button that says what becomes of an import that has been
// looked at.
func importDecided(f func(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64) (population.Import, error)) func(context.Context, *pg.Tx, *visit, int64) (string, error) {
	return func(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
		id, err := id(v.r, "id")
		if err != nil {
			return "", err
		}
		i, err := f(ctx, tx, id, version)
		return importAt(i.ID), err
	}
}

// importClass is the shape of an import's state.
func importClass(i population.Import) string {
	return map[string]string{population.Fetching: "half", population.Preview: "waits", population.Writing: "half", population.Done: "on", population.Failed: "late", population.Discarded: "closed"}[i.State]
}

func (v *visit) importLead(i population.Import) string {
	switch {
	case i.State == population.Preview && !i.Ready():
		return v.T("population.import.lead.nothing")
	case i.State == population.Writing:
		return v.T("population.import.lead.writing", "done", i.DaysWritten, "days", i.Days)
	}
	return v.Of("population.import.lead.", i.State)
}

// importProblem is one problem in words.
func (v *visit) importProblem(p population.Problem) (why, detail string) {
	f := &fault.Fault{Kind: fault.Invalid, Key: p.Key, Args: p.Args}
	return v.say(f), v.detail(f.Key, f.Args)
}

// field is the form's field that a fault is about.
func (s intakeSeen) field(f rowFault) string {
	switch f.Column {
	case "address", "source":
		return f.Column
	}
	return "file"
}

func (v *visit) importSumHeading(i population.Import) string {
	if i.State == population.Done {
		return v.T("population.import.sum_done")
	}
	return v.T("population.import.sum")
}

// importParts are what the figures that were read came to; they add up to what
// was read.
func (v *visit) importParts(i population.Import) []option {
	return []option{
		{Number(v.Lang, int64(i.New)), v.T("population.import.new")},
		{Number(v.Lang, int64(i.Revised)), v.T("population.import.revised")},
		{Number(v.Lang, int64(i.Unchanged)), v.T("population.import.unchanged")},
		{Number(v.Lang, int64(i.Skipped)), v.T("population.import.skipped")},
		{Number(v.Lang, int64(i.Refused)), v.T("population.import.refused")},
	}
}

// hostOf is whose an address is.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}
