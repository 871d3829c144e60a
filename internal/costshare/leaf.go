package costshare

import (
	"github.com/google/uuid"

	"github.com/overens/overens/internal/money"
	"github.com/overens/overens/internal/print"
	"github.com/overens/overens/internal/text"
)

// Leaf is a payer's statement for paper, with every step of its sum. above is
// whose it is.
func Leaf(l text.Lang, above string, r Run, s Statement) print.Leaf {
	m := func(ore int64) string { return money.Format(ore, string(l)) }
	leaf := print.Leaf{Lang: string(l), Above: above, Title: Title(l, r, s)}
	state := l.T("cost.page.preview")
	if r.State == Adopted {
		state = l.T("cost.page.adopted", "day", l.LongDay(r.AdoptedOn.Date()))
	}
	leaf.Marks = append(leaf.Marks, state)
	if r.Next != uuid.Nil {
		leaf.Marks = append(leaf.Marks, l.T("cost.page.followed"))
	}
	if r.Demo {
		leaf.Marks = append(leaf.Marks, l.T("cost.file.invented"))
	}
	number := s.Number
	if number == "" {
		number = l.T("web.unknown")
	}
	leaf.Facts = []print.Fact{{Name: l.T("cost.page.to_pay"), Value: m(s.Billed)}, {Name: l.T("cost.page.payer"), Value: s.Name}, {Name: l.T("cost.page.number"), Value: number},
		{Name: l.T("cost.page.kind_column"), Value: KindName(l, r.Brief)}, {Name: l.T("cost.file.statement"), Value: s.ID.String()}}
	if by := AdoptedBy(l, r); by != "" {
		leaf.Facts = append(leaf.Facts, print.Fact{Name: l.T("cost.page.adopt_ground"), Value: by})
	}
	why := print.Section{Heading: l.T("cost.page.why.title"), Lines: append(Grounds(l, r), KeyName(l, r.Input.Key))}
	if r.Reason != "" {
		why.Lines = append(why.Lines, r.Reason)
	}
	why.Lines = append(why.Lines, Rules(l, r.Input.Key)...)
	leaf.Sections = append(leaf.Sections, why)

	how := print.Section{Heading: l.T("cost.page.how"), Notes: []string{l.T("cost.page.how_note")}, Tables: sums(l, r, s)}
	leaf.Sections = append(leaf.Sections, how, print.Section{Heading: l.T("cost.page.all"), Notes: append([]string{l.T("cost.page.all_note", "amount", m(r.Shared))}, Sources(l, r)...),
		Tables: []print.Table{everybody(l, r)}})
	leaf.Below = []string{l.T("cost.page.configuration", "version", r.Configuration), RunName(l, r.Brief) + ", " + r.ID.String()}
	return leaf
}

// Title is who pays for what.
func Title(l text.Lang, r Run, s Statement) string {
	if s.Billed < 0 {
		return l.T("cost.page.gets_back", "name", s.Name, "period", Period(l, r.From, r.Until))
	}
	return l.T("cost.page.pays", "name", s.Name, "period", Period(l, r.From, r.Until))
}

// AdoptedBy tells by what a run was adopted; "" while it is a preview.
func AdoptedBy(l text.Lang, r Run) string {
	switch {
	case r.State == Preview:
		return ""
	case r.DecisionTitle != "":
		return l.T("cost.page.by_decision", "decision", r.DecisionTitle, "day", l.LongDay(r.DecidedOn.Date()))
	case r.Decision != uuid.Nil:
		return l.T("cost.page.by_some_decision")
	}
	return l.T("cost.page.by_mandate", "mandate", r.Mandate)
}

// sums are a statement's sums as tables: what, by which sign, how much.
func sums(l text.Lang, r Run, s Statement) (ts []print.Table) {
	all := Explain(l, r, s.Organisation)
	if r.Previous != uuid.Nil {
		all = append(all, Less(l, s))
	}
	for _, sum := range all {
		t := print.Table{Caption: sum.Name, Numbers: 1}
		for _, line := range sum.Lines {
			row := []string{line.Label, line.Sign + " " + line.Value}
			if line.Sign == "" {
				row[1] = line.Value
			}
			t.Rows = append(t.Rows, row)
			if line.Result {
				t.Results = append(t.Results, len(t.Rows)-1)
			}
		}
		ts = append(ts, t)
	}
	return ts
}

// everybody is what all payers pay.
func everybody(l text.Lang, r Run) print.Table {
	t := print.Table{Head: []string{l.T("cost.page.payer"), l.T("cost.page.living"), l.T("cost.page.days"), l.T("cost.page.percent"), l.T("cost.page.share_kr")}, Numbers: 4}
	number := func(n int64) string { return money.Decimal(n, 0, string(l)) }
	for i, p := range r.Input.Payers {
		living := "–"
		if p.Population != nil {
			living = number(p.Population.Count)
		}
		s := r.Result.Shares[i]
		t.Rows = append(t.Rows, []string{p.Name, living, number(p.Days), money.Decimal(s.Tenths, 1, string(l)), money.Format(s.Amount, string(l))})
	}
	t.Rows = append(t.Rows, []string{l.T("cost.page.sum.all"), "", "", money.Decimal(min(r.Shared, 1)*1000, 1, string(l)), money.Format(r.Shared, string(l))})
	t.Results = []int{len(t.Rows) - 1}
	return t
}
