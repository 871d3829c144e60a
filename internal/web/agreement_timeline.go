package web

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/day"
)

// timeline is the picture of what held when: x in per cent, y in pixels, so
// that its words never shrink. Its table says the same.
type timeline struct {
	Height, Foot int
	Years        []tick
	Bars         []bar
	Heading      int // y of the heading over the marks; 0: there are none
	Marks        []mark
	Now          tick
	Title, Desc  string
	Hatched      bool // whether something held before all had signed
	Rough        bool // whether a day of it is known to the year alone
	More         int  // marks that only the table has
}

type tick struct {
	X, TextX, Label, Anchor string
	Wide                    bool // whether the label steps aside on a phone
}

// bar is one thing that held for a time.
type bar struct {
	Name         string
	Y            int
	X, W, Class  string
	HX, HW       string // the part when not all had signed
	Below        []said
	Decided      *said // a decision on another day than its effect
	From, To, By string
}

// said is a word in the picture: the date always, the rest where there is room.
type said struct {
	X, Anchor, Date, Rest string
	DX, Y                 int
	Short                 string // what a phone shows instead, where it is not the date
}

// mark is one thing that happened: a diamond on a day, a band over a month,
// season or year, a dotted line up to what it happened no later than.
type mark struct {
	Y              int
	X, W           string
	Kind           string // day, span, by
	Text           said
	What, When, Of string // for the table: what, when, from what source
}

// mostMarks is how many things the picture bears.
const mostMarks = 10

// pictured tells whether a moment is drawn: goals stand as bars, texts and
// single signatures in their own tables.
func pictured(m agreement.Moment) bool {
	kind, of, _ := strings.Cut(m.Kind, ".")
	return !m.Corrected && !m.When.IsZero() && (kind == "event" || kind == "adoption" || kind == "validity" || of == "joined" || of == "left")
}

// axis turns days into per cent.
type axis struct{ from, to day.Day }

func (a axis) at(d day.Day) float64 {
	return math.Min(100, math.Max(0, 100*float64(d.Sub(a.from))/float64(a.to.Sub(a.from))))
}

func percent(x float64) string { return fmt.Sprintf("%.2f%%", x) }

// timelineOf draws an agreement's time; ok is false where nothing of it is known.
func (v *visit) timelineOf(a agreed) (t timeline, ok bool) {
	var moments []agreement.Moment
	for _, m := range slices.Backward(a.Moments) {
		if pictured(m) {
			moments = append(moments, m)
		}
	}
	ax, ok := axisOf(v, a, moments)
	if !ok {
		return t, false
	}
	t.years(ax)
	y := 44
	y = t.instrument(v, a, ax, y)
	for _, b := range a.Goals {
		if len(t.Bars) > 8 {
			break
		}
		y = t.goal(v, a, b, ax, y)
	}
	if t.Hatched { // the bar tells it
		moments = slices.DeleteFunc(moments, func(m agreement.Moment) bool { return m.Kind == "event.signed" && m.When == a.AllSigned })
	}
	if len(t.Bars) == 0 && len(moments) < 2 {
		return t, false // a day alone is no picture; it stands in the log
	}
	if len(moments) > 0 {
		t.Heading = y
		y += 22
	}
	for i, m := range moments {
		if i == mostMarks {
			t.More = len(moments) - i
			break
		}
		t.Marks = append(t.Marks, v.markOf(m, ax, y))
		y += 24
	}
	t.Foot, t.Height = y-8, y+14
	if !v.On.Before(ax.from) && v.On.Before(ax.to) {
		x := ax.at(v.On)
		t.Now = tick{X: percent(x), Label: v.T("web.agreement.today"), Anchor: "end"}
		if v.Past() {
			t.Now.Label = v.On.String()
		}
		if x < 15 {
			t.Now.Anchor = "start"
		}
	}
	t.Title = v.T("web.agreement.time_title", "from", ax.from.Year(), "to", ax.to.Year()-1)
	t.Desc = t.described(v)
	return t, true
}

