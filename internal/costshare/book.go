package costshare

import (
	"fmt"
	"io"
	"math/bits"
	"slices"
	"strings"

	"github.com/overens/overens/internal/sheet"
	"github.com/overens/overens/internal/text"
)

// Book writes a run as a workbook that works itself out: whoever opens it sees
// by which formulas each amount comes about, and beside it the amount that was
// adopted. The second sheet is what they rest on.
func Book(w io.Writer, l text.Lang, r Run) (err error) {
	b, err := sheet.NewBook()
	if err != nil {
		return err
	}
	defer func() {
		if e := b.Close(); err == nil {
			err = e
		}
	}()
	k := newBook(l, r)
	if err := k.payers(b); err != nil {
		return err
	}
	if err := k.basis(b); err != nil {
		return err
	}
	return b.Write(w)
}

// book lays a run out in cells.
type book struct {
	l         text.Lang
	r         Run
	unit      int64
	sheet     string // the name of the sheet of what it rests on, as formulas have it
	last      int    // the last row with a payer
	first     int    // the first column of the first part, from 1
	statement int    // the column of the amount in öre, from 1
	factor    []int64
	columns   []sheet.Column
}

// Columns of the payers' sheet before those of the parts.
const (
	colPopulation = 4
	colPercent    = 5
	colFixed      = 6
	colDays       = 7
	colLimit      = 8
	colFirst      = 9
	perPart       = 4 // weight, whole units, remainder, one more
)

func newBook(l text.Lang, r Run) *book {
	k := &book{l: l, r: r, unit: max(r.Input.Key.Unit, Ore), sheet: "'" + l.T("cost.file.basis") + "'", last: len(r.Input.Payers) + 1, first: colFirst}
	k.statement = colFirst + perPart*len(r.Input.Key.Parts)
	c := func(key string, kind sheet.Kind, width int) {
		k.columns = append(k.columns, sheet.Column{Title: l.T("cost.file." + key), Kind: kind, Width: width})
	}
	c("code", sheet.Text, 8)
	c("payer", sheet.Text, 30)
	c("number", sheet.Text, 14)
	c("population", sheet.Integer, 12)
	c("percent_counts", sheet.Integer, 10)
	c("fixed", sheet.Integer, 10)
	c("days", sheet.Integer, 8)
	c("limit", sheet.Integer, 12)
	for i, p := range r.Input.Key.Parts {
		part := l.T("cost.page.sum.part", "number", i+1, "by", l.T("cost.page.by."+p.By))
		for _, what := range []string{"weight", "whole", "remainder", "extra"} {
			k.columns = append(k.columns, sheet.Column{Title: part + ": " + l.T("cost.file."+what), Kind: sheet.Integer, Width: 16})
		}
		k.factor = append(k.factor, k.common(i))
	}
	c("ore", sheet.Integer, 14)
	c("amount", sheet.Money, 16)
	c("adopted", sheet.Money, 16)
	c("difference", sheet.Money, 12)
	c("before", sheet.Money, 16)
	c("to_pay", sheet.Money, 16)
	return k
}

