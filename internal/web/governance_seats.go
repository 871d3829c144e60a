package web

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/tenant"
)

// How a chair is taken.
const (
	chairHeld   = "on"   // somebody holds it
	chairDeputy = "half" // nobody does, and a deputy serves
	chairVacant = "none"
)

// chair is a place at a body's table as the page shows it.
type chair struct {
	governance.Member
	N      int // its number in the picture and the table
	State  string
	Since  day.Day
	MayAct bool // whether the reader may sit somebody on it
	Whose  string
	Note   string // how it stands at the table, where it is no ordinary seat
	Open   bool   // whether it is told of to everybody: whose it is, and not who sits there
}

// Who is the mandate of who serves the place: its holder, or else the deputy who
// is called first.
func (c chair) Who() *governance.Mandate {
	switch c.State {
	case chairHeld:
		return c.Holder
	case chairDeputy:
		return &c.Deputies[0]
	}
	return nil
}

// Counts tells whether the place is one of those that are counted: a guest's is not.
func (c chair) Counts() bool { return c.Seat.Standing != tenant.SeatGuest }

// chairs are a body's places in the order in which they sit: who leads first,
// then municipalities, then the others, at last those that stand only when
// offered, without a vote, or as guests.
func (v *visit) chairs(b tenant.Body, ms []governance.Member) []chair {
	all := make([]chair, len(ms))
	for i, m := range ms {
		all[i] = v.chair(m)
	}
	head := slices.IndexFunc(all, func(c chair) bool { return leadsFrom(b, c) })
	order := func(c chair) int {
		switch {
		case c.Seat.Standing == tenant.SeatGuest:
			return 5
		case c.Seat.Standing == tenant.SeatAdjunct:
			return 4
		case c.Seat.Optional():
			return 3
		case len(c.Parties) == 1 && c.Parties[0].Type == "municipality":
			return 1
		}
		return 2
	}
	if head >= 0 {
		first := all[head]
		all = slices.Insert(slices.Delete(all, head, head+1), 0, first)
		slices.SortStableFunc(all[1:], func(x, y chair) int { return order(x) - order(y) })
	} else {
		slices.SortStableFunc(all, func(x, y chair) int { return order(x) - order(y) })
	}
	for i := range all {
		all[i].N = i + 1
	}
	return all
}

// leadsFrom tells whether whoever leads the body sits on the chair.
func leadsFrom(b tenant.Body, c chair) bool {
	return b.Chair.By == tenant.ByOffice && b.Chair.Organisation != "" && c.Counts() &&
		slices.ContainsFunc(c.Parties, func(p governance.Party) bool { return p.Key == b.Chair.Organisation })
}

func (v *visit) chair(m governance.Member) chair {
	c := chair{Member: m, State: chairVacant, Since: m.VacantSince, MayAct: v.mayAppoint(m.Parties)}
	switch {
	case m.Holder != nil:
		c.State, c.Since = chairHeld, m.Holder.From
	case len(m.Deputies) > 0:
		c.State, c.Since = chairDeputy, m.Deputies[0].From
	}
	c.Whose = v.whose(m.Place)
	if s := m.Seat.Standing; s != "" && s != tenant.SeatOrdinary {
		c.Note = v.value("standing", s)
	}
	if name := v.Words(m.Seat.Name); name != "" && len(m.Parties) == 1 {
		if c.Note != "" {
			c.Note = ", " + c.Note
		}
		c.Note = tenant.Capital(name + c.Note)
	}
	return c
}

// whose is what a place is called at the table: its one party, or else the
// seat's own name, with its number where there are several.
func (v *visit) whose(p governance.Place) string {
	name := v.Words(p.Seat.Name)
	var parties []string
	for _, of := range p.Parties {
		parties = append(parties, of.Name)
	}
	if len(parties) == 1 || name == "" {
		name = strings.Join(parties, ", ")
	}
	if name == "" {
		name = p.Key
	}
	if _, n, numbered := strings.Cut(p.Key, "#"); numbered {
		name += " " + n
	}
	return tenant.Capital(name)
}

// seatMap is the table as it is seen from above.
type seatMap struct {
	View             string // the picture's box
	TableY, TableH   int
	Sitters          []sitter
	CountY, OfY      int
	Held, All        int
	Title, Desc      string
	Deputies, Square bool // whether the keys tell of these
	Vacant           bool
	Open             bool // whether it tells whose the chairs are, and not who sits there
}

// sitter is one chair in the picture.
type sitter struct {
	X, Y, NumberX, NumberY, TextX string
	NameY, BelowY                 string
	Half                          string // path of the half disc
	Anchor, Name, Below           string
	State                         string
	Square, Lost                  bool
	N                             int
}

const (
	mostSitters = 60  // more than so many are told in the table alone
	aisle       = 54  // from one chair to the next
	away        = 98  // from the middle of the table to a chair
	middle      = 360 // x of the middle
	tableTop    = 70
	rounding    = 72 // radius of the table's ends
	disc        = 13 // radius of a chair
)

