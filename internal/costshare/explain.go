package costshare

import (
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/money"
	"github.com/overens/overens/internal/text"
)

// Line is a line of a sum that is written out: what, by which sign, how much.
type Line struct {
	Label, Sign, Value string
	Result             bool // what the lines above come to
	Begins             bool // where another figure begins
}

// Sum is how something came about, top to bottom. Name is empty where there is
// one alone.
type Sum struct {
	Name  string
	Lines []Line
}

// Explain writes out how a payer's share of a run came about, in words and
// figures that can be checked by hand: on the page and on paper the same.
func Explain(l text.Lang, r Run, payer uuid.UUID) []Sum {
	p, s, ok := r.Shares(payer)
	if !ok {
		return nil
	}
	e := explaining{l: l, r: r, p: p, s: s}
	if e.s.Limit != "" {
		return []Sum{e.limited()}
	}
	var sums []Sum
	for n, step := range e.s.Steps {
		if r.Result.Parts[n].Weights > 0 {
			sums = append(sums, e.step(n, step))
		}
	}
	if len(e.s.Steps) > 1 || e.s.Over > 0 {
		sums = append(sums, e.together())
	}
	return sums
}

type explaining struct {
	l text.Lang
	r Run
	p Payer
	s Share
}

func (e explaining) money(ore int64) string { return money.Format(ore, string(e.l)) }
func (e explaining) number(n int64) string  { return money.Decimal(n, 0, string(e.l)) }

func (e explaining) pays() Line {
	return Line{Label: e.l.T("cost.page.sum.pays"), Sign: "=", Value: e.money(e.s.Amount), Result: true}
}

func (e explaining) limited() Sum {
	limit, label := e.r.Input.Key.Floor, e.l.T("cost.page.sum.limit_floor")
	if e.s.Limit == AtCap {
		limit, label = e.r.Input.Key.Cap, e.l.T("cost.page.sum.limit_cap")
	}
	lines := []Line{{Label: label, Value: e.money(limit)}}
	if e.p.Days != e.r.Input.Days {
		lines = append(lines, Line{Label: e.l.T("cost.page.sum.days", "days", e.p.Days, "of", e.r.Input.Days), Sign: "×",
			Value: strconv.FormatInt(e.p.Days, 10) + "/" + strconv.FormatInt(e.r.Input.Days, 10)})
	}
	if e.s.Over > 0 {
		lines = append(lines, Line{Label: e.l.T("cost.page.sum.over"), Sign: "+", Value: e.money(e.s.Over)})
	}
	return Sum{Lines: append(lines, e.pays())}
}

// by is what a part is shared by, in words.
func (e explaining) by(by string) string { return e.l.T("cost.page.by." + by) }

func (e explaining) part(n int, by string) string {
	return e.l.T("cost.page.sum.part", "number", n+1, "by", e.by(by))
}

func (e explaining) unit() string {
	if e.r.Input.Key.Unit == Krona {
		return "krona"
	}
	return "ore"
}

