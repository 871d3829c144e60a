package costshare

import (
	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/tenant"
)

// Input is all that a sharing rests on, as it is kept with it: whoever has it can
// work the sharing out again, whatever has become of keys, payers and figures.
type Input struct {
	Function Function `json:"function" doc:"Whose cost it is."`
	Amount   int64    `json:"amount" doc:"What is shared, in öre." example:"100000000"`
	Source   string   `json:"source,omitempty" doc:"Where the amount comes from, as the configuration says." example:"Budget 2026"`
	From     day.Day  `json:"from" doc:"The period's first day." example:"2026-01-01"`
	Until    day.Day  `json:"until" doc:"The period's last day." example:"2026-12-31"`
	Days     int64    `json:"days" doc:"How many days the period has." example:"365"`
	Key      Key      `json:"key" doc:"By what it is shared."`
	Payers   []Payer  `json:"payers" nullable:"false" doc:"Who shares it, in the order of their codes."`
	Excluded []Payer  `json:"excludedPayers,omitempty" doc:"Who would share it and does not, by the key."`
}

// Function is a shared function as it stood when its cost was shared.
type Function struct {
	Key      string       `json:"key" doc:"Names it within the county." example:"coordinator"`
	Name     tenant.Words `json:"name" doc:"What it is called, by language."`
	Kind     string       `json:"kind" enum:"post,project,secretariat" doc:"What sort of function it is." example:"post"`
	Employer string       `json:"employer,omitempty" doc:"Who employs, by name." example:"Länsstyrelsen Östergötland"`
	Decision string       `json:"decision,omitempty" doc:"By what decision the cost is shared." example:"Integrationsrådets beslut"`
	On       day.Day      `json:"on,omitzero" doc:"The day of that decision." example:"2017-04-18"`
	Until    day.Day      `json:"until,omitzero" doc:"The last day that it holds." example:"2027-12-31"`
	Notice   bool         `json:"furtherNotice,omitzero" doc:"Whether it holds until further notice." example:"true"`
}

// Key is by what a cost is shared, as it stood when it was.
type Key struct {
	Key      string       `json:"key" doc:"Names it within the county." example:"population"`
	Name     tenant.Words `json:"name" doc:"What it is called, by language."`
	Number   int          `json:"number" doc:"Which version of the key: 1 is the first." example:"1"`
	From     day.Day      `json:"from,omitzero" doc:"From which day that version holds. Empty: it has always held." example:"2017-04-18"`
	Decision string       `json:"decision,omitempty" doc:"By what decision." example:"Integrationsrådet 2017-04-18"`
	Parts    []Part       `json:"parts" nullable:"false" doc:"What the amount is shared by; several: it is first divided between them."`
	Floor    int64        `json:"floor,omitzero" doc:"The least that a payer pays for the whole period, in öre. 0: none." example:"1000000"`
	Cap      int64        `json:"cap,omitzero" doc:"The most that a payer pays for the whole period, in öre. 0: none." example:"50000000"`
	Unit     int64        `json:"unit" doc:"In what is shared: 1 is öre, 100 is whole kronor." example:"1"`
}

// Part is one of the things that a cost is shared by.
type Part struct {
	By        string  `json:"by" enum:"population,equal,fixed" doc:"By population, equally, or by fixed parts." example:"population"`
	Portion   int64   `json:"portion" doc:"How large a part of the amount, beside the others' portions." example:"1"`
	Reference day.Day `json:"reference,omitzero" doc:"The day whose population counts." example:"2024-12-31"`
}

