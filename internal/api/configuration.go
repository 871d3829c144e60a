package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// ConfigurationQuery asks what holds on a day.
type ConfigurationQuery struct {
	InCounty
	On      day.Day   `query:"on" doc:"As of this day. Default: today in Sweden." example:"2026-11-25"`
	KnownAt time.Time `query:"knownAt" doc:"As it was known at this instant: later corrections are left out. Default: now." example:"2026-11-25T11:00:00Z"`
}

// Configuration is all that a county has settled, as of a day.
type Configuration struct {
	On       day.Day          `json:"on" doc:"The day that it holds for." example:"2026-11-25"`
	Version  int64            `json:"version" doc:"The version of the whole configuration that tells so." example:"3"`
	Sections []county.InForce `json:"sections" doc:"The sections that hold that day, in the order of the file. One that is missing is unknown."`
	Linked
}

// InSection names a section in the path.
type InSection struct {
	InCounty
	Section string `path:"section" maxLength:"40" doc:"The section's key." example:"goals"`
}

// Section is a section with what leads on from it.
type Section struct {
	county.Section
	Linked
}

// SectionList is a page of sections.
type SectionList struct {
	Sections []Section `json:"sections" doc:"The sections, in the order of the file."`
	Paged
}

// NewSectionVersion is a version of a section to be kept, or looked at first.
type NewSectionVersion struct {
	InSection
	Body SectionVersion
}

// SectionVersion is a version of a section: what holds from a day.
type SectionVersion struct {
	From     day.Day         `json:"from,omitzero" doc:"The first day it holds. A version that holds from the same day is replaced. Empty: it has always held." example:"2027-01-01"`
	Instead  day.Day         `json:"instead,omitzero" doc:"The first day of a version whose place it takes, where that is another day." example:"2027-01-01"`
	Remove   bool            `json:"remove,omitempty" doc:"Whether the version that holds from the day is taken away instead." example:"false"`
	Decision string          `json:"decision,omitempty" maxLength:"300" doc:"By what decision, in the county's own words." example:"Forum 2023-03-30"`
	Reason   string          `json:"reason" maxLength:"1000" doc:"Why it is changed." example:"Forum har ändrat områdena"`
	Body     json.RawMessage `json:"body,omitempty" doc:"What the section says, complete, after the JSON Schema at /configuration/schema."`
}

func (in *NewSectionVersion) edit() county.Edit {
	b := in.Body
	return county.Edit{Section: in.Section, From: b.From, Instead: b.Instead, Remove: b.Remove, Decision: b.Decision, Reason: b.Reason, Body: b.Body}
}

// SectionPreview is what a new version would change.
type SectionPreview struct {
	county.Preview
	Sentences []string    `json:"sentences" doc:"The same in sentences, in the language asked for." example:"[\"Inget ändras.\"]"`
	Trials    []RuleTrial `json:"trials" doc:"Of the bodies: what their new rules would have made of the meetings that they held last."`
	Linked
}

// NewManager is who keeps a section from now on.
type NewManager struct {
	InSection
	Body Manager
}

// Manager is who keeps a section.
type Manager struct {
	Manager string `json:"manager" enum:"file,pages" doc:"The county's file, or its administrator on the pages and by the API." example:"pages"`
}

// SectionPage asks for a page of something about a section.
type SectionPage struct {
	InSection
	Paging
}

// SectionChange is one change in a section's history.
type SectionChange struct {
	county.Entry
	Sentences []string `json:"sentences" doc:"What changed, in sentences, in the language asked for." example:"[\"Inget ändras.\"]"`
}

// SectionChangeList is a page of a section's history.
type SectionChangeList struct {
	Changes []SectionChange `json:"changes" doc:"The changes, newest first."`
	Paged
}

