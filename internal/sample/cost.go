package sample

import (
	"slices"
	"time"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/tenant"
)

// Made is by what "decision" the amounts made up for the demo hold: the page and
// the history say it wherever they are shown.
const Made = "Demo: påhittade belopp"

// budgets are what the demo lets the coordinator cost. No source gives an amount
// for any year.
var budgets = []struct {
	year            int
	budget, outcome string // empty: unknown
}{
	{2023, "1000000.00", "987654.32"},
	{2024, "1000000.00", "1012500.00"},
	{2025, "1050000.00", "1031240.50"},
	{2026, "1100000.00", ""},
}

// WithCosts gives a county's configuration amounts made up for the demo, each
// marked, as a version of their own: what the county's file says stays as it is
// before them, and says of amounts what it said, nothing.
func WithCosts(c tenant.County) tenant.County {
	if c.Slug != "ostergotland" {
		return c
	}
	from := day.Of(budgets[0].year, time.January, 1)
	holds, _ := c.SharedFunctions.On(from)
	i := slices.IndexFunc(holds.Functions, func(f tenant.SharedFunction) bool { return f.Key == "coordinator" })
	if i < 0 {
		return c
	}
	holds.Functions = slices.Clone(holds.Functions)
	for _, b := range budgets {
		holds.Functions[i].Periods = append(holds.Functions[i].Periods, tenant.CostPeriod{From: day.Of(b.year, time.January, 1), Until: day.Of(b.year, time.December, 31),
			Budget: b.budget, Outcome: b.outcome, Invented: true, Source: "Påhittat för demon"})
	}
	c.SharedFunctions = append(slices.Clone(c.SharedFunctions), tenant.Dated[tenant.SharedFunctions]{From: from, Decision: Made, Value: holds})
	keys, _ := c.CostKeys.On(from)
	keys.Keys = append(slices.Clone(keys.Keys), others...)
	c.CostKeys = append(slices.Clone(c.CostKeys), tenant.Dated[tenant.CostKeys]{From: from, Decision: Made, Value: keys})
	return c
}

// others are keys that nobody has proposed, to compare with the one that holds.
var others = []tenant.CostKey{
	{Key: "equal", Name: tenant.Words{"sv": "Lika delar (påhittad)", "en": "Equal parts (invented)"}, Parts: []tenant.CostPart{{By: tenant.ByEqual}}},
	{Key: "half", Name: tenant.Words{"sv": "Hälften av varje (påhittad)", "en": "Half of each (invented)"}, Parts: []tenant.CostPart{{By: tenant.ByEqual, Portion: 1},
		{By: tenant.ByPopulation, Portion: 1, Reference: tenant.CostReference{YearsBefore: 1}}}},
}
