package web

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/person"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

func (d *Door) setting(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	h, err := sectionOf(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	called, err := v.organisationNames(ctx, tx, h.Holds.Body)
	if err != nil {
		return nil, err
	}
	if key := v.Asked("body"); key != "" && h.Key == bodySection {
		b, err := v.shown(h.Holds.Body, key, called)
		if err != nil {
			return nil, err
		}
		return bodyPage(v, h, *b), nil
	}
	h.Says = v.tell(h.Kind, h.Holds.Body, called)
	h.Page = v.pageAsked()
	if h.History, err = county.History(ctx, tx, h.Key, perPage, int32((h.Page-1)*perPage)); err != nil { //nolint:gosec // bounded by pageAsked
		return nil, err
	}
	if h.Total, err = county.HistoryLength(ctx, tx, h.Key); err != nil {
		return nil, err
	}
	if h.Whole = tx.May(auth.AuditRead); h.Whole {
		h.Names, err = v.actorNames(ctx, tx, h.History)
	}
	return settingPage(v, h), err
}

// heldSection is one section with all that its page shows.
type heldSection struct {
	county.Section
	Kind     tenant.SectionType
	Holds    tenant.Version
	National bool
	Known    bool
	Says     []stated
	History  []county.Entry
	Names    map[string]string // people by the label of the trail
	Whole    bool              // whether the reader sees who did what
	paging
}

// sectionOf is the section of the address as it is kept, and its type.
func sectionOf(ctx context.Context, tx *pg.Tx, v *visit) (heldSection, error) {
	var h heldSection
	kind, err := tenant.SectionOf(v.r.PathValue("section"))
	if err != nil {
		return h, fault.Missing().Because(err)
	}
	h.Kind = kind
	if h.Section, err = county.Get(ctx, tx, kind.Key); err != nil {
		return h, err
	}
	h.Holds, h.National, h.Known = kind.On(tx.County, v.On)
	return h, nil
}

// lead says how a section stands, in a sentence.
func (h heldSection) lead(v *visit) string {
	concerns := v.T("configuration.concerns", "who", v.Of("tenant.concerns.", h.Key))
	switch {
	case !h.Known:
		return v.T("configuration.section.unknown") + " " + concerns
	case h.National:
		return v.T("configuration.section.national") + " " + concerns
	case h.Holds.From.IsZero():
		return v.T("configuration.section.always") + " " + concerns
	}
	return v.T("configuration.section.since", "day", LongDay(v.Lang, h.Holds.From)) + " " + concerns
}

// notes are the margin's words of what holds.
func (h heldSection) notes(v *visit) []string {
	var notes []string
	if h.Known && !h.National {
		if h.Holds.Decision != "" {
			notes = append(notes, v.T("configuration.by_decision", "decision", h.Holds.Decision))
		} else {
			notes = append(notes, v.T("configuration.no_decision"))
		}
	}
	return append(notes, v.kept2(h.Manager))
}

// kept2 says who keeps a section.
func (v *visit) kept2(manager string) string {
	if manager == county.FromPages {
		return v.T("configuration.kept.pages")
	}
	return v.T("configuration.kept.file", "file", "tenants/"+v.Slug+".yaml")
}

// state is how a version stands on the day that is looked at.
func (h heldSection) state(v *visit, of tenant.Version) (class, word string) {
	switch {
	case of.From.After(v.On):
		return "next", v.T("configuration.version.coming")
	case of.From == h.Holds.From && !h.National:
		return "on", v.T("configuration.version.holds")
	}
	return "closed", v.T("configuration.version.replaced")
}

// asNumber is a version as the form carries it.
func (h heldSection) asNumber() string { return strconv.FormatInt(h.Version, 10) }

// actorNames are the people behind a history, as far as the reader may know.
func (v *visit) actorNames(ctx context.Context, tx *pg.Tx, es []county.Entry) (map[string]string, error) {
	names := map[string]string{}
	for _, e := range es {
		if _, asked := names[e.Actor]; asked {
			continue
		}
		names[e.Actor] = v.actorName(audit.Entry{Actor: e.Actor})
		kind, name, _ := cut(e.Actor)
		id, err := uuid.Parse(name)
		if kind != "person" || err != nil || !tx.May(auth.PersonRead) {
			continue
		}
		p, err := person.Get(ctx, tx, id)
		switch {
		case err == nil:
			names[e.Actor] = p.Name
		case !fault.Is(err, "common.not_found"):
			return nil, err
		}
	}
	return names, nil
}

// when is a change's time, for the page and for the machine.
func when(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func (d *Door) settingManager(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	h, err := sectionOf(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	return managerPage(v, h, false), tx.Require(auth.CountyChange)
}

func handOver(ctx context.Context, tx *pg.Tx, v *visit, version int64) (string, error) {
	key := v.r.PathValue("section")
	s, err := county.TakeOver(ctx, tx, key, v.r.PostForm.Get("manager"), version)
	return string(v.To("/settings/", key, "?done=settings_"+s.Manager)), err
}

// kept tells whether the pages keep the section.
func (h heldSection) kept() bool { return h.Manager == county.FromPages }
