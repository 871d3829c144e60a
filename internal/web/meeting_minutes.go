package web

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/markdown"
	"github.com/overens/overens/internal/meeting"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// minutesSeen are a meeting's minutes with all that their page shows.
type minutesSeen struct {
	meeting.Minutes
	Of          *meeting.Meeting // nil: the reader has been given the minutes and sees no more of the meeting
	Name        string
	Class, Word string
	Chair       string
	Paragraphs  []paragraphSeen
	Whole       []adjusterRow // who attests all of it
	Sharings    []sharingRow
	Turn        bool // whether it is the reader's turn to attest all of it
	Shares      bool // whether the reader can give them to somebody
	Publishes   bool
	Unruled     bool // whether no rule of the body is known that says who attests them
	Attested    bool // whether somebody attests them, by the body's rule or as chosen
	Chooses     bool // whether those who attest can be chosen: the rule is not that nobody does
}

// paragraphSeen is a paragraph as the page shows it.
type paragraphSeen struct {
	meeting.Paragraph
	HTML      string
	Decision  *meeting.Decision
	Item      *meeting.Item
	AtOnce    []adjusterRow
	Corrects  []meeting.Amendment
	Turn      bool // whether it is the reader's turn to attest it
	Edits     bool
	Masks     bool
	AsksAtOne bool // whether the reader can have it adjusted at once
}

// adjusterRow is one who attests.
type adjusterRow struct {
	meeting.Adjuster
	Class, Word string
}

// sharingRow is something that was given to somebody.
type sharingRow struct {
	meeting.Sharing
	What, To string
	Answers  bool // whether the reader can register an answer
}

// Where headings inside a paragraph begin: the page has its title and the
// paragraph its heading.
const paragraphTop = 3

func (d *Door) minutes(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	s, err := v.minutesOf(ctx, tx, at)
	if err != nil {
		return nil, err
	}
	return minutesPage(v, s), nil
}

func (v *visit) minutesOf(ctx context.Context, tx *pg.Tx, at uuid.UUID) (*minutesSeen, error) {
	m, err := meeting.MinutesOf(ctx, tx, at)
	if err != nil {
		return nil, err
	}
	s := &minutesSeen{Minutes: m, Name: m.Title, Shares: m.Leads && !v.Past(), Publishes: v.Acts(auth.MeetingPublish)}
	var items []meeting.Item
	var decided []meeting.Decision
	switch of, err := meeting.Get(ctx, tx, at); {
	case fault.Is(err, "common.not_found"):
	case err != nil:
		return nil, err
	default:
		b := bodyOn(tx, of.Body, of.On)
		s.Of, s.Name, s.Attested, s.Chooses = &of, v.meetingName(of), b.Rules.Adjusting.Attested(), b.Rules.Adjusting.By != tenant.AdjustedByNobody
		s.Unruled = b.Rules.Adjusting.By == ""
		if s.Chair, err = v.nameAmong(ctx, tx, of.Chair, nil); err != nil {
			return nil, err
		}
		whole, err := meeting.Whole(ctx, tx, of)
		if err != nil {
			return nil, err
		}
		if whole {
			if items, err = meeting.Agenda(ctx, tx, at); err != nil {
				return nil, err
			}
			if decided, _, err = meeting.Decisions(ctx, tx, meeting.DecisionFilter{Meeting: at, Limit: 200, Page: 1}); err != nil {
				return nil, err
			}
		}
	}
	s.adjusters(v)
	s.Attested = s.Attested || len(s.Whole) > 0
	s.Class, s.Word = s.state(v)
	s.paragraphs(v, items, decided)
	return s, s.sharings(ctx, tx, v, decided)
}

// draft tells whether the minutes can still be written in.
func (s *minutesSeen) draft() bool {
	return s.State == meeting.Minuted || s.State == meeting.Closed || s.State == meeting.Open
}

// before tells whether the meeting came in from a register of before: nobody has
// attested anything here, and its text is not here.
func (s *minutesSeen) before() bool { return s.State.Settled() && s.AdjustedOn.IsZero() }

// adjustingNotes are what it means that somebody attests the text, where somebody does.
func (s *minutesSeen) adjustingNotes(v *visit) []string {
	if !s.Attested {
		return nil
	}
	return []string{v.T("minutes.page.adjusting_note")}
}

// adjusters puts in order who attests, and how far each has come.
func (s *minutesSeen) adjusters(v *visit) {
	for _, a := range s.Adjusters {
		if a.Paragraph == uuid.Nil {
			s.Whole = append(s.Whole, v.adjusterRow(a))
			s.Turn = s.Turn || s.turn(v, a)
		}
		if a.Role == meeting.AttestsAsChair && a.Paragraph == uuid.Nil && s.Chair == "" {
			s.Chair = a.Name
		}
	}
}

