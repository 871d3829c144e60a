package organisation

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// checked tidies a card and finds everything that is wrong with it, so that
// all of it can be shown at once.
func checked(c Card) (Card, error) {
	for _, s := range []*string{&c.Name, &c.ShortName, &c.OrganisationNumber, &c.OfficialCode, &c.Email, &c.Phone, &c.Website, &c.Mailbox} {
		*s = text.Line(*s)
	}
	var wrong fault.List
	if !slices.Contains(Types, c.Type) {
		wrong.Add(fault.Bad("organisation.type_unknown", "/type"))
	}
	if c.Name == "" {
		wrong.Add(fault.Bad("organisation.named", "/name"))
	}
	if c.OrganisationNumber != "" {
		// Skatteverket's form: ten digits, the last one a check digit (Luhn).
		n, err := tenant.OrganisationNumber(c.OrganisationNumber)
		if err != nil {
			wrong.Add(fault.Bad("organisation.number_wrong", "/organisationNumber").With("number", c.OrganisationNumber).Because(err))
		} else {
			c.OrganisationNumber = n
		}
	}
	if key := codeOf(c.Type, c.OfficialCode); key != "" {
		wrong.Add(fault.Bad(key, "/officialCode").With("code", c.OfficialCode))
	}
	for field, address := range map[string]string{"/email": c.Email, "/mailbox": c.Mailbox} {
		if !Address(address) {
			wrong.Add(fault.Bad("common.email_wrong", field).With("address", address))
		}
	}
	if c.Website != "" {
		u, err := url.Parse(c.Website)
		if err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil {
			wrong.Add(fault.Bad("common.website_wrong", "/website").With("address", c.Website))
		}
	}
	return c, wrong.Err()
}

// Address tells whether s is one plain e-mail address, or nothing.
func Address(s string) bool {
	if s == "" {
		return true
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && strings.Contains(s[strings.LastIndex(s, "@"):], ".")
}
