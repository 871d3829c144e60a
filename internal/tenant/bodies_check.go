package tenant

import (
	"math/big"
	"slices"
	"strings"
)

// A model that cannot work is refused before it holds, with the reason: each
// refusal is a sentence that names the rule, what stands against it and what
// works.

func (b Bodies) check(c *checker) {
	known := make([]string, len(b.Bodies))
	for i, body := range b.Bodies {
		known[i] = body.Key
	}
	exists := func(c *checker, own, key string) {
		switch {
		case key == own:
			c.refuse("tenant.body.itself", "body", key)
		case !slices.Contains(known, key):
			c.refuse("tenant.body.unknown", "body", key, "known", strings.Join(known, ", "))
		}
	}
	for n, body := range b.Bodies {
		at := c.in("bodies").item(n)
		for m, under := range body.Under {
			exists(at.in("under").item(m), body.Key, under)
			if way := b.way(under, body.Key, nil); under != body.Key && way != nil {
				at.in("under").item(m).refuse("tenant.body.circle", "body", body.Key, "way", strings.Join(append([]string{body.Key}, way...), " → "))
			}
		}
		for m, of := range body.PreparesFor {
			exists(at.in("preparesFor").item(m), body.Key, of)
		}
		body.check(at)
	}
}

// way finds a road upwards from one body to another.
func (b Bodies) way(from, to string, seen []string) []string {
	switch {
	case from == to:
		return []string{to}
	case slices.Contains(seen, from):
		return nil
	}
	body, _ := b.Body(from)
	for _, under := range body.Under {
		if on := b.way(under, to, append(seen, from)); on != nil {
			return append([]string{from}, on...)
		}
	}
	return nil
}

func (b Body) check(c *checker) {
	b.Name.check(c.in("name"), false)
	b.Purpose.check(c.in("purpose"), false)
	b.Appointed.check(c.in("appointed"), false)
	for n, task := range b.Tasks {
		task.check(c.in("tasks").item(n), true)
	}
	for n, theme := range b.Themes {
		theme.check(c.in("themes").item(n), true)
	}
	if len(b.Themes) > 0 && b.Origin != OriginShared {
		c.in("themes").refuse("tenant.body.themes_of_own")
	}
	b.Chair.check(c.in("chair"))
	b.Convener.check(c.in("convener"))
	if b.Initiates && len(b.PreparesFor) == 0 {
		c.in("initiates").refuse("tenant.body.initiates_for_none")
	}
	for n, seat := range b.Seats {
		seat.check(c.in("seats").item(n))
	}
	voting := slices.ContainsFunc(b.Seats, Seat.Votes)
	switch {
	case len(b.Decides) > 0 && !voting:
		c.in("decides").refuse("tenant.body.decides_without_seats")
	case len(b.Decides) > 0 && !b.Rules.Decision.Decides():
		c.in("rules").in("decision").in("mode").refuse("tenant.rule.decides_never", "decides", strings.Join(b.Decides, ", "))
	}
	b.checkRules(c.in("rules"), voting)
}

func (o Office) check(c *checker) {
	o.Title.check(c.in("title"), false)
	switch {
	case o.By == ByOffice && o.Organisation == "" && len(o.Title) == 0:
		c.in("title").refuse("tenant.body.office_unnamed")
	case o.By == ByNobody && (o.Organisation != "" || len(o.Title) > 0):
		c.in("by").refuse("tenant.body.office_of_nobody")
	}
}

func (s Seat) check(c *checker) {
	s.Name.check(c.in("name"), false)
	switch {
	case s.Each != "" && len(s.Organisations) > 0:
		c.in("each").refuse("tenant.seat.each_and_named", "type", s.Each)
	case s.Each == "" && len(s.Organisations) == 0 && len(s.Name) == 0:
		c.in("name").refuse("tenant.seat.nobodys")
	}
}

// checkRules looks at whether each rule can work with the seats and with the
// other rules.
func (b Body) checkRules(c *checker, voting bool) {
	r := b.Rules
	if r.Notice.Days == 0 && (r.Notice.Workdays || r.Notice.Late != "") {
		c.in("notice").in("days").refuse("tenant.rule.no_days")
	}
	for _, d := range []struct {
		key string
		Deadline
	}{{"papers", r.Papers}, {"proposals", r.Proposals}} {
		if d.Days == 0 && d.Workdays {
			c.in(d.key).in("days").refuse("tenant.rule.no_days")
		}
	}
	if r.Cadence.About && r.Cadence.PerYear == 0 {
		c.in("cadence").in("perYear").refuse("tenant.rule.about_what")
	}
	b.checkQuorum(c.in("quorum"), voting)
	b.checkDecision(c.in("decision"))
	if r.Ratification == RatificationNeeded && !r.Decision.Decides() {
		c.in("ratification").refuse("tenant.rule.nothing_to_ratify")
	}
	switch d := r.Deputies; {
	case d.Form == DeputiesNone && d.Required:
		c.in("deputies").in("required").refuse("tenant.rule.required_of_none")
	case d.Form != "" && d.Form != DeputiesNone && !voting:
		c.in("deputies").in("form").refuse("tenant.rule.deputies_without_seats")
	}
	switch w := r.Written; {
	case w.Form == WrittenAllowed && !r.Decision.Decides():
		c.in("written").in("form").refuse("tenant.rule.written_of_none")
	case w.Form != WrittenAllowed && w.Days > 0:
		c.in("written").in("days").refuse("tenant.rule.days_of_none")
	}
	r.RecordWords.check(c.in("recordWords"))
	b.checkAdjusting(c.in("adjusting"))
	for n, item := range r.StandingItems {
		item.check(c.in("standingItems").item(n), true)
	}
}

