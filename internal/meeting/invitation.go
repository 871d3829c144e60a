package meeting

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/governance"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
)

// Invitation is a person who is called to a meeting, as what, and what was answered.
type Invitation struct {
	ID           uuid.UUID  `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Meeting      uuid.UUID  `json:"meeting" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Person       uuid.UUID  `json:"person" doc:"Who." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name         string     `json:"name" doc:"What the person is called." example:"Kim Lind"`
	Title        string     `json:"title,omitempty" doc:"The person's office." example:"Kommunchef"`
	Role         string     `json:"role" enum:"member,deputy,adjunct,guest,staff" doc:"As what." example:"member"`
	Place        string     `json:"place,omitempty" doc:"The place, by key." example:"municipality/alvesta"`
	Mandate      uuid.UUID  `json:"mandate,omitzero" doc:"The mandate by which the person is called." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Organisation uuid.UUID  `json:"organisation,omitzero" doc:"The party the person speaks for." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Party        string     `json:"party,omitempty" doc:"What the party is called." example:"Alvesta kommun"`
	InsteadOf    uuid.UUID  `json:"insteadOf,omitzero" doc:"The member's invitation in whose place this deputy is called." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	InvitedAt    time.Time  `json:"invitedAt" doc:"When the person was called." example:"2027-03-25T09:00:00Z"`
	WithdrawnAt  *time.Time `json:"withdrawnAt,omitempty" doc:"When it was taken back: the one in whose place comes after all, or the mandate has ended." example:"2027-04-02T09:00:00Z"`
	Answer       string     `json:"answer,omitempty" enum:",yes,no,remote" doc:"What was answered. Left out: nothing yet." example:"yes"`
	AnsweredAt   *time.Time `json:"answeredAt,omitempty" doc:"When." example:"2027-03-28T09:00:00Z"`
	AnsweredHow  string     `json:"answeredHow,omitempty" enum:",page,link,calendar,secretary" doc:"By which way." example:"link"`
	Note         string     `json:"note,omitempty" doc:"What was written to the answer." example:"Kommer en kvart sent."`
	Version      int64      `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`

	over bool
	left bool // the person's card does not hold at the meeting
}

// Over tells whether the mandate that the invitation rests on, or the person's card,
// does not hold at the meeting, or no longer: it invites to nothing, and cannot be
// answered.
func (i Invitation) Over() bool { return i.over }

// ETag is the version as HTTP wants it.
func (i Invitation) ETag() string { return strconv.FormatInt(i.Version, 10) }

// What can be answered.
const (
	AnswerYes    = "yes"
	AnswerNo     = "no"
	AnswerRemote = "remote"
)

// By which way an answer came.
const (
	byPage      = "page"
	byLink      = "link"
	byCalendar  = "calendar"
	bySecretary = "secretary"
)

func madeInvitation(i meetingdb.Invitation, name, title, party string) Invitation {
	return Invitation{ID: i.ID, Meeting: i.MeetingID, Person: i.PersonID, Name: name, Title: title, Role: i.Role, Place: i.Place, Mandate: i.MandateID.UUID,
		Organisation: i.OrganisationID.UUID, Party: party, InsteadOf: i.InsteadOf.UUID, InvitedAt: i.InvitedAt, WithdrawnAt: i.WithdrawnAt, Answer: i.Answer,
		AnsweredAt: i.AnsweredAt, AnsweredHow: i.AnsweredHow, Note: i.Note, Version: i.Version}
}

// Invitations are those who are called to a meeting, those no longer needed among
// them, by role, party and name.
func Invitations(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) ([]Invitation, error) {
	m, err := get(ctx, tx, meeting)
	if err != nil {
		return nil, err
	}
	s, err := sees(ctx, tx)
	if err != nil {
		return nil, err
	}
	if err := s.needs(m); err != nil {
		return nil, err
	}
	return invitations(ctx, tx, meeting)
}

// standing is of a meeting what tells whether a mandate still holds there.
func standing(state, kind string, on day.Day) Meeting {
	return Meeting{State: State(state), Date: Date{Kind: kind, On: on}}
}

func invitations(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) ([]Invitation, error) {
	rows, err := meetingdb.New(tx).Invitations(ctx, meeting)
	all := make([]Invitation, len(rows))
	for n, r := range rows {
		all[n] = madeInvitation(r.Invitation, r.Name, r.Title, r.Party)
		at := standing(r.State, r.Kind, r.OnDay)
		all[n].over = lapsed(at, r.ValidFrom, r.ValidTo, tx.Today())
		all[n].left = lapsed(at, day.Day{}, r.LeftOn, tx.Today())
	}
	return all, err
}

