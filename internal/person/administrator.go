package person

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/person/internal/persondb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// LeavesAdministrator refuses what would leave the county with nobody who may
// give and take its own roles: a person who ceases to be its administrator from
// a day, when no other is one that day and no claim makes anybody one. Somebody
// else has to be in place first.
func LeavesAdministrator(ctx context.Context, tx *pg.Tx, who uuid.UUID, from day.Day) error {
	role := string(auth.RoleCountyAdministrator)
	for _, i := range tx.Config().SignIn.Issuers {
		if slices.ContainsFunc(i.Grants, func(g tenant.Grant) bool { return g.Role == role }) {
			return nil
		}
	}
	q := persondb.New(tx)
	is, err := q.Administers(ctx, persondb.AdministersParams{Role: role, PersonID: who, OnDay: tx.Today()})
	if err != nil || !is {
		return err
	}
	// Two who take each other away wait for one another here, and the second
	// finds that the first is gone.
	if err := q.OneAdministratorAtATime(ctx); err != nil {
		return err
	}
	if from.Before(tx.Today()) {
		from = tx.Today()
	}
	others, err := q.OtherAdministrators(ctx, persondb.OtherAdministratorsParams{Role: role, PersonID: who, OnDay: from})
	if err == nil && others == 0 {
		err = fault.New(fault.Conflict, "member.last_administrator")
	}
	return err
}
