package tenant

import (
	"net/url"

	"golang.org/x/text/language"
)

// Publication is where and how the county tells the public.
type Publication struct {
	Sites             []Site   `json:"sites,omitempty" doc:"The county's public sites about the work, its own first."`
	Papers            []Site   `json:"papers,omitempty" doc:"Where papers and minutes lie that are kept elsewhere."`
	Languages         []string `json:"languages,omitempty" doc:"The languages that it is told in, by their codes: sv, en, ar." example:"[\"sv\",\"en\"]"`
	EasySwedish       bool     `json:"easySwedish,omitzero" doc:"Whether it is also told in easy Swedish." example:"true"`
	AlternativeFormat bool     `json:"alternativeFormat,omitzero" doc:"Whether it can be had in another format, as large print." example:"false"`
}

// Site is a place on the web.
type Site struct {
	Name  Words  `json:"name,omitempty" required:"true" doc:"What it is called."`
	URL   string `json:"url,omitzero" doc:"Its address. Left out: unknown." example:"https://www.kronobergtillsammans.se/"`
	RunBy string `json:"runBy,omitzero" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"an organisation's key, as lansstyrelsen" doc:"The organisation that runs it, by key." example:"lansstyrelsen"`
}

func (p Publication) check(c *checker) {
	for n, site := range p.Sites {
		site.check(c.in("sites").item(n))
	}
	for n, site := range p.Papers {
		site.check(c.in("papers").item(n))
	}
	for n, lang := range p.Languages {
		if _, err := language.Parse(lang); err != nil {
			c.in("languages").item(n).refuse("tenant.publication.language", "lang", lang)
		}
	}
}

func (s Site) check(c *checker) {
	s.Name.check(c.in("name"), false)
	if s.URL == "" {
		return
	}
	u, err := url.Parse(s.URL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Hostname() == "" || u.User != nil {
		c.in("url").refuse("tenant.publication.address", "address", s.URL)
	}
}