func (b Body) checkQuorum(c *checker, voting bool) {
	q := b.Rules.Quorum
	says := q.Number > 0 || q.Share != "" || len(q.Named) > 0
	switch {
	case (q.Of == "" || q.Of == QuorumNone) && (says || q.MoreThan || q.Otherwise != ""):
		c.in("of").refuse("tenant.rule.quorum_of_nothing")
		return
	case q.Of == "" || q.Of == QuorumNone:
		return
	case !says:
		c.in("number").refuse("tenant.rule.quorum_empty")
		return
	case !voting:
		c.in("of").refuse("tenant.rule.quorum_without_seats")
		return
	}
	if q.MoreThan && q.Share == "" {
		c.in("moreThan").refuse("tenant.rule.more_than_what")
	}
	if of, ok := Fraction(q.Share); ok {
		whole := of.Cmp(big.NewRat(1, 1))
		if whole > 0 || whole == 0 && q.MoreThan {
			c.in("share").refuse("tenant.rule.more_than_all", "share", q.Share)
		}
	}
	switch q.Of {
	case QuorumSeats:
		if n, all := b.Votes(); all && q.Number > n {
			c.in("number").refuse("tenant.rule.quorum_above_seats", "number", q.Number, "count", n)
		}
	case QuorumParties:
		if n, all := b.parties(); all && q.Number > n {
			c.in("number").refuse("tenant.rule.quorum_above_parties", "number", q.Number, "count", n)
		}
	}
	for i, party := range q.Named {
		if !slices.ContainsFunc(b.Seats, func(s Seat) bool {
			return s.Votes() && (s.Each != "" || slices.Contains(s.Organisations, party))
		}) {
			c.in("named").item(i).refuse("tenant.rule.named_without_seat", "party", party)
		}
	}
}

// parties are how many parties the voting seats name, and whether that is all.
func (b Body) parties() (n int, all bool) {
	var named []string
	all = true
	for _, s := range b.Seats {
		if !s.Votes() {
			continue
		}
		if s.Each != "" || len(s.Organisations) == 0 {
			all = false
		}
		named = append(named, s.Organisations...)
	}
	slices.Sort(named)
	return len(slices.Compact(named)), all
}

func (b Body) checkDecision(c *checker) {
	d := b.Rules.Decision
	counted := d.Mode == ByUnanimity || d.Mode == ByMajority || d.Mode == ByQualified
	if d.Base != "" && !counted {
		c.in("base").refuse("tenant.rule.base_of_none", "mode", d.Mode)
	}
	switch of, ok := Fraction(d.Share); {
	case d.Mode == ByQualified && d.Share == "":
		c.in("share").refuse("tenant.rule.qualified_how_much")
	case d.Mode != ByQualified && d.Share != "":
		c.in("share").refuse("tenant.rule.share_of_none", "mode", d.Mode)
	case ok && of.Cmp(big.NewRat(1, 1)) > 0:
		c.in("share").refuse("tenant.rule.more_than_all", "share", d.Share)
	case ok && of.Cmp(big.NewRat(1, 2)) <= 0:
		c.in("share").refuse("tenant.rule.qualified_too_low", "share", d.Share)
	}
	switch {
	case !d.Casting:
	case d.Mode != ByMajority && d.Mode != ByAdvice:
		c.in("casting").refuse("tenant.rule.casting_of_none", "mode", d.Mode)
	case b.Chair.By == ByNobody:
		c.in("casting").refuse("tenant.rule.casting_without_chair")
	}
}

func (b Body) checkAdjusting(c *checker) {
	a := b.Rules.Adjusting
	n, all := b.Votes()
	switch {
	case a.By == AdjustedByChosen && a.Number == 0:
		c.in("number").refuse("tenant.rule.adjusters_how_many")
	case a.By != AdjustedByChosen && a.Number > 0:
		c.in("number").refuse("tenant.rule.adjusters_of_none")
	case a.By == AdjustedByChosen && all && a.Number+1 > n:
		c.in("number").refuse("tenant.rule.adjusters_above_seats", "number", a.Number, "count", n)
	}
	if (a.By == AdjustedByChair || a.By == AdjustedByChosen) && b.Chair.By == ByNobody {
		c.in("by").refuse("tenant.rule.adjusting_without_chair")
	}
}

// checkBodies looks at what no section can see alone: that each body's kind is
// one of the kinds of its day, and that a kind which makes no decisions has no
// body that does.
func (county County) checkBodies(c *checker) {
	for n, version := range county.Bodies {
		kinds := county.On(version.From).BodyKinds
		for m, body := range version.Value.Bodies {
			at := c.in("bodies").item(n).in("bodies").item(m)
			kind, ok := kinds.Kind(body.Kind)
			switch {
			case body.Kind == "":
			case !ok:
				known := make([]string, len(kinds.Kinds))
				for i, k := range kinds.Kinds {
					known[i] = k.Key
				}
				at.in("kind").refuse("tenant.body.kind_unknown", "kind", body.Kind, "known", strings.Join(known, ", "))
			case kind.Decisions == DecisionsNone && len(body.Decides) > 0:
				at.in("decides").refuse("tenant.body.kind_decides_nothing", "kind", body.Kind)
			}
		}
	}
}
