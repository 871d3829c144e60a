package costshare

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare/internal/costsharedb"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Question is what a payer asks about a statement, and what the county answers.
type Question struct {
	ID         uuid.UUID `json:"id" doc:"The identifier, unique over time." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Statement  uuid.UUID `json:"statement" doc:"The statement." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Asker      string    `json:"asker,omitempty" doc:"Who asked." example:"Maja Ek"`
	AskedAt    time.Time `json:"askedAt" doc:"When." example:"2026-02-03T09:00:00Z"`
	Question   string    `json:"question" doc:"What was asked." example:"Varför är basåret 2024?"`
	Answerer   string    `json:"answerer,omitempty" doc:"Who answered." example:"Pia Lund"`
	AnsweredAt time.Time `json:"answeredAt,omitzero" doc:"When. Empty: not yet." example:"2026-02-04T09:00:00Z"`
	Answer     string    `json:"answer,omitempty" doc:"The answer." example:"Nyckeln räknar med folkmängden vid årsskiftet före."`
	Version    int64     `json:"version" doc:"Moves with each change; it is the ETag." example:"1"`
}

// ETag is the version as HTTP wants it.
func (q Question) ETag() string { return strconv.FormatInt(q.Version, 10) }

// Text is what somebody asks or answers.
type Text struct {
	Text string `json:"text" required:"true" minLength:"1" maxLength:"4000" doc:"What is asked or answered." example:"Varför är basåret 2024?"`
}

func (t Text) said() (string, error) {
	said := strings.TrimSpace(t.Text)
	if !strings.ContainsFunc(said, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) { // nothing to be seen
		return "", fault.Bad("cost.text_missing", "/text")
	}
	return said, nil
}

// Ask keeps a payer's question about its statement. The payer's own people may.
func Ask(ctx context.Context, tx *pg.Tx, statement uuid.UUID, t Text) (Question, error) {
	_, s, err := RunOf(ctx, tx, statement)
	if err != nil {
		return Question{}, err
	}
	if err := tx.RequireFor(auth.CostAsk, s.Organisation); err != nil {
		return Question{}, err
	}
	said, err := t.said()
	if err != nil {
		return Question{}, err
	}
	row, err := costsharedb.New(tx).AddQuestion(ctx, costsharedb.AddQuestionParams{ID: tx.NewID(), StatementID: statement, AskedBy: maybe(tx.Person), AskedAt: tx.Now, Question: said})
	if err != nil {
		return Question{}, err
	}
	tx.Notify("cost", s.Run)
	return asked(row), nil
}

// Answer answers a question, once: an answer stays as it was given.
func Answer(ctx context.Context, tx *pg.Tx, id uuid.UUID, version int64, t Text) (Question, error) {
	if err := tx.Require(auth.CostPrepare); err != nil {
		return Question{}, err
	}
	q := costsharedb.New(tx)
	row, err := q.Question(ctx, id)
	if err != nil {
		return Question{}, err
	}
	if row.Version != version {
		return Question{}, fault.Changed(asked(row))
	}
	if row.AnsweredAt != nil {
		return Question{}, fault.New(fault.Conflict, "cost_question.stands")
	}
	said, err := t.said()
	if err != nil {
		return Question{}, err
	}
	row, err = q.AnswerQuestion(ctx, costsharedb.AnswerQuestionParams{ID: id, Version: version, Answer: said, AnsweredBy: maybe(tx.Person), AnsweredAt: &tx.Now})
	if fault.Is(err, "common.not_found") { // somebody else has just answered
		if row, err = q.Question(ctx, id); err == nil {
			err = fault.Changed(asked(row))
		}
	}
	if err != nil {
		return Question{}, err
	}
	return asked(row), nil
}

// Questions are those about a statement, the first first. The payer and the
// county read them; other payers do not.
func Questions(ctx context.Context, tx *pg.Tx, statement uuid.UUID) ([]Question, error) {
	_, s, err := RunOf(ctx, tx, statement)
	if err != nil {
		return nil, err
	}
	return QuestionsAbout(ctx, tx, s)
}

// QuestionsAbout is Questions of a statement that has been read.
func QuestionsAbout(ctx context.Context, tx *pg.Tx, s Statement) ([]Question, error) {
	if err := tx.RequireFor(auth.CostRead, s.Organisation); err != nil {
		return nil, err
	}
	rows, err := costsharedb.New(tx).Questions(ctx, s.ID)
	qs := make([]Question, len(rows))
	for i, r := range rows {
		qs[i] = asked(r.CostQuestion)
		qs[i].Asker, qs[i].Answerer = r.Asker, r.Answerer
	}
	return qs, err
}

// GetQuestion gives one question, for the payer and the county.
func GetQuestion(ctx context.Context, tx *pg.Tx, id uuid.UUID) (Question, error) {
	row, err := costsharedb.New(tx).Question(ctx, id)
	if err != nil {
		return Question{}, err
	}
	qs, err := Questions(ctx, tx, row.StatementID)
	if fault.Is(err, "auth.forbidden") {
		return Question{}, fault.Missing()
	}
	for _, q := range qs {
		if q.ID == id {
			return q, err
		}
	}
	return Question{}, err
}

// Waits is a question that waits for the county's answer.
type Waits struct {
	Question
	Run          uuid.UUID `json:"run" doc:"The run." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Organisation uuid.UUID `json:"organisation" doc:"Who asks." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Name         string    `json:"name" doc:"What it is called." example:"Ydre kommun"`
}

// Waiting gives a page of the questions that wait, the oldest first, and how many there are.
func Waiting(ctx context.Context, tx *pg.Tx, limit, page int) ([]Waits, int, error) {
	if err := tx.Require(auth.CostPrepare); err != nil {
		return nil, 0, err
	}
	rows, err := costsharedb.New(tx).Waiting(ctx, costsharedb.WaitingParams{Max: int32(limit), Skip: int32(limit * (page - 1))}) //nolint:gosec // bounded by the doors
	ws, total := make([]Waits, len(rows)), 0
	for i, r := range rows {
		ws[i] = Waits{Question: Question{ID: r.ID, Statement: r.StatementID, Question: r.Question, AskedAt: r.AskedAt, Version: 1}, Run: r.RunID, Organisation: r.OrganisationID, Name: r.Name}
		total = int(r.Total)
	}
	return ws, total, err
}

func asked(r costsharedb.CostQuestion) Question {
	q := Question{ID: r.ID, Statement: r.StatementID, AskedAt: r.AskedAt, Question: r.Question, Answer: r.Answer, Version: r.Version}
	if r.AnsweredAt != nil {
		q.AnsweredAt = *r.AnsweredAt
	}
	return q
}
