package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/sheet"
)

var columns = []sheet.Column{
	{Title: "Namn"}, {Title: "Antal", Kind: sheet.Integer}, {Title: "Från och med", Kind: sheet.Date},
	{Title: "Belopp, kr", Kind: sheet.Money, Width: 20}, {Title: "Andel", Kind: sheet.Percent},
}

var rows = [][]any{
	{"Åsa; \"Ö\",\nEk", 3, day.Of(2026, time.March, 31), int64(123_456_789), 0.125},
	{"=1+1", int64(-7), day.Day{}, int64(-5), -0.5},
	{nil, nil, day.Of(1899, time.May, 1), nil, nil},
}

func book(t *testing.T, rows [][]any) []byte {
	t.Helper()
	b, err := sheet.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, name := range []string{"Register", "Ett till"} {
		s, err := b.Sheet(name, columns)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if err := s.Row(row...); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestBook(t *testing.T) {
	raw := book(t, append(rows, []any{"Summa", sheet.Formula("=SUM(B2:B3)"), nil, sheet.Formula("SUM(D2:D3)"), nil}))
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if diff := cmp.Diff([]string{"Register", "Ett till"}, f.GetSheetList()); diff != "" {
		t.Errorf("sheets (-want +got):\n%s", diff)
	}
	for place, want := range map[string]string{
		"A1": "Namn", "C1": "Från och med",
		"A2": "Åsa; \"Ö\",\nEk", "B2": "3", "C2": "2026-03-31", "D2": "1,234,567.89", "E2": "12.5%",
		"A3": "=1+1", "B3": "-7", "C3": "", "D3": "-0.05", "E3": "-50.0%",
		"A4": "", "C4": "1899-05-01",
	} {
		for _, name := range f.GetSheetList() {
			if got, err := f.GetCellValue(name, place); err != nil || got != want {
				t.Errorf("%s %s: %q, %v, want %q", name, place, got, err, want)
			}
		}
	}
	for place, want := range map[string]string{"A3": "", "A2": "", "B5": "SUM(B2:B3)", "D5": "SUM(D2:D3)"} {
		if got, err := f.GetCellFormula("Register", place); err != nil || got != want {
			t.Errorf("formula in %s: %q, %v, want %q", place, got, err, want)
		}
	}
	if sum, err := f.CalcCellValue("Register", "D5"); err != nil || sum != "1,234,567.84" {
		t.Errorf("the sum: %q, %v", sum, err)
	}
	panes, err := f.GetPanes("Register")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes: %+v, %v", panes, err)
	}
	style, _ := f.GetCellStyle("Register", "A1")
	if look, err := f.GetStyle(style); err != nil || look.Font == nil || !look.Font.Bold {
		t.Errorf("headings: %+v, %v", look, err)
	}
	// What is text stays text when somebody edits it.
	style, _ = f.GetCellStyle("Register", "A3")
	if look, err := f.GetStyle(style); err != nil || look.NumFmt != 49 {
		t.Errorf("text: %+v, %v", look, err)
	}
	xml := part(t, raw, "xl/worksheets/sheet1.xml")
	if want := `<autoFilter ref="$A$1:$E$5">`; !strings.Contains(xml, want) {
		t.Errorf("no %s", want)
	}
	if want := `<cols><col min="1" max="1" width="28"`; !strings.Contains(xml, want) {
		t.Errorf("no %s", want)
	}
	if properties := part(t, raw, "docProps/core.xml") + part(t, raw, "docProps/app.xml"); strings.Contains(properties, "xuri") || strings.Contains(properties, "Excelize") {
		t.Errorf("the library names itself: %s", properties)
	}
}

func part(t *testing.T, raw []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func text(t *testing.T, d sheet.Dialect, columns []sheet.Column, rows [][]any) string {
	t.Helper()
	var out bytes.Buffer
	c, err := sheet.NewCSV(&out, d, columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if err := c.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestCSV(t *testing.T) {
	for name, c := range map[string]struct {
		dialect sheet.Dialect
		want    string
	}{
		"Swedish": {sheet.Swedish, "\uFEFFNamn;Antal;Från och med;Belopp, kr;Andel\r\n" +
			"\"Åsa; \"\"Ö\"\",\r\nEk\";3;2026-03-31;1234567,89;12,5%\r\n" +
			"'=1+1;-7;;-0,05;-50,0%\r\n" +
			";;1899-05-01;;\r\n"},
		"RFC 4180": {sheet.RFC4180, "Namn,Antal,Från och med,\"Belopp, kr\",Andel\r\n" +
			"\"Åsa; \"\"Ö\"\",\r\nEk\",3,2026-03-31,1234567.89,0.125\r\n" +
			"'=1+1,-7,,-0.05,-0.5\r\n" +
			",,1899-05-01,,\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, text(t, c.dialect, columns, rows)); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
	smallest := text(t, sheet.RFC4180, columns[3:4], [][]any{{int64(math.MinInt64)}})
	if want := "\"Belopp, kr\"\r\n-92233720368547758.08\r\n"; smallest != want {
		t.Errorf("the smallest sum there is: %q", smallest)
	}
}

func TestNoTextIsAFormula(t *testing.T) {
	for _, evil := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1", "'=1", "\x00=1", "\n=1"} {
		for _, dialect := range []sheet.Dialect{sheet.Swedish, sheet.RFC4180} {
			_, got, _ := strings.Cut(text(t, dialect, columns[:1], [][]any{{evil}}), "\r\n")
			if got = strings.TrimPrefix(got, `"`); !strings.HasPrefix(got, "'") {
				t.Errorf("%q is written %q", evil, got)
			}
		}
		raw := book(t, [][]any{{evil, nil, nil, nil, nil}})
		if xml := part(t, raw, "xl/worksheets/sheet1.xml"); strings.Contains(xml, "<f>") || strings.Contains(xml, "<f ") {
			t.Errorf("%q is a formula: %s", evil, xml)
		}
	}
	c, err := sheet.NewCSV(io.Discard, sheet.Swedish, columns[:1])
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Row(sheet.Formula("1+1")); !errors.Is(err, sheet.ErrValue) {
		t.Errorf("a formula in CSV: %v", err)
	}
}

func TestWhatNoColumnTakes(t *testing.T) {
	b, err := sheet.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	s, err := b.Sheet("A", columns)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		row  []any
		want string
	}{
		"too few":          {[]any{"a"}, "row 2: the column does not take this value: 1 values for 5 columns"},
		"number as text":   {[]any{3, nil, nil, nil, nil}, "row 2, column A: the column does not take this value: int"},
		"text as number":   {[]any{nil, "3", nil, nil, nil}, "row 2, column B: the column does not take this value: string"},
		"instant as day":   {[]any{nil, nil, time.Time{}, nil, nil}, "row 2, column C: the column does not take this value: time.Time"},
		"kronor as öre":    {[]any{nil, nil, nil, 12.5, nil}, "row 2, column D: the column does not take this value: float64"},
		"int as öre":       {[]any{nil, nil, nil, 12, nil}, "row 2, column D: the column does not take this value: int"},
		"no number":        {[]any{nil, nil, nil, nil, math.NaN()}, "row 2, column E: the column does not take this value: float64"},
		"too long":         {[]any{strings.Repeat("å", 32_768), nil, nil, nil, nil}, "row 2, column A: the column does not take this value: text longer than 32767 characters"},
		"too long, in two": {[]any{strings.Repeat("🙂", 16_384), nil, nil, nil, nil}, "row 2, column A: the column does not take this value: text longer than 32767 characters"},
	} {
		err := s.Row(c.row...)
		if !errors.Is(err, sheet.ErrValue) || err.Error() != "sheet: "+c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What was refused left no trace.
	if err := s.Row(strings.Repeat("å", 32_767), 1, nil, nil, nil); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"", "a", " b", "a/b", "it's", "History", strings.Repeat("å", 32), "a\nb"} {
		if _, err := b.Sheet(name, columns); err == nil {
			t.Errorf("a sheet is called %q", name)
		}
	}
	if err := s.Row("a", 1, nil, nil, nil); err == nil {
		t.Error("an ended sheet takes a row")
	}
	empty, err := sheet.NewBook()
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	if err := empty.Write(io.Discard); err == nil {
		t.Error("a workbook without sheets")
	}
}
