package web

import (
	"encoding/json"
	"math/big"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/money"
	"github.com/overens/overens/internal/tenant"
)

// The sections of shared costs, told in whole sentences: whoever pays reads here
// by what rule.

const (
	keySection      = "costKeys"
	functionSection = "sharedFunctions"
)

// longLists are those whose entries stand closed, and amounts the fields in kronor.
var (
	longLists = []string{functionSection + ".functions.payers.list", functionSection + ".functions.periods"}
	amounts   = []string{keySection + ".keys.floor", keySection + ".keys.cap", functionSection + ".functions.periods.budget", functionSection + ".functions.periods.outcome"}
)

// costKeys are the county's keys, each with its rule.
func (t teller) costKeys(body json.RawMessage) []stated {
	var said tenant.CostKeys
	if json.Unmarshal(body, &said) != nil {
		return nil
	}
	all := make([]stated, len(said.Keys))
	for i, k := range said.Keys {
		all[i] = stated{Term: t.Words(k.Name), Says: t.costKey(k), Note: t.T("configuration.key", "key", k.Key), entry: true, id: k.Key}
	}
	return all
}

func (t teller) costKey(k tenant.CostKey) []string {
	whole := 0
	for _, p := range k.Parts {
		whole += p.Portion
	}
	parts := make([]string, len(k.Parts))
	for i, p := range k.Parts {
		if parts[i] = t.costPart(p); k.Mixed() && whole > 0 {
			parts[i] = t.T("configuration.cost.portion", "portion", big.NewRat(int64(p.Portion), int64(whole)).String(), "how", parts[i])
		}
	}
	says := []string{tenant.Capital(t.series(parts)) + "."}
	add := func(there bool, key string, pairs ...any) {
		if there {
			says = append(says, t.Of("configuration.cost.", key, pairs...))
		}
	}
	add(k.Floor != "", "floor", "amount", t.amount(k.Floor))
	add(k.Cap != "", "cap", "amount", t.amount(k.Cap))
	add(len(k.Excluded) > 0, "excluded", "who", t.series(t.organisationsBy(k.Excluded)))
	weights := make([]string, len(k.Weights))
	for i, w := range k.Weights {
		weights[i] = t.organisationBy(w.Organisation) + " " + Number(t.Lang, int64(w.Percent)) + hard + "%"
	}
	add(len(weights) > 0, "weights", "who", t.series(weights))
	if k.Unit == tenant.UnitKrona {
		return append(says, t.T("configuration.cost.unit.krona"))
	}
	return append(says, t.T("configuration.cost.unit.ore"))
}

func (t teller) costPart(p tenant.CostPart) string {
	switch p.By {
	case tenant.ByPopulation:
		return t.T("configuration.cost.by.population", "day", t.referenceDay(p.Reference))
	case tenant.ByFixed:
		shares := make([]string, len(p.Shares))
		for i, s := range p.Shares {
			shares[i] = t.organisationBy(s.Organisation) + " " + Number(t.Lang, int64(s.Parts))
		}
		return t.T("configuration.cost.by.fixed", "shares", t.series(shares))
	}
	return t.T("configuration.cost.by.equal")
}

// referenceDay is the day whose population counts.
func (t teller) referenceDay(r tenant.CostReference) string {
	if !r.Day.IsZero() {
		return t.T("configuration.cost.reference.day", "day", LongDay(t.Lang, r.Day))
	}
	d, _ := r.On(day.Of(2001+r.YearsBefore, 1, 1))
	if r.YearsBefore == 0 {
		return t.T("configuration.cost.reference.same", "day", shortDay(t.Lang, d))
	}
	return t.T("configuration.cost.reference.before", "day", shortDay(t.Lang, d), "count", r.YearsBefore)
}

// sharedFunctions are what several pay for together.
func (t teller) sharedFunctions(body json.RawMessage) []stated {
	var said tenant.SharedFunctions
	if json.Unmarshal(body, &said) != nil {
		return nil
	}
	all := make([]stated, len(said.Functions))
	for i, f := range said.Functions {
		all[i] = t.sharedFunction(f)
	}
	return all
}

