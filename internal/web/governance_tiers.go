package web

import (
	"slices"
	"strconv"
	"strings"
)

// tierPicture is who stands under whom and who prepares for whom: a body on
// each line, set in by how many stand above it, with a line up to each. Lines
// and type are in pixels, so that the picture is as readable on a phone.
type tierPicture struct {
	Height int
	Lines  []tierLine
	Bodies []tierMark
	Desc   string
	Links  bool // whether any body stands under another, or prepares for one
}

// tierLine leads from a body down and in to one that stands under it.
type tierLine struct {
	Path     string
	Prepares bool // it prepares for the other, rather than stands under it
}

type tierMark struct {
	X, Y, TextX int
	Name        []string // on lines
	NameY       []int
	Below       string
	BelowY      int
	Leads       string
	Class       string
}

// rank puts each body under those above it: those that it stands under, and
// those that it prepares for. The configuration refuses circles among the
// first; among the second one is cut where it closes.
func rank(cards []bodyCard) {
	at := map[string]int{}
	for i, c := range cards {
		at[c.Key] = i
	}
	ranks := map[string]int{}
	var of func(key string, asking []string) int
	of = func(key string, asking []string) int {
		if n, known := ranks[key]; known {
			return n
		}
		i, there := at[key]
		if !there || slices.Contains(asking, key) {
			return -1
		}
		n := 0
		for _, above := range slices.Concat(cards[i].Body.Under, cards[i].PreparesFor) {
			n = max(n, of(above, append(asking, key))+1)
		}
		ranks[key] = n
		return n
	}
	for i := range cards {
		cards[i].Rank = of(cards[i].Key, nil)
	}
}

const (
	tierTop   = 26 // y of the first mark
	tierStep  = 54 // from one body to the next
	tierLine2 = 18 // a second line of a name
	tierIn    = 34 // how far a tier is set in
	tierWide  = 34 // how many letters of a name a phone has room for
)

// tiers draws the bodies, each after the first that it stands under.
func (v *visit) tiers(cards []bodyCard) tierPicture {
	var p tierPicture
	y := tierTop
	place := map[string]tierMark{}
	for _, i := range inTiers(cards) {
		c := cards[i]
		m := tierMark{X: 12 + tierIn*c.Rank, Y: y, Name: wrapped(c.Name, tierWide-4*c.Rank), Class: c.Class}
		m.TextX = m.X + 20
		for n := range m.Name {
			m.NameY = append(m.NameY, y+tierLine2*n)
		}
		m.BelowY = y + tierLine2*len(m.Name)
		m.Below = c.Kind + " · " + c.Filled
		if c.Leads != "" {
			m.Leads = v.T("governance.page.led_by", "who", small(c.Leads))
		}
		p.Bodies = append(p.Bodies, m)
		place[c.Key] = m
		y += tierStep + tierLine2*(len(m.Name)-1)
	}
	p.Height = y - tierStep + 34
	for _, c := range cards {
		to := place[c.Key]
		link := func(above string, prepares bool) {
			from, ok := place[above]
			if !ok || above == c.Key {
				return
			}
			p.Links = true
			p.Lines = append(p.Lines, tierLine{Path: elbow(from, to, prepares), Prepares: prepares})
		}
		for _, above := range c.Body.Under {
			link(above, false)
		}
		for _, above := range c.PreparesFor {
			link(above, true)
		}
	}
	p.Desc = v.tierSentences(cards)
	return p
}

// elbow leads from a mark down to another's height, and in to it. What prepares
// goes a little beside, so that both can be seen where both are.
func elbow(from, to tierMark, prepares bool) string {
	x := from.X
	if prepares {
		x += 5
	}
	start, end := from.Y+9, to.X-9
	if to.Y < from.Y { // drawn above what it stands under
		start = from.Y - 9
	}
	if end < x { // set in less than what it stands under
		end = to.X + 9
	}
	return "M" + strconv.Itoa(x) + " " + strconv.Itoa(start) + "V" + strconv.Itoa(to.Y) + "H" + strconv.Itoa(end)
}

// inTiers is the order in which bodies are drawn: as the county tells of them,
// each followed by those that stand under it or prepare for it.
func inTiers(cards []bodyCard) []int {
	var order []int
	done := make([]bool, len(cards))
	var draw func(i int)
	draw = func(i int) {
		if done[i] {
			return
		}
		done[i] = true
		order = append(order, i)
		for j, c := range cards {
			if slices.Contains(c.Body.Under, cards[i].Key) || len(c.Body.Under) == 0 && slices.Contains(c.PreparesFor, cards[i].Key) {
				draw(j)
			}
		}
	}
	for i, c := range cards {
		if c.Rank == 0 {
			draw(i)
		}
	}
	for i := range cards {
		draw(i)
	}
	return order
}

// tierSentences say what the picture shows.
func (v *visit) tierSentences(cards []bodyCard) string {
	var says []string
	for _, c := range cards {
		says = append(says, c.Name+": "+c.Filled+".")
		if names := labels(c.Under); len(names) > 0 {
			says = append(says, v.T("governance.page.desc_under", "body", c.Name, "others", v.series(names)))
		}
		if names := labels(c.Prepares); len(names) > 0 {
			says = append(says, v.T("governance.page.desc_prepares", "body", c.Name, "others", v.series(names)))
		}
	}
	return strings.Join(says, " ")
}

func labels(links []crumb) []string {
	names := make([]string, len(links))
	for i, l := range links {
		names[i] = l.Label
	}
	return names
}

// wrapped breaks a name between words, so that no line but one word is wider
// than so many letters.
func wrapped(name string, wide int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(name) {
		switch {
		case line == "":
			line = word
		case len([]rune(line+" "+word)) > wide:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// linkedHow tells whether any body stands under another, or prepares for one: a
// column of nothing says nothing.
func linkedHow(cards []bodyCard) (under, prepares bool) {
	for _, c := range cards {
		under, prepares = under || len(c.Under) > 0, prepares || len(c.Prepares) > 0
	}
	return under, prepares
}
