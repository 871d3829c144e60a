package governance

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/governance/internal/governancedb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Remember is the daily job that finds which parties of a county have empty
// places and have not been reminded of them this month.
type Remember struct{}

// Kind names the job.
func (Remember) Kind() string { return "governance.remember" }

// Reminder is the job that reminds one party of its empty places.
type Reminder struct {
	Organisation uuid.UUID `json:"organisation"`
}

// Kind names the job.
func (Reminder) Kind() string { return "governance.remind" }

// InsertOpts lets a party have one in the queue: while the post is closed, days
// go by.
func (Reminder) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending,
		rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled}}}
}

// Note is a reminder, ready to be sent to a party's official mailbox.
type Note struct {
	Organisation uuid.UUID
	Party        string
	To           string // address
	County       tenant.Configuration
	Month        day.Day // its first day
	Missing      []Vacancy
}

// ID is the same for a party and a month, so that two that were sent by accident
// can be recognised as one.
func (n Note) ID() string { return "vacancies-" + n.Organisation.String() + "-" + n.Month.String()[:7] }

// Words are the note's subject and body, in the county's first language.
// publicURL is the server's own address.
func (n Note) Words(publicURL string) (subject, body string) {
	lang := text.Swedish
	if langs := n.County.Identity.Languages; len(langs) > 0 {
		lang = text.Accept(langs[0], "")
	}
	lines := []string{lang.T("governance.reminder_intro", "party", n.Party), ""}
	for _, v := range n.Missing {
		key := "governance.reminder_" + v.What
		if !v.Since.IsZero() {
			key += "_since"
		}
		lines = append(lines, lang.T(key, "body", v.BodyName.In(string(lang)), "place", v.Name(string(lang)), "since", v.Since))
	}
	lines = append(lines, "", lang.T("governance.reminder_end", "link", publicURL+"/lan/"+n.County.Slug+"/bodies/vacancies"))
	return lang.T("governance.reminder_subject", "county", n.County.Identity.Name.In(string(lang))), strings.Join(lines, "\n")
}

// EnqueueReminders puts one Reminder into the queue for each party that has an
// empty place and a mailbox, and has not been reminded this month.
func EnqueueReminders(ctx context.Context, tx *pg.Tx) error {
	if err := tx.Require(auth.GovernanceChange); err != nil {
		return err
	}
	vs, err := Vacancies(ctx, tx, tx.Today())
	if err != nil || len(vs) == 0 {
		return err
	}
	q := governancedb.New(tx)
	reminded, err := q.Reminded(ctx, month(tx))
	if err != nil {
		return err
	}
	var missing []uuid.UUID
	for _, v := range vs {
		for _, p := range v.Parties {
			if !slices.Contains(missing, p.ID) && !slices.Contains(reminded, p.ID) {
				missing = append(missing, p.ID)
			}
		}
	}
	boxes, err := q.Mailboxes(ctx, append([]uuid.UUID{}, missing...))
	if err != nil {
		return err
	}
	for _, b := range boxes {
		if err := tx.Enqueue(ctx, Reminder{Organisation: b.ID}); err != nil {
			return err
		}
	}
	return nil
}

// month is the first day of today's.
func month(tx *pg.Tx) day.Day {
	today := tx.Today()
	return day.Of(today.Year(), today.Month(), 1)
}

// Remind does the job: it gathers what is missing, sends the note outside of any
// unit of work, and notes that it went. What has been filled or sent meanwhile
// is not sent.
func Remind(ctx context.Context, db *pg.DB, job *river.Job[Reminder], send func(context.Context, Note) error) error {
	actor, err := pg.JobActor(job)
	if err != nil {
		return err
	}
	var note *Note
	err = db.InTenant(ctx, actor, pg.Read, func(tx *pg.Tx) (err error) {
		note, err = noted(ctx, tx, job.Args.Organisation)
		return err
	})
	if err != nil {
		return err
	}
	if note != nil {
		if err := send(ctx, *note); err != nil {
			return err
		}
	}
	return pg.InJob(ctx, db, job, func(tx *pg.Tx) error {
		if note == nil {
			return nil
		}
		return governancedb.New(tx).Remind(ctx, governancedb.RemindParams{OrganisationID: note.Organisation, Month: note.Month, SentAt: tx.Now})
	})
}

// noted gathers what a note says, nil when there is nothing to send.
func noted(ctx context.Context, tx *pg.Tx, who uuid.UUID) (*Note, error) {
	q := governancedb.New(tx)
	reminded, err := q.Reminded(ctx, month(tx))
	if err != nil || slices.Contains(reminded, who) {
		return nil, err
	}
	boxes, err := q.Mailboxes(ctx, []uuid.UUID{who})
	if err != nil || len(boxes) == 0 {
		return nil, err
	}
	vs, err := Vacancies(ctx, tx, tx.Today())
	if err != nil {
		return nil, err
	}
	vs = slices.DeleteFunc(vs, func(v Vacancy) bool { return !v.Of(who) })
	if len(vs) == 0 {
		return nil, nil
	}
	return &Note{Organisation: who, Party: boxes[0].Name, To: boxes[0].Mailbox, County: tx.Config(), Month: month(tx), Missing: vs}, nil
}
