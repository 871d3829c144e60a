package costshare

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/money"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// The most that is compared at once.
const (
	MostKeys  = 10
	MostYears = 20
)

// Trial is what somebody wants to compare before anything is decided.
type Trial struct {
	Function string   `json:"function" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" maxLength:"60" doc:"The shared function, by key." example:"coordinator"`
	Keys     []string `json:"keys" minItems:"1" maxItems:"10" doc:"The keys to compare, by key." example:"[\"population\",\"equal\"]"`
	Years    []int    `json:"years" minItems:"1" maxItems:"20" doc:"The years to compare." example:"[2024,2025]"`
	Amount   int64    `json:"amount,omitzero" minimum:"0" doc:"What is shared each year, in öre. 0: each year's own budget." example:"100000000"`
}

// Comparison is several keys and years side by side. Nothing of it is kept.
type Comparison struct {
	Function Function         `json:"function" doc:"Whose cost it is."`
	Columns  []ComparedColumn `json:"columns" nullable:"false" doc:"One for each year and key. Differences are to the first that could be worked out."`
	Rows     []ComparedRow    `json:"rows" nullable:"false" doc:"One for each payer, in the order of their codes."`
}

// ComparedColumn is one key in one year.
type ComparedColumn struct {
	Year    int          `json:"year" doc:"The year." example:"2025"`
	Key     string       `json:"key" doc:"The key." example:"population"`
	Name    tenant.Words `json:"name" doc:"What the key is called, by language."`
	Amount  int64        `json:"amount" doc:"What is shared, in öre." example:"100000000"`
	Refused []Refused    `json:"refusals,omitempty" doc:"Why it could not be worked out, where it could not."`
}

// Refused is why a column could not be worked out.
type Refused struct {
	Key  string         `json:"key" doc:"The rule." example:"cost.population_missing"`
	Args map[string]any `json:"args,omitempty" doc:"What its words are filled with."`
}

