package meeting

import (
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/text"
)

// What was before the program comes in as a table, a row for each matter, with
// its papers as files beside it. The columns are named in either language.

// PastColumns are the table's columns, in order; their words are
// past.column.<key>.
var PastColumns = []string{"body", "date", "title", "item", "matter", "kind", "outcome", "result", "wording", "number", "effective", "owner", "due", "status", "source", "paper"}

// pastDemanded are the columns that the table cannot be read without.
var pastDemanded = []string{"body", "date", "matter"}

// PastLimit is how many rows are read at a time.
const PastLimit = 2000

// TableRow is one row of a table: its number as a spreadsheet counts, and its cells.
type TableRow struct {
	Number int
	Cells  []string
}

// PastEntry is one row of the table, as it was written.
type PastEntry struct {
	Number int // of the row, as a spreadsheet counts
	cells  map[string]string
}

// Cell is what stands in a column.
func (e PastEntry) Cell(column string) string { return e.cells[column] }

// ReadPast takes a table's headings and rows for meetings of before.
func ReadPast(header []string, lines []TableRow) ([]PastEntry, error) {
	var wrong fault.List
	place := map[string]int{}
	for i, heading := range header {
		column := pastColumn(heading)
		switch _, twice := place[column]; {
		case heading == "":
		case column == "":
			wrong.Add(fault.Bad("past.column_unknown", "/file").With("column", heading, "columns", pastTitles(PastColumns)))
		case twice:
			wrong.Add(fault.Bad("past.column_twice", "/file").With("column", heading))
		default:
			place[column] = i
		}
	}
	missing := slices.DeleteFunc(slices.Clone(pastDemanded), func(column string) bool { _, there := place[column]; return there })
	if len(missing) > 0 {
		wrong.Add(fault.Bad("past.columns_missing", "/file").With("columns", pastTitles(missing)))
	}
	switch {
	case len(lines) == 0:
		wrong.Add(fault.Bad("past.empty", "/file"))
	case len(lines) > PastLimit:
		wrong.Add(fault.Bad("past.too_many", "/file").With("limit", PastLimit))
	}
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	entries := make([]PastEntry, len(lines))
	for n, l := range lines {
		entries[n] = PastEntry{Number: l.Number, cells: map[string]string{}}
		for column, i := range place {
			if i < len(l.Cells) {
				entries[n].cells[column] = strings.TrimSpace(l.Cells[i])
			}
		}
	}
	return entries, nil
}

// PapersOf are the papers that a table names, each once; addresses of papers
// elsewhere are not among them.
func PapersOf(entries []PastEntry) []string {
	var names []string
	f := Folder{}
	for _, e := range entries {
		if name := e.Cell("paper"); name != "" && !isAddress(name) && !f.Holds(name) {
			names = append(names, name)
			f.Hold(name, nil)
		}
	}
	return names
}

func isAddress(s string) bool { return strings.HasPrefix(s, "https://") }

// pastColumn finds the column that a heading names, in any language or by key.
func pastColumn(heading string) string { return keyOf(heading, "past.column.", PastColumns) }

// keyOf finds which of some keys a word stands for: the key itself, or what it is
// called in any language.
func keyOf(word, prefix string, keys []string) string {
	for _, key := range keys {
		if strings.EqualFold(word, key) {
			return key
		}
		for _, l := range text.Langs {
			if strings.EqualFold(word, l.T(prefix+key)) {
				return key
			}
		}
	}
	return ""
}

func pastTitles(columns []string) string {
	ts := make([]string, len(columns))
	for i, c := range columns {
		ts[i] = text.Swedish.T("past.column." + c)
	}
	return strings.Join(ts, ", ")
}

// Past is a matter of a meeting of before.
type Past struct {
	Row       int // as a spreadsheet counts; of a file of facts, counted from 1
	Body      string
	On        day.Day
	Title     string // the meeting's
	Item      int    // the matter's number on the agenda; 0 = after the one before
	Matter    string
	Kind      string
	Outcome   string
	Result    string
	Wording   string // what was decided
	Number    int    // the decision's; 0 = the next
	Effective day.Day
	Owner     uuid.UUID
	OwnerName string
	Due       day.Day
	Status    string
	Source    string
	Paper     string // a file's name in the folder, or an address that begins with https://

	Closed uuid.UUID // the goal that the decision closed, and that has been closed in the program already
	Public bool      // what everybody may know: it has been published elsewhere
}

// decided tells whether the matter came to a decision.
func (p Past) decided() bool {
	return slices.Contains([]string{OutcomeCarried, OutcomeRejected, OutcomeAdvised}, p.Outcome)
}

var (
	pastKinds    = []string{ForInformation, ForDiscussion, ForDecision, ForLearning}
	pastOutcomes = []string{OutcomeNoted, OutcomeDiscussed, OutcomeLearned, OutcomeCarried, OutcomeRejected, OutcomeAdvised, OutcomeSentOn, OutcomePostponed, OutcomeWithdrawn}
	pastStatuses = []string{StatusOpen, StatusDone, StatusLapsed, StatusNone}
)

// read takes an entry for what it says.
func (e PastEntry) read() (Past, fault.List) {
	var wrong fault.List
	line := func(column string) string { return text.Line(e.Cell(column)) }
	p := Past{Row: e.Number, Body: line("body"), Title: line("title"), Matter: line("matter"), Result: e.Cell("result"), Wording: e.Cell("wording"),
		OwnerName: line("owner"), Source: line("source"), Paper: line("paper")}
	date := func(column string) day.Day {
		s := line(column)
		if s == "" {
			return day.Day{}
		}
		d, err := day.Parse(s)
		if err != nil {
			wrong.Add(fault.Bad("past.day_wrong", "/"+column).With("value", s))
		}
		return d
	}
	count := func(column string) int {
		s := strings.TrimLeft(line(column), "§ ")
		if s == "" {
			return 0
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 9999 {
			wrong.Add(fault.Bad("past.number_wrong", "/"+column).With("value", line(column)))
			return 0
		}
		return n
	}
	choice := func(column string, keys []string) string {
		s := line(column)
		key := keyOf(s, "past."+column+".", keys)
		if s != "" && key == "" {
			words := make([]string, len(keys))
			for i, k := range keys {
				words[i] = text.Swedish.T("past." + column + "." + k)
			}
			wrong.Add(fault.Bad("past.word_unknown", "/"+column).With("value", s, "words", strings.Join(words, ", ")))
		}
		return key
	}
	p.On, p.Effective, p.Due = date("date"), date("effective"), date("due")
	p.Item, p.Number = count("item"), count("number")
	p.Kind, p.Outcome, p.Status = choice("kind", pastKinds), choice("outcome", pastOutcomes), choice("status", pastStatuses)
	return p, wrong
}

// whole fills in what follows from what is said.
func (p Past) whole() Past {
	if p.Kind == "" {
		p.Kind = ForInformation
		if p.Wording != "" || p.decided() {
			p.Kind = ForDecision
		}
	}
	if p.Outcome == "" {
		p.Outcome = outcomes[p.Kind]
		if p.Kind == ForDecision {
			p.Outcome = OutcomeCarried
		}
	}
	if p.Effective.IsZero() {
		p.Effective = p.On
	}
	if p.Status == "" {
		p.Status = StatusNone
		if p.Outcome == OutcomeCarried && (!p.Due.IsZero() || p.Owner != uuid.Nil || p.OwnerName != "") {
			p.Status = StatusOpen
		}
	}
	return p
}
