package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/agreement"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/day"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// InGoal names a goal in the path.
type InGoal struct {
	InCounty
	ID uuid.UUID `path:"goal" doc:"The goal's identifier. It stays when the goal is renamed or moved." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
}

// GoalOn asks for a goal as of a day.
type GoalOn struct {
	InGoal
	AsOf
}

// GoalPage asks for a page of something about a goal.
type GoalPage struct {
	InGoal
	Paging
}

// GoalPageOn is GoalPage as of a day.
type GoalPageOn struct {
	InGoal
	AsOf
	Paging
}

// GoalQuery asks for one level of an agreement's goals.
type GoalQuery struct {
	InAgreement
	AsOf
	Parent uuid.UUID `query:"parent" doc:"What lies directly under this goal. Default: directly under the agreement." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Paging
}

// Node is a goal in the tree as of a day.
type Node struct {
	agreement.Node
	Linked
}

// NodeList is a page of one level of the tree.
type NodeList struct {
	Goals []Node `json:"goals" doc:"What lies directly there on the day, in its order. Facets of different levels stand side by side; closed ones are told so."`
	Paged
}

// OfferedGoalQuery asks what a new plan may take up.
type OfferedGoalQuery struct {
	InAgreement
	AsOf
	Level string `query:"level" maxLength:"60" pattern:"^[a-z][a-z0-9-]*$" doc:"Only of this level." example:"area"`
	Paging
}

// Goal is a goal with what leads on from it.
type Goal struct {
	agreement.Goal
	Linked
}

// GoalList is a page of goals.
type GoalList struct {
	Goals []Goal `json:"goals" doc:"The goals, by level and order."`
	Paged
}

// GoalVersionList is a page of what a goal has said.
type GoalVersionList struct {
	Versions []Goal `json:"versions" doc:"All that it has said, first to last."`
	Paged
}

// GoalStatement is what a goal says, from when, and why.
type GoalStatement struct {
	agreement.Statement
	agreement.Effect
}

// NewGoal is a new goal.
type NewGoal struct {
	InAgreement
	Body GoalStatement
}

// NewGoalVersion lets a goal say something else.
type NewGoalVersion struct {
	InGoal
	Body GoalStatement
}

// GoalClosing is how a goal is closed.
type GoalClosing struct {
	InGoal
	Body agreement.Closing
}

// Warning is what was accepted and is still worth a look.
type Warning struct {
	Code    string     `json:"code" doc:"The stable name of the warning." example:"agreement.effective_before_decision"`
	Message string     `json:"message" doc:"What is worth a look, in the language asked for." example:"Upphörde 2023-03-20, beslutat 2023-03-30. Båda dagarna är kvar."`
	Args    fault.Args `json:"args,omitempty" doc:"The values that the message is made of."`
}

// ClosedGoal is a goal that has been closed.
type ClosedGoal struct {
	Goal     Goal        `json:"goal" doc:"The goal, as it stood last."`
	Closed   []uuid.UUID `json:"closedGoals" nullable:"false" doc:"The goals under it, closed with it." example:"[\"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20\"]"`
	Warnings []Warning   `json:"warnings" nullable:"false" doc:"What was accepted and is worth a look."`
	Linked
}

// ETag is the goal's.
func (c ClosedGoal) ETag() string { return c.Goal.ETag() }

// GoalLink is a goal's link to another.
type GoalLink struct {
	agreement.Link
	Linked
}

// GoalLinkList is a page of a goal's links.
type GoalLinkList struct {
	GoalLinks []GoalLink `json:"goalLinks" doc:"The links on the day, in both directions."`
	Paged
}