func (e explaining) step(n int, step Step) Sum {
	part := e.r.Result.Parts[n]
	several := len(e.s.Steps) > 1
	sum := Sum{}
	label := e.l.T("cost.page.sum.cost", "period", Period(e.l, e.r.From, e.r.Until))
	if several {
		sum.Name = e.part(n, step.By)
	}
	if several || part.Amount != e.r.Shared {
		label = e.l.T("cost.page.sum.part_amount", "by", e.by(step.By))
	}
	sum.Lines = append(sum.Lines, Line{Label: label, Value: e.money(part.Amount)})
	sum.Lines = append(sum.Lines, e.weight(step)...)
	common := int64(1) // what all weights are multiplied with
	if !Partial(e.r) {
		common = e.r.Input.Days
	}
	sum.Lines = append(sum.Lines,
		Line{Label: e.l.T("cost.page.sum.all_" + step.By), Sign: "÷", Value: e.number(part.Weights / common)},
		Line{Label: e.l.T("cost.page.sum.portion", "name", e.p.Name), Sign: "=", Value: e.portion(step.Weight, part.Weights), Result: true},
		Line{Label: e.l.T("cost.page.sum.whole_"+e.unit(), "amount", e.money(part.Amount), "own", e.number(step.Weight/common), "all", e.number(part.Weights/common)),
			Value: e.money(step.Whole), Begins: true})
	if step.Extra {
		sum.Lines = append(sum.Lines, Line{Label: e.l.T("cost.page.sum.extra_" + e.unit()), Sign: "+", Value: e.money(step.Amount - step.Whole)})
	}
	if several || e.s.Over > 0 {
		sum.Lines = append(sum.Lines, Line{Label: e.l.T("cost.page.sum.of_part"), Sign: "=", Value: e.money(step.Amount), Result: true})
	} else {
		sum.Lines = append(sum.Lines, e.pays())
	}
	return sum
}

// weight is what the payer weighs: its population, per cent and days.
func (e explaining) weight(step Step) []Line {
	first := Line{Label: e.l.T("cost.page.sum.equal", "name", e.p.Name), Value: e.number(step.Count), Begins: true}
	switch step.By {
	case ByPopulation:
		first.Label = e.l.T("cost.page.sum.lives", "name", e.p.Name, "day", e.l.LongDay(e.p.Population.Day.Date()))
	case ByFixed:
		first.Label = e.l.T("cost.page.sum.fixed", "name", e.p.Name)
	}
	lines := []Line{first}
	if step.Percent != 1 {
		lines = append(lines, Line{Label: e.l.T("cost.page.sum.percent"), Sign: "×", Value: e.number(step.Percent)})
	}
	if Partial(e.r) {
		lines = append(lines, Line{Label: e.l.T("cost.page.sum.days", "days", step.Days, "of", e.r.Input.Days), Sign: "×", Value: e.number(step.Days)})
	}
	return lines
}

// portion is a part of a whole in per cent, with four decimals.
func (e explaining) portion(part, whole int64) string {
	said := money.Decimal(apportion(1_000_000, []int64{part, whole - part}, whole)[0].units(), 4, string(e.l))
	if e.l == text.English {
		return said + "%"
	}
	return said + "\u00a0%"
}

func (e explaining) together() Sum {
	sum := Sum{Name: e.l.T("cost.page.sum.together")}
	for n, step := range e.s.Steps {
		line := Line{Label: e.part(n, step.By), Value: e.money(step.Amount)}
		if n > 0 {
			line.Sign = "+"
		}
		sum.Lines = append(sum.Lines, line)
	}
	if e.s.Over > 0 {
		sum.Lines = append(sum.Lines, Line{Label: e.l.T("cost.page.sum.over"), Sign: "+", Value: e.money(e.s.Over)})
	}
	sum.Lines = append(sum.Lines, e.pays())
	return sum
}

// Less is what a later run bills: the share, less what is billed already.
func Less(l text.Lang, s Statement) Sum {
	m := func(ore int64) string { return money.Format(ore, string(l)) }
	return Sum{Name: l.T("cost.page.less_title"), Lines: []Line{{Label: l.T("cost.page.share"), Value: m(s.Share)},
		{Label: l.T("cost.page.before"), Sign: "−", Value: m(s.Before)}, {Label: l.T("cost.page.to_pay"), Sign: "=", Value: m(s.Billed), Result: true}}}
}

// Partial tells whether some share the cost for a part of the period only.
func Partial(r Run) bool {
	return slices.ContainsFunc(r.Input.Payers, func(p Payer) bool { return p.Days != r.Input.Days })
}

