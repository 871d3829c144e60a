package population_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/population"
)

var (
	linkoping = population.Line{Row: 2, Municipality: "0580", Day: on("2024-12-31"), Count: 168035, Source: "SCB"}
	alvesta   = population.Line{Row: 3, Municipality: "0764", Day: on("2024-12-31"), Count: 20000, Source: "SCB"}
)

// nation opens a unit of work of the nation's analyst, undone at the end.
func nation(t *testing.T) (context.Context, *pg.Tx) {
	t.Helper()
	ctx, tx := dbtest.In(t, pg.Nation)
	dbtest.As(tx, auth.RoleNationalAnalyst, uuid.Nil)
	return ctx, tx
}

func with(l population.Line, count int64) population.Line { l.Count = count; return l }

func put(ctx context.Context, t *testing.T, tx *pg.Tx, lines ...population.Line) population.Tally {
	t.Helper()
	tally, err := population.Put(ctx, tx, lines, tx.Now)
	if err != nil {
		t.Fatal(err)
	}
	return tally
}

func TestAnotherCountIsARevisionAndTheSameIsNothing(t *testing.T) {
	ctx, tx := nation(t)
	for i, step := range []struct {
		lines []population.Line
		want  population.Tally
	}{
		{[]population.Line{linkoping, alvesta}, population.Tally{New: 2}},
		{[]population.Line{linkoping, alvesta}, population.Tally{Unchanged: 2}},
		{[]population.Line{with(linkoping, 168036), alvesta}, population.Tally{Revised: 1, Unchanged: 1}},
		{[]population.Line{with(linkoping, 168036)}, population.Tally{Unchanged: 1}},
		{[]population.Line{linkoping}, population.Tally{Revised: 1}}, // back again is a change too
		{nil, population.Tally{}},
	} {
		if got := put(ctx, t, tx, step.lines...); got != step.want {
			t.Errorf("step %d: %+v, want %+v", i, got, step.want)
		}
	}
	history, err := population.History(ctx, tx, "0580")
	if err != nil {
		t.Fatal(err)
	}
	var counts []int64
	for i, f := range history {
		if f.Revision != len(history)-i || f.Source != "SCB" || !f.FetchedAt.Equal(tx.Now) {
			t.Errorf("%+v", f)
		}
		counts = append(counts, f.Count)
	}
	if d := cmp.Diff([]int64{168035, 168036, 168035}, counts); d != "" {
		t.Error(d)
	}
	now, err := population.On(ctx, tx, []string{"0580", "0764", "0781"}, on("2024-12-31"))
	if err != nil || len(now) != 2 || now["0580"].Revision != 3 || now["0764"].Count != 20000 {
		t.Errorf("%+v, %v", now, err)
	}
	if _, unknown := now["0781"]; unknown {
		t.Error("a municipality without a figure has one")
	}

	// Whoever used the first is told of the newest; whoever used the newest is not.
	later, err := population.Revised(ctx, tx, []population.Figure{history[2], now["0764"]})
	if err != nil || len(later) != 1 || later[0].ID != history[0].ID {
		t.Errorf("%+v, %v", later, err)
	}
	if later, err = population.Revised(ctx, tx, []population.Figure{history[0]}); err != nil || len(later) != 0 {
		t.Errorf("%+v, %v", later, err)
	}
	if later, err = population.Revised(ctx, tx, nil); err != nil || len(later) != 0 {
		t.Errorf("%+v, %v", later, err)
	}
}

