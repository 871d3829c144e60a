package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
)

// calendarsSeen are the calendars that the reader follows, and one that has just
// been made, whose address is shown this once.
type calendarsSeen struct {
	Feeds  []meeting.Feed
	Bodies []option
	Made   *meeting.Feed
}

func (d *Door) calendars(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	s, err := calendarsOf(ctx, tx, v)
	return calendarsPage(v, s), err
}

func calendarsOf(ctx context.Context, tx *pg.Tx, v *visit) (s calendarsSeen, err error) {
	for _, b := range v.County.Bodies.Bodies {
		s.Bodies = append(s.Bodies, option{b.Key, v.bodyName(b)})
	}
	s.Feeds, err = meeting.Feeds(ctx, tx)
	return s, err
}

// makeCalendar makes a calendar to follow. Its address is shown once and kept
// nowhere, so this act answers with a page and not with an address; sent twice it
// makes two, of which one can be revoked.
func (d *Door) makeCalendar(w http.ResponseWriter, r *http.Request) {
	v, typed, ok := d.posted(w, r)
	if !ok {
		return
	}
	var page templ.Component
	err := d.DB.InTenant(r.Context(), v.Actor, pg.Write, func(tx *pg.Tx) error {
		v.met(tx, members)
		made, err := meeting.Follow(r.Context(), tx, meeting.Following{Body: typed.Get("body")})
		if err != nil {
			return err
		}
		s, err := calendarsOf(r.Context(), tx, v)
		s.Made = &made
		page = calendarsPage(v, s)
		return err
	})
	if err != nil {
		d.refuse(w, v, err)
		return
	}
	d.render(w, v, page)
}

func revokeCalendar(ctx context.Context, tx *pg.Tx, v *visit, _ int64) (string, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	return string(v.To("/calendars?done=calendar_revoked")), meeting.Unfollow(ctx, tx, at)
}

// feedName is what a calendar is called.
func (v *visit) feedName(f meeting.Feed) string {
	if f.Body == "" {
		return v.T("meeting.calendar.own")
	}
	return f.BodyName
}
