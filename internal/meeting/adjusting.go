package meeting

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Who attests.
const (
	AttestsAsChair    = "chair"
	AttestsAsAdjuster = "adjuster"
)

// What is told by mail of minutes.
const (
	mailAdjust   = "adjust"   // it is somebody's turn to attest them
	mailReturned = "returned" // they have been sent back to who writes them
	mailMinutes  = "minutes"  // they have been adjusted
	mailShare    = "share"    // a party has been given something
)

// How far an adjuster has come.
const (
	AdjusterWaits    = "waiting"  // has not been asked yet
	AdjusterAsked    = "asked"    // has it to read
	AdjusterAdjusted = "adjusted" // has attested this text
	AdjusterOlder    = "older"    // has attested a text that has changed since
	AdjusterDeclined = "declined"
	AdjusterGone     = "gone" // is there no longer, and has not attested: another is chosen
)

// Adjuster is one who attests the minutes, or one paragraph of them.
type Adjuster struct {
	ID         uuid.UUID  `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Paragraph  uuid.UUID  `json:"paragraph,omitzero" doc:"The paragraph, where it is adjusted at once. Left out: all of it." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Person     uuid.UUID  `json:"person" doc:"Who." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name       string     `json:"name" doc:"What the person is called." example:"Kim Lind"`
	Party      string     `json:"party,omitempty" doc:"For whom." example:"Alvesta kommun"`
	Role       string     `json:"role" enum:"chair,adjuster" doc:"As what." example:"chair"`
	Position   int        `json:"position" doc:"Where in the order." example:"1"`
	State      string     `json:"state" enum:"waiting,asked,adjusted,older,declined,gone" doc:"How far it has come; older: what was attested has changed since; gone: the person is there no longer, so that another is chosen." example:"adjusted"`
	AdjustedAt *time.Time `json:"adjustedAt,omitempty" doc:"When the person attested it." example:"2027-04-22T08:10:00Z"`
	Hash       string     `json:"hash,omitempty" doc:"The digest of exactly the text that was read, SHA-256 in hexadecimal." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	DeclinedAt *time.Time `json:"declinedAt,omitempty" doc:"When the person declined." example:"2027-04-22T08:10:00Z"`
	Reason     string     `json:"reason,omitempty" doc:"Why the person declined." example:"Reservationen i § 5 saknas"`
}

// adjuster is one as it stands to the text as it is.
func (b book) adjuster(r meetingdb.AdjustingsRow) Adjuster {
	a := r.Adjusting
	out := Adjuster{ID: a.ID, Paragraph: a.ParagraphID.UUID, Person: a.PersonID, Name: r.Name, Party: r.Party, Role: a.Role, Position: int(a.Position), State: AdjusterWaits,
		AdjustedAt: a.AdjustedAt, DeclinedAt: a.DeclinedAt, Reason: a.Reason}
	switch {
	case a.DeclinedAt != nil:
		out.State = AdjusterDeclined
	case a.AdjustedAt != nil:
		out.State, out.Hash = AdjusterAdjusted, hex.EncodeToString(a.Hash)
		if !bytes.Equal(a.Hash, b.text(a.ParagraphID.UUID)) {
			out.State = AdjusterOlder
		}
	case r.Gone:
		out.State = AdjusterGone
	case a.AskedAt != nil:
		out.State = AdjusterAsked
	}
	return out
}

// text is the digest of what is attested: one paragraph, or (zero) all of it.
func (b book) text(paragraph uuid.UUID) []byte {
	if paragraph == uuid.Nil {
		return b.digest()
	}
	p, _ := b.paragraph(paragraph)
	return digest(p.verse())
}

// of are those who attest a paragraph, or (zero) all of it, in order.
func (b book) of(paragraph uuid.UUID) []Adjuster {
	var as []Adjuster
	for _, r := range b.adjusters {
		if r.Adjusting.ParagraphID.UUID == paragraph {
			as = append(as, b.adjuster(r))
		}
	}
	return as
}

