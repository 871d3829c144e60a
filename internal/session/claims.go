package session

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session/internal/sessiondb"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Claims are what a provider has stated about a person, verified by the door.
type Claims struct {
	Issuer  string // the provider's own name for itself, the claim iss
	Subject string // the value of the claim that identifies the person at that issuer
	Name    string // what to call a person who is new here
	Values  Values
}

// Values are claims by name: each one text, or a list of texts.
type Values map[string][]string

// ReadValues takes the texts from decoded claims and leaves everything else.
func ReadValues(claims map[string]any) Values {
	vs := Values{}
	for name, v := range claims {
		switch v := v.(type) {
		case string:
			vs[name] = []string{v}
		case []any:
			for _, e := range v {
				if s, ok := e.(string); ok {
					vs[name] = append(vs[name], s)
				}
			}
		}
	}
	return vs
}

// has tells whether a claim is the value, or a list with the value in it.
func (vs Values) has(claim, value string) bool { return slices.Contains(vs[claim], value) }

// named keeps of the claims those that the county's configuration names for an
// issuer, also in versions that begin later: such a change has to reach open
// sessions at midnight. Nothing else of the person's is kept.
func named(c tenant.County, issuer string, all Values) Values {
	kept := Values{}
	for _, version := range c.SignIn {
		for _, i := range version.Value.Issuers {
			if i.URL != issuer {
				continue
			}
			for _, g := range i.Grants {
				if all.has(g.Claim, g.Value) && !kept.has(g.Claim, g.Value) {
					kept[g.Claim] = append(kept[g.Claim], g.Value)
				}
			}
		}
	}
	for _, vs := range kept {
		slices.Sort(vs)
	}
	return kept
}

// KnownBy is what stands as issuer in a person's identity. An orgAffiliation is
// the same whichever provider states it; every other subject is the provider's own.
func KnownBy(i tenant.Issuer) string {
	if i.Subject == tenant.SubjectOrgAffiliation {
		return i.SubjectClaim()
	}
	return i.URL
}

// issuer finds the issuer among those that the county trusts today.
func issuer(tx *pg.Tx, url string) (tenant.Issuer, bool) {
	all := tx.Config().SignIn.Issuers
	if n := slices.IndexFunc(all, func(i tenant.Issuer) bool { return i.URL == url }); n >= 0 {
		return all[n], true
	}
	return tenant.Issuer{}, false
}

// byClaims are the roles that the configuration of the day gives for claims.
func byClaims(ctx context.Context, tx *pg.Tx, i tenant.Issuer, vs Values) ([]auth.Grant, error) {
	var given []tenant.Grant
	var names []string
	for _, g := range i.Grants {
		if g.Value != "" && vs.has(g.Claim, g.Value) {
			given = append(given, g)
			if g.Organisation != "" {
				names = append(names, g.Organisation)
			}
		}
	}
	var parties []sessiondb.PartiesRow
	if len(names) > 0 {
		var err error
		if parties, err = sessiondb.New(tx).Parties(ctx, sessiondb.PartiesParams{Names: names, OnDay: tx.Today()}); err != nil {
			return nil, err
		}
	}
	var grants []auth.Grant
	for _, g := range given {
		role := auth.Role(g.Role)
		switch {
		case !slices.Contains(auth.Roles, role), role.National() && tx.Tenant != pg.Nation:
		case !role.OfParty():
			grants = append(grants, auth.Grant{Role: role})
		default:
			// A role for a party that is not there gives nothing: an empty party
			// would read as the whole county.
			if party := partyOf(parties, g.Organisation); party != uuid.Nil {
				grants = append(grants, auth.Grant{Role: role, Party: party})
			}
		}
	}
	return grants, nil
}

// partyOf finds the party by a municipality's code first: a key may look like one.
func partyOf(parties []sessiondb.PartiesRow, name string) uuid.UUID {
	for _, p := range parties {
		if p.Type == "municipality" && p.OfficialCode == name {
			return p.ID
		}
	}
	for _, p := range parties {
		if p.Key == name {
			return p.ID
		}
	}
	return uuid.Nil
}

