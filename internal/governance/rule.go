package governance

import (
	"context"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Sentences are a body's rules, each as one sentence, with what its
// organisations are called.
func Sentences(ctx context.Context, tx *pg.Tx, b tenant.Body, lang text.Lang) ([]tenant.Sentence, error) {
	if err := tx.Require(auth.GovernanceRead); err != nil {
		return nil, err
	}
	keys := append([]string{b.Chair.Organisation, b.Convener.Organisation}, b.Rules.Quorum.Named...)
	for _, s := range b.Seats {
		keys = append(keys, s.Organisations...)
	}
	rows, err := governancedb.New(tx).Called(ctx, append(keys, b.Secretariat...))
	if err != nil {
		return nil, err
	}
	called := make(map[string]string, len(rows))
	for _, r := range rows {
		called[r.Key] = r.Name
	}
	return b.Tell(lang, func(key string) string { return called[key] }), nil
}
