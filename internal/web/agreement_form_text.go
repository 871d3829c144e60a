package web

import (
	"context"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) newText(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	i, s, err := v.aboutAgreement(ctx, tx, "instrument_text")
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("web.agreement.add_text"), v.T("web.agreement.text_lead")
	s.Leaves = []leaf{
		{"what", v.T("web.agreement.text_what"), []string{v.T("web.agreement.text_note")}, []string{"kind", "name", "when", "pages", "of", "note"}},
		{"where", v.T("web.agreement.text_where"), []string{v.T("web.agreement.text_where_note")}, []string{"document", "link", "source"}},
	}
	s.Options["kind"] = v.options("agreement.moment.text.", agreement.EditionKinds...)
	s.Kinds["note"], s.Kinds["link"] = "area", "url"
	editions, err := agreement.Editions(ctx, tx, i.ID)
	if err != nil {
		return s, err
	}
	s.Options["of"] = []option{}
	for _, e := range editions {
		s.Options["of"] = append(s.Options["of"], option{e.ID.String(), e.Name})
	}
	s.Options["document"] = []option{}
	if tx.May(auth.DocumentRead) {
		docs, _, err := document.List(ctx, tx, document.Filter{Limit: 200, Page: 1})
		if err != nil {
			return s, err
		}
		for _, x := range docs {
			if !x.Withdrawn() {
				s.Options["document"] = append(s.Options["document"], option{x.ID.String(), x.Title})
			}
		}
	}
	return s, nil
}

// addText takes the version as it stands: texts are numbered apart, and one
// more changes nothing that somebody else has written.
func addText(ctx context.Context, tx *pg.Tx, v *visit, _ int64, p agreement.Paper) (string, error) {
	i, err := agreementNow(ctx, tx, v)
	if err != nil {
		return "", err
	}
	if _, err = agreement.AddEdition(ctx, tx, i.ID, i.Version, p); err != nil {
		return "", err
	}
	return agreementDone(v, "", "text_added#texts")
}
