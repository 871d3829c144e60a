package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/sheet"
)

func read(t *testing.T, raw string) sheet.Table {
	t.Helper()
	got, err := sheet.Read(strings.NewReader(raw), sheet.Usual)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestReadWhatWasWritten(t *testing.T) {
	header := []string{"Namn", "Antal", "Från och med", "Belopp, kr", "Andel"}
	for name, c := range map[string]struct {
		raw string
		sum string
		off string
	}{
		"workbook": {string(book(t, rows)), "1234567.89;-0.05", "0.125;-0.5"},
		"Swedish":  {text(t, sheet.Swedish, columns, rows), "1234567,89;-0,05", "12,5%;-50,0%"},
		"RFC 4180": {text(t, sheet.RFC4180, columns, rows), "1234567.89;-0.05", "0.125;-0.5"},
	} {
		sums, shares := strings.Split(c.sum, ";"), strings.Split(c.off, ";")
		want := sheet.Table{Header: header, Rows: []sheet.Row{
			{Number: 2, Cells: []string{"Åsa; \"Ö\",\nEk", "3", "2026-03-31", sums[0], shares[0]}},
			{Number: 3, Cells: []string{"=1+1", "-7", "", sums[1], shares[1]}},
			{Number: 4, Cells: []string{"", "", "1899-05-01", "", ""}},
		}}
		if diff := cmp.Diff(want, read(t, c.raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Whatever text is written, it is read as it was: the same file twice changes
// nothing.
func TestTextComesBack(t *testing.T) {
	words := rapid.OneOf(rapid.StringMatching(`[ '"=+\-@;,a-zåäö\n_x0D]{0,12}`), rapid.StringMatching(`(_x[0-9A-Dg]{4}_?a?){1,3}_`), rapid.String())
	rapid.Check(t, func(rt *rapid.T) {
		written := words.Draw(rt, "text")
		want := strings.TrimSpace(strings.Map(func(r rune) rune {
			if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == '\uFFFE' || r == '\uFFFF' {
				return -1
			}
			return r
		}, strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(written)))
		row := [][]any{{written, 1, nil, nil, nil}}
		for name, raw := range map[string]string{
			"workbook": string(book(t, row)),
			"Swedish":  text(t, sheet.Swedish, columns, row),
			"RFC 4180": text(t, sheet.RFC4180, columns, row),
		} {
			got := read(t, raw)
			if len(got.Rows) != 1 || got.Rows[0].Cells[0] != want {
				rt.Fatalf("%s: %q is read as %+v, want %q", name, written, got.Rows, want)
			}
		}
	})
}

func TestReadTextAsItComes(t *testing.T) {
	want := sheet.Table{Header: []string{"Namn", "Ort"}, Rows: []sheet.Row{
		{Number: 2, Cells: []string{"Åsa", "Växjö"}},
		{Number: 3, Cells: []string{"Örjan", ""}},
	}}
	plain := "Namn;Ort\r\nÅsa;Växjö\r\nÖrjan;\r\n"
	for name, raw := range map[string]string{
		"UTF-8":          plain,
		"with a mark":    "\uFEFF" + plain,
		"Windows-1252":   strings.NewReplacer("Å", "\xc5", "ä", "\xe4", "ö", "\xf6", "Ö", "\xd6").Replace(plain),
		"UTF-16":         "\xff\xfe" + utf16le(strings.ReplaceAll(plain, ";", "\t")),
		"comma":          strings.ReplaceAll(plain, ";", ","),
		"tab":            strings.ReplaceAll(plain, ";", "\t"),
		"new lines":      strings.ReplaceAll(plain, "\r\n", "\n"),
		"no last line":   strings.TrimSuffix(plain, ";\r\n"),
		"empty columns":  strings.ReplaceAll(plain, "\r\n", ";;;\r\n"),
		"comma in words": strings.Replace(plain, "Namn;", "\"Namn\";", 1),
		"spaces":         strings.ReplaceAll(plain, ";", " ; \u00a0"),
	} {
		if diff := cmp.Diff(want, read(t, raw)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	got := read(t, "sep=|\r\n\r\nA|\"B\nC\"\r\n\r\n\r\n1|\"2\n\n3\"\r\n \r\n4|5")
	want = sheet.Table{Header: []string{"A", "B C"}, Rows: []sheet.Row{
		{Number: 6, Cells: []string{"1", "2\n\n3"}}, {Number: 8, Cells: []string{"4", "5"}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows are counted as a spreadsheet does (-want +got):\n%s", diff)
	}
	if i, ok := got.Column("saknas", " b c "); !ok || i != 1 {
		t.Errorf("column: %d, %v", i, ok)
	}
	if _, ok := got.Column("saknas", ""); ok {
		t.Error("a column that is not there")
	}
}

func utf16le(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

// A workbook as others write it: what is a day, and what only looks like one.
func TestCellsOfAWorkbook(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetRow("Sheet1", "A1", &[]any{"Vad", "Värde"}); err != nil {
		t.Fatal(err)
	}
	cells := []struct {
		value  any
		format string // own format, or
		id     int
		want   string
	}{
		{46112, "", 14, "2026-03-31"},
		{46112, "yyyy\\-mm\\-dd", 0, "2026-03-31"},
		{46112, `[$-41D]d mmmm yyyy;@`, 0, "2026-03-31"},
		{46112.40625, "yyyy-mm-dd hh:mm", 0, "2026-03-31T09:45"},
		{46112.406261574, "yyyy-mm-dd hh:mm", 0, "2026-03-31T09:45:01"},
		{0.5, "hh:mm", 0, "12:00"},
		{59, "", 14, "1900-02-28"},
		{61, "", 14, "1900-03-01"},
		{1.5, "[h]:mm", 0, "1.5"},
		{-1, "", 14, "-1"},
		{46112, "", 1, "46112"},
		{1234.5, `#,##0.00\ "dagar"`, 0, "1234.5"},
		{1234.5, `#,##0.00\ [$kr-41D]`, 0, "1234.5"},
		{1234.5, `[Red]0.0_d`, 0, "1234.5"},
		{0.125, "", 10, "0.125"},
		{0.1 + 0.2, "", 0, "0.3"},
		{2021002247, "", 11, "2021002247"},
		{123456789012345678, "", 0, "123456789012345680"},
		{1e-7, "", 0, "0.0000001"},
		{true, "", 0, "TRUE"},
		{"=1+1 _x0041_", "", 0, "=1+1 A"},
	}
	for i, c := range cells {
		place := fmt.Sprintf("B%d", i+2)
		style, err := f.NewStyle(&excelize.Style{NumFmt: c.id})
		if c.format != "" {
			style, err = f.NewStyle(&excelize.Style{CustomNumFmt: &c.format})
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(f.SetCellValue("Sheet1", place, c.value), f.SetCellStyle("Sheet1", place, place, style)); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	got := read(t, out.String())
	if len(got.Rows) != len(cells) {
		t.Fatalf("%d rows of %d", len(got.Rows), len(cells))
	}
	for i, c := range cells {
		if got.Rows[i].Cells[1] != c.want {
			t.Errorf("%v as %s%d: %q, want %q", c.value, c.format, c.id, got.Rows[i].Cells[1], c.want)
		}
	}
}

// packed is a workbook by hand: its one sheet, and parts that replace others.
func packed(t *testing.T, sheet string, parts ...string) string {
	t.Helper()
	files := map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="Dold" state="hidden" r:id="r1"/><sheet name="A" r:id="r2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/h.xml"/><Relationship Id="r2" Type="x/worksheet" Target="/xl/worksheets/a.xml"/></Relationships>`,
		"xl/worksheets/a.xml":        "<worksheet><sheetData>" + sheet + "</sheetData></worksheet>",
	}
	for i := 0; i < len(parts); i += 2 {
		files[parts[i]] = parts[i+1]
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range files {
		if text == "" {
			continue
		}
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWorkbookByHand(t *testing.T) {
	got := read(t, packed(t,
		`<row><c t="inlineStr"><is><t>Dag</t></is></c><c t="s"><v>0</v></c></row>
		 <row r="5"><c r="A5" s="1"><v>1</v></c><c r="B5" t="str"><f>1</f><v>svar</v></c><c r="XFD5" s="1"/></row>
		 <row r="6"><c r="A6" t="d"><v>2026-03-31T00:00:00</v></c><c r="B6" t="e"><v>#N/A</v></c></row>
		 <row r="7"><c r="A7" t="s"><v>99</v></c></row>`,
		"xl/workbook.xml", `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet r:id="r2"/></sheets></workbook>`,
		"xl/sharedStrings.xml", `<sst><si><r><t>Två </t></r><rPh><t>tvo</t></rPh><r><t>ord</t></r></si></sst>`,
		"xl/styles.xml", `<styleSheet><cellStyleXfs><xf numFmtId="1"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`))
	want := sheet.Table{Header: []string{"Dag", "Två ord"}, Rows: []sheet.Row{
		{Number: 5, Cells: []string{"1904-01-02", "svar"}}, {Number: 6, Cells: []string{"2026-03-31", "#N/A"}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWhatIsNotRead(t *testing.T) {
	head := `<row r="1"><c r="A1"><v>1</v></c></row>`
	few := sheet.Limits{Bytes: 1 << 20, Unpacked: 1 << 20, Rows: 2, Columns: 3}
	for name, c := range map[string]struct {
		raw         string
		want        error
		row, column int
	}{
		"nothing":            {"", sheet.ErrEmpty, 0, 0},
		"empty rows":         {";;\r\n\r\n;\r\n", sheet.ErrEmpty, 0, 0},
		"a picture":          {"\x89PNG\r\n\x1a\n\x00\x00", sheet.ErrUnreadable, 0, 0},
		"a program":          {"\x7fELF\x02\x01\x01\x00", sheet.ErrUnreadable, 0, 0},
		"an old workbook":    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", sheet.ErrOldWorkbook, 0, 0},
		"half a zip":         {"PK\x03\x04abc", sheet.ErrUnreadable, 0, 0},
		"another zip":        {packed(t, head, "xl/workbook.xml", ""), sheet.ErrUnreadable, 0, 0},
		"no sheet":           {packed(t, head, "xl/worksheets/a.xml", ""), sheet.ErrUnreadable, 0, 0},
		"all hidden":         {packed(t, head, "xl/workbook.xml", `<workbook><sheets><sheet state="veryHidden" id="r2"/></sheets></workbook>`), sheet.ErrUnreadable, 0, 0},
		"half XML":           {packed(t, head+"<row"), sheet.ErrUnreadable, 0, 0},
		"rows backwards":     {packed(t, head+head), sheet.ErrUnreadable, 0, 0},
		"no place":           {packed(t, `<row><c r="ZZZZ1"><v>1</v></c></row>`), sheet.ErrUnreadable, 0, 0},
		"too large":          {strings.Repeat("a", 1<<20+1), sheet.ErrTooLarge, 0, 0},
		"bomb":               {packed(t, head+strings.Repeat(" ", 4<<20)), sheet.ErrTooLarge, 0, 0},
		"bomb of strings":    {packed(t, head, "xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si/>", 100)+"</sst>"), sheet.ErrTooLarge, 0, 0},
		"many rows":          {"A\n1\n2\n3\n", sheet.ErrTooManyRows, 4, 0},
		"many rows, packed":  {packed(t, head+`<row><c><v>1</v></c></row><row><c><v>1</v></c></row><row r="9"><c><v>1</v></c></row>`), sheet.ErrTooManyRows, 9, 0},
		"many columns":       {"A;B;C;D\n", sheet.ErrTooManyColumns, 1, 4},
		"far to the right":   {packed(t, head+`<row r="2"><c r="XFD2"><v>1</v></c></row>`), sheet.ErrTooManyColumns, 2, 16384},
		"beside headings":    {"A;B\n1;2\n1;2;3\n", sheet.ErrNoHeading, 3, 3},
		"the same heading":   {"Namn;Ort; namn\n", sheet.ErrTwice, 1, 3},
		"quote in the midst": {"A;B\n1;a\"b\n", sheet.ErrQuote, 2, 0},
		"unfinished quote":   {"A;B\n\n1;\"b\n", sheet.ErrQuote, 3, 0},
	} {
		got, err := sheet.Read(strings.NewReader(c.raw), few)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
			continue
		}
		at, ok := errors.AsType[*sheet.Error](err)
		if ok != (c.row > 0) || ok && (at.Row != c.row || at.Column != c.column) {
			t.Errorf("%s: %v, want row %d, column %d", name, err, c.row, c.column)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("Namn;Ort\r\n'=1;\"Växjö\"\r\n"))
	f.Add([]byte("\xff\xfea\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := sheet.Read(bytes.NewReader(raw), sheet.Usual)
		if err != nil {
			return
		}
		for _, row := range got.Rows {
			if len(row.Cells) != len(got.Header) || row.Number < 2 {
				t.Errorf("%+v", row)
			}
		}
	})
}
