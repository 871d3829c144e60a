package member

import (
	"context"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/member/internal/memberdb"
	"github.com/overens/overens/internal/pg"
)

// Grants are the roles that a person holds on a day by membership: confirmed,
// not revoked, with person and party standing that day.
func Grants(ctx context.Context, tx *pg.Tx, person uuid.UUID, on day.Day) ([]auth.Grant, error) {
	rows, err := memberdb.New(tx).Grants(ctx, memberdb.GrantsParams{PersonID: person, OnDay: on})
	if err != nil {
		return nil, err
	}
	var grants []auth.Grant
	for _, r := range rows {
		role := auth.Role(r.Role)
		// What cannot be given cannot be had, should a row ever say otherwise:
		// an empty party would read as the whole county.
		if role.OfParty() != r.OrganisationID.Valid || (role.National() && tx.Tenant != pg.Nation) {
			continue
		}
		grants = append(grants, auth.Grant{Role: role, Party: r.OrganisationID.UUID})
	}
	return grants, nil
}

// Unconfirmed is a membership that has been bound and waits for somebody.
type Unconfirmed struct {
	ID        uuid.UUID
	Role      auth.Role
	Party     uuid.UUID // zero: the county's own
	PartyName string
}

// Waiting are a person's memberships that nobody has confirmed, so that the
// person can be told who should.
func Waiting(ctx context.Context, tx *pg.Tx, person uuid.UUID) ([]Unconfirmed, error) {
	rows, err := memberdb.New(tx).Waiting(ctx, memberdb.WaitingParams{PersonID: person, OnDay: tx.Today()})
	if err != nil {
		return nil, err
	}
	list := make([]Unconfirmed, len(rows))
	for i, r := range rows {
		list[i] = Unconfirmed{ID: r.ID, Role: auth.Role(r.Role), Party: r.OrganisationID.UUID, PartyName: r.OrganisationName}
	}
	return list, nil
}
