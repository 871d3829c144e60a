package meeting

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/markdown"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// writer puts what a meeting noted into words, in the language of the record.
type writer struct {
	hearing
	book
	lang      text.Lang
	portions  []portion
	items     map[uuid.UUID]Item
	decisions map[uuid.UUID]Decision // by matter
	sums      map[uuid.UUID]Reckoning
	names     map[uuid.UUID]string // of the chair and the secretary
}

func newWriter(ctx context.Context, tx *pg.Tx, m Meeting, b book) (*writer, error) {
	h, err := hear(ctx, tx, m)
	if err != nil {
		return nil, err
	}
	w := &writer{hearing: h, book: b, lang: recordLang(tx), items: map[uuid.UUID]Item{}, decisions: map[uuid.UUID]Decision{}, sums: map[uuid.UUID]Reckoning{}, names: map[uuid.UUID]string{}}
	items, err := agenda(ctx, tx, m, true)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		w.items[i.ID] = i
	}
	rows, err := meetingdb.New(tx).DecisionsOfMeeting(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		d := madeDecision(row)
		w.decisions[d.Item] = d
		var sum Reckoning
		if len(d.Reckoning) > 0 {
			if err := json.Unmarshal(d.Reckoning, &sum); err != nil {
				return nil, err
			}
		}
		w.sums[d.Item] = sum
	}
	for _, a := range h.people {
		w.names[a.Person] = a.Name
	}
	for _, a := range h.mandates {
		w.names[a.Person] = a.Name
	}
	w.plan(items, b)
	return w, nil
}

// write puts each part into words.
func (w *writer) write(ctx context.Context, tx *pg.Tx) error {
	for n := range w.portions {
		if err := w.put(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// put puts one part into words.
func (w *writer) put(ctx context.Context, tx *pg.Tx, n int) error {
	p := &w.portions[n]
	switch p.part {
	case PartOpening:
		p.wording = w.opening()
	case PartAttendance:
		p.wording = w.attendance()
	case PartAdjusters:
		p.wording = w.attesting()
	case PartClosing:
		p.wording = w.closing()
	case PartItem:
		return w.item(ctx, tx, p)
	}
	p.heading = w.heading(p.part)
	// The first of them is the opening, or who was there.
	if n == slices.IndexFunc(w.portions, func(p portion) bool { return p.part != PartItem }) {
		p.wording = w.preceded(p.wording)
	}
	return nil
}

func (w *writer) meeting() Meeting { return w.book.meeting }

func (w *writer) say(key string, pairs ...any) string { return w.lang.T("minutes."+key, pairs...) }

// clockOf is the time of day in Sweden, to the minute.
func clockOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.In(day.Stockholm).Format("15:04")
}

// clock is the time of day as the minutes' language writes it.
func (w *writer) clock(t *time.Time) string { return w.lang.Clock(clockOf(t)) }

// blocks are paragraphs of Markdown, the empty ones left out.
type blocks []string

func (b *blocks) add(s string) {
	if s = strings.TrimSpace(s); s != "" {
		*b = append(*b, s)
	}
}

// list adds lines as a list.
func (b *blocks) list(lines []string) {
	if len(lines) > 0 {
		b.add("- " + strings.Join(lines, "\n- "))
	}
}

func (b blocks) String() string { return strings.Join(b, "\n\n") }

// plain is what people have written on one line, as Markdown that shows it so.
func plain(s string) string { return markdown.Text(s) }

// opening says who opened the meeting, when and where, and how it was called.
func (w *writer) opening() string {
	m := w.meeting()
	var b blocks
	ended := m.Ended()
	if m.Kind == KindWritten && ended.Before(m.On) {
		b.add(w.say("written_early", "until", m.On, "day", ended))
	} else if m.Kind == KindWritten {
		b.add(w.say("written", "until", m.On))
	} else if name := w.names[w.leader()]; name != "" {
		b.add(w.say("opened_by", "name", plain(name), "at", w.clock(m.OpenedAt)))
	} else {
		b.add(w.say("opened_at", "at", w.clock(m.OpenedAt)))
	}
	facts := []string{w.say("fact.day", "day", ended)}
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, w.say("fact."+key, "value", plain(value)))
		}
	}
	add("place", m.Location)
	if m.Link != "" {
		facts = append(facts, w.say("fact.remote"))
	}
	add("secretary", w.names[m.Secretary])
	add("registry", m.RegistryNumber)
	if m.CalledAt != nil {
		facts = append(facts, w.say("fact.called", "day", day.At(*m.CalledAt)))
	}
	b.list(facts)
	if m.LateReason != "" {
		b.add(w.say("late_call", "reason", plain(m.LateReason)))
	}
	return b.String()
}

// leader is who led the meeting: whoever attests as that, else who is known to.
func (w *writer) leader() uuid.UUID {
	for _, a := range w.of(uuid.Nil) {
		if a.Role == AttestsAsChair {
			return a.Person
		}
	}
	return w.chair()
}

// attesting says who attests what is written.
func (w *writer) attesting() string {
	var chair string
	var chosen []string
	for _, a := range w.of(uuid.Nil) {
		if a.Role == AttestsAsChair {
			chair = plain(a.Name)
			continue
		}
		name := plain(a.Name)
		if a.Party != "" {
			name += " (" + plain(a.Party) + ")"
		}
		chosen = append(chosen, name)
	}
	who := w.series(chosen)
	switch {
	case w.body.Rules.Adjusting.By == tenant.AdjustedByAll:
		return w.say("attest.all")
	case len(chosen) == 0 && chair == "":
		return w.say("attest.later")
	case len(chosen) == 0:
		return w.say("attest.chair", "chair", chair)
	case chair == "":
		return w.say("attest.chosen", "names", who)
	}
	return w.say("attest.beside", "chair", chair, "names", who)
}

