package web

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) configurationRoutes() []route {
	const at = "/lan/{county}/settings"
	return []route{
		get(at, d.dated(members, d.settings)),
		get(at+"/{section}", d.dated(members, d.setting)),
		get(at+"/{section}/compare", d.page(members, d.compareSetting)),
		get(at+"/{section}/edit", d.page(members, d.editSetting)),
		post(at+"/{section}/edit", d.changeSetting),
		get(at+"/{section}/manager", d.page(members, d.settingManager)),
		post(at+"/{section}/manager", d.act(members, handOver)),
	}
}

// settingRow is one section in the list of all.
type settingRow struct {
	Key         string
	Says        string
	Since       string
	Decision    string
	Manager     string
	Class, Word string // its state
}

func (d *Door) settings(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	all, err := county.Sections(ctx, tx)
	if err != nil {
		return nil, err
	}
	var rows []settingRow
	for _, s := range all {
		kind, err := tenant.SectionOf(s.Key)
		if err != nil {
			return nil, err
		}
		holds, national, ok := kind.On(tx.County, v.On)
		called, err := v.organisationNames(ctx, tx, holds.Body)
		if err != nil {
			return nil, err
		}
		r := settingRow{Key: s.Key, Manager: s.Manager, Decision: holds.Decision, Since: v.since(holds.From, ok && !national)}
		r.Says = v.summary(v.tell(kind, holds.Body, called))
		switch {
		case !ok:
			r.Class, r.Word = "none", v.T("configuration.state.unknown")
		case national:
			r.Class, r.Word = "half", v.T("configuration.state.national")
		default:
			r.Class, r.Word = "on", v.T("configuration.state.own")
		}
		for _, later := range s.Versions {
			if later.From.After(v.On) {
				r.Class, r.Word = "next", v.T("configuration.state.coming", "day", LongDay(v.Lang, later.From))
				break
			}
		}
		rows = append(rows, r)
	}
	return settingsPage(v, rows), nil
}

// since is from when what holds has held.
func (v *visit) since(from day.Day, own bool) string {
	switch {
	case !own:
		return ""
	case from.IsZero():
		return v.T("configuration.always")
	}
	return LongDay(v.Lang, from)
}

// summary is what a section says in a few words.
func (v *visit) summary(all []stated) string {
	var words []string
	for _, s := range all {
		switch {
		case s.aside:
		case s.entry:
			words = append(words, s.Term)
		case len(s.Says) == 0:
		default:
			words = append(words, strings.TrimSuffix(s.Says[0], "."))
		}
	}
	const shown = 4
	if more := len(words) - shown; more > 1 {
		return strings.Join(words[:shown], ", ") + " " + v.T("configuration.and_more", "count", more)
	}
	return strings.Join(words, ", ")
}

// settingLead says how a list of sections stands.
func (v *visit) settingLead(rows []settingRow) string {
	unknown, pages := 0, 0
	for _, r := range rows {
		if r.Class == "none" {
			unknown++
		}
		if r.Manager == county.FromPages {
			pages++
		}
	}
	lead := v.T("configuration.lead", "county", v.Words(v.County.Identity.Name), "agreement", v.word(tenant.Agreement).TheOne)
	if unknown > 0 {
		lead += " " + v.T("configuration.lead_unknown", "count", unknown)
	}
	if pages == 0 {
		return lead + " " + v.T("configuration.lead_file")
	}
	return lead + " " + v.T("configuration.lead_pages", "count", pages)
}
