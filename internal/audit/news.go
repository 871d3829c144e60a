package audit

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/overens/overens/internal/audit/internal/auditdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/pg"
)

// Story is what one person did to one thing in one go, however many rows of the
// trail that took.
type Story struct {
	At time.Time // of the latest row
	// Who. Empty to those who may not read the trail.
	Actor, ActorName string
	Thing            Called // the whole thing
	// Action is what happened to the thing itself: insert, delete or update.
	Action string
	// Changes are the thing's own fields, newest first, each once. What is
	// personal is told by its name alone.
	Changes []Change
	// Parts are the sorts of parts that came, changed or went, newest first.
	Parts []string
}

// Went tells whether a field got a value, and which.
func (s Story) Went(field string) (value string, ok bool) {
	i := slices.IndexFunc(s.Changes, func(c Change) bool { return c.Field == field })
	if i < 0 || s.Changes[i].After == "null" || s.Changes[i].After == "" {
		return "", false
	}
	return s.Changes[i].After, true
}

// The configuration has one story for each version; its id is the county's.
const configuration = "county_version"

// untold are fields and parts that say nothing to whoever was not at it: the
// machinery of invitations.
var untold = map[string]bool{"token_hash": true, "token_expires_at": true, "sent_at": true, "sends": true, "latest": true}

// One go: the same request, or no longer than this between two rows.
const oneGo = time.Hour

// News tells what people have done lately, newest first, at most so many
// stories: whatever the reader may read, without what the program does by
// itself. Who did it shows to those who may read the trail.
func News(ctx context.Context, tx *pg.Tx, most int) ([]Story, error) {
	if err := tx.Require(auth.CountyRead); err != nil {
		return nil, err
	}
	subjects := []string{configuration}
	for s, p := range readable {
		if s != "identity" && tx.MayAnywhere(p) {
			subjects = append(subjects, s)
		}
	}
	// A story is seldom longer than forty rows.
	rows, err := auditdb.New(tx).News(ctx, auditdb.NewsParams{Subjects: subjects, Max: int32(40 * most)}) //nolint:gosec // a handful
	if err != nil {
		return nil, err
	}
	entries, refs := make([]Entry, len(rows)), make([]Ref, len(rows))
	for i, r := range rows {
		if entries[i], err = rowOfNews(r); err != nil {
			return nil, err
		}
		refs[i] = entries[i].Ref()
	}
	called, err := Names(ctx, tx, refs)
	if err != nil {
		return nil, err
	}
	stories := told(entries, called)
	stories = stories[:min(most, len(stories))]
	if !tx.May(auth.AuditRead) {
		for i := range stories {
			stories[i].Actor, stories[i].ActorName = "", ""
		}
	}
	return stories, nil
}

func rowOfNews(r auditdb.NewsRow) (Entry, error) {
	e := Entry{Seq: r.Seq, At: r.At.UTC(), Actor: r.Actor, ActorName: r.ActorName, Request: r.Request, Subject: r.Subject, RowID: r.RowID, Action: r.Action}
	var c struct {
		After    map[string]json.RawMessage
		Personal []string
	}
	if err := json.Unmarshal(r.Changed, &c); err != nil {
		return e, err
	}
	for field, value := range c.After {
		if !quiet[field] && !untold[field] {
			e.Changes = append(e.Changes, Change{Field: field, After: said(value)})
		}
	}
	for _, field := range c.Personal {
		if !untold[field] {
			e.Changes = append(e.Changes, Change{Field: field, Personal: true, Hidden: true})
		}
	}
	slices.SortFunc(e.Changes, func(a, b Change) int { return strings.Compare(a.Field, b.Field) })
	return e, nil
}

// told makes stories of rows, newest first.
func told(entries []Entry, called map[Ref]Called) []Story {
	type key struct {
		actor string
		thing Ref
	}
	type open struct {
		story   int
		since   time.Time
		request string
	}
	var stories []Story
	latest := map[key]open{}
	// Whoever is invited and was not known is written down on the way: that is
	// one thing, the invitation.
	invited := map[string]bool{}
	for _, e := range entries {
		if _, known := called[e.Ref()]; known && e.Subject == "membership" && e.Action == "insert" && e.Request != "" {
			invited[e.Request] = true
		}
	}
	for _, e := range entries {
		c, known := called[e.Ref()]
		switch {
		case e.Subject == configuration:
			c = Called{Whole: Ref{configuration, ""}}
		case !known:
			continue // gone since, or nothing for the reader
		case e.Subject == "person" && e.Action == "insert" && invited[e.Request]:
			continue
		}
		part := e.Subject != c.Whole.Subject
		if e.Action == "update" && !part && len(e.Changes) == 0 {
			continue // only what is not told
		}
		k := key{e.Actor, c.Whole}
		o, going := latest[k]
		if !going || (o.since.Sub(e.At) > oneGo && (e.Request == "" || e.Request != o.request)) {
			stories = append(stories, Story{At: e.At, Actor: e.Actor, ActorName: e.ActorName, Thing: c, Action: "update"})
			stories[len(stories)-1].Thing.Name = c.Title
			o.story = len(stories) - 1
		}
		o.since, o.request = e.At, e.Request
		latest[k] = o
		stories[o.story].add(e, part)
	}
	return stories
}

// add takes an earlier row into the story.
func (s *Story) add(e Entry, part bool) {
	if part {
		if !slices.Contains(s.Parts, e.Subject) {
			s.Parts = append(s.Parts, e.Subject)
		}
		return
	}
	if e.Action != "update" {
		if s.Action == "update" {
			s.Action = e.Action
		}
		return
	}
	for _, c := range e.Changes {
		if !slices.ContainsFunc(s.Changes, func(had Change) bool { return had.Field == c.Field }) {
			s.Changes = append(s.Changes, c)
		}
	}
}
