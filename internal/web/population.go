package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/tenant"
)

// The pages of the national register of population: everybody reads them.
const (
	populationAt      = "/sverige/population"
	populationImports = populationAt + "/imports"
)

func (d *Door) populationRoutes() []route {
	return slices.Concat([]route{
		get(populationAt, d.page(open, d.register)),
		get(populationAt+"/{code}", d.page(open, d.municipality)),
		get(populationImports+"/{id}", d.importPage),
		post(populationImports+"/{id}/confirm", d.act(members, importDecided(population.Confirm))),
		post(populationImports+"/{id}/discard", d.act(members, importDecided(population.Discard))),
	}, both(populationImports, intake{d}))
}

// daysShown is how many reference days a county's table has room for.
const daysShown = 6

// registerSeen is the register as its page shows it: one county's figures.
type registerSeen struct {
	Counties       []option
	County         tenant.OfficialCounty
	Days           []day.Day // the latest last, as a row is read
	More           bool      // whether there are days before those
	Rows           []registerRow
	Sum            []string // "" where a municipality has none
	First, Last    day.Day  // of the whole register; none: it is empty
	Municipalities int      // of the whole register
	MayImport      bool
}

// registerRow is a municipality's figures, one for each day.
type registerRow struct {
	Code, Name string
	Figures    []population.Figure // a zero count where there is none
}

func (d *Door) register(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	days, err := population.Days(ctx, tx)
	if err != nil {
		return nil, err
	}
	known, err := population.Counties(ctx, tx)
	if err != nil {
		return nil, err
	}
	s := registerSeen{MayImport: v.Actor.Tenant == pg.Nation && v.Actor.May(auth.PopulationChange)}
	if len(days) > 0 {
		s.First, s.Last = days[len(days)-1].Day, days[0].Day
	}
	for _, n := range known {
		s.Municipalities += n
	}
	all := tenant.OfficialCounties()
	slices.SortFunc(all, func(a, b tenant.OfficialCounty) int { return swedish(a.Name, b.Name) })
	for _, c := range all {
		s.Counties = append(s.Counties, option{c.Code, c.Name})
	}
	if s.County, err = v.countyAsked(all, known); err != nil {
		return nil, err
	}
	figures, _, err := population.List(ctx, tx, population.Filter{County: s.County.Code, Limit: population.MaxLines, Page: 1})
	if err != nil {
		return nil, err
	}
	s.fill(v, figures)
	return populationPage(v, s), nil
}

// countyAsked is the county that the address asks for, or else the visitor's own,
// or else the first that has figures.
func (v *visit) countyAsked(all []tenant.OfficialCounty, known map[string]int) (tenant.OfficialCounty, error) {
	if asked := v.Asked("county"); asked != "" {
		c, ok := tenant.CountyByCode(asked)
		if !ok {
			return c, fault.Missing()
		}
		return c, nil
	}
	if own, ok := tenant.CountyBySlug(v.Actor.Tenant); ok {
		return own, nil
	}
	for _, c := range all {
		if known[c.Code] > 0 {
			return c, nil
		}
	}
	return all[0], nil
}

// fill makes the table of a county's figures.
func (s *registerSeen) fill(v *visit, figures []population.Figure) {
	for _, f := range figures {
		switch { // the latest first
		case slices.Contains(s.Days, f.Day):
		case len(s.Days) == daysShown:
			s.More = true
		default:
			s.Days = append(s.Days, f.Day)
		}
	}
	slices.Reverse(s.Days)
	sums, whole := make([]int64, len(s.Days)), make([]bool, len(s.Days))
	for i := range whole {
		whole[i] = true
	}
	for _, m := range tenant.Municipalities(s.County.Code) {
		r := registerRow{Code: m.Code, Name: m.Name, Figures: make([]population.Figure, len(s.Days))}
		for _, f := range figures {
			if i := slices.Index(s.Days, f.Day); i >= 0 && f.Municipality == m.Code {
				r.Figures[i] = f
			}
		}
		for i, f := range r.Figures {
			sums[i] += f.Count
			whole[i] = whole[i] && f.Count > 0
		}
		s.Rows = append(s.Rows, r)
	}
	slices.SortFunc(s.Rows, func(a, b registerRow) int { return swedish(a.Name, b.Name) })
	s.Sum = make([]string, len(s.Days))
	for i, n := range sums {
		if whole[i] {
			s.Sum[i] = Number(v.Lang, n)
		}
	}
}

func (s registerSeen) lead(v *visit) string {
	if s.Last.IsZero() {
		return v.T("population.page.lead_none")
	}
	return v.T("population.page.lead", "municipalities", s.Municipalities, "last", LongDay(v.Lang, s.Last), "first", LongDay(v.Lang, s.First))
}

func (s registerSeen) notes(v *visit) []string {
	if len(s.Days) == 0 {
		return nil
	}
	notes := []string{v.T("population.page.dash_note"), v.T("population.page.sum_note")}
	if s.More {
		notes = append(notes, v.T("population.page.days_note", "count", len(s.Days)))
	}
	return notes
}

// municipalitySeen is a municipality's figures as their page shows them.
type municipalitySeen struct {
	tenant.Municipality
	County  tenant.OfficialCounty
	Rows    []figureRow         // the newest revisions, the latest day first
	Revised []population.Figure // every revision of the days that have several
	Picture *lineFigure
}

