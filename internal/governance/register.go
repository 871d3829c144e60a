package governance

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// The register is all mandates as a table: what many keep in a spreadsheet. It
// goes out and comes in by the same columns, named in either language. A last
// day is written as people say it: the mandate holds that day too.

// RegisterColumns are the register's columns, in order; their words are
// register.column.<key>.
var RegisterColumns = []string{"body", "place", "role", "rank", "organisation", "name", "email", "title", "from", "to", "appointedBy", "reference"}

// demanded are the columns that a register cannot be read without.
var demanded = []string{"body", "place", "role", "name", "from"}

// RegisterLimit is how many rows are read at a time.
const RegisterLimit = 2000

// TableRow is one row of a table: its number as a spreadsheet counts, and its cells.
type TableRow struct {
	Number int
	Cells  []string
}

// Entry is one row of the register, as it was written.
type Entry struct {
	Number int // of the row, as a spreadsheet counts
	cells  map[string]string
}

// Cell is what stands in a column.
func (e Entry) Cell(column string) string { return e.cells[column] }

// ReadRegister takes a table's headings and rows for entries of the register.
func ReadRegister(header []string, lines []TableRow) ([]Entry, error) {
	var wrong fault.List
	place := map[string]int{}
	for i, heading := range header {
		column := columnOf(heading)
		switch _, twice := place[column]; {
		case heading == "":
		case column == "":
			wrong.Add(fault.Bad("register.column_unknown", "/file").With("column", heading, "columns", titles(text.Swedish, RegisterColumns)))
		case twice:
			wrong.Add(fault.Bad("register.column_twice", "/file").With("column", heading))
		default:
			place[column] = i
		}
	}
	missing := slices.DeleteFunc(slices.Clone(demanded), func(column string) bool { _, there := place[column]; return there })
	if len(missing) > 0 {
		wrong.Add(fault.Bad("register.columns_missing", "/file").With("columns", titles(text.Swedish, missing)))
	}
	switch {
	case len(lines) == 0:
		wrong.Add(fault.Bad("register.empty", "/file"))
	case len(lines) > RegisterLimit:
		wrong.Add(fault.Bad("register.too_many", "/file").With("limit", RegisterLimit))
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	entries := make([]Entry, len(lines))
	for n, l := range lines {
		entries[n] = Entry{Number: l.Number, cells: map[string]string{}}
		for column, i := range place {
			if i < len(l.Cells) {
				entries[n].cells[column] = text.Line(l.Cells[i])
			}
		}
	}
	return entries, nil
}

// columnOf finds the column that a heading names, in any language or by key.
func columnOf(heading string) string {
	for _, column := range RegisterColumns {
		if strings.EqualFold(heading, column) {
			return column
		}
		for _, l := range text.Langs {
			if strings.EqualFold(heading, l.T("register.column."+column)) {
				return column
			}
		}
	}
	return ""
}

func titles(l text.Lang, columns []string) string {
	ts := make([]string, len(columns))
	for i, c := range columns {
		ts[i] = l.T("register.column." + c)
	}
	return strings.Join(ts, ", ")
}

// Register gives all mandates as rows, each with a value for every column.
func Register(ctx context.Context, tx *pg.Tx, l text.Lang) ([][]any, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return nil, err
	}
	if err := tx.Require(auth.PersonRead); err != nil {
		return nil, err
	}
	kept, err := governancedb.New(tx).Register(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([][]any, len(kept))
	for i, r := range kept {
		m := r.Mandate
		role, rank := "ordinary", any(nil)
		if m.Deputy {
			role, rank = "deputy", int(m.Rank)
		}
		rows[i] = []any{m.Body, m.Place, l.T("register.role." + role), rank, r.Organisation, r.Name, r.Email, r.Title, m.ValidFrom, m.ValidTo.Add(-1), m.AppointedBy, m.Reference}
	}
	return rows, nil
}

// item is an entry that has been read: what it says, and what is wrong with it.
type item struct {
	Nomination
	row                int // among the entries
	name, email, title string
	rank               int
	was                *Mandate // the mandate that it is about, where there is one
	wrong              fault.List
}

// read takes an entry for what it says.
func (e Entry) read(row int, organisations map[string]uuid.UUID) item {
	it := item{row: row, name: e.Cell("name"), email: strings.ToLower(e.Cell("email")), title: e.Cell("title"), Nomination: Nomination{Body: e.Cell("body"),
		Place: e.Cell("place"), AppointedBy: e.Cell("appointedBy"), Reference: e.Cell("reference")}}
	var known bool
	if it.Deputy, known = roleOf(e.Cell("role")); !known {
		it.wrong.Add(fault.Bad("register.role_unknown", "/role"))
	}
	if s := e.Cell("rank"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 99 {
			it.wrong.Add(fault.Bad("register.rank_wrong", "/rank"))
		}
		it.rank, it.Rank = n, n
	}
	if key := e.Cell("organisation"); key != "" {
		if it.Organisation, known = organisations[key]; !known {
			it.wrong.Add(fault.Bad("register.organisation_unknown", "/organisation").With("key", key))
		}
	}
	if it.name == "" {
		it.wrong.Add(fault.Bad("register.person_missing", "/name"))
	}
	it.From, it.To = it.day(e, "from"), it.day(e, "to").Add(1) // the last day is one of its days
	if it.From.IsZero() && !slices.ContainsFunc(it.wrong, func(f *fault.Fault) bool { return f.Field == "/from" }) {
		it.wrong.Add(fault.Bad("mandate.from_missing", "/from"))
	}
	return it
}

func (it *item) day(e Entry, column string) day.Day {
	s := e.Cell(column)
	if s == "" {
		return day.Day{}
	}
	d, err := day.Parse(s)
	if err != nil {
		it.wrong.Add(fault.Bad("register.day_wrong", "/"+column).With("value", s))
	}
	return d
}

func roleOf(s string) (deputy, known bool) {
	for _, role := range []string{"ordinary", "deputy"} {
		if strings.EqualFold(s, role) || slices.ContainsFunc(text.Langs, func(l text.Lang) bool { return strings.EqualFold(s, l.T("register.role."+role)) }) {
			return role == "deputy", true
		}
	}
	return false, false
}