// turn tells whether an adjuster is the reader, who has been asked.
func (s *minutesSeen) turn(v *visit, a meeting.Adjuster) bool {
	return a.State == meeting.AdjusterAsked && a.Person == v.Actor.Person && a.Person != uuid.Nil && !v.Past()
}

// gone tells whether one who was to attest is there no longer.
func (s *minutesSeen) gone() bool {
	return slices.ContainsFunc(s.Adjusters, func(a meeting.Adjuster) bool { return a.State == meeting.AdjusterGone })
}

var adjusterClasses = map[string]string{meeting.AdjusterWaits: "next", meeting.AdjusterAsked: "waits", meeting.AdjusterAdjusted: "on", meeting.AdjusterOlder: "half", meeting.AdjusterDeclined: "no", meeting.AdjusterGone: "no"}

func (v *visit) adjusterRow(a meeting.Adjuster) adjusterRow {
	return adjusterRow{a, adjusterClasses[a.State], v.Of("minutes.page.adjuster.", a.State)}
}

// who is an adjuster with the role and for whom.
func (a adjusterRow) who(v *visit) string {
	says := v.Of("minutes.page.role.", a.Role, "name", a.Name)
	if a.Party != "" {
		says += ", " + a.Party
	}
	return says
}

// when is when somebody attested or declined.
func (a adjusterRow) when(v *visit) string {
	switch {
	case a.AdjustedAt != nil:
		return Moment(v.Lang, *a.AdjustedAt)
	case a.DeclinedAt != nil:
		return Moment(v.Lang, *a.DeclinedAt)
	}
	return ""
}

// shortHash is the beginning of a digest, as it is read aloud.
func shortHash(hash string) string {
	if len(hash) < 8 {
		return hash
	}
	return hash[:4] + " " + hash[4:8]
}

// state is how far the minutes have come, as a shape and in words.
func (s *minutesSeen) state(v *visit) (class, word string) {
	if s.before() {
		return "on", v.T("meeting.page.state.imported")
	}
	if !s.Attested && s.State.Settled() {
		return "on", v.Of("minutes.page.state.settled_", string(s.State), "day", LongDay(v.Lang, s.AdjustedOn))
	}
	switch s.State {
	case meeting.Adjusted:
		return "on", v.T("minutes.page.state.adjusted", "day", LongDay(v.Lang, s.AdjustedOn))
	case meeting.Published:
		return "on", v.T("minutes.page.state.published", "day", LongDay(v.Lang, s.AdjustedOn))
	case meeting.Minuted:
		if !s.Asked {
			return "half", v.T("minutes.page.state.draft")
		}
		done := 0
		for _, a := range s.Whole {
			if a.State == meeting.AdjusterAdjusted {
				done++
			}
		}
		return "half", v.T("minutes.page.state.asked", "done", done, "count", len(s.Whole))
	}
	return "none", v.T("minutes.page.state.none")
}

// paragraphs puts with each paragraph what it decides and who has attested it.
func (s *minutesSeen) paragraphs(v *visit, items []meeting.Item, decided []meeting.Decision) {
	for _, p := range s.Minutes.Paragraphs {
		seen := paragraphSeen{Paragraph: p, HTML: markdown.HTML(p.Wording, paragraphTop)}
		if at := slices.IndexFunc(items, func(i meeting.Item) bool { return i.ID == p.Item }); at >= 0 && p.Item != uuid.Nil {
			seen.Item = &items[at]
		}
		if at := slices.IndexFunc(decided, func(d meeting.Decision) bool { return d.Item == p.Item }); at >= 0 && p.Item != uuid.Nil {
			seen.Decision = &decided[at]
		}
		for _, a := range s.Adjusters {
			if a.Paragraph == p.ID {
				seen.AtOnce = append(seen.AtOnce, v.adjusterRow(a))
				seen.Turn = seen.Turn || s.turn(v, a)
			}
		}
		for _, a := range s.Amendments {
			if a.Paragraph == p.ID {
				seen.Corrects = append(seen.Corrects, a)
			}
		}
		acts := s.Leads && !v.Past()
		seen.Edits = acts && s.draft() && p.AdjustedAt == nil
		seen.Masks = s.Publishes && s.State == meeting.Adjusted && p.Confidential
		seen.AsksAtOne = acts && s.draft() && p.AdjustedAt == nil && len(seen.AtOnce) == 0 && seen.Item != nil && seen.Item.Outcome != "" && !s.Asked && s.Attested
		s.Paragraphs = append(s.Paragraphs, seen)
	}
}