func TestFiguresAreListedByCountyMunicipalityAndDay(t *testing.T) {
	ctx, tx := nation(t)
	before := linkoping
	before.Day, before.Count = on("2023-12-31"), 167404
	put(ctx, t, tx, before, linkoping, alvesta)
	put(ctx, t, tx, with(linkoping, 168036))
	for name, c := range map[string]struct {
		f    population.Filter
		want string
	}{
		"all":                    {population.Filter{}, "0580 168036, 0764 20000, 0580 167404"},
		"every revision":         {population.Filter{Every: true}, "0580 168036, 0580 168035, 0764 20000, 0580 167404"},
		"a county":               {population.Filter{County: "07"}, "0764 20000"},
		"a municipality":         {population.Filter{Municipality: "0580"}, "0580 168036, 0580 167404"},
		"a day":                  {population.Filter{Day: on("2023-12-31")}, "0580 167404"},
		"a county that is none":  {population.Filter{County: "02"}, ""},
		"another county's":       {population.Filter{County: "07", Municipality: "0580"}, ""},
		"what is no code":        {population.Filter{County: "07", Municipality: "x"}, ""},
		"a day without a figure": {population.Filter{Day: on("2020-12-31")}, ""},
	} {
		c.f.Limit, c.f.Page = 10, 1
		figures, total, err := population.List(ctx, tx, c.f)
		var said []string
		for _, f := range figures {
			said = append(said, f.Municipality+" "+itoa(f.Count))
		}
		if got := strings.Join(said, ", "); err != nil || got != c.want || total != len(figures) {
			t.Errorf("%s: %q of %d, %v, want %q", name, got, total, err, c.want)
		}
	}
	figures, total, err := population.List(ctx, tx, population.Filter{Limit: 2, Page: 2})
	if err != nil || len(figures) != 1 || total != 3 {
		t.Errorf("%v of %d, %v", figures, total, err)
	}
	days, err := population.Days(ctx, tx)
	if want := []population.Known{{Day: on("2024-12-31"), Municipalities: 2}, {Day: on("2023-12-31"), Municipalities: 1}}; err != nil || !slices.Equal(days, want) {
		t.Errorf("%v, %v", days, err)
	}
	one, err := population.Get(ctx, tx, mustHave(ctx, t, tx, "0764").ID)
	if err != nil || one.Count != 20000 {
		t.Errorf("%+v, %v", one, err)
	}
}

func itoa(n int64) string { b, _ := json.Marshal(n); return string(b) }

func mustHave(ctx context.Context, t *testing.T, tx *pg.Tx, code string) population.Figure {
	t.Helper()
	all, err := population.On(ctx, tx, []string{code}, on("2024-12-31"))
	if err != nil {
		t.Fatal(err)
	}
	return all[code]
}

func TestOnlyTheNationsOwnPeopleWrite(t *testing.T) {
	ctx, tx := dbtest.Ostergotland(t)
	dbtest.AsSystem(tx)
	if _, err := population.Put(ctx, tx, []population.Line{linkoping}, tx.Now); !fault.Is(err, "population.of_the_nation") {
		t.Errorf("a county wrote: %v", err)
	}
	ctx, tx = dbtest.In(t, pg.Nation)
	for _, role := range []auth.Role{auth.RoleStrategist, auth.RolePublic} {
		dbtest.As(tx, role, uuid.Nil)
		if _, err := population.Put(ctx, tx, []population.Line{linkoping}, tx.Now); !errors.Is(err, &fault.Fault{Key: "auth.forbidden"}) {
			t.Errorf("%s wrote: %v", role, err)
		}
		if _, _, err := population.Imports(ctx, tx, 10, 1); !errors.Is(err, &fault.Fault{Key: "auth.forbidden"}) {
			t.Errorf("%s saw imports: %v", role, err)
		}
	}
	dbtest.As(tx, auth.RoleOperator, uuid.Nil)
	put(ctx, t, tx, linkoping)
}

