package web

import (
	"context"

	"github.com/a-h/templ"
	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/costshare"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/organisation"
	"github.com/overens/overens/internal/pg"
)

// statementSeen is one payer's statement with every step of its sum.
type statementSeen struct {
	runSeen
	Own       costshare.Statement
	Row       runRow
	Share     costshare.Share
	Sums      []costshare.Sum // one for each part of the cost
	Changed   []sumRow        // against the period before
	Why       string
	After     uuid.UUID // the statement that followed this one
	Questions []costshare.Question
	MayAsk    bool
	MayAnswer bool
}

func (d *Door) costStatement(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "statement")
	if err != nil {
		return nil, err
	}
	r, own, err := costshare.RunOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	seen, err := v.runSeen(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	s := statementSeen{runSeen: seen, Own: own}
	for i := range s.Rows {
		s.Rows[i].Mine = s.Rows[i].Organisation == own.Organisation
		if s.Rows[i].Mine {
			s.Row = s.Rows[i]
		}
	}
	_, s.Share, _ = r.Shares(own.Organisation)
	if s.Sums = costshare.Explain(v.Lang, r, own.Organisation); s.later() {
		s.Sums = append(s.Sums, costshare.Less(v.Lang, own))
	}
	s.Changed, s.Why = v.changedSince(s)
	if r.Next != uuid.Nil {
		next, err := costshare.Get(ctx, tx, r.Next)
		if err != nil {
			return nil, err
		}
		if later, ok := next.Of(own.Organisation); ok {
			s.After = later.ID
		}
	}
	if tx.MayFor(auth.CostRead, own.Organisation) {
		if s.Questions, err = costshare.QuestionsAbout(ctx, tx, own); err != nil {
			return nil, err
		}
	}
	s.MayAsk = v.Member() && tx.MayFor(auth.CostAsk, own.Organisation) && r.State == costshare.Adopted
	s.MayAnswer = v.Acts(auth.CostPrepare)
	return statementPage(v, s), nil
}

// sumRows are a sum's lines as the table shows them.
func sumRows(sum costshare.Sum) []sumRow {
	rows := make([]sumRow, len(sum.Lines))
	for i, l := range sum.Lines {
		rows[i] = sumRow{Label: l.Label, Op: l.Sign, N: l.Value}
		switch {
		case l.Result:
			rows[i].Class = "is"
		case l.Begins:
			rows[i].Class = "so"
		}
	}
	return rows
}

// changedSince is why the amount is another than for the period before.
func (v *visit) changedSince(s statementSeen) (rows []sumRow, why string) {
	if s.Before == nil {
		return nil, ""
	}
	last, ok := s.Before.Of(s.Own.Organisation)
	if !ok {
		return nil, v.T("cost.page.why.new", "name", s.Own.Name)
	}
	line := func(r costshare.Run, share int64) sumRow {
		label := v.T("cost.page.stage", "period", v.costPeriod(r.From, r.Until), "kind", v.kindOf(r.Brief))
		if p, _, _ := r.Shares(s.Own.Organisation); p.Population != nil {
			label = v.T("cost.page.why.line", "period", label, "day", LongDay(v.Lang, p.Population.Day), "n", Number(v.Lang, p.Population.Count))
		}
		return sumRow{Label: label, N: Money(v.Lang, share)}
	}
	now, then := line(s.Run, s.Own.Share), line(*s.Before, last.Share)
	then.Op = "−"
	rows = []sumRow{now, then, {Class: "is", Label: v.T("cost.page.why.difference"), Op: "=", N: v.signed(s.Own.Share - last.Share)}}
	return rows, v.whyChanged(s)
}

// whyChanged says in words what has moved since the period before.
func (v *visit) whyChanged(s statementSeen) string {
	said := ""
	add := func(sentence string) {
		if said != "" {
			said += " "
		}
		said += sentence
	}
	if s.Shared == s.Before.Shared {
		add(v.T("cost.page.why.same_cost"))
	} else {
		add(v.T("cost.page.why.cost", "now", Money(v.Lang, s.Shared), "then", Money(v.Lang, s.Before.Shared)))
	}
	if s.Input.Key.Key != s.Before.Input.Key.Key || s.Input.Key.Number != s.Before.Input.Key.Number {
		add(v.T("cost.page.why.key", "now", costshare.KeyName(v.Lang, s.Input.Key), "then", costshare.KeyName(v.Lang, s.Before.Input.Key)))
	}
	if a, b := len(s.Input.Payers), len(s.Before.Input.Payers); a != b {
		add(v.T("cost.page.why.payers", "now", a, "then", b))
	}
	was, _, _ := s.Before.Shares(s.Own.Organisation)
	before := runSeen{Run: *s.Before}
	if now := s.Row.Payer; now.Population != nil && was.Population != nil {
		add(v.T("cost.page.why.living", "name", s.Own.Name, "own", Difference(v.Lang, now.Population.Count-was.Population.Count), "all", Difference(v.Lang, s.living()-before.living())))
	}
	return said
}

