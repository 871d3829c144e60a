package organisation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/organisation"
)

func TestOrganisationsStandInSwedishOrder(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	for _, name := range []string{"Örebro", "Zeta", "Älmhult", "alvesta", "Åseda", "Växjö", "Alvesta", "Vaxholm"} {
		create(ctx, t, tx, organisation.Card{Type: "other", Name: name})
	}
	list, total, err := organisation.List(ctx, tx, organisation.Filter{Limit: 100, Page: 1})
	if err != nil || total != 8 {
		t.Fatalf("%d, %v", total, err)
	}
	if d := cmp.Diff([]string{"alvesta", "Alvesta", "Vaxholm", "Växjö", "Zeta", "Åseda", "Älmhult", "Örebro"}, names(list)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestAnOrganisationIsFoundByTheBeginningsOfItsWords(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	create(ctx, t, tx, organisation.Card{Type: "municipality", Name: "Växjö kommun", ShortName: "Växjö", OrganisationNumber: "212000-0662", OfficialCode: "0780"})
	create(ctx, t, tx, organisation.Card{Type: "civil-society", Name: "Räddningsmissionen i Växjö (öst)"})
	create(ctx, t, tx, organisation.Card{Type: "municipality", Name: "Ljungby kommun"})
	const vaxjo, mission, ljungby = "Växjö kommun", "Räddningsmissionen i Växjö (öst)", "Ljungby kommun"
	for query, want := range map[string][]string{
		"växjö":                     {mission, vaxjo},
		"vaxjo":                     {mission, vaxjo},
		"VÄXJÖ":                     {mission, vaxjo},
		"va\u0308xjo\u0308":         {mission, vaxjo}, // as some keyboards write it
		"väx":                       {mission, vaxjo},
		"kommun":                    {ljungby, vaxjo},
		"kommun växjö":              {vaxjo},
		"växjö växjö kommun":        {vaxjo},
		"öst":                       {mission},
		"ost":                       {mission},
		"missionen":                 nil, // the end of a word is no beginning
		"jungby":                    nil,
		"0780":                      {vaxjo},
		"212000-0662":               {vaxjo},
		"2120000662":                {vaxjo},
		"":                          {ljungby, mission, vaxjo},
		"  ":                        {ljungby, mission, vaxjo},
		" - ":                       nil, // no name has a word of signs alone
		"väx%":                      {mission, vaxjo},
		"%":                         nil,
		"😀":                         nil,
		"'; DROP TABLE x --":        nil,
		"väx\x00jö":                 nil,
		"v\xff":                     {mission, vaxjo},
		strings.Repeat("a ", 10000): nil,
		strings.Repeat("å", 10000):  nil,
	} {
		list, total, err := organisation.List(ctx, tx, organisation.Filter{Query: query, Limit: 100, Page: 1})
		if err != nil || total != len(want) {
			t.Errorf("%.20q: %d, %v", query, total, err)
		}
		if d := cmp.Diff(want, names(list)); d != "" {
			t.Errorf("%.20q (-want +got):\n%s", query, d)
		}
	}
}

func TestAListTellsItsTotalOnEveryPage(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	for _, name := range []string{"A kommun", "B kommun", "C kommun", "D kommun", "E kommun"} {
		create(ctx, t, tx, organisation.Card{Type: "other", Name: name})
	}
	for _, query := range []string{"", "kommun"} {
		for _, c := range []struct {
			limit, page int
			want        []string
		}{
			{2, 1, []string{"A kommun", "B kommun"}},
			{2, 3, []string{"E kommun"}},
			{2, 4, nil},
			{100, 1000, nil},
		} {
			list, total, err := organisation.List(ctx, tx, organisation.Filter{Query: query, Limit: c.limit, Page: c.page})
			if err != nil || total != 5 {
				t.Errorf("%q page %d: total %d, %v", query, c.page, total, err)
			}
			if d := cmp.Diff(c.want, names(list)); d != "" {
				t.Errorf("%q page %d (-want +got):\n%s", query, c.page, d)
			}
		}
	}
	if _, err := tx.Exec(ctx, "UPDATE organisation SET published = true"); err != nil {
		t.Fatal(err)
	}
	if list, total, err := organisation.Published(ctx, tx, 2, 9); err != nil || total != 5 || len(list) != 0 {
		t.Errorf("published, beyond the end: %d of %d, %v", len(list), total, err)
	}
	if _, total, err := organisation.List(ctx, tx, organisation.Filter{Query: "nobody", Limit: 1, Page: 7}); err != nil || total != 0 {
		t.Errorf("nothing at all: %d, %v", total, err)
	}
}

func TestAListIsAsOfADay(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	d := func(month time.Month, n int) day.Day { return day.Of(2026, month, n) }
	create(ctx, t, tx, organisation.Card{Type: "region", Name: "Alltid"})
	old := create(ctx, t, tx, organisation.Card{Type: "other", Name: "Före", ValidFrom: d(time.January, 1)})
	if _, err := organisation.End(ctx, tx, old.ID, old.Version, organisation.Ending{On: d(time.July, 1)}); err != nil {
		t.Fatal(err)
	}
	create(ctx, t, tx, organisation.Card{Type: "other", Name: "Sedan", ValidFrom: d(time.July, 1)})
	create(ctx, t, tx, organisation.Card{Type: "other", Name: "Ännu inte", ValidFrom: d(time.December, 1)})
	for name, c := range map[string]struct {
		filter organisation.Filter
		want   []string
	}{
		"today":                   {organisation.Filter{}, []string{"Alltid", "Sedan"}},
		"its first day":           {organisation.Filter{On: d(time.January, 1)}, []string{"Alltid", "Före"}},
		"its last day":            {organisation.Filter{On: d(time.June, 30)}, []string{"Alltid", "Före"}},
		"the day it ended":        {organisation.Filter{On: d(time.July, 1)}, []string{"Alltid", "Sedan"}},
		"before all":              {organisation.Filter{On: day.Of(1900, time.January, 1)}, []string{"Alltid"}},
		"those that do not stand": {organisation.Filter{Status: organisation.Ended}, []string{"Före", "Ännu inte"}},
		"all":                     {organisation.Filter{Status: organisation.Any}, []string{"Alltid", "Före", "Sedan", "Ännu inte"}},
		"of a type":               {organisation.Filter{Status: organisation.Any, Type: "region"}, []string{"Alltid"}},
		"of a type, found":        {organisation.Filter{Status: organisation.Any, Type: "region", Query: "f"}, nil},
		"found as of":             {organisation.Filter{Query: "f", On: d(time.March, 1)}, []string{"Före"}},
	} {
		c.filter.Limit, c.filter.Page = 10, 1
		list, _, err := organisation.List(ctx, tx, c.filter)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(c.want, names(list)); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
	counts, err := organisation.CountByType(ctx, tx)
	if d := cmp.Diff([]organisation.Count{{Type: "other", N: 1}, {Type: "region", N: 1}}, counts); err != nil || d != "" {
		t.Errorf("counts: %v (-want +got):\n%s", err, d)
	}
}

func names(list []organisation.Organisation) []string {
	var ns []string
	for _, o := range list {
		ns = append(ns, o.Name)
	}
	return ns
}