// common is what all weights of a part can be divided by: the numbers in the
// sheet stay small enough for a spreadsheet to count with exactly.
func (k *book) common(part int) int64 {
	g := int64(0)
	for _, s := range k.r.Result.Shares {
		if len(s.Steps) > part {
			g = gcd(g, s.Steps[part].Weight)
		}
	}
	return max(g, 1)
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// exact is how large a whole number a spreadsheet counts with exactly.
const exact = 1 << 53

// largest is the sum of weights up to which a share can be worked out in two steps
// of which each is exact: the square of the weights is split in two, and each half
// times the weights is at most exact.
const largest = 1 << 35

// at is a cell of the basis sheet: the parts stand from the third row on.
func (k *book) at(column string, part int) string {
	return fmt.Sprintf("%s!$%s$%d", k.sheet, column, part+3)
}

func (k *book) payers(b *sheet.Book) error {
	s, err := b.Sheet(k.l.T("cost.file.sheet"), k.columns)
	if err != nil {
		return err
	}
	for i, p := range k.r.Input.Payers {
		if err := s.Row(k.row(i, p)...); err != nil {
			return err
		}
	}
	sum := make([]any, len(k.columns))
	sum[1] = k.l.T("cost.page.sum.all")
	before := int64(0)
	for _, p := range k.r.Input.Payers {
		s, _ := k.r.Of(p.Organisation)
		before += s.Before
	}
	for i, comes := range []int64{k.r.Shared, k.r.Shared, k.r.Shared, 0, before, k.r.Shared - before} {
		name := sheet.ColumnName(k.statement + i)
		sum[k.statement+i-1] = sheet.Worked{Formula: sheet.Formula(fmt.Sprintf("SUM(%s2:%s%d)", name, name, k.last)), Value: comes}
	}
	return s.Row(sum...)
}

func (k *book) row(i int, p Payer) []any {
	share, row := k.r.Result.Shares[i], i+2
	cells := make([]any, 0, len(k.columns))
	var population, percent, fixed, limit any
	if p.Population != nil {
		population = p.Population.Count
	}
	if p.Percent > 0 {
		percent = p.Percent
	}
	if p.Fixed > 0 {
		fixed = p.Fixed
	}
	if share.Limit != "" {
		limit = share.Amount - share.Over
	}
	cells = append(cells, p.Code, p.Name, p.Number, population, percent, fixed, p.Days, limit)
	total := []string{}
	for part := range k.r.Input.Key.Parts {
		cells = append(cells, k.step(part, row, share)...)
		total = append(total, k.cell(part, 1, row)+"+"+k.cell(part, 3, row))
	}
	ore := "(" + strings.Join(total, "+") + ")"
	if k.unit != Ore {
		ore += fmt.Sprintf("*%d", k.unit)
	}
	ore += fmt.Sprintf("+%s%d", sheet.ColumnName(colLimit), row)
	if share.Over > 0 {
		ore += fmt.Sprintf("+%d", share.Over)
	}
	column := func(n int) string { return fmt.Sprintf("%s%d", sheet.ColumnName(k.statement+n), row) }
	statement, _ := k.r.Of(p.Organisation)
	worked := func(formula string, comes int64) sheet.Worked {
		return sheet.Worked{Formula: sheet.Formula(formula), Value: comes}
	}
	return append(cells, worked(ore, share.Amount), worked(column(0)+"/100", share.Amount), share.Amount, worked(column(1)+"-"+column(2), 0),
		statement.Before, worked(column(1)+"-"+column(4), share.Amount-statement.Before))
}

// cell is where a part's weight (0), whole units (1), remainder (2) or extra
// unit (3) of a payer stands.
func (k *book) cell(part, what, row int) string {
	return fmt.Sprintf("%s%d", sheet.ColumnName(k.first+perPart*part+what), row)
}

// step are a part's four cells. The whole units are amount × weight ÷ weights
// rounded down, put so that no product is too large to be exact. Where the weights
// are too large for that, the figures stand without their formulas: one that comes
// to another öre than what was adopted would be worse than none.
func (k *book) step(part, row int, share Share) []any {
	if share.Limit != "" || len(share.Steps) == 0 || k.r.Result.Parts[part].Weights == 0 {
		return []any{int64(0), int64(0), int64(0), int64(0)}
	}
	step, one := share.Steps[part], int64(0)
	if step.Extra {
		one = 1
	}
	weights := k.r.Result.Parts[part].Weights / k.factor[part]
	if weights > largest {
		return []any{step.Weight / k.factor[part], step.Whole / k.unit, step.Remainder / k.factor[part], one}
	}
	w, sum, times, rest, left := k.cell(part, 0, row), k.at("D", part), k.at("E", part), k.at("F", part), k.at("G", part)
	whole, remainder := fmt.Sprintf("%s*%s+INT(%s*%s/%s)", w, times, w, rest, sum), fmt.Sprintf("%s*%s-%s*INT(%s*%s/%s)", w, rest, sum, w, rest, sum)
	if weights > exact/weights {
		// In two steps: the same, with products that stay as small as they can. What
		// is shared out so is less than the weights are together.
		split := fmt.Sprint(int64(1) << (52 - bits.Len64(uint64(weights)))) //nolint:gosec // above zero
		high := fmt.Sprintf("%s*INT(%s/%s)", w, rest, split)
		low := fmt.Sprintf("(((%s)-%s*INT((%s)/%s))*%s+%s*(%s-%s*INT(%s/%s)))", high, sum, high, sum, split, w, rest, split, rest, split)
		whole = fmt.Sprintf("%s*%s+INT((%s)/%s)*%s+INT(%s/%s)", w, times, high, sum, split, low, sum)
		remainder = fmt.Sprintf("%s-%s*INT(%s/%s)", low, sum, low, sum)
	}
	r := k.cell(part, 2, row)
	column := sheet.ColumnName(k.first + perPart*part + 2)
	extra := fmt.Sprintf("IF(RANK(%s,%s$2:%s$%d)+COUNTIF(%s$1:%s%d,%s)<=%s,1,0)", r, column, column, k.last, column, column, row-1, r, left)
	return []any{
		sheet.Worked{Formula: sheet.Formula(k.weight(part, row)), Value: step.Weight / k.factor[part]},
		sheet.Worked{Formula: sheet.Formula(whole), Value: step.Whole / k.unit},
		sheet.Worked{Formula: sheet.Formula(remainder), Value: step.Remainder / k.factor[part]},
		sheet.Worked{Formula: sheet.Formula(extra), Value: one},
	}
}

func (k *book) weight(part, row int) string {
	at := func(column int) string { return fmt.Sprintf("%s%d", sheet.ColumnName(column), row) }
	product := at(colDays)
	switch k.r.Input.Key.Parts[part].By {
	case ByPopulation:
		product += "*" + at(colPopulation)
		if k.r.Input.Payers[row-2].Percent > 0 {
			product += "*" + at(colPercent)
		}
	case ByFixed:
		product += "*" + at(colFixed)
	}
	return fmt.Sprintf("%s/%s", product, k.at("C", part))
}

// basis is the sheet of what the others rest on: the amount, then each part
// with its weights, then what else there is to know.
func (k *book) basis(b *sheet.Book) error {
	c := func(key string, kind sheet.Kind, width int) sheet.Column {
		return sheet.Column{Title: k.l.T("cost.file." + key), Kind: kind, Width: width}
	}
	s, err := b.Sheet(k.l.T("cost.file.basis"), []sheet.Column{c("what", sheet.Text, 44), c("units", sheet.Integer, 20), c("factor", sheet.Integer, 14), c("weights", sheet.Integer, 16),
		c("times", sheet.Integer, 14), c("rest", sheet.Integer, 14), c("left", sheet.Integer, 14), c("note", sheet.Text, 60)})
	if err != nil {
		return err
	}
	row := func(cells ...any) {
		if err == nil {
			err = s.Row(append(cells, make([]any, 8-len(cells))...)...)
		}
	}
	unit := k.l.T("cost.page.rule.unit_ore")
	if k.unit == Krona {
		unit = k.l.T("cost.page.rule.unit_krona")
	}
	row(k.l.T("cost.file.shared"), k.r.Shared/k.unit, nil, nil, nil, nil, nil, unit)
	limited := slices.ContainsFunc(k.r.Result.Shares, func(s Share) bool { return s.Limit != "" })
	for i, p := range k.r.Result.Parts {
		units := any(p.Amount / k.unit)
		if len(k.r.Result.Parts) == 1 && !limited {
			units = sheet.Worked{Formula: "B2", Value: p.Amount / k.unit}
		}
		column := func(what int) string {
			name := sheet.ColumnName(k.first + perPart*i + what)
			return fmt.Sprintf("'%s'!%s$2:%s$%d", k.l.T("cost.file.sheet"), name, name, k.last)
		}
		n := i + 3
		if p.Weights == 0 {
			row(k.l.T("cost.page.sum.part", "number", i+1, "by", k.l.T("cost.page.by."+p.By)), units)
			continue
		}
		weights, amount, left := p.Weights/k.factor[i], p.Amount/k.unit, int64(0)
		for _, share := range k.r.Result.Shares {
			if len(share.Steps) > i && share.Steps[i].Extra {
				left++
			}
		}
		row(k.l.T("cost.page.sum.part", "number", i+1, "by", k.l.T("cost.page.by."+p.By)), units, k.factor[i],
			sheet.Worked{Formula: sheet.Formula("SUM(" + column(0) + ")"), Value: weights},
			sheet.Worked{Formula: sheet.Formula(fmt.Sprintf("INT(B%d/D%d)", n, n)), Value: amount / weights},
			sheet.Worked{Formula: sheet.Formula(fmt.Sprintf("B%d-D%d*E%d", n, n, n)), Value: amount % weights},
			sheet.Worked{Formula: sheet.Formula(fmt.Sprintf("B%d-SUM(%s)", n, column(1))), Value: left}, k.l.T("cost.file.part_note"))
	}
	for _, n := range k.notes() {
		for part := range slices.Chunk([]rune(n), mostInCell) {
			row(string(part))
		}
	}
	return err
}

// mostInCell is how much text a cell is given; what is longer goes on in the next row.
const mostInCell = 8_000

// notes are what stands under the parts: whose cost, by what right, by which key.
func (k *book) notes() []string {
	ns := append([]string{RunName(k.l, k.r.Brief)}, Grounds(k.l, k.r)...)
	ns = append(ns, KeyName(k.l, k.r.Input.Key))
	ns = append(ns, Rules(k.l, k.r.Input.Key)...)
	ns = append(ns, Sources(k.l, k.r)...)
	if k.r.Demo {
		ns = append(ns, k.l.T("cost.file.invented"))
	}
	return ns
}

// RunName is what a run is called: whose cost, which period.
func RunName(l text.Lang, b Brief) string {
	return l.T("cost.page.run_name", "function", b.Name.In(string(l)), "period", Period(l, b.From, b.Until))
}
