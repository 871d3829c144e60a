package web

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// The page that takes in an agreement as another installation has exported it:
// what would become of the file is shown before anything is kept.

// arrival is a file on its way in.
type arrival struct {
	Key    string
	Text   string // what the file holds, or what was pasted
	Faults []misfit
	Report *agreement.Report // what would become of it; nil before it has been looked at
	There  uuid.UUID         // the agreement that is here already
}

// misfit is one thing that is wrong, beside what stands in the file.
type misfit struct {
	Line        int
	Says        string // the file's line
	Pointer     string
	Why, Detail string
}

// importing is the page: looked at, then kept.
type importing struct{ door *Door }

func (p importing) show(w http.ResponseWriter, r *http.Request) {
	p.door.page(members, func(_ context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return importPage(v, arrival{Key: rand.Text()}), tx.Require(auth.AgreementChange)
	})(w, r)
}

func (p importing) send(w http.ResponseWriter, r *http.Request) {
	v, ok := p.door.admitted(w, r, members, needs(auth.AgreementChange))
	if !ok {
		return
	}
	typed, err := arrived(w, r)
	if err != nil {
		p.door.refuse(w, v, err)
		return
	}
	a := arrival{Key: typed.Get("key"), Text: typed.Get("text")}
	doc, file, wrong := read(a.Text)
	if wrong == nil && typed.Get("do") == "import" {
		wrong = p.door.once(w, v, members, pg.Once{Key: a.Key, Request: asked(r, typed)}, func(tx *pg.Tx) (string, error) {
			report, err := agreement.CarryIn(r.Context(), tx, doc)
			if err == nil {
				err = report.Err()
			}
			done := "agreement_imported"
			if report.Count(agreement.RowCreated) == 0 {
				done = "agreement_same"
			}
			return string(agreementAt(v, report.Instrument, "?done=", done)), err
		})
		if wrong == nil {
			return
		}
	}
	p.again(w, v, a, doc, file, wrong)
}

// again shows what would become of the file, or what is wrong with it.
func (p importing) again(w http.ResponseWriter, v *visit, a arrival, doc agreement.Document, file agreement.File, wrong error) {
	if wrong == nil || fault.Is(wrong, "idempotency.other_request") || mended(wrong) {
		a.Key = rand.Text()
	}
	if wrong == nil {
		var r agreement.Report
		wrong = p.door.DB.Rehearse(v.r.Context(), v.Actor, func(tx *pg.Tx) (err error) {
			v.met(tx, members)
			r, err = agreement.CarryIn(v.r.Context(), tx, doc)
			return err
		})
		if wrong == nil {
			a.Report, wrong = &r, r.Err()
			if slices.ContainsFunc(r.Rows, func(row agreement.Row) bool {
				return row.Pointer == "/instrument" && row.Outcome == agreement.RowMatched
			}) {
				a.There = r.Instrument
			}
		}
	}
	if wrong != nil {
		if !mended(wrong) {
			p.door.refuse(w, v, wrong)
			return
		}
		v.status = http.StatusUnprocessableEntity
		a.Faults = v.misfits(a.Text, file, fault.All(wrong))
	}
	p.door.answer(w, v, members, func(_ context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return importPage(v, a), tx.Require(auth.AgreementChange)
	})
}

// read makes a document of what a file holds. What it links to is of no meaning here.
func read(s string) (doc agreement.Document, file agreement.File, err error) {
	if strings.TrimSpace(s) == "" {
		return doc, file, fault.Bad("agreement_import.nothing", "")
	}
	if !text.Plain(strings.NewReplacer("\n", "", "\t", "").Replace(s)) {
		return doc, file, fault.Bad("shape.control", "")
	}
	if file, err = agreement.ReadFile([]byte(s)); err != nil {
		return doc, file, err
	}
	var v any
	if err := json.Unmarshal(file.JSON, &v); err != nil {
		return doc, file, fault.New(fault.BadRequest, "shape.yaml").Because(err)
	}
	if object, ok := v.(map[string]any); ok {
		delete(object, "_links")
	}
	var wrong fault.List
	if fits(v, reflect.TypeFor[agreement.Document](), "", "", &wrong); len(wrong) > 0 {
		return doc, file, wrong.Err()
	}
	return doc, file, json.Unmarshal(file.JSON, &doc)
}

// misfits are what is wrong, each beside the line of the file that it is about,
// first line first.
func (v *visit) misfits(s string, file agreement.File, faults []*fault.Fault) []misfit {
	lines := strings.Split(s, "\n")
	ms := make([]misfit, 0, len(faults))
	for _, f := range faults {
		m := misfit{Pointer: f.Field, Why: v.say(f), Detail: v.detail(f.Key, f.Args)}
		if f.Field != "" {
			m.Line = file.Line(f.Field)
			if m.Line >= 1 && m.Line <= len(lines) {
				m.Says = shortened(strings.TrimSpace(lines[m.Line-1]))
			}
		}
		ms = append(ms, m)
	}
	slices.SortStableFunc(ms, func(a, b misfit) int { return a.Line - b.Line })
	return ms
}

// shortened is as much of a line as a table bears: JSON may be one line.
func shortened(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

// tally is what would become of one part of the file.
type tally struct {
	Part                             string
	Created, Matched, LeftOut, Wrong int
}

// tallies are what would become of each part, in the order they are done.
func (a arrival) tallies() []tally {
	var ts []tally
	for _, row := range a.Report.Rows {
		i := slices.IndexFunc(ts, func(t tally) bool { return t.Part == row.Kind })
		if i < 0 {
			i = len(ts)
			ts = append(ts, tally{Part: row.Kind})
		}
		switch t := &ts[i]; row.Outcome {
		case agreement.RowCreated:
			t.Created++
		case agreement.RowMatched:
			t.Matched++
		case agreement.RowLeftOut:
			t.LeftOut++
		default:
			t.Wrong++
		}
	}
	return ts
}

// made are the parts that would be made.
func (a arrival) made() []agreement.Row {
	return slices.DeleteFunc(slices.Clone(a.Report.Rows), func(r agreement.Row) bool { return r.Outcome != agreement.RowCreated })
}

// ready tells whether it can be taken in.
func (a arrival) ready() bool {
	return a.Report != nil && len(a.Faults) == 0 && a.Report.Count(agreement.RowCreated) > 0
}

// lead says what has been found.
func (a arrival) lead(v *visit) string {
	switch {
	case a.Report == nil:
		return v.T("agreement_import.lead")
	case len(a.Faults) > 0:
		return v.T("agreement_import.lead_wrong")
	case !a.ready():
		return v.T("agreement_import.lead_same")
	}
	return v.T("agreement_import.lead_ready", "count", a.Report.Count(agreement.RowCreated), "n", Number(v.Lang, int64(a.Report.Count(agreement.RowCreated))))
}

// partName is what a part of the file is called: an event by what happened.
func (v *visit) partName(r agreement.Row) string {
	switch {
	case r.Kind == "events":
		return v.Of("agreement.moment.event.", r.Name)
	case r.Kind == "validities":
		return v.Of("agreement.validity.", r.Name)
	case r.Kind == "counts" && r.Name != "":
		return v.levelWord(r.Name).Many
	}
	return titled(r.Name)
}