// sharings tells what has been given to whom, and what came back.
func (s *minutesSeen) sharings(ctx context.Context, tx *pg.Tx, v *visit, decided []meeting.Decision) error {
	all, err := meeting.Sharings(ctx, tx, s.Meeting)
	if err != nil {
		return err
	}
	for _, g := range all {
		row := sharingRow{Sharing: g, To: g.Recipient, What: v.Of("minutes.page.record.", s.Record)}
		if at := slices.IndexFunc(decided, func(d meeting.Decision) bool { return d.ID == g.Decision }); at >= 0 && g.Decision != uuid.Nil {
			row.What = v.T("minutes.page.extract_of", "number", decided[at].Cited())
		} else if g.Document != uuid.Nil {
			row.What = v.T("minutes.page.a_document")
		}
		row.Answers = !v.Past() && g.Kind == meeting.ShareComment && g.Reply == "" &&
			(s.Leads || g.Organisation != uuid.Nil && v.Actor.MayFor(auth.MeetingPropose, g.Organisation))
		s.Sharings = append(s.Sharings, row)
	}
	return nil
}

// when is the day and the hours of the meeting.
func (s *minutesSeen) when(v *visit) string {
	m := s.Of
	says := weekdayOf(v, m.On)
	if m.OpenedAt != nil && m.ClosedAt != nil && m.Kind == meeting.KindMeeting && !m.Imported {
		return says + ", " + Clock(v.Lang, *m.OpenedAt) + "–" + Clock(v.Lang, *m.ClosedAt)
	}
	if m.Begins != "" {
		says += ", " + v.hours(m.Begins, m.Ends)
	}
	return says
}

// kind is their number in the county's register, where they have one.
func (s *minutesSeen) kind(v *visit) string {
	if s.Of == nil || s.Of.RegistryNumber == "" {
		return ""
	}
	return v.T("minutes.page.registry", "number", s.Of.RegistryNumber)
}

// crumbs lead back to the meeting.
func (s *minutesSeen) crumbs(v *visit) []crumb {
	cs := []crumb{v.meetingsCrumb()}
	if s.Of != nil {
		cs = append(cs, crumb{s.Name, string(meetingAt(v, s.Meeting))})
	}
	return cs
}

// title is what the page is called: which sort of record it is comes first.
func (s *minutesSeen) title(v *visit) string {
	return v.Of("minutes.page.record.", s.Record) + ", " + s.Name
}

// sectionSign is a paragraph's number: § 4.
func sectionSign(n int) string { return fmt.Sprintf("§%s%d", hard, n) }

// notes are what stands beside a paragraph: which decision it is, from when it
// holds, that it has been corrected.
func (p paragraphSeen) notes(v *visit) []string {
	var says []string
	switch {
	case p.Decision != nil:
		says = append(says, v.T("minutes.page.decision", "number", p.Decision.Cited()))
		if p.Decision.Outcome == meeting.OutcomeCarried {
			says = append(says, v.T("minutes.page.holds_from", "day", LongDay(v.Lang, p.Decision.EffectiveOn)))
		}
	case p.Item != nil:
		says = append(says, capital(v.Of("agenda_item.page.kind.", p.Item.Kind)))
	}
	return says
}

// id is where a paragraph stands on the page.
func (p paragraphSeen) id() string { return fmt.Sprintf("p%d", p.Number) }

// extractSeen is a decision as it stands in the minutes, to be given by itself.
type extractSeen struct {
	meeting.Extract
	HTML      string
	Adjusters []adjusterRow
	Unruled   bool // whether no rule of the body is known that says who attests it
}

func (d *Door) extract(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	at, err := id(v.r, "id")
	if err != nil {
		return nil, err
	}
	e, err := meeting.ExtractOf(ctx, tx, at)
	if err != nil {
		return nil, err
	}
	s := extractSeen{Extract: e, HTML: markdown.HTML(e.Paragraph.Wording, paragraphTop), Unruled: bodyOn(tx, e.Meeting.Body, e.Meeting.On).Rules.Adjusting.By == ""}
	for _, a := range e.Adjusters {
		s.Adjusters = append(s.Adjusters, v.adjusterRow(a))
	}
	return extractPage(v, s), nil
}

// byRule is the key of words about who attests: others where no rule is known.
func byRule(key string, unruled bool) string {
	if unruled {
		return key + "_unruled"
	}
	return key
}

// wrote is who made a correction, and when.
func (v *visit) wrote(a meeting.Amendment) string {
	return v.T("minutes.page.amended_by", "who", cmp.Or(a.By, v.T("web.unknown")), "day", LongDay(v.Lang, a.On), "ground", a.Ground)
}

// amended is what a correction is called.
func (v *visit) amended(a meeting.Amendment) string {
	if a.Section > 0 {
		return v.T("minutes.page.amendment_of", "number", a.Number, "section", a.Section)
	}
	return v.T("minutes.page.amendment", "number", a.Number)
}

// proseOf is Markdown right below a leaf's heading.
func proseOf(source string) string { return markdown.HTML(source, paragraphTop) }

// afreshOf is how a paragraph would be written now, below the heading it would have.
func afreshOf(source string) string { return markdown.HTML(source, paragraphTop+2) }

// markdownOf is a correction's text, below its heading.
func markdownOf(source string) string { return markdown.HTML(source, paragraphTop+1) }
