package meeting

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/meeting/internal/meetingdb"
	"github.com/overens/overens/internal/pg"
)

// Tell is the job that sends one mail about a meeting.
type Tell struct {
	Mail uuid.UUID `json:"mail"`
}

// Kind names the job.
func (Tell) Kind() string { return "meeting.tell" }

// Reminder is the job that reminds those who have not answered, shortly before
// the last day to answer.
type Reminder struct {
	Meeting uuid.UUID `json:"meeting"`
}

// Kind names the job.
func (Reminder) Kind() string { return "meeting.remind" }

// Send does the job Tell: it writes the letter, hands it to send outside of any
// unit of work, and notes that it went. What has been sent is not sent again; a
// letter that nobody can get is noted as failed.
func Send(ctx context.Context, db *pg.DB, job *river.Job[Tell], send func(context.Context, Letter) error) error {
	actor, err := pg.JobActor(job)
	if err != nil {
		return err
	}
	var letter *Letter
	var failed string
	err = db.InTenant(ctx, actor, pg.Write, func(tx *pg.Tx) (err error) {
		letter, failed, err = write(ctx, tx, job.Args.Mail)
		return err
	})
	if err != nil {
		return err
	}
	if letter != nil {
		if err := send(ctx, *letter); err != nil {
			if _, given := errors.AsType[*rivertype.JobCancelError](err); !given && job.Attempt < job.MaxAttempts {
				return err // it is tried again
			}
			return errors.Join(err, unsendable(ctx, db, actor, job.Args.Mail))
		}
	}
	return pg.InJob(ctx, db, job, func(tx *pg.Tx) error {
		switch {
		case letter != nil:
			return meetingdb.New(tx).Mailed(ctx, meetingdb.MailedParams{ID: job.Args.Mail, SentAt: &tx.Now})
		case failed != "":
			return meetingdb.New(tx).Mailed(ctx, meetingdb.MailedParams{ID: job.Args.Mail, Failed: failed})
		}
		return nil
	})
}

// unsendable notes that a mail could not be sent, and is not tried again.
func unsendable(ctx context.Context, db *pg.DB, actor auth.Actor, mail uuid.UUID) error {
	return db.InTenant(ctx, actor, pg.Write, func(tx *pg.Tx) error {
		return meetingdb.New(tx).Mailed(ctx, meetingdb.MailedParams{ID: mail, Failed: "unsendable"})
	})
}

// Unreached are those among the called, and the parties by their mailboxes, whom the
// last letter could not reach: they have no address, or it could not be sent.
func Unreached(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) ([]uuid.UUID, error) {
	if err := tx.Require(auth.MeetingPrepare); err != nil {
		return nil, err
	}
	return meetingdb.New(tx).Unreached(ctx, meeting)
}

// Remind does the job Reminder. Where the last day to answer has moved, or the
// meeting is not to be, nobody is reminded.
func Remind(ctx context.Context, tx *pg.Tx, meeting uuid.UUID) error {
	m, err := get(ctx, tx, meeting)
	if fault.Is(err, "common.not_found") {
		return nil
	}
	if err != nil {
		return err
	}
	today := tx.Today()
	if m.State != Called || m.AnswerBy.IsZero() || m.AnswerBy.Before(today) || m.AnswerBy.Sub(today) > remindDays {
		return nil
	}
	all, err := invitations(ctx, tx, meeting)
	if err != nil {
		return err
	}
	var silent []uuid.UUID
	for _, i := range all {
		if i.WithdrawnAt == nil && !i.Over() && i.Answer == "" && (seated(i.Role) || i.Role == "guest") {
			silent = append(silent, i.Person)
		}
	}
	return post(ctx, tx, m, parcel{event: mailReminder, people: silent})
}
