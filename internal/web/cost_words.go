package web

import (
	"math"

	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/money"
)

// kronor writes an amount of the configuration; "" where it says none.
func (v *visit) kronor(amount string) string {
	ore, err := money.Parse(amount)
	if amount == "" || err != nil {
		return ""
	}
	return Money(v.Lang, ore)
}

func barClass(mine bool) string {
	if mine {
		return "k4"
	}
	return "k3"
}

// kindOf is what a run is, and what it shares.
func (v *visit) kindOf(b costshare.Brief) string { return costshare.KindName(v.Lang, b) }

// runLead says how many share what.
func (v *visit) runLead(s runSeen) string {
	return v.T("cost.page.run_lead", "count", len(s.Input.Payers), "key", v.Words(s.Input.Key.Name))
}

// keyFrom tells since when a key is as it is.
func (v *visit) keyFrom(k costshare.Key) string {
	switch {
	case k.From.IsZero() && k.Decision == "":
		return v.T("cost.page.key_always")
	case k.From.IsZero():
		return k.Decision
	case k.Decision == "":
		return v.T("cost.page.key_from", "day", LongDay(v.Lang, k.From))
	}
	return v.T("cost.page.key_from_by", "day", LongDay(v.Lang, k.From), "decision", k.Decision)
}

// allNotes stand beside the table of all payers.
func (v *visit) allNotes(s runSeen) []string {
	notes := []string{v.T("cost.page.all_why")}
	if sources := costshare.Sources(v.Lang, s.Run); len(sources) > 0 && len(sources) <= 2 {
		notes = append(notes, sources...)
	} else if len(sources) > 2 {
		notes = append(notes, v.T("cost.page.sources", "count", len(sources)))
	}
	var alone int64
	for _, share := range s.Result.Shares {
		if s.Shared > 0 { // to the nearest tenth of a per cent
			alone += int64(math.Round(float64(share.Amount) * 1000 / float64(s.Shared)))
		}
	}
	if s.Shared > 0 && alone != 1000 {
		notes = append(notes, v.T("cost.page.rounded_alone", "percent", Decimal(v.Lang, alone, 1)))
	}
	return notes
}

// howNotes stand beside the sum.
func (v *visit) howNotes(s statementSeen) []string {
	notes := []string{v.T("cost.page.how_note")}
	if s.byPopulation() {
		notes = append(notes, v.T("cost.page.revision_note"))
	}
	if s.Demo {
		notes = append(notes, v.T("cost.page.invented", "amount", Money(v.Lang, s.Shared)))
	}
	return notes
}

// rowNote tells what is out of the ordinary with a payer.
func (v *visit) rowNote(r runRow) string {
	switch {
	case !r.Counts:
		return v.T("cost.page.not_any_more")
	case r.Limit != "":
		return v.Of("cost.page.limit_", r.Limit)
	case !r.Payer.From.IsZero():
		return v.T("cost.page.from_day", "day", LongDay(v.Lang, r.Payer.From))
	case !r.Payer.Until.IsZero():
		return v.T("cost.page.until_day", "day", LongDay(v.Lang, r.Payer.Until))
	}
	return ""
}

// leftOver tells how the last units were given out.
func (v *visit) leftOver(s statementSeen) string {
	if len(s.Share.Steps) != 1 {
		return ""
	}
	unit := "ore"
	if s.Input.Key.Unit == costshare.Krona {
		unit = "krona"
	}
	given, step := 0, s.Share.Steps[0]
	for _, share := range s.Result.Shares {
		if len(share.Steps) == 1 && share.Steps[0].Extra {
			given++
		}
	}
	if given == 0 {
		return v.Of("cost.page.left_none_", unit)
	}
	which := "others"
	if step.Extra {
		which = "own"
	}
	return v.Of("cost.page.left_", unit, "count", given) + " " + v.Of("cost.page.left_", which, "count", given, "name", s.Own.Name)
}

// number writes an organisation number; "" is unknown.
func (v *visit) number(n string) string {
	if len(n) != 10 {
		return n
	}
	return n[:6] + "-" + n[6:]
}

// asker is who asked or answered; who has no name any more is somebody.
func (v *visit) asker(name string) string {
	if name == "" {
		return v.T("cost.page.somebody")
	}
	return name
}
