package governance

import (
	"context"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/pg"
)

// GoalNames are what the goals are called that a body answers for, by their keys.
// One that does not stand on the day has the name that it had last; one that no
// agreement has is left out, and so is each to who may not read agreements.
func GoalNames(ctx context.Context, tx *pg.Tx, keys []string, on day.Day) (map[string]string, error) {
	names := make(map[string]string, len(keys))
	if len(keys) == 0 || !tx.May(auth.AgreementRead) {
		return names, nil
	}
	rows, err := governancedb.New(tx).GoalsCalled(ctx, governancedb.GoalsCalledParams{TenantID: tx.Tenant, Keys: keys, OnDay: on})
	for _, r := range rows {
		names[r.Key] = r.Name
	}
	return names, err
}