func invitation(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Invitation, error) {
	r, err := meetingdb.New(tx).Invitation(ctx, id)
	i := madeInvitation(r.Invitation, r.Name, r.Title, r.Party)
	i.over = lapsed(standing(r.State, r.Kind, r.OnDay), r.ValidFrom, r.ValidTo, tx.Today())
	return i, err
}

// GetInvitation gives one invitation of a meeting that the actor may see.
func GetInvitation(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Invitation, error) {
	i, err := invitation(ctx, tx, id)
	if err != nil {
		return Invitation{}, err
	}
	m, err := get(ctx, tx, i.Meeting)
	if err != nil {
		return Invitation{}, err
	}
	s, err := sees(ctx, tx)
	if err != nil {
		return Invitation{}, err
	}
	return i, s.needs(m)
}

// Own is an invitation of the actor's, and the meeting that it is to.
type Own struct {
	Invitation
	Of Meeting
}

// Mine are the actor's own invitations to coming meetings, by day; silent asks
// for those that have not been answered. To a written procedure nobody is asked
// whether he comes: it waits until all that is to be decided there has his vote.
func Mine(ctx context.Context, tx *pg.Tx, silent bool) ([]Own, error) {
	if tx.Person == uuid.Nil {
		return []Own{}, nil
	}
	rows, err := meetingdb.New(tx).InvitationsOf(ctx, meetingdb.InvitationsOfParams{TenantID: tx.Tenant, PersonID: tx.Person, Today: tx.Today(), Silent: silent})
	all := make([]Own, 0, len(rows))
	for _, r := range rows {
		o := Own{madeInvitation(r.Invitation, r.Name, r.Title, r.Party), made(tx, r.Meeting)}
		if !lapsed(o.Of, r.ValidFrom, r.ValidTo, tx.Today()) {
			all = append(all, o)
		}
	}
	return all, err
}

