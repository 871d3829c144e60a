package web

import (
	"context"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/pg"
)

// agreementList is a county's instruments, by how they stand on the day.
type agreementList struct {
	Holds, Coming, Ended []agreement.Instrument
	Parties              map[uuid.UUID]int          // in a public list, where signatures are not known
	Alone                []agreement.LocalAgreement // local ones that stand under none
	Public               bool
	paging
}

func (d *Door) agreements(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	l := agreementList{Public: !v.Member(), Parties: map[uuid.UUID]int{}, paging: paging{Page: v.pageAsked()}}
	var all []agreement.Instrument
	var err error
	if l.Public {
		var ns []agreement.Notice
		ns, l.Total, err = agreement.Published(ctx, tx, v.On, perPage, l.Page)
		for _, n := range ns {
			all = append(all, n.Card)
			l.Parties[n.Card.ID] = n.Parties
		}
	} else {
		all, l.Total, err = agreement.List(ctx, tx, agreement.Filter{On: v.On, Limit: perPage, Page: l.Page})
		if err == nil {
			l.Alone, _, err = agreement.Locals(ctx, tx, agreement.LocalFilter{On: v.On, Limit: mostOffered, Page: 1})
		}
		l.Alone = slices.DeleteFunc(l.Alone, func(a agreement.LocalAgreement) bool { return a.Instrument != uuid.Nil })
	}
	if err != nil {
		return nil, err
	}
	for _, i := range all {
		switch {
		case i.State.HasEnded():
			l.Ended = append(l.Ended, i)
		case i.State.Holds():
			l.Holds = append(l.Holds, i)
		default:
			l.Coming = append(l.Coming, i)
		}
	}
	return agreementsPage(v, l), nil
}

// sentence says how many there are of each sort.
func (l agreementList) sentence(v *visit) string {
	if l.Total == 0 {
		return v.T("web.agreement.list_none")
	}
	var s []string
	for _, of := range []struct {
		key string
		n   int
	}{{"web.agreement.list_holds", len(l.Holds)}, {"web.agreement.list_coming", len(l.Coming)}, {"web.agreement.list_ended", len(l.Ended)}} {
		if of.n > 0 {
			s = append(s, v.Lang.T(of.key, "count", of.n, "n", v.spelled(of.n, "en")))
		}
	}
	return capital(strings.Join(s, ", ")) + "."
}

// parties are who a local agreement is between.
func (l agreementList) parties(a agreement.LocalAgreement) string {
	names := make([]string, len(a.Members))
	for i, m := range a.Members {
		names[i] = m.Name
	}
	return strings.Join(names, ", ")
}
