package tenant

import (
	"slices"
	"strings"

	"github.com/overens/overens/internal/day"
)

// SharedFunctions is what several parties pay for together: who employs, who
// pays, on what ground and by which key. A function that a later version leaves
// out has ended by that day.
type SharedFunctions struct {
	Functions []SharedFunction `json:"functions,omitempty" doc:"What is shared."`
}

// SharedFunction is a post, a project or a secretariat with a shared cost.
type SharedFunction struct {
	Key      string       `json:"key" required:"true" unique:"true" pattern:"^[a-z][a-z0-9-]{0,39}$" patternDescription:"a to z, digits and hyphens, a letter first" doc:"Names the function in files and records; it never changes." example:"coordinator"`
	Name     Words        `json:"name,omitempty" required:"true" doc:"What it is called." example:"{\"sv\": \"Kommunal integrationssamordnare\"}"`
	Kind     string       `json:"kind" required:"true" enum:"post,project,secretariat" doc:"Whether it is a post, a project or a secretariat." example:"post"`
	Employer string       `json:"employer" required:"true" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"an organisation's key, as lansstyrelsen" doc:"Who employs and is paid, by key." example:"lansstyrelsen"`
	Ground   CostGround   `json:"ground,omitzero" doc:"On what ground the parties pay: it stands on every statement."`
	Payers   CostPayers   `json:"payers,omitzero" doc:"Who pays."`
	SharedBy string       `json:"sharedBy" required:"true" doc:"By which of the county's keys (costKeys) the cost is shared." example:"population"`
	Periods  []CostPeriod `json:"periods,omitempty" doc:"What it costs, period by period. Left out: unknown."`
}

// Kinds of shared function.
const (
	FunctionPost        = "post"
	FunctionProject     = "project"
	FunctionSecretariat = "secretariat"
)

// CostGround is the decision by which the parties pay.
type CostGround struct {
	Decision      string  `json:"decision,omitzero" required:"true" doc:"The decision, in the county's own words." example:"Rådets beslut 2017-04-18"`
	Body          string  `json:"body,omitzero" doc:"The body that took it, by key, where it is one of those in bodies." example:"council"`
	On            day.Day `json:"decidedOn,omitzero" doc:"When it was taken. Left out: unknown." example:"2017-04-18"`
	Until         day.Day `json:"until,omitzero" doc:"The last day that it holds." example:"2027-12-31"`
	FurtherNotice bool    `json:"furtherNotice,omitzero" doc:"Whether it holds until further notice. Where neither this nor until is said, how long is unknown." example:"true"`
}

// CostPayers are those who pay: the parties of agreements of a kind, or a list.
// Where an organisation lies makes it no payer.
type CostPayers struct {
	Instrument string      `json:"instrument,omitzero" doc:"The parties of agreements of this kind, by its key in instrumentKinds, while they are parties." example:"agreement"`
	PartyTypes []string    `json:"partyTypes,omitempty" enum:"municipality,region,county-administration,state-agency,university,coordination-association,municipal-federation,municipal-association,company,business-association,trade-union,faith-community,civil-society,agreement-platform,other" doc:"Only parties of these types. Left out: all parties." example:"[\"municipality\"]"`
	List       []CostPayer `json:"list,omitempty" doc:"Or these organisations."`
}

// CostPayer is an organisation that pays, for as long as it does.
type CostPayer struct {
	Organisation string  `json:"organisation" required:"true" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"an organisation's key, as kinda" doc:"Who pays, by key." example:"kinda"`
	From         day.Day `json:"from,omitzero" doc:"The first day it pays for. Left out: from the beginning." example:"2026-07-01"`
	Until        day.Day `json:"until,omitzero" doc:"The last day it pays for. Left out: until further notice." example:"2026-06-30"`
}