// series is a list in running text: A, B och C.
func (w *writer) series(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + w.say("and") + " " + names[last]
}

// section is the number of a matter's paragraph: § 5.
func (w *writer) section(item uuid.UUID) string {
	i := slices.IndexFunc(w.portions, func(p portion) bool { return p.item == item })
	if i < 0 || item == uuid.Nil {
		return ""
	}
	return "§ " + strconv.Itoa(w.portions[i].number)
}

// attendance says who was there, as what and for whom, and when somebody came or
// went while the meeting went on.
func (w *writer) attendance() string {
	var b blocks
	var members, others, absent []string
	told := map[uuid.UUID]bool{}
	for _, c := range w.seated.Chairs {
		place := plain(c.Place.Name(string(w.lang)))
		switch {
		case c.Server != nil:
			told[c.Server.Person] = true
			line := "**" + place + "**: " + w.server(c) + w.times(c.Server.Person)
			if c.Place.Votes() {
				members = append(members, line)
			} else {
				others = append(others, line)
			}
		case c.Place.Votes():
			absent = append(absent, w.say(w.away(c.Empty), "place", place))
		}
	}
	var deputies, guests, staff []string
	for _, who := range w.came {
		if told[who] {
			continue
		}
		i := slices.IndexFunc(w.mandates, func(m governance.Mandate) bool { return m.Person == who })
		if i < 0 {
			continue
		}
		told[who] = true
		deputies = append(deputies, w.idle(w.mandates[i])+w.times(who))
	}
	for _, a := range w.people {
		if told[a.Person] || a.ArrivedAt == nil {
			continue
		}
		told[a.Person] = true
		line := plain(a.Name)
		if more := strings.Join(slices.DeleteFunc([]string{plain(a.Title), plain(a.Party)}, func(s string) bool { return s == "" }), ", "); more != "" {
			line += ", " + more
		}
		line += w.times(a.Person)
		if a.Role == "staff" {
			staff = append(staff, line)
		} else {
			guests = append(guests, line)
		}
	}
	serving, away := "members", "absent"
	switch {
	case w.meeting().Kind == KindWritten:
		serving, away = "members.written", "absent.written"
	case w.record == tenant.RecordNotes && !decides(w.body):
		serving = "members.undeciding"
	}
	for _, g := range []struct {
		key   string
		lines []string
	}{{serving, members}, {"deputies", deputies}, {"adjuncts", others}, {"staff", staff}, {"guests", guests}, {away, absent}} {
		if len(g.lines) > 0 {
			slices.Sort(g.lines)
			b.add("# " + w.say("group."+g.key))
			b.list(g.lines)
		}
	}
	if len(b) == 0 {
		b.add(w.say("nobody_came"))
	}
	return b.String()
}

// away is why nobody serves a place: in writing nobody is there, and who is away has
// not answered.
func (w *writer) away(why string) string {
	key := "absent." + why
	if w.meeting().Kind == KindWritten && text.Has("minutes."+key+".written") {
		key += ".written"
	}
	return key
}

// server is who serves a place: a deputy with the one in whose place.
func (w *writer) server(c governance.Chair) string {
	name := plain(c.Server.Name)
	switch {
	case !c.Server.Deputy:
		return name
	case c.Holder == nil:
		return w.say("deputy_of_vacant", "name", name)
	}
	return w.say("deputy_for", "name", name, "holder", plain(c.Holder.Name))
}

// idle is a deputy beside the one who serves: with the matters in whose decision
// he took part instead, as when the other came later.
func (w *writer) idle(m governance.Mandate) string {
	line := plain(m.Name)
	if m.Party != "" {
		line = w.say("deputy_of", "name", line, "party", plain(m.Party))
	}
	var served []string
	for _, p := range w.portions {
		for _, v := range w.sums[p.item].Result.Entitled {
			if p.item != uuid.Nil && v.Person == m.Person && v.Deputy {
				served = append(served, w.section(p.item))
			}
		}
	}
	if len(served) > 0 {
		line += ", " + w.say("served_in", "sections", w.series(served))
	}
	return line
}

// times says whether somebody was there from afar, came later or left earlier.
func (w *writer) times(who uuid.UUID) string {
	m := w.meeting()
	var parts []string
	for _, a := range w.people {
		if a.Person != who || a.ArrivedAt == nil {
			continue
		}
		if a.Remote && !slices.Contains(parts, w.say("remotely")) {
			parts = append(parts, w.say("remotely"))
		}
		if m.OpenedAt != nil && clockOf(a.ArrivedAt) > clockOf(m.OpenedAt) {
			parts = append(parts, w.moment("came", a.ArrivedAt, a.ArrivedItem))
		}
		if a.LeftAt != nil && (m.ClosedAt == nil || clockOf(a.LeftAt) < clockOf(m.ClosedAt)) {
			parts = append(parts, w.moment("left", a.LeftAt, a.LeftItem))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ", " + strings.Join(parts, ", ")
}

func (w *writer) moment(key string, t *time.Time, item uuid.UUID) string {
	if s := w.section(item); s != "" {
		return w.say(key+"_in", "at", w.clock(t), "section", s)
	}
	return w.say(key, "at", w.clock(t))
}
