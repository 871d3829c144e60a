package population

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/sheet"
)

// Columns are what a table's columns can be called, in Swedish and English; the
// first of each is the name that the help tells of.
var Columns = struct{ Code, Day, Count, Source []string }{
	Code:   []string{"kommunkod", "municipality_code", "municipality code", "code", "kod", "region", "regionkod", "kommun_kod", "kommun kod"},
	Day:    []string{"datum", "reference_date", "reference date", "date", "day", "dag", "år", "year", "tid", "referensdag"},
	Count:  []string{"folkmängd", "population", "count", "antal", "invånare", "inhabitants"},
	Source: []string{"källa", "source"},
}

var tableLimits = sheet.Limits{Bytes: MaxBytes, Unpacked: 4 * MaxBytes, Rows: MaxLines, Columns: 300}

// yearly is the heading of a column that holds a year's figures.
var yearly = regexp.MustCompile(`(?i)^(?:folkmängd |population |befolkning )?((?:1[7-9]|20)[0-9]{2}(?:[KQM][0-9]{1,2})?)$`)

// readTable reads a workbook or text: long, with a row for each figure, or wide,
// with a row for each municipality and a column for each year.
func readTable(raw []byte, b *batch) error {
	table, err := sheet.Read(bytes.NewReader(raw), tableLimits)
	if err != nil {
		return sheet.Refusal("population", MaxLines, err)
	}
	code, ok := table.Column(Columns.Code...)
	if !ok {
		return fault.Bad("population.columns_missing", "/file").With("columns", Columns.Code[0])
	}
	source, sourced := table.Column(Columns.Source...)
	t := tableReader{batch: b, code: code, source: -1}
	if sourced {
		t.source = source
	}
	on, dated := table.Column(Columns.Day...)
	count, counted := table.Column(Columns.Count...)
	if dated && counted {
		return t.long(table.Rows, on, count)
	}
	years := map[int]day.Day{}
	for i, heading := range table.Header {
		if m := yearly.FindStringSubmatch(heading); m != nil {
			if d, ok := dayOf(strings.ToUpper(m[1])); ok {
				years[i] = d
			}
		}
	}
	if len(years) == 0 {
		var lacks []string
		if !dated {
			lacks = append(lacks, Columns.Day[0])
		}
		if !counted {
			lacks = append(lacks, Columns.Count[0])
		}
		return fault.Bad("population.columns_missing", "/file").With("columns", strings.Join(lacks, ", "))
	}
	return t.wide(table.Rows, len(table.Header), years)
}

type tableReader struct {
	*batch
	code, source int
}

func (t tableReader) long(rows []sheet.Row, on, count int) error {
	for _, r := range rows {
		t.Read++
		code, ok := t.municipality(r)
		if !ok {
			continue
		}
		d, ok := dayOf(strings.ToUpper(r.Cells[on]))
		if !ok {
			t.refuse(r.Number, "population.day_wrong", "value", short(r.Cells[on]))
			continue
		}
		if err := t.cell(r, code, d, r.Cells[count]); err != nil {
			return err
		}
	}
	return nil
}

func (t tableReader) wide(rows []sheet.Row, columns int, years map[int]day.Day) error {
	for _, r := range rows {
		code, ok := t.municipality(r)
		if !ok {
			t.Read++
			continue
		}
		for i := range columns {
			d, ok := years[i]
			if !ok {
				continue
			}
			t.Read++
			if err := t.cell(r, code, d, r.Cells[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// municipality reads whom a row is about; a row about something wider is passed over.
func (t tableReader) municipality(r sheet.Row) (string, bool) {
	code, kind := areaOf(r.Cells[t.code])
	switch kind {
	case widerArea:
		t.Skipped++
	case unknownArea:
		t.refuse(r.Number, "population.code_unknown", "code", code)
	}
	return code, kind == municipalityArea
}

func (t tableReader) cell(r sheet.Row, code string, d day.Day, written string) error {
	if missing(written) {
		t.Skipped++
		return nil
	}
	n, ok := countOf(written)
	if !ok {
		t.refuse(r.Number, "population.count_wrong", "value", short(written))
		return nil
	}
	l := Line{Row: r.Number, Municipality: code, Day: d, Count: n}
	if t.source >= 0 {
		l.Source = r.Cells[t.source]
	}
	return t.add(l)
}