// axisOf is from the first year that is known of to the last, today in it
// where that is near.
func axisOf(v *visit, a agreed, moments []agreement.Moment) (axis, bool) {
	var first, last day.Day
	take := func(ds ...day.Day) {
		for _, d := range ds {
			if d.IsZero() {
				continue
			}
			if first.IsZero() || d.Before(first) {
				first = d
			}
			if d.After(last) {
				last = d
			}
		}
	}
	take(a.Validity.ValidFrom)
	if to := a.Validity.ValidTo; !to.IsZero() {
		take(to.Add(-1))
	}
	for _, m := range moments {
		take(m.When.From, m.When.To)
	}
	for _, b := range a.Goals {
		take(b.From.Day(), b.ValidTo)
		if b.Ending == "closed" {
			take(b.Decided.Day())
		}
	}
	if first.IsZero() {
		return axis{}, false
	}
	if v.On.Year() <= last.Year()+2 || a.Validity.ValidTo.IsZero() && !a.Validity.ValidFrom.IsZero() {
		take(v.On)
	}
	return axis{day.Of(first.Year(), time.January, 1), day.Of(last.Year()+1, time.January, 1)}, true
}

func (t *timeline) years(ax axis) {
	n := ax.to.Year() - ax.from.Year()
	step := 1 + n/13
	for i := 0; i < n; i += step {
		d := day.Of(ax.from.Year()+i, time.January, 1)
		x := ax.at(d)
		t.Years = append(t.Years, tick{X: percent(x), TextX: percent(x + .6), Label: fmt.Sprint(d.Year()), Wide: n > 5 && (i/step)%2 == 1})
	}
}

func (t *timeline) instrument(v *visit, a agreed, ax axis, y int) int {
	val := a.Validity
	if val.ValidFrom.IsZero() && val.ValidTo.IsZero() {
		return y
	}
	from, to := ax.from, ax.to
	if !val.ValidFrom.IsZero() {
		from = val.ValidFrom
	}
	if !val.ValidTo.IsZero() {
		to = val.ValidTo
	}
	t.Rough = val.From.Precision != agreement.ToDay && !val.From.IsZero() || val.Until.Precision != agreement.ToDay && !val.Until.IsZero()
	b := bar{Name: capital(v.kindWord(a.Kind).One), Y: y, Class: "k5", From: v.orDash(val.From), To: v.orDash(val.Until)}
	start := from
	if d := a.AllSigned.Day(); a.Signs && d.After(from) && d.Before(to) {
		b.HX, b.HW = percent(ax.at(from)), percent(ax.at(d)-ax.at(from))
		start, t.Hatched = d, true
		b.Below = append(b.Below, ax.label(d, y+48, a.AllSigned.In(v.Lang), v.T("web.agreement.all_signed")))
		b.By = v.T("web.agreement.all_signed") + " " + v.brief(a.AllSigned)
	}
	b.X, b.W = percent(ax.at(start)), percent(ax.at(to)-ax.at(start))
	t.Bars = append(t.Bars, b)
	y += 46
	if len(b.Below) > 0 {
		y += 28
	}
	return y
}

func (t *timeline) goal(v *visit, a agreed, g branch, ax axis, y int) int {
	from, to := ax.from, ax.to
	if !a.Validity.ValidFrom.IsZero() {
		from = a.Validity.ValidFrom
	}
	if d := g.From.Day(); !d.IsZero() {
		from = d
	}
	if !a.Validity.ValidTo.IsZero() {
		to = a.Validity.ValidTo
	}
	b := bar{Name: g.Name, Y: y, Class: "k3", From: v.orDash(g.From), To: v.orDash(a.Validity.Until)}
	if g.Closed {
		to = g.ValidTo
		b.Class, b.To = "k2", g.ValidTo.String()
		l := ax.label(to, y+42, LongDay(v.Lang, to), "")
		l.Rest = v.T("web.agreement.stops")
		b.Below = append(b.Below, l)
		if d := g.Decided; !d.IsZero() && d.Day() != to {
			s := said{X: percent(ax.at(d.Day())), DX: 20, Y: y + 20, Date: d.In(v.Lang), Rest: v.T("web.agreement.decision")}
			if ax.at(d.Day()) > 75 {
				s.Anchor, s.DX = "end", -6
			}
			b.Decided = &s
		}
		b.By = strings.TrimSpace(g.Decision)
		if d := g.Decided; !d.IsZero() && !strings.Contains(b.By, d.String()) {
			b.By = strings.TrimSpace(b.By + " " + v.brief(d))
		}
	}
	b.X, b.W = percent(ax.at(from)), percent(math.Max(.3, ax.at(to)-ax.at(from)))
	t.Bars = append(t.Bars, b)
	if len(b.Below) > 0 {
		return y + 64
	}
	return y + 46
}

