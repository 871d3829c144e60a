package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/money"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// compareSeen is several keys and years side by side, with what was asked.
type compareSeen struct {
	costshare.Comparison
	Functions, Keys []option
	Years           []string // on offer
	Asked           compareAsked
	Faults          []string
	Ran             bool
	Figure          *costFigure
}

// compareAsked is what the address asks for.
type compareAsked struct {
	Function, Amount string
	Keys, Years      []string
}

// compareCosts shows what several keys would give. Nothing of it is kept: it is
// a question in the address, which can be sent to others.
func (d *Door) compareCosts(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	if err := tx.Require(auth.CostPrepare); err != nil {
		return nil, err
	}
	s := compareSeen{Keys: v.keyOptions(v.County), Years: v.yearsOnOffer()}
	for _, f := range v.County.SharedFunctions.Functions {
		s.Functions = append(s.Functions, option{f.Key, v.Words(f.Name)})
	}
	q := v.r.URL.Query()
	s.Asked = compareAsked{Function: v.Asked("function"), Amount: v.Asked("amount"), Keys: plain(q["key"]), Years: plain(q["year"])}
	if s.Asked.Function == "" && len(s.Functions) == 1 {
		s.Asked.Function = s.Functions[0].Value
	}
	if s.Ran = q.Has("function"); !s.Ran {
		s.Asked.propose(s)
		return compareCostsPage(v, s), nil
	}
	t, err := s.Asked.trial()
	if err == nil {
		s.Comparison, err = costshare.Compare(ctx, tx, t)
	}
	faults := fault.All(err)
	if err != nil && faults == nil {
		return nil, err
	}
	for _, f := range faults {
		s.Faults = append(s.Faults, v.say(f)+". "+v.detail(f.Key, f.Args))
	}
	if len(faults) > 0 {
		v.status = statuses[fault.Invalid]
	} else {
		s.Figure = v.costFigure(s.Comparison)
	}
	return compareCostsPage(v, s), nil
}

// propose checks what most want to see first: every key, for the last year that
// has a budget.
func (a *compareAsked) propose(s compareSeen) {
	for _, k := range s.Keys[:min(len(s.Keys), costshare.MostKeys)] {
		a.Keys = append(a.Keys, k.Value)
	}
	if len(s.Years) > 1 {
		a.Years = s.Years[len(s.Years)-2 : len(s.Years)-1]
	}
}

