package web

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// PaperCard is a document's card as a form asks for it. What it is about beside
// organisations is kept as it stands.
type PaperCard struct {
	document.Card
	Organisations []uuid.UUID `json:"organisations,omitempty" maxItems:"20"`
}

// about is what a document is about when its organisations have been chosen anew.
func (c PaperCard) about(before []document.About) []document.About {
	as := slices.DeleteFunc(slices.Clone(before), func(a document.About) bool { return a.About == "organisation" })
	for _, id := range c.Organisations {
		as = append(as, document.About{About: "organisation", ID: id})
	}
	return as
}

// keptPaper is a document as its form is filled.
type keptPaper struct {
	PaperCard
	Version int64 `json:"version"`
}

func paperOf(d document.Document) keptPaper {
	k := keptPaper{PaperCard{Card: d.Card}, d.Version}
	for _, a := range d.About {
		if a.About == "organisation" {
			k.Organisations = append(k.Organisations, a.ID)
		}
	}
	return k
}

// paper is a new document: its card, and a file or an address.
type paper struct {
	PaperCard
	PaperContent
}

// sheetOf is the beginning of a form about a document, for whoever may change
// it. That it is there comes before what is wrong with the rest of the address.
func (v *visit) sheetOf(ctx context.Context, tx *pg.Tx) (document.Document, sheet, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return document.Document{}, sheet{}, err
	}
	it, err := document.Get(ctx, tx, id)
	if err != nil {
		return it, sheet{}, err
	}
	s := sheet{
		Words:  "document",
		Crumbs: []crumb{{v.T("document.place"), string(v.To(inside))}, {it.Title, string(v.To(inside, "/", id.String()))}},
		Cancel: string(v.To(inside, "/", id.String())), Version: it.Version,
	}
	if v.r.PathValue("number") != "" {
		if _, number, err := versionAt(v); err != nil || number > it.Latest {
			return it, s, fault.Missing()
		}
	}
	if err := tx.Require(auth.DocumentChange); err != nil {
		return it, s, err
	}
	if it.Withdrawn() {
		return it, s, fault.New(fault.Conflict, "document.withdrawn_already")
	}
	return it, s, nil
}

func (v *visit) cardLeaves() []leaf {
	return []leaf{
		{"what", v.T("document.page.what"), []string{v.T("document.page.what_note")}, []string{"title", "kind", "language", "source"}},
		{"about", v.T("document.page.about"), []string{v.T("document.page.about_note")}, []string{"organisations"}},
		{"public", v.T("document.page.public"), []string{v.T("document.page.public_note")}, []string{"published"}},
	}
}

func (d *Door) newDocument(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	s := sheet{
		Title: v.T("document.page.add"), Lead: v.T("document.page.add_lead"), Words: "document",
		Crumbs: []crumb{{v.T("document.place"), string(v.To(inside))}},
		Leaves: append(v.cardLeaves(), v.contentLeaf()),
		Submit: v.T("document.page.add"), Cancel: string(v.To(inside)),
		Thing: keptPaper{PaperCard: PaperCard{Card: document.Card{Language: "sv"}}},
		Kinds: map[string]string{"file": "file", "url": "url"}, Accept: offered, Times: map[string]int{"organisations": 2},
	}
	options, err := organisationOptions(ctx, tx, v, uuid.Nil)
	s.Options = map[string][]option{"organisations": options}
	if err != nil {
		return s, err
	}
	return s, tx.Require(auth.DocumentChange)
}

func fileDocument(ctx context.Context, tx *pg.Tx, v *visit, _ int64, p paper, b *document.Blob) (string, error) {
	it, err := file(ctx, tx, p, b)
	return string(v.To(inside, "/", it.ID.String(), "?done=document_added")), err
}

// file writes a new document that is about its organisations, and what else is given.
func file(ctx context.Context, tx *pg.Tx, p paper, b *document.Blob, also ...document.About) (document.Document, error) {
	c := p.Card
	c.About = p.about(also)
	if err := knownOrganisations(ctx, tx, p.Organisations); err != nil {
		return document.Document{}, err
	}
	content, err := p.content(b)
	if err != nil {
		return document.Document{}, err
	}
	return document.Import(ctx, tx, c, content, document.Origin{})
}

// knownOrganisations asks for each organisation whether it is there: a paper of this
// county hangs on nothing of another's.
func knownOrganisations(ctx context.Context, tx *pg.Tx, ids []uuid.UUID) error {
	for _, id := range ids {
		if _, err := organisation.Get(ctx, tx, id); fault.Is(err, "common.not_found") {
			return fault.Bad("form.choice", "/organisations")
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (d *Door) editDocument(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	it, s, err := v.sheetOf(ctx, tx)
	if err != nil {
		return s, err
	}
	k := paperOf(it)
	s.Title, s.Lead = v.T("document.page.edit", "title", it.Title), v.T("document.page.edit_lead")
	s.Leaves, s.Submit, s.Thing = v.cardLeaves(), v.T("form.save"), k
	s.Times = map[string]int{"organisations": len(k.Organisations) + 1}
	options, err := organisationOptions(ctx, tx, v, uuid.Nil)
	if err != nil {
		return s, err
	}
	for _, id := range k.Organisations { // it may have ended, and the document is still about it
		if !slices.ContainsFunc(options, func(o option) bool { return o.Value == id.String() }) {
			o, err := organisation.Get(ctx, tx, id)
			if err != nil {
				return s, err
			}
			options = append(options, option{id.String(), o.Name})
		}
	}
	s.Options = map[string][]option{"organisations": options}
	return s, nil
}

func changeDocument(ctx context.Context, tx *pg.Tx, v *visit, version int64, c PaperCard) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	was, err := document.Get(ctx, tx, id)
	if err != nil {
		return "", err
	}
	if err := knownOrganisations(ctx, tx, c.Organisations); err != nil {
		return "", err
	}
	card := c.Card
	card.About = c.about(was.About)
	_, err = document.Change(ctx, tx, id, version, card)
	if fault.Is(err, "common.changed") {
		return "", fault.Changed(paperOf(was)) // in the form's own words
	}
	return string(v.To(inside, "/", id.String(), "?done=saved")), err
}

func (d *Door) withdrawing(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	it, s, err := v.sheetOf(ctx, tx)
	if err != nil {
		return s, err
	}
	s.Title, s.Lead = v.T("document.page.withdraw", "title", it.Title), v.T("document.page.withdraw_lead")
	s.Leaves = []leaf{{"why", v.T("document.page.why"), []string{v.T("document.page.why_note")}, []string{"reason"}}}
	s.Submit, s.Kinds, s.Thing = v.T("document.page.withdraw_do"), map[string]string{"reason": "area"}, document.Withdrawal{}
	return s, nil
}
