package county_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/county"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

const statuses = `{"statuses":[{"key":"signatory","word":{"sv":{"gender":"en","one":"undertecknare","theOne":"undertecknaren","many":"undertecknare","theMany":"undertecknarna"}},"counted":true,"signs":true}]}`

func asAdministrator(tx *pg.Tx) { dbtest.As(tx, auth.RoleCountyAdministrator, uuid.Nil) }

// onPages hands a section to the pages and gives it as it then is.
func onPages(t *testing.T, tx *pg.Tx, key string) county.Section {
	t.Helper()
	s, err := county.Get(t.Context(), tx, key)
	if err != nil {
		t.Fatal(err)
	}
	s, err = county.TakeOver(t.Context(), tx, key, county.FromPages, s.Version)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func change(t *testing.T, tx *pg.Tx, e county.Edit) county.Section {
	t.Helper()
	s, err := county.Get(t.Context(), tx, e.Section)
	if err != nil {
		t.Fatal(err)
	}
	s, err = county.Change(t.Context(), tx, e, s.Version)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestASectionInTheFileIsReadOnlyOnThePages(t *testing.T) {
	ctx, tx := dbtest.In(t, "halland")
	asAdministrator(tx)
	s, err := county.Get(ctx, tx, "partyStatuses")
	if err != nil || s.Manager != county.FromFile {
		t.Fatalf("%+v, %v", s, err)
	}
	_, err = county.Change(ctx, tx, county.Edit{Section: "partyStatuses", Reason: "x", Body: json.RawMessage(statuses)}, s.Version)
	if !fault.Is(err, "county.kept_in_file") {
		t.Errorf("a section in the file was changed: %v", err)
	}
	if s = onPages(t, tx, "partyStatuses"); s.Manager != county.FromPages {
		t.Errorf("taken over: %+v", s)
	}
	if _, err := county.TakeOver(ctx, tx, "partyStatuses", county.FromFile, s.Version-1); !errorsIsStale(err) {
		t.Errorf("taken over from an old page: %v", err)
	}
	if _, err := county.TakeOver(ctx, tx, "partyStatuses", "nobody", s.Version); !fault.Is(err, "county.manager_unknown") {
		t.Errorf("taken over by nobody: %v", err)
	}
	if _, err := county.Get(ctx, tx, "motto"); !fault.Is(err, "common.not_found") {
		t.Errorf("a section that there is not: %v", err)
	}
}

func errorsIsStale(err error) bool {
	all := fault.All(err)
	return len(all) == 1 && all[0].Kind == fault.Stale && all[0].Current != nil
}

func TestAChangeIsPreviewedMadeAndRemembered(t *testing.T) {
	ctx, tx := dbtest.In(t, "halland")
	asAdministrator(tx)
	onPages(t, tx, "partyStatuses")
	from := tx.Today().Add(10)
	e := county.Edit{Section: "partyStatuses", From: from, Decision: "SGI 2026-11-20", Reason: "Bara undertecknare är parter", Body: json.RawMessage(statuses)}

	before := tx.County.Version
	p, err := county.Show(ctx, tx, e)
	if err != nil {
		t.Fatal(err)
	}
	said := p.In(text.English)
	if p.Back || len(said) < 2 || said[0] != "Ways to take part: a new version holds from 2026-12-05, by SGI 2026-11-20." ||
		!slices.ContainsFunc(said, func(s string) bool { return strings.HasPrefix(s, "It concerns the parties") }) {
		t.Errorf("back %v: %q", p.Back, said)
	}
	if v, _ := county.Load(ctx, tx); v.Version != before || tx.County.Version != before {
		t.Error("a preview was stored")
	}

	s := change(t, tx, e)
	if len(s.Versions) == 0 || s.Versions[len(s.Versions)-1].From != from {
		t.Errorf("changed: %+v", s)
	}
	if got := tx.County.On(from).PartyStatuses.Counted(); !slices.Equal(got, []string{"signatory"}) {
		t.Errorf("counted from then: %v", got)
	}
	if got := tx.County.On(from.Add(-1)).PartyStatuses.Counted(); slices.Equal(got, []string{"signatory"}) {
		t.Errorf("counted the day before: %v", got)
	}
	if again := change(t, tx, e); again.Version != s.Version || tx.County.Version != before+1 {
		t.Errorf("a change that changes nothing was written: %+v", again)
	}

	history, err := county.History(ctx, tx, "partyStatuses", 10, 0)
	if err != nil || len(history) == 0 {
		t.Fatal(history, err)
	}
	if h := history[0]; h.Reason != e.Reason || h.Decision != e.Decision || h.Source != county.FromPages || !strings.HasPrefix(h.Actor, "person:") || len(h.Differences) == 0 {
		t.Errorf("history: %+v", h)
	}
	for _, h := range history {
		for _, d := range h.Differences {
			if d.Section != "partyStatuses" {
				t.Errorf("the history of one section tells of another: %+v", d)
			}
		}
	}
	differences, err := county.Compare(ctx, tx, before, before+1)
	if err != nil || len(differences) == 0 || differences[0].What != tenant.Begins {
		t.Errorf("compared: %+v, %v", differences, err)
	}
	if back, err := county.Compare(ctx, tx, before+1, before); err != nil || len(back) == 0 || back[0].What != tenant.Ends {
		t.Errorf("compared the other way: %+v, %v", back, err)
	}

	gone := county.Edit{Section: "partyStatuses", From: from, Remove: true, Reason: "Beslutet drogs tillbaka"}
	if s := change(t, tx, gone); slices.ContainsFunc(s.Versions, func(v tenant.Version) bool { return v.From == from }) {
		t.Errorf("still there: %+v", s)
	}
}

func TestAVersionCanMoveToAnotherDay(t *testing.T) {
	ctx, tx := dbtest.In(t, "halland")
	asAdministrator(tx)
	onPages(t, tx, "lead")
	body := json.RawMessage(`{"organisations":["region"]}`)
	first, then := tx.Today().Add(10), tx.Today().Add(20)
	change(t, tx, county.Edit{Section: "lead", From: first, Reason: "x", Body: body})
	s := change(t, tx, county.Edit{Section: "lead", From: then, Instead: first, Reason: "Skjuts upp", Body: body})
	if len(s.Versions) != 1 || s.Versions[0].From != then {
		t.Errorf("moved: %+v", s.Versions)
	}
	_, err := county.Change(ctx, tx, county.Edit{Section: "lead", From: then, Instead: first, Reason: "x", Body: body}, s.Version)
	if !fault.Is(err, "county.no_version") {
		t.Errorf("moved from a day on which nothing begins: %v", err)
	}
	p, err := county.Show(ctx, tx, county.Edit{Section: "lead", From: tx.Today().Add(-1), Reason: "x", Body: body})
	if err != nil || !p.Back || !slices.Contains(p.In(text.Swedish), "Ändringen gäller bakåt i tiden. Det som stod tidigare finns kvar i historiken.") {
		t.Errorf("a change of the past: %q, %v", p.In(text.Swedish), err)
	}
	if p, err = county.Show(ctx, tx, county.Edit{Section: "lead", From: then, Body: body}); err != nil || !slices.Equal(p.In(text.Swedish), []string{"Inget ändras."}) {
		t.Errorf("a change of nothing: %q, %v", p.In(text.Swedish), err)
	}
}

func TestAnEditThatCannotBeIsToldWithItsFieldAndWhy(t *testing.T) {
	ctx, tx := dbtest.In(t, "halland")
	asAdministrator(tx)
	s := onPages(t, tx, "goals")
	refused := func(e county.Edit) fault.List {
		t.Helper()
		e.Section = "goals"
		_, err := county.Change(ctx, tx, e, s.Version)
		return fault.All(err)
	}
	circle := json.RawMessage(`{"levels":[
		{"key":"top","word":{"sv":{"gender":"ett","one":"x","theOne":"xt","many":"x","theMany":"x"}}},
		{"key":"a","word":{"sv":{"gender":"ett","one":"x","theOne":"xt","many":"x","theMany":"x"}},"under":["b"]},
		{"key":"b","word":{"sv":{"gender":"ett","one":"x","theOne":"xt","many":"x","theMany":"x"}},"under":["a"]}]}`)
	all := refused(county.Edit{From: tx.Today(), Reason: "x", Body: circle})
	if len(all) != 2 || all[0].Key != "tenant.goals.circle" || all[0].Field != "/body/levels/1/under/0" {
		t.Errorf("a circle: %v", all)
	}
	for key, e := range map[string]county.Edit{
		"county.reason_missing": {Body: circle},
		"tenant.unknown_key":    {Reason: "x", Body: json.RawMessage(`{"levels":[],"motto":"x"}`)},
		"shape.array":           {Reason: "x", Body: json.RawMessage(`{"levels":{}}`)},
		"shape.string":          {Reason: "x", Body: json.RawMessage(`{"levels":[{"key":7}]}`)},
		"tenant.required":       {Reason: "x", Body: json.RawMessage(`{}`)},
		"county.no_version":     {Reason: "x", From: tx.Today().Add(1000), Remove: true},
	} {
		if all := refused(e); len(all) == 0 || all[0].Key != key {
			t.Errorf("want %s: %v", key, all)
		}
	}
	// What a county cannot do without cannot be taken away.
	identity := onPages(t, tx, "identity")
	_, err := county.Change(ctx, tx, county.Edit{Section: "identity", Remove: true, Reason: "x"}, identity.Version)
	if len(fault.All(err)) == 0 {
		t.Errorf("the county's name was taken away: %v", err)
	}
}

func TestTwoWhoChangeTheSameSectionMeet(t *testing.T) {
	ctx, tx := dbtest.In(t, "halland")
	asAdministrator(tx)
	s, other := onPages(t, tx, "partyStatuses"), onPages(t, tx, "lead")
	e := county.Edit{Section: "partyStatuses", From: tx.Today(), Reason: "x", Body: json.RawMessage(statuses)}
	if _, err := county.Change(ctx, tx, e, s.Version); err != nil {
		t.Fatal(err)
	}
	_, err := county.Change(ctx, tx, e, s.Version)
	if !errorsIsStale(err) {
		t.Errorf("the second change of the same section: %v", err)
	}
	if current, ok := fault.All(err)[0].Current.(county.Section); !ok || current.Version != s.Version+1 {
		t.Errorf("current: %+v", fault.All(err)[0].Current)
	}
	lead := county.Edit{Section: "lead", From: tx.Today(), Reason: "x", Body: json.RawMessage(`{"organisations":["region","lansstyrelsen"]}`)}
	if _, err := county.Change(ctx, tx, lead, other.Version); err != nil {
		t.Errorf("a change of another section: %v", err)
	}
}

func TestOnlyTheAdministratorChanges(t *testing.T) {
	ctx, tx := dbtest.In(t, "halland")
	e := county.Edit{Section: "lead", Reason: "x", Body: json.RawMessage(`{"organisations":["region"]}`)}
	for name, err := range map[string]error{
		"change":    second(county.Change(ctx, tx, e, 0)),
		"show":      second(county.Show(ctx, tx, e)),
		"take over": second(county.TakeOver(ctx, tx, "lead", county.FromPages, 0)),
		"put":       second(county.Put(ctx, tx, county.File{County: tx.County})),
		"plan":      second(county.Plan(ctx, tx, county.File{County: tx.County})),
	} {
		if !fault.Is(err, "auth.forbidden") {
			t.Errorf("a strategist could %s: %v", name, err)
		}
	}
	tx.Actor = auth.Public("halland", "")
	for name, err := range map[string]error{
		"read":     second(county.Get(ctx, tx, "lead")),
		"list":     second(county.Sections(ctx, tx)),
		"as of":    second(county.AsOf(ctx, tx, tx.Today())),
		"history":  second(county.History(ctx, tx, "lead", 1, 0)),
		"compare":  second(county.Compare(ctx, tx, 1, 1)),
		"versions": second(county.Versions(ctx, tx, 1, 0)),
	} {
		if !fault.Is(err, "auth.sign_in") {
			t.Errorf("the public could %s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// Odd case 9: what was once published is never silently written over. A
// correction of the past is a new version, and the old one can still be asked.
func TestCase9ACorrectionOfThePastLeavesWhatWasKnown(t *testing.T) {
	now := dbtest.Noon
	d := dbtest.New(t, dbtest.Clock(func() time.Time { return now }))
	do := func(f func(tx *pg.Tx) error) {
		t.Helper()
		if err := d.InTenant(t.Context(), auth.System("halland", "test", ""), pg.Write, f); err != nil {
			t.Fatal(err)
		}
	}
	past := day.Of(2022, time.March, 8)
	written := func(organisation string) {
		t.Helper()
		do(func(tx *pg.Tx) error {
			s, err := county.Get(t.Context(), tx, "lead")
			if err != nil {
				return err
			}
			_, err = county.Change(t.Context(), tx, county.Edit{Section: "lead", From: past, Reason: "x",
				Body: json.RawMessage(`{"organisations":["` + organisation + `"]}`)}, s.Version)
			return err
		})
	}
	do(func(tx *pg.Tx) error { onPages(t, tx, "lead"); return nil })
	written("region")
	first := now
	now = now.Add(time.Hour)
	written("okhalland")

	do(func(tx *pg.Tx) error {
		lead := func(all []county.InForce) string {
			for _, s := range all {
				if s.Key == "lead" {
					return string(s.Holds.Body)
				}
			}
			return ""
		}
		asOf, err := county.AsOf(t.Context(), tx, past)
		if err != nil {
			return err
		}
		asKnown, version, err := county.AsKnown(t.Context(), tx, past, first)
		if err != nil {
			return err
		}
		if lead(asOf) != `{"organisations":["okhalland"]}` || lead(asKnown) != `{"organisations":["region"]}` || version != tx.County.Version-1 {
			t.Errorf("as of %s, as known %s, version %d", lead(asOf), lead(asKnown), version)
		}
		return nil
	})
}

func TestAFileIsAppliedOnceAndLeavesThePages(t *testing.T) {
	d := dbtest.New(t)
	system := auth.System("halland", "test", "")
	c, err := d.County(t.Context(), "halland")
	if err != nil {
		t.Fatal(err)
	}
	apply := func(f county.File) (a county.Applied, err error) {
		err = d.InNew(t.Context(), system, func(tx *pg.Tx) error {
			a, err = county.Put(t.Context(), tx, f)
			return err
		})
		return a, err
	}
	if a, err := apply(county.File{County: c}); err != nil || a.Changed {
		t.Errorf("the same file: %+v, %v", a, err)
	}
	err = d.InTenant(t.Context(), system, pg.Write, func(tx *pg.Tx) error {
		onPages(t, tx, "lead")
		change(t, tx, county.Edit{Section: "lead", Reason: "x", Body: json.RawMessage(`{"organisations":["region"]}`)})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	file := c
	file.Publication = tenant.Section[tenant.Publication]{{Value: tenant.Publication{Languages: []string{"sv"}}}}
	a, err := apply(county.File{County: file})
	if err != nil || !a.Changed || !slices.Equal(a.Left, []string{"lead"}) {
		t.Errorf("a file that differs in two sections: %+v, %v", a, err)
	}
	now, err := d.County(t.Context(), "halland")
	if err != nil || now.On(day.At(dbtest.Noon)).Lead.Organisations[0] != "region" {
		t.Errorf("the pages' section: %+v, %v", now.Lead, err)
	}
	if _, err := apply(county.File{County: file, TakeOver: []string{"motto"}}); !fault.Is(err, "county.section_unknown") {
		t.Errorf("took over what there is not: %v", err)
	}
	if a, err = apply(county.File{County: file, TakeOver: []string{"lead"}}); err != nil || !a.Changed || len(a.Left) > 0 {
		t.Errorf("taken over: %+v, %v", a, err)
	}
	if a, err = apply(county.File{County: file}); err != nil || a.Changed || len(a.Left) > 0 {
		t.Errorf("once more: %+v, %v", a, err)
	}
}

func TestWhatWouldOrphanRecordsIsRefusedAndNamed(t *testing.T) {
	ctx, tx := dbtest.In(t, "halland")
	asAdministrator(tx)
	s := onPages(t, tx, "partyStatuses")
	guard := func(_ context.Context, _ *pg.Tx, before, after tenant.County) ([]county.Orphan, error) {
		for _, g := range tenant.Vanished(before, after) {
			if g == (tenant.Gone{Section: "partyStatuses", List: "statuses", Key: "member"}) {
				return []county.Orphan{{Section: g.Section, Key: "common.refused", Args: fault.Args{"count": 3}}}, nil
			}
		}
		return nil, nil
	}
	e := county.Edit{Section: "partyStatuses", Reason: "x", Body: json.RawMessage(statuses)}
	for name, err := range map[string]error{
		"change":  second(county.Change(ctx, tx, e, s.Version, guard)),
		"preview": second(county.Show(ctx, tx, e, guard)),
	} {
		if all := fault.All(err); len(all) != 1 || all[0].Key != "common.refused" || all[0].Args["section"] != "partyStatuses" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestANewCountyComesFromATemplateOnce(t *testing.T) {
	d := dbtest.New(t)
	from, err := d.County(t.Context(), "kronoberg")
	if err != nil {
		t.Fatal(err)
	}
	create := func(name string) (version int64, created bool, err error) {
		c := tenant.FromTemplate(from, "provlan", tenant.Words{"sv": name})
		err = d.InNew(t.Context(), auth.System("provlan", "test", ""), func(tx *pg.Tx) error {
			version, created, err = county.Create(t.Context(), tx, c, "Nytt län")
			return err
		})
		return version, created, err
	}
	if version, created, err := create("Provlän"); err != nil || !created || version != 1 {
		t.Fatalf("%d %v %v", version, created, err)
	}
	if version, created, err := create("Provlän"); err != nil || created || version != 1 {
		t.Errorf("again: %d %v %v", version, created, err)
	}
	if _, _, err := create("Ett annat"); !fault.Is(err, "county.exists") {
		t.Errorf("another with its address: %v", err)
	}
	err = d.InTenant(t.Context(), auth.System("provlan", "test", ""), pg.Read, func(tx *pg.Tx) error {
		all, err := county.Sections(t.Context(), tx)
		for _, s := range all {
			if s.Manager != county.FromPages {
				t.Errorf("%s is kept in a file that there is not", s.Key)
			}
		}
		if diff := cmp.Diff(from.Goals, tx.County.Goals, cmp.AllowUnexported(day.Day{})); diff != "" {
			t.Error(diff)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
