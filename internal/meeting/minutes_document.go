package meeting

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/markdown"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// MinutesDocument is minutes as they are shown or printed: finished values, in
// the language of the record. HTML is safe, its headings begin at the third level.
type MinutesDocument struct {
	Lang       text.Lang
	Title      string
	County     string   // the county administration
	Marks      []string // what is to be seen at once: that it is a draft, or made up
	Facts      []Fact
	Paragraphs []DocumentParagraph
	Attested   []string // by whom and when, a line each
	Amendments []DocumentAmendment
	Hash       string // the digest of what was attested; empty: a draft, or masked for the reader
	Draft      bool
	Public     bool // as everybody may read it
}

// Fact is a name and what it is.
type Fact struct{ Name, Value string }

// DocumentParagraph is a paragraph as it is shown.
type DocumentParagraph struct {
	Number  int
	Section string // § 4
	Heading string
	HTML    string
	Masked  bool
	Notes   []string // that it was adjusted at once, or corrected since
}

// DocumentAmendment is a correction as it is shown.
type DocumentAmendment struct {
	Number  int
	Heading string
	HTML    string
	Ground  string
}

// topOf is the level that headings in the minutes begin at: the page has its
// title, and each paragraph its heading.
const topOf = 3

// Document gives a meeting's minutes to be shown or printed, as the reader may
// see them.
func Document(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) (MinutesDocument, error) {
	r, err := reading(ctx, tx, meeting, holdNone)
	if err != nil {
		return MinutesDocument{}, err
	}
	m, err := r.minutes(ctx, tx)
	if err != nil {
		return MinutesDocument{}, err
	}
	d := newDocument(tx, m.Title, r.meeting.Date, r.meeting.BodyName, r.meeting.Demo)
	d.Draft = !m.State.Settled()
	if d.Draft {
		d.Marks = append([]string{d.Lang.T("minutes.draft")}, d.Marks...)
	} else {
		d.Hash = m.Hash
	}
	for _, p := range m.Paragraphs {
		out := d.paragraph(p.Number, p.Heading, p.Wording, p.Amendments)
		out.Masked = p.Masked
		if p.AdjustedAt != nil {
			out.Notes = append(out.Notes, d.Lang.T("minutes.attested_at_once", "day", day.At(*p.AdjustedAt)))
		}
		d.Paragraphs = append(d.Paragraphs, out)
	}
	for _, a := range m.Adjusters {
		if a.Paragraph == uuid.Nil && a.State == AdjusterAdjusted {
			d.attested(a)
		}
	}
	if len(d.Attested) == 0 && !d.Draft {
		key := "minutes.attested_nobody"
		if b, _ := bodyOf(tx, r.meeting.Body, r.meeting.On); b.Rules.Adjusting.By == "" {
			key = "minutes.attested_unruled"
		}
		d.Attested = append(d.Attested, d.Lang.T(key, "day", m.AdjustedOn))
	}
	for _, a := range m.Amendments {
		d.amendment(a.Number, a.Section, a.On, a.Wording, a.Ground)
	}
	return d, nil
}

// PublicDocument gives minutes that are public, to be shown or printed: with the
// same numbers, what is confidential masked.
func PublicDocument(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) (MinutesDocument, error) {
	p, err := GetPublic(ctx, tx, meeting)
	if err != nil {
		return MinutesDocument{}, err
	}
	if len(p.Paragraphs) == 0 {
		return MinutesDocument{}, fault.Missing()
	}
	m := p.Meeting
	d := newDocument(tx, p.Title, Date{On: m.On, Location: m.Location}, m.BodyName, m.Demo)
	d.Public = true
	for _, q := range p.Paragraphs {
		d.Paragraphs = append(d.Paragraphs, d.paragraph(q.Number, q.Heading, q.Wording, q.Amendments))
	}
	if !m.AdjustedOn.IsZero() {
		d.Attested = append(d.Attested, m.AdjustedOn.String())
	}
	for _, a := range p.Amendments {
		d.amendment(a.Number, a.Section, a.On, a.Wording, a.Ground)
	}
	return d, nil
}

// DocumentOf gives the extract of a decision to be shown or printed.
func DocumentOf(ctx context.Context, tx *pg.Tx, decision uuid.UUID) (MinutesDocument, error) {
	e, err := ExtractOf(ctx, tx, decision)
	if err != nil {
		return MinutesDocument{}, err
	}
	d := newDocument(tx, recordLang(tx).T("minutes.extract", "title", e.Title), e.Meeting.Date, e.Meeting.BodyName, e.Meeting.Demo)
	d.Paragraphs = append(d.Paragraphs, d.paragraph(e.Paragraph.Number, e.Paragraph.Heading, e.Paragraph.Wording, e.Paragraph.Amendments))
	for _, a := range e.Adjusters {
		d.attested(a)
	}
	for _, a := range e.Amendments {
		d.amendment(a.Number, a.Section, a.On, a.Wording, a.Ground)
	}
	return d, nil
}

func newDocument(tx *pg.Tx, title string, on Date, body string, demo bool) MinutesDocument {
	lang := recordLang(tx)
	d := MinutesDocument{Lang: lang, Title: title, County: tx.Config().Identity.Administration.In(string(lang))}
	for _, f := range []Fact{{"body", body}, {"on", on.On.String()}, {"where", on.Location}, {"number", on.RegistryNumber}} {
		if f.Value != "" {
			d.Facts = append(d.Facts, Fact{lang.T("minutes.fact." + f.Name), f.Value})
		}
	}
	if demo {
		d.Marks = append(d.Marks, lang.T("minutes.demo"))
	}
	return d
}

func (d *MinutesDocument) paragraph(number int, heading, wording string, amendments []int) DocumentParagraph {
	p := DocumentParagraph{Number: number, Section: d.Lang.T("minutes.section", "number", number), Heading: heading, HTML: markdown.HTML(wording, topOf)}
	if len(amendments) > 0 {
		numbers := make([]string, len(amendments))
		for i, n := range amendments {
			numbers[i] = strconv.Itoa(n)
		}
		p.Notes = append(p.Notes, d.Lang.T("minutes.amended", "count", len(numbers), "numbers", strings.Join(numbers, ", ")))
	}
	return p
}

func (d *MinutesDocument) attested(a Adjuster) {
	name := a.Name
	if a.Party != "" {
		name += ", " + a.Party
	}
	d.Attested = append(d.Attested, d.Lang.T("minutes.attested_by."+a.Role, "name", name, "day", day.At(*a.AdjustedAt)))
}

func (d *MinutesDocument) amendment(number, section int, on day.Day, wording, ground string) {
	key := "minutes.amendment"
	if section > 0 {
		key += "_of"
	}
	d.Amendments = append(d.Amendments, DocumentAmendment{Number: number, Heading: d.Lang.T(key, "number", number, "section", section, "day", on), HTML: markdown.HTML(wording, topOf+1),
		Ground: d.Lang.T("minutes.ground", "ground", ground)})
}
