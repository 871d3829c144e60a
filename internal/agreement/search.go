package agreement

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement/internal/agreementdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// Hit is something that a search found.
type Hit struct {
	Subject    string    `json:"subject" enum:"instrument,goal,local-agreement,network,document" doc:"What it is." example:"goal"`
	ID         uuid.UUID `json:"id" doc:"Its identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Instrument uuid.UUID `json:"instrument,omitzero" doc:"The instrument it belongs to." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name       string    `json:"name" doc:"What it is called." example:"Boende"`
	Ended      bool      `json:"ended" doc:"Whether it has ended; of a document, whether it is withdrawn." example:"true"`
}

// Search finds instruments, goals, local agreements and networks by their
// words, and documents for those who may read them: by the beginning of a word,
// and by another form of it. Överenskommelsen finds överenskommelse. What the
// reader may not see is neither found nor counted.
func Search(ctx context.Context, tx *pg.Tx, query string, limit, page int) ([]Hit, int, error) {
	if err := tx.Require(auth.AgreementRead); err != nil {
		return nil, 0, err
	}
	asked := text.Asked(query)
	if len(asked) == 0 {
		return []Hit{}, 0, nil
	}
	most, skip := window(limit, page)
	rows, err := agreementdb.New(tx).Search(ctx, agreementdb.SearchParams{TenantID: tx.Tenant, Words: asked, Documents: tx.May(auth.DocumentRead), OnDay: tx.Today(), Max: most, Skip: skip})
	if err != nil {
		return nil, 0, err
	}
	hs := make([]Hit, len(rows))
	total := 0
	for i, r := range rows {
		hs[i], total = Hit{Subject: r.Subject, ID: r.SubjectID, Instrument: r.InstrumentID, Name: r.Name, Ended: r.Ended}, int(r.Total)
	}
	return hs, total, nil
}

// addWords lets something be found by the words of texts.
func addWords(ctx context.Context, tx *pg.Tx, subject string, id uuid.UUID, texts ...string) error {
	return agreementdb.New(tx).AddWords(ctx, agreementdb.AddWordsParams{Words: text.SearchWords(texts...), Subject: subject, SubjectID: id})
}
