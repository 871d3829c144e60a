package web

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// signIn is what the page for signing in shows. The forms on it lead to the
// sign-in door, which is not ours.
type signIn struct {
	Why        string // what led here, when not the visitor's own will
	ReturnTo   string
	Invitation string
	Issuers    []tenant.Issuer
}

func (d *Door) signInRoutes() []route {
	return []route{
		get("/lan/{county}/sign-in", d.page(published, d.signIn)),
		get("/sverige/sign-in", d.page(published, d.signIn)),
		get("/invitations/{county}/{token}", d.page(published, d.signIn)),
		get("/lan/{county}/context", d.page(members, d.context)),
	}
}

func (d *Door) signIn(_ context.Context, _ *pg.Tx, v *visit) (templ.Component, error) {
	s := signIn{ReturnTo: v.Asked("return_to"), Invitation: v.Asked("invitation"), Issuers: v.County.SignIn.Issuers}
	if token := v.r.PathValue("token"); token != "" {
		s.Invitation = token
	}
	if !localPath(s.ReturnTo) {
		s.ReturnTo = "/lan/" + v.Slug
	}
	v.issuers()
	return signInPage(v, s), nil
}

func (d *Door) context(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	if err := v.nameParties(ctx, tx); err != nil {
		return nil, err
	}
	var others []county.Known
	err := d.DB.InPublic(ctx, pg.Nation, func(tx *pg.Tx) error {
		all, err := county.List(ctx, tx, tenant.KindCounty, tenant.KindNational, tenant.KindSandbox)
		others = others[:0]
		for _, c := range all {
			if c.Slug != v.Slug {
				others = append(others, c)
			}
		}
		return err
	})
	slices.SortFunc(others, func(a, b county.Known) int { return swedish(v.Words(a.Name), v.Words(b.Name)) })
	v.issuers()
	return contextPage(v, others), err
}

func (v *visit) signInTitle(s signIn) string {
	if s.Invitation != "" {
		return v.T("web.signin.invited", "county", v.Words(v.County.Identity.Administration))
	}
	if v.County.Slug == "" {
		return v.T("web.signin.title_plain")
	}
	return v.T("web.signin.title", "county", v.Words(v.County.Identity.Name))
}

func (v *visit) signInKind(s signIn) string {
	if s.Invitation != "" {
		return v.T("web.signin.invitation")
	}
	return v.Words(v.County.Identity.Administration)
}

func (v *visit) signInLead(s signIn) string {
	switch {
	case s.Invitation != "":
		return v.T("web.signin.invited_lead")
	case s.Why != "":
		return s.Why + ". " + v.T("web.signin.back_after")
	}
	return v.T("web.signin.lead")
}
