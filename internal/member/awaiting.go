package member

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/member/internal/memberdb"
	"github.com/overens/overens/internal/pg"
)

// What can wait for somebody.
const (
	WaitConfirm     = "confirm"     // somebody has signed in and has no role yet; Day: since
	WaitExpired     = "expired"     // an invitation's link leads nowhere any more; Day: since
	WaitUnanswered  = "unanswered"  // an invitation has lain for a week; Day: since
	WaitEnding      = "ending"      // an own role ends within a month; Day: the first day without it
	WaitUnreachable = "unreachable" // an own party has no e-mail or no official mailbox
)

// Wait is something that waits for the actor. ID, Name and Role are those of
// the one that has waited longest, where there are several.
type Wait struct {
	What           string
	N              int
	Day            day.Day
	ID             uuid.UUID // a membership; for WaitUnreachable the organisation
	Name           string    // the person; for WaitEnding and WaitUnreachable the party
	Role           auth.Role
	Email, Mailbox bool // for WaitUnreachable: which of them there is
}

// Awaiting tells in one question what waits for the actor among memberships and
// invitations, his own role's end and his own parties' addresses. Whatever he
// may not do anything about is not told.
func Awaiting(ctx context.Context, tx *pg.Tx) ([]Wait, error) {
	if err := tx.Require(auth.CountyRead); err != nil {
		return nil, err
	}
	ask := memberdb.AwaitingParams{Today: tx.Today(), At: tx.Now, WeekAgo: tx.Now.Add(-7 * 24 * time.Hour), Person: tx.Person,
		ConfirmsStaff: tx.May(auth.MemberStaff), ConfirmsAll: tx.May(auth.MemberConfirm),
		Confirms: parties(tx, auth.MemberConfirm), Parties: parties(tx, auth.OrganisationChange), Invites: []string{}, InvitesFor: []uuid.UUID{}}
	for _, r := range auth.Roles {
		if manages(tx, r, uuid.Nil) == nil {
			ask.Invites = append(ask.Invites, string(r))
		}
	}
	// A party's administrator invites its representatives and reporters; its
	// administrators are the county's to invite.
	if own := parties(tx, auth.MemberInvite); len(own) > 0 {
		ask.InvitesFor = own
	}
	rows, err := memberdb.New(tx).Awaiting(ctx, ask)
	if err != nil {
		return nil, err
	}
	ws := make([]Wait, len(rows))
	for i, r := range rows {
		ws[i] = Wait{What: r.What, N: int(r.N), Day: r.OnDay, ID: r.ID, Name: r.Name, Role: auth.Role(r.Role), Email: r.Email, Mailbox: r.Mailbox}
	}
	return ws, nil
}

// parties are those for which alone the actor has a right.
func parties(tx *pg.Tx, p auth.Permission) []uuid.UUID {
	ps := []uuid.UUID{}
	for _, g := range tx.Grants {
		if g.Party != uuid.Nil && !tx.May(p) && tx.MayFor(p, g.Party) && !slices.Contains(ps, g.Party) {
			ps = append(ps, g.Party)
		}
	}
	return ps
}