func (d *Door) asking(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	if err := mustAct(tx, auth.CostAsk); err != nil {
		return sheet{}, err
	}
	id, err := id(v.r, "statement")
	if err != nil {
		return sheet{}, err
	}
	r, own, err := costshare.RunOf(ctx, tx, id)
	if err != nil {
		return sheet{}, err
	}
	if err := tx.RequireFor(auth.CostAsk, own.Organisation); err != nil {
		return sheet{}, err
	}
	s := v.costSheet("ask")
	s.Crumbs = append(s.Crumbs, crumb{v.statementName(r, own), string(v.statementAt(id))})
	s.Cancel, s.Kinds = string(v.statementAt(id)), map[string]string{"text": "area"}
	s.Leaves = []leaf{{"question", v.T("cost.page.question"), []string{v.T("cost.page.question_note")}, []string{"text"}}}
	s.Thing = costshare.Text{}
	return s, nil
}

// followed is where the statement that came after this one is.
func (s statementSeen) followed(v *visit) templ.SafeURL {
	if s.After != uuid.Nil {
		return v.statementAt(s.After)
	}
	return v.runAt(s.Next)
}

func (v *visit) statementName(r costshare.Run, s costshare.Statement) string {
	return v.T("cost.page.statement_name", "name", s.Name, "period", v.costPeriod(r.From, r.Until))
}

func askAbout(ctx context.Context, tx *pg.Tx, v *visit, _ int64, t costshare.Text) (string, error) {
	id, err := id(v.r, "statement")
	if err != nil {
		return "", err
	}
	_, err = costshare.Ask(ctx, tx, id, t)
	return string(v.statementAt(id, "?done=cost_asked")), err
}

func (d *Door) answeringPayer(ctx context.Context, tx *pg.Tx, v *visit) (sheet, error) {
	if err := mustAct(tx, auth.CostPrepare); err != nil {
		return sheet{}, err
	}
	id, err := id(v.r, "question")
	if err != nil {
		return sheet{}, err
	}
	q, err := costshare.GetQuestion(ctx, tx, id)
	if err != nil {
		return sheet{}, err
	}
	if q.Answer != "" {
		return sheet{}, fault.New(fault.Conflict, "cost_question.stands")
	}
	r, own, err := costshare.RunOf(ctx, tx, q.Statement)
	if err != nil {
		return sheet{}, err
	}
	s := v.costSheet("answer")
	s.Lead = q.Question
	s.Crumbs = append(s.Crumbs, crumb{v.statementName(r, own), string(v.statementAt(own.ID))})
	s.Cancel, s.Version, s.Kinds = string(v.statementAt(own.ID)), q.Version, map[string]string{"text": "area"}
	s.Leaves = []leaf{{"answer", v.T("cost.page.answer"), []string{v.T("cost.page.answer_note")}, []string{"text"}}}
	s.Thing = costshare.Text{}
	return s, nil
}

func answerTo(ctx context.Context, tx *pg.Tx, v *visit, version int64, t costshare.Text) (string, error) {
	id, err := id(v.r, "question")
	if err != nil {
		return "", err
	}
	q, err := costshare.Answer(ctx, tx, id, version, t)
	return string(v.statementAt(q.Statement, "?done=cost_answered")), err
}

// payerSeen is what a payer has been billed over the years.
type payerSeen struct {
	Name   string
	ID     uuid.UUID
	Bills  []costshare.Billed
	Paging paging
}

func (d *Door) payerCosts(ctx context.Context, tx *pg.Tx, v *visit) (templ.Component, error) {
	id, err := id(v.r, "organisation")
	if err != nil {
		return nil, err
	}
	o, err := organisation.Get(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	s := payerSeen{Name: o.Name, ID: id, Paging: paging{Page: v.pageAsked()}}
	s.Bills, s.Paging.Total, err = costshare.OfPayer(ctx, tx, id, perPage, s.Paging.Page)
	return payerPage(v, s), err
}

// why tells what a statement rests on that another year's may not.
func (v *visit) billWhy(b costshare.Billed) string {
	said := costshare.KeyName(v.Lang, b.Key)
	if p := b.Payer.Population; p != nil {
		said += ". " + v.T("cost.page.billed_living", "n", Number(v.Lang, p.Count), "day", LongDay(v.Lang, p.Day))
	}
	if b.Run.Reason != "" {
		said += ". " + b.Run.Reason
	}
	return said
}
