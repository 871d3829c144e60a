package meeting

import (
	"context"
	"encoding/json"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// What became of a row of a table of past meetings.
const (
	PastCreated = "created"
	PastSame    = "same"
	PastRefused = "refused"
)

// earliest is the first day that something can have been decided or hold from:
// what is written as being from before it is a slip of the pen.
var earliest = day.Of(1990, 1, 1)

// PastEntered is what became of one row.
type PastEntered struct {
	Row     int // as the spreadsheet counts
	Body    string
	On      day.Day
	Matter  string
	Outcome string
	Faults  fault.List // each at the column, by key: "/date"
}

// PastEntries are what became of a table that was handed in.
type PastEntries struct {
	Rows     []PastEntered
	Meetings int // how many were new
}

// Count is how many rows had an outcome.
func (e PastEntries) Count(outcome string) int {
	n := 0
	for _, r := range e.Rows {
		if r.Outcome == outcome {
			n++
		}
	}
	return n
}

// Err is what is wrong with rows: a table with any is not taken in.
func (e PastEntries) Err() error {
	var l fault.List
	for _, r := range e.Rows {
		for _, f := range r.Faults {
			copied := *f
			copied.Field = "/rows/" + strconv.Itoa(r.Row) + f.Field
			l = append(l, &copied)
		}
	}
	return l.Err()
}

// Import takes in meetings of before, with their matters, decisions and papers,
// marked as imported. They are closed things at once: what has come in is not
// written over, and a table that is taken in twice changes nothing. Rows that are
// refused are told, and no meeting comes in by halves.
func Import(ctx context.Context, tx *pg.Tx, entries []PastEntry, folder Folder) (PastEntries, error) {
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return PastEntries{}, err
	}
	items := make([]recalled, len(entries))
	for i, e := range entries {
		items[i].Past, items[i].wrong = e.read()
	}
	return bring(ctx, tx, items, folder)
}

// Remember is Import of what has been read elsewhere, as from a file of facts.
func Remember(ctx context.Context, tx *pg.Tx, ps []Past) (PastEntries, error) {
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return PastEntries{}, err
	}
	items := make([]recalled, len(ps))
	for i, p := range ps {
		items[i].Past = p
	}
	return bring(ctx, tx, items, nil)
}

// recalled is a matter of before with what is wrong with it.
type recalled struct {
	Past
	wrong fault.List
}

func (r *recalled) refuse(key, field string, pairs ...any) {
	r.wrong.Add(fault.Bad(key, field).With(pairs...))
}

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

// numbered is a decision's name.
type numbered struct {
	body         string
	year, number int
}

func (p Past) occasion() occasion { return occasion{p.Body, p.On, p.Title} }

