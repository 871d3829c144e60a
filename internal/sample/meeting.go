package sample

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

//go:embed meetings/*.yaml
var meetings embed.FS

// show is a meeting made up for show. Its day is counted from the day on which it
// is written: a day of a month, or so many days ahead. Parties are named by key.
type show struct {
	Body      string   `yaml:"body"`
	Written   bool     `yaml:"written"`
	Months    int      `yaml:"months"`
	Week      int      `yaml:"week"` // its Thursday
	Days      int      `yaml:"days"` // in place of months and week
	Title     string   `yaml:"title"`
	Location  string   `yaml:"location"`
	Link      string   `yaml:"link"`
	Note      string   `yaml:"note"`
	Chair     string   `yaml:"chair"` // a persona, where the body's rule names nobody
	Secretary string   `yaml:"secretary"`
	Guests    []string `yaml:"guests"`
	Called    int      `yaml:"called"` // how many days before; 0 = three weeks
	Away      []string `yaml:"away"`   // whose holder says no: a deputy is called
	Absent    []string `yaml:"absent"` // who does not come, and has not said so
	Remote    []string `yaml:"remote"`
	Answered  int      `yaml:"answered"` // how many have answered so far; of a meeting to come
	Adjusters []string `yaml:"adjusters"`
	Until     string   `yaml:"until"` // how far it has come; "" = published
	Reason    string   `yaml:"reason"`
	Matters   []point  `yaml:"matters"`
}

// point is a matter on its agenda, with what came of it.
type point struct {
	Waiting         string   `yaml:"waiting"` // one that was handed on to the body, by title
	Kind            string   `yaml:"kind"`
	Title           string   `yaml:"title"`
	Background      string   `yaml:"background"`
	Proposal        string   `yaml:"proposal"`
	Rapporteur      string   `yaml:"rapporteur"`
	Minutes         int      `yaml:"minutes"`
	Paper           string   `yaml:"paper"`
	Result          string   `yaml:"result"`
	To              string   `yaml:"to"` // the body that it is handed on to
	Postponed       string   `yaml:"postponed"`
	Subject         string   `yaml:"subject"`
	EffectiveBefore int      `yaml:"effectiveBefore"` // in days
	Owner           string   `yaml:"owner"`
	OwnerName       string   `yaml:"ownerName"`
	Due             int      `yaml:"due"`  // days after the meeting
	Done            int      `yaml:"done"` // days after the meeting
	Note            string   `yaml:"note"`
	Nothing         bool     `yaml:"nothing"`
	Ratify          int      `yaml:"ratify"` // days after the meeting
	Ratified        []string `yaml:"ratified"`
	Refused         []string `yaml:"refused"`
	Reservation     *said    `yaml:"reservation"`
	Dissent         *said    `yaml:"dissent"`
	Duties          []string `yaml:"duties"`
}

type said struct {
	Party   string `yaml:"party"`
	Wording string `yaml:"wording"`
}

func shows(slug string) ([]show, error) {
	src, err := meetings.ReadFile("meetings/" + slug + ".yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var f struct {
		Meetings []show `yaml:"meetings"`
	}
	if err == nil {
		err = yaml.UnmarshalWithOptions(src, &f, yaml.Strict())
	}
	if err != nil {
		return nil, fmt.Errorf("meetings/%s.yaml: %w", slug, err)
	}
	return f.Meetings, nil
}

// on is the day of a meeting, as seen from today: a day on which people work.
func (s show) on(today day.Day) day.Day {
	d := today.Add(s.Days)
	if s.Days == 0 {
		d = day.Of(today.Year(), today.Month(), 1).AddMonths(s.Months)
		for d.Weekday() != time.Thursday {
			d = d.Add(1)
		}
		d = d.Add(7 * (max(s.Week, 1) - 1))
	}
	for !day.Workday(d) {
		d = d.Add(1)
	}
	return d
}

// Met tells whether a county has meetings made up for show already.
func Met(ctx context.Context, tx *pg.Tx) (bool, error) {
	ms, _, err := meeting.List(ctx, tx, meeting.Filter{Limit: 1000, Page: 1})
	return slices.ContainsFunc(ms, func(m meeting.Meeting) bool { return m.Demo }), err
}

// Meetings holds two years of meetings made up for show, and plans those to come,
// after Seats: through the same steps as everyone's, each at its own time. papers
// are the files of PaperFiles, by title. A county that has any already is left as
// it is. It returns how many were new.
func Meetings(ctx context.Context, tx *pg.Tx, papers map[string]document.Blob) (int, error) {
	list, err := shows(tx.Tenant)
	if err != nil {
		return 0, err
	}
	if there, err := Met(ctx, tx); err != nil || there || len(list) == 0 {
		return 0, err
	}
	c := clerk{tx: tx, now: tx.Now, today: tx.Today(), who: tx.Actor, papers: papers, people: map[string]uuid.UUID{}, parties: map[string]uuid.UUID{}, documents: map[string]uuid.UUID{}}
	defer func() { tx.Now, tx.Actor = c.now, c.who }()
	h := host{tx: tx}
	for _, p := range Of(tx.Tenant) {
		if p.Claims {
			continue
		}
		if c.people[p.Key], err = h.known(ctx, p.Name); err != nil {
			return 0, err
		}
	}
	slices.SortStableFunc(list, func(a, b show) int { return a.on(c.today).Compare(b.on(c.today)) })
	for n, s := range list {
		if err := c.hold(ctx, s); err != nil {
			return n, fmt.Errorf("%s on %s: %w", s.Body, s.on(c.today), err)
		}
	}
	return len(list), nil
}