// Payer is one that shares a cost.
type Payer struct {
	Organisation uuid.UUID `json:"organisation" doc:"The organisation." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Key          string    `json:"key" doc:"Its key." example:"linkoping"`
	Code         string    `json:"code,omitempty" doc:"Its official code, which decides between equal remainders." example:"0580"`
	Name         string    `json:"name" doc:"What it was called." example:"Linköpings kommun"`
	Short        string    `json:"shortName,omitempty" doc:"What it was called in tables." example:"Linköping"`
	Number       string    `json:"number,omitempty" doc:"Its organisation number, where the county had typed it." example:"2120000449"`
	Days         int64     `json:"days" doc:"How many of the period's days it shares." example:"365"`
	From         day.Day   `json:"from,omitzero" doc:"Where it came in within the period: its first day." example:"2026-07-01"`
	Until        day.Day   `json:"until,omitzero" doc:"Where it went out within the period: its last day." example:"2026-06-30"`
	Population   *Figure   `json:"population,omitempty" doc:"Its population, where that counts."`
	Percent      int64     `json:"percent,omitzero" doc:"How much of its population counts, in per cent. 0: all of it." example:"50"`
	Fixed        int64     `json:"fixed,omitzero" doc:"Its fixed parts, where those count." example:"2"`
}

// Figure is a population as it was known when it was used.
type Figure struct {
	Day      day.Day `json:"day" doc:"The day it tells of." example:"2024-12-31"`
	Count    int64   `json:"count" doc:"How many lived there." example:"168035"`
	Revision int     `json:"revision" doc:"Which statement of it: 1 is the first." example:"1"`
	Source   string  `json:"source" doc:"Where it comes from." example:"SCB, folkmängd 31 december 2024"`
}

func (p *Payer) count(by string) int64 {
	switch by {
	case ByEqual:
		return 1
	case ByFixed:
		return p.Fixed
	}
	if p.Population == nil {
		return 0
	}
	return p.Population.Count
}

// percent is 1 where nobody's population is weighted, so that a weight reads as
// what it is.
func (p *Payer) percent(by string) int64 {
	if by != ByPopulation || p.Percent == 0 {
		return 1
	}
	return p.Percent
}

// Result is what came of a sharing. The shares sum to the amount.
type Result struct {
	Parts  []PartResult `json:"parts" nullable:"false" doc:"The parts of the amount. Where some pay a floor or a cap: of what the others share."`
	Shares []Share      `json:"shares" nullable:"false" doc:"What each pays, in the order of their codes."`
	Over   int64        `json:"over,omitzero" doc:"In whole kronor: the öre that were over, which the one who pays the most has." example:"32"`
}

// PartResult is what one part came to.
type PartResult struct {
	By      string `json:"by" doc:"What it is shared by." example:"population"`
	Amount  int64  `json:"amount" doc:"How much of the amount, in öre." example:"100000000"`
	Weights int64  `json:"weights" doc:"The sum of the weights of those who share it." example:"472446"`
}

// Share is what one payer pays.
type Share struct {
	Payer  uuid.UUID `json:"payer" doc:"The organisation." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Amount int64     `json:"amount" doc:"What it pays, in öre." example:"35567028"`
	Tenths int64     `json:"tenths" doc:"Its part of the whole in tenths of a per cent; they sum to 1000." example:"356"`
	Limit  string    `json:"limit,omitempty" enum:",floor,cap" doc:"Why it is another amount than its part: the least or the most that anybody pays." example:"floor"`
	Over   int64     `json:"over,omitzero" doc:"The öre that were over, where it has them." example:"32"`
	Steps  []Step    `json:"steps,omitempty" doc:"How it came about, part by part. None at a floor or cap."`
}

// Step is how a payer's share of one part came about:
// weight = count × percent × days, and amount = part × weight ÷ weights.
type Step struct {
	By        string `json:"by" doc:"What the part is shared by." example:"population"`
	Count     int64  `json:"count" doc:"Its population, 1, or its fixed parts." example:"168035"`
	Percent   int64  `json:"percent" doc:"How much of its population counts." example:"1"`
	Days      int64  `json:"days" doc:"How many days it shares." example:"365"`
	Weight    int64  `json:"weight" doc:"Count times percent times days." example:"61332775"`
	Whole     int64  `json:"whole" doc:"Its whole units, in öre." example:"35567027"`
	Remainder int64  `json:"remainder" doc:"What is left over, in parts of the sum of weights." example:"427858"`
	Extra     bool   `json:"extra" doc:"Whether its remainder is among the largest, so that it has one unit more." example:"true"`
	Amount    int64  `json:"amount" doc:"What it pays of this part, in öre." example:"35567028"`
}
