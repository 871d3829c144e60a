package meeting

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// archive is what a table meets: what is known already.
type archive struct {
	tx       *pg.Tx
	folder   Folder
	papers   map[string]uuid.UUID // documents that have been made of the folder's, by name
	owners   map[string][]uuid.UUID
	meetings map[occasion]meetingdb.Meeting
	matters  map[uuid.UUID]map[string]bool // of meetings that came in before
	numbers  map[numbered]bool
}

// occasion is which meeting a row is about.
type occasion struct {
	body  string
	on    day.Day
	title string
}

func (p Past) occasion() occasion { return occasion{p.Body, p.On, p.Title} }

// numbered is a decision's name.
type numbered struct {
	body         string
	year, number int
}

func openArchive(ctx context.Context, tx *pg.Tx, items []recalled, folder Folder) (*archive, error) {
	a := &archive{tx: tx, folder: folder, papers: map[string]uuid.UUID{}, owners: map[string][]uuid.UUID{}, meetings: map[occasion]meetingdb.Meeting{},
		matters: map[uuid.UUID]map[string]bool{}, numbers: map[numbered]bool{}}
	q := meetingdb.New(tx)
	if err := q.LockPast(ctx); err != nil {
		return nil, err
	}
	days, years := []day.Day{}, []int32{}
	for _, it := range items {
		if it.On.IsZero() {
			continue
		}
		days = append(days, it.On)
		years = append(years, int32(it.On.Year())) //nolint:gosec // a year
	}
	owners, err := q.PastOwners(ctx)
	if err != nil {
		return nil, err
	}
	for _, o := range owners {
		for _, name := range []string{o.Key, o.Name, o.ShortName} {
			if name = strings.ToLower(name); name != "" && !slices.Contains(a.owners[name], o.ID) {
				a.owners[name] = append(a.owners[name], o.ID)
			}
		}
	}
	known, err := q.PastMeetings(ctx, days)
	if err != nil {
		return nil, err
	}
	ids := []uuid.UUID{}
	for _, m := range known {
		a.meetings[occasion{m.Body, m.OnDay, m.Title}] = m
		a.matters[m.ID] = map[string]bool{}
		ids = append(ids, m.ID)
	}
	matters, err := q.PastItems(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, m := range matters {
		a.matters[m.MeetingID.UUID][m.Title] = true
	}
	taken, err := q.PastNumbers(ctx, years)
	for _, d := range taken {
		a.numbers[numbered{d.Body, int(d.Year), int(d.Number)}] = true
	}
	return a, err
}

// check finds what is wrong with a row by itself, and who and what it names.
func (a *archive) check(it *recalled) {
	if it.Owner == uuid.Nil && it.OwnerName != "" {
		// A name that is nobody's, or two's, stays as it was written.
		if found := a.owners[strings.ToLower(it.OwnerName)]; len(found) == 1 {
			it.Owner, it.OwnerName = found[0], ""
		}
	}
	it.Past = it.whole()
	if it.Matter == "" {
		it.refuse("past.matter_missing", "/matter")
	}
	switch {
	case it.On.IsZero():
		if !slices.ContainsFunc(it.wrong, func(f *fault.Fault) bool { return f.Field == "/date" }) {
			it.refuse("past.day_missing", "/date")
		}
	case it.On.After(a.tx.Today()):
		it.refuse("past.ahead", "/date", "on", it.On)
	case it.On.Before(earliest):
		it.refuse("past.long_ago", "/date", "on", it.On, "first", earliest)
	default:
		if key := a.body(it.Body, it.On); key == "" {
			it.refuse("meeting.body_unknown", "/body", "body", it.Body, "on", it.On)
		} else {
			it.Body = key
			if f := undeciding(a.tx, key, it.On); f != nil && it.Kind == ForDecision {
				f.Field = "/kind"
				it.wrong = append(it.wrong, f)
			}
		}
	}
	switch {
	case (it.decided() || it.Outcome == OutcomeSentOn) && it.Kind != ForDecision, it.Kind == ForDecision && outcomes[ForInformation] == it.Outcome:
		it.refuse("past.outcome_other", "/outcome")
	case it.decided() && it.Wording == "":
		it.refuse("past.wording_missing", "/wording")
	case !it.decided() && (it.Wording != "" || it.Number > 0):
		it.refuse("past.not_decided", "/outcome")
	}
	if !it.On.Before(earliest) && it.Effective.Before(earliest) && it.decided() {
		it.refuse("past.long_ago", "/effective", "on", it.Effective, "first", earliest)
	}
	for _, l := range []struct {
		column, value string
		most          int
	}{{"title", it.Title, 200}, {"matter", it.Matter, 200}, {"result", it.Result, 10000}, {"wording", it.Wording, 5000}, {"owner", it.OwnerName, 200}, {"source", it.Source, 1000}} {
		if len([]rune(l.value)) > l.most {
			it.refuse("past.too_long", "/"+l.column, "limit", l.most)
		}
	}
	if it.Paper != "" && !isAddress(it.Paper) && !a.folder.Holds(it.Paper) {
		it.refuse("past.paper_missing", "/paper", "name", it.Paper)
	}
}

// body finds a body of that day by key, or by what it was called.
func (a *archive) body(name string, on day.Day) string {
	if _, ok := bodyOf(a.tx, name, on); ok {
		return name
	}
	for _, b := range a.tx.County.On(on).Bodies.Bodies {
		for _, l := range text.Langs {
			if name != "" && strings.EqualFold(name, b.Name.In(string(l))) {
				return b.Key
			}
		}
	}
	return ""
}

// once refuses what the table says twice, and numbers that are taken.
func (a *archive) once(items []recalled) {
	type matter struct {
		occasion
		title string
	}
	seen, given := map[matter]int{}, map[numbered]int{}
	for i := range items {
		it := &items[i]
		if it.On.IsZero() || it.Matter == "" {
			continue
		}
		key := matter{it.occasion(), it.Matter}
		if first, twice := seen[key]; twice {
			it.refuse("past.twice", "/matter", "row", items[first].Row)
			continue
		}
		seen[key] = i
		if it.Number == 0 {
			continue
		}
		n := numbered{it.Body, it.On.Year(), it.Number}
		if first, twice := given[n]; twice {
			it.refuse("past.number_twice", "/number", "row", items[first].Row)
		} else if _, here := a.meetings[it.occasion()]; a.numbers[n] && !here {
			it.refuse("past.number_taken", "/number", "number", it.Number, "year", it.On.Year())
		}
		given[n] = i
	}
}

// count keeps the numbers that the table brings from being given to others.
func (a *archive) count(ctx context.Context, items []recalled) error {
	type shelf struct {
		body string
		year int
	}
	latest := map[shelf]int{}
	for _, it := range items {
		if _, here := a.meetings[it.occasion()]; it.Number > 0 && len(it.wrong) == 0 && !here {
			s := shelf{it.Body, it.On.Year()}
			latest[s] = max(latest[s], it.Number)
		}
	}
	q := meetingdb.New(a.tx)
	for s, n := range latest {
		if err := q.RaiseDecisionCount(ctx, meetingdb.RaiseDecisionCountParams{Body: s.body, Year: int32(s.year), Latest: int32(n)}); err != nil { //nolint:gosec // small
			return err
		}
	}
	return nil
}