// CostPeriod is what a function costs from a day to a day.
type CostPeriod struct {
	From     day.Day `json:"from" required:"true" doc:"The first day." example:"2026-01-01"`
	Until    day.Day `json:"until" required:"true" doc:"The last day." example:"2026-12-31"`
	Budget   string  `json:"budget,omitzero" pattern:"^[0-9]{1,12}(\\.[0-9]{2})?$" patternDescription:"kronor, as 1000000.00" doc:"What it is planned to cost, in kronor. Left out: unknown." example:"1000000.00"`
	Outcome  string  `json:"outcome,omitzero" pattern:"^[0-9]{1,12}(\\.[0-9]{2})?$" patternDescription:"kronor, as 987654.32" doc:"What it did cost, in kronor. Left out: unknown." example:"987654.32"`
	Invented bool    `json:"invented,omitzero" doc:"Whether the amounts are made up, for show." example:"false"`
	Source   string  `json:"source,omitzero" doc:"Where the amounts are from." example:"Rådets beslut 2025-11-12"`
}

// Function finds a function by its key.
func (s SharedFunctions) Function(key string) (SharedFunction, bool) {
	return find(s.Functions, func(f SharedFunction) bool { return f.Key == key })
}

// SharedFunction finds one of the county's shared functions by its key.
func (c Configuration) SharedFunction(key string) (SharedFunction, bool) {
	return c.SharedFunctions.Function(key)
}

func (s SharedFunctions) check(c *checker) {
	for n, f := range s.Functions {
		f.check(c.in("functions").item(n))
	}
}

func (f SharedFunction) check(c *checker) {
	f.Name.check(c.in("name"), false)
	f.Name.short(c.in("name"))
	f.Ground.check(c.in("ground"))
	f.Payers.check(c.in("payers"))
	for n, p := range f.Periods {
		at := c.in("periods").item(n)
		if !p.Until.IsZero() && p.Until.Before(p.From) {
			at.in("until").refuse("tenant.cost.period_backwards", "from", p.From.String(), "until", p.Until.String())
		} else if p.Until.After(p.From.AddMonths(12 * longestPeriod)) { // a year written wrong, not a period
			at.in("until").refuse("tenant.cost.period_too_long", "from", p.From.String(), "until", p.Until.String(), "years", longestPeriod)
			continue
		}
		if !f.Ground.Until.IsZero() && p.From.After(f.Ground.Until) {
			at.in("from").refuse("tenant.cost.period_after_ground", "from", p.From.String(), "until", f.Ground.Until.String())
		}
		for _, earlier := range f.Periods[:n] {
			if meets(earlier.From, earlier.Until, p.From, p.Until) {
				at.in("from").refuse("tenant.cost.periods_overlap", "from", p.From.String(), "until", p.Until.String(), "other_from", earlier.From.String(), "other_until", earlier.Until.String())
			}
		}
	}
}

func (g CostGround) check(c *checker) {
	switch {
	case !g.Until.IsZero() && g.FurtherNotice:
		c.in("furtherNotice").refuse("tenant.cost.ground_both", "until", g.Until.String())
	case !g.Until.IsZero() && g.Until.Before(g.On):
		c.in("until").refuse("tenant.cost.ground_backwards", "until", g.Until.String(), "day", g.On.String())
	}
}

func (p CostPayers) check(c *checker) {
	switch {
	case p.Instrument != "" && len(p.List) > 0:
		c.in("list").refuse("tenant.cost.payers_twice", "instrument", p.Instrument)
	case p.Instrument == "" && len(p.List) == 0:
		c.refuse("tenant.cost.payers_missing")
	case p.Instrument == "" && len(p.PartyTypes) > 0:
		c.in("partyTypes").refuse("tenant.cost.types_of_list")
	}
	for n, payer := range p.List {
		at := c.in("list").item(n)
		if !payer.Until.IsZero() && payer.Until.Before(payer.From) {
			at.in("until").refuse("tenant.cost.payer_backwards", "organisation", payer.Organisation, "from", payer.From.String(), "until", payer.Until.String())
			continue
		}
		for _, earlier := range p.List[:n] {
			if payer.Organisation != "" && earlier.Organisation == payer.Organisation && meets(earlier.From, earlier.Until, payer.From, payer.Until) {
				at.refuse("tenant.cost.payer_twice", "organisation", payer.Organisation)
			}
		}
	}
}

