package costshare

import (
	"io"

	"github.com/overens/overens/internal/sheet"
	"github.com/overens/overens/internal/text"
)

// Table writes what each payer is billed by a run as CSV, a row each, with all
// that an invoice needs to say.
func Table(w io.Writer, d sheet.Dialect, l text.Lang, r Run) error {
	var columns []sheet.Column
	for _, c := range []struct {
		key  string
		kind sheet.Kind
	}{
		{"code", sheet.Text}, {"payer", sheet.Text}, {"number", sheet.Text}, {"function", sheet.Text}, {"from", sheet.Date}, {"until", sheet.Date}, {"kind", sheet.Text},
		{"adopted_on", sheet.Date}, {"key", sheet.Text}, {"population", sheet.Integer}, {"population_on", sheet.Date}, {"days", sheet.Integer}, {"part", sheet.Percent},
		{"share", sheet.Money}, {"before", sheet.Money}, {"to_pay", sheet.Money}, {"currency", sheet.Text}, {"statement", sheet.Text}, {"mark", sheet.Text},
	} {
		columns = append(columns, sheet.Column{Title: l.T("cost.file." + c.key), Kind: c.kind})
	}
	out, err := sheet.NewCSV(w, d, columns)
	if err != nil {
		return err
	}
	mark := ""
	if r.Demo {
		mark = l.T("cost.file.invented")
	}
	for _, s := range r.Statements {
		row := []any{s.Code, s.Name, s.Number, r.Name.In(string(l)), r.From, r.Until, KindName(l, r.Brief), r.AdoptedOn, KeyName(l, r.Input.Key)}
		if p, share, ok := r.Shares(s.Organisation); ok {
			if p.Population != nil {
				row = append(row, p.Population.Count, p.Population.Day)
			} else {
				row = append(row, nil, nil)
			}
			row = append(row, p.Days, float64(share.Tenths)/1000)
		} else {
			row = append(row, nil, nil, 0, 0.0)
		}
		if err := out.Row(append(row, s.Share, s.Before, s.Billed, "SEK", s.ID.String(), mark)...); err != nil {
			return err
		}
	}
	return out.Close()
}

// KindName is what a run is, and what it shares.
func KindName(l text.Lang, b Brief) string {
	if b.Kind == KindStatement {
		return l.T("cost.page.basis." + b.Basis)
	}
	return l.T("cost.page.kind." + b.Kind)
}