func (t teller) sharedFunction(f tenant.SharedFunction) stated {
	s := stated{Term: t.Words(f.Name), Note: t.T("configuration.key", "key", f.Key), entry: true, id: f.Key}
	g := f.Ground
	s.Says = []string{
		t.T("configuration.cost.employer", "kind", tenant.Capital(t.value("kind", f.Kind)), "employer", t.organisationBy(f.Employer)),
		t.T("configuration.cost.ground", "decision", g.Decision, "day", t.longDay(g.On), "until", t.longDay(g.Until), "further", g.FurtherNotice),
		t.payers(f.Payers),
	}
	name := f.SharedBy
	if k, ok := t.County.CostKey(f.SharedBy); ok {
		name = t.Words(k.Name)
	}
	s.Says = append(s.Says, t.T("configuration.cost.shared_by", "key", name))
	for _, p := range f.Periods {
		s.Says = append(s.Says, t.T("configuration.cost.period", "from", p.From.String(), "until", p.Until.String(), "budget", t.amount(p.Budget), "outcome", t.amount(p.Outcome),
			"invented", p.Invented, "source", p.Source))
	}
	var unknown []string
	if g.Until.IsZero() && !g.FurtherNotice {
		unknown = append(unknown, t.T("configuration.cost.unknown.until"))
	}
	if len(f.Periods) == 0 {
		unknown = append(unknown, t.T("configuration.cost.unknown.periods"))
	}
	if len(unknown) > 0 {
		s.Unknown = t.T("configuration.unknown", "what", t.series(unknown))
	}
	return s
}

func (t teller) payers(p tenant.CostPayers) string {
	if p.Instrument != "" {
		what := p.Instrument
		if k, ok := t.County.InstrumentKinds.Kind(p.Instrument); ok {
			what = k.Word.In(string(t.Lang)).Many
		}
		types := make([]string, len(p.PartyTypes))
		for i, of := range p.PartyTypes {
			types[i] = t.value("type", of)
		}
		return t.T("configuration.cost.payers.parties", "what", what, "types", t.series(types))
	}
	who := make([]string, len(p.List))
	for i, payer := range p.List {
		who[i] = t.organisationBy(payer.Organisation)
		if !payer.From.IsZero() || !payer.Until.IsZero() {
			who[i] += " (" + t.T("configuration.cost.payers.days", "from", t.longDay(payer.From), "until", t.longDay(payer.Until)) + ")"
		}
	}
	return t.T("configuration.cost.payers.list", "count", len(who), "who", t.series(who))
}

// amount is an amount as people read it, empty where none is known.
func (t teller) amount(s string) string {
	ore, err := money.Parse(s)
	if err != nil {
		return s
	}
	return Money(t.Lang, ore)
}

// typedAmount is an amount as it stands in a field: as people write it, or as
// they wrote it where it is none.
func (b *builder) typedAmount(s string) string {
	ore, err := money.Parse(s)
	if err != nil {
		return s
	}
	return Decimal(b.Lang, ore, 2)
}

func (t teller) longDay(d day.Day) string {
	if d.IsZero() {
		return ""
	}
	return LongDay(t.Lang, d)
}

func (t teller) organisationBy(key string) string { return t.known("organisation", key) }

func (t teller) organisationsBy(keys []string) []string {
	all := make([]string, len(keys))
	for i, key := range keys {
		all[i] = t.organisationBy(key)
	}
	return all
}

// costChoices are the fields of these sections that choose among what other
// sections have.
func (b *builder) costChoices(full string) []option {
	var all []option
	switch full {
	case functionSection + ".functions.sharedBy":
		for _, k := range b.County.CostKeys.Keys {
			all = append(all, option{k.Key, b.Words(k.Name)})
		}
	case functionSection + ".functions.payers.instrument":
		for _, k := range b.County.InstrumentKinds.Kinds {
			all = append(all, option{k.Key, tenant.Capital(k.Word.In(string(b.Lang)).One)})
		}
	case functionSection + ".functions.ground.body":
		for _, body := range b.County.Bodies.Bodies {
			all = append(all, option{body.Key, b.Words(body.Name)})
		}
	}
	return all
}

// costEntry is what an entry of one of these sections' lists is called: whoever
// it is about, or its period.
func (b *builder) costEntry(of map[string]any) string {
	if b.section.Key != keySection && b.section.Key != functionSection {
		return ""
	}
	if key := written(of["organisation"]); key != "" {
		if name := b.called[key]; name != "" {
			return name
		}
		return key
	}
	if by := written(of["by"]); by != "" {
		return tenant.Capital(b.value("by", by))
	}
	if from, until := written(of["from"]), written(of["until"]); from != "" && until != "" {
		return from + "–" + until
	}
	return ""
}