// plain are the values that are text, each once.
func plain(values []string) []string {
	var all []string
	for _, s := range values {
		if s = text.Line(s); text.Plain(s) && s != "" && !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// trial is what was asked, read.
func (a compareAsked) trial() (costshare.Trial, error) {
	t := costshare.Trial{Function: a.Function, Keys: a.Keys}
	var wrong fault.List
	for _, y := range a.Years {
		n, err := strconv.Atoi(y)
		if err != nil {
			wrong.Add(fault.Bad("cost.compare_year", "/years").With("year", y))
			continue
		}
		t.Years = append(t.Years, n)
	}
	if a.Amount != "" {
		ore, err := money.Parse(a.Amount)
		if err != nil {
			wrong.Add(fault.Bad("cost.amount_unreadable", "/amount").With("amount", a.Amount))
		}
		t.Amount = ore
	}
	return t, wrong.Err()
}

// yearsOnOffer are the years that have a period, and the next.
func (v *visit) yearsOnOffer() []string {
	years := []int{v.Today.Year(), v.Today.Year() + 1}
	for _, f := range v.County.SharedFunctions.Functions {
		for _, p := range f.Periods {
			years = append(years, p.From.Year())
		}
	}
	slices.Sort(years)
	var all []string
	for _, y := range slices.Compact(years) {
		all = append(all, strconv.Itoa(y))
	}
	return all
}

// columnName is a column's key and year, as far as they differ.
func (s compareSeen) columnName(v *visit, c costshare.ComparedColumn) string {
	name := v.Words(c.Name)
	if name == "" {
		name = c.Key
	}
	return name + " " + strconv.Itoa(c.Year)
}

// refusal tells why a column could not be worked out.
func (v *visit) refusal(c costshare.ComparedColumn) string {
	var all []string
	for _, r := range c.Refused {
		all = append(all, v.say(&fault.Fault{Key: r.Key, Args: r.Args})+". "+v.detail(r.Key, r.Args))
	}
	return strings.Join(all, " ")
}

// costFigure is what each payer would pay by up to three keys, on one scale.
type costFigure struct {
	Height, Foot int
	Title, Desc  string
	Ticks        []costTick
	Rows         []costDots
	Names        []string
	More         bool // there are more columns than the picture shows
}

type costTick struct {
	X, Label, Anchor string
	Wide             bool
}

type costDots struct {
	Y, NameY int
	Name     string
	From, To string
	Dots     []costDot
}

type costDot struct{ Class, X string }

// mostKinds is how many kinds a picture tells apart.
const mostKinds = 3

func (v *visit) costFigure(c costshare.Comparison) *costFigure {
	var cols []int
	for i, col := range c.Columns {
		if col.Refused == nil {
			cols = append(cols, i)
		}
	}
	if len(cols) < 2 || len(c.Rows) == 0 {
		return nil
	}
	f := &costFigure{Height: 40 + 34*len(c.Rows), Foot: 18 + 34*len(c.Rows), Title: v.T("cost.page.figure"), More: len(cols) > mostKinds}
	cols = cols[:min(len(cols), mostKinds)]
	most := int64(1)
	for _, r := range c.Rows {
		for _, i := range cols {
			most = max(most, r.Cells[i].Amount)
		}
	}
	step := roundStep(most)
	scale := (most + step - 1) / step * step
	x := func(ore int64) string {
		return strconv.FormatFloat(float64(ore)*100/float64(scale), 'f', 2, 64) + "%"
	}
	for n := int64(0); n <= scale; n += step {
		t := costTick{X: x(n), Label: Number(v.Lang, n/100), Anchor: "middle", Wide: n > 0 && ((scale-n)/step)%2 == 1}
		if n == scale {
			t.Label, t.Anchor = v.T("cost.page.kronor", "n", Number(v.Lang, n/100)), "end"
		}
		f.Ticks = append(f.Ticks, t)
	}
	rows := slices.Clone(c.Rows)
	slices.SortStableFunc(rows, func(a, b costshare.ComparedRow) int {
		return cmp.Compare(b.Cells[cols[0]].Amount, a.Cells[cols[0]].Amount)
	})
	for n, r := range rows {
		d := costDots{Y: 44 + 34*n, NameY: 49 + 34*n, Name: r.Short}
		least, top := scale, int64(0)
		for k, i := range cols {
			if !r.Cells[i].Pays {
				continue
			}
			least, top = min(least, r.Cells[i].Amount), max(top, r.Cells[i].Amount)
			d.Dots = append(d.Dots, costDot{fmt.Sprintf("d%d", k+1), x(r.Cells[i].Amount)})
		}
		slices.Reverse(d.Dots) // the first key lies on top
		d.From, d.To = x(least), x(max(top, least))
		f.Rows = append(f.Rows, d)
	}
	var says []string
	s := compareSeen{Comparison: c}
	for _, i := range cols {
		name := s.columnName(v, c.Columns[i])
		f.Names = append(f.Names, name)
		first, last := rows[0], rows[len(rows)-1]
		says = append(says, v.T("cost.page.figure_says", "key", name, "first", first.Name, "high", Money(v.Lang, first.Cells[i].Amount), "last", last.Name, "low", Money(v.Lang, last.Cells[i].Amount)))
	}
	f.Desc = strings.Join(says, " ")
	return f
}

// roundStep is a round step that divides a scale into three to six.
func roundStep(most int64) int64 {
	step := int64(100)
	for {
		for _, by := range []int64{1, 2, 5} {
			if most/(step*by) < 5 {
				return step * by
			}
		}
		step *= 10
	}
}