// Guest is whom to call beside those who sit.
type Guest struct {
	Person uuid.UUID `json:"person" doc:"Who." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Role   string    `json:"role,omitempty" enum:"guest,staff" doc:"As what; left out: as guest." example:"guest"`
}

// InviteGuest calls one more to a meeting that has been called.
func InviteGuest(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, g Guest) (Invitation, error) {
	m, err := held(ctx, tx, meeting, Called, Open)
	if err != nil {
		return Invitation{}, err
	}
	called, err := whom(ctx, tx, m, nil, []uuid.UUID{g.Person})
	if fault.Is(err, "meeting.person_unknown") {
		return Invitation{}, fault.Bad("meeting.person_unknown", "/person")
	}
	if err != nil {
		return Invitation{}, err
	}
	i := called[slices.IndexFunc(called, func(i Invited) bool { return i.Person == g.Person })]
	if i.Role = "guest"; g.Role == "staff" {
		i.Role = "staff"
	}
	new, err := invite(ctx, tx, m, i, uuid.Nil)
	switch {
	case err != nil:
		return Invitation{}, err
	case !new:
		return Invitation{}, fault.New(fault.Conflict, "invitation.once").At("/person")
	}
	if err := post(ctx, tx, m, parcel{event: mailCall, people: []uuid.UUID{g.Person}, calendar: true}); err != nil {
		return Invitation{}, err
	}
	tx.Notify("meeting", m.ID)
	return invited(ctx, tx, m.ID, g.Person)
}

func invited(ctx context.Context, tx *pg.Tx, meeting, who uuid.UUID) (Invitation, error) {
	all, err := invitations(ctx, tx, meeting)
	if err != nil {
		return Invitation{}, err
	}
	for _, i := range all {
		if i.Person == who {
			return i, nil
		}
	}
	return Invitation{}, fault.Missing()
}

// Reply is an answer to an invitation.
type Reply struct {
	Answer string `json:"answer" enum:"yes,no,remote" doc:"Whether the person comes: yes, no, or from afar." example:"yes"`
	Note   string `json:"note,omitempty" maxLength:"1000" doc:"A word to the secretary." example:"Kommer en kvart sent."`
}

// Answered is an invitation with its answer, and what followed from it.
type Answered struct {
	Invitation Invitation  `json:"invitation" doc:"The invitation."`
	Deputy     *Invitation `json:"deputy,omitempty" doc:"The deputy who was called instead, or who is needed no longer."`
}

// Answer answers an invitation: one's own, or as the secretary for another. A
// member's "no" calls the next deputy by the body's rule; one who changes his
// mind comes back, and the deputy is told.
func Answer(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, r Reply) (Answered, error) {
	i, err := GetInvitation(ctx, tx, id)
	if err != nil {
		return Answered{}, err
	}
	how := byPage
	if i.Person != tx.Person || tx.Person == uuid.Nil {
		if err := tx.Require(auth.MeetingPrepare); err != nil {
			return Answered{}, err
		}
		how = bySecretary
	}
	if i.Version != version {
		return Answered{}, fault.Changed(i)
	}
	return answer(ctx, tx, i, r, how, tx.Now)
}

// Linked is what somebody with a link to answer by is shown: his own invitation
// and the meeting.
type Linked struct {
	Invitation Invitation `json:"invitation" doc:"The invitation."`
	Meeting    Meeting    `json:"meeting" doc:"The meeting."`
}

// ByToken gives the invitation that a link's secret opens. It asks for no right
// but the secret, in a unit of work of the system's.
func ByToken(ctx context.Context, tx *pg.Tx, token string) (Linked, error) {
	id, err := meetingdb.New(tx).InvitationByToken(ctx, meetingdb.InvitationByTokenParams{TenantID: tx.Tenant, TokenHash: hash(token)})
	if fault.Is(err, "common.not_found") {
		return Linked{}, fault.New(fault.NotFound, "invitation.link_unknown")
	}
	if err != nil {
		return Linked{}, err
	}
	i, err := invitation(ctx, tx, id)
	if err != nil {
		return Linked{}, err
	}
	m, err := get(ctx, tx, i.Meeting)
	if err == nil && i.Over() {
		err = i.ended(m)
	}
	return Linked{i, m}, err
}

// ended says that an invitation holds no longer, and whom to ask.
func (i Invitation) ended(m Meeting) error {
	return fault.New(fault.Conflict, "invitation.ended").With("body", m.BodyName, "on", m.On, "who", auth.Holders(auth.MeetingPrepare))
}

// AnswerByToken is Answer by a link, without signing in. A version of 0 answers
// whatever the invitation has come to: a form that is sent twice says the same.
func AnswerByToken(ctx context.Context, tx *pg.Tx, token string, version int64, r Reply) (Answered, error) {
	l, err := ByToken(ctx, tx, token)
	if err != nil {
		return Answered{}, err
	}
	if version != 0 && version != l.Invitation.Version {
		return Answered{}, fault.Changed(l.Invitation)
	}
	return answer(ctx, tx, l.Invitation, r, byLink, tx.Now)
}

// Answerable refuses an answer to what there is nothing to answer of any more.
func (i Invitation) Answerable(m Meeting) error {
	switch {
	case m.State == Cancelled:
		return fault.New(fault.Conflict, "invitation.meeting_cancelled")
	case m.State != Called && m.State != Open:
		return fault.New(fault.Conflict, "invitation.meeting_over")
	case i.Over():
		return i.ended(m)
	case i.WithdrawnAt != nil:
		return fault.New(fault.Conflict, "invitation.not_needed")
	case m.Kind == KindWritten:
		return fault.New(fault.Conflict, "attendance.in_writing")
	}
	return nil
}

// answer keeps what was answered at an instant, and does what follows from it.
func answer(ctx context.Context, tx *pg.Tx, i Invitation, r Reply, how string, at time.Time) (Answered, error) {
	row, err := meetingdb.New(tx).LockMeeting(ctx, i.Meeting) // two answers at once call one deputy
	if err != nil {
		return Answered{}, err
	}
	m := made(tx, row)
	if i, err = invitation(ctx, tx, i.ID); err != nil { // as it is, now that the meeting is held
		return Answered{}, err
	}
	if err := i.Answerable(m); err != nil {
		return Answered{}, err
	}
	if !slices.Contains([]string{AnswerYes, AnswerNo, AnswerRemote}, r.Answer) {
		return Answered{}, fault.Bad("invitation.answer", "/answer")
	}
	r.Note = trimmed(r.Note)
	if i.Answer == r.Answer && i.Note == r.Note {
		return Answered{Invitation: i}, nil
	}
	if i.AnsweredAt != nil && at.Before(*i.AnsweredAt) { // a letter that was long on its way
		return Answered{}, fault.New(fault.Conflict, "invitation.answered_since").With("at", day.At(*i.AnsweredAt))
	}
	err = meetingdb.New(tx).AnswerInvitation(ctx, meetingdb.AnswerInvitationParams{ID: i.ID, Answer: r.Answer, AnsweredAt: &at, AnsweredHow: how, Note: r.Note})
	if err != nil {
		return Answered{}, err
	}
	tx.Notify("meeting", m.ID)
	out := Answered{}
	switch {
	case r.Answer == AnswerNo && i.Answer != AnswerNo:
		out.Deputy, err = replace(ctx, tx, m, i)
	case r.Answer != AnswerNo && (i.Answer == AnswerNo || i.Answer == ""): // whose "no" was to another hour has no answer now
		out.Deputy, err = restore(ctx, tx, m, i)
	}
	if err != nil {
		return Answered{}, err
	}
	out.Invitation, err = invitation(ctx, tx, i.ID)
	return out, err
}

// replace calls the next deputy for the place of one who does not come, by the
// body's rule; nil where there is none.
func replace(ctx context.Context, tx *pg.Tx, m Meeting, gone Invitation) (*Invitation, error) {
	if gone.Role != "member" && gone.Role != "deputy" || gone.Place == "" {
		return nil, nil //nolint:nilnil // nobody comes in a guest's place
	}
	b, _ := bodyOf(tx, m.Body, m.On)
	form := b.Rules.Deputies.Form
	if form == tenant.DeputiesNone {
		return nil, nil //nolint:nilnil // the body has no deputies
	}
	sitting, err := governance.Members(ctx, tx, m.Body, m.On)
	if err != nil {
		return nil, err
	}
	all, err := invitations(ctx, tx, m.ID)
	if err != nil {
		return nil, err
	}
	before := map[uuid.UUID]Invitation{}
	for _, i := range all {
		before[i.Person] = i
	}
	instead := gone.ID
	if gone.InsteadOf != uuid.Nil {
		instead = gone.InsteadOf
	}
	at := slices.IndexFunc(sitting, func(s governance.Member) bool { return s.Key == gone.Place })
	if at < 0 {
		return nil, nil //nolint:nilnil // the place is no more
	}
	for _, i := range all { // called already, for a "no" to another hour
		if i.InsteadOf == instead && i.ID != gone.ID && i.WithdrawnAt == nil && i.Answer != AnswerNo && !i.Over() {
			return &i, nil
		}
	}
	q := meetingdb.New(tx)
	for _, d := range sitting[at].Deputies {
		if form == tenant.DeputiesPersonal && d.Pooled() {
			continue
		}
		was, known := before[d.Person]
		if known && was.WithdrawnAt == nil {
			continue // comes already, or has said no
		}
		if known {
			err = q.InviteAgain(ctx, meetingdb.InviteAgainParams{ID: was.ID, Role: "deputy", InsteadOf: maybe(instead), Place: gone.Place, MandateID: maybe(d.ID),
				OrganisationID: maybe(d.Organisation), InvitedAt: tx.Now})
		} else {
			_, err = invite(ctx, tx, m, Invited{Person: d.Person, Role: "deputy", Place: gone.Place, mandate: d.ID, organisation: d.Organisation}, instead)
		}
		if err != nil {
			return nil, err
		}
		i, err := invited(ctx, tx, m.ID, d.Person)
		if err != nil {
			return nil, err
		}
		return &i, post(ctx, tx, m, parcel{event: mailDeputy, people: []uuid.UUID{d.Person}, about: i.ID, calendar: true})
	}
	return nil, nil //nolint:nilnil // nobody is left to call
}

// restore tells the deputies who were called in somebody's place that he comes
// after all; the one who would have come is given.
func restore(ctx context.Context, tx *pg.Tx, m Meeting, back Invitation) (*Invitation, error) {
	all, err := invitations(ctx, tx, m.ID)
	if err != nil {
		return nil, err
	}
	var last *Invitation
	q := meetingdb.New(tx)
	place := back.ID // the member's invitation
	if back.InsteadOf != uuid.Nil {
		place = back.InsteadOf
	}
	for _, i := range all {
		if i.WithdrawnAt != nil || i.ID == back.ID || i.InsteadOf != place || back.InsteadOf != uuid.Nil && i.Answer == AnswerNo {
			continue
		}
		if err := q.StandDown(ctx, meetingdb.StandDownParams{ID: i.ID, WithdrawnAt: &tx.Now}); err != nil {
			return nil, err
		}
		if i.Answer == AnswerNo {
			continue // he has said himself that he does not come
		}
		if err := post(ctx, tx, m, parcel{event: mailStandDown, people: []uuid.UUID{i.Person}, about: i.ID, calendar: true}); err != nil {
			return nil, err
		}
		i.WithdrawnAt = &tx.Now
		last = &i
	}
	return last, nil
}

// secret is a new secret for a link, of which only the hash is kept.
func secret() (token string, hashed []byte) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: the program ends where there is no randomness
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, hash(token)
}

func hash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