// seatMap lays the chairs around the table. It is nil where there is no table
// to see: no chair, or more than can be told apart.
func (v *visit) seatMap(b tenant.Body, all []chair) *seatMap {
	var head, left, right, foot []chair
	for i, c := range all {
		switch {
		case !c.Counts():
		case i == 0 && leadsFrom(b, c):
			head = append(head, c)
		case c.Seat.Optional():
			foot = append(foot, c)
		case len(c.Parties) == 1 && c.Parties[0].Type == "municipality":
			left = append(left, c)
		default:
			right = append(right, c)
		}
	}
	n := len(head) + len(left) + len(right) + len(foot)
	if n < 2 || n > mostSitters {
		return nil
	}
	if len(left) == 0 || len(right) == 0 { // one sort alone sits on both sides
		sides := slices.Concat(left, right)
		left, right = sides[:(len(sides)+1)/2], sides[(len(sides)+1)/2:]
	}
	rows := max(len(left), len(right), 1)
	s := &seatMap{TableY: tableTop, TableH: max(aisle*rows+14, 2*rounding)}
	bottom := s.TableY + s.TableH
	first := tableTop + 47 + (s.TableH-aisle*rows-14)/2
	for _, c := range head {
		s.sit(v, c, middle, tableTop-26, "", middle, tableTop+24)
	}
	for _, side := range []struct {
		chairs []chair
		sign   float64
		anchor string
	}{{left, -1, "end"}, {right, 1, "start"}} {
		for i, c := range side.chairs {
			y := float64(first + aisle*i)
			out := 0.0
			switch {
			case y < float64(tableTop+rounding):
				out = float64(tableTop+rounding) - y
			case y > float64(bottom-rounding):
				out = y - float64(bottom-rounding)
			}
			x := middle + side.sign*math.Sqrt(away*away-out*out)
			s.sit(v, c, x, y, side.anchor, x-side.sign*40, y+5)
		}
	}
	for i, c := range foot {
		y := float64(bottom + 34 + aisle*i)
		s.sit(v, c, middle, y, "", middle-30, y+5)
	}
	height := bottom + 32
	if len(foot) > 0 {
		height = bottom + 34 + aisle*(len(foot)-1) + 32
	}
	s.View = "0 0 720 " + strconv.Itoa(height)
	s.CountY, s.OfY = s.TableY+s.TableH/2+4, s.TableY+s.TableH/2+22
	s.tell(v, b, all)
	return s
}

// sit puts a chair in the picture, with its number on the table.
func (s *seatMap) sit(v *visit, c chair, x, y float64, anchor string, numberX, numberY float64) {
	at := sitter{X: px(x), Y: px(y), NumberX: px(numberX), NumberY: px(numberY), NameY: px(y - 3), BelowY: px(y + 15), Anchor: anchor, State: c.State, N: c.N,
		Square: c.Seat.Optional(), Name: clipped(brief(c), 31), Lost: c.State == chairVacant}
	at.TextX = px(x + 24)
	if anchor == "end" {
		at.TextX = px(x - 24)
	}
	at.Half = "M" + px(x) + " " + px(y-disc) + "A13 13 0 0 0 " + px(x) + " " + px(y+disc) + "Z"
	switch who := c.Who(); {
	case c.Open:
		at.Below = v.value("level", c.Seat.Level)
	case who == nil && c.Since.IsZero():
		at.Below = v.T("governance.page.vacant")
	case who == nil:
		at.Below = v.T("governance.page.vacant_since", "day", LongDay(v.Lang, c.Since))
	case c.State == chairDeputy:
		at.Below = v.T("governance.page.deputy_who", "name", who.Name)
	default:
		at.Below = who.Name
	}
	at.Below = clipped(at.Below, 38)
	s.Sitters = append(s.Sitters, at)
	s.Deputies = s.Deputies || c.State == chairDeputy
	s.Vacant = s.Vacant || c.State == chairVacant
	s.Square = s.Square || at.Square
}

// brief is a chair's name where there is little room.
func brief(c chair) string {
	if len([]rune(c.Whose)) > 31 && len(c.Parties) == 1 && c.Parties[0].ShortName != "" {
		return c.Parties[0].ShortName
	}
	return c.Whose
}

// tell says what the picture shows.
func (s *seatMap) tell(v *visit, b tenant.Body, all []chair) {
	name := v.bodyName(b)
	var deputies int
	var vacant []string
	for _, c := range all {
		switch {
		case !c.Counts():
			continue
		case c.State == chairHeld:
			s.Held++
		case c.State == chairDeputy:
			deputies++
		default:
			vacant = append(vacant, c.Whose)
		}
		s.All++
	}
	s.Title = v.T("governance.page.map", "body", name)
	if s.Open = slices.ContainsFunc(all, func(c chair) bool { return c.Open }); s.Open {
		s.Desc = v.T("governance.public.map", "count", s.All)
		return
	}
	says := []string{v.T("governance.page.map_held", "count", s.All, "held", s.Held)}
	if deputies > 0 {
		says = append(says, v.T("governance.page.map_deputies", "count", deputies))
	}
	if len(vacant) > 0 {
		says = append(says, v.T("governance.page.map_vacant", "count", len(vacant), "who", v.series(vacant)))
	}
	s.Desc = strings.Join(says, " ")
}

func px(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

func clipped(s string, letters int) string {
	if r := []rune(s); len(r) > letters {
		return strings.TrimSpace(string(r[:letters-1])) + "…"
	}
	return s
}