// GoalBond is a link to be made from a goal.
type GoalBond struct {
	Kind   string    `json:"kind" enum:"linked,carried-over" doc:"Across the tree, or to what the goal became in the agreement after." example:"linked"`
	To     uuid.UUID `json:"to" doc:"The goal it points to." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Since  day.Day   `json:"since,omitzero" doc:"The first day. Empty: from the beginning." example:"2019-01-01"`
	Source string    `json:"source,omitempty" maxLength:"300" doc:"Where it is known from." example:"lansstyrelsen.se/kronoberg om SÖK, 2023"`
}

// NewGoalLink links a goal to another.
type NewGoalLink struct {
	InGoal
	Body GoalBond
}

// GoalLinkEnding ends a link.
type GoalLinkEnding struct {
	InGoal
	Link uuid.UUID `path:"link" doc:"The link's identifier." example:"0193a6b2-4c1e-7d52-9a3f-5b8c7d6e1f20"`
	Body LastDay
}

// GoalNote is what is said about a goal afterwards.
type GoalNote struct {
	agreement.Remark
	Linked
}

// GoalNoteList is a page of what has been said about a goal.
type GoalNoteList struct {
	Notes []GoalNote `json:"notes" doc:"Corrections and notes, by day."`
	Paged
}

// NewGoalNote says something about a goal afterwards.
type NewGoalNote struct {
	InGoal
	Body agreement.Remark
}

// GoalLevel is how many goals of a level there are.
type GoalLevel struct {
	agreement.Level
	Unworded int `json:"unworded" doc:"How many are known by their number and not by their words." example:"7"`
	Linked
}

// GoalLevelList is a page of levels.
type GoalLevelList struct {
	Levels []GoalLevel `json:"levels" doc:"The levels, in the configuration's order."`
	Paged
}

// Tally is a number that is known where names or wordings are not.
type Tally struct {
	agreement.Tally
	Linked
}

// TallyList is a page of numbers.
type TallyList struct {
	Counts []Tally `json:"counts" doc:"All numbers that have been said."`
	Paged
}

// NewTally says how many there are.
type NewTally struct {
	InAgreement
	Body agreement.Tally
}

// agreementGoals are the goals of agreements.
func (d *Door) agreementGoals() {
	const in, one = "/counties/{county}/agreements/{agreement}", "/counties/{county}/goals/{goal}"

	list(d, Member, in+"/goals", "list-goals", func(ctx context.Context, tx *pg.Tx, in *GoalQuery) (l NodeList, total int, err error) {
		if err := agreement.Exists(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		if in.Parent != uuid.Nil {
			parent, err := agreement.GetGoal(ctx, tx, in.Parent, in.day(tx))
			if err == nil && parent.Instrument != in.ID {
				err = missing()
			}
			if err != nil {
				return l, 0, err
			}
		}
		ns, total, err := agreement.Tree(ctx, tx, in.ID, in.day(tx), in.Parent, in.Limit, in.Page)
		for _, n := range ns {
			it := Node{n, d.goal(tx, n.Goal).Linked}
			it.Links.to("children", http.MethodGet, d.instrument(tx, in.ID)+"/goals?parent="+n.ID.String()+"&on="+in.day(tx).String())
			l.Goals = append(l.Goals, it)
		}
		return l, total, err
	})
	create(d, in+"/goals", "create-goal", func(ctx context.Context, tx *pg.Tx, in *NewGoal) (Goal, error) {
		g, err := agreement.Place(ctx, tx, in.ID, in.Body.Statement, in.Body.Effect)
		return d.goal(tx, g), err
	})
	list(d, Member, in+"/offered-goals", "list-offered-goals", func(ctx context.Context, tx *pg.Tx, in *OfferedGoalQuery) (l GoalList, total int, err error) {
		gs, total, err := agreement.Offered(ctx, tx, in.ID, in.day(tx), in.Level, in.Limit, in.Page)
		for _, g := range gs {
			l.Goals = append(l.Goals, d.goal(tx, g))
		}
		return l, total, err
	})
	list(d, Member, in+"/levels", "list-goal-levels", func(ctx context.Context, tx *pg.Tx, in *AgreementPageOn) (l GoalLevelList, total int, err error) {
		if err := agreement.Exists(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		ls, err := agreement.Levels(ctx, tx, in.ID, in.day(tx))
		for _, it := range cut(ls, in.Paging) {
			l.Levels = append(l.Levels, GoalLevel{it, it.Unworded(), d.partOf(tx, in.ID)})
		}
		return l, len(ls), err
	})
	list(d, Member, in+"/counts", "list-known-counts", func(ctx context.Context, tx *pg.Tx, in *AgreementPage) (l TallyList, total int, err error) {
		if err := agreement.Exists(ctx, tx, in.ID); err != nil {
			return l, 0, err
		}
		ts, err := agreement.Tallies(ctx, tx, in.ID)
		for _, t := range cut(ts, in.Paging) {
			l.Counts = append(l.Counts, Tally{t, d.partOf(tx, in.ID)})
		}
		return l, len(ts), err
	})
	act(d, in+"/counts", "set-known-count", func(ctx context.Context, tx *pg.Tx, in *NewTally, version int64) (Agreement, error) {
		i, err := agreement.Count(ctx, tx, in.ID, version, in.Body)
		return d.agreement(tx, i), err
	})

	read(d, Member, one, "get-goal", func(ctx context.Context, tx *pg.Tx, in *GoalOn) (Goal, error) {
		g, err := agreement.GetGoal(ctx, tx, in.ID, in.day(tx))
		return d.goal(tx, g), err
	})
	list(d, Member, one+"/versions", "list-goal-versions", func(ctx context.Context, tx *pg.Tx, in *GoalPage) (l GoalVersionList, total int, err error) {
		gs, err := agreement.History(ctx, tx, in.ID)
		for _, g := range cut(gs, in.Paging) {
			l.Versions = append(l.Versions, d.goal(tx, g))
		}
		return l, len(gs), err
	})
	act(d, one+"/versions", "amend-goal", func(ctx context.Context, tx *pg.Tx, in *NewGoalVersion, version int64) (Goal, error) {
		g, err := agreement.Amend(ctx, tx, in.ID, version, in.Body.Statement, in.Body.Effect)
		return d.goal(tx, g), err
	})
	list(d, Member, one+"/history", "list-goal-history", func(ctx context.Context, tx *pg.Tx, in *GoalPage) (EntryList, int, error) {
		if _, err := agreement.GetGoal(ctx, tx, in.ID, tx.Today()); err != nil {
			return EntryList{}, 0, err
		}
		return history(ctx, tx, "goal", in.ID, in.Paging)
	})
	act(d, one+"/closing", "close-goal", func(ctx context.Context, tx *pg.Tx, in *GoalClosing, version int64) (ClosedGoal, error) {
		c, err := agreement.Close(ctx, tx, in.ID, version, in.Body)
		it := ClosedGoal{Goal: d.goal(tx, c.Goal), Closed: c.With, Warnings: []Warning{}}
		it.Linked = it.Goal.Linked
		for _, w := range c.Warnings {
			it.Warnings = append(it.Warnings, Warning{w.Key, from(ctx).lang.Fill(w.Key, w.Args), w.Args})
		}
		return it, err
	})
	list(d, Member, one+"/links", "list-goal-links", func(ctx context.Context, tx *pg.Tx, in *GoalPageOn) (l GoalLinkList, total int, err error) {
		if _, err := agreement.GetGoal(ctx, tx, in.ID, in.day(tx)); err != nil {
			return l, 0, err
		}
		ls, err := agreement.Links(ctx, tx, in.ID, in.day(tx))
		for _, link := range cut(ls, in.Paging) {
			it := GoalLink{link, Linked{Links{}}}
			it.Links.to("up", http.MethodGet, d.at("counties", tx.Tenant, "goals", in.ID.String()))
			it.Links.to("related", http.MethodGet, d.at("counties", tx.Tenant, "goals", link.Other.String()))
			if tx.May(auth.AgreementChange) {
				it.Links.to("ending", http.MethodPost, d.at("counties", tx.Tenant, "goals", in.ID.String(), "links", link.ID.String(), "ending"))
			}
			l.GoalLinks = append(l.GoalLinks, it)
		}
		return l, len(ls), err
	})
	do(d, one+"/links", "link-goals", func(ctx context.Context, tx *pg.Tx, in *NewGoalLink) error {
		if _, err := agreement.GetGoal(ctx, tx, in.ID, tx.Today()); err != nil {
			return err
		}
		return agreement.Connect(ctx, tx, agreement.Bond{Kind: in.Body.Kind, From: in.ID, To: in.Body.To, Since: in.Body.Since, Source: in.Body.Source})
	})
	do(d, one+"/links/{link}/ending", "unlink-goals", func(ctx context.Context, tx *pg.Tx, in *GoalLinkEnding) error {
		ls, err := agreement.Links(ctx, tx, in.ID, in.Body.From.Add(-1))
		for _, link := range ls {
			if link.ID == in.Link {
				return agreement.Disconnect(ctx, tx, in.Link, in.Body.From)
			}
		}
		return orMissing(err)
	})
	list(d, Member, one+"/notes", "list-goal-notes", func(ctx context.Context, tx *pg.Tx, in *GoalPage) (l GoalNoteList, total int, err error) {
		if _, err := agreement.GetGoal(ctx, tx, in.ID, tx.Today()); err != nil {
			return l, 0, err
		}
		ns, err := agreement.Notes(ctx, tx, in.ID)
		for _, n := range cut(ns, in.Paging) {
			it := GoalNote{n, Linked{Links{}}}
			it.Links.to("up", http.MethodGet, d.at("counties", tx.Tenant, "goals", in.ID.String()))
			l.Notes = append(l.Notes, it)
		}
		return l, len(ns), err
	})
	do(d, one+"/notes", "note-goal", func(ctx context.Context, tx *pg.Tx, in *NewGoalNote) error {
		return agreement.Note(ctx, tx, in.ID, in.Body)
	})
}

// goal adds what leads on, and what the caller may do.
func (d *Door) goal(tx *pg.Tx, g agreement.Goal) Goal {
	here := d.at("counties", tx.Tenant, "goals", g.ID.String())
	l := d.partOf(tx, g.Instrument).Links
	l.to("self", http.MethodGet, here)
	l.to("collection", http.MethodGet, d.instrument(tx, g.Instrument)+"/goals")
	for _, rel := range []string{"versions", "links", "notes", "history"} {
		l.to(rel, http.MethodGet, here+"/"+rel)
	}
	if g.Parent != uuid.Nil {
		l.to("parent", http.MethodGet, d.at("counties", tx.Tenant, "goals", g.Parent.String()))
	}
	if tx.May(auth.AgreementChange) {
		l.to("new-version", http.MethodPost, here+"/versions")
		if g.Ending != "closed" {
			l.to("closing", http.MethodPost, here+"/closing")
		}
	}
	return Goal{g, Linked{l}}
}