// longestPeriod is how many years a cost can be for: projects run for some, no
// agreement for more.
const longestPeriod = 10

// meets tells whether two spans have a day in common. Their last days are in
// them; no day is no limit.
func meets(from, until, otherFrom, otherUntil day.Day) bool {
	return (until.IsZero() || !otherFrom.After(until)) && (otherUntil.IsZero() || !from.After(otherUntil))
}

// checkFunctions looks at what no section can see alone, on every day on which
// something changes: that each function is shared by a key that there is, that
// who pays can be found, and that somebody is left to pay.
func (county County) checkFunctions(c *checker) {
	for n, version := range county.SharedFunctions {
		var next day.Day
		if n+1 < len(county.SharedFunctions) {
			next = county.SharedFunctions[n+1].From
		}
		days := []day.Day{version.From}
		for _, from := range slices.Concat(begins(county.CostKeys), begins(county.InstrumentKinds)) {
			if from.After(version.From) && (next.IsZero() || from.Before(next)) {
				days = append(days, from)
			}
		}
		slices.SortFunc(days, day.Day.Compare)
		for m, f := range version.Value.Functions {
			at := c.in("sharedFunctions").item(n).in("functions").item(m)
			for _, d := range slices.Compact(days) {
				if !f.stands(at, county.On(d), d) {
					break // one day is enough to tell
				}
			}
			if known := county.bodyKeys(); f.Ground.Body != "" && !slices.Contains(known, f.Ground.Body) {
				at.in("ground").in("body").refuse("tenant.cost.body_unknown", "body", short(f.Ground.Body), "known", strings.Join(known, ", "))
			}
		}
	}
}

func begins[T any](s Section[T]) []day.Day {
	days := make([]day.Day, len(s))
	for i, version := range s {
		days[i] = version.From
	}
	return days
}

// bodyKeys are the keys of all bodies that there are or have been.
func (county County) bodyKeys() []string {
	var keys []string
	for _, version := range county.Bodies {
		for _, b := range version.Value.Bodies {
			if !slices.Contains(keys, b.Key) {
				keys = append(keys, b.Key)
			}
		}
	}
	return keys
}

// stands tells whether the function can work with what else holds on a day, and
// refuses it where it cannot.
func (f SharedFunction) stands(c *checker, on Configuration, d day.Day) bool {
	ok := true
	refuse := func(at *checker, key string, pairs ...any) {
		at.refuse(key, append(pairs, "day", d.String())...)
		ok = false
	}
	if p := f.Payers; p.Instrument != "" {
		if _, there := on.InstrumentKinds.Kind(p.Instrument); !there {
			known := make([]string, len(on.InstrumentKinds.Kinds))
			for i, k := range on.InstrumentKinds.Kinds {
				known[i] = k.Key
			}
			refuse(c.in("payers").in("instrument"), "tenant.cost.instrument_unknown", "instrument", short(p.Instrument), "known", strings.Join(known, ", "))
		}
	}
	if f.SharedBy == "" {
		return ok
	}
	key, there := on.CostKey(f.SharedBy)
	if !there {
		known := make([]string, len(on.CostKeys.Keys))
		for i, k := range on.CostKeys.Keys {
			known[i] = k.Key
		}
		refuse(c.in("sharedBy"), "tenant.cost.key_unknown", "key", short(f.SharedBy), "known", strings.Join(known, ", "))
		return false
	}
	left := 0
	for n, payer := range f.Payers.List {
		if key.Excludes(payer.Organisation) {
			continue
		}
		left++
		if !key.Mixed() && key.has(ByFixed) && !slices.ContainsFunc(key.Parts[0].Shares, func(s CostShare) bool { return s.Organisation == payer.Organisation }) {
			refuse(c.in("payers").in("list").item(n), "tenant.cost.payer_without_share", "organisation", short(payer.Organisation), "key", key.Key)
		}
	}
	if len(f.Payers.List) > 0 && left == 0 {
		refuse(c.in("payers").in("list"), "tenant.cost.nobody_pays", "key", key.Key)
	}
	return ok
}
