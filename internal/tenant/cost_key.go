package tenant

import (
	"slices"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/money"
)

// CostKeys are the ways in which the county shares costs, each by a name of its
// own: what is shared names the key, so that a key is agreed on once.
type CostKeys struct {
	Keys []CostKey `json:"keys,omitempty" required:"true" doc:"The keys."`
}

// CostKey is one way to share a cost among those who pay.
type CostKey struct {
	Key      string       `json:"key" required:"true" unique:"true" pattern:"^[a-z][a-z0-9-]{0,39}$" patternDescription:"a to z, digits and hyphens, a letter first" doc:"Names the key in files and records; it never changes." example:"population"`
	Name     Words        `json:"name,omitempty" required:"true" doc:"What it is called." example:"{\"sv\": \"Efter folkmängd\"}"`
	Parts    []CostPart   `json:"parts,omitempty" required:"true" doc:"What the cost is shared by: one thing, or each its portion of the whole."`
	Floor    string       `json:"floor,omitzero" pattern:"^[0-9]{1,12}(\\.[0-9]{2})?$" patternDescription:"kronor, as 10000.00" doc:"The least that anyone pays, in kronor. Left out: there is none." example:"10000.00"`
	Cap      string       `json:"cap,omitzero" pattern:"^[0-9]{1,12}(\\.[0-9]{2})?$" patternDescription:"kronor, as 250000.00" doc:"The most that anyone pays, in kronor. Left out: there is none." example:"250000.00"`
	Excluded []string     `json:"excluded,omitempty" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"an organisation's key, as ydre" doc:"The organisations that pay nothing under this key, by key." example:"[\"ydre\"]"`
	Weights  []CostWeight `json:"weights,omitempty" doc:"Whose population counts for more or less than it is. Who is left out counts in full."`
	Unit     string       `json:"unit,omitzero" enum:"ore,krona" doc:"What each share is a whole number of: öre (also when left out) or kronor." example:"krona"`
}

// What each share is a whole number of.
const (
	UnitOre   = "ore"
	UnitKrona = "krona"
)

// CostPart is one thing that a cost is shared by.
type CostPart struct {
	By        string        `json:"by" required:"true" unique:"true" enum:"population,equal,fixed" doc:"By population, equally, or in fixed shares." example:"population"`
	Portion   int           `json:"portion,omitzero" minimum:"1" maximum:"1000000" doc:"How large a portion of the whole is shared by it, in parts: 1 and 1 are a half each, 1 and 3 a quarter and the rest. Left out where the key has no other." example:"1"`
	Reference CostReference `json:"reference,omitzero" doc:"Whose day's population it is."`
	Shares    []CostShare   `json:"shares,omitempty" doc:"The fixed shares."`
}

// What a cost can be shared by.
const (
	ByPopulation = "population"
	ByEqual      = "equal"
	ByFixed      = "fixed"
)

// CostReference is the day whose population counts: one and the same for every
// period, or one that follows from the year in which the period begins.
type CostReference struct {
	Day         day.Day `json:"day,omitzero" doc:"A day that is the same for every period." example:"2023-12-31"`
	YearsBefore int     `json:"yearsBefore,omitzero" minimum:"1" doc:"So many years before the one in which the period begins. Left out beside monthDay: that same year." example:"1"`
	MonthDay    string  `json:"monthDay,omitzero" pattern:"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$" patternDescription:"month and day, as 12-31" doc:"The day of that year. Left out: 31 December." example:"12-31"`
}

// lastOfYear is the day for which the population is told where none is said.
const lastOfYear = "12-31"

// On is the day whose population counts for a period that begins on a day. ok is
// false where the reference says no day.
func (r CostReference) On(begins day.Day) (d day.Day, ok bool) {
	switch {
	case !r.Day.IsZero():
		return r.Day, true
	case r == CostReference{}:
		return day.Day{}, false
	}
	monthDay, err := day.Parse("2001-" + or(r.MonthDay, lastOfYear))
	if err != nil {
		return day.Day{}, false
	}
	return day.Of(begins.Year()-r.YearsBefore, monthDay.Month(), monthDay.MonthDay()), true
}

// CostShare is one organisation's fixed share.
type CostShare struct {
	Organisation string `json:"organisation" required:"true" unique:"true" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"an organisation's key, as kinda" doc:"Whose share, by key." example:"kinda"`
	Parts        int    `json:"share" required:"true" minimum:"1" maximum:"1000000" doc:"How many parts of all that are given out." example:"2"`
}

// CostWeight is how much an organisation's population counts.
type CostWeight struct {
	Organisation string `json:"organisation" required:"true" unique:"true" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"an organisation's key, as ydre" doc:"Whose population, by key." example:"ydre"`
	Percent      int    `json:"percent" required:"true" minimum:"1" maximum:"10000" doc:"How much of it counts, in per cent." example:"50"`
}

