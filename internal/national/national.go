// Package national reads across counties, and sees only what each county has
// chosen to publish. It stands in a national unit of work, which has no county
// and writes nothing; a row that is not published is not there.
package national

import (
	"context"
	"encoding/json"

	"github.com/overens/overens/internal/national/internal/nationaldb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// County is what the nation sees of one county.
type County struct {
	Slug      string       `json:"slug" doc:"The county in addresses." example:"kronoberg"`
	Code      string       `json:"code" doc:"The official code." example:"07"`
	Name      tenant.Words `json:"name" doc:"The name, by language." example:"{\"sv\":\"Kronobergs län\",\"en\":\"Kronoberg County\"}"`
	Published int          `json:"publishedOrganisations" doc:"How many organisations the county has published. 0: it has published none, not that it has none." example:"15"`
}

// Counties are the 21 counties by official code, with what each has published.
func Counties(ctx context.Context, tx *pg.Tx) ([]County, error) {
	rows, err := nationaldb.New(tx).Counties(ctx, tx.Today())
	if err != nil {
		return nil, err
	}
	cs := make([]County, len(rows))
	for i, r := range rows {
		cs[i] = County{Slug: r.TenantID, Code: r.Code, Published: int(r.Published)}
		if err := json.Unmarshal(r.Names, &cs[i].Name); err != nil {
			return nil, err
		}
	}
	return cs, nil
}