// ComparedRow is what one payer would pay, column by column.
type ComparedRow struct {
	Organisation uuid.UUID `json:"organisation" doc:"The payer." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Code         string    `json:"code,omitempty" doc:"Its official code." example:"0580"`
	Name         string    `json:"name" doc:"What it is called." example:"Linköpings kommun"`
	Short        string    `json:"shortName" doc:"What it is called in pictures." example:"Linköping"`
	Cells        []Cell    `json:"cells" nullable:"false" doc:"One for each column."`
}

// Cell is what one payer would pay by one key in one year.
type Cell struct {
	Pays       bool  `json:"pays" doc:"Whether it shares the cost in that column at all." example:"true"`
	Amount     int64 `json:"amount" doc:"What it would pay, in öre." example:"35567028"`
	Tenths     int64 `json:"tenths" doc:"Its part of the whole, in tenths of a per cent." example:"356"`
	Inhabitant int64 `json:"perInhabitant,omitzero" doc:"What that is for each who lives there, in öre. 0: the population is not known." example:"212"`
	Difference int64 `json:"difference" doc:"How much more than in the first column, in öre." example:"0"`
}

// Compare works several keys and years out side by side, and keeps nothing.
func Compare(ctx context.Context, tx *pg.Tx, t Trial) (Comparison, error) {
	if err := tx.Require(auth.CostPrepare); err != nil {
		return Comparison{}, err
	}
	if err := t.check(); err != nil {
		return Comparison{}, err
	}
	c := Comparison{Rows: []ComparedRow{}}
	f, ok := tx.Config().SharedFunction(t.Function)
	if !ok {
		return Comparison{}, fault.Bad("cost.function_unknown", "/function").With("function", t.Function, "day", tx.Today().String())
	}
	var err error
	if c.Function, err = (&gathering{read: newReading(), function: f}).described(ctx, tx); err != nil {
		return Comparison{}, err
	}
	read, rows := newReading(), map[uuid.UUID]int{}
	for _, year := range t.Years {
		for _, key := range t.Keys {
			in, err := t.input(ctx, tx, read, year, key)
			fs := fault.All(err)
			if err != nil && fs == nil {
				return c, err
			}
			var res Result
			if fs == nil {
				res, err = Split(in)
				if fs = fault.All(err); err != nil && fs == nil {
					return c, err
				}
			}
			col := ComparedColumn{Year: year, Key: key, Name: in.Key.Name, Amount: in.Amount}
			if col.Name == nil {
				col.Name = tenant.Words{"sv": key}
			}
			for _, f := range fs {
				col.Refused = append(col.Refused, Refused{Key: f.Key, Args: f.Args})
			}
			c.Columns = append(c.Columns, col)
			if fs != nil {
				continue
			}
			living, err := read.on(ctx, tx, in.Payers, day.Of(year-1, 12, 31))
			if err != nil {
				return c, err
			}
			for i, p := range in.Payers {
				n, ok := rows[p.Organisation]
				if !ok {
					n = len(c.Rows)
					rows[p.Organisation] = n
					c.Rows = append(c.Rows, ComparedRow{Organisation: p.Organisation, Code: p.Code, Name: p.Name, Short: cmp.Or(p.Short, p.Name)})
				}
				cell := Cell{Pays: true, Amount: res.Shares[i].Amount, Tenths: res.Shares[i].Tenths}
				if p.Population != nil {
					cell.Inhabitant = (cell.Amount + p.Population.Count/2) / p.Population.Count
				} else if f, ok := living[p.Code]; ok {
					cell.Inhabitant = (cell.Amount + f.Count/2) / f.Count
				}
				row := &c.Rows[n]
				row.Cells = append(row.Cells, make([]Cell, len(c.Columns)-1-len(row.Cells))...)
				row.Cells = append(row.Cells, cell)
			}
		}
	}
	c.finish()
	return c, nil
}

// finish fills the cells of those who do not pay, and tells the differences.
func (c *Comparison) finish() {
	first := slices.IndexFunc(c.Columns, func(col ComparedColumn) bool { return col.Refused == nil })
	for i := range c.Rows {
		r := &c.Rows[i]
		r.Cells = append(r.Cells, make([]Cell, len(c.Columns)-len(r.Cells))...)
		for n := range r.Cells {
			if c.Columns[n].Refused == nil {
				r.Cells[n].Difference = r.Cells[n].Amount - r.Cells[first].Amount
			}
		}
	}
	slices.SortStableFunc(c.Rows, func(a, b ComparedRow) int {
		return inOrder(Payer{Code: a.Code, Key: a.Name, Organisation: a.Organisation}, Payer{Code: b.Code, Key: b.Name, Organisation: b.Organisation})
	})
}

func (t Trial) check() error {
	switch {
	case len(t.Keys) == 0 || len(t.Keys) > MostKeys:
		return fault.Bad("cost.compare_keys", "/keys").With("most", MostKeys)
	case len(t.Years) == 0 || len(t.Years) > MostYears:
		return fault.Bad("cost.compare_years", "/years").With("most", MostYears)
	case t.Amount < 0 || t.Amount > Most:
		return fault.Bad("cost.amount_too_large", "/amount")
	}
	for _, y := range t.Years {
		if y < 1900 || y > 2200 {
			return fault.Bad("cost.compare_year", "/years").With("year", y)
		}
	}
	return nil
}

// input is what a key in a year would rest on: the period that begins in the
// year, or else the calendar year with the amount that is tried.
func (t Trial) input(ctx context.Context, tx *pg.Tx, read *reading, year int, key string) (Input, error) {
	g := gathering{read: read, order: Order{Function: t.Function, SharedBy: key, Basis: Budget}}
	from := day.Of(year, 1, 1)
	now, _ := tx.Config().SharedFunction(t.Function)
	period := tenant.CostPeriod{From: from, Until: day.Of(year, 12, 31)}
	if i := slices.IndexFunc(now.Periods, func(p tenant.CostPeriod) bool { return p.From.Year() == year }); i >= 0 {
		period = now.Periods[i]
	}
	g.order.From, g.period = period.From, period
	g.config = tx.County.On(period.From)
	ok := false
	if g.function, ok = g.config.SharedFunction(t.Function); !ok {
		if g.function = now; now.Key == "" {
			return Input{}, fault.Bad("cost.function_unknown", "/function").With("function", t.Function, "day", period.From.String())
		}
	}
	// A key that is tried may be newer than the year: it is what is asked about.
	if g.key, ok = tx.Config().CostKey(key); !ok {
		if g.key, ok = g.config.CostKey(key); !ok {
			return Input{}, fault.Bad("cost.key_unknown", "/keys").With("key", key, "day", tx.Today().String())
		}
	}
	in := Input{Amount: t.Amount, From: period.From, Until: period.Until, Days: int64(period.Until.Sub(period.From)) + 1}
	if in.Amount == 0 {
		if period.Budget == "" {
			return in, fault.Bad("cost.budget_unknown", "/amount").With("from", period.From.String(), "until", period.Until.String())
		}
		var err error
		if in.Amount, err = money.Parse(period.Budget); err != nil {
			return in, err
		}
	}
	return in, g.fill(ctx, tx, &in)
}
