package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	tables "github.com/overens/overens/internal/sheet" // a sheet is a form here
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

func (p registering) show(w http.ResponseWriter, r *http.Request) {
	p.door.page(members, func(_ context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return registerPage(v, roll{Key: rand.Text()}), tx.Require(auth.GovernanceRead)
	})(w, r)
}

func (p registering) send(w http.ResponseWriter, r *http.Request) {
	v, ok := p.door.admitted(w, r, members, needs(auth.GovernanceChange))
	if !ok {
		return
	}
	typed, file, err := handedIn(w, r, registerLimits.Bytes)
	if err != nil {
		p.door.refuse(w, v, err)
		return
	}
	a := roll{Key: typed.Get("key"), Text: typed.Get("text")}
	entries, wrong := a.read(file)
	if wrong == nil && typed.Get("do") == "import" {
		typed.Set("text", a.Text) // also of a file that was chosen anew
		wrong = p.door.once(w, v, members, pg.Once{Key: a.Key, Request: asked(r, typed)}, func(tx *pg.Tx) (string, error) {
			es, err := governance.Enter(r.Context(), tx, entries)
			if err == nil {
				err = es.Err()
			}
			if err == nil {
				err = meeting.Reseat(r.Context(), tx)
			}
			done := "register_entered"
			if es.Count(governance.RowSame) == len(es.Rows) {
				done = "register_same"
			}
			return string(v.To("/bodies?done=", done)), err
		})
		if wrong == nil {
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
	} else {
		a.Faults = v.fileFaults(wrong)
	}
	if len(a.Faults) > 0 {
		v.status = http.StatusUnprocessableEntity
	}
	p.door.answer(w, v, members, func(_ context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		return registerPage(v, a), tx.Require(auth.GovernanceChange)
	})
}

// read makes entries of the file that was chosen, or else of the rows that were
// shown before, and lets the rows be mended.
func (a *roll) read(file []byte) ([]governance.Entry, error) {
	raw := file
	if len(raw) == 0 {
		raw = []byte(a.Text)
	}
	table, err := tableOf(raw, "register", registerLimits)
	if err != nil {
		return nil, err
	}
	lines := make([]governance.TableRow, len(table.Rows))
	for i, row := range table.Rows {
		lines[i] = governance.TableRow(row)
	}
	a.Text = rowsAsText(table)
	return governance.ReadRegister(table.Header, lines)
}

// rowFaults are what is wrong with rows, each beside its column.
func (v *visit) rowFaults(es governance.Entries) []rowFault {
	var all []rowFault
	for _, e := range es.Rows {
		all = append(all, v.cellFaults("register", governance.RegisterColumns, e.Row, e.Name, e.Faults)...)
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