// Period writes a period: a whole year by its number.
func Period(l text.Lang, from, until day.Day) string {
	if from == day.Of(from.Year(), 1, 1) && until == day.Of(from.Year(), 12, 31) {
		return strconv.Itoa(from.Year())
	}
	return l.T("cost.page.span", "from", l.LongDay(from.Date()), "last", l.LongDay(until.Date()))
}

// Grounds says on what ground the cost is shared, and by which key and rules,
// each a sentence.
func Grounds(l text.Lang, r Run) []string {
	f := r.Input.Function
	ss := []string{l.T("cost.page.why.text", "employer", f.Employer, "function", f.Name.In(string(l)), "count", len(r.Input.Payers))}
	if ground := GroundOf(l, f.Decision, f.On, f.Until, f.Notice); ground != "" {
		ss = append(ss, l.T("cost.page.why.ground", "ground", ground))
	}
	return ss
}

// GroundOf tells by what decision a cost is shared, and for how long it holds.
func GroundOf(l text.Lang, decision string, on, until day.Day, notice bool) string {
	said := decision
	if !on.IsZero() {
		said = l.T("cost.page.ground", "decision", decision, "day", l.LongDay(on.Date()))
	}
	switch {
	case !until.IsZero():
		said += ", " + l.T("cost.page.until", "day", l.LongDay(until.Date()))
	case notice:
		said += ", " + l.T("cost.page.further_notice")
	}
	return said
}

// KeyName is a key by its name, with which version of it.
func KeyName(l text.Lang, k Key) string {
	return l.T("cost.page.key_version", "key", k.Name.In(string(l)), "number", k.Number)
}

// Rules are what a key says, each a sentence.
func Rules(l text.Lang, k Key) []string {
	m := func(ore int64) string { return money.Format(ore, string(l)) }
	var rs []string
	switch len(k.Parts) {
	case 0:
	case 1:
		rs = append(rs, partRule(l, k.Parts[0]))
	default:
		whole, said := int64(0), ""
		for _, p := range k.Parts {
			whole += p.Portion
		}
		for i, p := range k.Parts {
			if i > 0 {
				said += ", "
			}
			said += l.T("cost.page.rule.portion", "portion", p.Portion, "whole", whole, "by", l.T("cost.page.by."+p.By))
		}
		rs = append(rs, l.T("cost.page.rule.mixed", "parts", said))
		for _, p := range k.Parts {
			if p.By == ByPopulation {
				rs = append(rs, l.T("cost.page.rule.reference", "day", l.LongDay(p.Reference.Date())))
			}
		}
	}
	if k.Floor > 0 {
		rs = append(rs, l.T("cost.page.rule.floor", "amount", m(k.Floor)))
	}
	if k.Cap > 0 {
		rs = append(rs, l.T("cost.page.rule.cap", "amount", m(k.Cap)))
	}
	if k.Unit == Krona {
		rs = append(rs, l.T("cost.page.rule.unit_krona"))
	} else {
		rs = append(rs, l.T("cost.page.rule.unit_ore"))
	}
	return append(rs, l.T("cost.page.rule.remainder"))
}

func partRule(l text.Lang, p Part) string {
	switch p.By {
	case ByPopulation:
		return l.T("cost.page.rule.population", "day", l.LongDay(p.Reference.Date()))
	case ByEqual:
		return l.T("cost.page.rule.equal")
	}
	return l.T("cost.page.rule.fixed")
}

// Sources are where the populations come from, each once.
func Sources(l text.Lang, r Run) []string {
	var all []string
	for _, p := range r.Input.Payers {
		if p.Population == nil {
			continue
		}
		said := l.T("cost.page.source", "source", p.Population.Source, "day", l.LongDay(p.Population.Day.Date()))
		if p.Population.Revision > 1 {
			said = l.T("cost.page.source_revised", "source", p.Population.Source, "day", l.LongDay(p.Population.Day.Date()), "revision", p.Population.Revision)
		}
		if !slices.Contains(all, said) {
			all = append(all, said)
		}
	}
	return all
}
