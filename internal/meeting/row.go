package meeting

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// made is the mapper from row to Meeting. A body is called what it was called on
// the meeting's day.
func made(tx *pg.Tx, r meetingdb.Meeting) Meeting {
	m := Meeting{ID: r.ID, BodyName: bodyName(tx, r.Body, r.OnDay), State: State(r.State), AnnouncedAt: r.AnnouncedAt, CalledAt: r.CalledAt,
		LateReason: r.LateReason, Sequence: int(r.Sequence), OpenedAt: r.OpenedAt, ClosedAt: r.ClosedAt, AdjustedAt: r.AdjustedAt, PublishedAt: r.PublishedAt,
		CancelledAt: r.CancelledAt, CancelledReason: r.CancelledReason, Item: r.ItemID.UUID, Imported: r.Imported, Demo: r.Demo, Source: r.Source,
		Public: r.Published, Version: r.Version,
		Date: Date{Body: r.Body, Kind: r.Kind, Title: r.Title, On: r.OnDay, Begins: r.Begins, Ends: r.Ends, Location: r.Location, Link: r.Link, Note: r.Note,
			AnswerBy: r.AnswerBy, Chair: r.ChairID.UUID, Secretary: r.SecretaryID.UUID, RegistryNumber: r.RegistryNumber}}
	if r.CountyVersion.Valid {
		m.CountyVersion = r.CountyVersion.Int64
	}
	return m
}

// madeItem is the mapper from row to Item; what it is numbered the reader's
// agenda says.
func madeItem(r meetingdb.AgendaItem) Item {
	return Item{ID: r.ID, Body: r.Body, Meeting: r.MeetingID.UUID, Position: int(r.Position), From: r.FromID.UUID, Standing: r.Standing, State: r.State,
		Reason: r.Reason, Outcome: r.Outcome, Result: r.Result, ProposedAt: r.ProposedAt, OpenedAt: r.OpenedAt, ClosedAt: r.ClosedAt, Imported: r.Imported,
		Demo: r.Demo, Public: r.Published, Version: r.Version, proposer: r.ProposedBy.UUID,
		Matter: Matter{Kind: r.Kind, Title: r.Title, Background: r.Background, Proposal: r.Proposal, Rapporteur: r.Rapporteur, Duration: int(r.Duration),
			Organisation: r.OrganisationID.UUID, PreparedBy: r.PreparedBy, Confidential: r.Confidential, RegistryNumber: r.RegistryNumber, Act: r.Act, ActBody: r.ActBody}}
}

// bodyOf is the body as the configuration of a day has it.
func bodyOf(tx *pg.Tx, key string, on day.Day) (tenant.Body, bool) {
	return tx.County.On(on).Bodies.Body(key)
}

// bodyName is what a body was called on a day; its key where it was not there.
func bodyName(tx *pg.Tx, key string, on day.Day) string {
	if b, ok := bodyOf(tx, key, on); ok {
		if name := b.Name.In(string(text.Swedish)); name != "" {
			return name
		}
	}
	return key
}

func get(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Meeting, error) {
	r, err := meetingdb.New(tx).Meeting(ctx, id)
	return made(tx, r), err
}

// held gives a meeting to whoever makes meetings, and holds it until the unit of
// work ends. The states are those in which what is to be done can be done; none
// are all.
func held(ctx context.Context, tx *pg.Tx, id uuid.UUID, states ...State) (Meeting, error) {
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return Meeting{}, err
	}
	r, err := meetingdb.New(tx).LockMeeting(ctx, id)
	if err != nil {
		return Meeting{}, err
	}
	m := made(tx, r)
	return m, m.in(states...)
}

// in refuses what cannot be done in the state that the meeting has.
func (m Meeting) in(states ...State) error {
	if len(states) == 0 || slices.Contains(states, m.State) {
		return nil
	}
	return fault.New(fault.Conflict, "meeting.not_now").With("state", string(m.State))
}

// changeable is held for a change of the version that was read.
func changeable(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, states ...State) (Meeting, error) {
	m, err := held(ctx, tx, id)
	if err != nil {
		return m, err
	}
	if m.Version != version {
		return m, fault.Changed(m)
	}
	return m, m.in(states...)
}

// sent tells whether those who sit have been called, also to one that was
// cancelled afterwards: they may read why.
func (m Meeting) sent() bool { return m.State.Sent() || m.State == Cancelled && m.CalledAt != nil }

func warning(key string, pairs ...any) fault.Warning {
	return fault.Warning{Key: key, Args: fault.New(fault.Invalid, key).With(pairs...).Args}
}

func maybe(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }

// window turns a page into what SQL wants.
func window(limit, page int) (most, skip int32) {
	return int32(limit), int32(limit * (max(page, 1) - 1)) //nolint:gosec // bounded by the doors
}

// lines tidies what is one line each.
func lines(ss ...*string) {
	for _, s := range ss {
		*s = text.Line(*s)
	}
}

func trimmed(s string) string { return strings.TrimSpace(s) }

// at says which field a constraint is about.
func at(err error) error {
	f, ok := errors.AsType[*fault.Fault](err)
	if !ok {
		return err
	}
	if field := fields[f.Key]; field != "" && f.Field == "" {
		return f.At(field)
	}
	return err
}

var fields = map[string]string{
	"meeting.begins":           "/begins",
	"meeting.ends":             "/ends",
	"meeting.times":            "/ends",
	"meeting.link":             "/link",
	"meeting.cancelled":        "/reason",
	"agenda_item.kind":         "/kind",
	"agenda_item.titled":       "/title",
	"agenda_item.duration":     "/duration",
	"agenda_item.organisation": "/organisation",
	"agenda_item.reasoned":     "/reason",
	"agenda_paper.once":        "/document",
	"invitation.once":          "/person",
}
