package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/pg"
)

// bundleSeen is how far all statements of a run are in one file.
type bundleSeen struct {
	costshare.Bundle
	Of costshare.Brief
}

// costBundle shows how far a bundle is: the page comes again by itself until it
// is ready or has failed.
func (d *Door) costBundle(w http.ResponseWriter, r *http.Request) {
	d.page(members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		id, err := id(v.r, "bundle")
		if err != nil {
			return nil, err
		}
		s := bundleSeen{}
		if s.Bundle, err = costshare.GetBundle(ctx, tx, id); err != nil {
			return nil, err
		}
		run, err := costshare.Get(ctx, tx, s.Run)
		if err != nil {
			return nil, err
		}
		s.Of = run.Brief
		if !s.Ready && s.Failed == "" {
			w.Header().Set("Refresh", "3")
		}
		return bundlePage(v, s), nil
	})(w, r)
}

func packRun(ctx context.Context, tx *pg.Tx, v *visit, _ int64) (string, error) {
	id, err := id(v.r, "run")
	if err != nil {
		return "", err
	}
	b, err := costshare.Pack(ctx, tx, id, v.Lang)
	return string(v.To(bundlesAt, "/", b.ID.String())), err
}

// lead says how far it is.
func (s bundleSeen) lead(v *visit) string {
	switch {
	case s.Failed != "":
		return v.T(s.Failed) + ". " + v.detail(s.Failed, nil)
	case s.Ready:
		return v.T("cost.page.bundle_ready", "count", s.Total)
	}
	return v.T("cost.page.bundle_making", "done", s.Done, "total", s.Total)
}
