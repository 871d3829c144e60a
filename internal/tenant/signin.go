package tenant

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// SignIn is how a county's people sign in.
type SignIn struct {
	Issuers []Issuer `json:"issuers,omitempty"`
}

// Issuer is an OpenID provider that the county trusts.
type Issuer struct {
	Key       string   `json:"key"`                 // entra: names the provider in addresses and its secret
	Name      Words    `json:"name,omitempty"`      // on the button
	URL       string   `json:"url"`                 // exactly as the provider calls itself, the claim iss
	ClientID  string   `json:"clientId"`            // what the provider calls us
	Audiences []string `json:"audiences,omitempty"` // of bearer tokens for the API; none: no bearer tokens
	Scopes    []string `json:"scopes,omitempty"`    // asked for beside openid
	Subject   string   `json:"subject,omitzero"`    // SubjectSub or SubjectOrgAffiliation; see SubjectClaim
	MaxAge    Duration `json:"maxAge,omitzero"`     // how old a sign-in at the provider may be; 0: its own rules
	Grants    []Grant  `json:"grants,omitempty"`
}

// Grant gives a role to everyone for whom the provider states a claim with a
// value: one that is the value, or a list with the value in it.
type Grant struct {
	Claim        string `json:"claim"`
	Value        string `json:"value"`
	Role         string `json:"role"`
	Organisation string `json:"organisation,omitzero"` // for a party's roles: its key, or a municipality's code
}

// What identifies a person at an issuer.
const (
	SubjectSub            = "sub"
	SubjectOrgAffiliation = "orgAffiliation"
)

// claimOrgAffiliation is what the Swedish OpenID Connect profile calls the
// claim: a person's identity in an organisation, <person>@<organisation number>.
const claimOrgAffiliation = "https://id.oidc.se/claim/orgAffiliation"

// SubjectClaim is the name, in the provider's tokens, of the claim that
// identifies the person.
func (i Issuer) SubjectClaim() string {
	if i.Subject == SubjectOrgAffiliation {
		return claimOrgAffiliation
	}
	return SubjectSub
}

// SecretName is the environment variable that holds the client's secret at
// this issuer. A key has no hyphen, so no county can name another's secret.
func (i Issuer) SecretName(slug string) string {
	return "OIDC_SECRET_" + strings.ToUpper(strings.ReplaceAll(slug, "-", "_")+"_"+i.Key)
}

// Issuer finds an issuer by its key.
func (s SignIn) Issuer(key string) (Issuer, bool) {
	if n := slices.IndexFunc(s.Issuers, func(i Issuer) bool { return i.Key == key }); n >= 0 {
		return s.Issuers[n], true
	}
	return Issuer{}, false
}

// Duration is a length of time, written as 30m, 12h or 1h30m.
type Duration time.Duration

// String writes the duration without the zeros that time.Duration ends with.
func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// MarshalText writes the duration as String does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads a duration.
func (d *Duration) UnmarshalText(text []byte) error {
	read, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%.40q is not a length of time: write it as 30m, 12h or 1h30m", text)
	}
	*d = Duration(read)
	return nil
}

var (
	// Without hyphen: see SecretName.
	issuerKey       = regexp.MustCompile(`^[a-z][a-z0-9]{0,29}$`)
	organisationKey = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
)

// emailClaims are names under which providers state a person's e-mail address,
// or something that looks like one and changes like one.
var emailClaims = []string{"email", "e-mail", "mail", "emails", "upn", "preferred_username", "unique_name", "verified_primary_email", "username", "nickname"}

// The roles that only the nation has, and those that are held for one party.
// auth has the roles themselves; a test holds the two together.
var (
	nationalRoles = []string{"national-analyst", "operator"}
	partyRoles    = []string{"party-administrator", "party-representative", "party-reporter", "party-finance"}
)

func (s SignIn) check(c *checker, kind Kind) {
	for n, issuer := range s.Issuers {
		at := c.in("issuers").item(n)
		issuer.check(at, kind)
		for _, earlier := range s.Issuers[:n] {
			if issuer.Key != "" && earlier.Key == issuer.Key {
				at.in("key").refuse("tenant.twice", "value", short(issuer.Key))
			}
			if issuer.URL != "" && earlier.URL == issuer.URL {
				at.in("url").refuse("tenant.signin.issuer_twice")
			}
		}
	}
}

