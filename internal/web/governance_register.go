package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/csv"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	tables "github.com/overens/overens/internal/sheet" // a sheet is a form here
	"github.com/overens/overens/internal/text"
)

// The page that takes in the register of mandates from a spreadsheet: what would
// become of each row is shown before anything is kept.

// registerLimits are how large a register may be that is handed in.
var registerLimits = tables.Limits{Bytes: 5 << 20, Unpacked: 64 << 20, Rows: governance.RegisterLimit, Columns: 50}

// registering is the page: looked at, then kept.
type registering struct{ door *Door }

// roll is a register on its way in.
type roll struct {
	Key     string
	Text    string // its rows as they can be mended here
	Entries *governance.Entries
	Faults  []rowFault
}

// rowFault is one thing that is wrong: with a row's cell, or with the file.
type rowFault struct {
	Row         int // 0: the whole file
	Column      string
	Who         string
	Why, Detail string
}

func (p registering) show(w http.ResponseWriter, r *http.Request) {
	p.door.page(members, func(_ context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return registerPage(v, roll{Key: rand.Text()}), tx.Require(auth.GovernanceRead)
	})(w, r)
}

func (p registering) send(w http.ResponseWriter, r *http.Request) {
	v := p.door.visit(w, r)
	ctx := r.Context()
	var err error
	if v.Actor, err = p.door.actor(ctx, v); err != nil {
		p.door.refuse(w, v, err)
		return
	}
	// Whoever may not take anything in learns so before the file is read.
	if _, err := p.door.ask(ctx, v, members, func(_ context.Context, tx *pg.Tx, _ *visit) (templ.Component, error) {
		return nil, tx.Require(auth.GovernanceChange)
	}); err != nil {
		p.door.refuse(w, v, err)
		return
	}
	typed, file, err := rollSent(w, r)
	if err != nil {
		p.door.refuse(w, v, err)
		return
	}
	a := roll{Key: typed.Get("key"), Text: typed.Get("text")}
	entries, wrong := a.read(file)
	if wrong == nil && typed.Get("do") == "import" {
		typed.Set("text", a.Text) // also of a file that was chosen anew
		var answer pg.Answer
		answer, wrong = p.door.once(ctx, v.Actor, pg.Once{Key: a.Key, Request: asked(r, typed)}, func(tx *pg.Tx) (pg.Answer, error) {
			v.met(tx, members)
			es, err := governance.Enter(ctx, tx, entries)
			if err == nil {
				err = es.Err()
			}
			if err == nil {
				err = meeting.Reseat(ctx, tx)
			}
			done := "register_entered"
			if es.Count(governance.RowSame) == len(es.Rows) {
				done = "register_same"
			}
			return pg.Answer{Status: http.StatusSeeOther, Location: string(v.To("/bodies?done=", done))}, err
		})
		if wrong == nil {
			http.Redirect(w, r, answer.Location, answer.Status)
			return
		}
	}
	p.again(w, v, a, entries, wrong)
}

// again shows what would become of each row, or what is wrong with the file.
func (p registering) again(w http.ResponseWriter, v *visit, a roll, entries []governance.Entry, wrong error) {
	if wrong == nil || fault.Is(wrong, "idempotency.other_request") || mended(wrong) {
		a.Key = rand.Text()
	}
	if wrong != nil && !mended(wrong) {
		p.door.refuse(w, v, wrong)
		return
	}
	if len(entries) > 0 {
		err := p.door.DB.Rehearse(v.r.Context(), v.Actor, func(tx *pg.Tx) error {
			v.met(tx, members)
			es, err := governance.Enter(v.r.Context(), tx, entries)
			a.Entries = &es
			return err
		})
		if err != nil {
			p.door.refuse(w, v, err)
			return
		}
		a.Faults = v.rowFaults(*a.Entries)
	}
	if len(entries) == 0 && wrong != nil {
		for _, f := range fault.All(wrong) {
			a.Faults = append(a.Faults, rowFault{Why: v.say(f), Detail: v.detail(f.Key, f.Args)})
		}
	}
	if len(a.Faults) > 0 {
		v.status = http.StatusUnprocessableEntity
	}
	c, err := p.door.ask(v.r.Context(), v, members, func(_ context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return registerPage(v, a), tx.Require(auth.GovernanceChange)
	})
	if err != nil {
		p.door.refuse(w, v, err)
		return
	}
	p.door.render(w, v, c)
}

