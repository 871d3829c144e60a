package agreement

import (
	"context"
	"reflect"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// What becomes of a part of a document that is carried in.
const (
	RowCreated = "created"  // it was not here
	RowMatched = "matched"  // it was here, just so
	RowLeftOut = "left-out" // it names something of another instrument that is not here
	RowRefused = "refused"  // it cannot be here
)

// Row is what becomes of one part of a document.
type Row struct {
	Pointer string // where in the document, as a JSON pointer
	Kind    string // the part of the document it stands in
	Name    string // what it is called
	Outcome string
	Faults  fault.List // why it was refused, by pointers into the document
}

// Report is what became of a document.
type Report struct {
	Instrument uuid.UUID // zero where the instrument itself was refused
	Rows       []Row
}

// Count is how many parts had an outcome.
func (r Report) Count(outcome string) int {
	n := 0
	for _, row := range r.Rows {
		if row.Outcome == outcome {
			n++
		}
	}
	return n
}

// Err is everything that was refused, nil when nothing was.
func (r Report) Err() error {
	var wrong fault.List
	for _, row := range r.Rows {
		wrong = append(wrong, row.Faults...)
	}
	return wrong.Err()
}

// CarryIn writes what a document holds and is not here yet. It adds, and
// changes nothing that is here: a part that is here just so is matched, one
// that is here and says something else is refused. So the same document twice
// changes nothing. Organisations are matched by number, official code or key,
// and made where none matches.
//
// Whoever keeps the work asks the report for Err first; whoever only wants to
// see what would become of the document rehearses.
func CarryIn(ctx context.Context, tx *pg.Tx, d Document) (Report, error) {
	if err := tx.Require(auth.AgreementChange); err != nil {
		return Report{}, err
	}
	d = trimmed(d)
	if d.Format != Format {
		return Report{}, fault.Bad("agreement_import.format", "/format").With("format", Format)
	}
	m := &carrier{ctx: ctx, tx: tx, q: agreementdb.New(tx), doc: d, orgs: map[string]organisation.Organisation{}}
	if err := m.organisations(); err != nil {
		return m.report, err
	}
	if err := m.instrument(); err != nil || m.have == nil {
		return m.report, err
	}
	for _, part := range []func() error{m.predecessors, m.validities, m.leads, m.events, m.texts, m.adoptions, m.participations, m.counts,
		m.goals, m.links, m.networks, m.locals} {
		if err := part(); err != nil {
			return m.report, err
		}
	}
	return m.report, nil
}

// carrier carries one document in.
type carrier struct {
	ctx    context.Context
	tx     *pg.Tx
	q      *agreementdb.Queries
	doc    Document
	orgs   map[string]organisation.Organisation // by the document's keys
	i      Instrument
	have   *whole // what was here before
	report Report
}

// row does one part of the document. What it is refused for undoes that part
// alone, so that all that is wrong is told at once.
func (m *carrier) row(pointer, kind, name string, f func() (string, error)) error {
	row := Row{Pointer: pointer, Kind: kind, Name: name}
	err := m.tx.Savepoint(m.ctx, func() (err error) {
		row.Outcome, err = f()
		return err
	})
	if err != nil {
		faults := fault.All(err)
		if len(faults) == 0 {
			return err
		}
		for _, one := range faults {
			switch one.Kind {
			case fault.Invalid, fault.Conflict, fault.NotFound:
				row.Faults = append(row.Faults, &fault.Fault{Kind: fault.Invalid, Key: one.Key, Field: pointer + one.Field, Args: one.Args})
			default:
				return err
			}
		}
		row.Outcome = RowRefused
	}
	m.report.Rows = append(m.report.Rows, row)
	return nil
}

func place(parts ...any) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteByte('/')
		switch p := p.(type) {
		case int:
			b.WriteString(strconv.Itoa(p))
		case string:
			b.WriteString(p)
		}
	}
	return b.String()
}

func differs(name string) error {
	return fault.New(fault.Conflict, "agreement_import.differs").With("name", name)
}

// trimmed gives a document without spaces around its words, as everything is
// kept: otherwise what has just been written would not be known again.
func trimmed(d Document) Document {
	var trim func(reflect.Value)
	trim = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			if v.CanSet() {
				v.SetString(strings.TrimSpace(v.String()))
			}
		case reflect.Slice:
			if v.Len() == 0 {
				return
			}
			c := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(c, v)
			v.Set(c)
			for i := range c.Len() {
				trim(c.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() && v.Type() != reflect.TypeFor[When]() {
					trim(v.Field(i))
				}
			}
		}
	}
	trim(reflect.ValueOf(&d).Elem())
	return d
}
