package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/session"
	"github.com/overens/overens/internal/tenant"
)

// entering is where the sign-in door takes the form of an operator's visit.
const entering = "/sverige/operator-entries"

func (d *Door) operatorRoutes() []route {
	return []route{
		get("/lan/{county}/operator-entries", d.page(members, d.operatorEntries)),
		post("/lan/{county}/operator-entries/{id}/end", d.act(members, endOperatorEntry)),
		get("/lan/{county}/operator-entry", d.page(members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
			s, err := d.entrySheet(ctx, tx, v)
			if err != nil {
				return nil, err
			}
			typed, _ := shapeOf[session.Visit]().values(s.Thing)
			shapeOf[session.Visit]().draw(v, &s, typed, nil)
			return formPage(v, s), nil
		})),
	}
}

type entryList struct {
	Rows []session.Entry
	paging
}

func (d *Door) operatorEntries(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	var l entryList
	l.Page = v.pageAsked()
	var err error
	l.Rows, l.Total, err = session.Entries(ctx, tx, perPage, l.Page)
	return entriesPage(v, l), err
}

func endOperatorEntry(ctx context.Context, tx *pg.Tx, v *visit, _ int64) (string, error) {
	id, err := id(v.r, "id")
	if err != nil {
		return "", err
	}
	return string(v.To("/operator-entries?done=entry_ended")), session.EndEntry(ctx, tx, id)
}

// entrySheet is the form for a visit. It stands with the nation, whose
// operators are, and is sent to the sign-in door, which makes the session.
func (d *Door) entrySheet(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	if v.Slug != pg.Nation {
		return sheet{}, fault.Missing()
	}
	if err := tx.Require(auth.OperatorEnter); err != nil {
		return sheet{}, err
	}
	var counties []option
	err := d.DB.InPublic(ctx, pg.Nation, func(tx *pg.Tx) error {
		all, err := county.List(ctx, tx, tenant.KindCounty, tenant.KindSandbox)
		counties = counties[:0]
		for _, c := range all {
			counties = append(counties, option{c.Slug, v.Words(c.Name)})
		}
		return err
	})
	slices.SortFunc(counties, func(a, b option) int { return swedish(a.Label, b.Label) })
	return sheet{
		Title: v.T("web.entry.title"), Lead: v.T("web.entry.lead"), Words: "web.entry", Action: entering,
		Leaves: []leaf{{"visit", v.T("web.entry.visit"), []string{v.T("web.entry.note")}, []string{"county", "reason", "hours"}}},
		Submit: v.T("web.entry.do"), Cancel: string(v.To("")), Thing: session.Visit{Hours: 1},
		Options: map[string][]option{"county": counties}, Kinds: map[string]string{"reason": "area"},
	}, err
}

// visitAgain shows the form for a visit once more, when the sign-in door has
// refused what was typed into it.
func (d *Door) visitAgain(w http.ResponseWriter, v *visit, err error) bool {
	faults := fault.All(err)
	if v.r.URL.Path != entering || v.r.PostForm == nil || len(faults) == 0 || faults[0].Kind != fault.Invalid {
		return false
	}
	c, err := d.ask(v.r.Context(), v, members, func(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
		s, err := d.entrySheet(ctx, tx, v)
		if err != nil {
			return nil, err
		}
		shapeOf[session.Visit]().draw(v, &s, v.r.PostForm, faults)
		return formPage(v, s), nil
	})
	if err != nil {
		return false
	}
	v.status = http.StatusUnprocessableEntity
	d.render(w, v, c)
	return true
}

// operatorName is an operator as the trail names him: no name, a label.
func operatorName(label string) string {
	_, id, _ := strings.Cut(label, ":")
	return id[:min(8, len(id))]
}
