package costshare_test

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/sheet"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// ran makes an adopted run of an input, without a database.
func ran(in costshare.Input, r costshare.Result) costshare.Run {
	run := costshare.Run{Brief: costshare.Brief{ID: uuid.Max, Name: tenant.Words{"sv": "Samordnare"}, Kind: costshare.KindStatement, Basis: costshare.Budget, State: costshare.Adopted,
		From: in.From, Until: in.Until, Shared: in.Amount, Billed: in.Amount, AdoptedOn: in.From}, Input: in, Result: r, Mandate: "Delegation"}
	run.Input.Payers = nil
	for i, s := range r.Shares { // in the result's order
		for _, p := range in.Payers {
			if p.Organisation == s.Payer {
				run.Input.Payers = append(run.Input.Payers, p)
				run.Statements = append(run.Statements, costshare.Statement{ID: uuid.UUID{0: 1, 15: byte(i)}, Organisation: p.Organisation, Name: p.Name, Code: p.Code, Share: s.Amount, Billed: s.Amount})
			}
		}
	}
	return run
}

// worked gives what a workbook's formulas come to, in öre, payer by payer.
func worked(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, run costshare.Run) (ore []int64) {
	var b bytes.Buffer
	if err := costshare.Book(&b, text.Swedish, run); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	column := sheet.ColumnName(9 + 4*len(run.Input.Key.Parts))
	stored(t, f)
	for i := range run.Input.Payers {
		said, err := f.CalcCellValue("Uträkning", fmt.Sprintf("%s%d", column, i+2), excelize.Options{RawCellValue: true})
		if err != nil {
			formula, _ := f.GetCellFormula("Uträkning", fmt.Sprintf("%s%d", column, i+2))
			t.Fatalf("%s: %v", formula, err)
		}
		n, err := strconv.ParseFloat(said, 64)
		if err != nil || n != math.Trunc(n) {
			t.Fatalf("row %d: %q", i+2, said)
		}
		ore = append(ore, int64(n))
	}
	return ore
}

// stored holds what every formula of a workbook is kept with against what it
// comes to.
func stored(t interface{ Fatalf(string, ...any) }, f *excelize.File) {
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatalf("%v", err)
		}
		for r, row := range rows {
			for c, kept := range row {
				at := fmt.Sprintf("%s%d", sheet.ColumnName(c+1), r+1)
				formula, _ := f.GetCellFormula(name, at)
				if formula == "" {
					continue
				}
				said, err := f.CalcCellValue(name, at, excelize.Options{RawCellValue: true})
				if err != nil {
					t.Fatalf("%s %s: %v", at, formula, err)
				}
				x, e1 := strconv.ParseFloat(said, 64)
				y, e2 := strconv.ParseFloat(kept, 64)
				if e1 != nil || e2 != nil || math.Abs(x-y) > 0.001 {
					t.Fatalf("%s %s is kept as %q and comes to %q", at, formula, kept, said)
				}
			}
		}
	}
}

// The formulas of the workbook come to the öre that are adopted, whatever the key.
func TestTheWorkbooksFormulasComeToTheSameOre(t *testing.T) {
	in := byPopulation(100_000_000)
	for i, m := range ostergotland {
		in.Payers = append(in.Payers, payer(i, m.in2024))
	}
	run := ran(in, split(t, in))
	for i, ore := range worked(t, run) {
		if ore != ostergotland[i].pays2024 {
			t.Errorf("%s: %d, want %d", ostergotland[i].name, ore, ostergotland[i].pays2024)
		}
	}
	run.Input.Function.Decision = strings.Repeat("Rådets mycket långa beslut. ", 5000)
	worked(t, run)
	in.Payers[3].Days = 181 // numbers that a spreadsheet must be led around
	r := split(t, in)
	for i, ore := range worked(t, ran(in, r)) {
		if ore != r.Shares[i].Amount {
			t.Errorf("by days: row %d: %d, want %d", i, ore, r.Shares[i].Amount)
		}
	}
}

// Weights of which the products are at the edge of what a spreadsheet can count
// with, and beyond it.
func TestTheWorkbookCountsWithLargeWeights(t *testing.T) {
	for _, percent := range []int64{50, 49, 149} {
		in := byPopulation(8_590_475_264_003)
		for i, n := range []int64{948_367, 1_999_993, 1_999_979, 2, 69, 1_999_957} {
			p := payer(i, n)
			p.Days, p.Percent = 365, percent
			in.Payers = append(in.Payers, p)
		}
		in.Payers[0].Days, in.Payers[0].Percent = 364, 101
		r := split(t, in)
		for i, ore := range worked(t, ran(in, r)) {
			if ore != r.Shares[i].Amount {
				t.Errorf("%d %%, row %d: %d, want %d", percent, i, ore, r.Shares[i].Amount)
			}
		}
	}
}

func TestAnyWorkbookComesToTheSameOre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput(t)
		in.Payers = in.Payers[:min(len(in.Payers), 8)]
		r, err := costshare.Split(in)
		if err != nil {
			return
		}
		for i, ore := range worked(t, ran(in, r)) {
			if ore != r.Shares[i].Amount {
				t.Fatalf("row %d: %d, want %d: %+v", i+2, ore, r.Shares[i].Amount, in)
			}
		}
	})
}

func TestTheTableIsForExcelAndForPrograms(t *testing.T) {
	in := byPopulation(100_000_000, 1, 2)
	in.Payers[0].Name = `=HYPERLINK("x")`
	run := ran(in, split(t, in))
	run.Demo = true
	for d, want := range map[sheet.Dialect][]string{
		sheet.Swedish: {"\uFEFFKod;Betalare;", "666666,67;0,00;666666,67;SEK;", "'=HYPERLINK"},
		sheet.RFC4180: {"Kod,Betalare,", "666666.67,0.00,666666.67,SEK,", "påhittat exempel\r\n"},
	} {
		var b bytes.Buffer
		if err := costshare.Table(&b, d, text.Swedish, run); err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%q is not in\n%s", w, b.String())
			}
		}
	}
}

// The paper has every step of the sum, what stands for what is unknown, and the mark
// of what is made up.
func TestTheLeafHasEveryStep(t *testing.T) {
	in := byPopulation(100_000_000)
	for i, m := range ostergotland {
		in.Payers = append(in.Payers, payer(i, m.in2024))
	}
	run := ran(in, split(t, in))
	run.Demo = true
	doc, err := costshare.Leaf(text.Swedish, "Länsstyrelsen", run, run.Statements[10]).Document()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Kommun 10 betalar för 2025", "1 000 000,00 kr", "43 505", "÷ 472 446", "9,2085 %", "92 084,59 kr", "&#43; 0,01 kr", "= 92 084,60 kr", "påhittat exempel",
		"uppgift saknas"} {
		if plain := strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(string(doc.HTML)); !strings.Contains(plain, want) {
			t.Errorf("%q is not on the leaf:\n%s", want, plain)
		}
	}
}