// AskAdjusters sends the draft to be adjusted: the first in the order is asked.
// Where nobody attests, it stands adjusted at once.
func AskAdjusters(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, version int64) (Minutes, error) {
	m, _, err := led(ctx, tx, meeting, version, Minuted)
	if err != nil {
		return Minutes{}, err
	}
	body, _ := bodyOf(tx, m.Body, m.On)
	b, err := openBook(ctx, tx, m)
	if err != nil {
		return Minutes{}, err
	}
	chosen := b.of(uuid.Nil)
	if len(chosen) == 0 && (body.Rules.Adjusting.By == tenant.AdjustedByChair || body.Rules.Adjusting.By == tenant.AdjustedByAll) {
		if m, b, chosen, err = chooseByRule(ctx, tx, m); err != nil {
			return Minutes{}, err
		}
	}
	if err := complete(body, m, chosen); err != nil {
		return Minutes{}, err
	}
	for _, p := range b.paragraphs {
		if left := b.of(p.ID); p.AdjustedAt == nil && slices.ContainsFunc(left, func(a Adjuster) bool { return a.State == AdjusterAsked }) {
			return Minutes{}, fault.New(fault.Conflict, "adjusting.paragraph_asked").With("number", p.Number)
		}
	}
	if err := b.upToDate(ctx, tx, "adjusting.unread"); err != nil {
		return Minutes{}, err
	}
	if err := onward(ctx, tx, b, uuid.Nil); err != nil {
		return Minutes{}, err
	}
	return MinutesOf(ctx, tx, meeting)
}

// chooseByRule writes down those whom the rule itself names.
func chooseByRule(ctx context.Context, tx *pg.Tx, m Meeting) (Meeting, book, []Adjuster, error) {
	if _, err := ChooseAdjusters(ctx, tx, m.ID, m.Version, Choice{}); err != nil {
		return m, book{}, nil, err
	}
	m, err := get(ctx, tx, m.ID)
	if err != nil {
		return m, book{}, nil, err
	}
	b, err := openBook(ctx, tx, m)
	return m, b, b.of(uuid.Nil), err
}

// onward asks the next in the order who has not attested this text; when all
// have, it stands.
func onward(ctx context.Context, tx *pg.Tx, b book, paragraph uuid.UUID) error {
	for _, a := range b.of(paragraph) {
		switch a.State {
		case AdjusterAdjusted:
			continue
		case AdjusterAsked:
			_, err := touch(ctx, tx, b.meeting)
			return err
		case AdjusterGone:
			return fault.New(fault.Conflict, "adjusting.gone").With("name", a.Name)
		}
		row, err := meetingdb.New(tx).AskedAdjuster(ctx, meetingdb.AskedAdjusterParams{ID: a.ID, AskedAt: &tx.Now})
		if err != nil {
			return err
		}
		m, err := touch(ctx, tx, b.meeting)
		if err != nil {
			return err
		}
		// Asked again is told again: the number says which time it is.
		m.Sequence = int(row.Version)
		return post(ctx, tx, m, parcel{event: mailAdjust, people: []uuid.UUID{a.Person}, about: a.ID})
	}
	if paragraph != uuid.Nil {
		if err := meetingdb.New(tx).AdjustedParagraph(ctx, meetingdb.AdjustedParagraphParams{ID: paragraph, AdjustedAt: &tx.Now}); err != nil {
			return err
		}
		_, err := touch(ctx, tx, b.meeting)
		return err
	}
	return settleMinutes(ctx, tx, b)
}

// Attest is what somebody attests.
type Attest struct {
	Paragraph uuid.UUID `json:"paragraph,omitzero" doc:"The paragraph, where it is adjusted at once. Left out: all of it." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Hash      string    `json:"hash" minLength:"64" maxLength:"64" pattern:"^[0-9a-f]{64}$" patternDescription:"a digest of 64 hexadecimal figures" doc:"The digest of exactly the text that was read." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
}