func bring(ctx context.Context, tx *pg.Tx, items []recalled, folder Folder) (PastEntries, error) {
	a, err := openArchive(ctx, tx, items, folder)
	if err != nil {
		return PastEntries{}, err
	}
	var order []occasion
	of := map[occasion][]int{}
	for i := range items {
		a.check(&items[i])
		o := items[i].occasion()
		if len(of[o]) == 0 {
			order = append(order, o)
		}
		of[o] = append(of[o], i)
	}
	a.once(items)
	if err := a.count(ctx, items); err != nil {
		return PastEntries{}, err
	}
	report := PastEntries{Rows: make([]PastEntered, len(items))}
	for i, it := range items {
		report.Rows[i] = PastEntered{Row: it.Row, Body: it.Body, On: it.On, Matter: it.Matter}
	}
	for _, o := range order {
		created, err := a.take(ctx, items, of[o], report.Rows)
		if err != nil {
			return PastEntries{}, err
		}
		if created {
			report.Meetings++
		}
	}
	return report, nil
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

// take does the rows of one meeting: all of them or none.
func (a *archive) take(ctx context.Context, items []recalled, rows []int, report []PastEntered) (created bool, err error) {
	m, known := a.meetings[items[rows[0]].occasion()]
	fit := true
	for _, i := range rows {
		it := &items[i]
		switch {
		case len(it.wrong) > 0:
		case !known:
			report[i].Outcome = PastCreated
		case !m.Imported:
			it.refuse("past.meeting_known", "/date", "on", it.On)
		case !a.matters[m.ID][it.Matter]:
			it.refuse("past.meeting_stands", "/matter", "on", it.On)
		default:
			report[i].Outcome = PastSame
		}
		if len(it.wrong) > 0 {
			report[i].Outcome, report[i].Faults, fit = PastRefused, it.wrong, false
		}
	}
	if known || !fit {
		return false, nil
	}
	come := rows[0]
	err = a.tx.Savepoint(ctx, func() error { return a.write(ctx, items, rows, &come) })
	if faults := fault.All(err); len(faults) > 0 {
		report[come].Outcome, report[come].Faults = PastRefused, faults
		return false, nil
	}
	return err == nil, err
}

// write keeps one meeting, through the states that it would have gone through. come
// is the row that it has come to.
func (a *archive) write(ctx context.Context, items []recalled, rows []int, come *int) error {
	tx, q := a.tx, meetingdb.New(a.tx)
	first := items[rows[0]]
	when := first.On.Start()
	p := meetingdb.AddPastMeetingParams{ID: tx.NewID(), Body: first.Body, Title: first.Title, OnDay: first.On, At: when}
	public := true
	for _, i := range rows {
		public = public && items[i].Public
		if p.Source == "" {
			p.Source = items[i].Source
		}
	}
	if public {
		p.AnnouncedAt = &when
	}
	row, err := q.AddPastMeeting(ctx, p)
	if err != nil {
		return at(err)
	}
	ordered := slices.Clone(rows)
	slices.SortStableFunc(ordered, func(x, y int) int {
		if items[x].Item == 0 || items[y].Item == 0 {
			return 0
		}
		return items[x].Item - items[y].Item
	})
	for n, i := range ordered {
		*come = i
		if err := a.matter(ctx, row.ID, 10*(n+1), items[i].Past); err != nil {
			return err
		}
	}
	*come = rows[0]
	if _, err := q.ClosedMeeting(ctx, meetingdb.ClosedMeetingParams{ID: row.ID, ClosedAt: &when, CountyVersion: tx.County.Version}); err != nil {
		return err
	}
	if _, err := q.MinutedMeeting(ctx, row.ID); err != nil {
		return err
	}
	if _, err := q.AdjustedMeeting(ctx, meetingdb.AdjustedMeetingParams{ID: row.ID}); err != nil {
		return err
	}
	tx.Notify("meeting", row.ID)
	if !public {
		return nil
	}
	if err := q.PublishItems(ctx, maybe(row.ID)); err != nil {
		return err
	}
	if err := q.PublishDecisions(ctx, row.ID); err != nil {
		return err
	}
	_, err = q.PublishedMinutes(ctx, meetingdb.PublishedMinutesParams{ID: row.ID, PublishedAt: &tx.Now})
	return err
}

// matter keeps one matter with its decision and its paper.
func (a *archive) matter(ctx context.Context, meeting uuid.UUID, position int, p Past) error {
	tx, q := a.tx, meetingdb.New(a.tx)
	i := meetingdb.AddPastItemParams{ID: tx.NewID(), Body: p.Body, MeetingID: maybe(meeting), Position: int32(position), Kind: p.Kind, Title: p.Matter, //nolint:gosec // a row's number
		State: ItemHandled, Outcome: p.Outcome, Result: p.Result}
	switch p.Outcome {
	case OutcomePostponed:
		i.State, i.Reason = ItemPostponed, p.Result
	case OutcomeWithdrawn:
		i.State, i.Reason = ItemWithdrawn, p.Result
		if i.Reason == "" {
			i.Reason = recordLang(tx).T("past.reason_unknown")
		}
	}
	if err := q.AddPastItem(ctx, i); err != nil {
		return at(err)
	}
	if p.decided() {
		if err := a.decision(ctx, meeting, i.ID, p); err != nil {
			return err
		}
	}
	return a.paper(ctx, meeting, i.ID, p)
}

func (a *archive) decision(ctx context.Context, meeting, item uuid.UUID, p Past) error {
	tx, q := a.tx, meetingdb.New(a.tx)
	year := int32(p.On.Year()) //nolint:gosec // a year
	number := int32(p.Number)  //nolint:gosec // at most 9999
	if number == 0 {
		var err error
		if number, err = q.NextDecision(ctx, meetingdb.NextDecisionParams{Body: p.Body, Year: year}); err != nil {
			return err
		}
	}
	// Who was there and how it was voted has not come in: the sum is empty.
	sum, err := json.Marshal(Reckoning{})
	if err != nil {
		return err
	}
	d := meetingdb.AddPastDecisionParams{ID: tx.NewID(), MeetingID: meeting, ItemID: item, Body: p.Body, Year: year, Number: number, Title: p.Matter, Wording: p.Wording,
		Outcome: p.Outcome, Reckoning: sum, DecidedOn: p.On, EffectiveOn: p.Effective, OwnerID: maybe(p.Owner), Owner: p.OwnerName, DueOn: p.Due, Status: p.Status, Source: p.Source}
	if p.Closed != uuid.Nil {
		when := p.On.Start()
		if d.ActBody, err = json.Marshal(GoalClosing{Goal: p.Closed}); err != nil {
			return err
		}
		d.Act, d.ActedOn, d.ActedAt, d.Status = ActGoalClose, "goal:"+p.Closed.String(), &when, StatusDone
	}
	if err := q.AddPastDecision(ctx, d); err != nil {
		return at(err)
	}
	return q.AddDecisionWords(ctx, meetingdb.AddDecisionWordsParams{DecisionID: d.ID, Words: text.SearchWords(d.Title, d.Wording)})
}

// paper puts a paper on its matter: a file of the folder, which becomes one
// document however many rows name it, or an address.
func (a *archive) paper(ctx context.Context, meeting, item uuid.UUID, p Past) error {
	if p.Paper == "" {
		return nil
	}
	tx := a.tx
	id, made := a.papers[paperName(p.Paper)]
	if !made {
		name := document.FileName(p.Paper)
		c := document.Card{Title: strings.TrimSuffix(name, path.Ext(name)), Kind: "other", Source: p.Source}
		var d document.Document
		var err error
		switch b := a.folder[paperName(p.Paper)]; {
		case isAddress(p.Paper):
			c.Title = p.Matter
			d, err = document.AddLink(ctx, tx, c, document.Link{URL: p.Paper})
		case b == nil:
			return nil // a preview: it is there
		default:
			d, err = document.Add(ctx, tx, c, *b)
		}
		if err != nil {
			return inPaper(err)
		}
		id = d.ID
		a.papers[paperName(p.Paper)] = id
	}
	return meetingdb.New(tx).AddPaper(ctx, meetingdb.AddPaperParams{ID: tx.NewID(), ItemID: item, MeetingID: maybe(meeting), DocumentID: id, Number: 1, AddedBy: maybe(tx.Person),
		AddedAt: tx.Now})
}

// inPaper moves what is wrong with a document to the column of papers.
func inPaper(err error) error {
	all := fault.All(err)
	if len(all) == 0 {
		return err
	}
	var moved fault.List
	for _, f := range all {
		moved = append(moved, f.At("/paper"))
	}
	return moved
}
