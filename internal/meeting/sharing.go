package meeting

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/document"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// What something is given for.
const (
	ShareComment     = "comment"     // it stays working material; the reply is registered
	ShareInformation = "information" // it counts as sent
	ShareDecision    = "decision"    // it counts as sent
	ShareSubmitted   = "submitted"   // it has been handed in
)

// Sharing is something of a meeting that was given to somebody: its minutes, the
// extract of a decision, or a document.
type Sharing struct {
	ID            uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Meeting       uuid.UUID `json:"meeting" doc:"The meeting." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Handing                 // as it was given
	By            uuid.UUID `json:"by,omitzero" doc:"Who gave it." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	At            time.Time `json:"at" doc:"When." example:"2027-04-30T08:00:00Z"`
	Reply         string    `json:"reply,omitempty" doc:"What was answered." example:"Vi har inget att invända."`
	RepliedOn     day.Day   `json:"repliedOn,omitzero" doc:"The day of the answer." example:"2027-05-07"`
	ReplyRegistry string    `json:"replyRegistry,omitempty" doc:"The answer's number in the county's own register." example:"851-1234-2027-3"`
	CountsAsSent  bool      `json:"countsAsSent" doc:"Whether it counts as sent, and is an official record." example:"true"`
	Version       int64     `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`
}

// ETag is the version as HTTP wants it.
func (s Sharing) ETag() string { return strconv.FormatInt(s.Version, 10) }