// clerk holds meetings, one after the other.
type clerk struct {
	tx        *pg.Tx
	now       time.Time // the instant of the whole: nothing happens after it
	today     day.Day
	who       auth.Actor
	papers    map[string]document.Blob
	people    map[string]uuid.UUID // by persona's key
	parties   map[string]uuid.UUID // by organisation's key
	documents map[string]uuid.UUID // by title
}

// at moves the unit of work to a time of a day, in Sweden, or to now where that
// has not been yet.
func (c *clerk) at(d day.Day, hour, minute int) {
	s := d.Start()
	c.tx.Now = time.Date(s.Year(), s.Month(), s.Day(), hour, minute, 0, 0, s.Location())
	if c.tx.Now.After(c.now) {
		c.tx.Now = c.now
	}
}

// as lets a person act, by what his seats allow.
func (c *clerk) as(person uuid.UUID, f func() error) error {
	c.tx.Actor = auth.Actor{Tenant: c.tx.Tenant, Kind: auth.KindPerson, Person: person, Grants: []auth.Grant{{Role: auth.RolePartyRepresentative}}}
	defer func() { c.tx.Actor = c.who }()
	return f()
}

func (c *clerk) persona(key string) uuid.UUID {
	if key == "" {
		return uuid.Nil
	}
	return c.people[c.tx.Tenant+"-"+key]
}

func (c *clerk) party(ctx context.Context, key string) (uuid.UUID, error) {
	if id := c.parties[key]; id != uuid.Nil || key == "" {
		return id, nil
	}
	o, err := organisation.ByKey(ctx, c.tx, key)
	if err != nil {
		return uuid.Nil, fmt.Errorf("the organisation %s: %w", key, err)
	}
	c.parties[key] = o.ID
	return o.ID, nil
}

// plan announces or prepares a meeting, as long before as such things are.
func (c *clerk) plan(ctx context.Context, s show, on day.Day) (meeting.Meeting, error) {
	d := meeting.Date{Body: s.Body, Title: s.Title, On: on, Begins: "09:30", Ends: "12:00", Location: s.Location, Link: s.Link, Note: s.Note,
		Chair: c.persona(s.Chair), Secretary: c.persona(s.Secretary)}
	if s.Written {
		d.Kind, d.Begins, d.Ends = meeting.KindWritten, "", ""
	}
	if !s.Written && (s.Until == string(meeting.Called) || s.Until == string(meeting.Open)) {
		d.AnswerBy = on.Add(-2)
	}
	c.at(on.Add(-60), 9, 0)
	if s.Until == string(meeting.Announced) {
		p, err := meeting.AnnounceDemo(ctx, c.tx, d)
		return p.Meeting, err
	}
	p, err := meeting.PrepareDemo(ctx, c.tx, d)
	if err != nil {
		return p.Meeting, err
	}
	for _, m := range s.Matters {
		if err := c.put(ctx, p.Meeting, m); err != nil {
			return p.Meeting, fmt.Errorf("%s%s: %w", m.Title, m.Waiting, err)
		}
	}
	m, err := c.get(ctx, p.Meeting.ID)
	if err != nil || s.Until == string(meeting.Drafted) {
		return m, err
	}
	return meeting.Disclose(ctx, c.tx, m.ID, m.Version)
}

func (c *clerk) get(ctx context.Context, id uuid.UUID) (meeting.Meeting, error) {
	return meeting.Get(ctx, c.tx, id)
}

// put puts a matter on an agenda: one that waits for the body, or a new one.
func (c *clerk) put(ctx context.Context, m meeting.Meeting, p point) error {
	if p.Waiting != "" {
		waiting, _, err := meeting.Waiting(ctx, c.tx, meeting.ItemFilter{Body: m.Body, Limit: 100, Page: 1})
		if err != nil {
			return err
		}
		for _, i := range waiting {
			if i.Title == p.Waiting {
				_, err := meeting.Place(ctx, c.tx, i.ID, i.Version, m.ID)
				return err
			}
		}
		return fmt.Errorf("no matter %q waits for %s", p.Waiting, m.Body)
	}
	placed, err := meeting.Put(ctx, c.tx, m.ID, meeting.Matter{Kind: p.Kind, Title: p.Title, Background: p.Background, Proposal: p.Proposal, Rapporteur: p.Rapporteur, Duration: p.Minutes})
	if err != nil || p.Paper == "" {
		return err
	}
	id := c.documents[p.Paper]
	if id == uuid.Nil {
		blob, ok := c.papers[p.Paper]
		if !ok {
			return fmt.Errorf("there is no paper %q", p.Paper)
		}
		d, err := document.Import(ctx, c.tx, document.Card{Title: p.Paper, Kind: "other"}, document.Content{Blob: blob}, document.Origin{Demo: true})
		if err != nil {
			return err
		}
		id = d.ID
		c.documents[p.Paper] = id
	}
	_, err = meeting.AddPaper(ctx, c.tx, placed.Item.ID, meeting.Enclosure{Document: id})
	return err
}