// DifferenceQuery asks how two versions of the configuration differ.
type DifferenceQuery struct {
	InCounty
	From int64 `query:"from" minimum:"1" default:"1" doc:"The number of the earlier version." example:"2"`
	To   int64 `query:"to" minimum:"0" default:"0" doc:"The number of the later version. Default: the one in force." example:"3"`
}

// Differences are how two versions of the configuration differ.
type Differences struct {
	From        int64               `json:"from" doc:"The number of the earlier version." example:"2"`
	To          int64               `json:"to" doc:"The number of the later version." example:"3"`
	Differences []tenant.Difference `json:"differences" doc:"What differs, in the order of the file."`
	Sentences   []string            `json:"sentences" doc:"The same in sentences, in the language asked for." example:"[\"Inget ändras.\"]"`
	Linked
}

// NewCounty is a county to be made.
type NewCounty struct {
	Body CountyTemplate
}

// CountyTemplate is a new county in the form of another.
type CountyTemplate struct {
	Slug     string     `json:"slug" minLength:"1" maxLength:"40" doc:"Its name in addresses. That of one of the 21 counties makes that county, any other one to practise in." example:"ovningslan"`
	Name     CountyName `json:"name,omitzero" doc:"What it is called. One of the 21 has its official name where nothing is given."`
	Template string     `json:"template" minLength:"1" maxLength:"40" doc:"The county whose form is taken: its latest words, kinds, statuses and shape of goals." example:"kronoberg"`
	Reason   string     `json:"reason" minLength:"1" maxLength:"1000" doc:"Why, for the history." example:"Länet ska öva inför starten"`
}

// CountyName is a new county's name.
type CountyName struct {
	Swedish string `json:"sv,omitempty" maxLength:"100" doc:"In Swedish." example:"Övningslän"`
	English string `json:"en,omitempty" maxLength:"100" doc:"In English." example:"Practice County"`
}

// MadeCounty is a county that has been made.
type MadeCounty struct {
	Slug    string `json:"slug" doc:"Its name in addresses." example:"ovningslan"`
	Kind    string `json:"kind" enum:"county,sandbox" doc:"One of the 21, or one to practise in." example:"sandbox"`
	Version int64  `json:"version" doc:"The version of its configuration that is in force." example:"1"`
	Linked
}

// ETag is the version of the configuration.
func (c MadeCounty) ETag() string { return strconv.FormatInt(c.Version, 10) }

