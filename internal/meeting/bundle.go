package meeting

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Bundle is all papers of a meeting in the order of its agenda, to be bound into one.
type Bundle struct {
	Lang  text.Lang
	Title string
	Items []BundleItem
}

// BundleItem is a matter with its papers.
type BundleItem struct {
	Number int
	Title  string
	Papers []BundlePaper
}

// BundlePaper is a paper in the version that was sent.
type BundlePaper struct {
	ID    uuid.UUID
	Title string
	Bound bool          // a PDF, which can be bound with others
	File  document.File // of one that is bound
	Link  string        // of a paper elsewhere
}

// PaperBundle gives all papers of a meeting that the actor may see, in the order of its
// agenda.
func PaperBundle(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) (Bundle, error) {
	m, err := get(ctx, tx, meeting)
	if err != nil {
		return Bundle{}, err
	}
	items, err := Agenda(ctx, tx, meeting)
	if err != nil {
		return Bundle{}, err
	}
	papers, err := AgendaPapers(ctx, tx, meeting)
	if err != nil {
		return Bundle{}, err
	}
	b := Bundle{Lang: recordLang(tx), Title: recordLang(tx).T("minutes.papers", "meeting", m.summary(), "day", m.On)}
	some := false
	for _, i := range items {
		out := BundleItem{Number: i.Number, Title: i.Title}
		for _, p := range papers[i.ID] {
			if p.ReplacedAt != nil {
				continue
			}
			some = true
			paper, err := b.paper(ctx, tx, p)
			if err != nil {
				return b, err
			}
			out.Papers = append(out.Papers, paper)
		}
		b.Items = append(b.Items, out)
	}
	if !some {
		return b, fault.New(fault.Conflict, "bundle.none")
	}
	return b, nil
}

func (b Bundle) paper(ctx context.Context, tx *pg.Tx, p Paper) (BundlePaper, error) {
	out := BundlePaper{ID: p.ID, Title: b.Lang.T("minutes.papers_version", "title", p.Title, "number", p.Number)}
	f, err := document.OpenWithin(ctx, tx, p.Document, p.Number)
	switch faults := fault.All(err); {
	case err == nil:
		out.File, out.Bound = f, f.MediaType == "application/pdf"
	case fault.Is(err, "document.only_link"):
		out.Link, _ = faults[0].Args["link"].(string)
	case fault.Is(err, "document.withdrawn_closed"), fault.Is(err, "common.not_found"):
	default:
		return out, err
	}
	return out, nil
}
