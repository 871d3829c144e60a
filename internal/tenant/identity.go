package tenant

import (
	"errors"
	"maps"
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/overens/overens/internal/text"
)

// Languages are those the product speaks, the one to fall back on first.
var Languages = []string{"sv", "en"}

// Words is one text in several languages, by language: sv, en. Swedish is
// always there.
type Words map[string]string

// In gives the words in a language, and in Swedish where they are missing.
func (w Words) In(lang string) string {
	if text := w[lang]; text != "" {
		return text
	}
	return w[Languages[0]]
}

// Identity is who the county is.
type Identity struct {
	Name               Words    `json:"name,omitempty"`           // Kronobergs län
	Administration     Words    `json:"administration,omitempty"` // Länsstyrelsen i Kronobergs län
	Code               string   `json:"code,omitzero"`            // 07: the official code; none but counties have one
	Letter             string   `json:"letter,omitzero"`          // G
	OrganisationNumber string   `json:"organisationNumber,omitzero"`
	Seat               string   `json:"seat,omitzero"` // Växjö
	Address            string   `json:"address,omitzero"`
	Contact            Contact  `json:"contact,omitzero"`
	Languages          []string `json:"languages,omitempty"` // of Languages, the first one first
}

// Contact is how to reach somebody. What is empty is unknown.
type Contact struct {
	Email string `json:"email,omitzero"`
	Phone string `json:"phone,omitzero"`
	Web   string `json:"web,omitzero"`
}

func (i Identity) check(c *checker, kind Kind) {
	i.Name.check(c.in("name"), true)
	i.Administration.check(c.in("administration"), true)
	i.Contact.check(c.in("contact"))

	if kind == KindCounty {
		i.checkCodes(c)
	} else {
		if i.Code != "" {
			c.in("code").refuse("tenant.identity.code_of_none")
		}
		if i.Letter != "" {
			c.in("letter").refuse("tenant.identity.letter_of_none")
		}
	}

	if i.OrganisationNumber != "" {
		switch _, err := OrganisationNumber(i.OrganisationNumber); {
		case errors.Is(err, ErrNumberForm):
			c.in("organisationNumber").refuse("tenant.identity.number_form")
		case err != nil:
			c.in("organisationNumber").refuse("tenant.identity.number_check")
		}
	}

	if len(i.Languages) == 0 {
		c.in("languages").refuse("tenant.identity.no_language", "known", strings.Join(Languages, ", "))
	}
	for n, lang := range i.Languages {
		if !slices.Contains(Languages, lang) {
			c.in("languages").item(n).refuse("tenant.language_unknown", "lang", short(lang), "known", strings.Join(Languages, ", "))
		}
	}
	if len(i.Languages) > 0 && !slices.Contains(i.Languages, Languages[0]) {
		c.in("languages").refuse("tenant.identity.no_swedish")
	}
}

func (i Identity) checkCodes(c *checker) {
	official, known := CountyByCode(i.Code)
	switch {
	case i.Code == "":
		c.in("code").refuse("tenant.identity.no_code")
		return
	case !known:
		c.in("code").refuse("tenant.identity.code_unknown", "code", short(i.Code))
		return
	case official.Slug != c.slug:
		c.in("code").refuse("tenant.identity.code_of_other", "code", i.Code, "county", official.Name, "slug", official.Slug)
	}
	if i.Letter != official.Letter {
		c.in("letter").refuse("tenant.identity.letter_wrong", "county", official.Name, "letter", official.Letter, "written", short(i.Letter))
	}
}

func (w Words) check(c *checker, required bool) {
	if len(w) == 0 && !required {
		return
	}
	for _, lang := range slices.Sorted(maps.Keys(w)) {
		switch {
		case !slices.Contains(Languages, lang):
			c.in(lang).refuse("tenant.language_unknown", "lang", short(lang), "known", strings.Join(Languages, ", "))
		case text.Line(w[lang]) == "": // or nothing that can be seen
			c.in(lang).refuse("tenant.words.empty")
		}
	}
	if _, ok := w[Languages[0]]; !ok {
		c.refuse("tenant.words.no_swedish")
	}
}

// mostOfName is how long a name may be that stands on statements and files.
const mostOfName = 120

// short refuses a name that is longer than what it stands on has room for.
func (w Words) short(c *checker) {
	for _, lang := range slices.Sorted(maps.Keys(w)) {
		if n := utf8.RuneCountInString(w[lang]); n > mostOfName {
			c.in(lang).refuse("tenant.words.long", "length", n, "most", mostOfName)
		}
	}
}

func (to Contact) check(c *checker) {
	if to.Email != "" {
		// ParseAddress also takes "Name <address>", which is no address to write to.
		if read, err := mail.ParseAddress(to.Email); err != nil || read.Address != to.Email {
			c.in("email").refuse("tenant.contact.email", "address", short(to.Email))
		}
	}
	if strings.Trim(to.Phone, "+0123456789 -") != "" {
		c.in("phone").refuse("tenant.contact.phone", "number", short(to.Phone))
	}
	if to.Web != "" {
		if u, err := url.Parse(to.Web); err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
			c.in("web").refuse("tenant.contact.web", "address", short(to.Web))
		}
	}
}
