package web

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
)

func (d *Door) sessionRoutes() []route {
	const at = "/lan/{county}/sessions"
	return []route{
		get(at, d.page(members, d.sessions)),
		get(at+"/ping", d.ping),
		post(at+"/{id}/end", d.act(members, endSession)),
		post(at+"/end-others", d.act(members, endOthers)),
		post("/lan/{county}/people/{id}/sessions/end", d.act(members, endPersonSessions)),
	}
}

func (d *Door) sessions(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	var mine []session.Session
	var err error
	if d.Keeper != nil {
		mine, err = d.Keeper.Mine(ctx, tx)
	}
	return sessionsPage(v, mine), err
}

// ping keeps a session alive: to have asked is enough. It tells when the session
// now ends.
func (d *Door) ping(w http.ResponseWriter, r *http.Request) {
	v := d.visit(w, r)
	if _, err := d.actor(r.Context(), v); err != nil {
		d.refuse(w, v, err)
		return
	}
	w.Header().Set("Cache-Control", "private, no-store")
	if d.Keeper != nil {
		if idle, latest, ok := d.Keeper.Remaining(r.Context()); ok {
			if latest.Before(idle) {
				idle = latest
			}
			w.Header().Set("Session-Ends", idle.UTC().Format(time.RFC3339))
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

func endSession(ctx context.Context, tx *pg.Tx, v *visit, _ int64) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	if err := session.End(ctx, tx, id); err != nil {
		return "", err
	}
	if id == tx.Session {
		return "/lan/" + v.Slug, nil
	}
	return string(v.To("/sessions?done=session_ended")), nil
}

func endOthers(ctx context.Context, tx *pg.Tx, v *visit, _ int64) (string, error) {
	_, err := session.EndOthers(ctx, tx)
	return string(v.To("/sessions?done=sessions_ended")), err
}

// endPersonSessions signs somebody else out everywhere.
func endPersonSessions(ctx context.Context, tx *pg.Tx, v *visit, _ int64) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	_, err = session.EndAll(ctx, tx, id)
	return string(v.To("/people/", id.String(), "?done=sessions_ended")), err
}

// issuerName is what the county calls the provider that a session began at.
func (v *visit) issuerName(url string) string {
	for _, i := range v.County.SignIn.Issuers {
		if i.URL == url {
			return v.Words(i.Name)
		}
	}
	return bare(url)
}
