package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/pg"
)

// CostStatement is what one payer is billed, with how it came about.
type CostStatement struct {
	costshare.Statement
	CostRun costshare.Brief `json:"costRun" doc:"The run that bills it."`
	Payer   costshare.Payer `json:"payer" doc:"The payer as the run has it: days, population, parts."`
	Steps   costshare.Share `json:"reckoning" doc:"How its share came about, step by step."`
	Linked
}

// ETag is the run's: a statement moves with it.
func (c CostStatement) ETag() string { return c.CostRun.ETag() }

// PayerStatement is one of a payer's statements over the years.
type PayerStatement struct {
	costshare.Billed
	Linked
}

// PayerStatementList is a page of a payer's statements.
type PayerStatementList struct {
	Statements []PayerStatement `json:"costStatements" doc:"The statements, the latest first."`
	Paged
}

// CostQuestion is a question about a statement with what leads on from it.
type CostQuestion struct {
	costshare.Question
	Linked
}

// CostQuestionList is a page of the questions about a statement.
type CostQuestionList struct {
	Questions []CostQuestion `json:"costQuestions" doc:"The questions, the first first."`
	Paged
}

// WaitingQuestion is a question that waits for the county.
type WaitingQuestion struct {
	costshare.Waits
	Linked
}

// WaitingQuestionList is a page of the questions that wait.
type WaitingQuestionList struct {
	Questions []WaitingQuestion `json:"costQuestions" doc:"The questions, the oldest first."`
	Paged
}

// InCostStatement names a statement in the path.
type InCostStatement struct {
	InCounty
	ID uuid.UUID `path:"statement" doc:"The statement's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// InCostQuestion names a question in the path.
type InCostQuestion struct {
	InCounty
	ID uuid.UUID `path:"question" doc:"The question's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// PayerQuery asks for a payer's statements.
type PayerQuery struct {
	InCounty
	ID uuid.UUID `path:"organisation" doc:"The payer's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Paging
}

// CostQuestionQuery asks for the questions about a statement.
type CostQuestionQuery struct {
	InCostStatement
	Paging
}

// WaitingCostQuery asks for the questions that wait.
type WaitingCostQuery struct {
	InCounty
	Paging
}

// NewCostQuestion is a question that a payer asks.
type NewCostQuestion struct {
	InCostStatement
	Body costshare.Text
}

// CostAnswer answers a question.
type CostAnswer struct {
	InCostQuestion
	Body costshare.Text
}

func (d *Door) costStatements() {
	const one, question = "/counties/{county}/cost-statements/{statement}", "/counties/{county}/cost-questions/{question}"

	read(d, Member, one, "get-cost-statement", func(ctx context.Context, tx *pg.Tx, in *InCostStatement) (CostStatement, error) {
		r, s, err := costshare.RunOf(ctx, tx, in.ID)
		return d.costStatement(tx, r, s), err
	})
	list(d, Member, "/counties/{county}/organisations/{organisation}/cost-statements", "list-payer-statements",
		func(ctx context.Context, tx *pg.Tx, in *PayerQuery) (l PayerStatementList, total int, err error) {
			bs, total, err := costshare.OfPayer(ctx, tx, in.ID, in.Limit, in.Page)
			for _, b := range bs {
				links := Links{}
				links.to("self", http.MethodGet, d.at("counties", tx.Tenant, "cost-statements", b.Statement.ID.String()))
				links.to("run", http.MethodGet, d.at("counties", tx.Tenant, "cost-runs", b.Run.ID.String()))
				l.Statements = append(l.Statements, PayerStatement{b, Linked{links}})
			}
			return l, total, err
		})
	list(d, Member, one+"/questions", "list-cost-questions", func(ctx context.Context, tx *pg.Tx, in *CostQuestionQuery) (l CostQuestionList, total int, err error) {
		qs, err := costshare.Questions(ctx, tx, in.ID)
		for _, q := range cut(qs, in.Paging) {
			l.Questions = append(l.Questions, d.costQuestion(tx, q))
		}
		return l, len(qs), err
	})
	create(d, one+"/questions", "ask-cost-question", func(ctx context.Context, tx *pg.Tx, in *NewCostQuestion) (CostQuestion, error) {
		q, err := costshare.Ask(ctx, tx, in.ID, in.Body)
		return d.costQuestion(tx, q), err
	})
	list(d, Member, "/counties/{county}/cost-questions", "list-waiting-cost-questions", func(ctx context.Context, tx *pg.Tx, in *WaitingCostQuery) (l WaitingQuestionList, total int, err error) {
		ws, total, err := costshare.Waiting(ctx, tx, in.Limit, in.Page)
		for _, w := range ws {
			l.Questions = append(l.Questions, WaitingQuestion{w, d.costQuestion(tx, w.Question).Linked})
		}
		return l, total, err
	})
	read(d, Member, question, "get-cost-question", func(ctx context.Context, tx *pg.Tx, in *InCostQuestion) (CostQuestion, error) {
		q, err := costshare.GetQuestion(ctx, tx, in.ID)
		return d.costQuestion(tx, q), err
	})
	act(d, question+"/answer", "answer-cost-question", func(ctx context.Context, tx *pg.Tx, in *CostAnswer, version int64) (CostQuestion, error) {
		q, err := costshare.Answer(ctx, tx, in.ID, version, in.Body)
		return d.costQuestion(tx, q), err
	})
}

func (d *Door) costStatement(tx *pg.Tx, r costshare.Run, s costshare.Statement) CostStatement {
	c := CostStatement{Statement: s, CostRun: r.Brief}
	c.Payer, c.Steps, _ = r.Shares(s.Organisation)
	here := d.at("counties", tx.Tenant, "cost-statements", s.ID.String())
	l := Links{}
	l.to("self", http.MethodGet, here)
	l.to("run", http.MethodGet, d.at("counties", tx.Tenant, "cost-runs", r.ID.String()))
	if r.State == costshare.Adopted {
		l.to("pdf", http.MethodGet, here+"/pdf")
	}
	if tx.MayFor(auth.CostRead, s.Organisation) {
		l.to("questions", http.MethodGet, here+"/questions")
	}
	if r.State == costshare.Adopted && tx.MayFor(auth.CostAsk, s.Organisation) {
		l.to("ask", http.MethodPost, here+"/questions")
	}
	c.Linked = Linked{l}
	return c
}

func (d *Door) costQuestion(tx *pg.Tx, q costshare.Question) CostQuestion {
	here := d.at("counties", tx.Tenant, "cost-questions", q.ID.String())
	l := Links{}
	l.to("self", http.MethodGet, here)
	l.to("statement", http.MethodGet, d.at("counties", tx.Tenant, "cost-statements", q.Statement.String()))
	if q.Answer == "" && tx.May(auth.CostPrepare) {
		l.to("answer", http.MethodPost, here+"/answer")
	}
	return CostQuestion{q, Linked{l}}
}