// Handing is something as it is given.
type Handing struct {
	Kind               string    `json:"kind" enum:"comment,information,decision,submitted" doc:"For comment (it stays working material), for information or decision (it counts as sent), or submitted." example:"information"`
	Decision           uuid.UUID `json:"decision,omitzero" doc:"The decision whose extract is given. Without it and without a document: the minutes." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Document           uuid.UUID `json:"document,omitzero" doc:"The document that is given." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Organisation       uuid.UUID `json:"organisation,omitzero" doc:"The party that it is given to: its people can read the minutes, and its functional mailbox is told." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Recipient          string    `json:"recipient,omitempty" maxLength:"200" doc:"Whom it is given to. Left out: the party." example:"Alvesta kommun"`
	Note               string    `json:"note,omitempty" maxLength:"2000" doc:"What goes with it." example:"Svara senast den 7 maj."`
	RegistryNumber     string    `json:"registryNumber,omitempty" maxLength:"60" doc:"The number in the county's own register. Needed, or why there is none, where it counts as sent." example:"851-1234-2027"`
	UnregisteredReason string    `json:"unregisteredReason,omitempty" maxLength:"500" doc:"Why it is not registered." example:"Kopia av redan registrerad handling"`
}

// Share writes down that something of a meeting is given to somebody, and tells
// the party's functional mailbox. What counts as sent is registered, or it is
// said why not; a draft can be given for comment alone, and what has been adjusted
// for anything else.
func Share(ctx context.Context, tx *pg.Tx, meeting uuid.UUID, n Handing) (Sharing, error) {
	m, s, err := enter(ctx, tx, meeting, holdShared)
	if err != nil {
		return Sharing{}, err
	}
	if err := leads(ctx, tx, m, s); err != nil {
		return Sharing{}, err
	}
	if err := m.in(Open, Closed, Minuted, Adjusted, Published); err != nil {
		return Sharing{}, err
	}
	if n, err = handing(ctx, tx, m, n); err != nil {
		return Sharing{}, err
	}
	row, err := meetingdb.New(tx).AddSharing(ctx, meetingdb.AddSharingParams{ID: tx.NewID(), MeetingID: meeting, DecisionID: maybe(n.Decision), DocumentID: maybe(n.Document), Kind: n.Kind,
		OrganisationID: maybe(n.Organisation), Recipient: n.Recipient, Note: n.Note, RegistryNumber: n.RegistryNumber, UnregisteredReason: n.UnregisteredReason,
		SharedBy: maybe(tx.Person), SharedAt: tx.Now})
	if err != nil {
		return Sharing{}, at(err)
	}
	tx.Notify("meeting", meeting)
	if n.Organisation == uuid.Nil {
		return madeSharing(row), nil
	}
	boxes, err := meetingdb.New(tx).Mailboxes(ctx, []uuid.UUID{n.Organisation})
	if err != nil {
		return Sharing{}, err
	}
	return madeSharing(row), post(ctx, tx, m, parcel{event: mailShare, parties: boxes, about: row.ID})
}

// handing tidies what is given, and finds everything that is wrong with it.
func handing(ctx context.Context, tx *pg.Tx, m Meeting, n Handing) (Handing, error) {
	lines(&n.Recipient, &n.RegistryNumber, &n.UnregisteredReason)
	n.Note = trimmed(n.Note)
	var wrong fault.List
	if !slices.Contains([]string{ShareComment, ShareInformation, ShareDecision, ShareSubmitted}, n.Kind) {
		wrong.Add(fault.Bad("sharing.kind", "/kind"))
	}
	if n.Organisation != uuid.Nil {
		switch o, err := organisation.Get(ctx, tx, n.Organisation); {
		case fault.Is(err, "common.not_found"):
			wrong.Add(fault.Bad("sharing.organisation", "/organisation"))
		case err != nil:
			return n, err
		case n.Recipient == "":
			n.Recipient = o.Name
		}
	}
	if n.Recipient == "" && n.Organisation == uuid.Nil {
		wrong.Add(fault.Bad("sharing.to", "/recipient"))
	}
	if n.Document != uuid.Nil {
		if _, err := document.Get(ctx, tx, n.Document); fault.Is(err, "common.not_found") {
			wrong.Add(fault.Bad("sharing.document", "/document"))
		} else if err != nil {
			return n, err
		}
	}
	b, err := openBook(ctx, tx, m)
	if err != nil {
		return n, err
	}
	settled := m.State.Settled()
	if n.Decision != uuid.Nil {
		switch d, _, err := decided(ctx, tx, n.Decision); {
		case fault.Is(err, "common.not_found") || err == nil && d.Meeting != m.ID:
			wrong.Add(fault.Bad("sharing.decision", "/decision"))
		case err != nil:
			return n, err
		default:
			p, _ := b.portion(PartItem, d.Item)
			settled = settled || p.AdjustedAt != nil
		}
	}
	if n.Kind == ShareComment && m.State.Settled() && n.Document == uuid.Nil {
		wrong.Add(fault.New(fault.Conflict, "sharing.settled").At("/kind"))
	}
	if n.Kind != ShareComment {
		if !settled && n.Document == uuid.Nil {
			wrong.Add(fault.New(fault.Conflict, "sharing.draft").At("/kind"))
		}
		if n.RegistryNumber == "" && n.UnregisteredReason == "" {
			wrong.Add(fault.Bad("sharing.registered", "/registryNumber"))
		}
	}
	return n, wrong.Err()
}

// GetSharing gives one thing that was given, to who may know of it.
func GetSharing(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Sharing, error) {
	row, err := meetingdb.New(tx).Sharing(ctx, id)
	if err != nil {
		return Sharing{}, err
	}
	all, err := Sharings(ctx, tx, row.MeetingID)
	for _, s := range all {
		if s.ID == id {
			return s, nil
		}
	}
	return Sharing{}, orMissing(err)
}

// Sharings are what has been given of a meeting: all of it to those who lead it,
// to the county's readers what is not of a matter that they may not see, and its
// own to a party.
func Sharings(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) ([]Sharing, error) {
	q := meetingdb.New(tx)
	rows, err := q.Sharings(ctx, meeting)
	if err != nil {
		return nil, err
	}
	own := func(row meetingdb.Sharing) bool { return receives(tx, row) }
	r, err := reading(ctx, tx, meeting, holdNone)
	all := r.leads || tx.May(auth.MeetingRead)
	switch {
	case fault.Is(err, "common.not_found") && slices.ContainsFunc(rows, own):
		all = false // it does not see the meeting, only what it has been given
	case err != nil:
		return nil, err
	}
	hidden := map[uuid.UUID]bool{}
	if all && !r.secret {
		ds, err := q.DecisionsOfMeeting(ctx, meeting)
		if err != nil {
			return nil, err
		}
		for _, d := range ds {
			hidden[d.ID] = d.Confidential
		}
		for _, row := range rows {
			if !row.DocumentID.Valid {
				continue
			}
			switch _, err := document.Get(ctx, tx, row.DocumentID.UUID); {
			case fault.Is(err, "common.not_found"):
				hidden[row.DocumentID.UUID] = true
			case err != nil:
				return nil, err
			}
		}
	}
	ss := []Sharing{}
	for _, row := range rows {
		if own(row) || all && !hidden[row.DecisionID.UUID] && !hidden[row.DocumentID.UUID] {
			ss = append(ss, madeSharing(row))
		}
	}
	return ss, nil
}

// receives tells whether something was given to a party that the actor reads for,
// by a role in that party: that the county's readers read for all is another thing.
func receives(tx *pg.Tx, s meetingdb.Sharing) bool {
	return s.OrganisationID.Valid && slices.ContainsFunc(tx.Grants, func(g auth.Grant) bool {
		return g.Party == s.OrganisationID.UUID && auth.Actor{Grants: []auth.Grant{g}}.MayFor(auth.MeetingRead, g.Party)
	})
}

// handed tells whether the extract of a decision has been given to a party that
// the actor may read for.
func handed(ctx context.Context, tx *pg.Tx, d Decision) (bool, error) {
	rows, err := meetingdb.New(tx).Sharings(ctx, d.Meeting)
	return slices.ContainsFunc(rows, func(r meetingdb.Sharing) bool {
		return r.DecisionID.Valid && r.DecisionID.UUID == d.ID && receives(tx, r)
	}), err
}

// sharedWith tells whether minutes have been given to a party that the actor may
// read for.
func sharedWith(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) (bool, error) {
	rows, err := meetingdb.New(tx).Sharings(ctx, meeting)
	return slices.ContainsFunc(rows, func(r meetingdb.Sharing) bool {
		return !r.DecisionID.Valid && !r.DocumentID.Valid && receives(tx, r)
	}), err
}

// Response is what was answered to something that was given for comment.
type Response struct {
	Reply          string  `json:"reply" minLength:"1" maxLength:"10000" doc:"What was answered." example:"Vi har inget att invända."`
	On             day.Day `json:"on,omitzero" doc:"The day of the answer. Left out: today." example:"2027-05-07"`
	RegistryNumber string  `json:"registryNumber,omitempty" maxLength:"60" doc:"The answer's number in the county's own register." example:"851-1234-2027-3"`
}

// Respond registers the answer to something that was given for comment: whoever
// leads the meeting does, and the party itself.
func Respond(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, a Response) (Sharing, error) {
	q := meetingdb.New(tx)
	row, err := q.Sharing(ctx, id)
	if err != nil {
		return Sharing{}, err
	}
	// A party answers what it has been given, also of a meeting that it does not see.
	r, err := reading(ctx, tx, row.MeetingID, holdShared)
	if err != nil && !fault.Is(err, "common.not_found") {
		return Sharing{}, err
	}
	if !r.leads && (!row.OrganisationID.Valid || !tx.MayFor(auth.MeetingPropose, row.OrganisationID.UUID)) {
		return Sharing{}, fault.Missing()
	}
	lines(&a.RegistryNumber)
	a.Reply = trimmed(a.Reply)
	if a.On.IsZero() {
		a.On = tx.Today()
	}
	switch {
	case row.Version != version:
		return Sharing{}, fault.Changed(madeSharing(row))
	case row.Kind != ShareComment:
		return Sharing{}, fault.New(fault.Conflict, "sharing.no_answer_asked")
	case a.Reply == "":
		return Sharing{}, fault.Bad("sharing.reply", "/reply")
	case a.On.After(tx.Today()) || a.On.Before(day.At(row.SharedAt)):
		return Sharing{}, fault.Bad("sharing.replied_on", "/on").With("from", day.At(row.SharedAt))
	}
	row, err = q.RepliedSharing(ctx, meetingdb.RepliedSharingParams{ID: id, Version: version, Reply: a.Reply, RepliedOn: a.On, ReplyRegistry: a.RegistryNumber})
	tx.Notify("meeting", row.MeetingID)
	return madeSharing(row), at(err)
}

func madeSharing(r meetingdb.Sharing) Sharing {
	return Sharing{ID: r.ID, Meeting: r.MeetingID, By: r.SharedBy.UUID, At: r.SharedAt, Reply: r.Reply, RepliedOn: r.RepliedOn, ReplyRegistry: r.ReplyRegistry,
		CountsAsSent: r.Kind != ShareComment, Version: r.Version,
		Handing: Handing{Kind: r.Kind, Decision: r.DecisionID.UUID, Document: r.DocumentID.UUID, Organisation: r.OrganisationID.UUID, Recipient: r.Recipient, Note: r.Note,
			RegistryNumber: r.RegistryNumber, UnregisteredReason: r.UnregisteredReason}}
}
