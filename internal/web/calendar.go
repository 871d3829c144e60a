package web

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/ical"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

func (d *Door) calendarRoutes() []route {
	return []route{get("/lan/{county}/calendar/{feed}", d.calendarFeed)}
}

// refresh is how often a calendar should ask again.
const refresh = time.Hour

// calendarFeed gives a calendar that somebody follows. Calendars sign in nowhere:
// the secret in the address is all that it asks for, so it is read in a unit of
// work of the system's.
func (d *Door) calendarFeed(w http.ResponseWriter, r *http.Request) {
	v := d.visit(w, r)
	token, ok := strings.CutSuffix(r.PathValue("feed"), ".ics")
	if !ok {
		d.refuse(w, v, fault.Missing())
		return
	}
	var c meeting.Calendar
	err := d.DB.InTenant(r.Context(), auth.System(r.PathValue("county"), "calendar", v.Actor.Request), pg.Read, func(tx *pg.Tx) (err error) {
		c, err = meeting.Read(r.Context(), tx, token)
		return err
	})
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	body, left, err := ical.Publish(d.feedOf(c))
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	for _, err := range left {
		d.Logger.ErrorContext(r.Context(), "a meeting cannot be written into a calendar", "county", r.PathValue("county"), "request", v.Actor.Request, "err", err)
	}
	sum := sha256.Sum256(body)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", tag)
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	_, _ = w.Write(body)
}

// feedOf is a calendar as the outlet writes it. A meeting of which only the day
// is known is tentative, and says so.
func (d *Door) feedOf(c meeting.Calendar) ical.Feed {
	f := ical.Feed{Name: c.Name, Refresh: refresh}
	for _, e := range c.Entries {
		event := ical.Event{UID: e.UID, Sequence: e.Sequence, Start: e.Start, End: e.End, AllDay: e.AllDay, Summary: e.Summary, Location: e.Location,
			Description: e.Link, URL: strings.TrimSuffix(d.PublicURL, "/") + e.Path, Stamp: e.Stamp}
		switch {
		case e.Cancelled:
			event.Status = ical.Cancelled
		case e.Announced:
			event.Status, event.Summary = ical.Tentative, c.Lang.T("meeting_letter.announced", "meeting", e.Summary)
		}
		f.Events = append(f.Events, event)
	}
	return f
}