// derived is what a person may today, and the counter that moves when it does.
type derived struct {
	grants []auth.Grant
	rights int64
}

// derive says what a person who came by an issuer with claims may today. It is
// a fault when that is nothing: the issuer is no longer trusted, the person has
// ended or is no longer known by it, or no role is left.
func derive(ctx context.Context, tx *pg.Tx, who uuid.UUID, iss string, vs Values) (derived, error) {
	i, ok := issuer(tx, iss)
	if !ok {
		return derived{}, ended()
	}
	// The counter first: should a right move in between, the counter is behind
	// and the next unit of work asks again.
	s, err := sessiondb.New(tx).Standing(ctx, sessiondb.StandingParams{ID: who, OnDay: tx.Today(), Issuer: KnownBy(i)})
	switch {
	case fault.Is(err, "common.not_found"):
		return derived{}, ended()
	case err != nil:
		return derived{}, err
	case !s.Stands || !s.Known:
		return derived{}, ended()
	}
	grants, err := byClaims(ctx, tx, i, vs)
	if err != nil {
		return derived{}, err
	}
	memberships, err := member.Grants(ctx, tx, who, tx.Today())
	if err != nil {
		return derived{}, err
	}
	for _, g := range memberships {
		if !slices.Contains(grants, g) {
			grants = append(grants, g)
		}
	}
	if len(grants) == 0 {
		return derived{}, ended()
	}
	return derived{grants, s.Rights}, nil
}

// Arrival is who somebody with claims is in a county.
type Arrival struct {
	Person  uuid.UUID            // zero: nobody the county knows
	Grants  []auth.Grant         // none: nothing that he may today
	Waiting []member.Unconfirmed // what others have to confirm first
}

// Arrive finds who somebody is. A person whom nobody knows and to whom the
// configuration gives a role is written down; everyone else has to be invited.
// Only the sign-in itself, as the system, may ask.
func Arrive(ctx context.Context, tx *pg.Tx, c Claims) (Arrival, error) {
	if err := tx.Require(auth.MemberStaff); err != nil {
		return Arrival{}, err
	}
	i, ok := issuer(tx, c.Issuer)
	if !ok || c.Subject == "" {
		return Arrival{}, nil
	}
	who, known, err := member.Known(ctx, tx, KnownBy(i), c.Subject)
	if err != nil {
		return Arrival{}, err
	}
	if !known {
		grants, err := byClaims(ctx, tx, i, c.Values)
		if err != nil || len(grants) == 0 {
			return Arrival{}, err
		}
		card := person.Card{Name: callable(c.Name)}
		if p := (auth.Actor{Grants: grants}).Party(); p != uuid.Nil {
			card.OrganisationID = null(p)
		}
		p, err := person.Create(ctx, tx, card)
		if err != nil {
			return Arrival{}, err
		}
		if err := member.Attach(ctx, tx, p.ID, KnownBy(i), c.Subject); err != nil {
			return Arrival{}, err
		}
		return Arrival{Person: p.ID, Grants: grants}, nil
	}
	a := Arrival{Person: who}
	d, err := derive(ctx, tx, who, c.Issuer, c.Values)
	if err != nil && !fault.Is(err, "auth.session_ended") {
		return Arrival{}, err
	}
	a.Grants = d.grants
	a.Waiting, err = member.Waiting(ctx, tx, who)
	return a, err
}

// callable makes a name of what a provider calls somebody: on one line, no
// longer than a card holds, and no number.
func callable(name string) string {
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if r := []rune(name); len(r) > 200 {
		name = string(r[:200])
	}
	digits := 0
	for _, r := range name {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if name == "" || digits >= 6 { // a number in the name's place may be a personal identity number
		return text.Swedish.T("session.person_unnamed")
	}
	return name
}

func readKept(b []byte) (Values, error) {
	var vs Values
	return vs, json.Unmarshal(b, &vs)
}
