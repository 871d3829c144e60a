package member

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/member/internal/memberdb"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/internal/text"
)

// Summons is the job that sends an invitation.
type Summons struct {
	Membership uuid.UUID `json:"membership"`
}

// Kind names the job.
func (Summons) Kind() string { return "member.summon" }

// Letter is an invitation, ready to be sent. It holds the link's secret and is
// kept nowhere.
type Letter struct {
	Membership uuid.UUID
	To         string // address
	Name       string
	County     tenant.Configuration
	Role       auth.Role
	PartyName  string
	Path       string // below the server's own address
	ExpiresAt  time.Time
}

// Lang is the language of the letter: the county's first.
func (l Letter) Lang() text.Lang {
	if langs := l.County.Identity.Languages; len(langs) > 0 {
		return text.Accept(langs[0], "")
	}
	return text.Swedish
}

// Words are the letter's subject and body. publicURL is the server's own address.
func (l Letter) Words(publicURL string) (subject, body string) {
	lang := l.Lang()
	key := "member.letter_county"
	if l.PartyName != "" {
		key = "member.letter_party"
	}
	county := l.County.Identity.Name.In(string(lang))
	return lang.T("member.letter_subject", "county", county), lang.T(key, "name", l.Name, "county", county,
		"administration", l.County.Identity.Administration.In(string(lang)),
		"role", lang.T("auth.role."+string(l.Role)), "party", l.PartyName, "link", publicURL+l.Path, "days", int(Life.Hours()/24))
}

// Summon does the job: it gives the invitation a new secret, sends the letter
// outside of any unit of work, and notes that it went. When sending fails the
// job is tried again with another secret. An invitation that was used or
// revoked meanwhile is not sent.
func Summon(ctx context.Context, db *pg.DB, job *river.Job[Summons], send func(context.Context, Letter) error) error {
	actor, err := pg.JobActor(job)
	if err != nil {
		return err
	}
	var letter *Letter
	var secret []byte
	err = db.InTenant(ctx, actor, pg.Write, func(tx *pg.Tx) (err error) {
		letter, secret, err = write(ctx, tx, job.Args.Membership)
		return err
	})
	if err != nil {
		return err
	}
	if letter != nil {
		if err := send(ctx, *letter); err != nil {
			return err
		}
	}
	return pg.InJob(ctx, db, job, func(tx *pg.Tx) error {
		if letter == nil {
			return nil
		}
		tx.Notify("member", letter.Membership)
		return memberdb.New(tx).Sent(ctx, memberdb.SentParams{ID: letter.Membership, TokenHash: secret, SentAt: &tx.Now})
	})
}

// write gathers what the letter says, nil when there is nothing to send.
func write(ctx context.Context, tx *pg.Tx, id uuid.UUID) (*Letter, []byte, error) {
	if _, err := memberdb.New(tx).Lock(ctx, id); fault.Is(err, "common.not_found") {
		return nil, nil, nil
	} else if err != nil {
		return nil, nil, err
	}
	m, err := get(ctx, tx, id)
	if err != nil || !m.NeverIn() || m.Email == "" {
		return nil, nil, err
	}
	token, expires, err := refresh(ctx, tx, id)
	if err != nil {
		return nil, nil, err
	}
	return &Letter{Membership: id, To: m.Email, Name: m.PersonName, County: tx.Config(), Role: m.Role, PartyName: m.PartyName,
		Path: path(tx.Tenant, token), ExpiresAt: expires}, hash(token), nil
}