// figureRow is a figure and how far it is from the day before it.
type figureRow struct {
	population.Figure
	Difference string
}

func (d *Door) municipality(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	m, ok := tenant.MunicipalityByCode(v.r.PathValue("code"))
	if !ok {
		return nil, fault.Missing()
	}
	s := municipalitySeen{Municipality: m}
	s.County, _ = tenant.CountyByCode(m.County)
	history, err := population.History(ctx, tx, m.Code)
	if err != nil {
		return nil, err
	}
	several := map[day.Day]bool{}
	for _, f := range history {
		if n := len(s.Rows); n > 0 && s.Rows[n-1].Day == f.Day {
			several[f.Day] = true
			continue
		}
		s.Rows = append(s.Rows, figureRow{Figure: f})
	}
	for i := range len(s.Rows) - 1 {
		s.Rows[i].Difference = Difference(v.Lang, s.Rows[i].Count-s.Rows[i+1].Count)
	}
	for _, f := range history {
		if several[f.Day] {
			s.Revised = append(s.Revised, f)
		}
	}
	s.Picture = v.lineFigure(s.Rows)
	return municipalityPage(v, s), nil
}

func (s municipalitySeen) lead(v *visit) string {
	if len(s.Rows) == 0 {
		return v.T("population.one.lead_none")
	}
	now := s.Rows[0]
	says := []string{v.T("population.one.lead", "number", Number(v.Lang, now.Count), "day", LongDay(v.Lang, now.Day))}
	if len(s.Rows) > 1 {
		says = append(says, v.T("population.one.lead_since", "difference", now.Difference, "day", LongDay(v.Lang, s.Rows[1].Day)))
	}
	return strings.Join(says, " ")
}

func (s municipalitySeen) crumbs(v *visit) []crumb {
	return []crumb{{v.T("population.page.title"), populationAt + "?county=" + s.County.Code}}
}

// lineFigure is how figures have gone over time: a line with a mark for each.
type lineFigure struct {
	Levels      []lineLevel
	Lines       []lineSegment
	Marks       []lineMark
	First, Last figureRow
	Low         string
}

type lineLevel struct{ Y, TextY, Label string }

type lineSegment struct{ X1, Y1, X2, Y2 string }

type lineMark struct {
	X, Y, Label, LabelY, Anchor string
	Year, YearY                 string
}

const (
	lineTop    = 30  // of the picture's plot, in pixels
	lineBottom = 184 // and its foot
)

// lineFigure draws figures, the latest first; nil where there are fewer than two.
func (v *visit) lineFigure(rows []figureRow) *lineFigure {
	if len(rows) < 2 {
		return nil
	}
	first, last := rows[len(rows)-1], rows[0]
	f := &lineFigure{First: first, Last: last}
	low, high := last.Count, last.Count
	for _, r := range rows {
		low, high = min(low, r.Count), max(high, r.Count)
	}
	step := stepOf(high - low)
	low, high = low/step*step, (high+step-1)/step*step
	if high == low {
		high += step
	}
	f.Low = Number(v.Lang, low)
	y := func(n int64) int { return lineBottom - int((lineBottom-lineTop)*(n-low)/(high-low)) }
	for n := low; n <= high; n += step {
		f.Levels = append(f.Levels, lineLevel{strconv.Itoa(y(n)), strconv.Itoa(y(n) - 4), Number(v.Lang, n)})
	}
	// Room for the levels' numbers to the left; words keep within the picture.
	x := func(d day.Day) string {
		return percent(24 + 74*float64(d.Sub(first.Day))/float64(last.Day.Sub(first.Day)))
	}
	for i, r := range slices.Backward(rows) {
		m := lineMark{X: x(r.Day), Y: strconv.Itoa(y(r.Count))}
		beside := r // whose line the words are not to stand on
		switch i {
		case 0:
			m.Anchor, beside = "end", rows[1]
		case len(rows) - 1:
			m.Anchor, beside = "start", rows[i-1]
		}
		if m.Anchor != "" {
			m.Label, m.Year, m.YearY, m.LabelY = Number(v.Lang, r.Count), r.Day.String(), strconv.Itoa(lineBottom+40), "-10"
			if beside.Count > r.Count {
				m.LabelY = "20"
			}
		}
		f.Marks = append(f.Marks, m)
		if i > 0 {
			f.Lines = append(f.Lines, lineSegment{x(r.Day), m.Y, x(rows[i-1].Day), strconv.Itoa(y(rows[i-1].Count))})
		}
	}
	return f
}

// scale says where the scale begins, where that is not at nothing.
func (f lineFigure) scale(v *visit) []string {
	if f.Low == "0" {
		return nil
	}
	return []string{v.T("population.one.picture_scale", "low", f.Low)}
}

// stepOf is how far apart the lines of a scale stand: 1, 2 or 5 of some size, and
// no more than four of them in the span.
func stepOf(span int64) int64 {
	for size := int64(1); ; size *= 10 {
		for _, n := range []int64{1, 2, 5} {
			if step := n * size; span <= 4*step {
				return step
			}
		}
	}
}