func (d *Door) configuration() {
	const whole = "/counties/{county}/configuration"
	const one = whole + "/sections/{section}"

	read(d, Member, whole, "get-configuration", func(ctx context.Context, tx *pg.Tx, in *ConfigurationQuery) (c Configuration, err error) {
		if c.On = in.On; c.On.IsZero() {
			c.On = tx.Today()
		}
		c.Version = tx.County.Version
		if in.KnownAt.IsZero() {
			c.Sections, err = county.AsOf(ctx, tx, c.On)
		} else {
			c.Sections, c.Version, err = county.AsKnown(ctx, tx, c.On, in.KnownAt)
		}
		here := d.at("counties", tx.Tenant, "configuration")
		c.Links = Links{}
		c.Links.to("self", "GET", here)
		c.Links.to("sections", "GET", here+"/sections")
		c.Links.to("differences", "GET", here+"/differences")
		c.Links.to("version-history", "GET", d.at("counties", tx.Tenant, "configuration-versions"))
		c.Links.to("describedby", "GET", d.at("configuration", "schema"))
		return c, err
	})
	read(d, Member, whole+"/differences", "compare-configuration", func(ctx context.Context, tx *pg.Tx, in *DifferenceQuery) (c Differences, err error) {
		c.From, c.To = in.From, in.To
		if c.To == 0 {
			c.To = tx.County.Version
		}
		if c.Differences, err = county.Compare(ctx, tx, c.From, c.To); err != nil {
			return c, err
		}
		c.Differences, c.Sentences = told(ctx, c.Differences)
		here := d.at("counties", tx.Tenant, "configuration")
		c.Links = Links{}
		c.Links.to("self", "GET", here+"/differences?from="+strconv.FormatInt(c.From, 10)+"&to="+strconv.FormatInt(c.To, 10))
		c.Links.to("up", "GET", here)
		return c, nil
	})
	list(d, Member, whole+"/sections", "list-configuration-sections", func(ctx context.Context, tx *pg.Tx, in *CountyPage) (l SectionList, total int, err error) {
		all, err := county.Sections(ctx, tx)
		for _, s := range cut(all, in.Paging) {
			l.Sections = append(l.Sections, d.section(tx, s))
		}
		return l, len(all), err
	})
	read(d, Member, one, "get-configuration-section", func(ctx context.Context, tx *pg.Tx, in *InSection) (Section, error) {
		s, err := county.Get(ctx, tx, in.Section)
		return d.section(tx, s), err
	})
	replace(d, one, "replace-configuration-section", func(ctx context.Context, tx *pg.Tx, in *NewSectionVersion, version int64) (Section, error) {
		s, err := county.Change(ctx, tx, in.edit(), version, d.conf.Guards...)
		return d.section(tx, s), err
	})
	replace(d, one+"/manager", "hand-over-configuration-section", func(ctx context.Context, tx *pg.Tx, in *NewManager, version int64) (Section, error) {
		s, err := county.TakeOver(ctx, tx, in.Section, in.Body.Manager, version)
		return d.section(tx, s), err
	})
	list(d, Member, one+"/history", "list-configuration-section-history", func(ctx context.Context, tx *pg.Tx, in *SectionPage) (l SectionChangeList, total int, err error) {
		es, err := county.History(ctx, tx, in.Section, int32(in.Limit), int32(in.skip())) //nolint:gosec // bounded by Paging
		if err != nil {
			return l, 0, err
		}
		for _, e := range es {
			c := SectionChange{Entry: e}
			c.Differences, c.Sentences = told(ctx, e.Differences)
			l.Changes = append(l.Changes, c)
		}
		total, err = county.HistoryLength(ctx, tx, in.Section)
		return l, total, err
	})

	// A preview stores nothing: it needs neither a key nor the version it was read in.
	rt := route{method: http.MethodPost, path: one + "/previews", id: "preview-configuration-section", access: Member, status: http.StatusOK}
	register(d, rt, reflect.TypeFor[SectionPreview](), func(ctx context.Context, in *NewSectionVersion) (answer, error) {
		var p SectionPreview
		err := d.work(ctx, Member, pg.Read, func(tx *pg.Tx) (err error) {
			p.Preview, err = county.Show(ctx, tx, in.edit(), d.conf.Guards...)
			p.Links, p.Trials = d.section(tx, p.State).Links, []RuleTrial{}
			if err != nil || in.Section != "bodies" || in.Body.Remove {
				return err
			}
			var model tenant.Bodies
			if err := json.Unmarshal(in.Body.Body, &model); err != nil {
				return err // county.Show has read it
			}
			ts, err := meeting.Try(ctx, tx, in.Body.From, day.Day{}, model)
			p.Trials = ruleTrials(ts)
			return err
		})
		if err != nil {
			return answer{}, err
		}
		p.Differences, _ = told(ctx, p.Differences)
		p.Sentences = p.In(from(ctx).lang)
		return answered(http.StatusOK, p)
	})

	d.newCounties()
	d.configurationSchema()
}

// told lets no list be null, and says differences in sentences.
func told(ctx context.Context, ds []tenant.Difference) ([]tenant.Difference, []string) {
	sentences := make([]string, len(ds))
	for i, one := range ds {
		sentences[i] = one.In(from(ctx).lang)
	}
	return append([]tenant.Difference{}, ds...), sentences
}

