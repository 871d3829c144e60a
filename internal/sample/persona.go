package sample

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/member"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Persona is somebody made up who can sign in to the demo.
type Persona struct {
	Key    string // "kronoberg-strategist", the subject at the development provider
	County string // slug
	Role   auth.Role
	Party  string // an organisation's key, for a party's role
	Name   string // a role, never a person's name
	About  string // what this one does, in Swedish
	Claims bool   // whether the role comes with the provider's claims and nobody invites
}

// parties are the municipality that the three counties' personas come from.
var parties = map[string]struct{ key, name string }{
	"kronoberg": {"alvesta", "Alvesta"}, "ostergotland": {"linkoping", "Linköping"}, "halland": {"hylte", "Hylte"},
}

// Personas are nine for each county whose facts are told in full, two more where
// municipalities share the cost of a post, one for every other county, and the
// nation's two.
func Personas() []Persona {
	var ps []Persona
	for _, c := range tenant.OfficialCounties() {
		party, full := parties[c.Slug]
		if !full {
			ps = append(ps, Persona{Key: c.Slug + "-strategist", County: c.Slug, Role: auth.RoleStrategist, Name: "Strateg i " + c.Name, About: "Leder länets överenskommelse"})
			continue
		}
		add := func(key string, role auth.Role, party, name, about string) {
			ps = append(ps, Persona{Key: c.Slug + "-" + key, County: c.Slug, Role: role, Party: party, Name: name, About: about, Claims: role == auth.RoleAuditor})
		}
		add("administrator", auth.RoleCountyAdministrator, "", "Administratör i "+c.Name, "Bekräftar medlemmar och ändrar länets inställningar")
		add("strategist", auth.RoleStrategist, "", "Strateg i "+c.Name, "Leder länets överenskommelse")
		add("officer", auth.RoleOfficer, "", "Handläggare i "+c.Name, "Håller kontaktuppgifter i ordning")
		add("auditor", auth.RoleAuditor, "", "Granskare i "+c.Name, "Läser allt, ändrar inget; rollen kommer med inloggningen")
		add(party.key+"-administrator", auth.RolePartyAdministrator, party.key, "Partens administratör, "+party.name, "Utser företrädare och rapportörer för sin kommun")
		add(party.key+"-representative", auth.RolePartyRepresentative, party.key, "Företrädare, "+party.name, "Talar för sin kommun")
		add(party.key+"-reporter", auth.RolePartyReporter, party.key, "Rapportör, "+party.name, "Skriver sin kommuns rapporter")
		add("af-administrator", auth.RolePartyAdministrator, "af", "Partens administratör, Arbetsförmedlingen", "Utser företrädare och rapportörer för sin myndighet")
		add("region-representative", auth.RolePartyRepresentative, "region", "Företrädare, regionen", "Talar för regionen")
		if c.Slug == "ostergotland" {
			add("coordinator", auth.RoleCoordinator, "", "Gemensam samordnare i "+c.Name, "Har länsstyrelsen som arbetsgivare och kommunerna som betalare")
			add("finance", auth.RolePartyFinance, party.key, "Ekonom, "+party.name, "Granskar vad kommunen betalar, år för år")
		}
	}
	return append(ps,
		Persona{Key: "national-analyst", County: pg.Nation, Role: auth.RoleNationalAnalyst, Name: "Nationell analytiker", About: "Jämför länen genom det de har publicerat"},
		Persona{Key: "operator", County: pg.Nation, Role: auth.RoleOperator, Name: "Driftansvarig", About: "Går in i ett län bara med skäl och på tid"},
	)
}

// Of are the personas of one county.
func Of(slug string) []Persona {
	return slices.DeleteFunc(Personas(), func(p Persona) bool { return p.County != slug })
}

// People makes the county's personas members, bound to issuer, through the same
// steps as everyone: invited, bound, confirmed. Who is there already stays as he
// is; an issuer at another address is one more identity of his.
func People(ctx context.Context, tx *pg.Tx, issuer string) error {
	for _, p := range Of(tx.Tenant) {
		if p.Claims {
			continue
		}
		if err := settle(ctx, tx, p, issuer); err != nil {
			return fmt.Errorf("%s: %w", p.Key, err)
		}
	}
	return nil
}

func settle(ctx context.Context, tx *pg.Tx, p Persona, issuer string) error {
	if _, known, err := member.Known(ctx, tx, issuer, p.Key); err != nil || known {
		return err
	}
	same, _, err := person.List(ctx, tx, person.Filter{Query: p.Name, Status: person.Any, Limit: 10, Page: 1})
	if err != nil {
		return err
	}
	for _, q := range same {
		if q.Demo && q.Name == p.Name {
			return member.Attach(ctx, tx, q.ID, issuer, p.Key)
		}
	}
	card := person.Card{Name: p.Name, Email: p.Key + "@demo.example"}
	if p.Party != "" {
		o, err := organisation.ByKey(ctx, tx, p.Party)
		if err != nil {
			return err
		}
		card.OrganisationID = uuid.NullUUID{UUID: o.ID, Valid: true}
	}
	made, err := person.CreateDemo(ctx, tx, card)
	if err != nil {
		return err
	}
	in := member.Invitation{PersonID: uuid.NullUUID{UUID: made.ID, Valid: true}, Role: p.Role, ByHand: true}
	if p.Role.OfParty() {
		in.Organisation = card.OrganisationID
	}
	m, err := member.Invite(ctx, tx, in)
	if err != nil {
		return err
	}
	link, err := member.Link(ctx, tx, m.ID, m.Version)
	if err != nil {
		return err
	}
	if m, err = member.Bind(ctx, tx, link.Token, issuer, p.Key); err != nil {
		return err
	}
	_, err = member.Confirm(ctx, tx, m.ID, m.Version)
	if fault.Is(err, "member.confirmed_already") {
		return nil
	}
	return err
}
