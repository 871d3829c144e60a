package meeting

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Paragraph is a numbered paragraph of the minutes.
type Paragraph struct {
	ID            uuid.UUID  `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Number        int        `json:"number" doc:"Its number: § 4." example:"4"`
	Part          string     `json:"part,omitempty" enum:",opening,attendance,adjusters,item,closing" doc:"Which part of the minutes it is." example:"item"`
	Item          uuid.UUID  `json:"item,omitzero" doc:"The matter that it is about." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Heading       string     `json:"heading" doc:"Its heading." example:"Boende som övergripande område"`
	Wording       string     `json:"wording" doc:"Its text. Markdown." example:"Forum beslutar: …"`
	Confidential  bool       `json:"confidential,omitempty" doc:"Whether only those who sit may read it; others read that it is masked." example:"false"`
	Masked        bool       `json:"masked,omitempty" doc:"Whether it is masked for the reader." example:"false"`
	PublicHeading string     `json:"publicHeading,omitempty" doc:"The heading that the public reads, where it is another." example:"Ärende om boende"`
	PublicWording string     `json:"publicWording,omitempty" doc:"The text that the public reads, where it is another. Markdown." example:"Forum beslutar: …"`
	Edited        bool       `json:"edited,omitempty" doc:"Whether somebody has written in it: a new draft leaves it as it is." example:"true"`
	Stale         bool       `json:"stale,omitempty" doc:"Whether something has been noted since somebody wrote in it. Told to who writes the minutes." example:"true"`
	Afresh        *Afresh    `json:"afresh,omitempty" doc:"How it would be written now, where something has been noted since somebody wrote in it."`
	AdjustedAt    *time.Time `json:"adjustedAt,omitempty" doc:"When it was adjusted at once, before the rest." example:"2027-04-15T09:10:00Z"`
	Hash          string     `json:"hash,omitempty" doc:"The digest of exactly this text, SHA-256 in hexadecimal." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	Amendments    []int      `json:"amendments,omitempty" doc:"The numbers of the corrections that have been made of it since."`
	Public        bool       `json:"public" doc:"Whether the public may read it." example:"false"`
	Version       int64      `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`
}

// ETag is the version as HTTP wants it.
func (p Paragraph) ETag() string { return strconv.FormatInt(p.Version, 10) }

// Minutes are a meeting's minutes, or notes, as they stand.
type Minutes struct {
	Meeting    uuid.UUID   `json:"meeting" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	State      State       `json:"state" enum:"announced,draft,called,open,closed,drafted,adjusted,published,cancelled" doc:"How far the meeting has come." example:"drafted"`
	Record     string      `json:"record" enum:"minutes,notes" doc:"Whether they are minutes or notes." example:"minutes"`
	Title      string      `json:"title" doc:"What they are called." example:"Protokoll: Forum 2027-04-15"`
	Paragraphs []Paragraph `json:"paragraphs" nullable:"false" doc:"The paragraphs, in order."`
	Adjusters  []Adjuster  `json:"adjusters" nullable:"false" doc:"Who attests, in order."`
	Amendments []Amendment `json:"amendments" nullable:"false" doc:"The corrections that have been made since."`
	Asked      bool        `json:"asked" doc:"Whether they have been sent to be adjusted." example:"true"`
	Hash       string      `json:"hash,omitempty" doc:"The digest of exactly this text, SHA-256 in hexadecimal. Left out where a part is masked for the reader." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	AdjustedOn day.Day     `json:"adjustedOn,omitzero" doc:"The day they were adjusted." example:"2027-04-29"`
	Leads      bool        `json:"leads" doc:"Whether the reader writes them." example:"true"`
	Version    int64       `json:"version" doc:"The meeting's version, which moves with each change; it is the ETag." example:"7"`
}

// ETag is the version as HTTP wants it.
func (m Minutes) ETag() string { return strconv.FormatInt(m.Version, 10) }

// script is a text as it is attested: what is in it cannot change without its
// digest changing.
type script struct {
	Record     string  `json:"record"`
	Title      string  `json:"title"`
	Paragraphs []verse `json:"paragraphs"`
}

type verse struct {
	Number       int    `json:"number"`
	Heading      string `json:"heading"`
	Wording      string `json:"wording"`
	Confidential bool   `json:"confidential"`
}

func (p Paragraph) verse() verse { return verse{p.Number, p.Heading, p.Wording, p.Confidential} }

func digest(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings, numbers and truths always can
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// book is a meeting's minutes in full, whoever asks.
type book struct {
	meeting    Meeting
	record     string
	title      string
	paragraphs []Paragraph
	noted      map[uuid.UUID][]byte // by paragraph: of what was noted when somebody wrote in it
	adjusters  []meetingdb.AdjustingsRow
	sealed     []byte // the digest that was adjusted
}

func openBook(ctx context.Context, tx *pg.Tx, m Meeting) (book, error) {
	b := book{meeting: m, record: RecordOf(tx, m), title: recordTitle(tx, m), noted: map[uuid.UUID][]byte{}}
	q := meetingdb.New(tx)
	if m.State.Settled() { // as it was then, whatever the county has written into its configuration since
		switch row, err := q.MinutesOf(ctx, m.ID); {
		case fault.Is(err, "common.not_found"): // they came in from a register of before
		case err != nil:
			return b, err
		default:
			var kept script
			if err := json.Unmarshal(row.Body, &kept); err != nil {
				return b, err
			}
			b.record, b.title, b.sealed = row.Record, kept.Title, row.Hash
		}
	}
	rows, err := q.Paragraphs(ctx, m.ID)
	if err != nil {
		return b, err
	}
	for _, r := range rows {
		b.paragraphs = append(b.paragraphs, madeParagraph(r))
		b.noted[r.ID] = r.Noted
	}
	b.adjusters, err = q.Adjustings(ctx, meetingdb.AdjustingsParams{MeetingID: m.ID, Today: tx.Today()})
	return b, err
}

// RecordOf tells whether minutes or notes are kept of a meeting: as the body's
// rule says; where it says nothing, minutes where something is decided.
func RecordOf(tx *pg.Tx, m Meeting) string {
	b, _ := bodyOf(tx, m.Body, m.On)
	switch {
	case b.Rules.Record != "":
		return b.Rules.Record
	case decides(b):
		return tenant.RecordMinutes
	}
	return tenant.RecordNotes
}

// decides tells whether a body decides anything at all.
func decides(b tenant.Body) bool { return len(b.Decides) > 0 && b.Rules.Decision.Decides() }

// recordLang is the language that minutes are kept in: the county's first.
func recordLang(tx *pg.Tx) text.Lang {
	if langs := tx.Config().Identity.Languages; len(langs) > 0 {
		return text.Accept(langs[0], "")
	}
	return text.Swedish
}

// recordTitle is what the minutes of a meeting are called.
func recordTitle(tx *pg.Tx, m Meeting) string {
	key := "minutes.title." + RecordOf(tx, m)
	if m.Kind == KindWritten {
		key += ".written"
	}
	return recordLang(tx).T(key, "meeting", m.summary(), "day", m.On.String())
}

func (b book) script() script {
	s := script{Record: b.record, Title: b.title}
	for _, p := range b.paragraphs {
		s.Paragraphs = append(s.Paragraphs, p.verse())
	}
	return s
}

// digest is the digest of the text as it is; once adjusted, as it was then.
func (b book) digest() []byte {
	if b.sealed != nil {
		return b.sealed
	}
	return digest(b.script())
}

// Intact tells whether minutes that have been adjusted are still word for word
// what was attested.
func Intact(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) (bool, error) {
	r, err := reading(ctx, tx, meeting, holdNone)
	if err != nil || r.sealed == nil {
		return false, err
	}
	return bytes.Equal(r.sealed, digest(r.script())), nil
}

// paragraph finds one by its identifier.
func (b book) paragraph(id uuid.UUID) (Paragraph, bool) {
	i := slices.IndexFunc(b.paragraphs, func(p Paragraph) bool { return p.ID == id })
	if i < 0 {
		return Paragraph{}, false
	}
	return b.paragraphs[i], true
}

// attests tells whether somebody has been asked to attest a paragraph, or (zero) all
// of it.
func (b book) attests(who, paragraph uuid.UUID) bool {
	return who != uuid.Nil && slices.ContainsFunc(b.adjusters, func(a meetingdb.AdjustingsRow) bool {
		return a.Adjusting.PersonID == who && a.Adjusting.ParagraphID.UUID == paragraph && (a.Adjusting.AskedAt != nil || a.Adjusting.AdjustedAt != nil || a.Adjusting.DeclinedAt != nil)
	})
}

// reader is what somebody may see of a meeting's minutes.
type reader struct {
	book
	person uuid.UUID
	leads  bool
	draft  bool // also before they are adjusted
	secret bool // also what is confidential
}

// shows tells whether a paragraph is there for the reader.
func (r reader) shows(p Paragraph) bool {
	return r.draft || p.AdjustedAt != nil || r.attests(r.person, p.ID)
}

// masks tells whether the reader only learns that there is a paragraph.
func (r reader) masks(p Paragraph) bool {
	return p.Confidential && !r.secret && !r.attests(r.person, p.ID)
}

// reading gives a meeting's minutes to who may read them: what has been adjusted
// to all who see the meeting and to the parties it was shared with, a draft to
// those who write and attest it and to the parties it was shared with. Who has been
// asked for one paragraph alone reads that one before it is adjusted.
func reading(ctx context.Context, tx *pg.Tx, id uuid.UUID, h hold) (reader, error) {
	m, s, err := enter(ctx, tx, id, h)
	var shared bool
	switch {
	case fault.Is(err, "common.not_found"):
		// A party that does not sit there can have been given them all the same.
		if shared, err = sharedWith(ctx, tx, id); err != nil || !shared {
			return reader{}, orMissing(err)
		}
		if m, err = get(ctx, tx, id); err != nil {
			return reader{}, err
		}
	case err != nil:
		return reader{}, err
	}
	r := reader{person: tx.Person}
	if r.book, err = openBook(ctx, tx, m); err != nil {
		return r, err
	}
	switch err := leads(ctx, tx, m, s); {
	case err == nil:
		r.leads = true
	case !fault.Is(err, "meeting.not_leading") && !fault.Is(err, "meeting.body_gone"):
		return r, err
	}
	if !r.leads && !shared {
		if shared, err = sharedWith(ctx, tx, id); err != nil {
			return r, err
		}
	}
	attests := r.attests(tx.Person, uuid.Nil)
	r.draft = r.leads || attests || shared || m.State.Settled()
	r.secret = s.secret(m) || attests || r.leads
	return r, nil
}

func orMissing(err error) error {
	if err != nil {
		return err
	}
	return fault.Missing()
}

// MinutesReadable tells whether there is anything of the minutes of a meeting that
// has been held for the actor to read.
func MinutesReadable(ctx context.Context, tx *pg.Tx, m Meeting) (bool, error) {
	if m.State.Settled() || tx.May(auth.MeetingPrepare) {
		return true, nil
	}
	_, err := MinutesOf(ctx, tx, m.ID)
	if fault.Is(err, "minutes.not_yet") {
		return false, nil
	}
	return err == nil, err
}

// MinutesOf gives a meeting's minutes as the reader may see them, and who attests
// what of it he reads. Before they are adjusted those who only see the meeting read
// what was adjusted at once.
func MinutesOf(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) (Minutes, error) {
	r, err := reading(ctx, tx, meeting, holdNone)
	if err != nil {
		return Minutes{}, err
	}
	return r.minutes(ctx, tx)
}

func (r reader) minutes(ctx context.Context, tx *pg.Tx) (Minutes, error) {
	m := Minutes{Meeting: r.meeting.ID, State: r.meeting.State, Record: r.record, Title: r.title, Paragraphs: []Paragraph{}, Adjusters: []Adjuster{},
		Amendments: []Amendment{}, Leads: r.leads, Version: r.meeting.Version}
	amendments, err := amendments(ctx, tx, r.meeting.ID)
	if err != nil {
		return m, err
	}
	var stale map[uuid.UUID]Afresh
	if r.leads && !r.meeting.State.Settled() {
		if stale, err = r.stale(ctx, tx); err != nil {
			return m, err
		}
	}
	masked, read := map[uuid.UUID]bool{}, map[uuid.UUID]bool{uuid.Nil: true}
	for _, p := range r.paragraphs {
		if !r.shows(p) {
			continue
		}
		if r.masks(p) {
			p = p.masked(recordLang(tx))
			masked[p.ID] = true
		}
		read[p.ID] = !masked[p.ID]
		for _, a := range amendments {
			if a.Paragraph == p.ID {
				p.Amendments = append(p.Amendments, a.Number)
			}
		}
		if now, ok := stale[p.ID]; ok {
			p.Stale, p.Afresh = true, &now
		}
		m.Paragraphs = append(m.Paragraphs, p)
	}
	switch {
	case len(m.Paragraphs) == 0 && r.meeting.State.Held() && !r.draft:
		return m, fault.New(fault.Forbidden, "minutes.not_yet").With("who", auth.Holders(auth.MeetingPrepare))
	case len(masked) == 0 && r.draft && len(m.Paragraphs) > 0:
		m.Hash = hex.EncodeToString(r.digest())
	}
	for _, a := range amendments {
		if !masked[a.Paragraph] {
			a.number(r.paragraphs)
			m.Amendments = append(m.Amendments, a)
		}
	}
	for _, a := range r.adjusters {
		if read[a.Adjusting.ParagraphID.UUID] { // that somebody attests it tells that it is there
			of := r.adjuster(a)
			if !a.Adjusting.ParagraphID.Valid && !r.draft {
				of.Reason = "" // it is about a text that the reader may not read
			}
			m.Adjusters = append(m.Adjusters, of)
		}
		m.Asked = m.Asked || !a.Adjusting.ParagraphID.Valid && a.Adjusting.AskedAt != nil
	}
	if r.meeting.AdjustedAt != nil {
		m.AdjustedOn = day.At(*r.meeting.AdjustedAt)
	}
	return m, nil
}

// masked is a paragraph for those who may not read it: its number, and that
// there is something.
func (p Paragraph) masked(lang text.Lang) Paragraph {
	return Paragraph{ID: p.ID, Number: p.Number, Heading: lang.T("minutes.masked"), Masked: true, AdjustedAt: p.AdjustedAt, Public: p.Public, Version: p.Version}
}

func madeParagraph(r meetingdb.MinutesParagraph) Paragraph {
	p := Paragraph{ID: r.ID, Number: int(r.Number), Part: r.Part, Item: r.ItemID.UUID, Heading: r.Heading, Wording: r.Wording, Confidential: r.Confidential,
		PublicHeading: r.PublicHeading, PublicWording: r.PublicWording, Edited: r.Edited, AdjustedAt: r.AdjustedAt, Public: r.Published, Version: r.Version}
	p.Hash = hex.EncodeToString(digest(p.verse()))
	return p
}

// touch moves a meeting's version, for its minutes have changed.
func touch(ctx context.Context, tx *pg.Tx, m Meeting) (Meeting, error) {
	row, err := meetingdb.New(tx).TouchMeeting(ctx, m.ID)
	tx.Notify("meeting", m.ID)
	return made(tx, row), err
}