// label stands under a day, to its right where there is room and else to its left.
func (a axis) label(d day.Day, y int, date, rest string) said {
	s := said{X: percent(a.at(d)), Y: y, Date: date, Rest: rest}
	if a.at(d) > 55 {
		s.Anchor, s.DX = "end", -6
	}
	return s
}

func (v *visit) markOf(m agreement.Moment, ax axis, y int) mark {
	what := v.happening(m)
	k := mark{Y: y, Kind: "day", What: what, When: v.brief(m.When), Of: m.Source, X: percent(ax.at(m.When.Day()))}
	begin, end := ax.at(m.When.Day()), ax.at(m.When.Day())
	switch m.When.Precision {
	case agreement.ToDay:
	case agreement.By:
		k.Kind, begin = "by", math.Max(0, end-12)
		k.X, k.W = percent(begin), percent(end)
	default:
		k.Kind, end = "span", ax.at(m.When.To.Add(1))
		k.W = percent(math.Max(.6, end-begin))
	}
	k.Text = said{X: percent(end), DX: 14, Y: y + 4, Date: m.When.In(v.Lang), Rest: what}
	if len([]rune(what)) <= 24 {
		k.Text.Short = what
	}
	if k.Kind == "span" {
		k.Text.DX = 6
	}
	if end > 55 {
		k.Text.X, k.Text.Anchor, k.Text.DX = percent(begin), "end", -12
	}
	return k
}

// described is the picture in sentences.
func (t timeline) described(v *visit) string {
	var s []string
	for _, b := range t.Bars {
		said := v.T("web.agreement.bar", "name", b.Name, "from", b.From, "to", b.To)
		if b.By != "" {
			said += " " + capital(b.By) + "."
		}
		s = append(s, said)
	}
	for _, m := range t.Marks {
		s = append(s, capital(m.When)+": "+m.What+".")
	}
	return strings.Join(s, " ")
}

// orDash is a date in the table, or that it is not known.
func (v *visit) orDash(w agreement.When) string {
	if w.IsZero() {
		return v.T("web.agreement.unknown_day")
	}
	return v.brief(w)
}

// note is the picture's second line: what is worth seeing in it.
func (t timeline) note(v *visit, a agreed) string {
	var s []string
	if t.Hatched {
		s = append(s, v.T("web.agreement.note_unsigned"))
	}
	if a.Closed > 0 && a.Standing > 0 {
		w := v.levelWord(a.Top)
		key := "web.agreement.note_goals"
		if a.State.HasEnded() {
			key = "web.agreement.note_goals_ended"
		}
		s = append(s, v.Lang.T(key, "count", a.Standing, "n", capital(v.spelled(a.Standing, w.Gender)), "all", v.spelled(a.Standing+a.Closed, w.Gender), "goals", w.Of(a.Standing+a.Closed)))
	}
	return strings.Join(s, " ")
}

// source says where the picture's days are from, and what it draws more closely than is known.
func (t timeline) source(v *visit, a agreed) string {
	var s []string
	if a.Source != "" {
		s = append(s, stopped(v.T("web.source", "source", a.Source)))
	}
	if t.Rough {
		s = append(s, v.T("web.agreement.whole_years"))
	}
	return strings.Join(s, " ")
}

func (t timeline) has(kind string) bool {
	return slices.ContainsFunc(t.Marks, func(m mark) bool { return m.Kind == kind })
}

func (t timeline) decisions() bool {
	return slices.ContainsFunc(t.Bars, func(b bar) bool { return b.Decided != nil })
}