// section adds what leads on, and what the caller may do.
func (d *Door) section(tx *pg.Tx, s county.Section) Section {
	here := d.at("counties", tx.Tenant, "configuration", "sections", s.Key)
	l := Links{}
	l.to("self", "GET", here)
	l.to("collection", "GET", d.at("counties", tx.Tenant, "configuration", "sections"))
	l.to("history", "GET", here+"/history")
	l.to("describedby", "GET", d.at("configuration", "schema"))
	if tx.May(auth.CountyChange) {
		l.to("manager", "PUT", here+"/manager")
		l.to("previews", "POST", here+"/previews")
		if s.Manager == county.FromPages {
			l.to("edit", "PUT", here)
		}
	}
	s.Versions = append([]tenant.Version{}, s.Versions...)
	return Section{s, Linked{l}}
}

// newCounties lets the operator make a county. The right is asked for with the
// nation, whose operators are; the county is made in a unit of work of its own,
// which can be asked for again should the answer be lost.
func (d *Door) newCounties() {
	rt := route{method: http.MethodPost, path: "/counties", id: "create-county", access: Operator, status: http.StatusCreated, key: true}
	register(d, rt, reflect.TypeFor[MadeCounty](), func(ctx context.Context, in *NewCounty) (answer, error) {
		return once(ctx, d, in, func(tx *pg.Tx) (answer, error) {
			if err := tx.Require(auth.OperatorEnter); err != nil {
				return answer{}, err
			}
			c, err := d.fromTemplate(ctx, in.Body)
			if err != nil {
				return answer{}, err
			}
			made := MadeCounty{Slug: c.Slug, Kind: string(c.Kind), Linked: Linked{Links{}}}
			status := http.StatusOK
			err = d.db.InNew(ctx, auth.System(c.Slug, "operator "+tx.Person.String(), tx.Request), func(tx *pg.Tx) error {
				version, created, err := county.Create(ctx, tx, c, in.Body.Reason)
				if created {
					status = http.StatusCreated
				}
				made.Version = version
				return err
			})
			if err != nil {
				return answer{}, err
			}
			made.Links.to("self", "GET", d.at("counties", c.Slug))
			made.Links.to("configuration", "GET", d.at("counties", c.Slug, "configuration"))
			a, err := answered(status, made)
			a.Location = made.Self()
			return a, err
		})
	})
}

func (d *Door) fromTemplate(ctx context.Context, t CountyTemplate) (tenant.County, error) {
	if !tenant.ValidSlug(t.Slug) {
		return tenant.County{}, fault.Bad("tenant.slug.wrong", "/slug").With("slug", t.Slug)
	}
	template, err := d.db.County(ctx, t.Template)
	if err != nil {
		if fault.Is(err, "common.not_found") {
			err = fault.Bad("configuration.template_unknown", "/template").With("slug", t.Template)
		}
		return tenant.County{}, err
	}
	name := tenant.Words{}
	for lang, said := range map[string]string{"sv": t.Name.Swedish, "en": t.Name.English} {
		if said != "" {
			name[lang] = said
		}
	}
	if _, official := tenant.CountyBySlug(t.Slug); name["sv"] == "" && (!official || len(name) > 0) {
		return tenant.County{}, fault.Bad("shape.required", "/name/sv").With("name", "name.sv")
	}
	return tenant.FromTemplate(template, t.Slug, name), nil
}

// configurationSchema serves the JSON Schema of a county's file, which editors
// ask for by its address.
func (d *Door) configurationSchema() {
	schema := tenant.Schema()
	h := sha256.Sum256(schema)
	tag := `"` + base64.RawURLEncoding.EncodeToString(h[:12]) + `"`
	d.mux.HandleFunc("GET "+Base+"/configuration/schema", func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("ETag", tag)
		h.Set("Cache-Control", "public, no-cache")
		if noneMatch(r.Header.Values("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		h.Set("Content-Type", "application/schema+json")
		_, _ = w.Write(schema)
	})
}
