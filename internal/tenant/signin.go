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

const noEmail = "an e-mail address is lent, not owned: it changes with a name or a job and is given to the next person, who would get this one's rights"

// The roles that only the nation has, and those that are held for one party.
// auth has the roles themselves; a test holds the two together.
var (
	nationalRoles = []string{"national-analyst", "operator"}
	partyRoles    = []string{"party-administrator", "party-representative", "party-reporter"}
)

func (s SignIn) check(c *checker, kind Kind) {
	for n, issuer := range s.Issuers {
		at := c.in("issuers").item(n)
		issuer.check(at, kind)
		for _, earlier := range s.Issuers[:n] {
			if issuer.Key != "" && earlier.Key == issuer.Key {
				at.in("key").problem("the key "+quoted(issuer.Key)+" is already another issuer's", "choose another")
			}
			if issuer.URL != "" && earlier.URL == issuer.URL {
				at.in("url").problem("the issuer "+issuer.URL+" is already given", "put the grants of both into one")
			}
		}
	}
}

func (i Issuer) check(c *checker, kind Kind) {
	if !issuerKey.MatchString(i.Key) {
		c.in("key").problem(quoted(i.Key)+" cannot be an issuer's key", "use at most 30 letters a to z and digits, with a letter first and no hyphen, as entra")
	}
	i.Name.check(c.in("name"), true)
	i.checkURL(c.in("url"))
	if i.ClientID == "" {
		c.in("clientId").problem("the client id is missing", "write what the provider calls this client")
	}
	checkList(c.in("audiences"), i.Audiences)
	checkList(c.in("scopes"), i.Scopes)
	switch subject := i.Subject; {
	case subject == "" || subject == SubjectSub || subject == SubjectOrgAffiliation:
	case isEmail(subject):
		c.in("subject").problem(noEmail, "use sub, or orgAffiliation where the provider follows the Swedish profile")
	default:
		c.in("subject").problem(quoted(subject)+" is not a claim that a person is known by here", "use sub, or orgAffiliation where the provider follows the Swedish profile")
	}
	if age := time.Duration(i.MaxAge); age != 0 && (age < time.Minute || age > 30*24*time.Hour) {
		c.in("maxAge").problem(i.MaxAge.String()+" is outside what makes sense", "use between 1m and 720h, or leave maxAge out")
	}
	for n, grant := range i.Grants {
		grant.check(c.in("grants").item(n), kind)
		if slices.Contains(i.Grants[:n], grant) {
			c.in("grants").item(n).problem("the grant is given twice", "remove one of them")
		}
	}
}

func checkList(c *checker, list []string) {
	for n, word := range list {
		if word == "" || strings.ContainsFunc(word, func(r rune) bool { return r <= ' ' }) {
			c.item(n).problem(quoted(word)+" is not one word", "write each on a line of its own")
		}
	}
}

func (i Issuer) checkURL(c *checker) {
	u, err := url.Parse(i.URL)
	switch {
	case i.URL == "":
		c.problem("the issuer's address is missing", "write it exactly as the provider states it, the claim iss")
	case err == nil && u.User != nil: // not shown: it may be a password
		c.problem("the issuer's address holds a user name or password", "remove what stands before the @, and change it if it was real")
	case err != nil || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "":
		c.problem(quoted(i.URL)+" is not an issuer's address", "write it as https://login.example.se/realm, without ? and #")
	case u.Scheme == "http" && loopback(u.Hostname()):
	case u.Scheme != "https":
		c.problem("the issuer is reached without https, so anyone on the way could answer for it", "write https; http is for this machine alone")
	case u.Hostname() == "login.microsoftonline.com" && everyone(u.Path):
		c.problem("at this address Entra ID signs in people from any organisation", "put the county's own directory (tenant) id in place of "+everyonesPath(u.Path))
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
		c.in("claim").problem("the claim is missing", "name the claim whose value gives the role, as groups")
	case isEmail(g.Claim):
		c.in("claim").problem(noEmail, "use a group or a role that the provider states, as groups or roles")
	}
	if g.Value == "" {
		c.in("value").problem("the value is missing, and an empty one must not give a role", "write the value that gives the role, in quotes")
	}

	party := slices.Contains(partyRoles, g.Role)
	switch {
	case g.Role == "":
		c.in("role").problem("the role is missing", "use one of "+strings.Join(c.roles, ", "))
	case !slices.Contains(c.roles, g.Role):
		c.in("role").problem(quoted(g.Role)+" is not a role", "use one of "+strings.Join(c.roles, ", "))
	case slices.Contains(nationalRoles, g.Role) && kind != KindNational:
		c.in("role").problem(g.Role+" is a role of the nation's, which no county can give", "give it in "+National+".yaml")
	case party && g.Organisation == "":
		c.in("organisation").problem(g.Role+" is held for one party, and no party is named", "write organisation: and the party's key or official code")
	}

	switch {
	case g.Organisation == "":
	case g.Role != "" && !party:
		c.in("organisation").problem(quoted(g.Role)+" is not held for a party", "leave organisation out")
	case !organisationKey.MatchString(g.Organisation):
		c.in("organisation").problem(quoted(g.Organisation)+" cannot be an organisation's key", "use letters a to z, digits and hyphens, as alvesta, or a municipality's code, as \"0764\"")
	case municipalityForm.MatchString(g.Organisation):
		if m, ok := MunicipalityByCode(g.Organisation); !ok {
			c.in("organisation").problem(quoted(g.Organisation)+" is not the code of a Swedish municipality", "correct the code, or use the organisation's key")
		} else if official, of := CountyBySlug(c.slug); of && m.County != official.Code {
			c.in("organisation").problem(m.Name+" ("+m.Code+") is not a municipality of "+official.Name, "correct the code, or use the organisation's key")
		}
	}
}
