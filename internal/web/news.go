package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/audit"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/pg"
)

// piece is one line of news: a sentence, and where its thing is.
type piece struct {
	audit.Story
	Says string
	To   templ.SafeURL // "" where the thing has no page
	Who  string        // "" to those who may not know
}

// news are the latest things that people did.
func (v *visit) news(ctx context.Context, tx *pg.Tx, most int) ([]piece, error) {
	stories, err := audit.News(ctx, tx, most)
	if err != nil {
		return nil, err
	}
	ps := make([]piece, len(stories))
	for i, s := range stories {
		ps[i] = piece{Story: s, Says: v.tells(s), To: v.place(s.Thing.Whole)}
		// Of all that the program does, only a configuration is news: it comes from
		// the county's file.
		if strings.HasPrefix(s.Actor, "system:") {
			ps[i].Who = v.T("web.news.from_file")
		} else if s.Actor != "" {
			ps[i].Who = v.who(s.Actor, s.ActorName)
		}
	}
	return ps, nil
}

// tells is a story in one sentence.
func (v *visit) tells(s audit.Story) string {
	switch subject := s.Thing.Whole.Subject; subject {
	case "county_version":
		return v.T("web.news.configuration")
	case "membership":
		return v.tellsOfMember(s)
	default:
		name := s.Thing.Title
		if s.Action != "update" {
			return v.Of("web.news.", s.Action, "name", name)
		}
		if _, ok := s.Went("withdrawn_at"); ok {
			return v.T("web.news.withdrawn", "name", name)
		}
		if value, ok := s.Went("valid_to"); ok {
			if to, err := day.Parse(value); err == nil {
				return v.T("web.news.ends", "name", name, "last", LongDay(v.Lang, to.Add(-1)))
			}
		}
		if len(s.Changes) == 1 && len(s.Parts) == 0 && s.Changes[0].Field == "published" {
			return v.Of("web.news.published_", s.Changes[0].After, "name", name)
		}
		return v.T("web.news.update", "name", name, "what", v.summed(s, words(subject)))
	}
}

// tellsOfMember says what became of a membership, by its role and party: whose
// it is stands on its page.
func (v *visit) tellsOfMember(s audit.Story) string {
	name := capital(v.Of("auth.role.", string(s.Thing.Role)))
	if s.Thing.Party != "" {
		name += ", " + s.Thing.Party
	}
	if _, ok := s.Went("revoked_at"); ok {
		return v.T("web.news.member_revoked", "name", name)
	}
	if value, ok := s.Went("valid_to"); ok {
		if to, err := day.Parse(value); err == nil {
			return v.T("web.news.member_ends", "name", name, "last", LongDay(v.Lang, to.Add(-1)))
		}
	}
	if _, ok := s.Went("confirmed_at"); ok {
		return v.T("web.news.member_confirmed", "name", name)
	}
	if s.Action == "insert" {
		return v.T("web.news.member_invited", "name", name)
	}
	return v.T("web.news.update", "name", name, "what", v.T("web.news.some"))
}

// summed are the fields and parts that changed, at most three by name.
func (v *visit) summed(s audit.Story, words string) string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, c := range s.Changes {
		switch own, form := "web.news.field."+c.Field, words+".field."+camel(c.Field); {
		case hasWords(own):
			add(v.Lang.Fill(own, nil))
		case hasWords(form):
			add(small(v.Lang.Fill(form, nil)))
		default:
			add(v.T("web.news.some"))
		}
	}
	for _, p := range s.Parts {
		if key := "web.news.part." + p; hasWords(key) {
			add(v.Lang.Fill(key, nil))
		} else {
			add(v.T("web.news.some"))
		}
	}
	if n := len(names); n > 3 {
		names = append(names[:2], v.T("web.news.more", "count", n-2))
	}
	return v.and(names)
}

// and joins names as a sentence does.
func (v *visit) and(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + v.T("web.and") + " " + names[len(names)-1]
}

// learn finds out what a few rows of the trail are about, and what they point
// at, so that the pages can call it by its name.
func (v *visit) learn(ctx context.Context, tx *pg.Tx, es []audit.Entry) (err error) {
	var refs []audit.Ref
	for _, e := range es {
		refs = append(refs, e.Ref())
		for _, c := range e.Changes {
			if s, ok := pointsAt[c.Field]; ok {
				refs = append(refs, audit.Ref{Subject: s, ID: c.Before}, audit.Ref{Subject: s, ID: c.After})
			}
		}
	}
	v.called, err = audit.Names(ctx, tx, refs)
	return err
}

// pointsAt says what a column of the database points at.
var pointsAt = map[string]string{
	"organisation_id": "organisation", "predecessor_id": "organisation", "successor_id": "organisation", "led_by_id": "organisation",
	"initiated_by_id": "organisation", "responsible_id": "organisation",
	"person_id": "person", "invited_by": "person", "confirmed_by": "person", "uploaded_by": "person",
	"document_id": "document", "instrument_id": "instrument", "earlier_id": "instrument", "later_id": "instrument",
	"goal_id": "goal", "parent_id": "goal", "from_id": "goal", "to_id": "goal", "new_goal_id": "goal",
	"participation_id": "participation", "new_participation_id": "participation", "network_id": "network", "local_agreement_id": "local_agreement",
}
