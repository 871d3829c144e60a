package tenant

import (
	"maps"
	"net/mail"
	"net/url"
	"slices"
	"strings"
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
			c.in("code").problem("only a county has an official code", "leave code out")
		}
		if i.Letter != "" {
			c.in("letter").problem("only a county has a letter", "leave letter out")
		}
	}

	if i.OrganisationNumber != "" {
		if _, err := OrganisationNumber(i.OrganisationNumber); err != nil {
			c.in("organisationNumber").problem(err.Error(), "look it up at the authority, or leave organisationNumber out while it is unknown")
		}
	}

	known := "use one or more of " + strings.Join(Languages, ", ")
	if len(i.Languages) == 0 {
		c.in("languages").problem("no languages are given", known)
	}
	for n, lang := range i.Languages {
		if !slices.Contains(Languages, lang) {
			c.in("languages").item(n).problem(quoted(lang)+" is not a language the pages speak", known)
		}
	}
	if len(i.Languages) > 0 && !slices.Contains(i.Languages, Languages[0]) {
		c.in("languages").problem("Swedish is missing, and it is what every other language falls back on", "add sv")
	}
}

func (i Identity) checkCodes(c *checker) {
	official, known := CountyByCode(i.Code)
	switch {
	case i.Code == "":
		c.in("code").problem("the county has no official code", "write the two digits in quotes, as \"07\"")
		return
	case !known:
		c.in("code").problem(quoted(i.Code)+" is not the code of a Swedish county", "use one of the 21 official codes, in quotes, as \"07\"")
		return
	case official.Slug != c.slug:
		c.in("code").problem("the code "+i.Code+" is that of "+official.Name+", whose slug is "+official.Slug, "correct the code, or the slug and the file's name")
	}
	if i.Letter != official.Letter {
		c.in("letter").problem("the letter of "+official.Name+" is "+official.Letter+", not "+quoted(i.Letter), "write "+official.Letter)
	}
}

func (w Words) check(c *checker, required bool) {
	if len(w) == 0 && !required {
		return
	}
	for _, lang := range slices.Sorted(maps.Keys(w)) {
		switch text := w[lang]; {
		case !slices.Contains(Languages, lang):
			c.in(lang).problem(quoted(lang)+" is not a language the pages speak", "use "+strings.Join(Languages, ", "))
		case strings.TrimSpace(text) == "":
			c.in(lang).problem("there are no words", "write them, or leave the language out")
		}
	}
	if _, ok := w[Languages[0]]; !ok {
		c.problem("the words are missing in Swedish", "add sv: followed by the words")
	}
}

func (to Contact) check(c *checker) {
	if to.Email != "" {
		// ParseAddress also takes "Name <address>", which is no address to write to.
		if read, err := mail.ParseAddress(to.Email); err != nil || read.Address != to.Email {
			c.in("email").problem(quoted(to.Email)+" is not an e-mail address", "write it as name@example.se")
		}
	}
	if strings.Trim(to.Phone, "+0123456789 -") != "" {
		c.in("phone").problem(quoted(to.Phone)+" is not a telephone number", "use digits, spaces and hyphens, with + first for the country")
	}
	if to.Web != "" {
		if u, err := url.Parse(to.Web); err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
			c.in("web").problem(quoted(to.Web)+" is not a web address with https", "write it as https://www.example.se/page")
		}
	}
}
