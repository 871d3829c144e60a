package document

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/document/internal/documentdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// addWords lets a document be found by its title, by its kind in the languages
// that we speak, and by the names of its files. What it was found by before and
// does not hold any more is forgotten. Who looks is agreement.Search, which
// finds documents among the rest for those who may read them.
func addWords(ctx context.Context, tx *pg.Tx, id uuid.UUID) error {
	q := documentdb.New(tx)
	d, err := q.Get(ctx, id)
	if err != nil {
		return err
	}
	if d.Restricted { // nobody comes upon it by searching
		return q.ForgetWords(ctx, id)
	}
	names, err := q.FileNames(ctx, id)
	if err != nil {
		return err
	}
	said := append(names, d.Title)
	for _, l := range text.Langs {
		said = append(said, l.T("document.kind."+d.Kind))
	}
	if err := q.ForgetWords(ctx, id); err != nil {
		return err
	}
	return q.AddWords(ctx, documentdb.AddWordsParams{DocumentID: id, Words: text.SearchWords(said...)})
}