// Adjust attests exactly the text that was read, in turn. A text that has changed
// since is shown again. When all have attested the same text, it stands for ever.
func Adjust(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, version int64, a Attest) (Minutes, error) {
	b, mine, err := asks(ctx, tx, meeting, a.Paragraph)
	if err != nil {
		return Minutes{}, err
	}
	read, err := hex.DecodeString(a.Hash)
	if err != nil || len(read) != sha256.Size {
		return Minutes{}, fault.Bad("adjusting.hash", "/hash")
	}
	same := bytes.Equal(read, b.text(a.Paragraph))
	if same && mine.State == AdjusterAdjusted { // said twice is said once
		return MinutesOf(ctx, tx, meeting)
	}
	if !same || b.meeting.Version != version {
		return Minutes{}, moved(ctx, tx, meeting)
	}
	if err := b.settled(ctx, tx, a.Paragraph); err != nil {
		return Minutes{}, err
	}
	if err := meetingdb.New(tx).AttestedAdjuster(ctx, meetingdb.AttestedAdjusterParams{ID: mine.ID, AdjustedAt: &tx.Now, Hash: read}); err != nil {
		return Minutes{}, err
	}
	if b, err = openBook(ctx, tx, b.meeting); err != nil {
		return Minutes{}, err
	}
	if err := onward(ctx, tx, b, a.Paragraph); err != nil {
		return Minutes{}, err
	}
	return MinutesOf(ctx, tx, meeting)
}

// settled refuses to attest a text that no longer tells what has been noted, and at
// once what the meeting has taken up again since it was asked.
func (b book) settled(ctx context.Context, tx *pg.Tx, paragraph uuid.UUID) error {
	if paragraph == uuid.Nil {
		return b.upToDate(ctx, tx, "adjusting.stale")
	}
	p, _ := b.paragraph(paragraph)
	i, err := meetingdb.New(tx).LiveItem(ctx, p.Item)
	if err == nil && i.Outcome == "" {
		err = fault.New(fault.Conflict, "adjusting.not_settled")
	}
	if err != nil || b.meeting.State == Minuted && !p.Edited {
		return err
	}
	now, planned, err := b.written(ctx, tx, PartItem, p.Item)
	if err == nil && (!planned || b.older(p, now)) {
		err = fault.New(fault.Conflict, "adjusting.stale").With("number", p.Number)
	}
	return err
}

