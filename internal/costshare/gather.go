package costshare

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/costshare/internal/costsharedb"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/money"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
	"github.com/overens/overens/internal/tenant"
)

// Order is what somebody wants to have shared.
type Order struct {
	Function string    `json:"function,omitempty" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" maxLength:"60" doc:"The shared function, by key. A later run's is the one before's." example:"coordinator"`
	From     day.Day   `json:"from,omitzero" doc:"The period's first day, as the configuration has the period." example:"2026-01-01"`
	Basis    string    `json:"basis,omitempty" enum:",budget,outcome" doc:"Whether the budget or the outcome is shared. Empty: the budget; for a later run, what the one before shared, and for a settlement the outcome." example:"budget"`
	SharedBy string    `json:"sharedBy,omitempty" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" maxLength:"60" doc:"Another key than the function's own. Empty: its own." example:"population"`
	Kind     string    `json:"kind,omitempty" enum:",statement,correction,settlement" doc:"Empty: the first of its period." example:"statement"`
	Previous uuid.UUID `json:"previous,omitzero" doc:"For a correction or a settlement: the run before, which is adopted." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Reason   string    `json:"reason,omitempty" maxLength:"500" doc:"For a correction or a settlement: why. It is printed." example:"SCB har rättat folkmängden för Ydre"`
}

// gathering is an order with what it is about.
type gathering struct {
	read     *reading
	order    Order
	config   tenant.Configuration // in force on the period's first day
	function tenant.SharedFunction
	period   tenant.CostPeriod
	key      tenant.CostKey
	before   *Run // the one before, of a later run
}

// reading remembers what has been read, so that several orders ask for it once.
type reading struct {
	organisations map[string]costsharedb.PayersRow
	figures       map[day.Day]map[string]population.Figure
}

func newReading() *reading {
	return &reading{organisations: map[string]costsharedb.PayersRow{}, figures: map[day.Day]map[string]population.Figure{}}
}

// all gives organisations by their keys; one that is not known is not there.
func (r *reading) all(ctx context.Context, tx *pg.Tx, keys []string) (map[string]costsharedb.PayersRow, error) {
	missing := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { _, ok := r.organisations[key]; return ok })
	if len(missing) == 0 {
		return r.organisations, nil
	}
	rows, err := costsharedb.New(tx).Payers(ctx, missing)
	for _, row := range rows {
		r.organisations[row.Key] = row
	}
	return r.organisations, err
}

// on gives the population of payers on a day, by code; one that is not known is not there.
func (r *reading) on(ctx context.Context, tx *pg.Tx, payers []Payer, on day.Day) (map[string]population.Figure, error) {
	have := r.figures[on]
	if have == nil {
		have = map[string]population.Figure{}
		r.figures[on] = have
	}
	var missing []string
	for _, p := range payers {
		if _, ok := have[p.Code]; !ok && p.Code != "" {
			missing = append(missing, p.Code)
		}
	}
	if len(missing) == 0 {
		return have, nil
	}
	figures, err := population.On(ctx, tx, missing, on)
	maps.Copy(have, figures)
	return have, err
}

// gather finds all that an order rests on.
func gather(ctx context.Context, tx *pg.Tx, o Order) (g gathering, in Input, err error) {
	g = gathering{read: newReading(), order: o}
	if err := g.follow(ctx, tx); err != nil {
		return g, in, err
	}
	if err := g.find(tx); err != nil {
		return g, in, err
	}
	amount, missing := g.period.Budget, fault.Bad("cost.budget_unknown", "/basis")
	if g.order.Basis == Outcome {
		amount, missing = g.period.Outcome, fault.Bad("cost.outcome_unknown", "/basis")
	}
	if amount == "" {
		return g, in, missing.With("from", g.period.From.String(), "until", g.period.Until.String())
	}
	if g.order.Kind == KindSettlement { // by the same key, payers and figures as the budget: only the amount is another
		in = g.before.Input
		in.Source = g.period.Source
		in.Amount, err = money.Parse(amount)
		return g, in, err
	}
	in = Input{Source: g.period.Source, From: g.period.From, Until: g.period.Until, Days: int64(g.period.Until.Sub(g.period.From)) + 1}
	if in.Amount, err = money.Parse(amount); err != nil {
		return g, in, err
	}
	return g, in, g.fill(ctx, tx, &in)
}

// fill puts in whose cost it is, by which key, and who shares it with what weight.
func (g *gathering) fill(ctx context.Context, tx *pg.Tx, in *Input) (err error) {
	if in.Function, err = g.described(ctx, tx); err != nil {
		return err
	}
	if in.Key, err = keyOn(tx.County, g.key, in.From); err != nil {
		return err
	}
	all, err := g.payers(ctx, tx, *in)
	if err != nil {
		return err
	}
	for _, p := range all {
		if g.key.Excludes(p.Key) {
			in.Excluded = append(in.Excluded, p)
		} else {
			in.Payers = append(in.Payers, p)
		}
	}
	slices.SortFunc(in.Payers, inOrder)
	return g.weigh(ctx, tx, in)
}

// follow takes from the run before what a later one has of it.
func (g *gathering) follow(ctx context.Context, tx *pg.Tx) error {
	o := &g.order
	if o.Kind == "" {
		o.Kind = KindStatement
	}
	if o.Kind == KindStatement {
		if o.Previous != uuid.Nil {
			return fault.Bad("cost.statement_is_first", "/previous")
		}
		if o.Basis == "" {
			o.Basis = Budget
		}
		return nil
	}
	if o.Previous == uuid.Nil {
		return fault.Bad("cost.previous_missing", "/previous")
	}
	if o.Reason == "" {
		return fault.Bad("cost.reason_missing", "/reason")
	}
	before, err := get(ctx, tx, o.Previous)
	switch {
	case fault.Is(err, "common.not_found"):
		return fault.Bad("cost.previous_missing", "/previous")
	case err != nil:
		return err
	case before.State != Adopted:
		return fault.Bad("cost.previous_open", "/previous")
	case before.Next != uuid.Nil:
		return fault.Bad("cost.previous_followed", "/previous").With("run", before.Next.String())
	}
	if !o.From.IsZero() && o.From != before.From {
		return fault.Bad("cost.from_of_previous", "/from")
	}
	g.before, o.Function, o.From = &before, before.Function, before.From
	switch {
	case o.Kind == KindSettlement:
		o.Basis = Outcome
		if before.Basis == Outcome {
			return fault.Bad("cost.settled", "/kind")
		}
	case o.Basis == "":
		o.Basis = before.Basis
	}
	if o.SharedBy == "" {
		o.SharedBy = before.Input.Key.Key
	}
	return nil
}

// find looks the function, the period and the key up. What the function is, who
// pays and by which key follows the configuration of the period's first day; the
// amounts are what is known today, or else then.
func (g *gathering) find(tx *pg.Tx) error {
	o := g.order
	if o.From.IsZero() {
		return fault.Bad("cost.period_missing", "/from")
	}
	g.config = tx.County.On(o.From)
	ok := false
	if g.function, ok = g.config.SharedFunction(o.Function); !ok {
		return fault.Bad("cost.function_unknown", "/function").With("function", o.Function, "day", o.From.String())
	}
	begins := func(p tenant.CostPeriod) bool { return p.From == o.From }
	now, _ := tx.Config().SharedFunction(o.Function)
	for _, f := range []tenant.SharedFunction{now, g.function} {
		if i := slices.IndexFunc(f.Periods, begins); i >= 0 {
			g.period, ok = f.Periods[i], true
			break
		}
		ok = false
	}
	if !ok {
		return fault.Bad("cost.period_unknown", "/from").With("day", o.From.String())
	}
	key := o.SharedBy
	if key == "" {
		key = g.function.SharedBy
	}
	if g.key, ok = g.config.CostKey(key); !ok {
		return fault.Bad("cost.key_unknown", "/sharedBy").With("key", key, "day", o.From.String())
	}
	return nil
}

func (g *gathering) described(ctx context.Context, tx *pg.Tx) (Function, error) {
	f := Function{Key: g.function.Key, Name: g.function.Name, Kind: g.function.Kind, Employer: g.function.Employer, Decision: g.function.Ground.Decision, On: g.function.Ground.On, Until: g.function.Ground.Until, Notice: g.function.Ground.FurtherNotice}
	known, err := g.read.all(ctx, tx, []string{f.Employer})
	if o, ok := known[f.Employer]; ok {
		f.Employer = o.Name
	}
	return f, err
}

// keyOn gives a key as it is on a day, and which version of it that is.
func keyOn(c tenant.County, k tenant.CostKey, on day.Day) (Key, error) {
	out := Key{Key: k.Key, Name: k.Name, Unit: Ore}
	if k.Unit == tenant.UnitKrona {
		out.Unit = Krona
	}
	last := ""
	versions := slices.SortedFunc(slices.Values(c.CostKeys), func(a, b tenant.Dated[tenant.CostKeys]) int { return a.From.Compare(b.From) })
	for _, v := range versions {
		i := slices.IndexFunc(v.Value.Keys, func(other tenant.CostKey) bool { return other.Key == k.Key })
		if v.From.After(on) || i < 0 {
			continue
		}
		said, err := json.Marshal(v.Value.Keys[i])
		if err != nil {
			return Key{}, err
		}
		if string(said) != last {
			last, out.Number, out.From, out.Decision = string(said), out.Number+1, v.From, v.Decision
		}
	}
	for _, p := range k.Parts {
		part := Part{By: p.By, Portion: int64(max(p.Portion, 1))}
		if p.By == ByPopulation {
			part.Reference, _ = p.Reference.On(on)
		}
		out.Parts = append(out.Parts, part)
	}
	var err error
	for _, limit := range []struct {
		said string
		into *int64
	}{{k.Floor, &out.Floor}, {k.Cap, &out.Cap}} {
		if limit.said == "" {
			continue
		}
		if *limit.into, err = money.Parse(limit.said); err != nil {
			return Key{}, err
		}
	}
	return out, nil
}

// payers are those who share the cost in the period, each with its days: by the
// list, or as the agreement's parties. Where a municipality lies decides nothing.
func (g *gathering) payers(ctx context.Context, tx *pg.Tx, in Input) ([]Payer, error) {
	end := in.Until.Add(1)
	var all []Payer
	spans := map[string][]day.Span{}
	if by := g.function.Payers; by.Instrument != "" {
		rows, err := costsharedb.New(tx).Parties(ctx, costsharedb.PartiesParams{Kind: by.Instrument, Types: append([]string{}, by.PartyTypes...), Today: tx.Today(), FromDay: in.From, Until: in.Until})
		if err != nil {
			return nil, err
		}
		counted := g.config.PartyStatuses.Counted()
		for _, r := range rows {
			if !slices.Contains(counted, r.Status) {
				continue
			}
			if spans[r.Key] == nil {
				all = append(all, Payer{Organisation: r.ID, Key: r.Key, Code: known(r.OfficialCode), Name: r.Name, Short: r.ShortName, Number: known(r.OrganisationNumber)})
			}
			spans[r.Key] = append(spans[r.Key], day.Span{From: r.Begins, To: r.Ends})
		}
	} else {
		var keys []string
		for _, p := range by.List {
			s := day.Span{From: p.From}
			if !p.Until.IsZero() {
				s.To = p.Until.Add(1)
			}
			spans[p.Organisation] = append(spans[p.Organisation], s)
			keys = append(keys, p.Organisation)
		}
		read, err := g.read.all(ctx, tx, keys)
		if err != nil {
			return nil, err
		}
		var wrong fault.List
		for _, key := range slices.Compact(slices.Sorted(slices.Values(keys))) {
			r, ok := read[key]
			if !ok {
				wrong.Add(fault.Bad("cost.payer_unknown", "/function").With("payer", key))
				continue
			}
			all = append(all, Payer{Organisation: r.ID, Key: r.Key, Code: known(r.OfficialCode), Name: r.Name, Short: r.ShortName, Number: known(r.OrganisationNumber)})
		}
		if err := wrong.Err(); err != nil {
			return nil, err
		}
	}
	present := all[:0]
	for _, p := range all {
		p.Days, p.From, p.Until = within(spans[p.Key], day.Span{From: in.From, To: end})
		if p.Days > 0 {
			present = append(present, p)
		}
	}
	return present, nil
}

// within counts the days of a period on which at least one of some spans holds.
// from and until are set where they differ from the period's.
func within(spans []day.Span, period day.Span) (days int64, from, until day.Day) {
	var cut []day.Span
	for _, s := range spans {
		if s.From.Before(period.From) {
			s.From = period.From
		}
		if s.To.IsZero() || s.To.After(period.To) {
			s.To = period.To
		}
		if s.From.Before(s.To) {
			cut = append(cut, s)
		}
	}
	slices.SortFunc(cut, func(a, b day.Span) int { return a.From.Compare(b.From) })
	reached := period.From
	for i, s := range cut {
		if s.From.Before(reached) {
			s.From = reached
		}
		if s.From.Before(s.To) {
			days += int64(s.To.Sub(s.From))
			reached = s.To
		}
		if i == 0 && cut[0].From.After(period.From) {
			from = cut[0].From
		}
	}
	if days > 0 && reached.Before(period.To) {
		until = reached.Add(-1)
	}
	return days, from, until
}

// weigh puts at each payer what the key counts: population, per cent, parts.
// A figure that is missing is left missing: the sharing refuses it by name.
func (g *gathering) weigh(ctx context.Context, tx *pg.Tx, in *Input) error {
	k := g.key
	for i := range in.Payers {
		p := &in.Payers[i]
		for _, part := range k.Parts {
			for _, s := range part.Shares {
				if part.By == ByFixed && s.Organisation == p.Key {
					p.Fixed += int64(s.Parts)
				}
			}
		}
		if len(k.Weights) > 0 {
			p.Percent = 100
		}
		for _, w := range k.Weights {
			if w.Organisation == p.Key {
				p.Percent = int64(w.Percent)
			}
		}
	}
	for _, part := range in.Key.Parts {
		if part.By != ByPopulation {
			continue
		}
		figures, err := g.read.on(ctx, tx, in.Payers, part.Reference)
		if err != nil {
			return err
		}
		for i := range in.Payers {
			if f, ok := figures[in.Payers[i].Code]; ok {
				in.Payers[i].Population = &Figure{Day: f.Day, Count: f.Count, Revision: f.Revision, Source: f.Source}
			}
		}
	}
	return nil
}