func (i Issuer) check(c *checker, kind Kind) {
	if !issuerKey.MatchString(i.Key) {
		c.in("key").refuse("tenant.signin.key_wrong", "key", short(i.Key))
	}
	i.Name.check(c.in("name"), true)
	i.checkURL(c.in("url"))
	if i.ClientID == "" {
		c.in("clientId").refuse("tenant.signin.no_client")
	}
	checkList(c.in("audiences"), i.Audiences)
	checkList(c.in("scopes"), i.Scopes)
	switch subject := i.Subject; {
	case subject == "" || subject == SubjectSub || subject == SubjectOrgAffiliation:
	case isEmail(subject):
		c.in("subject").refuse("tenant.signin.subject_email")
	default:
		c.in("subject").refuse("tenant.signin.subject_unknown", "claim", short(subject))
	}
	if age := time.Duration(i.MaxAge); age != 0 && (age < time.Minute || age > 30*24*time.Hour) {
		c.in("maxAge").refuse("tenant.signin.max_age", "age", i.MaxAge.String())
	}
	for n, grant := range i.Grants {
		grant.check(c.in("grants").item(n), kind)
		if slices.Contains(i.Grants[:n], grant) {
			c.in("grants").item(n).refuse("tenant.signin.grant_twice")
		}
	}
}

func checkList(c *checker, list []string) {
	for n, word := range list {
		if word == "" || strings.ContainsFunc(word, func(r rune) bool { return r <= ' ' }) {
			c.item(n).refuse("tenant.signin.one_word", "word", short(word))
		}
	}
}

func (i Issuer) checkURL(c *checker) {
	u, err := url.Parse(i.URL)
	switch {
	case i.URL == "":
		c.refuse("tenant.signin.no_url")
	case err == nil && u.User != nil: // not shown: it may be a password
		c.refuse("tenant.signin.url_secret")
	case err != nil || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "":
		c.refuse("tenant.signin.url_wrong", "url", short(i.URL))
	case u.Scheme == "http" && loopback(u.Hostname()):
	case u.Scheme != "https":
		c.refuse("tenant.signin.url_open")
	case u.Hostname() == "login.microsoftonline.com" && everyone(u.Path):
		c.refuse("tenant.signin.url_everyone", "path", everyonesPath(u.Path))
	}
}

func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

func everyonesPath(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

func everyone(path string) bool {
	return slices.Contains([]string{"common", "organizations", "consumers"}, everyonesPath(path))
}

func isEmail(claim string) bool {
	return slices.Contains(emailClaims, strings.ToLower(claim))
}

func (g Grant) check(c *checker, kind Kind) {
	switch {
	case g.Claim == "":
		c.in("claim").refuse("tenant.signin.no_claim")
	case isEmail(g.Claim):
		c.in("claim").refuse("tenant.signin.claim_email")
	}
	if g.Value == "" {
		c.in("value").refuse("tenant.signin.no_value")
	}

	party := slices.Contains(partyRoles, g.Role)
	switch {
	case g.Role == "":
		c.in("role").refuse("tenant.signin.no_role", "known", strings.Join(c.roles, ", "))
	case !slices.Contains(c.roles, g.Role):
		c.in("role").refuse("tenant.signin.role_unknown", "role", short(g.Role), "known", strings.Join(c.roles, ", "))
	case slices.Contains(nationalRoles, g.Role) && kind != KindNational:
		c.in("role").refuse("tenant.signin.role_national", "role", g.Role, "national", National)
	case party && g.Organisation == "":
		c.in("organisation").refuse("tenant.signin.no_party", "role", g.Role)
	}

	switch {
	case g.Organisation == "":
	case g.Role != "" && !party:
		c.in("organisation").refuse("tenant.signin.party_for_none", "role", short(g.Role))
	case !organisationKey.MatchString(g.Organisation):
		c.in("organisation").refuse("tenant.signin.party_key", "key", short(g.Organisation))
	case municipalityForm.MatchString(g.Organisation):
		if m, ok := MunicipalityByCode(g.Organisation); !ok {
			c.in("organisation").refuse("tenant.signin.municipality_unknown", "code", g.Organisation)
		} else if official, of := CountyBySlug(c.slug); of && m.County != official.Code {
			c.in("organisation").refuse("tenant.signin.municipality_of_other", "municipality", m.Name, "code", m.Code, "county", official.Name)
		}
	}
}