// rollSent reads the form: its fields, and the file as it came.
func rollSent(w http.ResponseWriter, r *http.Request) (typed url.Values, file []byte, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "multipart/form-data" {
		return nil, nil, errMediaType
	}
	r.Body = http.MaxBytesReader(w, r.Body, 2*registerLimits.Bytes+64<<10) // the file, its rows as text, and what stands around them
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, errMalformed
	}
	typed = url.Values{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return typed, file, nil
		}
		if err != nil {
			return nil, nil, unread(err)
		}
		b, err := io.ReadAll(io.LimitReader(part, registerLimits.Bytes+1))
		if err != nil {
			return nil, nil, unread(err)
		}
		if int64(len(b)) > registerLimits.Bytes {
			return nil, nil, errTooLarge
		}
		switch name := part.FormName(); name {
		case "file":
			file = b
		case "key", "do", "text":
			typed.Set(name, strings.ReplaceAll(string(b), "\r\n", "\n"))
		}
	}
}

// read makes entries of the file that was chosen, or else of the rows that were
// shown before, and lets the rows be mended.
func (a *roll) read(file []byte) ([]governance.Entry, error) {
	raw := file
	if len(raw) == 0 {
		raw = []byte(a.Text)
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil, fault.Bad("register.nothing", "")
	}
	table, err := tables.Read(bytes.NewReader(raw), registerLimits)
	if err != nil {
		return nil, tables.Refusal("register", governance.RegisterLimit, err).At("")
	}
	lines := make([]governance.TableRow, len(table.Rows))
	for i, row := range table.Rows {
		lines[i] = governance.TableRow(row)
	}
	a.Text = rowsAsText(table)
	return governance.ReadRegister(table.Header, lines)
}

// rowsAsText writes a table as semicolons part it, each row on the line by whose
// number it is known.
func rowsAsText(table tables.Table) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = ';'
	at := 1
	line := func(number int, cells []string) {
		for ; at < number; at++ {
			w.Flush()
			b.WriteString("\n")
		}
		plain := make([]string, len(cells))
		for i, c := range cells {
			plain[i] = text.Line(c)
		}
		_ = w.Write(plain) // a builder takes everything
		at++
	}
	line(1, table.Header)
	for _, r := range table.Rows {
		line(r.Number, r.Cells)
	}
	w.Flush()
	return b.String()
}

// rowFaults are what is wrong with rows, each beside its column.
func (v *visit) rowFaults(es governance.Entries) []rowFault {
	var all []rowFault
	for _, e := range es.Rows {
		for _, f := range e.Faults {
			r := rowFault{Row: e.Row, Who: e.Name, Why: v.say(f), Detail: v.detail(f.Key, f.Args)}
			if column := strings.TrimPrefix(f.Field, "/"); slices.Contains(governance.RegisterColumns, column) {
				r.Column = v.Of("register.column.", column)
			}
			all = append(all, r)
		}
	}
	slices.SortStableFunc(all, func(x, y rowFault) int { return x.Row - y.Row })
	return all
}

// outcomes are what can become of a row, in the order in which they are told.
var outcomes = []string{governance.RowCreated, governance.RowChanged, governance.RowEnded, governance.RowSame, governance.RowRefused}

// outcomeClass is the shape of what became of a row.
func outcomeClass(outcome string) string {
	return map[string]string{governance.RowCreated: "on", governance.RowChanged: "half", governance.RowEnded: "closed", governance.RowSame: "none", governance.RowRefused: "late"}[outcome]
}

// moved are the rows of which something would become.
func (a roll) moved() []governance.Entered {
	return slices.DeleteFunc(slices.Clone(a.Entries.Rows), func(e governance.Entered) bool {
		return e.Outcome == governance.RowSame || e.Outcome == governance.RowRefused
	})
}

// ready tells whether it can be taken in.
func (a roll) ready() bool {
	return a.Entries != nil && len(a.Faults) == 0 && len(a.moved()) > 0
}

// lead says what has been found.
func (a roll) lead(v *visit) string {
	switch {
	case len(a.Faults) > 0:
		return v.T("register.page.lead_wrong")
	case a.Entries == nil:
		return v.T("register.page.lead")
	case !a.ready():
		return v.T("register.page.lead_same")
	}
	return v.T("register.page.lead_ready", "count", len(a.moved()))
}

// registerFile is where the register is fetched as a file.
func (v *visit) registerFile(format string) templ.SafeURL {
	return v.fetched(roadRegister, "", "format="+format)
}