// Declining is why somebody does not attest.
type Declining struct {
	Paragraph uuid.UUID `json:"paragraph,omitzero" doc:"The paragraph, where it is adjusted at once. Left out: all of it." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Reason    string    `json:"reason" minLength:"1" maxLength:"2000" doc:"What is wrong." example:"Reservationen i § 5 saknas"`
}

// SendBack declines to attest: the draft goes back to whoever writes it, with
// what is wrong. Who led the meeting and who noted at it are told.
func SendBack(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, version int64, d Declining) (Minutes, error) {
	b, mine, err := asks(ctx, tx, meeting, d.Paragraph)
	if err != nil {
		return Minutes{}, err
	}
	if b.meeting.Version != version {
		return Minutes{}, moved(ctx, tx, meeting)
	}
	if d.Reason = trimmed(d.Reason); d.Reason == "" {
		return Minutes{}, fault.Bad("adjusting.declined", "/reason")
	}
	q := meetingdb.New(tx)
	declined, err := q.DeclinedAdjuster(ctx, meetingdb.DeclinedAdjusterParams{ID: mine.ID, DeclinedAt: &tx.Now, Reason: d.Reason})
	if err != nil {
		return Minutes{}, at(err)
	}
	if err := q.RecallAdjusters(ctx, meetingdb.RecallAdjustersParams{MeetingID: meeting, ParagraphID: maybe(d.Paragraph)}); err != nil {
		return Minutes{}, err
	}
	m, err := touch(ctx, tx, b.meeting)
	if err != nil {
		return Minutes{}, err
	}
	m.Sequence = int(declined.Version) // sent back again is told again
	if err := tellReturned(ctx, tx, m, mine.ID); err != nil {
		return Minutes{}, err
	}
	return MinutesOf(ctx, tx, meeting)
}

// tellReturned tells who led the meeting and who noted at it that the draft has come
// back, unless it is he who sent it.
func tellReturned(ctx context.Context, tx *pg.Tx, m Meeting, adjusting uuid.UUID) error {
	chair := m.Chair
	switch s, err := sit(ctx, tx, m); {
	case err == nil:
		chair = s.chair()
	case !fault.Is(err, "meeting.body_gone"):
		return err
	}
	told := parcel{event: mailReturned, about: adjusting}
	for _, who := range []uuid.UUID{chair, m.Secretary} {
		if who != uuid.Nil && who != tx.Person && !slices.Contains(told.people, who) {
			told.people = append(told.people, who)
		}
	}
	return post(ctx, tx, m, told)
}

// moved is the fault of who has read minutes that are others now.
func moved(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) error {
	now, err := MinutesOf(ctx, tx, meeting)
	if err != nil {
		return err
	}
	return fault.Changed(now)
}

// asks gives the minutes to somebody whose turn it is to attest them, or who has.
func asks(ctx context.Context, tx *pg.Tx, meeting, paragraph uuid.UUID) (book, Adjuster, error) {
	r, err := reading(ctx, tx, meeting, holdAlone)
	if err != nil {
		return r.book, Adjuster{}, err
	}
	if paragraph != uuid.Nil {
		err = r.meeting.in(Open, Closed, Minuted)
	} else {
		err = r.meeting.in(Minuted)
	}
	if err != nil {
		return r.book, Adjuster{}, err
	}
	for _, a := range r.of(paragraph) {
		if a.Person != tx.Person {
			continue
		}
		if p, _ := r.paragraph(paragraph); a.State != AdjusterAsked && a.State != AdjusterAdjusted || p.AdjustedAt != nil {
			return r.book, a, fault.New(fault.Conflict, "adjusting.not_your_turn")
		}
		return r.book, a, nil
	}
	return r.book, Adjuster{}, fault.New(fault.Forbidden, "adjusting.not_yours")
}

// rewritten follows a change of the text: whoever had attested an older one, and
// is next in the order, is asked again.
func rewritten(ctx context.Context, tx *pg.Tx, m Meeting) error {
	b, err := openBook(ctx, tx, m)
	if err != nil {
		return err
	}
	for _, scope := range b.scopes() {
		as := b.of(scope)
		under := slices.ContainsFunc(as, func(a Adjuster) bool { return a.State == AdjusterAsked })
		older := slices.IndexFunc(as, func(a Adjuster) bool { return a.State == AdjusterOlder })
		if under && older >= 0 {
			// Who is asked now waits until it is his turn again.
			if err := meetingdb.New(tx).RecallAdjusters(ctx, meetingdb.RecallAdjustersParams{MeetingID: m.ID, ParagraphID: maybe(scope)}); err != nil {
				return err
			}
			if b, err = openBook(ctx, tx, m); err != nil {
				return err
			}
			if err := onward(ctx, tx, b, scope); err != nil {
				return err
			}
		}
	}
	_, err = touch(ctx, tx, m)
	return err
}

// scopes are what is being attested: all of it (zero), and paragraphs at once.
func (b book) scopes() []uuid.UUID {
	scopes := []uuid.UUID{uuid.Nil}
	for _, p := range b.paragraphs {
		if p.AdjustedAt == nil && len(b.of(p.ID)) > 0 {
			scopes = append(scopes, p.ID)
		}
	}
	return scopes
}