// The wall: what the nation has written every county, the public and the nation
// read, and nobody changes, not even whoever stands outside the grants.
func TestEverybodyReadsAndNobodyChanges(t *testing.T) {
	db := dbtest.New(t)
	ctx := t.Context()
	analyst := dbtest.Actor(pg.Nation, auth.RoleNationalAnalyst, uuid.Nil)
	if err := db.InTenant(ctx, analyst, pg.Write, func(tx *pg.Tx) error {
		_, err := population.Put(ctx, tx, []population.Line{linkoping}, tx.Now)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	sees := func(who string) func(*pg.Tx) error {
		return func(tx *pg.Tx) error {
			if f := mustHave(ctx, t, tx, "0580"); f.Count != 168035 {
				t.Errorf("%s sees %+v", who, f)
			}
			return nil
		}
	}
	for who, err := range map[string]error{
		"a county":            db.InTenant(ctx, dbtest.Actor("kronoberg", auth.RolePartyReporter, uuid.Nil), pg.Read, sees("a county")),
		"the public":          db.InPublic(ctx, pg.Nation, sees("the public")),
		"a county's public":   db.InPublic(ctx, "halland", sees("a county's public")),
		"the nation's reader": db.InNational(ctx, auth.Public(pg.Nation, ""), sees("the nation's reader")),
	} {
		if err != nil {
			t.Errorf("%s: %v", who, err)
		}
	}
	// A county's imports are its own, and it has none.
	err := db.InTenant(ctx, auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO population_figure (id, municipality, on_day, revision, inhabitants, source, fetched_at)
			VALUES ('0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20', '0764', '2024-12-31', 1, 1, 'made up', now())`)
		return err
	})
	if !fault.Is(err, "population_figure.national") {
		t.Errorf("a county's row stands among the nation's: %v", err)
	}
	for _, sql := range []string{`UPDATE population_figure SET inhabitants = 1`, `DELETE FROM population_figure`} {
		err := db.InTenant(ctx, auth.System(pg.Nation, "test", ""), pg.Write, func(tx *pg.Tx) error { _, err := tx.Exec(ctx, sql); return err })
		if err == nil {
			t.Errorf("the nation's role may %s", sql)
		}
		if _, err := db.Owner(t).Exec(ctx, sql); err == nil || !strings.Contains(err.Error(), "neither changed nor taken away") {
			t.Errorf("the owner: %s: %v", sql, err)
		}
	}
	if err := db.InPublic(ctx, pg.Nation, sees("afterwards")); err != nil {
		t.Error(err)
	}
}

const file = "kommunkod;år;folkmängd\n0580;2023;167404\n0580;2024;168035\n0581;2024;144980\n05;2024;472446\n9999;2024;1\n"

func TestAnImportIsLookedAtConfirmedOnceAndWritten(t *testing.T) {
	ctx, tx := nation(t)
	put(ctx, t, tx, with(linkoping, 168000))
	if _, err := population.Receive(ctx, tx, population.File{Name: "scb.csv", Raw: []byte(file)}); !fault.Is(err, "population.source_missing") {
		t.Fatalf("figures without a source: %v", err)
	}
	i, err := population.Receive(ctx, tx, population.File{Name: "scb.csv", Source: "SCB, 2025", Raw: []byte(file)})
	if err != nil {
		t.Fatal(err)
	}
	want := population.Import{ID: i.ID, State: population.Preview, Name: "scb.csv", Source: "SCB, 2025", FetchedAt: i.FetchedAt, Read: 5, Tally: population.Tally{New: 2, Revised: 1},
		Skipped: 1, Refused: 1, Problems: []population.Problem{{Row: 6, Key: "population.code_unknown", Args: fault.Args{"code": "9999"}}}, Days: 2, CreatedAt: i.CreatedAt, Version: 2}
	if d := cmp.Diff(want, i); d != "" {
		t.Fatalf("(-want +got)\n%s", d)
	}
	if f := mustHave(ctx, t, tx, "0581"); f.Count != 0 {
		t.Errorf("written before it was confirmed: %+v", f)
	}
	if more, err := population.WriteDay(ctx, tx, i.ID); more || err != nil || mustHave(ctx, t, tx, "0581").Count != 0 {
		t.Errorf("written before it was confirmed: %v, %v", more, err)
	}
	if _, err := population.Confirm(ctx, tx, i.ID, 1); !errors.Is(err, &fault.Fault{Kind: fault.Stale}) {
		t.Errorf("another version was confirmed: %v", err)
	}
	j, err := population.Confirm(ctx, tx, i.ID, i.Version)
	if err != nil || j.State != population.Writing || !j.Works() {
		t.Fatalf("%+v, %v", j, err)
	}
	if _, err := population.Confirm(ctx, tx, i.ID, j.Version); !fault.Is(err, "population.confirmed_already") {
		t.Errorf("confirmed twice: %v", err)
	}
	if more, err := population.WriteDay(ctx, tx, i.ID); err != nil || !more {
		t.Fatalf("%v, %v", more, err)
	}
	half, err := population.GetImport(ctx, tx, i.ID)
	if err != nil || half.DaysWritten != 1 || half.ETag() == j.ETag() {
		t.Errorf("%+v, %v", half, err)
	}
	if f := mustHave(ctx, t, tx, "0581"); f.Count != 0 {
		t.Errorf("a later day is written with an earlier: %+v", f)
	}
	if more, err := population.WriteDay(ctx, tx, i.ID); err != nil || more {
		t.Fatalf("%v, %v", more, err)
	}
	for range 2 { // worked once more it does nothing
		done, err := population.GetImport(ctx, tx, i.ID)
		if err != nil || done.State != population.Done || done.DaysWritten != 2 || done.Tally != (population.Tally{New: 2, Revised: 1}) || done.EndedAt == nil {
			t.Errorf("%+v, %v", done, err)
		}
		if more, err := population.WriteDay(ctx, tx, i.ID); err != nil || more {
			t.Fatalf("%v, %v", more, err)
		}
	}
	if f := mustHave(ctx, t, tx, "0580"); f.Count != 168035 || f.Revision != 2 || f.Source != "SCB, 2025" {
		t.Errorf("%+v", f)
	}
	again, err := population.Receive(ctx, tx, population.File{Name: "scb.csv", Source: "SCB, 2025", Raw: []byte(file)})
	if err != nil || again.Unchanged != 3 || again.Ready() {
		t.Errorf("%+v, %v", again, err)
	}
	if _, err := population.Confirm(ctx, tx, again.ID, again.Version); !fault.Is(err, "population.nothing_new") {
		t.Errorf("nothing was confirmed: %v", err)
	}
	all, total, err := population.Imports(ctx, tx, 10, 1)
	if err != nil || total != 2 || all[0].ID != again.ID {
		t.Errorf("%v of %d, %v", all, total, err)
	}
}

func TestAnAddressIsOneThatIsAllowed(t *testing.T) {
	ctx, tx := nation(t)
	hosts := []string{"api.scb.se"}
	for address, want := range map[string]string{
		"https://api.scb.se/x?y=1": "", "https://API.scb.se/x": "", " https://api.scb.se/x ": "",
		"http://api.scb.se/x": "population.address_wrong", "https://api.scb.se:8443/x": "population.address_wrong", "https://a:b@api.scb.se/x": "population.address_wrong",
		"api.scb.se/x": "population.address_wrong", "https://": "population.address_wrong", "https://api.scb.se/\x7f": "population.address_wrong",
		"https://scb.se/x": "population.host_not_allowed", "https://127.0.0.1/x": "population.host_not_allowed", "https://api.scb.se.evil.example/x": "population.host_not_allowed",
	} {
		i, err := population.Ask(ctx, tx, population.Order{Address: address}, hosts)
		if want == "" && (err != nil || i.State != population.Fetching) || want != "" && !fault.Is(err, want) {
			t.Errorf("%q: %+v, %v, want %q", address, i, err, want)
		}
	}
}

// work lets workers do the jobs with a reader of the test's own, and waits until
// one is done.
func work(t *testing.T, db *dbtest.Database, read func(ctx context.Context, address string) ([]byte, error)) (done func()) {
	t.Helper()
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[population.Fetch]) error {
		return population.Collect(ctx, db.DB, job, read)
	}))
	river.AddWorker(workers, river.WorkFunc(func(ctx context.Context, job *river.Job[population.Write]) error {
		return population.Carry(ctx, db.DB, job)
	}))
	client, err := river.NewClient(riverpgxv5.New(db.Pool()), &river.Config{Schema: "river", Workers: workers, TestOnly: true,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}, Logger: slog.New(slog.DiscardHandler), FetchPollInterval: 100 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	events, cancel := client.Subscribe(river.EventKindJobCompleted, river.EventKindJobFailed)
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
		defer stop()
		_ = client.StopAndCancel(ctx)
	})
	return func() {
		t.Helper()
		select {
		case e := <-events:
			if e.Kind != river.EventKindJobCompleted {
				t.Fatalf("%s: %+v", e.Job.Kind, e.Job.Errors)
			}
		case <-time.After(30 * time.Second):
			t.Fatal("the job was not worked")
		}
	}
}

func TestJobsFetchAndWrite(t *testing.T) {
	db := dbtest.New(t)
	ctx := t.Context()
	analyst := dbtest.Actor(pg.Nation, auth.RoleNationalAnalyst, uuid.Nil)
	answers := map[string]func() ([]byte, error){ // by the address that was asked
		"https://api.scb.se/folk":    func() ([]byte, error) { return os.ReadFile("testdata/years.json") },
		"https://api.scb.se/list":    func() ([]byte, error) { return []byte(`{"variables":[]}`), nil },
		"https://api.scb.se/empty":   func() ([]byte, error) { return []byte("kommunkod;år;folkmängd\n"), nil },
		"https://api.scb.se/page":    func() ([]byte, error) { return []byte("<html>\n"), nil },
		"https://api.scb.se/refused": func() ([]byte, error) { return nil, fault.Bad("population.answered_wrong", "") },
		"https://api.scb.se/cut-off": func() ([]byte, error) { return nil, errors.New("cut off") },
	}
	done := work(t, db, func(_ context.Context, address string) ([]byte, error) { return answers[address]() })
	do := func(f func(tx *pg.Tx) error) {
		t.Helper()
		if err := db.InTenant(ctx, analyst, pg.Write, f); err != nil {
			t.Fatal(err)
		}
	}
	fetched := func(address string) (i population.Import) {
		t.Helper()
		do(func(tx *pg.Tx) (err error) {
			i, err = population.Ask(ctx, tx, population.Order{Address: address}, []string{"api.scb.se"})
			return err
		})
		done()
		do(func(tx *pg.Tx) (err error) { i, err = population.GetImport(ctx, tx, i.ID); return err })
		return i
	}

	i := fetched("https://api.scb.se/folk")
	if i.State != population.Preview || i.Tally != (population.Tally{New: 4}) || i.Skipped != 4 || !strings.HasPrefix(i.Source, "SCB, ") {
		t.Fatalf("%+v", i)
	}
	do(func(tx *pg.Tx) error { _, err := population.Confirm(ctx, tx, i.ID, i.Version); return err })
	done()
	do(func(tx *pg.Tx) (err error) { i, err = population.GetImport(ctx, tx, i.ID); return err })
	if i.State != population.Done || i.Tally != (population.Tally{New: 4}) || i.DaysWritten != 2 {
		t.Errorf("%+v", i)
	}
	if i = fetched("https://api.scb.se/folk"); i.Tally != (population.Tally{Unchanged: 4}) {
		t.Errorf("%+v", i)
	}

	// What came to nothing says why.
	for address, want := range map[string]string{"list": "population.not_jsonstat", "empty": "population.empty", "page": "population.columns_missing",
		"refused": "population.answered_wrong", "cut-off": "population.unreachable"} {
		i := fetched("https://api.scb.se/" + address)
		if i.State != population.Failed || len(i.Problems) != 1 || i.Problems[0].Key != want || i.EndedAt == nil {
			t.Errorf("%+v, want %s", i, want)
		}
	}

	// Stamped with a county, a job finds nothing of the nation's.
	for _, args := range []river.JobArgs{population.Fetch{Import: i.ID}, population.Write{Import: i.ID}} {
		if err := db.InTenant(ctx, auth.System("kronoberg", "test", ""), pg.Write, func(tx *pg.Tx) error { return tx.Enqueue(ctx, args) }); err != nil {
			t.Fatal(err)
		}
		done()
	}
}