// Key finds a key by its key.
func (k CostKeys) Key(key string) (CostKey, bool) {
	return find(k.Keys, func(k CostKey) bool { return k.Key == key })
}

// CostKey finds one of the county's keys by its key.
func (c Configuration) CostKey(key string) (CostKey, bool) { return c.CostKeys.Key(key) }

// Mixed tells whether the cost is shared by several things.
func (k CostKey) Mixed() bool { return len(k.Parts) > 1 }

// Excludes tells whether an organisation pays nothing under the key.
func (k CostKey) Excludes(organisation string) bool { return slices.Contains(k.Excluded, organisation) }

// has tells whether the cost, or a portion of it, is shared by something.
func (k CostKey) has(by string) bool {
	return slices.ContainsFunc(k.Parts, func(p CostPart) bool { return p.By == by })
}

func (k CostKeys) check(c *checker) {
	for n, key := range k.Keys {
		key.check(c.in("keys").item(n))
	}
}

func (k CostKey) check(c *checker) {
	k.Name.check(c.in("name"), false)
	k.Name.short(c.in("name"))
	for n, p := range k.Parts {
		at := c.in("parts").item(n)
		switch {
		case k.Mixed() && p.Portion == 0:
			at.in("portion").refuse("tenant.cost.portion_missing")
		case !k.Mixed() && p.Portion > 1:
			at.in("portion").refuse("tenant.cost.portion_alone", "portion", p.Portion)
		}
		p.check(at)
	}
	for n, w := range k.Weights {
		switch at := c.in("weights").item(n); {
		case w.Organisation == "":
		case !k.has(ByPopulation):
			at.refuse("tenant.cost.weight_of_nothing", "organisation", w.Organisation)
		case k.Excludes(w.Organisation):
			at.refuse("tenant.cost.weight_excluded", "organisation", w.Organisation)
		}
	}
	for n, p := range k.Parts {
		for m, s := range p.Shares {
			if p.By == ByFixed && k.Excludes(s.Organisation) {
				c.in("parts").item(n).in("shares").item(m).refuse("tenant.cost.share_excluded", "organisation", s.Organisation)
			}
		}
	}
	k.checkLimits(c)
}

func (p CostPart) check(c *checker) {
	r := p.Reference
	switch at := c.in("reference"); {
	case p.By != ByPopulation && p.By != "" && r != CostReference{}:
		at.refuse("tenant.cost.reference_of_none", "by", p.By)
	case p.By == ByPopulation && r == CostReference{}:
		at.refuse("tenant.cost.reference_missing")
	case !r.Day.IsZero() && (r.YearsBefore != 0 || r.MonthDay != ""):
		at.in("day").refuse("tenant.cost.reference_twice", "day", r.Day.String())
	case r.MonthDay != "" && r.Day.IsZero():
		// 29 February is no day of every year.
		if _, ok := r.On(day.Of(2002, 1, 1)); !ok {
			at.in("monthDay").refuse("tenant.cost.month_day", "day", r.MonthDay)
		}
	}
	switch at := c.in("shares"); {
	case p.By == ByFixed && len(p.Shares) == 0:
		at.refuse("tenant.cost.shares_missing")
	case p.By != ByFixed && p.By != "" && len(p.Shares) > 0:
		at.refuse("tenant.cost.shares_of_none", "by", p.By)
	}
}

func (k CostKey) checkLimits(c *checker) {
	floor, hasFloor := amount(k.Floor)
	most, hasCap := amount(k.Cap)
	switch {
	case hasCap && most == 0:
		c.in("cap").refuse("tenant.cost.cap_zero")
	case hasFloor && hasCap && floor > most:
		c.in("floor").refuse("tenant.cost.floor_above_cap", "floor", k.Floor, "cap", k.Cap)
	}
	if k.Unit == UnitKrona {
		for _, limit := range []struct {
			key string
			ore int64
		}{{"floor", floor}, {"cap", most}} {
			if limit.ore%100 != 0 {
				c.in(limit.key).refuse("tenant.cost.limit_in_ore", "amount", money.Plain(limit.ore))
			}
		}
	}
}

// amount reads an amount of a file, in öre. ok is false for what is none: the
// check of its shape tells that.
func amount(s string) (ore int64, ok bool) {
	if s == "" {
		return 0, false
	}
	ore, err := money.Parse(s)
	return ore, err == nil
}

// plainAmount gives an amount that can be written in several ways the one form it
// has in files. What is no amount stays as it is, to be refused.
func plainAmount(s *string) {
	// What is kept has that form already, and is read by others meanwhile.
	if ore, ok := amount(*s); ok && *s != money.Plain(ore) {
		*s = money.Plain(ore)
	}
}
