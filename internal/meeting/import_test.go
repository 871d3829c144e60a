package meeting_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// past reads rows whose cells are parted by a bar, below headings in Swedish.
func past(t testing.TB, headings string, rows ...string) []meeting.PastEntry {
	t.Helper()
	split := func(s string) []string {
		cells := strings.Split(s, "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		return cells
	}
	var lines []meeting.TableRow
	for n, r := range rows {
		lines = append(lines, meeting.TableRow{Number: n + 2, Cells: split(r)})
	}
	es, err := meeting.ReadPast(split(headings), lines)
	if err != nil {
		t.Fatal(err)
	}
	return es
}

// stopped tells each row's faults as "row /column key".
func stopped(es meeting.PastEntries) []string {
	all := []string{}
	for _, r := range es.Rows {
		for _, f := range r.Faults {
			all = append(all, strings.TrimSpace(strings.Join([]string{day.Of(r.Row, 1, 1).String()[2:4], f.Field, f.Key}, " ")))
		}
	}
	return all
}

const pastHeadings = "organ | datum | ärendenummer | ärende | typ | utfall | beslut | beslutsnummer | gäller från | ansvarig | senast | källa | handling"

var pastRows = []string{
	"forum | 2021-10-21 | 2 | Boende | beslut | | Boende tas upp i höst. | 4 | | Alvesta kommun | 2022-01-31 | Protokollet | Protokoll.txt",
	"Forum för mottagande och etablering | 2021-10-21 | 1 | Läget | | | | | | | | | PROTOKOLL.TXT",
	"forum | 2021-10-21 | 3 | Budget | beslut | bordlagt | | | | | | |",
	"forum | 2022-04-05 | | Riktning | beslut | avslag | Riktningen ändras. | | 2022-01-01 | Samordnaren | | https://example.se/2022 |",
}

func TestMeetingsOfBeforeComeInAndStand(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.As(tx, auth.RoleStrategist, [16]byte{})
	alvesta, err := organisation.Create(ctx, tx, organisation.Card{Type: organisation.Municipality, Name: "Alvesta kommun", OfficialCode: "0764"})
	if err != nil {
		t.Fatal(err)
	}
	store, err := files.Open(ctx, "file://"+t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	blob, err := document.Accept(ctx, store, tx.Actor, "protokoll.txt", strings.NewReader("Protokoll"), 0)
	if err != nil {
		t.Fatal(err)
	}
	folder := meeting.Folder{}
	folder.Hold("protokoll.txt", &blob)
	entries := past(t, pastHeadings, pastRows...)
	if diff := cmp.Diff([]string{"Protokoll.txt"}, meeting.PapersOf(entries)); diff != "" {
		t.Errorf("papers (-want +got):\n%s", diff)
	}
	es, err := meeting.Import(ctx, tx, entries, folder)
	if err != nil || es.Err() != nil || es.Meetings != 2 || es.Count(meeting.PastCreated) != 4 {
		t.Fatalf("%+v, %v", es, err)
	}
	again, err := meeting.Import(ctx, tx, entries, folder)
	if err != nil || again.Err() != nil || again.Meetings != 0 || again.Count(meeting.PastSame) != 4 {
		t.Errorf("the second time %+v, %v", again, err)
	}

	ms, total, err := meeting.List(ctx, tx, meeting.Filter{Body: "forum", Rising: true, Limit: 10, Page: 1})
	if err != nil || total != 2 || !ms[0].Imported || ms[0].State != meeting.Adjusted || ms[0].Source != "Protokollet" {
		t.Fatalf("%d: %+v, %v", total, ms, err)
	}
	items, err := meeting.Agenda(ctx, tx, ms[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range items {
		papers, err := meeting.Papers(ctx, tx, i.ID)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Join([]string{i.Title, i.State, i.Outcome, strings.Repeat("*", len(papers))}, " "))
	}
	if diff := cmp.Diff([]string{"Läget handled noted *", "Boende handled carried *", "Budget postponed postponed "}, got); diff != "" {
		t.Errorf("agenda (-want +got):\n%s", diff)
	}
	ds, n, err := meeting.Decisions(ctx, tx, meeting.DecisionFilter{Limit: 10, Page: 1})
	if err != nil || n != 2 || !ds[0].Imported || ds[0].Number != 1 || ds[0].EffectiveOn != day.Of(2022, 1, 1) || ds[0].OwnerName != "Samordnaren" || ds[1].Number != 4 || ds[1].Owner != alvesta.ID || ds[1].Status != meeting.StatusOpen {
		t.Errorf("%d: %+v, %v", n, ds, err)
	}
	if found, _, err := meeting.Decisions(ctx, tx, meeting.DecisionFilter{Query: "riktning", Limit: 10, Page: 1}); err != nil || len(found) != 1 {
		t.Errorf("found %d by a word, %v", len(found), err)
	}
	if m, err := meeting.MinutesOf(ctx, tx, ms[0].ID); err != nil || len(m.Paragraphs) != 0 {
		t.Errorf("minutes: %+v, %v", m, err)
	}
	// What has come in is closed by the database, and corrected beside it.
	_, err = meeting.Put(ctx, tx, ms[0].ID, meeting.Matter{Kind: meeting.ForInformation, Title: "Nytt"})
	if !fault.Is(err, "meeting.not_now") {
		t.Errorf("a new matter: %v", err)
	}
	dbtest.AsSystem(tx)
	if _, err := meeting.Amend(ctx, tx, ms[0].ID, ms[0].Version, meeting.Correction{Wording: "Rätt år är 2022.", Ground: "Skrivfel"}); err != nil {
		t.Errorf("a correction: %v", err)
	}
	more, err := meeting.Import(ctx, tx, past(t, pastHeadings, append(slices.Clone(pastRows), "forum | 2021-10-21 | | Mer | | | | | | | | |")...), folder)
	if err != nil || more.Meetings != 0 {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"06 /matter past.meeting_stands"}, stopped(more)); diff != "" {
		t.Errorf("a matter more (-want +got):\n%s", diff)
	}
}

func TestATableTellsWhatIsWrongWithEachRow(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.As(tx, auth.RoleStrategist, [16]byte{})
	ahead := tx.Today().Add(1).String()
	es, err := meeting.Import(ctx, tx, past(t, pastHeadings,
		"forum | 2021-10-21 | ett | | beslut | | | | | | | |",
		"rådet | 2021-10-22 | | Läget | | | | | | | | |",
		"forum | 22 oktober | | Läget | | | | | | | | |",
		"forum | "+ahead+" | | Läget | | | | | | | | |",
		"forum | | | Läget | | | | | | | | |",
		"forum | 2021-10-24 | | Läget | information | bifall | Så. | | | | | |",
		"forum | 2021-10-25 | | Läget | | kanske | | | | | | |",
		"forum | 2021-10-26 | | Läget | | | | | | | | | saknas.pdf",
		"forum | 2021-10-27 | | Ett | | | A. | 7 | | | | |",
		"forum | 2021-10-28 | | Två | | | B. | 7 | | | | |",
		"forum | 2021-10-27 | | Ett | | | A. | | | | | |",
		"forum | 2021-10-29 | | Tre | | | C. | | | | | |",
		"forum | 0001-01-01 | | Fyra | | | | | | | | |",
		"forum | 2021-10-30 | | Fem | | | E. | | 1021-10-30 | | | |",
	), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"02 /item past.number_wrong", "02 /matter past.matter_missing", "02 /wording past.wording_missing", "03 /body meeting.body_unknown", "04 /date past.day_wrong",
		"05 /date past.ahead", "06 /date past.day_missing", "07 /outcome past.outcome_other", "08 /outcome past.word_unknown", "09 /paper past.paper_missing",
		"11 /number past.number_twice", "12 /matter past.twice",
		"14 /date past.long_ago", "15 /effective past.long_ago",
	}
	if diff := cmp.Diff(want, stopped(es)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// A meeting with a row that is wrong has not come in at all; another has.
	_, total, err := meeting.List(ctx, tx, meeting.Filter{Limit: 10, Page: 1})
	if err != nil || total != 1 || es.Meetings != 1 {
		t.Errorf("%d meetings came in, %d told, %v", total, es.Meetings, err)
	}
	if faults := fault.All(es.Err()); len(faults) != len(want) || faults[0].Field != "/rows/2/item" {
		t.Errorf("%v", es.Err())
	}
}

func TestATableThatCannotBeReadSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		header []string
		lines  []meeting.TableRow
		want   []string
	}{
		"nothing":   {[]string{"organ", "datum", "ärende"}, nil, []string{"past.empty"}},
		"unknown":   {[]string{"organ", "datum", "ärende", "skostorlek"}, []meeting.TableRow{{Number: 2}}, []string{"past.column_unknown"}},
		"twice":     {[]string{"organ", "body", "datum", "ärende"}, []meeting.TableRow{{Number: 2}}, []string{"past.column_twice"}},
		"too few":   {[]string{"organ"}, []meeting.TableRow{{Number: 2}}, []string{"past.columns_missing"}},
		"too large": {[]string{"organ", "datum", "ärende"}, make([]meeting.TableRow, meeting.PastLimit+1), []string{"past.too_many"}},
	} {
		_, err := meeting.ReadPast(c.header, c.lines)
		var got []string
		for _, f := range fault.All(err) {
			got = append(got, f.Key)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestOnlyWhoPreparesMeetingsTakesThemIn(t *testing.T) {
	ctx, tx := dbtest.Kronoberg(t)
	dbtest.As(tx, auth.RoleAuditor, [16]byte{})
	for name, f := range map[string]func(context.Context, *pg.Tx) error{
		"import":   func(ctx context.Context, tx *pg.Tx) error { _, err := meeting.Import(ctx, tx, nil, nil); return err },
		"remember": func(ctx context.Context, tx *pg.Tx) error { _, err := meeting.Remember(ctx, tx, nil); return err },
	} {
		if err := f(ctx, tx); !fault.Is(err, "auth.forbidden") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSameTableTakenInAtOnceComesInOnce(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	strategist := dbtest.Actor("kronoberg", auth.RoleStrategist, [16]byte{})
	var wg sync.WaitGroup
	var mu sync.Mutex
	outcomes := map[string]int{}
	for range 4 {
		wg.Go(func() {
			err := d.InTenant(t.Context(), strategist, pg.Write, func(tx *pg.Tx) error {
				es, err := meeting.Import(t.Context(), tx, past(t, pastHeadings, "forum | 2021-10-21 | 1 | Boende | beslut | | Boende tas upp. | 4 | | | | |"), nil)
				if err == nil {
					err = es.Err()
				}
				mu.Lock()
				defer mu.Unlock()
				for _, r := range es.Rows {
					outcomes[r.Outcome]++
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if diff := cmp.Diff(map[string]int{meeting.PastCreated: 1, meeting.PastSame: 3}, outcomes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
