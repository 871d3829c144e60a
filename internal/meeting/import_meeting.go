package meeting

import (
	"context"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/text"
)

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
